"""Pages of group work: the list, one group, its sessions and registers, and the groups of a case."""

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.pages.acts import did, tried
from alongside.core.pages.beside import framed
from alongside.core.pages.filters import plural
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.appointments.rules import bank_holidays
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.queries import colleagues, workers
from alongside.support.cases.groups import actions, forms, lifecycle, presenters, queries, rules
from alongside.support.cases.groups.models import Group, Meeting, Member


@access(P.CASE_WORK, rows=Group)
def groups(request: HttpRequest, rows: "QuerySet[Group]") -> HttpResponse:
    by, on = actor_of(request), forms.today()
    words = queries.words(on)
    services = [(str(one.pk), one.name) for one in queries.services(by)]
    choices = {"kind": [("", "All"), *words["group_kinds"].items()], "service": [("", "All"), *services]}
    form = forms.Groups(request.GET, choices=choices)
    found = [(one, presenters.tag(one), presenters.room(one)) for one in queries.listed(rows, form.asked)]
    context = {"form": form, "rows": found, "words": words, "names": colleagues(by), "leaders": presenters.leaders}
    return render(request, "groups/groups.html", context | {"may_set_up": by.may(P.CASE_ASSIGN)})


def _choices(request: HttpRequest) -> dict[str, forms.Choices]:
    by, on = actor_of(request), forms.today()
    people = [(str(key), name) for key, name in workers(by.organisation_id or 0).items()]
    return {"leaders": people, "place": rulebook.choices("appointment_places", on)}


@access(P.CASE_ASSIGN)
def set_up(request: HttpRequest) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    services = {str(one.pk): one for one in queries.services(by)}
    more = {"service": [(key, one.name) for key, one in services.items()],
            "kind": rulebook.choices("group_kinds", forms.today())}  # fmt: skip
    if not services:
        flash.warning(request, "Your organisation has no service yet that a group could be of.")
        return redirect("groups:groups")
    form = forms.SetUp(request.POST or None, choices=_choices(request) | more, initial={"place": "ours", "places": 8})
    made: list[Group] = []
    if form.is_valid() and did(form, lambda: made.append(actions.set_up(
        by=by, at=at, **{**form.given, "service": services[form.cleaned_data["service"]]}
    ))):  # fmt: skip
        flash.success(request, "The group is set up. Plan its sessions next.")
        return redirect("groups:show", pk=made[0].pk)
    return render(request, "groups/set_up.html", {"form": form})


@access(P.CASE_WORK, of=Group)
def show(request: HttpRequest, group: Group) -> HttpResponse:
    """One group: who is in it as far as the reader may know, who waits, and its sessions."""
    by, at = actor_of(request), timezone.now()
    found, words = queries.inside(group, by), queries.words(forms.today())
    note_looks(request, [one.victim_id for one in (*found.members, *found.waiting)], fields="name")
    return render(request, "groups/show.html", {
        "group": group, "tag": presenters.tag(group), "found": found, "hidden": rules.hidden_words(found.hidden),
        "facts": presenters.facts(group, words=words, names=colleagues(by)),
        "running": group.state == lifecycle.RUNNING,
        "meetings": presenters.meetings(found.meetings, at=at), "may_change": by.may(P.CASE_ASSIGN),
        "full": group.taken >= group.places,
    })  # fmt: skip


@access(P.CASE_ASSIGN, of=Group)
def change(request: HttpRequest, group: Group) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.ChangeSeen(request.POST or None, choices=_choices(request), initial=forms.ChangeSeen.start(group))
    if form.is_valid() and did(form, lambda: actions.change(group, by=by, at=at, **form.given)):
        flash.success(request, "The group is changed.")
        return redirect("groups:show", pk=group.pk)
    return render(request, "groups/change.html", {"form": form, "group": group})


@access(P.CASE_ASSIGN, of=Group)
def end(request: HttpRequest, group: Group) -> HttpResponse:
    """Asked first: a group that ended stays so."""
    by, at = actor_of(request), timezone.now()
    if request.method != "POST":
        return render(request, "groups/end.html", {"group": group})
    tried(request, lambda: actions.end(group, by=by, at=at), "The group has ended, and every place in it.")
    return redirect("groups:show", pk=group.pk)


