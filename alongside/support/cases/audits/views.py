"""Pages of audits: drawn, answered case by case, counted; and a worker's own."""

from typing import Any

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.access.fresh import fresh
from alongside.core.pages import drafts
from alongside.core.pages.acts import did, tried
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.audits import actions, forms, presenters, queries, rules
from alongside.support.cases.audits.models import Audit, Item
from alongside.support.cases.tasks import queries as tasks
from alongside.support.cases.tasks.forms import Ask


def _note(request: HttpRequest, item: Item) -> None:
    note_looks(request, [item.case_id, item.victim_id], fields="name audit", reason=presenters.REASON)


@access(P.CASE_ASSIGN, rows=Audit)
def audits(request: HttpRequest, rows: QuerySet[Audit]) -> HttpResponse:
    """Every audit, the latest first, and how themes move between those that are finished."""
    by, found = actor_of(request), list(rows.order_by("-drawn_at", "-id"))
    past = queries.trend(rows)
    context = {
        "audits": found, "progress": queries.progress(found, by), "names": queries.workers(by),
        "trend": presenters.trend((one, queries.themes(one)) for one in past), "former": presenters.LEAVER,
    }  # fmt: skip
    return render(request, "audits/audits.html", context)


@access(P.CASE_ASSIGN, rows=Audit)
def draw(request: HttpRequest, rows: QuerySet[Audit]) -> HttpResponse:
    """A sample by lot."""
    by, at = actor_of(request), timezone.now()
    form = forms.Draw(request.POST or None, initial=forms.Draw.start())
    made: list[Audit] = []
    if form.is_valid() and did(form, lambda: made.append(actions.draw(by=by, at=at, **form.given))):
        flash.success(request, "Drawn. Nobody chose, and the seed is kept so that it can be drawn again.")
        return redirect("audits:show", pk=made[0].pk)
    context = {"form": form, "who_else": rules.who_else(queries.other_managers(by))}
    return render(request, "audits/draw.html", context)


@access(P.CASE_ASSIGN, of=Audit)
def show(request: HttpRequest, audit: Audit) -> HttpResponse:
    """One audit: how it was drawn, its cases, and what was found until now."""
    by = actor_of(request)
    found, names = list(queries.items(audit, by)), queries.workers(by)
    note_looks(request, [one.victim_id for one in found], fields="name", reason=presenters.REASON)
    context = {
        "audit": audit, "lines": presenters.listed(found, names), "drawn": presenters.drawn(audit, names),
        "table": presenters.table(queries.themes(audit)), "same": queries.same_again(audit),
        "told": sum(one.state == Item.State.TOLD for one in found),
        "who_else": queries.who_else(audit, by),
    }  # fmt: skip
    return render(request, "audits/show.html", context)


@access(P.CASE_ASSIGN, of=Audit)
@require_POST
def finish(request: HttpRequest, audit: Audit) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.finish(audit, by=by, at=at), "Finished. Its figures stay as they are.")
    return redirect("audits:show", pk=audit.pk)


@access(P.CASE_ASSIGN, of=Audit)
@fresh
def download(request: HttpRequest, audit: Audit) -> HttpResponse:
    """What was found by question, as a file; no case and no worker is in it."""
    if request.method != "POST":
        return redirect("audits:show", pk=audit.pk)
    rows = presenters.rows_of_file(queries.themes(audit))
    file = actions.export(rows, by=actor_of(request), at=timezone.now())
    named = {"Content-Disposition": f'attachment; filename="{file.filename}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=named)


@access(P.CASE_ASSIGN, of=Item)
def judge(request: HttpRequest, item: Item) -> HttpResponse:
    """One case and the questions. Kept as far as it is answered; told to the worker when all are."""
    _note(request, item)
    by, at, answers = actor_of(request), timezone.now(), queries.answers(item)
    kept = drafts.restore(name := drafts.form_name("audits.judge", item.pk), by=by, at=at)
    start = {"seen": item.stamp, **(kept.texts if kept else {})}
    form = forms.Judge(request.POST or None, answers=answers, initial=start)
    act, done = (actions.tell, "Told to the worker.") if "tell" in request.POST else (actions.judge, "Saved.")
    if form.is_valid() and did(
        form, lambda: act(item, by=by, at=at, said=form.said, seen=form.cleaned_data["seen"])
    ):  # fmt: skip
        drafts.drop(name, by=by)
        flash.success(request, done)
        return redirect("audits:item", pk=item.pk)
    context = {"form": form, "themes": presenters.by_theme(answers), "words": presenters.JUDGED}
    return _page(request, item, "judge", kept=kept, draft=name, **context)


def _page(request: HttpRequest, item: Item, template: str, **context: Any) -> HttpResponse:
    by = actor_of(request)
    shown = {
        "item": item, "case": item.case, "worker": queries.workers(by).get(item.worker, presenters.LEAVER),
        "tasks": tasks.of_sources([item.pk], by), "reply": queries.reply(item), **context,
    }  # fmt: skip
    return render(request, f"audits/{template}.html", shown)


@access(P.CASE_WORK, of=Item)
def item(request: HttpRequest, item: Item) -> HttpResponse:
    """What was found of one case: for managers, and once it is told for the worker, who answers here."""
    _note(request, item)
    by, at = actor_of(request), timezone.now()
    form = forms.Reply(request.POST or None)
    if form.is_valid() and did(form, lambda: actions.reply(item, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Your manager sees that you have read it, and what you say.")
        return redirect("audits:item", pk=item.pk)
    context = {"form": form, "themes": presenters.by_theme(queries.answers(item)), "mine": item.worker == by.user_id,
               "manages": by.may(P.CASE_ASSIGN), "words": presenters.JUDGED}  # fmt: skip
    return _page(request, item, "item", **context)


@access(P.CASE_ASSIGN, of=Item)
def ask(request: HttpRequest, item: Item) -> HttpResponse:
    """Something for the worker to do on the case, by a day."""
    _note(request, item)
    by, at = actor_of(request), timezone.now()
    form = Ask(request.POST or None)
    if form.is_valid() and did(form, lambda: actions.ask(item, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "It is on their day.")
        return redirect("audits:item", pk=item.pk)
    return _page(request, item, "ask", form=form)


@access(P.CASE_ASSIGN, of=Item)
def open_case(request: HttpRequest, item: Item) -> HttpResponse:
    """To the case itself; that it was opened for an audit is in the log of looks."""
    _note(request, item)
    return redirect("casework:show", pk=item.case_id)


@access(P.CASE_WORK, rows=Item)
def mine(request: HttpRequest, rows: QuerySet[Item]) -> HttpResponse:
    """What was found of one's own cases."""
    by = actor_of(request)
    found = list(queries.told_to(by))
    note_looks(request, [one.victim_id for one in found], fields="name")
    return render(request, "audits/mine.html", {"lines": presenters.listed(found, queries.workers(by))})
