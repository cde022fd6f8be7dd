"""`/components/`: every component of the page kit in every state, with made-up words."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString

from alongside.core.access.declare import Open, access
from alongside.core.pages.fields import DateBoxesField, MoneyField
from alongside.core.pages.tables import Sort

LONG = "A sentence that goes on for a good deal longer than anyone laying out this page had in mind. "
WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
LAYOUTS = ("public", "signin")
NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
COLOURS = ("grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow")
CONTACT = (("letter", "Letter"), ("phone", "Phone call"), ("text", "Text message"), ("none", "None of these"))
NAVIGATION = (("Queue", "#tables"), ("Caseload", "#record"), ("Services", "#forms"), ("Measures", "#figures"))
COLUMNS = (
    {"key": "reference", "label": "Reference", "sortable": True},
    {"key": "status", "label": "Status"},
    {"key": "area", "label": "Area", "sortable": True},
    {"key": "needs", "label": "Needs", "numeric": True, "sortable": True},
)
BARS = SafeString(
    '<svg width="420" height="160" viewBox="0 0 420 160" aria-hidden="true">'
    '<g fill="#0b5d57"><path d="M20 60h70v80h-70z"/><path d="M120 30h70v110h-70z"/>'
    '<path d="M220 80h70v60h-70z"/><path d="M320 10h70v130h-70z"/></g>'
    '<path d="M10 140H410" stroke="#505a58"/></svg>'
)


class Everything(forms.Form):
    name = forms.CharField(label="Full name", help_text="As the person says it")
    email = forms.EmailField(label="Email address", required=False)
    reference = forms.IntegerField(label="Reference number")
    amount = MoneyField(label="Amount")
    happened_on = DateBoxesField(
        label="When did it happen?", name="date it happened", help_text="For example, 27 3 2026"
    )
    area = forms.ChoiceField(label="Area", choices=[("", "Choose an area"), ("n", "Northmere"), ("s", "Southmere")])
    channel = forms.ChoiceField(label="How may we reach you?", choices=CONTACT, widget=forms.RadioSelect)
    avoid = forms.MultipleChoiceField(
        label="What should we avoid?", choices=CONTACT, widget=forms.CheckboxSelectMultiple, required=False
    )
    notes = forms.CharField(label="What happened", widget=forms.Textarea, max_length=200)
    letter = forms.FileField(label="Letter", help_text="PDF, up to 10 MB")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    agreed = forms.BooleanField(label="They agreed to be supported", help_text="Said so, in their own words")


class Filters(forms.Form):
    q = forms.CharField(label="Search by name or reference", required=False, widget=forms.TextInput({"type": "search"}))
    area = forms.ChoiceField(label="Area", choices=[("", "All"), ("n", "Northmere")], required=False)
    due = forms.ChoiceField(
        label="Due", choices=[("", "Any time"), ("late", "Late"), ("today", "Today")], required=False
    )
    flags = forms.MultipleChoiceField(
        label="Flags",
        choices=[("r", "Repeat victim"), ("v", "Vulnerable")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


@access(Open.PUBLIC)
def components(request: HttpRequest) -> HttpResponse:
    """The gallery; `?layout=public` and `?layout=signin` show the other layouts."""
    asked = request.GET.get("layout", "")
    page = asked if asked in LAYOUTS else "index"
    sort = Sort.of(request, "reference", "area", "needs", default="reference")
    return render(request, f"core/gallery/{page}.html", {**_chrome(), **_forms(), **_lists(sort), **_record()})


def _chrome() -> dict[str, Any]:
    links = [{"text": text, "href": "#main-content"} for text in ("Privacy", "Accessibility", "Help")]
    return {
        "navigation": [{"text": text, "href": href, "current": text == "Queue"} for text, href in NAVIGATION],
        "account": {
            "name": "Persona Example",
            "acting_for": "Northmere Hub",
            "links": links,
            "sign_out": "#",
        },
        "breadcrumbs": [{"text": "Home", "href": "?"}, {"text": "Components", "href": "?"}],
        "footer_links": links,
        "help_phone": "01632 960 900",
        "help_hours": "every day, 8am to 8pm",
    }


def _forms() -> dict[str, Any]:
    wrong = {
        "wrong-email": "not an address",
        "wrong-amount": "twelve",
        "wrong-happened_on_day": "31",
        "wrong-happened_on_month": "2",
        "wrong-happened_on_year": "2026",
    }
    return {
        "empty": Everything(prefix="empty", initial={"happened_on": date(2026, 3, 27)}),
        "unsent": Everything(prefix="unsent"),
        "wrong": Everything(wrong, MultiValueDict(), prefix="wrong"),
        "filters": Filters({"some-area": "n", "some-flags": ["r"]}, prefix="some"),
        "unused": Filters(prefix="none"),
        "hints": {"letter": "Only where it is safe to receive one", "phone": LONG},
        "reveals": {"text": SafeString('<p class="govuk-body">We never say who we are in a text.</p>')},
    }


def _lists(sort: Sort) -> dict[str, Any]:
    rows = [
        {
            "reference": {"text": f"2026-{number:05}", "href": "#tables"},
            "status": {"word": "Accepted", "colour": "green"} if number % 3 else {"word": "Offered", "colour": "blue"},
            "area": "Northmere" if number % 2 else LONG,
            "needs": number % 5,
        }
        for number in range(1, 26)
    ]
    return {
        "columns": COLUMNS,
        "rows": rows,
        "sort": sort,
        "colours": COLOURS,
        "now": NOW,
        "bars": BARS,
        "word": WORD,
        "long": LONG,
    }


def _record() -> dict[str, Any]:
    return {
        "happened": [
            {
                "title": "Closed",
                "at": NOW,
                "by": "Persona Example",
                "text": LONG * 3,
                "tag": {"word": "Supported", "colour": "green"},
            },
            {
                "title": "Called, no answer",
                "at": NOW - timedelta(days=2),
                "by": "Persona Example",
                "text": "No message left.",
            },
            {
                "title": "Received",
                "at": NOW - timedelta(days=4),
                "links": [{"text": "See the referral", "href": "#record"}],
            },
        ],
        "facts": [
            {"label": "Date of birth", "value": "27 March 1984 (42)"},
            {"label": "Reference", "value": "2026-00017"},
            {"label": "Support worker", "value": WORD},
        ],
        "safe": {
            "state": "safe",
            "words": "Verified mobile, 07700 900123.",
            "times": ["Weekdays 09:00–12:00", "Saturday"],
            "never": ["Leave a message"],
        },
        "ask": {"state": "ask", "words": "A person may call first and ask if it is safe.", "note": LONG},
        "tabs": [
            {"text": text, "href": "#record", "current": text == "Plan"} for text in ("Summary", "Plan", "Contacts")
        ],
        "tasks": [
            {"title": "Contact details", "href": "#record", "status": {"word": "Done"}},
            {
                "title": "Needs assessment",
                "href": "#record",
                "hint": "Eight questions",
                "status": {"word": "Not started", "colour": "blue"},
            },
            {"title": "Support plan", "status": {"word": "Cannot start yet"}},
        ],
    }
