"""The page of a task, under the head of its case."""

from django.contrib import messages as flash
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.pages.acts import did, tried
from alongside.core.pages.beside import framed
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.tasks import actions, forms, presenters, queries
from alongside.support.cases.tasks.models import Task


@access(P.CASE_WORK, of=Task)
def show(request: HttpRequest, task: Task) -> HttpResponse:
    """What is to be done, and that it was."""
    by, at = actor_of(request), timezone.now()
    note_looks(request, [task.case_id, task.victim_id], fields="tasks")
    form = forms.Finish(request.POST or None)
    if form.is_valid() and did(form, lambda: actions.finish(task, by=by, at=at, said=form.cleaned_data["said"])):
        flash.success(request, "Done, and off your day.")
        return redirect("day:mine")
    (opened,) = queries.opened([task])
    return framed(request, "case", task.case, "tasks/show.html", tab="", task=opened, form=form,
                  tag=presenters.tag(task), drops=presenters.drops(task, by))  # fmt: skip


@access(P.CASE_WORK, of=Task)
@require_POST
def drop(request: HttpRequest, task: Task) -> HttpResponse:
    """Whoever asked, or a manager, takes it back."""
    by, at = actor_of(request), timezone.now()
    if not presenters.drops(task, by):
        raise PermissionDenied
    tried(request, lambda: actions.drop(task, by=by, at=at), "It is not asked for any more.")
    return redirect("tasks:show", pk=task.pk)
