"""Every number of the times to an event stands in its place."""

from math import nan

from sim.core.tables import table_of
from sim.words.times import times_text

ROW = {
    **{"endpoint": "S7", "population": "all", "alpha": 0.05, "origin": "simulated", "effect": "none", "n": 10},
    **{"free": 0.6123, "free_low": 0.5612, "free_high": 0.6687, "reference": 0.6123, "circular": True},
    **{"critical_value": 9.0, "places": 10.0, "attained_size": 0.0412, "highest_reference": 0.741},
    **{"power": 0.04, "power_mcse": 0.003, "power_change": nan, "power_change_mcse": nan},
    **{"false_go_inert": 0.0413, "missing": 0.0234},
}
ACTING = {"effect": "neutral", "free": 0.8123, "free_low": nan, "free_high": nan, "power": 0.4321}
ACTING |= {"power_mcse": 0.0123, "power_change": 0.3908, "power_change_mcse": 0.0146}


def told(rows):
    return [" ".join(line.split()) for line in times_text(table_of(rows)).splitlines() if line]


def test_each_endpoint_is_told_with_its_own_numbers():
    hopeless = {"endpoint": "S11", "reference": 0.8765, "critical_value": nan}
    by_chance = {"endpoint": "S9", "critical_value": nan, "highest_reference": nan}
    other_level = ROW | ACTING | {"alpha": 0.025, "power": 0.99}
    larger = [ROW | ACTING | {"origin": "resampled", "n": n, "power": n / 100} for n in (12, 15)]
    silent = [ROW | ACTING | {"endpoint": "S11", "origin": "resampled", "n": n, "power": 0.0} for n in (12, 15)]
    inert = [ROW | {"origin": "resampled", "n": n, "power": 0.9} for n in (12, 15)]
    own = [ROW, ROW | ACTING, ROW | hopeless, ROW | by_chance | ACTING | {"power": 0.1}, other_level]
    lines = told([*own, *larger, *silent, *inert])
    assert lines[:2] == [
        "In short: freedom from S7 is shown most often, in 43 % of the trials under neutral at alpha 0.05; "
        "without the cells in 4 %.",
        "S11: no outcome can pass. Even 10 of 10 without the event reject only rates up to 0.741, and 0.876 is to "
        "be beaten.",
    ]
    assert lines[2] == "endpoint effect free to beat needed size power gain lost"
    assert lines[4:8] == [
        "S7 (all) none 0.612 [0.561–0.669] 0.612 9/10 0.041 0.040 ±.003 (0.041) – 0.023",
        "S7 (all) neutral 0.812 0.612 9/10 0.041 0.432 ±.012 (0.041) +0.391 ±.015 0.023",
        "S11 (all) none 0.612 [0.561–0.669] 0.876 –/10 0.041 0.040 ±.003 (0.041) – 0.023",
        "S9 (all) neutral 0.812 0.612 –/10 0.041 0.100 ±.012 (0.041) +0.391 ±.015 0.023",
    ]
    assert "it comes from the model (circular)" in " ".join(lines)
    assert lines[-5] == "Larger trials, drawn with replacement from the same patients: power"
    assert [lines[-4], *lines[-2:]] == [
        "endpoint effect n = 12 n = 15",
        "S7 neutral 0.120 ±.012 0.150 ±.012",
        "No trial of any of these sizes succeeds on S11.",
    ]


def test_where_nothing_succeeds_the_answer_says_so_and_a_given_reference_is_named():
    lines = told([ROW | {"power": 0.0, "circular": False}, ROW | ACTING | {"power": 0.0, "circular": False}])
    assert lines[0] == "In short: no trial of so few patients shows freedom from these events at alpha 0.05."
    assert lines[-1] == "The reference is given (question.event_free)."
    inert = [ROW | {"origin": "resampled", "n": 12, "power": 0.9}]
    assert not any("Larger trials" in line for line in told([ROW, *inert]))
