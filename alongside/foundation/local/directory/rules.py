"""Pure rules of the directory: which services fit a person, and why, in plain words."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from alongside.core.said import Said, inside, joined, listed, say
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.parts import Post
from alongside.foundation.office.organisations.rules import postcode_key

# What each reason adds to a service's place in the list. Only their order matters, and nobody is shown them.
ROUTE, CRIME, RISK, BUSINESS, AGE, SEX = 50, 40, 30, 20, 15, 15
NEED, COUNCIL, LANGUAGE, ANY_CRIME, ANY_NEED = 10, 10, 10, 5, 2
MADE_FOR, POST, ACCESS, MODE = 12, 8, 4, 4
# What each caution takes away: it may turn out to rule the service out, or to delay it.
WAITS, MAY_NOT_FIT, INTERPRETER, AREA, ASK_ACCESS, OTHER_WAY, STALE = -15, -15, -5, -5, -3, -4, -8

SEX_WORDS = {
    "female": "women and girls",
    "male": "men and boys",
    "another": "people who describe their sex in another way",
}
SEXES_THAT_MATTER = frozenset(SEX_WORDS)
OLDEST = 130
# Spoken everywhere, so no reason to choose one service over another.
USUAL_LANGUAGES = frozenset({"", "en"})
_SCOTLAND = {"AB", "DD", "DG", "EH", "FK", "G", "HS", "IV", "KA", "KW", "KY", "ML", "PA", "PH", "ZE"}
_ISLANDS = {"GY", "IM", "JE"}
_AREA = re.compile(r"[A-Z]+")


@dataclass(frozen=True)
class Seeker:
    """What is known of the person who needs help; whatever is empty or None is not known. No identity."""

    crime_type: str = ""
    needs: tuple[str, ...] = ()
    council: str = ""
    age: int | None = None
    sex: str = ""
    language: str = ""
    reported: bool | None = None
    high_risk: bool = False
    business: bool = False
    age_to: int | None = None  # with `age`, the two ends of an age band
    made_for: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    mode: str = ""

    @property
    def oldest(self) -> int | None:
        return self.age if self.age_to is None else self.age_to


@dataclass(frozen=True)
class Titles:
    """The rulebook's words for codes, as they stand today; a code without a word is shown as itself."""

    words: Mapping[str, str]
    routes: Mapping[str, str]

    def of(self, code: str) -> str:
        return self.words.get(code, code.replace("_", " "))


@dataclass(frozen=True)
class Fit:
    """A service that fits, with why (`reasons`) and what to know before choosing it (`notes`)."""

    service: Service
    score: int
    reasons: tuple[str, ...]
    notes: tuple[str, ...]


NO_TITLES = Titles({}, {})
Sign = tuple[int, str]


def fit(service: Service, seeker: Seeker, *, titles: Titles = NO_TITLES, fresh_from: date | None = None) -> Fit | None:
    """Whether a service fits and why; None when something rules it out. `titles.routes` names the specialisms
    that the rulebook sends this crime type to, each with its reason. What nobody checked since `fresh_from` comes
    later, and says so."""
    if bars(service, seeker):
        return None
    signs = [sign for look in SIGNS for sign in look(service, seeker, titles)]
    cautions = [sign for look in CAUTIONS for sign in look(service, seeker, titles)]
    cautions += _stale(service, fresh_from)
    return Fit(
        service=service,
        score=sum(points for points, _ in signs + cautions),
        reasons=tuple(dict.fromkeys(words for _, words in signs)),
        notes=tuple(words for _, words in cautions),
    )


def bars(service: Service, seeker: Seeker) -> bool:
    """Whether something that is known of the seeker rules the service out."""
    return any(bar(service, seeker) for bar in BARS)


def _stale(service: Service, fresh_from: date | None) -> Iterator[Sign]:
    if fresh_from and (service.checked_on is None or service.checked_on < fresh_from):
        yield (STALE, say("Nobody has checked this lately, so some of it may have changed"))


def _is_closed(service: Service, seeker: Seeker) -> bool:
    return service.state == Service.State.CLOSED


def _is_for_other_crimes(service: Service, seeker: Seeker) -> bool:
    return bool(seeker.crime_type and service.crime_types) and seeker.crime_type not in service.crime_types


def _is_for_other_needs(service: Service, seeker: Seeker) -> bool:
    """A service that names the crime is shown whatever the need; a general one only where it meets a need."""
    named = seeker.crime_type in service.crime_types
    return bool(seeker.needs and service.needs) and not named and not set(seeker.needs) & set(service.needs)


def _is_elsewhere(service: Service, seeker: Seeker) -> bool:
    return bool(seeker.council and service.councils) and seeker.council not in service.councils


def _is_for_another_age(service: Service, seeker: Seeker) -> bool:
    if seeker.business or seeker.age is None or seeker.oldest is None:
        return False
    too_young = service.age_from is not None and seeker.oldest < service.age_from
    return too_young or (service.age_to is not None and seeker.age > service.age_to)


