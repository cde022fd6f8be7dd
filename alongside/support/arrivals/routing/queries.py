"""Reads of routing: the lists, what is known of a referral, what the rules said of it, what a list is checked by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from alongside.core.access.actor import Actor
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.organisations.models import Council, Organisation
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.arrivals.feeds.models import SourceVersion
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.referrals.rules import NOT_KNOWN as REPORT_NOT_KNOWN
from alongside.support.arrivals.routing import rules, wording
from alongside.support.arrivals.routing.checks import Office, Problem, problems
from alongside.support.arrivals.routing.models import Decision, Draft, Override, Preview, Version
from alongside.support.arrivals.routing.rules import Consent, Hours, Known, Rule
from alongside.support.people.victims.models import Agreement, Victim

UNASKED = "share_at_high_risk"
HATE = "hate_"
KINDS: dict[object, str] = {Victim.Kind.PERSON.value: rules.VICTIM}  # the others are called as they are
BY_NO_FEED, BY_NOBODY = {rules.NOT_KNOWN: "No police feed"}, {rules.NOT_KNOWN: "No organisation"}
SOURCES = {"police_feed": "The police feed", "partner": "A partner agency", "self": "The victim"}
NOT_KNOWN = {rules.NOT_KNOWN: "Not known"}
BROUGHT_ALONG = Referral.Source.BROUGHT.value  # comes to no hub, so that no rule asks for it


def in_force(hub_id: int, at: datetime) -> Version | None:
    """The list that routes what is received at a moment."""
    standing = Version.objects.filter(hub_id=hub_id, since__lte=at, withdrawn_at=None)
    return standing.order_by("-since", "-number").first()


def versions(hub_id: int) -> tuple[Version, ...]:
    """Every list that was ever made live, the newest first."""
    return tuple(Version.objects.filter(hub_id=hub_id).order_by("-number"))


def to_come(hub_id: int, at: datetime) -> tuple[Version, ...]:
    """Lists that are made live and not yet in force, the soonest first."""
    return tuple(Version.objects.filter(hub_id=hub_id, since__gt=at, withdrawn_at=None).order_by("since", "number"))


def before(version: Version) -> Version | None:
    """The list that was made live before this one."""
    return Version.objects.filter(hub_id=version.hub_id, number__lt=version.number).order_by("-number").first()


def draft(hub_id: int) -> Draft | None:
    return Draft.objects.filter(hub_id=hub_id).first()


def names(people: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Colleagues' names."""
    return dict(User.objects.filter(pk__in={key for key in people if key}).values_list("pk", "name"))


def services(hub_id: int) -> "QuerySet[Service]":
    """Services to which a rule of this hub may send: those of its area that take referrals."""
    own = Organisation.objects.filter(pk=hub_id).values("force")
    near = Q(provider__force__in=own) | Q(councils__overlap=list(councils(hub_id)))
    return Service.objects.routable().filter(near).select_related("provider").order_by("name")


def councils(hub_id: int) -> dict[str, str]:
    """The councils of the hub's own area."""
    area = Council.objects.current().filter(force__organisation=hub_id)
    return dict(area.order_by("name").values_list("code", "name"))


def office(hub_id: int, on: date) -> Office:
    """What a list of this hub is held against on a day."""
    markers = rulebook.current("markers", on)
    restricted = frozenset(row.code for row in markers if row.flag("restricted"))
    crimes = rulebook.current("crime_types", on)
    return Office(
        titles=titles(hub_id, on), services={str(one.pk): one for one in services(hub_id)},
        ages={row.code: (row.number("first"), row.number("last")) for row in rulebook.current("age_bands", on)},
        restricted=restricted,
        restricted_crimes=frozenset(row.code for row in crimes if restricted & set(row.codes("markers"))),
        protected_markers=frozenset(row.code for row in markers if row.code.startswith(HATE)),
        routes={row.code: row.title for row in rulebook.current("routes", on) if row.flag("national")},
    )  # fmt: skip


