"""What happens to each referral: a seeded story with dates and codes, and no database."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from alongside.config.demo.world.cast import FAMILY, GIVEN, Cast
from alongside.config.demo.world.offers import Kind
from alongside.core import clocks
from alongside.foundation.local.directory.models import Service

CRIMES = {
    "domestic_abuse": (26, "8N"), "violence": (18, "8N"), "burglary": (9, "28E"), "theft": (7, "49"),
    "sexual_violence": (7, "19C"), "harassment": (6, "8L"), "fraud_cyber": (5, ""), "robbery": (4, "34B"),
    "criminal_damage_arson": (4, "58A"), "antisocial_behaviour": (3, ""), "hate_crime": (3, "8M"),
    "vehicle_crime": (3, "48"), "child_sexual_abuse": (2, "71"), "business_crime": (2, "46"),
    "stalking": (2, "8Q"), "fatal_road_collision": (1, "4.4"), "honour_based_abuse": (1, ""),
    "forced_marriage": (0.3, ""), "modern_slavery": (0.4, "106"), "adult_at_risk_abuse": (0.7, ""),
}  # fmt: skip
SOURCES = {"police_feed": 78, "partner": 13, "self": 9}
TRANSFER = time(6, 10)  # in London: when the file of the force comes, every day
HELD_FIRST = 0.03  # of what the police send: taken in when somebody had found out how to reach the victim
DIALS = ("07700 900", "01632 960", "0121 496 0", "0113 496 0", "0114 496 0", "0115 496 0", "0116 496 0",
         "0117 496 0", "0118 496 0", "0161 496 0", "0151 496 0", "020 7946 0")  # fmt: skip
# Groups of the census, as the rulebook's `ethnic_groups` has them and a feed's police codes become them.
ETHNIC_GROUPS = {"white_british": 55, "asian_pakistani": 11, "asian_indian": 7, "black_caribbean": 5, "white_other": 6,
                 "asian_bangladeshi": 4, "black_african": 4, "mixed_caribbean": 4, "not_said": 4}  # fmt: skip
LANGUAGES = {"en": 86, "pl": 3, "pa": 4, "ur": 4, "ro": 3}
OUTCOMES = ("health", "coping", "safety", "informed")
CHANGES = {"health": 0.62, "coping": 0.74, "safety": 0.7, "informed": 0.72}
DECLINES = ("no_capacity", "outside_criteria", "list_closed", "too_little_information", "outside_area")
ENDINGS = {"support_completed": 62, "needs_met": 14, "victim_stopped": 12, "lost_contact": 8, "moved_away": 4}


@dataclass(frozen=True)
class Person:
    """Somebody invented. Two stories may be about one person."""

    number: int
    given: str
    family: str
    born: date
    sex: str
    ethnicity: str
    language: str
    council: str
    postcode: str
    phone: str
    safe: str
    email: str

    @property
    def street(self) -> str:
        return f"{self.number % 180 + 1} Sample Street"


@dataclass
class Try:
    """An offer to a service and what came of it."""

    kind: Kind
    service: Service
    offered_at: datetime
    answered_at: datetime | None = None
    accepted: bool = False
    declined_why: str = ""


@dataclass
class Support:
    """A case: when it was first in contact, how often, how it ended, and answers first and last by outcome."""

    attempt: Try
    first_contact_at: datetime | None = None
    contacts: list[datetime] = field(default_factory=list)
    closed_at: datetime | None = None
    closed_why: str = ""
    first: dict[str, list[int]] | None = None
    last: dict[str, list[int]] | None = None


HARDER: tuple[tuple[str, ...], ...] = (
    (), ("isolated",), (), ("fear", "threats"), ("mental_health",), (), ("children_at_home",), ("homeless",), (),
)  # fmt: skip


@dataclass
class Story:
    """One referral from its receipt as far as it has come."""

    person: Person
    crime: str
    offence: str
    source: str
    reported: bool
    reported_at: datetime | None
    received_at: datetime
    high_risk: bool
    delivered_at: datetime | None = None
    attempts: list[tuple[datetime, bool]] = field(default_factory=list)
    needs: tuple[str, ...] = ()
    tries: list[Try] = field(default_factory=list)
    support: Support | None = None
    closed_at: datetime | None = None
    closed_why: str = ""

    @property
    def released(self) -> bool:
        """Whether the row that told of it was held first."""
        return self.delivered_at is not None and self.delivered_at != self.received_at

    @property
    def occurred_on(self) -> date:
        return clocks.london_date(self.reported_at or self.received_at) - timedelta(days=self.person.number % 4)

    @property
    def markers(self) -> list[str]:
        """Flags beside the crime."""
        said = {"domestic_abuse": self.crime == "domestic_abuse", "repeat": self.person.number % 9 == 0}
        return [marker for marker, holds in said.items() if holds]

    @property
    def harder(self) -> list[str]:
        """What the hub found to make it harder for them, once it had spoken with them."""
        return list(HARDER[self.person.number % len(HARDER)]) if self.needs and self.reached_at else []

    @property
    def reached_at(self) -> datetime | None:
        return next((at for at, reached in self.attempts if reached), None)

    @property
    def spoken_at(self) -> datetime | None:
        """When anybody last spoke with them."""
        return self.support.contacts[-1] if self.support and self.support.contacts else self.reached_at


class Teller:
    """Tells stories up to `until`; what lies after it has not happened yet."""

    def __init__(self, random: Random, cast: Cast, *, until: datetime, months: int) -> None:
        self.random = random
        self.cast = cast
        self.until = until
        self.start = until - timedelta(days=int(months * 30.44))

    def pick(self, weights: dict[str, float] | dict[str, int]) -> str:
        return self.random.choices(list(weights), list(weights.values()))[0]

    def after(self, at: datetime, low: float, high: float) -> datetime:
        """Some days later, moved into office hours of a weekday."""
        moment = at + timedelta(days=self.random.triangular(low, high, low + (high - low) / 3))
        moment = moment.replace(hour=self.random.randint(9, 16), minute=self.random.randint(0, 59), second=0)
        moment = max(moment, at + timedelta(minutes=20))
        return moment + timedelta(days={5: 2, 6: 1}.get(moment.weekday(), 0))

    def person(self, number: int) -> Person:
        random = self.random
        sex = random.choices(["female", "male"], [64, 36])[0]
        given, family = random.choice(GIVEN[sex]), random.choice(FAMILY)
        age = min(94, max(3, int(random.gauss(37, 17))))
        council = random.choices(self.cast.councils, [max(1, 9 - n) for n in range(len(self.cast.councils))])[0]
        codes = self.cast.postcodes.get(council) or [""]
        return Person(
            number=number, given=given, family=family, born=self.until.date() - timedelta(days=int(age * 365.3)),
            sex=sex,
            ethnicity=self.pick(ETHNIC_GROUPS),
            language=self.pick(LANGUAGES), council=council, postcode=random.choice(codes),
            phone=f"{random.choice(DIALS)}{random.randint(0, 999):03d}",
            safe=random.choices(["yes", "unknown", "no"], [70, 24, 6])[0],
            email=f"{given}.{family}.{number}@post.example".lower(),
        )  # fmt: skip

    def story(self, person: Person) -> Story:
        """One referral about a person."""
        random = self.random
        crime = self.pick({code: weight for code, (weight, _) in CRIMES.items()})
        source = self.pick(SOURCES)
        received = self.start + (self.until - self.start) * random.random()
        delivered = transfer_before(received) if source == "police_feed" else None
        if delivered:
            received = self._taken_in(delivered)
        elif source == "partner":  # who works when offices do
            moved = received.replace(hour=random.randint(8, 16))
            received = moved if self.happened(moved) else moved - timedelta(days=1)
        reported = source == "police_feed" or random.random() < 0.55
        lag = timedelta(days=random.choices([0, 1, 2, 3, 5, 9], [45, 25, 13, 9, 6, 2])[0], hours=random.randint(1, 9))
        told = Story(
            person=person, crime=crime, offence=CRIMES[crime][1] if source == "police_feed" else "", source=source,
            reported=reported, reported_at=(delivered or received) - lag if reported else None, received_at=received,
            delivered_at=delivered,
            high_risk=crime in ("domestic_abuse", "sexual_violence", "stalking", "honour_based_abuse")
            and random.random() < 0.22,
        )  # fmt: skip
        self._hub(told)
        return told

    def _taken_in(self, delivered: datetime) -> datetime:
        """With its file, or some days later where the row was held."""
        later = self.after(delivered, 0.1, 3) if self.random.random() < HELD_FIRST else delivered
        return later if self.happened(later) else delivered

    def happened(self, at: datetime) -> bool:
        return at < self.until

    def _hub(self, told: Story) -> None:
        """Attempts, then assessment and offers, or a close by the hub."""
        at = self.after(told.received_at, 0, 0.4 if told.high_risk else 4.2)
        for _ in range(4):
            if not self.happened(at):
                return
            reached = self.random.random() < 0.55
            told.attempts.append((at, reached))
            if reached:
                return self._assess(told, at)
            at = self.after(at, 1, 4)
        self._close(told, at, "not_reached")

    def _assess(self, told: Story, at: datetime) -> None:
        wants = 0.9 if told.high_risk else 0.64
        if self.random.random() > wants:
            return self._close(told, at, self.pick({"victim_declined": 55, "advice_given": 40, "already_supported": 5}))
        told.needs = tuple(sorted(self.random.sample(NEEDS, self.random.randint(1, 3))))
        fitting = self._fitting(told)
        for kind, service in fitting:
            at = self.after(at, 0.05, 1.2)
            if not self.happened(at):
                return None
            attempt = Try(kind, service, at)
            told.tries.append(attempt)
            answered = self.after(at, 0.1, 2.2)
            if not self.happened(answered):
                return None
            attempt.answered_at = answered
            attempt.accepted = self.random.random() > 0.08 or (kind, service) == fitting[-1]
            if attempt.accepted:
                return self._support(told, attempt, answered)
            attempt.declined_why = self.random.choice(DECLINES)
            at = answered
        return None

    def _fitting(self, told: Story) -> list[tuple[Kind, Service]]:
        age = (told.received_at.date() - told.person.born).days // 365
        fitting = [
            (kind, service) for kind, service in self.cast.services
            if told.crime in kind.crimes and (kind.ages[0] or 0) <= age <= (kind.ages[1] or 200)
            and (kind.high_risk or not told.high_risk) and (not kind.sexes or told.person.sex in kind.sexes)
        ]  # fmt: skip
        self.random.shuffle(fitting)
        general = [pair for pair in self.cast.services if pair[0].code == "evergreen-neighbours"]
        return (fitting or general)[:2]

    def _close(self, told: Story, at: datetime, why: str) -> None:
        if self.happened(at):
            told.closed_at, told.closed_why = at, why

    def _support(self, told: Story, attempt: Try, at: datetime) -> None:
        random, case = self.random, Support(attempt)
        told.support = case
        first = self.after(at, *attempt.kind.first_contact_days)
        if not self.happened(first):
            return
        case.first_contact_at = first
        ends = self.after(first, attempt.kind.weeks[0] * 7, attempt.kind.weeks[1] * 7)
        moment = first
        while moment < min(ends, self.until):
            case.contacts.append(moment)
            moment = self.after(moment, 6, 20)
        if random.random() < 0.88:
            case.first = {outcome: [random.randint(1, 3), random.randint(1, 4)] for outcome in OUTCOMES}
        if self.happened(ends):
            self._end(told, case, ends)

    def _end(self, told: Story, case: Support, at: datetime) -> None:
        case.closed_at, case.closed_why = at, self.pick(ENDINGS)
        told.closed_at, told.closed_why = at, case.closed_why
        if case.first and case.closed_why in ("support_completed", "needs_met") and self.random.random() < 0.84:
            case.last = {outcome: self._changed(outcome, scores) for outcome, scores in case.first.items()}

    def _changed(self, outcome: str, scores: list[int]) -> list[int]:
        better = self.random.random() < CHANGES[outcome]
        steps = self.random.choice([1, 1, 2]) if better else self.random.choice([0, 0, 0, -1])
        return [min(5, max(1, score + steps)) for score in scores]


def transfer_before(at: datetime) -> datetime:
    """The last file of the force up to a moment, in UTC."""
    local = at.astimezone(clocks.LONDON)
    day = local.date() if local.time() >= TRANSFER else local.date() - timedelta(days=1)
    return datetime.combine(day, TRANSFER, clocks.LONDON).astimezone(UTC)


NEEDS = ["health", "accommodation", "family", "work_learning", "drugs_alcohol", "money", "outlook", "social"]
