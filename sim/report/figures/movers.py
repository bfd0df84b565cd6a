"""What moves the answer most, as far as this run shows: the effect, the benchmark, the level of the test."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sim.core.tables import Row, Table, rows_of
from sim.report.figure import Figure, Panel, Trace
from sim.report.numbers import effects_of, primary
from sim.report.style import INK, SKY, WITH, axis, layout, line_at, plain, probability
from sim.words.rows import chosen_effect, headline_rows, label_of


class _Span(NamedTuple):
    """One thing that is not known: its name, its two ends in words, and the power at each."""

    name: str
    low_words: str
    high_words: str
    low: float
    high: float


def movers(power: Table, benchmarks: Table) -> Figure | None:
    """A tornado for each primary endpoint (each endpoint where none is primary); None where nothing varies."""
    chosen = chosen_effect(effects_of(power))
    rows = primary([row for row in headline_rows(power) if row["effect"] == chosen])
    spans = {label_of(row): _spans(row, power, benchmarks, chosen) for row in rows}
    if not any(spans.values()):
        return None
    middles = {label_of(row): float(row["power"]) for row in rows}
    names = list(dict.fromkeys(span.name for found in spans.values() for span in found))
    return Figure(
        "movers",
        "What moves the answer most",
        f"Power under “{chosen}” is the black line; each bar shows how far it moves when one thing is changed and "
        f"all else "
        "stays. Readings of the protocol, the taper and the course without the cells are not varied within one "
        "run: "
        "python -m sim experiment=readings compares them on the same trials and leaves a page of its own.",
        " ".join(f"{label}: {_in_words(found)}." for label, found in spans.items()),
        [_panel(label, found, middles[label], names) for label, found in spans.items() if found],
        ("endpoint", "what", "from", "to", "power_from", "power_to"),
        [(label, *span) for label, found in spans.items() for span in found],
        key=[("power at the lower end", SKY), ("power at the upper end", WITH)],
        across=2,
    )


def _spans(row: Row, power: Table, benchmarks: Table, effect: str) -> list[_Span]:
    found = [_of_effects(row, power), _of_benchmark(row, benchmarks, effect), _of_level(row, power)]
    return sorted(
        (span for span in found if span and span.low != span.high), key=lambda span: abs(span.high - span.low)
    )


def _of_effects(row: Row, power: Table) -> _Span | None:
    acting = [
        one for one in headline_rows(power) if one["endpoint"] == row["endpoint"] and one["effect"] != "none"
    ]
    if len(acting) < 2:
        return None
    low, high = min(acting, key=_power), max(acting, key=_power)
    return _Span("effect of the cells", low["effect"], high["effect"], low["power"], high["power"])


def _power(row: Row) -> float:
    return float(row["power"])


def _of_benchmark(row: Row, benchmarks: Table, effect: str) -> _Span | None:
    chosen = benchmarks.where((benchmarks["endpoint"] == row["endpoint"]) & (benchmarks["effect"] == effect))
    at = dict(
        zip((round(value, 2) for value in chosen["null_rate"].tolist()), chosen["success"].tolist(), strict=True)
    )
    low, high = (at.get(round(row[name], 2)) for name in ("benchmark_high", "benchmark_low"))
    if low is None or high is None:
        return None
    return _Span("benchmark", f"{row['benchmark_high']:.2f}", f"{row['benchmark_low']:.2f}", low, high)


def _of_level(row: Row, power: Table) -> _Span | None:
    same = [
        one
        for one in rows_of(power)
        if all(one[name] == row[name] for name in ("endpoint", "population", "effect"))
    ]
    if len(same) < 2:
        return None
    low, high = min(same, key=_power), max(same, key=_power)
    return _Span("level of the test", f"{low['alpha']:g}", f"{high['alpha']:g}", low["power"], high["power"])


def _panel(label: str, found: Sequence[_Span], middle: float, names: Sequence[str]) -> Panel:
    order = [f"<b>{span.name}</b><br>{plain(span.low_words)} to {plain(span.high_words)}" for span in found]
    traces: list[Trace] = []
    for end, colour in (("low", SKY), ("high", WITH)):
        values = [getattr(span, end) for span in found]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": order,
                "base": middle,
                "x": [value - middle for value in values],
                "marker": {"color": colour},
                "customdata": [
                    [getattr(span, f"{end}_words"), value] for span, value in zip(found, values, strict=True)
                ],
                "hovertemplate": "%{customdata[0]}: power %{customdata[1]:.1%}<extra></extra>",
            }
        )
    x = probability("power")
    y = axis("", ticks="", gridcolor="#ffffff")
    shape = line_at(middle, vertical=True, colour=INK, dash="solid", above=True)
    tall: dict[str, Any] = {"height": 100 + 52 * len(names), "barmode": "overlay", "shapes": [shape]}
    return Panel(f"{label}: {100 * middle:.1f} %", traces, layout(x, y, **tall))


def _in_words(found: Sequence[_Span]) -> str:
    parts = [
        f"{span.name} {span.low_words} to {span.high_words}, power {100 * span.low:.0f} to {100 * span.high:.0f} %"
        for span in reversed(found)
    ]
    return "; ".join(parts) or "nothing varies"
