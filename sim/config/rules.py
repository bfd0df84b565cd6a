"""What the decision rules of a design need beside benchmark and level, and what is refused by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sim.config.fields import flag, integer, mapping_of_lists, number, positive, text, words

COUNTED_RULES: Final = ("exact_binomial", "bayes", "lower_limit", "go_consider_stop")
"""They decide each trial on the patients it has."""
PLANNED_RULES: Final = ("ahern", "simon_optimal", "simon_minimax", "two_stage")
"""Their numbers of patients are fixed before the trial begins."""
RULES: Final = (*COUNTED_RULES, *PLANNED_RULES)
RULES_WITH_TARGET: Final = ("go_consider_stop", "ahern", "simon_optimal", "simon_minimax")
SUBGROUP_OF: Final[Mapping[str, str]] = {"P2": "LC", "P3": "LN"}
"""Endpoints of one subgroup: hematologic improvement is for lupus cytopenia, renal response for nephritis."""
FAMILY: Final = ("P1", "P2", "P3", "S1", "S2", "S3", "S4", "S5", "S6")

_IMPUTES: Final = (
    "it estimates more from the patients than fewer than 30 can tell, so it is refused below 30 patients and not "
    "built above; an endpoint missing its value is a non-response here, with its reason"
)
_CHANGES: Final = (
    "it is for changes from baseline, and the endpoints decided here are yes or no; experiment=changes decides by "
    "it, against the same patients without the cells and never against 0"
)
_TIMES: Final = (
    "it is for times to event, and the endpoints decided here are yes or no; experiment=times decides by it"
)
REFUSED: Final[Mapping[str, str]] = {
    "multiple_imputation": _IMPUTES,
    "mmrm": _IMPUTES,
    "augmented_binary": _IMPUTES,
    "signed_rank": _CHANGES,
    "t_test": _CHANGES,
    "kaplan_meier": _TIMES,
}
_MIXTURE: Final = (
    "a mixture on the treated rate would borrow responders that nobody has treated: with ten patients the weight "
    "of the mixture decides and not the patients; use beta with prior_responders and prior_failures"
)


def rule_problems(rule: str) -> list[str]:
    """Why a rule is not taken, in one sentence."""
    if rule in RULES:
        return []
    if rule in REFUSED:
        return [f"rule: {rule!r} is not computed: {REFUSED[rule]}; choose one of {', '.join(RULES)}"]
    return [f"rule: {rule!r} is not allowed; it must be one of {', '.join(RULES)}"]


@dataclass(frozen=True)
class RuleSettings:
    """Priors, certainties and boundaries; each rule reads what it needs (docs/decisions.md D85 to D89)."""

    power: float = number(0.0, 1.0, open_low=True)
    """Wanted at the target rate: Simon, A'Hern."""
    prior: str = text()
    prior_responders: float = positive("responders")
    prior_failures: float = positive("non-responders")
    calibrated: bool = flag()
    """bayes: the certainty that keeps alpha at the benchmark, instead of 1 - alpha."""
    limit_above: float | None = number(0.0, 1.0, optional=True)
    """lower_limit: the rate that the limit must pass; null is the benchmark."""
    stop_below: float = number(0.0, 1.0, open_low=True)
    """go_consider_stop: stop where the probability that the rate exceeds the target is below this."""
    boundaries: dict[str, tuple[int, ...]] | None = mapping_of_lists(length=4)
    """two_stage: for each endpoint r1, n1, r, n."""
    sequence: tuple[str, ...] = words(*FAMILY)
    """The family of endpoints in the order of fixed sequence and gatekeeping."""
    serious_tolerated: float = number(0.0, 1.0, open_low=True)
    serious_certainty: float = number(0.0, 1.0, open_low=True)
    serious_prior_events: float = positive("patients")
    serious_prior_none: float = positive("patients")
    outcome_weeks: int = integer(1, 520, unit="week")
    """From enrolment to the outcome: who is enrolled meanwhile without an accrual pause."""

    def check(self) -> list[str]:
        """A beta prior, certainties below 1, boundaries that a trial can meet, each endpoint once."""
        problems = [
            f"{key}: {value!r} is not allowed; it must be above 0 and below 1"
            for key in ("power", "stop_below", "serious_tolerated", "serious_certainty")
            if (value := getattr(self, key)) >= 1.0
        ]
        if self.limit_above is not None and self.limit_above >= 1.0:
            problems.append(f"limit_above: {self.limit_above!r} is not allowed; no lower limit is above 1")
        problems += self._check_prior() + self._check_boundaries()
        if repeated := sorted({name for name in self.sequence if self.sequence.count(name) > 1}):
            problems.append(f"sequence: {', '.join(repeated)} named more than once; name each endpoint once")
        return problems

    def _check_prior(self) -> list[str]:
        if self.prior == "beta":
            return []
        if "mixture" in self.prior or "robust" in self.prior:
            return [f"prior: {self.prior!r} is refused: {_MIXTURE}"]
        return [f"prior: {self.prior!r} is not allowed; it must be beta"]

    def _check_boundaries(self) -> list[str]:
        return [
            f"boundaries.{endpoint}: {list(numbers)} is impossible; r1, n1, r, n must keep 0 <= r1 < n1 < n and "
            "r1 <= r < n: stop with at most r1 of n1, succeed with more than r of n"
            for endpoint, numbers in (self.boundaries or {}).items()
            if not _possible(*numbers)
        ] + [
            f"boundaries.{endpoint}: no such endpoint; name one of {', '.join(FAMILY)}"
            for endpoint in self.boundaries or {}
            if endpoint not in FAMILY
        ]


def _possible(r1: int, n1: int, r: int, n: int) -> bool:
    return 0 <= r1 < n1 < n and r1 <= r < n
