"""Safety (SAF): counts, years and rates against the twin, and both against subjects worked by hand."""

import random
from itertools import pairwise

import pytest

from sim.config.compose import load
from sim.core.tables import Table
from sim.endpoints import safety_rates
from sim.endpoints.evaluate import evaluate
from sim.pipeline import cohort_chunk
from tests.endpoints import table_rows
from tests.endpoints.row_tables import data_set
from tests.endpoints.test_independent_endpoints import shipped
from tests.endpoints.test_independent_secondary_endpoints import differences, of_table, of_twin
from tests.hand_worked.safety import CASES, data_of
from tests.independent import safety as twin
from tests.independent.random_safety import random_safety_data_set
from tests.independent.rows import Data
from tests.independent.subject import infused_subjects

VARIABLES = (
    *("adverse_event", "serious_adverse_event", "infection", "serious_infection", "infusion_reaction"),
    *("malignancy", "death", "person_years"),
)


def calculated(data: Data) -> Table:
    return evaluate(data_set(data), shipped(), ("SAF",))


def compare(seed: int, size: int) -> None:
    data = random_safety_data_set(random.Random(seed), size)
    mine, rows = calculated(data), twin.evaluate_safety(data)
    assert differences(of_table(mine), of_twin(rows)) == []
    totals = twin.totals(twin.safety(subject) for subject in infused_subjects(data))
    assert safety_rates.totals(mine) == pytest.approx(totals, rel=1e-12)
    assert min(totals.values()) > 0
    for line in safety_rates.lines(totals)[1:]:
        name, count, *numbers = line.replace(",", "").replace(" to ", " ").split()
        assert int(count) == totals[name]
        limits = twin.rate(int(count), totals["person_years"])
        assert [float(number) for number in numbers] == pytest.approx(limits, abs=0.0051)


@pytest.mark.parametrize("seed", range(3))
def test_harm_of_random_subjects_is_counted_alike(seed: int) -> None:
    compare(seed, 1000)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 150))
def test_harm_of_a_hundred_thousand_random_subjects_is_counted_alike(seed: int) -> None:
    compare(seed, 2000)


@pytest.mark.parametrize("trials", [12, pytest.param(400, marks=pytest.mark.slow)])
def test_harm_of_simulated_subjects_is_counted_alike(trials: int) -> None:
    tables = cohort_chunk(load(["effect=neutral"]), range(trials))
    mine = {key: row for key, row in of_table(tables["endpoints"]).items() if key[2] == "SAF"}
    theirs = of_twin(twin.evaluate_safety(table_rows.data(tables)))
    assert differences(mine, theirs) == []
    assert {key[3] for key in mine} == set(VARIABLES)


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_both_give_the_answer_worked_by_hand(case) -> None:
    _, events, days, counts, last, why = case
    data = data_of(events, days)
    wanted = dict.fromkeys(VARIABLES, 0) | counts | {"person_years": pytest.approx(last / 365.25, rel=1e-12)}
    (subject,) = infused_subjects(data)
    assert twin.safety(subject) == wanted, why
    table = calculated(data)
    assert dict(zip(table["variable"].tolist(), table["value"].tolist(), strict=True)) == wanted, why


def test_each_case_has_its_own_name() -> None:
    assert len({case[0] for case in CASES}) == len(CASES) > 30


def test_exact_limits_of_published_tables() -> None:
    """Garwood 1936: 0 events 0 to 3.689, 1 event 0.025 to 5.572, 10 events 4.795 to 18.390."""
    for events, low, high in ((0, 0.0, 3.689), (1, 0.025, 5.572), (10, 4.795, 18.390)):
        found = twin.rate(events, 100.0)
        assert found == pytest.approx((events, low, high), abs=5e-4)
    assert all(first < second for first, second in pairwise(twin.rate(number, 1.0)[2] for number in range(30)))
