"""Hematologic improvement (P2) of one patient, compiled; lineages that do not count are not measured."""

from typing import Final

from sim.core.uncounted import compiled
from sim.observations import measure
from sim.observations.visit import Record, at_enrolment
from sim.screening import criteria_cytopenia as cytopenia

HEMOGLOBIN: Final = 1
NEUTROPHILS: Final = 2
PLATELETS: Final = 4
"""Bits of the values of day 0 that treatment spoiled."""
_TOLERANCE: Final = 1e-9


@compiled
def blood_improved(
    failed: bool, person: Record, history: Record, screening: Record, day_0: Record, week_24: Record, spoiled: int,
    scratch: Record, rules: Record, r: Record, o: Record, noise: Record,
) -> int:  # fmt: skip
    """P2 of a patient with cytopenia: 1, 0, or -1 outside the population.

    failed : something else has failed already. screening, day_0, week_24 : the visits compared.
    """
    if failed and r.lymphopenia_excluded == 0:
        return 0
    red, neutrophils, lymphocytes, platelets = _qualifying(person, history, scratch, rules, o, noise)
    alone = lymphocytes and not (red or neutrophils or platelets)
    if r.any_lineage == 1:
        red, neutrophils, platelets = True, True, True
    lymphocytes = alone and r.lymphopenia_doubled == 1
    if not (red or neutrophils or lymphocytes or platelets):
        return -1 if r.lymphopenia_excluded == 1 and alone else 0
    if failed:
        return 0
    some, every = False, True
    if red:
        met = _hemoglobin(person, screening, day_0, week_24, spoiled, o, noise)
        some, every = some or met, every and met
    if neutrophils:
        met = _neutrophils(person, screening, day_0, week_24, spoiled, r, o, noise)
        some, every = some or met, every and met
    if platelets:
        met = _platelets(person, screening, day_0, week_24, spoiled, o, noise)
        some, every = some or met, every and met
    if lymphocytes:
        met = _lymphocytes(person, screening, day_0, week_24, o, noise)
        some, every = some or met, every and met
    return 1 if (every if r.all_lineages == 1 else some) else 0


@compiled
def _qualifying(
    person: Record, history: Record, scratch: Record, rules: Record, o: Record, noise: Record,
) -> tuple[bool, bool, bool, bool]:  # fmt: skip
    """Lineages that met inclusion 5-1 on the sample SCR: red cells, neutrophils, lymphocytes, platelets."""
    at_enrolment(scratch, person, rules.sample_day_LC)
    hemolysis = cytopenia.hemolytic_anemia(
        measure.hemoglobin(o, person, scratch, noise),
        measure.reticulocytes(o, person, scratch, noise),
        history.other_cause_hemoglobin,
        rules.hemoglobin_max,
        rules.reticulocyte_min,
    )
    neutrophils = cytopenia.neutropenia(
        measure.neutrophils(o, person, scratch, noise),
        history.other_cause_neutrophils,
        rules.neutrophils_below,
    )
    lymphocytes = cytopenia.lymphopenia(
        measure.lymphocytes(o, person, scratch, noise),
        history.lymphopenia_unexplained,
        rules.lymphocytes_below,
        rules.lymphopenia_counts,
    )
    platelets = cytopenia.thrombocytopenia(
        measure.platelets(o, person, scratch, noise),
        history.other_cause_platelets,
        rules.platelets_below,
    )
    return bool(hemolysis), bool(neutrophils), bool(lymphocytes), bool(platelets)


@compiled
def _mean_before(screening: float, day_0: float, spoiled: bool) -> float:
    """The value before treatment: the mean of SCR and D0, or SCR alone."""
    return screening if spoiled else (screening + day_0) / 2.0


@compiled
def _hemoglobin(
    person: Record, screening: Record, day_0: Record, week_24: Record, spoiled: int, o: Record, noise: Record,
) -> bool:  # fmt: skip
    before = _mean_before(
        measure.hemoglobin(o, person, screening, noise),
        measure.hemoglobin(o, person, day_0, noise),
        (spoiled & HEMOGLOBIN) != 0,
    )
    value = measure.hemoglobin(o, person, week_24, noise)
    return value - before >= 1.5 - _TOLERANCE


@compiled
def _neutrophils(
    person: Record, screening: Record, day_0: Record, week_24: Record, spoiled: int, r: Record, o: Record,
    noise: Record,
) -> bool:  # fmt: skip
    before = _mean_before(
        measure.neutrophils(o, person, screening, noise),
        measure.neutrophils(o, person, day_0, noise),
        (spoiled & NEUTROPHILS) != 0,
    )
    value = measure.neutrophils(o, person, week_24, noise)
    return value >= 2.0 * before - _TOLERANCE and value - before >= r.neutrophil_increase - _TOLERANCE


@compiled
def _platelets(
    person: Record, screening: Record, day_0: Record, week_24: Record, spoiled: int, o: Record, noise: Record,
) -> bool:  # fmt: skip
    before = _mean_before(
        measure.platelets(o, person, screening, noise),
        measure.platelets(o, person, day_0, noise),
        (spoiled & PLATELETS) != 0,
    )
    value = measure.platelets(o, person, week_24, noise)
    if before > 20.0 + _TOLERANCE:
        return value - before >= 30.0 - _TOLERANCE
    return value - before >= 20.0 - _TOLERANCE and value >= 2.0 * before - _TOLERANCE


@compiled
def _lymphocytes(
    person: Record, screening: Record, day_0: Record, week_24: Record, o: Record, noise: Record,
) -> bool:  # fmt: skip
    before = _mean_before(
        measure.lymphocytes(o, person, screening, noise),
        measure.lymphocytes(o, person, day_0, noise),
        False,
    )
    value = measure.lymphocytes(o, person, week_24, noise)
    return value >= 2.0 * before - _TOLERANCE and value - before >= 0.5 - _TOLERANCE
