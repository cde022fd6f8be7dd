"""Pages of translations: how far each language is, its sentences, and what one of them says."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from alongside.core.access.declare import access, actor_of
from alongside.core.clocks import london_date
from alongside.core.pages.acts import did
from alongside.core.pages.tables import with_query
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.foundation.office.translations import actions, forms, presenters, queries
from alongside.foundation.office.translations.presenters import SHOWN


def _today() -> date:
    return london_date(timezone.now())


def _language(code: str) -> RuleRow:
    row = rulebook.find(queries.LANGUAGES, code, _today())
    if row is None:
        raise Http404
    return row


@access(P.RULEBOOK_READ)
def languages(request: HttpRequest) -> HttpResponse:
    on = _today()
    rows = [presenters.progress(row, queries.lines(row.code, on)) for row in queries.languages(on)]
    return render(request, "translations/languages.html", {
        "rows": rows, "may_revise": actor_of(request).may(P.RULEBOOK_REVISE),
    })  # fmt: skip


@access(P.RULEBOOK_READ)
def sentences(request: HttpRequest, language: str) -> HttpResponse:
    """The sentences of a language, a page at a time."""
    row, books, on = _language(language), rulebook.books(), _today()
    form = forms.Narrow(request.GET, pages=presenters.pages(books))
    lines = queries.lines(language, on)
    found = presenters.found(lines, **form.narrowing())
    after = request.GET.get("after", "")
    start = next((place + 1 for place, line in enumerate(found) if line.key == after), 0)
    shown = found[start : start + SHOWN]
    return render(request, "translations/sentences.html", {
        "language": row, "progress": presenters.progress(row, lines), "filters": form, "words": presenters.WORDS,
        "rows": [(line, presenters.where(line, books)) for line in shown], "total": len(found),
        "before": with_query(request) if start else "",
        "after": with_query(request, after=shown[-1].key) if len(found) > start + SHOWN else "",
        "left_over": queries.left_over(language, on), "may_revise": actor_of(request).may(P.RULEBOOK_REVISE),
    })  # fmt: skip


@access(P.RULEBOOK_READ)
def download(request: HttpRequest, language: str) -> HttpResponse:
    content = presenters.file(queries.lines(_language(language).code, _today()), rulebook.books())
    headers = {"Content-Disposition": f'attachment; filename="sentences-{language}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@access(P.RULEBOOK_REVISE)
def translate(request: HttpRequest, language: str, key: str) -> HttpResponse:
    """What a sentence says, as it stands and as it is to be."""
    row, books, now = _language(language), rulebook.books(), timezone.now()
    line = next((one for one in queries.lines(language, london_date(now)) if one.key == key), None)
    if line is None:
        raise Http404
    past = rulebook.history(queries.WRITTEN, f"{language}_{key}")
    form = forms.Translate(request.POST or None, initial={"says": line.says, "seen": past[0].version if past else 0})
    if form.is_valid() and did(
        form, lambda: actions.translate(language, key, by=actor_of(request), at=now, **form.words())
    ):
        messages.success(request, "Written. Every page says it so from now on.")
        return redirect("translations:sentences", language)
    return render(request, "translations/translate.html", {
        "language": row, "line": line, "form": form, "past": past, "word": presenters.WORDS[line.state],
        "where": presenters.where(line, books),
    })  # fmt: skip
