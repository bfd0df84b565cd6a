"""Every number of the changes from baseline stands in its place."""

from math import nan

from sim.core.tables import table_of
from sim.words.changes import changes_text

ROW = {
    **{"endpoint": "O1", "variable": "c3", "visit": "week 24", "alpha": 0.05, "origin": "simulated", "n": 10},
    **{"effect": "none", "rule": "signed_rank", "places": 10.0, "smallest_p": 2.0**-10, "attained_size": 0.0421},
    **{"reference": 1.2346, "reference_mcse": 0.0323, "mean": 1.2346, "difference": nan, "difference_mcse": nan},
    **{"power": 0.0512, "power_mcse": 0.0031, "power_change": nan, "power_change_mcse": nan},
    **{"false_go_inert": 0.0512, "false_go_inert_mcse": 0.0031, "missing": 0.0678},
}
T = {"rule": "t_test", "power": 0.0561, "false_go_inert": 0.0561}
ACTING = {"effect": "neutral", "mean": 5.4321, "difference": 4.1975, "difference_mcse": 0.0456}
ACTING |= {"power_mcse": 0.0062, "power_change": 0.2833, "power_change_mcse": 0.0071}
RANKS = ACTING | {"power": 0.3345}
STUDENT = ACTING | T | {"power": 0.3946, "power_change": 0.3385}


def told(rows):
    return [" ".join(line.split()) for line in changes_text(table_of(rows)).splitlines() if line]


def test_each_variable_is_told_with_its_own_numbers():
    other_level = ROW | RANKS | {"alpha": 0.025, "power": 0.99}
    drawn = [
        ROW | each | effect | {"origin": "resampled", "n": n, "power": n / 100 + (each is T) / 10}
        for n in (12, 15)
        for effect in ({}, ACTING)
        for each in ({}, T)
    ]
    lines = told([ROW, ROW | T, ROW | RANKS, ROW | STUDENT, other_level, *drawn])
    assert lines[:4] == [
        "In short: of the changes at week 24, c3 (O1) succeeds most often, in 39 % of the trials under neutral by "
        "the t test at alpha 0.05; without the cells in 6 %.",
        "10 patients: the smallest one-sided signed-rank p is 0.000977; exact size 0.042 if changes are "
        "symmetric.",
        "Fewer than 5 known changes never reject at alpha 0.05 by ranks.",
        "endpoint variable n effect without mean difference signed-rank gain t gain unknown",
    ]
    without = "1.235 ±.032"
    assert lines[5:7] == [
        f"O1 c3 10 none {without} 1.235 – 0.051 ±.003 (0.051) – 0.056 ±.003 (0.056) – 0.068",
        f"O1 c3 10 neutral {without} 5.432 4.197 ±.046 0.335 ±.006 (0.051) +0.283 ±.007 "
        "0.395 ±.006 (0.056) +0.339 ±.007 0.068",
    ]
    assert lines[-3] == "endpoint variable effect n = 12 n = 15"
    assert lines[-1] == "O1 c3 neutral 0.120 / 0.220 0.150 / 0.250"


def test_a_test_that_succeeds_too_often_without_the_cells_is_named_and_never_the_best():
    """0.1 is more than three standard errors of 0.01 above 0.05; 0.08 is not."""
    often = {"false_go_inert": 0.1, "false_go_inert_mcse": 0.01}
    rows = [ROW | RANKS | {"false_go_inert": 0.08, "false_go_inert_mcse": 0.01}, ROW | STUDENT | often]
    lines = told([ROW, ROW | T, *rows])
    assert "in 33 % of the trials under neutral by the signed-rank test" in lines[0]
    assert lines[3] == (
        "c3 by the t test succeeds in 10 % of the trials without the cells, although alpha is 0.05: its "
        "changes are "
        "not normal around their mean, so a success means less than alpha says."
    )
    assert sum("means less than alpha says" in line for line in lines) == 1
    assert not told([row | often for row in rows])[0].startswith("In short")


def test_too_few_patients_can_never_reject():
    few = ROW | {"places": 4.0, "smallest_p": 0.0625, "attained_size": 0.0, "power": 0.0}
    by_chance = few | {"variable": "c4", "places": nan}
    lines = told([few, few | T | {"power": 0.0}, by_chance, by_chance | T | {"power": 0.0}])[:4]
    assert lines[:2] == [
        "In short: no trial of so few patients shows a change at week 24 (alpha 0.05).",
        "4 patients: the smallest one-sided signed-rank p is 0.0625, so no outcome rejects at alpha 0.05.",
    ]
    assert lines[2].startswith("Fewer than 5 known changes")
