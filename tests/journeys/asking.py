"""The steps of asking for support on a phone; several journeys begin with them."""

import re

from tests.journeys.visitor import Visitor

POSTCODE = "WV11 1AA"
NUMBER = "07700 900142"


def when_they_begin(visitor: Visitor) -> None:
    visitor.open("/")
    visitor.follow("Ask us to contact you")
    visitor.press("Start")


def when_they_answer(visitor: Visitor, **answers: str | list[str]) -> None:
    visitor.choose(**answers)
    visitor.press("Continue")


def when_they_type(visitor: Visitor, **texts: str) -> None:
    visitor.fill(**texts)
    visitor.press("Continue")


def when_they_answer_every_question(visitor: Visitor, name: str = "Fictiona") -> None:
    """From danger now to agreeing, as somebody whose ex-partner must not know."""
    when_they_answer(visitor, danger="no")
    when_they_answer(visitor, who="me")
    when_they_answer(visitor, what="someone_close")
    when_they_answer(visitor, reported="no")
    when_they_answer(visitor, why=[])
    when_they_answer(visitor, when=["month"])
    when_they_type(visitor, given_name=name, family_name="Sampleford")
    when_they_type(visitor, age="34")
    when_they_type(visitor, postcode=POSTCODE)
    when_they_answer(visitor, how=["phone"])
    visitor.fill(number=NUMBER)
    when_they_answer(visitor, safe="yes", uses=["call"], times=["morning"], message="no")
    visitor.press("Continue")
    visitor.press("Continue")
    when_they_type(visitor, telling="I would like to talk to somebody who understands.")
    when_they_answer(visitor, contact="yes")
    when_they_answer(visitor, day="any", hours="any")
    when_they_answer(visitor, support="on")
    visitor.sees("Check your answers", name)


def when_they_send(visitor: Visitor) -> tuple[str, str]:
    """The reference and the four words that they are given."""
    visitor.press("Send")
    visitor.sees("We have what you sent")
    reference, phrase = visitor.page.locator(".app-phrase__value").all_inner_texts()
    assert re.fullmatch(r"AL-\w{4}-\w{3,4}", reference) and len(phrase.split()) == 4
    return reference, phrase
