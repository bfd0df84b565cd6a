"""The design's configuration: defaults, quotas, and what is refused in words."""

import pytest

from sim.config.build import build
from sim.config.design import Design
from sim.core.errors import InputError
from tests.design.virtual_trials import design, shipped_values


def problems(**changes):
    with pytest.raises(InputError) as refused:
        design(**changes)
    return refused.value.problems


def test_shipped_design_is_ten_patients_in_two_halves():
    shipped = design()
    assert (shipped.n, shipped.quotas, shipped.alpha, shipped.min_n) == (10, (5, 5), (0.05, 0.10), 4)
    assert [shipped.planned(population) for population in ("all", "LN", "LC")] == [10, 5, 5]


def test_shipped_benchmarks_are_assumed_and_lie_in_their_ranges():
    benchmarks = design().benchmarks
    rates = {name: benchmarks.of(name).null_rate for name in benchmarks.endpoints}
    primary = {"P1": 0.50, "P2": 0.15, "P3": 0.05}
    secondary = {"S1": 0.60, "S2": 0.10, "S3": 0.30, "S4": 0.30, "S5": 0.25, "S6": 0.20}
    assert rates == primary | secondary
    for name in benchmarks.endpoints:
        benchmark = benchmarks.of(name)
        assert benchmark.basis == "assumed"
        assert all(benchmark.low <= benchmark.rate(who) <= benchmark.high for who in ("all", "LN", "LC"))
    assert (benchmarks.S3.rate("LN"), benchmarks.S3.rate("LC")) == (0.35, 0.20)
    assert benchmarks.of("S7") is None


@pytest.mark.parametrize(
    ("changes", "quotas"),
    [
        ({"n": 1}, (1, 0)),
        ({"n": 9}, (5, 4)),
        ({"n": 10, "n_LN": 7}, (7, 3)),
        ({"n": 10, "n_LC": 7}, (3, 7)),
        ({"n": 10, "n_LN": 0}, (0, 10)),
        ({"n": 10, "n_LN": 4, "n_LC": 6}, (4, 6)),
    ],
)
def test_quotas_add_up(changes, quotas):
    assert design(**changes).quotas == quotas
    assert tuple(design(**changes).planned(who) for who in ("LN", "LC")) == quotas


def test_random_composition_plans_no_subgroup():
    free = design(composition="random")
    assert free.quotas == (10, 10)
    assert [free.planned(population) for population in ("all", "LN", "LC")] == [10, None, None]


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"n": 0}, ["design.n: 0", "from 1 to"]),
        ({"n": 2.5}, ["design.n: 2.5", "a whole number"]),
        ({"n_LN": 5, "n_LC": 6}, ["design.n_LN: 5", "add up to 11", "n = 10", "null"]),
        ({"n_LN": 11}, ["design.n_LN: 11", "at most n = 10"]),
        ({"n_LC": 11}, ["design.n_LC: 11", "at most n = 10"]),
        ({"n_LN": -1}, ["design.n_LN: -1", "from 0 to"]),
        ({"max_candidates_LN_per_place": 0}, ["design.max_candidates_LN_per_place: 0", "from 1 to"]),
        ({"max_candidates_LC_per_place": 0}, ["design.max_candidates_LC_per_place: 0", "from 1 to"]),
        ({"alpha": [0.05, 0.0]}, ["design.alpha: [0.05, 0.0]", "above 0 and below 1"]),
        ({"alpha": [1.0]}, ["design.alpha: [1.0]", "above 0 and below 1"]),
        ({"alpha": [0.05, 0.05]}, ["design.alpha", "different levels"]),
        ({"alpha": []}, ["design.alpha: []", "different levels"]),
        ({"p_LN": 1.5}, ["design.p_LN: 1.5", "from 0 to 1"]),
        ({"p_LN": 1.0}, ["design.p_LN: 1.0", "5 LC places"]),
        ({"p_LN": 0.0}, ["design.p_LN: 0.0", "5 LN places"]),
        ({"arrivals_per_week": 0.0}, ["design.arrivals_per_week: 0.0", "above 0"]),
        ({"composition": "mixed"}, ["design.composition: 'mixed'", "quota, random"]),
        ({"composition": "random", "n_LN": 5}, ["design.n_LN: 5", "composition = random", "null"]),
        ({"rule": "simon"}, ["design.rule: 'simon'", "exact_binomial"]),
    ],
)
def test_impossible_designs_are_refused_with_key_value_and_remedy(changes, parts):
    (message,) = problems(**changes)
    assert all(part in message for part in parts), message


def test_impossible_benchmarks_are_refused():
    assert "design.benchmarks.P1.null_rate: 1.0" in problems(benchmarks={"P1": {"null_rate": 1.0}})[0]
    assert "design.benchmarks.P1.null_rate: 0.0" in problems(benchmarks={"P1": {"null_rate": 0.0}})[0]
    assert "design.benchmarks.S3.LN: 1.0" in problems(benchmarks={"S3": {"LN": 1.0}})[0]
    (message,) = problems(benchmarks={"P2": {"low": 0.4}})
    assert "design.benchmarks.P2.low: 0.4 is above high = 0.3" in message


def interval_null(**changes):
    values = shipped_values()
    values["benchmarks"]["tested"] = "interval_upper"
    for endpoint, benchmark in changes.pop("benchmarks", {}).items():
        values["benchmarks"][endpoint].update(benchmark)
    return build(Design, values | changes, "design")


def test_the_interval_null_tests_every_population_against_the_upper_end():
    given, upper = design().benchmarks, interval_null().benchmarks
    assert upper.endpoints == given.endpoints
    for name in upper.endpoints:
        assert {upper.of(name).rate(who) for who in ("all", "LN", "LC")} == {given.of(name).high}
        assert (upper.of(name).low, upper.of(name).high) == (given.of(name).low, given.of(name).high)
    assert upper.of("S7") is None


def test_an_upper_end_that_is_none_is_refused():
    with pytest.raises(InputError) as refused:
        interval_null(benchmarks={"S3": {"high": 0.34}, "P1": {"high": 1.0}})
    assert ["design.benchmarks.P1.high: 1.0" in each or "design.benchmarks.S3.high: 0.34" in each
            for each in refused.value.problems] == [True, True]  # fmt: skip
    assert "0.35, the highest benchmark of S3" in refused.value.problems[1]
    with pytest.raises(
        InputError, match=r"benchmarks\.P1\.target: 0\.75 .* above every benchmark of P1 \(0\.75\)"
    ):
        interval_null(rule="simon_optimal", alpha=[0.05])


def test_unknown_keys_are_refused_with_a_suggestion():
    with pytest.raises(InputError, match=r"design\.n_LM: unknown key; did you mean n_LN\?"):
        build(Design, shipped_values() | {"n_LM": 5}, "design")


def test_a_stream_without_places_needs_no_referrals():
    assert design(n_LN=10, p_LN=1.0).quotas == (10, 0)
