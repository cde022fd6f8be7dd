"""Pure rules of referrals: references, clocks, status words, suggested entitlements."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from alongside.core import clocks
from alongside.core.errors import RuleBroken
from alongside.core.pages.filters import date_words, hours_words, plural

# No vowels, so that no word appears; nothing that looks or sounds like another.
LETTERS = "3467CDFGHJKMNPQRTVWXY"
LENGTH = 8
PREFIX = "AL"
# In place of a reason for not reporting: whether the police know is not known.
NOT_KNOWN = "not_known"
ADULT = 18
# The same words by the same person within this time are a form that was sent twice.
MOMENTS = timedelta(minutes=2)
TO_DO = ("RECEIVED", "IN_TRIAGE")
WITH_HUB = (*TO_DO, "OFFERED")

WORDS = {"RECEIVED": "received", "IN_TRIAGE": "received", "OFFERED": "offered", "ACCEPTED": "accepted",
         "CLOSED": "closed"}  # fmt: skip


@dataclass(frozen=True)
class Point:
    """One way to reach the victim, as it arrived. Verified only where `verified_how` is said."""

    kind: str
    value: str
    safe: str
    safe_times: str = ""
    instructions: str = ""
    leave_message: bool = False
    verified_how: str = ""


def new_reference(random: bytes) -> str:
    """A reference that people can read out, such as AL-7K3M-P4WX, from 8 random bytes or more."""
    number = int.from_bytes(random[:16], "big")
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return f"{PREFIX}-{''.join(letters[:4])}-{''.join(letters[4:])}"


def tidy_reference(text: str) -> str | None:
    """A reference however it was typed, as it is stored; None for what cannot be one."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum()).removeprefix(PREFIX)
    if len(letters) != LENGTH or not set(letters) <= set(LETTERS):
        return None
    return f"{PREFIX}-{letters[:4]}-{letters[4:]}"


def as_typed(words: str) -> tuple[str, ...]:
    """A source's own reference in the ways that people type it: as it is, in capitals and in small letters.

    Compared whole, since row security lets an index serve no function of a column.
    """
    typed = " ".join(words.split())
    return tuple(dict.fromkeys((typed, typed.upper(), typed.lower())))


def due_times(received_at: datetime, *, attempt_days: int, offer_days: int) -> tuple[datetime, datetime]:
    """When the first attempt to make contact and the first offer are due, in working days from receipt."""
    return clocks.due(received_at, attempt_days), clocks.due(received_at, offer_days)


def days_to(due: datetime, now: datetime) -> int:
    """Working days left, or days late."""
    return clocks.working_days_between(due, now) if now > due else clocks.working_days_between(now, due)


def status_word(state: str, *, contacted: bool, closed_as: str = "") -> str:
    """The one status word that a referrer or a victim reads. `closed_as` is the closing reason's own word."""
    if state == "CLOSED":
        return closed_as or "closed"
    return "contacted" if contacted and state == "IN_TRIAGE" else WORDS[state]


@dataclass(frozen=True)
class Suggestion:
    """An Enhanced Right that what is known suggests, with why. A person decides."""

    code: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """What is known that bears on Enhanced Rights. `factors`: title and entitlements by code."""

    age: int | None
    high_harm: str
    vulnerable: bool
    intimidated: bool
    repeat: bool
    chosen: Collection[str]
    factors: Mapping[str, tuple[str, tuple[str, ...]]]


def suggested_entitlements(known: Known) -> tuple[Suggestion, ...]:
    """Enhanced Rights suggested by age, crime, the source's words and the factors (Victims' Code)."""
    why: dict[str, list[str]] = {}
    for code, reason in _pointers(known):
        why.setdefault(code, []).append(reason)
    return tuple(Suggestion(code, tuple(reasons)) for code, reasons in why.items())


