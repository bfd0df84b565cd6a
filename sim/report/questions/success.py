"""task=power and task=readings: how likely each endpoint is to succeed."""

from typing import Final

from sim.report.answer import power_screen
from sim.report.question import Question
from sim.report.results import Results


def _method(results: Results) -> str:
    design = results.configuration["design"]
    levels = " and ".join(f"{alpha:g}" for alpha in design["alpha"])
    return (
        f"Each trial is decided by the rule {design['rule']} at one-sided level {levels} against the "
        f"benchmark, on the patients it has; fewer than {design['min_n']} evaluated patients are no success. "
        "Beside the simulation the closed form at the simulated rates is computed (Poisson-binomial under "
        "quotas): the two must agree."
    )


SUCCESS: Final = Question(
    "power",
    power_screen,
    "To find how often a trial of this design meets each of its endpoints, under stated assumptions about the "
    "cells, and how often it would do so if the cells did nothing.",
    _method,
    "Power is the share of all completed trials that succeed, with standard error √(p(1−p)/trials) and Wilson "
    "95 % limits; the error of a response rate is stratified by quota, or by trial where the number of "
    "patients is random.",
)
