"""From a data set to the table of endpoints."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.core.tables import Column, Table, Words
from sim.endpoints.catalogue import ENDPOINTS
from sim.endpoints.dataset import DataSet
from sim.endpoints.estimand import answer as answered
from sim.endpoints.imputation import probabilities
from sim.endpoints.intercurrent import REASONS, Verdict
from sim.endpoints.outcomes import Changes, Times

_REASON_NAMES: Final = np.array(REASONS)


def evaluate(
    data: DataSet, analysis: Analysis, endpoints: Sequence[str] | None = None, *, seed: int | None = None
) -> Table:
    """Endpoints for every subject of the full analysis set: those named, by default those of `analysis`.

    seed : of the draws, needed where an endpoint is imputed. Then a column `response_probability` is added: the
           share of imputations in which a subject responds (1 or 0 where the outcome is known).

    Returns the columns of endpoints.parquet and `subgroup`, sorted by trial, subject and protocol order, then by
    variable and visit. A subject has the same rows whether or not an endpoint is for it; outside the population
    responder and event are -1 (null) and value and time NaN, as are the columns of other kinds of endpoints.
    """
    wanted = analysis.endpoints if endpoints is None else endpoints
    asked = [endpoint for endpoint in ENDPOINTS if endpoint.id in wanted]
    answers = [answered(endpoint.id, endpoint.function, data, analysis) for endpoint in asked]
    widths = [len(answer.variable) if isinstance(answer, Changes) else 1 for answer in answers]
    count = sum(widths)
    columns = _Columns(data.size, count)
    for place, answer in zip(np.cumsum([0, *widths]), answers, strict=False):
        columns.fill(int(place), answer)
    subjects, shape = data.subjects, (data.size, count)
    names = [endpoint.id for endpoint, width in zip(asked, widths, strict=True) for _ in range(width)]

    subgroups, subgroup = np.unique(subjects["subgroup"], return_inverse=True)

    def of_subject(values: Column) -> Column:
        return np.broadcast_to(values[:, None], shape).ravel()

    def of_row(texts: list[str]) -> Words:
        words, code = np.unique(np.array(texts, dtype=np.str_), return_inverse=True)
        return Words(words, np.broadcast_to(code.astype(np.int16), shape).ravel())

    table = Table(
        {
            "trial": of_subject(subjects["trial"].astype(np.int32)),
            "subject": of_subject(subjects["subject"].astype(np.int32)),
            "subgroup": Words(subgroups, of_subject(subgroup.astype(np.int8))),
            "endpoint": of_row(names),
            "in_population": columns.in_population.ravel(),
            "responder": columns.responder.ravel(),
            "variable": of_row(columns.variable),
            "value": columns.value.ravel(),
            "visit": of_row(columns.visit),
            "time": columns.time.ravel(),
            "event": columns.event.ravel(),
            "reason": Words(_REASON_NAMES, columns.reason.ravel()),
        }
    )
    drawn = [name for name in wanted if getattr(analysis.missing, name, "") == "mi"]
    if not drawn:
        return table
    return table.adding({"response_probability": _shares(table, data, analysis, drawn, seed)})


def _shares(
    table: Table, data: DataSet, analysis: Analysis, drawn: Sequence[str], seed: int | None
) -> NDArray[np.float64]:
    """The share of imputations in which each row responds; NaN where the row is no response."""
    if seed is None:
        raise ValueError(f"{', '.join(drawn)} are imputed, which needs a seed")
    share = np.where(table["responder"] >= 0, table["responder"], np.nan).astype(np.float64)
    for endpoint in ENDPOINTS:
        if endpoint.id in drawn:
            rows = table["endpoint"] == endpoint.id
            share[rows] = probabilities(endpoint.id, endpoint.function, data, analysis, seed)
    return share


class _Columns:
    """The answers side by side, (subjects, rows of one subject), everything missing until it is filled in."""

    def __init__(self, size: int, count: int) -> None:
        self.in_population: NDArray[np.bool_] = np.zeros((size, count), dtype=np.bool_)
        self.responder = np.full((size, count), -1, dtype=np.int8)
        self.value: NDArray[Any] = np.full((size, count), np.nan)
        self.time: NDArray[Any] = np.full((size, count), np.nan)
        self.event = np.full((size, count), -1, dtype=np.int8)
        self.reason = np.zeros((size, count), dtype=np.int8)
        self.variable, self.visit = [""] * count, [""] * count

    def fill(self, place: int, answer: Verdict | Times | Changes) -> None:
        """The rows of one endpoint, from `place` on."""
        if isinstance(answer, Changes):
            end = place + len(answer.variable)
            self.in_population[:, place:end] = answer.in_population[:, None]
            self.value[:, place:end] = answer.value
            self.variable[place:end], self.visit[place:end] = answer.variable, answer.visit
            return
        self.in_population[:, place] = answer.in_population
        self.reason[:, place] = answer.reason
        if isinstance(answer, Verdict):
            self.responder[:, place] = answer.responder
        else:
            self.time[:, place], self.event[:, place] = answer.time, answer.event
