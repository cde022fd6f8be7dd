"""The pages of tools: an office sets one up by page alone, tries it, and publishes it."""

from typing import Any

import pytest
from django.utils import timezone

from alongside.support.cases.casework.tests.cases import service_of
from alongside.support.cases.outcomes import queries as outcomes
from alongside.support.cases.tools.models import Draft
from tests.world import World

pytestmark = pytest.mark.django_db
OFFICE = "hub_manager"
SETTLED = {
    "title": "Our seven", "whose": "Our hub", "first_age": "16", "last_age": "120", "intro": "Read it.",
    "scale": "0 Never\n1\n2: Sometimes\n3 | Always", "higher": "no", "step": "0.5", "deviation": "", "reliability": "",
}  # fmt: skip


def page(world: World, address: str, person: str = OFFICE) -> str:
    answer = world.client(person).get(address, follow=True)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def post(world: World, address: str, person: str = OFFICE, **said: Any) -> str:
    return str(world.client(person).post(address, said, follow=True).content.decode())


def day(name: str) -> dict[str, str]:
    now = timezone.localdate()
    return {f"{name}_day": f"{now.day}", f"{name}_month": f"{now.month}", f"{name}_year": f"{now.year}"}


def test_an_office_sets_up_a_tool_by_page_alone(world: World) -> None:
    service = service_of(world)
    assert "Eight points of a star" in page(world, "/outcome-tools/")
    assert "This field is required" not in post(world, "/outcome-tools/new/", title="")
    post(world, "/outcome-tools/new/", title="Our seven", whose="Our hub")
    here = f"/outcome-tools/drafts/{Draft.objects.get().pk}/"
    assert "There is no question yet" in page(world, here)
    shown = page(world, f"{here}settle/")
    assert "1 Not at all" in shown and service.name in shown
    wrong = post(world, f"{here}settle/", **SETTLED | {"scale": "Never\n1 Always"}, stamp="1")
    assert "Begin each line with its number" in wrong
    assert "go up by one" in post(world, f"{here}settle/", **SETTLED | {"scale": "0 Never\n2 Always"}, stamp="1")
    shown = post(world, f"{here}settle/", **SETTLED, services=[service.code], stamp="1")
    assert "0 Never; 1; 2 Sometimes; 3 Always. Fewer points are better." in shown
    asked = {"words": "I am afraid at home.", "outcome": "safety"}
    assert "Choose the outcome" in post(world, f"{here}questions/new/", words="I am afraid", stamp="2")
    post(world, f"{here}questions/new/", **asked, stamp="2")
    post(world, f"{here}questions/new/", words="I have nobody.", outcome="none", stamp="3")
    assert "None of the four outcomes" in page(world, here)
    post(world, f"{here}questions/q1/", **asked | {"words": "I am afraid where I live."}, stamp="4")
    assert "in another place" in post(world, f"{here}move/", code="q2", up="on", stamp="5")
    assert "meanwhile" in post(world, f"{here}move/", code="q2", stamp="5")
    assert "2: Sometimes" in page(world, f"{here}preview/")
    said = {**day("since"), "source": "Office decision", "stamp": "6"}
    assert "Published." in post(world, f"{here}publish/", **said)
    tool = outcomes.tool("own1", timezone.localdate())
    assert tool is not None
    assert (tool.higher, tool.step, tool.services, tool.points) == (
        False, 0.5, (service.code,), (0, 1, 2, 3),
    )  # fmt: skip
    assert "I am afraid where I live." in page(world, "/outcome-tools/on/own1/", "caseworker")


def test_what_can_no_longer_be_held_together_is_said_before_it_is_published(world: World) -> None:
    post(world, "/outcome-tools/on/adult/begin/")
    here = f"/outcome-tools/drafts/{Draft.objects.get().pk}/"
    assert "Nothing was changed yet" in page(world, f"{here}publish/")
    assert "Go on with the draft" in page(world, "/outcome-tools/on/adult/")
    post(world, f"{here}questions/adult_safety_1/", words="I feel safe at home.", outcome="safety", stamp="1")
    assert "counts as not measured for: Feeling safe" in page(world, f"{here}publish/")
    post(world, f"{here}publish/", **day("since"), source="Office decision", stamp="2")
    shown = page(world, "/outcome-tools/on/adult/history/")
    assert "not held together for: Feeling safe" in shown and "Begin a draft from this version" in shown
    post(world, "/outcome-tools/on/adult/begin/", like="1")
    held = Draft.objects.get()
    assert "Taken out" in post(world, f"/outcome-tools/drafts/{held.pk}/take-out/", code="adult_safety_1", stamp="1")
    assert "Thrown away" in post(world, f"/outcome-tools/drafts/{held.pk}/drop/")


def test_others_read_and_do_not_write(world: World) -> None:
    assert "Write a tool of your own" not in page(world, "/outcome-tools/", "caseworker")
    client = world.client("caseworker")
    assert client.get("/outcome-tools/new/").status_code == 403
    assert client.post("/outcome-tools/on/adult/begin/").status_code == 403
    for address in ("/outcome-tools/on/stars/", "/outcome-tools/on/stars/history/"):
        assert client.get(address).status_code == 404
    assert "withdrawn" in post(world, "/outcome-tools/on/stars/begin/")


def test_another_offices_draft_is_not_found(world: World) -> None:
    post(world, "/outcome-tools/on/adult/begin/")
    held = Draft.objects.get()
    here = f"/outcome-tools/drafts/{held.pk}/"
    assert world.client("office_administrator").get(here).status_code == 404
    assert world.client(OFFICE).get(f"{here}questions/q99/").status_code == 404
    assert world.client(OFFICE).post(f"{here}move/", {"code": "q99", "stamp": "1"}).status_code == 404
