"""Laws of the flare index (X35, S7) on random visits: readings are ordered, subjects alone or together."""

import dataclasses

import numpy as np
import pytest

from sim.instruments.recorded_sfi import FlareIndex, Orders, flare_codes
from sim.instruments.sledai import NAMES

SUBJECTS, VISITS = 600, 8
DAYS = np.array([-7, 0, 7, 28, 56, 84, 112, 140])


@pytest.fixture(scope="module")
def world():
    """Random courses with missed visits and missing values, and what was recognised and ordered."""
    random = np.random.default_rng(35)
    held = random.random((SUBJECTS, VISITS)) > 0.15
    subject, day = np.repeat(np.arange(SUBJECTS), VISITS)[held.ravel()], np.tile(DAYS, SUBJECTS)[held.ravel()]
    rows = len(day)

    def measured(values):
        return np.where(random.random(rows) < 0.05, np.nan, values)

    visits = {
        "day": day,
        "sledai2k": measured(random.integers(0, 22, rows).astype(float)),
        "pga": measured(random.integers(0, 31, rows) / 10.0),
        "platelets": measured(random.integers(20, 300, rows).astype(float)),
        "hemoglobin": measured(random.integers(60, 140, rows) / 10.0),
        "reticulocytes": measured(random.integers(5, 60, rows) / 10.0),
    } | {f"sledai_{name}": random.integers(-1, 2, rows).astype(np.int8) for name in NAMES}
    recognised = random.choice([0, 0, 0, 1, 2], rows)
    before = random.choice([5.0, 7.5, 10.0, 20.0], rows)
    after = np.where(random.random(rows) < 0.5, before, random.choice([10.0, 15.0, 35.0], rows))
    orders = Orders(recognised, before, after, random.uniform(45.0, 90.0, rows), random.random(rows) < 0.1)
    return visits, subject, orders, random.random(rows) < 0.05


def codes(world, *, original=False, needs_recognition=True, uses_medication=True):
    return flare_codes(*world, FlareIndex(original, needs_recognition, uses_medication))


def test_each_reading_moves_the_index_and_every_code_occurs(world):
    default = codes(world)
    for other in ({"original": True}, {"needs_recognition": False}, {"uses_medication": False}):
        changed = codes(world, **other)
        assert (changed != default).any()
        assert set(changed.tolist()) == {0, 1, 2}


@pytest.mark.parametrize("uses_medication", [True, False])
@pytest.mark.parametrize("needs_recognition", [True, False])
def test_the_original_index_is_never_below_the_modified_one(world, needs_recognition, uses_medication):
    rest = {"needs_recognition": needs_recognition, "uses_medication": uses_medication}
    modified, original = codes(world, **rest), codes(world, original=True, **rest)
    assert (original >= modified).all()
    lifted = original > modified
    assert (world[0]["sledai2k"][lifted] > 12).all()
    assert (original[lifted] == 2).all()


@pytest.mark.parametrize("original", [True, False])
def test_as_written_no_flare_is_lost_and_without_medication_none_is_added(world, original):
    assert (codes(world, original=original, needs_recognition=False) >= codes(world, original=original)).all()
    for needed in (True, False):
        rest = {"original": original, "needs_recognition": needed}
        assert (codes(world, uses_medication=False, **rest) <= codes(world, **rest)).all()


def test_a_flare_is_recorded_where_one_was_recognised_and_there_alone(world):
    for original in (True, False):
        np.testing.assert_array_equal(codes(world, original=original) > 0, world[2].recognised > 0)


def test_subjects_alone_have_the_index_they_have_together(world):
    visits, subject, orders, nephritis = world
    for rest in ({}, {"original": True, "needs_recognition": False}):
        together = codes(world, **rest)
        for number in range(0, SUBJECTS, 97):
            own = subject == number
            mine = {name: column[own] for name, column in visits.items()}
            alone = Orders(**{f.name: getattr(orders, f.name)[own] for f in dataclasses.fields(Orders)})
            np.testing.assert_array_equal(
                codes((mine, subject[own], alone, nephritis[own]), **rest), together[own]
            )


def test_a_higher_score_or_assessment_never_lowers_the_index_of_its_visit(world):
    visits, subject, orders, nephritis = world
    last = np.append(subject[1:] != subject[:-1], True)
    for name in ("sledai2k", "pga"):
        higher = visits | {name: visits[name] + np.where(last, 1.0, 0.0)}
        for rest in ({"original": True}, {"original": True, "needs_recognition": False}):
            raised = codes((higher, subject, orders, nephritis), **rest)
            assert (raised[last] >= codes(world, **rest)[last]).all()
            np.testing.assert_array_equal(raised[~last], codes(world, **rest)[~last])
