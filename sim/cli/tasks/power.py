"""task=power: how likely each endpoint is to succeed, under each assumption about the cells."""

from dataclasses import replace
from math import ceil
from pathlib import Path

from sim.cli.run import Prepared
from sim.cli.store import opened_store
from sim.cli.task import Result, heading, nothing_done, provenance_of, report_failures
from sim.cli.tasks.evidence import write_evidence
from sim.config.config import Config
from sim.core.tables import Table
from sim.storage.atomic import write_text
from sim.storage.parquet import write_table
from sim.storage.text import write_csv


def perform(prepared: Prepared, folder: Path) -> Result:
    """Evaluate the design and write power.parquet, power.csv, summary.txt and what the report is made of; of other
    rules than the exact test also rules.parquet and curve.parquet, where serious events stop trials safety_stop.
    """
    from sim.design.responders import responders_table
    from sim.design.tournament import Counts
    from sim.montecarlo.power import run_power
    from sim.words.power import explain, in_short
    from sim.words.power_table import comparison_table, summary_table
    from sim.words.rules import rule_sentences, rules_table
    from sim.words.safety import safety_text

    config = prepared.config
    with opened_store(config, folder) as store:
        run = run_power(config, store)
    report_failures(run.failures, config)
    if run.power is None:
        raise nothing_done(run.failures)
    simulated = replace(config, run=replace(config.run, trials=run.trials))
    words = "\n".join(
        [
            heading(simulated, run.engine),
            *_precision(config, run.power, run.trials),
            in_short(run.power),
            "",
            *explain(run.power, responders_table(run.tallies, config.design)),
            "",
        ]
    )
    full = f"{words}\n{summary_table(run.power)}"
    text = full if len(config.effects) == 1 else f"{words}\n{comparison_table(run.power)}"
    files: tuple[Path, ...] = (folder / "power.parquet", folder / "power.csv", folder / "summary.txt")
    if run.rules is not None:
        told = ["", *rule_sentences(run.rules), "", rules_table(run.rules)]
        text, full = ("\n".join([part, *told]) for part in (text, full))
    if run.safety is not None:
        text, full = (f"{part}\n\n{safety_text(run.safety)}" for part in (text, full))
    said = provenance_of(prepared, run.engine)
    for name, table in (("rules", run.rules), ("curve", run.curve), ("safety_stop", run.safety)):
        if table is not None:
            files = (*files, folder / f"{name}.parquet")
            write_table(files[-1], name, table, said)
    failed = sum(len(each.trials) for each in run.failures)
    write_evidence(config, run.tallies, Counts(run.trials, failed), folder, said)
    write_csv(files[1], run.power)
    write_text(files[2], full + "\n")
    write_table(files[0], "power", run.power, said)  # last of the tables: all is done where it stands
    return Result(text, files, run.engine, run.power)


def _precision(config: Config, power: Table, trials: int) -> list[str]:
    """What precision was asked for and reached, where one was, after how many trials, and what decided it."""
    from sim.montecarlo.precision import widest

    asked = config.run.precision
    if asked is None:
        return []
    reached, longest = widest(power)
    row = {name: power[name][longest] for name in ("endpoint", "population", "alpha", "effect")}
    said = (
        f"after {trials:,} of at most {config.run.trials:,} trials the widest interval of power is "
        f"± {reached:.4f} ({row['endpoint']}, {row['population']}, alpha {row['alpha']:g}, {row['effect']})"
    )
    if reached <= asked:
        return [f"Precision: {said}, enough for ± {asked:g}."]
    needed = ceil(trials * (reached / asked) ** 2 / 1000) * 1000
    return [f"Precision not reached: {said}, not ± {asked:g}; run.trials={needed} will be about enough."]
