"""What the mixture of patients does to an endpoint: unequal filling, lymphopenia alone, patients never infused.

Three kinds of patients, each with its share in the population and its response rate there, from one bank of the
infused: nephritis, cytopenia by lymphocytes alone, other cytopenia. Their numbers are then mixed anew.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.config import INERT
from sim.config.design import Design
from sim.config.question import Question
from sim.core.tables import Table
from sim.design.bank import sizes_of
from sim.design.bank_algebra import Stratum, binomial_table, delta_method
from sim.design.controls import arm_law, shares_and_rates
from sim.design.sample_size import null_rate_of, threshold_of
from sim.design.text_tables import table_of
from sim.design.tournament import Bank, Counts, population_of

Floats = NDArray[np.float64]
Sizes = tuple[int, int]

RISKS: Final = ("split", "random composition", "lymphopenia only", "never infused")


@dataclass(frozen=True)
class Mixture:
    """One way to fill a trial.

    sizes            : LN and LC patients with their probability. lymphopenia_only : share of the LC patients.
    infused          : share of the enrolled.
    """

    risk: str
    level: float
    sizes: tuple[tuple[Sizes, float], ...]
    lymphopenia_only: float
    infused: float


def kinds_of(table: Table, endpoint: str) -> tuple[Stratum, Stratum, Stratum]:
    """Nephritis, cytopenia by lymphocytes alone, other cytopenia: the infused of a bank, under one effect."""
    nephritis, alone = table["subgroup"] == 0, table["lymphopenia_only"] == 1
    found = []
    for chosen in (nephritis, ~nephritis & alone, ~nephritis & ~alone):
        answer = table[endpoint][chosen & (table["infused"] == 1)]
        found.append(Stratum(len(answer), int((answer >= 0).sum()), int((answer == 1).sum())))
    return found[0], found[1], found[2]


def observed_shares(table: Table) -> tuple[float, float]:
    """Share of lymphopenia alone among LC patients, and share of the enrolled who were infused."""
    cytopenia = table["lymphopenia_only"][table["subgroup"] == 1]
    return float(np.mean(cytopenia)) if len(cytopenia) else 0.0, float(np.mean(table["infused"]))


def mixtures(design: Design, question: Question, observed: tuple[float, float]) -> Iterator[Mixture]:
    """Every mixture that is asked for; what a line does not vary is as in the design and the bank."""
    n, planned = design.n, ((sizes_of(design, design.n), 1.0),)
    for first in range(n + 1):
        yield Mixture("split", first / n, (((first, n - first), 1.0),), *observed)
    for share in question.share_LN:
        chances = binomial_table(n, share)[n].tolist()
        drawn = tuple(((first, n - first), chance) for first, chance in enumerate(chances))
        yield Mixture("random composition", share, drawn, *observed)
    for share in question.lymphopenia_only:
        yield Mixture("lymphopenia only", share, planned, share, observed[1])
    for share in question.never_infused:
        yield Mixture("never infused", share, planned, observed[0], 1.0 - share)


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
    asked = list(mixtures(design, question, observed_shares(bank[INERT])))
    for endpoint in endpoints:
        kinds = {effect: kinds_of(bank[effect], endpoint) for effect in dict.fromkeys((INERT, *effects))}
        for mixture in asked:
            figures = {
                effect: _figures(of_effect, mixture, endpoint, design) for effect, of_effect in kinds.items()
            }
            for effect in effects:
                row = _head(mixture, endpoint, design, effect)
                rows.append({**row, **figures[effect], **_inert(figures[INERT]), **counts.columns})
    return table_of(rows)


def _head(mixture: Mixture, endpoint: str, design: Design, effect: str) -> dict[str, Any]:
    n_ln, n_lc = mixture.sizes[0][0] if len(mixture.sizes) == 1 else (-1, -1)
    return {
        "risk": mixture.risk,
        "level": mixture.level,
        "endpoint": endpoint,
        "population": population_of(endpoint),
        "effect": effect,
        "n": float(design.n),
        "n_LN": float("nan") if n_ln < 0 else float(n_ln),
        "n_LC": float("nan") if n_lc < 0 else float(n_lc),
        "null_rate": null_rate_of(endpoint, design),
        "alpha": design.alpha[0],
    }


def _inert(figures: dict[str, float]) -> dict[str, float]:
    return {"false_go_inert": figures["power"], "false_go_inert_mcse": figures["power_mcse"]}


def _figures(kinds: Sequence[Stratum], mixture: Mixture, endpoint: str, design: Design) -> dict[str, float]:
    """Expected rate and power of a mixture, with their standard errors."""
    values, variances = shares_and_rates(kinds)
    covariance = np.diag(variances)
    rate = delta_method(lambda moved: expected_rate(moved, mixture), values, covariance)
    threshold = threshold_of(endpoint, design, design.alpha[0])
    power = delta_method(lambda moved: mixed_power(moved, mixture, threshold), values, covariance)
    return {"rate": rate[0], "rate_mcse": rate[1], "power": power[0], "power_mcse": power[1]}


def _strata(values: Floats, mixture: Mixture) -> tuple[Floats, Floats]:
    """Shares in the population and rates there of LN and of the mixed LC."""
    alone = mixture.lymphopenia_only
    inside = alone * values[2] + (1.0 - alone) * values[4]
    responding = alone * values[2] * values[3] + (1.0 - alone) * values[4] * values[5]
    shares = np.clip(np.array([values[0], inside]) * mixture.infused, 0.0, 1.0)
    return shares, np.clip(np.array([values[1], responding / inside if inside else 0.0]), 0.0, 1.0)


def expected_rate(values: Floats, mixture: Mixture) -> float:
    """Responders among those evaluated; NaN where nobody can be.

    values : share and rate of nephritis, of cytopenia by lymphocytes alone, and of other cytopenia.
    """
    shares, rates = _strata(values, mixture)
    sizes = sum(np.array(size) * chance for size, chance in mixture.sizes)
    evaluated = sizes * shares
    return float(evaluated @ rates / evaluated.sum()) if evaluated.sum() else float("nan")


def mixed_power(values: Floats, mixture: Mixture, threshold: Callable[[int], int | None]) -> float:
    """Probability of success of a trial filled in this way; values as in `expected_rate`."""
    shares, rates = _strata(values, mixture)
    power = 0.0
    for size, chance in mixture.sizes:
        tails = arm_law(shares, rates, size)
        for evaluated in range(sum(size) + 1):
            critical = threshold(evaluated)
            if critical is not None:
                power += chance * float(tails[evaluated, critical])
    return min(power, 1.0)
