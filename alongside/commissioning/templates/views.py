"""Pages on which an office reads and writes return templates."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.commissioning.templates import actions, forms, presenters, queries, rules
from alongside.commissioning.templates.models import Draft
from alongside.commissioning.templates.rules import KIND_WORDS, Kind, Question, Section, Template
from alongside.core.access.declare import access, actor_of
from alongside.core.clocks import london_date
from alongside.core.pages.acts import did, tried
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook


def _today() -> date:
    return london_date(timezone.now())


@access(P.RETURN_READ)
def templates(request: HttpRequest) -> HttpResponse:
    """Every template that is in force, and those that are being written."""
    by, on = actor_of(request), _today()
    writes, sizes = by.may(P.RETURN_SET_UP), queries.sizes(on)
    cards = [(one, presenters.by_size(one, sizes)) for one in queries.templates(on)]
    drafts = queries.drafts(by) if writes else ()
    return render(request, "templates/templates.html", {"cards": cards, "drafts": drafts, "may_write": writes})


def _shown(template: Template) -> dict[str, Any]:
    sizes = queries.sizes(_today())
    return {"template": template, "facts": presenters.facts(template), "by_size": presenters.by_size(template, sizes),
            "parts": presenters.parts(template, dict(sizes))}  # fmt: skip


@access(P.RETURN_READ)
def show_template(request: HttpRequest, code: str) -> HttpResponse:
    """One template as it is asked today."""
    by, row = actor_of(request), rulebook.find(queries.BOOK, code, _today())
    if row is None:
        raise Http404
    writes = by.may(P.RETURN_SET_UP)
    held = queries.draft(code, by) if writes else None
    coming = [one for one in queries.history(code) if one.since > row.since and one.since != one.until]
    context = {**_shown(queries.as_template(row)), "row": row, "draft": held, "may_write": writes, "coming": coming}
    return render(request, "templates/template.html", context)


@access(P.RETURN_READ)
def past(request: HttpRequest, code: str) -> HttpResponse:
    """Every version of a template and what each changed."""
    found = presenters.versions(code, _today())
    if not found:
        raise Http404
    writes, title = actor_of(request).may(P.RETURN_SET_UP), found[0].row.title
    return render(request, "templates/past.html", {"versions": found, "code": code, "title": title,
                                                   "may_write": writes})  # fmt: skip


@access(P.RETURN_SET_UP)
@require_POST
def begin_draft(request: HttpRequest, code: str) -> HttpResponse:
    by, sent = actor_of(request), request.POST.get("like", "")
    like = int(sent) if sent.isdecimal() else 0
    made: list[Draft] = []
    if tried(
        request, lambda: made.append(actions.begin(code, by=by, at=timezone.now(), like=like)),
        "Write the new version. Nothing changes until it is published.",
    ):  # fmt: skip
        return redirect("templates:draft", pk=made[0].pk)
    return redirect("templates:templates")


@access(P.RETURN_SET_UP)
def start(request: HttpRequest) -> HttpResponse:
    """Begins a template of the office's own."""
    by, at = actor_of(request), timezone.now()
    form = forms.Start(request.POST or None)
    made: list[Draft] = []
    if form.is_valid() and did(form, lambda: made.append(actions.start(by=by, at=at, **form.cleaned_data))):
        return redirect("templates:settle", pk=made[0].pk)
    return render(request, "templates/start.html", {"form": form})


