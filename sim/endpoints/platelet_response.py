"""Response of immune thrombocytopenia at week 24, compared with P2 on the same patients; the record has none.

For patients with cytopenia who qualified by platelets. Week 24 against D0, one count each; the confirmation seven
days apart that the source asks for does not exist between visits four weeks apart, and bleeding is not simulated.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.endpoints.analysis_visit import analysis_visit
from sim.endpoints.dataset import DataSet, take
from sim.endpoints.hematologic import LINEAGES, qualifying_lineages, unspoiled
from sim.endpoints.intercurrent import WEEK_24, Verdict, ended, fails, happened, verdict
from sim.instruments.hematologic_response import platelets_complete_response, platelets_response

Floats = NDArray[np.float64]
Rule = Callable[[Floats, Floats], NDArray[np.int8]]

_PLATELETS = next(place for place, lineage in enumerate(LINEAGES) if lineage.column == "platelets")


def thrombocytopenia_response(data: DataSet, analysis: Analysis) -> Verdict:
    """At least 30 × 10⁹/L and doubled, or at least 100, without rescue or transfusion (Rodeghiero 2009)."""
    return _judged(data, analysis, platelets_response)


def thrombocytopenia_complete_response(data: DataSet, analysis: Analysis) -> Verdict:
    """At least 100 × 10⁹/L without rescue or transfusion (Rodeghiero 2009, Blood 113:2386)."""
    return _judged(data, analysis, platelets_complete_response)


def _judged(data: DataSet, analysis: Analysis, rule: Rule) -> Verdict:
    """A rule on the counts of week 24 (decision D37) and D0; a count soon after a transfusion is no count."""
    count = unspoiled(data, "platelets", LINEAGES[_PLATELETS].spoiled_by)
    chosen = analysis_visit(
        data,
        ~np.isnan(data.measured("platelets")),
        visit="W24",
        nominal_day=WEEK_24,
        window_days=analysis.visit_window_days,
        carry_days=analysis.carry_days,
    )
    day = data.day_at(chosen)
    answer = rule(take(data.measured("platelets"), chosen), take(count, data.at("D0")))
    return verdict(
        (data.subjects["subgroup"] == "LC") & qualifying_lineages(data)[_PLATELETS],
        ended(data, WEEK_24),
        happened(data, "rescue", day),
        happened(data, "transfusion", day),
        fails("missing", answer == -1),
        fails("hematologic_response", answer == 0),
    )
