"""Bars to the right or left, line by line, with the limits of the simulation."""

from collections.abc import Sequence
from typing import Any

from sim.report.figure import Trace
from sim.report.style import INK, axis, layout


def bars(names: Sequence[str], x: Sequence[float], error: Sequence[float], colours: Sequence[str]) -> Trace:
    """A bar for each line, with 1.96 standard errors each way."""
    return {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": x,
        "marker": {"color": colours},
        "error_x": {
            "type": "data",
            "array": [1.96 * each for each in error],
            "color": INK,
            "thickness": 1,
            "width": 3,
        },
    }


def bar_layout(x: dict[str, Any], lines: int, **more: Any) -> dict[str, Any]:
    """The layout of a panel of bars: a line for each name, the first on top."""
    y = axis("", autorange="reversed", ticks="", gridcolor="#ffffff", type="category")
    return layout(x, y, height=90 + 27 * lines, **more)
