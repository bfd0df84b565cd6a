"""The endpoint calculator against its row-by-row twin, and against answers worked by hand: exactly equal."""

import dataclasses
import functools
import itertools
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.config.analysis import Analysis
from sim.config.build import build
from sim.endpoints.dataset import DataSet
from sim.endpoints.evaluate import evaluate
from tests.endpoints.row_tables import data_set
from tests.hand_worked.part1 import CASES
from tests.independent import endpoints as twin
from tests.independent.random_data import random_data_set
from tests.independent.readings import OPTIONS, OTHERS

DEFAULT = Path(__file__).parents[2] / "conf" / "analysis" / "default.yaml"
EQUATIONS = {name: {"egfr_equation": name} for name in OPTIONS["egfr_equation"]}
# Of each reading of the twin, what the calculator calls it.
NAMES: dict[str, dict[str, dict[str, Any]]] = {
    "X01": {name: {"neutrophil_increase": name} for name in OPTIONS["X01"]},
    "X02": {
        "any": {"lineages": "any_qualifying"},
        "all": {"lineages": "all_qualifying"},
        "any_lineage": {"lineages": "any"},
    },
    "X03": {
        "at_week_24": {"hematologic_duration": "week_24"},
        "sustained_8_weeks": {"hematologic_duration": "eight_weeks"},
        "any_time": {"hematologic_duration": "any_time"},
    },
    "X04": {
        "above_day_0": {"ongoing_treatment": "no_dose_above_day_0"},
        "any_flare_increase": {"ongoing_treatment": "no_increase_for_flare"},
    },
    "X05": {
        "non_responder": {"lymphopenia_only": "non_responder"},
        "excluded": {"lymphopenia_only": "excluded"},
        "alc_doubling": {"lymphopenia_only": "doubled"},
    },
    "X22": {"baseline_4": {"sledai_population": "baseline_at_least_4"}, "all": {"sledai_population": "all"}},
    "X23": {name: {"renal_precedence": name} for name in OPTIONS["X23"]},
    "X24": {"confirmed": {"egfr_decrease": "confirmed"}, "single": {"egfr_decrease": "single"}},
    "X25": {
        "TOTAL7": {"steroid_excess": "total_7"},
        "CONSEC7": {"steroid_excess": "consecutive_7"},
        "AURORA": {"steroid_excess": "aurora"},
    },
    "X26": {
        "daily": {"steroid_days": "every_day", "steroid_grace_days": 0},
        "visits": {"steroid_days": "visits", "steroid_grace_days": 0},
        "grace3": {"steroid_days": "every_day", "steroid_grace_days": 3},
    },
    "X27": {"daily": {"maintained_days": "every_day"}, "visits": {"maintained_days": "visits"}},
    "X28": {"counted": {"low_dose_at_baseline": "included"}, "excluded": {"low_dose_at_baseline": "excluded"}},
    "X29": {name: {"creatinine_excretion": float(name)} for name in OPTIONS["X29"]},
    "egfr_equation": EQUATIONS,
}
# The same of the readings that concern other endpoints alone.
OTHER_NAMES: dict[str, dict[str, dict[str, Any]]] = {
    "X21": {name: {"lowest_responder_index": name} for name in OTHERS["X21"]},
    "X30": {name: {"urine_sediment": name} for name in OTHERS["X30"]},
    "X30_seen": {name: {"remission": name} for name in OTHERS["X30_seen"]},
    "X37": {name: {"lldas_new_activity": name} for name in OTHERS["X37"]},
}
ALTERNATIVES = [(name, value) for name, values in OPTIONS.items() for value in values[1:]]
COMBINED = list(itertools.product(OPTIONS["X02"], OPTIONS["X03"], OPTIONS["X05"]))
RESPONSE = {True: 1, False: 0, None: -1}
Data = dict[str, list[dict[str, Any]]]
Answers = dict[tuple[int, int, str], tuple[bool, int, str]]


@functools.cache
def shipped() -> Analysis:
    return build(Analysis, yaml.safe_load(DEFAULT.read_text(encoding="utf-8")))


def analysis(readings: dict[str, str]) -> Analysis:
    """The shipped analysis under some readings of the twin."""
    changes: dict[str, Any] = {}
    for name, value in readings.items():
        changes |= (NAMES | OTHER_NAMES)[name][value]
    return dataclasses.replace(shipped(), **changes)


def calculated(tables: DataSet, readings: dict[str, str]) -> Answers:
    """(in population, responder, reason) by trial, subject and endpoint, of the calculator."""
    result = evaluate(tables, analysis(readings))
    names = ("trial", "subject", "endpoint", "in_population", "responder", "reason")
    rows = zip(*(result[name].tolist() for name in names), strict=True)
    return {(trial, subject, endpoint): tuple(answer) for trial, subject, endpoint, *answer in rows}


