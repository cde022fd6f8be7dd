"""Pure rules of contact: how values are compared, and what may be used by whom, when."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import phonenumbers

from alongside.core.pages.filters import hours_words

HOME = "GB"
UK, MOBILE_DIGITS = 44, 10
CUT_SHORT = "A UK number that begins with 07 has 11 digits, like 07700 900982. Check that none is missing"
# The same message to the same person within this time is a form that was sent twice.
MOMENTS = timedelta(minutes=2)
SHARED_ELSEWHERE = "shared_elsewhere"
# One word for whatever the gateway did not take and for what must not say that a restricted record has the number too.
UNDELIVERED = "undelivered"
FOR_GOOD = date(2999, 12, 31)  # until when contact is held that is not made again
ON_HOLD, TOO_LATE, REMINDER = "on_hold", "too_late", "reminder"
LONDON = ZoneInfo("Europe/London")
_HOUR = r"(?:[01]\d|2[0-3]):[0-5]\d"
_WINDOW = re.compile(rf"(?<![\d:]){_HOUR}-{_HOUR}(?![\d:])")
_WINDOWS = re.compile(rf"{_HOUR}-{_HOUR}(?:;{_HOUR}-{_HOUR})*")
_MAILBOX = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_ONE_MAILBOX = re.compile(r"[\w.+'-]{1,64}@[A-Za-z0-9.-]{1,190}", re.ASCII)
_NOISE = re.compile(r"[^0-9a-z]+")


def normalise(kind: str, value: str) -> str:
    """A contact point's value as values are compared; equal ways to reach somebody come out equal."""
    if kind == "phone":
        return _phone(value)
    if kind == "email":
        return value.strip().casefold()
    return _NOISE.sub(" ", value.casefold()).strip()


def _phone(value: str) -> str:
    """International form; what is no number keeps its digits alone."""
    try:
        parsed = phonenumbers.parse(value, HOME)
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", value)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _mobile_cut_short(number: phonenumbers.PhoneNumber) -> bool:
    """Whether a UK number that begins with 07 has other than 11 digits: it would ring somebody else, or nobody."""
    national = str(number.national_number)
    return number.country_code == UK and national.startswith("7") and len(national) != MOBILE_DIGITS


def fault(kind: str, value: str) -> str:
    """Why this cannot be used to reach anybody, in words; empty when it may be right."""
    if kind == "phone":
        try:
            number = phonenumbers.parse(value, HOME)
            known = phonenumbers.is_possible_number_with_reason(number)
            possible = known == phonenumbers.ValidationResult.IS_POSSIBLE
            if _mobile_cut_short(number):
                return CUT_SHORT
        except phonenumbers.NumberParseException:
            possible = False
        return "" if possible else "Enter a telephone number, such as 01632 960001 or 07700 900982"
    if kind == "email" and not _MAILBOX.fullmatch(value.strip()):
        return "Enter an e-mail address, such as name@sample.example"
    return ""


@dataclass(frozen=True)
class Facts:
    """What is known of one contact point when it might be used. Times are aware."""

    kind: str
    safe: str
    safe_times: str = ""
    leave_message: bool = False
    verified_at: datetime | None = None
    expires_at: datetime | None = None
    retired: bool = False
    shared: bool = False


def may_call(point: Facts, *, hidden: bool) -> bool:
    """Whether a person may use it: *yes*, or *unknown* to ask first, which for a hidden crime counts as *no*."""
    if point.retired or point.kind == "address":
        return False
    return point.safe == "yes" or (point.safe == "unknown" and not hidden)


def why_not_send(point: Facts, *, at: datetime) -> str:
    """Why no automatic message may go to it now, as a code; empty when one may."""
    refusals = (
        ("retired", point.retired),
        ("no_channel", point.kind == "address"),
        ("not_safe", point.safe != "yes"),
        ("not_verified", point.verified_at is None),
        ("expired", point.expires_at is not None and point.expires_at <= at),
        ("shared", point.shared),
    )
    return next((code for code, holds in refusals if holds), "")


def as_told(state: str, why: str, *, whole: bool) -> tuple[str, str]:
    """(state, why) of an item as it is told. The hub is told the whole; to a provider an item past the door looks the
    same whether it went or was stopped because the number stands on a record that is none of the provider's business.
    """
    if not whole and why != ON_HOLD and (state in ("WAITING", "SENT") or why == SHARED_ELSEWHERE):
        return "HANDED_OVER", ""
    return state, why


def windows(safe_times: str) -> tuple[tuple[time, time], ...]:
    """The hours of `HH:MM-HH:MM;…`; empty for a note in words, which only a person can follow."""
    if not _WINDOWS.fullmatch(safe_times):
        return ()
    pairs = (window.split("-") for window in safe_times.split(";"))
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in pairs)


def times_words(safe_times: str) -> str:
    """Hours as a person says them, 9am to 12:30pm; a note in words as it is, but for the hours in it."""
    hours = windows(safe_times)
    if hours:
        return " and ".join(hours_words(opens, closes) for opens, closes in hours)
    return _WINDOW.sub(lambda found: hours_words(*windows(found[0])[0]), safe_times)


def next_safe_moment(at: datetime, safe_times: str) -> datetime | None:
    """The first moment from `at` inside the hours (Europe/London); None where words alone say when."""
    if not safe_times:
        return at
    hours = windows(safe_times)
    local = at.astimezone(LONDON)
    starts = []
    for day in (local.date(), local.date() + timedelta(days=1)):
        for start, end in hours:
            opens = datetime.combine(day, start, LONDON)
            if start < end and local < datetime.combine(day, end, LONDON):
                starts.append(max(opens, local))
    return min(starts) if starts else None


def opens(until: date) -> datetime:
    """The moment from which contact that is held until a day may be made."""
    return datetime.combine(until, time.min, LONDON)


def masked(kind: str, value: str) -> str:
    """Enough to recognise a way of contact and too little to use it."""
    if kind == "phone":
        return f"•••• {value.strip()[-3:]}"
    if kind == "email":
        return f"{value[:1]}••••@••••"
    return "Address held"


def ends_in(mailbox: str, places: Collection[str]) -> bool:
    """Whether a mailbox, and nothing more than one, is of one of these places or of a part of it."""
    place = mailbox.strip().casefold().rpartition("@")[2]
    known = any(place == one or place.endswith(f".{one}") for one in map(str.casefold, places) if one)
    return known and _ONE_MAILBOX.fullmatch(mailbox.strip()) is not None
