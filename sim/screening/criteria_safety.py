"""Donor (inclusion 1), consent, history and what makes cells unsafe (exclusions 1–3, 6, 7); also compiled."""

from sim.screening.both_ways import TOLERANCE, Flag, Number, both_ways


@both_ways
def haploidentical_donor(
    donor_found: Flag, donor_age: Number, donor_min_age: float, donor_age_below: float
) -> Flag:
    """A fit, willing, haplo-identical relative of at least 18 and below 70 years (I1).

    Reading : X39, the lower limit; 0 for none.
    """
    of_age = donor_age >= donor_min_age - TOLERANCE
    return donor_found & of_age & (donor_age < donor_age_below - TOLERANCE)


@both_ways
def present(condition: Flag) -> Flag:
    """A condition that excludes by itself (E2a, E2c to E2g, E3, E6, E7)."""
    return condition | False


@both_ways
def no_consent(consent: Flag) -> Flag:
    """Unable or unwilling to consent (E1)."""
    return consent ^ True


@both_ways
def significant_allergy(history_allergy: Flag, history_anaphylaxis: Flag, allergy_rule: int) -> Flag:
    """History of allergy (E2b).

    Reading : X18. significant (allergy_rule 0): anaphylaxis, or hypersensitivity to excipients or antibiotics;
              any (1).
    """
    if allergy_rule == 1:
        return history_allergy | history_anaphylaxis
    return history_anaphylaxis | False


@both_ways
def excluding_history(
    cancer: Flag,
    allergy: Flag,
    abuse: Flag,
    peptic_ulcer: Flag,
    heart: Flag,
    liver: Flag,
    coagulation: Flag,
) -> Flag:
    """Any of the conditions of exclusion 2 (E2)."""
    return cancer | allergy | abuse | peptic_ulcer | heart | liver | coagulation
