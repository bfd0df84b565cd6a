"""The laboratory of nephritis (inclusion 5-2), asked finding by finding; what does not decide is not looked at.

A finding that is far from its limit is judged by its nearly exact logarithm (sim.screening.nearly), a close one is
measured. Before day 0 activity is constant: the affected organ has 1.
"""

import math
from typing import Any, Final, NamedTuple

from sim.core.exponential import exp
from sim.core.uncounted import compiled, inlined
from sim.observations import measure
from sim.observations.noise import begin
from sim.observations.visit import kidney_at_enrolment
from sim.population.generate import generate_creatinine, generate_urine
from sim.population.person import LN
from sim.population.variables import Variable
from sim.screening import criteria_nephritis as nephritis
from sim.screening.case import Case
from sim.screening.nearly import NORMAL_ERROR, clear, near_noise, near_normal
from sim.screening.samples import LAST, circumstances_at, sample_day

_SCORE_ERROR: Final = 2.0 * NORMAL_ERROR
"""Up to three numbers with weights of square sum 1 are off by less than twice as much as one."""

_LOG_2: Final = math.log(2.0)


class Kidney(NamedTuple):
    """Nearly exact logarithms of a nephritis candidate's true values."""

    creatinine: float
    upcr: float
    urine_rbc: float


@inlined
def kidney(c: Case) -> Kidney:
    """True creatinine and urine values; the expressions are those of sim.population.generate."""
    p, draws, factor = c.population, c.draws, c.population.cholesky[LN]
    e0 = near_normal(draws[Variable.CREATININE])
    e1, e2 = near_normal(draws[Variable.UPCR]), near_normal(draws[Variable.URINE_RBC])
    upcr = factor[1, 0] * e0 + factor[1, 1] * e1
    red_cells = factor[2, 0] * e0 + factor[2, 1] * e1 + factor[2, 2] * e2
    return Kidney(
        near_level(p, e0),
        p.nephritis_log_medians[1] + p.nephritis_upcr_log_sd * upcr,
        p.nephritis_log_medians[2] + p.nephritis_urine_rbc_log_sd * red_cells,
    )


@inlined
def near_level(p: Any, score: float) -> float:
    """The logarithm of a nephritis candidate's creatinine, from the standard score."""
    return p.nephritis_log_medians[0] + p.nephritis_creatinine_log_sd * score


@inlined
def labs_decide(rules: Any, subgroup: int) -> bool:
    """Whether a candidate without the laboratory and the biopsy of nephritis cannot be eligible."""
    return (rules.ln_labs_and_biopsy == 0) & (rules.subgroup_assignment == 0) & (subgroup == LN)


@inlined
def all_three_asked(rules: Any) -> bool:
    """Whether every sample must show creatinine, protein and sediment."""
    return (rules.ln_lab_rule == 0) & (rules.casts_scope == 0)


@inlined
def first_sample(rules: Any) -> int:
    """The first sample that counts."""
    return LAST if rules.ln_lab_samples == 1 else 0


@inlined
def laboratory(c: Case, k: Kidney) -> bool:
    """Whether the samples document active nephritis.

    Where all three findings are asked of every sample, the most selective one is asked of all samples first.
    """
    first, all_three = first_sample(c.rules), all_three_asked(c.rules)
    if all_three:
        for number in range(first, LAST + 1):
            if not creatinine_above(c, k, number, c.rules.creatinine_above, c.rules.creatinine_least):
                return False
    number = first
    while number <= LAST and _sample_documents(c, k, all_three, number):
        number += 1
    return number > LAST


@compiled
def _sample_documents(c: Case, k: Kidney, creatinine: bool, number: int) -> bool:
    """Whether a sample documents nephritis; creatinine : True where it is known to be raised."""
    rules = c.rules
    protein_optional = (rules.ln_lab_rule == 1) | (rules.casts_scope == 1)
    sediment_optional = (rules.ln_lab_rule != 0) | (rules.casts_scope == 1)
    red_cells = _red_cells(c, k, number)
    casts = False
    if c.draws[Variable.CASTS_OWNED] < c.population.nephritis_casts_owned and not (
        red_cells and rules.casts_scope == 0
    ):
        casts = _measured(c, measure.CASTS, number) > 0.0
    if not (red_cells | casts) and not sediment_optional:
        return False
    protein = _proteinuria(c, k, number)
    if not protein and not protein_optional:
        return False
    if not creatinine:
        creatinine = creatinine_above(c, k, number, rules.creatinine_above, rules.creatinine_least)
    return nephritis.combined(creatinine, protein, red_cells, casts, rules.ln_lab_rule, rules.casts_scope)


