"""What every page is given: who acts, what they may open, the office's name."""

import base64

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from alongside.core.access.actor import Actor
from alongside.core.access.declare import actor_of
from alongside.core.pages.drafts import KEEPERS
from alongside.core.privacy import crypt
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.accounts.queries import idle_limit

# The main navigation: words, the view, the permission that shows it. In this order, each once.
NAVIGATION: tuple[tuple[str, str, P], ...] = (
    ("Queue", "triage:queue", P.REFERRAL_QUEUE),
    ("Offers", "casework:offers", P.OFFER_ANSWER),
    ("My day", "day:mine", P.CASE_WORK),
    ("Team", "day:team", P.CASE_ASSIGN),
    ("Caseload", "casework:caseload", P.CASE_WORK),
    ("Waiting lists", "waiting:lists", P.CASE_WORK),
    ("Calendar", "appointments:calendar", P.CASE_WORK),
    ("Group work", "groups:groups", P.CASE_WORK),
    ("Waits", "forecasts:waits", P.REFERRAL_TRIAGE),
    ("Cases", "casework:caseload", P.REFERRAL_QUEUE),
    ("Funds", "practical:funds", P.FUND_KEEP),
    ("Approvals", "practical:approvals", P.HELP_APPROVE),
    ("Messages", "victims:outbox", P.VICTIM_CONTACT),
    ("Refer", "intake:refer", P.REFERRAL_REFER),
    ("Report", "centres:make", P.REPORT_MAKE),
    ("Reports", "centres:reports", P.REPORT_READ),
    ("On the spot", "onthespot:today", P.CASE_WORK),
    ("Events", "onthespot:occasions", P.OCCASION_READ),
    ("Feeds", "feeds:deliveries", P.FEED_READ),
    ("Restricted", "restricted:records", P.SEAL_REVIEW),
    ("Seals", "restricted:seals", P.SEAL_REVIEW),
    ("Looks", "looks:findings", P.LOOKS_REVIEW),
    ("Quarter", "quarters:quarter", P.MEASURE_READ),
    ("Returns", "returns:returns", P.RETURN_READ),
    ("Reporting centres", "oversight:centres", P.MEASURE_READ),
    ("Your figures", "quarters:own", P.OWN_FIGURES_READ),
    ("Your returns", "returns:own_returns", P.OWN_FIGURES_READ),
    ("Explore", "exploring:explore", P.FIGURES_EXPLORE),
    ("What to do", "pathways:pathways", P.ORGANISATION_READ),
    ("Services", "directory:services", P.ORGANISATION_READ),
    ("Community groups", "community:groups", P.GROUP_READ),
    ("People", "organisations:people", P.PEOPLE_MANAGE),
    ("Organisations", "organisations:organisations", P.ORGANISATION_READ),
    ("Rulebook", "rulebook:books", P.RULEBOOK_READ),
    ("Jobs", "operations:jobs", P.JOB_OPERATE),
)
AT_ONCE = 7  # entries in sight; the rest stand behind a word
ACCOUNT = (
    ("Second factor", "mfa_index"),
    ("Change password", "account_change_password"),
    ("Where you are signed in", "usersessions_list"),
)
FOOTER = (("Privacy", "privacy"), ("Accessibility", "accessibility"), ("Help", "help"))


def _link(text: str, view: str) -> dict[str, str] | None:
    """A process that serves some realms alone has no address for the others' pages."""
    try:
        return {"text": text, "href": reverse(view)}
    except NoReverseMatch:
        return None


def _links(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [link for text, view in pairs if (link := _link(text, view))]


def navigation(actor: Actor, path: str) -> list[dict[str, object]]:
    """The entries of the person's permissions; the one that this page is under is marked."""
    shown = _links(tuple((text, view) for text, view, needs in NAVIGATION if actor.may(needs)))
    first = len(shown) if len(shown) <= AT_ONCE + 1 else AT_ONCE  # one alone is not put behind a word
    return [
        {**link, "current": path.startswith(link["href"]), "more": place >= first} for place, link in enumerate(shown)
    ]


def account(actor: Actor) -> dict[str, object]:
    """The account menu: the name, the organisation, own settings, acting for another, signing out."""
    switch = (("Act for another organisation", "organisations:act"),) if actor.others else ()
    return {
        "name": actor.name,
        "acting_for": actor.organisation,
        "links": _links((*switch, *ACCOUNT)),
        "sign_out": reverse("account_logout"),
    }


def _device_key(actor: Actor) -> str:
    """What seals on this person's device what it could not send; for those whose drafts are kept."""
    key = crypt.device_key(actor.user_id) if actor.user_id and actor.realm in KEEPERS else b""
    return base64.b64encode(key).decode()


def page(request: HttpRequest) -> dict[str, object]:
    """Context of every page."""
    actor = actor_of(request)
    known: dict[str, object] = {
        "actor": actor,
        "office_name": settings.OFFICE_NAME,
        "help_phone": settings.HELP_PHONE,
        "demo": settings.DEMO,
        "home": reverse("home"),
        "leave": reverse("intake:leave"),
        "footer_links": _links(FOOTER),
    }
    if actor.signed_in:
        known |= {"account": account(actor)}
    if actor.unsealed:
        known |= {"unsealed": _link("See what you opened", "restricted:opened")}
    if actor.second_factor:
        known |= {"device_key": _device_key(actor)}
        known |= {"navigation": navigation(actor, request.path)}
        known |= {"idle_seconds": idle_limit(request), "stay": reverse("stay")}
    return known
