"""Which question comes next, how long a visit lasts, and what answers amount to."""

import os
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from alongside.support.arrivals.intake import queries, rules

TODAY = date(2026, 9, 14)
NOW = datetime(2026, 9, 14, 10, tzinfo=UTC)
HOURS = {"morning": "09:00-12:00", "evening": "17:00-20:00", "by_arrangement": "Only when we have arranged it"}
ADULT: dict[str, Any] = {
    "now": {"danger": "no"}, "who": {"who": "me"}, "what": {"what": "attacked"}, "told": {"reported": "yes"},
    "when": {"when": "week"}, "name": {"given_name": "Testina", "family_name": ""},
    "born": {"birth_date": date(1990, 1, 1)}, "place": {"council": "E08000025"}, "how": {"how": ["me"]},
    "language": {"language": "en", "interpreter": "no", "other": ""}, "needs": {}, "more": {"telling": ""},
    "contact": {"contact": "yes"}, "agree": {"support": True},
}  # fmt: skip
PHONE = {"number": "07700 900123", "safe": "yes", "uses": ["call", "text"], "times": ["morning"], "message": "yes",
         "others": "Say you are the library"}  # fmt: skip


def said(**changes: Any) -> dict[str, Any]:
    return {**ADULT, **changes}


@pytest.mark.parametrize(
    ("idle", "age", "holds"),
    [(14, 60, True), (15, 60, False), (0, 119, True), (0, 120, False)],
)
def test_a_visit_lasts_fifteen_idle_minutes_and_two_hours_at_most(idle: int, age: int, holds: bool) -> None:
    assert rules.alive(NOW - timedelta(minutes=age), NOW - timedelta(minutes=idle), NOW) is holds


def test_visits_are_counted_by_the_hour() -> None:
    assert rules.window(NOW) == rules.window(NOW + timedelta(minutes=59)) == rules.window(NOW + timedelta(hours=1)) - 1


def test_typed_text_keeps_what_somebody_meant_and_loses_what_nobody_sees() -> None:
    assert rules.tidy("a\r\nb\rc\td") == "a\nb\nc\td"
    assert rules.tidy("a\u202eb\u2066c\u200bd\ufeffe\x00f") == "abcdef"
    assert rules.tidy("می\u200cخواهم 👩\u200d👧 \u200fש") == "می\u200cخواهم 👩\u200d👧 \u200fש"


def test_a_phrase_is_four_different_words_and_says_forty_bits() -> None:
    words = queries.words()
    assert len(words) == len(set(words)) >= 1000
    assert len(words) * (len(words) - 1) * (len(words) - 2) * (len(words) - 3) >= 2**40
    for _ in range(200):
        phrase = rules.new_phrase(os.urandom(16), words).split()
        assert len(set(phrase)) == 4
        assert set(phrase) <= set(words)


def test_the_words_are_plain_and_no_two_are_one_letter_apart() -> None:
    words = queries.words()
    assert all(word.isascii() and word.islower() and 4 <= len(word) <= 9 for word in words)
    gaps = [word[:at] + "." + word[at + 1 :] for word in words for at in range(len(word))]
    assert len(gaps) == len(set(gaps))


@pytest.mark.parametrize("reference", ["AL-7KGM-P4WX", "al7kgmp4wx", " 7kgm p4wx "])
@pytest.mark.parametrize("phrase", ["tulip anchor bread cloud", " Tulip, anchor -- BREAD.cloud "])
def test_reference_and_phrase_are_known_however_they_are_typed(reference: str, phrase: str) -> None:
    assert rules.ticket_key(reference, phrase) == "AL-7KGM-P4WX|tulip anchor bread cloud"


def test_what_is_no_reference_is_compared_all_the_same() -> None:
    assert rules.ticket_key(" nonsense ", "tulip") == "nonsense|tulip"


@pytest.mark.parametrize(
    ("who", "born", "words"),
    [("me", {}, "me"), ("young", {}, "young"), ("other", {}, "other"), ("child", {}, "child"),
     ("me", {"age": 16}, "young"), ("young", {"age": 40}, "me"), ("other", {"birth_date": date(2015, 1, 1)}, "child"),
     ("child", {"age": 18}, "other")],
)  # fmt: skip
def test_words_fit_whoever_asks(who: str, born: dict[str, Any], words: str) -> None:
    assert rules.audience({"who": {"who": who}, "born": born}, TODAY) == words


