"""Pages of victims' own: one that was opened and spoken on, with a decoy that somebody opened; and one to come."""

from datetime import datetime, timedelta

from django.db.models import Count

from alongside.core.access.actor import SYSTEM_ACTOR, Actor
from alongside.core.privacy import crypt
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.support.arrivals.intake import actions as intake
from alongside.support.arrivals.intake.rules import ticket_key
from alongside.support.cases.casework.models import Case
from alongside.support.cases.journey import actions, visiting
from alongside.support.cases.journey.models import Key, Page, Said, Voice

DAY = timedelta(days=1)
WORDS, DECOY_WORDS = "tulip anchor bread cloud", "maple ladder spoon river"
SAID = "Mornings are better from next week. I am on lates."
COMPLAINT = "Twice nobody rang when you said that you would."


def show_pages(*, at: datetime) -> None:
    """Two cases of grown-ups whom the persona supports: the first with a page that is used, one set up and not on."""
    if Page.objects.exists():
        return
    persona = User.objects.get(email="caseworker@alongside.example").pk
    held = Case.objects.filter(
        worker=persona, state="OPEN", victim__restrictions=None, victim__birth_date__isnull=False
    )
    grown = held.filter(victim__birth_date__lt=at.date() - 19 * 366 * DAY, own_page=None)
    given = grown.annotate(has_plan=Count("given_plans")).order_by("-has_plan", "started_at", "id")
    found = list(given.select_related("service", "victim", "provider")[:2])
    for number, case in enumerate(found):
        by = Actor(
            realm=Realm.PROVIDER, user_id=persona, organisation_id=case.provider_id,
            permissions=permissions_of(["caseworker"]),
        )  # fmt: skip
        actions.set_up(
            case, by=by, at=at - 20 * DAY, parts=["people", "dates", "plan"], called="Sam", decoy="library", seen=0,
            words="It is all in hand. There is no hurry.",
        )  # fmt: skip
        if number == 0:
            _used(case, by=by, at=at)


def _used(case: Case, *, by: Actor, at: datetime) -> None:
    """Turned on, opened with words that are always the same here, and spoken on."""
    actions.turn_on(case, by=by, at=at - 20 * DAY)
    page = Page.objects.get(case=case)
    for kind, phrase in ((Key.Kind.PHRASE, WORDS), (Key.Kind.DECOY, DECOY_WORDS)):
        lookup = crypt.blind("ticket", ticket_key(case.reference, phrase))
        Key.objects.create(
            page=page, victim_id=page.victim_id, handle=page.handle, kind=kind, lookup=lookup, given_at=at - 20 * DAY,
            given_by=by.user_id,
        )  # fmt: skip
        _opened(case, phrase, at=at - (2 if kind == Key.Kind.PHRASE else 1) * DAY, speaks=kind == Key.Kind.PHRASE)
    for said in Said.objects.filter(page=page):
        actions.tell(said, by=SYSTEM_ACTOR, at=at)
    for voice in Voice.objects.filter(page=page):
        actions.tell_manager(voice, by=SYSTEM_ACTOR, at=at)
    actions.warn(case, by=SYSTEM_ACTOR, at=at - DAY)


def _opened(case: Case, phrase: str, *, at: datetime, speaks: bool) -> None:
    """Somebody opens a page with words, and says something there where it is the victim."""
    entered = visiting.enter(case.reference, phrase, caller=b"demonstration", at=at)
    door = visiting.door_of(entered.opened, at=at) if entered else None
    assert entered and door
    if speaks:
        visiting.say(door, at=at, kind="words", words=SAID)
        visiting.complain(door, at=at, words=COMPLAINT)
    intake.leave(entered.opened.secret)
