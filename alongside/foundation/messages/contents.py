"""Everything that may be said to a victim's device, and to a professional's. Nobody and nothing is named.

A supplier may keep a message's text for up to a year, and somebody else may read it: each of these must be safe on
a lock screen. A template is chosen by code; its words are never composed.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Content:
    """One approved text: for which channels, and its words."""

    code: str
    channels: tuple[str, ...]
    subject: str
    words: str


CONTENTS: dict[str, Content] = {
    content.code: content
    for content in (
        Content("call_us", ("phone", "email"), "Please call when you can",
                "Hello. Please call us back when it suits you. You do not need to reply to this."),
        Content("we_will_call", ("phone", "email"), "We will call",
                "Hello. We will call you at the time we agreed. You do not need to reply to this."),
        Content("received", ("phone", "email"), "Thank you",
                "Hello. Thank you, we have what you sent. You do not need to reply to this."),
        Content("appointment", ("phone", "email"), "A reminder",
                "Hello. A reminder of the time we agreed. You do not need to reply to this."),
    )
}  # fmt: skip
PURPOSE_OF = {"call_us": "first_contact", "we_will_call": "reminder", "received": "receipt", "appointment": "reminder"}
PURPOSES = ("first_contact", "reminder", "receipt", "support")

# To professionals at work, never to a victim: these carry one link, which says nothing of whom or what it is about.
NOTICES: dict[str, Content] = {
    content.code: content
    for content in (
        Content("answer", ("email",), "An answer to what you sent us",
                "There is an answer to something that you sent to the victim service. Have your own reference at hand. "
                "The page opens once, in one browser. Please do not pass this link on."),
    )
}  # fmt: skip
