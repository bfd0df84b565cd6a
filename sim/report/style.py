"""How figures look: colours that colour-blind readers tell apart, and the layout that all share.

Source : palette of Okabe, Ito, Color Universal Design, 2008; every colour has a marker and a dash of its own.
"""

import html
from collections.abc import Mapping, Sequence
from typing import Any, Final

INK: Final = "#1b1b1b"
MUTED: Final = "#5f5f5f"
GRID: Final = "#e3e3e3"
WITHOUT: Final = "#7d7d7d"
WITH: Final = "#0072b2"
ALARM: Final = "#d55e00"
GOOD: Final = "#009e73"
AMBER: Final = "#e69f00"
SKY: Final = "#56b4e9"
PINK: Final = "#cc79a7"
INDIGO: Final = "#332288"
YELLOW: Final = "#b59f00"

_EFFECTS: Final = {"none": WITHOUT, "pessimistic": AMBER, "neutral": WITH, "optimistic": GOOD}
_FURTHER: Final = (PINK, SKY, ALARM, YELLOW, INDIGO, "#117733")
_SERIES: Final = (WITH, ALARM, GOOD, PINK, AMBER, SKY, INK, YELLOW, WITHOUT)
_MARKERS: Final = ("circle", "square", "diamond", "triangle-up", "x", "star", "cross", "triangle-down", "pentagon")
_DASHES: Final = ("solid", "dash", "dot", "dashdot", "longdash")


def effect_colours(effects: Sequence[str]) -> dict[str, str]:
    """A colour for each assumption about the cells; the usual ones keep theirs."""
    others = [name for name in effects if name not in _EFFECTS]
    return {name: _EFFECTS.get(name) or _FURTHER[others.index(name) % len(_FURTHER)] for name in effects}


def series(position: int) -> dict[str, Any]:
    """Line and marker of the series at a position."""
    return {
        "line": {"color": _SERIES[position % len(_SERIES)], "dash": _DASHES[position % len(_DASHES)], "width": 2},
        "marker": {"symbol": _MARKERS[position % len(_MARKERS)], "size": 9},
    }


def faded(colour: str, opacity: float) -> str:
    """A colour of the palette, seen through."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def plain(words: Any) -> str:
    """Free text for a figure, whose texts may hold tags otherwise."""
    return html.escape(str(words), quote=False)


def axis(title: str, **more: Any) -> dict[str, Any]:
    """An axis: light grid, no zero line, room made for its labels."""
    return {
        "title": {"text": title, "font": {"size": 13}, "standoff": 10},
        "gridcolor": GRID,
        "linecolor": MUTED,
        "zeroline": False,
        "automargin": True,
        "ticks": "outside",
        "tickcolor": MUTED,
    } | more


def percent(title: str, **more: Any) -> dict[str, Any]:
    """An axis of probabilities."""
    return axis(title, tickformat=".0%", **more)


def probability(title: str, **more: Any) -> dict[str, Any]:
    """An axis that shows all probabilities, with as many labels as there is room for."""
    return percent(title, **{"range": [-0.02, 1.02], "tickangle": 0} | more)


def layout(x: Mapping[str, Any], y: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """The layout of one panel."""
    return {
        "xaxis": dict(x),
        "yaxis": dict(y),
        "height": 340,
        "margin": {"l": 56, "r": 28, "t": 14, "b": 48},
        "font": {
            "family": "system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif",
            "size": 13,
            "color": INK,
        },
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "hoverlabel": {"align": "left", "font": {"size": 13}},
        "hovermode": "closest",
        "dragmode": False,
        "showlegend": False,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
    } | more


def line_at(
    value: float, *, vertical: bool, colour: str = INK, dash: str = "dash", above: bool = False
) -> dict[str, Any]:
    """A line across the whole panel: below what is drawn, or above, where a line of the grid would hide it."""
    here, across = ("x", "y") if vertical else ("y", "x")
    return {
        "type": "line",
        f"{here}0": value,
        f"{here}1": value,
        f"{across}0": 0,
        f"{across}1": 1,
        f"{across}ref": "paper",
        "line": {"color": colour, "width": 1.5, "dash": dash},
        "layer": "above" if above else "below",
    }


def note(x: Any, y: Any, words: str, **more: Any) -> dict[str, Any]:
    """A few words in a panel, without an arrow."""
    return {
        "x": x, "y": y, "text": words, "showarrow": False, "font": {"size": 12, "color": MUTED},
    } | more  # fmt: skip
