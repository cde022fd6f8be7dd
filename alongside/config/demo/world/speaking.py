"""Sentences of the public pages that native readers of Welsh have read; the first they said better."""

from datetime import datetime

from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.translations import actions, queries, rules

READ = "Sample Translation Circle"
SAID = {"Find help after a crime": "Cael help ar ôl trosedd"}
CHECKED = ("In danger now? Call 999.", "In danger now.", "Thank you")


def have_read(cast: Cast, *, at: datetime) -> None:
    """As it is after a first evening with readers, where there was none yet."""
    on = london_date(at)
    if rulebook.current(queries.WRITTEN, on):
        return
    manager = User.objects.get(email="hub-manager@alongside.example")
    by = Actor(realm=Realm.HUB, user_id=manager.pk, organisation_id=cast.hub.pk,
               permissions=permissions_of(["hub_manager"]))  # fmt: skip
    shipped = {line.english: line.says for line in queries.lines("cy", on)}
    for english, says in {**{one: shipped[one] for one in CHECKED}, **SAID}.items():
        actions.translate("cy", rules.key_of(english), by=by, at=at, says=says, native=True, source=READ)
