"""One run: its configuration, its folder, its task."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sim.cli.command import complain
from sim.cli.overrides import given
from sim.config.compose import Composed, checked, compose, with_single_effect
from sim.config.config import SINGLE_EFFECT, Config, canonical_yaml, parts
from sim.config.readings import READINGS
from sim.core.errors import InputError
from sim.storage.atomic import write_text
from sim.storage.folder import run_folder

READS_DATA: Final = ("endpoints", "predict")
"""Tasks that read the data set of somebody else."""


_READERS: Final = {
    "endpoint": (
        *("readings", "predict", "tournament", "sample_size", "alternatives", "composition"),
        *("decisions", "estimation", "changes", "times"),
    ),
    "power": ("tournament", "sample_size", "alternatives"),
}
"""Questions of the command line, and the tasks that they are for."""
_INSTEAD: Final = {
    ("power", "endpoint"): ", or name what is decided with 'analysis.endpoints=[P1,P2]'",
    ("power", "power"): ", or ask experiment=sample_size, which seeks the number of patients for a power",
}


@dataclass(frozen=True)
class Prepared:
    """A checked run that has not begun: the words that ask for it, its configuration and where results go.

    config_folder : a further folder of configuration files, if one was named.
    """

    overrides: tuple[str, ...]
    config: Config
    run_folder: Path
    sweep_folder: Path
    config_folder: str | None = None


def prepare(overrides: Sequence[str], config_folder: str | None) -> Prepared:
    """Compose and check; nothing is written.

    Errors : InputError with everything that is wrong.
    """
    composed = _for_task(compose(overrides, config_folder))
    config = checked(composed)
    if (config.data is None) == (config.task in READS_DATA):
        raise InputError(_data_text(config))
    if config.run.precision is not None and config.task != "power":
        raise InputError(
            f"run.precision: {config.run.precision!r} is not read by task={config.task}; leave it null, and "
            "choose the number of trials with run.trials"
        )
    if unread := _unread(config, overrides):
        raise InputError(unread)
    return Prepared(tuple(overrides), config, composed.run_folder, composed.sweep_folder, config_folder)


def run_once(overrides: Sequence[str], config_folder: str | None) -> int:
    """Run one configuration, print its result and the files; the exit status is 0."""
    prepared = prepare(overrides, config_folder)
    if prepared.config.task == "protocol":
        return _show_protocol(prepared)
    fresh = not given(overrides, "hydra.run.dir")
    with run_folder(prepared.run_folder, "hydra.run.dir", fresh=fresh) as folder:
        from sim.cli.store import how_to_go_on, told_if_full
        from sim.cli.task import perform

        _check_folder(folder, prepared.config)
        try:
            if prepared.config.task not in READS_DATA:  # nothing is written before the data are found sound
                record(folder, prepared)
            result = perform(prepared, folder)
        except KeyboardInterrupt:
            going_on = how_to_go_on(prepared.config, folder, overrides, config_folder)
            raise KeyboardInterrupt(f"interrupted; {going_on}") from None
        except OSError as error:
            raise told_if_full(error, how_to_go_on(prepared.config, folder, overrides, config_folder)) from None
    print(result.text)
    print("\n".join(["", result.heading, *(f"  {path}" for path in result.files)]))
    return 0


def _show_protocol(prepared: Prepared) -> int:
    """Print the record sentence by sentence; with hydra.run.dir write it there as a page instead."""
    from sim.cli.catalogue import PAGE, catalogue_text, page_text

    if not given(prepared.overrides, "hydra.run.dir"):
        print(catalogue_text(prepared.config))
        return 0
    page = prepared.run_folder / PAGE
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        write_text(page, page_text(prepared.config))
    except OSError as error:
        raise InputError(
            f"hydra.run.dir: cannot write in {page.parent} ({error.strerror}); name another"
        ) from None
    print(f"The record, sentence by sentence, written to\n  {page}")
    return 0


def show_configuration(overrides: Sequence[str], config_folder: str | None) -> int:
    """Print the whole configuration as YAML, checked."""
    print(canonical_yaml(parts(prepare(overrides, config_folder).config)), end="")
    return 0


def record(folder: Path, prepared: Prepared) -> None:
    """Write beside the results what they were made from, where Hydra users look for it."""
    hidden = folder / ".hydra"
    hidden.mkdir(exist_ok=True)
    write_text(hidden / "config.yaml", canonical_yaml(parts(prepared.config)))
    write_text(hidden / "overrides.yaml", "".join(f"- {text!r}\n" for text in prepared.overrides) or "[]\n")


def _check_folder(folder: Path, config: Config) -> None:
    """Refuse the data set's own folder, and one with results of another task, whose summary would be lost."""
    if config.data is not None and folder.resolve() == Path(config.data).resolve():
        raise InputError(f"hydra.run.dir: {folder} is the data set itself; choose another folder for the results")
    configuration = folder / ".hydra" / "config.yaml"
    if not configuration.is_file() or not any(folder.glob("*.parquet")):
        return
    found = re.search(r"^task: (\w+)$", configuration.read_text(encoding="utf-8"), re.MULTILINE)
    if found and found[1] != config.task:
        raise InputError(
            f"hydra.run.dir: {folder} holds the results of task={found[1]}; choose another folder for "
            f"task={config.task}"
        )


def _data_text(config: Config) -> str:
    if config.data is None:
        return f"data: null is not allowed with task={config.task}; name the folder of a data set with data=FOLDER"
    return f"data: {config.data!r} is not read by task={config.task}; leave it out, or ask for task=endpoints"


def _unread(config: Config, overrides: Sequence[str]) -> list[str]:
    """Settings of a command line that the task would pass over."""
    problems = [
        f"{key}: is not read by task={config.task}; leave it out" + _INSTEAD.get((config.task, key), "")
        for key, tasks in _READERS.items()
        if config.task not in tasks and given(overrides, key)
    ]
    if config.task != "endpoints":
        return problems
    return problems + [
        f"{key}: is not read by task=endpoints, which counts the events that the data set records; leave it out"
        for reading in ("X35", "X36")
        for key in READINGS[reading]
        if given(overrides, key)
    ]


def _for_task(composed: Composed) -> Composed:
    """A cohort follows one assumption about the cells."""
    if composed.values.get("task") != "cohort":
        return composed
    single = with_single_effect(composed.values)
    if single == composed.values:
        return composed
    complain(f"task=cohort follows one assumption about the cells: effect={SINGLE_EFFECT} is taken")
    return replace(composed, values=single)
