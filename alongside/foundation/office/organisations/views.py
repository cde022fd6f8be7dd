"""Pages of people (an organisation's own) and of organisations (a police area's)."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import Open, access, actor_of
from alongside.core.access.fresh import fresh
from alongside.core.errors import RuleBroken
from alongside.core.pages.acts import did, refuse, tried
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts import actions as accounts
from alongside.foundation.office.accounts import queries as known
from alongside.foundation.office.accounts.adapter import begin_session, keep_limits
from alongside.foundation.office.accounts.models import Invitation
from alongside.foundation.office.accounts.permissions import ROLES
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.organisations import actions, forms, queries, rules
from alongside.foundation.office.organisations.models import Membership, Organisation, Reset

INVITED = "invitation"


@access(P.PEOPLE_MANAGE, realm=Realm.AUTH)
def people(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    assert actor.organisation_id is not None
    words = {
        "people": queries.people_of(actor),
        "invitations": known.open_invitations(actor.organisation_id, timezone.now()),
        "resets": queries.resets_waiting(actor, timezone.now()),
        "roles": ROLES,
    }
    return render(request, "organisations/people.html", words)


@access(P.PEOPLE_MANAGE, realm=Realm.AUTH)
@fresh
def invite(request: HttpRequest) -> HttpResponse:
    body = queries.own(actor_of(request))
    form = forms.Invite(request.POST or None, kind=body.kind)
    if form.is_valid():
        again = known.invited_already(form.cleaned_data["email"], body.pk, timezone.now())
        try:
            found, token = actions.invite(body, by=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return _sent(request, found, token, again=again)
    return render(request, "organisations/invite.html", {"form": form})


def _sent(request: HttpRequest, invitation: Invitation, token: str, *, again: bool) -> HttpResponse:
    """Sends the link. It is shown once in case no mail arrives, but never where it would open somebody's account."""
    link = _send_link(request, invitation, token)
    account = known.account_of(invitation.email)
    opens = account is not None and known.must_start_again(account)
    words = {"invitation": invitation, "link": "" if opens else link, "again": again}
    return render(request, "organisations/invited.html", words)


def _send_link(request: HttpRequest, invitation: Invitation, token: str) -> str:
    link = request.build_absolute_uri(reverse("organisations:arrive", args=[token]))
    get_adapter().send_mail("account/email/invitation", invitation.email, {"link": link})
    return link


@access(P.PEOPLE_MANAGE, of=Invitation, realm=Realm.AUTH)
@require_POST
def withdraw(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: accounts.withdraw(invitation, by=by, at=at), "The invitation is withdrawn.")
    return redirect("organisations:people")


@access(P.PEOPLE_MANAGE, of=Membership, realm=Realm.AUTH)
@fresh
def change_role(request: HttpRequest, membership: Membership) -> HttpResponse:
    by, at, kind = actor_of(request), timezone.now(), membership.organisation.kind
    form = forms.ChangeRole(request.POST or None, kind=kind, initial={"role": membership.role})
    if form.is_valid() and did(form, lambda: actions.change_role(membership, by=by, at=at, **form.cleaned_data)):
        messages.success(request, f"{membership.user.name} is signed out and has the new role.")
        return redirect("organisations:people")
    return render(request, "organisations/change_role.html", {"form": form, "membership": membership})


@access(P.PEOPLE_MANAGE, of=Membership, realm=Realm.AUTH)
@fresh
def remove(request: HttpRequest, membership: Membership) -> HttpResponse:
    if request.method == "POST":
        by, at = actor_of(request), timezone.now()
        gone = f"{membership.user.name} is signed out and can no longer sign in here."
        tried(request, lambda: actions.remove(membership, by=by, at=at), gone)
        return redirect("organisations:people")
    return render(request, "organisations/remove.html", {"membership": membership})


@access(P.PEOPLE_MANAGE, of=Membership, realm=Realm.AUTH)
@fresh
def ask_reset(request: HttpRequest, membership: Membership) -> HttpResponse:
    form, by, at = forms.AskReset(request.POST or None), actor_of(request), timezone.now()

    def ask() -> None:
        _tell_of(actions.ask_reset(membership, by=by, at=at, **form.cleaned_data), by.name)

    if form.is_valid() and did(form, ask):
        messages.success(request, "Nothing has changed yet: somebody else must confirm the reset, within two days.")
        return redirect("organisations:people")
    return render(request, "organisations/ask_reset.html", {"form": form, "membership": membership})


def _tell_of(reset: Reset, asker: str) -> None:
    """Tells the person that somebody asked, and those who may confirm that it waits."""
    words = {"asker": asker, "organisation": reset.membership.organisation.name, "until": reset.expires_at}
    get_adapter().send_mail("account/email/reset_asked", reset.user.email, words)
    for address in queries.who_confirms(reset):
        get_adapter().send_mail("account/email/reset_waits", address, words)


@access(P.PEOPLE_MANAGE, of=Reset, realm=Realm.AUTH)
@fresh
def approve_reset(request: HttpRequest, reset: Reset) -> HttpResponse:
    form, by, at = forms.ApproveReset(request.POST or None), actor_of(request), timezone.now()

    def approve() -> None:
        _send_link(request, *actions.approve_reset(reset, by=by, at=at, **form.cleaned_data))

    if form.is_valid() and did(form, approve):
        messages.success(request, f"{reset.user.name} is signed out everywhere. A new link is on its way to them.")
        return redirect("organisations:people")
    return render(request, "organisations/approve_reset.html", {"form": form, "waiting": queries.waiting(reset, by)})


