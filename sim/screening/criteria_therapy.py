"""Treatment before the trial: what failed (inclusion 4), what was too recent (exclusions 4, 5); also compiled."""

from typing import Any

from sim.screening.both_ways import TOLERANCE, Code, Flag, Number, both_ways


@both_ways
def standard_care_failed(
    regimen_drug: Code,
    regimen_dose: Number,
    regimen_days: Number,
    regimen_response: Code,
    regimen_min_dose: Any,
    regimen_min_days: float,
) -> Flag:
    """A listed drug, at its dose, for half a year, with no or partial response (I4a).

    regimen_min_dose : (11,), least dose by code of the drug; infinite where the drug does not count.
    Reading          : X15, which drugs count. Where any dose counts (a least dose of 0), one not recorded does.
    """
    least = regimen_min_dose[regimen_drug]
    strong = (regimen_dose >= least - TOLERANCE) | (least <= 0.0)
    long = regimen_days >= regimen_min_days - TOLERANCE
    return strong & long & ((regimen_response == 0) | (regimen_response == 1))


@both_ways
def corticosteroid_dependent(prednisone_dose: Number, steroid_dependent_dose: float) -> Flag:
    """At least 15 mg of prednisone a day on each of the last 28 days (I4b).

    Reading : X14; the dose before day 0 is constant.
    """
    return prednisone_dose >= steroid_dependent_dose - TOLERANCE


@both_ways
def refractory(failed: Flag, dependent: Flag, refractory_rule: int) -> Flag:
    """Unresponsive to standard care, or dependent on corticosteroid (I4).

    Reading : X14, or (refractory_rule 0) or and (1).
    """
    if refractory_rule == 1:
        return failed & dependent
    return failed | dependent


@both_ways
def recent_biologic(
    biologic_days: Number,
    biologic_investigational: Flag,
    biologic_rule: int,
    biologic_max_days: float,
    marketed_biologic_max_days: float,
) -> Flag:
    """A biologic too recently (E4).

    biologic_days : NaN where there was none, which does not exclude.
    Reading       : X19. kct (0): investigational within a year or marketed within half a year;
                    investigational (1): those only; any (2): any within a year.
    """
    within_a_year = biologic_days <= biologic_max_days + TOLERANCE
    if biologic_rule == 2:
        return within_a_year
    investigational = within_a_year & biologic_investigational
    if biologic_rule == 1:
        return investigational
    marketed = (biologic_days <= marketed_biologic_max_days + TOLERANCE) & (biologic_investigational ^ True)
    return investigational | marketed


@both_ways
def recent_immunoglobulin(
    ivig_days: Number, ivig_rule: int, ivig_recent_days: float, ivig_current_days: float
) -> Flag:
    """Intravenous immunoglobulin or plasma exchange (E5).

    ivig_days : NaN where there was none, which does not exclude.
    Reading   : X20, recent (ivig_rule 0) or current (1).
    """
    if ivig_rule == 1:
        return ivig_days <= ivig_current_days + TOLERANCE
    return ivig_days <= ivig_recent_days + TOLERANCE
