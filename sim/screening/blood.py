"""Refractory cytopenia (inclusion 5-1), asked lineage by lineage; what does not decide is not looked at.

A count that is far from its limit is judged by its nearly exact logarithm (sim.screening.nearly), a close one is
measured. Before day 0 a candidate of the cytopenia stream has the counts of enrolment.
"""

import math
from typing import Final

from sim.core.compiled import compiled, inlined
from sim.observations import measure
from sim.observations.noise import forget
from sim.observations.visit import at_enrolment
from sim.population.person import LC, Primary
from sim.screening import criteria_cytopenia as criteria
from sim.screening.case import Case
from sim.screening.nearly import clear, near_noise
from sim.screening.samples import LAST, sample_day

_LINEAGES: Final = len(Primary)


@compiled
def refractory_cytopenia(c: Case) -> bool:
    """Of the lineages that of the referral comes first; one more never takes a verdict back."""
    rules = c.rules
    platelets, hemolysis, neutrophils, lymphocytes = False, False, False, False
    first = max(c.person.primary_type, 0)
    for step in range(_LINEAGES):
        lineage = (first + step) % _LINEAGES
        if lineage == Primary.PLATELETS:
            platelets = thrombocytopenia(c)
        elif lineage == Primary.HEMOLYSIS:
            hemolysis = hemolytic_anemia(c)
        elif lineage == Primary.NEUTROPHILS:
            neutrophils = neutropenia(c)
        else:
            lymphocytes = lymphopenia(c)
        if criteria.refractory_cytopenia(
            hemolysis, neutrophils, lymphocytes, platelets, rules.lineage_rule, rules.require_non_lymphopenia
        ):
            return True
    return False


@inlined
def thrombocytopenia(c: Case) -> bool:
    """Platelets of the last sample."""
    platelets = _finding(c, measure.PLATELETS, c.person.platelets, c.rules.platelets_least)
    return criteria.thrombocytopenia(platelets, c.history.other_cause_platelets, c.rules.platelets_below)


@inlined
def hemolytic_anemia(c: Case) -> bool:
    """Hemoglobin and, where it decides, reticulocytes of the last sample."""
    o, person, rules, other = c.observation, c.person, c.rules, c.history.other_cause_hemoglobin
    hemoglobin = _finding(c, measure.HEMOGLOBIN, person.hemoglobin, rules.hemoglobin_least)
    if not criteria.hemolytic_anemia(hemoglobin, math.inf, other, rules.hemoglobin_max, rules.reticulocyte_min):
        return False
    truth = o.reticulocytes_normal + o.reticulocytes_hemolysis * person.hemolytic
    reticulocytes = _finding(c, measure.RETICULOCYTES, truth, rules.reticulocyte_least)
    return criteria.hemolytic_anemia(
        hemoglobin, reticulocytes, other, rules.hemoglobin_max, rules.reticulocyte_min
    )


@inlined
def neutropenia(c: Case) -> bool:
    """Neutrophils of the last sample."""
    neutrophils = _finding(c, measure.NEUTROPHILS, c.person.neutrophils, c.rules.neutrophils_least)
    return criteria.neutropenia(neutrophils, c.history.other_cause_neutrophils, c.rules.neutrophils_below)


@inlined
def lymphopenia(c: Case) -> bool:
    """Lymphocytes of the last sample, where low ones count."""
    rules, unexplained = c.rules, c.history.lymphopenia_unexplained
    if not criteria.lymphopenia(-math.inf, unexplained, rules.lymphocytes_below, rules.lymphopenia_counts):
        return False
    lymphocytes = _finding(c, measure.LYMPHOCYTES, c.person.lymphocytes, rules.lymphocytes_least)
    return criteria.lymphopenia(lymphocytes, unexplained, rules.lymphocytes_below, rules.lymphopenia_counts)


@compiled
def _finding(c: Case, analyte: int, truth: float, least: float) -> float:
    """A value of the last sample; where it is far from its limit, infinite on its side.

    truth : the value without noise, of the cytopenia stream; least : logarithm of the least value that is, when it
            is rounded, on the upper side of the limit.
    """
    o = c.observation
    if c.subgroup == LC and o.cap >= 1.0:
        slow_sd, fast_sd, day = o.slow_sd[analyte], o.fast_sd[analyte], sample_day(c.rules, LC, LAST)
        noise = near_noise(o, analyte, slow_sd, fast_sd, day, c.seed, c.trial, c.candidate)
        verdict = clear(math.log(truth), noise, least, 0.0, slow_sd, fast_sd)
        if verdict != 0:
            return verdict * math.inf
    return _measured(c, analyte)


@compiled
def _measured(c: Case, analyte: int) -> float:
    o, person, visit, anchors = c.observation, c.person, c.visit, c.anchors
    to_last_sample(c)
    if analyte == measure.PLATELETS:
        return measure.platelets(o, person, visit, anchors, c.seed, c.trial, c.candidate)
    if analyte == measure.HEMOGLOBIN:
        return measure.hemoglobin(o, person, visit, anchors, c.seed, c.trial, c.candidate)
    if analyte == measure.RETICULOCYTES:
        return measure.reticulocytes(o, person, visit, anchors, c.seed, c.trial, c.candidate)
    if analyte == measure.NEUTROPHILS:
        return measure.neutrophils(o, person, visit, anchors, c.seed, c.trial, c.candidate)
    return measure.lymphocytes(o, person, visit, anchors, c.seed, c.trial, c.candidate)


@compiled
def to_last_sample(c: Case) -> None:
    """The visit at which the last sample is taken, and no noise laid out yet."""
    forget(c.anchors)
    at_enrolment(c.visit, c.person, sample_day(c.rules, c.subgroup, LAST))
