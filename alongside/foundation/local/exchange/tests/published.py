"""A directory to publish: every kind of service, with every detail that can leave, and some that must not."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from django.test import Client
from django.utils import timezone

from alongside.foundation.local.directory import actions
from alongside.foundation.local.directory.actions import Details
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.parts import Post, Site
from alongside.foundation.office.organisations.models import Postcode
from tests.world import World

ROOT = "/api/oruk"
_CONNECTIONS = count(1)
BIRMINGHAM, WOLVERHAMPTON = "E08000025", "E08000031"
SITE = Site("Sample Community Centre", "1 Example Street", "Exampleton", "Birmingham", "ZZ1 1AA", ("step_free",), "Mon")
FULL = Details(
    name="Sample Lantern Outreach", summary="Somebody to talk to.", what_happens="A worker calls.",
    crime_types=("domestic_abuse", "stalking"), needs=("health",), councils=(BIRMINGHAM,), languages=("pl", "en"),
    age_from=13, age_to=17, made_for=("women",), modes=("phone", "face_to_face"),
    posts=(Post("Adviser for Polish speakers"),), phone="01632 960401", email="help@lantern.example",
    web="https://lantern.example/help", hours="Weekdays 9 to 5", sites=(SITE,), award="SECRET-AWARD-7",
)  # fmt: skip


@dataclass(frozen=True)
class Directory:
    """What was made, by a word for each."""

    full: Service
    bare: Service
    refuge: Service
    closed: Service
    waiting: Service
    silent: tuple[Service, ...]


def build(world: World) -> Directory:
    Postcode.objects.get_or_create(code="B11BB", defaults={"council": BIRMINGHAM})
    Postcode.objects.get_or_create(code="WV11AA", defaults={"council": WOLVERHAMPTON})
    bare = _added(world, world.neighbour, Details("Sample Harbour Line", cost=""))
    closed = _added(world, world.neighbour, Details("Sample Harbour Group", councils=(WOLVERHAMPTON,)))
    actions.close(closed, by=world.actor("hub_manager"), at=world.now)
    waiting = _added(
        world, world.hub, Details("Sample Hub Calls", location_public=True, location="Sample Hall, Sample Town")
    )
    actions.open(waiting, by=world.actor("hub_manager"), at=world.now, waiting=True)
    return Directory(
        full=_added(world, world.provider, FULL), bare=bare, refuge=refuge(world), closed=closed, waiting=waiting,
        silent=_silent(world),
    )  # fmt: skip


def refuge(world: World, **words: Any) -> Service:
    """A service whose place must stay secret."""
    said = {"summary": "A safe place to stay.", "phone": "01632 960402", "location_protected": True, **words}
    return _added(world, world.provider, Details(**{"name": "Sample Lantern Refuge", **said}))


def _silent(world: World) -> tuple[Service, ...]:
    """Of an organisation that ended, not begun yet, listed by another directory, adopted from it."""
    ended = _added(world, world.far_provider, Details("Silent Ended"))
    type(world.far_provider).objects.filter(pk=world.far_provider.pk).update(until=world.now.date())
    later = _added(world, world.provider, Details("Silent Later", opens_on=timezone.localdate() + timedelta(days=9)))
    elsewhere = {"source": "sample-list", "takes_referrals": False, "updated_at": world.now}
    listed = Service.objects.create(name="Silent Listed", code="silent-1", source_id="1", **elsewhere)
    adopted = Service.objects.create(
        name="Silent Adopted", code="silent-2", source_id="2", provider=world.provider, **elsewhere
    )
    return ended, later, listed, adopted


def _added(world: World, provider: Any, details: Details) -> Service:
    return actions.add(details, by=world.actor("hub_manager"), at=world.now, provider=provider)


def got(path: str, **said: Any) -> Any:
    """The answer of a path of the standard, as another system reads it; each call from a connection of its own."""
    answer = Client(REMOTE_ADDR=f"2001:db8:{next(_CONNECTIONS):x}::1").get(f"{ROOT}{path}", said)
    assert answer.status_code == 200, (path, said, answer.content)
    return answer.json()


def names(path: str, **said: Any) -> list[str]:
    return [one["name"] for one in got(path, **said)["contents"]]


def every_answer() -> dict[str, Any]:
    """Every answer that anybody can get: each list in each of its shapes, and each thing by its id."""
    shapes: dict[str, list[dict[str, str]]] = {
        "/services": [{}, {"full": "true"}, {"minimal": "true"}], "/service_at_locations": [{}, {"full": "true"}],
        "/organizations": [{}, {"full": "true"}, {"full_service": "true"}],
        "/taxonomies": [{}], "/taxonomy_terms": [{}],
    }  # fmt: skip
    answers = {"/": got("/")}
    for path, asked in shapes.items():
        for said in asked:
            page = got(path, per_page=1000, **said)
            answers[f"{path}?{said}"] = page
            if not said:
                answers |= {f"{path}/{one['id']}": got(f"{path}/{one['id']}") for one in page["contents"]}
    return answers


def site_words() -> list[str]:
    return [value for value in asdict(SITE).values() if isinstance(value, str) and len(value) > 3]
