"""One way to say a time of day, 7:01pm: by the filter of core, and nowhere by another pattern."""

import re
from pathlib import Path

HOUSE = Path(__file__).parents[1] / "alongside"
# Where a time is not said to a reader: boxes that are typed into, files for machines, and what comes or is kept.
APART = {
    "core/pages/filters.py": "the filter itself",
    "config/house/backups.py": "the name of a folder", "config/operations/queries.py": "the same, read again",
    "config/demo/world/rows.py": "a made-up reference", "facts/collect/rules.py": "the name of a snapshot",
    "facts/measures/snapshots.py": "the same, compared",
    "config/demo/world/deliveries.py": "a file as the force sends it",
    "support/arrivals/feeds/queries.py": "moments to be compared, said by feeds.rules.in_words",
    "support/arrivals/reconciliation/actions.py": "a note in a file for a spreadsheet",
    "support/arrivals/referrals/forms.py": "what a box begins with",
    "support/cases/appointments/forms.py": "the same, and what a box takes",
    "support/cases/casework/forms.py": "what a box begins with",
    "support/cases/groups/forms.py": "what a box takes",
    "support/cases/justice/actions.py": "a file for a spreadsheet",
    "support/cases/justice/forms.py": "what a box takes", "support/cases/waiting/forms.py": "what a box takes",
    "support/arrivals/sources/forms.py": "what a box takes",
    "support/desk/onthespot/presenters.py": "what boxes begin with",
}  # fmt: skip
PATTERN = re.compile(r"%-?[HI](?=[:%\".]|$)")
CLOCK = re.compile(r"(?<![\d:.-])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])")


def told() -> list[Path]:
    """Everything that says something to a reader."""
    found = [*HOUSE.rglob("*.html"), *HOUSE.rglob("*.py")]
    return [path for path in found if not {"tests", "migrations", "node_modules"} & set(path.parts)]


def test_no_page_and_no_word_writes_a_time_by_a_pattern_of_its_own() -> None:
    others = {str(path.relative_to(HOUSE)) for path in told() if PATTERN.search(path.read_text(encoding="utf-8"))}
    assert others == APART.keys()


def test_no_template_has_a_time_of_the_24_hour_clock_but_as_a_hint_for_a_box() -> None:
    hints = [
        f"{path.name}: {line.strip()[:80]}"
        for path in told() if path.suffix == ".html"
        for line in path.read_text(encoding="utf-8").splitlines() if CLOCK.search(line) and "hint=" not in line
    ]  # fmt: skip
    assert hints == []
