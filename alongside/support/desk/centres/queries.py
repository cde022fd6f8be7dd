"""Reads for centres: the centre of a poster, lists of reports for the hub, what a centre may know of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.privacy import crypt, fields
from alongside.core.rows import realms
from alongside.foundation.office.organisations.models import Council, Membership, Organisation
from alongside.foundation.office.organisations.queries import own, people_of
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.centres import rules
from alongside.support.desk.centres.models import Added, Centre, Report, Slip

Choices = tuple[tuple[str, str], ...]
YEAR = timedelta(days=365)
MOST_EXPORTED = 20_000
COUNTED_TO = 100
UNANSWERED = "report_unanswered"
DAYS_OF = {"days": 1, "weeks": 7, "months": 31, "years": 366}
VIEWS: Mapping[str, str] = {
    "to_do": "To do", "police": "To pass to the police", "added": "Added to", "closed": "Answered", "all": "All",
}  # fmt: skip


def lookup(code: str) -> bytes:
    """The blind index of a poster's code."""
    return crypt.blind("poster", rules.tidy_code(code))


def centre_of(code: str, on: date) -> Centre | None:
    """The centre whose poster has this code, while it is open. In the public's realm row security shows no other."""
    index = lookup(code)
    realms.present_ticket(index)
    found = Centre.objects.select_related("organisation").filter(lookup=index).first()
    return found if found and found.is_open(on) else None


def own_centre(actor: Actor, on: date) -> Centre | None:
    """The centre that a worker works for, while it is open."""
    found = Centre.objects.filter(organisation_id__in=actor.orgs).select_related("organisation").first()
    return found if found and found.is_open(on) else None


def councils_near(centre: Centre) -> Choices:
    """The councils of the centre's police area."""
    force = centre.organisation.force_id
    return tuple(Council.objects.current().filter(force_id=force).order_by("name").values_list("code", "name"))


def councils_of(actor: Actor) -> Choices:
    force = own(actor).force_id
    return tuple(Council.objects.current().filter(force_id=force).order_by("name").values_list("code", "name"))


def may_become_centres(actor: Actor) -> "QuerySet[Organisation]":
    """The area's partner agencies that are no centre yet."""
    taken = Centre.objects.values("organisation_id")
    partners = Organisation.objects.filter(kind=Organisation.Kind.PARTNER, force_id=own(actor).force_id, until=None)
    return partners.exclude(pk__in=taken).order_by("name")


def strands(on: date) -> Mapping[str, str]:
    return rulebook.titles("hate_strands", on)


def plain_strands(on: date) -> Choices:
    """The strands in the words of a form."""
    return tuple((row.code, row.text("plain")) for row in rulebook.current("hate_strands", on))


def places(on: date) -> Mapping[str, str]:
    return rulebook.titles("kinds_of_place", on)


def sent_allowed(on: date) -> int | None:
    """How many reports one connection may send in an hour; None where the office withdrew the limit."""
    row = rulebook.find("limits", "reports_sent", on)
    return row.number("number") if row else None


def answer_due(received_at: datetime) -> datetime:
    """When the hub's answer is due."""
    days = rulebook.rule("clocks", "report_answered", clocks.london_date(received_at)).number("working_days")
    return clocks.due(received_at, days)


def kept(code: str, on: date) -> timedelta:
    """For how long a class of reports is kept."""
    keep = rulebook.rule("retention", code, on)
    return timedelta(days=keep.number("keep") * DAYS_OF[keep.text("unit")])


def warned_before(on: date) -> timedelta:
    return timedelta(days=rulebook.rule("limits", "report_warned", on).number("number"))


def erased_on(report: Report, on: date) -> date | None:
    """The day on which an anonymous report that nobody answers is erased, once the hub was warned of it."""
    if report.warned_at is None or report.state == Report.State.CLOSED:
        return None
    over = max(report.received_at + kept(UNANSWERED, on), report.warned_at + warned_before(on))
    return clocks.london_date(over)


def unanswered() -> "QuerySet[Report]":
    """Anonymous reports that nobody answered: who asked for support, or gave a name, is never given up by a machine."""
    return Report.objects.filter(named=False, support=False).exclude(state=Report.State.CLOSED)


def managers(hub: int) -> tuple[UUID, ...]:
    """Who is told at a hub."""
    held = Membership.objects.current().filter(organisation=hub, role="hub_manager", user__is_active=True)
    return tuple(held.values_list("user_id", flat=True))


def slip() -> Slip | None:
    """The one slip that the request presents; row security shows no other."""
    return Slip.objects.first()


def answer_words(code: str, on: date) -> str:
    """What whoever made a report reads of its answer."""
    row = rulebook.find("report_answers", code, on)
    return row.text("reader_reads") if row else ""


