"""Every number of the estimation stands in its column; only the rates that are shown are told."""

from sim.core.tables import table_of
from sim.words.estimation import estimation_text

RATES = (0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)


def interval(n, method, above, rate):
    """Numbers that name the row they stand in; the coverage is least at 0.2, and at 0.01 with ten patients."""
    wilson, second = method == "wilson", above == 0.5
    least = 0.2 if n == 5 else 0.01
    return {
        **{"n": n, "method": method, "above": above, "rate": rate},
        "width": n / 100 + rate / 2 + 0.4 * wilson,
        "coverage": 0.95 - 0.1 * (rate == least) - 0.02 * wilson,
        "p_limit_above": rate / 2 + n / 1000 + 0.2 * second + 0.3 * wilson,
    }


def test_widths_coverages_limits_and_rare_events_stand_in_their_places():
    found = [
        interval(n, method, above, rate)
        for n in (5, 10)
        for method in ("clopper_pearson", "wilson")
        for above in (0.15, 0.5)
        for rate in RATES
    ]
    rare = [
        {"n": n, "rate": rate, "p_at_least_one": n * rate / 2, "upper_none": n / 100}
        for n in (5, 10)
        for rate in (0.01, 0.1)
    ]
    text = estimation_text(table_of(found), table_of(rare))
    lines = [" ".join(line.split()) for line in text.splitlines() if line and set(line) != {"-"}]
    assert lines[1:14] == [
        "n = 5: expected width and coverage at the true rate",
        "true rate clopper_pearson: width, coverage wilson: width, coverage",
        "0.05 0.08 0.950 0.48 0.930",
        "0.1 0.10 0.950 0.50 0.930",
        "0.2 0.15 0.850 0.55 0.830",
        "0.3 0.20 0.950 0.60 0.930",
        "0.5 0.30 0.950 0.70 0.930",
        "0.7 0.40 0.950 0.80 0.930",
        "0.9 0.50 0.950 0.90 0.930",
        "Least coverage over true rates of 0.01 to 0.99: clopper_pearson 0.850 (at 0.2), wilson 0.830 (at 0.2).",
        "n = 5: probability that the lower Clopper-Pearson limit exceeds a value",
        "true rate > 0.15 > 0.5",
        "0.05 0.030 0.230",
    ]
    assert lines[-6:-3] == ["0.7 0.360 0.560", "0.9 0.460 0.660", lines[-4]]
    assert "clopper_pearson 0.850 (at 0.01), wilson 0.830 (at 0.01)" in text
    assert lines[-3:] == [
        "n rate 0.01 rate 0.1 one-sided 95 % upper limit after none",
        "5 0.025 0.250 0.050",
        "10 0.050 0.500 0.100",
    ]
