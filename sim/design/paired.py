"""What changes between two ways to look at the same trials: differences of rates and powers, paired by trial.

Source : Morris, White, Crowther, Statistics in Medicine 2019;38:2074–2102, on common random numbers; Cochran,
Sampling Techniques, 3rd ed. 1977, chapter 6 (ratios).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from sim.config.design import Design
from sim.core.tables import Table
from sim.design.evaluation import successes
from sim.design.populations import column_stem
from sim.design.tally import Counted, columns_read, counted, counted_again, endpoints_counted
from sim.stats.monte_carlo import mean_mcse

BEFORE: Final = "before_"
"""In front of the name of a column: what the trial decided the other way."""
_SCREENED: Final = "n_screened"


@dataclass(frozen=True)
class Pairs(Counted):
    """Trials looked at in two ways, counted by what they decided both ways.

    endpoints : as of a tally, of the second way, with the same columns of the first under BEFORE.
    screened  : sums over the trials of the candidates screened and of their change from the first way, and of the
                squares of both; whole numbers.
    """

    screened: Mapping[str, int]


def side_by_side(before: Table, after: Table) -> Table:
    """Decided trials with what the same trials, row by row, decided the other way under BEFORE."""
    return after.adding({f"{BEFORE}{name}": before[name] for name in before})


def paired(trials: Table) -> Pairs:
    """The pairs of trials, one row each as `side_by_side` makes them.

    Errors : ValueError where no endpoint was counted.
    """
    ones = np.ones(trials.length, np.int64)
    endpoints = {}
    for endpoint in endpoints_counted(trials):
        names = columns_read(trials, endpoint)
        endpoints[endpoint] = counted(trials.only([*names, *(f"{BEFORE}{name}" for name in names)]), ones)
    screened = trials[_SCREENED].astype(np.int64)
    change = screened - trials[BEFORE + _SCREENED]
    sums = {"sum": screened, "squares": screened**2, "change": change, "change_squares": change**2}
    return Pairs(trials.length, endpoints, {name: int(values.sum()) for name, values in sums.items()})


def pairs_together(parts: Sequence[Pairs]) -> Pairs:
    """All pairs of several sets of trials; no trial is in two of them."""
    first = parts[0]
    return Pairs(
        sum(each.n_trials for each in parts),
        {name: counted_again([each.endpoints[name] for each in parts]) for name in first.endpoints},
        {name: sum(each.screened[name] for each in parts) for name in first.screened},
    )


def both_ways(pairs: Table) -> tuple[Table, Table]:
    """The rows of an endpoint of `Pairs` as the first way has them, and as the second."""
    earlier = {name.removeprefix(BEFORE): pairs[name] for name in pairs if name.startswith(BEFORE)}
    return Table(earlier), pairs.only(name for name in pairs if not name.startswith(BEFORE))


def screened_change(pairs: Pairs) -> dict[str, float]:
    """Mean of the candidates screened and of its change, each with its standard error."""
    n, sums = pairs.n_trials, pairs.screened
    return {
        "screened": sums["sum"] / n,
        "screened_mcse": _moment_error(n, sums["sum"], sums["squares"]),
        "screened_change": sums["change"] / n,
        "screened_change_mcse": _moment_error(n, sums["change"], sums["change_squares"]),
    }


def _moment_error(n: int, total: int, squares: int) -> float:
    """Standard error of a mean of whole numbers from their sum and the sum of their squares."""
    return float(np.sqrt((n * squares - total**2) / (n - 1)) / n) if n > 1 else float("nan")


def rate_change(
    before: Table, after: Table, endpoint: str, population: str, trials: ArrayLike = 1
) -> tuple[float, float]:
    """Difference of the response rates over all patients, and its standard error from trial to trial.

    before, after : tables from `decide`, row by row the same trials; their patients may differ.
    trials        : how many trials each row stands for.
    Formula       : R = sum x / sum m of each; the error is that of the mean over trials of the difference of
                    (x - R m) / mean m. NaN where either has no patient, the error with fewer than two trials.
    """
    stem = column_stem(endpoint, population)
    parts = []
    rates = []
    times = np.broadcast_to(np.asarray(trials), before[f"{stem}_n"].shape)
    for table in (before, after):
        x, m = table[f"{stem}_responders"].astype(np.int64), table[f"{stem}_n"].astype(np.int64)
        patients = int(times @ m)
        if not patients:
            return float("nan"), float("nan")
        rates.append(int(times @ x) / patients)
        parts.append((x - rates[-1] * m) / (patients / int(times.sum())))
    return rates[1] - rates[0], mean_mcse(parts[1] - parts[0], times)


def power_change(
    before: tuple[Table, Design],
    after: tuple[Table, Design],
    endpoint: str,
    population: str,
    alpha: float,
    trials: ArrayLike = 1,
) -> tuple[float, float]:
    """Difference of the shares of trials that succeed, and its standard error from the pairs of trials."""
    made = [successes(table, design, endpoint, population, alpha) for table, design in (before, after)]
    change = made[1].astype(np.int64) - made[0]
    times = np.broadcast_to(np.asarray(trials), change.shape)
    return int(times @ change) / int(times.sum()), mean_mcse(change, times)
