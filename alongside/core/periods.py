"""Financial years from 1 April and their quarters: `2026Q2` is July to September 2026, quarter 2 of 2026/27."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Self

from alongside.core.clocks import LONDON, london_date
from alongside.core.errors import RuleBroken

APRIL = 4
QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True, order=True)
class FinancialYear:
    """From 1 April of `year` to 31 March of the next."""

    year: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `2026/27`."""
        found = re.fullmatch(r"([12]\d{3})/(\d{2})", text.strip())
        if not found or (int(found[1]) + 1) % 100 != int(found[2]):
            raise RuleBroken(f"“{text}” is not a financial year. Write it like 2026/27.")
        return cls(int(found[1]))

    @classmethod
    def containing(cls, moment: date | datetime) -> Self:
        day = london_date(moment)
        return cls(day.year if day.month >= APRIL else day.year - 1)

    def __str__(self) -> str:
        return f"{self.year}/{(self.year + 1) % 100:02}"

    @property
    def start(self) -> date:
        return date(self.year, APRIL, 1)

    @property
    def end(self) -> date:
        """The first day after it."""
        return date(self.year + 1, APRIL, 1)

    @property
    def previous(self) -> "FinancialYear":
        return FinancialYear(self.year - 1)

    @property
    def quarters(self) -> tuple["Quarter", ...]:
        return tuple(Quarter(self.year, number) for number in QUARTERS)


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a financial year; `year` is the year in which that financial year starts."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if self.number not in QUARTERS:
            raise ValueError("a year has quarters 1 to 4")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `2026Q2`."""
        found = re.fullmatch(r"([12]\d{3})Q([1-4])", text.strip().upper())
        if not found:
            raise RuleBroken(f"“{text}” is not a quarter. Write it like 2026Q2, for July to September 2026.")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def containing(cls, moment: date | datetime) -> Self:
        day = london_date(moment)
        return cls._at((day.year * 12 + day.month - APRIL) // 3)

    @classmethod
    def range(cls, first: "Quarter", last: "Quarter") -> tuple["Quarter", ...]:
        """Every quarter from the first to the last, both included."""
        return tuple(cls._at(index) for index in range(first._index, last._index + 1))

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def label(self) -> str:
        last = date(self.start.year, self.start.month + 2, 1)
        return f"Quarter {self.number} of {self.financial_year} ({self.start:%B} to {last:%B} {last:%Y})"

    @property
    def financial_year(self) -> FinancialYear:
        return FinancialYear(self.year)

    @property
    def start(self) -> date:
        return self._first_day(self._index)

    @property
    def end(self) -> date:
        """The first day after it."""
        return self._first_day(self._index + 1)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """Start and end as moments in London; the end is outside."""
        start, end = (datetime.combine(day, time.min, tzinfo=LONDON) for day in (self.start, self.end))
        return start, end

    @property
    def previous(self) -> "Quarter":
        return self._at(self._index - 1)

    @property
    def next(self) -> "Quarter":
        return self._at(self._index + 1)

    @property
    def year_ago(self) -> "Quarter":
        return Quarter(self.year - 1, self.number)

    @property
    def _index(self) -> int:
        return self.year * 4 + self.number - 1

    @classmethod
    def _at(cls, index: int) -> Self:
        return cls(index // 4, index % 4 + 1)

    @staticmethod
    def _first_day(index: int) -> date:
        year, quarter = divmod(index, 4)
        years, month = divmod(quarter * 3 + APRIL - 1, 12)
        return date(year + years, month + 1, 1)
