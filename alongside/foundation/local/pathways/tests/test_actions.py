"""Writes of pathways: a draft shows nobody anything, a version can be undone, a leaver is deleted."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.foundation.local.pathways import actions, jobs, queries
from alongside.foundation.local.pathways.actions import Known
from alongside.foundation.local.pathways.models import Draft, Lead
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook import actions as rulebook
from tests.world import World

KNOWN = Known("Testa Lead", "Named midwife", "Sample Hospital", "01632 960002", "testa.lead@sample.example", ("fgm",))


def drafted(world: World, person: str = "hub_manager", *, stamp: int = 0, later: int = 0, **words: Any) -> Draft:
    """The office's draft of the page on FGM."""
    row = queries.open_version("fgm")
    body = {**row.body, "first": "Listen first.", **words}
    since = timezone.localdate() + timedelta(days=later)
    return actions.draft(
        "fgm", by=world.actor(person), at=timezone.now(), title=row.title, body=body, source="Office decision",
        since=since, stamp=stamp,
    )  # fmt: skip


def published(world: World, **words: Any) -> None:
    draft = drafted(world, **words)
    actions.publish(draft, by=world.actor("hub_manager"), at=timezone.now(), stamp=draft.stamp)


def led(world: World, **words: Any) -> Lead:
    known = Known(**{**{one: getattr(KNOWN, one) for one in KNOWN.__dataclass_fields__}, **words})
    return actions.put_on(known, by=world.actor("hub_manager"), at=timezone.now())


def words_now() -> str:
    row = queries.pathway("fgm", timezone.localdate())
    return row.text("first") if row else ""


def names() -> list[str]:
    found = Event.objects.order_by("id").values_list("name", flat=True)
    return [name for name in found if name.startswith(("pathway", "lead", "rule."))]


def test_a_draft_is_shown_to_nobody_before_it_is_published(world: World) -> None:
    draft = drafted(world)
    assert words_now() != "Listen first."
    with pytest.raises(RuleBroken, match="meanwhile"):
        actions.publish(draft, by=world.actor("hub_manager"), at=timezone.now(), stamp=9)
    actions.publish(draft, by=world.actor("hub_manager"), at=timezone.now(), stamp=1)
    assert (words_now(), Draft.objects.count()) == ("Listen first.", 0)
    assert names() == ["pathway.drafted", "rule.revised", "pathway.published"]
    with pytest.raises(RuleBroken, match="gone"):
        actions.publish(draft, by=world.actor("hub_manager"), at=timezone.now(), stamp=1)


def test_a_draft_for_a_day_to_come_waits_for_it(world: World) -> None:
    published(world, later=9)
    assert words_now() != "Listen first."
    row = queries.pathway("fgm", timezone.localdate() + timedelta(days=9))
    assert row and row.text("first") == "Listen first."


def test_two_who_write_one_draft_do_not_overwrite_each_other(world: World) -> None:
    drafted(world)
    with pytest.raises(RuleBroken, match="Somebody else of your office"):
        drafted(world)
    assert drafted(world, stamp=1, first="Listen more.").stamp == 2


def test_a_draft_is_dropped_and_what_is_shown_stays(world: World) -> None:
    before = words_now()
    actions.drop(drafted(world), by=world.actor("hub_manager"), at=timezone.now())
    assert (words_now(), Draft.objects.count()) == (before, 0)
    assert names() == ["pathway.drafted", "pathway.draft_dropped"]


def test_an_earlier_version_is_shown_again_and_that_can_be_undone_too(world: World) -> None:
    before, by = words_now(), world.actor("hub_manager")
    published(world)
    actions.undo("fgm", by=by, at=timezone.now(), version=1, seen=2)
    assert words_now() == before
    actions.undo("fgm", by=by, at=timezone.now(), version=2, seen=3)
    assert words_now() == "Listen first."
    assert names()[-1] == "pathway.undone"
    with pytest.raises(RuleBroken, match="earlier version"):
        actions.undo("fgm", by=by, at=timezone.now(), version=4, seen=4)
    with pytest.raises(RuleBroken, match="earlier version"):
        actions.undo("fgm", by=by, at=timezone.now(), version=99, seen=4)


