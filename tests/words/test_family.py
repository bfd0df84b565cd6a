"""Every number of the family of endpoints stands in its place."""

from math import nan

from sim.core.tables import table_of
from sim.words.family import family_text
from tests.design.virtual_trials import design

CLAIMS = {"P1": 0.31, "P2": 0.42, "P3": 0.53, "any": 0.64, "all": 0.25}


def claims(procedure, effect="neutral", alpha=0.05, add=0.0, **more):
    """A row for each claim; only `any` has an error of the family."""
    shared = {"effect": effect, "alpha": alpha, "procedure": procedure, "power_mcse": 0.0123}
    errors = {"false_go_inert": 0.2 + add, "error_bound": 0.15, "error_independent": 0.1426, "controlled": False}
    none = {"false_go_inert": nan, "error_bound": nan, "error_independent": nan, "controlled": False}
    return [
        shared | {"claim": name, "power": power + add} | (errors | more if name == "any" else none)
        for name, power in CLAIMS.items()
    ]


def lines_of(rows):
    text = family_text(table_of(rows), design())
    return [" ".join(line.split()) for line in text.splitlines() if line and set(line) != {"-"}]


def test_claims_of_each_procedure_are_told_in_their_columns():
    held = {"controlled": True, "error_bound": 0.05, "error_independent": nan}
    lines = lines_of(
        [
            *(*claims("separate", "none", add=0.3), *claims("holm", "none", add=0.3)),
            *(*claims("separate"), *claims("holm", add=-0.2, **held)),
            *(*claims("separate", "optimistic", add=0.1), *claims("holm", "optimistic", add=0.1)),
            *(*claims("separate", alpha=0.025), *claims("holm", alpha=0.025)),
        ]
    )
    assert lines[:3] == [
        "In short: under neutral at alpha 0.05, P1, P2, P3 each by itself give at least one success in 64 % "
        "of the "
        "trials (20 % if the cells did nothing) and all of them in 25 %. Holm, which holds the error of the "
        "family "
        "at alpha, leaves 44 % (0 %).",
        "Family in this order: P1 (benchmark 0.5), P2 (benchmark 0.15), P3 (benchmark 0.05).",
        "fixed_sequence stops at the first failure; gatekeeping tests the rest by Holm if the first succeeds.",
    ]
    assert lines[4] == "effect alpha procedure P1 P2 P3 any all inert at benchmarks controlled"
    shares = ["0.310 ± 0.012 0.420 ± 0.012 0.530 ± 0.012 0.640 ± 0.012 0.250 ± 0.012"]
    shares += ["0.110 ± 0.012 0.220 ± 0.012 0.330 ± 0.012 0.440 ± 0.012 0.050 ± 0.012"]
    assert lines[7:9] == [
        f"neutral 0.05 separate {shares[0]} 0.200 0.143 (0.150) no",
        f"neutral 0.05 holm {shares[1]} 0.000 – (0.050) yes",
    ]
    assert lines[11].startswith("neutral 0.025 separate 0.310")


def test_without_neutral_the_last_effect_is_told_and_what_is_unknown_is_a_dash():
    rows = [*claims("separate", "none", add=0.3), *claims("holm", "none", add=0.3)]
    rows += [*claims("separate", "weak"), *claims("holm", "weak", false_go_inert=nan)]
    assert lines_of(rows)[0].startswith("In short: under weak at alpha 0.05")
    assert lines_of(rows)[0].endswith("leaves 64 % (–).")
