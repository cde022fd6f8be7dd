"""Where there is help: drawn, and as a list that says the same."""

import gzip
from typing import Any

import pytest
from django.test import Client

from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.finding.tests.directory import BIRMINGHAM, fill
from tests.world import World

pytestmark = pytest.mark.django_db
WOLVERHAMPTON, CUMBERLAND = "E08000031", "E06000063"


def page(**sent: Any) -> str:
    client = Client()
    found = client.post("/information/places/", sent) if sent else client.get("/information/places/")
    assert found.status_code == 200
    assert not client.cookies
    return found.content.decode()


def row(name: str, **told: Any) -> dict[str, Any]:
    return {"code": name, "name": name, "by": "Sample", "summary": "Help.", **told}


def count(shown: str, council: str) -> str:
    """What the list says of a council; the drawing has to say the same."""
    at = shown.index(f'id="council-{council}"')
    said = shown[at : shown.index("</li>", at)].split("</button>: ")[1].strip()
    if f'data-press="council-{council}"' in shown:
        drawn = shown[shown.index(f'data-press="council-{council}"') :].split("</text>", maxsplit=1)[0]
        assert drawn.endswith(f">{0 if said.startswith('No') else said.split()[0]}")
    return said


def test_each_council_has_as_many_as_work_there(world: World) -> None:
    fill(world.provider, [row("Everywhere"), row("Here", crime_types=["stalking"]), row("There")])
    Service.objects.filter(name="Here").update(councils=[BIRMINGHAM])
    Service.objects.filter(name="There").update(councils=[WOLVERHAMPTON])
    shown = page()
    assert count(shown, BIRMINGHAM) == "2 services" and count(shown, WOLVERHAMPTON) == "2 services"
    assert CUMBERLAND not in shown
    stalked = page(happened="followed", council=BIRMINGHAM)
    assert count(stalked, BIRMINGHAM) == "2 services"
    burgled = page(words="burgled", postcode="")
    assert count(burgled, BIRMINGHAM) == "1 service"
    assert "fit what you told us" in burgled and '<input type="hidden" name="words" value="burgled">' in burgled


def test_pressing_a_council_finds_what_fits_there(world: World) -> None:
    fill(world.provider, [row("Everywhere")])
    shown = page(words="burgled", council=BIRMINGHAM)
    assert 'formaction="/information/places/"' not in shown
    assert f'name="council" value="{WOLVERHAMPTON}"' in shown
    assert 'name="council" value="E08000025"' not in shown.split("app-helped__main")[1].split("<section")[0]
    found = Client().post("/information/", {"words": "burgled", "council": WOLVERHAMPTON}).content.decode()
    assert "Help in Wolverhampton" in found


def test_an_area_that_nobody_serves_says_so_and_who_helps_anyway(world: World) -> None:
    fill(world.provider, [row("Everywhere")])
    shown = page(council=CUMBERLAND)
    assert count(shown, CUMBERLAND) == "No service that fits"
    assert "The numbers on this page help wherever you are" in shown and "Samaritans" in shown and "999" in shown
    assert "West Midlands" not in shown
    Service.objects.all().delete()
    assert "no service that fits, in any area" in page()


def test_words_that_mean_nothing_and_places_that_are_none_rule_nothing_out(world: World) -> None:
    fill(world.provider, [row("Everywhere")])
    assert count(page(words="zzqqzz"), BIRMINGHAM) == "1 service"
    assert count(page(postcode="nonsense"), BIRMINGHAM) == "1 service"


def test_from_many_areas_one_is_chosen_first(world: World) -> None:
    fill(world.provider, [row("Everywhere")])
    Service.objects.update(councils=[BIRMINGHAM, CUMBERLAND, "E06000001"])
    shown = page()
    assert 'name="area" value="cumbria"' in shown and "data-press=" not in shown
    assert count(page(area="cumbria"), CUMBERLAND) == "1 service"
    assert "no service that fits, in any area" in page(area="'; drop table")


def test_the_page_is_light(world: World) -> None:
    fill(world.provider, [row("Everywhere")])
    assert len(gzip.compress(page().encode())) < 25_000


def test_the_helplines_stay_those_for_what_was_told_and_no_police_force_is_named(world: World) -> None:
    fill(world.provider)
    shown = page(words="killed in a crash", council=BIRMINGHAM)
    assert "0808 8000 401" in shown
    assert "0808 8000 401" not in page(council=BIRMINGHAM)
    young = page(happened="sexual", age="13_to_17", council=BIRMINGHAM)
    assert "Childline" in young
    assert "Midlands Police" not in shown