def test_a_business_is_asked_what_it_is_called_and_never_its_age() -> None:
    answers = said(who={"who": "business"}, firm={"business_name": "Sample Corner Shop"}, born={"age": 12})
    assert "firm" in rules.path(answers)
    assert "born" not in rules.path(answers)
    assert (rules.audience(answers, TODAY), rules.young(answers, TODAY)) == ("business", False)
    assert rules.notes(answers, "Something else was stolen", "", on=TODAY).splitlines()[0].startswith("What happened")


def test_the_shortest_path_asks_what_is_needed_and_nothing_else() -> None:
    assert rules.path(ADULT) == (
        "now", "who", "what", "told", "when", "name", "born", "place", "how", "language", "needs", "more", "agree",
    )  # fmt: skip
    assert rules.upcoming(ADULT) == rules.CHECK


@pytest.mark.parametrize(
    ("changes", "asked"),
    [({"now": {"danger": "yes"}}, "stop"), ({"now": {"danger": "unsure"}}, "stop"), ({"who": {"who": "child"}}, "them"),
     ({"told": {"reported": "no"}}, "whynot"), ({"place": {"council": ""}}, "area"),
     ({"how": {"how": ["phone"]}}, "phone"),
     ({"how": {"how": ["email"]}}, "email"), ({"how": {"how": ["phone"]}, "phone": {"safe": "no"}}, "quiet")],
)  # fmt: skip
def test_an_answer_leads_to_its_question(changes: dict[str, Any], asked: str) -> None:
    answers = said(**changes)
    assert asked not in rules.path(ADULT)
    assert rules.upcoming(answers) == asked


def test_nobody_skips_ahead_or_answers_what_is_not_asked() -> None:
    answers = {"now": {"danger": "no"}}
    assert rules.may_open("now", answers)
    assert rules.may_open("who", answers)
    assert not rules.may_open("what", answers)
    assert not rules.may_open("stop", answers)


def test_back_leads_to_the_question_before() -> None:
    assert rules.before("now", ADULT) == ""
    assert rules.before("what", ADULT) == "who"
    assert rules.before(rules.CHECK, ADULT) == "agree"


def test_giving_another_way_asks_for_contact_again() -> None:
    assert rules.undone("quiet", {"quiet": "again"}) == ("how", "phone", "email", "quiet")
    assert rules.undone("quiet", {"quiet": "me"}) == rules.undone("how", {}) == ()


def test_ones_own_safe_phone_is_verified_and_keeps_its_hours() -> None:
    (way,) = rules.ways(said(how={"how": ["phone"]}, phone=PHONE), HOURS)
    assert (way.value, way.safe, way.safe_times, way.verified_how) == ("07700 900123", "yes", "09:00-12:00", "typed")
    assert way.leave_message
    assert way.instructions == "Say you are the library"


@pytest.mark.parametrize(
    ("uses", "note"), [(["text"], "Text only, never call; 09:00-12:00"), (["call"], "Call, never text; 09:00-12:00")]
)
def test_one_use_alone_becomes_words_that_only_a_person_follows(uses: list[str], note: str) -> None:
    (way,) = rules.ways(said(how={"how": ["phone"]}, phone=PHONE | {"uses": uses}), HOURS)
    assert way.safe_times == note


def test_one_use_alone_without_hours_says_that_they_were_not_said() -> None:
    (way,) = rules.ways(said(how={"how": ["phone"]}, phone=PHONE | {"uses": ["call"], "times": []}), HOURS)
    assert way.safe_times == "Call, never text; time not said, ask first"


def test_times_in_words_stay_words() -> None:
    assert rules.together(["09:00-12:00", "17:00-20:00"], []) == "09:00-12:00;17:00-20:00"
    assert rules.together(["09:00-12:00", "By arrangement"], []) == "09:00-12:00; By arrangement"
    assert rules.together([], []) == ""
    assert len(rules.together(["x" * 300], [])) == 100