def test_what_was_revised_meanwhile_is_not_overwritten(world: World) -> None:
    draft, row, by = drafted(world), queries.open_version("fgm"), world.actor("office_administrator")
    rulebook.revise("pathways", "fgm", by=by, at=timezone.now(), title="Other", body=dict(row.body),
                    source="Office decision", since=timezone.localdate())  # fmt: skip
    with pytest.raises(RuleBroken, match="Somebody else revised"):
        actions.publish(draft, by=world.actor("hub_manager"), at=timezone.now(), stamp=1)


def test_a_page_that_was_withdrawn_is_written_no_more(world: World) -> None:
    rulebook.withdraw("pathways", "fgm", by=world.actor("hub_manager"), at=timezone.now(), until=timezone.localdate())
    with pytest.raises(RuleBroken, match="withdrawn"):
        queries.open_version("fgm")


def test_only_those_who_keep_the_rulebook_write(world: World) -> None:
    with pytest.raises(RuleBroken, match="hub's manager writes"):
        drafted(world, "service_manager")
    with pytest.raises(RuleBroken, match="hub's manager writes"):
        actions.undo("fgm", by=world.actor("triage_officer"), at=timezone.now(), version=1, seen=1)


def test_the_hub_keeps_its_leads_and_each_step_is_on_record(world: World) -> None:
    lead, by = led(world), world.actor("hub_manager")
    Lead.objects.update(checked_on=timezone.localdate() - timedelta(days=400))
    actions.confirm(lead, by=by, at=timezone.now())
    changed = actions.change(lead, Known("Testa Lead", "Named nurse", "Sample Hospital", "01632 960003"),
                             by=by, at=timezone.now())  # fmt: skip
    assert (changed.role, changed.crime_types, changed.checked_on) == ("Named nurse", [], timezone.localdate())
    event = Event.objects.get(name="lead.changed")
    assert event.details == {"fields": ["role", "phone", "email", "crime_types"]}
    actions.take_off(lead, by=by, at=timezone.now())
    assert not Lead.objects.exists()
    assert names() == ["lead.put_on", "lead.confirmed", "lead.changed", "lead.taken_off"]
    with pytest.raises(RuleBroken, match="not on your list"):
        actions.take_off(lead, by=by, at=timezone.now())


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ({"phone": "", "email": ""}, "somebody has to reach them"),
        ({"phone": "ring me"}, "telephone number"),
        ({"email": "nobody"}, "e-mail"),
    ],
)
def test_a_lead_whom_nobody_can_reach_is_refused(world: World, words: dict[str, str], fault: str) -> None:
    with pytest.raises(RuleBroken, match=fault):
        led(world, **words)


@pytest.mark.parametrize("person", ["triage_officer", "service_manager", "office_administrator"])
def test_nobody_but_the_hubs_manager_keeps_leads(world: World, person: str) -> None:
    lead = led(world)
    with pytest.raises(RuleBroken, match="manager of the hub"):
        actions.put_on(KNOWN, by=world.actor(person), at=timezone.now())
    with pytest.raises(RuleBroken, match="manager of the hub"):
        actions.take_off(lead, by=world.actor(person), at=timezone.now())


def test_a_leaver_is_taken_off_once_they_work_nowhere_here(world: World) -> None:
    user = world.people["caseworker"]
    led(world, email=user.email.upper())
    left = Event.objects.create(
        name="membership.ended", subject=user.pk, at=timezone.now(), details={"user": str(user.pk), "organisation": 1}
    )
    jobs.take_off_leaver(event=str(left.pk), subject=str(user.pk))
    assert Lead.objects.exists()
    Membership.objects.filter(user=user).update(until=timezone.now())
    jobs.take_off_leaver(event=str(left.pk), subject=str(user.pk))
    assert not Lead.objects.exists()
    assert actions.take_off_leaver(user.pk, by=SYSTEM_ACTOR, at=timezone.now()) == 0
