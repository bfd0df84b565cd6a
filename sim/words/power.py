"""What a power table says, in sentences: the first lines that a run prints."""

import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from sim.config.rules import PLANNED_RULES
from sim.core.tables import Row, Table, rows_of
from sim.stats import binomial
from sim.words.rows import beats_more, headline_rows, label_of

_WANTED_POWER: Final = 0.8
_RARE: Final = 0.05
"""Share of trials below which a number of patients is told apart from the usual ones."""


def explain(power: Table, responders: Table | None = None) -> list[str]:
    """What each endpoint needs and what the model expects at the first alpha, then what to beware of, once each.

    power : a power table, of one effect or of several one below the other; the first row of an endpoint
            names its headline population and alpha.
    responders : of its trials (sim/design/responders.py): says how many patients can be judged.
    """
    headlines: dict[tuple[Any, ...], list[Row]] = {}
    for row in headline_rows(power):
        headlines.setdefault((row["endpoint"], str(row["n"]), row["null_rate"]), []).append(row)
    warnings = dict.fromkeys(text for row in rows_of(power) for text in _warnings(row))
    said = [_headline(group, responders) for group in headlines.values()]
    return [*said, *(f"Warning: {text}" for text in warnings)]


def in_short(power: Table) -> str:
    """The answer in a sentence: the endpoint most likely to succeed where the cells act, and what luck alone does.

    power : as for explain.
    """
    rows = headline_rows(power)
    best = max((row for row in rows if row["effect"] != "none"), key=_power, default=max(rows, key=_power))
    inert = [row for row in rows if not math.isnan(row["false_go_inert"])]
    return f"In short: {_best(best)}.{_without_effect(inert)}"


def _power(row: Row) -> float:
    return float(row["power"])


def _best(row: Row) -> str:
    """What the endpoint of the highest power reaches."""
    power = row["power"]
    if power == 0.0:
        return f"no endpoint succeeds in any trial under {row['effect']}"
    reached = power >= _WANTED_POWER
    said = "" if reached else f"no endpoint reaches {_percent(_WANTED_POWER)} power; "
    said += f"{label_of(row)} {'has' if reached else 'comes nearest with'} {power:.{2 if power >= 0.005 else 4}f}"
    beyond = f" ({row['interval_power']:.2f} against its whole benchmark range)" if beats_more(row) else ""
    return f"{said} under {row['effect']}{beyond}"


def _without_effect(rows: list[Row]) -> str:
    """What the endpoint that luck helps most does when the cells do nothing."""
    if not rows:
        return ""
    most = max(rows, key=lambda row: float(row["false_go_inert"]))
    share = most["false_go_inert"]
    if share == 0.0:
        return " If the cells did nothing, none would succeed in any trial."
    others = ", no other endpoint more often" if len({row["endpoint"] for row in rows}) > 1 else ""
    often = _percent(share) if share >= 0.005 else f"{100 * share:.2f} %"
    return f" If the cells did nothing, {label_of(most)} would still succeed in {often} of the trials{others}."


def benchmark_text(row: Row) -> str:
    """Benchmark of a row, its range, whether it is the upper end of that, and where it comes from."""
    low, high = row["benchmark_low"], row["benchmark_high"]
    upper = " upper end" if low < high == row["null_rate"] else ""
    origin = " assumed" if row["benchmark_assumed"] else " from the model" if row["circular"] else ""
    return f"{row['null_rate']:.2f} [{low:.2f}–{high:.2f}]{upper}{origin}"


def _headline(group: list[Row], responders: Table | None) -> str:
    row = group[0]
    words = f"{label_of(row)} at alpha {row['alpha']:g}: {_needed(row)}.\n    {_expectations(group)}"
    return words + "".join(f"\n    {text}" for text in (*_whole_range(group), *_fewer_judged(group, responders)))


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


def _fewer_judged(group: list[Row], responders: Table | None) -> Iterator[str]:
    """That an endpoint leaves patients of a filled trial out, so that its critical value moves with the trial."""
    row = group[0]
    filled = all(each["p_filled"] == 1.0 and each["n_max"] > 0 for each in group)
    fewest = min(int(each["n_min"]) for each in group)
    if responders is None or not filled or fewest >= row["n"] or row["rule"] in PLANNED_RULES:
        return
    own = responders.where(
        (responders["endpoint"] == row["endpoint"]) & (responders["population"] == row["population"])
    )
    numbers, place = np.unique(own["n"], return_inverse=True)
    at_most = np.cumsum(np.bincount(place.reshape(-1), own["trials"])) / own["trials"].sum()
    first = int(np.searchsorted(at_most, _RARE))
    usual = int(numbers[first])
    judged = f"{usual} to {row['n']:.0f} a trial" if usual < row["n"] else f"{usual} a trial"
    if first:
        few = f"{fewest} to {usual - 1}" if fewest < usual - 1 else f"{fewest}"
        judged += f", in {100.0 * at_most[first - 1]:.2g} % of the trials {few}"
    yield f"Not every patient can be judged: {judged}. Each trial needs what its own number asks for."


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
        outside = f"{row['null_rate']:g} lies outside its own range {benchmark_text(row)}"
        yield f"{label_of(row)}: the benchmark {outside}"
    if row["circular"]:
        yield (
            f"{label_of(row)}: the benchmark comes from this model, so success without the cells is the size of "
            "the test by construction and proves nothing (circular)"
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
    place = f"{label_of(row)} at alpha {row['alpha']:g}, n = {n}"
    if row["rule"] != "exact_binomial" and n > 0:
        return f"{place}: no outcome succeeds by {row['rule']}, so power is 0"
    if n == 0:
        return f"{place}: no patient of this kind is planned, so power is 0"
    if binomial.critical_value(n, null_rate, row["alpha"]) is not None:
        return f"{place}: fewer patients than the least number that is decided (min_n), so power is 0"
    every = float(binomial.upper_tail(n, n, null_rate))
    return (
        f"{place}: no number of responders can reject {null_rate:g}, for all {n} respond with probability "
        f"{every:.3f} at that rate, so power at the planned n is 0 whatever the cells do"
    )
