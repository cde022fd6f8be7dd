"""Which services fit a person, and why: no database."""

from datetime import date
from typing import Any

import pytest

from alongside.core.said import listed
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.parts import Post
from alongside.foundation.local.directory.rules import (
    Fit,
    Seeker,
    Titles,
    age_words,
    fit,
    outside,
    sex_words,
    waiting_list,
)

WORDS = {
    "domestic_abuse": "Domestic abuse",
    "health": "Mental and physical health",
    "money": "Finance and benefits",
    "E08000025": "Birmingham",
    "pl": "Polish",
}
TITLES = Titles(WORDS, {"domestic_abuse_specialist": "Domestic abuse goes to a specialist who plans for safety."})


def service(**fields: Any) -> Service:
    return Service(name="Sample Service", **fields)


def fitted(offered: Service, seeker: Seeker) -> Fit:
    found = fit(offered, seeker, titles=TITLES)
    assert found is not None
    return found


def test_a_service_for_everyone_says_so() -> None:
    found = fitted(service(), Seeker())
    assert (found.reasons, found.notes) == (("Helps after any crime",), ())


def test_a_service_for_the_crime_comes_before_one_for_any_crime() -> None:
    seeker = Seeker(crime_type="domestic_abuse")
    named, general = service(crime_types=["domestic_abuse"]), service()
    assert fitted(named, seeker).score > fitted(general, seeker).score
    assert fitted(named, seeker).reasons == ("Helps after domestic abuse",)


def test_the_specialist_that_the_rulebook_names_comes_first() -> None:
    seeker = Seeker(crime_type="domestic_abuse")
    specialist = service(crime_types=["domestic_abuse"], specialisms=["domestic_abuse_specialist", "outreach"])
    found = fitted(specialist, seeker)
    assert "Domestic abuse goes to a specialist who plans for safety." in found.reasons
    assert found.score > fitted(service(crime_types=["domestic_abuse"]), seeker).score


@pytest.mark.parametrize(
    ("fields", "seeker"),
    [
        ({"state": "CLOSED"}, Seeker()),
        ({"crime_types": ["stalking"]}, Seeker(crime_type="burglary")),
        ({"needs": ["health"]}, Seeker(needs=("money",))),
        ({"councils": ["E08000031"]}, Seeker(council="E08000025")),
        ({"age_from": 18}, Seeker(age=17)),
        ({"age_to": 17}, Seeker(age=18)),
        ({"age_from": 18}, Seeker(age=13, age_to=17)),
        ({"sexes": ["female"]}, Seeker(sex="male")),
        ({"takes_unreported": False}, Seeker(reported=False)),
        ({}, Seeker(high_risk=True)),
        ({}, Seeker(business=True)),
    ],
)
def test_what_rules_a_service_out(fields: dict[str, Any], seeker: Seeker) -> None:
    assert fit(service(**fields), seeker) is None


@pytest.mark.parametrize(
    ("fields", "seeker", "reason"),
    [
        ({"needs": ["health", "money"]}, Seeker(needs=("health", "money")),
         "Helps with mental and physical health and finance and benefits"),
        ({"councils": ["E08000025"]}, Seeker(council="E08000025"), "Covers Birmingham"),
        ({"age_from": 13, "age_to": 17}, Seeker(age=13), "For people aged 13 to 17"),
        ({"age_from": 13, "age_to": 17}, Seeker(age=13, age_to=17), "For people aged 13 to 17"),
        ({"age_from": 18}, Seeker(age=75, age_to=130), "For people aged 18 or over"),
        ({"sexes": ["female"]}, Seeker(sex="female"), "For women and girls"),
        ({"languages": ["pl"]}, Seeker(language="pl"), "Offers help in Polish"),
        ({"takes_high_risk": True}, Seeker(high_risk=True), "Takes people at high risk of serious harm"),
        ({"for_business": True}, Seeker(business=True), "Helps businesses"),
        ({}, Seeker(reported=False), "Helps whether or not the police have been told"),
    ],
)  # fmt: skip
def test_each_reason_is_said_in_plain_words(fields: dict[str, Any], seeker: Seeker, reason: str) -> None:
    assert reason in fitted(service(**fields), seeker).reasons


