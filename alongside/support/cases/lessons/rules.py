"""Pure rules of learning notes: nothing in one may say who anybody is."""

from alongside.core.errors import RuleBroken
from alongside.core.privacy.whereabouts import tells_where
from alongside.support.cases.safety.rules import names_in

LONGEST = 3000
WHERE = (
    "This seems to hold an address, a telephone number or an e-mail address. Leave it out: a learning note is about "
    "what we do, never about who it was."
)


def names(*texts: str) -> tuple[str, ...]:
    """Words that may be somebody's name."""
    return tuple(dict.fromkeys(name for text in texts for name in names_in(text)))


def check(words: str, differently: str, *, holds_no_name: bool, looked_at: str) -> None:
    """Refuses what tells where somebody is, and asks to look again at what may be a name. `looked_at`: the words that
    whoever writes was shown before."""
    for field, text in (("words", words), ("differently", differently)):
        if tells_where(text):
            raise RuleBroken(WHERE, field)
        if len(text) > LONGEST:
            raise RuleBroken(f"Keep it to {LONGEST} letters.", field)
    if not words.strip():
        raise RuleBroken("Write what was learned.", "words")
    if not holds_no_name:
        raise RuleBroken("Read it through, and tick that it says of nobody who they are.", "holds_no_name")
    found = names(words, differently)
    if set(found) - set(looked_at.split(", ")):
        raise RuleBroken(
            f"These may be names: {', '.join(found)}. Change them, or save again if none of them is anybody's.", "words"
        )
