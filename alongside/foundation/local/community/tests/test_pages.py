"""Pages of community groups, as a partnership officer, the office and a provider use them."""

import csv
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alongside.foundation.local.community import actions, queries
from alongside.foundation.local.community.models import Consortium, Contact, ContactPerson, Group, Member
from alongside.foundation.local.community.rules import Asked
from alongside.foundation.local.community.tests.test_actions import (
    OFFICER,
    about,
    asked_for,
    contacted,
    formed,
    joined,
    mapped,
)
from alongside.foundation.local.directory.tests.test_actions import made as service
from tests.world import World

pytestmark = pytest.mark.django_db


def page(client: Client, address: str, told: dict[str, Any] | None = None) -> str:
    found = client.get(address) if told is None else client.post(address, told, follow=True)
    assert found.status_code == 200
    return found.content.decode()


def said(name: str, **words: Any) -> dict[str, Any]:
    has = dict.fromkeys(("safeguarding", "insurance", "checks"), "not_known")
    return {"name": name, "councils": ["E08000025"], **has, **words}


def boxes(name: str, day: date) -> dict[str, str]:
    return {f"{name}_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def test_a_group_is_added_with_its_name_and_place_alone(world: World) -> None:
    client = world.client(OFFICER)
    assert "No group fits all of that" in page(client, "/groups/")
    shown = page(client, "/groups/new/", {})
    assert "There is a problem" not in shown
    shown = page(client, "/groups/new/", {"name": "", "safeguarding": "not_known"})
    assert "Enter the name of the group" in shown and "Choose where it works" in shown
    shown = page(client, "/groups/new/", said("Tŷ'r <script>alert(1)</script>", what="<img src=x onerror=y>"))
    assert "On the map" in shown and "<script>alert" not in shown and "<img src=x" not in shown
    assert "Tŷ&#39;r &lt;script&gt;" in shown and "Not known yet:" in shown
    shown = page(client, "/groups/new/", said("TY R script alert 1 script"))
    assert "mapped already" in shown and "Perhaps the same" in shown and f"/groups/{Group.objects.get().pk}/" in shown
    again = said("TY R script alert 1 script", although="on")
    assert "On the map" in page(client, "/groups/new/", again) and Group.objects.count() == 2


def test_a_name_of_ten_thousand_letters_is_an_error_and_not_a_fault(world: World) -> None:
    shown = page(world.client(OFFICER), "/groups/new/", said("a" * 10_000))
    assert "200" in shown and not Group.objects.exists()
    assert world.client(OFFICER).get(f"/groups/?q={'a' * 10_000}").status_code == 200
    assert world.client(OFFICER).get("/groups/?q=%00&council=x'y&due=z&sort=;&after=~~").status_code == 200


def test_a_group_is_changed_and_what_changed_meanwhile_is_said(world: World) -> None:
    group, client = mapped(world, "Circle", languages=("pl",)), world.client(OFFICER)
    address, stamp = f"/groups/{group.pk}/change/", actions.stamp(group)
    assert stamp in page(client, address)
    told = said("Circle", what="Tea", languages=["pl", "cy"], stamp=stamp)
    assert "Saved" in page(client, address, told)
    assert "Somebody else changed" in page(client, address, told)
    group.refresh_from_db()
    assert queries.about(group).languages == ("pl", "cy")


def test_the_list_is_searched_narrowed_sorted_and_due(world: World) -> None:
    today = timezone.localdate()
    circle = mapped(world, "Tŷ Te", reaches=("women",), what="A quiet room")
    club = mapped(world, "Boxing", reaches=("men",), councils=("E08000031",))
    ended = mapped(world, "Ended")
    actions.end(ended, by=world.actor(OFFICER), at=world.now)
    actions.note_need(club, by=world.actor(OFFICER), at=world.now, code="insurance")
    Group.objects.filter(pk=club.pk).update(next_contact_on=today)
    Group.objects.filter(pk=circle.pk).update(next_contact_on=today + timedelta(days=9))
    client = world.client(OFFICER)
    found = {
        "?q=ty+te": {"Tŷ Te"}, "?q=QUIET": {"Tŷ Te"}, "?q=!!": set(), "?reaches=men": {"Boxing"},
        "?council=E08000031": {"Boxing"}, "?need=insurance": {"Boxing"}, "?due=now": {"Boxing"},
        "?due=soon": {"Tŷ Te", "Boxing"}, "?due=unset": set(), "?stage=INACTIVE": {"Ended"}, "": {"Tŷ Te", "Boxing"},
    }  # fmt: skip
    for query, names in found.items():
        shown = page(client, f"/groups/{query}")
        assert {name for name in ("Tŷ Te", "Boxing", "Ended") if f">{name}<" in shown} == names, query
    for query, first in (("sort=name", "Boxing"), ("sort=-name", "Tŷ Te"), ("sort=next_contact_on", "Boxing")):
        shown = page(client, f"/groups/?{query}")
        other = {"Boxing": "Tŷ Te", "Tŷ Te": "Boxing"}[first]
        assert shown.index(f">{first}<") < shown.index(f">{other}<"), query
    assert "community group to contact" in page(client, "/home/")
    assert "Only groups for which" in page(client, "/groups/?sort=-next_contact_on")


def test_a_long_list_has_pages(world: World) -> None:
    for number in range(51):
        mapped(world, f"Group {number:02}")
    client = world.client(OFFICER)
    first = page(client, "/groups/")
    assert "Showing 50 of 51 groups" in first and "Group 50" not in first
    after = first.split("after=")[1].split('"')[0].split("&")[0]
    assert "Group 50" in page(client, f"/groups/?after={after}")


def test_the_file_has_what_groups_say_and_nobodys_name_and_runs_nothing(world: World) -> None:
    group = mapped(world, "=HYPERLINK(1)", what="+cmd|calc", web="@sum", meets_at="Sample Hall", postcode="B1 1BB",
                   reaches=("women", "older"))  # fmt: skip
    asked_for(world, group)
    contacted(world, group)
    joined(world, formed(world), group=group)
    actions.note_need(group, by=world.actor(OFFICER), at=world.now, code="insurance")
    actions.link(group, by=world.actor(OFFICER), at=world.now, organisation=world.provider)
    answer = world.client("analyst").get("/groups/groups.csv?reaches=women")
    assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
    text = answer.content.decode("utf-8-sig")
    row = next(csv.DictReader(StringIO(text)))
    assert (row["Group"], row["What it does"], row["Website"]) == ("'=HYPERLINK(1)", "'+cmd|calc", "'@sum")
    assert (row["Reaches"], row["Needs"], row["Became"]) == (
        "Women; Older people",
        "Insurance",
        "Lantern Sample Charity",
    )
    for word in ("Testina", "07700", "Placeholder", "Spoke of", "Sample Hall", "B1"):
        assert word not in text


def test_a_talk_is_written_down_from_the_groups_page(world: World) -> None:
    group, client, today = mapped(world), world.client(OFFICER), timezone.localdate()
    address = f"/groups/{group.pk}/contact/"
    assert "Record contact" in page(client, address)
    shown = page(client, address, {"note": "Nothing chosen"})
    assert "Choose how" in shown and "Choose what it was about" in shown
    told = {"way": "call", "purpose": "introduction", "answered": "yes", "note": "<b>Tea</b> on Friday",
            **boxes("on", today), **boxes("next_on", today + timedelta(days=7))}  # fmt: skip
    late = {**told, **boxes("next_on", today)}
    assert "must be after this one" in page(client, address, late)
    shown = page(client, address, told)
    assert "Written down" in shown and "&lt;b&gt;Tea&lt;/b&gt;" in shown and "by Testa Partnership Officer" in shown
    assert "Phone call: to get to know each other" in shown and Contact.objects.count() == 1
    page(client, address, {**told, "answered": "no", "note": ""})
    assert "Nobody answered" in page(client, f"/groups/{group.pk}/")
    newest = Contact.objects.first()
    assert newest and "Deleted." in page(client, f"/groups/contacts/{newest.pk}/off/", {})
    assert Contact.objects.count() == 1


def test_whom_to_ask_for_is_added_changed_and_taken_off(world: World) -> None:
    group, client = mapped(world), world.client(OFFICER)
    address = f"/groups/{group.pk}/people/"
    assert "Nobody is named" in page(client, address)
    assert "Enter a phone number" in page(client, f"{address}new/", {"name": "Testina"})
    shown = page(
        client, f"{address}new/", {"name": "Testina", "how": "<i>Evenings</i>", "address": "14 Placeholder St"}
    )
    assert "14 Placeholder St" in shown and "&lt;i&gt;Evenings" in shown
    one = f"/groups/people/{ContactPerson.objects.get().pk}/"
    assert "Testina" in page(client, one)
    assert "Enter a name" in page(client, one, {"name": ""})
    assert "Tess" in page(client, one, {"name": "Tess", "phone": "07700 900 451"})
    assert "what we held is deleted" in page(client, f"{one}off/", {})
    assert not ContactPerson.objects.exists()


def test_a_need_and_a_stage_are_said_on_the_page(world: World) -> None:
    group, client = mapped(world), world.client(OFFICER)
    address = f"/groups/{group.pk}/"
    assert "Choose what they need" in page(client, f"{address}needs/", {})
    assert "Being helped" not in page(client, f"{address}needs/", {"code": "insurance"})
    need = f"/groups/needs/{group.needs.get().pk}/"
    assert "Being helped" in page(client, need, {"move": "help"})
    assert "Being helped" in page(client, need, {"move": "nonsense"})
    assert "It is needed again" in page(client, need, {"move": "meet"})
    assert "Choose how far" in page(client, f"{address}stage/", {"move": ""})
    assert "Works with us" in page(client, f"{address}stage/", {"move": "work_together"})
    assert "They are active again" not in page(client, f"{address}stage/")
    assert "Say first that it is no longer active" in page(client, f"{address}erase/", {})
    link = {"organisation": str(world.neighbour.pk)}
    assert "It became <strong>Harbour Sample Charity" in page(client, f"{address}link/", link)
    assert "Harbour Sample Charity" in page(client, f"{address}link/")
    assert "It became <strong>" not in page(client, f"{address}link/", {"organisation": ""})


def test_a_group_that_has_ended_can_be_erased(world: World) -> None:
    group, client = mapped(world, "Gone"), world.client(OFFICER)
    actions.end(group, by=world.actor(OFFICER), at=world.now)
    assert "Erase this group" in page(client, f"/groups/{group.pk}/")
    assert "Erase this group" not in page(world.client("analyst"), f"/groups/{group.pk}/")
    assert "off the map, and erased" in page(client, f"/groups/{group.pk}/erase/", {})
    assert not Group.objects.exists()


def test_the_office_sees_who_reaches_whom_beside_services_made_for_them(world: World) -> None:
    mapped(world, "Circle", reaches=("women",))
    mapped(world, "Silent")
    service(world, name="For women", made_for=("women",), councils=("E08000031",))
    shown = page(world.client("board_member"), "/groups/reach/")
    assert "Of 2 groups" in shown and "1 group named nobody in particular" in shown
    assert "/groups/?reaches=women&amp;council=E08000025" in shown and "group=made_for_women" in shown
    assert "1 service made for them" in shown and "no service made for them" in shown
    squares = queries.reach(world.actor("analyst"), timezone.localdate()).squares
    assert squares["women", "E08000025"].level == "groups" and squares["women", "E08000031"].level == "services"
    Group.objects.update(stage="INACTIVE")
    assert "Of 0 groups" in page(world.client("analyst"), "/groups/reach/")


def test_an_area_without_councils_says_so(world: World) -> None:
    world.body.force_id = "west-midlands"
    Group.objects.all().delete()
    queries.Council.objects.filter(force="west-midlands").delete()
    assert "no councils here" in page(world.client("analyst"), "/groups/reach/")


def test_a_consortium_is_formed_joined_covered_and_ended(world: World) -> None:
    client, today = world.client(OFFICER), timezone.localdate()
    group = mapped(world, "Circle", reaches=("women",))
    service(world, name="For men", made_for=("men",), councils=("E08000025",))
    assert "No consortium yet" in page(client, "/groups/consortia/")
    assert "Enter a name" in page(client, "/groups/consortia/new/", {"purpose": "x"})
    told = {"name": "Reach <b>", "purpose": "A bid", **boxes("formed_on", today)}
    shown = page(client, "/groups/consortia/new/", told)
    address = f"/groups/consortia/{Consortium.objects.get().pk}/"
    assert "Reach &lt;b&gt;" in shown and "Nobody is in it yet" in shown
    since = boxes("since", today)
    both = {"group": str(group.pk), "organisation": str(world.provider.pk), "role": "lead", **since}
    assert "Choose one group, or one organisation" in page(client, f"{address}join/", both)
    page(client, f"{address}join/", {"organisation": str(world.provider.pk), "role": "lead", **since})
    lead = {"group": str(group.pk), "role": "lead", **since}
    assert "Somebody leads it already" in page(client, f"{address}join/", lead)
    shown = page(client, f"{address}join/", {**lead, "role": "reaches"})
    assert "Nobody in it covers Coventry" in shown and "Lantern Sample Charity" in shown
    assert "Community group" in shown and "Nobody in it reaches:" in shown
    assert "Circle and Lantern Sample Charity" in page(world.client("analyst"), "/groups/consortia/")
    assert "Reach Sample" in page(client, f"{address}change/", {**told, "name": "Reach Sample"})
    member = Member.objects.get(group=group)
    assert "They have left" in page(client, f"/groups/consortia/members/{member.pk}/leave/", {})
    assert "It has ended" in page(client, f"{address}end/", {})
    shown = page(world.client("analyst"), address)
    assert "Ended" in shown and "Add a member" not in shown


@pytest.mark.parametrize("size", [1, 6])
def test_a_longer_list_asks_the_database_no_more(
    world: World, size: int, django_assert_max_num_queries: Any
) -> None:  # fmt: skip
    for number in range(size):
        group = mapped(world, f"Group {number}")
        actions.add_person(group, Asked("T", how="x"), by=world.actor(OFFICER), at=world.now)
        actions.note_need(group, by=world.actor(OFFICER), at=world.now, code="insurance")
    client = world.client(OFFICER)
    client.get("/groups/")
    for address in ("/groups/", "/groups/groups.csv", "/groups/reach/"):
        with django_assert_max_num_queries(45):
            client.get(address)
    assert len(queries.twins(about("Group 0"), [], world.actor(OFFICER))) == 1