# The hub's list.


@dataclass(frozen=True)
class Asked:
    """What a list of reports is asked for."""

    view: str = "to_do"
    q: str = ""
    centre: str = ""
    strand: str = ""
    council: str = ""


def wanted(rows: "QuerySet[Report]", asked: Asked) -> "QuerySet[Report]":
    """The reports of a view, narrowed. A reference finds its report in every view."""
    rows = rows.select_related("centre__organisation")
    if asked.q:
        return rows.filter(reference=rules.tidy(asked.q) or "")
    narrowed = {"centre_id": asked.centre, "strands__contains": [asked.strand] if asked.strand else None,
                "council": asked.council}  # fmt: skip
    rows = in_view(rows, asked.view)
    return rows.filter(**{name: value for name, value in narrowed.items() if value})


def in_view(rows: "QuerySet[Report]", view: str) -> "QuerySet[Report]":
    unread = Exists(Added.objects.filter(report=OuterRef("pk"), read_at=None))
    wanted = {
        "to_do": ~Q(state=Report.State.CLOSED),
        "police": ~Q(police=Report.Police.NO) & Q(passed_at=None),
        "added": Q(unread),
        "closed": Q(state=Report.State.CLOSED),
    }.get(view)
    return rows.filter(wanted) if wanted is not None else rows


def counts(rows: "QuerySet[Report]") -> dict[str, int]:
    """How many wait in each view that is to be worked through; counting stops at a hundred."""
    return {view: in_view(rows, view).order_by()[:COUNTED_TO].count() for view in ("to_do", "police", "added")}


@dataclass(frozen=True)
class Opened:
    """A report opened for somebody who may read it."""

    report: Report
    words: str
    perception: str
    near: str
    who: str
    added: tuple[tuple[Added, str], ...]
    referral: Referral | None
    names: Mapping[UUID | None, str]


def opened(report: Report, by: Actor) -> Opened:
    crypt.load_keys([report.pk])
    added = Added.objects.visible_to(by).filter(report=report).order_by("added_at")
    words, perception, near, who = (fields.read(report, column) for column in ("words", "perception", "near", "who"))
    names: dict[UUID | None, str] = {one.user_id: one.user.name for one in people_of(by)}
    return Opened(
        report, words, perception, near, who, added=tuple((one, fields.read(one, "words")) for one in added),
        referral=referral_of(report, by), names=names,
    )  # fmt: skip


def referral_of(report: Report, by: Actor) -> Referral | None:
    """The referral that a report with support wanted became, for those who see it."""
    if not report.support:
        return None
    return Referral.objects.visible_to(by).filter(source="third_party_centre", source_ref=report.reference).first()


# The hub's centres.


@dataclass(frozen=True)
class Listed:
    """A centre with what came of it."""

    centre: Centre
    last: date | None
    reports: int
    waiting: int
    open: bool
    quiet: bool


def listed(rows: "QuerySet[Centre]", at: datetime, *, since: datetime) -> list[Listed]:
    """The centres by name: reports since a day, those that wait for an answer, and whether it is quiet."""
    on = clocks.london_date(at)
    days = rulebook.rule("limits", "centre_quiet", on).number("number")
    found = rows.select_related("organisation").annotate(
        last=Max("reports__received_at"), number=Count("reports", filter=Q(reports__received_at__gte=since)),
        waiting=Count("reports", filter=~Q(reports__state=Report.State.CLOSED)),
    )  # fmt: skip
    return [_listed(centre, on, days) for centre in found.order_by("organisation__name")]


def _listed(centre: Centre, on: date, days: int) -> Listed:
    moment: datetime | None = getattr(centre, "last", None)
    last = clocks.london_date(moment) if moment else None
    open_, number, waiting = centre.is_open(on), getattr(centre, "number", 0), getattr(centre, "waiting", 0)
    quiet = open_ and rules.is_quiet(last, centre.since, on, days=days)
    return Listed(centre, last, number, waiting, open_, quiet)


def only(centre: Centre) -> "QuerySet[Centre]":
    """This centre, as a list of one."""
    return Centre.objects.filter(pk=centre.pk)


def centre_choices(actor: Actor) -> Choices:
    """The hub's centres by name, for a filter."""
    found = Centre.objects.visible_to(actor).order_by("organisation__name")
    return tuple((str(pk), name) for pk, name in found.values_list("pk", "organisation__name"))


def area_organisation(actor: Actor, code: str) -> Organisation | None:
    """A partner agency of the actor's own police area."""
    area = own(actor).force_id
    return Organisation.objects.filter(code=code, kind=Organisation.Kind.PARTNER, force_id=area, until=None).first()
