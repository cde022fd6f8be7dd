"""Find help in one's own words, as a person meets it."""

import gzip
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.core.models import Event
from alongside.foundation.local.directory import queries as directory
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.rules import Seeker, Titles, fit
from alongside.foundation.local.finding import queries
from alongside.foundation.local.finding.models import Asking
from alongside.foundation.local.finding.tests.directory import BIRMINGHAM, fill
from alongside.foundation.office.organisations.models import Postcode
from tests.world import World

pytestmark = pytest.mark.django_db
CRIMES = ("", "domestic_abuse", "burglary", "fgm", "theft", "homicide_bereaved")


def page(**answers: Any) -> str:
    client = Client()
    found = client.post("/information/", answers)
    assert found.status_code == 200
    assert not client.cookies
    assert "no-store" in found.headers["Cache-Control"]
    return found.content.decode()


def test_each_result_says_what_of_the_words_led_to_it(world: World) -> None:
    fill(world.provider)
    shown = page(words="revenge porn", council=BIRMINGHAM)
    assert "You wrote “revenge porn”" in shown
    assert shown.index("Clear Image") < shown.index("Sampleshire victim care hub")
    assert "which we read as “stalking”" in page(words="stalkng", council=BIRMINGHAM)
    assert "You wrote its name" in page(words="watchful", council=BIRMINGHAM)


def test_a_place_may_be_written_among_the_words_or_left_out(world: World) -> None:
    fill(world.provider)
    Postcode.objects.get_or_create(code="B11BB", defaults={"council": BIRMINGHAM})
    assert "Help in Birmingham" in page(words="stalker birmingham")
    assert "Help in Birmingham" in page(words="stalker b1 1bb")
    anywhere = page(words="stalker")
    assert "Help that we know of" in anywhere and "Watchful stalking advocates" in anywhere
    assert "Steady drug and alcohol" in page(words="cocaine")
    assert "Enter a postcode, or choose a council" in page(words="zzqqzz")


@pytest.mark.parametrize("words", ["kill me", "he is here now", "suicide", "i want to end my life", "suicde", "w"])
@pytest.mark.parametrize("place", [{"council": BIRMINGHAM}, {}, {"postcode": "nonsense"}])
def test_danger_comes_first_even_where_the_form_is_wrong(world: World, words: str, place: dict[str, str]) -> None:
    shown = page(words=words, **place)
    body = shown[shown.index("<main") :]
    danger = "If you are in danger now, call 999" if words in ("kill me", "he is here now") else "If you might harm"
    if words == "w":
        assert "app-urgent" not in body
    else:
        assert body.index(danger) < body.index("Talk to somebody now")


def test_what_was_chosen_rules_out_and_what_was_written_does_not(world: World) -> None:
    fill(world.provider)
    shown = page(words="my ex", happened="broken_into", council=BIRMINGHAM)
    assert "Evergreen support after crime" in shown
    assert "Petal FGM clinic" not in shown
    assert "Evergreen support for over-55s" not in page(words="burgled", age="13_to_17", council=BIRMINGHAM)
    assert "Kite exploitation project" in page(words="15 year old groomed", council=BIRMINGHAM)


def test_nothing_found_says_who_helps_anyway_and_counts_without_a_trace(world: World) -> None:
    fill(world.provider)
    events = Event.objects.count()
    shown = page(words="zzqqzz wibble", council=BIRMINGHAM)
    assert "We found nothing for “zzqqzz wibble”" in shown
    assert "Who helps anyway" in shown
    assert Asking.objects.count() == 1
    assert Event.objects.count() == events
    Service.objects.all().delete()
    assert "or choose what happened from a list" in page(words="zzqqzz wibble", council=BIRMINGHAM)


def test_words_are_carried_to_a_service_and_back_and_can_be_changed(world: World) -> None:
    fill(world.provider)
    assert '<input type="hidden" name="words" value="burgled">' in page(words="burgled", council=BIRMINGHAM)
    assert 'value="burgled"' in page(words="burgled", change="yes")