@pytest.mark.parametrize(
    ("fields", "seeker", "note"),
    [
        ({"state": "WAITING"}, Seeker(), "It has a waiting list"),
        ({"age_from": 18}, Seeker(), "Only for people aged 18 or over"),
        ({"age_from": 16, "age_to": 25}, Seeker(age=13, age_to=17), "Only for people aged 16 to 25"),
        ({"age_to": 20}, Seeker(age=18, age_to=24), "Only for people aged 20 or under"),
        ({"sexes": ["female"]}, Seeker(), "Only for women and girls"),
        ({"sexes": ["female"]}, Seeker(sex="not_said"), "Only for women and girls"),
        ({"languages": ["ur"]}, Seeker(language="pl"), "Ask about an interpreter for Polish"),
        ({"councils": ["E08000025"]}, Seeker(), "Only covers Birmingham"),
    ],
)  # fmt: skip
def test_each_note_is_said_before_the_service_is_chosen(fields: dict[str, Any], seeker: Seeker, note: str) -> None:
    assert fitted(service(**fields), seeker).notes == (note,)


def test_a_waiting_list_moves_a_service_down() -> None:
    seeker = Seeker(crime_type="stalking")
    waiting, ready = service(crime_types=["stalking"], state="WAITING"), service(crime_types=["stalking"])
    assert fitted(waiting, seeker).score < fitted(ready, seeker).score


def test_a_service_that_may_turn_out_not_to_fit_comes_after_one_that_does() -> None:
    for_young = service(age_to=18, councils=["E08000025"])
    seeker = Seeker(council="E08000025")
    assert fitted(for_young, seeker).score < fitted(service(), seeker).score


def test_where_nothing_else_tells_them_apart_the_broader_service_comes_first() -> None:
    assert fitted(service(), Seeker()).score > fitted(service(needs=["outlook"]), Seeker()).score


def test_a_need_that_is_not_met_does_not_hide_the_specialist() -> None:
    specialist = service(crime_types=["domestic_abuse"], needs=["health"])
    assert fit(specialist, Seeker(crime_type="domestic_abuse", needs=("money",))) is not None


def test_somebody_who_is_not_sure_is_shown_specialists_after_general_services() -> None:
    special = service(crime_types=["stalking", "burglary", "theft", "domestic_abuse"])
    found = fitted(special, Seeker())
    assert found.reasons == ("Helps after stalking, burglary or theft or something like it, if that is what happened",)
    assert found.score < fitted(service(), Seeker()).score
    few = fitted(service(crime_types=["stalking"]), Seeker())
    assert few.reasons == ("Helps after stalking, if that is what happened",)
    assert few.score < found.score


@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        (["homicide_bereaved"], "Helps people bereaved by homicide"),
        (["homicide_bereaved", "serious_road_injury"],
         "Helps people bereaved by homicide or seriously injured on the road"),
        (["theft", "homicide_bereaved"], "Helps people bereaved by homicide and after other theft"),
    ],
)  # fmt: skip
def test_a_reason_reads_as_a_sentence_where_a_title_names_people(codes: list[str], reason: str) -> None:
    titles = Titles({"homicide_bereaved": "Bereaved by homicide", "theft": "Other theft",
                     "serious_road_injury": "Seriously injured on the road"}, {})  # fmt: skip
    unsure = fit(service(crime_types=codes), Seeker(), titles=titles)
    assert unsure is not None
    assert unsure.reasons == (f"{reason}, if that is what happened",)
    sure = fit(service(crime_types=codes), Seeker(crime_type="homicide_bereaved"), titles=titles)
    assert sure is not None
    assert sure.reasons == ("Helps people bereaved by homicide",)


def test_age_and_sex_say_nothing_of_a_business() -> None:
    offered = service(for_business=True, age_from=18, sexes=["female"])
    found = fitted(offered, Seeker(business=True, age=5, sex="male"))
    assert (found.reasons, found.notes) == (("Helps after any crime", "Helps businesses"), ())


def test_english_is_no_reason() -> None:
    assert fitted(service(languages=["en"]), Seeker(language="en")).reasons == ("Helps after any crime",)


def test_words() -> None:
    assert [age_words(None, None), age_words(0, None), age_words(0, 17)] == [
        "any age",
        "any age",
        "17 or under",
    ]
    assert [listed([]), listed(["a"]), listed(["a", "b", "c"], "or")] == ["", "a", "a, b or c"]
    assert sex_words(["male", "not_known"]) == "men and boys and not known"


@pytest.mark.parametrize(
    ("postcode", "words"),
    [("BT1 1AA", "Northern Ireland"), ("g1 1aa", "Scotland"), ("JE2 3AB", "Channel Islands")],
)
def test_a_postcode_of_another_nation_is_named(postcode: str, words: str) -> None:
    assert words in outside(postcode)


