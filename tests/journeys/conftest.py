"""One served application and one Chromium for the journeys of a process; a window for each person."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.served import Server, Site
from tests.journeys.visitor import DESKTOP, Visitor

# Nothing of Chromium's own may call out, and no name is looked up.
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-quic", "--disable-default-apps",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome")
Person = Callable[..., Visitor]


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    told: dict[str, Any] = settings.DATABASES["default"]
    name = f"{told['TEST']['NAME']}_journeys{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    served = Site(Server.of(told), name, tmp_path_factory.mktemp("served"))
    try:
        served.start()
        yield served
    finally:
        served.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, NAMES)), None)
    assert program, "The journeys need Chromium: run scripts/browser."
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def person(site: Site, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Opens windows; at the end no page of any of them may have had a fault, or asked anything of another site."""
    windows: list[Visitor] = []

    def open_window(
        persona: str = "", size: tuple[int, int] = DESKTOP, *, script: bool = True, kind: type[Visitor] = Visitor
    ) -> Visitor:  # fmt: skip
        name = f"{request.node.originalname}-{persona or 'anyone'}"
        visitor = kind(browser, site.origin, size, name, script=script)
        windows.append(visitor)
        if persona:
            sign_in(visitor, persona)
        return visitor

    yield open_window
    for visitor in windows:
        visitor.close()
    assert [fault for visitor in windows for fault in visitor.faults] == []
    assert [url for visitor in windows for url in visitor.left] == []


def sign_in(visitor: Visitor, persona: str) -> None:
    """The demonstration's one click."""
    visitor.page.goto("/demo/")
    with visitor.going():
        visitor.page.locator(f'form[action="/demo/{persona}/"] button').click()
