"""What was noted of a group's sessions is erased as what staff write of one another is; that they were held stays."""

from datetime import timedelta

import pytest
from django.db import transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.models import PersonKey
from alongside.core.privacy import crypt, fields
from alongside.core.rows.realms import Realm, inside
from alongside.support.cases.groups import actions as groups
from alongside.support.cases.groups.models import Group, Meeting
from alongside.support.cases.groups.tests.gathered import gathered, met
from alongside.support.keeping.retention import actions
from tests.world import World

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=366)


def noted(world: World) -> Meeting:
    """A session of which somebody noted more than they should have."""
    held = met(world, gathered(world))
    fields.write(held, note="Ringo cried")
    held.save(update_fields=["note"])
    return held


def night(world: World, years: int) -> dict[str, int]:
    with transaction.atomic(), inside(Realm.WORKER):
        return dict(actions.erase_night(by=SYSTEM_ACTOR, at=world.now + years * YEAR).erased)


def test_a_note_of_a_session_six_years_ago_is_erased_and_the_session_stays(world: World) -> None:
    held = noted(world)
    assert "group_notes" not in night(world, 5)
    assert night(world, 7)["group_notes"] == 1
    held.refresh_from_db()
    assert bytes(held.note) == b"" and fields.read(held, "note") == "" and held.minutes == 0
    assert PersonKey.objects.filter(person_id=held.group_id).exists()  # the group goes on
    assert "group_notes" not in night(world, 7)


def test_the_key_of_a_group_that_ended_goes_with_its_last_note(world: World) -> None:
    held = noted(world)
    with transaction.atomic(), inside(Realm.WORKER):
        groups.end(Group.objects.get(pk=held.group_id), by=SYSTEM_ACTOR, at=world.now)
    night(world, 7)
    crypt.forget()
    assert not PersonKey.objects.filter(person_id=held.group_id).exists()
