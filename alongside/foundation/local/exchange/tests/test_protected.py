"""A service whose place must stay secret never leaves with a place: on no path, in no shape, in no field."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.parts import Site
from alongside.foundation.local.exchange import presenters, queries, rules
from alongside.foundation.local.exchange.tests.published import (
    ROOT,
    build,
    every_answer,
    got,
    names,
    refuge,
    site_words,
)
from tests.world import World

pytestmark = pytest.mark.django_db
SECRETS = ("ZZ9 9ZZ", "zz99zz", "77 Hidden Road", "Flat 9")
TEXTS = ("name", "summary", "what_happens", "hours", "cost", "phone", "access_notes")
PLACES = ("location", "address", "service_at_location")


def secret(world: World) -> Service:
    """As if the office had typed the place into every free text that there is."""
    service = refuge(world)
    columns = {name: f"{name} at {place}"[:40] for name, place in zip(TEXTS, SECRETS * 2, strict=False)}
    Service.objects.filter(pk=service.pk).update(**columns, web="https://flat-9.example/ZZ9 9ZZ")
    return Service.objects.get(pk=service.pk)


def test_no_path_gives_a_place_of_a_protected_service(world: World) -> None:
    build(world)
    hidden = secret(world)
    answers = every_answer()
    everything = json.dumps(answers).casefold()
    assert [word for word in (*SECRETS, "hidden road") if word.casefold() in everything] == []
    own = [body for address, body in answers.items() if str(hidden.pk) in address]
    assert own and not [name for name in PLACES for body in own if f'"{name}' in json.dumps(body)]
    assert str(hidden.pk) not in json.dumps([body for path, body in answers.items() if "service_at_locations" in path])


def test_a_protected_service_is_published_without_its_place(world: World) -> None:
    told = got(f"/services/{refuge(world).pk}")
    assert (told["name"], told["description"]) == ("Sample Lantern Refuge", "A safe place to stay.")
    assert told["contacts"][0]["phones"][0]["number"] == "01632 960402"
    hidden = got(f"/services/{secret(world).pk}")
    assert hidden["name"] == "Support service" and "description" not in hidden and "schedules" not in hidden


def test_a_place_cannot_be_found_out_by_searching_for_it(world: World) -> None:
    build(world)
    secret(world)
    for path in ("/services", "/service_at_locations"):
        for word in (*SECRETS, "ZZ9", "name at", "summary"):
            assert got(path, search=word)["contents"] == []
    assert "Support service" in names("/services", search="lantern sample")
    assert names("/services", search="refuge") == ["Sample Lantern Refuge"]


def test_even_a_row_that_the_database_would_refuse_gives_no_place(world: World) -> None:
    """The constraint, the query and the words each forbid it by themselves."""
    service = refuge(world)
    site = Site("Hidden House", "77 Hidden Road", "", "Birmingham", "ZZ9 9ZZ")
    forced = {"sites": [site.kept()], "location_public": True, "location": "77 Hidden Road"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(pk=service.pk).update(**forced)
    for name, value in forced.items():
        setattr(service, name, value)
    words = queries.words(world.now.date())
    assert presenters.locations(service, words) == []
    assert "Hidden" not in json.dumps(presenters.service_whole(service, words))


def test_once_protected_a_place_is_gone_at_the_next_question(world: World) -> None:
    full = build(world).full
    where = f"{ROOT}/service_at_locations"
    (before,) = [one for one in got("/service_at_locations")["contents"] if one["service_id"] == str(full.pk)]
    tag = Client().get(where)["ETag"]
    Service.objects.filter(pk=full.pk).update(location_protected=True, sites=[])
    assert Client().get(f"{where}/{before['id']}").status_code == 404
    again = Client().get(where, headers={"If-None-Match": tag})
    assert again.status_code == 200 and "no-cache" in again["Cache-Control"]
    assert not [word for word in site_words() if word in json.dumps(every_answer()) and word != "Birmingham"]


@pytest.mark.parametrize("text", ["Call in at ZZ1 1AA", "12 Sample Road", "Flat 3b"])
def test_words_that_tell_a_place_stay_here_for_a_protected_service_alone(text: str) -> None:
    assert not rules.may_leave(text, protected=True) and rules.may_leave(text, protected=False)
    assert rules.may_leave("A safe place to stay", protected=True) and not rules.may_leave("", protected=False)
