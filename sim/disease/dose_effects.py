"""What a daily dose of prednisone does to set-points and hazards: formulas, and tables for multiples of 2.5 mg."""

import math
from typing import Final

from sim.core.exponential import exp
from sim.core.uncounted import compiled
from sim.observations.visit import Record

DOSE_STEP: Final = 2.5
DOSE_ROWS: Final = 41
"""The tables reach to 100 mg; other doses, and pulses, take the formulas."""


@compiled
def dose_row(dose: float) -> int:
    """Row of a dose in the tables; -1 where it has none."""
    row = int(dose / DOSE_STEP)
    return row if row < DOSE_ROWS and row * DOSE_STEP == dose else -1


@compiled
def log_left(p: Record, domain: int, dose: float) -> float:
    """Log of the share of a set-point that prednisone leaves, inhibitory Emax."""
    return math.log(1.0 - p.sensitivity[domain] * dose / (dose + p.d50))


@compiled
def flare_cover(p: Record, dose: float) -> float:
    """Factor of the flare rates."""
    return float(((p.flare_reference + p.dose_offset) / (dose + p.dose_offset)) ** p.dose_exponent)


@compiled
def serious_infections(p: Record, dose: float) -> float:
    """Serious infections a year, without lymphopenia and immunosuppressants."""
    return float(p.serious_rate * exp(p.serious_dose * (dose - p.clock_reference)))


@compiled
def tabulate_doses(records: Record) -> None:
    """The three functions at multiples of `DOSE_STEP`."""
    p = records[0]
    for row in range(DOSE_ROWS):
        dose = row * DOSE_STEP
        for domain in range(5):
            p.log_left[row, domain] = log_left(p, domain, dose)
        p.flare_cover[row] = flare_cover(p, dose)
        p.serious_infections[row] = serious_infections(p, dose)
