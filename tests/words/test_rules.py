"""Every number of a rule stands in its place: r1/n1 r/n, size before power, a pause before none."""

from math import nan

from sim.core.tables import table_of
from sim.words.rules import needed_words, rule_sentences, rules_table

STAGED = {
    **{"rule": "simon_optimal", "endpoint": "P1", "population": "all", "alpha": 0.05, "effect": "neutral"},
    **{"null_rate": 0.456, "target": 0.789, "places": 30.0, "n_final": 23.0, "needed": 16.0, "stop_most": 15.0},
    **{"interim": 14.0, "futility": 7.0, "go_at_benchmark": 0.0412, "go_at_target": 0.8123},
    **{"stop_early_at_benchmark": 0.6051, "expected_n_pause_at_benchmark": 17.56},
    **{"expected_n_no_pause_at_benchmark": 20.44, "enrolled_at_look_at_benchmark": 19.4},
    **{"weeks_pause_at_benchmark": 123.4, "weeks_no_pause_at_benchmark": 98.6},
    **{"p_go": 0.3456, "p_go_mcse": 0.01234, "exact_go": 0.3512, "p_consider": 0.0112, "exact_consider": 0.0123},
    **{"p_stop": 0.6432, "exact_stop": 0.6365, "p_stop_early": 0.2109, "exact_stop_early": 0.2222},
}
SINGLE = {"rule": "go_consider_stop", "endpoint": "P3", "population": "LN", "interim": nan, "futility": nan}
SINGLE |= {"needed": 8.0, "n_final": 10.0, "stop_most": 5.0}


def sentence(**changes):
    return rule_sentences(table_of([STAGED | SINGLE | changes]))[1].split(": ", 1)[1]


def test_two_stages_are_told_with_their_boundaries_and_costs():
    other = {"population": "LN", "null_rate": 0.9}
    lines = rule_sentences(
        table_of([STAGED, STAGED | {"effect": "none"}, STAGED | other, STAGED | {"alpha": 0.1}])
    )
    costs = (
        "first 14 patients, stop with at most 7 responders; else 23 patients, success with more than 15. "
        "Exact size "
        "0.041, power 0.812 at the target; stops early with probability 0.61 at the benchmark; expected patients "
        "there 17.6 if accrual pauses for the outcomes of the first stage, 20.4 if it goes on (19 enrolled "
        "by then); "
        "123 and 99 weeks from the opening to the decision."
    )
    assert lines == [
        "Simon's two-stage optimal design (Controlled Clinical Trials 1989;10:1).",
        f"P1 at alpha 0.05, 0.46 against 0.79: {costs}",
        f"P1 at alpha 0.1, 0.46 against 0.79: {costs}",
    ]


def test_one_stage_says_what_lies_between_go_and_stop():
    exact = "exact size 0.041, power 0.812 at the target."
    go = "success with at least 8 of 10 responders"
    assert sentence() == f"{go}, stop with at most 5, else consider; {exact}"
    assert sentence(stop_most=7.0) == f"{go}; {exact}"
    assert sentence(stop_most=6.0) == f"{go}, stop with at most 6, else consider; {exact}"
    assert sentence(stop_most=0.0) == f"{go}, stop with at most 0, else consider; {exact}"
    assert sentence(stop_most=-1.0) == f"{go}, never stop, else consider; {exact}"
    assert sentence(needed=nan) == "no outcome of 10 patients is a go; stop with at most 5."


def test_where_there_is_no_design_the_reason_is_said():
    nothing = {"n_final": nan, "needed": nan}
    assert sentence(**nothing, places=nan).startswith("the number of patients is left to chance")
    assert sentence(**nothing, rule="two_stage").startswith("no boundaries are given")
    assert sentence(**nothing, rule="ahern").startswith(
        "no such design of at most 30 patients keeps size and power"
    )
    assert sentence(**nothing, rule="bayes") == "no number of responders out of 30 succeeds."


def test_the_table_has_each_number_in_its_column():
    none = SINGLE | {"n_final": nan, "endpoint": "P2", "go_at_target": nan}
    lines = [
        " ".join(line.split())
        for line in rules_table(table_of([STAGED, STAGED | SINGLE, STAGED | none])).splitlines()
    ]
    shares = "neutral 0.346 ± 0.0123 [0.351] 0.011 [0.012] 0.643 [0.636] 0.211 [0.222]"
    assert (
        lines[0] == "endpoint population alpha stages size power PET E(n) weeks effect go consider stop stop early"
    )
    assert lines[2:5] == [
        f"P1 all 0.05 7/14 15/23 0.041 0.812 0.61 17.6/20.4 123/99 {shares}",
        f"P3 LN 0.05 8 of 10 0.041 0.812 – 17.6/20.4 123/99 {shares}",
        f"P2 LN 0.05 none 0.041 – – 17.6/20.4 123/99 {shares}",
    ]


def test_what_a_planned_test_asks():
    row = {"critical_value": 16.0, "interim": nan, "futility": nan, "n_final": 23.0}
    assert needed_words(row) == "16/23"
    assert needed_words(row | {"interim": 14.0, "futility": 7.0}) == "7/14 15/23"
    assert needed_words(row | {"critical_value": nan}) == "–"
