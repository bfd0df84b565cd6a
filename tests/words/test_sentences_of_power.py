"""Every number of a power table stands in its place, in the sentences and in both tables; rows typed by hand."""

from math import nan

import pytest

from sim.core.tables import table_of
from sim.words.power import beats_more, benchmark_text, explain, in_short
from sim.words.power_table import comparison_table, summary_table

ROW = {
    **{"endpoint": "P1", "population": "all", "effect": "neutral", "alpha": 0.05, "rule": "exact_binomial"},
    **{"null_rate": 0.5, "benchmark_low": 0.25, "benchmark_high": 0.6, "benchmark_assumed": True},
    **{"circular": False, "n": 10.0, "n_min": 10, "n_max": 10, "critical_value": 9.0, "attained_size": 0.0107},
    **{"response_rate": 0.7234, "response_rate_mcse": 0.00114, "power": 0.2346, "power_mcse": 0.0062},
    **{"exact_power": 0.2411, "interval_critical_value": 10.0, "interval_power": 0.0412},
    **{"interval_power_mcse": 0.0033, "false_go_inert": 0.0812, "p_filled": 1.0},
    **{"n_failed": 0, "n_requested": 1000},
}
NONE = {"effect": "none", "response_rate": 0.6123, "response_rate_mcse": 0.00094, "power": 0.0812}
NONE |= {"interval_power": 0.0123, "interval_power_mcse": 0.0041}


def told(*rows):
    return explain(table_of([ROW | row for row in rows]))


def lines_of(text):
    return [" ".join(line.split()) for line in text.splitlines() if line and set(line) != {"-"}]


def test_the_headline_says_what_is_needed_and_expected_under_each_effect():
    """80 % power with nine of ten needs 0.917: 0.917^10 + 10 × 0.083 × 0.917^9 = 0.80."""
    assert told(NONE, {}) == [
        "P1 at alpha 0.05: 9 of 10 must respond to beat the benchmark 0.50 [0.25–0.60] assumed; 80 % power "
        "needs a "
        "true rate of 92 %.\n"
        "    The model expects 61 % ± 0.09 under none, power 0.08; 72 % ± 0.1 under neutral, power 0.23.\n"
        "    To beat the whole range 0.25–0.60, 10 of 10 must respond: power 0.01 under none, 0.04 under neutral."
    ]


def test_only_the_first_population_and_level_are_told():
    others = [{"population": "LN"}, {"alpha": 0.025}, {"population": "LN", "alpha": 0.025}]
    assert told({}, *others) == told({})
    assert len(told({}, {"endpoint": "P3", "population": "LN"})) == 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"n": nan}, "each trial is decided on its own number: power 0.04 under neutral."),
        (
            {"interval_critical_value": nan},
            "To beat the whole range 0.25–0.60, no number of responders is enough.",
        ),
    ],
)
def test_what_else_the_headline_says(row, said):
    assert told(row)[0].endswith(said)


@pytest.mark.parametrize(
    "row",
    [{"p_filled": 0.99}, {"n_max": 0}, {"rule": "ahern"}, {"n_min": 10}],
)
def test_nobody_is_said_to_be_left_out_where_the_number_has_another_reason(row):
    judged = table_of([{"endpoint": "P1", "population": "all", "n": n, "trials": 50} for n in (7, 10)])
    left_out, filled = (table_of([ROW | {"n_min": 7} | each]) for each in ({}, row))
    said = "Not every patient can be judged: 7 to 10 a trial. Each trial needs what its own number asks for."
    assert explain(left_out, judged)[0].endswith(said)
    assert "Not every patient" not in explain(filled, judged)[0]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"benchmark_low": 0.55}, "P1: the benchmark 0.5 lies outside its own range 0.50 [0.55–0.60] assumed"),
        ({"benchmark_high": 0.45}, "P1: the benchmark 0.5 lies outside its own range 0.50 [0.25–0.45] assumed"),
        ({"p_filled": 0.9876}, "1.24 % of the trials under neutral did not fill; they are decided on"),
        ({"n_failed": 3}, "3 of 1000 trials under neutral failed and are left out"),
        ({"circular": True, "benchmark_assumed": False}, "P1: the benchmark comes from this model"),
        (
            {"critical_value": nan, "rule": "bayes"},
            "P1 at alpha 0.05, n = 10: no outcome succeeds by bayes, so power is 0",
        ),
        ({"critical_value": nan, "n": 0.0, "rule": "bayes"}, "n = 0: no patient of this kind is planned"),
        (
            {"critical_value": nan, "n": 3.0, "null_rate": 0.3},
            "n = 3: fewer patients than the least number that is decided",
        ),
        (
            {"critical_value": nan, "n": 4.0},
            "all 4 respond with probability 0.062 at that rate, so power at the planned n",
        ),
    ],
)
def test_warnings_carry_their_numbers(row, said):
    warnings = [line for line in told(row, row) if line.startswith("Warning: ")]
    assert len(warnings) == 1 and said in warnings[0]


