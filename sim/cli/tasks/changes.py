"""task=changes: how often small trials show that a change from baseline is better than without the cells."""

from pathlib import Path

from sim.cli.run import Prepared
from sim.cli.task import Result, heading
from sim.cli.tasks.bank import unfilled, written
from sim.cli.tasks.values import asked_of, measured


def perform(prepared: Prepared, folder: Path) -> Result:
    """Simulate the patients once, test their changes in their own trials and in drawn ones; changes.parquet."""
    from sim.config.measures import measures_at
    from sim.design.changes import changes_table
    from sim.words.changes import changes_text

    config = prepared.config
    measures = [
        each
        for each in measures_at(config.question.visit, config.endpoint)
        if config.design.planned(each.population) != 0
    ]
    run = measured(config, tuple(dict.fromkeys(each.endpoint for each in measures)))
    effects = [effect.name for effect in config.effects]
    table = changes_table(
        run.patients, measures, config.question.visit, config.design, effects, asked_of(config, run)
    )
    text = f"{heading(config, run.engine)}\n\n{changes_text(table)}"
    return written(prepared, folder, "changes", table, text, unfilled(run, config), run.engine)
