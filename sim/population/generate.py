"""One candidate from addressed draws: laboratory values first, the rest where it is needed.

`generate_labs` fills what the laboratory rule of the nephritis stream reads (`generate_creatinine` its most
selective part, `generate_urine` the rest), `generate_identity` what a history depends on, `generate_rest` all
that is left. `draws` are a candidate's baseline uniforms, each at its own position (`draw_baseline`), as far as
they are read; the values are the same whether or not, and when, the rest is filled.
"""

import math
from typing import Any, Final

import numpy as np

from sim.core.compiled import compiled
from sim.core.decisions import Decision
from sim.core.draws import normal, normal_quantile, uniforms
from sim.population.distributions import (
    level,
    lognormal,
    normal_probability,
    tabulated_quantile,
    truncated_lognormal,
    truncated_normal,
)
from sim.population.person import CNS_ITEMS, ITEMS, LN, Activity, Primary
from sim.population.variables import BLOCK, CORRELATED, Correlated, Variable

_CNS_COUNT: Final = len(CNS_ITEMS)
_DRAWN: Final = np.array([Variable[each.name] for each in Correlated], np.int64)


@compiled
def draw_baseline(draws: Any, seed: int, trial: int, candidate: int, first: int, end: int) -> None:
    """Set baseline uniforms first … end − 1, at their own positions; both multiples of 4, up to BASELINE_END."""
    for index in range(first, end, BLOCK):
        draws[index], draws[index + 1], draws[index + 2], draws[index + 3] = uniforms(
            seed, trial, candidate, Decision.BASELINE, index
        )


@compiled
def generate_creatinine(person: Any, parameters: Any, draws: Any, subgroup: int) -> None:
    """Set the stream, true creatinine and zero log-activity of a candidate.

    person : a record of PERSON, written to; parameters : a record of PARAMETERS.
    """
    p = parameters
    person.subgroup = subgroup
    for k in range(8):
        person.log_activity[k] = 0.0
    z = normal_quantile(draws[Variable.CREATININE])
    if subgroup == LN:
        person.creatinine = lognormal(z, p.nephritis_creatinine_median, p.nephritis_creatinine_log_sd)
    else:
        person.creatinine = lognormal(z, p.cytopenia_creatinine_median, p.cytopenia_creatinine_log_sd)


@compiled
def generate_urine(person: Any, parameters: Any, draws: Any) -> None:
    """Set the true urine values of a candidate whose stream is set.

    UPCR and urine red cells are NaN in the cytopenia stream, where renal activity alone gives them.
    """
    p = parameters
    person.fixed_proteinuria = lognormal(
        normal_quantile(draws[Variable.FIXED_PROTEINURIA]),
        p.shared_fixed_proteinuria_median,
        p.shared_fixed_proteinuria_log_sd,
    )
    person.casts_owned = 0
    person.casts_threshold = np.nan
    if person.subgroup != LN:
        person.upcr = np.nan
        person.urine_rbc = np.nan
        return
    e0 = normal_quantile(draws[Variable.CREATININE])
    e1 = normal_quantile(draws[Variable.UPCR])
    e2 = normal_quantile(draws[Variable.URINE_RBC])
    factor = p.cholesky[LN]
    person.upcr = lognormal(
        factor[1, 0] * e0 + factor[1, 1] * e1, p.nephritis_upcr_median, p.nephritis_upcr_log_sd
    )
    person.urine_rbc = lognormal(
        factor[2, 0] * e0 + factor[2, 1] * e1 + factor[2, 2] * e2,
        p.nephritis_urine_rbc_median,
        p.nephritis_urine_rbc_log_sd,
    )
    person.fixed_proteinuria = min(person.fixed_proteinuria, p.nephritis_fixed_proteinuria_max_share * person.upcr)
    if draws[Variable.CASTS_OWNED] < p.nephritis_casts_owned:
        person.casts_owned = 1
        person.casts_threshold = lognormal(
            normal_quantile(draws[Variable.CASTS_THRESHOLD]),
            p.nephritis_casts_threshold_median,
            p.nephritis_casts_threshold_log_sd,
        )


