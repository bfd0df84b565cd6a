"""task=times: how often small trials show that more patients stay free of an event than a reference."""

from pathlib import Path

from sim.cli.run import Prepared
from sim.cli.task import Result, heading
from sim.cli.tasks.bank import unfilled, written
from sim.cli.tasks.values import asked_of, measured


def perform(prepared: Prepared, folder: Path) -> Result:
    """Simulate the patients once, decide their times in their own trials and in drawn ones; times.parquet."""
    from sim.config.measures import TIMES
    from sim.design.times import times_table
    from sim.words.times import times_text

    config = prepared.config
    planned = [name for name, population in TIMES.items() if config.design.planned(population) != 0]
    endpoints = planned if config.endpoint is None else [config.endpoint]
    run = measured(config, endpoints)
    effects = [effect.name for effect in config.effects]
    given = config.question.event_free
    window = config.analysis.visit_window_days
    table = times_table(run.patients, endpoints, given, config.design, effects, asked_of(config, run), window)
    text = f"{heading(config, run.engine)}\n\n{times_text(table)}"
    return written(prepared, folder, "times", table, text, unfilled(run, config), run.engine)
