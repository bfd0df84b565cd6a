"""Columns of results: endpoints, trials, power."""

import re
from typing import Final

from sim.core.dictionary.entry import SUBGROUP, SUBJECT, TRIAL, Entry, count, day, flag, level, real, word

ENDPOINTS: Final = (
    TRIAL,
    SUBJECT,
    SUBGROUP,
    Entry("endpoint", "word", "", "Endpoint", nullable=False),
    flag("in_population", "Whether the endpoint is for this subject", nullable=False),
    flag("responder", "Response; null where the endpoint is no yes or no"),
    word("variable", "Column that the value is about, for endpoints that cover several"),
    real("value", "the variable's own", "Value of a change from baseline"),
    word("visit", "Visit, for endpoints at each visit"),
    day("time", "Study day of the event or of censoring", 0, 400, nullable=True),
    flag("event", "Event observed; false is censored"),
    word("reason", "Why there is no response, what competed with a remission, or that rescue decided a time"),
    real("response_probability", "probability", "Share of imputations with response; where one is imputed", 0, 1),
)

ESTIMANDS: Final = (
    Entry("endpoint", "word", "", "Endpoint", nullable=False),
    level(
        *("intercurrent", "Strategy for intercurrent events"),
        *("composite", "treatment_policy", "hypothetical", "while_on_treatment"),
    ),
    level("missing", "Policy for missing outcomes", "nri", "obs", "locf", "best", "worst", "mi"),
    flag("chosen", "Whether the analysis scores the endpoint so", nullable=False),
    count("trials", "Trials pooled", unit="trials"),
    count("n_missing", "Subjects whose outcome is missing", unit="subjects"),
    count("n", "Subjects counted", unit="subjects"),
    real("responders", "subjects", "Responders; null where outcomes are imputed", 0),
    real("rate", "proportion", "Response rate; null where there is none", 0, 1),
    real("standard_error", "proportion", "Its standard error; by Rubin's rules where outcomes are imputed", 0),
    real("low", "proportion", "Lower 95 % limit: Clopper–Pearson, or Rubin's where outcomes are imputed", 0, 1),
    real("high", "proportion", "Upper 95 % limit", 0, 1),
    word("remark", "Why there is no rate"),
)

EXPLAIN: Final = (
    TRIAL,
    SUBJECT,
    Entry("endpoint", "word", "", "Endpoint", nullable=False),
    Entry("component", "word", "", "Part of the endpoint", nullable=False),
    real("value", "the component's own", "Number looked at; null where there is none, such as no event"),
    level("relation", "How the value must stand to the threshold", "<=", "<", ">=", ">", nullable=True),
    real("threshold", "the component's own", "Threshold; null where the component has none"),
    flag("met", "Whether the component was met; null where it is not known or only told"),
    flag("decides", "Whether a component that is not met is a non-response by itself", nullable=False),
)

SURVIVAL: Final = (
    Entry("endpoint", "word", "", "Endpoint", nullable=False),
    level("population", "Who is counted", "all", "LN", "LC"),
    level("method", "Kaplan–Meier survival, or Aalen–Johansen incidence", "kaplan_meier", "aalen_johansen"),
    word("cause", "What came first, of an incidence"),
    count("trials", "Trials pooled", unit="trials"),
    day("time", "Study day of detection", 0, 400, nullable=True),
    count("at_risk", "Under observation just before that day", unit="subjects"),
    count("events", "Events of the day", unit="subjects"),
    count("censored", "Censored on the day; by Kaplan–Meier competing events too", unit="subjects"),
    real("estimate", "proportion", "Without event (Kaplan–Meier), or with it, from that day on", 0, 1),
    real("standard_error", "proportion", "Its standard error", 0),
    real("low", "proportion", "Lower 95 % limit; null where the estimate is 0 or 1", 0, 1),
    real("high", "proportion", "Upper 95 % limit; null where the estimate is 0 or 1", 0, 1),
)

