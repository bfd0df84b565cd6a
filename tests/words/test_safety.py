"""Every number of the boundary for serious events stands in its column."""

from math import nan

from sim.core.tables import table_of
from sim.words.safety import safety_text

ROW = {
    **{"effect": "none", "tolerated": 0.3, "certainty": 0.85, "p_serious": 0.1234, "p_serious_mcse": 0.0021},
    **{"p_stop": 0.0456, "p_stop_mcse": 0.0034, "p_stop_one_by_one": 0.0512, "week_of_stop": 41.6},
    **{"treated_at_stop": 6.24, "treated": 9.876, "endpoint": "P1", "population": "all"},
    **{"power": 0.0321, "power_without_stop": 0.0346},
}


def test_the_boundary_is_told_with_its_numbers():
    p2 = {"endpoint": "P2", "population": "LC", "power": 0.4567, "power_without_stop": 0.5678}
    never = {"effect": "neutral", "p_stop": 0.0, "p_stop_mcse": 0.0, "week_of_stop": nan, "treated_at_stop": nan}
    text = safety_text(table_of([ROW, ROW | p2, ROW | never, ROW | p2 | never]))
    lines = [" ".join(line.split()) for line in text.splitlines() if line and set(line) != {"-"}]
    assert lines[1:5] == [
        "trial stops if P(share of patients above 0.3) is at least 0.85 (D116).",
        "effect patients stops one by one week treated P1 P2 (LC)",
        "none 0.123 ±.002 0.046 ±.003 0.051 42 6.2 / 9.88 0.032 (0.035) 0.457 (0.568)",
        "neutral 0.123 ±.002 0.000 ±.000 0.051 – – / 9.88 0.032 (0.035) 0.457 (0.568)",
    ]
