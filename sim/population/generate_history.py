"""The history of one candidate from addressed draws: exclusions, donor, biopsy, therapy, features."""

import math
from typing import Any, Final

import numpy as np

from sim.config.population import BIOPSY_MIX
from sim.core.compiled import compiled
from sim.core.decisions import Decision
from sim.core.draws import uniforms
from sim.population.distributions import level
from sim.population.generate import baseline_uniforms
from sim.population.history import BIOPSY_CLASSES
from sim.population.person import LN, Primary
from sim.population.variables import HISTORY_END, HISTORY_START, HistoryVariable

_MIXED_IV: Final = BIOPSY_MIX.index("IV")
_CLASS_OF_MIX: Final = tuple(BIOPSY_CLASSES.index("IV-G" if name == "IV" else name) for name in BIOPSY_MIX)
_IV_S: Final = BIOPSY_CLASSES.index("IV-S")
_V: Final = BIOPSY_CLASSES.index("V")


@compiled
def generate_history(history: Any, person: Any, parameters: Any, seed: int, trial: int, candidate: int) -> None:
    """Fill a record of HISTORY for a person whose stream and identity are set."""
    draws = baseline_uniforms(seed, trial, candidate, HISTORY_START, HISTORY_END)
    _fill_exclusions(history, person, parameters, draws)
    set_recent_treatment(
        history,
        parameters,
        person.subgroup,
        draws[HistoryVariable.BIOLOGIC],
        draws[HistoryVariable.BIOLOGIC_DAYS],
        draws[HistoryVariable.BIOLOGIC_INVESTIGATIONAL],
        draws[HistoryVariable.IVIG],
        draws[HistoryVariable.IVIG_DAYS],
    )
    set_donor(history, person, parameters, draws[HistoryVariable.DONOR_FOUND], draws[HistoryVariable.DONOR_AGE])
    _fill_biopsy(history, person, parameters, draws)
    generate_regimen(history, parameters, person.subgroup, seed, trial, candidate)
    _fill_serology(history, person, parameters, draws)
    _fill_features(history, person, parameters, draws)


@compiled
def _fill_exclusions(history: Any, person: Any, parameters: Any, draws: Any) -> None:
    """Consent and medical history; anaphylaxis is a part of allergy, so both read one draw."""
    p = parameters
    history.consent = draws[HistoryVariable.CONSENT] >= p.exclusions_refuses
    history.history_cancer = draws[HistoryVariable.CANCER] < p.exclusions_cancer
    history.history_allergy = draws[HistoryVariable.ALLERGY] < p.exclusions_allergy
    history.history_anaphylaxis = draws[HistoryVariable.ALLERGY] < p.exclusions_anaphylaxis
    history.history_substance_abuse = draws[HistoryVariable.SUBSTANCE_ABUSE] < p.exclusions_substance_abuse
    history.active_peptic_ulcer = draws[HistoryVariable.ACTIVE_PEPTIC_ULCER] < p.exclusions_active_peptic_ulcer
    history.heart_failure = draws[HistoryVariable.HEART_FAILURE] < p.exclusions_heart_failure
    history.liver_disease = draws[HistoryVariable.LIVER_DISEASE] < p.exclusions_liver_disease
    history.coagulation_disorder = draws[HistoryVariable.COAGULATION_DISORDER] < p.exclusions_coagulation_disorder
    history.major_infection = draws[HistoryVariable.MAJOR_INFECTION] < p.exclusions_major_infection
    fertile = (person.female == 1) & (person.age < p.exclusions_menopause_age)
    history.pregnant_or_lactating = fertile & (
        draws[HistoryVariable.PREGNANT] < p.exclusions_pregnant_or_lactating
    )


@compiled
def set_recent_treatment(
    history: Any,
    parameters: Any,
    subgroup: int,
    biologic: float,
    biologic_days: float,
    investigational: float,
    ivig: float,
    ivig_days: float,
) -> None:
    """Whole days since the last biologic and since immunoglobulin or plasma exchange, from their draws."""
    p = parameters
    history.biologic_days = np.nan
    history.biologic_investigational = False
    if biologic < p.exclusions_biologic:
        history.biologic_days = math.floor((p.exclusions_biologic_days + 1.0) * biologic_days)
        history.biologic_investigational = investigational < p.exclusions_biologic_investigational
    history.ivig_days = np.nan
    if ivig < p.ivig[subgroup]:
        history.ivig_days = math.floor((p.exclusions_ivig_days + 1.0) * ivig_days)


@compiled
def set_donor(history: Any, person: Any, parameters: Any, found: float, age: float) -> None:
    """Whether a donor is found, by age of the person, and the donor's age, from their draws."""
    p = parameters
    share = p.donor_found_under_40
    if person.age >= 55.0:
        share = p.donor_found_from_55
    elif person.age >= 40.0:
        share = p.donor_found_40_to_54
    history.donor_found = found < share
    history.donor_age = np.nan
    if history.donor_found:
        if age < p.donor_too_old:
            history.donor_age = (
                p.donor_age_limit + (p.donor_age_oldest - p.donor_age_limit) * age / p.donor_too_old
            )
        else:
            place = (age - p.donor_too_old) / (1.0 - p.donor_too_old)
            history.donor_age = p.donor_age_low + (p.donor_age_limit - p.donor_age_low) * place


@compiled
def _fill_biopsy(history: Any, person: Any, parameters: Any, draws: Any) -> None:
    """None in the cytopenia stream."""
    history.biopsy_class = -1
    history.biopsy_lesions = -1
    history.biopsy_age_days = np.nan
    if person.subgroup == LN:
        history.biopsy_age_days = biopsy_age(parameters, draws[HistoryVariable.BIOPSY_AGE])
        set_biopsy_finding(
            history,
            parameters,
            draws[HistoryVariable.BIOPSY_CLASS],
            draws[HistoryVariable.BIOPSY_LESIONS],
            draws[HistoryVariable.BIOPSY_PATTERN],
        )


