"""Columns of what small trials show in changes from baseline and in times to an event."""

from typing import Final

from sim.core.dictionary.entry import Entry, count, flag, level, real


def _chance(name: str, label: str) -> Entry:
    return real(name, "probability", label, 0, 1)


_ERROR: Final = "Its Monte Carlo standard error"
_ORIGIN: Final = level(
    "origin", "Trials as they were simulated, or drawn again from their patients", "simulated", "resampled"
)
_POPULATION: Final = level("population", "Who is counted", "all", "LN", "LC")
_PLACES: Final = (
    count("n", "Patients planned in a trial", unit="subjects"),
    Entry(
        "places", "int32", "subjects", "Of them in the population; null where left to chance", nullable=True, low=0
    ),
)
_HEAD: Final = (_ORIGIN, Entry("endpoint", "word", "", "Endpoint", nullable=False), _POPULATION)
_EFFECT: Final = Entry("effect", "word", "", "Assumption about the cells", nullable=False)
_ALPHA: Final = _chance("alpha", "One-sided level of the test")
_CIRCULAR: Final = flag(
    "circular", "Whether the reference is that of the same patients without the cells", nullable=False
)
_POWER: Final = (
    _chance("power", "Share of all trials that succeed"),
    _chance("power_mcse", "Its Monte Carlo standard error, the reference's and the bank's error in it"),
    _chance("false_go_inert", "The same when the cells do nothing, same patients"),
    _chance("false_go_inert_mcse", _ERROR),
    real("power_change", "probability", "Power less that without the cells, same trials", -1, 1),
    _chance("power_change_mcse", "Its Monte Carlo standard error, paired by trial"),
)
_TRIALS: Final = (
    count("n_patients", "Patients whose value is known", unit="subjects"),
    count("n_trials", "Trials decided: simulated, or drawn", unit="trials"),
    count("n_requested", "Trials requested", unit="trials"),
    count("n_failed", "Trials that could not be computed", unit="trials"),
)

CHANGES: Final = (
    *_HEAD,
    Entry("variable", "word", "", "What is measured", nullable=False),
    Entry("visit", "word", "", "Visit whose change from D0 is tested", nullable=False),
    level("wanted", "Which side of the reference is better", "greater", "less"),
    *_PLACES,
    _EFFECT,
    Entry("rule", "word", "", "Test", nullable=False),
    _ALPHA,
    _CIRCULAR,
    real("reference", "1", "Mean change of the same patients without the cells, in the unit of the variable"),
    real("reference_mcse", "1", _ERROR, 0),
    real("mean", "1", "Mean change"),
    real("mean_mcse", "1", _ERROR, 0),
    real("difference", "1", "Effect minus none in the same patients"),
    real("difference_mcse", "1", "Its Monte Carlo standard error, from the pairs", 0),
    _chance("attained_size", "Exact probability of success at the reference where the test's assumption holds"),
    _chance("smallest_p", "Smallest p-value that the planned patients can have"),
    *_POWER,
    _chance("undecided", "Share of trials with fewer known values than are ever decided"),
    _chance("undecided_mcse", _ERROR),
    _chance("missing", "Share of the population whose change is not known"),
    _chance("missing_mcse", _ERROR),
    *_TRIALS,
)
VALUE_READINGS: Final = (
    Entry("alternative", "word", "", "Reading, assumption or world", nullable=False),
    level("kind", "What is different", "base", "reading", "assumption", "world"),
    Entry("words", "text", "", "Words of the command line that choose it", nullable=True),
    Entry("endpoint", "word", "", "Endpoint", nullable=False),
    Entry("variable", "word", "", "What is measured; null of a time to an event", nullable=True),
    _POPULATION,
    Entry("rule", "word", "", "Test", nullable=False),
    _ALPHA,
    _EFFECT,
    _CIRCULAR,
    real("reference", "1", "What is to be beaten: mean change, or share free of the event, the same for all"),
    real("estimate", "1", "Mean change, or share free of the event at week 24 (Kaplan-Meier)"),
    real("estimate_mcse", "1", "Its Monte Carlo standard error, from trial to trial", 0),
    real("estimate_change", "1", "The same less that of the base, same trials"),
    real("estimate_change_mcse", "1", "Its Monte Carlo standard error, paired by trial", 0),
    _chance("power", "Share of all trials that succeed against this very reference"),
    _chance("power_mcse", _ERROR),
    real("power_change", "probability", "Power less that of the base, same trials", -1, 1),
    _chance("power_change_mcse", "Its Monte Carlo standard error, paired by trial"),
    count("n_changed", "Trials in which a patient shows another value than in the base", unit="trials"),
    *_TRIALS,
)
TIMES: Final = (
    *_HEAD,
    *_PLACES,
    _EFFECT,
    Entry("rule", "word", "", "Test", nullable=False),
    _ALPHA,
    _CIRCULAR,
    _chance("reference", "Share free of the event at week 24 that is to be beaten"),
    _chance("reference_mcse", _ERROR),
    _chance("highest_reference", "The highest that all planned patients without the event would beat"),
    Entry(
        "critical_value",
        "int32",
        "subjects",
        "Fewest free of the event that succeed if all planned are followed; null where no number does",
        nullable=True,
    ),
    _chance("attained_size", "Exact probability of success at the reference if all planned are followed"),
    _chance("free", "Share free of the event at week 24, Kaplan-Meier over all patients"),
    _chance("free_mcse", "Its Monte Carlo standard error (Greenwood)"),
    _chance("free_low", "Lower 95 % limit; null where the share is 0 or 1"),
    _chance("free_high", "Upper 95 % limit; null where the share is 0 or 1"),
    *_POWER,
    _chance("missing", "Share of the population lost before week 24 without the event"),
    _chance("missing_mcse", _ERROR),
    *_TRIALS,
)
