"""How dates, numbers and money are written on every page. Absent values become an empty string."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from django.utils import timezone

from alongside.core.clocks import LONDON, london_date
from alongside.core.money import format as format_pence


def in_london(value: date | datetime) -> date | datetime:
    aware = isinstance(value, datetime) and timezone.is_aware(value)
    return value.astimezone(LONDON) if aware and isinstance(value, datetime) else value


def date_words(value: date | datetime | None) -> str:
    """21 November 2026"""
    if value is None:
        return ""
    day = in_london(value)
    return _day_words(day.date() if isinstance(day, datetime) else day)


@lru_cache(maxsize=4096)
def _day_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def time_words(value: datetime | time | None) -> str:
    """2:05pm, 9am, midday, midnight"""
    if value is None:
        return ""
    at = in_london(value) if isinstance(value, datetime) else value
    whole = f"{at:%I%p}" if f"{at:%M}" == "00" else f"{at:%I:%M%p}"
    said = whole.lstrip("0").lower()
    return {"12am": "midnight", "12pm": "midday"}.get(said, said)


def hours_words(opens: time, closes: time) -> str:
    """9am to 12:30pm"""
    return f"{time_words(opens)} to {time_words(closes)}"


def datetime_words(value: datetime | None) -> str:
    """21 November 2026 at 2:05pm"""
    return f"{date_words(value)} at {time_words(value)}" if value is not None else ""


def ago_days(value: date | datetime | None, today: date | None = None) -> str:
    """today, yesterday, 3 days ago, tomorrow, in 3 days; calendar days in London."""
    if value is None:
        return ""
    days = ((today or london_date(timezone.now())) - london_date(value)).days
    near = {0: "today", 1: "yesterday", -1: "tomorrow"}
    if days in near:
        return near[days]
    return f"{days:,} days ago" if days > 0 else f"in {-days:,} days"


def number(value: int | float | Decimal | None, places: int = 0) -> str:
    """12,345 or, with places, 12,345.7"""
    return "" if value is None else f"{value:,.{places}f}"


def percent(value: int | float | Decimal | None, places: int = 0) -> str:
    """A proportion from 0 to 1, as 47% or, with places, 47.3%."""
    return "" if value is None else f"{float(value) * 100:.{places}f}%"


def money(pence: int | None) -> str:
    """£1,234.50; whole pounds lose their noughts."""
    return "" if pence is None else format_pence(pence).removesuffix(".00")


def yesno(value: bool | None) -> str:
    return "Not known" if value is None else "Yes" if value else "No"


def plural(count: int, one: str, many: str | None = None) -> str:
    """1 referral, 2 referrals, 1,200 referrals"""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


FILTERS = {
    "date": date_words,
    "time": time_words,
    "datetime": datetime_words,
    "ago_days": ago_days,
    "number": number,
    "percent": percent,
    "money": money,
    "yesno": yesno,
    "plural": plural,
}
