"""Pages of lists for the hub's office: which there are, their readings, what is different and what is decided of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of
from alongside.core.pages.acts import did, tried
from alongside.core.pages.files import handed_out
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.local.directory import presenters as directory_presenters
from alongside.foundation.local.directory import queries as directory
from alongside.foundation.local.lists import actions, deciding, forms, lifecycle, presenters, queries
from alongside.foundation.local.lists.models import Difference, List, Reading
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.documents import actions as documents

AGAIN = 3  # seconds until the page of a reading that runs asks again
BY_NAME = ("name", "id")


def _rhythms() -> dict[str, str]:
    return {row.code: row.title for row in queries.rhythms(timezone.localdate())}


@access(P.LIST_MANAGE, rows=List)
def lists(request: HttpRequest, rows: QuerySet[List]) -> HttpResponse:
    told = [presenters.line(one, _rhythms()) for one in queries.standings(rows)]
    return render(request, "lists/lists.html", {"lines": told})


def _form(request: HttpRequest, of: List | None = None) -> forms.Kept:
    first = {} if of is None else {name: getattr(of, name) for name in forms.Kept.base_fields if name != "code"}
    return forms.Kept(
        request.POST or None, initial=first, rhythms=list(_rhythms().items()),
        councils=directory.councils_for(actor_of(request)), orphans=queries.orphans() if of is None else (),
    )  # fmt: skip


@access(P.LIST_MANAGE)
def add(request: HttpRequest) -> HttpResponse:
    form, made = _form(request), list[List]()
    if request.method == "POST" and form.is_valid():
        actor, code = actor_of(request), form.cleaned_data.get("code", "")
        if did(form, lambda: made.append(actions.add(form.setting(), by=actor, at=timezone.now(), code=code))):
            messages.success(request, "Added. Now read it or upload it.")
            return redirect("lists:show", made[0].pk)
    return render(request, "lists/change.html", {"form": form, "of": None})


@access(P.LIST_MANAGE, of=List)
def change(request: HttpRequest, of: List) -> HttpResponse:
    form = _form(request, of)
    if request.method == "POST" and form.is_valid() and did(form, lambda: actions.change(
        of, form.setting(), by=actor_of(request), at=timezone.now()
    )):  # fmt: skip
        messages.success(request, "Changed. Its services say so at once.")
        return redirect("lists:show", of.pk)
    return render(request, "lists/change.html", {"form": form, "of": of})


@access(P.LIST_MANAGE, of=List)
def show(request: HttpRequest, of: List) -> HttpResponse:
    """A list: how it is read, what waits, its last readings."""
    return _shown(request, of, forms.Upload())


def _shown(request: HttpRequest, of: List, form: forms.Upload) -> HttpResponse:
    standing = queries.standings([of])[0]
    return render(request, "lists/show.html", {
        "of": of, "standing": standing, "line": presenters.line(standing, _rhythms()), "upload": form,
        "form": form, "past": [presenters.past(one) for one in queries.readings(of)],
        "failed": standing.running and queries.has_failed(standing.running), "stats": presenters.stats(standing),
        "councils": dict(directory.councils_for(actor_of(request))),
    })  # fmt: skip


@access(P.LIST_MANAGE, rows=List)
def upload(request: HttpRequest, rows: QuerySet[List]) -> HttpResponse:
    """Takes a file of the list that is named; one address, since a file is larger than other pages may send."""
    if request.method != "POST":  # the page of a refused file, loaded anew
        return redirect("lists:lists")
    of = next(iter(rows.filter(pk__in=forms.keys([request.POST.get("list", "")]))), None)
    if of is None:
        raise Http404
    form, made = forms.Upload(request.POST, request.FILES), list[Reading]()
    if form.is_valid():
        file, by = form.upload, actor_of(request)
        name = file.name or "list.json"
        if did(form, lambda: made.append(
            actions.upload(of, file.chunks(), by=by, at=timezone.now(), file=name)
        )):  # fmt: skip
            return redirect("lists:reading", made[0].pk)
    return _shown(request, of, form)


@require_POST
@access(P.LIST_MANAGE, of=List)
def ask(request: HttpRequest, of: List) -> HttpResponse:
    made = list[Reading]()
    words = "The list is being read. You may leave this page."
    by = actor_of(request)
    if tried(request, lambda: made.append(actions.ask(of, by=by, at=timezone.now())), words):
        return redirect("lists:reading", made[0].pk)
    return redirect("lists:show", of.pk)


@require_POST
@access(P.LIST_MANAGE, of=List)
def pause(request: HttpRequest, of: List) -> HttpResponse:
    words = "Paused. It is read only when you ask."
    tried(request, lambda: actions.pause(of, by=actor_of(request), at=timezone.now()), words)
    return redirect("lists:show", of.pk)


@require_POST
@access(P.LIST_MANAGE, of=List)
def resume(request: HttpRequest, of: List) -> HttpResponse:
    words = "It is read by itself again."
    tried(request, lambda: actions.resume(of, by=actor_of(request), at=timezone.now()), words)
    return redirect("lists:show", of.pk)


@access(P.LIST_MANAGE, of=List)
def remove(request: HttpRequest, of: List) -> HttpResponse:
    """Asks first: its services close."""
    if request.method == "POST":
        words = "Removed. Its services are closed and stay on record."
        if tried(request, lambda: actions.remove(of, by=actor_of(request), at=timezone.now()), words):
            return redirect("lists:lists")
    return render(request, "lists/remove.html", {"of": of, "open": queries.shown(of), "run": queries.adopted(of)})


# Readings


@access(P.LIST_MANAGE, of=Reading)
def reading(request: HttpRequest, reading: Reading) -> HttpResponse:
    """How far a reading is; afterwards what came of it."""
    failed = queries.has_failed(reading)
    runs = reading.state == lifecycle.WAITING and not failed
    page = render(request, "lists/reading.html", {
        "reading": reading, "of": reading.list, "failed": failed, "runs": runs, "again": AGAIN,
        "progress": presenters.progress(reading), "sums": presenters.sums(reading), "line": presenters.past(reading),
        "mends": presenters.mends(reading), "waits": queries.standings([reading.list])[0].total,
    })  # fmt: skip
    if runs:
        page.headers["Refresh"] = str(AGAIN)
    return page


@require_POST
@access(P.LIST_MANAGE, of=Reading)
def stop(request: HttpRequest, reading: Reading) -> HttpResponse:
    words = "Stopped. Nothing has changed."
    tried(request, lambda: actions.stop(reading, by=actor_of(request), at=timezone.now()), words)
    return redirect("lists:reading", reading.pk)


@require_POST
@access(P.LIST_MANAGE, of=Reading)
def try_again(request: HttpRequest, reading: Reading) -> HttpResponse:
    words = "It is tried again."
    tried(request, lambda: actions.try_again(reading, by=actor_of(request), at=timezone.now()), words)
    return redirect("lists:reading", reading.pk)


@require_POST
@access(P.LIST_MANAGE, of=Reading)
def report(request: HttpRequest, reading: Reading) -> HttpResponse:
    """The report of a reading as a file."""
    rows = presenters.report(reading)
    file = documents.table(
        "list-report", presenters.REPORT, rows, by=actor_of(request), at=timezone.now(), about="list_report"
    )
    return handed_out(file.content, type_=file.content_type, name=file.filename)


# Differences


def _narrow(request: HttpRequest) -> forms.Narrow:
    actor, choices = actor_of(request), directory.choices(timezone.localdate())
    sent = request.POST if request.method == "POST" else request.GET
    return forms.Narrow(
        sent, crimes=choices["crime_types"], councils=directory.councils_for(actor)
    )  # fmt: skip


@access(P.LIST_MANAGE, of=List)
def differences(request: HttpRequest, of: List) -> HttpResponse:
    """What is different, narrowed down; several are decided at once."""
    form = _narrow(request)
    how = form.narrowing()
    found = queries.narrowed(of, how).select_related("likely", "service")
    asked = request.GET
    page = page_of(found, order=BY_NAME, after=asked.get("after", ""), before=asked.get("before", ""))
    before, after = page_links(request, page)
    return render(request, "lists/differences.html", {
        "of": of, "filters": form, "rows": [presenters.row(one) for one in page.rows], "before": before,
        "after": after, "total": found.count(), "open": how.state == "open", "verbs": forms.VERBS,
        "narrowed": queries.said(how), "back": request.get_full_path(), "new": how.kind in ("", "NEW"),
    })  # fmt: skip


@require_POST
@access(P.LIST_MANAGE, of=List)
def decide_chosen(request: HttpRequest, of: List) -> HttpResponse:
    """What is done with those that were ticked on one page."""
    verb, chosen = forms.Verb(request.POST), forms.keys(request.POST.getlist("which"))
    back = redirect("lists:differences", of.pk)
    back["Location"] += queries.as_query(_narrow(request).narrowing())
    if not verb.is_valid() or not chosen:
        messages.error(request, "Nothing was decided: tick at least one of them first.")
        return back
    _decide(request, of, chosen, verb.cleaned_data["do"])
    return back


def _decide(request: HttpRequest, of: List, chosen: list[UUID], do: str) -> None:
    by, at = actor_of(request), timezone.now()
    if do == forms.REJECT:
        done = deciding.reject_many(of, chosen, by=by, at=at)
        messages.success(request, f"{done.count:,} rejected. The same is not asked again.")
        return
    done = deciding.accept_many(of, chosen, by=by, at=at, signposted=do == forms.SIGNPOST)
    words = " and left for signposting" if do == forms.SIGNPOST else ""
    messages.success(request, f"{done.count:,} accepted{words}.{presenters.left(done.left)}")


@access(P.LIST_MANAGE, of=List)
def decide_all(request: HttpRequest, of: List) -> HttpResponse:
    """Everything that matches a filter, once somebody has said yes to the number."""
    verb, how = forms.Verb(request.POST if request.method == "POST" else request.GET), _narrow(request).narrowing()
    if not verb.is_valid() or how.state != "open":
        raise Http404
    do, found = verb.cleaned_data["do"], list(queries.narrowed(of, how).select_related("service"))
    chosen = [one.pk for one in found]
    if request.method == "POST" and request.POST.get("number") == str(len(found)) and found:
        _decide(request, of, chosen, do)
        return redirect("lists:differences", of.pk)
    if request.method == "POST":
        messages.error(request, "Nothing was decided: the number changed meanwhile. Look at it again.")
    alone = sum(bool(deciding.alone(one)) for one in found) if do != forms.REJECT else 0
    return render(request, "lists/decide_all.html", {
        "of": of, "do": do, "word": dict(forms.VERBS)[do], "total": len(found), "alone": alone,
        "narrowed": queries.said(how), "query": queries.as_query(how),
    })  # fmt: skip


@access(P.LIST_MANAGE, of=Difference)
def difference(request: HttpRequest, difference: Difference) -> HttpResponse:
    """One difference: field by field, as the public would see it, and the service that it may be."""
    return _difference(request, difference, _take(difference))


def _take(difference: Difference, sent: Any = None) -> forms.Take:
    fields = [(name, words) for name, words in presenters.LABELS.items() if name in difference.changes]
    first = {"take": [name for name, _ in fields],
             "seen": deciding.stamp(difference.service) if difference.service else ""}  # fmt: skip
    return forms.Take(sent, fields=fields, initial=first)


def _difference(request: HttpRequest, one: Difference, form: forms.Take) -> HttpResponse:
    words, asked = directory.words(timezone.localdate()), request.GET.get("find", "").strip()
    return render(request, "lists/difference.html", {
        "one": one, "of": one.list, "row": presenters.row(one), "fields": presenters.fields(one, words), "take": form,
        "form": form, "alike": presenters.alike(one), "asked": asked,
        "beside": presenters.beside(one, one.likely, words) if one.likely else [],
        "card": directory_presenters.card(presenters.preview(one), words), "alone": deciding.alone(one),
        "open": one.state == lifecycle.OPEN, "odd": presenters.odd(one),
        "found": queries.search(actor_of(request), one, asked),
        "tied": queries.is_tied_by_hand(one), "may_undo": queries.may_undo(one),
    })  # fmt: skip


@require_POST
@access(P.LIST_MANAGE, of=Difference)
def accept(request: HttpRequest, difference: Difference) -> HttpResponse:
    form, by = _take(difference, request.POST), actor_of(request)
    if not form.is_valid():
        return _difference(request, difference, form)
    said = form.cleaned_data
    take = said["take"] if difference.kind == Difference.Kind.CHANGED else None
    if did(form, lambda: deciding.accept(
        difference, by=by, at=timezone.now(), seen=said["seen"], take=take,
        signposted=request.POST.get("do") == forms.SIGNPOST,
    )):  # fmt: skip
        messages.success(request, "Accepted.")
        return redirect("lists:difference", difference.pk)
    return _difference(request, difference, form)


def _done(request: HttpRequest, one: Difference, act: Callable[..., object], words: str, *more: Any) -> HttpResponse:
    tried(request, lambda: act(one, *more, by=actor_of(request), at=timezone.now()), words)
    return redirect("lists:difference", one.pk)


@require_POST
@access(P.LIST_MANAGE, of=Difference)
def reject(request: HttpRequest, difference: Difference) -> HttpResponse:
    return _done(request, difference, deciding.reject, "Rejected. The same is not asked again.")


@require_POST
@access(P.LIST_MANAGE, of=Difference)
def undo(request: HttpRequest, difference: Difference) -> HttpResponse:
    return _done(request, difference, deciding.undo, "Undone. It waits for a decision again.")


@require_POST
@access(P.LIST_MANAGE, of=Difference)
def same(request: HttpRequest, difference: Difference) -> HttpResponse:
    """It is a service that is here already: the one that is sent, of those that the hub looks after."""

    def act(one: Difference, **how: Any) -> None:
        deciding.same(one, queries.service_to_tie(how["by"], request.POST.get("service", "")), **how)

    return _done(request, difference, act, "It is that service. Choose what of the list’s words you take over.")


@require_POST
@access(P.LIST_MANAGE, of=Difference)
def another(request: HttpRequest, difference: Difference) -> HttpResponse:
    return _done(request, difference, deciding.another, "It is another service. It stands here as new.")
