"""Strata of a bank, and the two reasons not to trust it: too small, and patients who depend on each other."""

import numpy as np
import pytest

from sim.core.errors import InputError
from sim.core.tables import Table
from sim.design.bank import coupling, doubts, refuse_coupled, require_enough, sizes_of, strata_of
from sim.design.bank_algebra import EMPTY, Stratum
from tests.design.virtual_trials import design


def bank(generator, trials, *, shared=0.0, rates=(0.6, 0.3)):
    """Trials of 5 + 5; each trial's rates are moved up or down by `shared`."""
    subgroup = np.tile(np.repeat([0, 1], 5), trials).astype(np.int8)
    rate = np.where(subgroup == 0, *rates) + np.repeat(generator.choice([-shared, shared], trials), 10)
    answer = (generator.random(10 * trials) < rate).astype(np.int8)
    answer[generator.random(10 * trials) < 0.1] = -1
    return Table({"trial": np.repeat(np.arange(trials), 10), "subgroup": subgroup, "P1": answer})


def test_strata_by_subgroup_and_together():
    answers = np.array([1, 0, -1, 1, 1, 0], np.int8)
    table = Table({"subgroup": np.array([0, 0, 0, 1, 1, 1], np.int8), "P1": answers})
    assert strata_of(table, "P1", design()) == (Stratum(3, 2, 1), Stratum(3, 3, 2))
    assert strata_of(table, "P1", design(), "LC") == (EMPTY, Stratum(3, 3, 2))
    assert strata_of(table, "P1", design(composition="random")) == (Stratum(6, 5, 3), EMPTY)


@pytest.mark.parametrize(
    ("changes", "n", "sizes"),
    [
        ({}, 10, (5, 5)),
        ({}, 13, (7, 6)),
        ({"n": 11}, 30, (15, 15)),
        ({"n_LN": 8}, 20, (16, 4)),
        ({"n_LN": 10}, 7, (7, 0)),
        ({"composition": "random"}, 9, (9, 0)),
    ],
)
def test_sizes_keep_the_proportion_of_the_design(changes, n, sizes):
    assert sizes_of(design(**changes), n) == sizes


def test_independent_patients_are_not_taken_for_coupled_ones():
    values = [coupling(bank(np.random.default_rng(seed), 300), "P1")[0] for seed in range(200)]
    # Mean of 200 standard normal values and their variance, each within 4.5 standard errors.
    assert abs(np.mean(values)) < 4.5 / np.sqrt(200)
    assert abs(np.var(values) - 1.0) < 4.5 * np.sqrt(2.0 / 200)


def test_the_bound_is_above_the_chance_of_as_much_agreement_and_not_far():
    """By drawing: the share of independent banks whose bound is below a level is below that level."""
    chances = np.array([coupling(bank(np.random.default_rng(seed), 40), "P1")[1] for seed in range(1500)])
    for level in (0.02, 0.1, 0.5):
        share = (chances <= level).mean()
        assert share < level
        assert share > level / 40


def test_a_few_pairs_of_a_rare_answer_are_no_reason_to_refuse():
    found = []
    for seed in range(600):
        few = bank(np.random.default_rng(seed), 60, rates=(0.01, 0.01) if seed % 2 else (0.99, 0.99))
        refuse_coupled(few, ["P1"])
        found.append(coupling(few, "P1")[0])
    assert max(found) > 4.5


def test_patients_who_share_the_luck_of_their_trial_are_refused():
    coupled = bank(np.random.default_rng(1), 2000, shared=0.15)
    with pytest.raises(InputError, match=r"P1: the patients of one trial agree more often .* task=power"):
        refuse_coupled(coupled, ["P1"])
    refuse_coupled(bank(np.random.default_rng(1), 2000), ["P1"])


def test_a_bank_too_small_for_n_is_refused_and_a_small_one_warns():
    strata = (Stratum(100, 100, 50), Stratum(100, 100, 3))
    with pytest.raises(InputError, match=r"has 100 patients .* raise run.trials about 5-fold"):
        require_enough(strata, (21, 0), "n = 21")
    require_enough(strata, (20, 20), "n = 20")
    words = list(doubts(strata, (6, 2), "P1"))
    assert len(words) == 2
    assert "few for 6" in words[0]
    assert "3 of 100 respond" in words[1]
    assert not list(doubts(strata, (5, 0), "P1"))
