"""Where the numbers of a run come from: each value of a configuration with its unit and source in conf/."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from sim.config.config import Config, parts
from sim.config.location import conf_folder

_COMMENT: Final = re.compile(r" {2}# (?P<unit>[^|#]*[^|#\s]) \| (?P<source>\S.*)$")
_LABEL: Final = "a label for reports"
_GROUPS: Final = ("design", "protocol", "taper", "effect", "population", "disease", "observation", "analysis")
_BY_USER: Final = "set by the user"


class Said(NamedTuple):
    """What a line of conf/ says: the text of its value, its unit and its source."""

    value: Any
    unit: str
    source: str


class Assumption(NamedTuple):
    """One value of a run: its key, its text, its unit, what it rests on and its source."""

    key: str
    value: str
    unit: str
    basis: str
    source: str


def assumptions(config: Config) -> list[Assumption]:
    """Every value that makes the trial and its patients, in the order of conf/, with what conf/ says of it.

    A value that stands nowhere in conf/ was set by the user (or by a folder of theirs); what it replaces is named
    beside it. Labels are left out.
    """
    values = parts(config)
    found = []
    for group in _GROUPS:
        said = _said(conf_folder(), group)
        for path, value in _leaves(values[group]):
            lines = said.get(_key(group, path), [])
            if not any(line.source == _LABEL for line in lines):
                found.append(_assumption(".".join((group, *path)), value, lines))
    return found


def basis(source: str) -> str:
    """What a source is: assumed as soon as it says so, else fitted, else somebody's figure or text."""
    if re.search(r"\bassumed\b", source):
        return "assumed"
    return "fitted" if re.search(r"\b(?:fitted|tuned|chosen|numerical)\b", source) else "published"


def _assumption(key: str, value: Any, lines: list[Said]) -> Assumption:
    for line in lines:
        if line.value == value:
            return Assumption(key, _text(value), line.unit, basis(line.source), line.source)
    unit = lines[0].unit if lines else ""
    source = f"in place of {_text(lines[0].value)} ({lines[0].source})" if lines else ""
    return Assumption(key, _text(value), unit, _BY_USER, source)


def _key(group: str, path: tuple[str, ...]) -> tuple[str, ...]:
    """The place of a value in the files of its group: an effect stands in a file of its own."""
    return path[2:] if group == "effect" and path[0] == "scenarios" else path


def _leaves(values: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, (*path, str(name)))
        else:
            yield (*path, str(name)), value


@cache
def _said(folder: Path, group: str) -> dict[tuple[str, ...], list[Said]]:
    """The lines of all files of a group by the place of their value; those of the default choice come first.

    The files of a folder are read once, for a sweep asks again in every cell.
    """
    main = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    default = next((item[group] for item in main["defaults"] if isinstance(item, Mapping) and group in item), "")
    found: dict[tuple[str, ...], list[Said]] = {}
    for path in sorted((folder / group).glob("*.yaml"), key=lambda path: (path.stem != default, path.name)):
        for place, said in _lines(path):
            found.setdefault(place, []).append(said)
    return found


def _lines(path: Path) -> Iterator[tuple[tuple[str, ...], Said]]:
    text = path.read_text(encoding="utf-8")
    lines, loader = text.splitlines(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    waiting: list[tuple[tuple[str, ...], Any, Any]] = [((), None, yaml.compose(text, Loader=loader))]
    while waiting:
        place, key, node = waiting.pop(0)
        if key is not None and (comment := _COMMENT.search(lines[key.start_mark.line])):
            value = yaml.load(yaml.serialize(node), Loader=loader)
            yield from _spread(place, value, comment["unit"], comment["source"])
        elif isinstance(node, yaml.MappingNode):
            waiting = [((*place, name.value), name, below) for name, below in node.value] + waiting


def _spread(place: tuple[str, ...], value: Any, unit: str, source: str) -> Iterator[tuple[tuple[str, ...], Said]]:
    """A line that holds a mapping speaks for each of its values."""
    if isinstance(value, Mapping):
        for below, each in _leaves(value):
            yield (*place, *below), Said(each, unit, source)
    else:
        yield place, Said(value, unit, source)


def _text(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_text, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value) or "none"
