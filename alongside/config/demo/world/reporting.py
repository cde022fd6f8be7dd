"""Three reporting centres with some months of reports: busy, steady and quiet; most of them without a name."""

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID, uuid4

from alongside.config.demo import personas
from alongside.config.demo.world.cast import Cast
from alongside.core import clocks
from alongside.core.privacy import crypt, fields
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.centres import queries, rules
from alongside.support.desk.centres.models import Added, Centre, Report, Slip

# code: kind, name, address, hours, reports a month, months since the last.
CENTRES = (
    ("sample-library", "library", "Sample Central Library", "1 Sample Square, Birmingham",
     "Monday to Saturday, 10am to 5pm", 5, 0),
    ("sample-community", "community", "Riverside Sample Community Centre", "24 Example Road, Wolverhampton",
     "Tuesday and Thursday, 2pm to 8pm", 3, 0),
    ("sample-students", "students", "Sample Students' Union", "Sample Campus, Coventry",
     "In term time, Monday to Friday, noon to 3pm", 2, 5),
)  # fmt: skip
MONTHS = 9
WORDS = ("Sample words: somebody shouted at us from a car and drove on.", "Sample words: it was written on our door.",
         "Sample words: they followed me from the stop and laughed.", "Sample words: messages every evening.",
         "Sample words: I was refused a seat, and everybody heard why.")  # fmt: skip
WHY = ("Sample words: of what they called me.", "Sample words: they pointed at my chair.",
       "Sample words: it happens whenever we leave the service.", "")  # fmt: skip
ADDED = "Sample words: it happened again, at the same stop."


def open_centres(cast: Cast, random: Random, *, until: datetime) -> None:
    """The centres with their reports, some of which became referrals of the world."""
    asked = list(
        Referral.objects.filter(crime_type__in=["hate_crime", "hate_incident"], source="partner").order_by("pk")[:6]
    )
    for number, (code, kind, name, address, hours, often, quiet) in enumerate(CENTRES):
        body, _ = Organisation.objects.get_or_create(
            code=code, defaults={"kind": "partner", "force_id": personas.AREA, "name": name, "since": date(2024, 4, 1)}
        )
        if Centre.objects.filter(organisation=body).exists():
            continue
        centre = Centre(
            organisation=body, hub_id=cast.hub.pk, kind=kind, address=address, council=cast.councils[number],
            hours=hours, contact_name=f"Contact Sample-{number + 1}", contact_phone=f"01632 96080{number}",
            contact_email=f"desk@{code}.example", since=clocks.london_date(until - timedelta(days=31 * (MONTHS + 2))),
            poster=rules.poster_code(random.randbytes(8)), poster_since=until - timedelta(days=31 * MONTHS),
        )  # fmt: skip
        centre.lookup = queries.lookup(centre.poster)
        centre.save(force_insert=True)
        for each in range(often * (MONTHS - quiet)):
            ago = timedelta(days=31 * quiet) + timedelta(days=31 * (MONTHS - quiet)) * random.random()
            ago = timedelta(days=random.random() * 4) if not quiet and each < often else ago  # so that some wait
            _report(centre, cast, random, until=until, ago=ago, asked=asked)


def _report(
    centre: Centre, cast: Cast, random: Random, *, until: datetime, ago: timedelta, asked: list[Referral]
) -> None:  # fmt: skip
    """One report: as the public or a worker would have sent it, answered unless it came lately."""
    named, poster = random.random() < 0.3, random.random() < 0.6
    referral = asked.pop() if named and asked and random.random() < 0.6 else None
    day = clocks.london_date(referral.received_at if referral else until - ago)
    hour = time(random.randint(9, 17), random.randint(0, 59)) if named or not poster else time(12)
    received = min(datetime.combine(day, hour, tzinfo=clocks.LONDON), until)
    police = random.choice(["no", "no", "without_name", "with_name" if named else "without_name"])
    report = Report(
        id=uuid4(), reference=rules.reference(random.randbytes(16)), hub_id=cast.hub.pk, centre=centre,
        via="poster" if poster else "worker", received_at=received, named=named, support=referral is not None,
        strands=random.sample(["race", "race", "religion", "disability", "sexual_orientation", "transgender"], 1),
        kind=random.choice(["crime", "crime", "incident", "unsure"]), whose=random.choice(["me", "me", "saw", "told"]),
        police=police, danger=random.random() < 0.04, council=random.choice(cast.councils),
        place=random.choice(["street", "transport", "shop", "school", "online", "home", "worship"]),
        happened=random.choice(["today", "week", "week", "month", "going_on"]),
    )  # fmt: skip
    _say(report, random)
    _answer(report, cast, random, until=until)
    report.save(force_insert=True)
    if referral is not None:
        source = {"source": "third_party_centre", "source_ref": report.reference,
                  "source_organisation": centre.organisation_id}  # fmt: skip
        Referral.objects.filter(pk=referral.pk).update(**source, hate_strands=report.strands)
    _slip(report, centre, random)


def _say(report: Report, random: Random) -> None:
    if report.support:
        return
    crypt.fresh_keys([report.pk])[0].save(force_insert=True)
    who = "Sampleford Testerley\n07700 900955: safe to use" if report.named else ""
    fields.write(report, words=random.choice(WORDS), perception=random.choice(WHY), near="", who=who)


def _answer(report: Report, cast: Cast, random: Random, *, until: datetime) -> None:
    """The hub answers within some days; what came in the last week may wait still."""
    at = report.received_at + timedelta(days=random.randint(1, 9), hours=2)
    if at > until:
        return
    officer: UUID = random.choice(cast.officers)
    if report.police != "no" and random.random() < 0.9:
        report.passed_at, report.passed_by, report.passed_how = at, officer, "portal"
    passed = "passed_on" if report.passed_at else "noted"
    report.state, report.taken_by, report.answered_by = Report.State.CLOSED, officer, officer
    report.answer, report.answered_at = "support" if report.support else passed, at


def _slip(report: Report, centre: Centre, random: Random) -> None:
    slip = Slip(
        id=report.pk, report=report, hub_id=report.hub_id, reference=report.reference, state=report.state,
        organisation_id=centre.organisation_id if report.via == "worker" else None, lookup=random.randbytes(16),
        answer=report.answer, since=report.answered_at or report.received_at, received_at=report.received_at,
    )  # fmt: skip
    slip.save(force_insert=True)
    if not report.support and random.random() < 0.06:
        added = Added(id=uuid4(), slip=slip, report=report, added_at=report.received_at)
        fields.write(added, words=ADDED)
        added.save(force_insert=True)
