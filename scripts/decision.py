"""Starts a decision record in docs/decisions/ with the next number."""

import re
import sys
from pathlib import Path

DECISIONS = Path(__file__).resolve().parents[1] / "docs" / "decisions"
TEMPLATE = """# {number:04d}. {title}

## Context

What forces the choice, and what was measured or read.

## Decision

We ...

## Consequences

What becomes easy, what becomes hard, and what would make us look at this again.
"""


def start(title: str) -> Path:
    """Writes the new record and returns where it is."""
    DECISIONS.mkdir(parents=True, exist_ok=True)
    taken = [int(path.name[:4]) for path in DECISIONS.glob("[0-9][0-9][0-9][0-9]-*.md")]
    number = max(taken, default=0) + 1
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    path = DECISIONS / f"{number:04d}-{slug}.md"
    path.write_text(TEMPLATE.format(number=number, title=title), encoding="utf-8")
    return path


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        sys.exit('Say what was decided: make decision title="Names are not encrypted"')
    print(start(sys.argv[1].strip()))
