"""The exponential function in the code of its caller: a call of the C library costs more than the arithmetic.

The algorithm and the polynomial are those of the C library itself (glibc from 2.28 on; Szabolcs Nagy, ARM
optimized routines, exp.c): x = ln2/128 (128 n + i) + r, exp(x) = 2^n 2^(i/128) (1 + P(r)). Fused multiplications
are spelled out, so that every processor gives the bits that glibc gives where these instructions exist.
"""

import math
from decimal import Context, Decimal
from typing import Any, Final

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from sim.core.compiled import inlined

_PARTS: Final = 128
_PER_PART: Final = float.fromhex("0x1.71547652b82fep0") * _PARTS
_LN2_HIGH: Final = float.fromhex("-0x1.62e42fefa0000p-8")
_LN2_LOW: Final = float.fromhex("-0x1.cf79abc9e3b39p-47")
_ROUND: Final = float.fromhex("0x1.8p52")
"""Added and taken away, it rounds to a whole number, which stands in the lowest bits in between."""
_C2: Final = float.fromhex("0x1.ffffffffffdbdp-2")
_C3: Final = float.fromhex("0x1.555555555543cp-3")
_C4: Final = float.fromhex("0x1.55555cf172b91p-5")
_C5: Final = float.fromhex("0x1.1111167a4d017p-7")
_LARGE: Final = 500.0
_LAST: Final = np.uint64(_PARTS - 1)
_TWO: Final = np.uint64(2)
_ONE: Final = np.uint64(1)
_EXPONENT: Final = np.uint64(45)


def _roots_of_two() -> NDArray[np.uint64]:
    """Bits of 2^(i/128), less i/128 in the exponent, each after the bits of its relative error."""
    exact = Context(prec=50)
    ln2 = exact.ln(Decimal(2))
    table = np.zeros(2 * _PARTS, np.uint64)
    for i in range(_PARTS):
        root = exact.exp(exact.divide(exact.multiply(ln2, Decimal(i)), Decimal(_PARTS)))
        near = float(root)
        error = float(exact.subtract(exact.divide(root, Decimal(near)), Decimal(1)))
        table[2 * i] = np.float64(error).view(np.uint64)
        table[2 * i + 1] = (int(np.float64(near).view(np.uint64)) - (i << 52) // _PARTS) % (1 << 64)
    return table


_ROOTS: Final = _roots_of_two()


@intrinsic  # type: ignore[untyped-decorator]
def fused(_context: Any, a: Any, b: Any, c: Any) -> Any:
    """A * b + c, rounded once."""

    def generate(_c: Any, builder: Any, _s: Any, arguments: Any) -> Any:
        return builder.fma(*arguments)

    del a, b, c
    return types.float64(types.float64, types.float64, types.float64), generate


@intrinsic  # type: ignore[untyped-decorator]
def _bits(_context: Any, value: Any) -> Any:
    def generate(_c: Any, builder: Any, _s: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    del value
    return types.uint64(types.float64), generate


@intrinsic  # type: ignore[untyped-decorator]
def _number(_context: Any, bits: Any) -> Any:
    def generate(_c: Any, builder: Any, _s: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    del bits
    return types.float64(types.uint64), generate


@inlined
def exp(x: float) -> float:
    """E to the power of x, to 0.51 units in the last place; beyond 500, and for NaN, what the C library says."""
    if not abs(x) < _LARGE:
        return math.exp(x)
    shifted = fused(_PER_PART, x, _ROUND)
    whole = shifted - _ROUND
    r = fused(whole, _LN2_LOW, fused(whole, _LN2_HIGH, x))
    place = _TWO * (_bits(shifted) & _LAST)
    scale = _number(_ROOTS[place + _ONE] + (_bits(shifted) << _EXPONENT))
    square = r * r
    tail = fused(square, fused(r, _C3, _C2), _number(_ROOTS[place]) + r)
    power: float = fused(scale, fused(square * square, fused(r, _C5, _C4), tail), scale)
    return power
