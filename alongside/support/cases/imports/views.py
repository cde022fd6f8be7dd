"""Pages of bringing a caseload along: sent, understood, previewed and mended, brought in, taken back."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.pages import searches
from alongside.core.pages.acts import did, refuse, tried
from alongside.core.pages.files import handed_out
from alongside.core.pages.tables import page_links
from alongside.core.privacy import crypt
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.reading import Unreadable
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.imports import actions, forms, lifecycle, presenters, queries
from alongside.support.cases.imports.models import Batch, Row

AGAIN = 3  # seconds until a page that waits for the worker asks again
MAY = P.CASE_IMPORT


@access(MAY, rows=Batch)
def imports(request: HttpRequest, rows: QuerySet[Batch]) -> HttpResponse:
    """What was sent, and what bringing a caseload along takes."""
    by, on = actor_of(request), london_date(timezone.now())
    names, days, found = casework.colleagues(by), queries.kept_days(on), queries.batches(rows)
    crypt.load_keys([one.pk for one in found])
    past = [
        presenters.past(one, queries.name_of(one), names, london_date(one.uploaded_at) + timedelta(days=days))
        for one in found
    ]
    return render(request, "imports/imports.html", {"past": past, "days": days})


@access(MAY)
def guide(request: HttpRequest) -> HttpResponse:
    """How it goes, in plain words."""
    on = london_date(timezone.now())
    said = {code: queries.limit(code, on) for code in ("import_rows", "import_megabytes", "import_undo")}
    return render(request, "imports/guide.html", {**said, "days": queries.kept_days(on)})


@access(MAY)
def upload(request: HttpRequest) -> HttpResponse:
    """Takes a spreadsheet in."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form, made = forms.Upload(*sent), list[Batch]()
    if form.is_valid():
        file, by = form.upload, actor_of(request)
        if did(form, lambda: made.append(
            actions.upload(file.chunks(), by=by, at=timezone.now(), name=file.name or "")
        )):  # fmt: skip
            return redirect("imports:map_columns", made[0].pk)
    return render(request, "imports/upload.html", {"form": form, "most": queries.limit(
        "import_megabytes", london_date(timezone.now()))})  # fmt: skip


def _table(
    request: HttpRequest, name: str, rows: list[dict[str, Any]], columns: Any, fmt: str = "xlsx"
) -> HttpResponse:
    file = documents.table(name, columns, rows, by=actor_of(request), at=timezone.now(), fmt=fmt, about="import")
    return handed_out(file.content, type_=file.content_type, name=file.filename)


@require_POST
@access(MAY)
def template(request: HttpRequest) -> HttpResponse:
    """An empty sheet with our headings."""
    return _table(request, "caseload-template", [], presenters.TEMPLATE)


@require_POST
@access(MAY)
def example(request: HttpRequest) -> HttpResponse:
    """The same with people who are made up."""
    known = queries.known(actor_of(request).organisation_id or 0, london_date(timezone.now()))
    rows = presenters.examples(known, london_date(timezone.now()))
    return _table(request, "caseload-example", rows, presenters.example_columns())


def _opens(view: Callable[[HttpRequest, Batch], HttpResponse]) -> Callable[[HttpRequest, Batch], HttpResponse]:
    """A file that was taken in may still fail to open another time, where the machine is busy or its memory short:
    the page then says so and what to do; the file stays, and so does what was just said of it, to be sent again."""

    @wraps(view)
    def inner(request: HttpRequest, batch: Batch) -> HttpResponse:
        try:
            return view(request, batch)
        except Unreadable as why:
            erased = london_date(batch.uploaded_at) + timedelta(days=queries.kept_days(london_date(timezone.now())))
            return render(request, "imports/unread.html", {
                "batch": batch, "why": str(why), "erased": erased, "file": queries.name_of(batch),
                "said": presenters.said_again(request.POST),
            }, status=422)  # fmt: skip

    return inner


