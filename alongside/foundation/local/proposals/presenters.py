"""A proposal in the words of a page: what would be different, section by section, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from alongside.core.pages.filters import date_words
from alongside.foundation.local.directory.actions import details_from
from alongside.foundation.local.directory.models import Service, Version
from alongside.foundation.local.directory.parts import POST_STATES, Post, Site
from alongside.foundation.local.directory.rules import SEX_WORDS, age_words
from alongside.foundation.local.proposals import lifecycle as states
from alongside.foundation.local.proposals import rules
from alongside.foundation.local.proposals.forms import PostPart, SitePart, Words
from alongside.foundation.local.proposals.models import Proposal

STATE_WORDS = {
    states.DRAFT: ("Being written", "grey"), states.SENT: ("With the hub", "blue"),
    states.RETURNED: ("Given back", "orange"), states.AGREED: ("Agreed", "turquoise"), states.LIVE: ("Live", "green"),
    states.DROPPED: ("Dropped", "grey"),
}  # fmt: skip
LABELS = {
    **{name: str(field.label) for name, field in Words.base_fields.items()},
    "sites": "Other places", "posts": "Posts",
}  # fmt: skip
NOTHING = "Nothing"


@dataclass(frozen=True)
class Difference:
    """One detail that would be different."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """A row of the list of proposals."""

    pk: str
    name: str
    run_by: str
    kind: str
    state: str
    colour: str
    about: str
    changed_at: Any


def differences(before: Mapping[str, Any], changes: Mapping[str, Any], words: Mapping[str, str]) -> list[Difference]:
    """Every detail that differs, in the order in which the sections have them."""
    return [
        Difference(LABELS[name], shown(name, before.get(name), words), shown(name, changes[name], words))
        for name in rules.ordered(changes)
    ]


def shown(name: str, value: Any, words: Mapping[str, str]) -> str:
    """A detail as a page says it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if value in (None, "", []):
        return NOTHING
    if name == "opens_on":
        return date_words(date.fromisoformat(str(value)))
    if name == "sites":
        return "; ".join(site.line for site in Site.read(value))
    if name == "posts":
        return "; ".join(post_line(post, words) for post in Post.read(value))
    if isinstance(value, list):
        return "; ".join(SEX_WORDS.get(code, words.get(code, code)) for code in value)
    return str(value)


def post_line(post: Post, words: Mapping[str, str]) -> str:
    """A post on one line: what it is, for whom, and whether somebody is in it."""
    narrowed = [words.get(code, code) for code in (*post.languages, *post.made_for, *post.crime_types)]
    if post.age_from is not None or post.age_to is not None:
        narrowed.append(f"aged {age_words(post.age_from, post.age_to)}")
    hours = f"{post.hours_a_week} hours a week" if post.hours_a_week else ""
    told = [", ".join(narrowed), hours, "" if post.filled else POST_STATES[post.state].lower()]
    return f"{post.title} ({'; '.join(filter(None, told))})" if any(told) else post.title


def tasks(proposal: Proposal, *, hub: bool) -> list[dict[str, Any]]:
    """The sections, each with how much of it is different."""
    found = []
    for section in rules.sections(hub=hub):
        number = sum(name in proposal.changes for name in section.names)
        word = f"{number} changed" if number else "As it is"
        found.append({
            "title": section.title, "hint": section.hint,
            "href": reverse("proposals:section", args=[proposal.pk, section.code]),
            "status": {"word": word, "colour": "blue" if number else ""},
        })  # fmt: skip
    return found


def line(proposal: Proposal) -> Line:
    word, colour = STATE_WORDS[proposal.state]
    return Line(
        pk=str(proposal.pk), name=proposal.name, run_by=proposal.provider.name, kind=proposal.get_kind_display(),
        state=word, colour=colour, about=_about(proposal), changed_at=proposal.changed_at,
    )  # fmt: skip


def _about(proposal: Proposal) -> str:
    """What would be different, and from when."""
    day = f"From {date_words(proposal.applies_on)}" if proposal.applies_on else ""
    if proposal.kind != Proposal.Kind.CHANGE:
        return day or "At once"
    labels = [LABELS[name] for name in rules.ordered(proposal.changes)]
    told = ", ".join(labels[:3]) + (f" and {len(labels) - 3} more" if len(labels) > 3 else "")
    return ". ".join(filter(None, (told, day)))


def as_it_would_be(proposal: Proposal, wanted: Mapping[str, Any]) -> Service:
    """The service as its page would show it; not kept anywhere."""
    base = (
        {one.attname: getattr(proposal.service, one.attname) for one in Service._meta.concrete_fields}
        if proposal.service
        else {}
    )
    made = Service(**{**base, "provider_id": proposal.provider_id})
    made.provider = proposal.provider
    for name, value in details_from(wanted).columns().items():
        setattr(made, name, value)
    return made


@dataclass(frozen=True)
class Past:
    """How a service was worded from a day on, and what was different from before."""

    number: int
    since: Any
    by: str
    changed: list[Difference]


def past(versions: list[Version], words: Mapping[str, str]) -> list[Past]:
    """Versions, newest first, each with what it changed; the first shows nothing before it."""
    found = []
    for version, earlier in zip(versions, [*versions[1:], None], strict=True):
        before = earlier.details if earlier else {}
        changed = rules.different(before, version.details) if earlier else {}
        by = version.organisation.name if version.organisation else "Alongside, on the day agreed"
        found.append(Past(version.number, version.since, by, differences(before, changed, words)))
    return found


PART_FORMS = {"sites": SitePart, "posts": PostPart}


def part_lines(name: str, kept: list[dict[str, Any]], words: Mapping[str, str]) -> list[str]:
    """The sites or posts of a section, each on one line."""
    if name == "sites":
        return [site.line for site in Site.read(kept)]
    return [post_line(post, words) for post in Post.read(kept)]
