"""From conf/ and the words of the command line to plain values: all that is asked of Hydra.

Hydra composes and parses; it starts nothing, writes nothing and imports nothing that a configuration names.
"""

import contextlib
import copy
import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, Final

from sim.config.config import SINGLE_EFFECT, TASKS, Config, configure
from sim.config.location import conf_folder
from sim.core.errors import InputError

LATER_TASKS: Final = ("task=feasibility", "task=validate")
"""Tasks that the command line reserves and this version cannot do yet."""
_VALUE: Final = re.compile(r"(?!hydra\.)[A-Za-z_]\w*(\.\w+)+=")
"""An override that sets a value and chooses no file."""
_SCALARS: Final = (bool, int, float, str)
_HINTS: Final = 3
"""Most keys of the same last name that a message shows."""


@dataclass(frozen=True)
class Composed:
    """What the command line and conf/ say, before it is checked.

    values     : one entry for each group, plain and resolved.
    run_folder : hydra.run.dir.
    sweep_folder : hydra.sweep.dir.
    problems   : what could not be composed; the values stand for the rest of the command line.
    """

    values: dict[str, Any]
    run_folder: Path
    sweep_folder: Path
    problems: tuple[str, ...]


@dataclass(frozen=True)
class _Plain:
    """What Hydra composed, as plain values; `sweeps` is hydra.sweeper.params."""

    values: dict[str, Any]
    run_folder: Path
    sweep_folder: Path
    sweeps: dict[str, Any]


class _UnusualError(Exception):
    """An override that only Hydra can apply, or explain."""


def compose(overrides: Sequence[str] = (), config_folder: str | None = None) -> Composed:
    """Compose conf/ with overrides.

    overrides     : GROUP=NAME or KEY=VALUE, in Hydra's grammar.
    config_folder : a further folder of configuration files, searched after conf/.
    An override that Hydra cannot apply becomes a problem, and the others are composed without it, so that one
    message can name everything that is wrong.
    """
    kept, problems = _parseable(overrides)
    while True:
        try:
            found = _hydra(kept, config_folder)
            return Composed(found.values, found.run_folder, found.sweep_folder, tuple(problems))
        except InputError:
            raise
        except Exception as error:
            guilty = _guilty(error, kept)
            if guilty is None:
                raise InputError([*problems, f"configuration: {_one_line(error)}"]) from None
            if guilty in LATER_TASKS:
                raise InputError(f"{guilty}: not built yet; available: {', '.join(TASKS)}") from None
            kept.remove(guilty)
            problems.append(_explanation(error, guilty, kept, config_folder))


def checked(composed: Composed) -> Config:
    """The frozen configuration; InputError with every problem of composing and of the values."""
    problems = list(composed.problems)
    try:
        config = configure(composed.values)
    except InputError as error:
        problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return config


def load(overrides: Sequence[str] = (), config_folder: str | None = None) -> Config:
    """Compose and check in one step, for programs and tests: `load(["effect=neutral", "design.n=20"])`."""
    return checked(compose(overrides, config_folder))


