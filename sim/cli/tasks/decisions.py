"""task=decisions: every outcome the trial can have, what it means by each rule, and how likely it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.cli.run import Prepared
from sim.cli.store import opened_store
from sim.cli.task import Result, heading, nothing_done, provenance_of, report_failures
from sim.config.config import Config
from sim.core.errors import InputError
from sim.core.tables import Table, concatenate
from sim.storage.atomic import write_text
from sim.storage.parquet import write_table
from sim.storage.text import write_csv

if TYPE_CHECKING:
    from sim.montecarlo.power import Simulated
    from sim.words.decision import Layout

_MOST_PATIENTS: Final = 60
_SHARES: Final = (0.05, 0.10, 0.20, 0.30, 0.40, 0.50, 0.60)
"""True shares of patients with a serious event at which the stopping boundary is shown."""


def perform(prepared: Prepared, folder: Path) -> Result:
    """Simulate the trials and write the decision table: Parquet, CSV, and decisions.md for a protocol."""
    from sim.montecarlo.power import run_trials
    from sim.words.layout import aligned, markdown

    config = prepared.config
    endpoints = _endpoints(config)
    with opened_store(config, folder) as store:
        run = run_trials(config, store)
    report_failures(run.failures, config)
    if not run.done:
        raise nothing_done(run.failures)
    tables = _tables(config, run, endpoints)
    said = provenance_of(prepared, run.engine)
    text = _text(config, run.engine, tables, endpoints, aligned)
    files = [
        folder / "decisions.md",
        *(folder / f"{name}.csv" for name in ("decisions", "cells") if name in tables),
    ]
    write_text(files[0], _text(config, run.engine, tables, endpoints, markdown) + "\n")
    for path in files[1:]:
        write_csv(path, tables[path.stem])
    for name, table in tables.items():
        files.append(folder / f"{name}.parquet")
        write_table(files[-1], name, table, said)
    return Result(text, tuple(files), run.engine)


def _endpoints(config: Config) -> tuple[str, ...]:
    """The endpoints asked about.

    Errors : InputError for an endpoint that is not decided, too many patients or numbers left to chance.
    """
    design, decided = config.design, config.analysis.endpoints
    problems = []
    if config.endpoint is not None and config.endpoint not in decided:
        problems.append(f"endpoint: {config.endpoint} is not decided; add it to analysis.endpoints")
    if design.rule == "two_stage":
        problems.append(
            "design.rule: 'two_stage' decides by the order of patients, not by their number; see task=power"
        )
    if design.composition == "random":
        problems.append("design.composition: 'random' leaves the numbers to chance; task=decisions needs quota")
    if design.n > _MOST_PATIENTS:
        problems.append(
            f"design.n: {design.n} is not allowed with task=decisions, which lists every outcome; it must be "
            f"at most {_MOST_PATIENTS}"
        )
    if problems:
        raise InputError(problems)
    return decided if config.endpoint is None else (config.endpoint,)


def _tables(config: Config, run: "Simulated", endpoints: tuple[str, ...]) -> dict[str, Table]:
    from sim.design.decision_table import Run, cell_table, decision_table, planned_places, question_of
    from sim.design.predictive import predictive_table
    from sim.design.rules import plan_of
    from sim.design.stopping import boundary_table, stopping_table

    design = config.design
    runs = [Run(each.name, run.tallies[each.name], run.n_requested, run.n_failed) for each in config.effects]
    predictive = []
    for endpoint in endpoints:
        n, asked = int(planned_places(design, endpoint).sum()), question_of(design, endpoint)
        predictive.append(predictive_table(endpoint, plan_of("exact_binomial", n, asked), n, asked))
    cells = cell_table(runs, design, endpoints)
    return {
        "decisions": decision_table(runs, design, endpoints),
        **({} if cells is None else {"cells": cells}),
        "predictive": concatenate(predictive),
        "stopping": boundary_table(design.n, design.settings),
        "stopping_characteristics": stopping_table(design.n, design.settings, np.array(_SHARES)),
    }


def _text(
    config: Config, engine: str, tables: dict[str, Table], endpoints: tuple[str, ...], layout: "Layout"
) -> str:
    from sim.words.decision import document
    from sim.words.limits import refused_section, stopping_section

    return "\n".join(
        [
            "# Decision table",
            "",
            heading(config, engine),
            f"Decisions at alpha {config.design.alpha[0]:g}.",
            "",
            *document(
                tables["decisions"], tables.get("cells"), tables["predictive"], config.design, endpoints, layout
            ),
            *stopping_section(
                tables["stopping"], tables["stopping_characteristics"], config.design.settings, layout
            ),
            *refused_section(config.design),
        ]
    )
