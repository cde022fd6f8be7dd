"""Pure rules of gaps: who helps whom where, counted crime by crime and council by council, and who does the same."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.parts import Post
from alongside.foundation.local.directory.rules import Seeker, bars

# Why nobody can reach a service, the worst first.
NO_WAY, NOWHERE, CLOSED, MOVED_ON, LONG_WAIT, NO_OPEN_WAY = REASONS = (
    "no_way", "nowhere", "closed", "moved_on", "long_wait", "no_open_way",
)  # fmt: skip
ALIKE = 0.8  # of what the narrower of two services covers, how much the other covers too


@dataclass(frozen=True)
class Group:
    """Whom one asks about: everybody, one sex, an age band, people for whom some services are made, or a need."""

    code: str = ""
    title: str = "Everybody"
    seeker: Seeker = field(default_factory=Seeker)
    made_for: str = ""

    def is_helped_by(self, service: Service) -> bool:
        """Whether the service takes people of the group; of people for whom services are made, whether it is one."""
        if self.made_for and self.made_for not in _made_for(service):
            return False
        return not bars(service, self.seeker)


def _made_for(service: Service) -> set[str]:
    posts = [code for post in Post.read(service.posts) if post.filled for code in post.made_for]
    return {*service.made_for, *posts}


@dataclass
class Cell:
    """Who helps after one crime in one council's area. `general`: services that help after any crime."""

    named: list[Service] = field(default_factory=list)
    general: int = 0

    @property
    def commissioned(self) -> int:
        return sum(bool(one.award) for one in self.named)

    @property
    def waiting(self) -> int:
        return sum(one.state == Service.State.WAITING for one in self.named)

    @property
    def open(self) -> int:
        return len(self.named) - self.waiting

    @property
    def places(self) -> int | None:
        return _sum(one.places for one in self.named)

    @property
    def free(self) -> int | None:
        return _sum(one.places_free for one in self.named)

    @property
    def wait_days(self) -> int | None:
        """The shortest wait that any of them said."""
        return min((one.wait_days for one in self.named if one.wait_days is not None), default=None)

    @property
    def level(self) -> str:
        """How well it is served, in a word: none, waiting (a list alone), one, several."""
        if not self.named:
            return "none"
        if not self.open:
            return "waiting"
        return "one" if self.open == 1 else "several"


def _sum(numbers: Iterable[int | None]) -> int | None:
    """Of those that were said; None where nobody said."""
    said = [number for number in numbers if number is not None]
    return sum(said) if said else None


Matrix = Mapping[tuple[str, str], Cell]


def matrix(services: Iterable[Service], crimes: Sequence[str], councils: Sequence[str], group: Group) -> Matrix:
    """A cell for each crime and council, empty ones too."""
    cells = {(crime, council): Cell() for crime in crimes for council in councils}
    for service in services:
        if not group.is_helped_by(service):
            continue
        there = [code for code in councils if not service.councils or code in service.councils]
        for crime in service.crime_types or crimes:
            for council in there:
                if (cell := cells.get((crime, council))) is None:
                    continue
                if service.crime_types:
                    cell.named.append(service)
                else:
                    cell.general += 1
    return cells


@dataclass(frozen=True)
class Overlap:
    """Two services of different organisations that do much the same: `share` of the narrower one's cells."""

    left: Service
    right: Service
    share: float
    crimes: tuple[str, ...]
    councils: tuple[str, ...]


def overlaps(cells: Matrix) -> list[Overlap]:
    """Pairs that name the same crimes in the same places for people whom both take, most alike first."""
    covered: dict[Any, set[tuple[str, str]]] = defaultdict(set)
    services = {one.pk: one for cell in cells.values() for one in cell.named}
    for place, cell in cells.items():
        for one in cell.named:
            covered[one.pk].add(place)
    found = []
    for left, right in combinations(sorted(services.values(), key=lambda one: (one.name, str(one.pk))), 2):
        shared = covered[left.pk] & covered[right.pk]
        share = len(shared) / min(len(covered[left.pk]), len(covered[right.pk]))
        if left.provider_id != right.provider_id and share >= ALIKE and _same_people(left, right):
            crimes, councils = ({place[index] for place in shared} for index in (0, 1))
            found.append(Overlap(left, right, share, tuple(sorted(crimes)), tuple(sorted(councils))))
    return sorted(found, key=lambda one: (-one.share, -len(one.crimes), one.left.name, one.right.name))


def _same_people(left: Service, right: Service) -> bool:
    """Whether some people could go to either: ages, sexes and for whom they were made."""
    youngest = max(left.age_from or 0, right.age_from or 0)
    oldest = min(_to(left), _to(right))
    sexes = not left.sexes or not right.sexes or bool(set(left.sexes) & set(right.sexes))
    return youngest <= oldest and sexes and set(left.made_for) == set(right.made_for)


@dataclass(frozen=True)
class Reach:
    """What a service is held against: a day, the councils that there are, the longest wait that still is help."""

    on: date
    councils: Collection[str]
    longest_wait: int

    def faults(self, service: Service) -> list[str]:
        """Why nobody can reach a service, or only later than helps; empty when people can."""
        shut = service.state == Service.State.CLOSED and (service.closed_on is None or service.closed_on <= self.on)
        after = service.moves_to
        told = {
            NO_WAY: not _ways(service) and not service.takes_referrals,
            NOWHERE: bool(service.councils) and not set(service.councils) & set(self.councils),
            CLOSED: shut and after is None,
            MOVED_ON: shut and after is not None and after.state == Service.State.CLOSED,
            LONG_WAIT: not shut and (service.wait_days or 0) > self.longest_wait,
            NO_OPEN_WAY: not _ways(service) and service.takes_referrals,
        }
        return [code for code, wrong in told.items() if wrong]


def _ways(service: Service) -> bool:
    """Whether anybody can get in touch by themselves."""
    return bool(service.phone or service.email or service.web)


def _to(service: Service) -> int:
    return 130 if service.age_to is None else service.age_to


@dataclass(frozen=True)
class Shift:
    """A cell that was served otherwise before: which services came, and which went."""

    crime: str
    council: str
    before: int
    now: int
    came: tuple[str, ...]
    went: tuple[str, ...]


def shifts(before: Matrix, now: Matrix) -> list[Shift]:
    """Cells that are served otherwise; those that lost their last service first."""
    found = []
    for place, cell in now.items():
        then = {one.pk: one.name for one in before[place].named}
        here = {one.pk: one.name for one in cell.named}
        if then.keys() != here.keys():
            came = tuple(sorted(name for key, name in here.items() if key not in then))
            went = tuple(sorted(name for key, name in then.items() if key not in here))
            found.append(Shift(*place, len(then), len(here), came, went))
    return sorted(found, key=lambda one: (one.now > 0, one.now - one.before, one.crime, one.council))