def titles(hub_id: int, on: date) -> Mapping[str, Mapping[str, str]]:
    """The words of every code that a rule may ask for, by what asks for it."""
    sources = {code: SOURCES.get(code, label) for code, label in Referral.Source.choices if code != BROUGHT_ALONG}
    return {
        "crime_types": rulebook.titles("crime_types", on), "risk": wording.RISK,
        "councils": {**councils(hub_id), **NOT_KNOWN}, "ages": {**rulebook.titles("age_bands", on), **NOT_KNOWN},
        "sexes": rulebook.titles("sexes", on), "sources": sources,
        "senders": senders(hub_id), "feeds": feeds(hub_id), "reported": wording.REPORTED,
        "victims": wording.VICTIMS, "languages": {**rulebook.titles("languages", on), **NOT_KNOWN},
        "hours": wording.HOURS, "markers": rulebook.titles("markers", on), "needs": rulebook.titles("needs", on),
    }  # fmt: skip


def senders(hub_id: int) -> dict[str, str]:
    """The forces, partners and courts of the hub's area, by what a rule keeps of each."""
    area = Organisation.objects.filter(pk=hub_id).values("force")
    found = Organisation.objects.filter(kind__in=("force", "partner", "court"), force__in=area).order_by("name")
    return {**{str(key): name for key, name in found.values_list("pk", "name")}, **BY_NOBODY}


def feeds(hub_id: int) -> dict[str, str]:
    """Each feed of each force of the hub's area, by what a rule keeps of it."""
    area = Organisation.objects.filter(pk=hub_id).values("force")
    forces = Organisation.objects.filter(kind=Organisation.Kind.FORCE, force__in=area, until=None).order_by("name")
    found = SourceVersion.objects.filter(hub_id=hub_id).feeds(forces)
    named = {rules.feed_code(one.source.pk, one.code): one.title if one.name else f"{one.title}: the first feed"
             for one in found}  # fmt: skip
    return {**named, **BY_NO_FEED}


@dataclass(frozen=True)
class Naming:
    """A list, in force or to come, and which of its rules name a feed."""

    version: Version
    in_force: bool
    rules: tuple[Rule, ...]


def naming(hub_id: int, source: int, feed: str, at: datetime) -> tuple[Naming, ...]:
    """The lists, in force and to come, that have a way of its own for what a feed sends."""
    now = in_force(hub_id, at)
    found = (
        Naming(
            one, one == now, tuple(rule for rule in rules.rules_of(one.rules) if rules.name_source(rule, source, feed))
        )
        for one in (*((now,) if now else ()), *to_come(hub_id, at))
    )
    return tuple(one for one in found if one.rules)


def problems_of(listed: Iterable[Rule], held: Office) -> tuple[Problem, ...]:
    """What is wrong with a list."""
    return problems(tuple(listed), held)


def preview(hub_id: int) -> Preview | None:
    """What the hub's draft was last held against."""
    return Preview.objects.filter(hub_id=hub_id).first()


@dataclass(frozen=True)
class Terms:
    """The rulebook's part in what is known of a referral, read once for many of them."""

    bands: tuple[RuleRow, ...]
    hours: Hours

    def age(self, age: int | None) -> str:
        if age is None:
            return rules.NOT_KNOWN
        found = (row.code for row in self.bands if row.number("first") <= age <= row.number("last"))
        return next(found, rules.NOT_KNOWN)


def terms(on: date) -> Terms:
    opens, closes = (rulebook.rule("limits", code, on).number("number") for code in ("office_opens", "office_closes"))
    return Terms(rulebook.current("age_bands", on), Hours(opens, closes))


# The columns of a referral that rules ask of, in the order of `known`.
SLIM = (
    "crime_type", "high_risk", "council", "age_at_receipt", "victim__sex", "source", "source_organisation", "feed",
    "reported", "why_not_reported", "victim__kind", "victim__language", "received_at", "markers", "needs",
)  # fmt: skip


def known(slim: Iterable[object], said: Terms) -> Known:
    """What rules may ask of a referral, from its slim columns."""
    crime, high, council, age, sex, source, sender, *more = slim
    feed, reported, unsaid, kind, language, received, markers, needs = more
    assert isinstance(received, datetime)
    assert isinstance(markers, list) and isinstance(needs, list)
    return Known(
        crime_type=str(crime), risk=rules.HIGH if high else rules.OTHER, council=str(council) or rules.NOT_KNOWN,
        age=said.age(age if isinstance(age, int) else None), sex=str(sex) or rules.NOT_KNOWN, source=str(source),
        sender=str(sender or rules.NOT_KNOWN),
        feed=f"{sender}-{feed}" if source == Referral.Source.POLICE_FEED else rules.NOT_KNOWN,
        reported=rules.NOT_KNOWN if unsaid == REPORT_NOT_KNOWN else rules.YES if reported else rules.NO,
        victim=KINDS.get(kind, str(kind)),
        language=str(language) or rules.NOT_KNOWN, hours=said.hours.code(received), markers=frozenset(markers),
        needs=frozenset(needs),
    )  # fmt: skip


