"""Pages of an office: how all returns stand, one of them with what to ask about it, and who answers which template."""

from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.commissioning.returns import actions, forms, lifecycle, presenters, queries, rules, setting, views
from alongside.commissioning.returns.models import Arrangement, Paper, Query, Return
from alongside.commissioning.templates import queries as templates
from alongside.commissioning.templates.models import Draft
from alongside.core.access.declare import access, actor_of
from alongside.core.access.fresh import fresh
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.pages.acts import did, tried
from alongside.core.pages.tables import Sort
from alongside.core.periods import Quarter
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.organisations import queries as organisations
from alongside.foundation.office.organisations.models import Organisation


@access(P.RETURN_READ)
def returns(request: HttpRequest) -> HttpResponse:
    """How every provider's return of a quarter stands."""
    by, on = actor_of(request), london_date(timezone.now())
    known = queries.quarters(by)
    quarter = _quarter(request, known)
    found = queries.standings(by, quarter, on) if quarter else ()
    sort = Sort.of(request, *presenters.SORTS, default="provider")
    context = presenters.overview(found, sort, state=request.GET.get("state", ""), on=on)
    return render(request, "returns/returns.html", {
        **context, "quarter": quarter, "sort": sort, "may_set_up": by.may(P.RETURN_SET_UP),
        "quarters": [{"text": str(one), "href": f"?quarter={one}", "current": one == quarter} for one in known],
    })  # fmt: skip


def _quarter(request: HttpRequest, known: tuple[Quarter, ...]) -> Quarter | None:
    try:
        asked = Quarter.parse(request.GET.get("quarter", ""))
    except RuleBroken:
        return known[0] if known else None
    return asked if asked in known else None


@access(P.RETURN_READ, of=Return)
def show_return(request: HttpRequest, filing: Return) -> HttpResponse:
    """One return: every answer with what stands beside it, what changed between sendings, what was asked."""
    by, at = actor_of(request), timezone.now()
    with_, held = views.opened(request, filing)
    sendings, reviews = queries.rounds(filing), by.may(P.RETURN_REVIEW)
    was = rules.changes(sendings[1].answers, sendings[0].answers) if len(sendings) > 1 else ()
    moves = {move.name for move in lifecycle.returned.moves_from(filing.state)} if reviews else set()
    asks = reviews and (filing.state == lifecycle.QUERIED or "ask_back" in moves)
    context = {
        "filing": filing, "template": with_.template, "tag": presenters.tag(filing), "moves": moves, "asks": asks,
        "quarter": presenters.quarter_words(filing), "due": presenters.due_words(filing, london_date(at)),
        "parts": presenters.parts(held, with_), "sendings": sendings, "reviews": reviews,
        "changed": presenters.changed(was, with_.template), "quality": rules.quality(held.values()),
        "open": queries.open_queries(filing), "manifest": with_.manifest, "by_provider": False, "may_write": False,
    }  # fmt: skip
    return render(request, "returns/return.html", context)


@access(P.RETURN_REVIEW, of=Return)
def ask_back(request: HttpRequest, filing: Return, code: str) -> HttpResponse:
    """Asks about one answer."""
    by, at = actor_of(request), timezone.now()
    question = queries.template_of(filing).question(code)
    if question is None:
        raise Http404
    form = forms.AskBack(request.POST or None)
    if form.is_valid() and did(
        form, lambda: actions.ask_back(filing, by=by, at=at, question=code, **form.cleaned_data)
    ):
        flash.success(request, "Asked. The provider can change the answer and sends the return again.")
        return redirect("returns:show_return", pk=filing.pk)
    return render(request, "returns/ask_back.html", {"form": form, "filing": filing, "question": question})


@access(P.RETURN_REVIEW, of=Query)
def reply(request: HttpRequest, query: Query) -> HttpResponse:
    return views.reply(request, query, "returns:show_return")


@access(P.RETURN_REVIEW, of=Query)
@require_POST
def settle(request: HttpRequest, query: Query) -> HttpResponse:
    tried(request, lambda: actions.settle(query, by=actor_of(request), at=timezone.now()), "Settled.")
    return redirect("returns:show_return", pk=query.filing_id)


@access(P.RETURN_REVIEW, of=Return)
@require_POST
def lock(request: HttpRequest, filing: Return) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.lock(filing, by=by, at=at), "Accepted. Nobody changes it any more.")
    return redirect("returns:show_return", pk=filing.pk)


