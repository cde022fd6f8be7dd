"""Changes to services: one that the hub is asked to agree to, one that is agreed and has a day to come, a new one."""

from datetime import datetime, timedelta

from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.rows.realms import Realm
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.proposals import actions
from alongside.foundation.local.proposals.models import Proposal
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.foundation.office.organisations.models import Organisation


def propose(cast: Cast, *, at: datetime) -> None:
    """Some of each, where there is none yet."""
    if Proposal.objects.exists():
        return
    lantern = Organisation.objects.get(code="lantern")
    manager, hub = _actor("service-manager", Realm.PROVIDER, lantern), _actor("hub-manager", Realm.HUB, cast.hub)
    asked, soon = at - timedelta(days=2), london_date(at) + timedelta(days=20)
    drop_in = actions.begin(Service.objects.get(code="lantern-drop-in"), by=manager, at=asked)
    hours = {"hours": "Tuesdays, 10am to 2pm; Thursdays, 5pm to 7pm"}
    drop_in = actions.put(drop_in, hours, by=manager, at=asked, seen=drop_in.stamp)
    actions.send(drop_in, by=manager, at=asked, words="Many cannot come in the day, so we open on Thursday evenings.")
    new = actions.begin_new(lantern, by=manager, at=asked, name="Lantern support by chat")
    actions.put(new, {"summary": "Write with an advocate from your phone.", "modes": ("chat",)}, by=manager, at=asked,
                seen=new.stamp)  # fmt: skip
    dated = actions.begin(Service.objects.get(code="evergreen-neighbours"), by=hub, at=asked)
    dated = actions.put(dated, {"hours": "Every day, 8am to 8pm"}, by=hub, at=asked, seen=dated.stamp)
    actions.send(dated, by=hub, at=asked, words="The award pays for weekends from then on.", applies_on=soon)


def _actor(key: str, realm: Realm, body: Organisation) -> Actor:
    user = User.objects.get(email=f"{key}@alongside.example")
    role = key.replace("-", "_")
    return Actor(realm=realm, user_id=user.pk, organisation_id=body.pk, permissions=permissions_of([role]))
