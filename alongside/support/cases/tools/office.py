"""Pages on which an office reads and writes the outcome tools."""

from collections.abc import Callable
from datetime import date
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
from alongside.support.cases.outcomes import queries as outcomes
from alongside.support.cases.outcomes.rules import Question, Tool
from alongside.support.cases.tools import actions, forms, presenters, queries, rules
from alongside.support.cases.tools.models import Draft


def _today() -> date:
    return london_date(timezone.now())


@access(P.RULEBOOK_READ)
def tools(request: HttpRequest) -> HttpResponse:
    """Every tool that is given now, and those that are being written."""
    by, on = actor_of(request), _today()
    cards = [(one, presenters.ages(one), one.whose) for one in outcomes.tools(on)]
    writes = by.may(P.RULEBOOK_REVISE)
    drafts = queries.drafts(by) if writes else ()
    return render(request, "tools/tools.html", {"cards": cards, "drafts": drafts, "may_write": writes})


def _shown(tool: Tool) -> dict[str, Any]:
    titles = queries.titles(_today())
    return {"tool": tool, "facts": presenters.facts(tool, titles, dict(queries.services())), "titles": titles}


@access(P.RULEBOOK_READ)
def show_tool(request: HttpRequest, code: str) -> HttpResponse:
    """One tool as it is given today."""
    by, row = actor_of(request), rulebook.find(queries.BOOK, code, _today())
    if row is None:
        raise Http404
    writes = by.may(P.RULEBOOK_REVISE)
    held = queries.draft(code, by) if writes else None
    coming = [one for one in queries.history(code) if one.since > row.since and one.since != one.until]
    context = {**_shown(outcomes.as_tool(row)), "row": row, "draft": held, "may_write": writes, "coming": coming}
    return render(request, "tools/tool.html", context)


@access(P.RULEBOOK_READ)
def past(request: HttpRequest, code: str) -> HttpResponse:
    """Every version of a tool and what each changed. What was asked under an earlier one stays as it was asked."""
    found = presenters.versions(code, _today())
    if not found:
        raise Http404
    title = queries.history(code)[0].title
    writes = actor_of(request).may(P.RULEBOOK_REVISE)
    return render(request, "tools/past.html", {"versions": found, "code": code, "title": title, "may_write": writes})


@access(P.RULEBOOK_REVISE)
@require_POST
def begin_draft(request: HttpRequest, code: str) -> HttpResponse:
    by, sent = actor_of(request), request.POST.get("like", "")
    like = int(sent) if sent.isdecimal() else 0
    made: list[Draft] = []
    if tried(
        request, lambda: made.append(actions.begin(code, by=by, at=timezone.now(), like=like)),
        "Write the new version. Nothing changes until it is published.",
    ):  # fmt: skip
        return redirect("tools:draft", pk=made[0].pk)
    return redirect("tools:tools")


@access(P.RULEBOOK_REVISE)
def start(request: HttpRequest) -> HttpResponse:
    """Begins a tool of the office's own."""
    by, at = actor_of(request), timezone.now()
    form = forms.Start(request.POST or None)
    made: list[Draft] = []
    if form.is_valid() and did(form, lambda: made.append(actions.start(by=by, at=at, **form.cleaned_data))):
        return redirect("tools:settle", pk=made[0].pk)
    return render(request, "tools/start.html", {"form": form})


