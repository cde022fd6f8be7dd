"""Pages of routing: the lists, writing one and making it live, what it would have done, and sending a referral on."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.pages.acts import did, tried
from alongside.core.pages.beside import Card
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.routing import actions, forms, presenters, previews, queries, rules
from alongside.support.arrivals.routing.models import Decision, Draft, Preview, Version
from alongside.support.arrivals.routing.rules import rules_of

AGAIN = 3  # seconds after which a page that waits asks again
REASONS = "override_reasons"


def _hub(request: HttpRequest) -> int:
    return actor_of(request).organisation_id or 0


def beside(referral: Referral, *, by: Actor, at: datetime) -> Iterable[Card]:
    """What the rules say of a referral, on the referral's own page."""
    if by.may(P.REFERRAL_QUEUE):
        titles = rulebook.titles(REASONS, clocks.london_date(at))
        card = presenters.card(queries.standing(referral), queries.overrides(referral), titles)
        yield from [card] if card else []


@access(P.REFERRAL_TRIAGE, of=Referral)
def offer(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Choose a service and send it the summary; the rule's service comes first."""
    choice, at = queries.choice(referral), timezone.now()
    choices = presenters.service_choices(choice, rulebook.choices(REASONS, clocks.london_date(at)))
    start = {"service": request.GET.get("service", "") or choice.suggested}
    form = forms.Offer(request.POST if request.method == "POST" else None, choices=choices, initial=start)
    if form.is_valid():
        chosen, by = choice.found.service(form.chosen), actor_of(request)
        said = {name: form.cleaned_data[name] for name in ("agreed", "others")}
        reasons = choice.found.reasons(form.chosen)
        if did(form, lambda: actions.offer(
            referral, by=by, at=at, service=chosen, reasons=reasons, against=form.against, **said
        )):  # fmt: skip
            flash.success(request, f"Sent to {chosen.name}. They see a summary until they accept.")
            return redirect("referrals:show", pk=referral.pk)
    note_looks(request, [referral.victim_id], fields="name")
    context = {"form": form, "referral": referral, "name": referral.victim.full_name,
               "hints": presenters.service_hints(choice), "said": presenters.said(choice)}  # fmt: skip
    return render(request, "routing/offer.html", context)


@access(P.REFERRAL_QUEUE, rows=Version)
def lists(request: HttpRequest, rows: "QuerySet[Version]") -> HttpResponse:
    """The list in force, those to come, and all that were."""
    at, hub = timezone.now(), _hub(request)
    now, all_of_them = queries.in_force(hub, at), queries.versions(hub)
    people = queries.names(one.made_live_by for one in all_of_them)
    office = queries.office(hub, clocks.london_date(at))
    return render(request, "routing/lists.html", {
        "now": now, "lines": presenters.lines(rules_of(now.rules), office) if now else [],
        "coming": queries.to_come(hub, at), "history": presenters.history(all_of_them, now, people, at),
        "draft": queries.draft(hub), "may": actor_of(request).may(P.ROUTING_REVISE),
        "to_note": queries.to_note(actor_of(request)).count(),
    })  # fmt: skip


@access(P.REFERRAL_QUEUE, of=Version)
def version(request: HttpRequest, version: Version) -> HttpResponse:
    """A list as it went live, and what is different from the one before."""
    at = timezone.now()
    earlier, now = queries.before(version), queries.in_force(version.hub_id, at)
    office = queries.office(version.hub_id, clocks.london_date(version.since))
    listed, before = rules_of(version.rules), rules_of(earlier.rules if earlier else ())
    in_force = {"word": "In force", "colour": "green"}
    return render(request, "routing/version.html", {
        "version": version, "lines": presenters.lines(listed, office), "earlier": earlier,
        "tag": in_force if now == version else presenters.standing(version, at), "to_come": version.since > at,
        "differences": presenters.differences(rules.changes(before, listed)),
        "people": queries.names([version.made_live_by, version.withdrawn_by]),
        "may": actor_of(request).may(P.ROUTING_REVISE), "left": presenters.LEFT,
    })  # fmt: skip


@require_POST
@access(P.ROUTING_REVISE, of=Version)
def withdraw(request: HttpRequest, version: Version) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.withdraw(version, by=by, at=at), "Withdrawn. It will never be in force.")
    return redirect("routing:version", pk=version.pk)


