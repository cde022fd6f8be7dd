"""Writes the imperfect police feeds in demo/feeds, the same files each time. Nobody in them exists.

Telephone numbers are from the ranges kept for drama and e-mails end in .example; the postcodes are real ones
of the West Midlands (docs/data-sources.md). Run `python demo/make_feeds.py`, with --today and --to.
"""

import argparse
import csv
import io
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

COLUMNS = [
    "source_ref",
    "reported_at",
    "occurred_from",
    "offence_code",
    "offence_description",
    "victim_kind",
    "business_name",
    "title",
    "given_name",
    "family_name",
    "date_of_birth",
    "sex",
    "ethnicity_code",
    "language",
    "interpreter",
    "address_line_1",
    "address_line_2",
    "town",
    "postcode",
    "phone",
    "phone_safe",
    "email",
    "email_safe",
    "safe_times",
    "consent",
    "officer_name",
    "officer_email",
    "vulnerable",
    "intimidated",
    "repeat",
    "domestic_abuse",
    "hate_strands",
    "notes",
]
TODAY = date(2026, 11, 20)
OFFENCES = {
    "8N": "Assault with injury",
    "105A": "Assault without injury",
    "8L": "Harassment",
    "28E": "Burglary Residential",
    "34B": "Robbery of personal property",
    "45": "Theft from vehicle",
    "58A": "Criminal damage to a dwelling",
    "39": "Theft from the person",
    "8Q": "Stalking",
    "30C": "Burglary Business and Community",
    "19C": "Rape of a female aged 16 and over",
    "20B": "Sexual assault on a female child under 13",
    "11A": "Cruelty to children/young persons",
    "92E": "Possession of controlled drugs (Cannabis)",
}
EVERYDAY = ("8N", "8N", "8N", "105A", "105A", "8L", "28E", "28E", "34B", "45", "58A", "39")
PLACES = {
    "Birmingham": (
        "B1 1SD",
        "B1 2LH",
        "B1 3EL",
        "B10 0DZ",
        "B10 9AL",
        "B11 1RR",
        "B11 2JX",
        "B16 9HT",
        "B21 0NL",
    ),
    "Coventry": ("CV1 1QZ", "CV1 2LQ", "CV1 3AG", "CV1 4LT", "CV1 5GD", "CV2 1BT"),
    "Dudley": ("B62 2GF", "B62 8EG", "B63 1YQ", "B63 2QY", "DY6 7YS"),
    "Sandwell": ("B43 5PY", "B43 6PD", "B64 5LB", "B65 0JU", "B65 8HP"),
    "Solihull": ("B36 0PZ", "B37 5JE", "B37 7AU", "B90 1LY"),
    "Walsall": ("WS1 1LN", "WS1 2AZ", "WS1 3QA", "WS1 4JY"),
    "Wolverhampton": ("WV1 1TP", "WV1 2NF", "WV1 3BY", "WV10 0HE", "WV11 1DA"),
}
GIVEN = {
    "female": ("Testina", "Samplia", "Demonica", "Mocka", "Examplia", "Fictia", "Pretenda", "Trialle"),
    "male": (
        "Testopher",
        "Sampson-Test",
        "Demoric",
        "Mockley",
        "Exampleton",
        "Fictor",
        "Pretendo",
        "Trialen",
    ),
}
FAMILY = (
    "Sampleford",
    "Testerley",
    "Demoworth",
    "Mockington",
    "Exampleby",
    "Fictley",
    "Trialham",
    "Placeholder",
)
ACCENTED = (
    "Zoë Sämpleford",
    "Renée Testérley",
    "Siân Exâmpleby",
    "José Demowörth",
    "Maëlle Fictley",
    "Núria Trïalham",
)
OFFICERS = ("PC 1001 Example", "PC 1002 Sample", "DC 1003 Placeholder", "PS 1004 Specimen")

Row = dict[str, str]


