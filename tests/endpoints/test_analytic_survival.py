"""Curves of the times to event from a table of endpoints, worked by hand, and the laws of pooling."""

import numpy as np
import pytest

from sim.core.columns import TABLES
from sim.core.tables import Table, concatenate
from sim.endpoints.catalogue import IDS
from sim.endpoints.evaluate import evaluate
from sim.endpoints.survival import IDS as TIMED
from sim.endpoints.survival import Tally, survival_text
from sim.stats.survival import aalen_johansen, kaplan_meier, restricted_mean
from tests.endpoints.records import analysis, data_set
from tests.endpoints.test_property_evaluate import cohort


def rows(endpoint, *people):
    """People are (trial, time, event, reason)."""
    trial, time, event, reason = zip(*people, strict=True)
    return Table(
        {
            "trial": np.array(trial, np.int32),
            "endpoint": np.full(len(people), endpoint),
            "time": np.array(time, np.float64),
            "event": np.array(event, np.int8),
            "reason": np.array(reason),
        }
    )


def tally(*tables):
    made = Tally()
    for table in tables:
        made.add(table)
    return made


def columns(table, *names):
    return [tuple(row) for row in zip(*(table[name].tolist() for name in names), strict=True)]


FIVE = rows("S13", (0, 28, 1, ""), (0, 56, 0, "withdrawal"), (1, 84, 1, ""), (1, 168, 0, ""), (1, 168, 0, ""))


def test_five_patients_by_hand():
    # At risk 5, 4, 3, 2: 4/5 after day 28, 4/5 · 2/3 = 8/15 after day 84.
    curves = tally(FIVE).curves()
    assert columns(curves, "time", "at_risk", "events", "censored") == [
        (28, 5, 1, 0),
        (56, 4, 0, 1),
        (84, 3, 1, 0),
        (168, 2, 0, 2),
    ]
    np.testing.assert_allclose(curves["estimate"], [0.8, 0.8, 8 / 15, 8 / 15], rtol=1e-14)
    greenwood = (8 / 15) ** 2 * (1 / (5 * 4) + 1 / (3 * 2))
    np.testing.assert_allclose(curves["standard_error"][-1] ** 2, greenwood)
    assert set(curves["population"].tolist()) == {"LN"}
    assert set(curves["trials"].tolist()) == {2}


def test_the_restricted_mean_by_hand():
    means = tally(FIVE).means()
    # 28 days at 1, 56 at 4/5, 84 at 8/15.
    assert means["mean"][0] == pytest.approx(28 + 56 * 0.8 + 84 * 8 / 15)
    assert columns(means, "endpoint", "trials", "subjects", "events", "horizon") == [("S13", 2, 5, 2, 168.0)]
    other = restricted_mean(FIVE["time"], FIVE["event"] == 1, 168)
    assert means["standard_error"][0] == other.standard_error > 0


REMISSION = rows(
    "S12", (0, 28, 1, ""), (0, 56, 0, "rescue"), (0, 84, 0, "death"), (0, 112, 0, "withdrawal"), (0, 140, 1, "")
)


def test_remission_with_competing_events_by_hand():
    # Nobody is censored before day 112: remission 1/5, rescue 1/5, death 1/5; then the last one, 2/5 at risk.
    curves = tally(REMISSION).curves()
    by_cause = {
        cause: curves.where((curves["method"] == "aalen_johansen") & (curves["cause"] == cause))
        for cause in ("remission", "death", "esrd", "rescue")
    }
    np.testing.assert_allclose(by_cause["remission"]["estimate"], [0.2, 0.2, 0.2, 0.2, 0.6])
    np.testing.assert_allclose(by_cause["rescue"]["estimate"], [0, 0.2, 0.2, 0.2, 0.2])
    np.testing.assert_allclose(by_cause["death"]["estimate"], [0, 0, 0.2, 0.2, 0.2])
    assert not by_cause["esrd"]["estimate"].any()
    assert by_cause["rescue"]["events"].tolist() == [0, 1, 0, 0, 0]
    assert by_cause["remission"]["censored"].tolist() == [0, 0, 0, 1, 0]
    # As a sensitivity: whoever was rescued or died is censored, 4/5 without remission until the last has it.
    plain = curves.where(curves["method"] == "kaplan_meier")
    np.testing.assert_allclose(plain["estimate"], [0.8, 0.8, 0.8, 0.8, 0.0])
    assert plain["censored"].tolist() == [0, 1, 1, 1, 0]


