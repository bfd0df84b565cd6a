"""The t test of a change, trial by trial, against the t test of scipy and its own power."""

import numpy as np
import pytest
from scipy import stats

from sim.core.tables import Table
from sim.design.change import change_columns, mean_for_power, t_success


def bank(values, trials):
    size = len(values) // trials
    return Table(
        {
            "trial": np.repeat(np.arange(trials), size),
            "subgroup": np.zeros(len(values), np.int8),
            "log_upcr": values,
        }
    )


def test_success_is_that_of_the_one_sided_t_test():
    generator = np.random.default_rng(3)
    values = generator.normal(-0.6, 0.8, 5 * 400)
    values[generator.random(len(values)) < 0.15] = np.nan
    successes = []
    for one in values.reshape(400, 5):
        known = one[np.isfinite(one)]
        if len(known) < 4:
            successes.append(False)
            continue
        successes.append(stats.ttest_1samp(known, -0.1, alternative="less").pvalue < 0.05)
    assert t_success(bank(values, 400), "log_upcr", -0.1, 0.05, 4)[0] == np.mean(successes)


def test_the_needed_mean_has_the_wanted_power():
    needed = mean_for_power(5, -0.1, 0.8, 0.05, 0.8)
    values = np.random.default_rng(4).normal(needed, 0.8, 5 * 20_000)
    power, error = t_success(bank(values, 20_000), "log_upcr", -0.1, 0.05, 4)
    assert abs(power - 0.8) < 4.5 * error
    assert np.isnan(mean_for_power(1, -0.1, 0.8, 0.05, 0.8))


def test_without_effect_the_test_against_the_twins_holds_its_size():
    values = np.random.default_rng(5).normal(-0.4, 0.8, 5 * 20_000)
    table = bank(values, 20_000)
    said = change_columns(table, table, "log_upcr", n=5, alpha=0.05, min_n=4, wanted=0.8)
    assert abs(said["power"] - 0.05) < 4.5 * said["power_mcse"]
    assert said["difference"] == said["difference_mcse"] == 0.0
    assert said["reference"] == pytest.approx(values.mean())
    assert said["missing"] == 0.0
