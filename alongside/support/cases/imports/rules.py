"""What a caseload may hold, how its headings and words are understood, and what is wrong with a row. Nothing doubtful
is guessed."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """How what stands in a column is read."""

    TEXT = "text"
    DAY = "day"
    ANSWER = "answer"  # yes, no or unknown
    CODE = "code"  # one of ours
    CODES = "codes"  # several of ours


@dataclass(frozen=True)
class Wanted:
    """Something that a column may hold. `hints`: headings by which it is known, in small letters."""

    key: str
    label: str
    kind: Kind
    hints: tuple[str, ...]
    longest: int = 200


def _wanted(key: str, label: str, kind: Kind, hints: str, longest: int = 200) -> Wanted:
    return Wanted(key, label, kind, tuple(hint.strip() for hint in hints.split(",")), longest)


T, D, A, C = Kind.TEXT, Kind.DAY, Kind.ANSWER, Kind.CODE
WANTED: Mapping[str, Wanted] = {one.key: one for one in (
    _wanted("own_reference", "Your own reference", T, "ref, reference, our ref, our reference, case ref, "
            "case reference, case no, case number, case id, client ref, client no, client number, client id, id, urn, "
            "file no, unique id", 60),
    _wanted("given_name", "First name", T, "first name, forename, given name, firstname, known as", 100),
    _wanted("family_name", "Family name", T, "surname, last name, family name, lastname", 100),
    _wanted("full_name", "Whole name", T, "name, full name, client, client name, victim, victim name, "
            "service user, survivor", 200),
    _wanted("birth_date", "Date of birth", D, "dob, d o b, date of birth, birth date, birthday, born"),
    _wanted("phone", "Telephone", T, "phone, phone no, phone number, telephone, tel, tel no, mobile, mobile no, mob, "
            "mobile number, contact number, contact no", 40),
    _wanted("email", "E-mail", T, "email, e mail, email address, e mail address", 200),
    _wanted("safe_call", "Safe to call?", A, "safe to call, safe to ring, safe to phone, ok to call, safe to contact, "
            "safe contact, safe number"),
    _wanted("safe_message", "Safe to leave a voicemail?", A, "voicemail, safe voicemail, safe to leave voicemail, "
            "safe to leave a voicemail, leave message, safe to leave message, ok to leave message, vm ok"),
    _wanted("safe_text", "Safe to text?", A, "safe to text, ok to text, text ok, sms, safe to sms"),
    _wanted("safe_email", "Safe to e-mail?", A, "safe to email, ok to email, email ok, safe to e mail"),
    _wanted("service", "Service", C, "service, project, programme, service name, team, strand, contract"),
    _wanted("worker", "Worker", C, "worker, caseworker, case worker, key worker, keyworker, idva, isva, adviser, "
            "advisor, advocate, support worker, allocated to, allocated worker, staff, counsellor"),
    _wanted("crime_type", "What happened", C, "crime, crime type, type of crime, offence, what happened, abuse type, "
            "type of abuse, incident type, primary abuse"),
    _wanted("reported", "Reported to the police?", A, "reported, reported to police, reported to the police, police, "
            "police reported, police involved"),
    _wanted("accepted_on", "Accepted on", D, "accepted, accepted on, date accepted, opened, date opened, case opened, "
            "open date, referral date, date of referral, referred, date referred, referred on, referral received"),
    _wanted("started_on", "Support started on", D, "started, start date, support started, date started, started on, "
            "first contact, first session, first appointment"),
    _wanted("waiting_since", "On your waiting list since", D, "waiting since, waiting list, on waiting list, wl date, "
            "waiting list date, on waiting list since, date added to waiting list, waitlist date, waiting from"),
    _wanted("waiting_list", "Which waiting list", C, "waiting for, which list, list"),
    _wanted("last_contact_on", "Last contact", D, "last contact, last contacted, last seen, date last seen, "
            "last session, date of last contact, last spoke"),
    _wanted("next_on", "Next appointment or review", D, "next appointment, next contact, next review, review date, "
            "review due, next session, review"),
    _wanted("needs", "Needs", Kind.CODES, "needs, need, support needs"),
    _wanted("known_risk", "Risk, as you had it", T, "risk, risk level, risk rating, rag, dash, dash score, ric", 200),
    _wanted("agreed_support_on", "Agreed to be supported on", D, "consent, consent date, date of consent, consented, "
            "agreement date, agreed"),
    _wanted("agreed_contact_on", "Agreed to be contacted on", D, "consent to contact, agreed to contact"),
    _wanted("note", "Note", T, "note, notes, comments, comment, summary, case notes, background, other information, "
            "further information", 20_000),
)}  # fmt: skip
LEFT_OUT = ""
FIXED = ("service", "crime_type", "waiting_list")  # one answer may hold for the whole file, where no column says it
YES, NO, UNKNOWN = "yes", "no", "unknown"
ANSWERS = {
    YES: {"yes", "y", "true", "1", "ok", "safe", "reported"},
    NO: {"no", "n", "false", "0", "not safe", "unsafe", "never", "do not", "not reported"},
    UNKNOWN: {"", "unknown", "not known", "n k", "nk", "dk", "don t know", "not asked", "tbc", "na", "n a"},
}
SPREADSHEET_FAULTS = {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "########"}
DAY_FIRST, SHORT_YEARS, MONTH_FIRST, DAY_NUMBERS = "dmy", "dmy2", "mdy", "serial"
WAYS = {
    DAY_FIRST: "Day first, with a year of four digits, as 31/12/2025",
    SHORT_YEARS: "Day first, and some years have two digits, as 31/12/25",
    MONTH_FIRST: "Month first, as 12/31/2025",
    DAY_NUMBERS: "As numbers, which Excel counts from 1900, as 46022",
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_NUMBERS = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?: \d{1,2}:\d{2}.*)?")
_WRITTEN = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-/]*([A-Za-z]{3,9})[ \-/,]*(\d{4}|\d{2})")
_EPOCH, _SERIAL = date(1899, 12, 30), range(5_000, 80_000)
OLDEST, OLDEST_CASE = date(1900, 1, 1), date(1990, 1, 1)
_SPLIT = re.compile(r"[;,/\n|+&]")


def tidy(heading: str) -> str:
    """A heading or a word as they are compared: small letters and digits alone."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", heading.casefold()).split())


