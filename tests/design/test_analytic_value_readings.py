"""Readings of changes and times on patients whose law is known: estimates, pairs of trials, powers.

Tolerance: 4.5 standard errors, which a right program exceeds once in 150,000 comparisons.
"""

import numpy as np
import pytest

from sim.config.measures import MEASURES
from sim.core.tables import Table
from sim.design.value_readings import Shown, value_readings_table
from sim.stats import binomial
from sim.words.value_readings import value_readings_text
from tests.design.virtual_trials import design

TRIALS = 3000
FREE = {
    ("as declared", "none"): 0.5,
    ("as declared", "neutral"): 0.8,
    ("other", "none"): 0.4,
    ("other", "neutral"): 0.7,
}
TREG = next(each for each in MEASURES if each.variable == "treg")


def people(trials, n=10):
    return {
        "trial": np.repeat(np.arange(trials), n),
        "subject": np.tile(np.arange(n), trials),
        "subgroup": np.tile(np.arange(n) % 2, trials).astype(np.int8),
        "infused": np.ones(trials * n, np.int8),
    }


def banks(trials=TRIALS, seed=3):
    """Times and changes under two readings on the same draws; a change is 0.5 lower under the other one."""
    random = np.random.default_rng(seed)
    draw, noise = random.random(trials * 10), random.standard_normal(trials * 10)
    found = {}
    for (name, effect), share in FREE.items():
        day = np.where(draw > share, 100.0, 168.0)
        change = noise + (effect == "neutral") - 0.5 * (name == "other")
        columns = {"S7_day": day, "S7_event": (draw > share).astype(float), "treg": change}
        found.setdefault(name, {})[effect] = Table({**people(trials), **columns})
    return found


def alternatives(**changes):
    plan = design(alpha=[0.05])
    return [
        ("as declared", "base", "", plan),
        ("other", "reading", "analysis.x=y", design(alpha=[0.05], **changes)),
    ]


def table_of(found, shown, **changes):
    return value_readings_table(alternatives(**changes), found, shown, ["none", "neutral"], TRIALS + 2, 2)


def one(table, **keys):
    found = table.where(np.logical_and.reduce([table[name] == value for name, value in keys.items()]))
    assert found.length == 1
    return {name: column[0].item() for name, column in found.items()}


@pytest.fixture(scope="module")
def times():
    return table_of(banks(), [Shown("S7", None, 0.45, 7)])


def test_the_base_differs_from_itself_in_nothing(times):
    base = times.where(times["alternative"] == "as declared")
    for name in ("estimate_change", "estimate_change_mcse", "power_change", "power_change_mcse", "n_changed"):
        assert not base[name].any(), name


@pytest.mark.parametrize("effect", ["none", "neutral"])
def test_shares_free_of_the_event_and_their_pairs(times, effect):
    base, other = (one(times, alternative=name, effect=effect) for name in ("as declared", "other"))
    truth, before = FREE["other", effect], FREE["as declared", effect]
    number = 10 * TRIALS
    assert abs(other["estimate"] - truth) < 4.5 * other["estimate_mcse"]
    assert other["estimate_mcse"] == pytest.approx(np.sqrt(truth * (1 - truth) / number), rel=0.1)
    change = truth - before
    assert abs(other["estimate_change"] - change) < 4.5 * other["estimate_change_mcse"]
    assert other["estimate_change_mcse"] == pytest.approx(np.sqrt(0.1 * 0.9 / number), rel=0.1)
    assert other["estimate_change_mcse"] < 0.8 * np.hypot(other["estimate_mcse"], base["estimate_mcse"])
    share = 1.0 - 0.9**10
    assert abs(other["n_changed"] / TRIALS - share) < 4.5 * np.sqrt(share * (1 - share) / TRIALS)
    critical = binomial.critical_value(10, 0.45, 0.05)
    powers = [binomial.power(10, critical, rate) for rate in (before, truth)]
    assert abs(other["power"] - powers[1]) < 4.5 * other["power_mcse"]
    assert abs(other["power_change"] - (powers[1] - powers[0])) < 4.5 * other["power_change_mcse"]
    fell = -other["power_change"]  # on shared draws a trial only loses
    assert other["power_change_mcse"] == pytest.approx(np.sqrt(fell * (1 - fell) / (TRIALS - 1)))
    assert (other["n_trials"], other["n_requested"], other["n_failed"]) == (TRIALS, TRIALS + 2, 2)


