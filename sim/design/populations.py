"""Which patients a yes/no endpoint is for (NCT04835883)."""

from typing import Final

from sim.config.rules import SUBGROUP_OF

SUBGROUPS: Final = ("LN", "LC")
_OF_SUBGROUP: Final = {"ITP_response": "LC", "ITP_complete": "LC", "log_upcr": "LN"}


def populations_of(endpoint: str) -> tuple[str, ...]:
    """Populations for which an endpoint is reported, the one for the headline first.

    >>> populations_of("P1"), populations_of("P3")
    (('all', 'LN', 'LC'), ('LN',))
    """
    subgroup = SUBGROUP_OF.get(endpoint)
    return ("all", *SUBGROUPS) if subgroup is None else (subgroup,)


def population_of(name: str) -> str:
    """Who an endpoint, or an answer of a patient bank, is for: `all`, LN or LC.

    >>> population_of("P1"), population_of("ITP_response")
    ('all', 'LC')
    """
    return _OF_SUBGROUP.get(name) or populations_of(name)[0]


def column_stem(endpoint: str, population: str) -> str:
    """Beginning of the column names of an endpoint's counts in `trials`: `P1` for all, `P1_LN` for LN."""
    return endpoint if population == "all" else f"{endpoint}_{population}"
