"""Every address that is about a record, tried by neighbours, with each lock taken away in turn.

The objects come from a small synthetic year; the neighbours work for organisations that have nothing to do with it.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db.models import Model
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from alongside.commissioning.returns.models import Arrangement, Query, Return
from alongside.commissioning.returns.models import Paper as ReturnPaper
from alongside.config.demo.world import build
from alongside.config.house.generated import _patterns
from alongside.core.access import middleware
from alongside.core.access.declare import Declared
from alongside.core.ids import uuid7
from alongside.core.privacy import fields
from alongside.core.rows import records
from alongside.core.rows.records import OfParent, Record, Records
from alongside.foundation.office.messages.models import ContactPoint, Outgoing
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.changes.models import Change
from alongside.support.arrivals.clocks.models import Pause
from alongside.support.arrivals.deliveries.models import Connection, Folder
from alongside.support.arrivals.feeds.models import Delivery, KeptRow, SourceVersion, Upload
from alongside.support.arrivals.reconciliation.models import Alarm as FileAlarm
from alongside.support.arrivals.referrals.models import Offer, Referral, Standing
from alongside.support.arrivals.replies.models import Reply
from alongside.support.arrivals.routing.models import Draft as RoutingDraft
from alongside.support.arrivals.routing.models import Preview
from alongside.support.arrivals.sources.models import Draft
from alongside.support.arrivals.threads.models import Attachment, Enclosure, Post
from alongside.support.cases.appointments.models import Appointment
from alongside.support.cases.audits.models import Audit
from alongside.support.cases.audits.models import Item as AuditItem
from alongside.support.cases.casework.models import Case
from alongside.support.cases.groups.models import Group, Member
from alongside.support.cases.imports.models import Batch as BroughtBatch
from alongside.support.cases.imports.models import Row as BroughtRow
from alongside.support.cases.journey.models import Page, Said, Voice
from alongside.support.cases.notes.models import Cabinet, Counsel
from alongside.support.cases.others.models import Clash, Condition, Party
from alongside.support.cases.papers.models import Passed
from alongside.support.cases.plans.models import Given
from alongside.support.cases.practical.models import Entry as LedgerEntry
from alongside.support.cases.practical.models import Fund
from alongside.support.cases.practical.models import Request as HelpRequest
from alongside.support.cases.related.models import Professional, Relative
from alongside.support.cases.risk.models import Alert as RiskAlert
from alongside.support.cases.risk.models import Sitting
from alongside.support.cases.safety.models import Entry, Paper
from alongside.support.cases.tasks.models import Task
from alongside.support.cases.transfers.models import Transfer
from alongside.support.desk.assessment.models import Alarm, Detail, Heard
from alongside.support.desk.triage.models import Batch, SavedView
from alongside.support.keeping.restricted.models import Breaking, Conflict
from alongside.support.keeping.retention.models import Hold
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db
NEIGHBOURS = ("neighbour_manager", "neighbour_caseworker", "far_caseworker", "far_triage_officer", "referrer",
              "commissioning_officer", "board_member", "office_administrator")  # fmt: skip
# Public facts and one organisation's own people, which its own tests try.
NOT_PERSONAL = (
    "directory.Service", "proposals.Proposal", "pathways.Draft", "pathways.Lead", "accounts.Invitation",
    "organisations.Membership", "finding.Missed", "freshness.Flag", "organisations.Reset", "accounts.User",
    "duty.Turn", "duty.Absence", "community.Group", "community.Need", "community.Contact", "community.ContactPerson",
    "community.Consortium", "community.Member", "registrations.Registration", "lists.List", "lists.Reading",
    "lists.Difference", "day.Absence", "risk.Draft", "tools.Draft", "waiting.WaitingList", "forecasts.Forecast",
    "groups.Group", "groups.Meeting", "audits.Audit", "supervision.Bond", "supervision.Meeting", "supervision.Decision",
    "groups.Group", "groups.Meeting", "lessons.Lesson", "publications.Publication", "exploring.SavedView",
    "templates.Draft",
)  # fmt: skip


@pytest.fixture
def year(world: World) -> None:
    build(scale=0.02, until=timezone.now())
    hub = Organisation.objects.get(code="sample-hub")
    delivery = Delivery.objects.create(
        hub_id=hub.pk, source=Organisation.objects.get(code="sample-force"), file="sample.csv", sha256="0" * 64,
        charset="utf-8", received_at=timezone.now(), sent=1, accepted=0, duplicate=0, held={"no_consent": 1},
    )  # fmt: skip
    Upload.objects.create(hub_id=hub.pk, source_id=delivery.source_id, file="sample.csv", lines=1, delivery=delivery,
                          uploaded_at=timezone.now(), uploaded_by=uuid7())  # fmt: skip
    said = {"hub_id": hub.pk, "source_id": delivery.source_id, "name": "Sample", "contact": "Sample"}
    SourceVersion.objects.create(number=1, columns={}, saved_at=timezone.now(), **said)
    Draft.objects.create(begun_at=timezone.now(), begun_by=uuid7(), **said)
    kept = KeptRow(delivery=delivery, hub_id=hub.pk, line=2, outcome="held", reason="no_consent",
                   expires_at=timezone.now() + timedelta(days=9))  # fmt: skip
    fields.write(kept, content='{"given_name": "Testina"}')
    kept.save(force_insert=True)
    _worked(world, hub, delivery, kept)
    _assessed(hub)
    _supported(hub)
    _answered_for()
    seal_broken(hub.pk)
    opened = {"hub_id": hub.pk, "source_id": delivery.source_id, "name": "sample", "opened_at": timezone.now(),
              "opened_by": uuid7()}  # fmt: skip
    Connection.objects.create(secret=b"0" * 16, **opened)
    Folder.objects.create(**opened)
    Hold.objects.create(victim=Victim.objects.filter(hub_id=hub.pk).earliest("pk"), reason="complaint",
                        review_on=world.now.date(), set_at=world.now)  # fmt: skip


def _answered_for() -> None:
    """A return of somebody else's provider to somebody else's office, with a document and a question."""
    office, provider = (Organisation.objects.get(code=code) for code in ("sample-policing-body", "lantern"))
    now, between = timezone.now(), {"office": office, "provider": provider, "template": "quarterly", "size": "small"}
    asked = Arrangement.objects.create(since=now.date(), made_at=now, **between)
    filing = Return.objects.create(arrangement=asked, version=1, quarter="2026Q2", state="SENT", round=1, opened_at=now,
                                   due_on=now.date(), sent_at=now, **between)  # fmt: skip
    Query.objects.create(filing=filing, question="q1", asked_at=now)
    ReturnPaper.objects.create(filing=filing, question="q30", kind="txt", size=1, content=b"x", sent_at=now)


def seal_broken(hub: int) -> None:
    """A seal that somebody broke, and somebody who knows a person."""
    referral = Referral.objects.filter(hub_id=hub).earliest("pk")
    now = timezone.now()
    Breaking.objects.create(
        victim_id=referral.victim_id, referral_id=referral.pk, hub_id=hub, organisation_id=hub, user_id=uuid7(),
        reason="life_in_danger", broken_at=now, until=now,
    )  # fmt: skip
    Conflict.objects.create(
        user_id=uuid7(), organisation_id=hub, victim_id=referral.victim_id, relation="friend", declared_at=now,
        declared_by=uuid7(),
    )  # fmt: skip


def _worked(world: World, hub: Organisation, delivery: Delivery, kept: KeptRow) -> None:
    """What the hub set up and was told."""
    SavedView.objects.create(hub_id=hub.pk, owner_id=uuid7(), name="Sample", view="late", saved_at=timezone.now())
    Batch.objects.create(hub_id=hub.pk, user_id=uuid7(), done_at=timezone.now())
    stands = Referral.objects.filter(hub_id=hub.pk).earliest("pk")
    Pause.objects.create(referral=stands, victim_id=stands.victim_id, reason="victim_asked", since=date(2026, 9, 1),
                         until=date(2026, 9, 9), paused_at=timezone.now())  # fmt: skip
    Reply.objects.create(hub_id=hub.pk, source_id=delivery.source_id, kept_id=kept.pk, lookup=b"0" * 16, told="asked",
                         made_at=world.now, reason="other", opens_until=timezone.now() + timedelta(days=9))  # fmt: skip
    victim = Victim.objects.filter(hub_id=hub.pk).earliest("pk")
    change = Change(
        victim_id=victim.pk, referral_id=uuid7(), hub_id=hub.pk, kept_id=kept.pk, source_id=delivery.source_id,
        provider_id=0, seen=1, came_at=world.now,
    )  # fmt: skip
    fields.write(change, differences="[]")
    change.save(force_insert=True)
    FileAlarm.objects.create(hub_id=hub.pk, source_id=delivery.source_id, day=world.now.date(), kind="missing",
                             due_at=world.now, raised_at=world.now)  # fmt: skip
    by = {"begun_at": timezone.now(), "begun_by": uuid7(), "changed_at": timezone.now(), "changed_by": uuid7()}
    RoutingDraft.objects.create(hub_id=hub.pk, **by)
    Preview.objects.create(hub_id=hub.pk, first_on=world.now.date(), last_on=world.now.date(),
                           asked_at=timezone.now(), asked_by=uuid7())  # fmt: skip


def _assessed(hub: Organisation) -> None:
    """What was found of somebody, and that there was danger."""
    referral = Referral.objects.filter(hub_id=hub.pk).latest("received_at")
    said = {"referral": referral, "victim_id": referral.victim_id}
    Detail.objects.create(assessed_at=timezone.now(), **said)
    Alarm.objects.create(raised_at=timezone.now(), **said)
    Heard.objects.create(what="need", code="money", heard_at=timezone.now(), **said)
    standing = Standing.objects.filter(hub_id=hub.pk).latest("received_at")
    post = Post.objects.create(standing=standing, from_hub=False, written_at=timezone.now())
    file = Attachment(post=post, standing=standing, kind="txt", size=1, added_at=timezone.now())
    fields.write(file, content="VGVzdGluYQ==", called="Testina.txt")
    file.save(force_insert=True)
    case = Case.objects.filter(hub_id=hub.pk).latest("accepted_at")
    passed = Passed(
        hub_id=hub.pk, victim_id=case.victim_id, referral_id=case.referral_id, offer_id=case.offer_id,
        attachment_id=file.pk, provider=case.provider, kind="txt", size=1, came_at=timezone.now(), state="PASSED",
        chosen_at=timezone.now(), passed_at=timezone.now(),
    )  # fmt: skip
    fields.write(passed, content="VGVzdGluYQ==", what="Testina")
    passed.save(force_insert=True)
    records.share("paper", passed.pk, case.provider_id, why="passed on")
    Appointment.objects.create(
        case=case, victim_id=case.victim_id, provider_id=case.provider_id, kind="session", kind_ref="session@1",
        starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=1), place="ours", planned_at=timezone.now(),
    )  # fmt: skip
    group = Group.objects.create(
        provider_id=case.provider_id, service=case.service, kind="peer", kind_ref="peer@1", name="Sample", places=9,
        starts_on=timezone.now().date(), place="ours", made_at=timezone.now(),
    )  # fmt: skip
    Member.objects.create(group=group, case=case, victim_id=case.victim_id, state="IN", asked_at=timezone.now())
    cabinet = Cabinet.objects.create(case=case, readers=[uuid4()], opened_at=timezone.now())
    Counsel.objects.create(case=case, cabinet=cabinet, victim_id=case.victim_id, written_at=timezone.now())
    _asked_of_risk(case)
    _around(case)
    chosen = Enclosure(user_id=uuid4(), organisation_id=standing.organisation_id, kind="txt", size=1,
                       added_at=timezone.now())  # fmt: skip
    fields.write(chosen, content="VGVzdGluYQ==", called="Testina.txt")
    chosen.save(force_insert=True)


def _supported(hub: Organisation) -> None:
    """A plan that somebody was given, and money that was asked for on their case."""
    case, now = Case.objects.filter(hub_id=hub.pk).latest("accepted_at"), timezone.now()
    said = {"case": case, "victim_id": case.victim_id}
    along = BroughtBatch.objects.create(provider_id=case.provider_id, state="MAPPED", uploaded_at=now)
    BroughtRow.objects.create(batch=along, owner_id=along.pk, number=1, state="MEND")
    Given.objects.create(number=99, way="paper", safe="lives_apart", shares_home="no", given_at=now, **said)
    Transfer.objects.create(
        case_id=case.pk, referral_id=case.referral_id, victim_id=case.victim_id, sender=case.provider,
        receiver=case.provider, service=case.service, why="moved", crime_type=case.crime_type, state="TAKEN_BACK",
        offered_at=now, due_at=now, answered_at=now,
    )  # fmt: skip
    fund = Fund.objects.create(organisation=case.provider, name="Sample route fund", kinds=["food"], opened_at=now)
    LedgerEntry.objects.create(fund=fund, number=1, kind="put_in", pence=1, on=now.date(), entered_at=now)
    HelpRequest.objects.create(fund=fund, number="H-9999", kind="food", rule="food@1", pence=1, how="cash",
                               asked_at=now, **said)  # fmt: skip


def _around(case: Case) -> None:
    """Somebody of the household, a professional, the other party with an order, and a conflict for a manager."""
    now, whose = timezone.now(), {"case": case, "victim_id": case.victim_id}
    Relative.objects.create(relation="child", child=True, lives="elsewhere", written_at=now, **whose)
    Professional.objects.create(role="gp", may_be_told="no", told_on=now.date(), written_at=now, **whose)
    party = Party.objects.create(relation="partner", lives="not_known", written_at=now, **whose)
    Condition.objects.create(piece=party.piece, kind="bail", added_at=now, **whose)
    Clash.objects.create(provider_id=case.provider_id, against_id=uuid4(), what="same_group", found_at=now, **whose)


def _asked_of_risk(case: Case) -> None:
    """A risk that rose, and a safety plan with a piece on paper."""
    now, whose = timezone.now(), {"case": case, "victim_id": case.victim_id}
    sitting = Sitting.objects.create(
        kind="stalking", set_code="stalking", set_version=1, begun_at=now, saved_at=now, **whose
    )  # fmt: skip
    RiskAlert.objects.create(sitting=sitting, raised_at=now, due_at=now, **whose)
    entry = Entry.objects.create(section="home", written_at=now, **whose)
    Paper.objects.create(home_shared="no", entries=[entry.pk], printed_at=now, **whose)
    _looked_after(case)


def _looked_after(case: Case) -> None:
    """A case that was read in an audit, with something to do."""
    now = timezone.now()
    whose, on = {"case": case, "victim_id": case.victim_id}, now.date()
    audit = Audit.objects.create(
        organisation_id=case.provider_id, seed="0", of_each=False, number=1, which="both", since=on, until=on,
        weighted=False, left_out=0, drawn_at=now,
    )  # fmt: skip
    AuditItem.objects.create(audit=audit, worker=uuid4(), position=1, **whose)
    Task.objects.create(why="audit", source=audit.pk, due_on=on, asked_at=now, **whose)
    _said_on_their_page(case)


def _said_on_their_page(case: Case) -> None:
    """A page of a victim's own, with something said to the worker and something to the manager."""
    now, whose = timezone.now(), {"case": case, "victim_id": case.victim_id}
    page = Page.objects.filter(case=case).first() or Page.objects.create(
        provider_id=case.provider_id, handle=b"0" * 16, written_at=now, **whose
    )  # fmt: skip
    Said.objects.create(page=page, kind="words", said_at=now, **whose)
    voice = Voice(page=page, provider_id=case.provider_id, kind="complaint", said_at=now, due_at=now, **whose)
    fields.write(voice, body="{}")
    voice.save(force_insert=True)


