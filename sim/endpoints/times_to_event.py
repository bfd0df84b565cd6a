"""Times to event over 24 weeks (S7, S9, S11 with its components, S12, S13): days from 0, stopped at 168.

Events are those recorded from day 1 to 168, death from day 0. A time without event ends at the earliest of day
168, the end of participation and the last attended visit; a recorded event counts even after that visit. Detection
is at visits, so a date is that of the assessment, not of the onset: the true time lies after the visit before.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.endpoints.dataset import DataSet
from sim.endpoints.intercurrent import ENDS, REASONS, WEEK_24
from sim.endpoints.outcomes import Times, times
from sim.instruments.conversions import proteinuria_g_day
from sim.instruments.renal_events import complete_remission, confirmed_remission

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]
Integers = NDArray[np.int64]

COMPONENTS: Final = (
    "death",
    "esrd",
    "doubling_of_creatinine",
    "renal_flare",
    "extrarenal_flare",
    "rescue",
)
"""Treatment failure in nephritis, in the record's order: S11a to S11f."""
COMPETING: Final = ("death", "esrd", "rescue")
"""What stands in the way of a remission."""


def severe_flare(data: DataSet, analysis: Analysis) -> Times:
    """Time to the first severe flare by the modified flare index (S7). Reading : X35."""
    day = data.first_day("flare", low=1, high=WEEK_24, severity="severe")
    return _under(data, np.ones(data.size, dtype=np.bool_), day, analysis.intercurrent.S7)


def hematologic_flare(data: DataSet, analysis: Analysis) -> Times:
    """Time to the first hematologic flare (S9; LC). Reading : X36."""
    population = data.subjects["subgroup"] == "LC"
    return _under(data, population, _first(data, "hematologic_flare"), analysis.intercurrent.S9)


def treatment_failure(data: DataSet, _analysis: Analysis) -> Times:
    """Time to the first of death, ESRD, doubled creatinine, renal or extrarenal flare, and rescue (S11; LN).

    Which of them it was is in the rows of its components.
    """
    first, _ = _earliest(data, COMPONENTS)
    return _time_to(data, data.subjects["subgroup"] == "LN", first)


def time_to_death(data: DataSet, _analysis: Analysis) -> Times:
    """Time to death (S11a; LN)."""
    return _component(data, "death")


def time_to_end_stage_disease(data: DataSet, _analysis: Analysis) -> Times:
    """Time to end-stage renal disease (S11b; LN)."""
    return _component(data, "esrd")


def time_to_doubling_of_creatinine(data: DataSet, _analysis: Analysis) -> Times:
    """Time to sustained doubling of creatinine (S11c; LN)."""
    return _component(data, "doubling_of_creatinine")


def time_to_renal_flare(data: DataSet, _analysis: Analysis) -> Times:
    """Time to the first renal flare as a component of treatment failure (S11d; LN). Reading : X36."""
    return _component(data, "renal_flare")


def first_renal_flare(data: DataSet, analysis: Analysis) -> Times:
    """Time to the first renal flare (S13; LN). Reading : X36."""
    population = data.subjects["subgroup"] == "LN"
    return _under(data, population, _first(data, "renal_flare"), analysis.intercurrent.S13)


def time_to_extrarenal_flare(data: DataSet, _analysis: Analysis) -> Times:
    """Time to the first extrarenal flare (S11e; LN). Reading : X36."""
    return _component(data, "extrarenal_flare")


def time_to_rescue(data: DataSet, _analysis: Analysis) -> Times:
    """Time to the first rescue (S11f; LN)."""
    return _component(data, "rescue")


