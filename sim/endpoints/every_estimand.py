"""The rate of each yes/no endpoint under every strategy and policy that makes sense for it, from one data set."""

import dataclasses
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import ENDPOINTS as YES_OR_NO
from sim.config.analysis import Analysis
from sim.config.estimands import FEWEST, POLICIES, STRATEGIES, Intercurrent, Missing, contradiction
from sim.core.tables import Table
from sim.endpoints import imputation
from sim.endpoints.catalogue import ENDPOINTS, Endpoint
from sim.endpoints.dataset import DataSet
from sim.endpoints.estimand import Standing, settled, standing
from sim.stats.intervals import clopper_pearson

Flags = NDArray[np.bool_]
Row = dict[str, Any]

_NOT_A_RATE: Final = dict.fromkeys(("responders", "rate", "standard_error", "low", "high"), np.nan)


def every_estimand(data: DataSet, analysis: Analysis, seed: int) -> Table:
    """One row for each endpoint, strategy and policy, in protocol order; the columns of estimands.parquet.

    seed : of the imputations.
    Subjects of all trials are pooled; imputation is within each trial, and where it is refused the rate is missing
    and `remark` says why. A rate without any subject is missing.
    """
    asked = [endpoint for endpoint in ENDPOINTS if endpoint.id in YES_OR_NO]
    rows = [row for endpoint in asked for row in _rows(endpoint, data, analysis, seed)]
    return Table({name: np.array([row[name] for row in rows]) for name in rows[0]})


def combinations(name: str, hematologic_duration: str) -> Iterator[tuple[str, str]]:
    """(strategy, policy) pairs that make sense for an endpoint."""
    allowed: dict[str, list[str]] = {}
    for group, words in ((Intercurrent, STRATEGIES), (Missing, POLICIES)):
        (check,) = (each.metadata["check"] for each in dataclasses.fields(group) if each.name == name)
        allowed[group.__name__] = [word for word in words if check(word) is None]
    for strategy in allowed["Intercurrent"]:
        for policy in allowed["Missing"]:
            if not contradiction(name, strategy, policy, hematologic_duration):
                yield strategy, policy


def _rows(endpoint: Endpoint, data: DataSet, analysis: Analysis, seed: int) -> Iterator[Row]:
    name = endpoint.id
    chosen = getattr(analysis.intercurrent, name), getattr(analysis.missing, name)
    for strategy, policy in combinations(name, analysis.hematologic_duration):
        found = standing(name, endpoint.function, data, analysis, strategy, policy)  # type: ignore[arg-type]
        members = found.in_population
        row: Row = {"endpoint": name, "intercurrent": strategy, "missing": policy}
        row |= {"chosen": chosen == (strategy, policy), "trials": len(np.unique(data.subjects["trial"][members]))}
        row |= {"n_missing": int((members & (found.missing != 0)).sum())}
        yield row | (_imputed(name, found, analysis, seed) if policy == "mi" else _counted(found, policy))


def _counted(found: Standing, policy: str) -> Row:
    """Responders among those with an answer, with the Clopper–Pearson 95 % interval."""
    responder = settled(found, policy).responder
    return _exact(int((responder >= 0).sum()), int((responder == 1).sum()))


def _exact(n: int, responders: int) -> Row:
    if not n:
        return {"n": 0, **_NOT_A_RATE, "responders": 0.0, "remark": "nobody"}
    rate = responders / n
    low, high = clopper_pearson(responders, n)
    error = float(np.sqrt(rate * (1.0 - rate) / n))
    ends = {"low": float(low), "high": float(high)}
    return {"n": n, "responders": float(responders), "rate": rate, "standard_error": error, **ends, "remark": ""}


def _imputed(name: str, found: Standing, analysis: Analysis, seed: int) -> Row:
    """The rate by Rubin's rules; exact where nothing is missing or no imputation differs."""
    members, trials = found.in_population, found.data.subjects["trial"]
    n = int(members.sum())
    for trial in np.unique(trials[members]).tolist():
        if imputation.refusal(name, found, members & (trials == trial), int(trial)):
            few = (members & (trials == trial)).sum() < FEWEST
            why = f"needs {FEWEST} subjects in each trial" if few else "no outcome observed"
            return {"n": n, **_NOT_A_RATE, "remark": why}
    responses = imputation.completed(name, found, analysis, seed)[members]
    if not n or (responses == responses[:, :1]).all():
        return _exact(n, int(responses[:, 0].sum()) if n else 0)
    rate = imputation.rate(responses)
    ends = {"low": max(rate.low, 0.0), "high": min(rate.high, 1.0)}
    row = {"n": n, "responders": np.nan, "rate": rate.estimate, "standard_error": rate.standard_error}
    return {**row, **ends, "remark": ""}
