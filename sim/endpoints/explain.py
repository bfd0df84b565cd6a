"""Why a subject is a responder or not: each endpoint's parts with value, threshold and whether it was met."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np

from sim.config.analysis import Analysis
from sim.core.tables import Column, Table
from sim.endpoints.component import Component, holds
from sim.endpoints.dataset import DataSet
from sim.endpoints.estimand import is_primary
from sim.endpoints.hematologic import explain_hematologic_improvement
from sim.endpoints.low_disease_activity import explain_low_disease_activity
from sim.endpoints.renal import explain_renal_response
from sim.endpoints.responder_index import (
    explain_responder_index_4,
    explain_responder_index_5,
    explain_responder_index_6,
)
from sim.endpoints.sledai_endpoints import explain_sledai_reduction
from sim.endpoints.steroid_endpoints import explain_week_12, explain_week_24

Explanation = Callable[[DataSet, Analysis], tuple[Component, ...]]
EXPLANATIONS: Final[MappingProxyType[str, Explanation]] = MappingProxyType(
    {
        "P1": explain_week_12,
        "P2": explain_hematologic_improvement,
        "P3": explain_renal_response,
        "S1": explain_week_24,
        "S2": explain_low_disease_activity,
        "S3": explain_sledai_reduction,
        "S4": explain_responder_index_4,
        "S5": explain_responder_index_5,
        "S6": explain_responder_index_6,
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
    parts = [
        (name, part) for name in _yes_or_no(data, outcomes) for part in _parts(name, data, analysis, outcomes)
    ]
    shown = _shown(data, parts, outcomes)
    for first in range(0, data.size, _PIECE):
        yield _piece(data, parts, shown, slice(first, min(first + _PIECE, data.size)))


def _yes_or_no(data: DataSet, outcomes: Table) -> list[str]:
    """The endpoints with one row for each subject, in protocol order; those of several rows are no yes or no."""
    names, first, rows = np.unique(outcomes["endpoint"], return_index=True, return_counts=True)
    return [str(names[place]) for place in np.argsort(first) if rows[place] == data.size]


def _parts(name: str, data: DataSet, analysis: Analysis, outcomes: Table) -> tuple[Component, ...]:
    """The parts of an endpoint; its answer as a whole where nobody took it apart, or under another estimand."""
    if name in EXPLANATIONS and is_primary(name, analysis):
        return EXPLANATIONS[name](data, analysis)
    responder = outcomes["responder"][outcomes["endpoint"] == name]
    return (replace(holds("response", "response", responder == 1), shown=responder != -1),)


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
