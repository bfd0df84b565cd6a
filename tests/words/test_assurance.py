"""Every number of the assurance stands in its column."""

from math import nan

from sim.core.tables import table_of
from sim.words.assurance import assurance_text

ROW = {
    **{"endpoint": "P1", "population": "all", "alpha": 0.05, "critical_value": 9.0, "n": 10.0, "draws": 12},
    **{"n_trials": 345, "n_requested": 360, "n_failed": 15, "response_rate": 0.6123, "assurance": 0.1876},
    **{"response_rate_mcse": 0.0211, "assurance_mcse": 0.0344},
    **{"power_p05": 0.012, "power_p50": 0.144, "power_p95": 0.617},
}


def test_assurance_and_priors_are_told_in_their_columns():
    other = ROW | {"endpoint": "P3", "population": "LN", "alpha": 0.025, "critical_value": nan}
    lines = assurance_text(table_of([ROW, other]), [("cells act in", "effect.p_responder", 0.2, 0.55, 0.825)])
    assert [" ".join(line.split()) for line in lines.splitlines() if set(line) != {"-"}][:7] == [
        "Assurance: success averaged over 12 draws of what is believed; 345 trials (360 asked for, 15 failed); "
        "± standard error over draws.",
        "endpoint alpha needed mean rate assurance power over the draws: 5 % | half | 95 %",
        "P1 0.05 9/10 0.612 ±0.021 0.188 ±0.034 0.01 | 0.14 | 0.62",
        "P3 LN 0.025 – 0.612 ±0.021 0.188 ±0.034 0.01 | 0.14 | 0.62",
        "",
        "prior (triangular) key low mode high",
        "cells act in effect.p_responder 0.2 0.55 0.825",
    ]
