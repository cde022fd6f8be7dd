"""Words for the pages of replies."""

from collections.abc import Mapping

from alongside.support.arrivals.replies.forms import AGREES
from alongside.support.arrivals.replies.models import Reply
from alongside.support.arrivals.replies.queries import Answered

ASKED = {"consent": "Does the victim agree to be contacted?", "phone": "A telephone number said to be safe",
         "email": "An e-mail address said to be safe", "times": "When it is safe", "words": "In words"}  # fmt: skip


def answer(one: Answered) -> list[dict[str, str]]:
    """What an officer answered, as rows of a summary."""
    words: Mapping[str, str] = dict(AGREES)
    return [{"key": ASKED.get(name, name), "value": words.get(said, said)} for name, said in one.said.items()]


def told(reply: Reply) -> str:
    """How far a reply has got."""
    if reply.answered_at:
        return "The officer answered."
    if reply.opened_at:
        return "The officer opened it."
    return f"{reply.get_told_display()}."
