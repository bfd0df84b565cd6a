"""What each patient answers to each endpoint, side by side: the columns of a patient bank."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.core.tables import Column, Table
from sim.endpoints.catalogue import ENDPOINTS, YES_OR_NO
from sim.endpoints.dataset import DataSet
from sim.endpoints.estimand import answer
from sim.endpoints.intercurrent import REASONS, Verdict
from sim.endpoints.outcomes import Changes, Times
from sim.endpoints.platelet_response import thrombocytopenia_complete_response, thrombocytopenia_response

Rule = Callable[[DataSet, Analysis], Verdict | Times | Changes]

COMPARED: Final[dict[str, Rule]] = {
    "ITP_response": thrombocytopenia_response,
    "ITP_complete": thrombocytopenia_complete_response,
}
"""Yes/no rules that the record does not name; compared with its endpoints on the same patients."""
LOG_UPCR: Final = "log_upcr"
"""Logarithm of UPCR at week 24 minus that at D0, the one answer that is a number."""
ANSWERS: Final = (*YES_OR_NO, *COMPARED, LOG_UPCR)
READ_WITH: Final = {"ITP_response": "P2", "ITP_complete": "P2", LOG_UPCR: "P3"}
"""Endpoints of the record whose measurements are enough for an answer that it does not name."""
_MISSING: Final = REASONS.index("missing")


def answers(data: DataSet, analysis: Analysis, names: Sequence[str]) -> Table:
    """One row for each subject of the full analysis set, in their order.

    names  : some of ANSWERS.
    Result : trial, subject, and for each yes/no name the answer (int8: 1 response, 0 none, -1 not in the
             population, or left open by the policy for missing outcomes) and NAME_missing (1 where what it rests
             on is missing); `log_upcr` is a float, NaN outside nephritis and where either sample is missing.
    """
    columns: dict[str, Column] = {name: data.subjects[name] for name in ("trial", "subject")}
    for name in names:
        if name == LOG_UPCR:
            columns[name] = _change_of_log_upcr(data, analysis)
            continue
        found = COMPARED[name](data, analysis) if name in COMPARED else _of_record(name, data, analysis)
        if not isinstance(found, Verdict):
            raise ValueError(f"{name} is no yes or no; a bank holds {', '.join(ANSWERS)}")
        columns[name] = found.responder
        columns[f"{name}_missing"] = ((found.reason == _MISSING) & found.in_population).astype(np.int8)
    return Table(columns)


def endpoints_read_for(names: Sequence[str]) -> tuple[str, ...]:
    """Endpoints of the record whose measurements are needed for these answers, in protocol order."""
    wanted = {READ_WITH.get(name, name) for name in names}
    return tuple(name for name in YES_OR_NO if name in wanted)


def _of_record(name: str, data: DataSet, analysis: Analysis) -> Verdict | Times | Changes:
    """The answer of an endpoint of the record under the estimand that the analysis chooses for it."""
    rule = next(endpoint.function for endpoint in ENDPOINTS if endpoint.id == name)
    return answer(name, rule, data, analysis)


def _change_of_log_upcr(data: DataSet, analysis: Analysis) -> NDArray[np.float64]:
    change = _of_record("S10", data, analysis)
    if not isinstance(change, Changes):
        raise ValueError("S10 has no changes from baseline")
    wanted = list(zip(change.variable, change.visit, strict=True)).index((LOG_UPCR, "W24"))
    return change.value[:, wanted]