@access(MAY, of=Batch)
@_opens
def choose_sheet(request: HttpRequest, batch: Batch) -> HttpResponse:
    """Which sheet holds the cases, and in which row its headings are."""
    sheets = queries.opened(batch).sheets
    first = {"sheet": batch.sheet, "heading_row": batch.heading_row}
    form = forms.ChooseSheet(request.POST or None, initial=first, sheets=presenters.sheet_titles(sheets))
    if form.is_valid() and did(form, lambda: actions.choose_sheet(
        batch, by=actor_of(request), at=timezone.now(), **form.cleaned_data
    )):  # fmt: skip
        return redirect("imports:map_columns", batch.pk)
    return render(request, "imports/choose_sheet.html", {"form": form, "batch": batch, "tops": presenters.tops(sheets)})


@access(MAY, of=Batch)
@_opens
def map_columns(request: HttpRequest, batch: Batch) -> HttpResponse:
    """What each column holds."""
    asked = queries.columns_asked(batch, london_date(timezone.now()))
    form = forms.Columns(request.POST or None, initial=asked.first, headings=asked.headings, known=asked.known)
    kept = list[Batch]()
    if form.is_valid() and did(form, lambda: kept.append(actions.map_columns(
        batch, queries.plan_from(asked, form.columns, form.fixed), by=actor_of(request), at=timezone.now(),
        seen=form.cleaned_data["seen"],
    ))):  # fmt: skip
        doubt = queries.words_asked(kept[0], london_date(timezone.now())).open
        return redirect("imports:say_words" if doubt else "imports:show", batch.pk)
    return render(request, "imports/map_columns.html", {
        "form": form, "batch": batch, "samples": asked.samples, "remarks": presenters.remarks(batch),
    })  # fmt: skip


@access(MAY, of=Batch)
@_opens
def say_words(request: HttpRequest, batch: Batch) -> HttpResponse:
    """What their words mean, and how days are written where that is in doubt."""
    asked = queries.words_asked(batch, london_date(timezone.now()))
    form = forms.Words(request.POST or None, initial=asked.first, words=asked.words, ways=asked.ways, known=asked.known)
    if form.is_valid() and did(form, lambda: actions.map_columns(
        batch, queries.plan_worded(asked, form.said(), form.said_ways()), by=actor_of(request), at=timezone.now(),
        seen=form.cleaned_data["seen"],
    )):  # fmt: skip
        return redirect("imports:show", batch.pk)
    return render(request, "imports/say_words.html", {
        "form": form, "batch": batch, "asked": asked, "labels": presenters.labels()
    })  # fmt: skip


search = searches.leads_to(MAY, "imports:show", plain=searches.nothing)


@access(MAY, of=Batch)
def show(request: HttpRequest, batch: Batch) -> HttpResponse:
    """The preview with every row; while the worker is at it, how far; afterwards what came of it."""
    if batch.state == lifecycle.UPLOADED:
        return redirect("imports:map_columns", batch.pk)
    query, on = searches.opened(request, plain=searches.nothing), london_date(timezone.now())
    form = searches.marked(request, forms.Narrow(query))
    asked, start, end = form.asked(), query.get("after", ""), query.get("before", "")
    shown = queries.page(batch, asked, by=actor_of(request), after=start, before=end, on=on)
    before, after = page_links(request, shown.page)
    last = queries.undo_until(batch, on)
    erased = london_date(batch.uploaded_at) + timedelta(days=queries.kept_days(on))
    return render(request, "imports/show.html", {
        "batch": batch, "form": form, "before": before, "after": after, "total": shown.total, "until": last,
        "failed": queries.has_failed(batch, timezone.now()), "again": AGAIN, "erased": erased,
        "file": queries.name_of(batch),
        "may_undo": batch.state == lifecycle.BROUGHT and batch.done and last and on <= last,
        **presenters.preview(batch, shown, request.path),
    })  # fmt: skip


@require_POST
@access(MAY, of=Batch)
def problems(request: HttpRequest, batch: Batch) -> HttpResponse:
    """The rows that are not ready, with what is wrong, as a file."""
    rows = [presenters.problem(row, queries.content_of(row)) for row in queries.to_do(batch)]
    fmt = "csv" if request.POST.get("form") == "csv" else "xlsx"
    return _table(request, "rows-to-mend", rows, presenters.PROBLEMS, fmt)


def _do(request: HttpRequest, batch: Batch, act: Callable[..., object], words: str) -> HttpResponse:
    tried(request, lambda: act(batch, by=actor_of(request), at=timezone.now()), words)
    return redirect("imports:show", batch.pk)


