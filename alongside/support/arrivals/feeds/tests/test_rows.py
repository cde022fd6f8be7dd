"""What each column takes and what it refuses."""

from datetime import UTC, date, datetime

import pytest

from alongside.support.arrivals.feeds.rows import COLUMNS, WHY, Answer, Fault
from alongside.support.arrivals.feeds.tests.samples import faults, row


def test_there_are_thirty_three_columns_in_the_agreed_order() -> None:
    assert len(COLUMNS) == 33
    assert COLUMNS[0] == "source_ref"
    assert COLUMNS[-1] == "notes"


@pytest.mark.parametrize("cell", ["2026-03-31", "31/03/2026"])
def test_dates_are_iso_or_day_month_year(cell: str) -> None:
    assert row(occurred_from=cell, date_of_birth=cell).occurred_from == date(2026, 3, 31)
    assert row(date_of_birth=cell).date_of_birth == date(2026, 3, 31)
    assert row(reported_at=cell).reported_on == date(2026, 3, 31)


@pytest.mark.parametrize(
    "cell",
    ["31-Mar-26", "31 March 2026", "03/31/2026", "31/02/2026", "2026-02-30", "20260331", "1/3/2026", "46112",
     "31.03.2026", "2026-W10-1", "2026/03/31", "٣١/٠٣/٢٠٢٦", "2026-03-31T25:00", "31/03-2026", "0000-01-01"],
)  # fmt: skip
@pytest.mark.parametrize("column", ["reported_at", "occurred_from", "date_of_birth"])
def test_no_other_date_is_guessed(column: str, cell: str) -> None:
    assert faults(**{column: cell})[0].startswith(f"{column}:")
    assert faults(**{column: cell}) in ([f"{column}:bad_date"], [f"{column}:too_early"])


def test_a_date_before_1900_is_refused() -> None:
    assert faults(date_of_birth="31/12/1899") == ["date_of_birth:too_early"]
    assert faults(date_of_birth="01/01/1900") == []


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2026-07-01T09:30", datetime(2026, 7, 1, 8, 30, tzinfo=UTC)),
        ("01/07/2026 09:30", datetime(2026, 7, 1, 8, 30, tzinfo=UTC)),
        ("2026-07-01T08:30:00Z", datetime(2026, 7, 1, 8, 30, tzinfo=UTC)),
        ("2026-07-01T10:30:00+02:00", datetime(2026, 7, 1, 8, 30, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 12, 1, tzinfo=UTC)),
    ],
)
def test_a_time_without_an_offset_is_londons(cell: str, instant: datetime) -> None:
    assert row(reported_at=cell).reported_at == instant


def test_a_birth_date_has_no_time() -> None:
    assert faults(date_of_birth="1988-02-03T10:00") == ["date_of_birth:bad_date"]
    assert row(occurred_from="2026-07-01T00:10").occurred_from == date(2026, 7, 1)


def test_the_end_of_time_is_not_an_error_of_ours() -> None:
    assert faults(reported_at="9999-12-31T23:59-05:00") == ["reported_at:bad_date"]


@pytest.mark.parametrize(
    ("cell", "answer"),
    [("yes", Answer.YES), ("NO", Answer.NO), ("Unknown", Answer.UNKNOWN), ("", Answer.UNKNOWN)],
)
def test_flags_are_yes_no_or_unknown(cell: str, answer: Answer) -> None:
    assert row(consent=cell).consent is answer


@pytest.mark.parametrize("cell", ["y", "true", "1", "maybe", "=yes"])
def test_no_other_flag_is_guessed(cell: str) -> None:
    assert faults(phone_safe=cell) == ["phone_safe:bad_choice"]


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("07700 900123", "+447700900123"),
        ("+44 7700 900123", "+447700900123"),
        ("+44 (0)7700 900123", "+447700900123"),
        ("01632-960-123", "+441632960123"),
        ("(020) 7946 0123", "+442079460123"),
        ("+353 1 679 1234", "+35316791234"),
    ],
)
def test_telephone_numbers_come_out_alike(cell: str, number: str) -> None:
    assert row(phone=cell).phone == number


@pytest.mark.parametrize(
    "cell", ["n/a", "07700", "07700 900123 / 07700 900124", "4.47E+11", "ask mum", "0000000", "+999 123 4567"]
)
def test_what_is_not_one_whole_number_is_refused(cell: str) -> None:
    assert faults(phone=cell) == ["phone:bad_phone"]


