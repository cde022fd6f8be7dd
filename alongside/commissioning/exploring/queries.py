"""Reads of exploring: the figures of a choice, what a control chart makes of them, councils' outlines, saved views."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django.db.models import QuerySet

from alongside.commissioning.exploring import lifecycle, rules
from alongside.commissioning.exploring.choices import Chart, Choice, Compare, offered
from alongside.commissioning.exploring.models import SavedView
from alongside.commissioning.exploring.rules import Bounds, Signal
from alongside.commissioning.quarters import queries as quarters
from alongside.commissioning.quarters.queries import Reader
from alongside.core.access.actor import Actor
from alongside.core.periods import Quarter
from alongside.facts.measures import queries as measures
from alongside.facts.measures.models import Dimension, Manifest
from alongside.facts.measures.rules import Audience, Figure, Kind, Measure
from alongside.foundation.local.atlas import queries as atlas
from alongside.foundation.local.atlas.rules import Shaded
from alongside.foundation.office.organisations.models import Council, Organisation

Group = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Spot:
    """A series in one quarter. No `figure`: nobody was in the group, or the rules do not tell it. `before`: the quarter
    or the year before, by the same definition. `broken`: the definition is another than in the quarter before."""

    quarter: Quarter
    measure: Measure
    figure: Figure | None
    before: Figure | None
    broken: bool
    running: bool


@dataclass(frozen=True)
class Series:
    """A measure of one group, or of the whole, over quarters."""

    measure: Measure
    group: Group
    words: str
    spots: tuple[Spot, ...]

    @property
    def size(self) -> int:
        """By how many it counts in its last quarter."""
        figure = self.spots[-1].figure if self.spots else None
        return (figure.n or 0) if figure else 0

    @property
    def last(self) -> Spot:
        return self.spots[-1]


@dataclass(frozen=True)
class Stretch:
    """Quarters of one definition on a control chart; without `bounds` they are too few to say what is expected."""

    spots: tuple[Spot, ...]
    bounds: tuple[Bounds, ...]
    signals: tuple[Signal, ...]


@dataclass(frozen=True)
class Findings:
    """What a choice has found. `groups`: every group there is, to choose among; `whole`: the same without a breakdown,
    where figures are set beside it."""

    choice: Choice
    reader: Reader
    manifest: Manifest
    series: tuple[Series, ...]
    groups: tuple[tuple[str, str], ...]
    whole: tuple[Series, ...]
    control: tuple[Stretch, ...]

    @property
    def breaks(self) -> tuple[tuple[Measure, Quarter], ...]:
        """In which quarters the definition of which measure changed."""
        there = [*self.series, *self.whole]
        found = {(each.measure.name, spot.quarter): each for each in there for spot in each.spots if spot.broken}
        return tuple((each.measure, quarter) for (_, quarter), each in sorted(found.items(), key=lambda one: one[0]))


def find(reader: Reader, manifest: Manifest, choice: Choice) -> Findings:
    """The figures of a choice, as this reader may see them."""
    found = tuple(each for one in choice.measures for each in _series(reader, manifest, choice, one, choice.by))
    groups = _groups(found, manifest, choice)
    chosen = tuple(each for each in found if not choice.groups or each.group[0][1] in choice.groups)
    beside = choice.measures if choice.compare == Compare.WHOLE and choice.by else ()
    whole = tuple(each for one in beside for each in _series(reader, manifest, choice, one, ()))
    control = stretches(chosen[0]) if choice.chart == Chart.CONTROL and chosen else ()
    return Findings(choice, reader, manifest, chosen, groups, whole, control)


def figures_of(found: Findings) -> Iterator[Figure]:
    """Every figure of what was found, those that others are set beside too."""
    for series in (*found.series, *found.whole):
        for spot in series.spots:
            yield from (each for each in (spot.figure, spot.before) if each)


def as_published(found: Findings, may: Mapping[str, Figure]) -> Findings:
    """What was found with each figure as it may leave, by its reference; one that stays is not shown."""

    def told(figure: Figure | None) -> Figure | None:
        if figure is None or figure.reference in may:
            return may[figure.reference] if figure else None
        return replace(
            figure, withheld=True, parts={}, value=None, numerator=None, denominator=None, n=None, coverage=None,
            low=None, high=None,
        )  # fmt: skip

    def series(one: Series) -> Series:
        spots = (replace(spot, figure=told(spot.figure), before=told(spot.before)) for spot in one.spots)
        return replace(one, spots=tuple(spots))

    shown = tuple(map(series, found.series))
    control = stretches(shown[0]) if found.control else ()
    return replace(found, series=shown, whole=tuple(map(series, found.whole)), control=control)


def _groups(found: Sequence[Series], manifest: Manifest, choice: Choice) -> tuple[tuple[str, str], ...]:
    codes = {each.group[0][1] for each in found if each.group}
    named = [(code, manifest.words(choice.by[0], code)) for code in codes]
    return tuple(sorted(named, key=lambda pair: (pair[0] == "", pair[1].casefold())))


def _series(
    reader: Reader, manifest: Manifest, choice: Choice, measure: Measure, by: tuple[Dimension, ...]
) -> tuple[Series, ...]:
    """A series for each group that has a figure in any of these quarters, the largest first."""
    told = [(quarter, version) for quarter in choice.quarters
            if _is_told(version := _version(choice, measure, quarter), manifest, by)]  # fmt: skip
    now = {quarter: _figures(reader, manifest, version, quarter, by) for quarter, version in told}
    before = {quarter: _before(reader, manifest, choice, version, quarter, by) for quarter, version in told}
    made = [
        Series(
            measure, group, _words(manifest, choice, measure, group),
            tuple(_spots(told, now, before, group, manifest)),
        )
        for group in dict.fromkeys(group for found in now.values() for group in found)
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda each: (-each.size, each.words.casefold())))


def _version(choice: Choice, measure: Measure, quarter: Quarter) -> Measure:
    return measure if choice.newest else measures.of_quarter(measure.name, quarter)


def _is_told(version: Measure, manifest: Manifest, by: Sequence[Dimension]) -> bool:
    """Whether the version of a quarter knows the breakdown, and the snapshot what it counts."""
    return set(by) <= set(version.dimensions) and measures.is_told(version, manifest, by)


def _figures(
    reader: Reader, manifest: Manifest, version: Measure, quarter: Quarter, by: tuple[Dimension, ...]
) -> dict[Group, Figure]:
    return {each.group: each for each in quarters.figures(reader, manifest, version, quarter, by)}


def _before(
    reader: Reader, manifest: Manifest, choice: Choice, version: Measure, quarter: Quarter, by: tuple[Dimension, ...]
) -> dict[Group, Figure]:
    """The figures beside which those of a quarter are set, of quarters whose figures open by reference."""
    earlier = {Compare.PREVIOUS: quarter.previous, Compare.YEAR: quarter.year_ago}.get(choice.compare)
    if earlier is None or earlier not in offered(manifest):
        return {}
    return _figures(reader, manifest, version, earlier, by)


def _words(manifest: Manifest, choice: Choice, measure: Measure, group: Group) -> str:
    named = ", ".join(manifest.words(name, code) for name, code in group)
    if not named:
        return measure.title
    return f"{measure.title}: {named}" if len(choice.measures) > 1 else named


def _spots(
    told: Sequence[tuple[Quarter, Measure]], now: dict[Quarter, dict[Group, Figure]],
    before: dict[Quarter, dict[Group, Figure]], group: Group, manifest: Manifest,
) -> Iterator[Spot]:  # fmt: skip
    running, previous = Quarter.containing(manifest.as_at), None
    for quarter, version in told:
        yield Spot(
            quarter, version, now[quarter].get(group), before[quarter].get(group),
            previous not in (None, version.version), quarter == running,
        )  # fmt: skip
        previous = version.version


def value(spot: Spot, width: int) -> float | None:
    """A spot's number as it is drawn. A group of one thing that is not there in a quarter counts as nobody; of two
    things at once it may as well be fewer than eight, so that there is none."""
    if spot.figure is not None:
        return spot.figure.value
    return 0 if spot.measure.kind == Kind.COUNT and width < 2 else None


def stretches(series: Series) -> tuple[Stretch, ...]:
    """The quarters of a series by the definition of each, with what is expected of them and what they tell.

    Quarters before anything was counted, the one that still runs, and those without a rate are left out.
    """
    width = len(series.group)
    whole = [spot for spot in series.spots if not spot.running and value(spot, width) is not None]
    begun = next((place for place, spot in enumerate(whole) if spot.figure and spot.figure.n), len(whole))
    parts = groupby(whole[begun:], key=lambda spot: spot.measure.version)
    return tuple(_stretch(tuple(spots), width) for _, spots in parts)


def _stretch(spots: tuple[Spot, ...], width: int) -> Stretch:
    values = [value(spot, width) or 0 for spot in spots]
    shares = [spot.figure for spot in spots if spot.figure and spot.figure.kind == Kind.SHARE]
    bounds = (
        rules.proportions([each.numerator or 0 for each in shares], [each.denominator or 0 for each in shares])
        if shares
        else rules.individuals(values)
    )
    return Stretch(spots, bounds, rules.signals(values, bounds))


def outlines(reader: Reader) -> Shaded | None:
    """The councils of the reader's police area, to be shaded; None where there is nothing to draw."""
    area = reader.area or Organisation.objects.filter(code=reader.provider).values_list("force_id", flat=True).first()
    councils = Council.objects.current().filter(force=area).order_by("name").values_list("code", "name")
    return atlas.shaded(list(councils), {})


def saved(rows: QuerySet[SavedView], words: str) -> QuerySet[SavedView]:
    """Saved views that are not deleted, by name; with words, those whose name holds them."""
    return rows.filter(state=lifecycle.SAVED, name__icontains=words.strip()).order_by("name", "saved_at")


def deleted(rows: QuerySet[SavedView], by: Actor) -> SavedView | None:
    """What this person deleted last and may still take back."""
    return rows.filter(state=lifecycle.DELETED, owner__in=[by.user_id]).order_by("-deleted_at").first()


def is_own(reader: Reader) -> bool:
    """Whether the figures are a provider's own, and exact."""
    return reader.audience == Audience.PROVIDER
