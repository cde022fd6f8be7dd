"""What is missing of what was said, what the hub reads first, and what is verified by voice."""

import pytest

from alongside.support.arrivals.incoming import rules

SAID = {"caller": "self", "caller_name": "", "channel": "phone", "danger": "no", "consent": "yes", "why_not_asked": "",
        "notes": "Prefers mornings.", "high_risk": "no", "phone_safe": "yes"}  # fmt: skip


@pytest.mark.parametrize(
    ("caller", "name", "faults"),
    [("self", "", 0), ("other", "", 1), ("other", "Testo, her brother", 0), ("professional", "", 1)],
)
def test_whoever_calls_for_somebody_says_who_they_are(caller: str, name: str, faults: int) -> None:
    assert len(rules.faults({**SAID, "caller": caller, "caller_name": name})) == faults


def test_the_hub_reads_first_how_it_came() -> None:
    assert rules.notes(SAID) == "By telephone, by the person themselves.\nPrefers mornings."
    other = {**SAID, "channel": "visit", "caller": "other", "caller_name": "Testo, her brother", "danger": "yes",
             "consent": "not_asked", "why_not_asked": "Cannot be reached", "notes": ""}  # fmt: skip
    assert rules.notes(other) == (
        "In person, by Testo, her brother.\nSaid that somebody may be in danger now.\n"
        "Could not be asked: Cannot be reached"
    )


@pytest.mark.parametrize(
    ("said", "high"),
    [({}, False), ({"danger": "yes"}, True), ({"high_risk": "yes"}, True), ({"consent": "not_asked"}, True)],
)
def test_danger_or_what_could_not_be_asked_is_high_risk(said: dict[str, str], high: bool) -> None:
    assert rules.high_risk({**SAID, **said}) is high


def test_a_professional_is_a_partner_and_everybody_else_refers_themselves() -> None:
    assert [rules.source({"caller": one}) for one in ("self", "other", "professional")] == ["self", "self", "partner"]


@pytest.mark.parametrize(
    ("said", "how"),
    [({}, "by_voice"), ({"channel": "visit"}, "by_voice"), ({"channel": "written"}, ""), ({"caller": "other"}, ""),
     ({"phone_safe": "no"}, ""), ({"phone_safe": ""}, "")],
)  # fmt: skip
def test_only_the_persons_own_word_verifies_a_way_of_contact(said: dict[str, str], how: str) -> None:
    assert rules.verified({**SAID, **said}, "phone") == how
