"""The pages of waiting lists: a provider's lists, one list in order, and what of one case waits."""

from collections.abc import Callable
from typing import Any

from django import forms as plain
from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.access.fresh import fresh
from alongside.core.pages import beside, drafts, searches
from alongside.core.pages.acts import did, tried
from alongside.core.pages.tables import with_query
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.rules import tidy_reference
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.waiting import actions, forms, lifecycle, presenters, queries, setting
from alongside.support.cases.waiting.models import Entry, WaitingList

FOUND = 302


@access(P.CASE_WORK, rows=WaitingList)
def lists(request: HttpRequest, rows: QuerySet[WaitingList]) -> HttpResponse:
    """The provider's lists, with how many wait on each."""
    by, words = actor_of(request), queries.words(forms.today())
    context = {"lists": presenters.listed(queries.lengths(by), words), "may_set_up": by.may(P.CASE_ASSIGN),
               "decide": queries.to_decide(by)}  # fmt: skip
    return render(request, "waiting/lists.html", context)


@access(P.CASE_ASSIGN, rows=WaitingList)
def set_up(request: HttpRequest, rows: QuerySet[WaitingList]) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    start = {
        "week": 1,
        "need": 2,
        "risk": 4,
        "review_weeks": 12,
        "contact_weeks": 4,
        "answer_days": 5,
        "declines_talk": 2,
    }
    modalities = rulebook.choices(queries.MODALITIES, forms.today())
    form = forms.SetUp(request.POST or None, services=queries.services(by), modalities=modalities, initial=start)
    made: list[WaitingList] = []
    if form.is_valid() and did(form, lambda: made.append(setting.set_up(by=by, at=at, **form.cleaned_data))):
        flash.success(request, "The list is set up. People can join it from their case.")
        return redirect("waiting:show", pk=made[0].pk)
    return render(request, "waiting/set_up.html", {"form": form})


@access(P.CASE_WORK, of=WaitingList)
def show(request: HttpRequest, held: WaitingList) -> HttpResponse:
    """Everybody on a list in order, with why each stands there."""
    by, now, today = actor_of(request), timezone.now(), forms.today()
    words, rule, length = queries.words(today), queries.rule_on(held, today), queries.length(held)
    form = forms.People.of(searches.opened(request, plain=tidy_reference), wishes=words[queries.WISHES])
    form = searches.marked(request, form)
    found = queries.found(held, rule, asked=form.asked, by=by, skip=request.GET.get("after", ""), today=today)
    note_looks(request, [line.entry.victim_id for line in found.lines], fields="name")
    before, after = (None if skip is None else with_query(request, after=str(skip)) for skip in found.beside)
    context = {
        "list": held, "name": presenters.called(held, words), "form": form, "count": found.count, "before": before,
        "after": after, "rows": presenters.rows(found.lines, words, today), "may_set_up": by.may(P.CASE_ASSIGN),
        "about": presenters.about(length, rule, today), "service_closed": not queries.service_open(held),
        "coming": queries.coming(held, today), "beside": beside.cards("waiting_list", held, by=by, at=now),
    }  # fmt: skip
    return render(request, "waiting/show.html", context)