class Force:
    """Makes up victims, one after another, always the same ones from the same seed."""

    def __init__(self, seed: int, prefix: str, today: date) -> None:
        self.dice, self.prefix, self.today, self.made = random.Random(seed), prefix, today, 0  # noqa: S311 (seeded on purpose)

    def victim(self, **changes: str) -> Row:
        self.made += 1
        sex = self.dice.choice(("female", "female", "male"))
        row = {
            "source_ref": f"{self.prefix}/{self.made:05d}",
            **self._crime(changes.get("offence_code") or self.dice.choice(EVERYDAY)),
            "victim_kind": "person",
            "title": {"female": "Ms", "male": "Mr"}[sex],
            "given_name": self.dice.choice(GIVEN[sex]),
            "family_name": self.dice.choice(FAMILY),
            "date_of_birth": self._born(19, 84).isoformat(),
            "sex": sex,
            "ethnicity_code": self.dice.choice(("W1", "W1", "W1", "A1", "A2", "B1", "M1", "NS")),
            "language": "English",
            "interpreter": "no",
            **self._home(),
            **self._contact(),
            **self._flags(),
        }
        return {**row, **changes}

    def _crime(self, code: str) -> Row:
        reported = self.today - timedelta(days=self.dice.randint(1, 3))
        occurred = reported - timedelta(days=self.dice.choice((0, 0, 0, 1, 2, 9)))
        time = f"{self.dice.randint(0, 23):02d}:{self.dice.randint(0, 59):02d}"
        return {
            "reported_at": f"{reported.isoformat()}T{time}",
            "occurred_from": occurred.isoformat(),
            "offence_code": code,
            "offence_description": OFFENCES.get(code, ""),
        }

    def _born(self, youngest: int, oldest: int) -> date:
        return self.today - timedelta(days=self.dice.randint(youngest * 366, oldest * 365))

    def child(self) -> str:
        return self._born(8, 12).isoformat()

    def _home(self) -> Row:
        town = self.dice.choice(tuple(PLACES))
        street = self.dice.choice(("Example Street", "Sample Road", "Specimen Close", "Demonstration Avenue"))
        return {
            "address_line_1": f"{self.dice.randint(1, 199)} {street}",
            "town": town,
            "postcode": self.dice.choice(PLACES[town]),
        }

    def _contact(self) -> Row:
        number = f"{self.dice.randint(0, 999):03d}"
        has_email = self.dice.random() < 0.6
        return {
            "phone": self.dice.choice((f"07700 900{number}", f"+447700900{number}", f"0121 496 0{number}")),
            "phone_safe": self.dice.choice(("yes", "yes", "yes", "unknown", "")),
            "email": f"victim{self.made}@mail.example" if has_email else "",
            "email_safe": self.dice.choice(("yes", "unknown", "no")) if has_email else "",
            "safe_times": self.dice.choice(("", "", "09:00-12:00", "10:00-12:00;17:00-20:00", "after the school run")),
            "consent": "yes",
        }

    def _flags(self) -> Row:
        officer = self.dice.randrange(len(OFFICERS))
        return {
            "officer_name": OFFICERS[officer],
            "officer_email": f"officer{1001 + officer}@police.example",
            "vulnerable": self.dice.choice(("no", "no", "no", "yes", "unknown")),
            "intimidated": self.dice.choice(("no", "no", "no", "no", "yes")),
            "repeat": self.dice.choice(("no", "no", "unknown", "yes")),
            "domestic_abuse": "no",
        }

    def victims(self, count: int) -> list[Row]:
        return [self.victim() for _ in range(count)]


def as_csv(rows: list[Row], columns: list[str] = COLUMNS) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def clean(force: Force) -> bytes:
    """A good day: everyday crime, a business, some domestic abuse with a safe number, a hate crime."""
    rows = force.victims(100)
    rows += [force.victim(domestic_abuse="yes", phone_safe="yes", safe_times="10:00-14:00") for _ in range(10)]
    rows += [force.victim(hate_strands=strands, phone_safe="yes") for strands in ("race", "religion;race")]
    rows += [business(force, number) for number in range(1, 9)]
    return as_csv(rows).encode()


