"""Reads of finding: the words that are known, the names of services, what fits and why, what found nothing."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib import resources
from uuid import UUID

from django.db.models import BooleanField, Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL

from alongside.core.errors import RuleBroken
from alongside.core.rows.stamps import Stamp, stamp
from alongside.core.said import say
from alongside.foundation.local.atlas import queries as atlas
from alongside.foundation.local.atlas.rules import Shaded
from alongside.foundation.local.directory import queries as directory
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.queries import Answers
from alongside.foundation.local.directory.rules import Fit, Seeker, Titles, bars
from alongside.foundation.local.finding import lifecycle, rules, weights
from alongside.foundation.local.finding.models import Asking, Missed
from alongside.foundation.local.finding.rules import Meaning, Named, Understood, Vocabulary
from alongside.foundation.office.organisations.models import Council, Force, Organisation
from alongside.foundation.office.organisations.rules import place_of
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow

# Shown whole, on one printed side.
BEST = 3
BOOK, URGENT = "search_words", "urgent_help"
KINDS = ("first", "crime_types", "needs", "made_for", "modes", "access", "languages", "specialisms")
# A word in at most so many names, or in one of so many, is the name of somebody in particular.
RARE, ONE_IN = 3, 200


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[;\n]", text) if part.strip())


@lru_cache(maxsize=8)
def _meanings(refs: tuple[str, ...], on: date) -> tuple[Meaning, ...]:
    return tuple(_meaning(row) for row in rulebook.current(BOOK, on))


def _meaning(row: RuleRow) -> Meaning:
    own = tuple(part.casefold() for part in _parts(row.text("also")))
    codes = {kind: row.codes(kind) for kind in KINDS}
    return Meaning(row.code, row.title, _parts(row.text("words")), also=own, **codes)


@dataclass(frozen=True)
class Known:
    """What a search is read by: words and names, as they stand."""

    vocabulary: Vocabulary
    named: Named
    said: Vocabulary  # without names


def known(on: date) -> Known:
    refs = tuple(f"{row.ref}:{row.origin}" for row in rulebook.current(BOOK, on))
    return _known(stamp(Service, Organisation), refs, on)


@lru_cache(maxsize=4)
def _known(stamp: Stamp, refs: tuple[str, ...], on: date) -> Known:
    meanings = _meanings(refs, on)
    rows = list(Service.objects.values_list("pk", "name", "provider__name", "provider_name"))
    names = {str(pk): rules.words_of(name) for pk, name, _, _ in rows}
    runners = {str(pk): rules.words_of(by or other) for pk, _, by, other in rows}
    plain = Vocabulary(meanings)
    said = {rules.stem(word) for word in plain.said | rules.COMMON}
    spread = Counter(stem for own in names.values() for stem in set(rules.stems(own)))
    spread.update(
        stem for stem in {stem for own in runners.values() for stem in rules.stems(own)} if stem not in spread
    )
    most = max(RARE, len(rows) // ONE_IN)
    rare = frozenset(stem for stem, times in spread.items() if times <= most and stem not in said and len(stem) > 2)
    words = frozenset(word for own in (*names.values(), *runners.values()) for word in own)
    named = Named(
        {pk: _telling(own) for pk, own in names.items()}, {pk: _telling(own) for pk, own in runners.items()}, rare
    )
    return Known(Vocabulary(meanings, words), named, plain)


def _telling(words: Iterable[str]) -> tuple[str, ...]:
    """The stems of a name without what says nothing; all of them where nothing else is left."""
    found = tuple(dict.fromkeys(rules.stems(word for word in words if word not in rules.COMMON)))
    return found or tuple(dict.fromkeys(rules.stems(words)))


@dataclass(frozen=True)
class Found:
    """What Find help answers: services best first, read lean; `council` is None where no place was needed."""

    fits: tuple[Fit, ...]
    seeker: Seeker
    understood: Understood
    council: Council | None
    nothing: bool = False
    urgent: tuple[RuleRow, ...] = ()

    @property
    def best(self) -> int:
        """How many are worth showing whole: none that is for other ages than was written, and where nothing was
        found those that help with most things alone."""
        first = [one.service for one in self.fits[:BEST]]
        if self.nothing:
            return sum(weights.is_broad(one) for one in first)
        return sum(not weights.is_of_other_age(one, self.age) for one in first)

    @property
    def age(self) -> int | None:
        """The age that was written, where none was chosen."""
        return self.understood.age if self.seeker.age is None else None

    @property
    def crime(self) -> str:
        """What most likely happened: what was chosen, or what was written; empty where neither says."""
        return next(iter((*filter(None, (self.seeker.crime_type,)), *self.understood.crimes)), "")

    @property
    def person(self) -> Seeker:
        return self.seeker if self.age is None else replace(self.seeker, age=self.age)


def told(answers: Answers, on: date) -> Found:
    """What somebody chose and wrote, as it is understood, with no service yet and for no place."""
    understood = rules.understand(answers.words, known(on).vocabulary) if answers.words.strip() else Understood()
    return Found((), directory.seeker(answers, None, on), understood, None)


def find(answers: Answers, on: date) -> Found:
    """Services for what somebody chose and wrote. Raises RuleBroken where a place has to be known."""
    if not answers.words.strip():
        council = directory.place(answers)
        seeker = directory.seeker(answers, council, on)
        return Found(directory.help_for(seeker, on=on), seeker, Understood(), council)
    return _find(answers, known(on), on)


def _find(answers: Answers, told: Known, on: date, *, anywhere: bool = False) -> Found:
    understood = rules.understand(answers.words, told.vocabulary)
    names = weights.names(understood, told.named)
    council = None if anywhere else _place(answers, understood)
    if council is None and not (understood.heard or names):
        raise RuleBroken(say("Enter a postcode, or choose a council"), "postcode")
    seeker = _heard_of(directory.seeker(answers, council, on), understood)
    crimes = tuple(dict.fromkeys(filter(None, (seeker.crime_type, *understood.crimes))))
    services = _narrowed(directory.helping(seeker.council), crimes, names, anywhere=council is None, heard=understood)
    routes = directory.routes_of(crimes, on) | {
        row.code: directory.route_words(row)
        for code in understood.of("specialisms")
        if (row := rulebook.find("routes", code, on))
    }
    titles = Titles(directory.words(on), routes)
    search = weights.Search(seeker, understood, crimes, titles, directory.fresh_from(on))
    tried = [(one, weights.weigh(one, search)) for one in _candidates(services, understood, names)]
    weighed = [found for _, found in tried if found]
    nothing = not (understood.heard or names or any(one.loose for one, found in tried if found))
    fits = sorted(weighed, key=directory.place_in_list)
    right = [one for one in fits if not weights.is_of_other_age(one.service, search.age)][:BEST]
    fits = [*right, *(one for one in fits if one not in right)]
    if nothing:
        fits.sort(key=lambda one: not weights.is_broad(one.service))
    return Found(tuple(fits), seeker, understood, council, nothing, _urgent(answers.words, told, on))


@dataclass(frozen=True)
class Area:
    """A police area: its councils with how many services fit there, and the same drawn."""

    code: str
    name: str
    councils: tuple[tuple[str, str, int], ...]
    drawing: Shaded | None
    services: int


def areas(answers: Answers, on: date, *, force: str = "") -> tuple[Area, ...]:
    """Where services work that fit, whatever place was told: in the police area that was chosen, in that of the place,
    or in all in which a service works."""
    force = force or _force(answers, on)
    every = Council.objects.current().order_by("name").values_list("force_id", "code", "name")
    of = {code: area for area, code, _ in every}
    counts: dict[str, Counter[str]] = {}
    whole: Counter[str] = Counter()
    for councils, own in _working(answers, on, force, [code for code, area in of.items() if area == force]):
        whole.update([own] if not councils else ())
        for code in councils:
            counts.setdefault(of.get(code, ""), Counter()).update([code])
    asked = {force} if force else {*counts, *whole} - {""}
    return tuple(
        _area(found, [(code, name) for area, code, name in every if area == found.pk], counts, whole[found.pk])
        for found in Force.objects.filter(pk__in=asked).order_by("name")
    )


def _working(answers: Answers, on: date, force: str, councils: list[str]) -> list[tuple[list[str], str]]:
    """The councils and the police area of each service that fits, read as lean as can be."""
    services = directory.helping("")
    if force:
        services = services.filter(Q(councils=[], provider__force=force) | Q(councils__overlap=councils))
    if (heard := _heard_anywhere(answers, on)) is not None:
        return list(services.filter(pk__in=heard).values_list("councils", "provider__force_id"))
    seeker = directory.seeker(answers, None, on)
    found = directory.may_fit(services, seeker).values_list("pk", "councils", "provider__force_id")
    read = directory.lean()
    return [(councils, own) for pk, councils, own in found if pk in read and not bars(read[pk], seeker)]


def _heard_anywhere(answers: Answers, on: date) -> list[UUID] | None:
    """The services for what was written, wherever they are; None where nothing was, or nothing that means anything."""
    try:
        return [one.service.pk for one in _find(answers, known(on), on, anywhere=True).fits] if answers.words else None
    except RuleBroken:
        return None


def _area(force: Force, councils: list[tuple[str, str]], counts: Mapping[str, Counter[str]], whole: int) -> Area:
    here = {code: counts.get(force.pk, Counter())[code] + whole for code, _ in councils}
    rows = tuple((code, name, here[code]) for code, name in councils)
    return Area(force.pk, place_of(force.name), rows, atlas.shaded(councils, here), max(here.values(), default=0))


def _force(answers: Answers, on: date) -> str:
    """The police area of the place that was told, if one was."""
    try:
        council = _place(answers, rules.understand(answers.words, known(on).vocabulary))
    except RuleBroken:
        return ""
    return council.force_id if council else ""


def _heard_of(seeker: Seeker, understood: Understood) -> Seeker:
    """What was chosen counts before what was written; nothing that was written rules a service out."""
    languages = [code for code in understood.of("languages") if code != "en"]
    return replace(
        seeker,
        language=seeker.language or (languages[0] if languages else ""),
        made_for=understood.of("made_for"),
        access=understood.of("access"),
        mode=next(iter(understood.of("modes")), ""),
    )


def _narrowed(
    services: QuerySet[Service], crimes: tuple[str, ...], names: Mapping[str, int], *, anywhere: bool, heard: Understood
) -> QuerySet[Service]:
    """Before anything is read: those for one of these crimes or for any, and those that were written by name."""
    called = Q(pk__in=[UUID(pk) for pk in names])
    if crimes:
        return services.filter(Q(crime_types=[]) | Q(crime_types__overlap=list(crimes)) | called)
    if not anywhere:
        return services
    for column, kind in (("needs", "needs"), ("made_for", "made_for"), ("languages", "languages"), ("modes", "modes"),
                         ("specialisms", "specialisms")):  # fmt: skip
        if codes := heard.of(kind):
            called |= Q(**{f"{column}__overlap": list(codes)})
    return services.filter(called)


_OWN = "(directory_service.name || ' ' || directory_service.summary) ~* %s"


def _candidates(
    services: QuerySet[Service], understood: Understood, names: Mapping[str, int]
) -> list[weights.Candidate]:
    """Services, with whether their own words hold what was written, or what goes with its meaning."""
    also, loose = understood.of("also"), tuple(rules.stem(word) for word in understood.loose)
    told = services.annotate(also=_in_own_words(also), loose=_in_own_words(loose))
    found = list(told.order_by().values_list("pk", "also", "loose"))
    read = directory.lean()
    return [weights.Candidate(read[pk], names.get(str(pk), 0), *said) for pk, *said in found if pk in read]


def _in_own_words(words: tuple[str, ...]) -> RawSQL | Value:
    """Whether a service's own words hold any of these. What was written is bound, never part of the statement."""
    if not words:
        return Value(False)
    return RawSQL(_OWN, [_pattern(words)], output_field=BooleanField())  # noqa: S611


