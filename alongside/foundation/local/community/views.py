"""Pages of community groups, for staff: the list, one group, talks, whom to ask for, needs, who reaches whom."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.actor import Actor
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.pages.acts import did, tried
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import Sort, page_links
from alongside.foundation.local.community import actions, consortia, forms, lifecycle, presenters, queries
from alongside.foundation.local.community.models import (
    INACTIVE,
    Consortium,
    Contact,
    ContactPerson,
    Group,
    Member,
    Need,
)
from alongside.foundation.office.accounts.permissions import Permission as P

ORDERS = {"name": ("name", "id"), "next_contact_on": ("next_contact_on", "id"), "updated_at": ("updated_at", "id")}
FIELDS = "name phone email address"


def _narrowed(request: HttpRequest, actor: Actor) -> tuple[forms.Narrow, queries.Groups]:
    on = timezone.localdate()
    form = forms.Narrow(request.GET, choices=queries.choices(actor, on), capacity=actor.may(P.GROUP_CAPACITY))
    return form, queries.groups(actor, on, **form.narrowing())


@access(P.GROUP_READ)
def groups(request: HttpRequest) -> HttpResponse:
    """The groups of the area, by name unless another column is asked for."""
    actor, on = actor_of(request), timezone.localdate()
    form, found = _narrowed(request, actor)
    sort = Sort.of(request, *ORDERS, default="name")
    dated = found.exclude(next_contact_on=None) if sort.by == "next_contact_on" else found
    order = tuple(f"-{name}" if sort.down else name for name in ORDERS[sort.by])
    asked = request.GET
    page = page_of(dated, order=order, after=asked.get("after", ""), before=asked.get("before", ""))
    needs, words = queries.needs_of(page.rows, actor) if actor.may(P.GROUP_CAPACITY) else {}, queries.words(on)
    before, after = page_links(request, page)
    return render(request, "community/groups.html", {
        "filters": form, "lines": [presenters.line(one, needs.get(one.pk, ()), words, on) for one in page.rows],
        "before": before, "after": after, "total": dated.count(), "sort": sort, **_may(actor),
        "asked": asked.urlencode(),
    })  # fmt: skip


def _may(actor: Actor) -> dict[str, bool]:
    return {"keeps": actor.may(P.GROUP_KEEP), "capacity": actor.may(P.GROUP_CAPACITY)}


@access(P.GROUP_CAPACITY)
def download(request: HttpRequest) -> HttpResponse:
    """The list as CSV: what groups say of themselves, and nobody by name."""
    actor, on = actor_of(request), timezone.localdate()
    _, found = _narrowed(request, actor)
    rows = list(found.select_related("organisation"))
    file = presenters.file(rows, queries.needs_of(rows, actor), queries.consortia_of(rows, actor), queries.words(on))
    headers = {"Content-Disposition": f'attachment; filename="community-groups-{on:%Y-%m-%d}.csv"'}
    return HttpResponse(file, content_type="text/csv; charset=utf-8", headers=headers)


@access(P.GROUP_READ)
def reach(request: HttpRequest) -> HttpResponse:
    """People down, councils across: how many groups reach them, beside the services made for them."""
    sheet = queries.reach(actor_of(request), timezone.localdate())
    return render(request, "community/reach.html", {
        "sheet": sheet, "rows": presenters.rows(sheet), "unreached": presenters.unreached(sheet),
        "at": timezone.now(), **_may(actor_of(request)),
    })  # fmt: skip


@access(P.GROUP_READ, of=Group)
def show(request: HttpRequest, group: Group) -> HttpResponse:
    return _shown(request, group)


def _shown(request: HttpRequest, group: Group, **with_form: Any) -> HttpResponse:
    """A group; what it needs, talks and whom to ask for only for those who may."""
    actor, on = actor_of(request), timezone.localdate()
    words, may = queries.words(on), _may(actor)
    more: dict[str, Any] = {}
    if may["capacity"]:
        needs = queries.needs_of([group], actor)[group.pk]
        more = {
            "needs": [presenters.need_line(one, words["group_needs"]) for one in needs],
            "places": queries.consortia_of([group], actor)[group.pk], "next": presenters.next_words(group, on),
        }  # fmt: skip
    if may["keeps"]:
        more |= {
            "talks": [presenters.talk_line(one, words) for one in queries.talks(group, actor)],
            "people": len(queries.people_of(group, actor)),
            "need_form": forms.NeedNoted(choices=queries.choices(actor, on)["group_needs"]),
        }  # fmt: skip
    return render(request, "community/show.html", {
        "group": group, "details": presenters.details(group, words, capacity=may["capacity"]), **may, **more,
        "ended": group.stage == INACTIVE,
        "stage": {"word": forms.STAGES[group.stage], "colour": presenters.COLOURS[group.stage]}, **with_form,
    })  # fmt: skip


@access(P.GROUP_KEEP)
def add(request: HttpRequest) -> HttpResponse:
    actor, on = actor_of(request), timezone.localdate()
    form = forms.Said(request.POST or None, choices=queries.choices(actor, on), new=True)
    made: list[Group] = []
    if request.method == "POST" and form.is_valid() and did(form, lambda: made.append(actions.add(
        form.about(), by=actor, at=timezone.now(), although=form.cleaned_data["although"]
    ))):  # fmt: skip
        messages.success(request, "On the map. Now say whom to ask for, if anybody agreed to that.")
        return redirect("community:show", made[0].pk)
    same = queries.twins(form.about(), (), actor) if "although" in form.errors else []
    return render(request, "community/said.html", {"form": form, "group": None, "lists": forms.LISTS, "same": same})


@access(P.GROUP_KEEP, of=Group)
def change(request: HttpRequest, group: Group) -> HttpResponse:
    actor, on = actor_of(request), timezone.localdate()
    first = {**vars(queries.about(group)), "stamp": actions.stamp(group)}
    form = forms.Said(request.POST or None, initial=first, choices=queries.choices(actor, on), new=False)
    if request.method == "POST" and form.is_valid() and did(form, lambda: actions.change(
        group, form.about(), by=actor, at=timezone.now(), seen=form.cleaned_data["stamp"]
    )):  # fmt: skip
        messages.success(request, "Saved.")
        return redirect("community:show", group.pk)
    return render(request, "community/said.html", {"form": form, "group": group, "lists": forms.LISTS})


@access(P.GROUP_KEEP, of=Group)
def contact(request: HttpRequest, group: Group) -> HttpResponse:
    """A talk with a group, written down, and the day of the next."""
    actor = actor_of(request)
    form = forms.Contacted(request.POST or None, choices=queries.choices(actor, timezone.localdate()))
    if request.method == "POST" and form.is_valid() and did(form, lambda: actions.record_contact(
        group, by=actor, at=timezone.now(), **form.said()
    )):  # fmt: skip
        messages.success(request, "Written down.")
        return redirect("community:show", group.pk)
    return render(request, "community/contact.html", {"form": form, "group": group})


@require_POST
@access(P.GROUP_KEEP, of=Contact)
def take_back(request: HttpRequest, contact: Contact) -> HttpResponse:
    group, actor = contact.group_id, actor_of(request)
    tried(request, lambda: actions.take_back_contact(contact, by=actor, at=timezone.now()), "Deleted.")
    return redirect("community:show", group)


@access(P.GROUP_KEEP, of=Group)
def people(request: HttpRequest, group: Group) -> HttpResponse:
    """Whom to ask for. Every look is logged, and so it is a page of its own."""
    found = queries.people_of(group, actor_of(request))
    note_looks(request, [one.pk for one in found], fields=FIELDS, reason="a contact person of a group")
    asked = [(one.pk, queries.asked(one)) for one in found]
    return render(request, "community/people.html", {"group": group, "people": asked})


@access(P.GROUP_KEEP, of=Group)
def add_person(request: HttpRequest, group: Group) -> HttpResponse:
    form = forms.ToAskFor(request.POST or None)
    if request.method == "POST" and form.is_valid() and did(form, lambda: actions.add_person(
        group, form.asked(), by=actor_of(request), at=timezone.now()
    )):  # fmt: skip
        return redirect("community:people", group.pk)
    return render(request, "community/person.html", {"form": form, "group": group, "person": None})


@access(P.GROUP_KEEP, of=ContactPerson)
def person(request: HttpRequest, person: ContactPerson) -> HttpResponse:
    form = forms.ToAskFor(request.POST or None, initial=vars(queries.asked(person)))
    if request.method == "POST" and form.is_valid() and did(form, lambda: actions.change_person(
        person, form.asked(), by=actor_of(request), at=timezone.now()
    )):  # fmt: skip
        return redirect("community:people", person.group_id)
    return render(request, "community/person.html", {"form": form, "group": person.group, "person": person})


@require_POST
@access(P.GROUP_KEEP, of=ContactPerson)
def take_off(request: HttpRequest, person: ContactPerson) -> HttpResponse:
    group, actor = person.group_id, actor_of(request)
    tried(request, lambda: actions.take_off_person(person, by=actor, at=timezone.now()),
          "Taken off, and what we held is deleted.")  # fmt: skip
    return redirect("community:people", group)


@access(P.GROUP_KEEP, of=Group)
def stage(request: HttpRequest, group: Group) -> HttpResponse:
    """How far it is with us."""
    form = forms.Stage(request.POST or None, stage=group.stage)
    if request.method == "POST" and form.is_valid() and did(form, lambda: actions.MOVES[form.cleaned_data["move"]](
        group, by=actor_of(request), at=timezone.now()
    )):  # fmt: skip
        messages.success(request, "Saved.")
        return redirect("community:show", group.pk)
    return render(request, "community/stage.html", {"form": form, "group": group, "now": forms.STAGES[group.stage]})


@require_POST
@access(P.GROUP_KEEP, of=Group)
def erase(request: HttpRequest, group: Group) -> HttpResponse:
    key, actor = group.pk, actor_of(request)
    done = tried(request, lambda: actions.erase(group, by=actor, at=timezone.now()), "It is off the map, and erased.")
    return redirect("community:groups") if done else redirect("community:show", key)


@access(P.GROUP_KEEP, of=Group)
def link(request: HttpRequest, group: Group) -> HttpResponse:
    """Which organisation it became."""
    actor, first = actor_of(request), {"organisation": str(group.organisation_id or "")}
    form = forms.Link(request.POST or None, initial=first, bodies=queries.bodies(actor))
    if request.method == "POST" and form.is_valid() and did(form, lambda: actions.link(
        group, by=actor, at=timezone.now(), organisation=queries.body(form.cleaned_data["organisation"], actor)
    )):  # fmt: skip
        messages.success(request, "Saved.")
        return redirect("community:show", group.pk)
    return render(request, "community/link.html", {"form": form, "group": group})


@require_POST
@access(P.GROUP_KEEP, of=Group)
def note_need(request: HttpRequest, group: Group) -> HttpResponse:
    actor, code = actor_of(request), request.POST.get("code", "")
    tried(request, lambda: actions.note_need(group, by=actor, at=timezone.now(), code=code), "Noted.")
    return redirect("community:show", group.pk)


@require_POST
@access(lifecycle.need.needs("help"), of=Need)
def move_need(request: HttpRequest, need: Need) -> HttpResponse:
    act = actions.NEED_MOVES.get(request.POST.get("move", ""))
    if act:
        tried(request, lambda: act(need, by=actor_of(request), at=timezone.now()), "Saved.")
    return redirect("community:show", need.group_id)


@access(P.GROUP_CAPACITY, rows=Consortium)
def all_consortia(request: HttpRequest, rows: QuerySet[Consortium]) -> HttpResponse:
    found = [(one, presenters.member_names(one)) for one in queries.consortia(actor_of(request))]
    return render(request, "community/consortia.html", {"found": found, **_may(actor_of(request))})


@access(P.GROUP_CAPACITY, of=Consortium)
def consortium(request: HttpRequest, consortium: Consortium) -> HttpResponse:
    return _together(request, consortium)


def _together(request: HttpRequest, consortium: Consortium, form: forms.Join | None = None) -> HttpResponse:
    """Its members, what they together reach, and what none of them does."""
    actor, on = actor_of(request), timezone.localdate()
    members, choices = queries.members_of(consortium, actor), queries.choices(actor, on)
    roles = dict(choices["consortium_roles"])
    page = {"form": form} if form else {}
    return render(request, "community/consortium.html", {
        "consortium": consortium, "members": [presenters.member_line(one, roles) for one in members],
        "covered": presenters.covered(queries.together(members, actor, on)),
        "join": form or _join(None, actor), **page, **_may(actor),
    })  # fmt: skip


def _join(sent: Any, actor: Actor) -> forms.Join:
    roles = queries.choices(actor, timezone.localdate())["consortium_roles"]
    return forms.Join(sent, groups=queries.group_choices(actor), bodies=queries.bodies(actor), roles=roles)


@access(P.GROUP_KEEP)
def form_consortium(request: HttpRequest) -> HttpResponse:
    actor, form = actor_of(request), forms.Together(request.POST or None)
    made: list[Consortium] = []
    if request.method == "POST" and form.is_valid() and did(form, lambda: made.append(consortia.form(
        by=actor, at=timezone.now(), **form.cleaned_data
    ))):  # fmt: skip
        return redirect("community:consortium", made[0].pk)
    return render(request, "community/together.html", {"form": form, "consortium": None})


@access(P.GROUP_KEEP, of=Consortium)
def reword(request: HttpRequest, consortium: Consortium) -> HttpResponse:
    first = {name: getattr(consortium, name) for name in forms.Together.base_fields}
    form = forms.Together(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid() and did(form, lambda: consortia.reword(
        consortium, by=actor_of(request), at=timezone.now(), **form.cleaned_data
    )):  # fmt: skip
        return redirect("community:consortium", consortium.pk)
    return render(request, "community/together.html", {"form": form, "consortium": consortium})


@require_POST
@access(P.GROUP_KEEP, of=Consortium)
def join(request: HttpRequest, consortium: Consortium) -> HttpResponse:
    actor = actor_of(request)
    form = _join(request.POST, actor)
    if form.is_valid() and did(form, lambda: consortia.join(
        consortium, by=actor, at=timezone.now(), role=form.cleaned_data["role"], since=form.cleaned_data["since"],
        group=queries.one(form.cleaned_data["group"], actor),
        organisation=queries.body(form.cleaned_data["organisation"], actor),
    )):  # fmt: skip
        return redirect("community:consortium", consortium.pk)
    return _together(request, consortium, form)


@require_POST
@access(P.GROUP_KEEP, of=Member)
def leave(request: HttpRequest, member: Member) -> HttpResponse:
    """Out of the consortium from today."""
    actor, on = actor_of(request), max(timezone.localdate(), member.since)
    tried(request, lambda: consortia.leave(member, by=actor, at=timezone.now(), on=on), "They have left.")
    return redirect("community:consortium", member.consortium_id)


@require_POST
@access(P.GROUP_KEEP, of=Consortium)
def end_consortium(request: HttpRequest, consortium: Consortium) -> HttpResponse:
    tried(request, lambda: consortia.end(consortium, by=actor_of(request), at=timezone.now()), "It has ended.")
    return redirect("community:consortium", consortium.pk)
