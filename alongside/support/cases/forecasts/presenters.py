"""How long people would wait, in words that promise nothing: a range, what it comes from, and what would change it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.pages.beside import Card
from alongside.core.pages.filters import date_words, plural
from alongside.support.cases.forecasts import queries, rules
from alongside.support.cases.forecasts.models import Forecast
from alongside.support.cases.forecasts.rules import Assumptions
from alongside.support.cases.waiting.models import WaitingList

LIKELY, POSSIBLE = 50, 10  # of a hundred plays
HUNDRED = 100
NOTES = (
    "People come as they came lately, and each is helped for as long as those before. If more come, or somebody is off "
    "sick, it takes longer.",
    "Places are given in the order of the list, so that somebody with more need may be before a new person.",
    "Whoever is paused counts as if they were ready.",
    "“A new person” is somebody with the usual points who joins today and does not give up.",
)


@dataclass(frozen=True)
class Told:
    """What a reckoning says: for how long, from what, and what one more worker would change."""

    forecast: Forecast
    wait: str
    based: str
    columns: tuple[dict[str, Any], ...]
    assumed: tuple[dict[str, Any], ...]
    notes: tuple[str, ...] = NOTES


def told(forecast: Forecast) -> Told:
    """A reckoning that is done."""
    one = queries.assumed_of(forecast)
    sides = (("As it is" if not forecast.own else "As assumed", one, forecast.outcome),
             ("With one more worker", rules.one_more(one), forecast.more))  # fmt: skip
    as_at = london_date(forecast.asked_at)
    return Told(
        forecast=forecast, wait=rules.range_words(forecast.outcome["wait"]), based=based(forecast),
        columns=tuple(_column(title, assumed, said, as_at) for title, assumed, said in sides),
        assumed=tuple(assumptions(forecast, one)),
    )  # fmt: skip


def based(forecast: Forecast) -> str:
    """What a range comes from."""
    facts, as_at = forecast.facts, date_words(forecast.asked_at)
    if forecast.own:
        here = plural(len(facts["waiting"]), "person", "people")
        return f"From what you assume, and the {here} on the list, as at {as_at}."
    weeks = round(facts["weeks"])
    return (
        f"Based on {plural(facts['started'], 'person', 'people')} who started in the last {weeks} weeks, as at {as_at}."
    )


def _column(title: str, one: Assumptions, said: Mapping[str, Any], as_at: date) -> dict[str, Any]:
    return {
        "title": title, "wait": rules.range_words(said["wait"]), "half": plural(said["wait"]["middle"], "week"),
        "places": f"{plural(one.workers, 'worker')}, {one.each} people each: {one.places} at one time",
        "limit": limit_words(said["limit"], as_at),
    }  # fmt: skip


def limit_words(said: Mapping[str, Any] | None, as_at: date) -> str:
    """Whether a list would be longer than its limit within a year."""
    if said is None:
        return "The list has no limit"
    on = rules.likely_passed_on(said, as_at)
    if on is not None:
        return f"More likely than not by {date_words(on)}"
    return f"In {said['of_hundred']} of 100 plays" if said["of_hundred"] else "In none of the plays"


def assumptions(forecast: Forecast, one: Assumptions) -> Iterable[dict[str, Any]]:
    """Each thing that is assumed, and where it comes from."""
    facts = forecast.facts
    weeks = f"in the last {round(facts['weeks'])} weeks"
    shape = len(facts["lengths"])
    said: dict[str, tuple[str, str, str]] = {
        "joins": ("Join in a week", f"{one.joins:g}", f"{plural(facts['joined'], 'person', 'people')} joined {weeks}"),
        "length": ("Weeks of support", f"{one.length:g}",
                   f"{plural(facts['ended'], 'person', 'people')} finished {weeks}, and those who go on count so far"
                   + (f"; lengths as of {shape} people" if shape >= rules.SHAPE_FROM else "")),
        "leave": ("Leave in four weeks, of a hundred", f"{one.leave:g}",
                  f"{plural(facts['left'], 'person', 'people')} left {weeks} without a place"),
        "places": ("Helped at one time", f"{one.places}",
                   "As the list is set up" if facts["workers"] and facts["each"] else "As many as are helped now"),
        "waiting": ("On the list", str(len(facts["waiting"])), f"{len(facts['helped'])} are being helped"),
    }  # fmt: skip
    source = "What you entered"
    for key, (label, value, comes_from) in said.items():
        yield {"key": label, "value": value, "from": source if forecast.own and key != "waiting" else comes_from}


def percent(forecast: Forecast) -> int:
    """How far the play is: of the list as it is, and with one more worker."""
    return min(HUNDRED, round(HUNDRED * forecast.played / (2 * forecast.runs)))


def beside_list(held: WaitingList, *, by: Actor, at: datetime) -> Iterable[Card]:
    """On the page of a list: what a new person may expect, and an early warning that it will pass its limits."""
    found, under_way = queries.latest(held), queries.under_way(held)
    words: dict[str, Any] = {"list": held, "under_way": under_way, "wait": "", "based": "", "why_not": ""}
    if found is not None and found.state == Forecast.State.DONE:
        words |= {"wait": rules.range_words(found.outcome["wait"]), "based": based(found)}
        if warnings := tuple(warned(held, found)):
            yield Card("top", "forecasts/parts/warning.html", {"warnings": warnings, "list": held})
    elif found is not None:
        words |= {"why_not": found.why_not}
    yield Card("main", "forecasts/parts/list.html", words)


def warned(held: WaitingList, found: Forecast) -> Iterable[str]:
    """What will happen if nothing changes: that a list passes its limit of people, or a wait its limit of weeks."""
    limit = found.outcome["limit"]
    on = rules.likely_passed_on(limit, london_date(found.asked_at))
    if on is not None and limit is not None and limit["week"] > 1:
        limit_of = f"its limit of {held.limit_people} people"
        yield f"If nothing changes, this list is likely to pass {limit_of} by {date_words(on)}."
    if held.limit_weeks and found.outcome["wait"]["middle"] > held.limit_weeks:
        longer = f"longer than its limit of {held.limit_weeks} weeks"
        yield f"Somebody who joins today is more likely than not to wait {longer}."


def start(found: Forecast | None) -> dict[str, Any]:
    """What the form of assumptions begins with."""
    return dict(found.assumed) if found else {}


@dataclass(frozen=True)
class Waiting:
    """A list of the area, for whoever sends people to services."""

    wait: queries.Wait
    help: str
    long: str
    as_at: str


def waits(found: Iterable[queries.Wait], modalities: Mapping[str, str]) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(
            one, modalities.get(one.modality, one.modality),
            rules.range_words(one.told["wait"]).capitalize() if one.told else "Too little to go on",
            date_words(one.told_at),
        )
        for one in found
    )  # fmt: skip
