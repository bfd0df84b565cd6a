"""The sentences of the registry record, from record.toml, joined to what realises them.

A sentence belongs to entries of the catalogues of criteria and endpoints or to further functions, or says why
nothing in the program does it. Readings and keys come with the entries, unless the row names its own.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from sim.config.config import Config, parts
from sim.config.readings import READINGS

SECTIONS: Final = {
    "inclusion": "Inclusion criteria",
    "exclusion": "Exclusion criteria",
    "primary": "Primary outcome measures",
    "secondary": "Secondary outcome measures",
    "other": "Other outcome measures",
    "intervention": "Arm, intervention and follow-up",
}
_FIELDS: Final = {"says", "entries", "code", "readings", "keys", "named", "not_simulated"}


@dataclass(frozen=True)
class Entry:
    """One criterion or endpoint of the catalogues.

    reads : of a criterion: columns of candidates, or ids of its parts; of an endpoint: columns of visits.
    """

    id: str
    text: str
    place: str
    reads: tuple[str, ...]
    readings: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Sentence:
    """One sentence of the record, or one clause of it.

    places   : dotted names of the functions that do it.
    readings : the ids of its ambiguities, each with the keys that choose and their values: ("X08", ("a.b=c",)).
    keys     : further keys with their values.
    names    : what a test may call it: ids of entries, functions, keys.
    """

    id: str
    section: str
    says: str
    entries: tuple[str, ...]
    places: tuple[str, ...]
    readings: tuple[tuple[str, tuple[str, ...]], ...]
    keys: tuple[str, ...]
    names: tuple[str, ...]
    not_simulated: str


@cache
def rows() -> dict[str, dict[str, dict[str, Any]]]:
    """The file as it is: rows by section and id. Errors : ValueError for a section or field that nothing reads."""
    found = tomllib.loads(Path(__file__).with_name("record.toml").read_text(encoding="utf-8"))
    wrong = [name for name in found if name not in SECTIONS]
    wrong += [f"{place}.{field}" for section in found.values() for place, row in section.items() for field in row
              if field not in _FIELDS]  # fmt: skip
    if wrong:
        raise ValueError(f"record.toml: {', '.join(wrong)} is unknown")
    return found


@cache
def entries() -> dict[str, Entry]:
    """Every criterion and endpoint in protocol order, by id."""
    from sim.endpoints.catalogue import ENDPOINTS
    from sim.screening.catalogue import CRITERIA

    found = [
        Entry(
            id=each.id,
            text=each.text,
            place=_place(each.function),
            reads=each.reads,
            readings=each.readings,
            keys=tuple(f"protocol.{key}" for key in each.settings),
        )
        for each in CRITERIA
    ]
    for each in ENDPOINTS:
        text = f"{each.title}. {each.text} Population {each.population}; {each.time_frame}."
        found.append(Entry(each.id, text, _place(each.function), each.reads, each.readings, ()))
    return {entry.id: entry for entry in found}


def sentences(config: Config) -> list[Sentence]:
    """Every row of the record in its order, with the values that its keys have in a configuration."""
    values = parts(config)
    return [_sentence(section, name, row, values) for section in rows() for name, row in rows()[section].items()]


def key_values(keys: Iterable[str], values: Mapping[str, Any]) -> tuple[str, ...]:
    """`key=value` of each key that the configuration has; a derived setting of a criterion has none."""
    return tuple(f"{key}={_shown(value)}" for key in keys if (value := _value(values, key)) is not _ABSENT)


_ABSENT: Final = object()


def _sentence(section: str, name: str, row: Mapping[str, Any], values: Mapping[str, Any]) -> Sentence:
    members = [entries()[entry] for entry in row.get("entries", ())]
    places = tuple(row.get("code", ())) or _distinct(entry.place for entry in members)
    readings = row.get("readings", _distinct(x for entry in members for x in entry.readings))
    own = row.get("keys", _distinct(key for entry in members for key in entry.keys))
    choosing = {x: tuple(key for key in READINGS[x] if key in own) or READINGS[x] for x in readings}
    chosen = {key for keys in choosing.values() for key in keys}
    return Sentence(
        id=name,
        section=section,
        says=row["says"],
        entries=tuple(entry.id for entry in members),
        places=places,
        readings=tuple((x, key_values(keys, values)) for x, keys in choosing.items()),
        keys=key_values((key for key in own if key not in chosen), values),
        names=(*_names([entry.id for entry in members], places, row.get("keys", ())), *row.get("named", ())),
        not_simulated=row.get("not_simulated", ""),
    )


def _names(ids: Iterable[str], places: Iterable[str], keys: Iterable[str]) -> tuple[str, ...]:
    """A function or key of one everyday word would be found where something else is meant."""
    leaves = [name.rpartition(".")[2] for name in (*places, *keys)]
    return (*ids, *(leaf for leaf in leaves if "_" in leaf))


def _place(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__name__}"


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _value(values: Mapping[str, Any], key: str) -> Any:
    found: Any = values
    for name in key.split("."):
        if not isinstance(found, Mapping) or name not in found:
            return _ABSENT
        found = found[name]
    return found


def _shown(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list | tuple):
        return f"[{', '.join(_shown(item) for item in value)}]"
    return f"{value:g}" if isinstance(value, float) else str(value)
