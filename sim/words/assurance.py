"""Assurance in words: the answer of each endpoint, and the priors it rests on."""

import math
from collections.abc import Sequence

from sim.core.tables import Table, rows_of
from sim.words.layout import aligned


def assurance_text(table: Table, priors: Sequence[tuple[str, str, float, float, float]]) -> str:
    """The assurance of each endpoint, and the priors it rests on.

    priors : name, key, low, mode, high.
    """
    cells = [["endpoint", "alpha", "needed", "mean rate", "assurance", "power over the draws: 5 % | half | 95 %"]]
    for row in rows_of(table):
        place = row["endpoint"] if row["population"] == "all" else f"{row['endpoint']} {row['population']}"
        needed = "–" if math.isnan(row["critical_value"]) else f"{row['critical_value']:.0f}/{row['n']:.0f}"
        cells.append(
            [
                place,
                f"{row['alpha']:g}",
                needed,
                f"{row['response_rate']:.3f} ±{row['response_rate_mcse']:.3f}",
                f"{row['assurance']:.3f} ±{row['assurance_mcse']:.3f}",
                f"{row['power_p05']:.2f} | {row['power_p50']:.2f} | {row['power_p95']:.2f}",
            ]
        )
    limits = [["prior (triangular)", "key", "low", "mode", "high"]]
    limits += [[name, key, *(f"{value:g}" for value in values)] for name, key, *values in priors]
    first = next(rows_of(table))
    return "\n".join(
        [
            f"Assurance: success averaged over {first['draws']} draws of what is believed; {first['n_trials']} "
            f"trials ({first['n_requested']} asked for, {first['n_failed']} failed); ± standard error over draws.",
            *aligned(cells),
            "",
            *aligned(limits),
            "The priors are assumed and independent; another belief gives another assurance.",
        ]
    )
