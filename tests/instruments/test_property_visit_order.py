"""Earlier and later visits, running extremes and events against plain loops over the rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.instruments import visit_order as v

NAN = np.nan


@st.composite
def visits(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Subject, day, usable and a value with gaps; sorted, several subjects, days from -30 to 200."""
    subjects, days = [], []
    for subject in range(draw(st.integers(0, 4))):
        held = sorted(draw(st.lists(st.integers(-30, 200), min_size=1, max_size=8, unique=True)))
        subjects += [subject * 7 + 2] * len(held)
        days += held
    rows = len(days)
    usable = draw(st.lists(st.booleans(), min_size=rows, max_size=rows))
    values = draw(st.lists(st.one_of(st.just(NAN), st.integers(-5, 5).map(float)), min_size=rows, max_size=rows))
    return (
        np.array(subjects, dtype=np.int64),
        np.array(days, dtype=np.float64),
        np.array(usable, dtype=np.bool_),
        np.array(values, dtype=np.float64),
    )


@settings(deadline=None)
@given(visits(), st.sampled_from([0, 7, 14, 28]))
def test_neighbours(table: tuple[np.ndarray, ...], days: int) -> None:
    subject, day, usable, _ = table
    before, after = v.earlier(subject, day, usable, days=days), v.later(subject, day, usable, days=days)
    for i in range(len(day)):
        same = [j for j in range(len(day)) if subject[j] == subject[i] and usable[j]]
        assert before[i] == max((j for j in same if j < i and day[i] - day[j] >= days), default=-1)
        assert after[i] == min((j for j in same if j > i and day[j] - day[i] >= days), default=-1)


@settings(deadline=None)
@given(visits())
def test_running_extremes(table: tuple[np.ndarray, ...]) -> None:
    subject, day, usable, values = table
    low, high, seen = (
        v.running_minimum(subject, values),
        v.running_maximum(subject, values),
        v.ever(subject, usable),
    )
    for i in range(len(day)):
        until = [j for j in range(i + 1) if subject[j] == subject[i]]
        known = [values[j] for j in until if not np.isnan(values[j])]
        np.testing.assert_equal(low[i], min(known, default=NAN))
        np.testing.assert_equal(high[i], max(known, default=NAN))
        assert seen[i] == any(usable[j] for j in until)


@settings(deadline=None)
@given(visits())
def test_previous_value_and_starts(table: tuple[np.ndarray, ...]) -> None:
    subject, day, usable, values = table
    previous, first = v.previous_value(subject, day, values, days=14), v.starts(subject, day, usable)
    for i in range(len(day)):
        same = [j for j in range(i) if subject[j] == subject[i]]
        known = [values[j] for j in same if not np.isnan(values[j]) and day[i] - day[j] >= 14]
        np.testing.assert_equal(previous[i], known[-1] if known else NAN)
        assert first[i] == (usable[i] and not (same and usable[same[-1]]))


@settings(deadline=None)
@given(visits())
def test_baseline_value(table: tuple[np.ndarray, ...]) -> None:
    subject, day, _, values = table
    baseline = day == 0.0
    reference = v.baseline_value(subject, baseline, values)
    for i in range(len(day)):
        places = [j for j in range(len(day)) if subject[j] == subject[i] and baseline[j]]
        np.testing.assert_equal(reference[i], values[places[0]] if places else NAN)


@settings(deadline=None)
@given(visits(), st.lists(st.tuples(st.sampled_from([2, 9, 16, 3]), st.integers(-30, 220)), max_size=6))
def test_event_within(table: tuple[np.ndarray, ...], events: list[tuple[int, int]]) -> None:
    subject, day, _, _ = table
    who = np.array([event[0] for event in events], dtype=np.int64)
    when = np.array([event[1] for event in events], dtype=np.float64)
    recent = v.event_within(subject, day, who, when, days=28)
    for i in range(len(day)):
        assert recent[i] == any(s == subject[i] and 0 <= day[i] - d <= 28 for s, d in events)


def test_event_within_a_span_of_each_visit() -> None:
    subject, day = np.array([0, 0, 1]), np.array([10.0, 30.0, 30.0])
    recent = v.event_within(subject, day, np.array([0]), np.array([5.0]), days=np.array([5.0, 24.0, 50.0]))
    assert recent.tolist() == [True, False, False]
    unlimited = v.event_within(subject, day, np.array([0]), np.array([5.0]), days=np.full(3, NAN))
    assert not unlimited.any()


@pytest.mark.parametrize("call", [v.earlier, v.later])
def test_no_rows(call: object) -> None:
    nothing = np.zeros(0)
    assert call(nothing, nothing, nothing.astype(np.bool_)).shape == (0,)
    assert v.running_maximum(nothing, nothing).shape == (0,)
    assert np.isnan(v.value_at(nothing, np.array([-1]))).all()
    assert v.flag_at(nothing, np.array([-1])).tolist() == [-1]
