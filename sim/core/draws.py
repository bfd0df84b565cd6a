"""Addressed randomness: a uniform number is looked up, never consumed.

Philox 4x64 with ten rounds (Salmon et al., SC '11, doi:10.1145/2063384.2063405), the generator behind
numpy.random.Philox, written out for compiled code. Key (seed, trial), counter (index // 4, decision,
candidate, 0); the four words of a block are the indices 4k … 4k + 3, so neighbours share one block.
"""

import math
from typing import Any, Final

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from sim.core.compiled import compiled, inlined
from sim.core.exponential import fused

_M0: Final = np.uint64(0xD2E7470EE14C6C93)
_M1: Final = np.uint64(0xCA5A826395121157)
_W0: Final = np.uint64(0x9E3779B97F4A7C15)
_W1: Final = np.uint64(0xBB67AE8584CAA73B)
_STEP: Final = 2.0**-52
FARTHEST: Final = 8.3
"""No normal number is farther from 0: the quantile of the smallest uniform, half a cell, is -8.21."""


@intrinsic  # type: ignore[untyped-decorator]
def _product(_context: Any, a: Any, b: Any) -> Any:
    """Upper and lower 64 bits of the 128-bit product of two uint64: one multiplication, not two."""
    both = types.UniTuple(types.uint64, 2)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        wide, word = ir.IntType(128), ir.IntType(64)
        product = builder.mul(builder.zext(arguments[0], wide), builder.zext(arguments[1], wide))
        high = builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), word)
        return context.make_tuple(builder, signature.return_type, [high, builder.trunc(product, word)])

    del a, b
    return both(types.uint64, types.uint64), generate


@inlined
def block(
    key0: int, key1: int, c0: int, c1: int, c2: int, c3: int
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Four uint64 words of Philox 4x64-10 for one key and counter."""
    k0, k1 = np.uint64(key0), np.uint64(key1)
    x0, x1, x2, x3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    for _ in range(10):
        high0, low0 = _product(_M0, x0)
        high1, low1 = _product(_M1, x2)
        x0, x1, x2, x3 = high1 ^ x1 ^ k0, low1, high0 ^ x3 ^ k1, low0
        k0 += _W0
        k1 += _W1
    return x0, x1, x2, x3


@inlined
def unit(word: np.uint64) -> float:
    """A uint64 as a float strictly between 0 and 1: the middles of 2**52 equal cells."""
    return (np.float64(np.uint64(word) >> np.uint64(12)) + 0.5) * _STEP


@inlined
def uniforms(
    seed: int, trial: int, candidate: int, decision: int, index: int
) -> tuple[float, float, float, float]:
    """The uniforms of indices index … index + 3; index must be a multiple of 4."""
    w0, w1, w2, w3 = block(seed, trial, index >> 2, decision, candidate, 0)
    return unit(w0), unit(w1), unit(w2), unit(w3)


@inlined
def uniform(seed: int, trial: int, candidate: int, decision: int, index: int) -> float:
    """The uniform number in (0, 1) of one decision."""
    w0, w1, w2, w3 = block(seed, trial, index >> 2, decision, candidate, 0)
    lane = index & 3
    if lane == 0:
        return unit(w0)
    if lane == 1:
        return unit(w1)
    return unit(w2) if lane == 2 else unit(w3)


@inlined
def normal_quantile(p: float) -> float:
    """Standard normal quantile of p in (0, 1), to about 1e-16 (Wichura 1988, Applied Statistics 37:477)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        return q * _ratio_central(0.180625 - q * q)
    return _outer_quantile(p, q)


@compiled
def _outer_quantile(p: float, q: float) -> float:
    """The quantile of p = q + 0.5 below 0.075 or above 0.925."""
    r = math.sqrt(-math.log(p if q < 0.0 else 1.0 - p))
    value = _ratio_middle(r - 1.6) if r <= 5.0 else _ratio_tail(r - 5.0)
    return -value if q < 0.0 else value


@inlined
def _ratio_central(r: float) -> float:
    top = 2.5090809287301226727e3
    top = fused(top, r, 3.3430575583588128105e4)
    top = fused(top, r, 6.7265770927008700853e4)
    top = fused(top, r, 4.5921953931549871457e4)
    top = fused(top, r, 1.3731693765509461125e4)
    top = fused(top, r, 1.9715909503065514427e3)
    top = fused(top, r, 1.3314166789178437745e2)
    top = fused(top, r, 3.3871328727963666080e0)
    bottom = 5.2264952788528545610e3
    bottom = fused(bottom, r, 2.8729085735721942674e4)
    bottom = fused(bottom, r, 3.9307895800092710610e4)
    bottom = fused(bottom, r, 2.1213794301586595867e4)
    bottom = fused(bottom, r, 5.3941960214247511077e3)
    bottom = fused(bottom, r, 6.8718700749205790830e2)
    bottom = fused(bottom, r, 4.2313330701600911252e1)
    ratio: float = top / fused(bottom, r, 1.0)
    return ratio


@compiled
def _ratio_middle(r: float) -> float:
    top = 7.74545014278341407640e-4
    top = fused(top, r, 2.27238449892691845833e-2)
    top = fused(top, r, 2.41780725177450611770e-1)
    top = fused(top, r, 1.27045825245236838258e0)
    top = fused(top, r, 3.64784832476320460504e0)
    top = fused(top, r, 5.76949722146069140550e0)
    top = fused(top, r, 4.63033784615654529590e0)
    top = fused(top, r, 1.42343711074968357734e0)
    bottom = 1.05075007164441684324e-9
    bottom = fused(bottom, r, 5.47593808499534494600e-4)
    bottom = fused(bottom, r, 1.51986665636164571966e-2)
    bottom = fused(bottom, r, 1.48103976427480074590e-1)
    bottom = fused(bottom, r, 6.89767334985100004550e-1)
    bottom = fused(bottom, r, 1.67638483018380384940e0)
    bottom = fused(bottom, r, 2.05319162663775882187e0)
    ratio: float = top / fused(bottom, r, 1.0)
    return ratio


@compiled
def _ratio_tail(r: float) -> float:
    top = 2.01033439929228813265e-7
    top = fused(top, r, 2.71155556874348757815e-5)
    top = fused(top, r, 1.24266094738807843860e-3)
    top = fused(top, r, 2.65321895265761230930e-2)
    top = fused(top, r, 2.96560571828504891230e-1)
    top = fused(top, r, 1.78482653991729133580e0)
    top = fused(top, r, 5.46378491116411436990e0)
    top = fused(top, r, 6.65790464350110377720e0)
    bottom = 2.04426310338993978564e-15
    bottom = fused(bottom, r, 1.42151175831644588870e-7)
    bottom = fused(bottom, r, 1.84631831751005468180e-5)
    bottom = fused(bottom, r, 7.86869131145613259100e-4)
    bottom = fused(bottom, r, 1.48753612908506148525e-2)
    bottom = fused(bottom, r, 1.36929880922735805310e-1)
    bottom = fused(bottom, r, 5.99832206555887937690e-1)
    ratio: float = top / fused(bottom, r, 1.0)
    return ratio


@inlined
def normal(seed: int, trial: int, candidate: int, decision: int, index: int) -> float:
    """A standard normal number, by inversion of one uniform."""
    return normal_quantile(uniform(seed, trial, candidate, decision, index))


@compiled
def exponential_quantile(p: float) -> float:
    """Quantile of the exponential distribution with mean 1: -ln(1 - p)."""
    return -math.log(1.0 - p)