def _pointers(known: Known) -> Iterable[tuple[str, str]]:
    said = (
        (known.age is not None and known.age < ADULT, "vulnerable_intimidated", "Under 18"),
        (known.vulnerable, "vulnerable_intimidated", "The source said vulnerable"),
        (known.intimidated, "vulnerable_intimidated", "The source said intimidated"),
        (bool(known.high_harm), "most_serious_crime", known.high_harm),
        (known.repeat, "persistently_targeted", "The source said repeat victim"),
    )
    yield from ((code, reason) for holds, code, reason in said if holds)
    for factor in known.chosen:
        title, codes = known.factors.get(factor, ("", ()))
        yield from ((code, title) for code in codes)


@dataclass(frozen=True)
class Closure:
    """A reason for closing: the status word that it counts as, and who may use it."""

    code: str
    title: str
    status: str
    closed_by: str


NOT_REACHED = "not_reached"
SAID = ("vulnerable", "intimidated", "repeat")


def flags(said: Mapping[str, str], markers: Iterable[str], *, restricted: Collection[str]) -> tuple[str, ...]:
    """What a provider reads of how the crime and its victim were marked: never what named people alone may see."""
    told = (*(name for name in SAID if said[name] == "yes"), *markers)
    return tuple(dict.fromkeys(code for code in told if code not in restricted))


def refuse_stopped(stopped: datetime | None) -> None:
    """Whoever asked us to stop is sent to nobody, and taken up by nobody, until they say otherwise."""
    if stopped is not None:
        raise RuleBroken(
            f"They asked us to stop on {date_words(stopped)}. If they have come back, the hub first records on their "
            "record that they agree to be supported."
        )


def check_closure(closure: Closure, *, attempted_days: int, wanted_days: int) -> None:
    """Refuses a reason that is not the hub's, and giving up before enough attempts on different days."""
    if closure.closed_by == "provider":
        raise RuleBroken(f"Only a provider closes with \u201c{closure.title}\u201d.", "reason")
    if closure.status == NOT_REACHED and attempted_days < wanted_days:
        raise RuleBroken(
            f"Try on at least {wanted_days} different days before you close as not reached; "
            f"so far there are attempts on {attempted_days}.", "reason",
        )  # fmt: skip


Hours = tuple[tuple[time, time], ...]


