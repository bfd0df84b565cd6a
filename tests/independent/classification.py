"""Classification criteria of lupus counted item by item: SLICC 2012 and ACR 1997, one candidate at a time.

Written from Petri 2012 (Arthritis Rheum 64:2677) and Hochberg 1997 (Arthritis Rheum 40:1725) as NCT04835883
quotes them, and never from the code that it checks: nothing of `sim` is imported here.
A candidate is a dict; a flag that is None is not recorded and does not count. All items are cumulative, read from
the `ever_*` flags alone; only antinuclear antibody has no such flag and is read from its titer at screening.
"""

SLICC_CLINICAL = (
    "acute_cutaneous",
    "chronic_cutaneous",
    "oral_ulcers",
    "alopecia",
    "synovitis",
    "serositis",
    "renal",
    "neurologic",
    "hemolytic_anemia",
    "leukopenia",
    "thrombocytopenia",
)
SLICC_IMMUNOLOGIC = ("ana", "anti_dsdna", "anti_sm", "antiphospholipid", "low_complement", "direct_coombs")
TOLERANCE = 1e-9


def flag(candidate, name):
    """Whether the flag is recorded as true; anything but True, False and None (such as 1) is a TypeError."""
    value = candidate[name]
    if value is not None and not isinstance(value, bool):
        raise TypeError(f"{name}={value!r}: a flag is True, False or None")
    return value is True


def ever(candidate, *names):
    """Whether any of the cumulative flags `ever_<name>` is recorded as true."""
    return any(flag(candidate, "ever_" + name) for name in names)


def ana_positive(candidate, ana_positive_titer=80.0):
    """Antinuclear antibody above the laboratory's range: reciprocal titer at least `ana_positive_titer`."""
    titer = candidate["ana_titer"]
    return titer is not None and bool(titer >= ana_positive_titer - TOLERANCE)


def slicc_items(candidate, ana_positive_titer=80.0):
    """The 17 items of SLICC 2012 as a dict name -> bool, 11 clinical ones first, then 6 immunologic ones."""
    items = {name: ever(candidate, name) for name in SLICC_CLINICAL}
    items["chronic_cutaneous"] = ever(candidate, "chronic_cutaneous", "discoid")
    items["ana"] = ana_positive(candidate, ana_positive_titer)
    for name in ("anti_dsdna", "anti_sm", "antiphospholipid", "low_complement"):
        items[name] = ever(candidate, name)
    # A positive direct Coombs test is an item of its own only where hemolytic anemia does not already count.
    items["direct_coombs"] = ever(candidate, "direct_coombs") and not ever(candidate, "hemolytic_anemia")
    return items


def slicc_counts(candidate, ana_positive_titer=80.0):
    """Number of clinical and of immunologic SLICC 2012 items: a pair of int."""
    items = slicc_items(candidate, ana_positive_titer)
    return sum(items[name] for name in SLICC_CLINICAL), sum(items[name] for name in SLICC_IMMUNOLOGIC)


def acr_items(candidate, ana_positive_titer=80.0):
    """The 11 items of ACR 1997 as a dict name -> bool, in the paper's order."""
    return {
        "malar_rash": ever(candidate, "acute_cutaneous"),
        "discoid_rash": ever(candidate, "discoid"),
        "photosensitivity": ever(candidate, "photosensitivity"),
        "oral_ulcers": ever(candidate, "oral_ulcers"),
        "arthritis": ever(candidate, "synovitis"),
        "serositis": ever(candidate, "serositis"),
        "renal": ever(candidate, "renal"),
        "neurologic": ever(candidate, "neurologic"),
        "hematologic": ever(candidate, "hemolytic_anemia", "leukopenia", "thrombocytopenia"),
        "immunologic": ever(candidate, "anti_dsdna", "anti_sm", "antiphospholipid"),
        "ana": ana_positive(candidate, ana_positive_titer),
    }


def acr_count(candidate, ana_positive_titer=80.0):
    """Number of ACR 1997 items, 0 to 11."""
    return sum(acr_items(candidate, ana_positive_titer).values())
