"""Pages on which an office reads and writes the sets of risk questions."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of
from alongside.core.clocks import london_date
from alongside.core.pages.acts import did, tried
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.risk import forms, presenters, queries, rules, wording
from alongside.support.cases.risk.models import Draft
from alongside.support.cases.risk.rules import Item, RiskSet


@access(P.RULEBOOK_READ)
def sets(request: HttpRequest) -> HttpResponse:
    """Every set that is asked now, and those that are being written."""
    by, on = actor_of(request), london_date(timezone.now())
    kinds = rulebook.titles(queries.KINDS, on)
    cards = [(one, presenters.set_facts(one, kinds, {})) for one in queries.sets(on)]
    writes = by.may(P.RULEBOOK_REVISE)
    drafts = queries.drafts(by) if writes else ()
    return render(request, "risk/sets.html", {"cards": cards, "drafts": drafts, "may_write": writes})


def _shown(whole: RiskSet) -> dict[str, Any]:
    kinds = rulebook.titles(queries.KINDS, london_date(timezone.now()))
    return {"whole": whole, "facts": presenters.set_facts(whole, kinds, queries.councils()), "answers": rules.ANSWERS}


@access(P.RULEBOOK_READ)
def show_set(request: HttpRequest, code: str) -> HttpResponse:
    """One set as it is asked today."""
    by, row = actor_of(request), rulebook.find(queries.BOOK, code, london_date(timezone.now()))
    if row is None:
        raise Http404
    writes = by.may(P.RULEBOOK_REVISE)
    held = queries.draft(code, by) if writes else None
    coming = [one for one in queries.history(code) if one.since > row.since and one.since != one.until]
    context = {**_shown(queries.as_set(row)), "row": row, "draft": held, "may_write": writes, "coming": coming}
    return render(request, "risk/set.html", context)


@access(P.RULEBOOK_READ)
def past(request: HttpRequest, code: str) -> HttpResponse:
    """Every version of a set and what each changed. What was asked under an earlier one stays as it was asked."""
    found = presenters.versions(code)
    if not found:
        raise Http404
    title = queries.history(code)[0].title
    writes = actor_of(request).may(P.RULEBOOK_REVISE)
    return render(request, "risk/past.html", {"versions": found, "code": code, "title": title, "may_write": writes})


@access(P.RULEBOOK_REVISE)
@require_POST
def begin_draft(request: HttpRequest, code: str) -> HttpResponse:
    by, sent = actor_of(request), request.POST.get("like", "")
    like = int(sent) if sent.isdigit() else 0
    made: list[Draft] = []
    if tried(
        request, lambda: made.append(wording.begin(code, by=by, at=timezone.now(), like=like)),
        "Write the new version. Nothing changes until it is published.",
    ):  # fmt: skip
        return redirect("risk:draft", pk=made[0].pk)
    return redirect("risk:sets")


@access(P.RULEBOOK_REVISE)
def start(request: HttpRequest) -> HttpResponse:
    """Begins a set of the office's own."""
    by, at = actor_of(request), timezone.now()
    form = forms.Start(request.POST or None, kinds=rulebook.choices(queries.KINDS, london_date(at)))
    made: list[Draft] = []
    if form.is_valid() and did(form, lambda: made.append(wording.start(by=by, at=at, **form.cleaned_data))):
        return redirect("risk:draft", pk=made[0].pk)
    return render(request, "risk/start.html", {"form": form})


@access(P.RULEBOOK_REVISE, of=Draft)
def draft(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A set that is being written, question by question."""
    shown, changed = _shown(queries.drafted(draft)), queries.changed(draft)
    return render(request, "risk/draft.html", {**shown, "draft": draft, "changed": changed})


@access(P.RULEBOOK_REVISE, of=Draft)
def preview(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A set as a worker would see it."""
    return render(request, "risk/preview.html", {**_shown(queries.drafted(draft)), "draft": draft})


@access(P.RULEBOOK_REVISE, of=Draft)
def settle(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What stands around the questions: name, ages, thresholds, councils."""
    by, at, whole, councils = actor_of(request), timezone.now(), queries.drafted(draft), queries.councils()
    start = forms.Settle.begun(whole, councils) | {"stamp": draft.stamp}
    form = forms.Settle(request.POST or None, councils=councils, initial=start)
    if form.is_valid() and did(
        form,
        lambda: wording.settle(draft, by=by, at=at, settings=form.settings, stamp=form.cleaned_data["stamp"]),
    ):
        return redirect("risk:draft", pk=draft.pk)
    return render(request, "risk/settle.html", {"form": form, "draft": draft})


@access(P.RULEBOOK_REVISE, of=Draft)
def put_in(request: HttpRequest, draft: Draft) -> HttpResponse:
    return _question(request, draft, None, wording.put_in)


@access(P.RULEBOOK_REVISE, of=Draft)
def reword(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    item = queries.drafted(draft).item(code)
    if item is None:
        raise Http404
    return _question(request, draft, item, wording.reword)


def _question(request: HttpRequest, draft: Draft, item: Item | None, act: Callable[..., object]) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.Question(request.POST or None, initial={**forms.Question.begun(item), "stamp": draft.stamp})
    if form.is_valid():
        asked, stamp = form.item(item.code if item else ""), form.cleaned_data["stamp"]
        if did(form, lambda: act(draft, by=by, at=at, item=asked, stamp=stamp)):
            return redirect("risk:draft", pk=draft.pk)
    return render(request, "risk/question.html", {"form": form, "draft": draft, "item": item})


def _press(request: HttpRequest, draft: Draft, act: Callable[..., object], done: str, **more: Any) -> HttpResponse:
    """A button beside a question."""
    by, at, code, sent = actor_of(request), timezone.now(), request.POST.get("code", ""), request.POST.get("stamp", "")
    if queries.drafted(draft).item(code) is None or not sent.isdigit():
        raise Http404
    tried(request, lambda: act(draft, by=by, at=at, code=code, stamp=int(sent), **more), done)
    return redirect("risk:draft", pk=draft.pk)


@access(P.RULEBOOK_REVISE, of=Draft)
@require_POST
def move(request: HttpRequest, draft: Draft) -> HttpResponse:
    return _press(request, draft, wording.move, "The question stands in another place.", up="up" in request.POST)


@access(P.RULEBOOK_REVISE, of=Draft)
@require_POST
def take_out(request: HttpRequest, draft: Draft) -> HttpResponse:
    done = "Taken out of the new version. What was answered to it before stays."
    return _press(request, draft, wording.take_out, done)


@access(P.RULEBOOK_REVISE, of=Draft)
def publish(request: HttpRequest, draft: Draft) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.Publish(request.POST or None, initial={"source": draft.source, "stamp": draft.stamp})
    if form.is_valid() and did(form, lambda: wording.publish(draft, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Published. It is asked from its day on; what was asked before stays as it was.")
        return redirect("risk:past", code=draft.code)
    context = {"form": form, "draft": draft, "changed": queries.changed(draft)}
    return render(request, "risk/publish.html", context)


@access(P.RULEBOOK_REVISE, of=Draft)
@require_POST
def drop(request: HttpRequest, draft: Draft) -> HttpResponse:
    by = actor_of(request)
    tried(request, lambda: wording.drop(draft, by=by, at=timezone.now()), "Thrown away. What is asked is as it was.")
    return redirect("risk:sets")