@dataclass(frozen=True)
class Window:
    """From when until when the victim is to be tried again; aware, on one day."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Tried:
    """One attempt that stands. `stops`: what came of it says to look again before anybody goes on."""

    at: datetime
    reached: bool = False
    stops: bool = False


@dataclass(frozen=True)
class Plan:
    """What follows from the attempts so far.

    `word`: untried, reached, enough (give up or write), unsafe (no way may be used), stop (look first), ask (words say
    when) or call. `days`: different days without reaching them."""

    word: str
    days: int = 0
    window: Window | None = None


def plan(tried: Collection[Tried], hours: Hours | None, *, gap: int, wanted: int, at: datetime) -> Plan:
    """What comes next. `hours`: when they may be called, empty where only words say, None where no way is safe;
    `gap`: working days between attempts; `wanted`: days of attempts after which nobody is chased any more."""
    if not tried:
        return Plan("untried")
    last = max(tried, key=lambda one: one.at)
    if last.reached:
        return Plan("reached")
    days = _days_in_vain(tried)
    if len(days) >= wanted:
        return Plan("enough", len(days))
    if hours is None or last.stops:
        return Plan("stop" if last.stops else "unsafe", len(days))
    if not hours:
        return Plan("ask", len(days))
    return Plan("call", len(days), next_window(max(days), hours, gap=gap, turn=len(days), at=at))


def _days_in_vain(tried: Collection[Tried]) -> set[date]:
    """The days on which they were tried since they were last reached."""
    reached = max((one.at for one in tried if one.reached), default=None)
    return {clocks.london_date(one.at) for one in tried if reached is None or one.at > reached}


def next_window(last: date, hours: Hours, *, gap: int, turn: int, at: datetime) -> Window:
    """The hours to try next, each of theirs in turn, so many working days after the last day and never in the past."""
    starts, ends = hours[turn % len(hours)]
    day = max(clocks.working_day_after(last, gap), clocks.day_zero(clocks.london_date(at)))
    if window(day, starts, ends).ends <= at:
        day = clocks.day_zero(day + clocks.ONE_DAY)
    return window(day, starts, ends)


def window(day: date, starts: time, ends: time) -> Window:
    return Window(*(datetime.combine(day, hour, tzinfo=clocks.LONDON) for hour in (starts, ends)))


def within(asked: Window, hours: Hours) -> bool:
    """Whether all of it lies inside one stretch of the hours."""
    starts, ends = (moment.astimezone(clocks.LONDON).time() for moment in (asked.starts, asked.ends))
    return any(opens <= starts and ends <= closes for opens, closes in hours)


def safe_words(hours: Hours) -> str:
    return " and ".join(hours_words(opens, closes) for opens, closes in hours)


def check_plan(
    asked: Window, hours: Hours | None, *, at: datetime, ahead: int, sure: bool, despite: str | None = None
) -> None:
    """Refuses a time that has passed or is years away, and one outside the hours that are recorded as safe. Where words
    alone say when, whoever sets it is `sure`. `despite`: why a manager goes against the hours; None for who may not.
    """
    if asked.ends <= asked.starts:
        raise RuleBroken("The end must be after the start.", "until_time")
    if asked.ends <= at:
        raise RuleBroken("This time has passed. Choose one that is still to come.", "day")
    if asked.starts > at + timedelta(days=ahead):
        raise RuleBroken(f"Choose a day within {plural(ahead, 'day')}.", "day")
    if hours is None:
        raise RuleBroken("No safe way to make contact is known, so no call can be planned. Add a safe way first.")
    if not hours and not sure:
        raise RuleBroken(IN_WORDS, "sure")
    if hours and not despite and not within(asked, hours):
        beyond = "" if despite is None else " If somebody's safety needs it now, say why it goes against their hours."
        raise RuleBroken(f"{not_safe(hours)}{beyond}", "from_time" if despite is None else "despite")


IN_WORDS = "They said in words when it is safe. Read them again, and tick this if the time fits what they said"


def not_safe(hours: Hours) -> str:
    """That a time is not one of these, and what to do next."""
    return (
        f"It is safe to call from {safe_words(hours)} only. Choose a time inside. "
        "If they told you of another, record that as safe beside the number first, and then set the call."
    )


def call_words(due: Window, at: datetime) -> str:
    """When they are to be called, as a person would say it: Call due 10:00 to 12:00 today."""
    starts, ends = (moment.astimezone(clocks.LONDON).time() for moment in (due.starts, due.ends))
    hours = hours_words(starts, ends)
    away = (clocks.london_date(due.starts) - clocks.london_date(at)).days
    day = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(away) or f"on {date_words(due.starts)}"
    return f"Call missed: it was due {hours} {day}" if due.ends <= at else f"Call due {hours} {day}"


def check_take_up(closure: Closure, *, accepted: bool) -> None:
    """Only what the hub gave up because nobody was reached is taken up again here; its provider reopens a case."""
    if accepted:
        raise RuleBroken("A provider supported this person. The provider reopens the case, or a new referral is made.")
    if closure.status != NOT_REACHED:
        raise RuleBroken(
            f"It was closed with \u201c{closure.title}\u201d. Only who could not be reached is taken up again."
        )


def clock_word(state: clocks.ClockState, days: int) -> str:
    """How late something is, or how much is left."""
    if state == clocks.ClockState.LATE:
        return f"Late by {plural(days, 'working day')}" if days else "Late"
    if state == clocks.ClockState.DUE_TODAY:
        return "Due today"
    return f"{plural(days, 'working day')} left" if days else "Due next working day"
