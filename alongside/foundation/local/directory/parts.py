"""Parts of a service that are read and written whole with it: the places where it is, and posts with a specialism."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True)
class Part:
    """A part as JSON keeps it: its fields by name, lists of codes as lists."""

    @classmethod
    def read(cls, kept: Sequence[Mapping[str, Any]]) -> tuple[Self, ...]:
        """From what is kept; a field that is not there has its default, one that is unknown is left out."""
        names = [one.name for one in fields(cls)] if kept else []
        return tuple(cls(**{name: _frozen(one[name]) for name in names if name in one}) for one in kept)

    def kept(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True)
class Site(Part):
    """A place that may be shown to anyone. A service whose place must stay secret has none."""

    name: str = ""
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    postcode: str = ""
    access: tuple[str, ...] = ()
    hours: str = ""

    @property
    def line(self) -> str:
        """The address on one line."""
        return ", ".join(filter(None, (self.name, self.address_1, self.address_2, self.city, self.postcode)))


@dataclass(frozen=True)
class Post(Part):
    """A worker with a specialism, never by name: an adviser for Polish speakers, a worker for over-55s. Empty lists
    and ages narrow nothing. `state`: filled, vacant, or away for a while."""

    title: str = ""
    specialisms: tuple[str, ...] = ()
    crime_types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    made_for: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    hours_a_week: int | None = None
    state: str = "filled"

    @property
    def filled(self) -> bool:
        return self.state == FILLED


FILLED = "filled"
POST_STATES = {FILLED: "Filled", "away": "Away for a while", "vacant": "Vacant"}
