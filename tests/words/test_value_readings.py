"""Every number of the readings of changes and times stands in its place."""

from sim.core.tables import table_of
from sim.words.value_readings import value_readings_text

ROW = {
    **{"endpoint": "O1", "population": "LN", "variable": "c3", "alpha": 0.05, "reference": 1.2346},
    **{"circular": True, "n_trials": 98, "n_requested": 100, "n_failed": 2, "n_changed": 4},
    **{"estimate_mcse": 0.0111, "power_mcse": 0.0222, "power_change": 0.0, "power_change_mcse": 0.0},
    **{"estimate_change": 0.0, "estimate_change_mcse": 0.0},
}


def line(name, kind, change=0.0, error=0.0, **more):
    """Under `none` and under `neutral`, by ranks and by t; only `none` is moved, by the change."""
    own = ROW | {"alternative": name, "kind": kind}
    moved = {"estimate_change": change, "estimate_change_mcse": error}
    rows = []
    for effect, estimate, power in (("none", 1.0 + change, 0.0), ("neutral", 3.0, 0.5)):
        for rule, add in (("signed_rank", 0.0), ("t_test", 0.1)):
            row = own | {"effect": effect, "rule": rule, "estimate": estimate, "power": power + add}
            rows.append(row | (moved if effect == "none" else {}) | more)
    return rows


def test_each_variable_is_told_with_its_own_numbers():
    rows = [
        *line("base", "base"),
        *line("small", "reading", -0.2, 0.05),
        *line("large", "assumption", 0.4, 0.1, power_change=0.1, power_change_mcse=0.04),
        *line("unsure", "reading", 0.1, 0.05),
        *line("same", "reading", n_changed=0),
        *line("world", "world", -0.9, 0.1),
    ]
    rows += [row | {"alpha": 0.025, "estimate": 9.0} for row in rows]
    text = value_readings_text(table_of(rows))
    lines = [" ".join(each.split()) for each in text.splitlines() if each and set(each) != {"-"}]
    assert lines[:9] == [
        "O1 (LN) at alpha 0.05, mean change of c3, to beat 1.235 (that without the cells, circular): power under "
        "neutral 0.500 ±.022 by signed_rank; 0.600 ±.022 by t_test;",
        "under none over 4 readings and assumptions 0.800 (small) to 1.400 (large); 98 trials each, 100 "
        "asked for, "
        "2 failed.",
        "none change, none neutral change, neutral power, signed_rank power, t_test change, signed_rank "
        "change, t_test",
        "base 1.000 ±.011 3.000 ±.011 0.500 ±.022 0.600 ±.022",
        "world 0.100 ±.011 -0.900 ±0.100 3.000 ±.011 +0.000 ±0.000 0.500 ±.022 0.600 ±.022 +0.000 ±0.000 "
        "+0.000 ±0.000",
        "large 1.400 ±.011 +0.400 ±0.100 3.000 ±.011 +0.000 ±0.000 0.500 ±.022 0.600 ±.022 +0.100 ±0.040 "
        "+0.100 ±0.040",
        "small 0.800 ±.011 -0.200 ±0.050 3.000 ±.011 +0.000 ±0.000 0.500 ±.022 0.600 ±.022 +0.000 ±0.000 "
        "+0.000 ±0.000",
        "Within two standard errors of no change: unsure.",
        "Nobody shows another value under: same.",
    ]
    given = [row | {"variable": "", "circular": False} for row in line("base", "base")]
    assert "share free of the event, to beat 1.235 (given): power" in value_readings_text(table_of(given))
    one = value_readings_text(table_of([row for row in given if row["rule"] == "t_test"])).splitlines()
    assert next(line.split()[1:] for line in one if line.startswith("base")) == [
        "1.000",
        "±.011",
        "3.000",
        "±.011",
        "0.600",
        "±.022",
    ]
