"""Words and colours for the pages of routing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from alongside.core.pages.beside import Card
from alongside.core.pages.beside import lines as lines_of
from alongside.core.pages.filters import date_words, datetime_words, plural
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.pathways.presenters import taker
from alongside.support.arrivals.routing import rules
from alongside.support.arrivals.routing.checks import Office, Problem
from alongside.support.arrivals.routing.forms import QUESTIONS
from alongside.support.arrivals.routing.models import Decision, Moved, Override, Preview, Version
from alongside.support.arrivals.routing.previews import Load
from alongside.support.arrivals.routing.queries import Choice
from alongside.support.arrivals.routing.rules import Change, Rule, rules_of
from alongside.support.arrivals.routing.wording import sentence

CHANGES = {"added": ("New", "green"), "removed": ("Taken out", "red"), "changed": ("Changed", "yellow"),
           "moved": ("Another place", "blue")}  # fmt: skip
LEFT = "somebody who has left"
SAYS = {
    rules.AT_ONCE: "Send it at once", rules.SUGGEST: "Suggested first", rules.KEEP: "Keep it with the hub",
    rules.NATIONAL: "A national service", rules.NONE: "No rule",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A rule of a list, with what is wrong with it."""

    place: int
    key: str
    name: str
    reads: str
    dates: str
    stops: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()


def lines(listed: Sequence[Rule], office: Office, problems: Iterable[Problem] = ()) -> list[Line]:
    """A list as it is read, each rule with what is wrong with it."""
    found = list(problems)
    return [
        Line(
            place, rule.id, rule.name, rule.reads or sentence(rule, office), _dates(rule),
            tuple(one.words for one in found if one.rule == rule.id and one.stops),
            tuple(one.words for one in found if one.rule == rule.id and not one.stops),
        )
        for place, rule in enumerate(listed, 1)
    ]  # fmt: skip


def _dates(rule: Rule) -> str:
    """From and until when, where that is said."""
    since = f"from {date_words(rule.since)}" if rule.since else ""
    until = f"until the day before {date_words(rule.until)}" if rule.until else ""
    words = " ".join(part for part in (since, until) if part)
    return f"{words[:1].upper()}{words[1:]}"


def standing(version: Version, at: datetime) -> dict[str, str]:
    """Whether a list is withdrawn or to come; which of the others is in force the page knows."""
    if version.withdrawn_at:
        return {"word": "Withdrawn", "colour": "red"}
    return {"word": "To come", "colour": "blue"} if version.since > at else {"word": "Was in force", "colour": "grey"}


def history(versions: Iterable[Version], now: Version | None, people: Mapping[UUID | None, str],
            at: datetime) -> list[dict[str, Any]]:  # fmt: skip
    """Every list, the newest first, in words."""
    return [
        {
            "version": one, "by": people.get(one.made_live_by, LEFT),
            "tag": {"word": "In force", "colour": "green"} if now and one.pk == now.pk else standing(one, at),
        }
        for one in versions
    ]  # fmt: skip