def standing(referral: Referral) -> Decision | None:
    """What the rules say of a referral as it is known now."""
    return (
        Decision.objects.filter(referral=referral, superseded_at=None).select_related("service__provider", "version")
    ).first()


def consent(referral: Referral, service: Service, on: date) -> Consent:
    """What bears on sending it to a service without a person in between."""
    answers = Agreement.objects.filter(victim=referral.victim_id).order_by("-recorded_at", "-id")
    share = [one for one in answers if one.about == Agreement.About.SHARE]
    basis = rulebook.find("lawful_bases", UNASKED, on)
    with_them = next((one for one in share if one.with_organisation in (None, service.provider_id)), None)
    supported = next((one.given for one in answers if one.about == Agreement.About.SUPPORT), True)
    refused = with_them is not None and (not with_them.given or with_them.withdrawn_at is not None)
    return Consent(
        restricted=is_restricted(referral, on), stopped=referrals.stopped(referral) is not None,
        said_no=refused or referral.consent == "no" or not supported,
        shares=with_them is not None and with_them.given and with_them.withdrawn_at is None,
        high_risk=referral.high_risk, unasked=basis is not None and basis.flag("unasked"),
        in_hand=referral.state != Referral.State.RECEIVED or referral.worker is not None or _was_sent(referral),
        fits=service.pk in {one.service.pk for one in referrals.services(referral)},
    )  # fmt: skip


def why_not_sent_on(referral: Referral, service: Service, on: date) -> str:
    """Why it may not be sent to another service without a person, whoever has it in hand; empty where it may."""
    return rules.why_held(replace(consent(referral, service, on), in_hand=False))


def _was_sent(referral: Referral) -> bool:
    return Offer.objects.filter(referral_id=referral.pk).exists()


def is_restricted(referral: Referral, on: date) -> bool:
    """Whether named people alone may see it: it is sealed, or has a marker of its own or of its crime that is."""
    restricted = {row.code for row in rulebook.current("markers", on) if row.flag("restricted")}
    crime = rulebook.find("crime_types", referral.crime_type, on)
    if not any(place > 0 for place in referral.visible_orgs):
        return True
    return bool(restricted & {*referral.markers, *(crime.codes("markers") if crime else ())})


@dataclass(frozen=True)
class Choice:
    """The services that an officer may choose, with what the rules say of them."""

    found: referrals.Choosable
    decision: Decision | None
    unfit: bool

    @property
    def suggested(self) -> str:
        """The key of the service that the rule names, where it can be chosen."""
        one = self.decision
        if one is None or one.does not in rules.TO_A_SERVICE or one.service_id is None:
            return ""
        return str(one.service_id) if self._is_there(str(one.service_id)) else ""

    @property
    def says(self) -> bool:
        """Whether a rule says something that an officer may go against."""
        return self.decision is not None and self.decision.does != rules.NONE

    def _is_there(self, key: str) -> bool:
        there = (*(fit.service for fit in self.found.fits), *self.found.others)
        return any(str(service.pk) == key for service in there)


def choice(referral: Referral) -> Choice:
    """What an officer may choose for a referral, the rule's service before the others."""
    found, decision = referrals.choosable(referral), standing(referral)
    named = decision.service_id if decision else None
    fits = tuple(sorted(found.fits, key=lambda one: one.service.pk != named))
    others = tuple(sorted(found.others, key=lambda one: one.pk != named))
    shown = referrals.Choosable(fits, others)
    return Choice(shown, decision, unfit=any(one.pk == named for one in others))


def to_note(actor: Actor) -> "QuerySet[Decision]":
    """What rules did that the hub is to be told of, and nobody has noted."""
    return Decision.objects.visible_to(actor).filter(hub_id=actor.organisation_id or 0, tell=True, noted_at=None)


def overrides(referral: Referral) -> tuple[Override, ...]:
    found = Override.objects.filter(referral=referral).select_related("chosen").order_by("-made_at")
    return tuple(found)
