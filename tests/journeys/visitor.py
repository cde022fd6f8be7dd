"""A person at a browser. Every page that they reach is looked at: axe, its width, its console, where it asks."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, Request, Response, Route, expect

PHONE, DESKTOP = (390, 844), (1280, 900)
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
VIOLATIONS = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"
OVERFLOW = "document.scrollingElement.scrollWidth - innerWidth"
# Set to a folder to keep a picture of every page at both widths.
PICTURES = os.environ.get("JOURNEY_PICTURES")
# A journey fails when something never comes, not when a busy machine is slow with it.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


class Visitor:
    """One person's browser window. Verbs are what a person does; each ends with a look at the page it led to."""

    def __init__(self, browser: Browser, origin: str, size: tuple[int, int], name: str, *, script: bool = True) -> None:
        self.origin, self.name, self.size, self.script = origin, name, size, script
        self.faults: list[str] = []
        self.left: list[str] = []
        self.pictures = 0
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, base_url=origin, locale="en-GB",
            timezone_id="Europe/London", reduced_motion="reduce", java_script_enabled=script,
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE)
        self.context.route(re.compile(rf"^(?!{re.escape(origin)}/|data:|blob:|about:)"), self._elsewhere)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.status = 200
        self.page.on("response", self._answered)

    def _elsewhere(self, route: Route, request: Request) -> None:
        """Nothing leaves this machine; that a page asked is remembered."""
        self.left.append(request.url)
        route.fulfill(status=200, content_type="text/html", body="<!doctype html><title>Elsewhere</title>")

    def _said(self, message: ConsoleMessage) -> None:
        """Chromium reports an answer of 4xx as an error of the console; the journeys check those themselves."""
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(f"console at {self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        """The last status of a page itself, of whatever it was made from."""
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self.status = response.status

    # What people do.

    def open(self, path: str, status: int = 200) -> None:
        """Types an address; twice where the browser was still ending a download, or a page just loaded itself again,
        which drops the first."""
        answer = self._typed(path) or self._typed(path)
        assert answer is not None and answer.status == status, f"{path}: {answer and answer.status}, not {status}"
        self.look()

    def _typed(self, path: str) -> Response | None:
        try:
            return self.page.goto(path)
        except Error as error:
            if "interrupted by another navigation" not in error.message:
                raise
            return None

    def follow(self, words: str, *, within: str = "body", exact: bool = True) -> None:
        """Follows a link by its words, be it drawn as a button or not."""
        said = re.compile(rf"^\s*{re.escape(words)}\s*$" if exact else re.escape(words))
        links = self.page.locator(within).locator("a").filter(has_text=said)
        if not links.filter(visible=True).count() and (behind := self._behind(within, said)):
            self._open(behind)
        self._go(links.filter(visible=True).first)

    def _open(self, summary: Locator) -> None:
        summary.click()

    def _behind(self, within: str, said: re.Pattern[str]) -> Locator | None:
        """The word *More*, where the link stands behind it."""
        more = self.page.locator(within).locator("details.app-more:not([open])")
        found = more.filter(has=self.page.locator("a", has_text=said)).locator("summary")
        return found.first if found.count() else None

    def follow_in(self, part: Locator) -> None:
        """Follows the first link in a part of the page."""
        self._go(part.locator("a").first)

    def press(self, words: str, *, refused: bool = False) -> None:
        """Presses a button by its words. What was filled in is taken, unless it is to be refused."""
        self._go(self.page.get_by_role("button", name=words, exact=True).first)
        said = self.page.locator(".govuk-error-summary").all_inner_texts()
        assert bool(said) == refused, f"{self.path}: {said}"

    @contextmanager
    def going(self) -> Iterator[None]:
        """What is done within leads to another page, which is then whole. A change of the address alone is none: a page
        with errors makes one as it is left (`forgetPost`), and Playwright's wait for a navigation would end with it."""
        with self.page.expect_event("load"):
            yield
        assert self.status < 400, f"{self.path}: {self.status}"
        self.look()

    def _go(self, target: Locator) -> None:
        with self.going():
            target.click()

    def choose(self, **answers: str | list[str]) -> None:
        """Ticks radio buttons and boxes, by the field's name and the answer's value."""
        for name, values in answers.items():
            for value in [values] if isinstance(values, str) else values:
                self.page.locator(f'input[name="{name}"][value="{value}"]').check()

    def fill(self, **texts: str) -> None:
        """Types into boxes, by the field's name."""
        for name, text in texts.items():
            self.page.locator(f'[name="{name}"]').fill(text)

    def select(self, **answers: str) -> None:
        for name, words in answers.items():
            self.page.locator(f'select[name="{name}"]').select_option(label=words)

    def sees(self, *words: str) -> None:
        """The page's main part says this."""
        for one in words:
            expect(self.page.locator("main")).to_contain_text(one, ignore_case=True)

    def does_not_see(self, *words: str) -> None:
        for one in words:
            expect(self.page.locator("body")).not_to_contain_text(one, ignore_case=True)

    def text(self, selector: str = "main") -> str:
        return self.page.locator(selector).first.inner_text()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.origin)

    # What is looked at.

    def look(self) -> None:
        """The page as it stands: no violation by axe, which is a script itself, and nothing wider than the screen."""
        if self.script:
            self.page.evaluate(AXE)
        self._inspect()
        if PICTURES:
            self._picture(Path(PICTURES))

    def look_at_both_widths(self) -> None:
        """The same page on the other kind of screen."""
        mine = self.size
        for self.size in (DESKTOP if mine == PHONE else PHONE, mine):
            self.page.set_viewport_size({"width": self.size[0], "height": self.size[1]})
            if self.size != mine:
                self._inspect()

    def _inspect(self) -> None:
        for found in self.page.evaluate(VIOLATIONS) if self.script else ():
            self.faults.append(_words(self.path, self.size[0], found))
        if (wide := self.page.evaluate(OVERFLOW)) > 0:
            self.faults.append(f"{self.path} at {self.size[0]}: {wide} pixels too wide")

    def _picture(self, folder: Path) -> None:
        self.pictures += 1
        where = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "id", self.path).strip("/").replace("/", "_").replace("?", "_")
        for width, height in (PHONE, DESKTOP):
            self.page.set_viewport_size({"width": width, "height": height})
            path = folder / f"{self.name}-{self.pictures:02}-{where[:60] or 'front'}-{width}.png"
            self.page.screenshot(path=path, full_page=True)
        self.page.set_viewport_size({"width": self.size[0], "height": self.size[1]})

    def close(self) -> None:
        self.context.close()


def _words(path: str, width: int, found: dict[str, Any]) -> str:
    nodes = "; ".join(f"{node['html'][:160]} ({node['failureSummary'][:200]})" for node in found["nodes"][:3])
    return f"{path} at {width}: axe {found['id']}: {nodes}"
