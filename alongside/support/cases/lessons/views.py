"""Pages of learning notes: leaving one, and for managers the list, what was done, and the file."""

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of
from alongside.core.access.fresh import fresh
from alongside.core.clocks import london_date
from alongside.core.pages.acts import did, tried
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.lessons import actions, forms, queries
from alongside.support.cases.lessons.models import Lesson


@access(P.CASE_WORK)
def note(request: HttpRequest) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.Note(request.POST or None, themes=queries.themes(london_date(at)))
    if form.is_valid() and did(form, lambda: actions.note(by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Kept. Your managers read it; it does not say who wrote it.")
        return redirect("lessons:note")
    return render(request, "lessons/note.html", {"form": form, "may_be_names": form.may_be_names})


def _form(request: HttpRequest) -> forms.Learning:
    on = london_date(timezone.now())
    sent = request.POST if request.method == "POST" else request.GET
    return forms.Learning(sent, themes=queries.themes(on), quarters=queries.quarters(on))


@access(P.CASE_ASSIGN, rows=Lesson)
def learning(request: HttpRequest, rows: QuerySet[Lesson]) -> HttpResponse:
    """What was learned, the latest first."""
    form, get = _form(request), request.GET.get
    found = queries.listed(rows, **form.asked)
    page = page_of(found, order=("-noted_at", "-id"), after=get("after", ""), before=get("before", ""))
    before, after = page_links(request, page)
    context = {
        "form": form, "asked": form.asked, "rows": page.rows, "before": before, "after": after,
        "titles": queries.titles(), "counts": queries.by_theme(found),
    }  # fmt: skip
    return render(request, "lessons/learning.html", context)


@access(P.CASE_ASSIGN, of=Lesson)
def act_on(request: HttpRequest, lesson: Lesson) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.ActOn(request.POST or None, initial={"done_words": lesson.done_words})
    if form.is_valid() and did(form, lambda: actions.act_on(lesson, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Marked as acted on.")
        return redirect("lessons:learning")
    return render(request, "lessons/act_on.html", {"form": form, "lesson": lesson, "titles": queries.titles()})


@access(P.CASE_ASSIGN, of=Lesson)
@require_POST
def take_up_again(request: HttpRequest, lesson: Lesson) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.take_up_again(lesson, by=by, at=at), "It is to be acted on again.")
    return redirect("lessons:learning")


@access(P.CASE_ASSIGN, rows=Lesson)
@fresh
def download(request: HttpRequest, rows: QuerySet[Lesson]) -> HttpResponse:
    """The notes that the filters leave, as a file. That it left is on record."""
    if request.method != "POST":
        return redirect("lessons:learning")
    found = queries.listed(rows, **_form(request).asked).order_by("-noted_at", "-id")
    file = actions.export(found, by=actor_of(request), at=timezone.now())
    named = {"Content-Disposition": f'attachment; filename="{file.filename}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=named)