@access(P.CASE_WORK, of=Group)
def plan_meetings(request: HttpRequest, group: Group) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.PlanMeetings(request.POST or None, initial={"minutes": 90})
    if form.is_valid() and did(form, lambda: actions.plan_meetings(group, by=by, at=at, **form.given)):
        flash.success(request, "The sessions are planned, and in the calendar of whoever leads the group.")
        days = [clocks.london_date(one.starts_at) for one in queries.inside(group, by).meetings]
        if holidays := bank_holidays(days):
            flash.warning(request, f"{plural(len(holidays), 'session')} of this group on a bank holiday. Look at each.")
        return redirect("groups:show", pk=group.pk)
    return render(request, "groups/plan_meetings.html", {"form": form, "group": group})


@access(P.CASE_WORK, of=Meeting)
@require_POST
def cancel_meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.cancel_meeting(meeting, by=by, at=at), "The session is cancelled.")
    return redirect("groups:show", pk=meeting.group_id)


@access(P.CASE_WORK, of=Meeting)
def register(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """One mark for each member; taken again, it is put right."""
    by, at = actor_of(request), timezone.now()
    found = queries.register(meeting, by)
    note_looks(request, [line.member.victim_id for line in found.lines], fields="name")
    held = queries.held_members(found.lines, at)
    overrides = rulebook.choices("hold_overrides", forms.today()) if held and by.may(P.HOLD_OVERRIDE) else ()
    start = forms.Register.start(meeting.starts_at, meeting.ends_at, meeting.minutes, found.note)
    form = forms.Register(
        request.POST or None, lines=found.lines, marks=rulebook.choices("register_marks", forms.today()),
        despite=overrides, initial=start,
    )  # fmt: skip
    if form.is_valid() and did(form, lambda: actions.register(meeting, by=by, at=at, **form.given)):
        _say(request, form)
        return redirect("groups:show", pk=meeting.group_id)
    (row,) = presenters.meetings([meeting], at=at)
    context = {"form": form, "meeting": meeting, "row": row, "hidden": rules.hidden_words(found.hidden), "held": held}
    return render(request, "groups/register.html", context)


def _say(request: HttpRequest, form: forms.Register) -> None:
    flash.success(request, "The register is taken. It counts as a contact of each of them.")
    if left := len(form.lines) - len(form.marks):
        flash.warning(
            request, f"{plural(left, 'person', 'people')} not marked yet. Open the register again to finish it."
        )


@access(P.CASE_WORK, of=Meeting)
def print_register(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The register on paper: initials alone, and boxes to tick."""
    if request.method != "POST":
        return redirect("groups:register", pk=meeting.pk)
    by, at = actor_of(request), timezone.now()
    actions.print_register(meeting, by=by, at=at)
    found = queries.register(meeting, by)
    note_looks(request, [line.member.victim_id for line in found.lines])
    words = queries.words(forms.today())
    (row,) = presenters.meetings([meeting], at=at)
    return render(request, "groups/print_register.html", {
        "meeting": meeting, "row": row, "lines": presenters.paper(found, words), "hidden": found.hidden, "by": by,
        "at": at, "marks": words["register_marks"],
    })  # fmt: skip


@access(P.CASE_WORK, of=Case)
def of_case(request: HttpRequest, case: Case) -> HttpResponse:
    """The groups of somebody, and a place in another."""
    by, at, on = actor_of(request), timezone.now(), forms.today()
    running = {str(one.pk): one for one in queries.open_to(case, by)}
    offered = [(key, f"{one.name} ({presenters.room(one)} places taken)") for key, one in running.items()]
    form = forms.Add(request.POST or None, choices={"group": offered}, initial={"now": "yes"}) if offered else None
    if form and form.is_valid():
        group, given = running[form.cleaned_data["group"]], form.cleaned_data
        if did(form, lambda: actions.add(case, group, by=by, at=at, now=given["now"] == "yes", sure=given["sure"])):
            flash.success(
                request, "They have a place." if given["now"] == "yes" else "They are on the list of interest."
            )
            return redirect("groups:of_case", pk=case.pk)
    places = presenters.places(queries.places_of(case), queries.words(on))
    asked = {"form": form, "asks": "sure" in form.errors} if form else {}
    return framed(request, "case", case, "groups/of_case.html", tab="groups", places=places, **asked)


@access(P.CASE_WORK, of=Member)
@require_POST
def join(request: HttpRequest, member: Member) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.join(member, by=by, at=at), "They have a place.")
    return redirect("groups:show", pk=member.group_id)


@access(P.CASE_WORK, of=Member)
def leave(request: HttpRequest, member: Member) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.Leave(request.POST or None, choices={"reason": queries.leaving(forms.today())})
    if form.is_valid() and did(form, lambda: actions.leave(member, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Their place is free again.")
        return redirect("groups:of_case", pk=member.case_id)
    return framed(request, "case", member.case, "groups/leave.html", tab="groups", form=form, member=member)
