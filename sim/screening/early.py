"""What a few draws already rule out: one block of the generator after the other, the most selective first.

Whoever is ruled out here fails the full verdict too, whatever else would be drawn; whoever is not may still fail.
The expressions are those of sim.population.generate_history, the rules those of the catalogue.
"""

from typing import Any

from sim.core.compiled import compiled
from sim.core.decisions import Decision
from sim.core.draws import uniform, uniforms
from sim.population.generate_history import biopsy_age, set_biopsy_finding, set_recent_treatment
from sim.population.variables import HistoryVariable
from sim.screening import criteria_nephritis as nephritis
from sim.screening import criteria_safety as safety
from sim.screening import criteria_therapy as therapy
from sim.screening.both_ways import TOLERANCE


@compiled
def ruled_out(
    history: Any, parameters: Any, rules: Any, subgroup: int, biopsy: bool, seed: int, trial: int, candidate: int
) -> bool:
    """Consent, donor, biopsy and the exclusions that depend neither on the person nor on a measurement.

    history : a record to work in. biopsy : whether a candidate without a qualifying biopsy cannot be eligible.
    """
    p = parameters
    consent, found, _, age = uniforms(seed, trial, candidate, Decision.BASELINE, HistoryVariable.CONSENT)
    if safety.no_consent(consent >= p.exclusions_refuses):
        return True
    # Whether a donor is found depends on age; here the likeliest age is granted.
    if found >= max(p.donor_found_under_40, p.donor_found_40_to_54, p.donor_found_from_55):
        return True
    if biopsy:
        history.biopsy_age_days = biopsy_age(p, age)
        if history.biopsy_age_days > rules.biopsy_max_age_days + TOLERANCE:
            return True
    if _organs_exclude(p, seed, trial, candidate) or _habits_exclude(p, rules, seed, trial, candidate):
        return True
    if _infection_or_biopsy(history, p, rules, biopsy, seed, trial, candidate):
        return True
    return _treatment_excludes(history, p, rules, subgroup, seed, trial, candidate)


@compiled
def _organs_exclude(p: Any, seed: int, trial: int, candidate: int) -> bool:
    heart, liver, coagulation, _ = uniforms(
        seed, trial, candidate, Decision.BASELINE, HistoryVariable.HEART_FAILURE
    )
    return safety.excluding_history(
        False,
        False,
        False,
        False,
        heart < p.exclusions_heart_failure,
        liver < p.exclusions_liver_disease,
        coagulation < p.exclusions_coagulation_disorder,
    )


@compiled
def _habits_exclude(p: Any, rules: Any, seed: int, trial: int, candidate: int) -> bool:
    cancer, allergy, abuse, ulcer = uniforms(seed, trial, candidate, Decision.BASELINE, HistoryVariable.CANCER)
    allergic = safety.significant_allergy(
        allergy < p.exclusions_allergy, allergy < p.exclusions_anaphylaxis, rules.allergy_rule
    )
    return safety.excluding_history(
        cancer < p.exclusions_cancer,
        allergic,
        abuse < p.exclusions_substance_abuse,
        ulcer < p.exclusions_active_peptic_ulcer,
        False,
        False,
        False,
    )


@compiled
def _infection_or_biopsy(
    history: Any, p: Any, rules: Any, biopsy: bool, seed: int, trial: int, candidate: int
) -> bool:
    mix, lesions, pattern, infection = uniforms(
        seed, trial, candidate, Decision.BASELINE, HistoryVariable.BIOPSY_CLASS
    )
    if safety.present(infection < p.exclusions_major_infection):
        return True
    if not biopsy:
        return False
    set_biopsy_finding(history, p, mix, lesions, pattern)
    return not nephritis.biopsy_nephritis(
        history.biopsy_class,
        history.biopsy_lesions,
        history.biopsy_age_days,
        rules.biopsy_allowed,
        rules.biopsy_max_age_days,
    )


@compiled
def _treatment_excludes(
    history: Any, p: Any, rules: Any, subgroup: int, seed: int, trial: int, candidate: int
) -> bool:
    biologic, days, investigational, ivig = uniforms(
        seed, trial, candidate, Decision.BASELINE, HistoryVariable.BIOLOGIC
    )
    if biologic >= p.exclusions_biologic and ivig >= p.ivig[subgroup]:
        return False
    ivig_days = uniform(seed, trial, candidate, Decision.BASELINE, HistoryVariable.IVIG_DAYS)
    set_recent_treatment(history, p, subgroup, biologic, days, investigational, ivig, ivig_days)
    return therapy.recent_biologic(
        history.biologic_days,
        history.biologic_investigational,
        rules.biologic_rule,
        rules.biologic_max_days,
        rules.marketed_biologic_max_days,
    ) or therapy.recent_immunoglobulin(
        history.ivig_days, rules.ivig_rule, rules.ivig_recent_days, rules.ivig_current_days
    )
