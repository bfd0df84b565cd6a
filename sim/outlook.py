"""Where the patients of a running trial stand, and what became of virtual patients who stood like them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.config.config import Config
from sim.core.tables import Table
from sim.design.populations import SUBGROUPS
from sim.design.prediction import Rows, nearest, shares_of
from sim.endpoints.dataset import DataSet
from sim.endpoints.evaluate import evaluate
from sim.endpoints.standing import has_ended, has_failed, last_days, standing, time_point


@dataclass(frozen=True)
class Pending:
    """What is known of each subject for one endpoint.

    in_population, read_out, responder : (subjects,) flags. probability : of those not read out, else NaN; error :
    its standard error from the number of virtual patients compared. alike : for each subject their rows.
    """

    in_population: NDArray[np.bool_]
    read_out: NDArray[np.bool_]
    responder: NDArray[np.bool_]
    probability: NDArray[np.float64]
    error: NDArray[np.float64]
    alike: tuple[Rows, ...]


@dataclass(frozen=True)
class Virtual:
    """Virtual patients and one endpoint.

    responder : (patients,) 1 or 0, -1 where there is none. of : by subgroup the rows of those who count.
    """

    responder: NDArray[np.int8]
    of: dict[str, Rows]


def outlook(
    data: DataSet, virtual: DataSet, config: Config, endpoints: Sequence[str]
) -> tuple[dict[str, Pending], dict[str, Virtual]]:
    """For each endpoint where the subjects stand, and what became of the virtual patients.

    A subject is read out when its record reaches the endpoint's day, its participation has ended, or what was seen
    is a failure already; the endpoint's own answer counts in the first two cases. Everybody else gets the share of
    responders among the virtual patients of its subgroup who stood like it on its last day: still in it, not
    failed, rescued as it is, nearest in what was seen.
    """
    now, then = (evaluate(each, replace(config.analysis, endpoints=tuple(endpoints))) for each in (data, virtual))
    last = last_days(data)
    groups = {name: each.subjects["subgroup"] for name, each in (("data", data), ("virtual", virtual))}
    found, became = {}, {}
    for endpoint in endpoints:
        observed, simulated = _of(now, endpoint), _of(then, endpoint)
        final = (last >= time_point(endpoint)) | has_ended(data, endpoint)
        failed = ~final & has_failed(data, config.analysis, endpoint, last)
        inside = observed["in_population"] == 1
        read_out = inside & (final | failed)
        responder = read_out & ~failed & (observed["responder"] == 1)
        chance, error = np.full(data.size, np.nan), np.full(data.size, np.nan)
        near: list[Rows] = [np.zeros(0, dtype=np.int64)] * data.size
        counted = (simulated["in_population"] == 1) & (simulated["responder"] >= 0)
        for day in np.unique(last[inside & ~read_out]).tolist():
            stood, stand = standing(virtual, day), standing(data, day)
            failed_by_then = has_failed(virtual, config.analysis, endpoint, np.full(virtual.size, day))
            alive = counted & ~stood.ended & ~failed_by_then
            for one in np.flatnonzero(inside & ~read_out & (last == day)).tolist():
                alike = np.flatnonzero(
                    alive & (groups["virtual"] == groups["data"][one]) & (stood.rescued == stand.rescued[one])
                )
                number = config.prediction.neighbours
                near[one] = alike[nearest(stand.features[one], stood.features[alike], number)]
                if len(near[one]):
                    share, spread = shares_of([near[one]], simulated["responder"])
                    chance[one], error[one] = share[0], np.sqrt(spread[0, 0])
        found[endpoint] = Pending(inside, read_out, responder, chance, error, tuple(near))
        of = {name: np.flatnonzero(counted & (groups["virtual"] == name)) for name in SUBGROUPS}
        became[endpoint] = Virtual(simulated["responder"], of)
    return found, became


def _of(outcomes: Table, endpoint: str) -> Table:
    return outcomes.where(outcomes["endpoint"] == endpoint)
