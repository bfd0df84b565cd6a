"""Changes from baseline as endpoints: how often small trials show that a change is better than without the cells.

The reference is the mean change of the same patients without the cells (the twin mean). It comes from the model,
so success without the cells is the size of the test, up to what the test assumes: circular, and marked so. A
change that is not known is left out, and the trial is decided on what it has (D115).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.config import INERT
from sim.config.design import Design
from sim.config.measures import Measure
from sim.core.tables import Table, table_of
from sim.design.change import error_of_mean, mean_of
from sim.design.change_tests import CHANGE_RULES, ChangeRule, rejects
from sim.design.samples import Asked, Flags, Trials, members, places_of, power_error, trials_of, values_in
from sim.stats.monte_carlo import proportion_mcse

Bank = Mapping[str, Table]
Floats = NDArray[np.float64]

_NAN: Final = float("nan")
_STEP: Final = 0.1
"""Standard errors of a trial's mean by which the reference is moved to see how power follows it."""


def changes_table(
    bank: Bank, measures: Sequence[Measure], visit: str, design: Design, effects: Sequence[str], asked: Asked
) -> Table:
    """One row for each measure, size, rule, alpha and effect: columns of `changes`.

    bank : by effect, `none` included, the same patients in the same order; one column for each measure's variable.
    """
    counts = {"n_requested": asked.n_requested, "n_failed": asked.n_failed}
    made = list(trials_of(bank[INERT], design, asked))
    rows = [
        {"origin": trials.origin, **_head(measure, visit, design, trials.n), **row}
        | {"n_trials": len(trials.rows), **counts}
        for measure in measures
        for trials in made
        for rule in CHANGE_RULES
        for row in _rows(bank, measure, rule, trials, design, effects)
    ]
    return table_of(rows)


def _head(measure: Measure, visit: str, design: Design, n: int) -> dict[str, Any]:
    return {
        "endpoint": measure.endpoint,
        "variable": measure.variable,
        "visit": visit,
        "population": measure.population,
        "wanted": measure.wanted,
        "n": n,
        "places": places_of(design, measure.population, n),
        "circular": True,
    }


def _rows(
    bank: Bank, measure: Measure, rule: ChangeRule, trials: Trials, design: Design, effects: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """The rows of one rule; what happens without the cells is looked at once."""
    twin = bank[INERT][measure.variable]
    reference, error = mean_of(twin), error_of_mean(twin)
    found = {
        effect: _found(bank, measure, rule, trials, design, effect, reference)
        for effect in dict.fromkeys((INERT, *effects))
    }
    places = places_of(design, measure.population, trials.n)
    for k, alpha in enumerate(design.alpha):
        for effect in effects:
            yield {
                "effect": effect,
                "rule": rule.name,
                "alpha": alpha,
                "attained_size": _NAN if np.isnan(places) else rule.size(int(places), alpha),
                "smallest_p": _NAN if np.isnan(places) else rule.smallest(int(places)),
                "reference": reference,
                "reference_mcse": error,
                **_means(bank, measure, effect),
                **_powers(found[effect][k], found[INERT][k], trials, members(bank[effect], measure.population)),
                **_lost(bank[effect], measure, trials, design),
            }


def _means(bank: Bank, measure: Measure, effect: str) -> dict[str, float]:
    value, twin = bank[effect][measure.variable], bank[INERT][measure.variable]
    return {
        "mean": mean_of(value),
        "mean_mcse": error_of_mean(value),
        "difference": mean_of(value - twin),
        "difference_mcse": error_of_mean(value - twin),
    }


def _lost(table: Table, measure: Measure, trials: Trials, design: Design) -> dict[str, Any]:
    """Patients whose change is not known, and trials that decide nothing for want of values."""
    asked, known = members(table, measure.population), np.isfinite(table[measure.variable])
    share = 1.0 - float(known[asked].mean()) if asked.any() else _NAN
    few = np.isfinite(values_in(table[measure.variable], trials.rows)).sum(axis=1) < design.min_n
    return {
        "missing": share,
        "missing_mcse": proportion_mcse(share, int(asked.sum())),
        "undecided": float(few.mean()),
        "undecided_mcse": proportion_mcse(float(few.mean()), few.size),
        "n_patients": int(known.sum()),
    }


@dataclass(frozen=True)
class _Seen:
    """(trials,) whether each succeeds, and (patients,) what each adds to the power through the reference."""

    success: Floats
    by_reference: Floats

    def less(self, other: "_Seen") -> "_Seen":
        return _Seen(self.success - other.success, self.by_reference - other.by_reference)


def _powers(acting: _Seen, inert: _Seen, trials: Trials, concerned: Flags) -> dict[str, float]:
    """Power, that without the cells, and their difference in pairs; the reference's error in each."""
    parts = {"power": acting, "false_go_inert": inert, "power_change": acting.less(inert)}
    told = {}
    for name, seen in parts.items():
        told[name] = float(seen.success.mean())
        told[f"{name}_mcse"] = power_error(seen.success, trials, concerned, seen.by_reference)
    return told


def _found(
    bank: Bank, measure: Measure, rule: ChangeRule, trials: Trials, design: Design, effect: str, reference: float
) -> list[_Seen]:
    """For each alpha who succeeds, and how the power follows the reference."""
    twin, values = bank[INERT][measure.variable], values_in(bank[effect][measure.variable], trials.rows)
    known = np.isfinite(twin)
    if not known.any():
        return [_Seen(np.zeros(len(trials.rows)), np.full(known.size, _NAN))] * len(design.alpha)
    step = _STEP * float(twin[known].std()) / np.sqrt(max(values.shape[1], 1))
    moved = [rule.p_values(values, reference + k * step, measure.wanted, design.min_n) for k in (0, -1, 1)]
    share = np.where(known, twin - reference, 0.0) / known.sum()
    answer = []
    for alpha in design.alpha:
        success, below, above = (rejects(p, alpha) for p in moved)
        slope = (float(above.mean()) - float(below.mean())) / (2.0 * step) if step > 0.0 else 0.0
        answer.append(_Seen(success.astype(np.float64), slope * share))
    return answer
