"""What patients show in a change or a time to an event, on the same trials under several readings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sim.config.config import Config
from sim.core.tables import Table, concatenate
from sim.montecarlo.failures import Failure
from sim.montecarlo.readings import Alternative, Answers, under_all


@dataclass(frozen=True)
class Valued:
    """Patients under each alternative and effect, a row each; the same trials everywhere.

    failures : chunks that could not be computed under some alternative; they are left out under all.
    """

    patients: Mapping[str, Mapping[str, Table]]
    failures: tuple[Failure, ...]
    n_failed: int


def values_under(alternatives: Sequence[Alternative], endpoint: str) -> Valued:
    """Simulate the trials under each alternative; the first is the base (sim/montecarlo/readings.py, compare)."""
    found: dict[str, dict[str, list[Table]]] = {}

    def keep(answers: Answers) -> None:
        for (name, effect), table in answers:
            found.setdefault(name, {}).setdefault(effect, []).append(table)

    failures, lost = under_all(alternatives, partial(_values, endpoint), keep)
    patients = {
        name: {effect: concatenate(parts) for effect, parts in bank.items()} for name, bank in found.items()
    }
    return Valued(patients, failures, lost)


def _values(
    endpoint: str, configs: Sequence[Config], trials: range, screened: Config | None
) -> list[dict[str, Table]]:
    from sim import pipeline

    return pipeline.compared_values(configs, (endpoint,), trials, screened)
