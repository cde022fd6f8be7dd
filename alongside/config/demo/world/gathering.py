"""Community groups as a partnership officer has them after a year: mapped, talked with, in a consortium, to check."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib import resources
from typing import Any
from uuid import UUID

import yaml

from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.rows.realms import Realm
from alongside.foundation.local.community import actions, consortia
from alongside.foundation.local.community.models import Group
from alongside.foundation.local.community.queries import about_from
from alongside.foundation.local.community.rules import About, Asked
from alongside.foundation.local.directory.queries import councils_for
from alongside.foundation.local.registrations import actions as registrations
from alongside.foundation.local.registrations.rules import NO, YES, Sent
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.foundation.office.organisations.models import Organisation

CODED = ("reaches", "activities", "hears", "languages")
TOGETHER = ("Noor Sample Women's Circle", "New Roots Sample Refugee Kitchen", "Kaleidoscope Sample LGBT+ Social")
DAYS = 60
MET = "insurance"


def gather(cast: Cast, *, at: datetime) -> None:
    """Groups of the area, where there is none yet."""
    if Group.objects.exists():
        return
    officer = User.objects.get(email="partnership@alongside.example")
    by = Actor(realm=Realm.HUB, user_id=officer.pk, organisation_id=cast.hub.pk,
               permissions=permissions_of(["partnership_officer"]))  # fmt: skip
    known = {name: code for code, name in councils_for(by)}
    told = yaml.safe_load(resources.files(__package__).joinpath("groups.yaml").read_text("utf-8"))
    groups = {one["name"]: _group(one, known, by, at) for one in told}
    _join(groups, by, at)
    _register(sorted(known.values()), at)


def _join(groups: Mapping[str, Group], by: Actor, at: datetime) -> None:
    """A charity leads, three groups bring people."""
    since = london_date(at) - timedelta(days=DAYS)
    purpose = "To bid together in the next round: one contract, and small groups that people trust."
    made = consortia.form(by=by, at=at, name="Reach Sample Partnership", purpose=purpose, formed_on=since)
    lead = Organisation.objects.get(code="lantern")
    consortia.join(made, by=by, at=at, role="lead", since=since, organisation=lead)
    for name in TOGETHER:
        consortia.join(made, by=by, at=at, role="reaches", since=since, group=groups[name])


def _group(told: Mapping[str, Any], known: Mapping[str, str], by: Actor, at: datetime) -> Group:
    """One group with all that is told of it. Where the area knows fewer councils it works in those that are known."""
    where = [known[name] for name in told["where"] if name in known] or sorted(known.values())
    coded = {name: told.get(name, []) for name in CODED}
    said = about_from({"name": told["name"], "what": told["what"], "councils": where, **coded, **told["more"]})
    group = actions.add(said, by=by, at=at - timedelta(days=200))
    if "person" in told:
        asked = Asked(told["person"], "Volunteer", phone="07700 900 451", how="Evenings, text first")
        actions.add_person(group, asked, by=by, at=at)
    for code in told.get("needs", ()):
        need = actions.note_need(group, by=by, at=at - timedelta(days=90), code=code)
        if code == MET:
            actions.meet_need(need, by=by, at=at)
    if "ago" in told:
        _talk(group, told["ago"], by, at)
    for move in told.get("moves", ()):
        if move != "get_in_touch":
            group = actions.MOVES[move](group, by=by, at=at)
    next_on = london_date(at) + timedelta(days=told["ahead"]) if "ahead" in told else None
    Group.objects.filter(pk=group.pk).update(next_contact_on=next_on)
    return group


def _talk(group: Group, ago: int, by: Actor, at: datetime) -> None:
    then = at - timedelta(days=ago)
    actions.record_contact(
        group, by=by, at=then, on=london_date(then), way="visit", purpose="introduction", answered=True, next_on=None,
        note="A good hour. They will think about what they need.",
    )  # fmt: skip


def _register(known: list[str], at: datetime) -> None:
    """Two that nobody has looked at: one that meets in a kitchen at home, and one that is mapped already."""
    soup = About("Sunday Sample Soup", "We cook for whoever is alone.", ("food",), ("older", "migrants"),
                 councils=(known[0],))  # fmt: skip
    boxing = About("Corner Sample Boxing", "Boxing for young people, with a girls' session on Mondays.", ("sport",),
                   ("young", "women"), councils=(known[0],), web="https://corner.example")  # fmt: skip
    parveen = Asked("Parveen Notareal", "I cook", "07700 900 452", "parveen@post.example", how="After six")
    dean = Asked("Dean", "Coach", "07700 900 453")
    both = (
        Sent(soup, parveen, ("insurance", "premises"), "14 Placeholder Street", "", YES),
        Sent(boxing, dean, ("volunteers",), "Corner Gym, Sample Road", "", NO),
    )
    for number, sent in enumerate(both):
        registrations.register(sent, at=at - timedelta(days=2, hours=number), once=UUID(int=7_000 + number), hears=True,
                               caller=b"demo")  # fmt: skip
