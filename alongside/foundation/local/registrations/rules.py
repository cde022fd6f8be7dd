"""Pure rules of registrations: what was sent, what of it goes to the group, and what only to whoever asks for it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from alongside.foundation.local.community.rules import NOT_KNOWN, About, Asked

WITHIN = timedelta(hours=1)
YES, NO, NOT_SURE = "yes", "no", "not_sure"


@dataclass(frozen=True)
class Sent:
    """What a group said of itself. `place` is where it meets; `a_home`: whether that is somebody's home."""

    about: About
    asked: Asked
    needs: tuple[str, ...] = ()
    place: str = ""
    postcode: str = ""
    a_home: str = ""

    @property
    def public(self) -> About:
        """The group alone: its place only where it is surely nobody's home."""
        known = self.a_home == NO
        return replace(
            self.about, meets_at=self.place if known else "", postcode=self.postcode if known else ""
        )  # fmt: skip

    @property
    def person(self) -> Asked:
        """Whom to ask for. What may be a home stays with them, sealed."""
        if self.a_home == NO:
            return self.asked
        return replace(self.asked, address=", ".join(filter(None, (self.place, self.postcode))))


def place_fault(place: str, a_home: str) -> str:
    """What is wrong with what was said of the place; empty where nothing is."""
    return "Say whether this address is somebody's home" if place and a_home not in (YES, NO, NOT_SURE) else ""


def window(at: datetime) -> int:
    """The hour in which registrations from one connection are counted together, as a number."""
    return int(at.timestamp() // WITHIN.total_seconds())


@dataclass(frozen=True)
class Detail:
    """One detail of a group that was sent otherwise than it is held."""

    name: str
    ours: object
    theirs: object


def differences(ours: About, theirs: About) -> list[Detail]:
    """What was sent and is not held so. What they left empty or unknown is no difference."""
    pairs = [(one.name, getattr(ours, one.name), getattr(theirs, one.name)) for one in fields(About)]
    return [Detail(name, held, said) for name, held, said in pairs if _differs(held, said)]


def _differs(held: object, said: object) -> bool:
    if isinstance(held, tuple) and isinstance(said, tuple):
        return not set(said) <= set(held)
    return said not in ("", NOT_KNOWN) and said != held


def merged(ours: About, theirs: About, take: Collection[str]) -> About:
    """The group as it is held, with what was taken: lists are put together, all else takes the place of ours."""
    taken: dict[str, Any] = {one.name: _joined(one) for one in differences(ours, theirs) if one.name in take}
    return replace(ours, **taken)


def _joined(one: Detail) -> object:
    if isinstance(one.ours, tuple) and isinstance(one.theirs, tuple):
        return tuple(dict.fromkeys((*one.ours, *one.theirs)))
    return one.theirs


def sent_from(kept: Mapping[str, Any]) -> dict[str, Any]:
    """JSON's lists as the tuples that they were."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
