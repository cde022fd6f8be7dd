"""What becomes of a row, and the receipt."""

from collections.abc import Collection
from datetime import date, timedelta

import pytest

from alongside.support.arrivals.feeds.rows import FeedRow
from alongside.support.arrivals.feeds.rules import (
    Decision,
    Difference,
    Flag,
    Held,
    Known,
    Outcome,
    Receipt,
    age_on,
    content_hash,
    decide,
    in_words,
    told,
    usable_channels,
)
from alongside.support.arrivals.feeds.tests.samples import NOW, RULEBOOK, row


def decided(found: FeedRow, known: Known | None = None) -> Decision:
    return decide(found, known or {}, RULEBOOK, now=NOW)


def reason(**changes: str) -> str:
    return str(decided(row(**changes)).reason)


def test_a_good_row_is_accepted_with_nothing_to_say() -> None:
    decision = decided(row())
    assert decision == (Outcome.ACCEPTED, "", (), (), content_hash(row()))


def test_the_same_reference_with_the_same_content_is_a_duplicate() -> None:
    known = {row().source_ref: (content_hash(row()),)}
    assert decided(row(), known).outcome is Outcome.DUPLICATE


def test_the_same_reference_with_other_content_is_held_until_that_too_is_on_record() -> None:
    changed = row(town="Coventry")
    known: dict[str, Collection[bytes]] = {row().source_ref: (content_hash(row()),)}
    assert decided(changed, known)[:2] == (Outcome.HELD, Held.CHANGED)
    known = {row().source_ref: (content_hash(row()), content_hash(changed))}
    assert decided(changed, known).outcome is Outcome.DUPLICATE


def test_content_is_what_is_meant_not_how_it_is_written() -> None:
    written = row(reported_at="18/11/2026 09:30", date_of_birth="03/02/1988", postcode="b169ht", phone="+447700900123")
    assert content_hash(written) == content_hash(row(consent="YES", hate_strands=";"))
    assert content_hash(row(hate_strands="race;religion")) == content_hash(row(hate_strands="Religion;Race"))


@pytest.mark.parametrize(
    "changes",
    [
        {"phone_safe": "no"},
        {"notes": "x"},
        {"given_name": "TestinaSampleford", "family_name": ""},
        {"repeat": "no"},
    ],
)
def test_any_other_meaning_is_other_content(changes: dict[str, str]) -> None:
    assert content_hash(row(**changes)) != content_hash(row())


def test_an_offence_that_the_rulebook_does_not_know_is_rejected() -> None:
    assert reason(offence_code="999Z") == "offence_code:unknown_offence"


def test_what_has_not_happened_yet_is_rejected() -> None:
    assert reason(reported_at="2026-11-20T12:01Z") == "reported_at:future_date"
    assert reason(reported_at="2026-11-20T12:00Z") == ""
    assert reason(date_of_birth="2026-11-21") == "date_of_birth:future_date"
    late = decided(row(occurred_from="2027-01-01", reported_at="2027-01-02", date_of_birth="2027-01-01"))
    assert [fault.field for fault in late.faults] == ["reported_at", "occurred_from", "date_of_birth"]


def test_a_feed_sent_today_may_say_today_at_any_hour() -> None:
    assert reason(occurred_from="2026-11-20", reported_at="2026-11-20") == ""


def test_consent_refused_is_held_and_unknown_is_flagged() -> None:
    assert reason(consent="no") == Held.NO_CONSENT
    assert decided(row(consent="")).flags == (Flag.CONSENT_UNKNOWN,)


@pytest.mark.parametrize("hidden", [{"offence_code": "8Q"}, {"domestic_abuse": "yes"}, {"hate_strands": "religion"}])
def test_in_hidden_crimes_unknown_counts_as_no(hidden: dict[str, str]) -> None:
    assert reason(**hidden) == ""
    assert reason(**hidden, consent="unknown") == Held.NO_CONSENT
    assert reason(**hidden, phone_safe="unknown") == Held.NO_SAFE_CONTACT
    assert reason(**hidden, phone_safe="unknown", email_safe="yes") == ""


@pytest.mark.parametrize(
    ("changes", "channels"),
    [
        ({"phone_safe": "yes", "email_safe": "no"}, ("phone",)),
        ({"phone_safe": "unknown", "email_safe": ""}, ("phone", "email")),
        ({"phone_safe": "no", "email_safe": "unknown"}, ("email",)),
        ({"phone_safe": "no", "email_safe": "no"}, ()),
        ({"phone": "", "email_safe": "no"}, ()),
        ({"phone": "", "email": ""}, ()),
    ],
)
def test_no_is_never_used_and_unknown_is_for_a_person_to_try(
    changes: dict[str, str], channels: tuple[str, ...]
) -> None:
    found = row(**changes)
    assert usable_channels(found, RULEBOOK.crimes["8N"]) == channels
    assert decided(found).reason == ("" if channels else Held.NO_SAFE_CONTACT)


