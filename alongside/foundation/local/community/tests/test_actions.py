"""Writes of community groups."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from alongside.core.errors import RuleBroken
from alongside.core.models import Event, PersonKey
from alongside.core.privacy import fields
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.local.community import actions, consortia, queries
from alongside.foundation.local.community.jobs import shred, shred_all
from alongside.foundation.local.community.models import Consortium, Contact, ContactPerson, Group, Member, Need
from alongside.foundation.local.community.rules import About, Asked
from alongside.foundation.office.rulebook.models import Rule
from tests.world import World

pytestmark = pytest.mark.django_db
BIRMINGHAM, WOLVERHAMPTON, CUMBERLAND = "E08000025", "E08000031", "E06000063"
OFFICER = "partnership_officer"
ASKED = Asked(
    "Testina Volunteer", "Cooks", "07700 900 451", "testina@post.example", "14 Placeholder Street", "Evenings"
)


def about(name: str = "Sample Circle", **words: Any) -> About:
    return About(name, **{"councils": (BIRMINGHAM,), **words})


def mapped(world: World, name: str = "Sample Circle", by: str = OFFICER, **words: Any) -> Group:
    return actions.add(about(name, **words), by=world.actor(by), at=world.now)


def contacted(world: World, group: Group, **words: Any) -> Contact:
    told = {"on": world.now.date(), "way": "call", "purpose": "introduction", "answered": True,
            "note": "Spoke of Testina", "next_on": world.now.date() + timedelta(days=30)}  # fmt: skip
    return actions.record_contact(group, by=world.actor(OFFICER), at=world.now, **{**told, **words})


def asked_for(world: World, group: Group, asked: Asked = ASKED) -> ContactPerson:
    return actions.add_person(group, asked, by=world.actor(OFFICER), at=world.now)


def formed(world: World) -> Consortium:
    day = world.now.date() - timedelta(days=30)
    return consortia.form(by=world.actor(OFFICER), at=world.now, name="Sample Reach", purpose="A bid", formed_on=day)


def joined(world: World, consortium: Consortium, **words: Any) -> Member:
    told = {"role": "reaches", "since": world.now.date() - timedelta(days=9)}
    return consortia.join(consortium, by=world.actor(OFFICER), at=world.now, **{**told, **words})


def events() -> list[str]:
    return list(Event.objects.filter(name__startswith="group.").order_by("at", "id").values_list("name", flat=True))


def test_a_group_is_mapped_in_the_hubs_own_area_with_welsh_and_any_other_letters(world: World) -> None:
    group = mapped(
        world, " Tŷ'r Ardd — Łódź 広場 ", what="Croeso <b>i bawb</b>", postcode=" b1 1bb ", reaches=("older",)
    )
    group.refresh_from_db()
    assert (group.name, group.name_key, group.force_id) == (
        "Tŷ'r Ardd — Łódź 広場",
        "ty r ardd lodz 広場",
        "west-midlands",
    )
    assert (group.stage, group.postcode, group.councils) == ("MAPPED", "B11BB", [BIRMINGHAM])
    assert queries.about(group).reaches == ("older",) and events() == ["group.added"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"councils": (CUMBERLAND,)}, "councils"), ({"reaches": ("nonsense",)}, "reaches"),
        ({"legal_form": "nonsense"}, "legal_form"), ({"name": "a" * 10_000}, "name"), ({"councils": ()}, "councils"),
    ],
)  # fmt: skip
def test_what_is_not_on_the_list_is_refused(world: World, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        mapped(world, **{"name": "Sample Circle", **wrong})
    assert broken.value.field == field and not Group.objects.exists()


@pytest.mark.parametrize("person", ["commissioning_officer", "service_manager", "referrer"])
def test_only_a_hub_maps_groups(world: World, person: str) -> None:
    with pytest.raises(RuleBroken, match="hub"):
        mapped(world, by=person)


def test_what_may_be_mapped_already_is_said_to_be_another_group(world: World) -> None:
    mapped(world, "Women's Circle", phone="01632 960 811")
    for same in (about("The WOMENS circle!"), about("Other", phone="+44 1632 960811")):
        with pytest.raises(RuleBroken, match="mapped already"):
            actions.add(same, by=world.actor(OFFICER), at=world.now)
        actions.add(same, by=world.actor(OFFICER), at=world.now, although=True)
    mapped(world, "Men's Circle")
    assert Group.objects.count() == 4


def test_a_group_is_changed_by_whoever_saw_it_as_it_is(world: World) -> None:
    group, by = mapped(world, languages=("pl",)), world.actor(OFFICER)
    seen = actions.stamp(group)
    later = world.now + timedelta(hours=1)
    actions.change(group, about(languages=("pl", "cy"), turnover="none"), by=by, at=later, seen=seen)
    assert Event.objects.get(name="group.changed").details["fields"] == ["languages", "turnover"]
    with pytest.raises(RuleBroken, match="Somebody else changed"):
        actions.change(group, about(), by=by, at=later, seen=seen)


def test_a_code_that_has_ended_stays_where_it_was(world: World) -> None:
    group, by = mapped(world, activities=("food",)), world.actor(OFFICER)
    Group.objects.update(activities=["ended"])
    group.refresh_from_db()
    kept = about(activities=("ended", "food"))
    actions.change(group, kept, by=by, at=world.now, seen=actions.stamp(group))
    assert Group.objects.get().activities == ["ended", "food"]
    assert not Rule.objects.filter(book="group_activities", code="ended").exists()


def test_a_hub_of_another_area_changes_nothing(world: World) -> None:
    group, by = mapped(world), world.actor("far_triage_officer")
    person, need = (
        asked_for(world, group),
        actions.note_need(group, by=world.actor(OFFICER), at=world.now, code="insurance"),
    )
    made = formed(world)
    for act in (
        lambda: actions.change(group, about(), by=by, at=world.now, seen=actions.stamp(group)),
        lambda: actions.end(group, by=by, at=world.now),
        lambda: actions.add_person(group, ASKED, by=by, at=world.now),
        lambda: actions.change_person(person, ASKED, by=by, at=world.now),
        lambda: actions.take_off_person(person, by=by, at=world.now),
        lambda: actions.meet_need(need, by=by, at=world.now),
        lambda: consortia.end(made, by=by, at=world.now),
    ):
        with pytest.raises(RuleBroken):
            act()
    assert ContactPerson.objects.exists() and Need.objects.get().state == "OPEN"


def test_a_talk_is_written_down_sealed_and_the_next_is_due(world: World) -> None:
    group = mapped(world)
    contact = contacted(world, group)
    group.refresh_from_db()
    assert (group.stage, group.last_contact_on) == ("IN_TOUCH", world.now.date())
    assert b"Testina" not in bytes(contact.note) and fields.read(contact, "note") == "Spoke of Testina"
    assert queries.count_due(world.actor(OFFICER), world.now.date()) == 0
    assert queries.count_due(world.actor(OFFICER), world.now.date() + timedelta(days=30)) == 1
    earlier = world.now.date() - timedelta(days=9)
    contacted(world, group, on=earlier, answered=False, note="", next_on=None)
    group.refresh_from_db()
    assert (group.last_contact_on, group.next_contact_on) == (world.now.date(), None)
    assert [(one.contact.on, one.by) for one in queries.talks(group, world.actor(OFFICER))] == [
        (world.now.date(), "Testa Partnership Officer"), (earlier, "Testa Partnership Officer"),
    ]  # fmt: skip


def test_a_talk_that_was_written_wrongly_is_deleted_with_its_key(world: World) -> None:
    group, by = mapped(world), world.actor(OFFICER)
    earlier = world.now.date() - timedelta(days=9)
    kept, wrong = contacted(world, group, on=earlier, next_on=None), contacted(world, group)
    with pytest.raises(RuleBroken):
        actions.take_back_contact(wrong, by=world.actor("far_triage_officer"), at=world.now)
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk], user=by.user_id):
        actions.take_back_contact(wrong, by=by, at=world.now)
    with pytest.raises(RuleBroken, match="deleted it already"):
        actions.take_back_contact(wrong, by=by, at=world.now)
    group.refresh_from_db()
    assert group.last_contact_on == earlier
    with transaction.atomic(), inside(Realm.WORKER):
        shred(event="", subject=str(wrong.pk))
        shred(event="", subject=str(kept.pk))
    assert list(PersonKey.objects.values_list("person_id", flat=True)) == [kept.pk]


def test_a_group_that_asks_for_it_is_erased_with_all_that_hangs_on_it(world: World) -> None:
    group, by = mapped(world), world.actor(OFFICER)
    asked_for(world, group), contacted(world, group), joined(world, formed(world), group=group)
    actions.note_need(group, by=by, at=world.now, code="insurance")
    with pytest.raises(RuleBroken, match="no longer active"):
        actions.erase(group, by=by, at=world.now)
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk], user=by.user_id):
        actions.erase(actions.end(group, by=by, at=world.now), by=by, at=world.now)
    left = [model.objects.count() for model in (Group, Need, ContactPerson, Contact, Member, Consortium)]
    assert left == [0, 0, 0, 0, 0, 1] and PersonKey.objects.count() == 2
    with transaction.atomic(), inside(Realm.WORKER):
        shred_all(event=str(Event.objects.get(name="group.erased").pk), subject="")
    assert not PersonKey.objects.exists()


def test_whom_nobody_answered_is_not_in_touch(world: World) -> None:
    group = mapped(world)
    contacted(world, group, answered=False)
    group.refresh_from_db()
    assert group.stage == "MAPPED"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"on": date(2026, 9, 15)}, "on"), ({"way": "pigeon"}, "way"), ({"purpose": "gossip"}, "purpose"),
        ({"note": "x" * 2001}, "note"), ({"next_on": date(2026, 9, 14)}, "next_on"),
        ({"on": date(2026, 1, 1), "next_on": date(2026, 9, 14)}, "next_on"),
    ],
)  # fmt: skip
def test_a_talk_that_cannot_be_is_not_written(world: World, wrong: dict[str, Any], field: str) -> None:
    group = mapped(world)
    with pytest.raises(RuleBroken) as broken:
        contacted(world, group, **wrong)
    assert broken.value.field == field and not Contact.objects.exists()


def test_a_group_goes_from_stage_to_stage_and_ends_with_nothing_due(world: World) -> None:
    group, by = mapped(world), world.actor(OFFICER)
    contacted(world, group)
    member = joined(world, formed(world), group=group)
    for move in ("help_bid", "work_together", "step_back", "end"):
        group = actions.MOVES[move](group, by=by, at=world.now)
    member.refresh_from_db()
    assert (group.stage, group.next_contact_on, member.until) == ("INACTIVE", None, world.now.date())
    with pytest.raises(RuleBroken, match="no longer active"):
        contacted(world, group)
    with pytest.raises(RuleBroken):
        actions.get_in_touch(group, by=by, at=world.now)
    assert actions.come_back(group, by=by, at=world.now).stage == "MAPPED"
    assert actions.get_in_touch(group, by=by, at=world.now).stage == "IN_TOUCH"


def test_whom_to_ask_for_is_sealed_changed_and_deleted(world: World) -> None:
    group, by = mapped(world), world.actor(OFFICER)
    person = asked_for(world, group)
    stored = b"".join(bytes(getattr(person, name)) for name in ("name", "phone", "email", "address", "how"))
    assert b"Testina" not in stored and b"Placeholder" not in stored and queries.asked(person) == ASKED
    actions.change_person(person, Asked("Tess", how="Ask at the hall"), by=by, at=world.now)
    person.refresh_from_db()
    assert (queries.asked(person).name, queries.asked(person).address, bytes(person.phone_index)) == ("Tess", "", b"")
    actions.take_off_person(person, by=by, at=world.now)
    assert not ContactPerson.objects.exists()
    with pytest.raises(RuleBroken, match="taken this person off"):
        actions.take_off_person(person, by=by, at=world.now)


def test_the_key_of_whoever_was_taken_off_is_destroyed(world: World) -> None:
    group, by = mapped(world), world.actor(OFFICER)
    gone, kept = asked_for(world, group), asked_for(world, group)
    actions.take_off_person(gone, by=by, at=world.now)
    with transaction.atomic(), inside(Realm.WORKER):
        for person in (gone, kept):
            shred(event="", subject=str(person.pk))
    assert list(PersonKey.objects.values_list("person_id", flat=True)) == [kept.pk]
    assert queries.asked(kept) == ASKED


@pytest.mark.parametrize("wrong", [Asked(" ", phone="07700 900 451"), Asked("Testina")])
def test_whom_to_ask_for_has_a_name_and_a_way(world: World, wrong: Asked) -> None:
    group = mapped(world)
    with pytest.raises(RuleBroken, match="Enter a"):
        asked_for(world, group, wrong)


def test_a_need_is_open_then_helped_then_met_and_comes_up_again(world: World) -> None:
    group, by = mapped(world), world.actor(OFFICER)
    need = actions.note_need(group, by=by, at=world.now, code="insurance")
    with pytest.raises(RuleBroken, match="noted already"):
        actions.note_need(group, by=by, at=world.now, code="insurance")
    with pytest.raises(RuleBroken, match="Choose what"):
        actions.note_need(group, by=by, at=world.now, code="nonsense")
    later = world.now + timedelta(days=9)
    assert actions.help_need(need, by=by, at=later).state == "HELPED"
    met = actions.meet_need(need, by=by, at=later)
    assert (met.state, met.since, met.changed_on) == ("MET", world.now.date(), later.date())
    assert actions.note_need(group, by=by, at=later, code="insurance").state == "OPEN"
    actions.meet_need(need, by=by, at=later)
    assert actions.ask_again(need, by=by, at=later).state == "OPEN" and Need.objects.count() == 1


def test_a_group_is_linked_to_what_it_became_in_its_own_area(world: World) -> None:
    group, by = mapped(world), world.actor(OFFICER)
    assert actions.link(group, by=by, at=world.now, organisation=world.neighbour).organisation == world.neighbour
    with pytest.raises(RuleBroken, match="own area"):
        actions.link(group, by=by, at=world.now, organisation=world.far_provider)
    assert actions.link(group, by=by, at=world.now, organisation=None).organisation is None


# Consortia.


def test_groups_and_organisations_join_and_one_of_them_leads(world: World) -> None:
    made, group = formed(world), mapped(world)
    joined(world, made, role="lead", organisation=world.provider)
    joined(world, made, group=group)
    with pytest.raises(RuleBroken, match="leads it already"):
        joined(world, made, role="lead", organisation=world.neighbour)
    with pytest.raises(RuleBroken, match="in it already"):
        joined(world, made, group=group)
    assert [one.called for one in queries.members_of(made, world.actor("analyst"))] == [
        "Lantern Sample Charity", "Sample Circle",
    ]  # fmt: skip
    assert Member().called == ""


def test_who_may_not_be_in_it_is_refused(world: World) -> None:
    made, group, by = formed(world), mapped(world), world.actor(OFFICER)
    wrong: list[dict[str, Any]] = [
        {"organisation": world.far_provider}, {"organisation": world.body}, {}, {"group": group, "role": "nonsense"},
        {"organisation": world.provider, "group": group}, {"group": group, "since": made.formed_on - timedelta(days=1)},
    ]  # fmt: skip
    for told in wrong:
        with pytest.raises(RuleBroken):
            joined(world, made, **told)
    actions.end(group, by=by, at=world.now)
    with pytest.raises(RuleBroken, match="Choose one"):
        joined(world, made, group=group)
    assert not Member.objects.exists()


def test_a_member_leaves_once_and_not_before_it_came(world: World) -> None:
    made, by = formed(world), world.actor(OFFICER)
    member = joined(world, made, organisation=world.provider)
    with pytest.raises(RuleBroken, match="came in after"):
        consortia.leave(member, by=by, at=world.now, on=member.since - timedelta(days=1))
    consortia.leave(member, by=by, at=world.now, on=world.now.date())
    with pytest.raises(RuleBroken, match="left already"):
        consortia.leave(member, by=by, at=world.now, on=world.now.date())
    assert joined(world, made, organisation=world.provider).until is None


def test_a_consortium_is_worded_and_ends_with_everybody_in_it(world: World) -> None:
    made, by = formed(world), world.actor(OFFICER)
    member = joined(world, made, organisation=world.provider)
    told: dict[str, Any] = {"name": "Other", "purpose": "", "formed_on": made.formed_on}
    assert consortia.reword(made, by=by, at=world.now, **told).name == "Other"
    for wrong in ({"name": " "}, {"name": "x" * 201}, {"purpose": "x" * 2001}, {"formed_on": world.now.date()}):
        with pytest.raises(RuleBroken):
            consortia.reword(made, by=by, at=world.now, **{**told, **wrong})
    consortia.end(made, by=by, at=world.now)
    member.refresh_from_db()
    assert member.until == world.now.date()
    for act in (
        lambda: consortia.end(made, by=by, at=world.now),
        lambda: joined(world, made, organisation=world.neighbour),
    ):
        with pytest.raises(RuleBroken, match="ended"):
            act()


@pytest.mark.parametrize("person", ["analyst", "caseworker"])
def test_only_a_hub_forms_a_consortium(world: World, person: str) -> None:
    with pytest.raises(RuleBroken, match="hub"):
        consortia.form(by=world.actor(person), at=world.now, name="X", purpose="", formed_on=world.now.date())


def test_what_is_past_its_time_is_forgotten_with_its_keys(world: World) -> None:
    quiet, busy = mapped(world, "Quiet"), mapped(world, "Busy")
    old, kept = asked_for(world, quiet), asked_for(world, busy)
    long_ago = contacted(world, quiet, on=world.now.date() - timedelta(days=900), next_on=None)
    recent = contacted(world, busy, next_on=None)
    ContactPerson.objects.update(added_at=world.now - timedelta(days=950))
    with transaction.atomic(), inside(Realm.WORKER):
        assert actions.forget(before=world.now - timedelta(days=730)) == 2
    assert (ContactPerson.objects.get(), Contact.objects.get()) == (kept, recent)
    assert set(PersonKey.objects.values_list("person_id", flat=True)) == {kept.pk, recent.pk}
    assert not {old.pk, long_ago.pk} & {kept.pk, recent.pk}


def test_the_hubs_role_in_the_database_does_all_of_it(world: World) -> None:
    """As in production: with what the realm is granted, and no more."""
    by = world.actor(OFFICER)
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk], user=by.user_id):
        group = mapped(world)
        actions.change(group, about(what="More"), by=by, at=world.now, seen=actions.stamp(group))
        contacted(world, group)
        person = asked_for(world, group)
        actions.change_person(person, ASKED, by=by, at=world.now)
        actions.take_off_person(person, by=by, at=world.now)
        actions.meet_need(actions.note_need(group, by=by, at=world.now, code="insurance"), by=by, at=world.now)
        made = formed(world)
        joined(world, made, group=group)
        actions.end(group, by=by, at=world.now)
        consortia.end(made, by=by, at=world.now)
    assert Group.objects.get().stage == "INACTIVE"