def guess(headings: Sequence[str], samples: Sequence[Sequence[str]], known: Mapping[str, Mapping[str, str]],
          before: Mapping[str, str]) -> list[str]:  # fmt: skip
    """What each column holds, where its heading or what stands in it leaves no doubt; nothing twice.

    `before`: what the organisation said of a heading the last time. `known`: the words of our own codes, by field.
    """
    found, taken = [LEFT_OUT] * len(headings), set[str]()
    for tell in (lambda at: before.get(tidy(headings[at])), lambda at: _by_heading(headings[at]),
                 lambda at: _by_values(samples[at], known)):  # fmt: skip
        for at in range(len(headings)):
            key = None if found[at] else tell(at)
            if key and key in WANTED and key not in taken:
                found[at] = key
                taken.add(key)
    if {"given_name", "full_name"} <= taken:  # a whole name beside a first name says nothing more
        found = [LEFT_OUT if key == "full_name" else key for key in found]
    return found


def _by_heading(heading: str) -> str | None:
    words = tidy(heading)
    return next((key for key, one in WANTED.items() if words and words in one.hints), None)


def _by_values(values: Sequence[str], known: Mapping[str, Mapping[str, str]]) -> str | None:
    """By what stands in it alone: an e-mail address, a telephone number, the names of services, workers or crimes."""
    said = [value for value in values if value]
    if len(said) < 3:
        return None
    if all("@" in value for value in said):
        return "email"
    if all(re.fullmatch(r"\+?[\d ()]{10,16}", value) for value in said):
        return "phone"
    return next((key for key in ("worker", "service", "crime_type") if _mostly(said, known.get(key, {}))), None)


