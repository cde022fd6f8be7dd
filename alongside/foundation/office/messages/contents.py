"""Everything that may be said to a victim's device. No variable but a link that opens once; nobody, nothing is named.

A supplier may keep a message's text for up to a year, and somebody else may read it: each of these must be safe on
a lock screen. A template is chosen by code; its words are never composed.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Content:
    """One approved text: for which channels, and its words. `linked`: it goes with one link, which opens once; the
    link itself is put in as it leaves, and the words around it say nothing of where it leads."""

    code: str
    channels: tuple[str, ...]
    subject: str
    words: str
    linked: bool = False
    link: str = ""

    @property
    def text(self) -> str:
        """The words as they leave."""
        return f"{self.words} {self.link}" if self.link else self.words


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
        Content("own_page", ("phone", "email"), "The page you asked for",
                "Hello. Here is the page you asked for. It opens once.", linked=True),
        Content("how_was_it", ("phone", "email"), "How was it?",
                "Hello. A few short questions, if you would like to answer them. The page opens once.", linked=True),
        Content("few_questions", ("phone", "email"), "A few questions",
                "Hello. Here are the few questions that we talked about. The page opens once.", linked=True),
    )
}  # fmt: skip
# What a member of staff is told at their own work address: that there is something to read here, and not what.
NOTICES: dict[str, Content] = {
    content.code: content
    for content in (
        Content("come_and_see", ("email",), "Something is waiting for you in Alongside",
                "Hello. Something new is waiting for you in Alongside. Please sign in to read it. This message says "
                "no more on purpose, and nobody reads an answer to it."),
        Content("urgent", ("email",), "Please sign in to Alongside now",
                "Hello. Something urgent is waiting for you in Alongside. Please sign in now and look at your home "
                "page. This message says no more on purpose, and nobody reads an answer to it."),
    )
}  # fmt: skip
PURPOSE_OF = {"call_us": "first_contact", "we_will_call": "reminder", "received": "receipt", "appointment": "reminder",
              "own_page": "support", "how_was_it": "support",
              "few_questions": "support"}  # fmt: skip
# What a worker may choose from by hand: what goes with a link is sent by whatever makes the link.
BY_HAND = tuple(content for content in CONTENTS.values() if not content.linked)
PURPOSES = ("first_contact", "reminder", "receipt", "support")

# To professionals at work, never to a victim: each carries one link, which says nothing of whom or what it is about.
POINTERS: dict[str, Content] = {
    content.code: content
    for content in (
        Content("answer", ("email",), "An answer to what you sent us",
                "There is an answer to something that you sent to the victim service. Have your own reference at hand. "
                "The page opens once, in one browser. Please do not pass this link on."),
    )
}  # fmt: skip

# To anyone who flagged an error in the public directory or registered a community group, and wants to hear. It may be
# read by somebody else: neither the service nor the victim service is named, and nothing can be opened from it.
HEARD: dict[str, Content] = {
    content.code: content
    for content in (
        Content("entry_mended", ("email",), "Thank you for telling us",
                "Hello. You told us that an entry in a list of local services was wrong. It has been put right, thank "
                "you. We have erased your address, and nobody reads an answer to this."),
        Content("entry_right", ("email",), "Thank you for telling us",
                "Hello. You told us that an entry in a list of local services was wrong. We checked it, and it is "
                "right as it stands. We have erased your address, and nobody reads an answer to this."),
        Content("entry_unknown", ("email",), "Thank you for telling us",
                "Hello. You told us that an entry in a list of local services was wrong. We looked, and could not find "
                "out. We have erased your address, and nobody reads an answer to this."),
        Content("group_mapped", ("email",), "Thank you for telling us about your group",
                "Hello. You told us about a local group. We have looked at it, and it is on our map now, thank you. "
                "Somebody may get in touch in the way that you said. Nobody reads an answer to this."),
        Content("group_not_mapped", ("email",), "Thank you for telling us about your group",
                "Hello. You told us about a local group. We have looked at it, and it is not what our map is for, so "
                "we have erased what you sent. Nobody reads an answer to this."),
    )
}  # fmt: skip