@access(P.PEOPLE_MANAGE, of=Reset, realm=Realm.AUTH)
@require_POST
def refuse_reset(request: HttpRequest, reset: Reset) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    same = f"Nothing changes: {reset.user.name} signs in as before."
    tried(request, lambda: actions.refuse_reset(reset, by=by, at=at), same)
    return redirect("organisations:people")


@access(Open.SIGNED_IN, realm=Realm.AUTH)
def act(request: HttpRequest) -> HttpResponse:
    """Chooses for which of several organisations to act from now on, in this session."""
    form = forms.Act(request.POST or None, choices=list(actor_of(request).others))
    if form.is_valid():
        request.session[queries.ACTING_FOR] = form.cleaned_data["organisation"]
        request.session.cycle_key()
        return redirect("home")
    return render(request, "organisations/act.html", {"form": form})


@access(Open.SIGN_IN)
def arrive(request: HttpRequest, token: str) -> HttpResponse:
    """Keeps the token in the session, so that no later address holds it."""
    request.session[INVITED] = token
    return redirect("organisations:accept")


@access(Open.SIGN_IN)
def accept(request: HttpRequest) -> HttpResponse:
    invitation = known.open_invitation(request.session.get(INVITED, ""), timezone.now())
    if invitation is None:
        return render(request, "organisations/invitation_over.html")
    account = known.account_of(invitation.email)
    if account is None or known.must_start_again(account):
        return _accept_new(request, invitation)
    return _accept_known(request, invitation)


def _accept_new(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """A new account, or one that was reset: a name and a password, then a second factor."""
    form = forms.Accept(request.POST or None, initial={"name": invitation.name})
    if form.is_valid():
        try:
            user = actions.accept(invitation, at=timezone.now(), **form.cleaned_data)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            request.session.flush()
            begin_session(request, user, second_factor=False)
            return redirect("mfa_index")
    return render(request, "organisations/accept.html", {"form": form, "invitation": invitation})


def _accept_known(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Somebody who has an account joins another organisation: signed in, with the second factor, and asked."""
    actor = actor_of(request)
    user = request.user
    if not user.is_authenticated or user.email.lower() != invitation.email.lower() or not actor.second_factor:
        return render(request, "organisations/sign_in_first.html", {"invitation": invitation})
    if request.method == "POST":
        actions.accept(invitation, at=timezone.now(), user=user)
        request.session[queries.ACTING_FOR] = invitation.organisation_id
        keep_limits(request, user)
        del request.session[INVITED]
        return redirect("home")
    return render(request, "organisations/join.html", {"invitation": invitation, "roles": ROLES})


@access(P.ORGANISATION_READ)
def organisations(request: HttpRequest) -> HttpResponse:
    force = queries.own(actor_of(request)).force
    everyone = request.GET.get("area") == "all"
    asked = {"words": request.GET.get("q", ""), "kind": request.GET.get("kind", "")}
    words = {
        "form": forms.Organisations(request.GET),
        "bodies": queries.bodies_like(queries.bodies(None if everyone else force.pk), **asked),
        "area": force.name,
        "everyone": everyone,
        "manages": actor_of(request).may(P.ORGANISATION_MANAGE),
    }
    return render(request, "organisations/organisations.html", words)


@access(P.ORGANISATION_READ)
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    found = queries.body(code)
    if found is None:
        raise Http404
    manages = _may_manage(request, found.organisation)
    succeeds = manages and rules.may_succeed(found.organisation.kind, actor_of(request).realm)
    return render(request, "organisations/organisation.html", {"body": found, "manages": manages, "succeeds": succeeds})


def _may_manage(request: HttpRequest, body: Organisation) -> bool:
    """Organisations are managed from within their own police area."""
    actor = actor_of(request)
    return actor.may(P.ORGANISATION_MANAGE) and queries.own(actor).force_id == body.force_id


def _managed(request: HttpRequest, code: str) -> Organisation:
    found = queries.body(code)
    if found is None:
        raise Http404
    if not _may_manage(request, found.organisation):
        raise PermissionDenied
    return found.organisation


@access(P.ORGANISATION_MANAGE)
def add(request: HttpRequest) -> HttpResponse:
    form = forms.Add(request.POST or None)
    if form.is_valid():
        try:
            force = queries.own(actor_of(request)).force_id
            made = actions.add(by=actor_of(request), at=timezone.now(), force=force, **form.cleaned_data)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("organisations:organisation", made.code)
    return render(request, "organisations/add.html", {"form": form})


@access(P.ORGANISATION_MANAGE)
def rename(request: HttpRequest, code: str) -> HttpResponse:
    body, by, at = _managed(request, code), actor_of(request), timezone.now()
    form = forms.Rename(request.POST or None, initial={"name": body.name, "phone": body.phone})
    if form.is_valid() and did(form, lambda: actions.rename(body, by=by, at=at, **form.cleaned_data)):
        return redirect("organisations:organisation", body.code)
    return render(request, "organisations/rename.html", {"form": form, "body": body})


@access(P.ORGANISATION_MANAGE, realm=Realm.AUTH)
@fresh
def succeed(request: HttpRequest, code: str) -> HttpResponse:
    body = _managed(request, code)
    if not rules.may_succeed(body.kind, actor_of(request).realm):
        raise PermissionDenied
    form = forms.Succeed(request.POST or None)
    if form.is_valid():
        try:
            heir = actions.succeed(body, by=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, f"{heir.name} takes the place of {body.name}.")
            return redirect("organisations:organisation", heir.code)
    words = {"form": form, "body": body, "open_work": queries.open_work(body)}
    return render(request, "organisations/succeed.html", words)
