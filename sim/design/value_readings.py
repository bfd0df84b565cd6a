"""Readings of endpoints without responders: changes and times under other readings and assumptions, by trial.

What is estimated is the mean change, or the share free of the event at week 24; what is to be beaten stays that of
the same patients without the cells as declared, or the rate that is given (D115, D152).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.config import INERT
from sim.config.design import Design
from sim.config.measures import TIMES, Measure
from sim.core.tables import Table, table_of
from sim.design.change_tests import CHANGE_RULES, rejects
from sim.design.event_free import event_free_successes
from sim.design.samples import Rows, own_trials, values_in
from sim.design.times import RULE, WEEK_24, followed
from sim.stats.monte_carlo import mean_mcse, proportion_mcse
from sim.stats.survival import kaplan_meier, kaplan_meier_influence

Floats = NDArray[np.float64]
Bank = Mapping[str, Table]
"""By effect a row a patient: NAME_day and NAME_event of times, one column for each variable of changes."""

_NAN: Final = float("nan")


@dataclass(frozen=True)
class Shown:
    """What is looked at: a time to an event (measure None), or a change.

    given  : the reference; None is that of the base without the cells.
    window : days before day 168 on which week 24 may be held (D118).
    """

    endpoint: str
    measure: Measure | None
    given: float | None
    window: int


@dataclass(frozen=True)
class _Seen:
    """What the patients of all trials show.

    influence : (patients,) what each adds to the error of the estimate; 0 where the value is not known.
    """

    table: Table
    value: Floats
    happens: NDArray[np.bool_]
    estimate: float
    influence: Floats


def value_readings_table(
    alternatives: Sequence[tuple[str, str, str, Design]],
    banks: Mapping[str, Bank],
    shown: Sequence[Shown],
    effects: Sequence[str],
    n_requested: int,
    n_failed: int,
) -> Table:
    """One row for each alternative, variable, rule, alpha and effect: columns of `value_readings`.

    alternatives : name, kind, words and design of each; the first is what the others are compared with.
    banks        : for each name and effect the patients of the same trials.
    Errors of estimates are from trial to trial, those of changes from the pairs of trials.
    """
    shown_in = (table["trial"] for bank in banks.values() for table in bank.values())
    trials = reduce(np.union1d, shown_in, np.zeros(0, np.int32))
    counts = {"n_trials": len(trials), "n_requested": n_requested, "n_failed": n_failed}
    done = [each for each in alternatives if each[0] in banks]
    return table_of([row | counts for each in shown for row in _rows(done, banks, each, effects, trials)])


def _rows(
    alternatives: Sequence[tuple[str, str, str, Design]],
    banks: Mapping[str, Bank],
    shown: Shown,
    effects: Sequence[str],
    trials: NDArray[Any],
) -> Iterator[dict[str, Any]]:
    base, _, _, design = alternatives[0]
    seen = {effect: _seen(banks[base][effect], shown) for effect in effects}
    reference = seen[INERT].estimate if shown.given is None else shown.given
    first = {effect: _decided(seen[effect], shown, reference, design, trials) for effect in effects}
    for name, kind, words, own in alternatives:
        for effect in effects:
            now, before = _seen(banks[name][effect], shown), seen[effect]
            found = _decided(now, shown, reference, own, trials)
            told = _head(shown) | {"alternative": name, "kind": kind, "words": words, "effect": effect}
            told |= {"reference": reference, **_estimates(before, now, trials)}
            for (rule, alpha), success in found.items():
                yield told | {"rule": rule, "alpha": alpha} | _powers(first[effect][rule, alpha], success)


def _head(shown: Shown) -> dict[str, Any]:
    measure = shown.measure
    return {
        "endpoint": shown.endpoint,
        "variable": "" if measure is None else measure.variable,
        "population": TIMES[shown.endpoint] if measure is None else measure.population,
        "circular": shown.given is None,
    }


def _seen(table: Table, shown: Shown) -> _Seen:
    influence = np.zeros(table.length)
    if shown.measure is not None:
        value, happens = table[shown.measure.variable], np.zeros(table.length, np.bool_)
        known = np.isfinite(value)
        estimate = float(value[known].mean()) if known.any() else _NAN
        influence[known] = (value[known] - estimate) / max(int(known.sum()), 1)
        return _Seen(table, value, happens, estimate, influence)
    table = followed(table, [shown.endpoint], shown.window)
    value, happens = table[f"{shown.endpoint}_day"], table[f"{shown.endpoint}_event"] == 1.0
    known = np.isfinite(value)
    estimate = float(kaplan_meier(value[known], happens[known]).estimate[-1]) if known.any() else _NAN
    if known.any():
        influence[known] = kaplan_meier_influence(value[known], happens[known])
    return _Seen(table, value, happens, estimate, influence)


def _decided(
    seen: _Seen, shown: Shown, reference: float, design: Design, trials: NDArray[Any]
) -> dict[tuple[str, float], Floats]:
    """For each rule and alpha (trials,) 1 where a trial succeeds against the reference."""
    rows = _rows_of(seen.table, trials)
    value, happens, min_n = values_in(seen.value, rows), values_in(seen.happens, rows) == 1.0, design.min_n
    found: dict[tuple[str, float], Floats] = {}
    for alpha in design.alpha:
        if shown.measure is not None:
            for rule in CHANGE_RULES:
                p_values = rule.p_values(value, reference, shown.measure.wanted, min_n)
                found[rule.name, alpha] = rejects(p_values, alpha).astype(np.float64)
        elif 0.0 < reference < 1.0:
            success = event_free_successes(value, happens, WEEK_24, reference, alpha, min_n)
            found[RULE, alpha] = success.astype(np.float64)
        else:
            found[RULE, alpha] = np.zeros(len(trials))
    return found


def _estimates(before: _Seen, now: _Seen, trials: NDArray[Any]) -> dict[str, Any]:
    """The estimate and its change against the base, in pairs of trials; trials in which anybody shows another."""
    parts = [
        np.bincount(np.searchsorted(trials, each.table["trial"]), each.influence, len(trials))
        for each in (before, now)
    ]
    known = int(np.isfinite(now.value).sum())
    return {
        "estimate": now.estimate,
        "estimate_mcse": float(np.sqrt((parts[1] ** 2).sum())) if known else _NAN,
        "estimate_change": now.estimate - before.estimate,
        "estimate_change_mcse": float(np.sqrt(((parts[1] - parts[0]) ** 2).sum())) if known else _NAN,
        "n_changed": _changed(before, now, trials),
        "n_patients": known,
    }


def _powers(before: Floats, now: Floats) -> dict[str, float]:
    power, change = float(now.mean()), now - before
    return {
        "power": power,
        "power_mcse": proportion_mcse(power, len(now)),
        "power_change": float(change.mean()),
        "power_change_mcse": mean_mcse(change),
    }


def _changed(before: _Seen, now: _Seen, trials: NDArray[Any]) -> int:
    """Trials whose patients do not all show what those of the base show."""
    matrices = []
    for each in (before, now):
        rows = _rows_of(each.table, trials)
        matrices.append((values_in(each.value, rows), values_in(each.happens, rows)))
    width = max(value.shape[1] for value, _ in matrices)
    first, second = (
        [np.pad(part, ((0, 0), (0, width - part.shape[1])), constant_values=np.nan) for part in pair]
        for pair in matrices
    )
    same = [(a == b) | (np.isnan(a) & np.isnan(b)) for a, b in zip(first, second, strict=True)]
    return int((~np.logical_and(*same).all(axis=1)).sum())


def _rows_of(table: Table, trials: NDArray[Any]) -> Rows:
    """(trials, most patients) rows of a table, -1 where there is nobody."""
    own = own_trials(table)
    rows = np.full((len(trials), own.shape[1]), -1, dtype=np.int64)
    rows[np.searchsorted(trials, np.unique(table["trial"]))] = own
    return rows
