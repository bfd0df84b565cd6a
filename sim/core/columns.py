"""The column dictionary: what every column of every table means.

A column that stands here under one name in several tables means the same in each.
"""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from sim.core.dictionary import designs
from sim.core.dictionary.candidates import CANDIDATES
from sim.core.dictionary.course import DOSING, EVENTS, INFUSIONS, LOG, VISITS
from sim.core.dictionary.entry import Entry
from sim.core.dictionary.measured import CHANGES, TIMES, VALUE_READINGS
from sim.core.dictionary.report import (
    ASSUMPTIONS,
    CATALOGUE,
    CURVES,
    MOVING_BENCHMARK,
    RESPONDERS,
    ROLES,
    VALIDATION,
)
from sim.core.dictionary.results import (
    ASSURANCE,
    BENCHMARK,
    DRAWS,
    DRIFT,
    ENDPOINTS,
    ESTIMANDS,
    EXPLAIN,
    PATIENTS,
    POWER,
    PREDICTION,
    READINGS,
    RESTRICTED_MEAN,
    SURVIVAL,
    TIPPING,
    TRIALS,
    trials_column,
)
from sim.core.dictionary.searches import (
    ALTERNATIVES,
    BANK,
    COMPOSITION,
    POWER_OVER_N,
    SAMPLE_SIZE,
    TOURNAMENT,
    bank_column,
)

TABLES: Final = MappingProxyType(
    {
        name: MappingProxyType({entry.name: entry for entry in entries})
        for name, entries in (
            ("candidates", CANDIDATES),
            ("visits", VISITS),
            ("dosing", DOSING),
            ("infusions", INFUSIONS),
            ("events", EVENTS),
            ("endpoints", ENDPOINTS),
            ("explain", EXPLAIN),
            ("estimands", ESTIMANDS),
            ("survival", SURVIVAL),
            ("restricted_mean", RESTRICTED_MEAN),
            ("trials", TRIALS),
            ("log", LOG),
            ("power", POWER),
            ("readings", READINGS),
            ("benchmark", BENCHMARK),
            ("drift", DRIFT),
            ("assurance", ASSURANCE),
            ("draws", DRAWS),
            ("prediction", PREDICTION),
            ("patients", PATIENTS),
            ("tipping", TIPPING),
            ("bank", BANK),
            ("tournament", TOURNAMENT),
            ("sample_size", SAMPLE_SIZE),
            ("power_over_n", POWER_OVER_N),
            ("alternatives", ALTERNATIVES),
            ("composition", COMPOSITION),
            ("changes", CHANGES),
            ("times", TIMES),
            ("value_readings", VALUE_READINGS),
            ("rules", designs.RULES),
            ("curve", designs.CURVE),
            ("decisions", designs.DECISIONS),
            ("cells", designs.CELLS),
            ("family", designs.FAMILY),
            ("estimation", designs.ESTIMATION),
            ("rare_events", designs.RARE_EVENTS),
            ("predictive", designs.PREDICTIVE),
            ("stopping", designs.STOPPING),
            ("stopping_characteristics", designs.STOPPING_CHARACTERISTICS),
            ("safety_stop", designs.SAFETY_STOP),
            ("responders", RESPONDERS),
            ("moving_benchmark", MOVING_BENCHMARK),
            ("roles", ROLES),
            ("curves", CURVES),
            ("assumptions", ASSUMPTIONS),
            ("catalogue", CATALOGUE),
            ("validation", VALIDATION),
        )
    }
)
"""Columns by table and name, in the order in which they are documented."""

_NAMED_BY_ENDPOINT: Final = {"trials": trials_column, "bank": bank_column}
"""Tables with columns that exist once for each endpoint, and what describes them."""

COHORT_TABLES: Final = ("candidates", "visits", "dosing", "infusions", "events", "endpoints", "trials")
"""The files of one data set."""


def documented(table: str, names: Iterable[str]) -> list[str]:
    """Names of columns in the order of the dictionary; behind them, as they come, those it names by endpoint."""
    place = {name: number for number, name in enumerate(TABLES[table])}
    return sorted(names, key=lambda name: place.get(name, len(place)))


def entry(table: str, column: str) -> Entry:
    """The meaning of a column; KeyError, naming both, where the dictionary does not know it."""
    known = TABLES[table].get(column)
    if known is None and table in _NAMED_BY_ENDPOINT:
        known = _NAMED_BY_ENDPOINT[table](column)
    if known is None:
        raise KeyError(f"{table}.{column} is not in the column dictionary")
    return known
