"""Numbers as the page says them, from rows typed by hand."""

from math import nan

import numpy as np
import pytest

from sim.core.tables import Table, table_of
from sim.report import numbers
from sim.words.rows import beats_more, chosen_effect, headline_rows, label_of, labelled

ROW = {
    **{"endpoint": "P1", "population": "all", "alpha": 0.05, "effect": "none", "n": 10.0, "critical_value": 9.0},
    **{"power": 0.1234, "power_mcse": 0.0046, "power_low": 0.0, "power_high": 0.0123},
    **{"null_rate": 0.5, "benchmark_high": 0.75, "interval_power": 0.01},
}


def test_probabilities_are_percent_and_what_is_unknown_is_a_dash():
    assert [numbers.percent(value) for value in (0.1234, 1.0, nan)] == ["12.3\u202f%", "100.0\u202f%", "–"]
    assert numbers.percent(0.1267, 0) == "13\u202f%"
    assert numbers.with_error(0.1234, 0.0046) == "12.3\u202f%\u00a0±\u00a00.5"
    assert numbers.with_error(0.1234, 0.00036) == "12.3\u202f%\u00a0±\u00a00.04"
    assert numbers.with_error(0.0, 0.0) == "0.0\u202f%\u00a0±\u00a00.0"
    assert (numbers.with_error(0.1234, nan), numbers.with_error(nan, 0.1)) == ("12.3\u202f%", "–")


def test_the_rows_that_decide_are_those_of_the_first_population_and_level():
    rows = [
        *(ROW | {"power": 0.1}, ROW | {"power": 0.2, "effect": "neutral"}),
        *(ROW | {"power": 0.3, "population": "LN"}, ROW | {"power": 0.4, "alpha": 0.025}),
        *(ROW | {"power": 0.5}, ROW | {"power": 0.6, "endpoint": "P3", "population": "LN", "alpha": 0.1}),
    ]
    assert [row["power"] for row in headline_rows(table_of(rows))] == [0.1, 0.2, 0.5, 0.6]
    assert [row["power"] for row in numbers.headline_rows_of(table_of(rows))] == [0.1, 0.6]
    assert numbers.effects_of(table_of(rows)) == ["none", "neutral"]


@pytest.mark.parametrize(
    ("effects", "chosen"),
    [
        (["none", "neutral", "optimistic"], "neutral"),
        (["none", "weak", "optimistic"], "optimistic"),
        (["weak", "none"], "weak"),
        (["none"], "none"),
    ],
)
def test_a_sentence_is_about_neutral_or_the_last_effect_that_acts(effects, chosen):
    assert chosen_effect(effects) == chosen
    first, *others = numbers.chosen_first(effects)
    assert first == chosen and others == [name for name in effects if name != chosen]


def test_rows_without_a_level_belong_to_the_first():
    found = Table({"alpha": np.array([nan, 0.05, 0.025, 0.05]), "place": np.arange(4)})
    assert numbers.first_level(found)["place"].tolist() == [0, 1, 3]
    without = Table({"alpha": np.array([nan, nan]), "place": np.arange(2)})
    assert numbers.first_level(without)["place"].tolist() == [0, 1]


def test_primary_endpoints_lead_where_there_are_any():
    rows = [ROW, ROW | {"endpoint": "S1"}, ROW | {"endpoint": "ITP_complete"}]
    assert numbers.primary(rows) == [ROW]
    assert numbers.primary(rows[1:]) == rows[1:]


def test_parts_spans_and_names():
    said = [str(numbers.listed(parts)) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])]
    assert said == ["", "a", "a and b", "a, b and c"]
    assert numbers.span_text([0.204, 0.1, 0.3]) == "10 to 30\u202f%"
    assert numbers.span_text([0.204, 0.196]) == "20\u202f%"
    assert (label_of(ROW), labelled("P2", "LC")) == ("P1", "P2 (LC)")


def test_rows_are_picked_by_all_values():
    found = table_of([ROW, ROW | {"alpha": 0.1}, ROW | {"effect": "weak"}, ROW | {"alpha": 0.1, "effect": "weak"}])
    assert numbers.picked(found, alpha=0.1, effect="weak").length == 1
    assert numbers.different(found, "effect") == ["none", "weak"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, "12.3\u202f%\u00a0±\u00a00.5"),
        ({"power": 0.0, "power_mcse": 0.0}, "0.0\u202f% (0.0\u202f% to 1.2\u202f%)"),
        ({"power": 0.0, "power_mcse": 0.0, "critical_value": nan}, "0.0\u202f%\u00a0±\u00a00.0"),
        (
            {"power": 0.0, "power_mcse": 0.0, "critical_value": nan, "n": nan},
            "0.0\u202f% (0.0\u202f% to 1.2\u202f%)",
        ),
    ],
)
def test_power_that_is_never_or_always_has_its_wilson_limits(row, said):
    assert numbers.power_text(ROW | row) == said


@pytest.mark.parametrize(
    ("row", "short", "heading"),
    [
        ({}, "9 of 10", "9 of 10 needed"),
        ({"n": nan}, "by trial", "n left to chance"),
        ({"critical_value": nan}, "none of 10", "cannot succeed with 10"),
    ],
)
def test_how_many_must_respond(row, short, heading):
    assert (numbers.needed(ROW | row), numbers.needed_words(ROW | row)) == (short, heading)
    assert numbers.needed(ROW | {"other": 4.0}, "other") == "4 of 10"


def test_the_upper_end_asks_more_only_where_it_is_higher_and_tested():
    assert beats_more(ROW)
    assert not beats_more(ROW | {"null_rate": 0.75})
    assert not beats_more(ROW | {"interval_power": nan})
    assert not beats_more({key: value for key, value in ROW.items() if key != "interval_power"})


def test_a_rule_that_looks_at_the_first_patients_does_not_decide_on_all():
    rows = [("P1", "all", 10), ("P1", "LN", 20), ("P2", "all", 20)]
    names = ("endpoint", "population", "n")
    counted = table_of([dict(zip(names, row, strict=True)) for row in rows])
    assert numbers.all_decide(counted, ROW)
    assert not numbers.all_decide(counted, ROW | {"n": 9.0})
