"""Every number of the readings and of the benchmarks stands in its place, the largest change of power first."""

from math import nan

import pytest

from sim.core.tables import table_of
from sim.words.readings import benchmark_text, readings_text

ROW = {
    **{"endpoint": "P3", "population": "LN", "alpha": 0.05, "null_rate": 0.05, "critical_value": 2.0},
    **{"n_trials": 98, "n_requested": 100, "n_failed": 2, "alternative": "base", "kind": "base", "n_changed": 0},
    **{"rate_change": 0.0, "rate_change_mcse": 0.0, "power_change": 0.0, "power_change_mcse": 0.0},
}
INERT = {
    "effect": "none",
    "response_rate": 0.1111,
    "response_rate_mcse": 0.0111,
    "power": 0.05,
    "power_mcse": 0.02,
}
ACTING = {"effect": "neutral", "response_rate": 0.4321, "response_rate_mcse": 0.0222, "power": 0.6543}
ACTING |= {"power_mcse": 0.0333}


def reading(name, kind, change, *, power, inert_changed=0, **more):
    """Under `none`, then under `neutral`; change : of power there, and its error."""
    own = ROW | {"alternative": name, "kind": kind}
    moved = dict(zip(("power_change", "power_change_mcse"), change, strict=True))
    return [own | INERT | {"n_changed": inert_changed}, own | ACTING | moved | {"power": power} | more]


READINGS = [
    *(ROW | INERT, ROW | ACTING),
    *reading("small", "reading", (-0.05, 0.02), power=0.6043, n_changed=3),
    *reading("large", "assumption", (0.1, 0.02), power=0.7543, n_changed=9),
    *reading("unsure", "reading", (0.05, 0.025), power=0.7043, n_changed=5),
    *reading("same", "reading", (0.0, 0.0), power=0.6543),
    *reading("elsewhere", "reading", (0.0, 0.0), power=0.6543, inert_changed=1),
    *reading("world", "world", (-0.025, 0.01), power=0.9, n_changed=2),
    *(row | {"alpha": 0.025, "power_change": 0.5} for row in reading("small", "reading", (0.5, 0.01), power=0.9)),
]


def test_what_moves_power_is_told_from_the_largest_change_to_the_smallest():
    lines = readings_text(table_of(READINGS)).splitlines()
    told = [" ".join(line.split()) for line in lines if line and set(line) != {"-"}]
    assert told[:9] == [
        "P3 (LN) at alpha 0.05, benchmark 0.05, 2 needed: power under neutral 0.654 ± 0.033;",
        "over 5 readings and assumptions 0.604 (small) to 0.754 (large); 98 trials each, 100 asked for, 2 failed.",
        "rate, none rate, neutral power, neutral change of power",
        "base 0.111 ±0.011 0.432 ±0.022 0.654 ±0.033 │",
        "large 0.111 ±0.011 0.432 ±0.022 0.754 ±0.033 +0.100 ±0.020 │" + 24 * "█",
        "small 0.111 ±0.011 0.432 ±0.022 0.604 ±0.033 -0.050 ±0.020 " + 12 * "█" + "│",
        "world 0.111 ±0.011 0.432 ±0.022 0.900 ±0.033 -0.025 ±0.010 " + 6 * "█" + "│",
        "Within two standard errors of no change: unsure, elsewhere.",
        "Not one trial has other counts under: same.",
    ]
    assert told[-1].startswith("The bar is the change of power under neutral;")
    column = {line.index("│") for line in lines if "│" in line}
    assert len(column) == 1


def test_a_change_of_the_rate_alone_is_a_change_and_no_number_is_said():
    rows = [row | {"critical_value": nan, "population": "all"} for row in READINGS[:2]]
    moved = reading(
        "rate", "reading", (0.0, 0.0), power=0.6543, n_changed=1, rate_change=0.05, rate_change_mcse=0.02
    )
    rows += [row | {"critical_value": nan, "population": "all"} for row in moved]
    text = readings_text(table_of(rows))
    assert text.startswith("P3 at alpha 0.05, benchmark 0.05, no number succeeds: power")
    assert "+0.000 ±0.000" in text and "Within two standard errors" not in text


BENCHMARK = {
    **{"endpoint": "P3", "population": "LN", "null_rate": 0.05, "benchmark_low": 0.02, "benchmark_high": 0.15},
    **{"inert_rate": 0.1234, "inert_rate_mcse": 0.0056, "inert_low": 0.0789, "inert_low_under": "strict"},
    **{"inert_high": 0.2345, "inert_high_under": "loose", "critical_value": 2.0, "n": 5.0},
    **{"interval_null": 0.1786, "critical_value_interval": 4.0},
}


def lines_of(benchmarks, readings):
    text = benchmark_text(table_of(benchmarks), table_of(readings))
    return [" ".join(line.split()) for line in text.splitlines() if line and set(line) != {"-"}]


def test_benchmarks_stand_beside_what_the_model_says():
    numberless = {"endpoint": "P1", "population": "all", "n": 10.0, "critical_value_interval": nan}
    by_trial = {"endpoint": "P2", "population": "LC", "n": nan, "critical_value": nan}
    told = lines_of([BENCHMARK | numberless, BENCHMARK, BENCHMARK | by_trial], READINGS[:2])
    same = "0.05 [0.02–0.15] 0.123 ±0.006 0.079 (strict) – 0.234 (loose)"
    assert told[1:5] == [
        "endpoint assumed simulated over readings and assumptions needed at the upper end",
        f"P1 {same} 2/10 0.179: none of 10",
        f"P3 LN {same} 2/5 0.179: 4/5",
        f"P2 LC {same} by trial 0.179: by trial",
    ]
    assert not any("cause" in line for line in told)


@pytest.mark.parametrize("name", ["no_noise", "noiseless"])
def test_causes_are_the_changes_of_the_rate_without_the_cells(name):
    kind = "world" if name == "no_noise" else "assumption"
    cause = reading(name, kind, (0.3, 0.1), power=0.9, rate_change=0.4, rate_change_mcse=0.2)
    cause[0] |= {"rate_change": -0.0876, "rate_change_mcse": 0.0123}
    other = reading("other", "reading", (0.3, 0.1), power=0.9)
    lonely = [row | {"endpoint": "P1", "population": "all"} for row in READINGS[:2]]
    told = lines_of([BENCHMARK], [*READINGS[:2], *cause, *other, *lonely])
    first = told.index(f"endpoint rate {name}")
    assert told[first + 1 : first + 3] == ["P3 0.111 -0.088 ±0.012", "P1 0.111 –"]