def test_another_persons_phone_is_never_verified_and_says_whose_it_is() -> None:
    answers = said(who={"who": "other"}, them={"name": "Testo", "relation": "friend", "agreed": "no"},
                   how={"how": ["phone", "email"]}, phone=PHONE | {"others": ""},
                   email={"address": "testo@alongside.example", "safe": "yes", "others": ""})  # fmt: skip
    phone, email = rules.ways(answers, HOURS)
    assert (phone.verified_how, email.verified_how) == ("", "")
    assert phone.safe_times == "Belongs to the person who asks; 09:00-12:00"
    assert email.safe_times == "Belongs to the person who asks"
    assert phone.instructions == email.instructions == "Ask for Testo, who asked for help."


def test_whoever_asks_for_a_business_is_asked_for_by_name() -> None:
    answers = said(who={"who": "business"}, name={"given_name": "Testo", "family_name": "Sampleford"},
                   how={"how": ["phone"]}, phone=PHONE)  # fmt: skip
    (way,) = rules.ways(answers, HOURS)
    assert way.instructions == "Ask for Testo Sampleford, who asked for help.\nSay you are the library"
    assert way.verified_how == "typed"


@pytest.mark.parametrize(("answer", "safe"), [("yes", "yes"), ("no", "no"), ("unsure", "unknown")])
def test_not_sure_is_not_safe(answer: str, safe: str) -> None:
    email = {"address": "t@alongside.example", "safe": answer, "others": ""}
    answers = said(how={"how": ["phone", "email"]}, phone=PHONE, email=email)
    _, way = rules.ways(answers, HOURS)
    assert way.safe == safe
    assert way.verified_how == ("typed" if safe == "yes" else "")
    assert rules.safe_ways(answers) == (("phone", "email") if safe == "yes" else ("phone",))


@pytest.mark.parametrize("answer", [{"contact": {"contact": "no"}}, {"contact": {}}])
def test_nothing_is_used_that_nobody_said_we_may_use(answer: dict[str, Any]) -> None:
    answers = said(how={"how": ["phone"]}, phone=PHONE, **answer)
    assert rules.ways(answers, HOURS) == rules.reachable(answers) == ()
    assert rules.safe_ways(answers) == ("phone",)


def test_a_yes_to_contact_counts_only_while_a_way_is_safe() -> None:
    answers = said(how={"how": ["phone"]}, phone=PHONE | {"safe": "no"})
    assert not rules.may_contact(answers)
    assert rules.ways(answers, HOURS) == rules.reachable(answers) == ()
    assert "Will contact us; do not contact them." in rules.notes(answers, "Somebody attacked me", "", on=TODAY)


def test_contact_is_asked_of_whoever_gave_a_safe_way_and_of_nobody_else() -> None:
    answers = said(how={"how": ["phone"]}, phone=PHONE)
    assert "contact" in rules.path(answers)
    assert rules.upcoming({step: typed for step, typed in answers.items() if step != "contact"}) == "contact"
    assert "contact" not in rules.path(said(how={"how": ["phone"]}, phone=PHONE | {"safe": "no"}))


def test_a_way_that_was_not_chosen_is_not_used() -> None:
    assert rules.ways(said(phone=PHONE), HOURS) == ()


@pytest.mark.parametrize(
    ("who", "them", "consent"),
    [("me", {}, "yes"), ("other", {"agreed": "yes"}, "yes"), ("other", {"agreed": "no"}, "no"),
     ("child", {"agreed": "unsure"}, "unknown"), ("child", {}, "unknown")],
)  # fmt: skip
def test_nobody_agrees_for_another(who: str, them: dict[str, str], consent: str) -> None:
    assert rules.consent(said(who={"who": who}, them=them)) == consent


def test_a_young_persons_crime_type_is_theirs() -> None:
    assert rules.crime_type(said(who={"who": "young"}, born={}), "sexual_violence", "child_sexual_abuse", TODAY) == (
        "child_sexual_abuse"
    )
    assert rules.crime_type(ADULT, "sexual_violence", "child_sexual_abuse", TODAY) == "sexual_violence"
    assert rules.crime_type(said(who={"who": "young"}, born={}), "robbery", "", TODAY) == "robbery"


