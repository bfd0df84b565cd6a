"""From a composed mapping to frozen dataclasses: every problem at once, each with its key, value and remedy."""

import dataclasses
import difflib
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from sim.core.errors import InputError

T = TypeVar("T")


def build(cls: type[T], mapping: Mapping[str, Any], path: str = "") -> T:
    """Build a configuration dataclass from plain values.

    mapping : nested mappings, lists and scalars as YAML gives them.
    path    : the key under which the mapping stands, for messages.
    Errors  : InputError with one sentence for each unknown key, missing key, wrong type or impossible
              value; cross-field rules (`check`) are asked only where the fields themselves are sound.
    """
    problems: list[str] = []
    built = _build(cls, mapping, path, problems)
    if problems:
        raise InputError(problems)
    return typing.cast(T, built)


def _build(cls: type, mapping: object, path: str, problems: list[str]) -> object | None:
    if not isinstance(mapping, Mapping):
        below = f"; set the keys below it: {', '.join(item.name for item in dataclasses.fields(cls))}"
        problems.append(f"{path or 'configuration'}: {mapping!r} is not a mapping of keys to values{below}")
        return None
    before = len(problems)
    hints = typing.get_type_hints(cls)
    fields = {item.name: item for item in dataclasses.fields(cls)}
    _refuse_unknown(mapping, fields, path, problems)
    values: dict[str, Any] = {}
    for name, item in fields.items():
        place = f"{path}.{name}" if path else name
        if name not in mapping:
            problems.append(f"{place}: missing; conf/ gives every key a value")
        elif dataclasses.is_dataclass(hints[name]):
            values[name] = _build(hints[name], mapping[name], place, problems)
        elif (inner := _named(hints[name])) is not None:
            values[name] = _several(inner, mapping[name], place, problems)
        else:
            values[name] = _value(item.metadata, mapping[name], place, problems)
    if len(problems) > before:
        return None
    built: object = cls(**values)
    if hasattr(built, "check"):
        problems.extend(f"{path}.{text}" if path else text for text in built.check())
    return built


def _named(hint: Any) -> type | None:
    """The dataclass of a field that holds several of them by name; None for any other field."""
    inner = typing.get_args(hint)[1] if typing.get_origin(hint) is dict else None
    return inner if isinstance(inner, type) and dataclasses.is_dataclass(inner) else None


def _several(cls: type, mapping: object, place: str, problems: list[str]) -> dict[str, object | None]:
    if not isinstance(mapping, Mapping):
        problems.append(f"{place}: {mapping!r} is not a mapping of names to values")
        return {}
    return {str(name): _build(cls, values, f"{place}.{name}", problems) for name, values in mapping.items()}


def _refuse_unknown(
    mapping: Mapping[str, Any], fields: Mapping[str, object], path: str, problems: list[str]
) -> None:
    for key in mapping:
        if key not in fields:
            close = difflib.get_close_matches(str(key), list(fields), n=1)
            hint = f"did you mean {close[0]}?" if close else "allowed: " + ", ".join(sorted(fields))
            problems.append(f"{path + '.' if path else ''}{key}: unknown key; {hint}")


_NAMES = {float: "a number", int: "a whole number", bool: "true or false", str: "a text"}


def _value(metadata: Mapping[str, Any], raw: object, place: str, problems: list[str]) -> object | None:
    if raw is None:
        if not metadata["optional"]:
            problems.append(f"{place}: null is not allowed")
        return None
    value, wrong = _convert(metadata["kind"], raw)
    allowed = wrong or (metadata["check"](value) if metadata["check"] else None)
    if allowed:
        unit = f" ({metadata['unit']})" if metadata["unit"] else ""
        problems.append(
            f"{place}: {raw!r} is not allowed; it must be {allowed}{unit}{_remedy(place, metadata, raw)}"
        )
        return None
    return value


def _remedy(place: str, metadata: Mapping[str, Any], raw: object) -> str:
    """How to write what was meant, where that can be guessed: one value for a list, 1e4 for 10000."""
    kind = metadata["kind"]
    if isinstance(kind, tuple) and kind[0] is tuple and isinstance(raw, (str, int, float)):
        return f"; write '{place}=[{raw}]'"
    whole = kind is int and isinstance(raw, float) and raw.is_integer()
    return f"; write {place}={raw:.0f}" if whole else ""


def _convert(kind: Any, raw: object) -> tuple[object, str | None]:
    if isinstance(kind, tuple):
        container, element = kind
        if container is tuple:
            if not isinstance(raw, (list, tuple)):
                return None, "a list"
            pairs = [_convert(element, item) for item in raw]
            return tuple(value for value, _ in pairs), next((wrong for _, wrong in pairs if wrong), None)
        if not isinstance(raw, Mapping):
            return None, "a mapping"
        items = {str(key): _convert(element, item) for key, item in raw.items()}
        wrong = next((text for _, text in items.values() if text), None)
        return {key: value for key, (value, _) in items.items()}, wrong
    if kind is float and isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return float(raw), None
    if type(raw) is kind:
        return raw, None
    return None, _NAMES[kind]
