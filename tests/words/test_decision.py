"""Every number of the decision table stands in its place in the document."""

from math import nan

import numpy as np
from scipy import stats

from sim.core.tables import table_of
from sim.words.decision import document
from sim.words.layout import aligned
from tests.design.virtual_trials import design

OUTCOME = {
    **{"endpoint": "P2", "effect": "none", "n": 5, "estimate": 0.123, "low": 0.0051, "high": 0.4567},
    **{"posterior_mean": 0.2346, "p_above_benchmark": 0.3456, "p_above_target": 0.0456},
    **{"exact_binomial": "stop", "bayes": "go", "lower_limit": "halt", "go_consider_stop": "consider"},
    **{"interval": "never", "probability": 0.1234, "probability_mcse": 0.0056, "frequency": 0.1312},
    **{"n_complete": 3900, "n_trials": 4000},
}


def outcomes(endpoint):
    rows = []
    for effect, add in (("none", 0.0), ("neutral", 0.2)):
        own = OUTCOME | {"endpoint": endpoint, "effect": effect, "probability": 0.1234 + add}
        rows += [own | {"responders": 0}, own | {"responders": 1, "frequency": nan, "estimate": 0.2}]
    return rows


def lines_of(endpoint, cells=None, **changes):
    chances = ([0.101], [0.202, 0.404], [0.303, 0.909, 1.0])
    ahead = [
        {
            "endpoint": name,
            "read_out": read_out,
            "responders": x,
            "p_success": p if name == endpoint else 0.5,
            "n": 2,
        }
        for name in (endpoint, "S9")
        for read_out, row in enumerate(chances)
        for x, p in enumerate(row)
    ]
    decisions = table_of(outcomes(endpoint) + outcomes("S9"))
    cells = None if cells is None else table_of(cells)
    text = document(decisions, cells, table_of(ahead), design(**changes), (endpoint,), aligned)
    return [" ".join(line.split()) for line in text if line and set(line) != {"-"}]


def test_outcomes_their_chances_and_what_is_pending_are_told():
    """Exact test: three of five, sf(2; 5, 0.15) = 0.0266 and sf(2; 5, 0.5) = 0.5; upper end 0.3: four of five."""
    lines = lines_of("P2")
    assert lines[0] == "## P2: 5 LC patients, benchmark 0.15, target 0.5 (both assumed)"
    assert lines[1] == "rule go with at least stop with at most size at the benchmark power at the target"
    assert lines[2] == "exact: one-sided binomial test, alpha 0.05 3 of 5 2 0.027 0.500"
    assert lines[3] == "range: exact test against the upper end 0.3 4 of 5 3 0.002 0.188"
    first = lines.index(
        "responders estimate 95 % limits posterior mean P(> benchmark) P(> target) exact posterior limit three "
        "range none: % ± (seen) neutral: % ± (seen)"
    )
    said = "0.005–0.457 0.23 0.346 0.046 stop go halt consider never"
    assert lines[first + 1 : first + 4] == [
        f"0 of 5 0.12 {said} 12.3 ± 0.6 (13.1) 32.3 ± 0.6 (13.1)",
        f"1 of 5 0.20 {said} 12.3 ± 0.6 (–) 32.3 ± 0.6 (–)",
        "%: exact law at the simulated response rates ± Monte Carlo standard error; (seen): share of the "
        "trials in "
        "which all planned patients were evaluated: 3,900 of 4,000 under none; 3,900 of 4,000 under neutral.",
    ]
    assert lines[-4:] == ["read out 0 resp. 1 resp. 2 resp.", "0 of 2 10", "1 of 2 20 40", "2 of 2 30 91 100"]


def test_each_rule_says_its_setting():
    lines = lines_of("P2")
    names = [line.split(":")[0] for line in lines[2:7]]
    assert names == ["exact", "range", "posterior", "limit", "three"]
    assert lines[4].startswith("posterior: P(rate > benchmark) ≥ 0.95 ")
    assert lines[5].startswith("limit: lower 95 % limit above 0.15 3 of 5 2 0.027 0.500")
    assert lines[6].startswith("three: go P(rate > benchmark) ≥ 0.95; stop P(rate > target) < 0.1 ")


def test_the_posterior_that_is_the_exact_test_is_told():
    """Prior Beta(1, 1): certainties after 2 and after 3 of 5, P(rate > 0.15) under Beta(3, 4) and Beta(4, 3)."""
    sure = [stats.beta(1 + k, 6 - k).sf(0.15) for k in (2, 3)]
    said = f"a certainty above {sure[0]:.4f} and up to {sure[1]:.4f} makes the posterior rule the exact test"
    assert any(line.endswith(f"{said} (at least 3 of 5).") for line in lines_of("P2"))


def test_too_few_patients_are_named_where_no_number_of_responders_rejects():
    """All of four respond with probability 0.5^4 = 0.0625 at the benchmark."""
    lines = lines_of("P1", n=4)
    assert "No number of 4 responders rejects 0.5 at alpha 0.05." in lines
    assert not any("makes the posterior rule the exact test" in line for line in lines)
    assert lines[2] == "exact: one-sided binomial test, alpha 0.05 never 4 0.000 0.000"


def test_cells_of_ln_and_lc_carry_a_star_where_the_exact_test_succeeds():
    cells = [
        {
            "endpoint": endpoint,
            "effect": effect,
            "responders_LN": a,
            "responders_LC": b,
            "responders": 2 * (a + b) + 5,
        }
        | {"probability": (a + 2 * b + 4) / 100 + (0.1 if effect == "neutral" else 0.5 * (effect == "weak"))}
        for endpoint in ("P1", "S9")
        for effect in ("none", "weak", "neutral")
        for a in (0, 1)
        for b in (0, 1)
    ]
    lines = lines_of("P1", cells)
    first = lines.index(
        "LN × LC under none, exact probability in %; cells with at least 9 responders succeed (*), exact test:"
    )
    assert lines[first + 1 : first + 4] == ["LN \\ LC 0 1", "0 4.0 6.0", "1 5.0 7.0*"]
    assert lines[first + 4].startswith("LN × LC under neutral") and lines[first + 6] == "0 14.0 16.0"
    assert lines[first + 8].startswith("Predictive probability")


def test_a_design_with_its_own_number_of_patients_says_how_many_are_planned():
    """Simon's minimax design for 0.5 against 0.75: 7/14 15/23, its error by summation over the first stage."""
    first = np.arange(8, 15)
    size, power = (
        float(stats.binom.pmf(first, 14, rate) @ stats.binom.sf(15 - first, 9, rate)) for rate in (0.5, 0.75)
    )
    words = "Simon two-stage, minimax: 23 patients"
    end = f"16 of 23 7 of the first 14, or 15 {size:.3f} {power:.3f}"
    assert f"{words}, 10 are planned {end}" in lines_of("P1")
    assert f"{words} {end}" in lines_of("P1", n=24)
    assert lines_of("P1")[-1] == "2 of 2 30 91 100"
