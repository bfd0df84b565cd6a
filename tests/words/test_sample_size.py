"""Every number of power over the number of patients stands in its place."""

from math import nan

import pytest

from sim.core.tables import table_of
from sim.words.sample_size import drawing, sample_size_text

ROW = {
    **{"endpoint": "P2", "population": "LC", "effect": "neutral", "alpha": 0.05, "null_rate": 0.156},
    **{"wanted_power": 0.7, "planned_split": True, "interim": nan, "futility": nan, "attained_size": 0.0333},
    **{"rate": 0.4321, "power_mcse": 0.0123, "critical_value": 3.0},
}


def rows(powers, effect="neutral", first=9, **more):
    """A row for each number of patients from `first` on, all LC; the size names the number."""
    return [
        ROW | {"effect": effect, "n": n, "n_final": float(n), "n_LN": 0.0, "n_LC": float(n), "power": power} | more
        for n, power in enumerate(powers, first)
    ]


def lines_of(found, shown=(), random=False):
    text = sample_size_text(table_of(found), 0.05, {"P2": shown}, random=random)
    return [" ".join(line.split()) for line in text.splitlines() if line and set(line) != {"-"}]


@pytest.mark.parametrize(
    ("powers", "said"),
    [
        ([0.1, 0.6, 0.2], "no n up to 11 reaches 0.7; the highest is n = 10 (0.600 ±.012)."),
        ([0.1, 0.7, 0.8], "from n = 10 (0.700 ±.012) on."),
        ([0.1, 0.8, 0.6], "first at n = 10 (0.800 ±.012), but it falls below 0.7 again before n = 11."),
        ([0.7, 0.6, 0.9], "first at n = 9 (0.700 ±.012), and stays from n = 11 (0.900 ±.012) on."),
    ],
)
def test_the_answer_names_the_numbers_and_their_power(powers, said):
    lines = lines_of(rows(powers) + [row | {"alpha": 0.025, "power": 1.0} for row in rows(powers)])
    assert lines[:2] == [
        "P2: n is LC patients; benchmark 0.16 at alpha 0.05, wanted power 0.7",
        f"neutral: {said}",
    ]


def test_power_without_the_cells_is_no_merit():
    lines = lines_of(rows([0.1, 0.9], "none", rate=0.5678), random=True)
    assert lines[0].startswith("P2: n is patients of the trial, LN and LC as they come; ")
    assert lines[1] == (
        "none: from n = 10 (0.900 ±.012) on. The cells do nothing here: 0.57 respond without them and the "
        "benchmark "
        "is 0.16; more patients make a false go certain, not the trial better."
    )
    assert lines[2] == "power, none"


def test_the_best_split_is_the_one_of_the_highest_power():
    others = rows([0.3, 0.4], planned_split=False, n_LN=2.0, n_LC=7.0)
    best = rows([0.5, 0.75], planned_split=False, n_LN=4.0, n_LC=6.0, power_mcse=0.0234)
    lines = lines_of(rows([0.1, 0.6]) + others + best + rows([0.9, 0.95], "none"))
    assert lines[0].startswith("P2: n is patients, split as the design has it; ")
    said = "neutral: no n up to 10 reaches 0.7; the highest is n = 10 (0.600 ±.012)"
    assert lines[1] == f"{said}; by the best split first at n = 10 (4 LN, 6 LC; 0.750 ±.023)."
    assert lines_of(rows([0.1, 0.6]) + others)[1] == f"{said}; no split does."


def test_the_sizes_asked_for_and_the_effect_that_is_drawn():
    staged = {"critical_value": 5.0, "interim": 4.0, "futility": 1.0}
    found = rows([0.1, 0.2, 0.3], "none", **staged) + rows([0.4, 0.5, 0.6], "strong", **staged)
    lines = lines_of(found, (10, 11, 40))
    drawn = lines.index("power, strong")
    assert [line for line in lines[drawn + 1 : drawn + 12] if "o" in line] == ["0.6 | o", "0.5 | o", "0.4 |o"]
    first = lines.index("n LN, LC needed size none: power strong: power")
    assert lines[first + 1 : first + 3] == [
        "10 0, 10 1/4 4/10 0.033 0.200 ±.012 0.500 ±.012",
        "11 0, 11 1/4 4/11 0.033 0.300 ±.012 0.600 ±.012",
    ]
    assert lines[first + 3].startswith("o: power at that number")
    assert "power, neutral" in lines_of(rows([0.4]) + rows([0.5], "strong"))


def test_the_drawing_has_a_mark_for_each_size_above_its_number():
    lines = drawing([9, 10, 11, 12, 13, 14, 15], [0.0, 0.3, 0.34, 0.36, 0.7, 0.8, 1.0], 0.7, "neutral")
    assert lines == [
        "power, neutral",
        "1.0 |      o",
        "0.9 |",
        "0.8 |     o",
        "0.7 |====o==",
        "0.6 |",
        "0.5 |",
        "0.4 |   o",
        "0.3 | oo",
        "0.2 |",
        "0.1 |",
        "0.0 |o",
        "  n   10   15",
    ]
