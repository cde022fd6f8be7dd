"""What whoever is about to dial reads first."""

import pytest

from alongside.core.ids import uuid7
from alongside.foundation.messages import queries
from alongside.foundation.messages.tests.test_actions import point
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ("", "Call •••• 123 at any reasonable hour. Do not leave a message."),
        ("09:00-12:00", "Call •••• 123 09:00-12:00. Do not leave a message."),
        ("Text only, never call; 09:00-12:00",
         "By phone •••• 123: Text only, never call; 09:00-12:00. Do not leave a message."),
    ],
)  # fmt: skip
def test_nobody_is_told_to_call_a_number_that_is_for_texts_alone(world: World, times: str, words: str) -> None:
    person = uuid7()
    point(world, person, value="07700 900123", safe_times=times)
    assert queries.safe_contact(person, hidden=False).headline == words
