"""Every number of a prediction stands in the place that the sentence gives it."""

from math import nan

from sim.core.tables import table_of
from sim.words.prediction import prediction_text


def rows(endpoint, basis, chances, **more):
    """One row for each final number of responders, from 3 on."""
    standing = {"endpoint": endpoint, "population": "all", "responders": 3, "read_out": 6, "pending": 1}
    standing |= {"to_enrol": 4, "n": 11.0, "critical_value": 7.0, "n_requested": 700, "n_failed": 2}
    exact = {"predictive_probability": 0.15, "predictive_probability_mcse": nan, "effective_trials": nan}
    numbers = [{"final_responders": 3 + k, "probability": chance} for k, chance in enumerate(chances)]
    return [standing | {"basis": basis} | exact | number | more for number in numbers]


def test_expected_number_range_and_error_are_those_of_the_rows():
    """Means: 0.12 + 0.20 + 2.50 + 1.56 + 1.05 and 0.06 + 0.12 + 0.10 + 5.28 + 0.35; ranges: the tails go first."""
    simulated = {"predictive_probability": 0.93, "predictive_probability_mcse": 0.0123, "effective_trials": 1234.4}
    found = table_of(
        rows("P1", "beta-binomial", [0.04, 0.05, 0.50, 0.26, 0.15])
        + rows("P1", "neutral", [0.02, 0.03, 0.02, 0.88, 0.05], **simulated, n_requested=800, n_failed=5)
        + rows("P2", "beta-binomial", [0.95, 0.03, 0.02], population="LC", critical_value=nan, responders=0)
    )
    text = prediction_text(found, "the/data", 0.5, 1.5)
    assert text.splitlines()[:8] == [
        "Where the trial in the/data will end, from its patients so far.",
        "",
        "P1 (all): 3 of 6 read out respond, 1 pending, 4 to enrol; 7 needed of 11",
        "    beta-binomial  success 0.150; 5.4 responders expected, 5 to 7 with 90 %",
        "    neutral        success 0.930 ± 0.012 (as of 1,234 matching trials); 5.9 responders expected, "
        "6 to 7 with 90 %",
        "",
        "P2 (LC): 0 of 6 read out respond, 1 pending, 4 to enrol; no number succeeds of 11",
        "    beta-binomial  success 0.150; 3.1 responders expected, 3 with 90 %",
    ]
    assert "prior beta(0.5, 1.5)" in text and "of 800 virtual trials asked for, 5 failed" in text