def business(force: Force, number: int) -> Row:
    nobody = dict.fromkeys(("title", "given_name", "family_name", "date_of_birth", "sex", "ethnicity_code"), "")
    name = f"Sampleford & Daughters No {number} Ltd"
    return force.victim(victim_kind="business", business_name=name, offence_code="30C", **nobody)


def with_byte_order_mark(force: Force) -> bytes:
    """As Excel saves “CSV UTF-8”, accents and all."""
    return as_csv(accented(force, 40)).encode("utf-8-sig")


def windows_1252(force: Force) -> bytes:
    return as_csv(accented(force, 60)).encode("cp1252")


def accented(force: Force, count: int) -> list[Row]:
    rows = force.victims(count)
    for number, row in enumerate(rows):
        row["given_name"], row["family_name"] = ACCENTED[number % len(ACCENTED)].split()
        row["notes"] = "Asked for “the café” to be the meeting place – not the house."
    return rows


def dates(force: Force) -> bytes:
    """Three ways to write a date, of which two are read; and days that never were or are yet to come."""
    rows = force.victims(40)
    for row in rows[10:20]:
        for column in ("reported_at", "occurred_from", "date_of_birth"):
            row[column] = date.fromisoformat(row[column][:10]).strftime("%d/%m/%Y")
    for row in rows[20:25]:
        row["occurred_from"] = date.fromisoformat(row["occurred_from"]).strftime("%d-%b-%y")
    for row, cell in zip(rows[25:], ("31/02/2026", "2026-13-01", "03/14/1990", "46112", "1899-12-31"), strict=False):
        row["date_of_birth"] = cell
    rows[30]["date_of_birth"] = (force.today + timedelta(days=4000)).isoformat()
    rows[31]["reported_at"] = (force.today + timedelta(days=4000)).isoformat()
    return as_csv(rows).encode()


def missing_column(force: Force) -> bytes:
    return as_csv(force.victims(20), [column for column in COLUMNS if column != "consent"]).encode()


def wrong_header(force: Force) -> bytes:
    """Rows of the right kind under another system's names."""
    _, rows = as_csv(force.victims(20)).split("\r\n", 1)
    return (",".join(f"FIELD_{number}" for number in range(1, len(COLUMNS) + 1)) + "\r\n" + rows).encode()


def empty(_: Force) -> bytes:
    return b""


def vertical_bars(force: Force) -> bytes:
    return as_csv(force.victims(20)).replace(",", "|").encode()


def three_days(force: Force) -> bytes:
    """118 rows as one hub found them in three days of a force's transfer, and what spreadsheets add."""
    rows = force.victims(80)
    rows += [force.victim(offence_code="92E")]
    rows += [force.victim(offence_code="19C", sex="female", consent="no", phone_safe="yes") for _ in range(2)]
    rows += [force.victim(offence_code=code, date_of_birth=force.child()) for code in ("20B", "11A")]
    rows += [force.victim(phone_safe="no", email_safe="no") for _ in range(8)]
    rows += [force.victim(domestic_abuse="yes", phone_safe="unknown", email="", email_safe="") for _ in range(6)]
    rows += [force.victim(domestic_abuse="yes", phone_safe="yes") for _ in range(10)]
    for row, cell in zip(rows, ("=1+1", "@SUM(A1)", '=HYPERLINK("https://www.example/")', "-2+3"), strict=False):
        row["notes"] = cell
    again = [dict(row) for row in force.dice.sample(rows[:80], 5)]
    changed = [{**row, "phone": "07700 900999"} for row in rows[4:8]]
    return as_csv(rows + again + changed).encode()


def broken(force: Force) -> bytes:
    """Rows that cannot be used beside rows that can: one bad row costs one row."""
    rows = force.victims(20)
    shared = {"phone": "07700 900555", "phone_safe": "yes"}
    rows += [force.victim(**shared), force.victim(**shared)]
    rows += [force.victim(postcode=postcode, town="Abroad") for postcode in ("D02 X285", "75008")]
    rows += [force.victim(phone="ask her mum"), force.victim(email="not an address")]
    rows += [force.victim(notes="very " * 1000 + "long"), force.victim(offence_code="999Z")]
    rows += [business(force, 9) | {"business_name": ""}, force.victim(phone_safe="maybe")]
    lines = as_csv(rows).split("\r\n")
    lines[3] += ",one cell too many"
    lines[5] = lines[5].replace(",person,", ',"person,')
    return "\r\n".join(lines).encode()


