"""A rule as the sentence that people read: kept with the list when it goes live, and shown while it is written."""

from collections.abc import Mapping

from alongside.core.said import listed
from alongside.support.arrivals.routing import rules
from alongside.support.arrivals.routing.checks import Office
from alongside.support.arrivals.routing.rules import ADULT, Rule, When

RISK = {rules.HIGH: "High risk", rules.OTHER: "Not known to be at high risk"}
REPORTED = {rules.YES: "Reported to the police", rules.NO: "Not reported to the police",
            rules.NOT_KNOWN: "Not known whether it was reported"}  # fmt: skip
VICTIMS = {rules.VICTIM: "The person it happened to", rules.BEREAVED: "A bereaved relative",
           rules.WITNESS: "A witness", rules.BUSINESS: "A business"}  # fmt: skip
HOURS = {rules.OFFICE_HOURS: "In office hours", rules.OUT_OF_HOURS: "Outside office hours"}
DOES = {
    rules.AT_ONCE: "Offer it to a service at once", rules.SUGGEST: "Suggest a service first",
    rules.KEEP: "Keep it with the hub", rules.NATIONAL: "It is for a national service",
}  # fmt: skip
NOWHERE = "a service that is no longer there"


def sentence(rule: Rule, office: Office) -> str:
    """High-risk domestic abuse in Thornbury goes to Lantern advocates at once; tell the hub manager."""
    told = "; tell the hub manager" if rule.then.tell else ""
    asked = "".join(f" {words}" for words in _asked(rule.when, office))
    under = "".join(f", {words}" for words in _under(rule.when, office.titles))
    return f"{_what(rule.when, office.titles)}{asked} {where(rule, office)}{under}{told}."


def _what(when: When, titles: Mapping[str, Mapping[str, str]]) -> str:
    """What happened, with the risk before it."""
    risk = "" if len(when.risk) != 1 else "high-risk " if when.risk == (rules.HIGH,) else "not high-risk "
    crimes = _either(when, "crime_types", titles)
    words = f"{risk}{crimes}" if crimes else f"every {risk}referral"
    return words[:1].upper() + words[1:]


def _asked(when: When, office: Office) -> list[str]:
    """The conditions that stand behind what happened, in the order in which people say them."""
    titles = office.titles
    about = [
        ("", _age(when, office)), ("whose sex is", _either(when, "sexes", titles)),
        ("who speaks", _either(when, "languages", titles, lower=False)),
        ("who needs help with", _either(when, "needs", titles)),
    ]  # fmt: skip
    person = " ".join(f"{before} {words}".strip() for before, words in about if words)
    victim = "a person" if {*when.victims} == {*rules.PEOPLE} else _either(when, "victims", titles)
    victim = "" if {*when.victims} == {*VICTIMS} else victim
    whose = f"{victim or 'somebody'} {person}" if person else victim
    found = [
        ("marked", _either(when, "markers", titles, lower=False)), ("of", whose),
        ("in", _either(when, "councils", titles, lower=False)), ("from", _either(when, "sources", titles)),
        ("sent by", _small_no(_either(when, "senders", titles, lower=False))),
        ("that came by", _small_no(_either(when, "feeds", titles, lower=False))),
    ]  # fmt: skip
    return [f"{before} {words}" for before, words in found if words]


def _under(when: When, titles: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The conditions that are said last."""
    found = (("if", _either(when, "reported", titles)), ("if it comes", _either(when, "hours", titles)))
    return [f"{before} {words}" for before, words in found if words]


def _either(when: When, name: str, titles: Mapping[str, Mapping[str, str]], *, lower: bool = True) -> str:
    words = [titles[name].get(code, code.replace("_", " ")) for code in getattr(when, name)]
    return listed([_small(word) if lower else word for word in words], "or")


def _small_no(words: str) -> str:
    """Names of organisations keep their letters; only “no organisation” and “no police feed” are no names."""
    return words.replace("No organisation", "no organisation").replace("No police feed", "no police feed")


def _small(title: str) -> str:
    """A title inside a sentence: its first letter small, but of what is a name of letters."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _age(when: When, office: Office) -> str:
    young = {code for code, (_, last) in office.ages.items() if last < ADULT}
    if not when.ages:
        return ""
    if set(when.ages) == young:
        return "under 18"
    return "aged " + _either(when, "ages", office.titles)


def where(rule: Rule, office: Office) -> str:
    """Where it goes: the second half of the sentence."""
    then = rule.then
    service = office.services.get(then.service)
    name = service.name if service else NOWHERE
    if then.does == rules.NATIONAL:
        return f"is for the national service: {_small(office.routes.get(then.route, NOWHERE))}"
    stays = {rules.AT_ONCE: f"goes to {name} at once", rules.SUGGEST: f"goes to {name} if the officer agrees"}
    return stays.get(then.does, "is kept with the hub")
