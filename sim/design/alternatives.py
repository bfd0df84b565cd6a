"""The same patients in other trials: each alternative at the design's own total number, and the number it would
need.

An alternative gives, for any total number, the power under an effect and under none. Numbers are those of the
whole trial; an endpoint for a subgroup has its share of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.config import INERT
from sim.config.design import Design
from sim.config.question import Question
from sim.core.tables import Table, table_of
from sim.design import controls
from sim.design.bank import numbers_of, strata_of
from sim.design.bank_algebra import Stratum, delta_method, mean_rate
from sim.design.bank_rules import BankRule, grid_of, rule_of
from sim.design.bank_stages import order_of
from sim.design.populations import population_of
from sim.design.sample_size import found, null_rate_of
from sim.design.tournament import Bank, Counts, planned_sizes

Floats = NDArray[np.float64]
Sizes = tuple[int, int]
Estimate = tuple[float, float]

SINGLE_ARM: Final = "single arm"
_NAN: Final = float("nan")


@dataclass(frozen=True)
class Alternative:
    """One trial design for one endpoint.

    power     : under an effect, for patients of each stratum, with its standard error. needed : the same without
                the error, for a search. rate, control_rate : expected, at the sizes given.
    treated   : how many of the patients get the cells.
    """

    name: str
    kind: str
    power: Callable[[str, Sizes], Estimate]
    needed: Callable[[str, Sizes], float]
    rate: Callable[[str, Sizes], Estimate]
    control_rate: Callable[[Sizes], float]
    treated: Callable[[Sizes], int]


def alternatives_table(
    banks: Mapping[str, Bank],
    endpoints: Sequence[str],
    design: Design,
    question: Question,
    effects: Sequence[str],
    wanted: float,
    counts: Mapping[str, Counts],
) -> Table:
    """One row for each alternative, endpoint and effect, at the first alpha.

    banks, counts : by world; SINGLE_ARM is the world of the configuration, where the controls are, too.
    """
    rows: list[dict[str, Any]] = []
    for endpoint in endpoints:
        for world, bank in banks.items():
            kind = SINGLE_ARM if world == SINGLE_ARM else "world"
            offered = [_single_arm(world, kind, bank, endpoint, design, question)]
            if world == SINGLE_ARM:
                offered += [*_concurrent(bank, endpoint, design, question)]
                offered += [*_external(bank, endpoint, design, question)]
            for alternative in offered:
                for effect in effects:
                    row = _row(alternative, endpoint, design, question, effect, wanted)
                    rows.append({**row, **counts[world].columns})
    return table_of(rows)


def _row(
    alternative: Alternative, endpoint: str, design: Design, question: Question, effect: str, wanted: float
) -> dict[str, Any]:
    sizes = planned_sizes(design, endpoint)
    power, inert = (alternative.power(key, sizes) for key in (effect, INERT))
    rate, rate_error = alternative.rate(effect, sizes)
    numbers = range(question.n_low, question.n_high + 1)
    steady = _NAN
    if effect != INERT:
        powers = [alternative.needed(effect, planned_sizes(design, endpoint, n)) for n in numbers]
        answer = found(numbers, powers, wanted).steady
        steady = _NAN if answer is None else float(answer)
    return {
        "alternative": alternative.name,
        "kind": alternative.kind,
        "endpoint": endpoint,
        "population": population_of(endpoint),
        "effect": effect,
        "n": sum(sizes),
        **numbers_of(design, sizes),
        "n_treated": alternative.treated(sizes),
        "alpha": design.alpha[0],
        "rate": rate,
        "rate_mcse": rate_error,
        "control_rate": alternative.control_rate(sizes),
        "power": power[0],
        "power_mcse": power[1],
        "false_go_inert": inert[0],
        "false_go_inert_mcse": inert[1],
        "wanted_power": wanted,
        "n_for_power": steady,
        "n_limit": numbers[-1],
    }


def _single_arm(
    name: str, kind: str, bank: Bank, endpoint: str, design: Design, question: Question
) -> Alternative:
    """Everybody treated, against the assumed benchmark."""
    strata = {
        effect: strata_of(table, endpoint, design, population_of(endpoint)) for effect, table in bank.items()
    }
    largest = max(design.n, question.n_high)
    rule, order = rule_of(endpoint, design, design.alpha[0]), order_of(bank[INERT], design)
    grids = {effect: grid_of(rule, of_effect, order, largest) for effect, of_effect in strata.items()}
    return Alternative(
        name=name,
        kind=kind,
        power=lambda effect, sizes: (float(grids[effect][0][sizes]), float(grids[effect][1][sizes])),
        needed=lambda effect, sizes: float(grids[effect][0][sizes]),
        rate=lambda effect, sizes: mean_rate(strata[effect], sizes),
        control_rate=lambda _: null_rate_of(endpoint, design),
        treated=sum,
    )


def _concurrent(bank: Bank, endpoint: str, design: Design, question: Question) -> Iterator[Alternative]:
    """A control group drawn by lot from the same patients."""
    pairs = {effect: _responders(bank, endpoint, design, effect) for effect in bank}
    for ratio in question.control_ratios:
        yield _randomised(pairs, design, question, ratio)


def _randomised(
    pairs: Mapping[str, tuple[Floats, Floats]], design: Design, question: Question, ratio: float
) -> Alternative:
    def power(rates: Floats, sizes: Sizes) -> float:
        treated, control = controls.allocated(sizes, ratio)
        if not sum(treated) or not sum(control):
            return 0.0
        return controls.randomised_power(rates, treated, control, design.alpha[0], question.control_test)

    def expected(rates: Floats, errors: Floats, sizes: Sizes) -> Estimate:
        if not sum(sizes):
            return _NAN, _NAN
        weight = np.array(sizes) / sum(sizes)
        return float(weight @ rates), float(np.sqrt(weight**2 @ errors))

    return Alternative(
        name=f"control {ratio:g}:1, {question.control_test}",
        kind="concurrent control",
        power=lambda effect, sizes: delta_method(lambda rates: power(rates, sizes), *pairs[effect]),
        needed=lambda effect, sizes: power(pairs[effect][0], sizes),
        rate=lambda effect, sizes: expected(
            pairs[effect][0][:2], np.diag(pairs[effect][1])[:2], controls.allocated(sizes, ratio)[0]
        ),
        control_rate=lambda sizes: expected(
            pairs[INERT][0][2:], np.diag(pairs[INERT][1])[2:], controls.allocated(sizes, ratio)[1]
        )[0],
        treated=lambda sizes: sum(controls.allocated(sizes, ratio)[0]),
    )


def _responders(bank: Bank, endpoint: str, design: Design, effect: str) -> tuple[Floats, Floats]:
    """Rates of responders among everybody enrolled, treated and not, by stratum, and their covariance."""
    subgroup = bank[effect]["subgroup"]
    strata = [subgroup == 0, subgroup == 1]
    if design.composition == "random":
        strata = [np.ones(len(subgroup), np.bool_), np.zeros(len(subgroup), np.bool_)]
    with_it, without = ([bank[key][endpoint][chosen] == 1 for chosen in strata] for key in (effect, INERT))
    return controls.treated_and_control(with_it, without)


def _external(bank: Bank, endpoint: str, design: Design, question: Question) -> Iterator[Alternative]:
    """Everybody treated, against a threshold from patients elsewhere whose rate may lie off the own one.

    None for a rule with planned numbers, whose stages belong to one benchmark and not to each possible threshold.
    """
    rule = rule_of(endpoint, design, design.alpha[0])
    if rule.planned:
        return
    strata = {
        effect: strata_of(table, endpoint, design, population_of(endpoint)) for effect, table in bank.items()
    }
    for drift in question.drift:
        yield _threshold_crossing(strata, rule, question, drift)


def _threshold_crossing(
    strata: Mapping[str, tuple[Stratum, Stratum]], rule: BankRule, question: Question, drift: float
) -> Alternative:
    def power(values: Floats, sizes: Sizes) -> float:
        return controls.external_power(
            values[:4],
            sizes,
            values[4] + drift,
            question.external_patients,
            question.external_confidence,
            rule.against,
        )

    def estimates(effect: str, sizes: Sizes) -> tuple[Floats, Floats]:
        """Shares and rates, and the own rate without the cells; its covariance with the rates is left out."""
        values, variances = controls.shares_and_rates(strata[effect])
        inert, error = mean_rate(strata[INERT], sizes)
        return np.append(values, np.nan_to_num(inert)), np.diag(np.append(variances, np.nan_to_num(error) ** 2))

    def with_error(effect: str, sizes: Sizes) -> Estimate:
        values, covariance = estimates(effect, sizes)
        return delta_method(lambda moved: power(moved, sizes), values, covariance)

    return Alternative(
        name=f"external {question.external_patients}, drift {drift:+.2f}",
        kind="external control",
        power=with_error,
        needed=lambda effect, sizes: power(estimates(effect, sizes)[0], sizes),
        rate=lambda effect, sizes: mean_rate(strata[effect], sizes),
        control_rate=lambda sizes: float(np.clip(mean_rate(strata[INERT], sizes)[0] + drift, 0.0, 1.0)),
        treated=sum,
    )
