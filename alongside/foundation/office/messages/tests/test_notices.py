"""A member of staff is told by neutral e-mail that something waits: once for each thing, and seldom."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.messages import actions
from alongside.foundation.office.messages.contents import NOTICES, Content
from alongside.foundation.office.messages.gateway import GatewayFailed
from alongside.foundation.office.messages.models import Notice
from tests.world import World

pytestmark = pytest.mark.django_db


class Shut:
    """A door that does not open, now or ever."""

    def __init__(self, *, again: bool) -> None:
        self.again = again

    def deliver(self, item: UUID, kind: str, value: str, content: Content) -> str:
        raise GatewayFailed("shut", again=self.again)


@pytest.fixture(autouse=True)
def _outbox(settings: Any, tmp_path: Path) -> None:
    settings.OUTBOX = tmp_path


def tell(world: World, about: UUID, *, minutes: int = 0, template: str = "come_and_see", **more: Any) -> Notice | None:
    at = world.now + timedelta(minutes=minutes)
    user = world.people["triage_officer"].pk
    return actions.notify(user, by=SYSTEM_ACTOR, at=at, about=about, template=template, **more)


def test_a_notice_goes_to_the_persons_own_work_address_and_names_nothing(world: World, tmp_path: Path) -> None:
    told = tell(world, uuid4())
    assert told and told.sent_at == world.now
    sent = json.loads((tmp_path / f"{told.pk}.json").read_text())
    assert sent["to"] == "triage_officer@alongside.example"
    assert sent["words"] == NOTICES["come_and_see"].words


def test_one_thing_is_told_once_and_another_within_the_hour_not_at_all(world: World) -> None:
    first = uuid4()
    assert tell(world, first)
    assert tell(world, first, minutes=90) is None
    assert tell(world, uuid4(), minutes=59) is None
    assert tell(world, uuid4(), minutes=61)


def test_what_is_urgent_is_always_told(world: World) -> None:
    assert tell(world, uuid4(), template="urgent")
    assert tell(world, uuid4(), minutes=1, template="urgent")


def test_who_has_left_is_told_nothing(world: World) -> None:
    User.objects.filter(pk=world.people["triage_officer"].pk).update(is_active=False)
    assert tell(world, uuid4()) is None


def test_only_approved_words_leave(world: World) -> None:
    with pytest.raises(RuleBroken, match="approved list"):
        tell(world, uuid4(), template="call_us")


def test_a_door_that_is_shut_for_now_is_tried_again_and_one_that_is_shut_for_good_is_noted(world: World) -> None:
    with pytest.raises(GatewayFailed):
        tell(world, uuid4(), through=Shut(again=True))
    told = tell(world, uuid4(), through=Shut(again=False))
    assert told and (told.failed_why, told.sent_at) == ("shut", None)
    assert tell(world, uuid4(), minutes=1)
