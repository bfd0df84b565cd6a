"""What the questions to a patient bank have in common: rows of the first level, method in words."""

from typing import Final

from sim.core.tables import Row, Table, rows_of
from sim.report.numbers import first_level
from sim.report.results import Results

ACCURACY: Final = (
    "± is the Monte Carlo standard error, in points: the accuracy of the simulation, not of the model. "
)
MEASURES: Final = (
    "Response rates are shares of the bank's patients; power is exact at these rates, and its standard error "
    "carries that of the rates (delta method)."
)


def at_first_level(found: Table) -> list[Row]:
    """The rows of the first level of the test, one by one."""
    return list(rows_of(first_level(found)))


def bank_method(results: Results) -> str:
    """How a bank answers."""
    design = results.configuration["design"]
    return (
        "Virtual trials give a bank of patients who live under every assumption with the same luck. What is "
        f"asked is computed from their response rates in each stratum: the rule {design['rule']} at one-sided "
        f"level {design['alpha'][0]:g}, exact by convolution of the strata's counts, for trials whose places "
        "are filled."
    )
