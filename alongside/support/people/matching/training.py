"""Splink: trains the model on the hub's own records, and links all of them in one go, at the engine that is set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import pyarrow as pa
from splink import Linker, SettingsCreator, block_on
from splink.internals.blocking_rule_creator import BlockingRuleCreator
from splink.internals.exceptions import EMTrainingException

from alongside.core.errors import RuleBroken
from alongside.support.people.matching.engines import BORNE_BY, Desk, Row, desk, kept
from alongside.support.people.matching.models import BLOCKS
from alongside.support.people.matching.rules import COMPARISONS, OWN, Comparison, Level, Model

FEWEST = 2_000  # records below which chance rules
U_PAIRS, SEED = 2e6, 1
LEAST_M = 1e-4  # no step is impossible for one person: somebody gave another date of birth
RECALL = 0.7
"""What share of true pairs the two exact rules are taken to find; only the start of the training depends on it."""
EXACT = (block_on("given", "family", "born"), block_on("email", "given"))
PASSES = (block_on("born"), block_on("given", "family"), block_on("email"))
TURNED = {"blocking_rule": "l.given = r.family AND l.family = r.given", "sql_dialect": "duckdb"}
ENOUGH_PASSES = 2  # each leaves out the fields that its block fixes, and another trains those


@dataclass(frozen=True)
class Trained:
    """What training leaves: Splink's settings with every m and u, common names, and what it was trained on."""

    settings: dict[str, Any]
    shares: tuple[tuple[str, str, float], ...]
    floor: float
    records: int
    data_hash: str


def _level(level: Level, comparison: Comparison) -> dict[str, Any]:
    held: dict[str, Any] = {"sql_condition": level.sql, "label_for_charts": level.words}
    if level.rare:
        held |= {"tf_adjustment_column": comparison.field, "tf_adjustment_weight": 1.0}
    if level.silent:
        held |= {"m_probability": level.u, "fix_m_probability": True}
    if level.u is not None:
        held |= {"u_probability": level.u, "fix_u_probability": True}
    return held


def _comparison(one: Comparison) -> dict[str, Any]:
    column = one.column
    missing = {
        "sql_condition": f"{column}_l IS NULL OR {column}_r IS NULL", "label_for_charts": "Not known",
        "is_null_level": True,
    }  # fmt: skip
    return {
        "output_column_name": one.field,
        "comparison_levels": [missing, *(_level(level, one) for level in one.levels)],
    }


def untrained() -> dict[str, Any]:
    """The same steps as the rules', as Splink takes them and in DuckDB's dialect, with nothing trained."""
    return SettingsCreator(
        link_type="dedupe_only", comparisons=[_comparison(one) for one in COMPARISONS],
        blocking_rules_to_generate_predictions=[
            *(block_on(*block) for block in BLOCKS), TURNED,
        ],
        probability_two_random_records_match=1e-5, retain_matching_columns=False,
    ).create_settings_dict("duckdb")  # fmt: skip


def train(rows: Iterable[Row]) -> Trained:
    """Trains on the hub's records. Raises RuleBroken where there are too few of them."""
    records = desk(rows)
    try:
        if records.records < FEWEST:
            raise RuleBroken(f"There are {records.records} records to train on, and {FEWEST} are needed.")
        linker = _trained(records, PASSES)
        floor = BORNE_BY / records.records
        done = _finished(kept(linker.misc.save_model_to_json(), records.dialect), floor)
        Model.read(done, floor)
        return Trained(done, tuple(records.shares()), floor, records.records, records.digest())
    finally:
        records.close()


def _trained(records: Desk, passes: Sequence[BlockingRuleCreator]) -> Linker:
    """Trains on each block's pairs in turn. Splink gives up on one in which a step is never taken, and is spoilt by
    it: then everything is begun again without that block.
    """
    if len(passes) < ENOUGH_PASSES:
        raise RuleBroken("Too few of these records are alike to train on. Train again when there are more.")
    linker = records.linker(untrained())
    linker.training.estimate_probability_two_random_records_match(list(EXACT), recall=RECALL)
    linker.training.estimate_u_using_random_sampling(max_pairs=U_PAIRS, seed=SEED)
    for rule in passes:
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=1.0)
        except (ValueError, EMTrainingException):
            return _trained(records, [other for other in passes if other is not rule])
    return linker


def _finished(trained: dict[str, Any], floor: float) -> dict[str, Any]:
    """Every step with an m and a u of its own, so that both engines weigh it alike."""
    for comparison in trained["comparisons"]:
        for level in comparison["comparison_levels"]:
            if level.get("is_null_level"):
                continue
            silent = bool(level.get("fix_m_probability"))
            level["m_probability"] = max(_number(level.get("m_probability")), 0.0 if silent else LEAST_M)
            level["u_probability"] = _number(level.get("u_probability")) or 1 / U_PAIRS
            if "tf_adjustment_column" in level:
                level["tf_minimum_u_value"] = floor
    return trained


def made_with() -> str:
    """The name and version of what trains."""
    return f"splink {version('splink')}"


def _number(trained: object) -> float:
    """What was trained; Splink leaves words where it saw too little."""
    return float(trained) if isinstance(trained, int | float) else 0.0


@dataclass(frozen=True)
class Linked:
    """Two records that Splink weighed."""

    left: str
    right: str
    weight: float


def link(rows: Iterable[Row], trained: Trained, *, least: float) -> list[Linked]:
    """Every pair of these records that weighs at least so much and that no field of one's own speaks against."""
    records = desk(rows)
    try:
        found = _predict(records, trained, least)
        apart = " AND ".join(f"mw_{name} >= 0" for name in OWN)
        return [
            Linked(*row)
            for row in records.ask(
                f"SELECT unique_id_l, unique_id_r, match_weight FROM {found} WHERE {apart} ORDER BY 1, 2"
            )
        ]
    finally:
        records.close()


def weigh(rows: Iterable[Row], trained: Trained, *, least: float = -100.0) -> list[Linked]:
    """What Splink weighs every pair that shares a block, whatever speaks against it."""
    records = desk(rows)
    try:
        found = _predict(records, trained, least)
        sql = f"SELECT unique_id_l, unique_id_r, match_weight FROM {found} ORDER BY 1, 2"
        return [Linked(*row) for row in records.ask(sql)]
    finally:
        records.close()


def _predict(records: Desk, trained: Trained, least: float) -> str:
    """The name of the table of weighed pairs."""
    return str(ready(records, trained).inference.predict(threshold_match_weight=least).physical_name)


def ready(records: Desk, trained: Trained) -> Linker:
    """Splink with a trained model. Names are as common as they were when it was trained."""
    linker = records.linker({**trained.settings, "retain_intermediate_calculation_columns": True})
    for name in ("given", "family"):
        common = [(value, share) for field, value, share in trained.shares if field == name]
        names, shares = zip(*common, strict=True) if common else ((), ())
        records.put(
            f"common_{name}", pa.table({"name": pa.array(names, pa.string()), "share": pa.array(shares, pa.float64())})
        )
        records.define(
            f"told_{name}",
            f"SELECT DISTINCT people.{name}, coalesce(share, {trained.floor}) AS tf_{name} FROM people "
            f"LEFT JOIN common_{name} AS common ON common.name = people.{name} WHERE people.{name} IS NOT NULL",
        )
        linker.table_management.register_term_frequency_lookup(records.api.register(f"told_{name}"), name)
    return linker
