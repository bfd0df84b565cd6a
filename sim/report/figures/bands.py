"""Bands of the Monte Carlo error around a line."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.report.figure import Trace
from sim.report.style import faded


def band(x: Sequence[float], value: NDArray[np.float64], error: NDArray[np.float64], colour: str) -> Trace:
    """1.96 standard errors each way, within 0 and 1; without hover and legend."""
    low, high = (np.clip(value + sign * 1.96 * error, 0.0, 1.0) for sign in (-1.0, 1.0))
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*x, *list(x)[::-1]],
        "y": [*high.tolist(), *low[::-1].tolist()],
        "fill": "toself",
        "fillcolor": faded(colour, 0.18),
        "line": {"width": 0, "color": faded(colour, 0.18)},
        "hoverinfo": "skip",
        "showlegend": False,
    }
