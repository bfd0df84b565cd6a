"""What changes between two ways to look at the same trials: differences of rates and powers, paired by trial.

Source : Morris, White, Crowther, Statistics in Medicine 2019;38:2074–2102, on common random numbers; Cochran,
Sampling Techniques, 3rd ed. 1977, chapter 6 (ratios).
"""

import numpy as np
from numpy.typing import NDArray

from sim.config.design import Design
from sim.core.tables import Table
from sim.design.evaluation import successes
from sim.design.populations import column_stem

Floats = NDArray[np.float64]


def rate_change(before: Table, after: Table, endpoint: str, population: str) -> tuple[float, float]:
    """Difference of the response rates over all patients, and its standard error from trial to trial.

    before, after : tables from `decide`, row by row the same trials; their patients may differ.
    Formula       : R = sum x / sum m of each; the error is that of the mean over trials of the difference of
                    (x - R m) / mean m. NaN where either has no patient, the error with fewer than two trials.
    """
    stem = column_stem(endpoint, population)
    parts = []
    rates = []
    for table in (before, after):
        x, m = table[f"{stem}_responders"].astype(np.float64), table[f"{stem}_n"].astype(np.float64)
        if not m.sum():
            return float("nan"), float("nan")
        rates.append(x.sum() / m.sum())
        parts.append((x - rates[-1] * m) / m.mean())
    return rates[1] - rates[0], mean_error(parts[1] - parts[0])


def power_change(
    before: tuple[Table, Design],
    after: tuple[Table, Design],
    endpoint: str,
    population: str,
    alpha: float,
) -> tuple[float, float]:
    """Difference of the shares of trials that succeed, and its standard error from the pairs of trials."""
    made = [successes(table, design, endpoint, population, alpha) for table, design in (before, after)]
    change = made[1].astype(np.float64) - made[0]
    return float(change.mean()), mean_error(change)


def mean_error(values: Floats) -> float:
    """Standard error of the mean of independent values; NaN for fewer than two."""
    return float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else float("nan")
