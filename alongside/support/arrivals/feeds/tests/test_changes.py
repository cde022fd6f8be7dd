"""A row that came again with changes: what a person chooses is taken, and nothing is overwritten in silence."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.support.arrivals.feeds import actions
from alongside.support.arrivals.feeds.models import KeptRow
from alongside.support.arrivals.feeds.tests.samples import sample
from alongside.support.arrivals.feeds.tests.test_actions import NOW, at_the_hub, feed, in_hub, load, receipt, working
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims.models import Agreement
from tests.world import World

pytestmark = pytest.mark.django_db
CHANGED = {
    "given_name": "Testette", "offence_code": "105A", "vulnerable": "yes", "consent": "no", "notes": "Ring first",
}  # fmt: skip


def changed(world: World, folder: Path, **cells: str) -> tuple[KeptRow, Referral]:
    """A row that came again with other content, and the referral that it is about."""
    load(feed(folder, sample()), world.force)
    load(feed(folder, sample(**cells), name="changed.csv"), world.force)
    return KeptRow.objects.get(), Referral.objects.get()


def test_what_was_chosen_replaces_what_is_on_record_and_the_old_is_kept(world: World, tmp_path: Path) -> None:
    row, referral = changed(world, tmp_path, **CHANGED)
    with at_the_hub(world):
        actions.take_new_details(
            row, words="The officer confirmed", take=["given_name", "offence_code", "vulnerable"], **in_hub(world)
        )
    referral.refresh_from_db()
    victim = referral.victim
    assert (victim.given_name, victim.name_key) == ("Testette", "sampleford testette")
    assert '"Testina"' in fields.read(victim.corrections.get(), "before")
    assert (referral.offence_code, referral.vulnerable) == ("105A", "yes")
    notes = fields.read(referral, "notes")
    assert "Offence: was 8N, now 105A." in notes and "Ring first" in notes
    told = Event.objects.get(name="referral.corrected").details
    assert "offence_code" in told["changed"] and "105A" not in str(told)
    with working():
        assert receipt(actions.load(tmp_path / "changed.csv", source=world.force, by=SYSTEM_ACTOR, at=NOW))[2] == 1


def test_what_was_not_chosen_stays_but_a_refusal_is_heard(world: World, tmp_path: Path) -> None:
    row, referral = changed(world, tmp_path, **CHANGED)
    with at_the_hub(world):
        actions.take_new_details(row, words="Only the notes", **in_hub(world))
    referral.refresh_from_db()
    assert (referral.victim.given_name, referral.offence_code, referral.vulnerable) == ("Testina", "8N", "unknown")
    assert referral.consent == "no"
    assert Agreement.objects.filter(about="contact").latest("recorded_at").given is False
    assert not referral.victim.corrections.exists()


def test_a_record_that_somebody_corrected_meanwhile_is_not_overwritten(world: World, tmp_path: Path) -> None:
    row, referral = changed(world, tmp_path, given_name="Testette")
    with at_the_hub(world), pytest.raises(RuleBroken), transaction.atomic():
        actions.take_new_details(row, words="x", take=["given_name"], seen=0, **in_hub(world))
    assert Referral.objects.get().victim.given_name == "Testina"
    assert KeptRow.objects.get().settled_at is None and referral.victim.version == 1


def test_the_page_shows_what_is_different_and_what_was_put_right_by_hand_is_not_chosen_beforehand(
    world: World, tmp_path: Path
) -> None:
    row, referral = changed(world, tmp_path, given_name="Testette", sex="male")
    identity = replace(victims.identity_of(referral.victim), given_name="Testy")
    manager = world.actor("hub_manager")
    victims.correct(referral.victim, by=manager, at=NOW, identity=identity, reason="told_us", seen=1)
    officer, address = world.client("triage_officer"), f"/feeds/rows/{row.pk}/take-new-details/"
    shown = officer.get(address).text
    assert "Given name: Testette instead of Testy" in shown and "Sex: Male instead of Female" in shown
    assert shown.count("checked") == 1 and 'name="seen" value="2"' in shown
    stale = officer.post(address, {"words": "x", "take": ["given_name"], "seen": "1"})
    assert "There is a problem" in stale.text
    officer.post(address, {"words": "He told me", "take": ["sex"], "seen": "2"})
    victim = Referral.objects.get().victim
    assert (victim.given_name, victim.sex) == ("Testy", "male")


def test_what_the_database_refuses_for_another_reason_than_the_reference_is_not_said_to_be_with_us(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*given: object, **words: object) -> None:
        raise IntegrityError("another rule of the table")

    load(feed(tmp_path, sample(consent="no")), world.force)
    monkeypatch.setattr(actions.referrals, "receive", fails)
    with pytest.raises(IntegrityError, match="another rule"), working():
        actions.release(KeptRow.objects.get(), by=SYSTEM_ACTOR, at=NOW, words="Asked", consent="yes")