def test_incidences_and_what_is_left_add_up():
    curves = tally(REMISSION).curves()
    last = {
        cause: curves["estimate"][(curves["cause"] == cause) & (curves["time"] == 84)][0]
        for cause in ("remission", "death", "esrd", "rescue")
    }
    assert sum(last.values()) == pytest.approx(3 / 5)


def test_rescue_competes_with_remission_alone():
    # Under the hypothetical strategy a flare's time is censored by rescue.
    curves = tally(rows("S13", (0, 56, 0, "rescue"), (0, 84, 1, ""))).curves()
    assert set(curves["method"].tolist()) == {"kaplan_meier"}
    assert columns(curves, "time", "events", "censored") == [(56, 0, 1), (84, 1, 0)]


@pytest.fixture(scope="module")
def outcomes():
    return evaluate(data_set(*cohort(21, 300)), analysis(), IDS)


def test_every_time_to_event_has_the_curve_of_its_rows(outcomes):
    curves, means = tally(outcomes).curves(), tally(outcomes).means()
    assert tuple(means["endpoint"].tolist()) == TIMED
    for name in TIMED:
        timed = outcomes.where((outcomes["endpoint"] == name) & (outcomes["event"] >= 0))
        curve = kaplan_meier(timed["time"], timed["event"] == 1)
        mine = curves.where((curves["endpoint"] == name) & (curves["method"] == "kaplan_meier"))
        np.testing.assert_array_equal(mine["time"], curve.time)
        for part in ("estimate", "low", "high", "at_risk", "standard_error"):
            np.testing.assert_allclose(mine[part], getattr(curve, part), rtol=1e-12, err_msg=name)
        assert mine["events"].sum() == (timed["event"] == 1).sum() == means["events"][means["endpoint"] == name]
        assert (mine["events"] + mine["censored"]).sum() == timed.length
        if name != "S12":
            row = means.where(means["endpoint"] == name)
            assert row["week_24"] == curve.estimate[-1]


def test_remission_has_the_curve_of_its_competing_events(outcomes):
    timed = outcomes.where((outcomes["endpoint"] == "S12") & (outcomes["event"] >= 0))
    causes = {"death": 2, "esrd": 3, "rescue": 4}
    cause = np.array(
        [1 if event == 1 else causes.get(reason, 0) for event, reason in columns(timed, "event", "reason")]
    )
    assert {0, 1, 4} <= set(cause.tolist())
    curves = tally(outcomes).curves()
    for name, number in {"remission": 1, **causes}.items():
        mine = curves.where((curves["endpoint"] == "S12") & (curves["cause"] == name))
        np.testing.assert_allclose(mine["estimate"], aalen_johansen(timed["time"], cause, of=number).estimate)
    mean = tally(outcomes).means()
    assert mean["method"][mean["endpoint"] == "S12"] == "aalen_johansen"


def test_pieces_and_order_leave_no_trace(outcomes):
    whole = tally(outcomes)
    trials = np.unique(outcomes["trial"])
    pieces = [outcomes.where(outcomes["trial"] == trial) for trial in trials[::-1]]
    cut = tally(*pieces)
    for first, second in ((whole.curves(), cut.curves()), (whole.means(), cut.means())):
        assert list(first) == list(second)
        for name in first:
            np.testing.assert_array_equal(first[name], second[name], err_msg=name)


def test_nobody_and_nothing_give_empty_tables_of_the_same_columns(outcomes):
    empty = Tally()
    for name, table in (("survival", empty.curves()), ("restricted_mean", empty.means())):
        assert table.length == 0
        assert list(table) == list(TABLES[name])
    full = tally(outcomes).curves()
    assert {name: full[name].dtype.kind for name in full} == {
        name: column.dtype.kind for name, column in empty.curves().items()
    }
    assert concatenate([full, empty.curves()]).length == full.length
    assert survival_text(empty.means()) == []


def test_somebody_who_left_on_day_0_has_a_curve_and_no_mean():
    made = tally(rows("S13", (0, 0, 0, "withdrawal")))
    assert made.curves().length == 1
    assert made.means().length == 0


def test_the_words_say_how_many_trials_and_that_detection_is_at_visits():
    lines = survival_text(tally(FIVE, REMISSION.adding({"trial": np.full(5, 2)})).means())
    assert "pooled over 2 trials. Detection is at visits: times are interval censored" in lines[0]
    remission, flare = lines[2:4]
    assert flare.split()[:7] == ["S13", "LN", "5", "2", "without", "event", "0.533"]
    assert flare.endswith(" of 168")
    assert remission.split()[:7] == ["S12", "LN", "5", "2", "in", "remission", "0.600"]
    assert remission.endswith(" of 140")
    assert "Aalen–Johansen: death, ESRD and rescue compete" in lines[-1]
