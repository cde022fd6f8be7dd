"""How long a new person would wait, and what one more worker would change."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of
from alongside.core.pages.acts import did, tried
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.forecasts import actions, forms, presenters, queries
from alongside.support.cases.forecasts.models import Forecast
from alongside.support.cases.waiting import queries as waiting
from alongside.support.cases.waiting.models import WaitingList

AGAIN = 2  # seconds until the page of a play asks again


@access(P.CASE_WORK, of=WaitingList)
def show(request: HttpRequest, held: WaitingList) -> HttpResponse:
    """What was last reckoned of a list as it is, and a form for what else might be assumed."""
    by, at = actor_of(request), timezone.now()
    found, under_way = queries.latest(held), queries.under_way(held)
    form = forms.Assume(request.POST or None, initial=presenters.start(found))
    made: list[Forecast] = []
    if form.is_valid() and did(form, lambda: made.append(actions.ask(held, by=by, at=at, **form.given))):
        return redirect("forecasts:tried", pk=made[0].pk)
    done = found is not None and found.state == Forecast.State.DONE
    context = {
        "list": held, "title": waiting.title(held, at.date()), "form": form, "under_way": under_way, "again": AGAIN,
        "told": presenters.told(found) if found and done else None, "why_not": found.why_not if found else "",
        "percent": presenters.percent(under_way) if under_way else 0,
    }  # fmt: skip
    return render(request, "forecasts/show.html", context)


@access(P.CASE_WORK, of=WaitingList)
@require_POST
def ask(request: HttpRequest, held: WaitingList) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.ask(held, by=by, at=at), "It is being reckoned from the list as it is now.")
    return redirect("forecasts:show", pk=held.pk)


@access(P.CASE_WORK, of=Forecast)
def trial(request: HttpRequest, forecast: Forecast) -> HttpResponse:
    """What would come of other assumptions; asks again by itself until it is played."""
    held, done = forecast.list, forecast.state == Forecast.State.DONE
    context = {
        "list": held, "title": waiting.title(held, timezone.now().date()), "forecast": forecast, "again": AGAIN,
        "told": presenters.told(forecast) if done else None, "percent": presenters.percent(forecast),
        "form": forms.Assume(initial=presenters.start(forecast)),
    }  # fmt: skip
    return render(request, "forecasts/tried.html", context)


@access(P.REFERRAL_TRIAGE)
def waits(request: HttpRequest) -> HttpResponse:
    """How long people wait for each help of the area, for whoever sends them: numbers, and nobody's record."""
    modalities = waiting.words(timezone.localdate())[waiting.MODALITIES]
    return render(request, "forecasts/waits.html", {"rows": presenters.waits(queries.waits(), modalities)})
