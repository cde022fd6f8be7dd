"""What is wrong with a list before it goes live, and the sentence that a rule reads as."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.foundation.local.directory.models import Service
from alongside.support.arrivals.routing import checks
from alongside.support.arrivals.routing.checks import Office, problems
from alongside.support.arrivals.routing.rules import ASKED, SINGLE, Known, Reader, Rule
from alongside.support.arrivals.routing.tests.lists import ON, rule
from alongside.support.arrivals.routing.wording import sentence

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault

YOUNG = Service(name="Sample Youth", age_to=17, crime_types=["burglary", "violence"], councils=["E08000025"])
TITLES: dict[str, dict[str, str]] = {
    "crime_types": {"burglary": "Burglary", "violence": "Violence", "fraud_cyber": "Fraud and cyber crime",
                    "business_crime": "Business crime", "honour_based_abuse": "'Honour'-based abuse"},
    "risk": {"high": "High risk", "other": "Not known to be at high risk"},
    "councils": {"E08000025": "Thornbury", "E08000031": "Wolverford", "not_known": "Not known"},
    "ages": {"13_to_17": "13 to 17", "18_to_24": "18 to 24", "not_known": "Not known"},
    "sexes": {"female": "Female", "male": "Male"}, "sources": {"police_feed": "The police feed", "self": "The victim"},
    "senders": {"7": "Sample Housing", "8": "Sampleshire Police", "not_known": "No organisation"},
    "feeds": {"8-": "Sampleshire Police: the first feed", "8-asb": "Sampleshire Police: Antisocial behaviour",
              "not_known": "No police feed"},
    "reported": {"yes": "Reported to the police", "no": "Not reported to the police"},
    "victims": {"victim": "The person it happened to", "bereaved": "A bereaved relative", "witness": "A witness",
                "business": "A business"},
    "languages": {"en": "English", "pl": "Polish"},
    "hours": {"office": "In office hours", "out": "Outside office hours"},
    "markers": {"child": "Under 18", "honour_based": "'Honour'-based", "hate_race": "Hostility to race",
                "online": "Online"},
    "needs": {"money": "Money", "health": "Health"},
}  # fmt: skip
OFFICE = Office(
    titles=TITLES, services={str(YOUNG.pk): YOUNG}, ages={"13_to_17": (13, 17), "18_to_24": (18, 24)},
    restricted=frozenset({"honour_based"}), restricted_crimes=frozenset({"honour_based_abuse"}),
    protected_markers=frozenset({"hate_race"}), routes={"homicide_service": "National homicide service"},
)  # fmt: skip


def words(*listed: Rule, office: Office = OFFICE) -> list[str]:
    return [one.words for one in problems(listed, office)]


def test_a_list_without_fault_has_no_problem() -> None:
    assert words(rule(crime_types=("burglary",)), rule(does="suggest", service=YOUNG, ages=("13_to_17",)), rule()) == []


@pytest.mark.parametrize(
    ("asks", "said"),
    [
        ({"since": date(2026, 9, 2), "until": date(2026, 9, 2)}, "never in force"),
        ({"crime_types": ("gone",)}, "no longer has “gone”"),
        ({"victims": ("business",), "sexes": ("female",), "because": "So"}, "no age and no sex"),
        ({"victims": ("victim", "witness"), "crime_types": ("business_crime",)}, "no person as its victim"),
        ({"feeds": ("8-asb",), "sources": ("self",)}, "a police feed and for another source at once"),
        ({"reported": ("no",), "sources": ("police_feed",)}, "was reported to them"),
        ({"markers": ("child",), "ages": ("18_to_24",), "because": "So"}, "adults at once"),
        ({"does": "national", "route": "gone"}, "no longer in the rulebook"),
        ({"does": "suggest", "service": "gone"}, "takes no referrals here"),
        ({"does": "suggest", "service": YOUNG, "crime_types": ("fraud_cyber",)}, "not take: Fraud and cyber crime"),
        ({"does": "suggest", "service": YOUNG, "councils": ("E08000031", "not_known")}, "does not take: Wolverford."),
        ({"does": "suggest", "service": YOUNG, "ages": ("18_to_24", "not_known"), "because": "So"}, "take: 18 to 24."),
        ({"does": "suggest", "service": YOUNG, "risk": ("high",)}, "does not take: High risk"),
        ({"does": "suggest", "service": YOUNG, "victims": ("business",)}, "does not take: A business"),
        ({"does": "at_once", "service": YOUNG, "markers": ("honour_based",)}, "never sent without a person"),
        ({"does": "at_once", "service": YOUNG, "crime_types": ("honour_based_abuse",)}, "never sent without a person"),
        ({"sexes": ("female",)}, "by sex. Say why"), ({"languages": ("pl",)}, "by language. Say why"),
        ({"ages": ("18_to_24",)}, "by age. Say why"), ({"markers": ("hate_race",)}, "hostility was about. Say why"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_stops_the_list(asks: dict[str, Any], said: str) -> None:
    one = rule(**asks)
    assert any(said in found.words and found.stops and found.rule == one.id for found in problems([one], OFFICE))


def test_a_closed_service_and_one_that_needs_a_report_are_refused() -> None:
    shut = Service(name="Sample Shut", state="CLOSED")
    told = Service(name="Sample Told", takes_unreported=False)
    office = replace(OFFICE, services={str(shut.pk): shut, str(told.pk): told})
    assert "closed" in words(rule(does="suggest", service=shut), office=office)[0]
    assert "Not reported" in words(rule(does="suggest", service=told, reported=("no",)), office=office)[0]
    assert words(rule(does="suggest", service=told, reported=("no", "yes")), office=office) == []


def test_many_that_a_service_does_not_take_are_not_all_named() -> None:
    crimes = ("fraud_cyber", "business_crime", "honour_based_abuse", "gone", "lost")
    said = "".join(words(rule(does="suggest", service=YOUNG, crime_types=crimes)))
    assert "Fraud and cyber crime, Business crime, 'Honour'-based abuse and others" in said


def test_a_reason_makes_a_protected_condition_something_to_know() -> None:
    (found,) = problems([rule(sexes=("female",), because="A women's refuge")], OFFICE)
    assert (found.stops, "because: A women's refuge" in found.words) == (False, True)


def test_a_rule_that_an_earlier_one_takes_is_named() -> None:
    wide, narrow = rule("Wide"), rule("Narrow", crime_types=("burglary",), risk=("high",))
    (found,) = problems([wide, narrow], OFFICE)
    assert found.rule == narrow.id and "“Wide” comes first" in found.words
    assert words(narrow, wide) == []


def test_rules_that_take_everything_together_are_found() -> None:
    halves = [rule("High", risk=("high",)), rule("Other", risk=("other",))]
    assert words(*halves, rule("Never", crime_types=("burglary",))) == [
        "The rules before it take everything that this is for: it never applies."
    ]
    assert words(halves[0], rule("Sometimes", crime_types=("burglary",))) == []


@pytest.mark.parametrize(
    ("first", "second", "taken"),
    [
        ({"markers": ("online", "child")}, {"markers": ("online",)}, True), ({"markers": ("online",)}, {}, False),
        ({"needs": ("money",)}, {"needs": ("money", "health")}, False), ({}, {"needs": ("money",)}, True),
        ({"until": ON}, {}, False), ({"since": ON}, {"since": ON}, True), ({"since": ON}, {}, False),
        ({"until": ON}, {"until": ON}, True),
    ],
)  # fmt: skip
def test_markers_needs_and_days_count_in_what_is_taken(
    first: dict[str, Any], second: dict[str, Any], taken: bool
) -> None:
    assert bool(words(rule("First", **first), rule("Second", **second))) is taken


def test_a_list_that_is_cut_too_fine_is_left_to_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "MOST_BOXES", 0)
    assert words(rule("High", risk=("high",)), rule("Rest")) == []


_codes = {name: st.lists(st.sampled_from(sorted(TITLES[name])), max_size=2, unique=True).map(tuple) for name in ASKED}


def _rule(said: dict[str, Any]) -> Rule:
    return rule("R", **said)


_asked = {name: _codes[name] for name in ("crime_types", "risk", "councils", "hours", "markers")}
some_rule = st.fixed_dictionaries({}, optional=_asked).map(_rule)
_single = [st.sampled_from(sorted(TITLES[name])) for name in SINGLE]
_several = [_codes[name].map(frozenset) for name in ("markers", "needs")]
some_known = st.tuples(*_single, *_several).map(lambda said: Known(*said))


@CALM
@given(st.lists(some_rule, min_size=2, max_size=4), some_known)
def test_what_is_said_never_to_apply_never_does(listed: list[Rule], said: Known) -> None:
    never = {one.rule for one in problems(listed, OFFICE) if "never applies" in one.words}
    found = Reader(listed).first(said, ON)
    assert found is None or found.id not in never


@pytest.mark.parametrize(
    ("asks", "reads"),
    [
        ({}, "Every referral is kept with the hub."),
        ({"does": "at_once", "service": YOUNG, "risk": ("high",), "crime_types": ("burglary", "violence"),
          "councils": ("E08000025",), "tell": True},
         "High-risk burglary or violence in Thornbury goes to Sample Youth at once; tell the hub manager."),
        ({"does": "suggest", "service": YOUNG, "ages": ("13_to_17",), "needs": ("money", "health")},
         "Every referral of somebody under 18 who needs help with money or health goes to Sample Youth if the officer "
         "agrees."),
        ({"does": "national", "route": "homicide_service", "markers": ("online",), "sources": ("police_feed",)},
         "Every referral marked Online from the police feed is for the national service: national homicide service."),
        ({"does": "suggest", "service": YOUNG, "crime_types": ("burglary",), "senders": ("7", "8")},
         "Burglary sent by Sample Housing or Sampleshire Police goes to Sample Youth if the officer agrees."),
        ({"risk": ("other",), "victims": ("business",), "hours": ("out",), "reported": ("no",)},
         "Every not high-risk referral of a business is kept with the hub, if not reported to the police, if it comes "
         "outside office hours."),
        ({"does": "suggest", "service": YOUNG, "feeds": ("8-", "8-asb"), "victims": ("bereaved", "witness")},
         "Every referral of a bereaved relative or a witness that came by Sampleshire Police: the first feed or "
         "Sampleshire Police: Antisocial behaviour goes to Sample Youth if the officer agrees."),
        ({"victims": ("victim", "bereaved", "witness", "business"), "feeds": ("not_known",)},
         "Every referral that came by no police feed is kept with the hub."),
        ({"ages": ("18_to_24", "not_known"), "sexes": ("female",), "languages": ("pl",),
          "victims": ("victim", "bereaved", "witness")},
         "Every referral of a person aged 18 to 24 or not known whose sex is female who speaks Polish is kept with the "
         "hub."),
        ({"does": "suggest", "service": "gone", "crime_types": ("gone_too",)},
         "Gone too goes to a service that is no longer there if the officer agrees."),
    ],
)  # fmt: skip
def test_a_rule_reads_as_a_sentence(asks: dict[str, Any], reads: str) -> None:
    assert sentence(rule(**asks), OFFICE) == reads
