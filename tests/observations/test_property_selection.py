"""A column that is asked for alone is the column of the whole table, visit by visit."""

import numpy as np
import pytest

from sim.config.compose import load
from sim.observations.parameters import parameters
from sim.observations.tabulate import COLUMNS, ITEM_ACTIVITY, Selection, tabulate
from sim.screening.fill import fill
from sim.trial.courses import model
from sim.trial.engines.batch_engine import simulate


@pytest.fixture(scope="module")
def tables():
    """Makes the table of a selection, of the patients of three trials."""
    config = load(["effect=neutral", "protocol.follow_up=week_24", "observation.visits.p_missed=0.2"])
    enrolled = fill(range(3), config)
    o = parameters(config.observation, config.disease.activity_cap)
    seed = config.run.seed
    courses = simulate(enrolled.person, enrolled.addresses, seed, model(config, config.effects[0]), o)

    def make(selection):
        rows = courses.states["rows"]
        return tabulate(enrolled.person, courses.visits, rows, enrolled.addresses, seed, o, selection)

    return make


def test_each_column_alone_is_that_of_the_whole_table(tables):
    whole = tables(Selection())
    place = {key: at for at, key in enumerate(zip(whole["row"].tolist(), whole["place"].tolist(), strict=True))}
    for name in COLUMNS:
        alone = tables(Selection(reads=(((name,), (name,)),) * 4))
        assert list(alone)[6:] == [name]
        at = [place[key] for key in zip(alone["row"].tolist(), alone["place"].tolist(), strict=True)]
        assert 90 < len(at) < whole.length
        np.testing.assert_array_equal(alone[name], whole[name][at], err_msg=name)
        if name not in ITEM_ACTIVITY:
            assert ((alone[name] == alone[name]) & (alone[name] != -1)).any(), name


def test_a_subgroup_that_does_not_read_a_column_has_none_of_it(tables):
    """The columns of nephritis come first, those of cytopenia second."""
    both = tables(Selection(reads=((("upcr",), ("platelets",)),) * 4))
    first, second = (set(both["row"][~np.isnan(both[name])].tolist()) for name in ("upcr", "platelets"))
    assert (len(first), len(second)) == (15, 15) and first.isdisjoint(second)
