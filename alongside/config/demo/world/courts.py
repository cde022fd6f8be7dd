"""Two cases with police and courts: a trial postponed twice, a decision looked at again; and requests for records."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook.queries import current
from alongside.support.cases.casework.models import Case
from alongside.support.cases.justice import actions
from alongside.support.cases.justice.actions import Named, News
from alongside.support.cases.justice.models import Proceeding, Turn
from alongside.support.cases.material import actions as material
from alongside.support.cases.material.actions import Decision, Wanted
from alongside.support.cases.material.models import Request


def worker_of(case: Case) -> Actor:
    return Actor(
        realm=Realm.PROVIDER, user_id=case.worker, organisation_id=case.provider_id,
        permissions=permissions_of(["caseworker"]),
    )  # fmt: skip


def open_cases(cast: Cast) -> list[Case]:
    """Open cases of the first charity's first worker, the oldest first; where there are too few, anybody's."""
    found = Case.objects.filter(hub_id=cast.hub.pk, state="OPEN", worker__isnull=False, victim__restrictions=None)
    lantern = found.filter(provider__code="lantern").order_by("accepted_at")
    first = next((people for place, people in cast.workers.items() if lantern.filter(provider_id=place).exists()), [])
    own = lantern.filter(worker=first[0]) if first else lantern
    return [*own[:4], *lantern.exclude(pk__in=own[:4])[:4], *found.exclude(provider__code="lantern")[:4]]


def go_to_court(cast: Cast, *, at: datetime) -> None:
    if Proceeding.objects.exists():
        return
    cases = open_cases(cast)
    for case, tell in zip(cases, (_postponed, _not_pursued), strict=False):
        tell(case, at)


def ask_for_records(cast: Cast, *, at: datetime) -> None:
    """One that says too little, one for counselling records that a manager decides, and one that was decided."""
    if Request.objects.exists():
        return
    today = london_date(at)
    for case in open_cases(cast)[:1]:
        vague = Wanted("police", "West Midlands Police", today - timedelta(days=20), today - timedelta(days=18),
                       ["notes", "messages"], "All records that you hold.", found=["written"])  # fmt: skip
        material.take_down(case, vague, by=worker_of(case), at=at - timedelta(days=18))
    for case in open_cases(cast)[1:2]:
        _full(case, at)


def _full(case: Case, at: datetime) -> None:
    by, today = worker_of(case), london_date(at)
    says = [row.code for row in current("material_checks", today)]
    dates = Wanted("cps", "CPS West Midlands", today - timedelta(days=60), today - timedelta(days=59), ["dates"],
                   "Dates of contact in June and July.", "Whether a report was made at once.", "01SA/26",
                   today - timedelta(days=60), says)  # fmt: skip
    first = material.take_down(case, dates, by=by, at=at - timedelta(days=59))
    material.hear(first, by=by, at=at - timedelta(days=57), view="agrees", spoken_on=today - timedelta(days=57), seen=1)
    manager = Membership.objects.filter(organisation_id=case.provider_id, role="service_manager", until=None).first()
    if manager:
        made = Decision("PROVIDED", (), "", "Dates of contact, 1 June to 31 July, one page", by.user_id)
        material.decide(first, made, by=replace(by, user_id=manager.user_id), at=at - timedelta(days=55), seen=2)
    counselling = replace(dates, kinds=["counselling"], scope="Notes of two sessions in June.",
                          asked_on=today - timedelta(days=5), came_on=today - timedelta(days=4))  # fmt: skip
    material.take_down(case, counselling, by=by, at=at - timedelta(days=4))


class _Story:
    """What happened in one case, told by days before now."""

    def __init__(self, case: Case, at: datetime, *, reported: int, crime_ref: str) -> None:
        self.by, self.now, self.case = worker_of(case), at, case
        named = Named(case.crime_type, "west-midlands", crime_ref, "DC Sample, desk 01632 960 811")
        self.way = actions.start(
            case, by=self.by, at=self.ago(reported - 1), reported="yes", named=named, on=self.day(reported)
        )

    def ago(self, days: int) -> datetime:
        return self.now - timedelta(days=days)

    def day(self, days: int) -> date:
        return london_date(self.ago(days))

    def add(self, kind: str, days: int, *, told: int | None = None, by_whom: str = "police", **words: Any) -> Turn:
        """A turn so many days ago; `told`: how many days later the victim heard of it."""
        news = News() if told is None else News(self.day(days - told), by_whom, "phone")
        written = days - (told or 0)
        turn = actions.add_turn(
            self.way, by=self.by, at=self.ago(written), kind=kind, on=words.pop("on", self.day(days)),
            news=news, **words,
        )  # fmt: skip
        if turn.reassess and written > 14:
            actions.reassess(turn, by=self.by, at=self.ago(written - 2), answer="nothing_new", seen=turn.version)
        return turn


def _postponed(case: Case, at: datetime) -> None:
    story = _Story(case, at, reported=400, crime_ref="20/500120/25")
    story.add("statement_given", 396)
    story.add("arrested", 390, told=2)
    story.add("interviewed", 389, told=3)
    story.add("bailed", 389, told=11)
    story.add("sent_to_cps", 300)
    story.add("charged", 240, told=2, by_whom="cps")
    hearing = story.add("hearing_first", 225, told=0, by_whom="witness_care", on=story.day(215), at_time=time(10))
    actions.hold(hearing, by=story.by, at=story.ago(215), seen=hearing.version)
    story.add("measures_asked", 190, answers=["screen", "separate_entrance"], body="us")
    story.add("measures_granted", 170, answers=["screen", "separate_entrance"])
    story.add("vps_offered", 180, body="police")
    story.add("vps_made", 160)
    story.add("property_taken", 395)
    first = story.add("trial", 150, told=0, by_whom="witness_care", on=story.day(90), at_time=time(10))
    second = _moved(story, first, 95, to=story.day(20), why="court_not_ready", told=1)
    _moved(story, second, 23, to=story.day(-47), why="witness_absent", told=None)


def _moved(story: _Story, turn: Turn, days: int, *, to: date, why: str, told: int | None) -> Turn:
    moved = actions.postpone(
        turn, by=story.by, at=story.ago(days), went="moved", why=why, seen=turn.version, new_on=to, new_time=time(10)
    )  # fmt: skip
    assert moved is not None
    if told is not None:
        news = News(story.day(days - told), "witness_care", "letter")
        actions.tell(moved, by=story.by, at=story.ago(days - told), news=news, seen=moved.version)
        moved.refresh_from_db()
    return moved


def _not_pursued(case: Case, at: datetime) -> None:
    story = _Story(case, at, reported=120, crime_ref="20/500340/26")
    story.add("interviewed", 100, told=4)
    late = story.add("under_investigation", 99)
    actions.chase(late, by=story.by, at=story.ago(80), body="police", how="email", on=story.day(80),
                  note="They will ring her this week.")  # fmt: skip
    story.add("no_action_cps", 16, told=3, by_whom="cps", answers=["not_enough_evidence"])
    story.add("review_offered", 13, body="cps")
    story.add("review_asked", 5, body="us")
