"""Every number of the boundary and of what cannot be shown stands in its place."""

from dataclasses import replace
from math import nan

from sim.core.tables import table_of
from sim.words.layout import aligned
from sim.words.limits import refused_section, stopping_section
from tests.design.virtual_trials import design


def test_the_boundary_is_told_with_its_settings_and_what_it_does():
    chosen = {"serious_tolerated": 0.25, "serious_certainty": 0.85, "serious_prior_events": 0.5}
    settings = replace(design().settings, **chosen, serious_prior_none=1.5)
    limits = [{"treated": 2, "stop_at": nan, "p_above_tolerated": 0.5678}]
    limits += [{"treated": 3, "stop_at": 2.0, "p_above_tolerated": 0.9123}]
    does = [{"rate": 0.25, "p_stop": 0.1234, "expected_treated": 8.76}]
    lines = [
        " ".join(line.split()) for line in stopping_section(table_of(limits), table_of(does), settings, aligned)
    ]
    told = [line for line in lines if line and set(line) != {"-"}]
    assert told[1].startswith(
        "Stop once P(share of patients with a serious event > 0.25) is at least 0.85, prior Beta(0.5, 1.5). Exact"
    )
    assert told[2:] == [
        "treated stop at P(share > tolerated)",
        "2 – 0.568",
        "3 2 0.912",
        "true share probability of stopping expected treated",
        "0.25 0.123 8.8",
    ]


def test_what_cannot_be_shown_is_that_of_this_trial():
    """Eight of eight without an event reject up to 0.05^(1/8) = 0.6877; ranks: the least p of five is 1/32."""
    lines = refused_section(design(n=8, n_LN=3))
    assert lines[2].startswith(
        "- Changes from baseline, exact signed-rank test, one-sided 0.05: rank sum needed by 8 patients: 31 "
        "of at most 36; 3 patients: none of 0 to 6 is enough; 5 patients: 15 of at most 15, against"
    )
    assert lines[3].startswith(
        "- Times to event (S7): even 8 of 8 patients without a severe flare reject only a reference up to "
        "0.688 at alpha 0.05."
    )
    assert [line.split(":")[0] for line in lines[4:7]] == ["- multiple_imputation", "- mmrm", "- augmented_binary"]
