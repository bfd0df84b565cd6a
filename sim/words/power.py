"""What a power table says, in sentences: the first lines that a run prints."""

import math
from collections.abc import Iterator
from typing import Any, Final

from sim.config.rules import PLANNED_RULES
from sim.core.tables import Row, Table, rows_of
from sim.stats import binomial

_WANTED_POWER: Final = 0.8


def explain(power: Table) -> list[str]:
    """What each endpoint needs and what the model expects at the first alpha, then what to beware of, once each.

    power : a power table, of one effect or of several one below the other; the first row of an endpoint
            names its headline population and alpha.
    """
    headlines: dict[tuple[Any, ...], list[Row]] = {}
    for row in _headlines(power):
        headlines.setdefault((row["endpoint"], str(row["n"]), row["null_rate"]), []).append(row)
    warnings = dict.fromkeys(text for row in rows_of(power) for text in _warnings(row))
    return [_headline(group) for group in headlines.values()] + [f"Warning: {text}" for text in warnings]


def in_short(power: Table) -> str:
    """The answer in a sentence: the endpoint most likely to succeed where the cells act, and what luck alone does.

    power : as for explain.
    """
    rows = _headlines(power)
    best = max((row for row in rows if row["effect"] != "none"), key=_power, default=max(rows, key=_power))
    reached = best["power"] >= _WANTED_POWER
    start = "" if reached else f"no endpoint reaches {_percent(_WANTED_POWER)} power; "
    said = f"{_name(best)} {'has' if reached else 'comes nearest with'} {best['power']:.2f} under {best['effect']}"
    if beats_more(best):
        said += f" ({best['interval_power']:.2f} against its whole benchmark range)"
    known = [row for row in rows if not math.isnan(row["false_go_inert"])]
    return f"In short: {start}{said}.{_without_effect(known)}"


def _power(row: Row) -> float:
    return float(row["power"])


def _without_effect(rows: list[Row]) -> str:
    """What the endpoint that luck helps most does when the cells do nothing."""
    if not rows:
        return ""
    most = max(rows, key=lambda row: float(row["false_go_inert"]))
    others = ", no other endpoint more often" if len({row["endpoint"] for row in rows}) > 1 else ""
    return (
        f" If the cells did nothing, {_name(most)} would still succeed in {_percent(most['false_go_inert'])} of "
        f"the trials{others}."
    )


def benchmark_text(row: Row) -> str:
    """Benchmark of a row, its range, whether it is the upper end of that, and where it comes from."""
    low, high = row["benchmark_low"], row["benchmark_high"]
    upper = " upper end" if low < high == row["null_rate"] else ""
    origin = " assumed" if row["benchmark_assumed"] else " from the model" if row["circular"] else ""
    return f"{row['null_rate']:.2f} [{low:.2f}–{high:.2f}]{upper}{origin}"


def beats_more(row: Row) -> bool:
    """Whether the upper end of a benchmark's range asks more than the benchmark that is tested (D117)."""
    return not math.isnan(row["interval_power"]) and bool(row["null_rate"] < row["benchmark_high"])


def _headlines(power: Table) -> list[Row]:
    """The rows of each endpoint's headline population and alpha: those of its first row."""
    first: dict[str, tuple[str, float]] = {}
    return [
        row
        for row in rows_of(power)
        if first.setdefault(row["endpoint"], (row["population"], row["alpha"]))
        == (row["population"], row["alpha"])
    ]


def _name(row: Row) -> str:
    return row["endpoint"] if row["population"] == "all" else f"{row['endpoint']} ({row['population']})"


def _headline(group: list[Row]) -> str:
    row = group[0]
    words = f"{_name(row)} at alpha {row['alpha']:g}: {_needed(row)}.\n    {_expectations(group)}"
    return words + "".join(f"\n    {text}" for text in (*_whole_range(group), *_fewer_judged(group)))


def _expectations(group: list[Row]) -> str:
    """What the model expects under each effect, and how often the trial then succeeds."""
    parts = [_expected(one) for one in group]
    return f"The model expects {'; '.join(parts)}."