@compiled
def generate_labs(person: Any, parameters: Any, draws: Any, subgroup: int) -> None:
    """Set the stream, true creatinine and urine values of a candidate, and zero log-activity."""
    generate_creatinine(person, parameters, draws, subgroup)
    generate_urine(person, parameters, draws)


@compiled
def generate_identity(person: Any, parameters: Any, draws: Any) -> None:
    """Set age, sex and primary type of a candidate whose stream is set: what a history depends on."""
    p = parameters
    person.age = truncated_normal(
        draws[Variable.AGE], p.body_age_mean, p.body_age_sd, p.body_age_low, p.body_age_high
    )
    person.female = 1 if draws[Variable.FEMALE] < p.body_female else 0
    person.primary_type = -1
    if person.subgroup != LN:
        person.primary_type = level(draws[Variable.PRIMARY], p.primary_cumulative)
    person.hemolytic = 1 if person.primary_type == Primary.HEMOLYSIS else 0


@compiled
def generate_rest(person: Any, parameters: Any, draws: Any, seed: int, trial: int, candidate: int) -> None:
    """Fill the fields of a person that `generate_labs` and `generate_identity` left open."""
    scores = _correlated_scores(draws, parameters, person.subgroup)
    _fill_body(person, parameters, draws, scores)
    _fill_activity(person, parameters, draws, scores)
    if person.subgroup == LN:
        _fill_nephritis_blood(person, parameters, draws, scores)
    else:
        _fill_cytopenia_blood(person, parameters, draws, scores)
    _fill_normal_blood(person, parameters, draws)
    _fill_urine_and_serology(person, parameters, draws, scores)
    _fill_items(person, parameters, draws, seed, trial, candidate)


@compiled
def prednisone_dose(parameters: Any, draws: Any, subgroup: int) -> float:
    """The dose alone, mg/day, as `generate_rest` sets it: the first five correlated scores decide it."""
    row = parameters.cholesky[subgroup, Correlated.PREDNISONE_DOSE]
    score = row[Correlated.CREATININE] * normal_quantile(draws[Variable.CREATININE])
    score += row[Correlated.UPCR] * normal_quantile(draws[Variable.UPCR])
    score += row[Correlated.URINE_RBC] * normal_quantile(draws[Variable.URINE_RBC])
    score += row[Correlated.EXTRARENAL_ACTIVITY] * normal_quantile(draws[Variable.EXTRARENAL_ACTIVITY])
    score += row[Correlated.PREDNISONE_DOSE] * normal_quantile(draws[Variable.PREDNISONE_DOSE])
    return parameters.dose_levels[level(normal_probability(score), parameters.dose_cumulative)]


@compiled
def severe_cns(parameters: Any, draws: Any) -> bool:
    """Whether a person has severe lupus of the central nervous system, as `generate_rest` sets it."""
    return draws[Variable.SEVERE_CNS] < parameters.exclusions_severe_cns


@compiled
def _correlated_scores(draws: Any, parameters: Any, subgroup: int) -> Any:
    """Correlated standard normal scores in the order of Correlated."""
    columns = parameters.cholesky_columns[subgroup]
    scores = np.zeros(CORRELATED)
    for j in range(CORRELATED):
        raw = normal_quantile(draws[_DRAWN[j]])
        for i in range(CORRELATED):
            scores[i] += columns[j, i] * raw
    return scores


@compiled
def _fill_body(person: Any, parameters: Any, draws: Any, scores: Any) -> None:
    p = parameters
    weight, height = normal_quantile(draws[Variable.WEIGHT]), normal_quantile(draws[Variable.HEIGHT])
    if person.female == 1:
        person.weight = lognormal(weight, p.body_weight_median_female, p.body_weight_log_sd)
        person.height = p.body_height_mean_female + p.body_height_sd_female * height
    else:
        person.weight = lognormal(weight, p.body_weight_median_male, p.body_weight_log_sd)
        person.height = p.body_height_mean_male + p.body_height_sd_male * height
    person.disease_duration = tabulated_quantile(
        normal_probability(scores[Correlated.DISEASE_DURATION]),
        person.age - p.body_age_at_earliest_diagnosis,
        p.duration_step,
        p.duration_cdf,
    )
    dose = level(normal_probability(scores[Correlated.PREDNISONE_DOSE]), p.dose_cumulative)
    person.prednisone_dose = p.dose_levels[dose]
    person.sdi = int(p.damage_levels[level(normal_probability(scores[Correlated.DAMAGE]), p.damage_cumulative)])