def test_an_extension_is_kept() -> None:
    assert row(phone="0121 496 0123 x 12").phone == "+441214960123;ext=12"


@pytest.mark.parametrize("cell", ["b169ht", "B16 9HT", "b16  9ht", "B 169HT"])
def test_postcodes_come_out_alike(cell: str) -> None:
    assert row(postcode=cell).postcode == "B16 9HT"


@pytest.mark.parametrize("cell", ["D02 X285", "75008", "H3Z 2Y7", "1234 AB", "QQ1 1AA"])
def test_a_postcode_of_another_country_is_kept(cell: str) -> None:
    assert row(postcode=cell).postcode == cell


@pytest.mark.parametrize("cell", ["unknown", "=B16", "B16 9HT and more than that"])
def test_what_is_no_postcode_is_refused(cell: str) -> None:
    assert faults(postcode=cell) == ["postcode:bad_postcode"]


@pytest.mark.parametrize(
    "cell", ["testina", "testina@", "testina@mail", "a b@mail.example", "=a@mail.example", "a@b@c.example"]
)
def test_what_is_no_email_is_refused(cell: str) -> None:
    assert faults(email=cell, officer_email=cell) == ["email:bad_email", "officer_email:bad_email"]


def test_safe_times_are_windows_or_a_note() -> None:
    assert row(safe_times="9:00-12:30; 18:00 - 20:00;").safe_times == "09:00-12:30;18:00-20:00"
    assert row(safe_times="9:00-12:30;18:00-20:00").safe_windows == (("09:00", "12:30"), ("18:00", "20:00"))
    assert row(safe_times="after the school run").safe_windows == ()
    assert row(safe_times="after the school run").safe_times == "after the school run"
    assert faults(safe_times="25:00-26:00") == ["safe_times:bad_time"]
    assert faults(safe_times="09:75-10:00") == ["safe_times:bad_time"]
    assert faults(safe_times="x" * 101) == ["safe_times:too_long"]


def test_hate_strands_are_the_five() -> None:
    assert row(hate_strands="Transgender; race;race;").hate_strands == ("race", "transgender")
    assert faults(hate_strands="race;football") == ["hate_strands:bad_choice"]


@pytest.mark.parametrize("column", ["source_ref", "reported_at", "offence_code", "victim_kind"])
def test_what_is_needed_is_missed(column: str) -> None:
    assert faults(**{column: ""}) == [f"{column}:missing"]


def test_a_person_needs_a_name_of_some_kind() -> None:
    assert faults(given_name="") == []
    assert faults(given_name="", family_name="") == ["family_name:missing"]


def test_a_business_needs_its_name_and_has_no_birthday() -> None:
    assert faults(victim_kind="business") == ["business_name:missing", "date_of_birth:not_for_a_business"]
    assert faults(victim_kind="Business", business_name="Sampleford Ltd", date_of_birth="") == []


@pytest.mark.parametrize(("column", "longest"), [("family_name", 100), ("notes", 4000), ("town", 100)])
def test_a_cell_that_is_too_long_is_named(column: str, longest: int) -> None:
    assert faults(**{column: "x" * longest}) == []
    assert faults(**{column: "x" * (longest + 1)}) == [f"{column}:too_long"]


def test_references_and_codes_have_a_shape() -> None:
    assert faults(source_ref="=1+1") == ["source_ref:bad_reference"]
    assert faults(source_ref="x" * 61) == ["source_ref:bad_reference"]
    assert faults(offence_code="assault") == ["offence_code:unknown_offence"]
    assert row(offence_code="105a").offence_code == "105A"


def test_control_characters_are_refused_but_line_breaks_are_not() -> None:
    assert faults(notes="a\x07b", town="a\x1fb") == ["town:bad_characters", "notes:bad_characters"]
    assert faults(notes="one\r\ntwo\tthree") == []


def test_all_faults_come_in_the_order_of_the_columns() -> None:
    assert faults(email="x", phone="x", reported_at="x") == [
        "reported_at:bad_date",
        "phone:bad_phone",
        "email:bad_email",
    ]


def test_every_fault_has_words() -> None:
    assert all(Fault("town", why).words.startswith("town ") for why in WHY)
