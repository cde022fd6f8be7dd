"""Pages of a provider: the returns that wait, one of them section by section, sent, certified, asked about."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid5

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.commissioning.returns import actions, forms, lifecycle, presenters, queries, rules
from alongside.commissioning.returns.models import Paper, Query, Return
from alongside.commissioning.returns.presenters import Beside
from alongside.commissioning.returns.rules import Held
from alongside.core.access.declare import access, actor_of
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.pages import drafts
from alongside.core.pages.acts import did, tried
from alongside.core.pages.files import handed_out
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.documents.rules import TYPES


@access(P.OWN_FIGURES_READ)
def own_returns(request: HttpRequest) -> HttpResponse:
    """What waits, the one that is due first, and what was certified."""
    by, on = actor_of(request), london_date(timezone.now())
    open_now, done = queries.waiting(by), queries.past(by)
    waiting = [(one, presenters.tag(one), presenters.due_words(one, on)) for one in open_now]
    past = [(one, presenters.tag(one)) for one in done]
    titles = {one.pk: queries.template_of(one).title for one in (*open_now, *done)}
    context = {"waiting": waiting, "past": past, "titles": titles, "words": presenters.quarter_words}
    return render(request, "returns/own_returns.html", context)


def opened(request: HttpRequest, filing: Return, *, movers: bool = True) -> tuple[Beside, Mapping[str, Held]]:
    """A return with everything that stands beside its answers: for its provider as they are now, for the office as they
    were sent last."""
    template = queries.template_of(filing)
    by = actor_of(request)
    own = by.realm == Realm.PROVIDER
    held = (queries.held if own else queries.as_sent)(filing, template)
    manifest = queries.manifest_of(filing, sent=not own)
    found = rules.problems(template, filing.size, held) if held else ()
    return Beside(
        filing, template, manifest, by, then=queries.said_before(filing), threads=queries.threads(filing),
        problems=found, movers=movers,
    ), held  # fmt: skip


@access(P.OWN_FIGURES_READ, of=Return)
def own_return(request: HttpRequest, filing: Return) -> HttpResponse:
    """One return: its sections, what is still to be done, and all of it to read."""
    by, at = actor_of(request), timezone.now()
    with_, held = opened(request, filing)
    found, written = presenters.parts(held, with_), filing.state in lifecycle.WRITTEN
    sendings = queries.rounds(filing)
    was = rules.changes(sendings[1].answers, sendings[0].answers) if len(sendings) > 1 else ()
    context = {
        "filing": filing, "template": with_.template, "parts": found, "tag": presenters.tag(filing),
        "quarter": presenters.quarter_words(filing), "due": presenters.due_words(filing, london_date(at)),
        "tasks": presenters.tasks(found, filing) if written and by.may(P.RETURN_WRITE) else [],
        "stops": [one for one in with_.problems if one.stops], "warnings": [o for o in with_.problems if not o.stops],
        "written": written, "manifest": with_.manifest, "sendings": sendings,
        "changed": presenters.changed(was, with_.template), "may_write": by.may(P.RETURN_WRITE),
        "may_certify": by.may(P.RETURN_CERTIFY) and filing.state == lifecycle.SENT,
        "newer": written and (newest := queries.newest(filing)) and newest.code != filing.snapshot,
        "by_provider": True, "asks": False, "reviews": False,
    }  # fmt: skip
    return render(request, "returns/own_return.html", context)


@access(P.RETURN_WRITE, of=Return)
def write(request: HttpRequest, filing: Return, code: str) -> HttpResponse:
    """One section: figures to look at, the rest to fill in. What is typed is kept as it is typed."""
    by, at = actor_of(request), timezone.now()
    with_, held = opened(request, filing)
    parts = presenters.parts(held, with_, only=code)
    if not parts or filing.state not in lifecycle.WRITTEN:
        raise Http404
    name = drafts.form_name("returns.write", uuid5(filing.pk, code))
    kept = drafts.restore(name, by=by, at=at)
    form = _section(request, filing, parts[0], kept)
    if form.is_valid() and _saved(form, filing, request):
        drafts.drop(name, by=by)
        flash.success(request, f"{parts[0].title}: saved.")
        stays = form.again or "again" in request.POST
        return redirect("returns:write", pk=filing.pk, code=code) if stays else _next(filing, code, held, with_)
    context = {"form": form, "part": parts[0], "filing": filing, "draft": name, "kept": kept,
               "quarter": presenters.quarter_words(filing), "grids": forms.grids(form)}  # fmt: skip
    return render(request, "returns/write.html", context)


def _section(request: HttpRequest, filing: Return, part: presenters.Part, kept: drafts.Kept | None) -> forms.Section:
    answers = [one.held for one in part.shown]
    if request.method == "POST":
        return forms.Section(request.POST, request.FILES, held=answers, stamp=filing.stamp)
    return forms.Section(held=answers, stamp=filing.stamp, kept=kept)


def _saved(form: forms.Section, filing: Return, request: HttpRequest) -> bool:
    """Keeps the answers and what was enclosed; a document that cannot be taken keeps the words all the same."""
    by, at = actor_of(request), timezone.now()
    stamp = form.cleaned_data["stamp"]
    if not did(form, lambda: actions.answer(filing, by=by, at=at, said=form.said, stamp=stamp)):
        return False
    for question, content in form.enclosed.items():
        try:
            actions.enclose(filing, by=by, at=at, question=question, content=content)
        except RuleBroken as broken:
            flash.error(request, f"The document was not taken. {broken.message} Everything else is saved.")
            form.again = True
    return True


def _next(filing: Return, code: str, held: Mapping[str, Held], with_: Beside) -> HttpResponse:
    """The section after this one, or the whole return."""
    codes = presenters.sections(held, with_.template)
    place = codes.index(code) + 1
    if place < len(codes):
        return redirect("returns:write", pk=filing.pk, code=codes[place])
    return redirect("returns:own_return", pk=filing.pk)


@access(P.RETURN_WRITE, of=Return)
@require_POST
def fill_again(request: HttpRequest, filing: Return) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.fill_again(filing, by=by, at=at), "These are the figures of the latest snapshot.")
    return redirect("returns:own_return", pk=filing.pk)


@access(P.RETURN_WRITE, of=Return)
@require_POST
def send(request: HttpRequest, filing: Return) -> HttpResponse:
    by, at, sent = actor_of(request), timezone.now(), request.POST.get("stamp", "")
    stamp = int(sent) if sent.isdecimal() else 0
    done = "Sent. Whoever certifies for you puts their name to it now."
    tried(request, lambda: actions.send(filing, by=by, at=at, stamp=stamp), done)
    return redirect("returns:own_return", pk=filing.pk)


@access(P.RETURN_WRITE, of=Return)
@require_POST
def take_back(request: HttpRequest, filing: Return) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(
        request, lambda: actions.take_back(filing, by=by, at=at), "You can write on it again. Send it when it is ready."
    )
    return redirect("returns:own_return", pk=filing.pk)


@access(P.RETURN_CERTIFY, of=Return)
def certify(request: HttpRequest, filing: Return) -> HttpResponse:
    """A named person looks at all of it and puts their name to it."""
    by, at = actor_of(request), timezone.now()
    if filing.state != lifecycle.SENT:
        return redirect("returns:own_return", pk=filing.pk)
    with_, held = opened(request, filing)
    form = forms.Certify(request.POST or None, initial={"stamp": filing.stamp})
    if form.is_valid() and did(form, lambda: actions.certify(filing, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Certified. Thank you: the office has it.")
        return redirect("returns:own_return", pk=filing.pk)
    context = {"form": form, "filing": filing, "template": with_.template, "parts": presenters.parts(held, with_),
               "quarter": presenters.quarter_words(filing), "by_provider": True, "asks": False, "reviews": False,
               "may_write": False}  # fmt: skip
    return render(request, "returns/certify.html", context)


@access(P.RETURN_WRITE, of=Query)
def own_reply(request: HttpRequest, query: Query) -> HttpResponse:
    return reply(request, query, "returns:own_return")


def reply(request: HttpRequest, query: Query, home: str) -> HttpResponse:
    """Either side says something about what was asked."""
    by, at = actor_of(request), timezone.now()
    form = forms.Reply(request.POST or None)
    if form.is_valid() and did(form, lambda: actions.remark(query, by=by, at=at, **form.cleaned_data)):
        return redirect(home, pk=query.filing_id)
    question = queries.template_of(query.filing).question(query.question)
    remarks = query.remarks.select_related("said_for").order_by("said_at", "id")
    context: dict[str, Any] = {"form": form, "query": query, "question": question, "remarks": remarks, "home": home}
    return render(request, "returns/reply.html", context)


@access(P.OWN_FIGURES_READ, of=Paper)
def own_paper(request: HttpRequest, paper: Paper) -> HttpResponse:
    return hand_out(paper)


def hand_out(paper: Paper) -> HttpResponse:
    return handed_out(bytes(paper.content), type_=TYPES[paper.kind], name=f"document.{paper.kind}")


@access(P.RETURN_WRITE, of=Paper)
@require_POST
def take_out(request: HttpRequest, paper: Paper) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.take_out(paper, by=by, at=at), "The document is taken out.")
    return redirect("returns:own_return", pk=paper.filing_id)


@access(P.OWN_FIGURES_READ, of=Return)
@require_POST
def own_export(request: HttpRequest, filing: Return) -> HttpResponseBase:
    return hand_export(request, filing)


def hand_export(request: HttpRequest, filing: Return) -> HttpResponseBase:
    """The return as a file: every answer, with its definition and reference."""
    form = forms.Export(request.POST)
    if not form.is_valid():
        raise Http404
    by, at = actor_of(request), timezone.now()
    with_, held = opened(request, filing, movers=False)
    rows = presenters.export_rows(presenters.parts(held, with_))
    made = actions.export(filing, rows, by=by, at=at, fmt=form.cleaned_data["fmt"])
    headers = {"Content-Disposition": f'attachment; filename="{made.filename}"'}
    return HttpResponse(made.content, content_type=made.content_type, headers=headers)
