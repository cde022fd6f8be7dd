"""A list of a hub and what it says, for tests."""

import json
from typing import Any

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.lists import actions, deciding, gathering
from alongside.foundation.local.lists.actions import Setting
from alongside.foundation.local.lists.models import Difference, List, Reading
from tests.world import World

WHERE = "https://lists.example/services"
FIRST: dict[str, Any] = {
    "id": "s-1", "name": "Sample Safe Talk", "description": "Help after domestic abuse.", "status": "active",
    "url": "https://talk.sample.example", "email": "", "organization": {"name": "Sample Talkers", "logo": ""},
    "phones": [{"number": "01632 960 001"}],
}  # fmt: skip
SECOND: dict[str, Any] = {
    "id": "s-2", "name": "Sample Tea Dance", "description": "Tea and music.", "status": "active",
    "organization": {"name": "Sample Dancers"},
}  # fmt: skip


def listed(world: World, **words: Any) -> List:
    told = {"name": "Sample Directory", "publisher": "Sample Council", "licence": "Under the Sample Licence.", **words}
    return actions.add(Setting(**told), by=world.actor("hub_manager"), at=world.now)


def taken_in(world: World, of: List, *entries: Any) -> Reading:
    """A reading of these entries, prepared."""
    gathered = gathering.gather(json.dumps(list(entries)).encode())
    return actions.take_in(of, gathered, by=SYSTEM_ACTOR, at=world.now, file="sample.json")


def waits(of: List) -> dict[str, Difference]:
    """What nobody decided, by the list's own id."""
    return {one.source_id: one for one in Difference.objects.filter(list=of, state="OPEN")}


def accepted(world: World, of: List, *entries: Any, **how: Any) -> dict[str, Service]:
    """Services as the list has them, after all that it says was accepted."""
    taken_in(world, of, *entries)
    keys = [one.pk for one in waits(of).values()]
    deciding.accept_many(of, keys, by=world.actor("hub_manager"), at=world.now, **how)
    return {one.source_id: one for one in Service.objects.filter(source=of.code)}
