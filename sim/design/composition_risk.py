"""What the mixture of patients does to an endpoint: unequal filling, lymphopenia alone, patients never infused.

Three kinds of patients, each with its share in the population and its response rate there, from one bank of the
infused: nephritis, cytopenia by lymphocytes alone, other cytopenia. Their numbers are then mixed anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.config import INERT
from sim.config.design import Design
from sim.config.question import Question
from sim.core.tables import Table, table_of
from sim.design.bank import sizes_of
from sim.design.bank_algebra import Stratum, delta_method
from sim.design.bank_rules import BankRule, rule_of
from sim.design.bank_stages import Order, one_kind, order_of, staged_grid
from sim.design.controls import arm_law, shares_and_rates
from sim.design.populations import population_of
from sim.design.sample_size import null_rate_of
from sim.design.tournament import Bank, Counts

Floats = NDArray[np.float64]
Sizes = tuple[int, int]

RISKS: Final = ("split", "random composition", "lymphopenia only", "never infused")


@dataclass(frozen=True)
class Mixture:
    """One way to fill a trial; what is None is as in the bank.

    sizes            : LN and LC patients; None leaves them to chance, each of the n being LN with share `level`.
    lymphopenia_only : share of the LC patients. infused : share of the enrolled.
    """

    risk: str
    level: float
    n: int
    sizes: Sizes | None
    lymphopenia_only: float | None = None
    infused: float | None = None


def kinds_of(table: Table, endpoint: str) -> tuple[Stratum, Stratum, Stratum]:
    """Nephritis, cytopenia by lymphocytes alone, other cytopenia: the infused of a bank, under one effect."""
    nephritis, alone = table["subgroup"] == 0, table["lymphopenia_only"] == 1
    found = []
    for chosen in (nephritis, ~nephritis & alone, ~nephritis & ~alone):
        answer = table[endpoint][chosen & (table["infused"] == 1)]
        found.append(Stratum(len(answer), int((answer >= 0).sum()), int((answer == 1).sum())))
    return found[0], found[1], found[2]


def estimates(table: Table, endpoint: str, order: Order) -> tuple[Floats, Floats]:
    """What a bank says of its patients under one effect, and the variances of these estimates.

    Result : (9,) twice: share in the population and rate there of the three kinds, the share of lymphopenia alone
             among LC patients, the share of the enrolled who were infused, and the share of LN in the order.
    """
    values, variances = shares_and_rates(kinds_of(table, endpoint))
    flags = (table["lymphopenia_only"][table["subgroup"] == 1] == 1, table["infused"] == 1)
    shares = np.array([float(np.mean(each)) if len(each) else 0.0 for each in flags])
    spread = shares * (1.0 - shares) / np.array([max(len(each), 1) for each in flags])
    return np.append(values, [*shares, order.share]), np.append(variances, [*spread, order.variance])


def mixtures(design: Design, question: Question) -> Iterator[Mixture]:
    """Every mixture that is asked for; what a line does not vary is as in the design and the bank."""
    n, planned = design.n, sizes_of(design, design.n)
    for first in range(n + 1):
        yield Mixture("split", first / n, n, (first, n - first))
    for share in question.share_LN:
        yield Mixture("random composition", share, n, None)
    for share in question.lymphopenia_only:
        yield Mixture("lymphopenia only", share, n, planned, lymphopenia_only=share)
    for share in question.never_infused:
        yield Mixture("never infused", share, n, planned, infused=1.0 - share)


def composition_table(
    bank: Bank,
    endpoints: Sequence[str],
    design: Design,
    question: Question,
    effects: Sequence[str],
    counts: Counts,
) -> Table:
    """One row for each mixture, endpoint and effect, at the first alpha."""
    rows = []
    order = order_of(bank[INERT], design)
    for endpoint in endpoints:
        rule = rule_of(endpoint, design, design.alpha[0])
        known = {effect: estimates(bank[effect], endpoint, order) for effect in dict.fromkeys((INERT, *effects))}
        for mixture in mixtures(design, question):
            figures = {
                effect: _figures(*of_effect, mixture, rule, design.planned(population_of(endpoint)) or 0)
                for effect, of_effect in known.items()
            }
            for effect in effects:
                row = _head(mixture, endpoint, design, effect)
                rows.append({**row, **figures[effect], **_inert(figures[INERT]), **counts.columns})
    return table_of(rows)


def _head(mixture: Mixture, endpoint: str, design: Design, effect: str) -> dict[str, Any]:
    n_ln, n_lc = (float("nan"), float("nan")) if mixture.sizes is None else mixture.sizes
    return {
        "risk": mixture.risk,
        "level": mixture.level,
        "endpoint": endpoint,
        "population": population_of(endpoint),
        "effect": effect,
        "n": float(design.n),
        "n_LN": float(n_ln),
        "n_LC": float(n_lc),
        "null_rate": null_rate_of(endpoint, design),
        "alpha": design.alpha[0],
    }


def _inert(figures: dict[str, float]) -> dict[str, float]:
    return {"false_go_inert": figures["power"], "false_go_inert_mcse": figures["power_mcse"]}


def _figures(
    values: Floats, variances: Floats, mixture: Mixture, rule: BankRule, planned: int
) -> dict[str, float]:
    """Expected rate and power of a mixture, with their standard errors."""
    covariance = np.diag(variances)
    rate = delta_method(lambda moved: expected_rate(moved, mixture), values, covariance)
    power = delta_method(lambda moved: mixed_power(moved, mixture, rule, planned), values, covariance)
    return {"rate": rate[0], "rate_mcse": rate[1], "power": power[0], "power_mcse": power[1]}


def _strata(values: Floats, mixture: Mixture) -> tuple[Floats, Floats, Sizes]:
    """Shares in the population, rates there and numbers of LN and of the mixed LC.

    Where the numbers are left to chance all patients are of one kind, the mixture of both.
    """
    alone, infused = (
        float(values[place]) if asked is None else asked
        for place, asked in ((6, mixture.lymphopenia_only), (7, mixture.infused))
    )
    cytopenia = _mixed(values[2:6], 1.0 - alone)
    shares, rates = np.array([values[0], cytopenia[0]]), np.array([values[1], cytopenia[1]])
    sizes = mixture.sizes
    if sizes is None:
        pooled = _mixed(np.array([shares[0], rates[0], shares[1], rates[1]]), 1.0 - mixture.level)
        shares, rates, sizes = np.array([pooled[0], 0.0]), np.array([pooled[1], 0.0]), (mixture.n, 0)
    return np.clip(shares * infused, 0.0, 1.0), np.clip(rates, 0.0, 1.0), sizes


def _mixed(values: Floats, second: float) -> tuple[float, float]:
    """Share and rate of a mixture of two kinds, from share and rate of each and the part of the second."""
    inside = (1.0 - second) * values[0] + second * values[2]
    responding = (1.0 - second) * values[0] * values[1] + second * values[2] * values[3]
    return float(inside), float(responding / inside) if inside else 0.0


def expected_rate(values: Floats, mixture: Mixture) -> float:
    """Responders among those evaluated; NaN where nobody can be.

    values : as in `estimates`.
    """
    shares, rates, sizes = _strata(values, mixture)
    evaluated = np.array(sizes) * shares
    return float(evaluated @ rates / evaluated.sum()) if evaluated.sum() else float("nan")


def mixed_power(values: Floats, mixture: Mixture, rule: BankRule, planned: int) -> float:
    """Probability of success of a trial filled in this way; values as in `estimates`.

    planned : patients of the endpoint's population in the design, for which a rule with planned numbers made them.
    """
    shares, rates, sizes = _strata(values, mixture)
    if rule.planned:
        plan, min_n = rule.plan(planned), rule.asked.min_n
        if mixture.sizes is None:
            return float(one_kind(shares[0], rates[0], mixture.n, plan, min_n)[-1])
        strata = (shares[0], rates[0], shares[1], rates[1], values[8])
        return float(staged_grid(tuple(map(float, strata)), mixture.n, plan, min_n)[sizes])
    tails = arm_law(shares, rates, sizes)
    needed = [(n, rule.threshold(n)) for n in range(mixture.n + 1)]
    return min(sum(float(tails[n, critical]) for n, critical in needed if critical is not None), 1.0)