@compiled
def _fill_activity(person: Any, parameters: Any, draws: Any, scores: Any) -> None:
    """Log-activities at enrolment; 0 is the organ for which the person was referred."""
    p = parameters
    person.log_activity[Activity.EXTRARENAL] = math.log(p.shared_extrarenal_activity_median) + (
        p.shared_extrarenal_activity_log_sd * scores[Correlated.EXTRARENAL_ACTIVITY]
    )
    blood = 0.0
    renal = 0.0
    if person.subgroup == LN:
        z = normal_quantile(draws[Variable.HEMATOLOGIC_ACTIVITY])
        blood = math.log(p.nephritis_hematologic_activity_median) + p.nephritis_hematologic_activity_log_sd * z
    elif draws[Variable.NEPHRITIS] < p.cytopenia_nephritis:
        z = normal_quantile(draws[Variable.RENAL_ACTIVITY])
        renal = math.log(p.cytopenia_renal_activity_median) + p.cytopenia_renal_activity_log_sd * z
    else:
        renal = math.log(p.cytopenia_renal_activity_quiet)
    person.log_activity[Activity.RENAL] = renal
    for k in range(Activity.PLATELETS, Activity.HEMOLYSIS + 1):
        person.log_activity[k] = blood


@compiled
def _fill_nephritis_blood(person: Any, parameters: Any, draws: Any, scores: Any) -> None:
    p = parameters
    person.platelets = lognormal(
        scores[Correlated.PLATELETS], p.nephritis_platelets_median, p.nephritis_platelets_log_sd
    )
    person.neutrophils = lognormal(
        normal_quantile(draws[Variable.NEUTROPHILS]),
        p.nephritis_neutrophils_median,
        p.nephritis_neutrophils_log_sd,
    )
    person.lymphocytes = lognormal(
        scores[Correlated.LYMPHOCYTES], p.nephritis_lymphocytes_median, p.nephritis_lymphocytes_log_sd
    )
    person.hemoglobin = p.nephritis_hemoglobin_mean + p.nephritis_hemoglobin_sd * normal_quantile(
        draws[Variable.HEMOGLOBIN]
    )


@compiled
def _fill_cytopenia_blood(person: Any, parameters: Any, draws: Any, scores: Any) -> None:
    """Blood values: the lineage of the referral is low, the others are not; lymphocytes are."""
    p = parameters
    primary = person.primary_type
    at = normal_probability(scores[Correlated.PLATELETS])
    if primary == Primary.PLATELETS:
        person.platelets = truncated_lognormal(
            at,
            p.cytopenia_platelets_median,
            p.cytopenia_platelets_log_sd,
            p.cytopenia_platelets_low,
            p.cytopenia_platelets_high,
        )
    else:
        person.platelets = truncated_lognormal(
            at,
            p.cytopenia_other_platelets_median,
            p.cytopenia_other_platelets_log_sd,
            p.cytopenia_other_platelets_low,
            np.inf,
        )
    at = draws[Variable.NEUTROPHILS]
    if primary == Primary.NEUTROPHILS:
        person.neutrophils = truncated_lognormal(
            at,
            p.cytopenia_neutrophils_median,
            p.cytopenia_neutrophils_log_sd,
            p.cytopenia_neutrophils_low,
            p.cytopenia_neutrophils_high,
        )
    else:
        person.neutrophils = truncated_lognormal(
            at,
            p.cytopenia_other_neutrophils_median,
            p.cytopenia_other_neutrophils_log_sd,
            p.cytopenia_other_neutrophils_low,
            np.inf,
        )
    at = draws[Variable.HEMOGLOBIN]
    if primary == Primary.HEMOLYSIS:
        person.hemoglobin = truncated_normal(
            at,
            p.cytopenia_hemoglobin_mean,
            p.cytopenia_hemoglobin_sd,
            p.cytopenia_hemoglobin_low,
            p.cytopenia_hemoglobin_high,
        )
    else:
        person.hemoglobin = truncated_normal(
            at,
            p.cytopenia_other_hemoglobin_mean,
            p.cytopenia_other_hemoglobin_sd,
            p.cytopenia_other_hemoglobin_low,
            np.inf,
        )
    person.lymphocytes = lognormal(
        scores[Correlated.LYMPHOCYTES], p.cytopenia_lymphocytes_median, p.cytopenia_lymphocytes_log_sd
    )


