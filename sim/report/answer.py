"""The first screen: the question, the answer in a sentence, and the table of endpoints by effects."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.core.tables import Table
from sim.report.html import Html, joined, table, tag
from sim.report.numbers import (
    Row,
    effects_of,
    headline_rows,
    label_of,
    needed,
    percent,
    power_text,
    rows_of,
    with_error,
)
from sim.report.results import Results

_NEUTRAL: Final = "neutral"


def answer_html(results: Results) -> Html:
    """Question, answer, table, and what the answer hangs on."""
    power = results.tables["power"]
    rows = headline_rows(power)
    return joined(
        [
            tag("h1", _question(results.configuration), id="answer"),
            tag("p", _about(results.configuration), class_="lead"),
            tag("p", _sentence(rows, effects_of(power)), class_="answer"),
            tag("p", *_ranges(rows, effects_of(power)), class_="aside"),
            _table(rows, effects_of(power), titles(results)),
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


def _about(configuration: Mapping[str, Any]) -> str:
    """What is simulated, in a line."""
    design, taper = configuration["design"], configuration["taper"]["name"]
    parts = "LN and LC as they come" if design["composition"] != "quota" else _split(design)
    return (
        f"Refractory systemic lupus, nephritis (LN) or cytopenia (LC); {parts}; mesenchymal stem cells at day 0 "
        f"and week 12, corticosteroid taper “{taper}”; one arm, open label. Design {design['name']}, decided by "
        f"the "
        f"rule {design['rule']}, each endpoint by itself."
    )


def _split(design: Mapping[str, Any]) -> str:
    n, n_ln, n_lc = design["n"], design["n_LN"], design["n_LC"]
    if n_ln is None:
        n_ln = n - n_lc if n_lc is not None else n - n // 2
    return f"{n_ln} with LN, {n - n_ln} with LC"


def _chosen(effects: Sequence[str]) -> str:
    acting = [name for name in effects if name != "none"]
    return _NEUTRAL if _NEUTRAL in acting else (acting or list(effects))[-1]


def _sentence(rows: Sequence[Row], effects: Sequence[str]) -> Html:
    """Power of the primary endpoints (of all, where none is primary) under one effect, and without cells."""
    effect = _chosen(effects)
    chosen = [row for row in rows if row["effect"] == effect]
    chosen = [row for row in chosen if row["endpoint"].startswith("P")] or chosen
    parts = [joined([tag("b", power_text(row)), f" on {label_of(row)}"]) for row in chosen]
    if effect == "none":
        return joined(
            ["If the cells do nothing, the trial still succeeds with a probability of ", _listed(parts), "."]
        )
    inert = [percent(row["false_go_inert"], 0) for row in chosen]
    start = f"If the cells work as assumed under “{effect}”, the trial succeeds with a probability of "
    end = f"; if they did nothing it would still succeed with {_listed([Html(text) for text in inert])}."
    return joined([start, _listed(parts), end])


def _listed(parts: Sequence[Html]) -> Html:
    if len(parts) < 2:
        return joined(parts)
    return joined([joined(parts[:-1], ", "), Html(" and "), parts[-1]])


def _ranges(rows: Sequence[Row], effects: Sequence[str]) -> list[Any]:
    """What ± means, and how far the answer moves with what is not known."""
    words: list[Any] = [
        "± is the Monte Carlo standard error, in points: the accuracy of the simulation, not of the model. "
    ]
    primary = [row for row in rows if row["effect"] == _chosen(effects)]
    known = [row for row in primary if not (math.isnan(row["model_low"]) or math.isnan(row["model_high"]))]
    if known:
        spans = [
            f"{label_of(row)} {percent(row['model_low'], 0)} to {percent(row['model_high'], 0)}" for row in known
        ]
        words.append(f"Over the declared readings and assumptions: {', '.join(spans)}. ")
    elif len(effects) > 2:
        spans = []
        for row in primary:
            values = [
                one["power"] for one in rows if one["endpoint"] == row["endpoint"] and one["effect"] != "none"
            ]
            spans.append(f"{label_of(row)} {percent(min(values), 0)} to {percent(max(values), 0)}")
        words.append(f"Over the assumptions about the cells alone: {', '.join(spans)}. ")
    if not known:
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
    "responders that "
    "succeed (none: no number does; by trial: the number of patients is left to chance). Benchmark: the rate to "
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
    benchmark = joined(
        [
            f"{row['null_rate']:.2f}",
            tag(
                "small",
                f"{row['benchmark_low']:.2f}–{row['benchmark_high']:.2f}" + _origin(row),
            ),
        ]
    )
    cells: list[Any] = [
        joined([label_of(row), tag("small", names.get(row["endpoint"], ""))]),
        needed(row),
        benchmark,
        percent(row["attained_size"]),
    ]
    if false_go:
        cells.append(with_error(row["false_go_inert"], row["false_go_inert_mcse"]))
    for each in group:
        rate = tag("small", f"rate {percent(each['response_rate'])}")
        cells.append(
            joined(
                [
                    tag(
                        "span",
                        power_text(each),
                        data_power=f"{each['endpoint']}/{each['effect']}",
                        data_value=repr(each["power"]),
                    ),
                    rate,
                ]
            )
        )
    if has_range:
        cells.append(
            "; ".join(
                f"{each['effect']} {percent(each['model_low'], 0)}–{percent(each['model_high'], 0)}"
                for each in group
            )
        )
    return cells


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