@require_POST
@access(P.ROUTING_REVISE, of=Version)
def go_back(request: HttpRequest, version: Version) -> HttpResponse:
    """An earlier list becomes the one that is written, to be made live again."""
    return _begin(request, version)


@require_POST
@access(P.ROUTING_REVISE)
def begin(request: HttpRequest) -> HttpResponse:
    return _begin(request, None)


def _begin(request: HttpRequest, like: Version | None) -> HttpResponse:
    hub, by, at = _hub(request), actor_of(request), timezone.now()
    tried(
        request,
        lambda: actions.begin(hub, by=by, at=at, like=like),
        "Write the list. Nothing changes until it is live.",
    )
    held = queries.draft(hub)
    return redirect("routing:draft", pk=held.pk) if held else redirect("routing:lists")


@access(P.ROUTING_REVISE, of=Draft)
def draft(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The list that is being written, with what is wrong with it."""
    office = queries.office(draft.hub_id, clocks.london_date(timezone.now()))
    listed = rules_of(draft.rules)
    found = queries.problems_of(listed, office)
    return render(request, "routing/draft.html", {
        "draft": draft, "lines": presenters.lines(listed, office, found),
        "stops": sum(one.stops for one in found), "by": queries.names([draft.changed_by]).get(draft.changed_by),
    })  # fmt: skip


@access(P.ROUTING_REVISE, of=Draft)
def add_rule(request: HttpRequest, draft: Draft) -> HttpResponse:
    return _write(request, draft, actions.fresh_id(), None)


@access(P.ROUTING_REVISE, of=Draft)
def revise_rule(request: HttpRequest, draft: Draft, rule: UUID) -> HttpResponse:
    found = next((one for one in rules_of(draft.rules) if one.id == str(rule)), None)
    if found is None:
        raise Http404
    return _write(request, draft, found.id, found)


def _write(request: HttpRequest, draft: Draft, key: str, held: rules.Rule | None) -> HttpResponse:
    """The form of one rule, new or as it is."""
    by, at = actor_of(request), timezone.now()
    office = queries.office(draft.hub_id, clocks.london_date(at))
    start = {"seen": draft.stamp, **(forms.WriteRule.begun(held) if held else {})}
    choices = presenters.rule_choices(office)
    form = forms.WriteRule(request.POST if request.method == "POST" else None, choices=choices, initial=start)
    act: Callable[..., Any] = actions.revise_rule if held else actions.add_rule
    if form.is_valid() and did(
        form, lambda: act(draft, by=by, at=at, rule=form.rule(key), seen=form.cleaned_data["seen"])
    ):
        return redirect(f"{reverse('routing:draft', args=[draft.pk])}#rule-{key}")
    context = {"form": form, "draft": draft, "held": held, "questions": forms.QUESTIONS}
    return render(request, "routing/rule.html", context)


def _press(request: HttpRequest, draft: Draft, act: Callable[..., Any], done: str, *, asks_up: bool) -> HttpResponse:
    """A button beside a rule of the list."""
    by, at, form = actor_of(request), timezone.now(), forms.Seen(request.POST)
    if not form.is_valid():
        raise Http404
    said = dict(form.cleaned_data)
    up = {"up": said.pop("up")}
    tried(request, lambda: act(draft, by=by, at=at, **said, **(up if asks_up else {})), done)
    return redirect(f"{reverse('routing:draft', args=[draft.pk])}#rule-{said['rule']}")


@require_POST
@access(P.ROUTING_REVISE, of=Draft)
def move_rule(request: HttpRequest, draft: Draft) -> HttpResponse:
    return _press(request, draft, actions.move_rule, "The rule is in another place.", asks_up=True)


@require_POST
@access(P.ROUTING_REVISE, of=Draft)
def remove_rule(request: HttpRequest, draft: Draft) -> HttpResponse:
    return _press(request, draft, actions.remove_rule, "The rule is taken out of the new list.", asks_up=False)


@require_POST
@access(P.ROUTING_REVISE, of=Draft)
def throw_away(request: HttpRequest, draft: Draft) -> HttpResponse:
    actions.throw_away(draft, by=actor_of(request), at=timezone.now())
    flash.success(request, "Thrown away. Nothing has changed in where referrals go.")
    return redirect("routing:lists")


@access(P.ROUTING_REVISE, of=Draft)
def try_out(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Asks for which period the draft is held against what was received."""
    by, at = actor_of(request), timezone.now()
    first, last = previews.last_month(clocks.london_date(at))
    form = forms.Preview(request.POST or None, initial={"first_on": first, "last_on": last})
    if form.is_valid() and did(form, lambda: previews.ask(draft, by=by, at=at, **form.cleaned_data)):
        made = queries.preview(draft.hub_id)
        assert made is not None
        return redirect("routing:preview", pk=made.pk)
    return render(request, "routing/try_out.html", {"form": form, "draft": draft})


@access(P.ROUTING_REVISE, of=Preview)
def preview(request: HttpRequest, preview: Preview) -> HttpResponse:
    """What the draft would have done; asks again by itself until that is known."""
    words = {"preview": preview, "draft": queries.draft(preview.hub_id), "again": AGAIN, "effect": None}
    if preview.state == Preview.State.DONE:
        codes = previews.places(preview)
        effect = presenters.effect(preview, previews.loads(preview), previews.place_words(codes, preview.last_on))
        return render(request, "routing/preview.html", {**words, "effect": effect})
    response = render(request, "routing/preview.html", words)
    response.headers["Refresh"] = str(AGAIN)
    return response


@access(P.ROUTING_REVISE, of=Preview)
def moved(request: HttpRequest, preview: Preview) -> HttpResponse:
    """The referrals that would have gone elsewhere, a page at a time."""
    if preview.state != Preview.State.DONE:
        return redirect("routing:preview", pk=preview.pk)
    went, goes = request.GET.get("went", ""), request.GET.get("goes", "")
    asked = previews.moved(preview, by=actor_of(request), went=went, goes=goes)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = page_of(asked, order=("-received_at", "-id"), after=after, before=before)
    note_looks(request, [key for row in page.rows for key in (row.referral_id, row.referral.victim_id)])
    words = previews.place_words(previews.places(preview), preview.last_on)
    crimes = rulebook.titles("crime_types", preview.last_on)
    return render(request, "routing/moved.html", {
        "preview": preview, "rows": presenters.moved(page.rows, preview, words, crimes),
        "pages": page_links(request, page), "pair": (words.get(went, ""), words.get(goes, "")),
    })  # fmt: skip


@access(P.ROUTING_REVISE, of=Draft)
def make_live(request: HttpRequest, draft: Draft) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.MakeLive(request.POST if request.method == "POST" else None, initial={"seen": draft.stamp})
    if form.is_valid():
        said = {"since": form.since(at), "reason": form.cleaned_data["reason"], "seen": form.cleaned_data["seen"]}
        if did(form, lambda: actions.make_live(draft, by=by, at=at, **said)):
            flash.success(
                request, "The list is live from the moment that you chose. What came before keeps its own list."
            )
            return redirect("routing:lists")
    return render(request, "routing/make_live.html", {"form": form, "draft": draft})


@access(P.REFERRAL_QUEUE, rows=Decision)
def to_note(request: HttpRequest, rows: "QuerySet[Decision]") -> HttpResponse:
    """What rules did that somebody at the hub is to know of."""
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    asked = queries.to_note(actor_of(request)).select_related("referral")
    page = page_of(asked, order=("-decided_at", "-id"), after=after, before=before)
    note_looks(request, [row.referral_id for row in page.rows])
    context = {"rows": presenters.told(page.rows), "pages": page_links(request, page)}
    return render(request, "routing/to_note.html", context)


@require_POST
@access(P.REFERRAL_TRIAGE, of=Decision)
def note(request: HttpRequest, decision: Decision) -> HttpResponse:
    actions.note(decision, by=actor_of(request), at=timezone.now())
    return redirect("routing:to_note")