def with_single_effect(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values with `neutral` alone where several assumptions about the cells were composed."""
    effect = values.get("effect")
    if not isinstance(effect, Mapping) or "scenarios" not in effect:
        return dict(values)
    return {**values, "effect": effect["scenarios"][SINGLE_EFFECT]}


def sweep_cells(overrides: Sequence[str], config_folder: str | None = None) -> list[tuple[str, ...]]:
    """The cells of a sweep, as Hydra's basic sweeper makes them: every combination, the last key fastest.

    Each cell is the overrides of one run. Sweeps that a configuration file gives (hydra.sweeper.params) are
    included.
    Errors : InputError where an override cannot be parsed or is no list of values.
    """
    from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
    from hydra.core.override_parser.overrides_parser import OverridesParser

    parsed, problems = _parseable(overrides)
    if problems:
        raise InputError(problems)
    parser = OverridesParser.create()
    try:
        single = [text for text in parsed if not parser.parse_override(text).is_sweep_override()]
        parameters = _hydra_parameters(single, config_folder)
        batches = BasicSweeper.split_arguments(parser.parse_overrides([*parameters, *parsed]), None)
    except Exception as error:
        raise InputError(f"sweep: {_one_line(error)}") from None
    return [tuple(cell) for cell in batches[0]]


def swept_values(cells: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """For each cell the keys that differ between cells, and the text of their values."""
    rows = [dict(text.partition("=")[::2] for text in cell) for cell in cells]
    keys = [key for key in (rows[0] if rows else {}) if len({row.get(key) for row in rows}) > 1]
    return [{key.lstrip("+"): row.get(key, "") for key in keys} for row in rows]


def _hydra_parameters(overrides: Sequence[str], config_folder: str | None) -> list[str]:
    try:
        sweeps = _hydra(overrides, config_folder).sweeps
    except Exception:
        return []
    return [f"{key}={value}" for key, value in sweeps.items()]


def _hydra(overrides: Sequence[str], config_folder: str | None) -> _Plain:
    """What Hydra composes of conf/ and the overrides.

    Reading and merging the files takes most of the time, and a sweep asks for the same files again and again: what
    the choices of files give is kept, and values are set in it. Anything unusual is left to Hydra.
    """
    if config_folder is not None and not Path(config_folder).is_dir():
        raise InputError(
            f"--config-dir: {config_folder} is no folder; name one that holds files like those of conf/"
        )
    folder = None if config_folder is None else Path(config_folder).resolve().as_posix()
    choices = tuple(text for text in overrides if not _VALUE.match(text))
    with contextlib.suppress(_UnusualError):
        if len(choices) < len(overrides):
            kept = _of_files(choices, folder)
            values = copy.deepcopy(kept.values)
            for text in overrides:
                if _VALUE.match(text):
                    _set(values, text)
            return _Plain(values, kept.run_folder, kept.sweep_folder, kept.sweeps)
    found = _of_files.__wrapped__(tuple(overrides), folder) if len(choices) < len(overrides) else None
    found = found or _of_files(choices, folder)
    return _Plain(copy.deepcopy(found.values), found.run_folder, found.sweep_folder, found.sweeps)


def _set(values: dict[str, Any], text: str) -> None:
    """Set one number, word or list as KEY=VALUE says; _UnusualError where Hydra has to look at it."""
    from hydra.core.override_parser.overrides_parser import OverridesParser

    override = OverridesParser.create().parse_override(text)
    *path, last = override.key_or_group.split(".")
    place: Any = values
    for name in path:
        place = place.get(name) if isinstance(place, dict) else None
    value = None if override.is_sweep_override() else override.value()
    usual = isinstance(place, dict) and last in place and not isinstance(place[last], dict)
    if not usual or override.is_sweep_override() or not isinstance(value, (bool, int, float, str, list, NoneType)):
        raise _UnusualError(text)
    if "${" in text or (isinstance(value, list) and not all(type(item) in _SCALARS for item in value)):
        raise _UnusualError(text)
    place[last] = value


@cache
def _of_files(overrides: tuple[str, ...], config_folder: str | None) -> _Plain:
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from omegaconf import OmegaConf, open_dict

    words = list(overrides)
    if config_folder is not None:
        words.append(f"hydra.searchpath=[file://{config_folder}]")
    with initialize_config_dir(str(conf_folder()), version_base="1.3", job_name="sim"):
        composed = hydra_compose("config", overrides=words, return_hydra_config=True)
    run_folder, sweep_folder = Path(composed.hydra.run.dir), Path(composed.hydra.sweep.dir)
    sweeps = dict(composed.hydra.sweeper.get("params") or {})
    with open_dict(composed):
        del composed["hydra"]
    values = OmegaConf.to_container(composed, resolve=True)
    if not isinstance(values, dict):
        raise InputError("configuration: conf/config.yaml is not a mapping of keys to values")
    return _Plain({str(key): value for key, value in values.items()}, run_folder, sweep_folder, sweeps)


def _parseable(overrides: Sequence[str]) -> tuple[list[str], list[str]]:
    from hydra.core.override_parser.overrides_parser import OverridesParser

    parser = OverridesParser.create()
    kept: list[str] = []
    problems: list[str] = []
    for text in overrides:
        try:
            parser.parse_override(text)
            if not _key(text):
                raise ValueError("no key")
        except Exception:
            problems.append(
                f"{text}: not understood; write KEY=VALUE, lists as KEY=[a,b], odd texts as \"KEY='...'\"; "
                "`python -m sim --help` shows what there is"
            )
        else:
            kept.append(text)
    return kept, problems


def _guilty(error: Exception, overrides: Sequence[str]) -> str | None:
    """The override that made Hydra fail: the one that its message names, else the one without which it works."""
    message = str(error)
    for text in overrides:
        key = _key(text)
        named = (f"'{key}'", f"'{text}'", f"{key}={text.partition('=')[2]}", f"'{key}/", f"full_key: {key}\n")
        if any(name in message + "\n" for name in named):
            return text
    return next((text for text in overrides if _key(text) in message), overrides[-1] if overrides else None)


def _explanation(error: Exception, guilty: str, kept: Sequence[str], config_folder: str | None) -> str:
    message, key = str(error), _key(guilty)
    value = guilty.partition("=")[2]
    if options := re.search(r"Available options in '[^']*':\n((?:\t.*\n?)+)", message):
        return _no_such_choice(key, value, options.group(1).split())
    if message.startswith("Ambiguous value"):
        one_list = f", or write {key}=[...] for one list" if "." in key else ""
        return f"{guilty}: several values; add -m to run each of them{one_list}"
    if "Could not override" in message:
        return _unknown_key(key, kept, config_folder)
    if message.startswith("Config group override must be a string"):
        return f"{guilty}: {key} is chosen by name; write {key}=NAME"
    return f"{guilty}: {_one_line(error)}"


def _no_such_choice(key: str, value: str, options: Sequence[str]) -> str:
    close = difflib.get_close_matches(value, options, n=1)
    hint = f"; did you mean {close[0]}?" if close else ""
    return f"{key}={value}: no such choice{hint} available: {', '.join(options)}".replace("choice ", "choice; ")


def _unknown_key(key: str, kept: Sequence[str], config_folder: str | None) -> str:
    try:
        known = list(_keys(compose(kept, config_folder).values))
    except InputError:
        return f"{key}: unknown key"
    folder = key.rpartition(".")[0]
    beside = sorted(name.rpartition(".")[2] for name in known if name.rpartition(".")[0] == folder)
    if key in known:
        return f"{key}: is no single value; change the keys below it, or choose a file by its name"
    if folder == "effect" and "effect.scenarios" in known:
        own = key.rpartition(".")[2]
        return (
            f"{key}: unknown key where several assumptions about the cells are composed; choose one with "
            f"effect=NAME, or change effect.scenarios.NAME.{own}"
        )
    same = [name for name in known if name.rpartition(".")[2].lower() == key.lower()]
    if close := sorted(same, key=len)[:_HINTS] or difflib.get_close_matches(key, known, n=1):
        return f"{key}: unknown key; did you mean {' or '.join(close)}?"
    if beside:
        return f"{key}: unknown key; allowed in {folder or 'the configuration'}: {', '.join(beside)}"
    return f"{key}: unknown key; `python -m sim --cfg job` prints all of them"


def _keys(values: Mapping[str, Any], place: str = "") -> Iterator[str]:
    for name, value in values.items():
        yield place + name
        if isinstance(value, Mapping):
            yield from _keys(value, f"{place}{name}.")


def _key(override: str) -> str:
    return override.partition("=")[0].lstrip("+~").partition("@")[0]


def _one_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return "; ".join(line for line in lines if not line.startswith(("See https", "object_type", "full_key")))