def test_a_long_list_is_cut_and_the_page_stays_light(world: World) -> None:
    rows = [{"code": f"s{n}", "name": f"Sample {n}", "by": "Sample", "summary": "Help. " * 50} for n in range(60)]
    fill(world.provider, rows)
    shown = page(council=BIRMINGHAM)
    assert "And 37 more services" in shown
    assert len(gzip.compress(shown.encode())) < 20_000


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    crime=st.sampled_from(CRIMES), age=st.sampled_from([None, (0, 17), (55, 64), (16, 17), (18, 130)]),
    business=st.booleans(), language=st.sampled_from(["", "pl"]), place=st.sampled_from(["", BIRMINGHAM, "E08000031"]),
)  # fmt: skip
def test_what_is_narrowed_in_the_database_is_what_plain_scoring_finds(
    world: World, crime: str, age: tuple[int, int] | None, business: bool, language: str, place: str
) -> None:
    if not Service.objects.exists():
        fill(world.provider)
    ages = age or (None, None)
    seeker = Seeker(crime_type=crime, age=ages[0], age_to=ages[1], business=business, language=language, council=place)
    on = world.now.date()
    titles = Titles(directory.words(on), directory.routes_of((crime,), on))
    plain = [fit(service, seeker, titles=titles) for service in directory.helping(place).order_by("?")]
    wanted = sorted(filter(None, plain), key=directory.place_in_list)
    found = directory.whole(directory.help_for(seeker, on=on))
    assert [(one.service.pk, one.score, one.reasons, one.notes) for one in found] == [
        (one.service.pk, one.score, one.reasons, one.notes) for one in wanted
    ]


def test_an_office_learns_from_a_search_in_a_click(world: World) -> None:
    on = world.now.date()
    from_ = queries.kept_from(on)
    for _ in range(from_):
        page(words="zzqqzz wibble", council=BIRMINGHAM)
    manager = world.client("hub_manager")
    shown = manager.get("/rulebook/searches/").content.decode()
    assert "zzqqzz wibble" in shown and f"{from_} times" in shown
    pk = shown.split("/rulebook/searches/")[1].split("/")[0]
    assert "Choose what" in manager.post(f"/rulebook/searches/{pk}/learn/", follow=True).content.decode()
    answer = manager.post(f"/rulebook/searches/{pk}/learn/", {"meaning": "stalked"}, follow=True).content.decode()
    assert "Learnt." in answer and "Nothing waits" in answer
    assert "We found nothing" not in page(words="zzqqzz wibble", council=BIRMINGHAM)
    assert "Searches that found nothing" in manager.get("/rulebook/search_words/").content.decode()


def test_an_age_that_is_written_puts_what_is_for_others_last_and_rules_nothing_out(world: World) -> None:
    fill(world.provider)
    Service.objects.filter(code="pictures").update(age_from=18)
    shown = page(words="I'm 15 and somebody shared my nudes, revenge porn", council=BIRMINGHAM)
    assert "Others that may help" in shown
    assert shown.index("Others that may help") < shown.index("Clear Image")
    assert "Only for people aged 18 or over" in shown
    older = page(words="revenge porn", council=BIRMINGHAM)
    assert older.index("Clear Image") < older.index("Others that may help")


@pytest.mark.parametrize(
    ("words", "seen", "unseen"),
    [
        ("I'm 15 and I was raped", "Childline", "Rape and Sexual Abuse Support Line"),
        ("my 15 year old was groomed", "Childline", "Rape and Sexual Abuse Support Line"),
        ("I was raped 15 years ago", "Rape and Sexual Abuse Support Line", "Childline"),
        ("aged 40, groomed as a child", "Rape and Sexual Abuse Support Line", "Childline"),
        ("killed in a crash", "0808 8000 401", "Live Fear Free"),
        ("my husband hits me", "National Domestic Abuse Helpline", "Live Fear Free"),
    ],
)
def test_helplines_are_those_for_the_age_and_the_nation(world: World, words: str, seen: str, unseen: str) -> None:
    fill(world.provider)
    shown = page(words=words, council=BIRMINGHAM)
    assert seen in shown
    assert unseen not in shown


def test_wales_has_its_own_helpline_for_abuse(world: World) -> None:
    cardiff = "W06000015"
    assert "Live Fear Free" in page(words="my husband hits me", council=cardiff)
    assert "Childline" not in page(happened="sexual", council=cardiff, age="25_to_34")
    assert "Childline" in page(happened="stolen", council=cardiff, who="child")