@access(P.RETURN_SET_UP, of=Draft)
def draft(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A template that is being written, section by section."""
    context = {**_shown(queries.drafted(draft)), "draft": draft, "changed": queries.changed(draft)}
    return render(request, "templates/draft.html", context)


def _form(
    request: HttpRequest, draft: Draft, form: Any, act: Callable[[], object], *, caption: str = "", **words: Any
) -> HttpResponse:  # fmt: skip
    """A form about a draft: done and back to it, or shown again with what is wrong."""
    if form.is_valid() and did(form, act):
        return redirect("templates:draft", pk=draft.pk)
    return render(
        request, "templates/form.html", {"form": form, "draft": draft, "caption": caption or draft.title, **words}
    )


@access(P.RETURN_SET_UP, of=Draft)
def settle(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What stands around the questions."""
    by, at = actor_of(request), timezone.now()
    start = forms.Settle.begun(queries.drafted(draft)) | {"stamp": draft.stamp}
    form = forms.Settle(request.POST or None, initial=start)
    return _form(
        request, draft, form, lambda: actions.settle(draft, by=by, at=at, **form.said),
        heading="Name, days and statement",
    )  # fmt: skip


@access(P.RETURN_SET_UP, of=Draft)
def head(request: HttpRequest, draft: Draft) -> HttpResponse:
    return _head(request, draft, Section("", ""), "A new section")


@access(P.RETURN_SET_UP, of=Draft)
def head_again(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    section = queries.drafted(draft).section(code)
    if section is None:
        raise Http404
    return _head(request, draft, section, "Change a section")


def _head(request: HttpRequest, draft: Draft, section: Section, heading: str) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    start = {"title": section.title, "intro": section.intro, "stamp": draft.stamp}
    form = forms.Head(request.POST or None, initial=start)
    return _form(
        request, draft, form,
        lambda: actions.head(
            draft, by=by, at=at, section=form.section(section.code), stamp=form.cleaned_data["stamp"]
        ),
        heading=heading,
    )  # fmt: skip


@access(P.RETURN_SET_UP, of=Draft)
def choose_kind(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What sort of answer a new question wants; a section comes first."""
    if not queries.drafted(draft).sections:
        flash.error(request, "Put in a section first: every question stands in one.")
        return redirect("templates:draft", pk=draft.pk)
    form = forms.AskKind(request.GET if "kind" in request.GET else None)
    if form.is_valid():
        return redirect("templates:put_in", pk=draft.pk, kind=form.cleaned_data["kind"])
    return render(request, "templates/kind.html", {"form": form, "draft": draft})


@access(P.RETURN_SET_UP, of=Draft)
def put_in(request: HttpRequest, draft: Draft, kind: str) -> HttpResponse:
    whole = queries.drafted(draft)
    if kind not in KIND_WORDS or not whole.sections:
        raise Http404
    asked = request.GET.get("section", "")
    section = asked if whole.section(asked) else whole.sections[0].code
    return _question(request, draft, Question("", section, Kind(kind), ""), actions.put_in, "A new question")


@access(P.RETURN_SET_UP, of=Draft)
def reword(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    question = queries.drafted(draft).question(code)
    if question is None:
        raise Http404
    return _question(request, draft, question, actions.reword, f"Question {code}")


def _question(
    request: HttpRequest, draft: Draft, question: Question, act: Callable[..., object], heading: str
) -> HttpResponse:
    by, at, whole = actor_of(request), timezone.now(), queries.drafted(draft)
    codes = [one.code for one in whole.questions]
    before = whole.questions[: codes.index(question.code)] if question.code in codes else whole.questions
    form = forms.Ask(
        request.POST or None, kind=question.kind, template=whole, sizes=queries.sizes(_today()), before=before,
        measures=queries.measure_choices(), initial={**forms.Ask.begun(question), "stamp": draft.stamp},
    )  # fmt: skip
    return _form(
        request, draft, form,
        lambda: act(
            draft, by=by, at=at, question=form.question(question.code), stamp=form.cleaned_data["stamp"]
        ),
        heading=heading, caption=KIND_WORDS[question.kind],
    )  # fmt: skip


@access(P.RETURN_SET_UP, of=Draft)
def put_check(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What has to hold between answers."""
    by, at, whole = actor_of(request), timezone.now(), queries.drafted(draft)
    form = forms.AddCheck(request.POST or None, initial={"stamp": draft.stamp})
    numbers = [one for one in whole.questions if one.kind in rules.NUMBERS and not one.by]
    return _form(
        request, draft, form,
        lambda: actions.put_check(draft, by=by, at=at, check=form.check_(), stamp=form.cleaned_data["stamp"]),
        heading="A check across answers", numbers=numbers,
    )  # fmt: skip


def _stamp(request: HttpRequest) -> int:
    sent = request.POST.get("stamp", "")
    if not sent.isdecimal():
        raise Http404
    return int(sent)


def _press(request: HttpRequest, draft: Draft, act: Callable[..., object], done: str, **more: Any) -> HttpResponse:
    """A button beside a section or a question."""
    by, at, code, whole = actor_of(request), timezone.now(), request.POST.get("code", ""), queries.drafted(draft)
    if whole.question(code) is None and whole.section(code) is None:
        raise Http404
    stamp = _stamp(request)
    tried(request, lambda: act(draft, by=by, at=at, code=code, stamp=stamp, **more), done)
    return redirect("templates:draft", pk=draft.pk)


@access(P.RETURN_SET_UP, of=Draft)
@require_POST
def move(request: HttpRequest, draft: Draft) -> HttpResponse:
    return _press(request, draft, actions.move, "It stands in another place.", up="up" in request.POST)


@access(P.RETURN_SET_UP, of=Draft)
@require_POST
def take_out(request: HttpRequest, draft: Draft) -> HttpResponse:
    return _press(request, draft, actions.take_out, "Taken out of the new version. What was answered before stays.")


@access(P.RETURN_SET_UP, of=Draft)
@require_POST
def take_check(request: HttpRequest, draft: Draft) -> HttpResponse:
    by, stamp, formula = actor_of(request), _stamp(request), request.POST.get("formula", "")
    tried(
        request, lambda: actions.take_check(draft, by=by, at=timezone.now(), formula=formula, stamp=stamp),
        "That is no longer checked.",
    )  # fmt: skip
    return redirect("templates:draft", pk=draft.pk)


@access(P.RETURN_SET_UP, of=Draft)
def publish(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The draft becomes a version, and what is different is said before it does."""
    by, at = actor_of(request), timezone.now()
    form = forms.Publish(request.POST or None, initial={"stamp": draft.stamp})
    if form.is_valid() and did(form, lambda: actions.publish(draft, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Published. Quarters that begin from its day on are asked by it.")
        return redirect("templates:past", code=draft.code)
    context = {"form": form, "draft": draft, "changed": queries.changed(draft)}
    return render(request, "templates/publish.html", context)


@access(P.RETURN_SET_UP, of=Draft)
@require_POST
def drop(request: HttpRequest, draft: Draft) -> HttpResponse:
    by = actor_of(request)
    tried(request, lambda: actions.drop(draft, by=by, at=timezone.now()), "Thrown away. What is asked is as it was.")
    return redirect("templates:templates")
