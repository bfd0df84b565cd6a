"""Virtual patients to compare those of a running trial with."""

from dataclasses import replace
from typing import Final

from sim.config.config import Config
from sim.config.effect import Effect
from sim.core.tables import Table, concatenate
from sim.montecarlo.cohort import cohort_chunks
from sim.montecarlo.failures import Failure, failures_of

TABLES: Final = ("candidates", "visits", "dosing", "infusions", "events")
"""What a data set is made of."""


def virtual_patients(config: Config, effect: Effect) -> tuple[dict[str, Table], tuple[Failure, ...]]:
    """The tables of all patients of `run.trials` virtual trials under one effect; none if every trial failed.

    They are followed as long as the endpoints of `analysis.endpoints` read.
    """
    from sim import pipeline

    shortened: Config = pipeline.until_decided(config)
    outcomes = list(cohort_chunks(replace(shortened, effects=(effect,))))
    done = [each.value for each in outcomes if each.value is not None]
    if not done:
        return {}, failures_of(outcomes)
    return {name: concatenate([each[name] for each in done]) for name in TABLES}, failures_of(outcomes)
