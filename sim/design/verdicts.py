"""What a rule says of trials, and with what probability: go, consider, stop, and stop after the first stage."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.design.outcome_law import mass_slope, responder_mass
from sim.design.rules import Plan
from sim.design.staged import Staged
from sim.design.tally import distinct, weighted_sum
from sim.stats import binomial

Floats = NDArray[np.float64]
Counts = NDArray[Any]
Flags = NDArray[np.bool_]

VERDICTS: Final = ("go", "consider", "stop", "stop_early")
"""The first three exclude each other and one of them holds; stop_early is the part of stop at the first look."""


def counted_verdicts(responders: Counts, n: Counts, plan_for: Callable[[int], Plan | None]) -> dict[str, Flags]:
    """Each trial on the patients it has; where no plan exists for their number the verdict is stop.

    responders, n : (trials,). Result : flags by verdict.
    """
    sizes, position = np.unique(n, return_inverse=True)
    plans = [plan_for(int(size)) for size in sizes]
    needed = np.array(
        [_never(size) if plan is None else plan.needed for size, plan in zip(sizes, plans, strict=True)]
    )
    most = np.array([size if plan is None else plan.stop_most for size, plan in zip(sizes, plans, strict=True)])
    place = position.reshape(-1)
    return _verdicts(responders >= needed[place], responders <= most[place], np.zeros(len(n), dtype=np.bool_))


def staged_verdicts(seen: Staged, evaluated: Counts, plan: Plan | None, min_n: int) -> dict[str, Flags]:
    """The planned numbers as they stand: a patient who is missing is no responder.

    evaluated : (trials,) all evaluated patients of the population; fewer than min_n are no success.
    """
    if plan is None:
        return _verdicts(*(np.full(len(evaluated), value) for value in (False, True, False)))
    first, later = seen.first_responders.sum(axis=1), seen.later_responders.sum(axis=1)
    early = (first <= plan.futility) & (plan.interim > 0) & (evaluated >= min_n)
    total = first + later
    go = ~early & (total >= plan.needed) & (evaluated >= min_n)
    return _verdicts(go, early | (total <= plan.stop_most) | (evaluated < min_n), early)


def patients_used(seen: Staged, plan: Plan, stop_early: Flags) -> Counts:
    """(trials,) patients whose outcomes the decision used."""
    first, later = seen.first_n.sum(axis=1), seen.later_n.sum(axis=1)
    return np.asarray(np.where(stop_early, np.minimum(first, plan.interim), first + later))


def exact_verdicts(
    first: Counts,
    later: Counts,
    rates: Floats,
    errors: Floats,
    plan_for: Callable[[int], Plan | None],
    trials: Counts | int = 1,
) -> dict[str, tuple[float, float]]:
    """Probability of each verdict over trials of these compositions, each with its error by the delta method.

    first, later : (rows, strata) evaluated patients of the two stages.
    rates, errors : (strata,) response rates and their standard errors; NaN only in a stratum without patients.
    plan_for     : the numbers for so many evaluated patients; None is stop.
    trials       : how many trials each row stands for.
    Result       : (probability, error) by verdict; the parts of the error as in closed_form.exact_power.
    """
    both = np.concatenate([first, later], axis=1).astype(np.int64)
    rows, place = distinct(list(both.T))
    number = weighted_sum(place, np.broadcast_to(trials, len(both)), len(rows))
    strata, shares = first.shape[1], number / number.sum()
    known, spread = np.nan_to_num(rates), np.nan_to_num(errors)
    chances, slopes = [], []
    for composition in both[rows]:
        plan = plan_for(int(composition.sum()))
        chance, slope = _one_composition(composition[:strata], composition[strata:], known, plan)
        chances.append(chance)
        slopes.append(slope)
    each, slope_of = np.array(chances), np.array(slopes)
    mean = shares @ each
    between = shares @ (each - mean) ** 2 / number.sum()
    within = ((np.tensordot(shares, slope_of, axes=1) * spread[:, None]) ** 2).sum(axis=0)
    return {name: (float(mean[k]), float(np.sqrt(between[k] + within[k]))) for k, name in enumerate(VERDICTS)}


def chances_at(plan: Plan | None, rate: float) -> dict[str, float]:
    """Probability of each verdict where everybody is evaluated and responds with one rate."""
    if plan is None:
        return dict(zip(VERDICTS, _NOTHING.tolist(), strict=True))
    first, later = np.array([plan.interim]), np.array([plan.n - plan.interim])
    chance, _ = _one_composition(first, later, np.array([rate]), plan)
    return dict(zip(VERDICTS, chance.tolist(), strict=True))


def attained_size(plan: Plan | None, null_rate: float) -> float:
    """Exact probability of success where everybody is evaluated and responds with the benchmark rate."""
    if plan is None or not plan.interim:
        return binomial.power(plan.n, plan.critical, null_rate) if plan else 0.0
    return chances_at(plan, null_rate)["go"]


_NOTHING: Final = np.array([0.0, 0.0, 1.0, 0.0])


def _never(size: int) -> int:
    return size + 1


def _verdicts(go: Flags, stop: Flags, early: Flags) -> dict[str, Flags]:
    return {"go": go, "consider": ~go & ~stop, "stop": stop & ~go, "stop_early": early}


def _one_composition(first: Counts, later: Counts, rates: Floats, plan: Plan | None) -> tuple[Floats, Floats]:
    """Probabilities of the verdicts, and (strata, verdicts) their derivatives in each rate."""
    if plan is None:
        return _NOTHING, np.zeros((len(rates), len(VERDICTS)))
    one, two = responder_mass(first, rates), responder_mass(later, rates)
    slopes = [
        _chances(mass_slope(first, rates, k), two, plan) + _chances(one, mass_slope(later, rates, k), plan)
        for k in range(len(rates))
    ]
    return _chances(one, two, plan), np.array(slopes)


def _chances(first: Floats, later: Floats, plan: Plan) -> Floats:
    """The verdicts' probabilities; linear in the distribution of each stage's responders."""
    early = first[: plan.futility + 1] if plan.interim else first[:0]
    going_on = first.copy()
    going_on[: early.size] = 0.0
    total = np.convolve(going_on, later)
    stopped = float(early.sum() * later.sum())
    late = float(total[: plan.stop_most + 1].sum())
    go = float(total[plan.needed :].sum())
    consider = float(total[plan.stop_most + 1 : plan.needed].sum())
    return np.array([go, consider, stopped + late, stopped])
