"""Refractory cytopenia in one lineage: inclusion 5-1, for the cytopenia subgroup (compiled too)."""

from sim.screening.both_ways import TOLERANCE, Flag, Number, both_ways


@both_ways
def hemolytic_anemia(
    hemoglobin: Number,
    reticulocytes: Number,
    other_cause_hemoglobin: Flag,
    hemoglobin_max: float,
    reticulocyte_min: float,
) -> Flag:
    """Hemoglobin of at most 10 g/dL with reticulocytosis, without another cause (I5_1E).

    Reading : X07, reticulocytosis is above 2.5 %.
    """
    low = hemoglobin <= hemoglobin_max + TOLERANCE
    return low & (reticulocytes > reticulocyte_min + TOLERANCE) & (other_cause_hemoglobin ^ True)


@both_ways
def neutropenia(neutrophils: Number, other_cause_neutrophils: Flag, neutrophils_below: float) -> Flag:
    """Neutrophils below 1.0·10^9/L, without another cause (I5_1N)."""
    return (neutrophils < neutrophils_below - TOLERANCE) & (other_cause_neutrophils ^ True)


@both_ways
def lymphopenia(
    lymphocytes: Number, lymphopenia_unexplained: Flag, lymphocytes_below: float, lymphopenia_counts: int
) -> Flag:
    """Lymphocytes below 1.5·10^9/L (I5_1L).

    Reading : X05. yes (lymphopenia_counts 0), no (1), or where corticosteroids and drugs do not explain it (2).
    """
    low = lymphocytes < lymphocytes_below - TOLERANCE
    if lymphopenia_counts == 2:
        return low & lymphopenia_unexplained
    return low & (lymphopenia_counts == 0)


@both_ways
def thrombocytopenia(platelets: Number, other_cause_platelets: Flag, platelets_below: float) -> Flag:
    """Platelets below 100·10^9/L, without another cause (I5_1P)."""
    return (platelets < platelets_below - TOLERANCE) & (other_cause_platelets ^ True)


@both_ways
def refractory_cytopenia(
    hemolysis: Flag,
    neutrophils_low: Flag,
    lymphocytes_low: Flag,
    platelets_low: Flag,
    lineage_rule: int,
    require_non_lymphopenia: int,
) -> Flag:
    """At least one lineage qualifies (I5_1).

    Reading : X06. any (lineage_rule 0): each white-cell item alone; white_both (1): both together. With
              require_non_lymphopenia, lymphopenia alone is not enough.
    """
    others = hemolysis | platelets_low
    if lineage_rule == 1:
        return others | (neutrophils_low & lymphocytes_low)
    if require_non_lymphopenia == 1:
        return others | neutrophils_low
    return others | neutrophils_low | lymphocytes_low