@pytest.mark.parametrize("postcode", ["B1 1AA", "GL1 1AA", "TD15 1AA", "", "12"])
def test_a_postcode_that_may_be_here_is_not(postcode: str) -> None:
    assert outside(postcode) == ""


def test_whom_it_was_made_for_comes_first_for_them_and_is_said_to_others() -> None:
    offered, titles = service(made_for=["lgbt"]), Titles({"lgbt": "LGBT+ people"}, {})
    theirs, others = (fit(offered, seeker, titles=titles) for seeker in (Seeker(made_for=("lgbt",)), Seeker()))
    assert theirs and others and theirs.score > others.score
    assert ("Made for: LGBT+ people" in theirs.reasons, others.notes) == (True, ("Made for: LGBT+ people",))


@pytest.mark.parametrize(
    ("narrowed", "seeker", "fits"),
    [
        ({"languages": ("pl",)}, Seeker(language="pl"), True),
        ({"languages": ("pl",)}, Seeker(language="ur"), False),
        ({"languages": ("pl",), "state": "vacant"}, Seeker(language="pl"), False),
        ({"age_from": 55}, Seeker(age=60), True),
        ({"age_from": 55}, Seeker(age=50, age_to=59), False),
        ({"age_to": 17}, Seeker(age=15), True),
        ({"age_from": 55}, Seeker(), False),
        ({"made_for": ("deaf",)}, Seeker(made_for=("deaf",)), True),
        ({"crime_types": ("domestic_abuse",), "languages": ("pl",)}, Seeker(language="pl"), False),
        ({}, Seeker(language="pl"), False),
    ],
)
def test_a_post_speaks_for_a_service_where_all_that_narrows_it_is_true(
    narrowed: dict[str, Any], seeker: Seeker, fits: bool
) -> None:
    offered = service(posts=[Post("Adviser for some", **narrowed).kept()])
    assert ("Has an adviser for some" in fitted(offered, seeker).reasons) is fits


def test_a_name_of_letters_stays_as_it_is_inside_a_sentence() -> None:
    offered = service(posts=[Post("IDVA for Polish speakers", languages=("pl",)).kept()])
    assert "Has an IDVA for Polish speakers" in fitted(offered, Seeker(language="pl")).reasons


def test_a_specialism_of_a_filled_post_counts_as_the_services() -> None:
    seeker = Seeker(crime_type="domestic_abuse")
    for state, found in (("filled", True), ("away", False)):
        offered = service(posts=[Post("IDVA", specialisms=("domestic_abuse_specialist",), state=state).kept()])
        assert (TITLES.routes["domestic_abuse_specialist"] in fitted(offered, seeker).reasons) is found


def test_how_and_with_what_arranged_are_reasons_or_things_to_ask() -> None:
    titles = Titles(
        {"phone": "By phone", "step_free": "Step-free place", "childcare": "Childcare", "video": "By video call"}, {}
    )
    found = fit(
        service(modes=["phone"], access=["step_free"]),
        Seeker(mode="phone", access=("step_free", "childcare")),
        titles=titles,
    )
    assert found is not None
    assert {"Helps by phone", "Has arranged for: step-free place"} <= set(found.reasons)
    assert found.notes == ("Ask first about: childcare",)
    other = fit(service(modes=["phone"]), Seeker(mode="video"), titles=titles)
    assert other is not None and other.notes == ("It helps by phone",)


def test_its_own_conditions_are_said_before_anyone_chooses() -> None:
    titles = Titles({"living_apart": "Only for people who live apart from whoever did it"}, {})
    found = fit(service(criteria=["living_apart"]), Seeker(), titles=titles)
    assert found is not None and found.notes == ("Only for people who live apart from whoever did it",)


@pytest.mark.parametrize(
    ("days", "words"),
    [(None, ""), (0, ", and can begin at once"), (1, " of about 1 day"), (9, " of about 9 days"),
     (21, " of about 3 weeks"), (120, " of about 4 months")],
)  # fmt: skip
def test_a_wait_is_said_as_people_say_it(days: int | None, words: str) -> None:
    assert waiting_list(days) == f"It has a waiting list{words}"


def test_what_nobody_checked_lately_comes_later_and_says_so() -> None:
    since = date(2026, 6, 1)
    for checked in (None, date(2026, 5, 31)):
        found = fit(service(checked_on=checked), Seeker(), fresh_from=since)
        assert found is not None and found.score < fitted(service(), Seeker()).score
        assert found.notes == ("Nobody has checked this lately, so some of it may have changed",)
    fresh = fit(service(checked_on=since), Seeker(), fresh_from=since)
    assert fresh is not None and fresh.notes == ()
