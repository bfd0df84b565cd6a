"""Scored visits against the row-by-row twin: SLEDAI-2K descriptors and totals, and the filtration rate."""

import random
from typing import Any

import numpy as np
import pytest

from sim.instruments.kidney import egfr
from sim.instruments.score import score
from tests.endpoints.row_tables import visits_table
from tests.independent import kidney, sledai
from tests.independent.random_data import random_data_set
from tests.independent.rows import LABORATORY_DESCRIPTORS

NULLABLE = {True: 1, False: 0, None: -1}
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def visits() -> Rows:
    """Attended and missed visits, by subject and day; in some a flag, sex or age is missing."""
    rng = random.Random(24)
    rows = random_data_set(rng, 1000)["visits"]
    for row in rows:
        hole = {name: None for name in ("sex", "age", "cellular_casts", "sledai_rash") if rng.random() < 0.02}
        row.update(hole)
    return sorted(rows, key=lambda row: (row["trial"], row["subject"], row["day"] is None, row["day"] or 0))


@pytest.fixture(scope="module")
def scored(visits: Rows) -> Any:
    subject = np.array([row["trial"] * 10 + row["subject"] for row in visits])
    return score(visits_table(visits), subject)


@pytest.fixture(scope="module")
def attended(visits: Rows) -> list[tuple[int, dict[str, Any], Rows]]:
    """Place and row of each attended visit, with all attended visits of the same subject."""
    by_subject: dict[tuple[int, int], Rows] = {}
    for row in visits:
        if row["attended"]:
            by_subject.setdefault((row["trial"], row["subject"]), []).append(row)
    return [
        (place, row, by_subject[row["trial"], row["subject"]])
        for place, row in enumerate(visits)
        if row["attended"]
    ]


def test_totals_are_alike(scored: Any, attended: list[tuple[int, dict[str, Any], Rows]]) -> None:
    mine = [scored["sledai2k"][place] for place, _, _ in attended]
    totals = [sledai.total(row, others) for _, row, others in attended]
    assert len(attended) > 10_000
    np.testing.assert_array_equal(mine, [np.nan if total is None else total for total in totals])


@pytest.mark.parametrize("name", LABORATORY_DESCRIPTORS)
def test_laboratory_descriptors_are_alike(
    scored: Any, attended: list[tuple[int, dict[str, Any], Rows]], name: str
) -> None:
    mine = [scored[f"sledai_{name}"][place] for place, _, _ in attended]
    theirs = [NULLABLE[sledai.descriptors(row, others)[name]] for _, row, others in attended]
    assert set(theirs) == {1, 0, -1}
    assert mine == theirs


def test_missed_visits_have_no_score(visits: Rows, scored: Any) -> None:
    missed = np.array([not row["attended"] for row in visits])
    assert missed.sum() > 1000
    assert np.isnan(scored["sledai2k"][missed]).all()
    assert np.isnan(scored["egfr"][missed]).all()
    assert all((scored[f"sledai_{name}"][missed] == -1).all() for name in LABORATORY_DESCRIPTORS)


@pytest.mark.parametrize("equation", kidney.EQUATIONS)
def test_filtration_rates_are_alike(visits: Rows, equation: str) -> None:
    table = visits_table(visits)
    mine = score(table, np.arange(table.length), equation=equation)["egfr"]
    theirs = [kidney.egfr(row["serum_creatinine"], row["age"], row["sex"], equation) for row in visits]
    known = np.array([rate is not None for rate in theirs])
    assert np.array_equal(~np.isnan(mine), known)
    np.testing.assert_allclose(mine[known], [rate for rate in theirs if rate is not None], rtol=1e-13)


@pytest.mark.parametrize("equation", kidney.EQUATIONS)
def test_filtration_rates_are_alike_over_the_whole_range(equation: str) -> None:
    rng = random.Random(60)
    people = [(rng.uniform(20.0, 900.0), rng.uniform(18.0, 90.0), rng.choice("FM")) for _ in range(5000)]
    creatinine, age, sex = (np.array(values) for values in zip(*people, strict=True))
    mine = egfr(creatinine, age, sex == "F", equation=equation)
    np.testing.assert_allclose(mine, [kidney.egfr(*person, equation) for person in people], rtol=1e-13)
