"""Stopping for serious events on calendars: against a plain program, and against the exact law of the boundary."""

import math

import numpy as np
import pytest

from sim.core.tables import Table
from sim.design.decision import counts_suffice, decide
from sim.design.safety_stop import STOPPED, as_if_unwatched, calendar_stops
from sim.design.safety_table import safety_table
from sim.design.stopping import boundary, stopping_law
from sim.stats.monte_carlo import proportion_mcse
from sim.words.safety import safety_text
from tests.design.virtual_trials import design, draw

SETTINGS = design().settings


def day_by_day(starts, events, limits):
    """One trial, one day after the other, in plain Python: (treated at the stop, day), or None."""
    days = sorted({day for day in events if day is not None})
    for today in days:
        treated = sum(start is not None and start <= today for start in starts)
        ill = sum(day is not None and day <= today for day in events)
        limit = limits[treated - 1]
        if limit is not None and ill >= limit:
            return treated, today
    return None


def calendars(seed, trials, n, span):
    """Overlapping patients, some never infused, events often on the same day as another's infusion."""
    generator = np.random.default_rng(seed)
    start = generator.integers(0, span, (trials, n)).astype(float)
    start[generator.random((trials, n)) < 0.1] = np.inf
    event = start + generator.integers(0, 30, (trials, n))
    event[generator.random((trials, n)) < 0.7] = np.inf
    return start, event


@pytest.mark.parametrize("span", [1, 20, 200])
def test_every_trial_stops_as_a_plain_program_says(span):
    start, event = calendars(span, 800, 7, span)
    row = np.repeat(np.arange(800), 7)
    order = np.random.default_rng(1).permutation(row.size)
    found = calendar_stops(row[order], 800, start.ravel()[order], event.ravel()[order], SETTINGS)
    limits = boundary(7, SETTINGS)
    seen = 0
    for trial in range(800):
        starts, events = ([None if math.isinf(day) else day for day in days[trial]] for days in (start, event))
        expected = day_by_day(starts, events, limits)
        assert found["n_treated"][trial] == sum(day is not None for day in starts)
        assert found["n_serious"][trial] == sum(day is not None for day in events)
        assert found[STOPPED][trial] == (expected is not None)
        if expected is None:
            assert np.isnan(found["treated_at_stop"][trial]) and np.isnan(found["stop_day"][trial])
        else:
            assert (found["treated_at_stop"][trial], found["stop_day"][trial]) == expected
            seen += 1
    assert 50 < seen < 750


def test_one_patient_after_the_other_follows_the_exact_law():
    """Where each patient's event is known before the next one is treated, the law of the boundary is exact."""
    trials, n, rate = 40_000, 10, 0.3
    start = np.tile(100.0 * np.arange(n), (trials, 1))
    event = np.where(np.random.default_rng(5).random((trials, n)) < rate, start + 50.0, np.inf)
    row = np.repeat(np.arange(trials), n)
    found = calendar_stops(row, trials, start.ravel(), event.ravel(), SETTINGS)
    law = stopping_law(boundary(n, SETTINGS), rate)
    after = np.where(found[STOPPED], found["treated_at_stop"], n + 1).astype(int)
    for treated, chance in enumerate(law, 1):
        share = float((after == treated).mean())
        assert abs(share - chance) <= 4.5 * max(proportion_mcse(chance, trials), 1e-12)
    assert 0.05 < law[-1] < 0.95


def test_trials_without_anybody_or_any_event():
    nobody = calendar_stops(np.zeros(0, int), 2, np.zeros(0), np.zeros(0), SETTINGS)
    assert nobody["n_treated"].tolist() == [0, 0] and not nobody[STOPPED].any()
    healthy = calendar_stops(np.array([1, 1]), 2, np.array([0.0, 3.0]), np.full(2, np.inf), SETTINGS)
    assert healthy["n_treated"].tolist() == [0, 2] and not healthy[STOPPED].any()


def watched(rule="exact_binomial", **changes):
    """2,000 drawn trials, every third of them stopped."""
    plan = design(rule=rule, safety_stop=True, **changes)
    outcomes, trials = draw(np.random.default_rng(3), np.tile([5, 5], (2000, 1)), {"P1": (0.95, 0.9)})
    stopped = np.arange(2000) % 3 == 0
    columns = {"n_treated": np.full(2000, 10), "n_serious": np.where(stopped, 4, 1), STOPPED: stopped}
    columns["treated_at_stop"] = np.where(stopped, 6.0, np.nan)
    columns["stop_day"] = np.where(stopped, 140.0, np.nan)
    trials = trials.adding({**columns, "filled": np.ones(2000, bool)})
    return plan, decide(outcomes, trials, plan, ["P1"])


@pytest.mark.parametrize(("rule", "changes"), [("exact_binomial", {}), ("ahern", {"alpha": [0.05], "n": 40})])
def test_a_stopped_trial_is_no_success_and_the_loss_is_what_the_stop_takes(rule, changes):
    plan, decided = watched(rule, **changes)
    (row,) = [
        {name: column[0].item() for name, column in table.items()}
        for table in [safety_table({"neutral": decided}, plan, 2000, 0)]
    ]
    success = decided[f"{rule}_P1_success"]
    assert not success[decided[STOPPED]].any()
    assert row["power"] == pytest.approx(success.mean())
    without = decide_again(decided, plan)
    assert row["power_without_stop"] == pytest.approx(without.mean())
    assert row["power_without_stop"] - row["power"] == pytest.approx(row["power_lost"])
    if rule == "exact_binomial":
        assert row["power_lost"] > 0.1
    assert (row["p_stop"], row["treated_at_stop"], row["week_of_stop"]) == (667 / 2000, 6.0, 20.0)
    assert row["treated"] == pytest.approx((667 * 6 + 1333 * 10) / 2000)
    assert row["p_stop_one_by_one"] == pytest.approx(
        1 - stopping_law(boundary(plan.n, plan.settings), row["p_serious"])[-1]
    )
    assert row["p_serious"] == pytest.approx((667 * 4 + 1333) / 20_000)


def decide_again(decided, plan):
    """Success by nine of ten, or by the planned rule, without a look at who stopped."""
    if plan.rule == "exact_binomial":
        return decided["P1_responders"] >= 9
    return np.zeros(decided.length, bool)  # thirty of the forty patients that the plan wants are missing


def test_the_words_say_both_powers_and_that_the_boundary_is_assumed():
    plan, decided = watched()
    table = safety_table({"none": decided, "neutral": decided}, plan, 2000, 0)
    said = safety_text(table)
    assert "assumed; the record has no boundary" in said
    both = f"{table['power'][0]:.3f} ({table['power_without_stop'][0]:.3f})"
    assert said.count(both) == 2
    assert "6.0 / 8.67" in said


def test_nothing_watches_by_default():
    plan, decided = watched()
    assert not design().safety_stop and counts_suffice(design()) and not counts_suffice(plan)
    assert safety_table({"neutral": as_if_unwatched(decided)}, plan, 2000, 0) is None
    assert isinstance(as_if_unwatched(decided), Table) and STOPPED not in as_if_unwatched(decided)
