"""What a power run leaves beside its power table, so that a report can be made of the folder alone."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.cli.command import complain
from sim.config.config import Config
from sim.config.sources import assumptions
from sim.core.dictionary.entry import Entry
from sim.core.errors import LimitError
from sim.core.tables import Table
from sim.storage.parquet import write_table

if TYPE_CHECKING:
    from sim.design.tally import Tally

SAMPLE: Final = "sample"
_EFFECT: Final = {"effect": Entry("effect", "word", "", "Assumption about the cells", nullable=False)}
_STRATEGIES: Final = {
    "composite": "Rescue is non-response, and so is death, withdrawal or loss before the time point (composite).",
    "treatment_policy": "Outcomes count whatever was given before (treatment policy).",
    "hypothetical": "Outcomes after rescue count as unobserved (hypothetical).",
    "while_on_treatment": "Outcomes up to rescue count (while on treatment).",
}
_DOSE: Final = (
    "Corticosteroid for a flare or as rescue counts as the dose of its days; death, withdrawal or loss before "
    "the time "
    "point is non-response (composite)."
)
_POLICIES: Final = {
    "nri": "A missing outcome is non-response.",
    "obs": "A missing outcome is left out.",
    "locf": "The last observation stands for a missing outcome.",
    "best": "A missing outcome is response.",
    "worst": "A missing outcome is non-response, whatever the reason.",
    "mi": "A missing outcome is imputed.",
}


def write_evidence(config: Config, tallies: Mapping[str, "Tally"], folder: Path, said: Mapping[str, str]) -> None:
    """Write responders, moving_benchmark, assumptions and catalogue, and the patients of a few trials (`sample/`).

    tallies : for each effect and `none` what the finished trials decided. said : provenance of the run.
    """
    from sim.design.responders import moving_benchmark, responders_table
    from sim.montecarlo.sample import sample

    responders = responders_table(tallies, config.design)
    write_table(folder / "responders.parquet", "responders", responders, said)
    if (moved := moving_benchmark(responders, config.design)) is not None:
        write_table(folder / "moving_benchmark.parquet", "moving_benchmark", moved, said)
    write_table(folder / "assumptions.parquet", "assumptions", assumptions_table(config), said)
    write_table(folder / "catalogue.parquet", "catalogue", _catalogue(config), said)
    try:
        tables = sample(config, tallies)
    except LimitError as error:
        complain(f"the patients of run.sample could not be kept, so the report goes without them: {error}")
        tables = {}
    if tables:
        (folder / SAMPLE).mkdir(exist_ok=True)
    for name, table in tables.items():
        write_table(folder / SAMPLE / f"{name}.parquet", name, table, said, _EFFECT)


def assumptions_table(config: Config) -> Table:
    """Every value that makes the trial and its patients, with unit, basis and source."""
    return _of_texts(("key", "value", "unit", "basis", "source"), assumptions(config))


def _catalogue(config: Config) -> Table:
    """The endpoints of the run as estimands: who, what, when, and what intercurrent events do."""
    from sim.endpoints.catalogue import ENDPOINTS

    rows = [
        (
            each.id,
            each.title,
            each.population,
            each.time_frame,
            each.text,
            _intercurrent(config, each.id),
            ", ".join(each.readings),
        )
        for each in ENDPOINTS
        if each.id in config.analysis.endpoints
    ]
    return _of_texts(("endpoint", "title", "population", "time_frame", "rule", "intercurrent", "readings"), rows)


def _intercurrent(config: Config, endpoint: str) -> str:
    """What rescue, ends of participation and missing values make of a patient, as this run is configured."""
    strategy = _STRATEGIES[getattr(config.analysis.intercurrent, endpoint)]
    policy = _POLICIES[getattr(config.analysis.missing, endpoint)]
    return f"{_DOSE if endpoint in ('P1', 'S1') else strategy} {policy}"


def _of_texts(names: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    return Table(
        {name: np.array(column, np.str_) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    )
