"""Which columns of a data set the endpoints asked for depend on, and which must be there."""

from typing import Final

from sim.config.analysis import Analysis
from sim.endpoints.catalogue import ENDPOINTS

INPUTS: Final = ("candidates", "visits", "dosing", "infusions", "events")
"""The tables of a data set that are read, in the order of the data model."""
LINEAGES: Final = ("I5_1E", "I5_1N", "I5_1L", "I5_1P")
CANDIDATE_COLUMNS: Final = (
    *("trial", "candidate", "subject", "subgroup", "age", "sex", "weight", "height", "eligible"),
    *LINEAGES,
    *("biopsy_age_days", "biopsy_lesions"),
)
"""All that is read of candidates; what else screening found is not looked at."""
_KEYS: Final = {
    "candidates": ("trial", "subject", "subgroup", "age", "sex"),
    "visits": ("trial", "subject", "visit", "day", "attended"),
    "dosing": ("trial", "subject", "start_day", "end_day", "dose"),
    "infusions": ("trial", "subject", "infusion", "day"),
    "events": ("trial", "subject", "day", "kind", "detail"),
}
_DERIVABLE: Final = "reticulocytes"
"""Read only to find out whether hemolytic anemia qualified, which candidates may say."""


def required(analysis: Analysis, subgroups: frozenset[str], lineages_known: bool) -> dict[str, frozenset[str]]:
    """Table to the columns that must be there.

    subgroups      : those that the data set has; an endpoint for nobody reads nothing.
    lineages_known : whether candidates says which lineages qualified.
    """
    columns = {table: set(names) for table, names in _KEYS.items()}
    for endpoint in ENDPOINTS:
        asked = endpoint.id in analysis.endpoints
        if asked and (endpoint.population == "all" or endpoint.population in subgroups):
            columns["visits"] |= set(endpoint.reads)
    if lineages_known:
        columns["visits"].discard(_DERIVABLE)
    if "P2" in analysis.endpoints and analysis.ongoing_treatment == "no_increase_for_flare":
        columns["dosing"].add("reason")
    return {table: frozenset(names) for table, names in columns.items()}


def wanted_by(column: str, analysis: Analysis) -> tuple[str, ...]:
    """The endpoints asked for that read a column of visits."""
    return tuple(
        endpoint.id for endpoint in ENDPOINTS if endpoint.id in analysis.endpoints and column in endpoint.reads
    )
