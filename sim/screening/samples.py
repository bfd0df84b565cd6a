"""The screening samples: true values seen through the measurements, before any treatment of the trial.

The nephritis stream gives three samples, the cytopenia stream one; SCR is the last of either. Compiled scalar
functions, so that the lazy verdict and the full table measure the same values.
"""

from typing import Any, Final

import numpy as np

from sim.core.decisions import Decision
from sim.core.draws import uniforms
from sim.core.uncounted import compiled
from sim.observations import measure
from sim.observations.visit import at_enrolment
from sim.population.generate import generate_identity
from sim.population.person import LN

LAST: Final = 2
"""Position of the sample SCR, which is the only one in the cytopenia stream."""

SAMPLE: Final = np.dtype(
    [
        ("day", "i8"),
        ("serum_creatinine", "f8"),
        ("upcr", "f8"),
        ("urine_rbc", "f8"),
        ("urine_wbc", "f8"),
        ("cellular_casts", "?"),
        ("menses", "?"),
        ("urinary_infection", "?"),
        ("hemoglobin", "f8"),
        ("reticulocytes", "f8"),
        ("wbc", "f8"),
        ("neutrophils", "f8"),
        ("lymphocytes", "f8"),
        ("platelets", "f8"),
        ("c3", "f8"),
        ("c4", "f8"),
        ("anti_dsdna", "f8"),
    ],
    align=True,
)


@compiled
def sample_day(rules: Any, subgroup: int, number: int) -> int:
    """Study day of sample 0, 1 or 2."""
    if subgroup == LN:
        return rules.sample_days_LN[number]
    return rules.sample_day_LC


@compiled
def circumstances_at(
    person: Any, parameters: Any, draws: Any, seed: int, trial: int, candidate: int, number: int
) -> tuple[bool, bool]:
    """Menses (in women before menopause) and urinary infection on the day of a sample.

    Sets the identity of the person where the draw asks for it.
    """
    p = parameters
    menses, infection, _, _ = uniforms(seed, trial, candidate, Decision.SCREENING_EVENT, 4 * number)
    infected = infection < p.exclusions_urinary_infection_at_sample
    if menses >= p.exclusions_menses_at_sample:
        return False, infected
    generate_identity(person, p, draws)
    return (person.female == 1) & (person.age < p.exclusions_menopause_age), infected


@compiled
def measure_kidney(
    sample: Any,
    person: Any,
    parameters: Any,
    draws: Any,
    visit: Any,
    noise: Any,
    o: Any,
    day: int,
    number: int,
) -> None:
    """Fill creatinine, urine and the circumstances of a sample."""
    at_enrolment(visit, person, day)
    sample.day = day
    sample.serum_creatinine = measure.serum_creatinine(o, person, visit, noise)
    sample.upcr = measure.upcr(o, person, visit, noise)
    sample.urine_rbc = measure.urine_rbc(o, person, visit, noise)
    sample.urine_wbc = measure.urine_wbc(o, person, visit, noise)
    sample.cellular_casts = measure.cellular_casts(o, person, visit, noise)
    sample.menses, sample.urinary_infection = circumstances_at(
        person, parameters, draws, noise.seed, noise.trial, noise.candidate, number
    )


@compiled
def measure_blood(sample: Any, person: Any, visit: Any, noise: Any, o: Any, day: int) -> None:
    """Fill blood counts and serology of a sample."""
    at_enrolment(visit, person, day)
    sample.day = day
    sample.hemoglobin = measure.hemoglobin(o, person, visit, noise)
    sample.reticulocytes = measure.reticulocytes(o, person, visit, noise)
    sample.neutrophils = measure.neutrophils(o, person, visit, noise)
    sample.lymphocytes = measure.lymphocytes(o, person, visit, noise)
    sample.wbc = measure.half_up(sample.neutrophils + sample.lymphocytes + o.other_white_cells, 100.0)
    sample.platelets = measure.platelets(o, person, visit, noise)
    sample.c3 = measure.complement_c3(o, person, visit, noise)
    sample.c4 = measure.complement_c4(o, person, visit, noise)
    sample.anti_dsdna = measure.anti_dsdna(o, person, visit, noise)