def object_routes() -> Iterator[tuple[str, Declared]]:
    """What a session may reach; what needs a token is tried with tokens, in the tests of deliveries."""
    for route, _, declared in _patterns(get_resolver(settings.ROOT_URLCONF)):
        if declared is None or declared.of is None or declared.by_token:
            continue
        if declared.of._meta.label not in NOT_PERSONAL:
            yield route, declared


def address(route: str, key: object) -> str:
    """The address of a record; a second id in it is that of nothing."""
    found = route.replace("<uuid:pk>", str(key)).replace("<slug:kind>", "arrested").replace("<str:code>", "sex")
    return "/" + re.sub(r"<uuid:\w+>", str(uuid4()), found)


def instance(model: type[Model]) -> Model:
    found = model._default_manager.order_by("pk").first()
    if model is Offer:
        found = Offer.objects.filter(state="OFFERED").first() or found
    assert found is not None, f"the synthetic year has no {model._meta.label}"
    return found


def asked(client: Client, where: str) -> tuple[tuple[int, bytes], tuple[int, bytes]]:
    """(status, body) of a GET and of a POST. An address that takes a POST alone answers 405 to any GET."""
    got, posted = client.get(where), client.post(where)
    return (got.status_code, got.content), (posted.status_code, posted.content)


def nothing(client: Client, where: str) -> bool:
    (got, _), (posted, _) = asked(client, where)
    return got in (404, 405) and posted == 404


