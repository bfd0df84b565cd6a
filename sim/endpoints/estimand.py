"""A yes/no endpoint under a strategy for intercurrent events and a policy for missing outcomes (ICH E9(R1)).

An outcome is *known* to be non-response after death, and, by the composite strategy, after an intercurrent event
or a withdrawal for lack of efficacy or an adverse event. It is *missing* where participation ended otherwise
before the time point, and where neither the scheduled visit nor one in its window has everything that is needed.
The non-response policy carries an assessment for `carry_days` first, last observation carried forward any after
day 0.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import ENDPOINTS, Analysis
from sim.endpoints.dataset import DataSet
from sim.endpoints.hematologic import raised_day
from sim.endpoints.intercurrent import ENDS, REASONS, WEEK_12, WEEK_24, Verdict, ended
from sim.endpoints.outcomes import Changes, Times
from sim.endpoints.renal import excess_day

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]
Rule = Callable[[DataSet, Analysis], Verdict]
Carried = Literal["config", "any", "none"]

DRUGS: Final = ("rescue", "transfusion", "gcsf")
INTERVENING: Final = MappingProxyType(
    {"P2": (*DRUGS, "dose"), "P3": ("rescue", "dose")} | {f"S{number}": ("rescue",) for number in range(2, 7)}
)
"""Reasons that are intercurrent events; P1 and S1 have none but the dose, which is the endpoint."""
KNOWN: Final = MappingProxyType({"P1": ("dose",), "S1": ("dose",), "P2": ("no_response_definition",)})
"""Reasons that are certain whatever else was not observed."""
FAILED_BY: Final = ("lack_of_efficacy", "adverse_event")
"""Withdrawals that are intercurrent events."""
CARRIED: Final[MappingProxyType[str, Carried]] = MappingProxyType({"nri": "config", "locf": "any"})
_DEATH: Final = REASONS.index("death")


@dataclass(frozen=True)
class Standing:
    """What is known of each subject before the policy for missing outcomes speaks.

    known, missing, failed : codes into REASONS, 0 for none: certain non-response; an outcome that is missing (only
                             where it is not known); non-response at the assessment (only where neither).
    data                   : what was looked at.
    """

    in_population: Flags
    known: Codes
    missing: Codes
    failed: Codes
    data: DataSet


def is_primary(name: str, analysis: Analysis) -> bool:
    """Whether an endpoint is scored as its rule says it: by the composite strategy and the non-response policy."""
    if name not in ENDPOINTS:
        return True
    chosen = getattr(analysis.intercurrent, name), getattr(analysis.missing, name)
    return chosen == ("composite", "nri")


def answer(
    name: str, rule: Callable[[DataSet, Analysis], Verdict | Times | Changes], data: DataSet, analysis: Analysis
) -> Verdict | Times | Changes:
    """The answer of an endpoint under the estimand that the analysis chooses for it."""
    strategy = getattr(analysis.intercurrent, name, "")
    if name not in ENDPOINTS:
        changed = strategy == "hypothetical" and name in ("S8", "S10", "O1", "O2")
        return rule(_until(data, data.first_day("rescue", low=1)) if changed else data, analysis)
    if is_primary(name, analysis):
        return rule(data, analysis)
    policy = getattr(analysis.missing, name)
    return settled(standing(name, _verdicts(rule), data, analysis, strategy, policy), policy)


def settled(found: Standing, policy: str) -> Verdict:
    """The verdict once a policy has spoken of what is missing; `obs` and `mi` leave it open (responder -1).

    The reason of a missing outcome is kept also where it counts as response.
    """
    lost = found.missing != 0
    open_answer = {"best": 1, "obs": -1, "mi": -1}.get(policy, 0)
    responder = np.where(lost, open_answer, (found.known == 0) & (found.failed == 0))
    reason = np.where(found.in_population, found.known + found.missing + found.failed, 0).astype(np.int8)
    responder = np.where(found.in_population, responder, -1).astype(np.int8)
    return Verdict(found.in_population, responder, reason, (found.known, found.missing, found.failed))


def standing(name: str, rule: Rule, data: DataSet, analysis: Analysis, strategy: str, policy: str) -> Standing:
    """What is known, missing and observed of each subject under a strategy; policy says what may be carried."""
    carried = CARRIED.get(policy, "none")
    found = _answered(name, rule, data, analysis, carried)
    if strategy in ("composite", "treatment_policy"):
        return _sorted_out(name, found, data, strategy, carried)
    seen = found if carried != "any" else _answered(name, rule, data, analysis, "none")
    stop = _stop_day(name, data, analysis, seen)
    until = _until(data, stop)
    if strategy == "hypothetical":
        return _sorted_out(name, _answered(name, rule, until, analysis, carried), until, strategy, carried)
    last = _sorted_out(name, _answered(name, rule, until, analysis, "any"), until, strategy, "any")
    stopped = ~np.isnan(stop) | (_lost(name, data) != 0)
    return _either(stopped, last, _sorted_out(name, found, until, strategy, carried))


def _verdicts(rule: Callable[[DataSet, Analysis], Verdict | Times | Changes]) -> Rule:
    def judged(data: DataSet, analysis: Analysis) -> Verdict:
        found = rule(data, analysis)
        if not isinstance(found, Verdict):
            raise TypeError("a policy for missing outcomes needs an endpoint that is a yes or no")
        return found

    return judged


def _time_point(name: str) -> int:
    return WEEK_12 if name == "P1" else WEEK_24


def _answered(name: str, rule: Rule, data: DataSet, analysis: Analysis, carried: Carried) -> Verdict:
    """The rule's own verdict with assessments carried as far as said; computed once for a data set."""
    key = "answered", name, analysis, carried
    if key not in data.memo:
        seen = data if carried == "any" else _observed(data)
        days = {"config": analysis.carry_days, "any": WEEK_24 - 1, "none": 0}[carried]
        data.memo[key] = rule(seen, replace(analysis, carry_days=days))
    found: Verdict = data.memo[key]
    return found