def _needed(row: Row) -> str:
    if math.isnan(row["n"]):
        return f"the number of patients is left to chance, each trial is decided on its own; {_against(row)}"
    if math.isnan(row["critical_value"]):
        return f"no number of responders out of {row['n']:.0f} succeeds; {_against(row)}"
    n, critical = int(row["n"]), int(row["critical_value"])
    if row["rule"] in PLANNED_RULES:
        return f"{critical} of {n} must respond ({row['rule']}) to beat {_against(row)}"
    rate = binomial.rate_for_power(n, critical, _WANTED_POWER)
    return (
        f"{critical} of {n} must respond to beat {_against(row)}; "
        f"{_percent(_WANTED_POWER)} power needs a true rate of {_percent(rate)}"
    )


def _whole_range(group: list[Row]) -> Iterator[str]:
    """What it takes to beat every rate of the benchmark's range, where that is more than what is tested."""
    row = group[0]
    if not beats_more(row):
        return
    start = f"To beat the whole range {row['benchmark_low']:.2f}–{row['benchmark_high']:.2f}"
    powers = ", ".join(f"{one['interval_power']:.2f} under {one['effect']}" for one in group)
    if math.isnan(row["n"]):
        yield f"{start}, each trial is decided on its own number: power {powers}."
    elif math.isnan(row["interval_critical_value"]):
        yield f"{start}, no number of responders is enough."
    else:
        yield f"{start}, {row['interval_critical_value']:.0f} of {row['n']:.0f} must respond: power {powers}."


def _fewer_judged(group: list[Row]) -> Iterator[str]:
    """That an endpoint leaves patients of a filled trial out, so that its critical value moves with the trial."""
    fewest = min(int(row["n_min"]) for row in group)
    planned, rule = group[0]["n"], group[0]["rule"]
    judged = all(row["p_filled"] == 1.0 and row["n_max"] > 0 for row in group)
    if judged and fewest < planned and rule not in PLANNED_RULES:
        yield (
            f"Not every patient can be judged: {fewest} to {planned:.0f} a trial. Each trial needs what its own "
            "number asks for."
        )


def _against(row: Row) -> str:
    return f"the benchmark {benchmark_text(row)}"


def _expected(row: Row) -> str:
    power = f"power {row['power']:.2f}"
    if math.isnan(row["response_rate"]):
        return f"nobody to be evaluated under {row['effect']}, {power}"
    rate, error = _percent(row["response_rate"]), 100 * row["response_rate_mcse"]
    return f"{rate} ± {error:.{1 if error >= 0.1 else 2}f} under {row['effect']}, {power}"


def _percent(rate: float) -> str:
    return f"{100 * rate:.0f} %"


def _warnings(row: Row) -> Iterator[str]:
    if not math.isnan(row["n"]) and math.isnan(row["critical_value"]):
        yield _no_critical_value(row)
    if not row["benchmark_low"] <= row["null_rate"] <= row["benchmark_high"]:
        yield f"{_name(row)}: the benchmark {row['null_rate']:g} lies outside its own range {benchmark_text(row)}"
    if row["circular"]:
        yield (
            f"{_name(row)}: the benchmark comes from this model, so success without the cells is the size of the "
            "test by construction and proves nothing (circular)"
        )
    if row["p_filled"] < 1.0:
        yield (
            f"{100 * (1.0 - row['p_filled']):.2f} % of the trials under {row['effect']} did not fill; they are "
            "decided on the patients they have, and every probability is over all trials"
        )
    if row["n_failed"]:
        yield f"{row['n_failed']} of {row['n_requested']} trials under {row['effect']} failed and are left out"


def _no_critical_value(row: Row) -> str:
    n, null_rate = int(row["n"]), row["null_rate"]
    if row["rule"] != "exact_binomial" and n > 0:
        return (
            f"{_name(row)} at alpha {row['alpha']:g}, n = {n}: no outcome succeeds by {row['rule']}, so power is 0"
        )
    place = f"{_name(row)} at alpha {row['alpha']:g}, n = {n}"
    if n == 0:
        return f"{place}: no patient of this kind is planned, so power is 0"
    if binomial.critical_value(n, null_rate, row["alpha"]) is not None:
        return f"{place}: fewer patients than the least number that is decided (min_n), so power is 0"
    every = float(binomial.upper_tail(n, n, null_rate))
    return (
        f"{place}: no number of responders can reject {null_rate:g}, for all {n} respond with probability "
        f"{every:.3f} at that rate, so power at the planned n is 0 whatever the cells do"
    )
