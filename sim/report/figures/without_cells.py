"""What would happen to ten such patients anyway, and what the cells add: the null band of each endpoint."""

import math
from typing import Any

import numpy as np

from sim.core.tables import Row, Table
from sim.report.figure import Figure, Panel, Trace
from sim.report.numbers import all_decide, effects_of, needed_words
from sim.report.style import INK, MUTED, WITHOUT, axis, effect_colours, faded, layout, percent, plain
from sim.words.rows import headline_rows, label_of

_BAND = (0.05, 0.95)


def without_cells(power: Table, responders: Table) -> Figure:
    """For each endpoint: responders without the cells with their 90 % band over trials, and what each effect adds.

    power, responders : tables of the run; `responders` holds `none` whatever effects were asked for.
    """
    headlines = list({row["endpoint"]: row for row in headline_rows(power)}.values())
    found = [_found(row, responders) for row in headlines]
    acting = [name for name in effects_of(power) if name != "none"]
    names = [_axis_label(row) for row in headlines]
    traces = [_anyway(names, found), *_added(names, headlines, power, acting, found), _band(names, found)]
    traces += [
        _marks(names, [_needed_share(row, responders) for row in headlines], "needed to succeed", "diamond", INK)
    ]
    traces += [_marks(names, [row["null_rate"] for row in headlines], "benchmark", "line-ns-open", INK)]
    x = percent("share of patients who respond", range=[0, 1.02])
    y = axis("", categoryorder="array", categoryarray=names[::-1], ticks="", gridcolor="#ffffff")
    panel = Panel("", traces, layout(x, y, height=130 + 62 * len(names), barmode="overlay", showlegend=True))
    rows = [_row(row, each, power, acting) for row, each in zip(headlines, found, strict=True)]
    return Figure(
        "without_cells",
        f"What {_number(headlines)} such patients would look like if the cells did nothing",
        "Grey: responders to be expected without any effect of the cells, from regression to the mean, the "
        "natural "
        "course and the taper alone; the bracket holds 90 % of the trials. Colour: what each assumption about "
        "the cells adds. "
        "A trial succeeds from the black diamond on; where the bracket reaches it, luck alone can bring success.",
        "Horizontal bars, one for each endpoint: "
        + "; ".join(f"{label_of(row)} {_in_words(row, each)}" for row, each in zip(headlines, found, strict=True)),
        [panel],
        (
            "endpoint",
            "population",
            "n",
            "needed",
            "rate_without",
            "low_5",
            "high_95",
            *[f"rate_{name}" for name in acting],
        ),
        rows,
        across=1,
    )


def _number(headlines: list[Row]) -> str:
    most = max((row["n"] for row in headlines if not math.isnan(row["n"])), default=math.nan)
    return "ten" if most == 10 else "some" if math.isnan(most) else f"{most:.0f}"


def _axis_label(row: Row) -> str:
    return f"<b>{plain(label_of(row))}</b><br>{needed_words(row)}"


def _found(row: Row, responders: Table) -> dict[str, float]:
    """Rate and band of the share of responders under `none`."""
    rows = (responders["endpoint"] == row["endpoint"]) & (responders["population"] == row["population"])
    counts = responders.where(rows & (responders["effect"] == "none"))
    n, x, trials = (counts[name].astype(np.float64) for name in ("n", "responders", "trials"))
    if not (n * trials).sum():
        return {"rate": math.nan, "low": math.nan, "high": math.nan}
    some = n > 0
    share = np.repeat(x[some] / n[some], trials[some].astype(np.int64))
    low, high = np.quantile(share, _BAND, method="inverted_cdf")
    return {"rate": float((x * trials).sum() / (n * trials).sum()), "low": float(low), "high": float(high)}


def _anyway(names: list[str], found: list[dict[str, float]]) -> Trace:
    rates = [each["rate"] for each in found]
    return {
        "type": "bar",
        "orientation": "h",
        "name": "would respond anyway",
        "y": names,
        "x": rates,
        "width": 0.5,
        "marker": {"color": "#c9c9c9", "line": {"color": WITHOUT, "width": 1}},
        "hovertemplate": "without cells %{x:.1%}<extra></extra>",
    }


def _added(
    names: list[str], headlines: list[Row], power: Table, acting: list[str], found: list[dict[str, float]]
) -> list[Trace]:
    """Each effect's step from the one before."""
    colours = effect_colours(acting)
    traces: list[Trace] = []
    before = [each["rate"] for each in found]
    for effect in acting:
        rates = [_rate(power, row, effect) for row in headlines]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": f"{'and' if traces else 'added if'} {plain(effect)}",
                "y": names,
                "base": before,
                "x": [rate - start for rate, start in zip(rates, before, strict=True)],
                "width": 0.5,
                "marker": {"color": faded(colours[effect], 0.75), "line": {"color": colours[effect], "width": 1}},
                "customdata": rates,
                "hovertemplate": f"{plain(effect)} %{{customdata:.1%}}<extra></extra>",
            }
        )
        before = rates
    return traces


def _rate(power: Table, row: Row, effect: str) -> float:
    chosen = [each for each in headline_rows(power) if each["effect"] == effect]
    return next((float(each["response_rate"]) for each in chosen if each["endpoint"] == row["endpoint"]), math.nan)


def _band(names: list[str], found: list[dict[str, float]]) -> Trace:
    middle = [each["rate"] for each in found]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "90 % of trials without cells",
        "x": middle,
        "y": names,
        "marker": {"color": MUTED, "size": 6},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [each["high"] - each["rate"] for each in found],
            "arrayminus": [each["rate"] - each["low"] for each in found],
            "color": MUTED,
            "thickness": 2,
            "width": 9,
        },
        "customdata": [[each["low"], each["high"]] for each in found],
        "hovertemplate": "90 % of trials without cells:<br>%{customdata[0]:.0%} to %{customdata[1]:.0%}<extra>"
        "</extra>",
    }


def _marks(names: list[str], values: list[float], name: str, symbol: str, colour: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": values,
        "y": names,
        "marker": {
            "symbol": symbol,
            "size": 13 if symbol == "diamond" else 26,
            "color": colour,
            "line": {"color": colour, "width": 2},
        },
        "hovertemplate": f"{name} %{{x:.0%}}<extra></extra>",
    }


def _needed_share(row: Row, responders: Table) -> float:
    return row["critical_value"] / row["n"] if row["n"] and all_decide(responders, row) else math.nan


def _in_words(row: Row, found: dict[str, float]) -> str:
    if math.isnan(found["rate"]):
        return "has nobody to be evaluated"
    return (
        f"{100 * found['rate']:.0f} % without cells, 90 % of trials from {100 * found['low']:.0f} to "
        f"{100 * found['high']:.0f} %, {needed_words(row)}"
    )


def _row(row: Row, found: dict[str, float], power: Table, acting: list[str]) -> tuple[Any, ...]:
    rates = [_rate(power, row, effect) for effect in acting]
    known = (row["endpoint"], row["population"], row["n"], row["critical_value"])
    return (*known, found["rate"], found["low"], found["high"], *rates)
