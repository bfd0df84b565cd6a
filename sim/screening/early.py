"""What a few draws already rule out, before anything is measured.

Whoever is ruled out here fails the full verdict too, whatever else would be drawn; whoever is not may still fail.
The expressions are those of sim.population.generate_history, the rules those of the catalogue. Blocks of the
generator that do not wait for each other, and questions without a branch between them, cost a third of what they
cost one by one; so each step asks all that its blocks can answer.
"""

from typing import Any

from sim.core.compiled import compiled, inlined
from sim.core.decisions import Decision
from sim.core.draws import uniform, uniforms
from sim.population.generate_history import biopsy_age, set_biopsy_finding, set_recent_treatment
from sim.population.variables import HistoryVariable
from sim.screening import criteria_nephritis as nephritis
from sim.screening import criteria_safety as safety
from sim.screening import criteria_therapy as therapy
from sim.screening.both_ways import TOLERANCE
from sim.screening.case import Case
from sim.screening.nearly import EXPONENTIAL_ERROR, ROUNDING, near_exponential


@inlined
def ruled_out(c: Case, biopsy: bool) -> bool:
    """Consent, donor, biopsy and the exclusions that depend neither on the person nor on a measurement.

    biopsy : whether a candidate without a qualifying biopsy cannot be eligible.
    """
    p = c.population
    consent, found, _, age = uniforms(c.seed, c.trial, c.candidate, Decision.BASELINE, HistoryVariable.CONSENT)
    refuses = safety.no_consent(consent >= p.exclusions_refuses)
    # Whether a donor is found depends on age; here the likeliest age is granted.
    no_donor = found >= max(p.donor_found_under_40, p.donor_found_40_to_54, p.donor_found_from_55)
    if refuses | no_donor | (biopsy & _biopsy_too_old(p, c.rules.biopsy_max_age_days, age)):
        return True
    mix, lesions, pattern, infection = uniforms(
        c.seed, c.trial, c.candidate, Decision.BASELINE, HistoryVariable.BIOPSY_CLASS
    )
    if safety.present(infection < p.exclusions_major_infection) | _history_excludes(c):
        return True
    biologic, days, investigational, ivig = uniforms(
        c.seed, c.trial, c.candidate, Decision.BASELINE, HistoryVariable.BIOLOGIC
    )
    treated = (biologic < p.exclusions_biologic) | (ivig < p.ivig[c.subgroup])
    if treated and _treatment_excludes(c, biologic, days, investigational, ivig):
        return True
    return biopsy and _biopsy_unfit(c, mix, lesions, pattern)


@inlined
def _biopsy_too_old(p: Any, most_days: float, draw: float) -> bool:
    days = p.biopsy_mean_days * near_exponential(draw)
    if abs(days - most_days) < p.biopsy_mean_days * EXPONENTIAL_ERROR + ROUNDING * (1.0 + most_days):
        return biopsy_age(p, draw) > most_days + TOLERANCE
    return days > most_days


@inlined
def _history_excludes(c: Case) -> bool:
    p = c.population
    cancer, allergy, abuse, ulcer = uniforms(
        c.seed, c.trial, c.candidate, Decision.BASELINE, HistoryVariable.CANCER
    )
    heart, liver, coagulation, _ = uniforms(
        c.seed, c.trial, c.candidate, Decision.BASELINE, HistoryVariable.HEART_FAILURE
    )
    allergic = safety.significant_allergy(
        allergy < p.exclusions_allergy, allergy < p.exclusions_anaphylaxis, c.rules.allergy_rule
    )
    return safety.excluding_history(
        cancer < p.exclusions_cancer,
        allergic,
        abuse < p.exclusions_substance_abuse,
        ulcer < p.exclusions_active_peptic_ulcer,
        heart < p.exclusions_heart_failure,
        liver < p.exclusions_liver_disease,
        coagulation < p.exclusions_coagulation_disorder,
    )


@compiled
def _treatment_excludes(c: Case, biologic: float, days: float, investigational: float, ivig: float) -> bool:
    ivig_days = uniform(c.seed, c.trial, c.candidate, Decision.BASELINE, HistoryVariable.IVIG_DAYS)
    h, rules = c.history, c.rules
    set_recent_treatment(h, c.population, c.subgroup, biologic, days, investigational, ivig, ivig_days)
    return therapy.recent_biologic(
        h.biologic_days,
        h.biologic_investigational,
        rules.biologic_rule,
        rules.biologic_max_days,
        rules.marketed_biologic_max_days,
    ) or therapy.recent_immunoglobulin(
        h.ivig_days, rules.ivig_rule, rules.ivig_recent_days, rules.ivig_current_days
    )


@inlined
def _biopsy_unfit(c: Case, mix: float, lesions: float, pattern: float) -> bool:
    """Class or lesions of a biopsy that is not too old do not qualify."""
    h = c.history
    set_biopsy_finding(h, c.population, mix, lesions, pattern)
    return not nephritis.biopsy_nephritis(
        h.biopsy_class, h.biopsy_lesions, 0.0, c.rules.biopsy_allowed, c.rules.biopsy_max_age_days
    )
