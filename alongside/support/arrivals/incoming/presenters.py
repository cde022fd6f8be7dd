"""What the page of a referral that is taken down needs."""

from datetime import date
from typing import Any

from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.incoming.forms import SECTIONS
from alongside.support.arrivals.intake.presenters import REFER, REVEALED

OPTIONS: dict[str, dict[str, Any]] = {
    **REFER,
    "danger": {"inline": True, "size": "m"},
    "channel": {"inline": True, "small": True},
    "consent": {"hint": "Say who you are, what the hub does and who will see this, and ask."},
    "phone_safe": {"inline": True, "hint": "Who else answers it, sees it or pays its bill?"},
    "message": {"inline": True},
    "notes": {"hint": "Only what is needed to help them. They can ask to see it.", "rows": 5, "count": True},
    "source_ref": {"width": 20, "hint": "From the police, so that their own feed is known to be the same crime."},
}


def take_down(form: Any, token: object, kept: object, draft: str, on: date) -> dict[str, Any]:
    """The form in its sections, with what to do when somebody is in danger."""
    revealed = {
        **REVEALED, "caller": {"other": ("other_name",), "professional": ("professional_name",)},
    }  # fmt: skip
    return {
        "form": form, "sections": SECTIONS, "revealed": revealed, "token": token, "kept": kept, "draft": draft,
        "options": {name: OPTIONS.get(name, {}) for name in form.fields},
        "steps": rulebook.current("danger_steps", on),
    }  # fmt: skip