@access(P.RULEBOOK_REVISE, of=Draft)
def draft(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A tool that is being written, question by question."""
    shown, changed = _shown(queries.drafted(draft)), queries.changed(draft, _today())
    return render(request, "tools/draft.html", {**shown, "draft": draft, "changed": changed})


@access(P.RULEBOOK_REVISE, of=Draft)
def preview(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A tool as a worker would see it, tried and not kept."""
    return render(request, "tools/preview.html", {**_shown(queries.drafted(draft)), "draft": draft})


@access(P.RULEBOOK_REVISE, of=Draft)
def settle(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What stands around the questions: name, whose it is, ages, scale, step, services, figures."""
    by, at = actor_of(request), timezone.now()
    start = forms.Settle.begun(queries.drafted(draft)) | {"stamp": draft.stamp}
    form = forms.Settle(request.POST or None, services=queries.services(), initial=start)
    if form.is_valid() and did(
        form, lambda: actions.settle(draft, by=by, at=at, settings=form.settings, stamp=form.cleaned_data["stamp"])
    ):
        return redirect("tools:draft", pk=draft.pk)
    return render(request, "tools/settle.html", {"form": form, "draft": draft})


@access(P.RULEBOOK_REVISE, of=Draft)
def put_in(request: HttpRequest, draft: Draft) -> HttpResponse:
    return _question(request, draft, None, actions.put_in)


@access(P.RULEBOOK_REVISE, of=Draft)
def reword(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    question = queries.drafted(draft).question(code)
    if question is None:
        raise Http404
    return _question(request, draft, question, actions.reword)


def _question(
    request: HttpRequest, draft: Draft, question: Question | None, act: Callable[..., object]
) -> HttpResponse:  # fmt: skip
    by, at = actor_of(request), timezone.now()
    start = {**forms.Ask.begun(question), "stamp": draft.stamp}
    form = forms.Ask(request.POST or None, outcomes=queries.titles(_today()).items(), initial=start)
    if form.is_valid():
        asked, stamp = form.question(question.code if question else ""), form.cleaned_data["stamp"]
        if did(form, lambda: act(draft, by=by, at=at, question=asked, stamp=stamp)):
            return redirect("tools:draft", pk=draft.pk)
    return render(request, "tools/question.html", {"form": form, "draft": draft, "question": question})


def _press(request: HttpRequest, draft: Draft, act: Callable[..., object], done: str, **more: Any) -> HttpResponse:
    """A button beside a question."""
    by, at, code, sent = actor_of(request), timezone.now(), request.POST.get("code", ""), request.POST.get("stamp", "")
    if queries.drafted(draft).question(code) is None or not sent.isdecimal():
        raise Http404
    tried(request, lambda: act(draft, by=by, at=at, code=code, stamp=int(sent), **more), done)
    return redirect("tools:draft", pk=draft.pk)


@access(P.RULEBOOK_REVISE, of=Draft)
@require_POST
def move(request: HttpRequest, draft: Draft) -> HttpResponse:
    return _press(request, draft, actions.move, "The question stands in another place.", up="up" in request.POST)


@access(P.RULEBOOK_REVISE, of=Draft)
@require_POST
def take_out(request: HttpRequest, draft: Draft) -> HttpResponse:
    done = "Taken out of the new version. What was answered to it before stays."
    return _press(request, draft, actions.take_out, done)


@access(P.RULEBOOK_REVISE, of=Draft)
def publish(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The draft becomes a version; what can no longer be held together is said before it does."""
    by, at, whole = actor_of(request), timezone.now(), queries.drafted(draft)
    form = forms.Publish(request.POST or None, initial={"source": draft.source, "stamp": draft.stamp})
    if form.is_valid() and did(form, lambda: actions.publish(draft, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Published. It is given from its day on; what was asked before stays as it was.")
        return redirect("tools:past", code=draft.code)
    before = queries.history(draft.code)
    parted = rules.not_held_together(outcomes.as_tool(before[0]), whole, queries.titles(_today())) if before else ()
    context = {"form": form, "draft": draft, "changed": queries.changed(draft, _today()), "parted": parted}
    return render(request, "tools/publish.html", context)


@access(P.RULEBOOK_REVISE, of=Draft)
@require_POST
def drop(request: HttpRequest, draft: Draft) -> HttpResponse:
    by = actor_of(request)
    tried(request, lambda: actions.drop(draft, by=by, at=timezone.now()), "Thrown away. What is given is as it was.")
    return redirect("tools:tools")
