"""Trials in an order in which their rows would not be found."""

import pytest

from sim.config.compose import load
from sim.pipeline import bank_chunk, cohort_chunk, compared_chunk, course_log, run_chunk, values_chunk

CHUNKS = {
    "fused": run_chunk,
    "tables": lambda config, trials: compared_chunk([config, config], trials),
    "bank": lambda config, trials: bank_chunk(config, ("P1",), trials),
    "values": lambda config, trials: values_chunk(config, ("S9",), trials),
    "cohort": cohort_chunk,
    "log": course_log,
}


@pytest.mark.parametrize("name", CHUNKS)
@pytest.mark.parametrize("trials", [(3, 1), (2, 2)])
def test_trials_that_do_not_ascend_are_refused(name, trials):
    with pytest.raises(ValueError, match="must ascend, each once"):
        CHUNKS[name](load(["effect=neutral"]), trials)
