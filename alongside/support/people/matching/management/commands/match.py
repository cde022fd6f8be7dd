"""`alongside match`: train the model, describe and link records, weigh two of them, and report."""

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.rows.realms import Realm, inside
from alongside.support.people.matching import actions, queries, training

TWO = 2


class Command(BaseCommand):
    """train: describe what is new and train on all of it. run: link everything. score: weigh two records. report."""

    help = "Train the matching model, link records, weigh two of them, or report"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["train", "run", "score", "report"])
        parser.add_argument("records", nargs="*", type=UUID, help="score: the ids of two records")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic(), inside(Realm.WORKER):
                told = getattr(self, f"_{options['what']}")(options)
        except RuleBroken as broken:
            raise CommandError(broken.message) from broken
        self.stdout.write(json.dumps(told, indent=1) if options["json"] else _lines(told))

    def _train(self, options: dict[str, Any]) -> dict[str, Any]:
        now = timezone.now()
        described = actions.describe_new(by=SYSTEM_ACTOR, at=now, whole=True)
        rows = (row for hub in queries.hubs() for row in queries.everybody(hub))
        kept = actions.keep_model(training.train(rows), by=SYSTEM_ACTOR, at=now, made_with=training.made_with())
        return {"described": described, "model": kept.number, "records": kept.records, "made_with": kept.made_with}

    def _run(self, options: dict[str, Any]) -> dict[str, Any]:
        pairs = actions.link_all(by=SYSTEM_ACTOR, at=timezone.now())
        return {"model": queries.number_in_use(), "pairs": pairs}

    def _score(self, options: dict[str, Any]) -> dict[str, Any]:
        if len(options["records"]) != TWO:
            raise RuleBroken("Give the ids of two records.")
        weighed = queries.weigh_two(*options["records"])
        return {
            "weight": round(weighed.weight, 3), "apart": weighed.apart, "start": round(weighed.start, 3),
            "terms": [{"field": one.field, "says": one.words, "weight": round(one.weight, 3)} for one in weighed.terms],
        }  # fmt: skip

    def _report(self, options: dict[str, Any]) -> dict[str, Any]:
        return queries.report()


def _lines(told: dict[str, Any]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in told.items())
