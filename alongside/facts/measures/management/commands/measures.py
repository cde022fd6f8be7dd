"""`alongside measures`: what is measured, and a measure's figures for a quarter."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alongside.core.errors import RuleBroken
from alongside.core.periods import Quarter
from alongside.facts.measures import presenters, queries
from alongside.facts.measures.disclosure import Audience
from alongside.facts.measures.models import Dimension
from alongside.facts.measures.rules import Figure, value_words


class Command(BaseCommand):
    """list: the measures. show: a measure's figures, as the office sees them or a provider's own."""

    help = "List the measures, or show one"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["list", "show"])
        parser.add_argument("name", nargs="?")
        parser.add_argument("--quarter", help="like 2026Q2; the snapshot's own if left out")
        parser.add_argument("--by", default="", help=f"up to two of {', '.join(Dimension)}, with a comma")
        parser.add_argument("--provider", help="a provider's code, for its own exact figures")
        parser.add_argument("--area", help="a police area's slug")
        parser.add_argument("--snapshot", help="a snapshot's code; the latest if left out")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = self._list(options) if options["what"] == "list" else self._show(options)
        except RuleBroken as broken:
            raise CommandError(broken.message) from broken
        self.stdout.write("\n".join(lines))

    def _list(self, options: dict[str, Any]) -> list[str]:
        measures = queries.catalogue()
        if options["json"]:
            return [json.dumps([presenters.measure_as_json(measure) for measure in measures], indent=1)]
        width = max(len(measure.key) for measure in measures)
        return [f"{measure.key:<{width}}  {measure.title} ({measure.unit})" for measure in measures]

    def _show(self, options: dict[str, Any]) -> list[str]:
        measure = queries.measure(options["name"] or "")
        held = queries.snapshot(options["snapshot"])
        quarter = Quarter.parse(options["quarter"]) if options["quarter"] else Quarter.containing(held.as_at)
        figures = queries.figures(
            measure.key, quarter=quarter, by=dimensions(options["by"]), provider=options["provider"],
            area=options["area"], snapshot_code=held.code,
            audience=Audience.PROVIDER if options["provider"] else Audience.OFFICE,
        )  # fmt: skip
        if options["json"]:
            return [json.dumps([presenters.figure_as_json(figure) for figure in figures], indent=1)]
        return [measure.title, measure.definition, "", *(self._line(figure) for figure in figures)]

    def _line(self, figure: Figure) -> str:
        where = ", ".join(code or "none" for _, code in figure.group) or "all"
        about = f"n {figure.n}" if figure.n is not None else ""
        marks = "protected" if figure.protected else "exact"
        return f"{where:<40} {value_words(figure):>12}  {about:<10} {marks}  {figure.reference}"


def dimensions(text: str) -> list[Dimension]:
    """The dimensions named; anything else is refused."""
    try:
        return [Dimension(word.strip()) for word in text.split(",") if word.strip()]
    except ValueError as error:
        raise RuleBroken(f"Figures can be broken down by {', '.join(Dimension)}, and nothing else.") from error
