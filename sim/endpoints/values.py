"""What each patient shows in the endpoints that are no yes or no: changes at one visit, and times to an event."""

from collections.abc import Sequence

import numpy as np

from sim.config.analysis import Analysis
from sim.core.tables import Column, Table
from sim.endpoints.catalogue import ENDPOINTS
from sim.endpoints.dataset import DataSet
from sim.endpoints.estimand import answer
from sim.endpoints.outcomes import Changes, Times


def values(data: DataSet, analysis: Analysis, endpoints: Sequence[str], visit: str) -> Table:
    """One row for each subject of the full analysis set, in their order.

    endpoints : changes or times of the catalogue; visit : whose changes from D0 are taken.
    Result    : trial, subject; for a change a float column of each variable's name; for a time NAME_day and
                NAME_event (1, 0 or NaN), all NaN where the endpoint is not for the subject or cannot be told.
    Errors    : ValueError for an endpoint that answers yes or no.
    """
    columns: dict[str, Column] = {name: data.subjects[name] for name in ("trial", "subject")}
    for endpoint in ENDPOINTS:
        if endpoint.id not in endpoints:
            continue
        found = answer(endpoint.id, endpoint.function, data, analysis)
        if isinstance(found, Changes):
            for place, (variable, at) in enumerate(zip(found.variable, found.visit, strict=True)):
                if at == visit:
                    columns[variable] = found.value[:, place]
        elif isinstance(found, Times):
            columns[f"{endpoint.id}_day"] = found.time
            columns[f"{endpoint.id}_event"] = np.where(found.event >= 0, found.event, np.nan)
        else:
            raise ValueError(f"{endpoint.id} is a yes or no; a bank of values holds changes and times")
    return Table(columns)
