"""Columns of what is asked of a patient bank: the bank itself, and the tables of the tasks that search designs."""

import re
from typing import Final

from sim.core.dictionary.entry import SUBGROUP, SUBJECT, TRIAL, Entry, count, flag, level, real, word


def _chance(name: str, label: str) -> Entry:
    return real(name, "probability", label, 0, 1)


def _patients(name: str, label: str) -> Entry:
    return Entry(name, "int32", "subjects", label, nullable=True, low=0)


_ENDPOINT: Final = Entry("endpoint", "word", "", "Endpoint, or a family of endpoints", nullable=False)
_POPULATION: Final = level("population", "Who is counted", "all", "LN", "LC")
_EFFECT: Final = Entry("effect", "word", "", "Assumption about the cells", nullable=False)
_RATE: Final = (
    _chance("rate", "Expected response rate of those evaluated"),
    _chance("rate_mcse", "Its Monte Carlo standard error"),
)
_POWER: Final = (
    _chance("power", "Probability of success of a filled trial, exact at the simulated rates"),
    _chance("power_mcse", "Its Monte Carlo standard error"),
)
_FALSE_GO: Final = (
    _chance("false_go_inert", "Probability of success when the cells do nothing, same patients"),
    _chance("false_go_inert_mcse", "Its Monte Carlo standard error"),
)
_TEST: Final = (
    _chance("null_rate", "Benchmark response rate"),
    flag("circular", "Whether the benchmark is the model's own rate without the cells", nullable=False),
    _chance("alpha", "One-sided level of the test"),
    _patients("n_final", "Patients that the rule decides on if everybody planned is evaluated"),
    _patients("interim", "Patients of its first stage; null without one"),
    _patients("futility", "It stops after the first stage with at most so many responders"),
    _patients("critical_value", "Fewest responders that succeed if everybody planned is evaluated"),
    _chance("attained_size", "Exact probability of success if everybody responds with the benchmark rate"),
)
_SIZES: Final = (
    count("n", "Patients planned for the endpoint", unit="subjects"),
    _patients("n_LN", "Of them with lupus nephritis; null where a random composition leaves it to chance"),
    _patients("n_LC", "Of them with lupus cytopenia; null where a random composition leaves it to chance"),
)
_TRIALS: Final = (
    count("n_trials", "Trials that the bank is made of", unit="trials"),
    count("n_requested", "Trials requested", unit="trials"),
    count("n_failed", "Trials that could not be computed", unit="trials"),
)

BANK: Final = (
    TRIAL,
    SUBJECT,
    Entry("effect", "word", "", "Assumption about the cells", nullable=False),
    SUBGROUP,
    flag("infused", "Whether the first infusion was given", nullable=False),
    flag("lymphopenia_only", "Whether lymphocytes alone qualified the subject", nullable=False),
    real("log_upcr", "1", "Logarithm of UPCR at week 24 minus that at D0"),
)

TOURNAMENT: Final = (
    _ENDPOINT,
    _POPULATION,
    _EFFECT,
    level("kind", "Kind of answer", "yes/no", "change", "family"),
    *_SIZES,
    *_TEST,
    real(
        "reference",
        "1",
        "Mean change that a change is tested against: that of the same patients without the cells",
    ),
    *_RATE,
    real("mean", "1", "Mean change"),
    real("mean_mcse", "1", "Its Monte Carlo standard error"),
    *_POWER,
    *_FALSE_GO,
    _chance("wanted_power", "Power that is wanted"),
    real("needed", "1", "True response rate, or mean change, that has the wanted power at the planned number"),
    _chance("missing", "Share of the population lost to missing data: non-responses, or changes that are unknown"),
    _chance("missing_mcse", "Its Monte Carlo standard error"),
    real("difference", "1", "Effect minus none in the same patients: of rates, or mean change"),
    real("difference_mcse", "1", "Its Monte Carlo standard error, from the pairs"),
    _chance("benefit", "Share who respond with the effect and not without it, on the same draws"),
    _chance("harm", "Share who respond without the effect and not with it, on the same draws"),
    _chance("benefit_low", "Lowest share with benefit that the two rates allow (Fréchet)"),
    _chance("benefit_high", "Highest share with benefit that the two rates allow (Fréchet)"),
    count("n_patients", "Patients of the bank in the population", unit="subjects"),
    *_TRIALS,
)

SAMPLE_SIZE: Final = (
    _ENDPOINT,
    _POPULATION,
    _EFFECT,
    *_SIZES,
    flag("planned_split", "Whether the split is that of the design", nullable=False),
    *_TEST,
    *_RATE,
    *_POWER,
    *_FALSE_GO,
    _chance("wanted_power", "Power that is wanted"),
    *_TRIALS,
)

POWER_OVER_N: Final = (*SAMPLE_SIZE, word("remark", "Why there is no power"))

ALTERNATIVES: Final = (
    Entry("alternative", "word", "", "Design, or what the world changes", nullable=False),
    level("kind", "Kind of alternative", "single arm", "concurrent control", "external control", "world"),
    _ENDPOINT,
    _POPULATION,
    _EFFECT,
    *_SIZES,
    count("n_treated", "Of them treated with the cells", unit="subjects"),
    _chance("alpha", "One-sided level of the test"),
    *_RATE,
    _chance("control_rate", "Expected response rate of the control or, without one, the benchmark"),
    *_POWER,
    *_FALSE_GO,
    _chance("wanted_power", "Power that is wanted"),
    _patients("n_for_power", "Smallest total number from which power stays at or above the wanted one"),
    _patients("n_limit", "Largest total number looked at"),
    *_TRIALS,
)

COMPOSITION: Final = (
    level("risk", "What varies", "split", "random composition", "lymphopenia only", "never infused"),
    real("level", "1", "Its value: share of LN, of lymphopenia alone among LC, of never infused"),
    _ENDPOINT,
    _POPULATION,
    _EFFECT,
    _patients("n", "Patients enrolled"),
    _patients("n_LN", "Of them with lupus nephritis; null where it is left to chance"),
    _patients("n_LC", "Of them with lupus cytopenia; null where it is left to chance"),
    _chance("null_rate", "Benchmark response rate"),
    _chance("alpha", "One-sided level of the test"),
    *_RATE,
    *_POWER,
    *_FALSE_GO,
    *_TRIALS,
)

_ANSWER = re.compile(r"(?P<endpoint>[A-Z]+\d*[a-z]?(?:_(?:response|complete))?)(?P<missing>_missing)?")


def bank_column(name: str) -> Entry | None:
    """A column of a bank that exists once for each yes/no answer: `P1`, `P1_missing`, `ITP_response`."""
    found = _ANSWER.fullmatch(name)
    if found is None:
        return None
    if found["missing"]:
        return flag(name, f"Whether {found['endpoint']} is a non-response for want of data", nullable=False)
    return flag(name, f"Response, {found['endpoint']}; null outside its population")