@compiled
def _fill_normal_blood(person: Any, parameters: Any, draws: Any) -> None:
    """Values without lupus: a draw of the healthy, but never below a multiple of the entry value."""
    p = parameters
    above = p.shared_normal_over_entry
    person.platelets_normal = max(
        above * person.platelets,
        lognormal(
            normal_quantile(draws[Variable.PLATELETS_NORMAL]),
            p.shared_platelets_normal_median,
            p.shared_platelets_normal_log_sd,
        ),
    )
    person.neutrophils_normal = max(
        above * person.neutrophils,
        lognormal(
            normal_quantile(draws[Variable.NEUTROPHILS_NORMAL]),
            p.shared_neutrophils_normal_median,
            p.shared_neutrophils_normal_log_sd,
        ),
    )
    person.lymphocytes_normal = max(
        above * person.lymphocytes,
        lognormal(
            normal_quantile(draws[Variable.LYMPHOCYTES_NORMAL]),
            p.shared_lymphocytes_normal_median,
            p.shared_lymphocytes_normal_log_sd,
        ),
    )
    male = 0.0 if person.female == 1 else p.shared_hemoglobin_normal_male
    z = normal_quantile(draws[Variable.HEMOGLOBIN_NORMAL])
    healthy = p.shared_hemoglobin_normal_mean + male + p.shared_hemoglobin_normal_sd * z
    person.hemoglobin_normal = max(above * person.hemoglobin, healthy)


@compiled
def _fill_urine_and_serology(person: Any, parameters: Any, draws: Any, scores: Any) -> None:
    p = parameters
    person.urine_wbc = lognormal(
        normal_quantile(draws[Variable.URINE_WBC]), p.shared_urine_wbc_median, p.shared_urine_wbc_log_sd
    )
    person.c3 = lognormal(scores[Correlated.C3], p.shared_c3_median, p.shared_c3_log_sd)
    person.c4 = lognormal(scores[Correlated.C4], p.shared_c4_median, p.shared_c4_log_sd)
    person.anti_dsdna = lognormal(
        scores[Correlated.ANTI_DSDNA], p.shared_anti_dsdna_median, p.shared_anti_dsdna_log_sd
    )
    person.treg_offset = p.shared_treg_offset_sd * normal_quantile(draws[Variable.TREG_OFFSET])
    person.th17_offset = p.shared_th17_offset_sd * normal_quantile(draws[Variable.TH17_OFFSET])


@compiled
def _fill_items(person: Any, parameters: Any, draws: Any, seed: int, trial: int, candidate: int) -> None:
    for k in range(ITEMS):
        person.item_owned[k] = 0
        person.item_threshold[k] = np.inf
        if draws[Variable.ITEM_OWNED + k] < parameters.item_owned[k]:
            person.item_owned[k] = 1
            person.item_threshold[k] = lognormal(
                normal(seed, trial, candidate, Decision.BASELINE, Variable.ITEM_THRESHOLD + k),
                parameters.shared_item_threshold_median,
                parameters.shared_item_threshold_log_sd,
            )
    person.cns_item = -1
    if severe_cns(parameters, draws):
        person.cns_item = int(_CNS_COUNT * draws[Variable.CNS_ITEM])
