"""The verdict on one candidate, compiled: draw and measure as little as decides, cheap and selective first.

It must agree with the full matrix (sim.screening.matrix) on every candidate; a test holds it to that.
"""

from typing import Any

from sim.core.compiled import compiled
from sim.observations import measure
from sim.observations.noise import Anchors, forget
from sim.observations.visit import at_enrolment, kidney_at_enrolment
from sim.population.generate import generate_creatinine, generate_identity, generate_rest, generate_urine
from sim.population.generate_history import generate_history
from sim.population.person import LN
from sim.screening import criteria_cytopenia as cytopenia
from sim.screening import criteria_lupus as lupus
from sim.screening import criteria_nephritis as nephritis
from sim.screening import criteria_safety as safety
from sim.screening import criteria_therapy as therapy
from sim.screening.early import ruled_out
from sim.screening.samples import LAST, menses_at, sample_day, urinary_infection_at


@compiled
def screen_candidate(
    person: Any,
    history: Any,
    visit: Any,
    anchors: Anchors,
    parameters: Any,
    rules: Any,
    o: Any,
    subgroup: int,
    seed: int,
    trial: int,
    candidate: int,
) -> bool:
    """Whether a candidate is eligible; if so, `person` and `history` are filled.

    person, history, visit : records of PERSON, HISTORY and VISIT to work in.
    anchors                : noise workspace; holds the candidate's noise afterwards.
    parameters, rules, o   : records of PARAMETERS, RULES and OBSERVATION.
    """
    labs_decide = (rules.ln_labs_and_biopsy == 0) & (rules.subgroup_assignment == 0) & (subgroup == LN)
    if ruled_out(history, parameters, rules, subgroup, labs_decide, seed, trial, candidate):
        return False
    forget(anchors)
    generate_creatinine(person, parameters, seed, trial, candidate, subgroup)
    if labs_decide and not _laboratory(person, visit, anchors, parameters, rules, o, seed, trial, candidate):
        return False
    generate_urine(person, parameters, seed, trial, candidate)
    generate_identity(person, parameters, seed, trial, candidate)
    generate_history(history, person, parameters, seed, trial, candidate)
    if not _history_admits(person, history, rules):
        return False
    generate_rest(person, parameters, seed, trial, candidate)
    if not _disease_admits(person, history, rules):
        return False
    at_enrolment(visit, person, sample_day(rules, subgroup, LAST))
    if not _measured_admits(person, history, visit, anchors, rules, o, seed, trial, candidate):
        return False
    if labs_decide:
        return True
    return _qualifies(person, history, visit, anchors, parameters, rules, o, seed, trial, candidate)


@compiled
def _laboratory(
    person: Any,
    visit: Any,
    anchors: Anchors,
    parameters: Any,
    rules: Any,
    o: Any,
    seed: int,
    trial: int,
    candidate: int,
) -> bool:
    """Inclusion 5-2, laboratory part, of somebody whose creatinine is set; what does not decide is not measured.

    Where all three findings are asked of every sample, the most selective one is asked of all samples first.
    Before day 0 activity is constant.
    """
    kidney_at_enrolment(visit, person)
    first = LAST if rules.ln_lab_samples == 1 else 0
    all_three = (rules.ln_lab_rule == 0) & (rules.casts_scope == 0)
    for number in range(first, LAST + 1):
        if not all_three:
            break
        visit.day = sample_day(rules, LN, number)
        value = measure.serum_creatinine(o, person, visit, anchors, seed, trial, candidate)
        if not nephritis.creatinine_raised(value, rules.creatinine_above):
            return False
    generate_urine(person, parameters, seed, trial, candidate)
    for number in range(first, LAST + 1):
        visit.day = sample_day(rules, LN, number)
        if not _sample_documents(
            person, visit, anchors, parameters, rules, o, all_three, number, seed, trial, candidate
        ):
            return False
    return True


