"""What each step of a comparison means, and what weighs for and against."""

import json

import pytest

from alongside.support.people.matching import queries, rules
from alongside.support.people.matching.rules import Face, Model, Term, Weighed

TESTINA = Face("testina", "sampleford", "1990-02-03", "female", "aa01", "bb01", "cc01", "dd01")


def shipped() -> Model:
    return queries.model(queries.SHIPPED)


def says(field: str, other: Face, mine: Face = TESTINA) -> str:
    weighed = shipped().weigh(mine, other, {})
    return next(term.words for term in weighed.terms if term.field == field)


@pytest.mark.parametrize(
    ("field", "change", "words"),
    [
        ("given", {"given": "testina"}, "The same given name"),
        ("given", {"given": "tes"}, "One given name is the beginning of the other"),
        ("given", {"given": "tesitna"}, "Given names almost the same"),
        ("given", {"given": "bernard"}, "Different given names"),
        ("given", {"given": None}, "Not known on one record, or on both"),
        ("family", {"family": "samplefrod"}, "Family names almost the same"),
        ("family", {"family": "sampleford harbour"}, "One family name is the beginning of the other"),
        ("family", {"family": "harbour"}, "Different family names"),
        ("born", {"born": "1990-02-08"}, "Dates of birth differ by one digit"),
        ("born", {"born": "1990-03-02"}, "Day and month of birth the other way round"),
        ("born", {"born": "1990-11-28"}, "Born in the same year"),
        ("born", {"born": "1971-11-28"}, "Different dates of birth"),
        ("phone", {"phone": "ee99"}, "Different numbers"),
        ("address", {"address": "ee99"}, "The same postcode"),
        ("address", {"address": None}, "The same postcode"),
        ("address", {"address": None, "postcode": "ee99"}, "Different postcodes"),
        ("address", {"address": None, "postcode": None}, "Not known on one record, or on both"),
        ("sex", {"sex": "male"}, "Different sexes"),
    ],
)
def test_a_field_says_in_words_how_alike_it_is(field: str, change: dict[str, str | None], words: str) -> None:
    assert says(field, TESTINA._replace(**change)) == words


def test_names_the_other_way_round_count_once() -> None:
    turned = TESTINA._replace(given="sampleford", family="testina")
    weighed = shipped().weigh(TESTINA, turned, {})
    given, family = weighed.terms[:2]
    assert given.words == family.words == "Given and family name the other way round"
    assert given.weight > 10
    assert family.weight == 0


def test_the_same_in_everything_weighs_much_and_a_stranger_little() -> None:
    stranger = Face("bernard", "harbour", "1971-11-28", "male", "ee01", "ee02", "ee03", "ee04")
    same, other = shipped().weigh(TESTINA, TESTINA, {}), shipped().weigh(TESTINA, stranger, {})
    assert same.weight > 60 > 0 > -20 > other.weight
    assert not same.apart
    assert other.apart


def test_relatives_share_all_but_what_is_their_own() -> None:
    for sister in (TESTINA._replace(given="bernarda"), TESTINA._replace(born="2011-07-19")):
        weighed = shipped().weigh(TESTINA, sister, {})
        assert weighed.weight > 0
        assert weighed.apart


def test_a_rare_name_says_more_than_a_common_one() -> None:
    rare = shipped().weigh(TESTINA, TESTINA, {}).weight
    common = shipped().weigh(TESTINA, TESTINA, {("family", "sampleford"): 0.02}).weight
    assert rare - common == pytest.approx(3.3219, abs=1e-3)  # ten times as common as the floor of 0.002


def test_what_is_not_known_says_nothing() -> None:
    assert shipped().weigh(TESTINA, Face(), {}).weight == shipped().start == shipped().total(TESTINA, Face(), {})[0]


def test_a_model_for_other_steps_is_refused() -> None:
    held = json.loads(queries.FIRST_MODEL.read_text())["settings"]
    held["comparisons"][2]["comparison_levels"].pop(2)
    with pytest.raises(ValueError, match="another way of comparing born"):
        Model.read(held, 0.002)


def weighed(*terms: tuple[str, float]) -> Weighed:
    return Weighed(-10.0, tuple(Term(field, field, "Said", weight) for field, weight in terms))


@pytest.mark.parametrize("other", [TESTINA, TESTINA._replace(given="bernarda"), TESTINA._replace(born=None), Face()])
def test_the_sum_without_words_is_the_same(other: Face) -> None:
    weighed = shipped().weigh(TESTINA, other, {})
    assert shipped().total(TESTINA, other, {}) == (pytest.approx(weighed.weight), weighed.apart)


def test_why_is_said_in_the_words_that_weigh_most_and_what_is_against() -> None:
    sister = shipped().weigh(TESTINA, TESTINA._replace(given="bernarda"), {})
    *most, against = rules.reasons(sister)
    assert "The same telephone number" in most
    assert len(most) == 3
    assert against == "but different given names"


def test_steps_lead_from_the_start_to_the_whole_weight() -> None:
    steps = rules.steps(weighed(("family", 12.0), ("sex", 0.0), ("phone", -4.0)))
    assert [(term.field, before, after) for term, before, after in steps] == [
        ("family", -10.0, 2.0), ("phone", 2.0, -2.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "house", "postcode"),
    [
        ("12 Sample Street, Testford, ZZ1 2AB", "12", "ZZ12AB"),
        ("Flat 3, 12 Sample Street, Testford zz1 2ab", "12 3", "ZZ12AB"),
        ("3/12 Sample St\nTestford\nZZ12AB", "12 3", "ZZ12AB"),
        ("12a Sample Street, ZZ1A 2AB", "12A", "ZZ1A2AB"),
        ("Rose Cottage, Testford, ZZ1 2AB", "ROSE", "ZZ12AB"),
        ("12 Sample Street, Testford", "12", ""),
        ("", "", ""),
    ],
)
def test_one_home_is_known_however_it_was_written(address: str, house: str, postcode: str) -> None:
    assert rules.home_in(address) == (house, postcode)