def time_to_complete_remission(data: DataSet, analysis: Analysis) -> Times:
    """Time to the first visit with complete renal remission (S12; LN); death, ESRD and rescue compete.

    A competing event ends the time without event, and its kind is the reason; remission seen on its day counts.
    Readings : X29 (24-hour protein from the ratio), X30 (sediment).
    """
    remission = _first_remission(data, analysis)
    competing, which = _earliest(data, COMPETING)
    kind = np.array([REASONS.index(name) for name in COMPETING])[which]
    happens = ~np.isnan(remission) & ~(competing < remission)
    competes = ~happens & ~np.isnan(competing)
    time = np.where(happens, remission, np.where(competes, competing, _censoring(data)))
    reason = np.where(competes, kind, 0).astype(np.int8)
    return times(data.subjects["subgroup"] == "LN", time, happens, reason)


def _component(data: DataSet, kind: str) -> Times:
    return _time_to(data, data.subjects["subgroup"] == "LN", _first(data, kind))


def _first(data: DataSet, kind: str) -> Floats:
    return data.first_day(kind, low=0 if kind == "death" else 1, high=WEEK_24)


def _earliest(data: DataSet, kinds: tuple[str, ...]) -> tuple[Floats, Integers]:
    """Day of the first event of several kinds, and the kind's place; of one day, the kind named first; NaN, 0."""
    days = np.stack([_first(data, kind) for kind in kinds])
    days[np.isnan(days)] = np.inf
    place = days.argmin(axis=0)
    first = days[place, np.arange(data.size)]
    return np.where(np.isinf(first), np.nan, first), place


def _censoring(data: DataSet) -> Floats:
    """Day on which a time without event ends."""
    last = np.zeros(data.size)
    np.maximum.at(last, data.attended["row"], data.attended["at_day"])
    stopped = np.minimum(last, float(WEEK_24))
    for kind in ENDS:
        stopped = np.fmin(stopped, data.first_day(kind))
    return np.maximum(stopped, 0.0)


def _time_to(data: DataSet, population: Flags, event_day: Floats, reason: Codes | None = None) -> Times:
    happens = ~np.isnan(event_day)
    said = np.zeros(data.size, dtype=np.int8) if reason is None else reason
    return times(population, np.where(happens, event_day, _censoring(data)), happens, said)


def _under(data: DataSet, population: Flags, event_day: Floats, strategy: str) -> Times:
    """A time to a flare where rescue is ignored (treatment_policy), an event too (composite), or censors.

    A flare seen on the day of the rescue counts as the flare. The reason of whatever rescue brought is rescue.
    """
    if strategy == "treatment_policy":
        return _time_to(data, population, event_day)
    rescue = _first(data, "rescue")
    sooner = ~np.isnan(rescue) & ~(event_day <= rescue)
    kind = np.where(sooner, REASONS.index("rescue"), 0).astype(np.int8)
    if strategy == "composite":
        found = _time_to(data, population, np.where(sooner, rescue, event_day))
        return times(population, found.time, found.event == 1, kind)
    found = _time_to(data, population, np.where(sooner, np.nan, event_day))
    censored = sooner & ~(found.time < rescue)
    time, reason = np.where(censored, rescue, found.time), np.where(censored, kind, 0)
    return times(population, time, found.event == 1, reason.astype(np.int8))


def _first_remission(data: DataSet, analysis: Analysis) -> Floats:
    """First day from 1 to 168 of an attended visit in remission; NaN for none."""
    rows = data.attended.length
    red_cells_alone = analysis.urine_sediment == "red_cells"
    remission = complete_remission(
        data.measured("serum_creatinine"),
        proteinuria_g_day(data.measured("upcr"), creatinine_excretion=analysis.creatinine_excretion),
        data.measured("urine_rbc"),
        np.zeros(rows) if red_cells_alone else data.measured("urine_wbc"),
        np.zeros(rows, np.int8) if red_cells_alone else data.flags("cellular_casts"),
    )
    row, day = data.attended["row"], data.attended["at_day"]
    if analysis.remission == "confirmed":
        remission = confirmed_remission(row, day, remission)
    seen = (remission == 1) & (day >= 1) & (day <= WEEK_24)
    first = np.full(data.size, np.inf)
    np.minimum.at(first, row[seen], day[seen])
    return np.where(np.isinf(first), np.nan, first)
