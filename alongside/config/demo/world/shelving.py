"""Lists of other directories: one with something of every kind to decide, and one that could not be read."""

import json
from datetime import datetime, timedelta
from typing import Any

from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import Actor
from alongside.core.rows.realms import Realm
from alongside.foundation.local.lists import actions, deciding, gathering, lifecycle
from alongside.foundation.local.lists.actions import Setting
from alongside.foundation.local.lists.models import Difference, List, Reading
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import permissions_of

BY = "Contains information of Sample Valley Council, free to use with this note."


def _entry(number: int, name: str, by: str, words: str, **more: Any) -> dict[str, Any]:
    return {"id": f"valley-{number}", "name": name, "description": words, "status": "active", "email": "", "fees": "",
            "organization": {"name": by, "url": ""}, "assured_date": "2026-05-04", **more}  # fmt: skip


def _phone(number: str) -> list[dict[str, str]]:
    return [{"number": number}]


BEFORE = [
    _entry(1, "Valley talking therapy", "Sample Valley Counselling", "<p>Counselling after trauma &amp; abuse.</p>",
           phones=_phone("01632 960 310"), schedules=[{"description": "Weekdays, 9am to 5pm"}]),
    _entry(2, "Valley legal advice evening", "Sample Law Shop", "Advice for people affected by crime.",
           phones=_phone("01632 960 311")),
    _entry(3, "Valley choir", "Sample Singers", "Singing for fun on Tuesdays.", assured_date="1900-01-01"),
    _entry(4, "Valley bowls", "Sample Bowlers", "Bowls, from May to September."),
]  # fmt: skip
NOW = [
    _entry(1, "Valley talking therapy", "Sample Valley Counselling", "<p>Counselling after trauma &amp; abuse.</p>",
           phones=_phone("01632 960 319"), schedules=[{"description": "Weekdays, 9am to 8pm"}]),
    _entry(3, "Valley choir", "Sample Singers", "Singing for fun on Tuesdays.", assured_date="1900-01-01"),
    _entry(4, "Valley bowls and croquet", "Sample Bowlers", "Bowls and croquet, from May to September."),
    _entry(5, "Freedom programme, Valley", "Sample Valley Women", "<ul><li>Twelve weeks for women who live with, or "
           "have left, domestic abuse.</li><li>No need to book.</li></ul>", phones=_phone("01632 960 312")),
    _entry(6, "Valley scam watch", "Sample Valley Council", "Volunteers who help after fraud and doorstep crime.",
           url="www.scamwatch.example", phones=_phone("01632 960 313")),
    _entry(7, "Lantern outreach", "Lantern", "Somebody comes to you after domestic abuse.",
           phones=_phone("01632 960 700")),
    _entry(8, "Valley toddlers", "Sample Tots", "Play for under-fives."),
    _entry(9, "Valley walking football", "Sample Walkers", "For people over 50."),
]  # fmt: skip


def fill_shelf(cast: Cast, *, at: datetime) -> None:
    """The hub's lists, where there is none yet."""
    if List.objects.exists():
        return
    manager = User.objects.get(email="hub-manager@alongside.example")
    by = Actor(realm=Realm.HUB, user_id=manager.pk, organisation_id=cast.hub.pk,
               permissions=permissions_of(["hub_manager"]))  # fmt: skip
    setting = Setting("Valley family directory", publisher="Sample Valley Council", licence=BY)
    of = actions.add(setting, by=by, at=at - timedelta(days=40))
    first = _taken_in(of, BEFORE, by, at - timedelta(days=40))
    kept = {one.source_id: one for one in Difference.objects.filter(reading=first)}
    deciding.accept_many(of, [kept[key].pk for key in ("valley-1", "valley-2")], by=by, at=at - timedelta(days=39),
                         signposted=True)  # fmt: skip
    deciding.reject_many(of, [kept[key].pk for key in ("valley-3", "valley-4")], by=by, at=at - timedelta(days=39))
    _taken_in(of, NOW, by, at - timedelta(days=1))
    _unread(cast, at)


def _taken_in(of: List, entries: list[dict[str, Any]], by: Actor, at: datetime) -> Reading:
    gathered = gathering.gather(json.dumps(entries).encode())
    return actions.take_in(of, gathered, by=by, at=at, file="family-directory.json")


def _unread(cast: Cast, at: datetime) -> None:
    """A list on the internet whose server was down this morning."""
    of = List.objects.create(
        hub_id=cast.hub.pk, code="dale-open-directory", name="Dale open directory", publisher="Sample Dale Council",
        address="https://directory.dale.example/services", rhythm="weekly", added_at=at - timedelta(days=20),
    )  # fmt: skip
    Reading.objects.create(
        list=of, state=lifecycle.REFUSED, asked_at=at - timedelta(hours=4), done_at=at - timedelta(hours=4),
        why="directory.dale.example does not answer. Try again later. Nothing has changed.",
    )  # fmt: skip
