"""Find help, and what it did not find. The page for anyone keeps nothing of who asks: no cookie is set, and answers
come by POST, so that no address, history or log holds them. Words that found nothing are counted without a person."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from alongside.core.access.declare import Open, access, actor_of
from alongside.core.errors import RuleBroken
from alongside.core.pages.acts import tried
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.local.directory import presenters
from alongside.foundation.local.directory import queries as directory
from alongside.foundation.local.finding import actions, forms, lifecycle, queries
from alongside.foundation.local.finding.models import Missed
from alongside.foundation.office.accounts.permissions import Permission as P

# How many follow those that are shown whole, as a short list.
OTHERS = 20
# From more police areas than this, one is chosen first.
DRAWN = 2


@csrf_exempt
@access(Open.PUBLIC, spoken=True)
def find(request: HttpRequest) -> HttpResponse:
    """Own words, a few plain questions, or both; the answer is rendered at once and stored nowhere."""
    on = timezone.localdate()
    choices = directory.choices(on)
    again = "change" in request.POST
    asked = request.method == "POST" and not again
    form = forms.Find(request.POST if asked else None, initial=request.POST.dict(), choices=choices)
    if asked and form.is_valid():
        try:
            return render(request, "finding/results.html", _found(form.answers(), on))
        except RuleBroken as fault:
            form.add_error(fault.field, fault.message)
    lines, urgent = directory.helplines("", on), queries.urgent(request.POST.get("words", ""), on)
    return render(request, "finding/find.html", {"form": form, "helplines": lines, "again": again, "urgent": urgent})


def _found(answers: directory.Answers, on: date) -> dict[str, Any]:
    found = queries.find(answers, on)
    if found.nothing:
        actions.miss(answers.words, on=on)
    words = directory.words(on)
    cards = [presenters.card(one.service, words, one) for one in directory.whole(found.fits[: queries.BEST + OTHERS])]
    council, best = found.council, found.best
    return {
        "answers": asdict(answers), "council": council, "best": cards[:best], "others": cards[best:],
        "more": len(found.fits) - len(cards), "nothing": found.nothing, "urgent": found.urgent,
        "told": bool(answers.words) or answers.happened not in ("", "not_sure"),
        "helplines": directory.helplines(found.crime, on, found.person),
        "elsewhere": directory.listed_elsewhere(council) if council else 0,
        "ask": presenters.ask_address() if council is None or directory.has_hub(council) else "",
    }  # fmt: skip


@csrf_exempt
@access(Open.PUBLIC, spoken=True)
def places(request: HttpRequest) -> HttpResponse:
    """Where services work that fit what somebody told Find help, drawn and as a list; nothing is kept of it."""
    on, asked = timezone.localdate(), request.POST
    answers = directory.carried(asked)
    told = queries.told(directory.Answers(**answers), on)
    areas = queries.areas(directory.Answers(**answers), on, force=asked.get("area", ""))
    kept = {name: value for name, value in answers.items() if name not in ("council", "postcode")}
    return render(request, "finding/places.html", {
        "areas": areas, "answers": kept, "narrowed": bool(kept), "few": len(areas) <= DRAWN,
        "helplines": directory.helplines(told.crime, on, told.person), "ask": presenters.ask_address(), "back": answers,
    })  # fmt: skip


@access(P.RULEBOOK_REVISE)
def missed(request: HttpRequest) -> HttpResponse:
    """Words that found nothing, for whoever writes the rulebook."""
    on = timezone.localdate()
    found: QuerySet[Missed] = queries.missed()
    page = page_of(found, order=("first_on", "id"), after=request.GET.get("after", ""),
                   before=request.GET.get("before", ""), size=20)  # fmt: skip
    before, after = page_links(request, page)
    form = forms.Learn(meanings=queries.meanings(on))
    return render(request, "finding/missed.html", {
        "rows": page.rows, "total": found.count(), "form": form, "before": before, "after": after,
        "kept_from": queries.kept_from(on),
    })  # fmt: skip


@require_POST
@access(lifecycle.missed.needs("learn"), of=Missed)
def learn(request: HttpRequest, missed: Missed) -> HttpResponse:
    form = forms.Learn(request.POST, meanings=queries.meanings(timezone.localdate()))
    if not form.is_valid():
        messages.error(request, f"Choose what “{missed.words}” means.")
        return redirect("finding:missed")
    meaning = form.cleaned_data["meaning"]
    tried(request, lambda: actions.learn(missed, by=actor_of(request), at=timezone.now(), meaning=meaning),
          f"Learnt. Whoever writes “{missed.words}” from now on finds what fits.")  # fmt: skip
    return redirect("finding:missed")


@require_POST
@access(lifecycle.missed.needs("set_aside"), of=Missed)
def set_aside(request: HttpRequest, missed: Missed) -> HttpResponse:
    tried(request, lambda: actions.set_aside(missed, by=actor_of(request), at=timezone.now()), "Set aside.")
    return redirect("finding:missed")
