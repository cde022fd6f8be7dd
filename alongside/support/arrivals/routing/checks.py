"""What is wrong with a list before it goes live: what never applies, what contradicts, what a service refuses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from alongside.core.said import listed
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.rules import Seeker, fit
from alongside.support.arrivals.routing import rules
from alongside.support.arrivals.routing.rules import ADULT, ASKED, SINGLE, Rule, When

MOST_BOXES = 2000  # of what is left over; a list that is cut up finer counts as one that can apply
FIRST = 3  # names that are listed before "and others"


@dataclass(frozen=True)
class Office:
    """What a list is held against: the words of every code by what asks for it, the services, and the age bands."""

    titles: Mapping[str, Mapping[str, str]]
    services: Mapping[str, Service]
    ages: Mapping[str, tuple[int, int]]
    restricted: frozenset[str]
    restricted_crimes: frozenset[str]
    protected_markers: frozenset[str]
    routes: Mapping[str, str]


@dataclass(frozen=True)
class Problem:
    """What is wrong with a rule. `stops`: the list cannot go live with it."""

    rule: str
    words: str
    stops: bool = True


def problems(listed_rules: Sequence[Rule], office: Office) -> tuple[Problem, ...]:
    """Everything that is wrong, in the order of the list."""
    found: list[Problem] = []
    for place, rule in enumerate(listed_rules):
        found += [Problem(rule.id, words) for words in _contradictions(rule, office)]
        found += [Problem(rule.id, words) for words in _wrong_service(rule, office)]
        found += list(_protected(rule, office))
        found += _taken(listed_rules, place, office)
    return tuple(found)


def _contradictions(rule: Rule, office: Office) -> Iterator[str]:
    when = rule.when
    if rule.since and rule.until and rule.until <= rule.since:
        yield "Its last day is not after its first, so it is never in force."
    for name in ASKED:
        gone = [code for code in getattr(when, name) if code not in office.titles[name]]
        if gone:
            yield f"The rulebook no longer has “{gone[0]}”: choose again."
    yield from _at_once(when, office)


def _at_once(when: When, office: Office) -> Iterator[str]:
    """What nobody is at once."""
    if when.victims == (rules.BUSINESS,) and (when.ages or when.sexes):
        yield "A business has no age and no sex, so this can never apply."
    if when.victims and rules.BUSINESS not in when.victims and when.crime_types == ("business_crime",):
        yield "Business crime has no person as its victim, so this can never apply."
    if when.feeds and rules.NOT_KNOWN not in when.feeds and when.sources and "police_feed" not in when.sources:
        yield "It asks for a police feed and for another source at once, so this can never apply."
    if when.reported == (rules.NO,) and when.sources == ("police_feed",):
        yield "What the police feed sends was reported to them, so this can never apply."
    if when.markers == ("child",) and _all_adult(when.ages, office):
        yield "It asks for under 18 and for adults at once, so this can never apply."


def _all_adult(ages: Sequence[str], office: Office) -> bool:
    return bool(ages) and all(code in office.ages and office.ages[code][0] >= ADULT for code in ages)


def _wrong_service(rule: Rule, office: Office) -> Iterator[str]:
    if rule.then.does == rules.NATIONAL and rule.then.route not in office.routes:
        yield "The national service is no longer in the rulebook: choose another."
    if rule.then.does not in rules.TO_A_SERVICE:
        return
    service = office.services.get(rule.then.service)
    if service is None or service.state == Service.State.CLOSED:
        yield "The service is closed, or takes no referrals here: choose another."
        return
    if rule.then.does == rules.AT_ONCE and _restricted(rule, office):
        yield "Records that named people alone may see are never sent without a person: choose “suggest it first”."
    for name, seekers in _seekers(rule, office).items():
        refused = [code for code, seeker in seekers.items() if fit(service, seeker) is None]
        if refused:
            words = listed(_few([office.titles[name].get(code, code) for code in refused]))
            yield f"{service.name} does not take: {words}. Leave it out, or choose another service."


def _few(names: Sequence[str]) -> list[str]:
    return [*names[:FIRST], "others"] if len(names) > FIRST + 1 else list(names)


def _restricted(rule: Rule, office: Office) -> bool:
    return bool(office.restricted & set(rule.when.markers) or office.restricted_crimes & set(rule.when.crime_types))


def _seekers(rule: Rule, office: Office) -> dict[str, dict[str, Seeker]]:
    """Somebody of each kind that the rule names, with nothing else known of them."""
    when, known = rule.when, {code for code in rule.when.ages if code in office.ages}
    return {
        "crime_types": {code: Seeker(crime_type=code) for code in when.crime_types},
        "councils": {code: Seeker(council=code) for code in when.councils if code != rules.NOT_KNOWN},
        "ages": {code: Seeker(age=office.ages[code][0], age_to=office.ages[code][1]) for code in sorted(known)},
        "sexes": {code: Seeker(sex=code) for code in when.sexes},
        "reported": {rules.NO: Seeker(reported=False)} if when.reported == (rules.NO,) else {},
        "risk": {rules.HIGH: Seeker(high_risk=True)} if when.risk == (rules.HIGH,) else {},
        "victims": {rules.BUSINESS: Seeker(business=True)} if when.victims == (rules.BUSINESS,) else {},
    }


def _protected(rule: Rule, office: Office) -> Iterator[Problem]:
    """Treating people differently by what they are needs a reason that stands in the list (Equality Act 2010)."""
    when = rule.when
    by = [
        *(["sex"] if when.sexes else []),
        *(["age"] if any(code in office.ages and office.ages[code][0] >= ADULT for code in when.ages) else []),
        *(["language"] if when.languages else []),
        *(["what the hostility was about"] if office.protected_markers & set(when.markers) else []),
    ]
    if by and not rule.because.strip():
        yield Problem(rule.id, f"It treats people differently by {listed(by)}. Say why that is lawful and needed.")
    elif by:
        yield Problem(rule.id, f"It treats people differently by {listed(by)}, because: {rule.because}", stops=False)


Box = tuple[frozenset[str], ...]


def _taken(listed_rules: Sequence[Rule], place: int, office: Office) -> list[Problem]:
    """Whether the rules before it take everything that it is for."""
    rule, before = listed_rules[place], [one for one in listed_rules[:place] if _wider(one, listed_rules[place])]
    alone = next((one for one in before if not _left([_box(rule, office)], _box(one, office))), None)
    if alone:
        return [
            Problem(rule.id, f"“{alone.name}” comes first and takes everything that this is for: it never applies.")
        ]
    left = [_box(rule, office)]
    for one in before:
        left = _left(left, _box(one, office))
        if not left:
            return [Problem(rule.id, "The rules before it take everything that this is for: it never applies.")]
        if len(left) > MOST_BOXES:
            return []
    return []


def _wider(one: Rule, other: Rule) -> bool:
    """Whether a rule asks no more than the other of markers and needs, and is in force whenever the other is."""
    starts = one.since is None or (other.since is not None and one.since <= other.since)
    ends = one.until is None or (other.until is not None and other.until <= one.until)
    return (
        starts
        and ends
        and all(
            not (mine := set(getattr(one.when, name)))
            or (bool(theirs := set(getattr(other.when, name))) and theirs <= mine)
            for name in ("markers", "needs")
        )
    )


def _box(rule: Rule, office: Office) -> Box:
    """Everything that a rule is for, as the codes that it takes of each thing that a referral has one of."""
    return tuple(frozenset(getattr(rule.when, name)) or frozenset(office.titles[name]) for name in SINGLE)


def _left(boxes: Sequence[Box], taken: Box) -> list[Box]:
    """What is left of some boxes when another is taken out of them."""
    return [part for box in boxes for part in _without(box, taken)]


def _without(box: Box, taken: Box) -> Iterator[Box]:
    """A box less another, in boxes that do not overlap."""
    if any(not (mine & theirs) for mine, theirs in zip(box, taken, strict=True)):
        yield box
        return
    within: tuple[frozenset[str], ...] = ()
    for place, (mine, theirs) in enumerate(zip(box, taken, strict=True)):
        if mine - theirs:
            yield (*within, mine - theirs, *box[place + 1 :])
        within = (*within, mine & theirs)
