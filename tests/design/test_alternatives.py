"""The same patients in other trials: each line against the algebra it rests on, and against trials drawn."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sim.config.compose import load
from sim.core.tables import Table
from sim.design import controls
from sim.design.alternatives import SINGLE_ARM, alternatives_table
from sim.design.bank import strata_of
from sim.design.bank_rules import rule_of
from sim.design.tournament import Counts
from sim.words.alternatives import alternatives_text
from tests.design.one_trial import power_of
from tests.design.virtual_trials import design

QUESTION = replace(load().question, n_high=40, drift=(-0.1, 0.1))
SIZE = 1000


def bank(ln, lc, inside=0.9):
    place = np.tile(np.arange(SIZE) / SIZE, 2)
    subgroup = np.repeat([0, 1], SIZE).astype(np.int8)
    rate = np.where(subgroup == 0, ln, lc) * inside
    answer = np.where(place < inside, place < rate - 1e-9, -1).astype(np.int8)
    rows = np.random.default_rng(4).permutation(2 * SIZE)
    return Table({"trial": rows // 10, "subject": rows % 10, "subgroup": subgroup, "P1": answer})


BANKS = {
    SINGLE_ARM: {"none": bank(0.4, 0.2), "neutral": bank(0.9, 0.7)},
    "other": {"none": bank(0.5, 0.5), "neutral": bank(0.6, 0.6)},
}


def table(question=QUESTION, **changes):
    counts = {name: Counts(200, 0) for name in BANKS}
    return alternatives_table(BANKS, ["P1"], design(**changes), question, ["none", "neutral"], 0.8, counts)


def line(rows, name, effect="neutral"):
    found = np.flatnonzero((rows["alternative"] == name) & (rows["effect"] == effect))
    assert found.size == 1
    return {key: column[found[0]].item() for key, column in rows.items()}


def test_a_single_arm_and_another_world_are_the_bank_s_algebra():
    rows = table()
    for name, banks in BANKS.items():
        strata = strata_of(banks["neutral"], "P1", design())
        power, error = power_of(strata, (5, 5), rule_of("P1", design(), 0.05).threshold)
        found = line(rows, name)
        assert (found["power"], found["power_mcse"]) == pytest.approx((power, error))
        assert found["n_treated"] == found["n"] == 10
    assert line(rows, "other")["kind"] == "world"
    assert line(rows, SINGLE_ARM, "none")["power"] == line(rows, SINGLE_ARM)["false_go_inert"]


@pytest.mark.parametrize(("ratio", "test"), [(1.0, "boschloo"), (2.0, "fisher")])
def test_a_concurrent_control_agrees_with_trials_drawn_from_the_bank(ratio, test):
    rows = table(replace(QUESTION, control_ratios=(ratio,), control_test=test), n=20, alpha=[0.1])
    found = line(rows, f"control {ratio:g}:1, {test}")
    treated, control = controls.allocated((10, 10), ratio)
    region = controls.rejection_region(sum(treated), sum(control), 0.1, test)
    generator = np.random.default_rng(7)

    def responders(effect, sizes):
        answers = [BANKS[SINGLE_ARM][effect]["P1"][code * SIZE : (code + 1) * SIZE] == 1 for code in (0, 1)]
        drawn = [
            generator.choice(answer, (20_000, n)).sum(axis=1) for answer, n in zip(answers, sizes, strict=True)
        ]
        return drawn[0] + drawn[1]

    success = region[responders("neutral", treated), responders("none", control)]
    assert abs(success.mean() - found["power"]) < 4.5 * np.sqrt(found["power"] * (1 - found["power"]) / 20_000)
    assert found["n_treated"] == sum(treated)


@pytest.mark.parametrize(("n", "ratio", "alpha"), [(20, 1.0, 0.05), (21, 2.0, 0.1), (13, 0.5, 0.1)])
def test_fisher_s_power_is_the_double_sum_by_scipy(n, ratio, alpha):
    """Only LN patients, one rate in each arm: every table with its binomial chance, and scipy's test of each."""
    rows = table(
        replace(QUESTION, control_ratios=(ratio,), control_test="fisher"), n=n, n_LN=n, alpha=[alpha], n_LC=0
    )
    found, treated = line(rows, f"control {ratio:g}:1, fisher"), int(np.floor(n * ratio / (1 + ratio) + 0.5))
    expected = 0.0
    for x, y in itertools.product(range(treated + 1), range(n - treated + 1)):
        p = stats.fisher_exact([[x, treated - x], [y, n - treated - y]], alternative="greater").pvalue
        if p <= alpha * (1.0 + 1e-9):
            expected += stats.binom.pmf(x, treated, 0.81) * stats.binom.pmf(y, n - treated, 0.36)
    assert found["power"] == pytest.approx(expected, abs=1e-9)
    assert found["n_treated"] == treated


def test_an_external_control_with_a_drift_is_the_sum_over_its_responders_by_scipy():
    """Everybody is in the population at 0.9; the threshold is beta's upper quantile at each external count."""
    rows = table(replace(QUESTION, drift=(0.1,), external_patients=20), n=12, n_LN=12, n_LC=0)
    found, external = line(rows, "external 20, drift +0.10"), 0.4 + 0.1
    expected = 0.0
    for seen in range(20):
        threshold = stats.beta.ppf(QUESTION.external_confidence, seen + 1, 20 - seen)
        for evaluated in range(4, 13):
            x = np.arange(evaluated + 1)
            success = stats.binom.sf(x - 1, evaluated, threshold) <= 0.05
            chance = stats.binom.pmf(seen, 20, external) * stats.binom.pmf(evaluated, 12, 0.9)
            expected += chance * stats.binom.pmf(x[success], evaluated, 0.9).sum()
    assert found["control_rate"] == pytest.approx(external)
    assert found["power"] == pytest.approx(expected, abs=1e-9)


def test_the_number_for_power_is_the_first_from_which_it_stays():
    found = line(table(), "control 1:1, boschloo")
    rates = [0.9 * 0.9, 0.7 * 0.9, 0.4 * 0.9, 0.2 * 0.9]

    def power(n):
        treated, control = controls.allocated(((n + 1) // 2, n // 2), 1.0)
        return controls.randomised_power(rates, treated, control, 0.05, "boschloo")

    enough = [power(n) >= 0.8 for n in range(5, 41)]
    last_too_small = max(n for n, fits in zip(range(5, 41), enough, strict=True) if not fits)
    assert found["n_for_power"] == last_too_small + 1


def test_a_drift_of_the_external_rate_moves_false_go():
    rows = table()
    low, high = (line(rows, f"external 50, drift {drift:+.2f}", "none") for drift in (-0.1, 0.1))
    assert low["false_go_inert"] > high["false_go_inert"]
    assert low["control_rate"] == pytest.approx(0.2)
    assert high["control_rate"] == pytest.approx(0.4)


def test_the_text_has_a_line_for_each_design():
    text = alternatives_text(table())
    for name in (
        SINGLE_ARM,
        "other",
        "control 1:1, boschloo",
        "control 2:1, boschloo",
        "external 50, drift -0.10",
    ):
        assert f"\n{name} " in text
