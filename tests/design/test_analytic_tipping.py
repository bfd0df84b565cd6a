"""Tipping points against the enumeration of every way in which missing outcomes could have turned out."""

import itertools
import math

import numpy as np
import pytest

from sim.config.compose import load
from sim.core.tables import Table, concatenate
from sim.design.tipping import tipping_table
from sim.stats import binomial
from sim.words.tipping import tipping_text

DESIGN = load().design


def outcomes(responders, unseen, failed, endpoint="P1", died=0):
    reasons = [""] * responders + ["missing", "withdrawal", "lost_to_follow_up"] * unseen
    reasons = reasons[: responders + unseen] + ["dose"] * failed + ["death"] * died
    size = len(reasons)
    return Table(
        {
            "trial": np.zeros(size, np.int32),
            "subject": np.arange(size, dtype=np.int32),
            "endpoint": np.full(size, endpoint),
            "in_population": np.ones(size, bool),
            "responder": np.array([1] * responders + [0] * (size - responders), np.int8),
            "reason": np.array(reasons),
        }
    )


@pytest.mark.parametrize(
    ("responders", "unseen", "failed"), [(7, 3, 0), (8, 1, 1), (9, 1, 0), (2, 3, 5), (6, 0, 4)]
)
def test_every_way_is_counted(responders, unseen, failed):
    table = tipping_table(outcomes(responders, unseen, failed), DESIGN)
    ways = {True: 0, False: 0}
    for way in itertools.product((0, 1), repeat=unseen):
        ways[responders + sum(way) >= binomial.critical_value(10, 0.5, 0.05)] += 1
    assert table["ways"][table["success"]].sum() == ways[True]
    assert table["ways"].sum() == 2**unseen
    assert table["assumed"].tolist() == list(range(unseen + 1))


def test_a_death_was_seen():
    assert tipping_table(outcomes(8, 0, 1, died=1), DESIGN)["missing"].tolist() == [0]


@pytest.mark.parametrize(
    ("responders", "unseen", "failed", "said"),
    [
        (7, 2, 1, "success if at least 2 of 2 respond (1 of 4 ways)"),
        (9, 1, 0, "success, however they turn out"),
        (9, 0, 1, "success"),
        (5, 2, 3, "no success, however they turn out"),
    ],
)
def test_the_words_say_what_the_missing_could_change(responders, unseen, failed, said):
    assert tipping_text(tipping_table(outcomes(responders, unseen, failed), DESIGN))[-1].endswith(said)


def test_rules_with_planned_numbers_and_many_trials_have_no_words():
    assert tipping_table(outcomes(3, 1, 6), load(["design=simon_minimax"]).design).length == 0
    two = outcomes(3, 1, 6).adding({"trial": np.arange(10, dtype=np.int32) % 2})
    assert tipping_text(tipping_table(two, DESIGN)) == []


@pytest.mark.parametrize("unseen", [34, 1100])
def test_many_missing_outcomes_are_counted(unseen):
    table = tipping_table(outcomes(1, unseen, 0), DESIGN)
    assert table.length == unseen + 1
    assert table["ways"][1] == unseen
    assert table["ways"][unseen // 2] == (math.comb(34, 17) if unseen == 34 else math.inf)
    said = tipping_text(table)[-1]
    assert f"of {unseen} respond" in said and "e+" in said


def test_trials_are_counted_each_by_itself_in_any_order_of_rows():
    several = [outcomes(7, 2, 1), outcomes(9, 1, 0), outcomes(5, 2, 3)]
    tables = [each.adding({"trial": np.full(10, number, np.int32)}) for number, each in enumerate(several)]
    rows = np.random.default_rng(1).permutation(30)
    together = tipping_table(concatenate(tables).where(rows), DESIGN)
    alone = concatenate([tipping_table(each, DESIGN) for each in tables])
    for name in alone:
        np.testing.assert_array_equal(together[name], alone[name])
