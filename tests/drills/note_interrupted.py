"""The drill: a note is typed and interrupted, again and again, and no key is lost.

Run `python -m tests.drills.note_interrupted --rounds 200`. In each round somebody types, in the middle of it the server
is killed, the network is cut or their session ends, and they type on; then whatever it was is put right, the page is
opened again, and holds every letter. Ends with an error if one is missing.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import django
from playwright.sync_api import Page, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.config.settings_tests")
django.setup()

from django.conf import settings  # noqa: E402

from tests.journeys.conftest import NAMES, QUIET  # noqa: E402
from tests.journeys.served import Server, Site  # noqa: E402

LETTERS = "abcdefghijklmnopqrstuvwxyz     .,\n"
WAYS = ("server killed", "network cut", "session ended")
REACTION = 400  # milliseconds between the last key and whatever comes next
BOX = "textarea[name=words]"
# Save was pressed without a connection; it is being sent, or was, and the page is about to be read afresh
WAITS = ".app-unsent:has-text('Not sent yet'), form[inert]"
PATIENCE = 100  # tenths of a second after which what is on the page is what there is


def sign_in(page: Page, origin: str) -> None:
    page.goto(f"{origin}/demo/")
    page.locator("form[action='/demo/caseworker/'] button").click()
    page.wait_for_load_state()


def type_on(page: Page, chance: random.Random) -> str:
    """Some keys, as fast as people type or faster; what was typed."""
    words = "".join(chance.choice(LETTERS) for _ in range(chance.randint(1, 12)))
    page.locator(BOX).press_sequentially(words, delay=chance.randint(0, 40))
    return words


def interrupt(way: str, page: Page, site: Site) -> None:
    if way == "server killed":
        site.kill()
    elif way == "network cut":
        page.context.set_offline(True)
    else:
        page.context.clear_cookies()


def put_right(way: str, page: Page, site: Site) -> None:
    """What the person does next: waits for the connection, or signs in again as themselves."""
    page.wait_for_timeout(REACTION)
    if way == "server killed":
        site.serve()
    elif way == "network cut":
        page.context.set_offline(False)
    else:
        sign_in(page, site.origin)


def one_round(page: Page, site: Site, note: str, before: str, way: str, chance: random.Random) -> tuple[str, str]:
    """What was typed in all, and what the page holds after it was opened again."""
    page.locator(BOX).press("ControlOrMeta+End")
    typed = before + type_on(page, chance)
    if chance.random() < 0.5:
        page.wait_for_timeout(chance.randint(0, 2500))  # sometimes the server has kept a part of it
    interrupt(way, page, site)
    typed += type_on(page, chance)
    if chance.random() < 0.3:
        page.get_by_role("button", name="Save").click(no_wait_after=True)
    put_right(way, page, site)
    page.goto(note)
    box = page.locator(BOX)
    for _ in range(PATIENCE):
        if box.input_value() == typed and not page.locator(WAITS).count():
            break
        page.wait_for_timeout(100)
        if not box.input_value() and saved(page, note, typed):
            return typed, typed
    held = box.input_value()
    return typed, held if held or not saved(page, note, typed) else typed


def saved(page: Page, note: str, typed: str) -> bool:
    """Whether it went into the record: Save had been pressed, and the way was free again before the page was left."""
    page.goto(note.removesuffix("add/"))
    found = page.locator("main article .app-written").first
    whole = found.count() and " ".join(found.inner_text().split()) == " ".join(typed.split())
    page.goto(note)
    return bool(whole)


def drill(site: Site, rounds: int, seed: int) -> list[str]:
    """What is wrong; empty if nothing is."""
    chance, faults, ways = random.Random(seed), [], Counter[str]()
    program = next(str(path) for path in map(Path, (f"/usr/bin/{name}" for name in NAMES)) if path.exists())
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=program, args=QUIET).new_context().new_page()
        sign_in(page, site.origin)
        page.goto(f"{site.origin}/casework/cases/?whose=")
        case = page.locator("main table a[href*='/casework/cases/']").first.get_attribute("href")
        note, typed = f"{site.origin}{case}notes/add/", ""
        page.goto(note)
        for number in range(1, rounds + 1):
            way = chance.choice(WAYS)
            ways[way] += 1
            typed, held = one_round(page, site, note, typed, way, chance)
            if held != typed:
                faults.append(f"round {number}, {way}: {len(typed)} typed, {len(held)} held")
                print(faults[-1], repr(typed[-40:]), repr(held[-40:]), flush=True)
            typed = page.locator(BOX).input_value()
            if number % 20 == 0:
                print(f"{number} rounds, {len(typed)} letters, {len(faults)} faults", flush=True)
    print(", ".join(f"{way}: {number}" for way, number in sorted(ways.items())))
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told: dict[str, Any] = settings.DATABASES["default"]
        site = Site(Server.of(told), "alongside_drill", Path(folder))
        try:
            site.start()
            began = time.monotonic()
            faults = drill(site, asked.rounds, asked.seed)
            print(f"{asked.rounds} interruptions in {time.monotonic() - began:.0f} s: {len(faults)} with a letter lost")
        finally:
            site.stop()
    print(*faults, sep="\n")
    return len(faults)


if __name__ == "__main__":
    sys.exit(main())