RESTRICTED_MEAN: Final = (
    Entry("endpoint", "word", "", "Endpoint", nullable=False),
    level("population", "Who is counted", "all", "LN", "LC"),
    count("trials", "Trials pooled", unit="trials"),
    count("subjects", "Subjects in the population", unit="subjects"),
    count("events", "Events by week 24", unit="subjects"),
    level("method", "What `week_24` is taken from", "kaplan_meier", "aalen_johansen"),
    real(
        "week_24",
        "proportion",
        "Without event, or with it, at week 24 or an earlier horizon",
        0,
        1,
    ),
    real("week_24_low", "proportion", "Lower 95 % limit", 0, 1),
    real("week_24_high", "proportion", "Upper 95 % limit", 0, 1),
    real("horizon", "day", "Day to which time is counted", 0, 400),
    real("mean", "day", "Mean days without event to the horizon, by Kaplan–Meier", 0, 400),
    real("standard_error", "day", "Its standard error", 0),
    real("low", "day", "Lower 95 % limit"),
    real("high", "day", "Upper 95 % limit"),
)

TRIALS: Final = (
    TRIAL,
    count("n_screened", "Candidates screened", unit="candidates"),
    count("n_screened_LN", "Candidates screened for lupus nephritis", unit="candidates"),
    count("n_screened_LC", "Candidates screened for lupus cytopenia", unit="candidates"),
    count("n_enrolled", "Subjects enrolled", unit="subjects"),
    count("n_enrolled_LN", "Subjects enrolled with lupus nephritis", unit="subjects"),
    count("n_enrolled_LC", "Subjects enrolled with lupus cytopenia", unit="subjects"),
    real("accrual_days", "day", "Opening of the site to the last enrolment", 0),
    real("duration_days", "day", "Opening of the site to the last assessment", 0),
    flag("filled", "Every place was filled", nullable=False),
    count("n_treated", "Subjects infused, had nothing stopped the trial", unit="subjects"),
    count("n_serious", "Of them with a serious event or death by week 24", unit="subjects"),
    flag("safety_stopped", "Whether serious events stopped the trial", nullable=False),
    real("treated_at_stop", "subjects", "Subjects infused when serious events stopped the trial", 0),
    real("stop_day", "day", "Trial day on which serious events stopped the trial", 0),
    count("n_turned_away", "Referrals turned away unscreened because no place was left", unit="candidates"),
)

_COUNTED = re.compile(r"(?P<endpoint>[A-Z]\d+[a-z]?)_(?:(?P<population>LN|LC)_)?(?P<what>n|responders)")
_STAGED = re.compile(
    r"(?P<endpoint>[A-Z]\d+[a-z]?)(?:_(?P<population>LN|LC))?_(?P<stage>first|later)(?:_(?P<stratum>LN|LC))?"
    r"_(?P<what>n|responders)"
)
_DECIDED = re.compile(r"(?P<rule>[a-z][a-z_]*)_(?P<endpoint>[A-Z]\d+[a-z]?)_success")


def trials_column(name: str) -> Entry | None:
    """A column of trials that exists once for each endpoint: `P1_n`, `S3_LN_responders`, `P1_first_LN_n`,
    `RULE_P1_success`.
    """
    if found := _COUNTED.fullmatch(name):
        where = f" of {found['population']}" if found["population"] else ""
        what = "Subjects in the population" if found["what"] == "n" else "Responders"
        return count(name, f"{what}{where}, {found['endpoint']}", unit="subjects")
    if found := _STAGED.fullmatch(name):
        who = found["stratum"] or found["population"] or "all"
        when = "first stage" if found["stage"] == "first" else "rest of the planned patients"
        what = "Evaluated" if found["what"] == "n" else "Responders"
        return count(name, f"{what} in the {when}, {who}, {found['endpoint']}", unit="subjects")
    if found := _DECIDED.fullmatch(name):
        return flag(name, f"Success of {found['endpoint']} by {found['rule']} at the first alpha")
    return None


def _chance(name: str, label: str) -> Entry:
    return real(name, "probability", label, 0, 1)


