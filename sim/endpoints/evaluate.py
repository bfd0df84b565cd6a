"""From a data set to the table of endpoints."""

from typing import Final

import numpy as np

from sim.config.analysis import Analysis
from sim.core.tables import Table
from sim.endpoints.catalogue import ENDPOINTS
from sim.endpoints.dataset import DataSet
from sim.endpoints.intercurrent import REASONS

_REASON_NAMES: Final = np.array(REASONS)


def evaluate(data: DataSet, analysis: Analysis) -> Table:
    """Every endpoint of `analysis` for every subject of the full analysis set.

    Returns the columns of endpoints.parquet and `subgroup`, sorted by trial, subject and protocol order.
    responder is 1, 0, or -1 (null) outside the population; the columns of other kinds of endpoints are null.
    """
    endpoints = [endpoint for endpoint in ENDPOINTS if endpoint.id in analysis.endpoints]
    verdicts = [endpoint.function(data, analysis) for endpoint in endpoints]
    count, rows = len(endpoints), data.size * len(endpoints)
    subjects = data.subjects
    return Table(
        {
            "trial": np.repeat(subjects["trial"].astype(np.int32), count),
            "subject": np.repeat(subjects["subject"].astype(np.int32), count),
            "subgroup": np.repeat(subjects["subgroup"], count),
            "endpoint": np.tile(np.array([endpoint.id for endpoint in endpoints]), data.size),
            "in_population": np.stack([verdict.in_population for verdict in verdicts], axis=1).ravel(),
            "responder": np.stack([verdict.responder for verdict in verdicts], axis=1).ravel(),
            "variable": np.zeros(rows, dtype="<U1"),
            "value": np.full(rows, np.nan),
            "visit": np.zeros(rows, dtype="<U1"),
            "time": np.full(rows, np.nan),
            "event": np.full(rows, -1, dtype=np.int8),
            "reason": _REASON_NAMES[np.stack([verdict.reason for verdict in verdicts], axis=1).ravel()],
        }
    )
