"""The rota's pages: who is on duty in the days to come and who is away, and how that is changed."""

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of
from alongside.core.pages.acts import did, tried
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.people.duty import actions, forms, queries, rules
from alongside.support.people.duty.models import Absence, Turn

LEFT = "somebody who has left"
WHY = {"day": "For this day alone", "weekday": "Every week", "kept": "From the last working day", "turn": "In turn",
       "cover": "Covers who is down, and away"}  # fmt: skip


def _hub(request: HttpRequest) -> int:
    return actor_of(request).organisation_id or 0


def _people(request: HttpRequest) -> list[tuple[str, str]]:
    return list(dict((str(one.user_id), one.name) for one in queries.officers(_hub(request))).items())


@access(P.REFERRAL_QUEUE, rows=Turn)
def rota(request: HttpRequest, rows: QuerySet[Turn]) -> HttpResponse:
    """Who answers, today and in the days to come, for what nobody has taken."""
    context = {
        "ahead": queries.ahead(_hub(request), forms.today()), "why": WHY, "may": actor_of(request).may(P.DUTY_SET),
        "single": {turn.day: turn for turn in queries.single_days(_hub(request), forms.today())},
        "names": dict(_people(request)), "absences": queries.absences(_hub(request), forms.today()),
        "today": forms.today(),
    }  # fmt: skip
    return render(request, "duty/rota.html", context)


@access(P.DUTY_SET, rows=Turn)
def set_week(request: HttpRequest, rows: QuerySet[Turn]) -> HttpResponse:
    hub, by, at = _hub(request), actor_of(request), timezone.now()
    people, week, seen = _people(request), queries.week(_hub(request)), request.POST.get("seen", "")
    form = forms.SetWeek(request.POST or None, people=people, initial=forms.SetWeek.start(week.items()))
    if form.is_valid() and did(form, lambda: actions.set_week(hub, by=by, at=at, people=form.people, seen=seen)):
        flash.success(request, "The week is set, from today on.")
        return redirect("duty:rota")
    stale = form.is_bound and seen != rules.as_seen(week)
    names = {"": "whoever’s turn it is", **dict(people)}
    now = {name: f"Now: {names.get(key, LEFT)}" for name, key in form.now(week).items()} if stale else {}
    return render(request, "duty/set_week.html", {"form": form, "seen": rules.as_seen(week), "now": now})


@access(P.DUTY_SET, rows=Turn)
def set_day(request: HttpRequest, rows: QuerySet[Turn]) -> HttpResponse:
    """One day. Whoever is down for it already is shown before somebody else takes their place."""
    hub, by, at = _hub(request), actor_of(request), timezone.now()
    form = forms.SetDay(request.POST or None, people=_people(request))
    day = form.cleaned_data["day"] if form.is_valid() else None
    if form.is_valid() and did(form, lambda: actions.set_day(hub, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "The day is set.")
        return redirect("duty:rota")
    return render(request, "duty/set_day.html", {"form": form, "held": queries.down_on(hub, day) if day else None})


@require_POST
@access(P.DUTY_SET, of=Turn)
def clear_day(request: HttpRequest, turn: Turn) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.clear_day(turn, by=by, at=at), "The day is left to the usual rota again.")
    return redirect("duty:rota")


@access(P.REFERRAL_QUEUE, rows=Absence)
def set_absence(request: HttpRequest, rows: QuerySet[Absence]) -> HttpResponse:
    """Who sets the rota enters it for anybody, everybody else for themselves."""
    hub, by, at = _hub(request), actor_of(request), timezone.now()
    form = forms.SetAbsence(request.POST or None, people=_people(request), initial={"person": by.user_id})
    if form.is_valid() and did(form, lambda: actions.set_absence(hub, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "The absence is entered.")
        return redirect("duty:rota")
    return render(request, "duty/set_absence.html", {"form": form})


@require_POST
@access(P.REFERRAL_QUEUE, of=Absence)
def end_absence(request: HttpRequest, absence: Absence) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    done = tried(request, lambda: actions.end_absence(absence, by=by, at=at), "Back from today on.")
    return redirect("triage:hand_back", pk=absence.pk) if done else redirect("duty:rota")