def _pattern(words: Iterable[str]) -> str:
    """A regular expression of PostgreSQL for words that begin so; marks in them stand for any."""
    plain = (re.sub(r"[^\w\s]", ".", word) for word in words)
    return r"\m(" + "|".join(plain) + ")"


def _place(answers: Answers, understood: Understood) -> Council | None:
    """The place that was chosen or written. None where nothing was said of a place."""
    if answers.postcode or answers.council:
        return directory.place(answers)
    if written := rules.POSTCODE.search(answers.words):
        return directory.place(replace(answers, postcode=written[0]))
    said = " ".join(understood.words)
    called = [one for one in Council.objects.current() if f" {' '.join(rules.words_of(one.name))} " in f" {said} "]
    return max(called, key=lambda one: (len(one.name), one.pk), default=None)


def urgent(words: str, on: date) -> tuple[RuleRow, ...]:
    """Help that comes before everything else, for words of danger or of not wanting to live."""
    if not words.strip():
        return ()
    return _urgent(words, known(on), on)


def _urgent(words: str, told: Known, on: date) -> tuple[RuleRow, ...]:
    return urgent_rows(rules.understand(words, told.said).first, on)


def urgent_rows(first: Iterable[str], on: date) -> tuple[RuleRow, ...]:
    return tuple(row for code in first if (row := rulebook.find(URGENT, code, on)))


@lru_cache(maxsize=1)
def people() -> frozenset[str]:
    """First names and family names that are common here."""
    return frozenset((resources.files("alongside.foundation.local.finding") / "names.txt").read_text("utf-8").split())


def missed() -> QuerySet[Missed]:
    """Words that found nothing and wait, with how often and when last."""
    same = Asking.objects.filter(digest=OuterRef("digest")).order_by().values("digest")
    return Missed.objects.filter(state=lifecycle.OPEN).annotate(
        times=Subquery(same.annotate(n=Count("pk")).values("n")),
        last_on=Subquery(Asking.objects.filter(digest=OuterRef("digest")).order_by("-on").values("on")[:1]),
    )


def meanings(on: date) -> list[tuple[str, str]]:
    """What words can be said to mean, for a form."""
    return sorted(rulebook.choices(BOOK, on), key=lambda choice: choice[1].casefold())


def kept_from(on: date) -> int:
    """From how many searches words are kept that are not all known."""
    return rulebook.rule("limits", "search_kept_from", on).number("number")
