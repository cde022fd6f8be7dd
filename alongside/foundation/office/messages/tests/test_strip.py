"""What whoever is about to dial reads first."""

from datetime import timedelta

import pytest

from alongside.core.ids import uuid7
from alongside.foundation.office.messages import queries
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.messages.tests.test_actions import point
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ("", "Call •••• 123 at any reasonable hour. Do not leave a message."),
        ("09:00-12:00", "Call •••• 123 9am to midday. Do not leave a message."),
        ("Text only, never call; 09:00-12:00",
         "By phone •••• 123: Text only, never call; 9am to midday. Do not leave a message."),
    ],
)  # fmt: skip
def test_nobody_is_told_to_call_a_number_that_is_for_texts_alone(world: World, times: str, words: str) -> None:
    person = uuid7()
    point(world, person, value="07700 900123", safe_times=times)
    assert queries.safe_contact(person, hidden=False).headline == words


def test_in_a_hidden_crime_hours_that_were_not_said_are_no_leave_to_call(world: World) -> None:
    person, written = uuid7(), uuid7()
    point(world, person, value="07700 900123", safe_times="")
    point(world, written, kind="email", value="testina@sample.example", safe_times="")
    said = queries.safe_contact(person, hidden=True).headline
    assert "reasonable hour" not in said
    assert "did not say when it is safe" in said
    assert "ask if they can talk now" in said
    assert "say nothing of why" in queries.safe_contact(written, hidden=True).headline


def test_the_newest_safe_number_leads_and_the_others_follow(world: World) -> None:
    person = uuid7()
    for day, (number, safe) in enumerate([("101", "yes"), ("102", "no"), ("103", "yes"), ("104", "unknown")]):
        made = point(world, person, value=f"07700 900{number}", safe=safe, safe_times="")
        ContactPoint.objects.filter(pk=made.pk).update(recorded_at=world.now + timedelta(days=day))
    found = queries.safe_contact(person, hidden=False)
    assert found.headline.startswith("Call •••• 103 ")
    assert [words.split(" at ")[0] for words in found.also] == ["Call •••• 101", "Call •••• 104"]
    assert "Ask first" in found.also[1]
    assert [channel.words for channel in found.channels] == ["•••• 103", "•••• 101", "•••• 104", "•••• 102"]
