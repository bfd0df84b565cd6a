"""Times to an event as endpoints: how often small trials show that more patients stay free of it than a reference.

Free of the event at week 24 by Kaplan-Meier, as sim/design/event_free.py decides it. The reference is given, or it
is the rate of the same patients without the cells, which comes from the model: circular, and marked so (D115).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from sim.config.config import INERT
from sim.config.design import Design
from sim.config.measures import TIMES
from sim.core.tables import Table, table_of
from sim.design.event_free import event_free_successes, highest_reference
from sim.design.samples import Asked, Flags, Trials, members, places_of, power_error, trials_of, values_in
from sim.stats import binomial
from sim.stats.monte_carlo import proportion_mcse
from sim.stats.survival import kaplan_meier

Bank = Mapping[str, Table]

RULE: Final = "kaplan_meier"
WEEK_24: Final = 168
_NAN: Final = float("nan")


def times_table(
    bank: Bank,
    endpoints: Sequence[str],
    given: float | None,
    design: Design,
    effects: Sequence[str],
    asked: Asked,
    window: int,
) -> Table:
    """One row for each endpoint, size, alpha and effect: columns of `times`.

    bank  : by effect, `none` included, the same patients in the same order; NAME_day and NAME_event.
    given : rate free of the event to beat; None is that of the same patients without the cells.
    window : days before day 168 on which week 24 may be held; who was seen then is followed to week 24 (D118).
    """
    bank = {effect: followed(table, endpoints, window) for effect, table in bank.items()}
    counts = {"n_requested": asked.n_requested, "n_failed": asked.n_failed}
    made = list(trials_of(bank[INERT], design, asked))
    rows = [
        {"origin": trials.origin, "endpoint": endpoint, "population": TIMES[endpoint], "effect": effect}
        | {"rule": RULE, "alpha": alpha, "n": trials.n, "circular": given is None}
        | _row(bank, endpoint, given, design, trials, effect, alpha)
        | {"n_trials": len(trials.rows), **counts}
        for endpoint in endpoints
        for trials in made
        for alpha in design.alpha
        for effect in effects
    ]
    return table_of(rows)


def followed(table: Table, endpoints: Sequence[str], window: int) -> Table:
    """The bank with whoever had no event and came in the window of week 24 followed to week 24."""
    columns = {}
    for name in (f"{endpoint}_day" for endpoint in endpoints):
        free = table[name.replace("_day", "_event")] == 0.0
        columns[name] = np.where(free & (table[name] >= WEEK_24 - window), float(WEEK_24), table[name])
    return table.adding(columns)


def _row(
    bank: Bank, endpoint: str, given: float | None, design: Design, trials: Trials, effect: str, alpha: float
) -> dict[str, Any]:
    twin, error = _free(bank[INERT], endpoint)[:2]
    reference = twin if given is None else given
    places = places_of(design, TIMES[endpoint], trials.n)
    free, free_error, low, high = _free(bank[effect], endpoint)
    return {
        "places": places,
        **_test(places, reference, alpha, design.min_n),
        "reference": reference,
        "reference_mcse": error if given is None else 0.0,
        "free": free,
        "free_mcse": free_error,
        "free_low": low,
        "free_high": high,
        **_powers(bank, endpoint, reference, design, trials, effect, alpha),
        **_lost(bank[effect], endpoint),
    }


def _free(table: Table, endpoint: str) -> tuple[float, float, float, float]:
    """Kaplan-Meier over all patients at week 24: estimate, standard error and interval; NaN without a patient."""
    day, happens = table[f"{endpoint}_day"], table[f"{endpoint}_event"] == 1
    known = np.isfinite(day)
    if not known.any():
        return _NAN, _NAN, _NAN, _NAN
    curve = kaplan_meier(day[known], happens[known])
    return float(curve.estimate[-1]), float(curve.standard_error[-1]), float(curve.low[-1]), float(curve.high[-1])


def _test(places: float, reference: float, alpha: float, min_n: int) -> dict[str, float]:
    """The exact test if everybody planned is followed: fewest free of the event, exact size, highest reference."""
    if np.isnan(places) or places < 1 or np.isnan(reference):
        return {"critical_value": _NAN, "attained_size": _NAN, "highest_reference": _NAN}
    n, inside = int(places), 0.0 < reference < 1.0
    critical = binomial.critical_value(n, reference, alpha) if inside and n >= min_n else None
    return {
        "critical_value": _NAN if critical is None else float(critical),
        "attained_size": binomial.power(n, critical, reference) if inside else 0.0,
        "highest_reference": highest_reference(n, alpha),
    }


def _powers(
    bank: Bank, endpoint: str, reference: float, design: Design, trials: Trials, effect: str, alpha: float
) -> dict[str, float]:
    """Share of trials that succeed with and without the cells, and their difference in pairs of trials.

    Against this very reference; each with its error: of trials and, if drawn, bank.
    """
    names = ("power", "false_go_inert", "power_change")
    if not 0.0 < reference < 1.0:
        value = 0.0 if reference >= 1.0 else _NAN
        return dict.fromkeys((*names, *(f"{name}_mcse" for name in names)), value)
    concerned = members(bank[effect], TIMES[endpoint])
    acting, inert = (_succeeds(bank[name], endpoint, reference, design, trials, alpha) for name in (effect, INERT))
    told = {}
    for name, success in zip(names, (acting, inert, acting.astype(np.float64) - inert), strict=True):
        told[name], told[f"{name}_mcse"] = float(success.mean()), power_error(success, trials, concerned)
    return told


def _succeeds(
    table: Table, endpoint: str, reference: float, design: Design, trials: Trials, alpha: float
) -> Flags:
    """(trials,) who shows at this level that more are free of the event than the reference."""
    day = values_in(table[f"{endpoint}_day"], trials.rows)
    happens = values_in(table[f"{endpoint}_event"], trials.rows) == 1.0
    return event_free_successes(day, happens, WEEK_24, reference, alpha, design.min_n)


def _lost(table: Table, endpoint: str) -> dict[str, Any]:
    """Patients who were lost before week 24 without the event."""
    day, happens = table[f"{endpoint}_day"], table[f"{endpoint}_event"] == 1
    known = np.isfinite(day)
    share = float((~happens & (day < WEEK_24))[known].mean()) if known.any() else _NAN
    return {
        "missing": share,
        "missing_mcse": proportion_mcse(share, int(known.sum())),
        "n_patients": int(known.sum()),
    }