@access(P.CASE_ASSIGN, of=WaitingList)
@fresh
def download(request: HttpRequest, held: WaitingList) -> HttpResponse:
    """The list as a file without names. That it left, with how many, is on record."""
    if request.method != "POST":
        return redirect("waiting:show", pk=held.pk)
    found = queries.to_take_away(held, forms.today())
    file = setting.export(found, by=actor_of(request), at=timezone.now())
    note_looks(request, [line.entry.victim_id for line in found], fields="file")
    named = {"Content-Disposition": f'attachment; filename="{file.filename}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=named)


def _of_list(
    request: HttpRequest, held: WaitingList, form: plain.Form, template: str, act: Callable[..., object], done: str,
    **context: Any,
) -> HttpResponse:  # fmt: skip
    """A form about a list: done and back to it, or again with what is wrong."""
    by, at = actor_of(request), timezone.now()
    if form.is_valid() and did(form, lambda: act(held, by=by, at=at, **form.cleaned_data)):
        flash.success(request, done)
        return redirect("waiting:show", pk=held.pk)
    name = presenters.called(held, queries.words(forms.today()))
    return render(request, f"waiting/{template}.html", {"form": form, "list": held, "name": name, **context})


@access(P.CASE_ASSIGN, of=WaitingList)
def revise(request: HttpRequest, held: WaitingList) -> HttpResponse:
    start = {name: getattr(held, name) for name in setting.SETTINGS}
    form = forms.Revise(request.POST or None, initial=start)
    stale = form.is_bound and form.data.get("seen") != str(held.version)
    return _of_list(request, held, form, "revise", setting.revise, "The list is changed.", stale=stale)


@access(P.CASE_ASSIGN, of=WaitingList)
def rule(request: HttpRequest, held: WaitingList) -> HttpResponse:
    """What decides the order, from a day on: first what it would do, then, asked again, it counts."""
    today, stands = forms.today(), queries.rule_on(held, forms.today())
    start = {name: getattr(stands, name) for name in setting.WEIGHTS} | {"from_on": today}
    form = forms.Rule(request.POST or None, initial=start)
    if "try" in request.POST and form.is_valid():
        effect, people = queries.tried(held, form.cleaned_data, today)
        note_looks(request, [one.victim_id for one in people.values()], fields="name")
        moved = presenters.effect(effect, people)
        name = presenters.called(held, queries.words(today))
        shown = {"form": form, "list": held, "name": name, "effect": effect, "moved": moved}
        return render(request, "waiting/rule.html", shown)
    done = "The order is changed from that day. The version before it is kept."
    return _of_list(request, held, form, "rule", setting.rule, done, effect=None, moved=())


@access(lifecycle.waiting_list.needs("close"), of=WaitingList)
def close(request: HttpRequest, held: WaitingList) -> HttpResponse:
    form = forms.Close(request.POST or None, initial={"closed_on": forms.today()})
    return _of_list(request, held, form, "close", setting.close, "The list is closed to new people.")


@access(lifecycle.waiting_list.needs("reopen"), of=WaitingList)
@require_POST
def reopen(request: HttpRequest, held: WaitingList) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: setting.reopen(held, by=by, at=at), "The list is open to new people again.")
    return redirect("waiting:show", pk=held.pk)


def _on_case(request: HttpRequest, case: Case, template: str, **context: Any) -> HttpResponse:
    return beside.framed(request, "case", case, f"waiting/{template}.html", tab="waiting", **context)


@access(P.CASE_WORK, of=Case)
def case(request: HttpRequest, case: Case) -> HttpResponse:
    """Everything that this case waits for or waited for, and what may be done."""
    by, now, today = actor_of(request), timezone.now(), forms.today()
    words, names = queries.words(today), casework.colleagues(by)
    found = presenters.standings(queries.of_case(case, today), words, names, now=now, today=today)
    closed = presenters.closed_words(queries.closed_lists(case), words)
    return _on_case(request, case, "case", places=found, closed=closed, lists=queries.open_lists(case))


@access(P.CASE_WORK, of=Case)
def join(request: HttpRequest, case: Case) -> HttpResponse:
    by, at, today = actor_of(request), timezone.now(), forms.today()
    words, lists = queries.words(today), queries.open_lists(case)
    form = forms.Join(request.POST or None, lists=lists, modalities=words[queries.MODALITIES], **_choices(words))
    if form.is_valid() and did(form, lambda: actions.join(case, by=by, at=at, **form.given)):
        flash.success(request, "They are on the list. The day on which they joined is theirs for good.")
        return redirect("waiting:case", pk=case.pk)
    closed = presenters.closed_words(queries.closed_lists(case), words)
    shown = {"hints": queries.need_hints(today), "closed": closed, "lists": lists, "left": queries.left(case, today)}
    return _on_case(request, case, "join", form=form, **shown)


def _choices(words: queries.Words) -> dict[str, Any]:
    return {"needs": words[queries.NEEDS].items(), "wishes": words[queries.WISHES].items()}


def _on_entry(
    request: HttpRequest, entry: Entry, form: plain.Form, template: str, act: Callable[..., object], done: str,
    **context: Any,
) -> HttpResponse:  # fmt: skip
    """A form about somebody who waits: done and back to their page, or again with what is wrong."""
    by, at = actor_of(request), timezone.now()
    given = getattr(form, "given", None) if form.is_bound and form.is_valid() else None
    if form.is_valid() and did(form, lambda: act(entry, by=by, at=at, **(given or form.cleaned_data))):
        flash.success(request, done)
        return redirect("waiting:case", pk=entry.case_id)
    title = presenters.title(entry.list, queries.words(forms.today()))
    return _on_case(request, entry.case, template, form=form, entry=entry, title=title, **context)


def _pressed(request: HttpRequest, entry: Entry, act: Callable[..., object], done: str) -> HttpResponse:
    """A button about somebody who waits."""
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: act(entry, by=by, at=at), done)
    return redirect("waiting:case", pk=entry.case_id)


@access(lifecycle.entry.needs("pause"), of=Entry)
def pause(request: HttpRequest, entry: Entry) -> HttpResponse:
    form = forms.Pause(request.POST or None, reasons=rulebook.choices(queries.PAUSES, forms.today()))
    done = "They are paused, and keep the day on which they joined."
    return _on_entry(request, entry, form, "pause", actions.pause, done)


