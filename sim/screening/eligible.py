"""The verdict on one candidate, compiled: draw and measure as little as decides, cheap and selective first.

It must agree with the full matrix (sim.screening.matrix) on every candidate; a test holds it to that.
"""

import math
from typing import Any, Final

from sim.core.uncounted import compiled
from sim.observations import measure
from sim.observations.noise import begin
from sim.observations.visit import at_enrolment
from sim.population.generate import (
    draw_baseline,
    generate_identity,
    generate_labs,
    generate_rest,
    prednisone_dose,
    severe_cns,
)
from sim.population.generate_history import generate_history, set_donor, set_regimen
from sim.population.person import LN, Primary
from sim.population.variables import BASELINE_END, EARLY_END, HistoryVariable
from sim.screening import criteria_cytopenia as cytopenia
from sim.screening import criteria_lupus as lupus
from sim.screening import criteria_nephritis as nephritis
from sim.screening import criteria_safety as safety
from sim.screening import criteria_therapy as therapy
from sim.screening.case import Case
from sim.screening.kidney import Kidney, creatinine_above, laboratory
from sim.screening.samples import LAST, sample_day

LINEAGES: Final = len(Primary)


@compiled
def rest_admits(c: Case, k: Kidney, labs_decided: bool) -> bool:
    """Everything after the laboratory of nephritis, where that decides."""
    if not _person_admits(c):
        return False
    if c.subgroup == LN and creatinine_above(
        c, k, LAST, c.rules.creatinine_excluded_above, c.rules.creatinine_excluded_least
    ):
        return False
    draw_baseline(c.draws, c.seed, c.trial, c.candidate, EARLY_END, BASELINE_END)
    generate_history(c.history, c.person, c.population, c.draws)
    if not _classified(c.history, c.rules):
        return False
    by_nephritis = labs_decided
    if c.subgroup == LN and not labs_decided:
        h, rules = c.history, c.rules
        biopsy = nephritis.biopsy_nephritis(
            h.biopsy_class, h.biopsy_lesions, h.biopsy_age_days, rules.biopsy_allowed, rules.biopsy_max_age_days
        )
        by_nephritis = nephritis.active_nephritis(laboratory(c, k), biopsy, rules.ln_labs_and_biopsy)
    generate_labs(c.person, c.population, c.draws, c.subgroup)
    generate_rest(c.person, c.population, c.draws, c.seed, c.trial, c.candidate)
    if not _serology_admits(c):
        return False
    by_cytopenia = not by_nephritis and _cytopenia(c)
    return nephritis.qualifies_for_subgroup(c.subgroup, by_cytopenia, by_nephritis, c.rules.subgroup_assignment)


@compiled
def _person_admits(c: Case) -> bool:
    """Age, donor, pregnancy and severe central nervous disease."""
    p, h, person, rules = c.population, c.history, c.person, c.rules
    generate_identity(person, p, c.draws)
    if not lupus.age_within_limits(person.age, rules.age_min, rules.age_max):
        return False
    set_donor(h, person, p, c.draws)
    if not safety.haploidentical_donor(h.donor_found, h.donor_age, rules.donor_min_age, rules.donor_age_below):
        return False
    fertile = (person.female == 1) & (person.age < p.exclusions_menopause_age)
    if safety.present(fertile & (c.draws[HistoryVariable.PREGNANT] < p.exclusions_pregnant_or_lactating)):
        return False
    return not safety.present(severe_cns(p, c.draws))


@compiled
def refractory(c: Case) -> bool:
    """Standard care failed, or corticosteroid cannot be reduced; the dose is looked at where it decides."""
    h, rules = c.history, c.rules
    set_regimen(h, c.population, c.draws, c.subgroup)
    failed = therapy.standard_care_failed(
        h.regimen_drug,
        h.regimen_dose,
        h.regimen_days,
        h.regimen_response,
        rules.regimen_min_dose,
        rules.regimen_min_days,
    )
    at_best = therapy.refractory(failed, True, rules.refractory_rule)
    if at_best == therapy.refractory(failed, False, rules.refractory_rule):
        return at_best
    dose = prednisone_dose(c.population, c.draws, c.subgroup)
    return therapy.corticosteroid_dependent(dose, rules.steroid_dependent_dose)


