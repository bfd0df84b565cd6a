"""Histories that are drawn apart are independent: two of them never share a random number."""

import itertools

import numpy as np


def test_manifestations_of_the_past_are_uncorrelated(nephritis):
    _, histories = nephritis
    past = {name: histories[name].astype(float) for name in histories.dtype.names if name.startswith("ever_")}
    varied = {name: values for name, values in past.items() if 0.0 < values.mean() < 1.0}
    assert len(varied) >= 8
    for first, second in itertools.combinations(varied, 2):
        assert abs(np.corrcoef(varied[first], varied[second])[0, 1]) < 5.0 / np.sqrt(len(histories)), (
            first,
            second,
        )
