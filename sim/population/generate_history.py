"""The history of one candidate from addressed draws: exclusions, donor, biopsy, therapy, features."""

import math
from typing import Any, Final

import numpy as np

from sim.config.population import BIOPSY_MIX
from sim.core.uncounted import compiled
from sim.population.distributions import level
from sim.population.generate import draw_baseline, generate_identity, generate_labs, generate_rest
from sim.population.history import BIOPSY_CLASSES
from sim.population.person import LN, Primary
from sim.population.variables import BASELINE_END, HistoryVariable

_MIXED_IV: Final = BIOPSY_MIX.index("IV")
_CLASS_OF_MIX: Final = tuple(BIOPSY_CLASSES.index("IV-G" if name == "IV" else name) for name in BIOPSY_MIX)
_IV_S: Final = BIOPSY_CLASSES.index("IV-S")
_V: Final = BIOPSY_CLASSES.index("V")


@compiled
def generate_candidate(
    person: Any, history: Any, parameters: Any, draws: Any, seed: int, trial: int, candidate: int, subgroup: int
) -> None:
    """Fill the records of a candidate of a stream.

    person, history : records of PERSON and HISTORY; draws : (BASELINE_END,) work space, filled too.
    """
    draw_baseline(draws, seed, trial, candidate, 0, BASELINE_END)
    generate_labs(person, parameters, draws, subgroup)
    generate_identity(person, parameters, draws)
    generate_rest(person, parameters, draws, seed, trial, candidate)
    generate_history(history, person, parameters, draws)


@compiled
def generate_history(history: Any, person: Any, parameters: Any, draws: Any) -> None:
    """Fill a record of HISTORY for a person whose stream and identity are set."""
    _fill_exclusions(history, person, parameters, draws)
    set_recent_treatment(history, parameters, draws, person.subgroup)
    set_donor(history, person, parameters, draws)
    _fill_biopsy(history, person, parameters, draws)
    set_regimen(history, parameters, draws, person.subgroup)
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
def set_recent_treatment(history: Any, parameters: Any, draws: Any, subgroup: int) -> None:
    """Whole days since the last biologic and since immunoglobulin or plasma exchange."""
    p = parameters
    history.biologic_days = np.nan
    history.biologic_investigational = False
    if draws[HistoryVariable.BIOLOGIC] < p.exclusions_biologic:
        history.biologic_days = math.floor(
            (p.exclusions_biologic_days + 1.0) * draws[HistoryVariable.BIOLOGIC_DAYS]
        )
        history.biologic_investigational = (
            draws[HistoryVariable.BIOLOGIC_INVESTIGATIONAL] < p.exclusions_biologic_investigational
        )
    history.ivig_days = np.nan
    if draws[HistoryVariable.IVIG] < p.ivig[subgroup]:
        history.ivig_days = math.floor((p.exclusions_ivig_days + 1.0) * draws[HistoryVariable.IVIG_DAYS])


@compiled
def set_donor(history: Any, person: Any, parameters: Any, draws: Any) -> None:
    """Whether a donor is found, by age of the person, and the donor's age."""
    p, age = parameters, draws[HistoryVariable.DONOR_AGE]
    share = p.donor_found_under_40
    if person.age >= 55.0:
        share = p.donor_found_from_55
    elif person.age >= 40.0:
        share = p.donor_found_40_to_54
    history.donor_found = draws[HistoryVariable.DONOR_FOUND] < share
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
        set_biopsy_finding(history, parameters, draws)


@compiled
def biopsy_age(parameters: Any, draw: float) -> float:
    """Age of the biopsy in whole days, rounded up."""
    return math.ceil(-parameters.biopsy_mean_days * math.log1p(-draw))


@compiled
def set_biopsy_finding(history: Any, parameters: Any, draws: Any) -> None:
    """Class and lesions; no lesions in pure V."""
    p, lesions = parameters, draws[HistoryVariable.BIOPSY_LESIONS]
    mixed = level(draws[HistoryVariable.BIOPSY_CLASS], p.class_cumulative)
    history.biopsy_class = _CLASS_OF_MIX[mixed]
    history.biopsy_lesions = -1
    if mixed == _MIXED_IV and draws[HistoryVariable.BIOPSY_PATTERN] < p.biopsy_segmental:
        history.biopsy_class = _IV_S
    if history.biopsy_class != _V:
        if lesions < p.biopsy_chronic_only:
            history.biopsy_lesions = 2
        else:
            active = p.biopsy_chronic_only + p.biopsy_active * (1.0 - p.biopsy_chronic_only)
            history.biopsy_lesions = 0 if lesions < active else 1


@compiled
def set_regimen(history: Any, parameters: Any, draws: Any, subgroup: int) -> None:
    """The immunosuppressant before the trial, its dose, whole days and response."""
    p = parameters
    drug = level(draws[HistoryVariable.REGIMEN_DRUG], p.drug_cumulative[subgroup])
    history.regimen_drug = drug
    history.regimen_dose = np.nan
    history.regimen_days = np.nan
    history.regimen_response = -1
    if drug > 0:
        history.regimen_dose = (
            p.dose_adequate[drug - 1]
            if draws[HistoryVariable.REGIMEN_DOSE] < p.adequate_dose[subgroup]
            else p.dose_low[drug - 1]
        )
        history.regimen_days = math.floor(-p.regimen_mean_days * math.log1p(-draws[HistoryVariable.REGIMEN_DAYS]))
        history.regimen_response = level(draws[HistoryVariable.REGIMEN_RESPONSE], p.response_cumulative)


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
