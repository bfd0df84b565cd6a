"""What a few draws already rule out, before anything is measured.

Whoever is ruled out here fails the full verdict too, whatever else would be drawn; whoever is not may still fail.
The expressions are those of sim.population.generate_history, the rules those of the catalogue.
"""

from typing import Any

from sim.core.uncounted import inlined
from sim.population.generate_history import biopsy_age, set_biopsy_finding, set_recent_treatment
from sim.population.variables import HistoryVariable
from sim.screening import criteria_nephritis as nephritis
from sim.screening import criteria_safety as safety
from sim.screening import criteria_therapy as therapy
from sim.screening.both_ways import TOLERANCE
from sim.screening.case import Case


@inlined
def ruled_out(c: Case, biopsy: bool) -> bool:
    """Consent, donor, biopsy and the exclusions that depend neither on the person nor on a measurement.

    biopsy : whether a candidate without a qualifying biopsy cannot be eligible.
    """
    p, rules, draws = c.population, c.rules, c.draws
    if refuses(p, draws[HistoryVariable.CONSENT]) | plainly_unfit(
        p,
        draws[HistoryVariable.DONOR_FOUND],
        draws[HistoryVariable.MAJOR_INFECTION],
        draws[HistoryVariable.LIVER_DISEASE],
    ):
        return True
    if biopsy and biopsy_age(p, draws[HistoryVariable.BIOPSY_AGE]) > rules.biopsy_max_age_days + TOLERANCE:
        return True
    return _history_excludes(p, rules, draws) or _treatment_excludes(c) or (biopsy and _biopsy_unfit(c))


@inlined
def refuses(population: Any, consent: float) -> bool:
    """Whether a candidate does not take part, from the draw."""
    return safety.no_consent(consent >= population.exclusions_refuses)


@inlined
def plainly_unfit(population: Any, found: float, infection: float, liver: float) -> bool:
    """No donor, a major infection or a liver disease, from their draws.

    Whether a donor is found depends on age; here the likeliest age is granted.
    """
    p = population
    no_donor = found >= max(p.donor_found_under_40, p.donor_found_40_to_54, p.donor_found_from_55)
    infected = safety.present(infection < p.exclusions_major_infection)
    return no_donor | infected | safety.present(liver < p.exclusions_liver_disease)


@inlined
def _history_excludes(p: Any, rules: Any, draws: Any) -> bool:
    allergic = safety.significant_allergy(
        draws[HistoryVariable.ALLERGY] < p.exclusions_allergy,
        draws[HistoryVariable.ALLERGY] < p.exclusions_anaphylaxis,
        rules.allergy_rule,
    )
    return safety.excluding_history(
        draws[HistoryVariable.CANCER] < p.exclusions_cancer,
        allergic,
        draws[HistoryVariable.SUBSTANCE_ABUSE] < p.exclusions_substance_abuse,
        draws[HistoryVariable.ACTIVE_PEPTIC_ULCER] < p.exclusions_active_peptic_ulcer,
        draws[HistoryVariable.HEART_FAILURE] < p.exclusions_heart_failure,
        draws[HistoryVariable.LIVER_DISEASE] < p.exclusions_liver_disease,
        draws[HistoryVariable.COAGULATION_DISORDER] < p.exclusions_coagulation_disorder,
    )


@inlined
def _treatment_excludes(c: Case) -> bool:
    h, rules = c.history, c.rules
    set_recent_treatment(h, c.population, c.draws, c.subgroup)
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
def _biopsy_unfit(c: Case) -> bool:
    """Class or lesions of a biopsy that is not too old do not qualify."""
    h = c.history
    set_biopsy_finding(h, c.population, c.draws)
    return not nephritis.biopsy_nephritis(
        h.biopsy_class, h.biopsy_lesions, 0.0, c.rules.biopsy_allowed, c.rules.biopsy_max_age_days
    )
