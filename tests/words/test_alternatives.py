"""Every number of the alternatives stands in its column."""

from math import nan

from sim.core.tables import table_of
from sim.words.alternatives import alternatives_text

NONE = {
    **{"endpoint": "P3", "population": "LN", "n": 12, "alpha": 0.05, "wanted_power": 0.9, "n_limit": 60},
    **{"alternative": "single arm", "n_treated": 11, "control_rate": nan, "effect": "none", "rate": 0.4129},
    **{"power": 0.07, "power_mcse": 0.003, "false_go_inert": 0.0716, "false_go_inert_mcse": 0.0038},
    **{"n_for_power": nan},
}
NEUTRAL = {"effect": "neutral", "rate": 0.7051, "power": 0.2346, "power_mcse": 0.0067, "n_for_power": 34.0}
STRONG = {"effect": "optimistic", "rate": 0.8049, "power": 0.6346, "power_mcse": 0.0091}


def test_each_design_is_told_with_its_own_numbers():
    control = {"alternative": "control 1:1", "n_treated": 6, "control_rate": 0.3149, "false_go_inert": 0.0222}
    designs = [{}, control]
    text = alternatives_text(
        table_of([NONE | each | effect for each in designs for effect in ({}, NEUTRAL, STRONG)])
    )
    lines = [" ".join(line.split()) for line in text.splitlines() if line and set(line) != {"-"}]
    assert lines[:4] == [
        "P3 (LN): 12 patients at alpha 0.05; wanted power 0.9, looked for up to a trial of 60",
        "design treated against false go neutral: rate, power, n optimistic: rate, power, n",
        "single arm 11 – 0.072 ±.004 0.71 0.235 ±.007 34 0.80 0.635 ±.009 –",
        "control 1:1 6 0.31 0.022 ±.004 0.71 0.235 ±.007 34 0.80 0.635 ±.009 –",
    ]
