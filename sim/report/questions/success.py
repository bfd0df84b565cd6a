"""task=power and task=readings: how likely each endpoint is to succeed."""

from typing import Final

from sim.report.answer import power_screen
from sim.report.question import Question
from sim.report.results import Results

_WITHOUT_SIZES: Final = (
    "Power over the number of patients is not shown: under a rule that plans its own numbers, and where serious "
    "events stop trials, the patients of one size do not say it; experiment=sample_size knows such rules, but no "
    "such stop."
)


def _method(results: Results) -> str:
    design = results.configuration["design"]
    levels = " and ".join(f"{alpha:g}" for alpha in design["alpha"])
    return (
        f"Each trial is decided by the rule {design['rule']} at one-sided level {levels} against the "
        f"benchmark, on the patients it has; fewer than {design['min_n']} evaluated patients are no success. "
        "Beside the simulation the closed form at the simulated rates is computed (Poisson-binomial under "
        f"quotas): the two must agree. {_over_n(results)}"
    )


def _over_n(results: Results) -> str:
    """How power over the number of patients is found, or why it is not."""
    found = results.tables.get("power_over_n")
    if found is None:
        return _WITHOUT_SIZES if "responders" in results.tables else ""
    remarks = dict.fromkeys(zip(found["endpoint"].tolist(), found["remark"].tolist(), strict=True))
    said = "".join(f" Left out is {name}: {remark}." for name, remark in remarks if remark)
    return (
        "Power over the number of patients is exact at the response rates of this run in each stratum "
        f"(convolution of the strata's counts), with the error of these rates (delta method).{said}"
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
