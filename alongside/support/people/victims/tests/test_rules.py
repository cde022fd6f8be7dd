"""How names are compared, ages, and since when somebody wants us to stop."""

from datetime import UTC, date, datetime, timedelta

import pytest

from alongside.support.people.victims import rules
from alongside.support.people.victims.rules import Answer


@pytest.mark.parametrize(
    ("given", "family", "key"),
    [("Testina", "Sampleford", "sampleford testina"), ("TÉSTINA", "O’Sample", "osample testina"),
     ("Anne-Marie", "Sample  Jones", "sample jones anne marie"), ("Łucja", "Ørsted", "orsted lucja"),
     ("", "Straße", "strasse"), ("Testo", "", "testo"), ("", "", ""), ("...", "--", "")],
)  # fmt: skip
def test_names_are_compared_without_case_accents_or_punctuation(given: str, family: str, key: str) -> None:
    assert rules.name_key(given, family) == key


def test_a_name_in_another_alphabet_is_kept() -> None:
    assert rules.name_key("Анна", "Тестова") == "тестова анна"


def test_a_key_fits_its_column() -> None:
    assert len(rules.name_key("x" * 150, "y" * 150)) == 210


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [((1990, 1, 1), (2026, 9, 14), 36), ((2008, 9, 14), (2026, 9, 14), 18), ((2008, 9, 15), (2026, 9, 14), 17),
     ((2008, 2, 29), (2026, 2, 28), 17), ((2008, 2, 29), (2026, 3, 1), 18)],
)  # fmt: skip
def test_age_is_in_whole_years(born: tuple[int, int, int], day: tuple[int, int, int], age: int) -> None:
    assert rules.age_on(date(*born), date(*day)) == age


def test_a_correction_names_what_it_changes_in_order() -> None:
    before, after = {"given_name": "Testo", "sex": "male", "language": "en"}, {"given_name": "Testina", "sex": "female"}
    assert rules.changed(before, {**after, "language": "en"}) == ("given_name", "sex")


def test_old_values_are_kept_but_for_those_of_special_categories() -> None:
    before = {"birth_date": date(1990, 1, 1), "ethnicity": "white_irish", "title": None}
    assert rules.kept(before, tuple(before), special=("ethnicity",)) == {"birth_date": "1990-01-01", "title": ""}


NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)
LATER, LAST = NOON + timedelta(hours=1), NOON + timedelta(hours=2)


@pytest.mark.parametrize(
    ("answers", "stopped"),
    [((), None), ((Answer(True, NOON),), None), ((Answer(False, NOON),), None),
     ((Answer(True, NOON, withdrawn_at=LATER),), LATER), ((Answer(False, LATER), Answer(True, NOON)), LATER),
     ((Answer(False, NOON, stop=True),), NOON), ((Answer(False, NOON, stop=True), Answer(False, LATER)), NOON),
     ((Answer(False, NOON, stop=True), Answer(True, LATER)), None),
     ((Answer(True, NOON), Answer(False, LATER, stop=True), Answer(True, LAST)), None)],
)  # fmt: skip
def test_a_stop_is_a_yes_taken_back_or_a_wish_to_stop_until_the_next_yes(
    answers: tuple[Answer, ...], stopped: datetime | None
) -> None:
    assert rules.stopped_at(answers) == stopped


def test_what_must_be_known_first_is_said_in_full() -> None:
    assert rules.warning(None) == ""
    assert rules.warning(None, protected=True) == "Where they live is protected. Tell nobody."
    assert rules.warning(NOON, protected=True).startswith("They asked us to stop on 14 September 2026. Make no contact")


def test_an_age_is_known_where_the_date_of_birth_is() -> None:
    assert (rules.known_age(None, NOON.date()), rules.known_age(date(2000, 9, 14), NOON.date())) == (None, 26)
