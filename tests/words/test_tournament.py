"""Every number of the tournament stands in its column, for answers, changes and the family."""

from math import nan

from sim.core.tables import table_of
from sim.words.tournament import tournament_text

NOTHING = dict.fromkeys(("difference", "difference_mcse", "benefit", "benefit_low", "benefit_high", "harm"), nan)
NONE = {
    **{"endpoint": "P1", "population": "all", "kind": "yes/no", "wanted_power": 0.7, "null_rate": 0.5},
    **{"reference": nan, "circular": False, "critical_value": 9.0, "n_final": 10.0, "interim": nan},
    **{"futility": nan, "attained_size": 0.0107, "needed": 0.9183, "missing": 0.0456, "effect": "none"},
    **{"rate": 0.6123, "rate_mcse": 0.0123, "mean": nan, "mean_mcse": nan, "power": 0.0812},
    **{"power_mcse": 0.0031, "false_go_inert": 0.08, **NOTHING},
}
ACTING = {
    **{"effect": "neutral", "rate": 0.7234, "rate_mcse": 0.0114, "power": 0.2346, "power_mcse": 0.0062},
    **{"difference": 0.1111, "difference_mcse": 0.0077, "benefit": 0.1346, "benefit_low": 0.1112},
    **{"benefit_high": 0.2766, "harm": 0.0234},
}
STAGED = {"endpoint": "P3", "population": "LN", "critical_value": 3.0, "n_final": 8.0, "interim": 4.0}
STAGED |= {"futility": 1.0}
BY_CHANCE = {"endpoint": "P2", "population": "LC", "critical_value": nan, "attained_size": nan}
CIRCULAR = {"endpoint": "S1", "circular": True}
CHANGE = {"endpoint": "O1", "kind": "change", "null_rate": nan, "reference": -0.314, "circular": True}
CHANGE |= {"critical_value": nan, "attained_size": nan, "needed": -0.52, "rate": nan, "mean_mcse": 0.012}
FAMILY = {"endpoint": "any", "kind": "family", "null_rate": nan, "critical_value": nan, "attained_size": nan}
FAMILY |= {"needed": nan, "missing": nan}
PAIRS = [
    ({}, {}),
    (STAGED, {"power": 0.3456, "false_go_inert": 0.0912}),
    (BY_CHANCE, {"power": 0.1996}),
    (CIRCULAR, {"power": 0.9}),
    ({"endpoint": "S3"}, {"power": 0.05}),
    (CHANGE | {"mean": -0.314}, {"mean": -0.412, "power": 0.3}),
    (FAMILY, {"power": 0.99}),
]


def test_each_endpoint_is_told_with_its_own_numbers():
    rows = [row for own, acting in PAIRS for row in (NONE | own, NONE | own | ACTING | own | acting)]
    text = tournament_text(table_of(rows))
    lines = [" ".join(line.split()) for line in text.splitlines() if line and set(line) != {"-"}]
    assert lines[:8] == [
        "endpoint for benchmark needed size for 70 % missing none: rate, power neutral: rate, power",
        "P1 all 0.50 9/10 0.011 0.92 0.046 0.612 ±.012 0.081 ±.003 0.723 ±.011 0.235 ±.006",
        "P3 LN 0.50 1/4 2/8 0.011 0.92 0.046 0.612 ±.012 0.081 ±.003 0.723 ±.011 0.346 ±.006",
        "P2 LC 0.50 by trial – 0.92 0.046 0.612 ±.012 0.081 ±.003 0.723 ±.011 0.200 ±.006",
        "S1 all 0.50 circular 9/10 0.011 0.92 0.046 0.612 ±.012 0.081 ±.003 0.723 ±.011 0.900 ±.006",
        "S3 all 0.50 9/10 0.011 0.92 0.046 0.612 ±.012 0.081 ±.003 0.723 ±.011 0.050 ±.006",
        "O1 all -0.31 circular – – -0.52 0.046 -0.314 ±.012 0.081 ±.003 -0.412 ±.012 0.300 ±.006",
        "any all – – – – – 0.081 ±.003 0.990 ±.006",
    ]
    first = lines.index("endpoint neutral: difference, benefit [limits], harm")
    pair = "0.111 ±.008 0.135 [0.111–0.277] 0.023"
    told = [f"{name} {pair}" for name in ("P1", "P3", "P2", "S1", "S3")]
    assert lines[first + 1 : first + 7] == [*told, "O1 0.111 ±.008"]
    assert lines[-1] == (
        "Highest power under neutral, benchmarks not from the model: P3 0.35 (without 0.09); "
        "P1 0.23 (without 0.08); P2 0.20 (without 0.08)."
    )