@access(lifecycle.entry.needs("resume"), of=Entry)
@require_POST
def resume(request: HttpRequest, entry: Entry) -> HttpResponse:
    return _pressed(request, entry, actions.resume, "They could take a place again.")


@access(P.CASE_WORK, of=Entry)
def review(request: HttpRequest, entry: Entry) -> HttpResponse:
    words = queries.words(forms.today())
    form = forms.Review(request.POST or None, initial={"need": entry.need, "wishes": entry.wishes}, **_choices(words))
    stale = form.is_bound and form.data.get("seen") != str(entry.version)
    shown = {"stale": stale, "hints": queries.need_hints(forms.today()), "now": presenters.now(entry, words)}
    return _on_entry(request, entry, form, "review", actions.review, "The review is kept.", **shown)


@access(P.CASE_WORK, of=Entry)
def keep_in_touch(request: HttpRequest, entry: Entry) -> HttpResponse:
    """A contact of the case, recorded where it is due."""
    by, at = actor_of(request), timezone.now()
    kept = drafts.restore(name := drafts.form_name("waiting.keep_in_touch", entry.pk), by=by, at=at)
    start = drafts.initial(forms.KeepInTouch, kept) or forms.KeepInTouch.now(at)
    results, despite = rulebook.choices("contact_results", forms.today()), queries.despite(entry.case, by=by, at=at)
    form = forms.KeepInTouch(request.POST or None, results=results, despite=despite.reasons, initial=start)
    shown = {"kept": kept, "draft": name, "held": despite.held}
    answer = _on_entry(
        request, entry, form, "keep_in_touch", actions.keep_in_touch, "The contact is recorded.", **shown
    )
    if answer.status_code == FOUND:
        drafts.drop(name, by=by)
    return answer


@access(lifecycle.entry.needs("offer"), of=Entry)
def offer(request: HttpRequest, entry: Entry) -> HttpResponse:
    today = forms.today()
    passed, words = queries.passed(entry, today), queries.words(today)
    form = forms.Offer(
        request.POST or None, workers=casework.workers(entry.case.provider_id).items(), passed=passed,
        whys=tuple(words[queries.OUT_OF_TURN].items()), initial={"worker": actor_of(request).user_id},
    )  # fmt: skip
    done = "The offer is recorded. Tell them by a safe way, and by when to answer."
    now = presenters.now(entry, words)
    return _on_entry(request, entry, form, "offer", actions.offer, done, passed=passed, now=now)


@access(lifecycle.entry.needs("take_place"), of=Entry)
@require_POST
def take_place(request: HttpRequest, entry: Entry) -> HttpResponse:
    return _pressed(request, entry, actions.take_place, "They have taken the place.")


@access(lifecycle.entry.needs("decline_place"), of=Entry)
def decline_place(request: HttpRequest, entry: Entry) -> HttpResponse:
    form = forms.Decline(request.POST or None, reasons=rulebook.choices(queries.DECLINES, forms.today()))
    done = "They wait on, with the same day. The place is free again."
    return _on_entry(request, entry, form, "decline_place", actions.decline_place, done)


@access(lifecycle.entry.needs("take_back"), of=Entry)
@require_POST
def take_back(request: HttpRequest, entry: Entry) -> HttpResponse:
    return _pressed(request, entry, actions.take_back, "The offer is taken back. They wait as before.")


@access(P.CASE_WORK, of=Entry)
@require_POST
def keep(request: HttpRequest, entry: Entry) -> HttpResponse:
    return _pressed(request, entry, actions.keep, "They stay on the list.")


@access(lifecycle.entry.needs("move"), of=Entry)
def move(request: HttpRequest, entry: Entry) -> HttpResponse:
    lists, words = queries.open_lists(entry.case), queries.words(forms.today())
    form = forms.Move(request.POST or None, lists=lists, modalities=words[queries.MODALITIES])
    done = "They are on the other list, with the day on which they first joined."
    return _on_entry(request, entry, form, "move", actions.move, done, lists=lists)


@access(lifecycle.entry.needs("leave"), of=Entry)
def leave(request: HttpRequest, entry: Entry) -> HttpResponse:
    form = forms.Leave(request.POST or None, reasons=tuple(queries.leavings(forms.today()).items()))
    return _on_entry(request, entry, form, "leave", actions.leave, "They are off the list.")


@access(lifecycle.entry.needs("finish"), of=Entry)
@require_POST
def finish(request: HttpRequest, entry: Entry) -> HttpResponse:
    return _pressed(request, entry, actions.finish, "It has ended, and the place is free for the next.")
