"""Who is enrolled while outcomes are awaited, and how long a design takes, at steady rates of enrolment.

Places of each subgroup fill at their own rate until they are full (a fluid approximation: no randomness). What a
patient's outcome needs after enrolment is `outcome_weeks`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.config.design import Design
from sim.design.populations import SUBGROUPS


@dataclass(frozen=True)
class Accrual:
    """Places and enrolments a week, by subgroup of the population."""

    places: tuple[float, ...]
    per_week: tuple[float, ...]

    def enrolled(self, week: float) -> float:
        """Patients enrolled so many weeks after the opening."""
        return sum(min(place, rate * week) for place, rate in zip(self.places, self.per_week, strict=True))

    def week_of(self, patients: float) -> float:
        """When so many are enrolled; infinite where there are not so many places."""
        if patients > sum(self.places) or any(
            rate <= 0.0 < place for place, rate in zip(self.places, self.per_week, strict=True)
        ):
            return float("inf") if patients > 0.0 else 0.0
        ends = sorted({0.0, *(p / r for p, r in zip(self.places, self.per_week, strict=True) if p > 0.0)})
        known = [self.enrolled(week) for week in ends]
        return float(np.interp(patients, known, ends))


def accrual_of(totals: Mapping[str, int], population: str, design: Design) -> Accrual:
    """Rates from the simulated trials: referrals of a subgroup a week, times enrolled for each screened.

    totals : `n_screened_LN`, `n_enrolled_LN` and the same for LC, over all trials.
    """
    shares = dict(zip(SUBGROUPS, (design.p_LN, 1.0 - design.p_LN), strict=True))
    places = dict(zip(SUBGROUPS, design.quotas, strict=True))
    wanted = [name for name in SUBGROUPS if population in ("all", name)]
    rates = [design.arrivals_per_week * shares[name] * _enrolled_share(totals, name) for name in wanted]
    return Accrual(tuple(float(places[name]) for name in wanted), tuple(rates))


def _enrolled_share(totals: Mapping[str, int], subgroup: str) -> float:
    screened = totals[f"n_screened_{subgroup}"]
    return totals[f"n_enrolled_{subgroup}"] / screened if screened else 0.0


@dataclass(frozen=True)
class Duration:
    """What a first look costs in patients and weeks, at the probability that it stops the trial.

    enrolled_at_look : patients enrolled when the first stage's outcomes are known, without a pause.
    """

    enrolled_at_look: float
    expected_n_pause: float
    expected_n_no_pause: float
    weeks_pause: float
    weeks_no_pause: float


def duration(accrual: Accrual, interim: int, n: int, stop_early: float, outcome_weeks: float) -> Duration:
    """Expected patients and weeks from the opening to the decision, with and without an accrual pause.

    With a pause nobody is enrolled between the n1-th patient and the look; without one, accrual goes on, so a
    trial that stops has enrolled and treated more. Without a first look there is nothing to pause for.
    """
    whole = accrual.week_of(n) + outcome_weeks
    if interim == 0:
        return Duration(float(n), float(n), float(n), whole, whole)
    look = accrual.week_of(interim) + outcome_weeks
    meanwhile = min(float(n), accrual.enrolled(look))
    going_on = 1.0 - stop_early
    return Duration(
        enrolled_at_look=meanwhile,
        expected_n_pause=stop_early * interim + going_on * n,
        expected_n_no_pause=stop_early * meanwhile + going_on * n,
        weeks_pause=stop_early * look
        + going_on * (look + accrual.week_of(n) - accrual.week_of(interim) + outcome_weeks),
        weeks_no_pause=stop_early * look + going_on * max(look, whole),
    )
