"""What a run leaves beside its table of results, so that a report can be made of the folder alone."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.cli.command import complain
from sim.config.analysis import ENDPOINTS as YES_OR_NO
from sim.config.config import INERT, Config
from sim.config.face_validity import Compared, face_validity
from sim.config.measures import CHANGES, TIMES
from sim.config.sources import assumptions
from sim.core.dictionary.entry import Entry
from sim.core.errors import LimitError
from sim.core.tables import Table
from sim.storage.parquet import write_table

if TYPE_CHECKING:
    from sim.design.tally import Tally
    from sim.design.tournament import Counts

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
    "the time point is non-response (composite)."
)
_RESCUE_IN_TIMES: Final = {
    "composite": "Rescue is an event, too (composite).",
    "treatment_policy": "Rescue is ignored (treatment policy).",
    "hypothetical": "Rescue censors (hypothetical).",
}
_CENSORED: Final = "Who leaves the trial without the event is censored."
_POLICIES: Final = {
    "nri": "A missing outcome is non-response.",
    "obs": "A missing outcome is left out.",
    "locf": "The last observation stands for a missing outcome.",
    "best": "A missing outcome is response.",
    "worst": "A missing outcome is non-response, whatever the reason.",
    "mi": "A missing outcome is imputed.",
}


def write_evidence(
    config: Config, tallies: Mapping[str, "Tally"], counts: "Counts", folder: Path, said: Mapping[str, str]
) -> None:
    """Write responders, moving_benchmark and power_over_n of a power run, and the patients of a few of its trials
    (`sample/`).

    tallies : for each effect and `none` what the finished trials decided. said : provenance of the run.
    """
    from sim.design.power_over_n import power_over_n
    from sim.design.responders import moving_benchmark, responders_table
    from sim.montecarlo.sample import sample

    responders = responders_table(tallies, config.design)
    write_table(folder / "responders.parquet", "responders", responders, said)
    if (moved := moving_benchmark(responders, config.design)) is not None:
        write_table(folder / "moving_benchmark.parquet", "moving_benchmark", moved, said)
    question = config.question
    sizes = range(question.n_low, max(question.n_shown, default=0) + 1)
    effects = dict.fromkeys((INERT, *(effect.name for effect in config.effects)))
    if (over := power_over_n(tallies, config.design, tuple(effects), sizes, config.power, counts)) is not None:
        write_table(folder / "power_over_n.parquet", "power_over_n", over, said)
    try:
        tables = sample(config, tallies)
    except LimitError as error:
        complain(f"the patients of run.sample could not be kept, so the report goes without them: {error}")
        tables = {}
    if tables:
        (folder / SAMPLE).mkdir(exist_ok=True)
    for name, table in tables.items():
        write_table(folder / SAMPLE / f"{name}.parquet", name, table, said, _EFFECT)


def write_background(config: Config, folder: Path, said: Mapping[str, str]) -> None:
    """Write assumptions, catalogue and validation: what every answer rests on, whatever was asked.

    said : provenance of the run. An endpoint that the record does not name has no line in the catalogue.
    """
    write_table(folder / "assumptions.parquet", "assumptions", assumptions_table(config), said)
    write_table(folder / "validation.parquet", "validation", _validation(), said)
    if (catalogue := _catalogue(config)) is not None:
        write_table(folder / "catalogue.parquet", "catalogue", catalogue, said)


def assumptions_table(config: Config) -> Table:
    """Every value that makes the trial and its patients, with unit, basis and source."""
    return _of_texts(("key", "value", "unit", "basis", "source"), assumptions(config))


def _catalogue(config: Config) -> Table | None:
    """The endpoints of the run as estimands: who, what, when, and what intercurrent events do."""
    from sim.endpoints.catalogue import ENDPOINTS

    asked = _endpoints(config)
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
        if each.id in asked
    ]
    names = ("endpoint", "title", "population", "time_frame", "rule", "intercurrent", "readings")
    return _of_texts(names, rows) if rows else None


def _endpoints(config: Config) -> tuple[str, ...]:
    """The endpoints of a run: the one it asks about, all that are compared, or those that are decided."""
    if config.endpoint is not None:
        return (config.endpoint,)
    asked = {"tournament": YES_OR_NO, "changes": CHANGES, "times": tuple(TIMES)}
    return asked.get(config.task, config.analysis.endpoints)


def _intercurrent(config: Config, endpoint: str) -> str:
    """What rescue, ends of participation and missing values make of a patient, as this run is configured."""
    chosen: str = getattr(config.analysis.intercurrent, endpoint, "")
    if endpoint in TIMES:
        return " ".join(filter(None, (_RESCUE_IN_TIMES.get(chosen), _CENSORED)))
    strategy = _STRATEGIES[chosen]
    if endpoint in CHANGES:
        return f"{strategy} A change that is not known is left out."
    policy = _POLICIES[getattr(config.analysis.missing, endpoint)]
    return f"{_DOSE if endpoint in ('P1', 'S1') else strategy} {policy}"


def _validation() -> Table:
    rows = face_validity()
    return Table({name: np.array([getattr(row, name) for row in rows]) for name in Compared._fields})


def _of_texts(names: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    return Table(
        {name: np.array(column, np.str_) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    )
