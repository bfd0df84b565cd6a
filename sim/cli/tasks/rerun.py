"""task=rerun: one trial of an earlier run again, from what its files say of their making, with its whole log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.cli.command import RunFailedError, complain
from sim.cli.overrides import given
from sim.cli.store import store_of
from sim.cli.task import command
from sim.config.compose import compose
from sim.config.config import Config, canonical_yaml, configure, digest, parts
from sim.core.dictionary.entry import Entry
from sim.core.errors import InputError
from sim.core.source import model_digest
from sim.core.tables import Table, concatenate
from sim.storage.folder import run_folder
from sim.storage.parquet import read_provenance, write_table
from sim.storage.provenance import provenance
from sim.storage.text import write_csv

KEYS: Final = ("task", "source", "rerun.trial", "run.engine", "hydra.run.dir")
"""What task=rerun takes."""
_FILES: Final = ("power.parquet", "trials.parquet")
_EFFECT: Final = {"effect": Entry("effect", "word", "", "Assumption about the cells", nullable=False)}


@dataclass(frozen=True)
class _Source:
    """An earlier run: where it is, how it was configured, and the digest of the model that made it."""

    folder: Path
    config: Config
    model: str


def rerun(overrides: Sequence[str], config_folder: str | None) -> int:
    """Run one trial of `source` under each of its effects, print its log and write its tables; the status is 0.

    overrides : source (the folder of a run, or a file of it), rerun.trial; if wanted, run.engine, hydra.run.dir.
    Errors    : InputError for anything else, for a source that does not say how it was made, and for a trial that
                it does not have. RunFailedError if the run's own record of the trial says something else.
    """
    words = dict(text.partition("=")[::2] for text in overrides)
    source = _source(words)
    trial = _trial(words, source.config)
    config = source.config
    if "run.engine" in words:
        config = replace(config, run=replace(config.run, engine=words["run.engine"]))
        config = configure(parts(config))
    kept = [text for text in overrides if text.startswith("hydra.run.dir=")]
    fresh = not given(overrides, "hydra.run.dir")
    with run_folder(compose(kept, config_folder).run_folder, "hydra.run.dir", fresh=fresh) as folder:
        tables = _tables(config, trial)
        checked = _check(source, trial, tables["trials"])
        said = _provenance(config, overrides)
        files = []
        for name, table in tables.items():
            files.append(folder / f"{name}.parquet")
            write_table(files[-1], name, table, said, _EFFECT)
        files.append(folder / "log.csv")
        write_csv(files[-1], tables["log"])
    print("\n".join([f"Synthetic: virtual patients only. Trial {trial} of {source.folder}. {checked}", ""]))
    print(_text(tables["log"]))
    print("\n".join(["", "Synthetic data, written to", *(f"  {path}" for path in files)]))
    return 0


def _source(words: Mapping[str, str]) -> _Source:
    if strange := [key for key in words if key not in KEYS]:
        raise InputError(
            [
                f"{key}: a rerun takes this from its source; allowed with task=rerun: {', '.join(KEYS[1:])}"
                for key in strange
            ]
        )
    if not words.get("source"):
        raise InputError("source: is missing; name the folder of a run with source=FOLDER")
    path = Path(words["source"])
    file = path if path.is_file() else next((path / name for name in _FILES if (path / name).is_file()), None)
    if file is None:
        raise InputError(f"source: {path} has neither {' nor '.join(_FILES)}; name the folder of a finished run")
    try:
        said = read_provenance(file)
    except (OSError, ValueError) as error:
        raise InputError(f"source: {file} cannot be read ({error})") from None
    return _Source(file.parent, _configuration(file, said), said.get("model_sha256", ""))


def _configuration(file: Path, said: Mapping[str, str]) -> Config:
    """The configuration that a file was made from."""
    from omegaconf import OmegaConf

    if "configuration" not in said:
        raise InputError(f"source: {file} does not say how it was made")
    values: Any = OmegaConf.to_container(OmegaConf.create(said["configuration"]))
    if "cells" in values:
        raise InputError(f"source: {file} combines the cells of a sweep; name the folder of one, {file.parent}/0")
    try:
        config = configure(values)
    except InputError as error:
        raise InputError(
            [f"source: {file} was made by another version, in which {problem}" for problem in error.problems]
        ) from None
    if digest(parts(config)) != said.get("configuration_sha256"):
        raise InputError(f"source: the configuration in {file} is not the one whose digest stands beside it")
    return config


def _trial(words: Mapping[str, str], config: Config) -> int:
    text, last = words.get("rerun.trial", ""), config.run.trials - 1
    if not text:
        raise InputError(f"rerun.trial: is missing; name a trial from 0 to {last} with rerun.trial=NUMBER")
    if not text.isdecimal() or int(text) > last:
        raise InputError(f"rerun.trial: {text} is not allowed; it must be a whole number from 0 to {last}")
    return int(text)


def _tables(config: Config, trial: int) -> dict[str, Table]:
    """The log and the data set of one trial under each effect of the run, followed as long as the run did."""
    from sim import pipeline

    if config.task != "cohort":
        config = pipeline.until_decided(config)
    sets = {
        effect.name: pipeline.cohort_chunk(replace(config, effects=(effect,)), [trial])
        for effect in config.effects
    }
    names = next(iter(sets.values()))
    return {"log": pipeline.course_log(config, [trial])} | {
        name: concatenate([_keyed(effect, each[name]) for effect, each in sets.items()]) for name in names
    }


def _keyed(effect: str, table: Table) -> Table:
    return Table({"effect": np.full(table.length, effect), **table})


def _check(source: _Source, trial: int, trials: Table) -> str:
    """What the run itself recorded of the trial is compared, where it is there and the model is the same."""
    if source.model != model_digest():
        complain("the run was made by another version of the model or its libraries, so numbers may differ")
        return "Made again by another version."
    recorded = store_of(source.config, source.folder).trial(trial)
    if recorded is None:
        return "The run kept no record of single trials to compare with."
    if source.config.task == "cohort":
        recorded = {source.config.effects[0].name: recorded["trials"]}
    for k, effect in enumerate(trials["effect"].tolist()):
        for name, column in recorded[effect].items():
            if not np.array_equal(column, trials[name][k : k + 1], equal_nan=column.dtype.kind == "f"):
                raise RunFailedError(
                    f"trial {trial} under {effect}: {name} is {trials[name][k]}, but the run recorded {column[0]}"
                )
    return "It is what the run recorded."


def _provenance(config: Config, overrides: Sequence[str]) -> dict[str, str]:
    from sim import pipeline

    values = parts(config)
    return provenance(
        configuration=canonical_yaml(values),
        configuration_sha256=digest(values),
        seed=config.run.seed,
        engine=pipeline.engine_of(config),
        command=command(overrides),
    )


def _text(log: Table) -> str:
    """The log for the terminal: under each effect, what happened to each subject."""
    lines, before = [], ("", -1)
    for effect, subject, day, minute, words in zip(
        *(log[name].tolist() for name in ("effect", "subject", "day", "minute", "words")), strict=True
    ):
        if (effect, subject) != before:
            before = (effect, subject)
            lines.append(f"effect {effect}, subject {subject}")
        lines.append(f"  day {day:>4} {minute // 60 % 24:02}:{minute % 60:02}  {words}")
    return "\n".join(lines)