@compiled
def _measured(c: Case, analyte: int, number: int) -> float:
    """Creatinine, red cells, protein or casts (1 or 0) of a sample, measured."""
    begin(c.noise, c.seed, c.trial, c.candidate)
    generate_creatinine(c.person, c.population, c.draws, LN)
    generate_urine(c.person, c.population, c.draws)
    kidney_at_enrolment(c.visit, c.person)
    c.visit.day = sample_day(c.rules, LN, number)
    o, person, visit = c.observation, c.person, c.visit
    if analyte == measure.CREATININE:
        return measure.serum_creatinine(o, person, visit, c.noise)
    if analyte == measure.URINE_RBC:
        return measure.urine_rbc(o, person, visit, c.noise)
    if analyte == measure.UPCR:
        return measure.upcr(o, person, visit, c.noise)
    casts = measure.cellular_casts(o, person, visit, c.noise)
    return 1.0 if casts else 0.0


@inlined
def creatinine_above(c: Case, k: Kidney, number: int, limit: float, least: float) -> bool:
    """Serum creatinine of a sample above a limit; least : logarithm of the least value that is rounded so far."""
    p, day = c.population, sample_day(c.rules, LN, number)
    verdict = near_creatinine(p, c.observation, k.creatinine, day, least, c.seed, c.trial, c.candidate)
    if verdict != 0:
        return verdict > 0
    return nephritis.creatinine_raised(_measured(c, measure.CREATININE, number), limit)


@inlined
def near_creatinine(
    p: Any, o: Any, level: float, day: int, least: float, seed: int, trial: int, candidate: int
) -> int:
    """1 where serum creatinine of a day is above a limit for certain, -1 where it is not, 0 where it is close."""
    slow_sd, fast_sd = o.slow_sd[measure.CREATININE], o.fast_sd[measure.CREATININE]
    noise = near_noise(o, measure.CREATININE, slow_sd, fast_sd, day, seed, trial, candidate)
    return clear(level, noise, least, NORMAL_ERROR * p.nephritis_creatinine_log_sd, slow_sd, fast_sd)


@compiled
def _red_cells(c: Case, k: Kidney, number: int) -> bool:
    """Red cells that count; menses and infections are drawn only for those who have enough of them."""
    p, o, day, limit = c.population, c.observation, sample_day(c.rules, LN, number), c.rules.urine_rbc_above
    slow_sd, fast_sd = o.slow_sd[measure.URINE_RBC], o.fast_sd[measure.URINE_RBC]
    level = k.urine_rbc + math.log(o.cap) if o.cap < 1.0 else k.urine_rbc
    noise = near_noise(o, measure.URINE_RBC, slow_sd, fast_sd, day, c.seed, c.trial, c.candidate)
    error = _SCORE_ERROR * p.nephritis_urine_rbc_log_sd
    verdict = clear(max(0.0, level), noise, c.rules.urine_rbc_least, error, slow_sd, fast_sd)
    value = verdict * math.inf if verdict != 0 else _measured(c, measure.URINE_RBC, number)
    if not nephritis.hematuria(value, False, False, limit):
        return False
    menses, infection = circumstances_at(c.person, p, c.draws, c.seed, c.trial, c.candidate, number)
    return nephritis.hematuria(value, menses, infection, limit)


@compiled
def _proteinuria(c: Case, k: Kidney, number: int) -> bool:
    """Protein/creatinine ratio above its limit; its variability is as nearly known as its true value."""
    o, day = c.observation, sample_day(c.rules, LN, number)
    slow_sd, fast_sd = o.upcr_slow, o.upcr_fast
    error, least = _SCORE_ERROR * c.population.nephritis_upcr_log_sd, c.rules.upcr_least
    slack = exp(abs(o.cv_exponent) * error)
    if o.cap >= 1.0 and slack < 2.0:
        cv = o.cv_at_2 * exp(o.cv_exponent * (k.upcr - _LOG_2))
        least_cv = min(max(cv / slack, o.cv_low), o.cv_high)
        most_cv = min(max(cv * slack, o.cv_low), o.cv_high)
        noise = near_noise(o, measure.UPCR, slow_sd, fast_sd, day, c.seed, c.trial, c.candidate)
        low = clear(k.upcr, least_cv * noise, least, error, least_cv * slow_sd, least_cv * fast_sd)
        high = clear(k.upcr, most_cv * noise, least, error, most_cv * slow_sd, most_cv * fast_sd)
        if low == high and low != 0:
            return low > 0
    return nephritis.proteinuria_raised(_measured(c, measure.UPCR, number), c.rules.upcr_above)