def _sorted_out(name: str, found: Verdict, data: DataSet, strategy: str, carried: Carried) -> Standing:
    """The failures of a verdict by what they are."""
    events = INTERVENING.get(name, ())
    composite = strategy == "composite"
    certain = KNOWN.get(name, ()) + (events if composite else ())
    lost = _lost(name, data)
    known = np.where(data.first_day("death") < _time_point(name), _DEATH, 0).astype(np.int8)
    missing = np.zeros(data.size, np.int8) if carried == "any" else lost
    failed = np.zeros(data.size, np.int8)
    for codes in found.failures:
        known = _first(known, _among(codes, certain))
        missing = _first(missing, _among(codes, ("missing",)))
        failed = _first(failed, _without(codes, (*ENDS, *certain, *events, "missing")))
    if composite:
        known = _first(known, np.where(_failed_by_withdrawal(data, lost), lost, 0).astype(np.int8))
    missing = np.where(known == 0, missing, 0).astype(np.int8)
    failed = np.where((known == 0) & (missing == 0), failed, 0).astype(np.int8)
    return Standing(found.in_population, known, missing, failed, data)


def _lost(name: str, data: DataSet) -> Codes:
    """How participation ended before the time point other than by death; 0 for who stayed or died first."""
    left = ended(data, _time_point(name))
    return np.where(left == _DEATH, 0, left).astype(np.int8)


def _failed_by_withdrawal(data: DataSet, lost: Codes) -> Flags:
    """Whose participation ended by a withdrawal for lack of efficacy or an adverse event."""
    row, day = data.events_of("withdrawal", *FAILED_BY)
    first = np.full(data.size, np.inf)
    np.minimum.at(first, row, day)
    known = first <= data.first_day("withdrawal")
    return np.asarray((lost == REASONS.index("withdrawal")) & known, dtype=np.bool_)


def _either(chosen: Flags, one: Standing, other: Standing) -> Standing:
    """One standing for those chosen, the other for the rest."""
    known, missing, failed = (
        np.where(chosen, getattr(one, part), getattr(other, part)).astype(np.int8)
        for part in ("known", "missing", "failed")
    )
    return Standing(one.in_population, known, missing, failed, one.data)


def _stop_day(name: str, data: DataSet, analysis: Analysis, found: Verdict) -> Floats:
    """Day of the first intercurrent event of those who had one by the rule's own windows; NaN for the others."""
    days = {kind: data.first_day(kind, low=1) for kind in DRUGS}
    days["dose"] = raised_day(data, analysis) if name == "P2" else excess_day(data, analysis)
    stop = np.full(data.size, np.nan)
    for kind in INTERVENING.get(name, ()):
        happened = np.any([codes == REASONS.index(kind) for codes in found.failures], axis=0)
        stop = np.fmin(stop, np.where(happened, days[kind], np.nan))
    return stop


def _until(data: DataSet, stop: Floats) -> DataSet:
    """The data without what followed an event: later visits, and from its day on such events and its doses.

    A visit on the day of the event is kept, for the event was decided on there. The last data set made is kept:
    most endpoints and policies ask for the same one.
    """
    if np.isnan(stop).all():
        return data
    key = stop.tobytes()
    if data.memo.get("until", ("", data))[0] != key:
        data.memo["until"] = key, _cut(data, stop)
    until: DataSet = data.memo["until"][1]
    return until


def _cut(data: DataSet, stop: Floats) -> DataSet:
    row = data.rows_of(data.visits)
    late = (row >= 0) & (data.visits["day"].astype(np.float64) > np.append(stop, np.nan)[row])
    of = data.rows_of(data.events)
    drug = np.isin(data.events["kind"], DRUGS) & (of >= 0) & (data.events["day"] >= np.append(stop, np.nan)[of])
    days = np.arange(data.daily.shape[1])
    before = np.where(np.isnan(stop), 1.0, stop).astype(np.int64) - 1
    usual = np.take_along_axis(data.daily, np.minimum(before, len(days) - 1)[:, None], axis=1)
    doses = np.where(days[None, :] >= stop[:, None], usual, data.daily)
    return replace(data, visits=data.visits.where(~late), events=data.events.where(~drug), doses=doses)


def _observed(data: DataSet) -> DataSet:
    """The data with doses unknown from the day after the end of participation on."""
    if "observed" not in data.memo:
        end = np.fmin.reduce([data.first_day(kind) for kind in ENDS], axis=0)
        gone = np.arange(data.daily.shape[1])[None, :] > end[:, None]
        observed = replace(data, doses=np.where(gone, np.nan, data.daily)) if gone.any() else data
        data.memo["observed"] = observed
    seen: DataSet = data.memo["observed"]
    return seen


def _among(codes: Codes, reasons: tuple[str, ...]) -> Codes:
    return np.where(np.isin(codes, [REASONS.index(name) for name in reasons]), codes, 0).astype(np.int8)


def _without(codes: Codes, reasons: tuple[str, ...]) -> Codes:
    return np.where(np.isin(codes, [REASONS.index(name) for name in reasons]), 0, codes).astype(np.int8)


def _first(codes: Codes, later: Codes) -> Codes:
    return np.where(codes == 0, later, codes).astype(np.int8)