# Another force: its own names for some of the columns, its own codes, and two columns that we do not take.
THEIR_COLUMNS = {
    "source_ref": "Crime Reference",
    "reported_at": "Date Reported",
    "occurred_from": "Date of Offence",
    "offence_code": "Offence",
    "victim_kind": "Victim Type",
    "business_name": "Company",
    "given_name": "Forename",
    "family_name": "Surname",
    "date_of_birth": "DOB",
    "sex": "Gender",
    "ethnicity_code": "Ethn",
    "address_line_1": "Street",
    "town": "Town/City",
    "postcode": "Post Code",
    "phone": "Mobile",
    "phone_safe": "Safe to call",
    "email": "E-mail",
    "consent": "Consent",
    "officer_name": "OIC",
    "vulnerable": "Vulnerable Victim",
    "domestic_abuse": "DA Flag",
}
THEIR_ANSWERS = {"yes": "Y", "no": "N", "unknown": "NK"}
THEIR_CODES = {
    "offence_code": {"8N": "ABH", "105A": "COMMON", "8L": "HARASS", "28E": "BURG-DW", "34B": "ROB", "45": "TFMV",
                     "58A": "DAM-DW", "39": "TFP"},
    "victim_kind": {"person": "P", "business": "B"},
    "sex": {"female": "F", "male": "M"},
    "ethnicity_code": {"W1": "WB", "A1": "IND", "A2": "PAK", "B1": "CAR", "M1": "MIX", "NS": "REF"},
    **dict.fromkeys(("phone_safe", "consent", "vulnerable", "domestic_abuse"), THEIR_ANSWERS),
}  # fmt: skip


def other_force(force: Force) -> bytes:
    """Another force's export: good rows, two without agreement, an offence without a meaning, a broken number."""
    rows = force.victims(46)
    rows += [force.victim(consent="no") for _ in range(2)]
    rows += [force.victim(offence_code="XX-UNKNOWN"), force.victim(phone="ask the neighbour")]
    theirs = []
    for row in rows:
        coded = {column: THEIR_CODES.get(column, {}).get(cell, cell) for column, cell in row.items()}
        named = {name: coded.get(column, "") for column, name in THEIR_COLUMNS.items()}
        theirs.append({**named, "Beat": "E4", "Status": "Open"})
    theirs[0]["Forename"], theirs[0]["Surname"] = ACCENTED[0].split()
    return as_csv(theirs, [*THEIR_COLUMNS.values(), "Beat", "Status"]).encode("cp1252")


FEEDS: dict[str, Callable[[Force], bytes]] = {
    "01_clean_utf8.csv": clean,
    "02_utf8_with_bom.csv": with_byte_order_mark,
    "03_windows_1252.csv": windows_1252,
    "04_dates.csv": dates,
    "05_missing_column.csv": missing_column,
    "06_wrong_header.csv": wrong_header,
    "07_empty.csv": empty,
    "08_three_days.csv": three_days,
    "09_broken_rows.csv": broken,
    "10_vertical_bars.csv": vertical_bars,
    "11_other_force.csv": other_force,
}


def make(folder: Path, today: date = TODAY) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, (name, feed) in enumerate(FEEDS.items(), start=1):
        (folder / name).write_bytes(feed(Force(seed=number, prefix=f"DEMO/{number:02d}", today=today)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the imperfect police feeds of the demo.")
    parser.add_argument("--today", type=date.fromisoformat, default=TODAY)
    parser.add_argument("--to", type=Path, default=Path(__file__).parent / "feeds")
    arguments = parser.parse_args()
    make(arguments.to, arguments.today)
