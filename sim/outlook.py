"""Where the patients of a running trial stand, and what became of virtual patients who stood like them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.config.config import Config
from sim.core.tables import Table
from sim.design.prediction import nearest
from sim.endpoints.dataset import DataSet
from sim.endpoints.evaluate import evaluate
from sim.endpoints.standing import has_ended, has_failed, last_days, standing, time_point


@dataclass(frozen=True)
class Pending:
    """What is known of each subject for one endpoint.

    in_population, read_out, responder : (subjects,) flags. probability : of those not read out, else NaN; error :
    its standard error from the number of virtual patients compared.
    """

    in_population: NDArray[np.bool_]
    read_out: NDArray[np.bool_]
    responder: NDArray[np.bool_]
    probability: NDArray[np.float64]
    error: NDArray[np.float64]


def outlook(
    data: DataSet, virtual: DataSet, config: Config, endpoints: Sequence[str]
) -> tuple[dict[str, Pending], dict[str, dict[str, tuple[float, int]]]]:
    """For each endpoint where the subjects stand, and the response rate of virtual patients by subgroup.

    A subject is read out when its record reaches the endpoint's day, its participation has ended, or what was seen
    is a failure already; the endpoint's own answer counts in the first two cases. Everybody else gets the share of
    responders among the virtual patients of its subgroup who stood like it on its last day: still in it, not
    failed, rescued as it is, nearest in what was seen.
    """
    now, then = (evaluate(each, replace(config.analysis, endpoints=tuple(endpoints))) for each in (data, virtual))
    last = last_days(data)
    groups = {name: each.subjects["subgroup"] for name, each in (("data", data), ("virtual", virtual))}
    found, rates = {}, {}
    for endpoint in endpoints:
        observed, simulated = _of(now, endpoint), _of(then, endpoint)
        final = (last >= time_point(endpoint)) | has_ended(data, endpoint)
        failed = ~final & has_failed(data, config.analysis, endpoint, last)
        inside = observed["in_population"] == 1
        read_out = inside & (final | failed)
        responder = read_out & ~failed & (observed["responder"] == 1)
        chance, error = np.full(data.size, np.nan), np.full(data.size, np.nan)
        counted = (simulated["in_population"] == 1) & (simulated["responder"] >= 0)
        for day in np.unique(last[inside & ~read_out]).tolist():
            stood, stand = standing(virtual, day), standing(data, day)
            failed_by_then = has_failed(virtual, config.analysis, endpoint, np.full(virtual.size, day))
            alive = counted & ~stood.ended & ~failed_by_then
            for one in np.flatnonzero(inside & ~read_out & (last == day)).tolist():
                alike = alive & (groups["virtual"] == groups["data"][one]) & (stood.rescued == stand.rescued[one])
                chance[one], error[one] = nearest(
                    stand.features[one],
                    stood.features[alike],
                    simulated["responder"][alike],
                    config.prediction.neighbours,
                )
        found[endpoint] = Pending(inside, read_out, responder, chance, error)
        rates[endpoint] = {
            name: _rate(simulated["responder"][counted & (groups["virtual"] == name)]) for name in ("LN", "LC")
        }
    return found, rates


def _of(outcomes: Table, endpoint: str) -> Table:
    return outcomes.where(outcomes["endpoint"] == endpoint)


def _rate(responder: NDArray[np.int8]) -> tuple[float, int]:
    """Share of responders and number of patients; NaN without one."""
    return (float(responder.mean()) if len(responder) else float("nan")), len(responder)
