"""Columns of what a design can say before anybody is treated: rules, decisions, families, estimation."""

from dataclasses import replace
from typing import Final

from sim.core.dictionary.entry import Entry, count, flag, level, real

_ENDPOINT: Final = Entry("endpoint", "word", "", "Endpoint", nullable=False)
_EFFECT: Final = Entry("effect", "word", "", "Assumption about the cells", nullable=False)
_POPULATION: Final = level("population", "Who is counted", "all", "LN", "LC")
_RULE: Final = Entry("rule", "word", "", "Decision rule", nullable=False)
_TRIALS: Final = (
    count("n_trials", "Trials evaluated", unit="trials"),
    count("n_requested", "Trials requested", unit="trials"),
    count("n_failed", "Trials that could not be computed", unit="trials"),
)
_VERDICTS: Final = {
    "go": "success",
    "consider": "neither success nor stop",
    "stop": "no success",
    "stop_early": "stopping after the first stage",
}


def _chance(name: str, label: str) -> Entry:
    return real(name, "probability", label, 0, 1)


def _patients(name: str, label: str) -> Entry:
    return Entry(name, "int32", "subjects", label, nullable=True, low=-1)


def _at(place: str) -> tuple[Entry, ...]:
    where = f"where everybody responds with the {place} rate"
    return (
        *(
            _chance(f"{name}_at_{place}", f"Exact probability of {text} {where}")
            for name, text in _VERDICTS.items()
        ),
        real(
            f"enrolled_at_look_at_{place}", "subjects", "Enrolled when the first stage is read, without a pause", 0
        ),
        real(f"expected_n_pause_at_{place}", "subjects", f"Expected enrolled with an accrual pause {where}", 0),
        real(f"expected_n_no_pause_at_{place}", "subjects", f"Expected enrolled without a pause {where}", 0),
        real(f"weeks_pause_at_{place}", "week", f"Expected weeks to the decision with a pause {where}", 0),
        real(f"weeks_no_pause_at_{place}", "week", f"Expected weeks to the decision without a pause {where}", 0),
    )


def _curve() -> tuple[Entry, ...]:
    return tuple(replace(entry, name=entry.name.removesuffix("_at_rate")) for entry in _at("rate"))


def _estimates() -> tuple[Entry, ...]:
    found: list[Entry] = []
    for origin, how in (("p", "Simulated share of trials with"), ("exact", "Exact law at the simulated rates of")):
        for name, text in _VERDICTS.items():
            found += [
                _chance(f"{origin}_{name}", f"{how} {text}"),
                _chance(f"{origin}_{name}_mcse", "Its Monte Carlo standard error"),
            ]
    return tuple(found)


def _said() -> tuple[Entry, ...]:
    return (
        _chance("estimate", "Responders among the planned patients"),
        _chance("low", "Lower exact 95 % limit of the rate (Clopper-Pearson)"),
        _chance("high", "Upper exact 95 % limit of the rate (Clopper-Pearson)"),
        _chance("posterior_mean", "Posterior mean of the rate, beta prior of the design"),
        _chance("p_above_benchmark", "Posterior probability that the rate exceeds the benchmark"),
        _chance("p_above_target", "Posterior probability that the rate exceeds the target"),
        *(level(rule, f"Verdict by {text}", "go", "consider", "stop") for rule, text in _SHOWN.items()),
        _chance("probability", "Exact law at the simulated rates"),
        _chance("probability_mcse", "Its Monte Carlo standard error"),
        _chance("frequency", "Share of the trials in which all planned patients were evaluated"),
        _chance("frequency_mcse", "Its Monte Carlo standard error"),
        count("n_complete", "Trials in which all planned patients were evaluated", unit="trials"),
    )