@compiled
def biopsy_age(parameters: Any, draw: float) -> float:
    """Age of the biopsy in whole days, rounded up."""
    return math.ceil(-parameters.biopsy_mean_days * math.log1p(-draw))


@compiled
def set_biopsy_finding(history: Any, parameters: Any, mix: float, lesions: float, pattern: float) -> None:
    """Class and lesions from their draws; no lesions in pure V."""
    p = parameters
    mixed = level(mix, p.class_cumulative)
    history.biopsy_class = _CLASS_OF_MIX[mixed]
    history.biopsy_lesions = -1
    if mixed == _MIXED_IV and pattern < p.biopsy_segmental:
        history.biopsy_class = _IV_S
    if history.biopsy_class != _V:
        if lesions < p.biopsy_chronic_only:
            history.biopsy_lesions = 2
        else:
            active = p.biopsy_chronic_only + p.biopsy_active * (1.0 - p.biopsy_chronic_only)
            history.biopsy_lesions = 0 if lesions < active else 1


@compiled
def generate_regimen(history: Any, parameters: Any, subgroup: int, seed: int, trial: int, candidate: int) -> None:
    """The immunosuppressant before the trial: its dose, whole days and response."""
    p = parameters
    _, first, dose, days = uniforms(
        seed, trial, candidate, Decision.BASELINE, HistoryVariable.LYMPHOPENIA_UNEXPLAINED
    )
    drug = level(first, p.drug_cumulative[subgroup])
    history.regimen_drug = drug
    history.regimen_dose = np.nan
    history.regimen_days = np.nan
    history.regimen_response = -1
    if drug > 0:
        response, _, _, _ = uniforms(seed, trial, candidate, Decision.BASELINE, HistoryVariable.REGIMEN_RESPONSE)
        history.regimen_dose = (
            p.dose_adequate[drug - 1] if dose < p.adequate_dose[subgroup] else p.dose_low[drug - 1]
        )
        history.regimen_days = math.floor(-p.regimen_mean_days * math.log1p(-days))
        history.regimen_response = level(response, p.response_cumulative)


@compiled
def _fill_serology(history: Any, person: Any, parameters: Any, draws: Any) -> None:
    p = parameters
    history.ana_titer = 0.0
    if draws[HistoryVariable.ANA_POSITIVE] < p.features_ana_positive:
        history.ana_titer = p.titer_levels[level(draws[HistoryVariable.ANA_TITER], p.titer_cumulative)]
    history.ever_anti_dsdna = draws[HistoryVariable.ANTI_DSDNA] < p.features_anti_dsdna
    history.ever_anti_sm = draws[HistoryVariable.ANTI_SM] < p.features_anti_sm
    history.ever_antiphospholipid = draws[HistoryVariable.ANTIPHOSPHOLIPID] < p.features_antiphospholipid
    history.ever_low_complement = draws[HistoryVariable.LOW_COMPLEMENT] < p.features_low_complement
    coombs = p.features_ever_in_primary if person.hemolytic == 1 else p.features_direct_coombs
    history.ever_direct_coombs = draws[HistoryVariable.DIRECT_COOMBS] < coombs


@compiled
def _fill_features(history: Any, person: Any, parameters: Any, draws: Any) -> None:
    """Features ever present, and what explains a low blood value."""
    p = parameters
    ever = p.ever[person.subgroup]
    history.ever_acute_cutaneous = draws[HistoryVariable.EVER] < ever[0]
    history.ever_chronic_cutaneous = draws[HistoryVariable.EVER + 1] < ever[1]
    history.ever_photosensitivity = draws[HistoryVariable.EVER + 2] < ever[2]
    history.ever_discoid = draws[HistoryVariable.EVER + 3] < ever[3]
    history.ever_oral_ulcers = draws[HistoryVariable.EVER + 4] < ever[4]
    history.ever_alopecia = draws[HistoryVariable.EVER + 5] < ever[5]
    history.ever_synovitis = draws[HistoryVariable.EVER + 6] < ever[6]
    history.ever_serositis = draws[HistoryVariable.EVER + 7] < ever[7]
    history.ever_neurologic = draws[HistoryVariable.EVER + 8] < ever[8]
    history.ever_renal = draws[HistoryVariable.EVER + 9] < ever[9]
    hemolysis = p.features_ever_in_primary if person.hemolytic == 1 else ever[10]
    history.ever_hemolytic_anemia = draws[HistoryVariable.EVER + 10] < hemolysis
    history.ever_leukopenia = draws[HistoryVariable.EVER + 11] < ever[11]
    low_platelets = p.features_ever_in_primary if person.primary_type == Primary.PLATELETS else ever[12]
    history.ever_thrombocytopenia = draws[HistoryVariable.EVER + 12] < low_platelets
    history.other_cause_hemoglobin = draws[HistoryVariable.OTHER_CAUSE_HEMOGLOBIN] < p.features_other_cause
    history.other_cause_neutrophils = draws[HistoryVariable.OTHER_CAUSE_NEUTROPHILS] < p.features_other_cause
    history.other_cause_platelets = draws[HistoryVariable.OTHER_CAUSE_PLATELETS] < p.features_other_cause
    history.lymphopenia_unexplained = (
        draws[HistoryVariable.LYMPHOPENIA_UNEXPLAINED] < p.features_lymphopenia_unexplained
    )
