"""The first screen: the question, the answer in a sentence, and the table of endpoints by effects."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.core.tables import Row, Table, rows_of
from sim.report.html import Html, joined, table, tag
from sim.report.numbers import (
    effects_of,
    listed,
    needed,
    percent,
    power_text,
    primary,
    span_text,
    with_error,
)
from sim.report.results import Results
from sim.words.rows import beats_more, chosen_effect, headline_rows, label_of


def power_screen(results: Results) -> Html:
    """Question, answer, table, and what the answer hangs on."""
    power = results.main
    rows, effects = headline_rows(power), effects_of(power)
    return joined(
        [
            tag("h1", _question(results.configuration), id="answer"),
            tag("p", about(results.configuration), class_="lead"),
            tag("p", _sentence(rows, effects), class_="answer"),
            tag("p", *_ranges(rows, effects), class_="aside"),
            _table(rows, effects, titles(results)),
            *_warnings(power),
        ]
    )


def titles(results: Results) -> Mapping[str, str]:
    """Names of the endpoints, as far as the folder says them."""
    catalogue = results.tables.get("catalogue")
    if catalogue is None:
        return {}
    return dict(zip(catalogue["endpoint"].tolist(), catalogue["title"].tolist(), strict=True))


def _question(configuration: Mapping[str, Any]) -> str:
    design = configuration["design"]
    return f"How likely is this trial of {design['n']} patients to succeed?"


def about(configuration: Mapping[str, Any]) -> str:
    """What is simulated and how it is decided, in a line."""
    rule = configuration["design"]["rule"]
    return f"{about_trial(configuration).removesuffix('.')}, decided by the rule {rule}, each endpoint by itself."


def about_trial(configuration: Mapping[str, Any]) -> str:
    """What is simulated."""
    design, taper = configuration["design"], configuration["taper"]["name"]
    parts = "LN and LC as they come" if design["composition"] != "quota" else _split(design)
    return (
        f"Refractory systemic lupus, nephritis (LN) or cytopenia (LC); {parts}; mesenchymal stem cells at day 0 "
        f"and week 12, corticosteroid taper “{taper}”; one arm, open label. Design {design['name']}."
    )


def _split(design: Mapping[str, Any]) -> str:
    n, n_ln, n_lc = design["n"], design["n_LN"], design["n_LC"]
    if n_ln is None:
        n_ln = n - n_lc if n_lc is not None else n - n // 2
    return f"{n_ln} with LN, {n - n_ln} with LC"


def _sentence(rows: Sequence[Row], effects: Sequence[str]) -> Html:
    """Power of the primary endpoints (of all, where none is primary) under one effect, and without cells."""
    effect = chosen_effect(effects)
    chosen = primary([row for row in rows if row["effect"] == effect])
    spans = _spans(rows, effects)
    parts = [
        joined([tag("b", power_text(row)), f" on {label_of(row)}", _bracket(spans.get(row["endpoint"]))])
        for row in chosen
    ]
    if effect == "none":
        return joined(
            ["If the cells do nothing, the trial still succeeds with a probability of ", listed(parts), "."]
        )
    without = {row["endpoint"]: power_text(row) for row in rows if row["effect"] == "none"}
    inert = [
        without.get(row["endpoint"], with_error(row["false_go_inert"], row["false_go_inert_mcse"]))
        for row in chosen
    ]
    start = f"If the cells work as assumed under “{effect}”, the trial succeeds with a probability of "
    return joined([start, listed(parts), "; if they did nothing it would still succeed with ", listed(inert), "."])


def _spans(rows: Sequence[Row], effects: Sequence[str]) -> dict[str, tuple[float, float]]:
    """For each endpoint how far power moves: over readings and assumptions if they were run, else effects."""
    found = {}
    for row in rows:
        acting = [one["power"] for one in rows if one["endpoint"] == row["endpoint"] and one["effect"] != "none"]
        if row["effect"] != chosen_effect(effects):
            continue
        if not math.isnan(row["model_low"]):
            found[row["endpoint"]] = (row["model_low"], row["model_high"])
        elif len(acting) > 1:
            found[row["endpoint"]] = (min(acting), max(acting))
    return found


def _bracket(span: tuple[float, float] | None) -> str:
    return "" if span is None else f" ({span_text(span)})"


def _ranges(rows: Sequence[Row], effects: Sequence[str]) -> list[str]:
    """What ± and the brackets mean, and what they leave out."""
    words = ["± is the Monte Carlo standard error, in points: the accuracy of the simulation, not of the model. "]
    if any(not math.isnan(row["model_low"]) for row in rows):
        return [*words, "In brackets: the range over the declared readings of the record and other assumptions."]
    if _spans(rows, effects):
        words.append("In brackets: the range over the assumptions about the cells alone. ")
    words.append(
        "The range over the readings of the protocol and the other assumptions is another run: "
        "python -m sim experiment=readings."
    )
    return words


def _table(rows: Sequence[Row], effects: Sequence[str], names: Mapping[str, str]) -> Html:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["endpoint"], []).append(row)
    has_range = any(not math.isnan(row["model_low"]) for row in rows)
    head = ["Endpoint", "Needed", "Benchmark", "Size", *(_effect_head(name) for name in effects)]
    if "none" not in effects:
        head.insert(4, joined(["false go", tag("small", "cells do nothing")]))
    head += ["Model range"] if has_range else []
    lines = [_line(group, names, "none" not in effects, has_range) for group in groups.values()]
    return table(head, lines, _CAPTION, class_="numbers")


_CAPTION: Final = (
    "Power ± Monte Carlo standard error, and below it the share of patients who respond. Needed: fewest "
    "responders that succeed (none: no number does; by trial: the number of patients is left to chance). Range: "
    "the same where even the upper end of the benchmark’s range is to be beaten. Benchmark: the rate to "
    "beat, assumed, with its range. Size: exact probability of success if "
    "everybody "
    "responds at the benchmark. Success under “none” is a property of benchmark and model, not a type I error. "
    "Probabilities are over all trials, unfilled ones included."
)


def _effect_head(name: str) -> Html:
    return (
        joined([name, tag("small", "cells do nothing")])
        if name == "none"
        else joined([name, tag("small", "power")])
    )


def _origin(row: Row) -> str:
    """Where a benchmark comes from; a page of an older folder knows only whether it is assumed."""
    if row["benchmark_assumed"]:
        return ", assumed"
    return ", from the model: circular" if row.get("circular") else ""


def _line(group: Sequence[Row], names: Mapping[str, str], false_go: bool, has_range: bool) -> list[Any]:
    row = group[0]
    cells: list[Any] = [
        joined([label_of(row), tag("small", names.get(row["endpoint"], ""))]),
        _needed(row),
        _benchmark(row),
        percent(row["attained_size"]),
    ]
    if false_go:
        cells.append(with_error(row["false_go_inert"], row["false_go_inert_mcse"]))
    cells += [_power(each) for each in group]
    if has_range:
        ranges = (f"{percent(each['model_low'], 0)}–{percent(each['model_high'], 0)}" for each in group)
        cells.append("; ".join(f"{each['effect']} {span}" for each, span in zip(group, ranges, strict=True)))
    return cells


def _benchmark(row: Row) -> Html:
    """The benchmark, its range, and where it comes from."""
    span = f"{row['benchmark_low']:.2f}–{row['benchmark_high']:.2f}"
    return joined([f"{row['null_rate']:.2f}", tag("small", span + _origin(row))])


def _power(row: Row) -> Html:
    """Power under an effect, the share of responders, and power against the whole range of the benchmark."""
    where = f"{row['endpoint']}/{row['effect']}"
    value = tag("span", power_text(row), data_power=where, data_value=repr(row["power"]))
    rate = tag("small", f"rate {percent(row['response_rate'])}")
    return joined([value, rate, tag("small", f"range {_power_beyond(row)}") if beats_more(row) else ""])


def _needed(row: Row) -> Html:
    """How many must respond, and how many to beat the whole range of the benchmark."""
    beyond = f"range: {needed(row, 'interval_critical_value')}" if beats_more(row) else ""
    return joined([needed(row), tag("small", beyond) if beyond else ""])


def _power_beyond(row: Row) -> str:
    """Power against the whole range; an exact 0 where no number of responders succeeds."""
    hopeless = math.isnan(row["interval_critical_value"]) and not math.isnan(row["n"])
    return "0 %" if hopeless else with_error(row["interval_power"], row["interval_power_mcse"])


def _warnings(power: Table) -> list[Html]:
    """What a reader must know before using a number: failed and unfilled trials, endpoints that cannot succeed."""
    rows = list(rows_of(power))
    found = []
    if failed := max(row["n_failed"] for row in rows):
        found.append(
            f"{failed} of {rows[0]['n_requested']} requested trials failed and are left out of every number."
        )
    if (filled := min(row["p_filled"] for row in rows)) < 1.0:
        found.append(
            f"Up to {percent(1.0 - filled)} of the trials did not fill their places; they are decided on the "
            f"patients they have."
        )
    hopeless = dict.fromkeys(
        label_of(row)
        for row in headline_rows(power)
        if not math.isnan(row["n"]) and math.isnan(row["critical_value"])
    )
    if hopeless:
        found.append(
            f"No number of responders can succeed at the planned n for {', '.join(hopeless)}: power is 0 whatever "
            f"the cells do."
        )
    return [tag("p", text, class_="warning") for text in found]
