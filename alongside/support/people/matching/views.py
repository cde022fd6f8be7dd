"""Pages on which the hub compares records that may be of one person, and says what it thinks."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.pages.acts import tried
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.people.matching import actions, forms, presenters, queries
from alongside.support.people.matching.models import Pair
from alongside.support.people.victims import queries as victims
from alongside.support.people.victims.models import SamePerson, Victim

DONE = {
    "same": "They are linked as one person. Both records stay as they are, and you can undo it.",
    "not_same": "They are kept apart. You can undo it.", "not_sure": "It stays open. You can change it.",
    "undo": "Nothing is said of these two any more.",
}  # fmt: skip


def _other(request: HttpRequest, key: UUID) -> Victim:
    found = victims.seen(key, by=actor_of(request))
    if found is None:
        raise Http404
    return found


@access(P.REFERRAL_TRIAGE, rows=Pair)
def pairs(request: HttpRequest, rows: QuerySet[Pair]) -> HttpResponse:
    """Records that are likely of one person and that nobody has judged, the likeliest first."""
    after, before = (request.GET.get(name, "") for name in ("after", "before"))
    page = page_of(queries.open_pairs(rows), order=("-weight", "-id"), after=after, before=before)
    note_looks(request, [key for pair in page.rows for key in (pair.left_id, pair.right_id)], fields="name")
    earlier, later = page_links(request, page)
    shown = [presenters.line(pair) for pair in page.rows]
    return render(request, "matching/pairs.html", {"shown": shown, "before": earlier, "after": later})


@access(P.REFERRAL_TRIAGE, of=Victim)
def likely(request: HttpRequest, victim: Victim) -> HttpResponse:
    """Records that may be of the same person, the likeliest first, with why, and what was judged of them."""
    on = clocks.london_date(timezone.now())
    near = queries.likely(victim, on)
    found, matches = {one.victim_id: one.weighed for one in near}, queries.matches(victim, near)
    note_looks(request, [victim.pk, *(match.victim_id for match in matches)], fields="name")
    cards = [presenters.card(match, found.get(match.victim_id), queries.enough(on)) for match in matches]
    return render(request, "matching/likely.html", {"victim": victim, "cards": cards})


@access(P.REFERRAL_TRIAGE, of=Victim)
def pair(request: HttpRequest, victim: Victim, other: UUID) -> HttpResponse:
    """Two records side by side, with what each field says of them."""
    with_, on = _other(request, other), clocks.london_date(timezone.now())
    weighed, standing = queries.pair(victim, with_), victims.judgements(victim).get(with_.pk)
    note_looks(request, [victim.pk, with_.pk], fields="name")
    context = {
        "victim": victim, "other": with_, "mine": presenters.side(victim), "theirs": presenters.side(with_),
        "bars": presenters.bars(weighed), "tag": presenters.tag(weighed, queries.enough(on)),
        "odds": presenters.odds(weighed.weight), "apart": weighed.apart, "width": presenters.WIDTH,
        "judged": presenters.JUDGED[SamePerson.Judgement(standing.judgement)] if standing else None,
        "conflict": presenters.conflict(
            weighed.terms, apart=weighed.apart, judged=standing.judgement if standing else ""
        ),
    }  # fmt: skip
    return render(request, "matching/pair.html", context)


@require_POST
@access(P.REFERRAL_TRIAGE, of=Victim)
def judge(request: HttpRequest, victim: Victim, other: UUID) -> HttpResponse:
    """Says whether two records are of one person, or takes that back."""
    with_, form = _other(request, other), forms.Judge(request.POST)
    if form.is_valid():
        said, by, at = form.cleaned_data["judgement"], actor_of(request), timezone.now()
        tried(request, lambda: actions.judge(victim, with_, by=by, at=at, judgement=said), DONE[said])
    return redirect("matching:pair", pk=victim.pk, other=with_.pk)
