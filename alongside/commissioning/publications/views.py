"""Pages of what was published, for the office whose figures they are."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from alongside.commissioning.publications import forms, presenters, queries
from alongside.commissioning.publications.models import Publication
from alongside.core.access.declare import access, actor_of
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.office.accounts.permissions import Permission


@access(Permission.MEASURE_READ, rows=Publication)
def publications(request: HttpRequest, rows: QuerySet[Publication]) -> HttpResponse:
    """Every table that left, the latest first."""
    form, get = forms.Search(request.GET, quarters=queries.quarters_of(rows)), request.GET.get
    found = queries.listed(rows, **form.asked)
    page = page_of(found, order=("-made_at", "-id"), after=get("after", ""), before=get("before", ""))
    before, after = page_links(request, page)
    names = queries.names_of(actor_of(request))
    context = {"form": form, "rows": [presenters.row(one, names) for one in page.rows], "total": found.count(),
               "before": before, "after": after}  # fmt: skip
    return render(request, "publications/publications.html", context)


@access(Permission.MEASURE_READ, of=Publication)
def publication(request: HttpRequest, publication: Publication) -> HttpResponse:
    """One table: how it was protected, what it was held against, what stayed, and its numbers as they were shown."""
    actor = actor_of(request)
    titles = queries.titles_of(publication.measures)
    form = forms.Choose(request.GET, measures=[*titles.items()], quarters=publication.quarters)
    checked, names = queries.checked_against(publication, actor), queries.names_of(actor)
    measure, quarter = form.asked
    context = {
        "publication": publication, "form": form, "summary": presenters.summary(publication, names, checked),
        "held": presenters.held(publication, titles | queries.titles_of(one[0] for one in publication.held)),
        "checked": [presenters.row(one, names) for one in checked], "title": titles.get(measure, ""),
        "table": presenters.table(queries.lines(publication, measure, quarter), queries.words_of(publication)),
        "shown_quarter": quarter,
    }  # fmt: skip
    return render(request, "publications/publication.html", context)
