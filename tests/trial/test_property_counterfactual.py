"""A minimally different world: what is not touched stays as it was, to the last bit."""

from dataclasses import replace

import numpy as np
import pytest

from sim import pipeline
from sim.config.compose import load
from sim.core.clock import MINUTES_PER_DAY
from sim.core.tables import concatenate
from sim.observations.parameters import parameters
from sim.observations.tabulate import Selection, tabulate
from sim.observations.visit import UNSCHEDULED
from sim.trial.engines import batch_engine

TRIALS = range(20, 26)
TABLES = ("visits", "dosing", "infusions", "events", "endpoints")


def cohort(*overrides, trials=TRIALS):
    return pipeline.cohort_chunk(load(["task=cohort", *overrides]), trials)


def assert_same(one, other, tables=TABLES):
    for name in tables:
        for column in one[name]:
            np.testing.assert_array_equal(one[name][column], other[name][column], err_msg=f"{name}.{column}")


@pytest.mark.parametrize("effect", ["pessimistic", "neutral", "optimistic"])
def test_cells_that_do_nothing_change_nothing(effect):
    assert_same(cohort("effect=none"), cohort(f"effect={effect}", "effect.p_responder=0"))


def test_responders_under_a_small_probability_respond_under_a_larger_one_too():
    config = load(["effect=neutral"])
    names = {0.2: "few", 0.6: "many", 1.0: "all"}
    effects = [replace(config.effects[0], name=name, p_responder=p) for p, name in names.items()]
    _, courses = batch_engine.run(TRIALS, config, effects)
    few, many, every = (courses[name].states["responder"] == 1 for name in names.values())
    assert 0 < few.sum() < many.sum() < every.sum() == len(every)
    assert not (few & ~many).any()


def test_two_more_places_change_nobody_who_was_there():
    ten, twelve = cohort("effect=neutral"), cohort("effect=neutral", "design.n=12")
    old, new = ten["candidates"], twelve["candidates"]
    place = {(t, c): i for i, (t, c) in enumerate(zip(new["trial"], new["candidate"], strict=True))}
    rows = np.array([place[key] for key in zip(old["trial"], old["candidate"], strict=True)])
    for column in old:
        if column not in ("subject", "enrolled_trial_day"):
            np.testing.assert_array_equal(old[column], new[column][rows], err_msg=column)


def test_more_missed_visits_change_no_attended_one():
    few, many = cohort("effect=none"), cohort("effect=none", "observation.visits.p_missed=0.3")
    by_key = {}
    for table in (few["visits"], many["visits"]):
        for i in range(table.length):
            key = int(table["trial"][i]), int(table["subject"][i]), str(table["visit"][i])
            if key[2] in ("SCR", "D0", "D3") and table["attended"][i]:
                by_key.setdefault(key, []).append((float(table["upcr"][i]), float(table["platelets"][i])))
    pairs = [values for values in by_key.values() if len(values) == 2]
    assert len(pairs) > 100
    assert all(a == b for a, b in pairs)


def test_an_unscheduled_visit_changes_no_scheduled_value():
    """Between any two attended visits of the first months another one is put; what the others measure stays."""
    config = load(["effect=none"])
    enrolled, courses = batch_engine.run(TRIALS, config, config.effects)
    visits, rows = courses["none"].visits, courses["none"].states["rows"].copy()
    patient = np.repeat(np.arange(len(rows)), rows)
    after = np.flatnonzero((visits["number"] >= 0) & (visits["attended"] == 1) & (visits["day"] < 100))
    more = visits[after].copy()
    more["number"] = UNSCHEDULED + 50
    more["day"] += 1
    more["minute"] += MINUTES_PER_DAY
    more["log_activity"] += 1.0
    assert len(more) > 200
    np.add.at(rows, patient[after], 1)
    with_more = np.insert(visits, after + 1, more)
    observation = parameters(config.observation, config.disease.activity_cap)

    def measured(visits, rows):
        return tabulate(
            enrolled.person, visits, rows, enrolled.addresses, config.run.seed, observation, Selection()
        )

    usual, found = measured(visits, courses["none"].states["rows"]), measured(with_more, rows)
    scheduled = found.where(np.insert(np.ones(len(visits), np.bool_), after + 1, False))
    assert scheduled.length == usual.length < found.length
    for name, column in usual.items():
        if name != "place":
            np.testing.assert_array_equal(scheduled[name], column, err_msg=name)


def test_a_trial_alone_is_the_trial_in_a_chunk():
    config = load(["effect=neutral"])
    together = pipeline.run_chunk(config, TRIALS)
    alone = [pipeline.run_chunk(config, range(trial, trial + 1)) for trial in TRIALS]
    for effect, table in together.items():
        single = concatenate([each[effect] for each in alone])
        for column in table:
            np.testing.assert_array_equal(table[column], single[column], err_msg=column)


@pytest.mark.parametrize(
    "overrides",
    [(), ("observation.visits.p_missed=0.5",), ("analysis.hematologic_duration=eight_weeks",),
     ("analysis.egfr_decrease=single", "observation.visits.p_missed=0.3")],
)  # fmt: skip
def test_what_the_power_run_does_not_measure_decides_nothing(overrides):
    trials = range(60)
    decided = pipeline.run_chunk(load(["effect=optimistic", *overrides]), trials)["optimistic"]
    full = cohort("effect=optimistic", "protocol.follow_up=week_24", *overrides, trials=trials)["trials"]
    for column in decided:
        np.testing.assert_array_equal(decided[column], full[column], err_msg=column)