@compiled
def _classified(history: Any, rules: Any) -> bool:
    h = history
    slicc = lupus.slicc_classification(
        h.ever_acute_cutaneous,
        h.ever_chronic_cutaneous,
        h.ever_discoid,
        h.ever_oral_ulcers,
        h.ever_alopecia,
        h.ever_synovitis,
        h.ever_serositis,
        h.ever_renal,
        h.ever_neurologic,
        h.ever_hemolytic_anemia,
        h.ever_leukopenia,
        h.ever_thrombocytopenia,
        h.ana_titer,
        h.ever_anti_dsdna,
        h.ever_anti_sm,
        h.ever_antiphospholipid,
        h.ever_low_complement,
        h.ever_direct_coombs,
        h.biopsy_class,
        rules.slicc_standalone,
        rules.ana_titer_min,
    )
    if slicc:
        return True
    return lupus.acr_classification(
        h.ever_acute_cutaneous,
        h.ever_discoid,
        h.ever_photosensitivity,
        h.ever_oral_ulcers,
        h.ever_synovitis,
        h.ever_serositis,
        h.ever_renal,
        h.ever_neurologic,
        h.ever_hemolytic_anemia,
        h.ever_leukopenia,
        h.ever_thrombocytopenia,
        h.ever_anti_dsdna,
        h.ever_anti_sm,
        h.ever_antiphospholipid,
        h.ana_titer,
        rules.ana_titer_min,
    )


@compiled
def _serology_admits(c: Case) -> bool:
    """Antinuclear antibody and, where it decides, anti-dsDNA on the sample SCR."""
    titer, rules = c.history.ana_titer, c.rules
    least, limit, rule = rules.ana_titer_min, rules.anti_dsdna_upper_limit, rules.serology_rule
    at_best = lupus.ana_or_anti_dsdna(titer, math.inf, least, limit, rule)
    if at_best == lupus.ana_or_anti_dsdna(titer, -math.inf, least, limit, rule):
        return at_best
    _to_last_sample(c)
    dsdna = measure.anti_dsdna(c.observation, c.person, c.visit, c.noise)
    return lupus.ana_or_anti_dsdna(titer, dsdna, least, limit, rule)


@compiled
def _to_last_sample(c: Case) -> None:
    begin(c.noise, c.seed, c.trial, c.candidate)
    at_enrolment(c.visit, c.person, sample_day(c.rules, c.subgroup, LAST))


@compiled
def _cytopenia(c: Case) -> bool:
    """Inclusion 5-1. Of the lineages that of the referral comes first; one more never takes a verdict back."""
    rules = c.rules
    _to_last_sample(c)
    platelets, hemolysis, neutrophils, lymphocytes = False, False, False, False
    first = max(c.person.primary_type, 0)
    for step in range(LINEAGES):
        lineage = (first + step) % LINEAGES
        if lineage == Primary.PLATELETS:
            platelets = _low_platelets(c)
        elif lineage == Primary.HEMOLYSIS:
            hemolysis = _hemolysis(c)
        elif lineage == Primary.NEUTROPHILS:
            neutrophils = _low_neutrophils(c)
        else:
            lymphocytes = _low_lymphocytes(c)
        if cytopenia.refractory_cytopenia(
            hemolysis, neutrophils, lymphocytes, platelets, rules.lineage_rule, rules.require_non_lymphopenia
        ):
            return True
    return False


@compiled
def _low_platelets(c: Case) -> bool:
    platelets = measure.platelets(c.observation, c.person, c.visit, c.noise)
    return cytopenia.thrombocytopenia(platelets, c.history.other_cause_platelets, c.rules.platelets_below)


@compiled
def _hemolysis(c: Case) -> bool:
    return cytopenia.hemolytic_anemia(
        measure.hemoglobin(c.observation, c.person, c.visit, c.noise),
        measure.reticulocytes(c.observation, c.person, c.visit, c.noise),
        c.history.other_cause_hemoglobin,
        c.rules.hemoglobin_max,
        c.rules.reticulocyte_min,
    )


@compiled
def _low_neutrophils(c: Case) -> bool:
    neutrophils = measure.neutrophils(c.observation, c.person, c.visit, c.noise)
    return cytopenia.neutropenia(neutrophils, c.history.other_cause_neutrophils, c.rules.neutrophils_below)


@compiled
def _low_lymphocytes(c: Case) -> bool:
    lymphocytes = measure.lymphocytes(c.observation, c.person, c.visit, c.noise)
    unexplained = c.history.lymphopenia_unexplained
    return cytopenia.lymphopenia(lymphocytes, unexplained, c.rules.lymphocytes_below, c.rules.lymphopenia_counts)