@compiled
def _sample_documents(
    person: Any,
    visit: Any,
    anchors: Anchors,
    parameters: Any,
    rules: Any,
    o: Any,
    creatinine: bool,
    number: int,
    seed: int,
    trial: int,
    candidate: int,
) -> bool:
    """Whether a sample documents nephritis; creatinine : True where it is known to be raised."""
    protein_optional = (rules.ln_lab_rule == 1) | (rules.casts_scope == 1)
    sediment_optional = (rules.ln_lab_rule != 0) | (rules.casts_scope == 1)
    red_cells = _red_cells(person, visit, anchors, parameters, rules, o, number, seed, trial, candidate)
    casts = measure.cellular_casts(o, person, visit, anchors, seed, trial, candidate)
    if not (red_cells | casts) and not sediment_optional:
        return False
    value = measure.upcr(o, person, visit, anchors, seed, trial, candidate)
    protein = nephritis.proteinuria_raised(value, rules.upcr_above)
    if not protein and not protein_optional:
        return False
    if not creatinine:
        value = measure.serum_creatinine(o, person, visit, anchors, seed, trial, candidate)
        creatinine = nephritis.creatinine_raised(value, rules.creatinine_above)
    return nephritis.combined(creatinine, protein, red_cells, casts, rules.ln_lab_rule, rules.casts_scope)


@compiled
def _red_cells(
    person: Any,
    visit: Any,
    anchors: Anchors,
    parameters: Any,
    rules: Any,
    o: Any,
    number: int,
    seed: int,
    trial: int,
    candidate: int,
) -> bool:
    """Red cells that count; menses and infections are drawn only for those who have enough of them."""
    value = measure.urine_rbc(o, person, visit, anchors, seed, trial, candidate)
    if not nephritis.hematuria(value, False, False, rules.urine_rbc_above):
        return False
    menses = menses_at(person, parameters, seed, trial, candidate, number)
    infection = urinary_infection_at(parameters, seed, trial, candidate, number)
    return nephritis.hematuria(value, menses, infection, rules.urine_rbc_above)


@compiled
def _biopsy(history: Any, rules: Any) -> bool:
    return nephritis.biopsy_nephritis(
        history.biopsy_class,
        history.biopsy_lesions,
        history.biopsy_age_days,
        rules.biopsy_allowed,
        rules.biopsy_max_age_days,
    )


@compiled
def _history_admits(person: Any, history: Any, rules: Any) -> bool:
    """Consent, donor, age and the exclusions that need no measurement."""
    h = history
    if safety.no_consent(h.consent):
        return False
    if not safety.haploidentical_donor(h.donor_found, h.donor_age, rules.donor_min_age, rules.donor_age_below):
        return False
    if not lupus.age_within_limits(person.age, rules.age_min, rules.age_max):
        return False
    allergy = safety.significant_allergy(h.history_allergy, h.history_anaphylaxis, rules.allergy_rule)
    if safety.excluding_history(
        h.history_cancer,
        allergy,
        h.history_substance_abuse,
        h.active_peptic_ulcer,
        h.heart_failure,
        h.liver_disease,
        h.coagulation_disorder,
    ):
        return False
    if safety.present(h.pregnant_or_lactating) | safety.present(h.major_infection):
        return False
    if therapy.recent_biologic(
        h.biologic_days,
        h.biologic_investigational,
        rules.biologic_rule,
        rules.biologic_max_days,
        rules.marketed_biologic_max_days,
    ):
        return False
    return not therapy.recent_immunoglobulin(
        h.ivig_days, rules.ivig_rule, rules.ivig_recent_days, rules.ivig_current_days
    )


