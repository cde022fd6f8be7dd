"""Pages of pathways, as an officer, the office and the hub use them."""

from typing import Any

from django.test import Client
from django.utils import timezone

from alongside.foundation.local.directory import actions as directory
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.parts import Post
from alongside.foundation.local.directory.tests.test_actions import made
from alongside.foundation.local.pathways import queries
from alongside.foundation.local.pathways.models import Draft, Lead
from alongside.foundation.local.pathways.tests.test_actions import led
from tests.world import World

HERE = "/what-to-do/"


def page(client: Client, place: str, told: dict[str, Any] | None = None) -> str:
    found = client.get(HERE + place) if told is None else client.post(HERE + place, told, follow=True)
    assert found.status_code == 200
    return found.content.decode()


def clinic(world: World, **words: Any) -> Service:
    """A service for FGM that said today how much room it has."""
    service = made(world, **{
        "name": "Sample Clinic", "crime_types": ("fgm",), "phone": "01632 960004", "hours": "Weekdays",
        "what_happens": "A nurse listens.", "posts": (Post(title="Nurse for Somali speakers", state="vacant"),),
        **words,
    })  # fmt: skip
    return directory.say_capacity(service, by=world.actor("hub_manager"), at=timezone.now(), places_free=3, wait_days=0)


def words(**more: Any) -> dict[str, Any]:
    """The page on FGM as a form holds it."""
    row, today = queries.open_version("fgm"), timezone.localdate()
    days = {"since_day": today.day, "since_month": today.month, "since_year": today.year}
    return {**row.body, "title": row.title, "source": "Office decision", "stamp": "0", **days, **more}


def test_an_officer_reads_what_to_do_who_takes_it_and_what_the_law_asks(world: World) -> None:
    clinic(world)
    led(world)
    shown = page(world.client("officer"), "on/fgm/")
    for said in ("What to do first", "s.5B", "Sample Clinic", "3 places free; a new person can begin at once",
                 "Nurse for Somali speakers (vacant)", "Testa Lead", "01632 960002"):  # fmt: skip
        assert said in shown, said
    assert "Change the words" not in shown
    assert "Name somebody" not in page(world.client("officer"), "on/fraud/")
    assert "Name somebody" in page(world.client("hub_manager"), "on/fraud/")
    assert "Check the text" in page(world.client("officer"), "on/domestic_abuse/")
    assert "National Domestic Abuse Helpline" in page(world.client("officer"), "on/domestic_abuse/")
    assert "No service of this area" in page(world.client("far_triage_officer"), "on/fgm/")
    assert world.client("officer").get(f"{HERE}on/cats/").status_code == 404


def test_more_services_than_fit_one_side_are_a_link(world: World) -> None:
    for number in range(7):
        made(world, name=f"Sample {number}", crime_types=("fgm",))
    assert "2 more in the list of services" in page(world.client("officer"), "on/fgm/")


def test_the_office_drafts_looks_shows_and_goes_back(world: World) -> None:
    office = world.client("office_administrator")
    assert "See her alone" in page(office, "on/fgm/write/")
    refused = page(office, "on/fgm/write/", words(duties="Report it"))
    assert "where each duty comes from" in refused
    shown = page(office, "on/fgm/write/", words(first="Listen.\r\nAsk."))
    assert "Draft: nobody outside your office sees it" in shown and "Ask." in shown
    draft = Draft.objects.get()
    assert draft.body["first"] == "Listen.\nAsk."
    assert "Go on with the draft" in page(office, "on/fgm/")
    assert "Listen." in page(office, "on/fgm/write/")
    assert "meanwhile" in page(office, f"drafts/{draft.pk}/publish/", {"stamp": "x"})
    past = page(office, f"drafts/{draft.pk}/publish/", {"stamp": "1"})
    assert "Version 2" in past and "See her alone" in past
    assert "Listen." in page(world.client("officer"), "on/fgm/")
    assert "shown again" in page(office, "on/fgm/undo/", {"to": "1", "seen": "2"})
    assert "See her alone" in page(world.client("officer"), "on/fgm/")
    assert "earlier version" in page(office, "on/fgm/undo/", {"to": "x"})
    assert "never shown for a day" in page(office, "on/fgm/history/")
    assert "Show these words again" not in page(world.client("officer"), "on/fgm/history/")
    for wrong in ("on/cats/write/", "on/cats/history/"):
        assert office.get(HERE + wrong).status_code == 404


def test_the_office_drops_a_draft_and_renames_a_page(world: World) -> None:
    office = world.client("office_administrator")
    page(office, "on/fgm/write/", words(title="Cutting"))
    assert "Dropped." in page(office, f"drafts/{Draft.objects.get().pk}/drop/", {})
    page(office, "on/fgm/write/", words(title="Cutting"))
    assert "Cutting" in page(office, f"drafts/{Draft.objects.get().pk}/publish/", {"stamp": "1"})
    assert "Cutting" in page(office, "")


def test_three_services_stand_side_by_side_and_no_more(world: World) -> None:
    found = [clinic(world, name=f"Sample {word}") for word in ("One", "Two", "Three", "Four")]
    asked = "&".join(f"service={one.pk}" for one in (*found, found[0]))
    shown = page(world.client("officer"), f"compare/?service=cats&{asked}")
    assert "Sample Three" in shown and "Sample Four" not in shown
    assert "Room and wait" in shown and "Nurse for Somali speakers (vacant)" in shown
    assert "Somebody to talk to, if you would like to: 01632 960004" in shown
    assert "Choose services first" in page(world.client("officer"), "compare/")


def test_the_hub_keeps_its_list_of_leads(world: World) -> None:
    hub = world.client("hub_manager")
    told = {"name": "Testa Lead", "role": "Named nurse", "works_for": "Sample Hospital", "phone": "",
            "crime_types": ["fgm"]}  # fmt: skip
    assert "somebody has to reach them" in page(hub, "leads/new/", told)
    assert "Named nurse, Sample Hospital" in page(hub, "leads/new/", {**told, "phone": "01632 960002"})
    lead = Lead.objects.get()
    Lead.objects.update(checked_on="2020-01-01")
    assert "Check it" in page(hub, "leads/")
    assert "Checked today" in page(hub, f"leads/{lead.pk}/confirm/", {})
    assert 'value="Named nurse"' in page(hub, f"leads/{lead.pk}/")
    assert "Any crime" in page(hub, f"leads/{lead.pk}/", {**told, "phone": "01632 960002", "crime_types": []})
    assert "what we held is deleted" in page(hub, f"leads/{lead.pk}/take-off/", {})
    assert "Nobody is named yet" in page(hub, "leads/")
