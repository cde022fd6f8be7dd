"""A manager writes a list, tries it and makes it live; an officer sees the rule's service first."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.models import Look
from alongside.support.arrivals.feeds.models import SourceVersion
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, received, service, taken
from alongside.support.arrivals.routing import actions, previews
from alongside.support.arrivals.routing.models import Decision, Draft, Override, Preview, Version
from alongside.support.arrivals.routing.rules import rules_of
from alongside.support.arrivals.routing.tests.lists import at_once, live, rule, suggest, working
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def manager(world: World) -> Client:
    return world.client("hub_manager")


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("triage_officer")


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def begun(manager: Client) -> Draft:
    manager.post("/routing/begin/")
    return Draft.objects.get()


def written(manager: Client, draft: Draft, **said: Any) -> Any:
    draft.refresh_from_db()
    given = {"name": "Everything", "does": "keep", "seen": draft.stamp} | said
    return manager.post(f"/routing/drafts/{draft.pk}/add-rule/", given)


def made_live(world: World, *listed: Any, at: Any = None, since: Any = None) -> Version:
    with at_work(world, "hub_manager") as by:
        return live(world.hub.pk, *listed, by=by, at=at or world.now - DAY, since=since)


def decided(referral: Referral) -> Decision:
    with working():
        actions.decide([referral.pk], by=SYSTEM_ACTOR, at=referral.received_at)
    return Decision.objects.get(referral=referral, superseded_at=None)


def test_a_rule_is_for_what_one_force_sent_alone(world: World, manager: Client) -> None:
    draft = begun(manager)
    assert "Which organisation sent it" in page(manager, f"/routing/drafts/{draft.pk}/add-rule/")
    written(manager, draft, name="From the force", senders=[str(world.force.pk)], does="suggest",
            service=str(service(world).pk))  # fmt: skip
    shown = page(manager, f"/routing/drafts/{draft.pk}/")
    assert f"Every referral sent by {world.force.name} goes to Sample Support if the officer agrees." in shown
    draft.refresh_from_db()
    listed = rules_of(draft.rules)
    draft.delete()
    made_live(world, *listed)
    theirs, other = received(world, source="police_feed", source_organisation=world.force.pk), received(world)
    assert [decided(one).name for one in (theirs, other)] == ["From the force", ""]


def test_a_rule_is_for_one_feed_of_a_force_alone(world: World, manager: Client) -> None:
    SourceVersion.objects.create(
        hub_id=world.hub.pk, source=world.force, feed="asb", number=1, name="Antisocial behaviour", columns={},
        contact="sample@force.example", saved_at=world.now,
    )  # fmt: skip
    draft, code = begun(manager), f"{world.force.pk}-asb"
    form = page(manager, f"/routing/drafts/{draft.pk}/add-rule/")
    assert "Which feed of a force it came by" in form and f"{world.force.name}: the first feed" in form
    written(manager, draft, name="Antisocial behaviour", feeds=[code], does="suggest", service=str(service(world).pk))
    shown = page(manager, f"/routing/drafts/{draft.pk}/")
    assert f"that came by {world.force.name}: Antisocial behaviour goes to Sample Support" in shown
    draft.refresh_from_db()
    listed = rules_of(draft.rules)
    sent = {"source": "police_feed", "source_organisation": world.force.pk, "at": world.now - timedelta(hours=1)}
    of_feed, of_first = received(world, **sent, feed="asb"), received(world, **sent, source_ref="TEST-2")
    with at_work(world, "hub_manager") as by:
        previews.ask(draft, by=by, at=world.now, first_on=world.now.date() - DAY, last_on=world.now.date())
    assert Preview.objects.get().found["by_rule"] == {listed[0].id: 1}
    draft.delete()
    made_live(world, *listed)
    assert [decided(one).name for one in (of_feed, of_first)] == ["Antisocial behaviour", ""]


@pytest.mark.parametrize("kind", ["person", "bereaved", "witness", "business"])
def test_a_rule_tells_apart_whom_a_referral_is_about(world: World, kind: str) -> None:
    named = {"person": "victim"}.get(kind, kind)
    made_live(world, *[rule(one, victims=(one,)) for one in ("victim", "bereaved", "witness", "business")])
    referral = received(world)
    Victim.objects.filter(pk=referral.victim_id).update(kind=kind)
    assert decided(referral).name == named


def test_a_list_is_written_tried_and_made_live_by_pages_alone(world: World, manager: Client) -> None:
    sent_to = service(world, takes_high_risk=True)
    received(world, crime_type="domestic_abuse", high_risk=True, at=timezone.now() - DAY)
    assert "No list is in force" in page(manager, "/routing/")
    draft = begun(manager)
    answer = written(
        manager, draft, name="High-risk abuse", crime_types=["domestic_abuse"], risk=["high"],
        councils=["E08000025"], does="at_once", service=str(sent_to.pk), tell="on",
    )  # fmt: skip
    assert answer.headers["Location"].startswith(f"/routing/drafts/{draft.pk}/#rule-")
    shown = page(manager, f"/routing/drafts/{draft.pk}/")
    assert "High-risk domestic abuse in Birmingham goes to Sample Support at once; tell the hub manager." in shown
    assert 'name="first_on_day"' in page(manager, f"/routing/drafts/{draft.pk}/try-out/")
    days = {f"{name}_{part}": getattr(timezone.localdate() - DAY, part)
            for name in ("first_on", "last_on") for part in ("day", "month", "year")}  # fmt: skip
    tried = manager.post(f"/routing/drafts/{draft.pk}/try-out/", days, follow=True).content.decode()
    assert "1 that went to no service would have been sent" in tried and "Nothing has been changed." in tried
    assert page(manager, f"/routing/drafts/{draft.pk}/make-live/")
    draft.refresh_from_db()
    said = {"start": "tomorrow", "reason": "Specialists first", "seen": draft.stamp}
    done = manager.post(f"/routing/drafts/{draft.pk}/make-live/", said, follow=True).content.decode()
    assert "The list is live" in done and "Look at list 1" in done
    version = Version.objects.get()
    assert timezone.localdate(version.since) == timezone.localdate() + DAY


def test_what_is_missing_in_a_rule_is_asked_for(manager: Client) -> None:
    draft = begun(manager)
    assert b"Choose the service" in written(manager, draft, does="suggest").content
    assert b"Choose the national service" in written(manager, draft, does="national").content
    written(manager, draft)
    assert b"Another rule of this list has this name" in written(manager, draft).content
    said = {"start": "later", "reason": "So", "seen": 2}
    assert b"Enter the day" in manager.post(f"/routing/drafts/{draft.pk}/make-live/", said).content


def test_a_rule_is_changed_moved_and_taken_out_by_buttons(world: World, manager: Client) -> None:
    draft, here = begun(manager), ""
    for name in ("First", "Second"):
        written(manager, draft, name=name, crime_types=["burglary" if name == "First" else "theft"])
    draft.refresh_from_db()
    first, second = rules_of(draft.rules)
    here = f"/routing/drafts/{draft.pk}"
    assert 'value="First"' in page(manager, f"{here}/rules/{first.id}/revise/")
    said = {"name": "Changed", "does": "national", "route": "homicide_service", "seen": draft.stamp}
    manager.post(f"{here}/rules/{first.id}/revise/", said)
    manager.post(f"{here}/move-rule/", {"rule": second.id, "up": "on", "seen": draft.stamp + 1})
    draft.refresh_from_db()
    assert [one.name for one in rules_of(draft.rules)] == ["Second", "Changed"]
    stale = manager.post(f"{here}/move-rule/", {"rule": second.id, "seen": 1}, follow=True).content.decode()
    assert "Somebody else changed this list" in stale
    manager.post(f"{here}/remove-rule/", {"rule": second.id, "seen": draft.stamp})
    draft.refresh_from_db()
    assert [one.name for one in rules_of(draft.rules)] == ["Changed"]
    assert manager.get(f"{here}/rules/{second.id}/revise/").status_code == 404
    assert manager.post(f"{here}/move-rule/", {"rule": second.id}).status_code == 404
    assert "Nothing has changed" in manager.post(f"{here}/throw-away/", follow=True).content.decode()


def test_what_is_wrong_stands_beside_its_rule_and_the_list_does_not_go_live(manager: Client) -> None:
    draft = begun(manager)
    written(manager, draft)
    written(manager, draft, name="Never", sexes=["female"])
    shown = page(manager, f"/routing/drafts/{draft.pk}/")
    assert "it never applies" in shown and "Say why that is lawful" in shown and "wrong with 2 rules" in shown
    draft.refresh_from_db()
    said = {"start": "now", "reason": "So", "seen": draft.stamp}
    assert b"Something is wrong" in manager.post(f"/routing/drafts/{draft.pk}/make-live/", said).content


def test_the_history_shows_differences_and_an_earlier_list_is_gone_back_to(world: World, manager: Client) -> None:
    old = made_live(world, rule("Old"))
    now = made_live(world, rule("New"), at=timezone.now() - DAY)
    coming = made_live(world, rule("Coming"), at=timezone.now(), since=timezone.now() + DAY)
    shown = page(manager, f"/routing/versions/{now.pk}/")
    assert "Taken out" in shown and "Old" in shown and "In force" in shown
    assert "The first list" in page(manager, f"/routing/versions/{old.pk}/")
    assert "Withdraw it before" in page(manager, f"/routing/versions/{coming.pk}/")
    assert "Withdrawn" in manager.post(f"/routing/versions/{coming.pk}/withdraw/", follow=True).content.decode()
    assert "is in force" in manager.post(f"/routing/versions/{now.pk}/withdraw/", follow=True).content.decode()
    manager.post(f"/routing/versions/{old.pk}/go-back/")
    assert rules_of(Draft.objects.get().rules)[0].name == "Old"
    assert "being written already" in manager.post("/routing/begin/", follow=True).content.decode()
    assert "Go on with the new list" in page(manager, "/routing/")


def test_a_preview_that_waits_asks_again_and_then_lists_its_referrals_with_a_look(
    world: World, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "QUICK", 0)
    sent_to, referral = service(world), received(world, at=timezone.now())
    draft = begun(manager)
    written(manager, draft, does="suggest", service=str(sent_to.pk))
    on = timezone.localdate()
    with at_work(world, "hub_manager") as by:
        draft.refresh_from_db()
        previews.ask(draft, by=by, at=timezone.now(), first_on=on, last_on=on)
    preview = Preview.objects.get()
    waits = manager.get(f"/routing/previews/{preview.pk}/")
    assert waits.headers["Refresh"] and "Nothing is changed meanwhile" in waits.content.decode()
    assert manager.get(f"/routing/previews/{preview.pk}/referrals/").status_code == 302
    with working():
        previews.run(preview, by=SYSTEM_ACTOR, at=timezone.now())
    done = page(manager, f"/routing/previews/{preview.pk}/")
    assert "Not sent to a service" in done and "(+1)" in done
    shown = page(manager, f"/routing/previews/{preview.pk}/referrals/?went=hub&goes={sent_to.pk}")
    assert referral.reference in shown and "Sampleford" not in shown
    assert referral.pk in Look.objects.get(route="routing:moved").subjects
    assert referral.reference not in page(manager, f"/routing/previews/{preview.pk}/referrals/?went=elsewhere")
    assert manager.get(f"/routing/previews/{draft.pk}/referrals/").status_code == 404


def test_the_rules_service_comes_first_with_the_reason(world: World, officer: Client) -> None:
    service(world, "neighbour", code="a", name="A Better Fit", crime_types=["burglary"], councils=["E08000025"])
    named = service(world, code="z", name="Z Named")
    made_live(world, suggest(named))
    referral = taken(world)
    decided(referral)
    shown = page(officer, f"/referrals/{referral.pk}/offer/")
    assert shown.index("Z Named, Lantern") < shown.index("A Better Fit, Harbour")
    assert (
        "Suggested by the rule “Suggest”" in shown and "Every referral goes to Z Named if the officer agrees." in shown
    )
    assert "What the rules say" in page(officer, f"/referrals/{referral.pk}/")


def test_going_against_the_rule_asks_why_and_the_page_says_so_afterwards(world: World, officer: Client) -> None:
    named, other = service(world), service(world, "neighbour", code="other", name="Other")
    made_live(world, suggest(named))
    referral = taken(world)
    decided(referral)
    address, said = f"/referrals/{referral.pk}/offer/", {"service": str(other.pk), "agreed": "yes"}
    assert "Choose why you send it here" in officer.post(address, said).content.decode()
    done = officer.post(address, {**said, "why": "victims_wish", "words": "Lives next door"}, follow=True).content
    assert "An officer chose Other all the same: the victim asked for another service." in done.decode()
    assert Override.objects.get().why == "victims_wish" and Offer.objects.get().service == other


def test_a_service_that_does_not_fit_any_more_is_said_to_stand_among_the_others(world: World, officer: Client) -> None:
    named = service(world, name="Named")
    made_live(world, suggest(named))
    referral = taken(world)
    decided(referral)
    type(named).objects.update(crime_types=["fraud_cyber"])
    assert "it stands among the others" in page(officer, f"/referrals/{referral.pk}/offer/")
    type(named).objects.update(state="CLOSED")
    assert "takes no referrals now" in page(officer, f"/referrals/{referral.pk}/offer/")


def test_what_the_hub_is_told_of_is_noted_with_a_button(world: World, officer: Client) -> None:
    made_live(world, at_once(service(world)))
    referral = received(world)
    decision = decided(referral)
    assert "1 referral that rules tell you of" in page(officer, "/routing/")
    shown = page(officer, "/routing/to-note/")
    assert referral.reference in shown and "they have not been asked whether it may be sent" in shown
    assert "Not sent at once" in page(officer, f"/referrals/{referral.pk}/")
    assert "It was not sent at once" in page(officer, f"/referrals/{referral.pk}/offer/")
    done = officer.post(f"/routing/decisions/{decision.pk}/note/", follow=True).content.decode()
    assert "Nothing to note" in done


def test_officers_read_the_rules_and_do_not_change_them(world: World, officer: Client, manager: Client) -> None:
    version = made_live(world, rule("Old"))
    draft = begun(manager)
    assert "Write a new list" not in page(officer, "/routing/")
    assert "go-back" not in page(officer, f"/routing/versions/{version.pk}/")
    for address in (f"drafts/{draft.pk}/", f"drafts/{draft.pk}/add-rule/", f"drafts/{draft.pk}/make-live/"):
        assert officer.get(f"/routing/{address}").status_code == 403
    for address in ("begin/", f"versions/{version.pk}/go-back/", f"drafts/{draft.pk}/throw-away/"):
        assert officer.post(f"/routing/{address}").status_code == 403
    far = world.client("far_triage_officer")
    assert far.get(f"/routing/versions/{version.pk}/").status_code == 404
    assert "Old" not in page(far, "/routing/")
    for person in ("caseworker", "service_manager", "referrer", "analyst", "office_administrator"):
        assert world.client(person).get("/routing/").status_code in (403, 404)
