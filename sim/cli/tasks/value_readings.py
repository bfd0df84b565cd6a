"""task=readings of an endpoint without responders: estimate and power of changes or times, on the same trials."""

from collections.abc import Sequence
from pathlib import Path

from sim.cli.run import Prepared
from sim.cli.task import Result, heading, nothing_done, provenance_of, report_failures
from sim.config.config import INERT
from sim.config.measures import TIMES, measures_at
from sim.montecarlo.readings import BASE, Alternative, effects_of
from sim.montecarlo.value_readings import values_under
from sim.storage.atomic import write_text
from sim.storage.parquet import write_table
from sim.storage.text import write_csv


def perform_on_values(
    prepared: Prepared, endpoint: str, alternatives: Sequence[Alternative], folder: Path
) -> Result:
    """Compare the alternatives, the first being the base, and write value_readings."""
    from sim.design.value_readings import Shown, value_readings_table
    from sim.words.value_readings import value_readings_text

    config = alternatives[0].config
    found = values_under(alternatives, endpoint)
    report_failures(found.failures, config)
    if BASE not in found.patients or not found.patients[BASE][INERT].length:
        raise nothing_done(found.failures)
    asked, window = config.question, config.analysis.visit_window_days
    shown = (
        [Shown(endpoint, None, asked.event_free, window)]
        if endpoint in TIMES
        else [Shown(endpoint, measure, None, window) for measure in measures_at(asked.visit, endpoint)]
    )
    table = value_readings_table(
        [(each.name, each.kind, each.words, each.config.design) for each in alternatives],
        found.patients,
        shown,
        effects_of(config),
        config.run.trials,
        found.n_failed,
    )
    text = f"{heading(config, 'batch')}\n\n{value_readings_text(table)}"
    files = tuple(folder / name for name in ("summary.txt", "value_readings.csv", "value_readings.parquet"))
    write_text(files[0], text + "\n")
    write_csv(files[1], table)
    write_table(files[2], "value_readings", table, provenance_of(prepared, "batch"))
    return Result(text, files, "batch")
