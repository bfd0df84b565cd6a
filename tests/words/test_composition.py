"""Every number of the composition risk stands in its column."""

from math import nan

from sim.core.tables import table_of
from sim.words.composition import composition_text

NONE = {
    **{"endpoint": "P1", "population": "all", "n": 10.0, "null_rate": 0.456, "alpha": 0.05, "effect": "none"},
    **{"risk": "split", "level": 0.3, "n_LN": 3.0, "n_LC": 7.0, "rate": 0.5129, "power": 0.07},
    **{"power_mcse": 0.003, "false_go_inert": 0.0712, "false_go_inert_mcse": 0.0041},
}
ACTING = {"effect": "neutral", "rate": 0.7051, "power": 0.2346, "power_mcse": 0.0067}


def test_each_mixture_is_told_with_its_own_numbers():
    left = {"risk": "random composition", "level": 0.62, "n_LN": nan, "n_LC": nan, "false_go_inert": 0.09}
    unsplit = {"endpoint": "P2", "population": "LC", "n_LN": nan, "n_LC": nan}
    mixtures = [{}, left, unsplit]
    text = composition_text(table_of([NONE | each | effect for each in mixtures for effect in ({}, ACTING)]))
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert [line for line in lines if line and set(line) != {"-"}][:7] == [
        "P1 (all): 10 enrolled, benchmark 0.46 at alpha 0.05",
        "what varies level false go neutral: rate, power",
        "split 3 + 7 0.071 ±.004 0.71 0.235 ±.007",
        "random composition 62 % 0.090 ±.004 0.71 0.235 ±.007",
        "P2 (LC): 10 enrolled, benchmark 0.46 at alpha 0.05",
        "what varies level false go neutral: rate, power",
        "split 30 % 0.071 ±.004 0.71 0.235 ±.007",
    ]