@compiled
def _disease_admits(person: Any, history: Any, rules: Any) -> bool:
    """Refractory, classified as lupus, no severe central nervous disease."""
    h = history
    if safety.present(person.cns_item >= 0):
        return False
    failed = therapy.standard_care_failed(
        h.regimen_drug,
        h.regimen_dose,
        h.regimen_days,
        h.regimen_response,
        rules.regimen_min_dose,
        rules.regimen_min_days,
    )
    dependent = therapy.corticosteroid_dependent(person.prednisone_dose, rules.steroid_dependent_dose)
    if not therapy.refractory(failed, dependent, rules.refractory_rule):
        return False
    return _classified(history, rules)


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
def _measured_admits(
    person: Any,
    history: Any,
    visit: Any,
    anchors: Anchors,
    rules: Any,
    o: Any,
    seed: int,
    trial: int,
    candidate: int,
) -> bool:
    """Serology and, in the nephritis stream, the upper limit of creatinine, on the sample SCR."""
    dsdna = measure.anti_dsdna(o, person, visit, anchors, seed, trial, candidate)
    if not lupus.ana_or_anti_dsdna(
        history.ana_titer, dsdna, rules.ana_titer_min, rules.anti_dsdna_upper_limit, rules.serology_rule
    ):
        return False
    if person.subgroup != LN:
        return True
    value = measure.serum_creatinine(o, person, visit, anchors, seed, trial, candidate)
    return not nephritis.creatinine_excluded(value, rules.creatinine_excluded_above)


@compiled
def _qualifies(
    person: Any,
    history: Any,
    visit: Any,
    anchors: Anchors,
    parameters: Any,
    rules: Any,
    o: Any,
    seed: int,
    trial: int,
    candidate: int,
) -> bool:
    """Inclusion 5 in full, where the laboratory of nephritis did not decide it."""
    by_cytopenia = False
    if (person.subgroup != LN) | (rules.subgroup_assignment == 1):
        by_cytopenia = _cytopenia(person, history, visit, anchors, rules, o, seed, trial, candidate)
    by_nephritis = False
    if person.subgroup == LN:
        laboratory = _laboratory(person, visit, anchors, parameters, rules, o, seed, trial, candidate)
        by_nephritis = nephritis.active_nephritis(laboratory, _biopsy(history, rules), rules.ln_labs_and_biopsy)
    return nephritis.qualifies_for_subgroup(person.subgroup, by_cytopenia, by_nephritis, rules.subgroup_assignment)


@compiled
def _cytopenia(
    person: Any,
    history: Any,
    visit: Any,
    anchors: Anchors,
    rules: Any,
    o: Any,
    seed: int,
    trial: int,
    candidate: int,
) -> bool:
    """Inclusion 5-1. Platelets or red cells are enough under every reading, so they come first."""
    platelets = cytopenia.thrombocytopenia(
        measure.platelets(o, person, visit, anchors, seed, trial, candidate),
        history.other_cause_platelets,
        rules.platelets_below,
    )
    if cytopenia.refractory_cytopenia(
        False, False, False, platelets, rules.lineage_rule, rules.require_non_lymphopenia
    ):
        return True
    hemolysis = cytopenia.hemolytic_anemia(
        measure.hemoglobin(o, person, visit, anchors, seed, trial, candidate),
        measure.reticulocytes(o, person, visit, anchors, seed, trial, candidate),
        history.other_cause_hemoglobin,
        rules.hemoglobin_max,
        rules.reticulocyte_min,
    )
    if cytopenia.refractory_cytopenia(
        hemolysis, False, False, platelets, rules.lineage_rule, rules.require_non_lymphopenia
    ):
        return True
    neutrophils = cytopenia.neutropenia(
        measure.neutrophils(o, person, visit, anchors, seed, trial, candidate),
        history.other_cause_neutrophils,
        rules.neutrophils_below,
    )
    lymphocytes = cytopenia.lymphopenia(
        measure.lymphocytes(o, person, visit, anchors, seed, trial, candidate),
        history.lymphopenia_unexplained,
        rules.lymphocytes_below,
        rules.lymphopenia_counts,
    )
    return cytopenia.refractory_cytopenia(
        hemolysis, neutrophils, lymphocytes, platelets, rules.lineage_rule, rules.require_non_lymphopenia
    )
