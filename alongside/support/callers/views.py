"""The page of somebody who telephones."""

from uuid import UUID, uuid4

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of
from alongside.core.pages import drafts
from alongside.foundation.accounts.permissions import Permission as P
from alongside.support.callers import actions, forms

FORM = "callers.take_down"


@access(P.REFERRAL_TRIAGE)
def take_down(request: HttpRequest) -> HttpResponse:
    """One page while they are on the telephone. It ends at their referral, where likely records stand beside it."""
    by, at = actor_of(request), timezone.now()
    name = drafts.form_name(FORM, by.user_id or UUID(int=0))
    kept = drafts.restore(name, by=by, at=at) if request.method == "GET" else None
    form = forms.TakeDown(
        request.POST or None, on=clocks.london_date(at), initial=drafts.initial(forms.TakeDown, kept)
    )  # fmt: skip
    key = _key(request)
    if form.is_valid():
        referral = actions.take_down(form.cleaned_data, by=by, at=at, key=key)
        drafts.drop(name, by=by)
        flash.success(request, f"Taken down. If they want something to refer to, it is {referral.reference}.")
        return redirect("referrals:show", pk=referral.pk)
    return render(request, "callers/take_down.html", {"form": form, "key": key, "kept": kept, "draft": name})


def _key(request: HttpRequest) -> UUID:
    """The key of the page as it was opened, so that a second press makes nothing anew."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()
