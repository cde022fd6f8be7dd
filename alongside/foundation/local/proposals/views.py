"""Pages of proposals: what would be different, section by section; how the public would see it; the hub's answer."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of
from alongside.core.pages.acts import did, tried
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.local.directory import presenters as directory_presenters
from alongside.foundation.local.directory import queries as directory
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.proposals import actions, forms, lifecycle, presenters, queries, rules
from alongside.foundation.local.proposals.models import Proposal
from alongside.foundation.office.accounts.permissions import Permission as P

MOVES = {"take_back": actions.take_back, "call_off": actions.call_off, "drop": actions.drop}
DONE = {
    "take_back": "It is yours to change again.",
    "call_off": "Called off: it is a draft again.",
    "drop": "Dropped. Nothing of it was ever shown.",
}


@access(P.SERVICE_MANAGE, rows=Proposal)
def proposals(request: HttpRequest, rows: QuerySet[Proposal]) -> HttpResponse:
    """Everything that is not decided yet, or waits for its day."""
    actor = actor_of(request)
    found = queries.waiting(actor)
    asked = request.GET
    page = page_of(found, order=("-changed_at", "id"), after=asked.get("after", ""), before=asked.get("before", ""))
    before, after = page_links(request, page)
    return render(request, "proposals/proposals.html", {
        "lines": [presenters.line(one) for one in page.rows], "before": before, "after": after,
        "total": found.count(), "hub": queries.is_hub(actor),
    })  # fmt: skip


@access(P.SERVICE_MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    """A new service: its name and who runs it; the rest is said section by section."""
    actor = actor_of(request)
    providers = directory.providers_for(actor)
    if not queries.is_hub(actor):
        providers = [(key, name) for key, name in providers if int(key) == actor.organisation_id]
    form = forms.Begin(request.POST or None, providers=providers)
    made: list[Proposal] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        provider = directory.provider(said["provider"])
        if did(form, lambda: made.append(actions.begin_new(provider, by=actor, at=timezone.now(), name=said["name"]))):
            return redirect("proposals:show", made[0].pk)
    return render(request, "proposals/new.html", {"form": form})


@require_POST
@access(P.SERVICE_MANAGE, of=Service)
def begin(request: HttpRequest, service: Service) -> HttpResponse:
    actor = actor_of(request)
    if not directory.may_manage(actor, service) or service.provider_id is None:
        raise PermissionDenied
    kind = Proposal.Kind.CLOSE if request.POST.get("kind") == "close" else Proposal.Kind.CHANGE
    return redirect("proposals:show", actions.begin(service, by=actor, at=timezone.now(), kind=kind).pk)


@access(P.SERVICE_MANAGE, of=Service)
def history(request: HttpRequest, service: Service) -> HttpResponse:
    """How a service was worded, version by version, for those who look after it."""
    if not directory.may_manage(actor_of(request), service):
        raise PermissionDenied
    words = directory.words(timezone.localdate())
    past = presenters.past(queries.versions(service), words)
    return render(request, "proposals/history.html", {"service": service, "past": past})


@access(P.SERVICE_MANAGE, of=Proposal)
def show(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """The whole of it: what is different, how the public would see it, and what can be done."""
    return _shown(request, proposal)


def _shown(request: HttpRequest, proposal: Proposal, **with_forms: Any) -> HttpResponse:
    actor, words = actor_of(request), directory.words(timezone.localdate())
    hub, wanted = queries.is_hub(actor), queries.wanted(proposal)
    live, closes = proposal.state == lifecycle.LIVE, proposal.kind == Proposal.Kind.CLOSE
    before = proposal.before if live else queries.now(proposal)
    moves = {move.name for move in lifecycle.proposal.moves_from(proposal.state)}
    return render(request, "proposals/show.html", {
        "proposal": proposal, "line": presenters.line(proposal), "hub": hub, "moves": moves,
        "tasks": presenters.tasks(proposal, hub=hub) if "send" in moves and not closes else [],
        "differences": presenters.differences(before, proposal.changes, words),
        "card": directory_presenters.card(presenters.as_it_would_be(proposal, wanted), words),
        "missing": () if closes else rules.missing(wanted),
        "seen": queries.version_of(proposal.service), "send_form": _send_form(proposal), "answer_form": forms.Answer(),
        **with_forms,
    })  # fmt: skip


def _send_form(proposal: Proposal, sent: Mapping[str, Any] | None = None) -> forms.Send:
    first = {"applies_on": proposal.applies_on, "words": proposal.words, "moves_to": proposal.moves_to_id}
    if proposal.kind == Proposal.Kind.CLOSE:
        return forms.SendClosing(sent, initial=first, destinations=queries.destinations(proposal))
    return forms.Send(sent, initial=first)


@access(P.SERVICE_MANAGE, of=Proposal)
def section(request: HttpRequest, proposal: Proposal, code: str) -> HttpResponse:
    """One section of what the service says of itself."""
    actor = actor_of(request)
    found = _section(proposal, code, hub=queries.is_hub(actor))
    wanted, choices = queries.wanted(proposal), directory.choices_for(actor, timezone.localdate())
    form = forms.Words(
        request.POST or None, section=found, choices=choices, initial={**wanted, "stamp": proposal.stamp}
    )
    if request.method == "POST" and form.is_valid():
        said, seen = form.wanted(), form.cleaned_data["stamp"]
        if did(form, lambda: actions.put(proposal, said, by=actor, at=timezone.now(), seen=seen)):
            return redirect("proposals:show", proposal.pk)
    words = directory.words(timezone.localdate())
    parts = [(name, presenters.part_lines(name, wanted[name], words)) for name in forms.LISTS if name in found.names]
    return render(request, "proposals/section.html", {
        "proposal": proposal, "section": found, "form": form, "parts": parts, "columns": forms.coded(found.names),
        "secret": wanted["location_protected"],
    })  # fmt: skip


def _section(proposal: Proposal, code: str, *, hub: bool) -> rules.Section:
    found = rules.BY_CODE.get(code)
    if found is None or (found.hub_only and not hub) or proposal.kind == Proposal.Kind.CLOSE:
        raise Http404
    return found


@access(P.SERVICE_MANAGE, of=Proposal)
def part(request: HttpRequest, proposal: Proposal, name: str, index: int | None = None) -> HttpResponse:
    """A site or a post: a new one, or the one at this place of the list."""
    if name not in forms.PARTS:
        raise Http404
    actor = actor_of(request)
    kept = list(queries.wanted(proposal)[name])
    if index is not None and index >= len(kept):
        raise Http404
    first = kept[index] if index is not None else {}
    choices = directory.choices_for(actor, timezone.localdate())
    form = forms.PARTS[name](request.POST or None, initial={**first, "stamp": proposal.stamp}, choices=choices)
    if request.method == "POST" and form.is_valid():
        said = {key: value for key, value in form.cleaned_data.items() if key != "stamp"}
        wanted = {name: [*kept[:index], said, *kept[index + 1 :]] if index is not None else [*kept, said]}
        seen = form.cleaned_data["stamp"]
        if did(form, lambda: actions.put(proposal, wanted, by=actor, at=timezone.now(), seen=seen)):
            return redirect("proposals:section", proposal.pk, "places" if name == "sites" else "posts")
    return render(request, "proposals/part.html", {"proposal": proposal, "name": name, "form": form, "index": index})


@require_POST
@access(P.SERVICE_MANAGE, of=Proposal)
def remove_part(request: HttpRequest, proposal: Proposal, name: str, index: int) -> HttpResponse:
    if name not in forms.PARTS:
        raise Http404
    actor, kept = actor_of(request), list(queries.wanted(proposal)[name])
    seen = int(request.POST["stamp"]) if request.POST.get("stamp", "").isdigit() else 0
    wanted = {name: [one for place, one in enumerate(kept) if place != index]}
    tried(request, lambda: actions.put(proposal, wanted, by=actor, at=timezone.now(), seen=seen), "Taken out.")
    return redirect("proposals:section", proposal.pk, "places" if name == "sites" else "posts")


@require_POST
@access(P.SERVICE_MANAGE, of=Proposal)
def send(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    actor, form = actor_of(request), _send_form(proposal, request.POST)
    if not form.is_valid():
        return _shown(request, proposal, send_form=form, form=form)
    said = form.cleaned_data
    to = directory.public_services().filter(pk=said["moves_to"]).first() if said.get("moves_to") else None
    if not did(form, lambda: actions.send(
        proposal, by=actor, at=timezone.now(), words=said["words"], applies_on=said["applies_on"], moves_to=to
    )):  # fmt: skip
        return _shown(request, proposal, send_form=form, form=form)
    return redirect("proposals:show", proposal.pk)


@require_POST
@access(P.SERVICE_MANAGE, of=Proposal)
def agree(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    actor = _hub(request)
    seen = int(request.POST["seen"]) if request.POST.get("seen", "").isdigit() else -1
    tried(request, lambda: actions.agree(proposal, by=actor, at=timezone.now(), seen=seen), "Agreed.")
    return redirect("proposals:show", proposal.pk)


@require_POST
@access(P.SERVICE_MANAGE, of=Proposal)
def give_back(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    actor, form = _hub(request), forms.Answer(request.POST)
    if form.is_valid() and did(form, lambda: actions.give_back(
        proposal, by=actor, at=timezone.now(), answer=form.cleaned_data["answer"]
    )):  # fmt: skip
        return redirect("proposals:show", proposal.pk)
    return _shown(request, proposal, answer_form=form, form=form)


@require_POST
@access(P.SERVICE_MANAGE, of=Proposal)
def move(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Takes back, calls off or drops: verbs that ask nothing."""
    name = request.POST.get("move", "")
    if name not in MOVES:
        raise Http404
    tried(request, lambda: MOVES[name](proposal, by=actor_of(request), at=timezone.now()), DONE[name])
    return redirect("proposals:show", proposal.pk)


def _hub(request: HttpRequest) -> Any:
    actor = actor_of(request)
    if not queries.is_hub(actor):
        raise PermissionDenied
    return actor