def _mostly(said: Sequence[str], titles: Mapping[str, str]) -> bool:
    ours = {tidy(title) for title in titles.values()}
    return sum(tidy(value) in ours for value in said) * 10 >= len(said) * 8


def heading_row(rows: Sequence[tuple[int, Sequence[str]]]) -> int:
    """The number of the row that most likely holds the headings: among the first, whichever names most of what is
    wanted; otherwise the first with the most cells."""

    def named(cells: Sequence[str]) -> tuple[int, int]:
        return sum(_by_heading(cell) is not None for cell in cells), sum(bool(cell) for cell in cells)

    return max(rows[:30], key=lambda row: (named(row[1]), -row[0]))[0] if rows else 1


def day_of(text: str, way: str) -> date | None:
    """The day that a cell says; None where it says none in this way. Days in ISO 8601 are always read."""
    if found := _ISO.fullmatch(text):
        return real_day(*map(int, found.groups()))
    if way == DAY_NUMBERS and text.isascii() and text.isdigit() and int(text) in _SERIAL:
        return _EPOCH + timedelta(days=int(text))
    if found := _WRITTEN.fullmatch(text):
        day, name, year = found.groups()
        month = MONTHS.index(name[:3].lower()) + 1 if name[:3].lower() in MONTHS else 0
        return real_day(_year(year, way), month, int(day))
    if found := _NUMBERS.fullmatch(text):
        one, two, year = found.groups()
        day, number = (two, one) if way == MONTH_FIRST else (one, two)
        return real_day(_year(year, way), int(number), int(day))
    return None


def _year(text: str, way: str) -> int:
    """A year of two digits counts only where somebody said that there are some, and means this century."""
    return int(text) if len(text) == 4 else 2000 + int(text) if way == SHORT_YEARS else 0


def real_day(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if found >= OLDEST else None


def plain_day(key: str, text: str) -> str:
    """What somebody typed to mend a cell: a day with the day first as in ISO 8601, whatever the file's own way is."""
    day = day_of(text, DAY_FIRST) if WANTED[key].kind == Kind.DAY else None
    return day.isoformat() if day else text


def doubtful_ways(values: Iterable[str]) -> dict[str, int]:
    """How many cells of a column each way reads; empty where all, or none more, are read with the day first."""
    said = [value for value in values if value and value not in SPREADSHEET_FAULTS]
    counts = {way: sum(day_of(value, way) is not None for value in said) for way in WAYS}
    return {} if counts[DAY_FIRST] == max(counts.values()) else {way: many for way, many in counts.items() if many}


def answer_of(text: str) -> str | None:
    """Yes, no or unknown, in the words in which people write it; None where it is none of them."""
    words = tidy(text)
    return next((answer for answer, ways in ANSWERS.items() if words in ways), None if words else UNKNOWN)


def code_of(text: str, titles: Mapping[str, str]) -> str:
    """Our code for a word, where it is one of our codes or titles; otherwise empty."""
    words = tidy(text)
    return next((code for code, title in titles.items() if words in (tidy(code), tidy(title))), "")


def pieces(text: str) -> list[str]:
    """The several words of one cell."""
    return [part.strip() for part in _SPLIT.split(text) if part.strip()]


@dataclass(frozen=True)
class Plan:
    """How a file is understood. `columns`: what each holds, in order; `fixed`: what holds for every row; `words`: our
    code for each of their words, by field; `ways`: how days are written, by field."""

    columns: tuple[str, ...] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ways: Mapping[str, str] = field(default_factory=dict)

    @property
    def held(self) -> Collection[str]:
        return {key for key in self.columns if key}

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """A row's cells by what they hold; an empty one says nothing."""
        pairs = zip(self.columns, row, strict=False)
        return {key: text[: WANTED[key].longest + 1] for key, text in pairs if key and text}


def may_undo(brought_on: date, today: date, days: int) -> bool:
    return today <= brought_on + timedelta(days=days)
