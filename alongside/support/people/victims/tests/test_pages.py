"""A person's own pages: agreements apart, bases beside them, and what is safe."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alongside.core.ids import uuid7
from alongside.core.models import Event, Look
from alongside.core.pages import drafts
from alongside.core.rows import realms
from alongside.core.rows.realms import Realm
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.people.victims import actions
from alongside.support.people.victims.actions import Identity
from alongside.support.people.victims.models import Agreement, Basis, Correction, Victim
from tests.world import World


def body(response: Any) -> str:
    text: str = response.content.decode()
    return text


def path(view: str, key: object) -> str:
    return reverse(f"victims:{view}", args=[key])


@pytest.fixture
def victim(world: World) -> Victim:
    """Somebody made up, of the hub."""
    identity = Identity(given_name="Testina", family_name="Sampleford", language="cy", access_needs="Large print")
    hub, by = world.hub.pk, world.actor("triage_officer")
    victim = actions.record(identity, by=by, at=world.now, hub_id=hub)
    messages.add(
        victim.pk, by=by, at=world.now, organisation_id=hub, kind="phone", value="07700 900123", safe="unknown"
    )
    return victim


@pytest.fixture
def client(world: World) -> Client:
    return world.client("triage_officer")


def test_the_record_is_shown_masked_and_the_look_is_logged(victim: Victim, client: Client) -> None:
    text = body(client.get(path("show", victim.pk)))
    for words in (
        "Testina Sampleford",
        "Welsh",
        "Large print",
        "Nothing is recorded",
        "Not known to be safe",
        "do not use it at all",
    ):
        assert words in text
    assert "900123" not in text
    assert victim.pk in Look.objects.latest("at").subjects


def test_the_three_agreements_are_recorded_apart_and_can_be_taken_back(
    victim: Victim, world: World, client: Client
) -> None:
    provider = str(world.provider.pk)
    for given in (
        {"about": "support", "given": "yes"},
        {"about": "contact", "channel": "text", "given": "no"},
        {"about": "share", "with_organisation": provider, "given": "yes"},
    ):
        assert client.post(path("agree", victim.pk), given).status_code == 302
    text = body(client.get(path("show", victim.pk)))
    for words in ("To be supported", "To be contacted by text message", "To share with Lantern Sample Charity"):
        assert words in text
    share = Agreement.objects.get(about="share")
    assert (share.with_organisation, share.purpose, share.channel) == (world.provider.pk, "share_with_provider", "")
    for _ in range(2):
        client.post(path("withdraw", share.pk))
    assert "Withdrawn" in body(client.get(path("show", victim.pk)))
    assert Agreement.objects.filter(withdrawn_at=None).count() == 2
    assert Event.objects.filter(name="victim.withdrew").count() == 1


def test_a_later_answer_takes_the_place_of_an_earlier_one(victim: Victim, client: Client) -> None:
    for answer in ("yes", "no"):
        client.post(path("agree", victim.pk), {"about": "support", "given": answer})
    text = body(client.get(path("show", victim.pk)))
    assert "Yes, before" in text
    assert "Withdraw" not in text


@pytest.mark.parametrize("about", ["contact", "share"])
def test_an_agreement_says_how_or_with_whom(victim: Victim, client: Client, about: str) -> None:
    assert "Error:" in body(client.post(path("agree", victim.pk), {"about": about, "given": "yes"}))
    assert Agreement.objects.count() == 0


def test_a_basis_is_stated_for_one_purpose(victim: Victim, client: Client) -> None:
    assert "Give support" in body(client.get(path("state_basis", victim.pk)))
    client.post(path("state_basis", victim.pk), {"purpose": "give_support", "basis": "6(1)(e) public task"})
    assert (Basis.objects.get().purpose, Basis.objects.get().basis) == ("give_support", "6(1)(e) public task")
    assert "6(1)(e) public task" in body(client.get(path("show", victim.pk)))


def test_what_is_safe_is_changed_and_an_old_way_is_used_no_more(victim: Victim, client: Client) -> None:
    point = ContactPoint.objects.get()
    assert client.get(path("change_safety", point.pk)).status_code == 200
    safe = {"safe": "yes", "safe_times": "10:00-12:00", "message": "no", "verified": "yes"}
    client.post(path("change_safety", point.pk), safe)
    point.refresh_from_db()
    assert (point.safe, point.safe_times, point.verified_how) == ("yes", "10:00-12:00", "by_voice")
    assert client.get(path("retire", point.pk)).status_code == 200
    client.post(path("retire", point.pk), {"why": "not_safe"})
    assert "None is known" in body(client.get(path("show", victim.pk)))
    assert client.get(path("retire", point.pk)).status_code == 404


def test_a_new_way_is_added_sealed(victim: Victim, world: World, client: Client) -> None:
    given = {"kind": "email", "value": "testina@sample.example", "safe": "yes", "message": "no", "verified": "no",
             "instructions": "Say you are the library"}  # fmt: skip
    assert client.get(path("add_point", victim.pk)).status_code == 200
    client.post(path("add_point", victim.pk), given)
    point = ContactPoint.objects.get(kind="email")
    assert (point.verified_at, point.recorded_by) == (None, world.hub.pk)
    assert b"library" not in bytes(point.instructions)


@pytest.mark.parametrize(
    "person", ["caseworker", "neighbour_caseworker", "far_triage_officer", "commissioning_officer"]
)
def test_whoever_is_not_let_in_sees_the_same_404_as_for_nobody(world: World, victim: Victim, person: str) -> None:
    agreement = actions.agree(victim, by=world.actor("triage_officer"), at=world.now, about="support", given=True)
    point, client = ContactPoint.objects.get(), world.client(person)
    keys = {view: victim.pk for view in ("show", "agree", "correct", "state_basis", "add_point")}
    keys |= {"withdraw": agreement.pk}
    keys |= dict.fromkeys(("change_safety", "correct_point", "retire"), point.pk)
    for view, key in keys.items():
        foreign, absent = (client.post(path(view, pk)) for pk in (key, uuid7()))
        assert (foreign.status_code, foreign.content) == (404, absent.content), view
    assert Agreement.objects.get().withdrawn_at is None


@pytest.mark.parametrize("model", [Victim, Agreement, Basis, Correction, ContactPoint])
def test_the_database_shows_a_provider_nobody_who_was_not_sent_to_it(world: World, victim: Victim, model: Any) -> None:
    mended = replace(actions.identity_of(victim), given_name="Testo")
    actions.correct(victim, by=world.actor("triage_officer"), at=world.now, identity=mended, reason="told_us", seen=1)
    with transaction.atomic(), realms.inside(Realm.PROVIDER, orgs=[world.provider.pk]):
        assert model.objects.count() == 0


CORRECTED = {
    "given_name": "Testina", "family_name": "Fakename", "title": "", "birth_date_day": "2",
    "birth_date_month": "3", "birth_date_year": "1991", "sex": "female", "ethnicity": "",
    "language": "cy", "interpreter": "no",
    "access_needs": "Large print", "location_protected": "no", "reason": "mistyped", "seen": "1",
}  # fmt: skip


def corrected(**changes: str) -> dict[str, str]:
    """What the form sends."""
    return {**CORRECTED, **changes}


def test_who_they_are_is_corrected_and_the_record_says_what_was_before(victim: Victim, client: Client) -> None:
    assert "Sampleford" in body(client.get(path("correct", victim.pk)))
    assert client.post(path("correct", victim.pk), corrected()).status_code == 302
    text = body(client.get(path("show", victim.pk)))
    for words in ("Testina Fakename", "2 March 1991", "Family name (was: Sampleford)", "It was misheard"):
        assert words in text
    assert victim.pk in Look.objects.latest("at").subjects


def test_who_comes_second_sees_both_versions_and_can_save_again(victim: Victim, client: Client) -> None:
    client.post(path("correct", victim.pk), corrected())
    text = body(client.post(path("correct", victim.pk), corrected(family_name="Otherone")))
    for words in ("Somebody else changed this record", "What the record says now", "Testina Fakename", "Otherone",
                  'name="seen" value="2"'):  # fmt: skip
        assert words in text
    client.post(path("correct", victim.pk), corrected(family_name="Otherone", seen="2"))
    assert "Testina Otherone" in body(client.get(path("show", victim.pk)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"given_name": "", "family_name": ""}, "Enter a given name or a family name"),
        ({"birth_date_year": "2199"}, "date of birth must"),
        ({"reason": ""}, "Why does it have to be put right?"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_lost(
    victim: Victim, client: Client, changes: dict[str, str], words: str
) -> None:
    text = body(client.post(path("correct", victim.pk), corrected(access_needs="Braille", **changes)))
    assert "Error:" in text and words.casefold() in text.casefold() and "Braille" in text
    assert Correction.objects.count() == 0


def test_a_business_has_a_name_and_no_birth_date(world: World, client: Client) -> None:
    shop = actions.record(
        Identity(kind="business", business_name="Sample Stores", language="xx-old"), by=world.actor("triage_officer"),
        at=world.now, hub_id=world.hub.pk,
    )  # fmt: skip
    text = body(client.get(path("correct", shop.pk)))
    assert "Sample Stores" in text and "Date of birth" not in text
    sent = corrected(business_name="Sample Shops", language="xx-old")
    assert client.post(path("correct", shop.pk), sent).status_code == 302
    shop.refresh_from_db()
    assert (shop.business_name, shop.language, shop.name_key) == ("Sample Shops", "xx-old", "sample shops")


def test_a_wrong_number_is_used_no_more_and_safety_is_asked_of_the_right_one(victim: Victim, client: Client) -> None:
    wrong = ContactPoint.objects.get()
    assert "Ask again" in body(client.get(path("correct_point", wrong.pk)))
    same = {"value": "+44 7700 900123", "safe": "yes", "message": "no", "verified": "yes"}
    assert "hold already" in body(client.post(path("correct_point", wrong.pk), same))
    client.post(path("correct_point", wrong.pk), {**same, "value": "07700 900124"})
    wrong.refresh_from_db()
    right = ContactPoint.objects.get(retired_at=None)
    assert (wrong.retired_why, right.kind, right.safe, right.verified_how) == ("wrong", "phone", "yes", "by_voice")
    assert bytes(right.lookup) != bytes(wrong.lookup)
    assert client.post(path("correct_point", wrong.pk), {**same, "value": "07700 900125"}).status_code == 404


def test_a_draft_of_an_older_version_is_shown_beside_what_the_record_says_now(
    victim: Victim, world: World, client: Client
) -> None:
    name, by = drafts.form_name("victims.correct", victim.pk), world.actor("triage_officer")
    drafts.keep(name, corrected(family_name="Draftname"), by=by, at=timezone.now())
    assert "What the record says now" not in body(client.get(path("correct", victim.pk)))
    mended = replace(actions.identity_of(victim), given_name="Testo")
    actions.correct(victim, by=world.actor("hub_manager"), at=world.now, identity=mended, reason="told_us", seen=1)
    text = body(client.get(path("correct", victim.pk)))
    for words in ("draft that we kept", "Draftname", "What the record says now", "Testo Sampleford"):
        assert words in text
    client.post(path("correct", victim.pk), corrected(seen="2"))
    assert drafts.restore(name, by=by, at=timezone.now()) is None


@pytest.mark.parametrize(("kind", "value"), [("phone", "ask her sister"), ("email", "07700 900123")])
def test_what_is_no_number_or_mailbox_is_refused(victim: Victim, client: Client, kind: str, value: str) -> None:
    given = {"kind": kind, "value": value, "safe": "yes", "message": "no", "verified": "no"}
    assert "Error:" in body(client.post(path("add_point", victim.pk), given))
    phone = ContactPoint.objects.get()
    assert "such as 01632" in body(client.post(path("correct_point", phone.pk), {**given, "value": "nobody knows"}))
    assert ContactPoint.objects.count() == 1


def test_what_a_record_said_before_is_told_in_words(victim: Victim, world: World, client: Client) -> None:
    by, start = world.actor("triage_officer"), actions.identity_of(victim)
    said = replace(start, birth_date=date(1990, 2, 3), sex="female", interpreter="yes", language="en")
    actions.correct(victim, by=by, at=world.now, identity=said, reason="told_us", seen=1)
    again = replace(said, birth_date=date(1991, 2, 3), sex="male", interpreter="no", location_protected=True)
    actions.correct(victim, by=by, at=world.now, identity=again, reason="told_us", seen=2)
    actions.correct(victim, by=by, at=world.now, identity=said, reason="told_us", seen=3)
    text = body(client.get(path("show", victim.pk)))
    for words in ("Date of birth (was: 3 February 1990)", "Date of birth (was: nothing)", "Sex (was: Female)",
                  "Language (was: Welsh)", "Interpreter (was: Needed)", "Interpreter (was: Not known)",
                  "is protected (was: No)", "is protected (was: Yes)"):  # fmt: skip
        assert words in text, words
    assert "1990-02-03" not in text


def test_a_record_says_first_that_they_asked_us_to_stop(victim: Victim, world: World, client: Client) -> None:
    by = world.actor("triage_officer")
    for about, given in (("support", True), ("support", False)):
        actions.agree(victim, by=by, at=timezone.now(), about=about, given=given)
    text = body(client.get(path("show", victim.pk)))
    assert "They asked us to stop on" in text and "record their new answer below" in text
    actions.agree(victim, by=by, at=timezone.now(), about="support", given=True)
    assert "asked us to stop" not in body(client.get(path("show", victim.pk)))