def test_the_hub_reads_what_has_no_field() -> None:
    answers = said(
        now={"danger": "unsure"}, who={"who": "other"}, them={"name": "Testo"}, told={"reported": "unsure"},
        language={"other": "Sylheti"}, more={"telling": "Please be quick."},
    )  # fmt: skip
    assert rules.notes(answers, "Somebody attacked me", "Friend", on=TODAY).splitlines() == [
        "Was not sure whether anybody was in danger.", "Asked by Testo (Friend).",
        "What happened, as chosen: Somebody attacked me", "When: In the last week", "Not sure whether the police know.",
        "Language in their words: Sylheti", "Will contact us; do not contact them.", "In their words: Please be quick.",
    ]  # fmt: skip


def test_plain_answers_leave_plain_notes() -> None:
    answers = said(how={"how": ["phone"]}, phone=PHONE)
    assert rules.notes(answers, "Somebody attacked me", "", on=TODAY).splitlines() == [
        "What happened, as chosen: Somebody attacked me", "When: In the last week",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "born", "words"),
    [("me", {}, ""), ("me", {"age": 34}, "Age, as typed: 34"), ("young", {"age": 0}, "Age, as typed: 0"),
     ("young", {}, "Said to be under 18."), ("child", {"age": None}, "Said to be under 18."),
     ("young", {"birth_date": date(2012, 1, 1)}, ""), ("other", {"birth_date": date(1990, 1, 1)}, "")],
)  # fmt: skip
def test_the_hub_reads_an_age_that_no_date_of_birth_holds(who: str, born: dict[str, Any], words: str) -> None:
    lines = rules.notes(said(who={"who": who}, born=born), "Somebody attacked me", "", on=TODAY).splitlines()
    assert [line for line in lines if "18" in line or "Age" in line] == ([words] if words else [])


@pytest.mark.parametrize(
    ("who", "born", "words"),
    [("me", {"birth_date": date(2012, 1, 1)}, "18 or over at first, and 14 by the date of birth"),
     ("other", {"age": 9}, "18 or over at first, and 9 by the age typed"),
     ("young", {"age": 40}, "under 18 at first, and 40 by the age typed"),
     ("child", {"birth_date": date(1980, 1, 1)}, "under 18 at first, and 46 by the date of birth")],
)  # fmt: skip
def test_the_officer_reads_that_an_age_contradicts_what_was_chosen(who: str, born: dict[str, Any], words: str) -> None:
    notes = rules.notes(said(who={"who": who}, born=born), "Somebody attacked me", "", on=TODAY)
    assert f"Check their age: said to be {words}." in notes.splitlines()
    assert ("Age, as typed" in notes) == ("age" in born)


REFERRED = {"consent": "yes", "kind": "person", "given_name": "Testina", "phone": "07700 900123", "phone_safe": "yes"}


def test_a_whole_referral_lacks_nothing() -> None:
    assert rules.faults(REFERRED) == ()
    assert not rules.unsure_ways(REFERRED)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"given_name": ""}, "given_name"), ({"kind": "business"}, "business_name"), ({"phone": ""}, "phone"),
     ({"phone_safe": ""}, "phone_safe"), ({"email": "t@alongside.example"}, "email_safe"),
     ({"consent": "not_asked"}, "why_not_asked")],
)  # fmt: skip
def test_each_thing_that_is_missing_is_said(changes: dict[str, str], field: str) -> None:
    assert [name for name, _ in rules.faults({**REFERRED, **changes})] == [field]


def test_a_way_that_is_not_known_to_be_safe_is_warned_of() -> None:
    assert rules.unsure_ways({**REFERRED, "phone_safe": "unknown"})


@pytest.mark.parametrize(("who", "under"), [("me", None), ("other", None), ("young", 18), ("child", 18)])
def test_who_was_said_to_be_young_is_known_to_be_without_an_age(who: str, under: int | None) -> None:
    assert rules.said_under(said(who={"who": who})) == under
