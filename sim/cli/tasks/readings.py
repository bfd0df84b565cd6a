"""task=readings: rate and power under other readings of the record and other assumptions, on the same trials."""

import dataclasses
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sim.cli.command import complain
from sim.cli.run import Prepared
from sim.cli.task import Result, counting_rule, heading, nothing_done, provenance_of, report_failures
from sim.cli.tasks.value_readings import perform_on_values
from sim.config.compose import checked, compose
from sim.config.config import INERT, Config
from sim.config.measures import VALUED
from sim.core.errors import InputError
from sim.core.tables import Table, concatenate
from sim.montecarlo.readings import BASE, Alternative, Compared, compare, effects_of
from sim.storage.atomic import write_text
from sim.storage.parquet import write_table
from sim.storage.text import write_csv


def perform(prepared: Prepared, folder: Path) -> Result:
    """Compare the alternatives and write readings, benchmark, drift and power, the last with its model range; of a
    change or a time to an event value_readings.
    """
    from sim.words.readings import benchmark_text, readings_text

    config = _for_endpoint(prepared.config)
    counting_rule(config)
    if config.run.engine == "simpy":
        raise InputError(
            "run.engine: 'simpy' is not allowed with task=readings, which shares courses between readings; "
            "use auto or batch"
        )
    alternatives = list(_alternatives(prepared, config))
    if config.endpoint is not None and config.endpoint in VALUED:
        return perform_on_values(prepared, config.endpoint, alternatives, folder)
    found = compare(alternatives)
    report_failures(found.failures, config)
    if not found.pairs:
        raise nothing_done(found.failures)
    tables = _tables(config, alternatives, found)
    text = "\n".join(
        [
            heading(config, "batch"),
            "",
            readings_text(tables["readings"]),
            "",
            benchmark_text(tables["benchmark"], tables["readings"]),
        ]
    )
    files = [folder / "summary.txt", folder / "readings.csv", *(folder / f"{name}.parquet" for name in tables)]
    write_text(files[0], text + "\n")
    write_csv(files[1], tables["readings"])
    said = provenance_of(prepared, "batch")
    for path, (name, table) in zip(files[2:], tables.items(), strict=True):
        write_table(path, name, table, said)
    return Result(text, tuple(files), "batch", tables["power"])


def _tables(config: Config, alternatives: Sequence[Alternative], found: Compared) -> dict[str, Table]:
    """The tables to write, by name: readings, benchmark, drift, and power, which is the last."""
    from sim.design.benchmark import RANGE_KINDS, benchmark_table, drift_table
    from sim.design.evaluation import power_table
    from sim.design.readings import readings_table, with_model_range

    counts: dict[str, Any] = {"engine": "batch", "n_requested": config.run.trials, "n_failed": found.n_failed}
    readings = readings_table(
        [(each.name, each.kind, each.words, each.config.design) for each in alternatives],
        found.pairs,
        effects_of(config),
        INERT,
        **counts,
    )
    base = found.pairs[BASE]
    power = concatenate(
        [
            power_table(base[each.name], base[INERT], config.design, effect=each.name, **counts)
            for each in config.effects
        ]
    )
    return {
        "readings": readings,
        "benchmark": benchmark_table(readings, INERT, config.design),
        "drift": drift_table(base[INERT], config.design),
        "power": with_model_range(power, readings, RANGE_KINDS),
    }


def _for_endpoint(config: Config) -> Config:
    """The configuration that decides only the endpoint the question is about, if it names one."""
    if config.endpoint is None:
        return config
    return dataclasses.replace(config, analysis=dataclasses.replace(config.analysis, endpoints=(config.endpoint,)))


def _alternatives(prepared: Prepared, config: Config) -> Iterator[Alternative]:
    """The base and every declared alternative; one that could never be run is refused with its name, one that the
    other settings have no room for is left out, and said so.
    """
    yield Alternative(BASE, "base", "", config)
    declared = config.null_readings
    for kind, table in (
        ("reading", declared.readings),
        ("assumption", declared.assumptions),
        ("world", declared.worlds),
    ):
        for name, words in table.items():
            try:
                other = _configured(prepared.overrides, words, prepared.config_folder)
            except InputError as error:
                problems = [f"null_readings.{kind}s.{name}: {problem}" for problem in error.problems]
                if not _sound(words, prepared.config_folder):
                    raise InputError(problems) from None
                complain("\n".join([*problems, f"{name} is left out: the other settings have no room for it"]))
                continue
            yield Alternative(name, kind, words, _for_endpoint(other))


def _configured(overrides: Sequence[str], words: str, config_folder: str | None) -> Config:
    """The configuration of a run with further words of the command line."""
    return checked(compose([*overrides, *shlex.split(words, posix=False)], config_folder))


def _sound(words: str, config_folder: str | None) -> bool:
    """Whether an alternative can be run with everything else as shipped."""
    try:
        _configured((), words, config_folder)
    except InputError:
        return False
    return True
