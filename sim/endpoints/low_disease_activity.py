"""Lupus low disease activity state at week 24 (S2)."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.endpoints.analysis_visit import analysis_visit
from sim.endpoints.dataset import DataSet
from sim.endpoints.intercurrent import WEEK_24, Verdict, ended, fails, happened, verdict
from sim.endpoints.sledai_endpoints import descriptors_at_visits, sledai_at_visits
from sim.instruments import lldas
from sim.instruments.bilag import UNKNOWN
from sim.instruments.hematologic_response import hemolytic_anemia

Flags = NDArray[np.bool_]
Nullable = NDArray[np.int8]

STRONG: Final = ("pulse", "cyclophosphamide")
"""Rescue that is not part of a standard maintenance treatment for four weeks."""


def low_disease_activity(data: DataSet, analysis: Analysis) -> Verdict:
    """All five components of low disease activity at week 24, without rescue (S2).

    Needs SLEDAI-2K, the global assessment, BILAG gastrointestinal, hemolysis, new activity and stable treatment at
    the visit; the dose is the mean of the seven days that end there.
    Readings : X29, X37 (what the state is, and where new activity is read).
    """
    total = sledai_at_visits(data, analysis)
    pga, new = data.measured("pga"), _new_activity(data, analysis)
    hemolysis = hemolytic_anemia(data.measured("hemoglobin"), data.measured("reticulocytes"))
    gastrointestinal = data.grades("gastrointestinal")
    stable = data.flags("immunosuppressant_stable")
    usable = ~np.isnan(total) & ~np.isnan(pga) & (new != -1) & (hemolysis != -1)
    usable &= (gastrointestinal != UNKNOWN) & (stable != -1)
    chosen = analysis_visit(
        data,
        usable,
        visit="W24",
        nominal_day=WEEK_24,
        window_days=analysis.visit_window_days,
        carry_days=analysis.carry_days,
    )
    row = np.flatnonzero(chosen >= 0)
    at = chosen[row]
    day = data.attended["at_day"][at]
    present = {name: flag[at] for name, flag in descriptors_at_visits(data, analysis).items()}
    components = lldas.lldas_components(
        lldas.low_activity(present, total[at], hemolysis[at], gastrointestinal[at]),
        new[at],
        pga[at],
        lldas.mean_dose(data.daily, row, day),
        lldas.standard_treatment(stable[at], row, day, *data.events_of("rescue", *STRONG)),
    )
    unknown = chosen < 0
    unknown[row] = np.any([flag == -1 for flag in components.values()], axis=0)
    return verdict(
        np.ones(data.size, dtype=np.bool_),
        ended(data, WEEK_24),
        happened(data, "rescue", data.day_at(chosen)),
        fails("missing", unknown),
        *(fails(name, _among(data.size, row, flag == 0)) for name, flag in components.items()),
    )


def _among(size: int, row: NDArray[np.int64], flags: Flags) -> Flags:
    everybody = np.zeros(size, dtype=np.bool_)
    everybody[row] = flags
    return everybody


def _new_activity(data: DataSet, analysis: Analysis) -> Nullable:
    """As recorded; derived from descriptors where there is no such column; or by the reading on flares."""
    recorded = analysis.lldas_new_activity == "recorded"
    if recorded and "new_activity" in data.attended:
        return data.flags("new_activity")
    row, day = data.attended["row"], data.attended["at_day"]
    scheduled = ~np.char.startswith(data.attended["visit"].astype(np.str_), "U")
    if recorded:
        return lldas.new_activity(row, day, scheduled, descriptors_at_visits(data, analysis))
    return lldas.flare_since_previous_visit(row, day, scheduled, *data.events_of("flare"))
