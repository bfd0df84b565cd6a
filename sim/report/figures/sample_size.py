"""Power over the number of patients, with its sawtooth and the Monte Carlo error of the rates behind it."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace, rows_of_columns
from sim.report.figures.bands import band, line
from sim.report.numbers import different, picked
from sim.report.style import INK, MUTED, axis, effect_colours, layout, line_at, note, plain, probability
from sim.words.rows import headline_rows, labelled

_SIZE = INK
_COLUMNS = (
    "endpoint",
    "population",
    "effect",
    "alpha",
    "n",
    "critical_value",
    "attained_size",
    "power",
    "power_mcse",
)


def power_over_n(power: Table, found: Table) -> Figure | None:
    """The same of the patients of a power run, with a line at the number that its trials have."""
    return sample_size(found, {row["endpoint"]: row["n"] for row in headline_rows(power)})


def sample_size(found: Table, planned: Mapping[str, float] = MappingProxyType({})) -> Figure | None:
    """A panel for each endpoint at the planned split, a view for each level; None without such a row.

    planned : of an endpoint the number of patients that is planned, NaN where none is.
    """
    rows = picked(found, planned_split=1)
    rows = rows.where(~np.isnan(rows["power"]))
    if not rows.length:
        return None
    endpoints, effects = (different(rows, name) for name in ("endpoint", "effect"))
    levels = sorted(set(rows["alpha"].tolist()))
    wanted = float(rows["wanted_power"][0])
    return Figure(
        "sample_size",
        "Power over the number of patients",
        "Power rises in teeth: where one more patient needs one more responder it falls. Bands: 95 % limits "
        "of the simulation, which come from the response rates; power is exact at these. Black, dashed: exact "
        f"probability of success at the benchmark. Dotted: the power that is wanted, {100 * wanted:.0f} %."
        + _left_out(found),
        "Sawtooth lines of power over the number of patients for " + ", ".join(endpoints) + ".",
        [_panel(picked(rows, endpoint=name), name, effects, levels, wanted, planned) for name in endpoints],
        _COLUMNS,
        rows_of_columns(rows, _COLUMNS),
        views=[_view(level) for level in levels],
        key=[*_named(effects), ("size at the benchmark", _SIZE)],
        across=1 if len(endpoints) == 1 else 2,
    )


def _left_out(found: Table) -> str:
    """Whose patients these are, and endpoints for which they do not say the power of other sizes."""
    if "remark" not in found:
        return " For trials whose places are filled."
    pairs = dict.fromkeys(zip(found["endpoint"].tolist(), found["remark"].tolist(), strict=True))
    said = [f" Not drawn: {name}, {remark}." for name, remark in pairs if remark]
    start = (
        " Upright line: the trial as planned. From the patients of this run, for trials whose places are filled."
    )
    return start + "".join(said)


def _view(level: float) -> str:
    return f"one-sided level {level:g}"


def _named(effects: list[str]) -> list[tuple[str, str]]:
    colours = effect_colours(effects)
    return [("none: cells do nothing" if name == "none" else name, colours[name]) for name in effects]


def _panel(
    rows: Table, name: str, effects: list[str], levels: list[float], wanted: float, planned: Mapping[str, float]
) -> Panel:
    colours = effect_colours(effects)
    traces: list[Trace] = []
    for level in levels:
        own = [_by_size(rows, effect, level) for effect in effects]
        drawn = [each for each in zip(own, effects, strict=True) if each[0].length]
        found = [
            band(each["n"].tolist(), each["power"], each["power_mcse"], colours[effect]) for each, effect in drawn
        ]
        found += [_size(drawn[0][0])] if drawn else []
        found += [_power(each, effect, colours[effect]) for each, effect in drawn]
        traces += [trace | {"view": _view(level)} for trace in found]
    aim = note(0, wanted, f"{100 * wanted:.0f} %", xref="paper", xanchor="left", yanchor="bottom")
    shapes = [line_at(wanted, vertical=False, colour=MUTED, dash="dot")]
    if not np.isnan(n := planned.get(name, np.nan)):
        shapes.append(line_at(n, vertical=True, colour=MUTED, dash="dot", above=True))
    label = labelled(name, rows["population"][0])
    x = axis(f"patients{label.removeprefix(name)}", range=[0, float(rows["n"].max()) + 1])
    y = probability("probability of success")
    title = f"{label}: benchmark {rows['null_rate'][0]:.2f}"
    return Panel(title, traces, layout(x, y, height=360, shapes=shapes, annotations=[aim]))


def _by_size(rows: Table, effect: str, level: float) -> Table:
    own = picked(rows, effect=effect, alpha=level)
    return own.where(np.argsort(own["n"], kind="stable"))


def _power(rows: Table, effect: str, colour: str) -> Trace:
    look = {"marker": {"size": 5, "color": colour}, "line": {"color": colour, "width": 1.8}}
    told = np.stack([rows["critical_value"], rows["power_mcse"]], axis=1)
    words = (
        f"<b>{plain(effect)}</b>: n = %{{x}}, %{{customdata[0]}} needed<br>"
        "power %{y:.1%} ± %{customdata[1]:.1%}"
    )
    return line(effect, rows["n"], rows["power"], look, told, words)


def _size(rows: Table) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "size at the benchmark",
        "x": rows["n"],
        "y": rows["attained_size"],
        "line": {"color": _SIZE, "width": 1, "dash": "dash"},
        "hovertemplate": "size, n = %{x}: %{y:.1%}<extra></extra>",
    }