def everywhere(world: World) -> Iterator[tuple[str, str, Any]]:
    for route, declared in object_routes():
        assert declared.of is not None
        for person in NEIGHBOURS:
            yield route, person, instance(declared.of).pk


def test_there_are_routes_to_try() -> None:
    assert len(list(object_routes())) > 25


@pytest.mark.usefixtures("year")
def test_foreign_and_absent_are_the_same_404(world: World) -> None:
    absent: dict[str, bytes] = {}
    for route, person, key in everywhere(world):
        client = world.client(person)
        absent.setdefault(person, client.get("/no-such-page/").content)
        foreign = asked(client, address(route, key))
        assert foreign == asked(client, address(route, uuid7())), (route, person)
        assert foreign[1] == (404, absent[person]), (route, person)


@pytest.mark.usefixtures("year")
def test_without_the_first_lock_neighbours_still_see_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if `visible_to` were forgotten: row security alone."""
    for locked in (Records, OfParent):
        monkeypatch.setattr(locked, "visible_to", lambda rows, actor: rows.all())
    for model in (Delivery, KeptRow, Return, Query, ReturnPaper):
        monkeypatch.setattr(type(model.objects.all()), "visible_to", lambda rows, actor: rows.all())
    for route, person, key in everywhere(world):
        assert nothing(world.client(person), address(route, key)), (route, person)


@pytest.mark.usefixtures("year")
def test_without_row_security_neighbours_still_see_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no policy held: `visible_to` alone. It fails when one view loses its `visible_to`."""
    monkeypatch.setattr(middleware, "enter", lambda realm, **context: None)
    for route, person, key in everywhere(world):
        assert nothing(world.client(person), address(route, key)), (route, person)


@pytest.mark.usefixtures("year")
def test_without_row_security_lists_hold_nothing_of_a_neighbour(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no policy held: a list shows what `visible_to` leaves, and that is nothing of this year."""
    monkeypatch.setattr(middleware, "enter", lambda realm, **context: None)
    references = list(Referral.objects.values_list("reference", flat=True))
    lists = [
        route
        for route, _, declared in _patterns(get_resolver(settings.ROOT_URLCONF))
        if declared is not None and declared.rows is not None and "<" not in route
    ]
    assert {"referrals/", "casework/cases/"} <= set(lists)
    shown = 0
    for route in lists:
        for person in NEIGHBOURS:
            page = world.client(person).get(f"/{route}?state=all&whose=&view=all")
            shown += page.status_code == 200
            assert not [found for found in references if found.encode() in page.content], (route, person)
    assert shown


def test_records_take_their_first_lock_from_one_place() -> None:
    for model in (ContactPoint, Outgoing):
        assert issubclass(model, Record)