def test_errors_of_pairs_are_the_spread_over_many_banks():
    """Patients who are lost before week 24 make the share a Kaplan-Meier estimate."""
    found = []
    for seed in range(250):
        small, random = banks(40, seed), np.random.default_rng([seed, 9])
        lost = random.random(400) < 0.2
        for bank in small.values():
            for effect, table in bank.items():
                day = np.where(lost, np.minimum(table["S7_day"], 60.0), table["S7_day"])
                event = np.where(lost, 0.0, table["S7_event"])
                bank[effect] = table.adding({"S7_day": day, "S7_event": event})
        found.append(one(table_of(small, [Shown("S7", None, 0.45, 7)]), alternative="other", effect="neutral"))
    for name in ("estimate", "estimate_change", "power", "power_change"):
        spread = np.std([row[name] for row in found], ddof=1)
        said = np.sqrt(np.mean([row[f"{name}_mcse"] ** 2 for row in found]))
        assert 0.8 < said / spread < 1.25, name  # 4.5 standard errors of a spread of 250 are 0.2


def test_the_reference_of_the_base_stands_for_all_and_is_circular():
    table = table_of(banks(200), [Shown("S7", None, None, 7)])
    base = one(table, alternative="as declared", effect="none")
    assert set(table["reference"].tolist()) == {base["estimate"]} and table["circular"].all()


def test_changes_of_the_mean_are_in_pairs_and_both_tests_are_told():
    table = table_of(banks(400), [Shown("O2", TREG, None, 7)])
    assert set(table["rule"].tolist()) == {"signed_rank", "t_test"}
    for rule in ("signed_rank", "t_test"):
        row = one(table, alternative="other", effect="neutral", rule=rule)
        assert row["estimate_change"] == pytest.approx(-0.5) and row["estimate_change_mcse"] < 1e-12
        assert row["estimate"] - row["reference"] == pytest.approx(0.5)
        assert row["power_change"] < 0.0 and row["n_changed"] == 400


def test_a_trial_without_patients_counts_and_succeeds_nowhere():
    found = banks(50)
    gone = {effect: table.where(table["trial"] >= 20) for effect, table in found["other"].items()}
    table = table_of({**found, "other": gone}, [Shown("S7", None, 0.05, 7)])
    row = one(table, alternative="other", effect="neutral")
    assert row["n_trials"] == 50 and row["n_patients"] == 300 and row["n_changed"] >= 20
    assert row["power"] == pytest.approx(0.6, abs=0.021)


def test_the_words_name_what_moves_the_most_first_and_what_nobody_shows():
    found = banks(200)
    found["same"] = found["as declared"]
    named = [*alternatives(), ("same", "assumption", "taper=x", design(alpha=[0.05]))]
    shown = [Shown("S7", None, 0.45, 7), Shown("O2", TREG, None, 7)]
    table = value_readings_table(named, found, shown, ["none", "neutral"], 200, 0)
    text = value_readings_text(table)
    row = one(table, alternative="other", effect="none", endpoint="S7")
    assert f"{row['estimate_change']:+.3f} ±{row['estimate_change_mcse']:.3f}" in text
    assert text.count("Nobody shows another value under: same.") == 2
    assert "S7 (all) at alpha 0.05, share free of the event, to beat 0.450 (given)" in text
    assert "mean change of treg" in text and "circular" in text and "change, t_test" in text