def _is_for_another_sex(service: Service, seeker: Seeker) -> bool:
    known = seeker.sex in SEXES_THAT_MATTER and not seeker.business
    return bool(known and service.sexes) and seeker.sex not in service.sexes


def _needs_a_report(service: Service, seeker: Seeker) -> bool:
    return seeker.reported is False and not service.takes_unreported


def _takes_no_high_risk(service: Service, seeker: Seeker) -> bool:
    return seeker.high_risk and not service.takes_high_risk


def _takes_no_businesses(service: Service, seeker: Seeker) -> bool:
    return seeker.business and not service.for_business


BARS: tuple[Callable[[Service, Seeker], bool], ...] = (
    _is_closed, _is_for_other_crimes, _is_for_other_needs, _is_elsewhere, _is_for_another_age,
    _is_for_another_sex, _needs_a_report, _takes_no_high_risk, _takes_no_businesses,
)  # fmt: skip


def _crime(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    if not service.crime_types:
        yield (ANY_CRIME if service.needs else ANY_CRIME + ANY_NEED, say("Helps after any crime"))
    elif seeker.crime_type:
        yield (CRIME, _helps([titles.of(seeker.crime_type)]))
    else:
        helps = _helps([titles.of(code) for code in service.crime_types[:3]])
        several = len(service.crime_types) > 3
        broad = min(len(service.crime_types), ANY_CRIME - 1)  # the more it names, the likelier it fits
        yield (
            broad,
            say("{helps} or something like it, if that is what happened", helps=helps)
            if several
            else say("{helps}, if that is what happened", helps=helps),
        )


def _route(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    posts = [code for post in Post.read(service.posts) if post.filled for code in post.specialisms]
    for code in dict.fromkeys([*service.specialisms, *posts]):
        if code in titles.routes:
            yield (ROUTE, titles.routes[code])


def _risk(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    if seeker.high_risk:
        yield (RISK, say("Takes people at high risk of serious harm"))


def _need(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    met = [inside(titles.of(code)) for code in seeker.needs if code in service.needs]
    if met:
        yield (NEED * len(met), say("Helps with {needs}", needs=listed(met)))


def _council(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    if seeker.council and seeker.council in service.councils:
        yield (COUNCIL, say("Covers {place}", place=titles.of(seeker.council)))


def _age(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    known = seeker.age is not None and not seeker.business
    if known and has_ages(service) and not _straddles(service, seeker):
        yield (AGE, say("For people aged {ages}", ages=age_words(service.age_from, service.age_to)))


def _sex(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    if service.sexes and seeker.sex in service.sexes:
        yield (SEX, say("For {people}", people=sex_words(service.sexes)))


def _language(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    if seeker.language not in USUAL_LANGUAGES and seeker.language in service.languages:
        yield (LANGUAGE, say("Offers help in {language}", language=titles.of(seeker.language)))


def _made_for(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    if shared := [titles.of(code) for code in service.made_for if code in seeker.made_for]:
        yield (MADE_FOR, say("Made for: {people}", people=joined(shared)))


def _mode(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    if seeker.mode and seeker.mode in service.modes:
        yield (MODE, say("Helps {way}", way=inside(titles.of(seeker.mode))))


def _access(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    if met := [inside(titles.of(code)) for code in seeker.access if code in service.access]:
        yield (ACCESS * len(met), say("Has arranged for: {access}", access=listed(met)))


def _posts(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    """A worker whose specialism is what the seeker told us of; a post that is not filled helps nobody."""
    for post in Post.read(service.posts):
        if post.filled and _is_for(post, seeker):
            yield (POST, say("Has {worker}", worker=_article(post.title)))


def _is_for(post: Post, seeker: Seeker) -> bool:
    """Whether what narrows a post is all true of the seeker, as far as they said; a post that nothing narrows is
    a post like any other."""
    youngest, oldest = post.age_from or 0, OLDEST if post.age_to is None else post.age_to
    asked = (
        (post.languages, seeker.language in post.languages and seeker.language not in USUAL_LANGUAGES),
        (post.crime_types, seeker.crime_type in post.crime_types),
        (post.made_for, bool(set(post.made_for) & set(seeker.made_for))),
        (has_ages(post), seeker.age is not None and youngest <= seeker.age and (seeker.oldest or 0) <= oldest),
    )
    return any(narrowed for narrowed, _ in asked) and all(fits for narrowed, fits in asked if narrowed)


def _business(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    if seeker.business:
        yield (BUSINESS, say("Helps businesses"))


def _report(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    if seeker.reported is False:
        yield (0, say("Helps whether or not the police have been told"))


SIGNS: tuple[Callable[[Service, Seeker, Titles], Iterator[Sign]], ...] = (
    _crime, _route, _risk, _need, _business, _age, _sex, _language, _posts, _made_for, _council, _mode, _access,
    _report,
)  # fmt: skip


def _waits(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    if service.state == Service.State.WAITING:
        yield (WAITS, waiting_list(service.wait_days))


def _check_age(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    if has_ages(service) and not seeker.business and (seeker.age is None or _straddles(service, seeker)):
        yield (MAY_NOT_FIT, say("Only for people aged {ages}", ages=age_words(service.age_from, service.age_to)))


def _check_sex(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    if service.sexes and not seeker.business and seeker.sex not in SEXES_THAT_MATTER:
        yield (MAY_NOT_FIT, say("Only for {people}", people=sex_words(service.sexes)))


def _check_language(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    unusual = seeker.language not in USUAL_LANGUAGES
    if unusual and service.languages and seeker.language not in service.languages:
        yield (INTERPRETER, say("Ask about an interpreter for {language}", language=titles.of(seeker.language)))


def _check_area(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    if service.councils and not seeker.council:
        yield (AREA, say("Only covers {places}", places=listed([titles.of(code) for code in service.councils])))


def _check_made_for(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    """Nobody is turned away, and it does not come before what is for everybody, unless they say it is about them."""
    if service.made_for and not set(service.made_for) & set(seeker.made_for):
        yield (MAY_NOT_FIT, say("Made for: {people}", people=joined([titles.of(code) for code in service.made_for])))


def _check_mode(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    if seeker.mode and service.modes and seeker.mode not in service.modes:
        ways = [inside(titles.of(code)) for code in service.modes]
        yield (OTHER_WAY, say("It helps {ways}", ways=listed(ways, "or")))


def _check_access(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    if open_ := [inside(titles.of(code)) for code in seeker.access if code not in service.access]:
        yield (ASK_ACCESS * len(open_), say("Ask first about: {access}", access=listed(open_)))


def _criteria(service: Service, seeker: Seeker, titles: Titles) -> Iterator[Sign]:
    for code in service.criteria:
        yield (0, titles.of(code))


CAUTIONS: tuple[Callable[[Service, Seeker, Titles], Iterator[Sign]], ...] = (
    _waits, _check_age, _check_sex, _check_language, _check_area, _check_made_for, _check_mode, _check_access,
    _criteria,
)  # fmt: skip


# What was decided about a service that another directory lists.
UNDECIDED, ADOPTED, SIGNPOSTED = "undecided", "adopted", "signposted"


def standing(service: Service) -> str:
    """Whether a service that another directory lists is adopted, left for signposting, or not decided yet."""
    if service.provider_id is not None:
        return ADOPTED
    return SIGNPOSTED if service.signposted_at else UNDECIDED


def has_ages(told: Service | Post) -> bool:
    return told.age_from is not None or told.age_to is not None


def waiting_list(days: int | None) -> str:
    """That a service has one, and how long a new person waits, as people say it."""
    if days is None:
        return say("It has a waiting list")
    if not days:
        return say("It has a waiting list, and can begin at once")
    return say("It has a waiting list of {wait}", wait=wait_words(days))


def wait_words(days: int) -> str:
    if days < 14:
        return say("about {count} day", count=days) if days == 1 else say("about {count} days", count=days)
    if days < 90:
        return say("about {count} weeks", count=round(days / 7))
    return say("about {count} months", count=round(days / 30))


def _article(title: str) -> str:
    """ "an adviser for Polish speakers"."""
    spoken = title if title[1:2].isupper() else inside(title)
    return f"{'an' if title[:1].lower() in 'aeiou' else 'a'} {spoken}"


def _straddles(service: Service, seeker: Seeker) -> bool:
    """Whether only part of the seeker's age band is served."""
    youngest, oldest = seeker.age or 0, seeker.oldest or 0
    return (service.age_from or 0) > youngest or (service.age_to is not None and service.age_to < oldest)


def age_words(first: int | None, last: int | None) -> str:
    """Ages as people say them: "13 to 17", "18 or over", "17 or under", "any age"."""
    if first and last is not None:
        return say("{first} to {last}", first=first, last=last)
    if first:
        return say("{first} or over", first=first)
    return say("any age") if last is None else say("{last} or under", last=last)


def sex_words(codes: list[str]) -> str:
    return listed([say(SEX_WORDS.get(code, code.replace("_", " "))) for code in codes])


# Titles that name people and not what happened to them.
PEOPLE = ("bereaved ", "seriously injured ")


def _helps(titles: list[str]) -> Said:
    """ "Helps after robbery or burglary", "Helps people bereaved by homicide", or both."""
    spoken = [inside(title) for title in titles]
    people = listed([title for title in spoken if title.startswith(PEOPLE)], "or")
    crimes = listed([title for title in spoken if not title.startswith(PEOPLE)], "or")
    if people and crimes:
        return say("Helps people {people} and after {crimes}", people=people, crimes=crimes)
    return say("Helps people {people}", people=people) if people else say("Helps after {crimes}", crimes=crimes)


def outside(postcode: str) -> str:
    """Words about a postcode of another nation, or "" when it may be in England or Wales."""
    found = _AREA.match(postcode_key(postcode))
    area = found.group() if found else ""
    if area == "BT":
        return say("That postcode is in Northern Ireland.")
    if area in _SCOTLAND:
        return say("That postcode is in Scotland.")
    return say("That postcode is on the Isle of Man or the Channel Islands.") if area in _ISLANDS else ""