_SHOWN: Final = {
    "exact_binomial": "the exact one-sided test",
    "bayes": "the posterior probability above the benchmark",
    "lower_limit": "the lower confidence limit",
    "go_consider_stop": "benchmark and target",
    "interval": "the exact test against the upper end of the benchmark's range",
}
_OUTCOME: Final = (
    _ENDPOINT,
    _POPULATION,
    _EFFECT,
    _chance("alpha", "One-sided level, or 1 - the certainty wanted"),
    count("n", "Planned for the endpoint", unit="subjects"),
    count("responders", "Responders", unit="subjects"),
)
DECISIONS: Final = (*_OUTCOME, *_said(), *_TRIALS)
CELLS: Final = (
    *_OUTCOME,
    count("responders_LN", "Responders with lupus nephritis", unit="subjects"),
    count("responders_LC", "Responders with lupus cytopenia", unit="subjects"),
    *_said(),
    *_TRIALS,
)
CURVE: Final = (
    _ENDPOINT,
    _POPULATION,
    _RULE,
    _chance("alpha", "One-sided level, or 1 - the certainty wanted"),
    _chance("rate", "True response rate of everybody"),
    *_curve(),
)
FAMILY: Final = (
    _EFFECT,
    Entry("procedure", "word", "", "Procedure for several endpoints", nullable=False),
    _chance("alpha", "One-sided level of the family"),
    Entry("claim", "word", "", "An endpoint, or any or all of the family", nullable=False),
    _chance("power", "Share of trials that make the claim"),
    _chance("power_mcse", "Its Monte Carlo standard error"),
    _chance("false_go_inert", "Share of trials that make the claim although the cells do nothing, same draws"),
    _chance("false_go_inert_mcse", "Its Monte Carlo standard error"),
    _chance("error_independent", "Exact chance of any claim at the benchmarks, endpoints independent"),
    _chance("error_bound", "Bound of the chance of any claim at the benchmarks, whatever the dependence"),
    flag("controlled", "Any false claim at most alpha, whichever rates are at most their benchmark"),
    *_TRIALS,
)
ESTIMATION: Final = (
    Entry("method", "word", "", "Kind of interval", nullable=False),
    count("n", "Patients", unit="subjects"),
    _chance("rate", "True response rate"),
    _chance("width", "Exact expected width of the 95 % interval"),
    _chance("coverage", "Exact probability that the interval holds the true rate"),
    _chance("below", "Exact probability that the interval lies below the true rate"),
    _chance("beyond", "Exact probability that the interval lies above the true rate"),
    _chance("above", "Value that the lower limit is to exceed"),
    _chance("p_limit_above", "Exact probability that it does"),
)
RARE_EVENTS: Final = (
    count("n", "Patients", unit="subjects"),
    _chance("rate", "True share of patients with the event"),
    real("expected", "subjects", "Expected patients with the event", 0),
    _chance("p_at_least_one", "Exact probability to see it at least once"),
    _chance("upper_none", "One-sided exact 95 % upper limit after none"),
)
PREDICTIVE: Final = (
    _ENDPOINT,
    count("n", "Planned for the endpoint", unit="subjects"),
    count("read_out", "Patients whose outcome is known", unit="subjects"),
    count("pending", "Patients whose outcome is not known yet", unit="subjects"),
    count("responders", "Responders among those read out", unit="subjects"),
    _chance("p_success", "Predictive probability that the exact test succeeds"),
)
STOPPING: Final = (
    count("treated", "Patients treated", unit="subjects"),
    _patients("stop_at", "Fewest patients with a serious event that stop the trial; null where no number does"),
    _chance("p_above_tolerated", "Posterior probability at the boundary that more than tolerated have one"),
    _chance("tolerated", "Tolerated share of patients with a serious event"),
)
STOPPING_CHARACTERISTICS: Final = (
    _chance("rate", "True share of patients with a serious event"),
    _chance("p_stop", "Exact probability that the trial stops"),
    real("expected_treated", "subjects", "Exact expected number of treated patients", 0),
)
SAFETY_STOP: Final = (
    _EFFECT,
    _chance("tolerated", "Tolerated share of patients with a serious event"),
    _chance("certainty", "Probability of more at which the trial stops"),
    _chance("p_serious", "Share of infused patients with a serious event or death by week 24, nothing stopped"),
    _chance("p_serious_mcse", "Its Monte Carlo standard error"),
    _chance("p_stop", "Share of all trials that stop"),
    _chance("p_stop_mcse", "Its Monte Carlo standard error"),
    _chance("p_stop_low", "Lower Wilson 95 % limit"),
    _chance("p_stop_high", "Upper Wilson 95 % limit"),
    _chance("p_stop_one_by_one", "Exact at that share of patients, were each known before the next is treated"),
    real("treated_at_stop", "subjects", "Mean number infused in trials that stop", 0),
    real("treated_at_stop_mcse", "subjects", "Its Monte Carlo standard error", 0),
    real("treated", "subjects", "Mean number infused over all trials", 0),
    real("treated_mcse", "subjects", "Its Monte Carlo standard error", 0),
    real("week_of_stop", "week", "Mean time from the opening of the site to the stop", 0),
    real("week_of_stop_mcse", "week", "Its Monte Carlo standard error", 0),
    _ENDPOINT,
    _POPULATION,
    _chance("alpha", "One-sided level, or 1 - the certainty wanted"),
    _chance("power", "Share of all trials that succeed and do not stop"),
    _chance("power_mcse", "Its Monte Carlo standard error"),
    _chance("power_without_stop", "Share of the same trials that succeed, had nothing stopped them"),
    _chance("power_without_stop_mcse", "Its Monte Carlo standard error"),
    _chance("power_lost", "Share of trials whose success the stop takes away"),
    _chance("power_lost_mcse", "Its Monte Carlo standard error"),
    *_TRIALS,
)
RULES: Final = (
    _ENDPOINT,
    _POPULATION,
    _RULE,
    _EFFECT,
    _chance("alpha", "One-sided level, or 1 - the certainty wanted"),
    _chance("null_rate", "Benchmark response rate"),
    _chance("target", "Rate worth finding"),
    _patients("places", "Planned for the population"),
    _patients("interim", "Patients of the first stage; null without one"),
    _patients("futility", "Stop after the first stage with at most so many responders"),
    _patients("n_final", "Patients that the decision looks at"),
    _patients("needed", "Fewest responders for success"),
    _patients("stop_most", "Most responders for stop"),
    *_at("benchmark"),
    *_at("target"),
    *_estimates(),
    real("mean_n", "subjects", "Patients whose outcomes the decision used, as with an accrual pause", 0),
    real("mean_n_mcse", "subjects", "Its Monte Carlo standard error", 0),
    *_TRIALS,
)
