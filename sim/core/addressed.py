"""Addressed uniform numbers for whole arrays, without a compiler: the same numbers as sim/core/draws.py.

Scoring a data set must not wait for a compiler; a test compares the two bit for bit.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Words = NDArray[np.uint64]

_M0: Final = np.uint64(0xD2E7470EE14C6C93)
_M1: Final = np.uint64(0xCA5A826395121157)
_W0: Final = np.uint64(0x9E3779B97F4A7C15)
_W1: Final = np.uint64(0xBB67AE8584CAA73B)
_LOW: Final = np.uint64(0xFFFFFFFF)
_HALF: Final = np.uint64(32)
_STEP: Final = 2.0**-52


def uniforms(
    seed: int, trial: ArrayLike, candidate: ArrayLike, decision: int, index: ArrayLike
) -> NDArray[np.float64]:
    """The uniform numbers in (0, 1) of one decision, in the broadcast shape of trial, candidate and index.

    Source : Philox 4x64 with ten rounds (Salmon et al., SC '11, doi:10.1145/2063384.2063405).
    """
    trial, candidate, index = np.broadcast_arrays(
        *(np.asarray(each, np.uint64) for each in (trial, candidate, index))
    )
    shape = index.shape
    x0, x1, x2 = index >> np.uint64(2), np.full(shape, decision, np.uint64), candidate.copy()
    x3, k0, k1 = np.zeros(shape, np.uint64), np.full(shape, seed, np.uint64), trial.copy()
    with np.errstate(over="ignore"):
        for _ in range(10):
            high0, low0 = _high_word(_M0, x0), _M0 * x0
            high1, low1 = _high_word(_M1, x2), _M1 * x2
            x0, x1, x2, x3 = high1 ^ x1 ^ k0, low1, high0 ^ x3 ^ k1, low0
            k0, k1 = k0 + _W0, k1 + _W1
    word = np.choose((index & np.uint64(3)).astype(np.int64), (x0, x1, x2, x3))
    return ((word >> np.uint64(12)).astype(np.float64) + 0.5) * _STEP


def _high_word(constant: Any, words: Words) -> Words:
    """Upper 64 bits of the 128-bit products, from four products of 32-bit halves."""
    a1, a0 = constant >> _HALF, constant & _LOW
    b1, b0 = words >> _HALF, words & _LOW
    middle = a1 * b0 + ((a0 * b0) >> _HALF)
    return np.asarray(a1 * b1 + (middle >> _HALF) + ((a0 * b1 + (middle & _LOW)) >> _HALF), dtype=np.uint64)
