"""Power over the number of patients from counted trials: what a bank of the same patients gives, or nothing."""

import numpy as np
import pytest

from sim.core.tables import Table
from sim.design.bank import coupling, coupling_of_counts, strata_of, strata_of_counts
from sim.design.populations import population_of
from sim.design.power_over_n import power_over_n
from sim.design.sample_size import size_table
from sim.design.tally import merged, tallied
from sim.design.tournament import Counts
from tests.design.test_bank import bank
from tests.design.virtual_trials import design

COUNTS = Counts(300, 0)


def trials_of(patients, endpoints):
    """What a power run counts of the patients of a bank: a row for each trial."""
    trial = patients["trial"]
    size = trial.max() + 1
    columns = {"trial": np.arange(size), "filled": np.ones(size, np.bool_)}
    for code, name in enumerate(("LN", "LC")):
        columns[f"n_enrolled_{name}"] = np.bincount(trial, patients["subgroup"] == code, size).astype(np.int64)
    for endpoint in endpoints:
        for what, chosen in (("n", patients[endpoint] >= 0), ("responders", patients[endpoint] == 1)):
            for code, name in enumerate(("LN", "LC")):
                own = chosen & (patients["subgroup"] == code)
                columns[f"{endpoint}_{name}_{what}"] = np.bincount(trial, own, size).astype(np.int64)
            parts = [columns[f"{endpoint}_{name}_{what}"] for name in ("LN", "LC")]
            columns[f"{endpoint}_{what}"] = parts[0] + parts[1]
    return Table(columns)


def people(seed, rates, shared=0.0):
    """A bank with P1 in all and P3 in LN alone."""
    found = bank(np.random.default_rng(seed), 300, shared=shared, rates=rates)
    return found.adding({"P3": np.where(found["subgroup"] == 0, found["P1"], -1).astype(np.int8),
                         "subject": np.tile(np.arange(10), 300)})  # fmt: skip


def both(shared=0.0):
    return {"none": people(1, (0.5, 0.2), shared), "neutral": people(2, (0.7, 0.4), shared)}


def counted(patients):
    """The tallies of the patients, cut in two and put together again."""
    found = {}
    for effect, table in patients.items():
        whole = trials_of(table, ("P1", "P3"))
        found[effect] = merged([tallied(whole.where(slice(0, 110))), tallied(whole.where(slice(110, None)))])
    return found


@pytest.mark.parametrize("changes", [{}, {"n_LN": 7}, {"composition": "random"}, {"rule": "bayes"}])
def test_counted_trials_give_the_power_that_the_bank_of_their_patients_gives(changes):
    asked, patients = design(**changes), both()
    over = power_over_n(counted(patients), asked, ("none", "neutral"), range(5, 21), 0.8, COUNTS)
    wanted = size_table(patients, ("P1", "P3"), asked, ("none", "neutral"), range(5, 21), 0.8, COUNTS)
    wanted = wanted.where(wanted["planned_split"])
    assert over.length == wanted.length > 0
    assert not any(over["remark"].tolist())
    for name in wanted:
        np.testing.assert_array_equal(over[name], wanted[name], err_msg=name)


@pytest.mark.parametrize("composition", ["quota", "random"])
@pytest.mark.parametrize("endpoint", ["P1", "P3"])
def test_strata_and_agreement_of_counts_are_those_of_the_patients(composition, endpoint):
    asked, patients = design(composition=composition), people(3, (0.6, 0.3))
    tally = tallied(trials_of(patients, ("P1", "P3")))
    strata = strata_of_counts(tally.endpoints[endpoint], tally.totals, endpoint, asked)
    assert strata == strata_of(patients, endpoint, asked, population_of(endpoint))
    assert coupling_of_counts(tally.endpoints[endpoint], endpoint) == pytest.approx(coupling(patients, endpoint))


def test_agreement_of_pairs_is_the_sum_over_pairs_written_out():
    patients = people(5, (0.6, 0.3)).where(slice(0, 300))
    inside = patients.where(patients["P1"] >= 0)
    rates = [inside["P1"][inside["subgroup"] == code].mean() for code in (0, 1)]
    seen = spread = 0.0
    for one in range(inside.length):
        for other in range(inside.length):
            if one != other and inside["trial"][one] == inside["trial"][other]:
                first, second = (rates[inside["subgroup"][k]] for k in (one, other))
                seen += (inside["P1"][one] - first) * (inside["P1"][other] - second)
                spread += 2.0 * first * (1 - first) * second * (1 - second)
    assert coupling(patients, "P1")[0] == pytest.approx(seen / np.sqrt(spread))


def test_patients_who_depend_on_each_other_say_nothing_of_other_sizes():
    over = power_over_n(counted(both(shared=0.2)), design(), ("none",), range(5, 11), 0.8, COUNTS)
    assert np.isnan(over["power"]).all() and np.isnan(over["false_go_inert"]).all()
    assert {remark.split(",")[0] for remark in over["remark"].tolist()} == {
        "patients of one trial agree more often than independent ones"
    }
    assert (over["attained_size"] > 0.0).any()


def test_too_few_patients_are_named_and_a_rule_that_plans_its_numbers_has_no_table():
    tallies, asked = {"none": tallied(trials_of(both()["none"].where(slice(0, 200)), ("P1", "P3")))}, design()
    over = power_over_n(tallies, asked, ("none",), range(5, 61), 0.8, COUNTS)
    assert set(over["remark"].tolist()) == {"too few simulated patients for trials of 60: raise run.trials"}
    assert (
        power_over_n(tallies, design(rule="simon_minimax", alpha=[0.05]), ("none",), range(5, 11), 0.8, COUNTS)
        is None
    )
    assert power_over_n(tallies, design(safety_stop=True), ("none",), range(5, 11), 0.8, COUNTS) is None
    assert power_over_n(tallies, asked, ("none",), range(5, 5), 0.8, COUNTS) is None