def expected(data: Data, readings: dict[str, str]) -> Answers:
    """The same of the twin."""
    return {
        (row["trial"], row["subject"], row["endpoint"]): (
            row["in_population"],
            RESPONSE[row["responder"]],
            row["reason"] or "",
        )
        for row in twin.evaluate(data, **readings)
    }


def differences(mine: Answers, theirs: Answers) -> list[Any]:
    """Rows on which the two disagree: key, the calculator's answer, the twin's."""
    return [
        (key, mine.get(key), theirs.get(key)) for key in {**mine, **theirs} if mine.get(key) != theirs.get(key)
    ]


@pytest.fixture(scope="module")
def thousand() -> Data:
    return random_data_set(random.Random(835883), 1000)


@pytest.fixture(scope="module")
def tables(thousand: Data) -> DataSet:
    return data_set(thousand)


@pytest.fixture(scope="module")
def usual(tables: DataSet) -> Answers:
    return calculated(tables, {})


def test_the_default_readings_of_both_are_the_same() -> None:
    defaults = {name: values[0] for name, values in (OPTIONS | OTHERS).items()}
    assert analysis(defaults) == shipped()
    assert {name: tuple(values) for name, values in NAMES.items()} == OPTIONS
    assert {name: tuple(values) for name, values in OTHER_NAMES.items()} == OTHERS


@pytest.mark.parametrize("seed", range(5))
def test_five_thousand_subjects_are_scored_alike(seed: int) -> None:
    data = random_data_set(random.Random(seed), 1000)
    mine = calculated(data_set(data), {})
    assert len(mine) > 4500
    assert differences(mine, expected(data, {})) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1100))
def test_a_hundred_thousand_subjects_are_scored_alike(seed: int) -> None:
    data = random_data_set(random.Random(seed), 1000)
    assert differences(calculated(data_set(data), {}), expected(data, {})) == []


@pytest.mark.parametrize(("name", "value"), ALTERNATIVES)
def test_every_other_reading_is_scored_alike(
    thousand: Data, tables: DataSet, usual: Answers, name: str, value: str
) -> None:
    mine = calculated(tables, {name: value})
    assert mine != usual
    assert differences(mine, expected(thousand, {name: value})) == []


@pytest.mark.parametrize("values", COMBINED, ids="-".join)
def test_readings_of_hematologic_improvement_are_scored_alike_together(
    thousand: Data, tables: DataSet, values: tuple[str, ...]
) -> None:
    readings = dict(zip(("X02", "X03", "X05"), values, strict=True))
    assert differences(calculated(tables, readings), expected(thousand, readings)) == []


@pytest.mark.parametrize("seed", range(20))
def test_any_combination_of_readings_is_scored_alike(thousand: Data, tables: DataSet, seed: int) -> None:
    rng = random.Random(seed)
    readings = {name: rng.choice(values) for name, values in OPTIONS.items()}
    assert differences(calculated(tables, readings), expected(thousand, readings)) == []


def test_the_order_of_the_rows_of_a_file_does_not_matter(thousand: Data, usual: Answers) -> None:
    rng = random.Random(7)
    shuffled = {name: rng.sample(rows, len(rows)) for name, rows in thousand.items()}
    assert calculated(data_set(shuffled), {}) == usual


def test_the_first_infusion_alone_makes_the_analysis_set(thousand: Data, usual: Answers) -> None:
    rng = random.Random(9)
    infusions = [row | ({"day": None} if rng.random() < 0.1 else {}) for row in thousand["infusions"]]
    changed = thousand | {"infusions": infusions}
    mine = calculated(data_set(changed), {})
    assert len(mine) < len(usual)
    assert differences(mine, expected(changed, {})) == []


@pytest.mark.parametrize("column", ["sex", "age"])
def test_people_without_sex_or_age_are_scored_alike(thousand: Data, usual: Answers, column: str) -> None:
    rng = random.Random(8)
    people = [row | ({column: None} if rng.random() < 0.3 else {}) for row in thousand["candidates"]]
    changed = thousand | {"candidates": people}
    mine = calculated(data_set(changed), {})
    assert mine != usual
    assert differences(mine, expected(changed, {})) == []


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_calculator_gives_the_answer_worked_by_hand(case: dict[str, Any]) -> None:
    answers = calculated(data_set(case["data"]), case["readings"])
    in_population, responder, reason = answers[0, 0, case["endpoint"]]
    wanted = case["expected"]
    assert (responder, reason, in_population) == (RESPONSE[wanted[0]], wanted[1] or "", wanted[2]), case["why"]