@access(P.RETURN_REVIEW, of=Return)
def reopen(request: HttpRequest, filing: Return) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.Reopen(request.POST or None)
    if form.is_valid() and did(form, lambda: actions.reopen(filing, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Opened again. The provider can write on it.")
        return redirect("returns:show_return", pk=filing.pk)
    return render(request, "returns/reopen.html", {"form": form, "filing": filing})


@access(P.RETURN_READ, of=Paper)
def paper(request: HttpRequest, paper: Paper) -> HttpResponse:
    return views.hand_out(paper)


@access(P.MEASURE_EXPORT, of=Return)
@require_POST
@fresh
def export(request: HttpRequest, filing: Return) -> HttpResponseBase:
    return views.hand_export(request, filing)


@access(P.RETURN_SET_UP, of=Draft)
def try_out(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A template that is being written, filled in from a provider's last quarter: nothing of it is kept."""
    by, on, template = actor_of(request), london_date(timezone.now()), templates.drafted(draft)
    bodies = {str(one.pk): one for one in queries.providers(organisations.own(by))}
    names = [(key, one.name) for key, one in bodies.items()]
    form = forms.TryOut(
        request.GET if "provider" in request.GET else None, providers=names, sizes=templates.sizes(on)
    )  # fmt: skip
    context: dict[str, Any] = {"form": form, "draft": draft, "parts": ()}
    if form.is_valid():
        filing = Return(
            office=organisations.own(by), provider=bodies[form.cleaned_data["provider"]], template=draft.code,
            version=draft.seen, size=form.cleaned_data["size"], quarter=str(Quarter.containing(on).previous),
        )  # fmt: skip
        held, manifest = queries.tried(filing, template), queries.newest(filing)
        with_ = presenters.Beside(filing, template, manifest, by, movers=False)
        context |= {"parts": presenters.parts(held, with_), "filing": filing, "manifest": manifest, "asks": False,
                    "reviews": False, "may_write": False, "by_provider": False,
                    "quarter": presenters.quarter_words(filing)}  # fmt: skip
    return render(request, "returns/try.html", context)


# Who answers which template.


@access(P.RETURN_READ)
def arrangements(request: HttpRequest) -> HttpResponse:
    by, on = actor_of(request), london_date(timezone.now())
    titles, sizes = {one.code: one.title for one in templates.templates(on)}, dict(templates.sizes(on))
    context = {"found": queries.arrangements(by), "titles": titles, "sizes": sizes,
               "may_set_up": by.may(P.RETURN_SET_UP)}  # fmt: skip
    return render(request, "returns/arrangements.html", context)


def _offered() -> dict[str, Any]:
    on = london_date(timezone.now())
    quarter = Quarter.containing(on)
    return {
        "sizes": templates.sizes(on), "quarters": (quarter.previous, quarter, quarter.next),
        "templates": [(one.code, one.title) for one in templates.templates(on)],
    }  # fmt: skip


@access(P.RETURN_SET_UP)
def arrange(request: HttpRequest) -> HttpResponse:
    """A provider answers a template from a quarter on."""
    by, at = actor_of(request), timezone.now()
    bodies = {str(one.pk): one for one in queries.providers(organisations.own(by))}
    offered = _offered()
    form = forms.Arrange(
        request.POST or None, providers=[(key, one.name) for key, one in bodies.items()], **offered,
        initial={"since": str(offered["quarters"][0])},
    )  # fmt: skip
    if form.is_valid() and did(form, lambda: _arranged(form.cleaned_data, bodies, by=by, at=at)):
        flash.success(request, "Set up. The return of a quarter opens in the night after it has ended.")
        return redirect("returns:arrangements")
    return render(request, "returns/arrange.html", {"form": form})


def _arranged(said: dict[str, Any], bodies: dict[str, Organisation], **who: Any) -> Arrangement:
    since = Quarter.parse(said["since"])
    return setting.arrange(bodies[said["provider"]], template=said["template"], size=said["size"], since=since, **who)


@access(P.RETURN_SET_UP, of=Arrangement)
def change(request: HttpRequest, arrangement: Arrangement) -> HttpResponse:
    """The award is of another size, or is no longer asked about."""
    by, at, offered = actor_of(request), timezone.now(), _offered()
    form = forms.Change(
        request.POST or None, sizes=offered["sizes"], quarters=offered["quarters"], initial={"size": arrangement.size}
    )

    def changed() -> None:
        if form.cleaned_data["size"] != arrangement.size:
            setting.resize(arrangement, by=by, at=at, size=form.cleaned_data["size"])
        if form.cleaned_data["last"]:
            setting.end(arrangement, by=by, at=at, last=Quarter.parse(form.cleaned_data["last"]))

    if form.is_valid() and did(form, changed):
        flash.success(request, "Saved.")
        return redirect("returns:arrangements")
    return render(request, "returns/change.html", {"form": form, "arrangement": arrangement})
