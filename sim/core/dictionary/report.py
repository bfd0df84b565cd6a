"""Columns of what a power run leaves for its report."""

from typing import Final

from sim.core.dictionary.entry import TRIAL, Entry, count, level, real

_EFFECT: Final = Entry("effect", "word", "", "Assumption about the cells", nullable=False)
_ENDPOINT: Final = Entry("endpoint", "word", "", "Endpoint", nullable=False)
_POPULATION: Final = level("population", "Who is counted", "all", "LN", "LC")


def _text(name: str, label: str, *, nullable: bool = False) -> Entry:
    return Entry(name, "text", "", label, nullable=nullable)


RESPONDERS: Final = (
    _EFFECT,
    _ENDPOINT,
    _POPULATION,
    count("n", "Patients evaluated in the trial", unit="subjects"),
    count("responders", "Of them responders", unit="subjects"),
    count("trials", "Virtual trials with these numbers", unit="trials"),
)

MOVING_BENCHMARK: Final = (
    _EFFECT,
    _ENDPOINT,
    _POPULATION,
    real("alpha", "probability", "One-sided level of the test", 0, 1),
    real("null_rate", "probability", "Benchmark response rate, moved", 0, 1),
    real("success", "probability", "Share of all trials that would succeed against it", 0, 1),
    real("success_mcse", "probability", "Its Monte Carlo standard error", 0, 1),
)

ROLES: Final = (
    TRIAL,
    level("role", "Drawn by number, or an example chosen by its result", "drawn", "typical", "lucky", "unlucky"),
    count("responders", "Responders over all decided endpoints", unit="subjects"),
)

CURVES: Final = (
    _EFFECT,
    _ENDPOINT,
    level("method", "Estimator", "kaplan_meier", "aalen_johansen"),
    real("time", "day", "Study day from which the estimate holds", 0, 2000),
    real("estimate", "probability", "Without the event, or cumulative incidence where others compete", 0, 1),
    real("low", "probability", "Lower 95 % limit, of patients of one sample", 0, 1),
    real("high", "probability", "Upper 95 % limit", 0, 1),
    real("at_risk", "subjects", "Under observation just before that day", 0),
)

ASSUMPTIONS: Final = (
    _text("key", "Configuration key"),
    _text("value", "Value of this run"),
    _text("unit", "Unit", nullable=True),
    level("basis", "What it rests on", "published", "fitted", "assumed", "set by the user"),
    _text("source", "Source, or the reason of the assumption", nullable=True),
)

VALIDATION: Final = (
    _text("id", "Line of docs/validation.md"),
    _text("what", "What is simulated"),
    _text("figure", "Figure to compare with, and whose it is"),
    _text("accepted", "Accepted interval of the true value"),
    _text("simulated", "Simulated figure"),
    _text("error", "Its Monte Carlo standard error"),
    _text("verdict", "Whether it lies inside"),
    _text("basis", "What agreement is worth"),
    _text("beside", "Other figures of the same run", nullable=True),
    real(
        "low", "as the figure", "Lower end of the accepted interval; a proportion where the figure is in percent"
    ),
    real("high", "as the figure", "Upper end of the accepted interval"),
    real("value", "as the figure", "Simulated figure"),
    real("value_mcse", "as the figure", "Its Monte Carlo standard error; 0 where it is exact", 0),
)

CATALOGUE: Final = (
    _ENDPOINT,
    _text("title", "Name of the endpoint"),
    _POPULATION,
    _text("time_frame", "Time frame"),
    _text("rule", "Who responds"),
    _text("intercurrent", "What intercurrent events and missing values make of a patient"),
    _text("readings", "Readings of docs/decisions.md", nullable=True),
)