def differences(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """What is different from the list before."""
    return [
        {"word": CHANGES[one.what][0], "colour": CHANGES[one.what][1], "name": one.name, "before": one.before,
         "after": one.after, "what": one.what}
        for one in changes
    ]  # fmt: skip


def rule_choices(office: Office) -> dict[str, list[tuple[str, str]]]:
    """What the form of a rule chooses from."""
    services = [(key, f"{one.name}, {one.run_by}{_shut(one)}") for key, one in office.services.items()]
    return {
        **{name: list(office.titles[name].items()) for name in QUESTIONS},
        "service": [("", "Choose a service"), *services],
        "route": [("", "Choose a national service"), *office.routes.items()],
    }  # fmt: skip


def _shut(service: Service) -> str:
    return {"CLOSED": " (closed)", "WAITING": " (has a waiting list)"}.get(service.state, "")


def service_choices(choice: Choice, reasons: Iterable[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """The services to choose from: the rule's, those that fit, then the others; and why to go against the rule."""

    def pairs(services: Iterable[Service]) -> list[tuple[str, str]]:
        return [(str(service.pk), f"{service.name}, {service.run_by}") for service in services]

    return {
        "service": pairs(fit.service for fit in choice.found.fits),
        "other": [("", "None of the others"), *pairs(choice.found.others)],
        "why": [("", "I follow the rule"), *reasons],
    }


def service_hints(choice: Choice) -> dict[str, str]:
    """Why each service fits, and what to know first; the rule's with the rule before all else."""
    return {
        str(fit.service.pk): _hint(fit.service, (*fit.reasons, *fit.notes, taker(fit).room), choice)
        for fit in choice.found.fits
    }


def _hint(service: Service, reasons: Iterable[str], choice: Choice) -> str:
    one = choice.decision
    rule = [f"Suggested by the rule “{one.name}”"] if one and one.service_id == service.pk else []
    return "; ".join(reason.rstrip(".") for reason in (*rule, *reasons))


@dataclass(frozen=True)
class Said:
    """What the rules say of a referral, on the page where an officer chooses."""

    heading: str
    reads: str
    list: str
    held: str
    note: str


def said(choice: Choice) -> Said | None:
    """What the rules say; None where none is for it."""
    one = choice.decision
    if one is None or one.does == rules.NONE:
        return None
    note = ""
    if one.service_id and not choice.suggested:
        note = "The service takes no referrals now, so choose another one and say why."
    elif choice.unfit:
        note = "By what is known now the service does not fit: it stands among the others."
    held = f"It was not sent at once: {rules.HELD[one.held]}." if one.held else ""
    return Said(f"{SAYS[one.does]}: the rule “{one.name}”", one.reads, _list(one), held, note)


def _list(one: Decision) -> str:
    return f"List {one.version.number}, in force from {datetime_words(one.version.since)}"


def card(one: Decision | None, overrides: Iterable[Override], reasons: Mapping[str, str]) -> Card | None:
    """On the referral's page: what the rules say of it, whether it was done, and who went against it."""
    if one is None or one.does == rules.NONE:
        return None
    done = f"Sent by the rule {datetime_words(one.offered_at)}." if one.offered_at else ""
    held = f"Not sent at once: {rules.HELD[one.held]}." if one.held else ""
    against = [
        f"An officer chose {made.chosen.name} all the same: {reasons.get(made.why, made.why).lower()}."
        for made in overrides
    ]
    told = [line for line in (f"{SAYS[one.does]}. {one.reads}", done, held, *against, f"{_list(one)}.") if line]
    address = reverse("routing:version", args=[one.version_id])
    return lines_of(
        "What the rules say", told, link=("The whole list", address), warn=one.held not in ("", rules.IN_HAND)
    )


def told(rows: Iterable[Decision]) -> list[dict[str, Any]]:
    """What rules did, for the hub to note."""
    return [
        {
            "key": one.pk, "referral": one.referral, "name": one.name, "reads": one.reads, "at": one.decided_at,
            "tag": {"word": "Sent", "colour": "green"} if one.offered_at
            else {"word": "Waits for a person", "colour": "orange"} if one.held
            else {"word": SAYS[one.does], "colour": "blue"},
            "held": rules.HELD[one.held] if one.held else "",
        }
        for one in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Effect:
    """A preview in words."""

    period: str
    matched: str
    moved: str
    unlike: str
    pairs: list[dict[str, Any]]
    by_rule: list[tuple[str, int]]
    loads: list[Load]


def effect(preview: Preview, loads: list[Load], words: Mapping[str, str]) -> Effect:
    """What the list would have done, from its counts."""
    found = preview.found
    pairs = [
        {"went": words.get(went, went), "goes": words.get(goes, goes), "count": count,
         "query": f"?went={went}&goes={goes}"}
        for went, goes, count in found["pairs"]
    ]  # fmt: skip
    return Effect(
        period=f"{date_words(preview.first_on)} to {date_words(preview.last_on)}",
        matched=f"Of {plural(found['all'], 'referral')} a rule is for {found['matched']:,}.",
        moved=f"{plural(found['moved'], 'referral')} that went to a service would have gone elsewhere; "
        f"{found['unsent']:,} that went to no service would have been sent or pointed to one.",
        unlike=f"For {plural(found['unlike'], 'referral')} this list says something else than the list in force now.",
        pairs=pairs, loads=loads,
        by_rule=[(rule.name, found["by_rule"].get(rule.id, 0)) for rule in rules_of(preview.rules)],
    )  # fmt: skip


def moved(
    rows: Iterable[Moved], preview: Preview, words: Mapping[str, str], crimes: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Referrals that would have gone elsewhere, without a name."""
    named = {rule.id: rule.name for rule in rules_of(preview.rules)}
    return [
        {
            "referral": row.referral, "crime": crimes.get(row.referral.crime_type, row.referral.crime_type),
            "went": words.get(row.went, row.went), "goes": words.get(row.goes, row.goes),
            "rule": named.get(row.rule, ""),
        }
        for row in rows
    ]  # fmt: skip
