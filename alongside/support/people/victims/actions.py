"""Writes about who a victim is, what was agreed and on which basis data are used."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.privacy import fields
from alongside.core.rows import records
from alongside.core.rows.realms import Realm
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages import queries as message_queries
from alongside.foundation.office.messages.models import Outgoing
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.people.victims import queries, rules
from alongside.support.people.victims.models import Agreement, Basis, Correction, Responsible, SamePerson, Victim
from alongside.support.people.victims.rules import name_key


@dataclass(frozen=True)
class Identity:
    """Who arrives: a person, or a business by its name."""

    kind: str = "person"
    title: str = ""
    given_name: str = ""
    family_name: str = ""
    business_name: str = ""
    birth_date: date | None = None
    age_said: int | None = None
    said_under: int | None = None
    sex: str = ""
    ethnicity: str = ""
    language: str = ""
    interpreter: str = "unknown"
    access_needs: str = ""
    council: str = ""
    location_protected: bool = False

    @property
    def key(self) -> str:
        return (
            name_key("", self.business_name) if self.kind == "business" else name_key(self.given_name, self.family_name)
        )


@transaction.atomic
def record(identity: Identity, *, by: Actor, at: datetime, hub_id: int) -> Victim:
    """Makes the record of somebody who arrives. Needs insert alone: the public reads nothing."""
    words = {name: value for name, value in vars(identity).items() if name != "access_needs"}
    said_on = None if identity.age_said is None else clocks.london_date(at)
    victim = Victim(hub_id=hub_id, created_at=at, name_key=identity.key, age_said_on=said_on, **words)
    fields.write(victim, access_needs=identity.access_needs)
    victim.save(force_insert=True)
    events.record("victim.recorded", victim.pk, by=by, at=at, kind=identity.kind)
    return victim


def identity_of(victim: Victim) -> Identity:
    """Who the record says that it is now."""
    said = {name: getattr(victim, name) for name in vars(Identity()) if name != "access_needs"}
    return Identity(**said, access_needs=fields.read(victim, "access_needs"))


@transaction.atomic
def correct(
    victim: Victim, *, by: Actor, at: datetime, identity: Identity, reason: str, seen: int
) -> Correction | None:  # fmt: skip
    """Puts right who a record says that it is. `seen`: the version that the writer had before them.

    Whoever is let into the record may: who holds a wrong name has to mend it. None where it says all this already.
    """
    if rulebook.find("correction_reasons", reason, clocks.london_date(at)) is None:
        raise RuleBroken("Choose why it has to be put right.", "reason")
    fresh = Victim.objects.select_for_update().get(pk=victim.pk)
    before, after = vars(identity_of(fresh)), vars(identity)
    changed = rules.changed(before, after)
    if not changed:
        return None
    if fresh.version != seen:
        raise RuleBroken(rules.STALE)
    if by.realm == Realm.PROVIDER and fresh.location_protected and not identity.location_protected:
        raise RuleBroken("Only the hub can say that where they live need not be protected.", "location_protected")
    _rewrite(fresh, identity, changed)
    if rules.WHO_AND_WHERE & set(changed):
        records.end_former(fresh.pk)
    made = Correction(victim=fresh, changed=list(changed), reason=reason, corrected_at=at, corrected_by=by.user_id,
                      organisation_id=by.organisation_id)  # fmt: skip
    fields.write(made, before=json.dumps(rules.kept(before, changed, special=Victim.Privacy.special)))
    made.save(force_insert=True)
    events.record("victim.corrected", fresh.pk, by=by, at=at, changed=list(changed), reason=reason)
    return made


def _rewrite(victim: Victim, identity: Identity, changed: tuple[str, ...]) -> None:
    """The new identity on the record, and the key by which its name is found."""
    for name in changed:
        if name != "access_needs":
            setattr(victim, name, getattr(identity, name))
    fields.write(victim, access_needs=identity.access_needs)
    victim.name_key = identity.key
    victim.version += 1
    victim.save(update_fields=[*changed, *({"access_needs", "name_key", "version"} - set(changed))])


@transaction.atomic
def agree(
    victim: Victim, *, by: Actor, at: datetime, about: str, given: bool, channel: str = "",
    with_organisation: int | None = None, purpose: str = "", how: str = "",
) -> Agreement:  # fmt: skip
    """Records one of the three agreements, given or refused. The same answer sent twice at once is one."""
    asked = {"about": about, "channel": channel, "with_organisation": with_organisation}
    said = {"given": given, "purpose": purpose, "how": how, "recorded_by": by.user_id}
    if again := queries.agreed_again(victim, at, asked, said):
        return again
    agreement = Agreement(victim=victim, recorded_at=at, **asked, **said)
    agreement.save(force_insert=True)
    events.record("victim.agreed" if given else "victim.refused", victim.pk, by=by, at=at, about=about, channel=channel)
    return agreement


@transaction.atomic
def stop(victim: Victim, *, by: Actor, at: datetime) -> Agreement:
    """They asked us to stop: from then on they agree to be supported no longer. Once for each asking."""
    Victim.objects.select_for_update(of=("self",)).get(pk=victim.pk)
    about, how = Agreement.About.SUPPORT, rules.ASKED_TO_STOP
    asked = Agreement.objects.filter(victim=victim, about=about, given=False, how=how, recorded_at=at).first()
    return asked or agree(victim, by=by, at=at, about=about, given=False, how=how)


@transaction.atomic
def withdraw(agreement: Agreement, *, by: Actor, at: datetime) -> None:
    """The person takes an agreement back. What it was, and when it ended, stays; doing it twice changes nothing."""
    fresh = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if fresh.withdrawn_at is None:
        fresh.withdrawn_at = at
        fresh.save(update_fields=["withdrawn_at"])
        events.record(
            "victim.withdrew", fresh.victim_id, by=by, at=at, about=fresh.about, channel=fresh.channel,
            with_organisation=fresh.with_organisation,
        )  # fmt: skip


@transaction.atomic
def send(victim: Victim, *, by: Actor, at: datetime, template: str, link: str = "") -> Outgoing:
    """Asks for one approved message, by no way of contact to which they said no. Twice at once is once.

    `link`: what opens once, for a text that goes with one.
    """
    Victim.objects.select_for_update().get(pk=victim.pk)
    child = queries.footing(victim, clocks.london_date(at))
    if child is not None and not child.directly:
        raise RuleBroken(f"No message goes to a child directly. {child.note} Call the adult, if that is safe.")
    asker = by.organisation_id or victim.hub_id
    if again := message_queries.asked_again(victim.pk, template, organisation_id=asker, at=at):
        return again
    return messages.ask(
        victim.pk, by=by, at=at, organisation_id=asker, template=template,
        purpose=message_queries.purpose_of(template), hidden=False, barred=queries.said_no(victim),
        same=queries.known_same(victim.pk, by), link=link,
    )  # fmt: skip


@transaction.atomic
def state_basis(victim: Victim, *, by: Actor, at: datetime, purpose: str, basis: str) -> Basis:
    """Records the lawful basis for one purpose. Each stands beside the earlier ones; none is changed. The same one
    sent twice at once is one.
    """
    if again := queries.stated_again(victim, at, purpose=purpose, basis=basis, recorded_by=by.user_id):
        return again
    stated = Basis(victim=victim, purpose=purpose, basis=basis, recorded_at=at, recorded_by=by.user_id)
    stated.save(force_insert=True)
    events.record("victim.basis_stated", victim.pk, by=by, at=at, purpose=purpose, basis=basis)
    return stated


@transaction.atomic
def name_adult(
    victim: Victim, *, by: Actor, at: datetime, name: str, relation: str, judged: bool, why: str
) -> Responsible:  # fmt: skip
    """Records who is responsible for a child, and whether a worker judged that the child may be contacted directly."""
    if not name.strip() and not judged:
        raise RuleBroken("Enter the name of the adult with responsibility.", "name")
    if judged and not why.strip():
        raise RuleBroken("Say what shows that they understand and can choose.", "why")
    on = clocks.london_date(at)
    if judged and queries.through_adult(queries.age_of(victim, on), on):
        raise RuleBroken("A child of this age is contacted only through an adult, whatever anybody judges.", "judged")
    made = Responsible(victim=victim, relation=relation, judged=judged, recorded_at=at, recorded_by=by.user_id)
    fields.write(made, name=name, why=why)
    made.save(force_insert=True)
    records.end_former(victim.pk)  # with whom a child lives now is not for whoever handed the child's records on
    events.record("victim.adult_named", victim.pk, by=by, at=at, judged=judged)
    return made


@transaction.atomic
def judge(left: Victim, right: Victim, *, by: Actor, at: datetime, judgement: str) -> SamePerson:
    """Records what a person thinks of two records of one hub. Nothing is merged; an earlier judgement ends."""
    if left.pk == right.pk or left.hub_id != right.hub_id:
        raise RuleBroken("Choose two records of this hub.")
    first, second = sorted((left, right), key=lambda victim: victim.pk)
    Victim.objects.select_for_update().get(pk=first.pk)
    standing = SamePerson.objects.filter(left=first, right=second, ended_at=None).first()
    if standing and standing.judgement == judgement:
        return standing
    if standing:
        undo_judgement(standing, by=by, at=at)
    assert by.user_id is not None
    judged = SamePerson(
        id=uuid7(), hub_id=left.hub_id, left=first, right=second, judgement=judgement, judged_by=by.user_id,
        judged_at=at,
    )  # fmt: skip
    judged.save(force_insert=True)
    events.record("victim.judged", judged.pk, by=by, at=at, judgement=judgement)
    return judged


@transaction.atomic
def undo_judgement(judged: SamePerson, *, by: Actor, at: datetime) -> None:
    """Ends a judgement; the two records stand as if nobody had judged them."""
    judged.ended_at = at
    judged.save(update_fields=["ended_at"])
    events.record("victim.judgement_undone", judged.pk, by=by, at=at)