def test_the_edges_of_a_range_are_within_it():
    for edge in ("benchmark_low", "benchmark_high"):
        assert not any(line.startswith("Warning") for line in told({edge: 0.5}))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, "0.50 [0.25–0.60] assumed"),
        ({"benchmark_assumed": False}, "0.50 [0.25–0.60]"),
        ({"benchmark_assumed": False, "circular": True}, "0.50 [0.25–0.60] from the model"),
        ({"null_rate": 0.6}, "0.60 [0.25–0.60] upper end assumed"),
        ({"benchmark_low": 0.5, "benchmark_high": 0.5}, "0.50 [0.50–0.50] assumed"),
    ],
)
def test_a_benchmark_is_told_with_its_range_and_origin(row, said):
    assert benchmark_text(ROW | row) == said


def test_a_range_asks_more_only_where_its_upper_end_is_higher_and_can_be_tested():
    assert beats_more(ROW)
    assert not beats_more(ROW | {"null_rate": 0.6}) and not beats_more(ROW | {"interval_power": nan})


def test_the_answer_in_short():
    likely = {"endpoint": "P3", "population": "LN", "power": 0.2, "false_go_inert": 0.3456}
    both = table_of([ROW | NONE | {"power": 0.9}, ROW, ROW | likely])
    assert in_short(both) == (
        "In short: no endpoint reaches 80 % power; P1 comes nearest with 0.23 under neutral (0.04 against "
        "its whole "
        "benchmark range). If the cells did nothing, P3 (LN) would still succeed in 35 % of the trials, no other "
        "endpoint more often."
    )
    enough = table_of([ROW | {"power": 0.8, "interval_power": nan, "false_go_inert": nan}])
    assert in_short(enough) == "In short: P1 has 0.80 under neutral."
    assert in_short(table_of([ROW])).endswith("P1 would still succeed in 8 % of the trials.")


def test_the_table_of_one_effect_has_each_number_in_its_column():
    chance = {"n": nan, "critical_value": nan, "attained_size": nan, "exact_power": nan, "interval_power": nan}
    none = {"critical_value": nan, "interval_critical_value": nan, "response_rate": nan}
    assert lines_of(summary_table(table_of([ROW, ROW | chance, ROW | none])))[:4] == [
        "endpoint population effect alpha benchmark needed size rate ± MCSE power ± MCSE exact power whole range "
        "false go inert filled",
        "P1 all neutral 0.05 0.50 [0.25–0.60] assumed 9/10 0.011 0.723 ± 0.0011 0.235 ± 0.0062 0.241 "
        "10/10 0.041 ± 0.0033 0.081 1.000",
        "P1 all neutral 0.05 0.50 [0.25–0.60] assumed by trial – 0.723 ± 0.0011 0.235 ± 0.0062 – – 0.081 1.000",
        "P1 all neutral 0.05 0.50 [0.25–0.60] assumed –/10 0.011 – 0.235 ± 0.0062 0.241 –/10 0.081 1.000",
    ]


def test_the_table_of_several_effects_has_them_side_by_side():
    level = {"alpha": 0.025, "critical_value": 10.0}
    rows = [ROW | change | effect for effect in (NONE, {}) for change in ({}, level, {"population": "LN"})]
    start = "0.50 [0.25–0.60] assumed"
    end = "0.011 0.61 0.081 ±.006 0.72 0.235 ±.006 10/10 .012 .041 ±.004"
    assert lines_of(comparison_table(table_of(rows)))[:4] == [
        "endpoint population alpha benchmark needed size none: rate, power neutral: rate, power whole range",
        f"P1 all 0.05 {start} 9/10 {end}",
        f"P1 all 0.025 {start} 10/10 {end}",
        f"P1 LN 0.05 {start} 9/10 {end}",
    ]
