"""The family of primary endpoints on simulated trials: joint power of each procedure, and its errors."""

from collections.abc import Sequence
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.design import Design
from sim.core.tables import Table
from sim.design.decision_table import planned_places
from sim.design.multiplicity import CONTROLLED, PROCEDURES
from sim.design.populations import populations_of
from sim.design.rules import question
from sim.design.tally import TRIALS, Tally, as_tally
from sim.stats import binomial, monte_carlo
from sim.stats.two_stage import probabilities

Floats = NDArray[np.float64]

_NAN: Final = float("nan")


def p_values(decided: Table, design: Design, endpoints: Sequence[str]) -> tuple[Floats, Floats]:
    """Of each row and endpoint the exact one-sided p-value, and the smallest that so many patients could have.

    Both 1 where fewer than min_n patients were evaluated.
    """
    pairs = [_p_values(decided, design, endpoint) for endpoint in endpoints]
    return np.stack([p for p, _ in pairs], axis=1), np.stack([least for _, least in pairs], axis=1)


def family_table(
    decided: Table | Tally,
    inert: Table | Tally | None,
    design: Design,
    effect: str,
    n_requested: int,
    n_failed: int,
) -> Table:
    """One row for each procedure, alpha and endpoint, and for any and all of them: columns of `family`.

    `claim` is an endpoint, or `any`, or `all` of the family; `power` the share of trials that make the claim,
    `false_go_inert` the same where the cells do nothing. `error_independent` and `error_bound` belong to `any`:
    the exact chance of a claim at the planned numbers where every rate is at its benchmark and the endpoints are
    independent, and a bound for any dependence (sum of the sizes; at most alpha where `controlled`). NaN where the
    numbers are left to chance.
    """
    family = design.settings.sequence
    acting, idle = as_tally(decided), None if inert is None else as_tally(inert)
    p, least = p_values(acting.together, design, family)
    inactive = None if idle is None else p_values(idle.together, design, family)
    rows = [
        {"effect": effect, "procedure": name, "alpha": alpha, "claim": claim}
        | _share("power", made, acting)
        | (_nothing() if falsely is None or idle is None else _share("false_go_inert", falsely, idle))
        | (at_benchmarks(design, name, alpha) if claim == "any" else dict.fromkeys(_ERRORS, _NAN))
        | {"controlled": name in CONTROLLED}
        | {"n_trials": acting.n_trials, "n_requested": n_requested, "n_failed": n_failed}
        for alpha in design.alpha
        for name, procedure in PROCEDURES.items()
        for claim, made, falsely in _claims(
            family,
            procedure(p, least, alpha),
            None if inactive is None else procedure(*inactive, alpha),
        )
    ]
    return Table({name: np.array([row[name] for row in rows]) for name in rows[0]})


def at_benchmarks(design: Design, procedure: str, alpha: float) -> dict[str, float]:
    """Chance of any claim at the planned numbers where every rate is at its benchmark: by enumeration.

    Endpoints are taken as independent for `error_independent`; `error_bound` holds for any dependence.
    """
    if design.composition == "random":
        return dict.fromkeys(_ERRORS, _NAN)
    laws, tails = zip(*(_null_law(design, endpoint, alpha) for endpoint in design.settings.sequence), strict=True)
    cells = list(product(*(range(len(law)) for law in laws)))
    weight = np.array([np.prod([law[x] for law, x in zip(laws, cell, strict=True)]) for cell in cells])
    p = np.array([[tail[x] for tail, x in zip(tails, cell, strict=True)] for cell in cells])
    least = np.tile(np.array([tail[-1] for tail in tails]), (len(cells), 1))
    claims = PROCEDURES[procedure](p, least, alpha)
    sizes = sum(float(law[tail <= alpha * (1.0 + 1e-12)].sum()) for law, tail in zip(laws, tails, strict=True))
    bound = min(alpha, sizes) if procedure in CONTROLLED else min(1.0, sizes)
    return {"error_independent": float(weight[claims.any(axis=1)].sum()), "error_bound": bound}


_ERRORS: Final = ("error_independent", "error_bound")


def _null_law(design: Design, endpoint: str, alpha: float) -> tuple[Floats, Floats]:
    """Law of the responders at the benchmark, and the p-value of each number; one hopeless p-value below min_n."""
    asked = question(design, endpoint, populations_of(endpoint)[0], alpha)
    n = int(planned_places(design, endpoint).sum())
    if n < design.min_n:
        return np.ones(1), np.ones(1)
    return probabilities(n, asked.null_rate), binomial.upper_tail(np.arange(n + 1), n, asked.null_rate)


def _p_values(decided: Table, design: Design, endpoint: str) -> tuple[Floats, Floats]:
    asked = question(design, endpoint, populations_of(endpoint)[0], design.alpha[0])
    n, x = decided[f"{endpoint}_n"].astype(np.int64), decided[f"{endpoint}_responders"].astype(np.int64)
    enough = n >= design.min_n
    p = np.where(enough, binomial.upper_tail(x, n, asked.null_rate), 1.0)
    return p, np.where(enough, asked.null_rate ** n.astype(np.float64), 1.0)


def _claims(family: Sequence[str], made: NDArray[Any], falsely: NDArray[Any] | None) -> list[tuple[str, Any, Any]]:
    """Each claim with the rows that make it, under the effect and without."""
    found: list[tuple[str, Any, Any]] = []
    for k, endpoint in enumerate(family):
        found.append((endpoint, made[:, k], None if falsely is None else falsely[:, k]))
    found.append(("any", made.any(axis=1), None if falsely is None else falsely.any(axis=1)))
    found.append(("all", made.all(axis=1), None if falsely is None else falsely.all(axis=1)))
    return found


def _share(name: str, flags: NDArray[Any], tally: Tally) -> dict[str, float]:
    share = int(tally.together[TRIALS] @ flags) / tally.n_trials
    return {name: share, f"{name}_mcse": monte_carlo.proportion_mcse(share, tally.n_trials)}


def _nothing() -> dict[str, float]:
    return {"false_go_inert": _NAN, "false_go_inert_mcse": _NAN}