POWER: Final = (
    Entry("endpoint", "word", "", "Endpoint", nullable=False),
    level("population", "Who is counted", "all", "LN", "LC"),
    Entry("rule", "word", "", "Decision rule", nullable=False),
    Entry("effect", "word", "", "Assumption about the cells", nullable=False),
    level("engine", "Clock that drove the patients", "batch", "simpy"),
    Entry("n", "int32", "subjects", "Planned for the endpoint", nullable=True, low=0),
    Entry("n_min", "int32", "subjects", "Fewest evaluated in a trial", nullable=True, low=0),
    Entry("n_max", "int32", "subjects", "Most evaluated in a trial", nullable=True, low=0),
    _chance("null_rate", "Benchmark response rate"),
    _chance("benchmark_low", "Lowest plausible benchmark"),
    _chance("benchmark_high", "Highest plausible benchmark"),
    flag("benchmark_assumed", "Whether the benchmark is assumed"),
    flag("circular", "Whether the benchmark is of this model, which makes false_go_inert the size of the test"),
    _chance("alpha", "One-sided level of the test"),
    Entry("critical_value", "int32", "subjects", "Fewest responders that succeed at the planned n", nullable=True),
    _chance("attained_size", "Exact probability of success if everybody responds with the benchmark rate"),
    _chance("response_rate", "Simulated response rate"),
    _chance("response_rate_mcse", "Its Monte Carlo standard error"),
    _chance("power", "Probability of success over all trials"),
    _chance("power_mcse", "Its Monte Carlo standard error"),
    _chance("power_low", "Lower Wilson 95 % limit of power"),
    _chance("power_high", "Upper Wilson 95 % limit of power"),
    _chance("p_filled", "Share of trials whose places were all filled"),
    _chance("power_given_filled", "Probability of success among filled trials"),
    _chance("exact_power", "Closed form at the simulated rates"),
    _chance("exact_power_mcse", "Its Monte Carlo standard error"),
    _chance("false_go_inert", "Probability of success when the cells do nothing, same draws"),
    _chance("false_go_inert_mcse", "Its Monte Carlo standard error"),
    Entry(
        "interval_critical_value",
        "int32",
        "subjects",
        "Fewest responders at the planned n that beat the whole range of the benchmark, by the same rule",
        nullable=True,
    ),
    _chance("interval_power", "Probability of success against the upper end of that range, over all trials"),
    _chance("interval_power_mcse", "Its Monte Carlo standard error"),
    _chance("interval_false_go_inert", "The same when the cells do nothing, same draws"),
    _chance("interval_false_go_inert_mcse", "Its Monte Carlo standard error"),
    _chance("model_low", "Lowest power over the declared readings and assumptions"),
    _chance("model_high", "Highest power over the declared readings and assumptions"),
    count("n_trials", "Trials evaluated", unit="trials"),
    count("n_requested", "Trials requested", unit="trials"),
    count("n_failed", "Trials that could not be computed", unit="trials"),
)

_POWER_COLUMNS: Final = {entry.name: entry for entry in POWER}


def _shared(*names: str) -> tuple[Entry, ...]:
    """Columns that mean the same in `power`."""
    return tuple(_POWER_COLUMNS[name] for name in names)


READINGS: Final = (
    Entry("alternative", "word", "", "Reading, assumption or world", nullable=False),
    level("kind", "What is different", "base", "reading", "assumption", "world"),
    Entry("words", "text", "", "Words of the command line that choose it", nullable=True),
    *_shared(
        "endpoint", "population", "alpha", "effect", "null_rate", "critical_value", "n", "n_min", "n_max",
        "response_rate", "response_rate_mcse", "power", "power_mcse", "power_low", "power_high", "exact_power",
        "p_filled", "n_trials", "n_requested", "n_failed",
    ),
    real("rate_change", "probability", "Response rate less that of the base, same trials", -1, 1),
    _chance("rate_change_mcse", "Its Monte Carlo standard error, paired by trial"),
    real("power_change", "probability", "Power less that of the base, same trials", -1, 1),
    _chance("power_change_mcse", "Its Monte Carlo standard error, paired by trial"),
    count("n_changed", "Trials whose patients or responders are others than in the base", unit="trials"),
    real("screened", "subjects", "Candidates screened for a trial, on average", 0),
    real("screened_mcse", "subjects", "Its Monte Carlo standard error", 0),
    real("screened_change", "subjects", "Candidates screened less those of the base, same trials"),
    real("screened_change_mcse", "subjects", "Its Monte Carlo standard error, paired by trial", 0),
)  # fmt: skip

