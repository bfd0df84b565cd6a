"""Columns between memory and Arrow: nulls, categories, units and labels."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.core import columns
from sim.core.dictionary.entry import Entry
from sim.core.tables import Column, Table

_WORD: Final = pa.dictionary(pa.int32(), pa.string())
_TYPES: Final[Mapping[str, Any]] = {
    "real": pa.float64(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "flag": pa.bool_(),
    "level": _WORD,
    "word": _WORD,
    "text": pa.string(),
    "words": pa.list_(pa.string()),
}


def schema(
    table: str, names: tuple[str, ...], extra: Mapping[str, Entry], metadata: Mapping[str, str]
) -> pa.Schema:
    """The Arrow schema of a table: unit and label with each field, `metadata` with the whole.

    extra : columns that this file alone has, such as the keys of a sweep.
    Errors : KeyError for a column that neither the dictionary nor `extra` knows.
    """
    fields = []
    for name in names:
        entry = meaning(table, name, extra)
        described = {"unit": entry.unit, "label": entry.label}
        fields.append(pa.field(name, _TYPES[entry.kind], nullable=entry.nullable, metadata=described))
    return pa.schema(fields, metadata=dict(metadata))


def meaning(table: str, name: str, extra: Mapping[str, Entry]) -> Entry:
    """The entry of a column, from `extra` or the dictionary."""
    return extra[name] if name in extra else columns.entry(table, name)


def to_arrow(values: Column, entry: Entry) -> pa.Array:
    """One column as an Arrow array.

    values : as sim/core/tables.py holds them; NaN, -1 in a flag and "" become null.
    Errors : ValueError naming the column where a value is missing that cannot be, or is not of its kind.
    """
    if entry.kind == "real":
        array = pa.array(np.asarray(values, np.float64), mask=np.isnan(np.asarray(values, np.float64)))
    elif entry.kind in ("int16", "int32"):
        array = _whole(values, entry)
    elif entry.kind == "flag":
        array = _flag(values, entry)
    elif entry.kind == "words":
        array = pa.array([text.split(",") if text else [] for text in values.tolist()], _TYPES["words"])
    else:
        array = _text(np.asarray(values, np.str_), entry)
    if array.null_count and not entry.nullable:
        raise ValueError(f"{entry.name}: {array.null_count} values are missing; none may be")
    return array


def _whole(values: Column, entry: Entry) -> pa.Array:
    missing = np.isnan(values) if values.dtype.kind == "f" else np.zeros(len(values), np.bool_)
    filled = np.where(missing, 0, values)
    limits = np.iinfo(entry.kind)
    if filled.size and (
        filled.min() < limits.min or filled.max() > limits.max or np.any(filled != np.rint(filled))
    ):
        raise ValueError(f"{entry.name}: a value is no whole number from {limits.min} to {limits.max}")
    return pa.array(filled.astype(entry.kind), mask=missing)


def _flag(values: Column, entry: Entry) -> pa.Array:
    if values.dtype == np.bool_:
        return pa.array(values)
    if values.dtype.kind not in "iu" or not np.isin(values, (-1, 0, 1)).all():
        raise ValueError(f"{entry.name}: a flag is 1, 0 or -1 (missing)")
    return pa.array(values == 1, mask=values == -1)


def _text(values: NDArray[np.str_], entry: Entry) -> pa.Array:
    missing = values == ""
    if entry.kind == "text":
        return pa.array(values.tolist(), pa.string(), mask=missing)
    found = np.unique(values[~missing])
    known = np.array(entry.categories, np.str_) if entry.kind == "level" else found
    strange = sorted(set(found.tolist()) - set(known.tolist()))
    if strange:
        raise ValueError(f"{entry.name}: {strange[0]!r} is not one of {', '.join(entry.categories)}")
    order = np.argsort(known, kind="stable")
    place = np.searchsorted(known, values, sorter=order)
    codes = order[np.minimum(place, len(known) - 1)] if len(known) else np.zeros(len(values), np.int64)
    indices = pa.array(codes.astype(np.int32), mask=missing)
    return pa.DictionaryArray.from_arrays(indices, pa.array(known.tolist(), pa.string()))


def from_arrow(table: str, data: pa.Table) -> Table:
    """A table in memory, with the missing values of sim/core/tables.py.

    Columns outside the dictionary are read by their Arrow type, as if a value could be missing.
    """
    return Table({name: _column(table, name, data.column(name)) for name in data.column_names})


def _column(table: str, name: str, column: pa.ChunkedArray) -> Column:
    try:
        entry = columns.entry(table, name)
    except KeyError:
        entry = Entry(name, _kind(column.type), "", "", nullable=True)
    if column.null_count and not entry.nullable:
        raise ValueError(
            f"{table}.{name}: {column.null_count} values are missing in a column that has none missing"
        )
    if entry.kind == "flag":
        return _read_flag(column, entry)
    if entry.kind in ("real", "int16", "int32"):
        floats = np.asarray(column.cast(pa.float64()).to_numpy(), np.float64)
        return floats if entry.nullable else floats.astype(entry.kind)
    if entry.kind == "words":
        return np.array([",".join(words or []) for words in column.to_pylist()], np.str_)
    return np.array([text or "" for text in column.cast(pa.string()).to_pylist()], np.str_)


def _read_flag(column: pa.ChunkedArray, entry: Entry) -> Column:
    if not entry.nullable:
        return np.asarray(column.to_numpy(), np.bool_)
    return np.asarray(column.cast(pa.int8()).fill_null(-1).to_numpy(), np.int8)


def _kind(arrow: pa.DataType) -> Any:
    if pa.types.is_boolean(arrow):
        return "flag"
    if pa.types.is_integer(arrow):
        return "int32"
    if pa.types.is_floating(arrow):
        return "real"
    return "words" if pa.types.is_list(arrow) else "text"
