"""Lines through points, and bands of their Monte Carlo error."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.report.figure import Trace
from sim.report.style import faded, plain


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


def line(name: str, x: Any, y: Any, look: Mapping[str, Any], told: Any, words: str) -> Trace:
    """A mark at each point and a line through them. told : for each point what its words show beside x and y."""
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": plain(name),
        "x": x,
        "y": y,
        **look,
        "customdata": told,
        "hovertemplate": f"{words}<extra></extra>",
    }