BENCHMARK: Final = (
    *_shared("endpoint", "population", "alpha", "n", "null_rate", "benchmark_low", "benchmark_high"),
    _chance("inert_rate", "Simulated response rate when the cells do nothing"),
    _chance("inert_rate_mcse", "Its Monte Carlo standard error"),
    _chance("inert_low", "Lowest over the declared readings and assumptions"),
    word("inert_low_under", "The alternative that gives it"),
    _chance("inert_high", "Highest over the declared readings and assumptions"),
    word("inert_high_under", "The alternative that gives it"),
    _chance("interval_null", "The higher of the assumed benchmark and the highest simulated null rate"),
    *_shared("critical_value", "attained_size"),
    Entry("critical_value_interval", "int32", "subjects", "Fewest responders at the interval null", nullable=True),
    _chance("attained_size_interval", "Exact probability of success at the interval null"),
    *_shared("n_trials", "n_requested", "n_failed"),
)

DRIFT: Final = _shared(
    "endpoint", "population", "alpha", "n", "null_rate", "critical_value", "attained_size", "false_go_inert",
    "false_go_inert_mcse",
)  # fmt: skip

ASSURANCE: Final = (
    *_shared("endpoint", "population", "alpha", "null_rate", "critical_value", "n"),
    _chance("response_rate", "Response rate averaged over the draws"),
    _chance("response_rate_mcse", "Its standard error from draw to draw"),
    _chance("assurance", "Probability of success averaged over the draws"),
    _chance("assurance_mcse", "Its standard error from draw to draw"),
    *(
        _chance(f"power_p{at:02d}", f"Closed-form power that {at} % of the draws stay below")
        for at in (5, 25, 50, 75, 95)
    ),
    count("draws", "Draws of the priors that were followed", unit="draws"),
    *_shared("n_trials", "n_requested", "n_failed"),
)

DRAWS: Final = (
    count("draw", "Draw of the priors, from 0"),
    *_shared(
        "endpoint", "population", "alpha", "null_rate", "critical_value", "n", "response_rate",
        "response_rate_mcse", "power", "power_mcse", "exact_power", "exact_power_mcse", "n_trials",
    ),
)  # fmt: skip

PREDICTION: Final = (
    *_shared("endpoint", "population"),
    Entry("basis", "word", "", "Beta-binomial, or the assumption about the cells", nullable=False),
    count("final_responders", "Responders at the end of the trial", unit="subjects"),
    _chance("probability", "Probability of this number"),
    _chance("probability_mcse", "Its Monte Carlo standard error; 0 of the beta-binomial, which is exact"),
    *_shared("critical_value"),
    _chance("predictive_probability", "Probability that the trial succeeds"),
    _chance("predictive_probability_mcse", "Its Monte Carlo standard error, from the virtual patients"),
    real("effective_trials", "trials", "Matching virtual trials that would have this error; null if exact", 0),
    *_shared("n", "alpha"),
    count("responders", "Responders among those read out", unit="subjects"),
    count("read_out", "Subjects whose outcome is known", unit="subjects"),
    count("pending", "Subjects enrolled and not read out", unit="subjects"),
    count("to_enrol", "Places still open", unit="subjects"),
    *_shared("n_trials", "n_requested", "n_failed"),
)

TIPPING: Final = (
    TRIAL,
    *_shared("endpoint", "population", "alpha"),
    count("n", "Subjects in the population", unit="subjects"),
    count("responders", "Responders seen", unit="subjects"),
    count("missing", "Non-responders whose outcome was not seen", unit="subjects"),
    count("assumed", "Of these taken for responders", unit="subjects"),
    real("ways", "1", "In how many ways", 1),
    *_shared("critical_value"),
    flag("success", "What the trial would then decide", nullable=False),
)

PATIENTS: Final = (
    TRIAL,
    SUBJECT,
    SUBGROUP,
    *_shared("endpoint", "effect"),
    flag("in_population", "Whether the endpoint is for this subject", nullable=False),
    flag("read_out", "Whether its outcome is known", nullable=False),
    flag("responder", "Response; null where it is not known"),
    _chance("probability", "Share of responders among the virtual patients most like it"),
    _chance("probability_mcse", "Its Monte Carlo standard error"),
)
