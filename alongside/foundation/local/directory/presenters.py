"""A service in the words of a page: how to reach it, whom it is for, whether it is still checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from alongside.core.pages.filters import date_words
from alongside.core.pages.languages import on_day
from alongside.core.said import Said, joined, large, listed, say
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.parts import Post, Site
from alongside.foundation.local.directory.plaintext import is_link
from alongside.foundation.local.directory.rules import (
    ADOPTED,
    SIGNPOSTED,
    UNDECIDED,
    Fit,
    age_words,
    has_ages,
    sex_words,
    standing,
    wait_words,
    waiting_list,
)

State = Service.State
COLOURS: Mapping[str, str] = {State.OPEN: "green", State.WAITING: "yellow", State.CLOSED: "grey"}
WORDS: Mapping[str, str] = {State.OPEN: "Open", State.WAITING: "Waiting list", State.CLOSED: "Closed"}


@dataclass(frozen=True)
class Way:
    """One way to reach a service: what it is, its words, and where a link may lead."""

    label: str
    text: str
    href: str = ""


@dataclass(frozen=True)
class Card:
    """A service for anyone to read. `ask` is where to ask for its help here, or empty."""

    name: str
    run_by: str
    pk: UUID
    paragraphs: tuple[str, ...]
    ways: tuple[Way, ...]
    whom: tuple[Way, ...]
    what_happens: str
    access: tuple[str, ...]
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    listed_by: str
    licence: str
    closed: bool
    ask: str


def card(service: Service, words: Mapping[str, str], found: Fit | None = None) -> Card:
    return Card(
        name=service.name,
        run_by=service.run_by,
        pk=service.pk,
        paragraphs=tuple(line for line in service.summary.split("\n") if line),
        ways=tuple(_ways(service)),
        whom=tuple(_whom(service, words)),
        what_happens=service.what_happens,
        access=tuple(service.access_notes.split("\n")) if service.access_notes else (),
        reasons=found.reasons if found else (),
        notes=found.notes if found else _state_notes(service),
        listed_by=list_words(service) if service.provider_id is None else "",
        licence=service.licence,
        closed=service.state == State.CLOSED,
        ask=ask_address(service),
    )


def _state_notes(service: Service) -> tuple[str, ...]:
    if service.state == State.CLOSED:
        day = service.closed_on
        closed = (
            say("It is closed to new people since {day}", day=_day(day))
            if day
            else say("It is closed to new people now")
        )
        others = (say("{service} helps instead", service=service.moves_to.name),) if service.moves_to else ()
        return (closed, *others)
    return (waiting_list(service.wait_days),) if service.state == State.WAITING else ()


def _day(day: date) -> Said:
    return on_day(day, date_words(day))


def _wait_words(service: Service) -> str:
    """How long a new person waits, as it said, and when it said so."""
    if service.wait_days is None or service.capacity_on is None or service.state == State.CLOSED:
        return ""
    return say("{wait}, as it told us on {day}", wait=large(_wait(service.wait_days)), day=_day(service.capacity_on))


def _wait(days: int) -> str:
    return wait_words(days) if days else say("you can begin at once")


def _ways(service: Service) -> list[Way]:
    """How to reach it; only http and https addresses become links."""
    digits = "".join(mark for mark in service.phone if mark.isdigit() or mark == "+")
    ways = [
        Way("Phone", service.phone, f"tel:{digits}" if len(digits) > 2 else ""),
        Way("Email", service.email, f"mailto:{service.email}"),
        Way("Website", service.web, service.web if is_link(service.web) else ""),
        Way("Open", service.hours),
        Way("Cost", service.cost),
        Way("Wait", _wait_words(service)),
        Way("Address", service.location if service.location_public else ""),
        *(Way("Also at", " ".join(filter(None, (site.line, site.hours)))) for site in Site.read(service.sites)),
        Way("Address", say("Kept secret, so that everybody there is safe") if service.location_protected else ""),
    ]
    return [way for way in ways if way.text]


def _whom(service: Service, words: Mapping[str, str]) -> list[Way]:
    """For whom it is. What another directory lists has not said for which crimes or places."""
    ours = service.provider_id is not None
    told = [post.title for post in Post.read(service.posts) if post.filled]

    def named(codes: list[str], anything: str) -> str:
        return joined([say(words.get(code, code)) for code in codes]) or (anything if ours else "")

    found = [
        Way("Crimes", named(service.crime_types, say("Any"))),
        Way("Helps with", named(service.needs, say("Any need"))),
        Way(
            "Ages",
            large(age_words(service.age_from, service.age_to)) if has_ages(service) or ours else "",
        ),
        Way("For", large(sex_words(service.sexes)) or (say("Everybody") if ours else "")),
        Way("Made for", named(service.made_for, "")),
        Way("Conditions", named(service.criteria, "")),
        Way("Workers", "; ".join(told)),
        Way("Where", named(service.councils, say("The whole area"))),
        Way("Languages", named(service.languages, say("Any, with an interpreter"))),
        Way("Help is given", named(service.modes, "")),
        Way("Arranged for", named(service.access, "")),
        Way("Police", _police_words(service) if ours else ""),
    ]
    return [way for way in found if way.text]


def _police_words(service: Service) -> str:
    return say("Told or not") if service.takes_unreported else say("Only when the police have been told")


def list_words(service: Service) -> str:
    """Whose list it came from."""
    return service.listed_by or source_words(service.source)


def source_words(source: str) -> str:
    """The code of a list as words."""
    return source.replace("-", " ").title()


def ask_address(service: Service | None = None) -> str:
    """Where a person asks for help here; the address says which service by its key, and nothing of who asks."""
    if service and (service.provider_id is None or not service.takes_referrals or service.state == State.CLOSED):
        return ""
    try:
        return reverse("intake:start") + (f"?service={service.pk}" if service else "")
    except NoReverseMatch:
        return ""


def capacity_words(service: Service) -> str:
    """For staff: what it said of its room, and when."""
    if service.capacity_on is None:
        return "Nothing was said yet of its room for more people."
    paid = f" of {service.places}" if service.places is not None else ""
    places = "place" if service.places_free == 1 and not paid else "places"
    free = [f"{service.places_free}{paid} {places} free"] if service.places_free is not None else []
    wait = [f"a new person waits {_wait(service.wait_days)}"] if service.wait_days else []
    wait = ["a new person can begin at once"] if service.wait_days == 0 else wait
    said = "; ".join([*free, *wait]) or "neither its places nor the wait"
    return f"Said on {date_words(service.capacity_on)}: {said}."


@dataclass(frozen=True)
class Line:
    """A row of the list that staff see."""

    name: str
    run_by: str
    helps_after: str
    pk: str
    state: str
    colour: str
    checked_on: date | None
    stale: bool


def _run_by(service: Service) -> str:
    """For staff, who still see a service whose organisation has ended: nobody is sent there."""
    ended = service.provider is not None and service.provider.until is not None
    return f"{service.run_by} (ended)" if ended else service.run_by


def line(service: Service, words: Mapping[str, str], *, on: date, lasts: int) -> Line:
    crimes = [words.get(code, code) for code in service.crime_types]
    short = listed(crimes) if len(crimes) <= 3 else f"{', '.join(crimes[:3])} and {len(crimes) - 3} more"
    return Line(
        name=service.name,
        run_by=_run_by(service),
        helps_after=short or ("Any crime" if service.provider_id else "Not said"),
        pk=str(service.pk),
        state=WORDS[service.state],
        colour=COLOURS[service.state],
        checked_on=service.checked_on,
        stale=is_stale(service, on=on, lasts=lasts),
    )


@dataclass(frozen=True)
class ListedLine:
    """A row of what other directories list: `run_by` as the list has it, `word` what was decided."""

    pk: str
    name: str
    run_by: str
    list: str
    word: str
    colour: str
    adopted_by: str


DECIDED = {UNDECIDED: ("Not decided", "blue"), ADOPTED: ("Adopted", "green"), SIGNPOSTED: ("Signposting only", "grey")}


def listed_line(service: Service) -> ListedLine:
    word, colour = DECIDED[standing(service)]
    return ListedLine(
        pk=str(service.pk), name=service.name, run_by=service.provider_name or "Not said",
        list=source_words(service.source), word=word, colour=colour,
        adopted_by=service.provider.name if service.provider else "",
    )  # fmt: skip


def checked_words(service: Service, *, on: date, lasts: int) -> str:
    """When somebody last said that it is all right, and that it may have changed since where that is long ago."""
    if service.checked_on is None:
        return say("Not checked yet: some of it may be out of date.")
    if is_stale(service, on=on, lasts=lasts):
        return say("Last checked on {day}: some of it may have changed since.", day=_day(service.checked_on))
    return say("Checked on {day}.", day=_day(service.checked_on))


def is_stale(service: Service, *, on: date, lasts: int) -> bool:
    """Whether somebody here should look at it again; what another directory lists is that directory's to check."""
    if service.provider_id is None:
        return False
    return service.checked_on is None or (on - service.checked_on).days > lasts


def summary(service: Service, words: Mapping[str, str]) -> list[dict[str, str]]:
    """A service as rows for staff: the public's words, and what the hub needs beside them."""
    shown = card(service, words)
    takes = [
        ("high risk of serious harm", service.takes_high_risk),
        ("businesses", service.for_business),
        ("referrals from the hub", service.takes_referrals and service.provider_id is not None),
    ]
    rows = [
        ("Run by", _run_by(service)),
        ("What it does", service.summary),
        ("What happens", service.what_happens),
        *((way.label, way.text) for way in (*shown.whom, *shown.ways)),
        ("Specialises in", listed([words.get(code, code) for code in service.specialisms])),
        ("Takes", listed([text for text, does in takes if does])),
        ("Access", service.access_notes),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]
