"""Which of a force's columns is probably which of ours, and whether a first row can be a header at all."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import time
from difflib import SequenceMatcher

from alongside.support.arrivals.feeds.rows import COLUMNS

ALIKE = 0.82  # of two names, from which on one is proposed for the other
PREFIX = re.compile("[A-Za-z0-9][A-Za-z0-9._/:-]{0,11}")
FEWEST = 4  # columns that are needed at least
# Other names by which systems of the police call our columns; a proposal only, looked at by a person.
ALSO = {
    "source_ref": ("crime ref", "crime number", "crime reference", "urn", "reference", "crime no", "victim ref"),
    "reported_at": ("date reported", "reported", "report date", "reported date time", "recorded date"),
    "occurred_from": ("offence date", "date of offence", "occurred", "date from", "committed from", "incident date"),
    "offence_code": ("ho code", "home office code", "offence", "hocode", "crime code"),
    "offence_description": ("offence title", "offence text", "crime type", "offence wording"),
    "victim_kind": ("victim type", "type of victim", "person or business", "vic type"),
    "business_name": ("company", "organisation name", "company name", "organisation"),
    "given_name": ("forename", "first", "first name", "forenames", "forename 1", "given names"),
    "family_name": ("surname", "last", "last name"),
    "date_of_birth": ("dob", "birth date", "born", "d o b"),
    "sex": ("gender", "sex code", "sex gender", "m f"),
    "ethnicity_code": ("ethnicity", "self defined ethnicity", "sde", "ethnic code", "16 1"),
    "language": ("preferred language", "first language"),
    "interpreter": ("interpreter needed", "interpreter required"),
    "address_line_1": ("address", "address 1", "street", "addr 1"),
    "address_line_2": ("address 2", "addr 2", "district"),
    "town": ("city", "post town", "town city"),
    "postcode": ("post code", "pcode", "zip"),
    "phone": ("telephone", "mobile", "tel", "telephone number", "mobile number", "contact number", "phone number"),
    "phone_safe": ("safe to call", "safe to phone", "safe to ring", "tel safe", "ok to call"),
    "email": ("e mail", "email address", "mail"),
    "email_safe": ("safe to email", "ok to email", "mail safe"),
    "safe_times": ("best time", "best time to call", "contact times", "times to call"),
    "consent": ("consent to referral", "victim consent", "consents", "agrees", "vs consent"),
    "officer_name": ("officer", "oic", "officer in case", "oic name"),
    "officer_email": ("oic email", "officer mail"),
    "vulnerable": ("vulnerable victim", "vulnerability"),
    "intimidated": ("intimidated victim",),
    "repeat": ("repeat victim", "repeat vic"),
    "domestic_abuse": ("da", "da flag", "domestic", "dv", "domestic abuse flag"),
    "hate_strands": ("hate", "hate crime", "hate strand", "hostility"),
    "notes": ("comments", "remarks", "free text", "mo"),
}  # fmt: skip
_WRITTEN = re.compile("[0-9]{4,}|@|[0-9]{1,2}[/:.-][0-9]{2}")
ANSWERS = {"y": "yes", "true": "yes", "n": "no", "false": "no", "u": "unknown", "nk": "unknown", "n/k": "unknown",
           "not known": "unknown", "not asked": "unknown"}  # fmt: skip
KINDS = {
    "p": "person",
    "individual": "person",
    "b": "business",
    "company": "business",
    "organisation": "business",
    "relative": "bereaved",
    "bereaved relative": "bereaved",
    "next of kin": "bereaved",
    "w": "witness",
}
SEXES = {"1": "male", "2": "female"}
PROPOSED: Mapping[str, Mapping[str, str]] = {"answers": ANSWERS, "victim_kind": KINDS, "sex": SEXES}


def why_not_due(days: Collection[int], by: time | None, least: int | None) -> tuple[str, str] | None:
    """The field of a schedule that is wrong and why: days and an hour belong together, rows belong to both."""
    if days and by is None:
        return "due_by", "Say by when the file is due on these days."
    if not days and (by or least):
        return "due_days", "Choose the days on which a file is due."
    return None


def code_of(name: str, most: int) -> str:
    """By which a feed is known among those of its force: of its name, in small letters; empty where that has none."""
    return "-".join(re.findall("[a-z0-9]+", name.casefold()))[:most].strip("-")


def why_no_series(series: str) -> str | None:
    """What speaks against standing before a reference."""
    if series and not PREFIX.fullmatch(series):
        return "Use up to 12 letters, digits and . _ / : - and begin with a letter or a digit, as in ASB/."
    return None


def plain(name: str) -> str:
    """A column's name without its way of writing."""
    return " ".join(re.findall("[a-z]+|[0-9]+", name.casefold()))


def why_no_header(cells: Sequence[str]) -> str | None:
    """What speaks against a first row being a header. Its cells would be shown, and may not be about anybody."""
    names = [cell.strip() for cell in cells]
    if len([name for name in names if name]) < FEWEST:
        return "The first row names fewer than four columns. They must be separated by commas, semicolons or tabs."
    if any(_WRITTEN.search(name) or len(name) > 60 for name in names):
        return "The first row is not a header: it holds dates, numbers or addresses. Add one with the columns' names."
    folded = [name.casefold() for name in names if name]
    if len(folded) != len(set(folded)):
        return "Two columns have the same name. Give each a name of its own, then send the sample again."
    return None


def propose(header: Sequence[str], before: Mapping[str, str] | None = None) -> dict[str, str]:
    """Theirs by ours: as it was before where the column is still there, then the most alike, each of theirs once."""
    there = {name.casefold(): name for name in (cell.strip() for cell in header) if name}
    found = {ours: there[was.casefold()] for ours, was in (before or {}).items() if was.casefold() in there}
    pairs = sorted(
        (-likeness(ours, theirs), COLUMNS.index(ours), ours, theirs)
        for ours in COLUMNS for theirs in there.values()
    )  # fmt: skip
    for score, _, ours, theirs in pairs:
        if -score >= ALIKE and ours not in found and theirs not in found.values():
            found[ours] = theirs
    return found


def likeness(ours: str, theirs: str) -> float:
    """1 for the same name or another name that we know of, less for one that is only spelt much the same."""
    said, names = plain(theirs), [plain(ours), *ALSO.get(ours, ())]
    bare = said.removeprefix("victim ").removeprefix("vic ")
    if said in names:
        return 1.0
    if bare in names:
        return 0.99
    return 0.98 * max(SequenceMatcher(None, name, bare).ratio() for name in names)


def propose_code(kind: str, said: str) -> str:
    """What a code of theirs most likely means; empty where it is anyone's guess."""
    return PROPOSED.get(kind, {}).get(said.casefold(), "")