@pytest.mark.parametrize("birth", ["2010-01-01", "2008-11-19", ""])
def test_a_child_or_someone_of_unknown_age_is_held_for_child_protection(birth: str) -> None:
    assert reason(offence_code="20B", date_of_birth=birth, consent="no") == Held.CHILD_PROTECTION


def test_an_adult_and_a_child_in_another_crime_are_not_held() -> None:
    assert reason(offence_code="20B", date_of_birth="2008-11-18") == ""
    assert reason(offence_code="8N", date_of_birth="2010-01-01") == ""


def test_a_crime_type_outside_the_service_is_held() -> None:
    assert reason(offence_code="92D", consent="no") == Held.CRIME_TYPE_OUTSIDE_SERVICE


def test_a_business_is_never_a_child() -> None:
    assert reason(victim_kind="business", business_name="Sampleford Ltd", date_of_birth="", offence_code="20B") == ""


@pytest.mark.parametrize("cell", ["=1+1", "@here", "-2+3", "+2+3", "+44 and more"])
@pytest.mark.parametrize("column", ["notes", "family_name", "address_line_1", "safe_times"])
def test_a_cell_that_a_spreadsheet_would_run_is_kept_and_flagged(column: str, cell: str) -> None:
    found = row(**{column: cell})
    assert getattr(found, column) == cell
    assert decided(found)[:2] == (Outcome.ACCEPTED, "")
    assert decided(found).flags == (Flag.FORMULA_CELL,)


def test_the_area_is_unknown_without_a_postcode_of_this_country() -> None:
    assert decided(row(postcode="75008")).flags == (Flag.AREA_UNKNOWN,)
    assert decided(row(postcode="")).flags == (Flag.AREA_UNKNOWN,)


def test_a_sex_or_ethnicity_that_is_not_listed_is_flagged_and_costs_nobody_their_place() -> None:
    assert decided(row(sex="Q")).flags == (Flag.UNLISTED_VALUE,)
    assert decided(row(ethnicity_code="Z9")).flags == (Flag.UNLISTED_VALUE,)
    assert decided(row(sex="", ethnicity_code="w1")).flags == ()


def test_a_letter_that_could_not_be_read_is_flagged() -> None:
    assert decided(row(notes="caf\ufffd")).flags == (Flag.UNREADABLE_CHARACTER,)


def test_age_is_in_whole_years() -> None:
    assert age_on(date(2008, 11, 18), date(2026, 11, 18)) == 18
    assert age_on(date(2008, 11, 18), date(2026, 11, 18) - timedelta(days=1)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


def test_a_receipt_that_does_not_add_up_cannot_exist() -> None:
    with pytest.raises(ValueError, match="3 rows were sent and 2 are accounted for"):
        Receipt("feed.csv", "", "utf-8", 3, 1, 0, {"changed": 1}, {}, {})


@pytest.mark.parametrize(
    ("said", "words"),
    [("1990-02-03", "3 February 1990"), ("2026-09-11 08:05", "11 September 2026 at 8:05am"), ("yes", "Yes"),
     ("unknown", "Not known"), ("", ""), ("2026-99-99", "2026-99-99"), ("1234-x", "1234-x"),
     ("Sampleford", "Sampleford"), ("+447700900123", "+447700900123")],
)  # fmt: skip
def test_what_is_different_is_told_in_words(said: str, words: str) -> None:
    assert in_words(said) == words


def test_of_a_number_that_we_do_not_hold_nobody_was_asked() -> None:
    assert Difference("Safe to telephone", "", "yes").held == "Never asked: we do not hold this number"
    assert Difference("Safe to e-mail", "", "no").held == "Never asked: we do not hold this address"
    assert (Difference("Title", "", "Ms").held, Difference("Title", "Ms", "").sent) == ("Nothing", "Nothing")


def test_what_was_taken_of_a_row_is_told_with_what_it_was() -> None:
    different = [Difference("Happened", "2026-09-01", "2026-09-02"), Difference("Notes", "", "Called again")]
    assert told(date(2026, 9, 14), different, {"occurred_from"}).splitlines() == [
        "Sent again by the source, taken on 14 September 2026.",
        "Happened: was 1 September 2026, now 2 September 2026.", "Notes: Called again",
    ]  # fmt: skip
    assert told(date(2026, 9, 14), [], ()) == ""
