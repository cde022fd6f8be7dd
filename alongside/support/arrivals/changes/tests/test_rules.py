"""What a provider may know of a difference, and what may be done with it."""

from alongside.support.arrivals.changes.rules import is_refusal, options, says_unsafe, shared, taken
from alongside.support.arrivals.feeds.rules import Difference


def one(what: str, theirs: str = "x") -> Difference:
    return Difference(what, "", theirs)


def test_nothing_of_the_officer_or_their_notes_is_passed_on() -> None:
    found = shared([one("Officer"), one("Notes"), one("Family name")])
    assert [difference.what for difference in found] == ["Family name"]


def test_that_a_way_is_safe_is_never_taken_from_a_source() -> None:
    assert options(one("Safe to telephone", "yes")) == ("keep", "note")
    assert options(one("Telephone")) == ("take", "keep", "note")


def test_only_what_was_chosen_is_taken_by_the_name_of_its_column() -> None:
    said = {"Family name": "take", "Telephone": "take", "Born": "keep", "Safe to e-mail": "take", "Offence": "note"}
    assert taken(said) == ["family_name", "phone"]


def test_a_refusal_and_a_way_that_is_not_safe_are_heard_whatever_is_chosen() -> None:
    assert is_refusal([one("Agrees to be contacted", "no")]) and not is_refusal([one("Agrees to be contacted", "yes")])
    assert says_unsafe([one("Safe to telephone", "no")]) and says_unsafe([one("Agrees to be contacted", "no")])
    assert not says_unsafe([one("Safe to telephone", "yes"), one("Vulnerable", "no")])
