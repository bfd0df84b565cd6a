"""Why a subject is a responder or not: each endpoint's parts with value, threshold and whether it was met."""

from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Final

import numpy as np

from sim.config.analysis import Analysis
from sim.core.tables import Column, Table
from sim.endpoints.component import Component
from sim.endpoints.dataset import DataSet
from sim.endpoints.hematologic import explain_hematologic_improvement
from sim.endpoints.renal import explain_renal_response
from sim.endpoints.sledai_endpoints import explain_sledai_reduction
from sim.endpoints.steroid_endpoints import explain_week_12, explain_week_24

Explanation = Callable[[DataSet, Analysis], tuple[Component, ...]]
EXPLANATIONS: Final[MappingProxyType[str, Explanation]] = MappingProxyType(
    {
        "P1": explain_week_12,
        "P2": explain_hematologic_improvement,
        "P3": explain_renal_response,
        "S1": explain_week_24,
        "S3": explain_sledai_reduction,
    }
)
"""Endpoint to the function that takes it apart; it returns the parts in the order of the reasons."""
_PIECE: Final = 20_000
"""Subjects explained at a time, which bounds the memory."""


def explain(data: DataSet, analysis: Analysis, outcomes: Table) -> Iterator[Table]:
    """The parts of every yes/no endpoint for the subjects in its population, piece by piece.

    outcomes : what `evaluate` gave for the same data and analysis.
    Each piece has the columns of explain.parquet, sorted by trial, subject, protocol order and order of reasons.
    """
    ids = [name for name in EXPLANATIONS if name in analysis.endpoints]
    parts = [(name, part) for name in ids for part in EXPLANATIONS[name](data, analysis)]
    shown = _shown(data, parts, outcomes)
    for first in range(0, data.size, _PIECE):
        yield _piece(data, parts, shown, slice(first, min(first + _PIECE, data.size)))


def _shown(data: DataSet, parts: list[tuple[str, Component]], outcomes: Table) -> Column:
    """(subjects, parts): who gets a row for which part."""
    population = {
        name: outcomes["in_population"][outcomes["endpoint"] == name] for name in {name for name, _ in parts}
    }
    everybody = np.ones(data.size, dtype=np.bool_)
    columns = [population[name] & (everybody if part.shown is None else part.shown) for name, part in parts]
    return np.stack(columns, axis=1) if columns else np.zeros((data.size, 0), dtype=np.bool_)


def _piece(data: DataSet, parts: list[tuple[str, Component]], shown: Column, rows: slice) -> Table:
    subject, which = np.nonzero(shown[rows])
    subject = subject + rows.start

    def gathered(values: list[Column]) -> Column:
        return np.asarray(np.stack(values, axis=1)[subject - rows.start, which])

    def named(names: list[str]) -> Column:
        return np.array(names, dtype=np.str_)[which]

    components = [part for _, part in parts]
    return Table(
        {
            "trial": data.subjects["trial"][subject].astype(np.int32),
            "subject": data.subjects["subject"][subject].astype(np.int32),
            "endpoint": named([name for name, _ in parts]),
            "component": named([part.name for part in components]),
            "value": gathered([part.value[rows] for part in components]),
            "relation": named([part.relation for part in components]),
            "threshold": gathered([part.threshold[rows] for part in components]),
            "met": gathered([part.met[rows] for part in components]),
            "decides": np.array([part.reason != "" for part in components])[which],
        }
    )
