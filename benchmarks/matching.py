"""Matching: what two simpler ways and the model find on synthetic counties, how fast, and how alike both engines weigh.

Run `python -m benchmarks.matching`. Ratios are of one run. `--first-model` writes the model that we ship.
"""

import argparse
import csv
import json
import os
import time
from collections.abc import Iterable
from dataclasses import asdict, replace
from itertools import combinations
from pathlib import Path

os.environ.setdefault("ALONGSIDE_DATABASE", "bench_match")
os.environ["ALONGSIDE_LOGIN"] = "owner"
os.environ["DJANGO_SETTINGS_MODULE"] = "alongside.config.settings"
os.environ.setdefault("ALONGSIDE_LOG_LEVEL", "ERROR")

import django

django.setup()

from alongside.support.people.matching import queries, training
from alongside.support.people.matching.rules import Face, Model
from alongside.support.people.matching.tests.county import Rates, Told, county
from alongside.support.people.matching.training import Linked, Trained
from alongside.support.people.victims.rules import name_part

LEAST = 2.0
SHARED = Path(__file__).parents[2] / "shared" / "data"  # beside the project; what lies there is not copied in
DIGITS = 8
HELD_OUT = Rates(household=0.8, shares_phone=0.6, named_after=0.08, twin=0.03)
RULES: dict[str, tuple[tuple[str, ...], ...]] = {
    "exact name and birth date": (("given", "family", "born"),),
    "five exact rules": (
        ("given", "family", "born"), ("phone", "born"), ("email", "given"), ("given", "family", "postcode"),
        ("given", "family", "phone"),
    ),
}  # fmt: skip


def pairs_by(people: list[Told], columns: tuple[str, ...]) -> set[tuple[int, int]]:
    """Pairs of records that are equal in all of these columns."""
    found: dict[tuple[object, ...], list[int]] = {}
    for one in people:
        key = tuple(getattr(one, name) for name in columns)
        if None not in key:
            found.setdefault(key, []).append(one.record)
    return {pair for records in found.values() for pair in combinations(sorted(records), 2)}


def scored(found: Iterable[tuple[int, int]], people: list[Told]) -> dict[str, float]:
    """Precision, recall and F1 of pairs, against who the records truly are of."""
    whose = {one.record: one.person for one in people}
    said = set(found)
    right, true = sum(whose[left] == whose[other] for left, other in said), len(pairs_by(people, ("person",)))
    precision, recall = right / len(said), right / true
    return {"precision": round(precision, 4), "recall": round(recall, 4),
            "f1": round(2 * precision * recall / (precision + recall), 4)}  # fmt: skip


def as_pairs(found: Iterable[Linked]) -> set[tuple[int, int]]:
    return {(min(pair), max(pair)) for pair in ((int(one.left), int(one.right)) for one in found)}


def judged(people: list[Told], trained: Trained) -> dict[str, object]:
    told: dict[str, object] = {
        name: scored(set().union(*(pairs_by(people, columns) for columns in rule)), people)
        for name, rule in RULES.items()
    }
    started = time.perf_counter()
    found = training.link((one.row for one in people), trained, least=LEAST)
    told["the model"] = {**scored(as_pairs(found), people), "seconds": round(time.perf_counter() - started, 1)}
    return told


def parity(people: list[Told], trained: Trained) -> dict[str, object]:
    """The greatest difference between what Splink weighs and what pages weigh, over every pair that both see."""
    faces = {str(one.record): Face(*one.row[1:]) for one in people}
    known, shares = Model.read(trained.settings, trained.floor), {row[:2]: row[2] for row in trained.shares}
    found = training.weigh((one.row for one in people), trained)
    started = time.perf_counter()
    apart = max(abs(known.total(faces[one.left], faces[one.right], shares)[0] - one.weight) for one in found)
    took = (time.perf_counter() - started) / len(found)
    return {"pairs": len(found), "greatest difference": apart, "microseconds a pair": round(took * 1e6, 1)}


def elsewhere(name: str) -> list[Told]:
    """A public set of records with truth, as far as its columns are ours, written as the product writes them."""
    with (SHARED / "linkage" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = [{key.strip(): (value or "").strip() for key, value in row.items()} for row in csv.DictReader(file)]
    read = _febrl if "rec_id" in rows[0] else _fake
    return [read(place, row) for place, row in enumerate(rows)]


def _febrl(place: int, row: dict[str, str]) -> Told:
    born, code = row["date_of_birth"], row["postcode"]
    return Told(
        place, int(row["rec_id"].split("-")[1]), name_part(row["given_name"]), name_part(row["surname"]),
        f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == DIGITS else None, None, None, None,
        f"{row['street_number']}|{code}" if row["street_number"] and code else None, code or None,
    )  # fmt: skip


def _fake(place: int, row: dict[str, str]) -> Told:
    return Told(
        place, int(row["cluster"]), name_part(row["first_name"]), name_part(row["surname"]), row["dob"] or None, None,
        None, row["email"] or None, None, None,
    )  # fmt: skip


def write_first_model() -> None:
    """Trains on a synthetic county. Its names are nobody's, so how common they are is left out."""
    trained = training.train(one.row for one in county(100_000))
    kept = {**asdict(trained), "shares": (), "floor": 0.002}
    for comparison in kept["settings"]["comparisons"]:
        for level in comparison["comparison_levels"]:
            if "tf_adjustment_column" in level:
                level["tf_minimum_u_value"] = kept["floor"]
    queries.FIRST_MODEL.write_text(json.dumps(kept, indent=1) + "\n")


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--records", type=int, default=100_000)
    words.add_argument("--first-model", action="store_true")
    asked = words.parse_args()
    if asked.first_model:
        write_first_model()
        return
    seen, held_out = county(asked.records), county(asked.records, seed=9, rates=HELD_OUT)
    started = time.perf_counter()
    trained = training.train(one.row for one in seen)
    told: dict[str, object] = {
        "train_seconds": round(time.perf_counter() - started, 1), "seen": judged(seen, trained),
        "held out": judged(held_out, trained), "parity": parity(county(20_000, seed=3), trained),
    }  # fmt: skip
    for name in ("febrl_dataset3", "splink_fake_1000") if SHARED.exists() else ():
        told[name] = judged([_known(one) for one in elsewhere(name)], trained)
    print(json.dumps(told, indent=1))


def _known(one: Told) -> Told:
    """Without empty names, which are not known rather than equal."""
    return replace(one, given=one.given or None, family=one.family or None)


if __name__ == "__main__":
    main()
