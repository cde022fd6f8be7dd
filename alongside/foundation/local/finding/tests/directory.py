"""The synthetic directory by which the search is measured, and its queries with what should come of them."""

from functools import cache
from importlib import resources
from typing import Any

import yaml
from django.utils import timezone

from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.parts import Post
from alongside.foundation.office.organisations.models import Organisation

BIRMINGHAM = "E08000025"
SHOWN = 3
SAME = ("name", "summary", "crime_types", "needs", "specialisms", "sexes", "made_for", "modes", "access", "languages")


@cache
def relevance() -> dict[str, Any]:
    text = (resources.files("alongside.foundation.local.finding.tests") / "data" / "relevance.yaml").read_text("utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def fill(provider: Organisation, rows: list[dict[str, Any]] | None = None) -> None:
    """Writes the directory, in the order of the rows given."""
    Service.objects.bulk_create(service(provider, row) for row in rows or relevance()["services"])


def service(provider: Organisation, row: dict[str, Any]) -> Service:
    first, last = row.get("ages", (None, None))
    posts = [Post(one["title"], languages=tuple(one.get("languages", ()))).kept() for one in row.get("posts", [])]
    told = {name: row[name] for name in SAME if name in row}
    return Service(
        provider=provider, provider_name=row["by"], code=row["code"], age_from=first, age_to=last, posts=posts,
        for_business=row.get("business", False), updated_at=timezone.now(), checked_on=timezone.localdate(), **told,
    )  # fmt: skip


def recall(found: list[str], wants: list[str]) -> float:
    """How much of what should come in the first three did."""
    return len(set(found[:SHOWN]) & set(wants)) / min(SHOWN, len(wants))
