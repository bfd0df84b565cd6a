"""Three-valued logic against its meaning: what all completions of the unknown flags agree on."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.instruments import nullable

FLAGS = (1, 0, -1)


def columns(rows: list[tuple[int, ...]]) -> list[np.ndarray]:
    return [np.array(column, dtype=np.int8) for column in zip(*rows, strict=True)]


def agreed(flags: tuple[int, ...], rule: object) -> int:
    completions = itertools.product(*((0, 1) if flag == -1 else (flag,) for flag in flags))
    answers = {int(rule(list(completion))) for completion in completions}
    return answers.pop() if len(answers) == 1 else -1


@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_combination_of_three_flags(number: int) -> None:
    rows = list(itertools.product(FLAGS, repeat=3))
    flags = columns(rows)
    assert nullable.all_of(*flags).tolist() == [agreed(row, all) for row in rows]
    assert nullable.any_of(*flags).tolist() == [agreed(row, any) for row in rows]
    counted = nullable.at_least_so_many(number, *flags).tolist()
    assert counted == [agreed(row, lambda values: sum(values) >= number) for row in rows]


def test_negation_keeps_the_unknown() -> None:
    assert nullable.negated(np.array([1, 0, -1], dtype=np.int8)).tolist() == [0, 1, -1]


@settings(deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_strict_and_inclusive_comparisons_are_complements(value: float, limit: float) -> None:
    number = np.array([value])
    assert nullable.above(number, limit)[0] == 1 - nullable.at_most(number, limit)[0]
    assert nullable.below(number, limit)[0] == 1 - nullable.at_least(number, limit)[0]


def test_comparisons_tolerate_rounding_and_keep_the_missing() -> None:
    value = np.array([0.1 + 0.2, 0.3 + 1e-8, 0.3 - 1e-8, np.nan])
    assert nullable.above(value, 0.3).tolist() == [0, 1, 0, -1]
    assert nullable.below(value, 0.3).tolist() == [0, 0, 1, -1]
    assert nullable.at_least(value, 0.3).tolist() == [1, 1, 0, -1]
    assert nullable.at_most(value, 0.3).tolist() == [1, 0, 1, -1]
    assert nullable.above(value, np.array([0.2, np.nan, 0.2, 0.2])).tolist() == [1, -1, 1, -1]