@require_POST
@access(MAY, of=Batch)
def bring_in(request: HttpRequest, batch: Batch) -> HttpResponse:
    return _do(request, batch, actions.bring_in, "They are being brought in. You may leave this page.")


@require_POST
@access(MAY, of=Batch)
def stop(request: HttpRequest, batch: Batch) -> HttpResponse:
    return _do(request, batch, actions.stop, "Stopped. Those who are in stay, and can be taken back.")


@require_POST
@access(MAY, of=Batch)
def try_again(request: HttpRequest, batch: Batch) -> HttpResponse:
    return _do(request, batch, actions.try_again, "It goes on where it stopped.")


@access(MAY, of=Batch)
def undo(request: HttpRequest, batch: Batch) -> HttpResponse:
    """Asks first: whom it brought is erased. Says who stays."""
    if request.method == "POST":
        return _do(request, batch, actions.undo, "They are being taken back. You may leave this page.")
    by, origins = actor_of(request), queries.origins_of(batch)
    worked = queries.worked_on(origins)
    stays = queries.in_caseload(batch, by).filter(pk__in=worked)
    note_looks(request, [one.victim_id for one in stays], fields="name")
    return render(request, "imports/undo.html", {"batch": batch, "stays": stays, "goes": len(origins) - len(worked)})


@access(MAY, of=Batch)
def throw_away(request: HttpRequest, batch: Batch) -> HttpResponse:
    """Asks first: the file and its rows are erased, and its people can be taken back no more."""
    if request.method == "POST" and tried(
        request, lambda: actions.throw_away(batch, by=actor_of(request), at=timezone.now()), "The file is erased."
    ):
        return redirect("imports:imports")
    return render(request, "imports/throw_away.html", {"batch": batch})


@access(MAY, of=Row)
def mend(request: HttpRequest, row: Row) -> HttpResponse:
    """A row, cell by cell; beside it whom it looks like, or what it says otherwise than before."""
    by, on = actor_of(request), london_date(timezone.now())
    shown = queries.row_shown(row, by, on)
    note_looks(request, shown.looked_at, fields="name birth_date")
    form = forms.Mend(request.POST or None, initial=shown.first, keys=shown.keys, faults=row.faults,
                      cells=shown.content.cells, known=shown.known)  # fmt: skip
    if form.is_valid():
        try:
            fresh = actions.mend(row, by=by, at=timezone.now(), cells=form.cells(), codes=form.codes(),
                                 seen=form.cleaned_data["seen"])  # fmt: skip
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            flash.success(request, presenters.kept(fresh))
            return redirect(
                "imports:mend" if fresh.faults else "imports:show", fresh.pk if fresh.faults else row.batch_id
            )
    return render(request, "imports/mend.html", {"row": row, "form": form, **presenters.beside_row(row, shown)})


def _settle(request: HttpRequest, row: Row, act: Callable[..., object], words: str) -> HttpResponse:
    """What a button says of a row that its reader had before them."""
    seen = request.POST.get("seen", "")
    at = {"by": actor_of(request), "at": timezone.now(), "seen": int(seen) if seen.isdigit() else 0}
    tried(request, lambda: act(row, **at), words)
    return redirect("imports:show", row.batch_id)


@require_POST
@access(MAY, of=Row)
def say_apart(request: HttpRequest, row: Row) -> HttpResponse:
    return _settle(request, row, actions.say_apart, "Kept: they are somebody else.")


@require_POST
@access(MAY, of=Row)
def leave_out(request: HttpRequest, row: Row) -> HttpResponse:
    return _settle(request, row, actions.leave_out, "The row is left out.")


@require_POST
@access(MAY, of=Row)
def take_in_again(request: HttpRequest, row: Row) -> HttpResponse:
    return _settle(request, row, actions.take_in_again, "The row counts again.")


@access(P.CASE_WORK, of=Case)
def settle_next(request: HttpRequest, case: Case) -> HttpResponse:
    """What was planned before: done, or planned anew among the appointments."""
    if request.method == "POST":
        words = "Settled. It is on nobody's day any more."
        if tried(request, lambda: actions.settle_next(case, by=actor_of(request), at=timezone.now()), words):
            return redirect("casework:show", case.pk)
    return render(request, "imports/settle_next.html", {"case": case})
