"""Columns of a file as columns in memory; a cell that cannot be understood is named and becomes missing."""

import difflib
import re
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.calculator.files import twice
from sim.calculator.findings import Examination
from sim.calculator.needed import CANDIDATE_COLUMNS
from sim.core.columns import TABLES
from sim.core.dictionary.entry import Entry
from sim.core.tables import Column, Table

MISSING: Final = ("", "NA", "N/A", "NaN", "nan", "null", "NULL", ".")
"""Texts that stand for a missing value."""
_NUMBER: Final = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$"
_TRUE, _FALSE = ("true", "1", "1.0", "yes", "y", "t"), ("false", "0", "0.0", "no", "n", "f")
_LARGEST: Final = {"int16": 2**15 - 1, "int32": 2**31 - 1}
_NO_DATES: Final = "write days from the first infusion, not calendar dates"
_LAST_DATE: Final = 60_000
"""A spreadsheet keeps a date as days since 1900; this one is in 2064."""
_HINTS: Final = (
    (r"^\s*[+-]?\d+,\d+\s*$", "write decimals with a point"),
    (r"^\s*[<>≤≥]", "write a value beyond the assay's limit as a number"),
    (
        r"^\s*(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}-?[A-Za-z]{3}-?\d{2,4})",
        _NO_DATES,
    ),
    (r"(?i)^\s*[+-]?inf(inity)?\s*$", "leave a value that was not measured empty"),
    (r"^\s*[+-]?\d{1,3}(,\d{3})+(\.\d+)?\s*$", "write thousands without separators"),
    (r"^\s*[+-]?\d+\.?\d*\s*[^\d\s]", "write the number alone, in the unit of the data model"),
)
_LONGEST: Final = 500
"""Letters of a text that are kept: every row of a column takes as much room as the longest."""
_NUMBERED: Final = ("trial", "candidate", "subject")


def convert(found: Examination, table: str, raw: pa.Table) -> Table:
    """The columns of a table that the data model knows, with every cell that is wrong noted."""
    known = CANDIDATE_COLUMNS if table == "candidates" else tuple(TABLES[table])
    _columns_unknown(found, table, raw.column_names)
    names = [name for name in known if raw.column_names.count(name) == 1]
    converted = {name: _column(found, table, TABLES[table][name], raw.column(name)) for name in names}
    result = Table(converted)
    found.tables[table] = result
    for name in names:
        _values_missing(found, table, TABLES[table][name], result[name])
        _column_empty(found, table, TABLES[table][name], result[name])
    return result


def _columns_unknown(found: Examination, table: str, names: list[str]) -> None:
    for name in sorted({name for name in names if names.count(name) > 1}):
        twice(found, table, name, names.count(name))
    absent = [name for name in TABLES[table] if name not in names]
    for name in names:
        if name not in TABLES[table]:
            close = difflib.get_close_matches(name.lower(), absent, n=1, cutoff=0.7)
            hint = f"; did you mean {close[0]}?" if close else ""
            text = f"is not a column of the data model and is not read{hint}" if name else "one has no name"
            found.note("unknown_column", table, text, column=name)


def _column(found: Examination, table: str, entry: Entry, chunked: pa.ChunkedArray) -> Column:
    array = chunked.combine_chunks()
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    if pa.types.is_dictionary(array.type):
        array = _decoded(array)
    if pa.types.is_string_view(array.type):
        array = array.cast(pa.string())
    if entry.kind == "flag":
        return _flags(found, table, entry, array)
    if entry.kind in ("real", "int16", "int32"):
        return _whole(found, table, entry, _numbers(found, table, entry, array))
    return _words(found, table, entry, array)


def _decoded(array: pa.Array) -> pa.Array:
    """A dictionary column of anything but texts as plain values; one of texts as it is."""
    return array if _is_text(array.type.value_type) else array.dictionary_decode()


def _is_text(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _wrong(found: Examination, table: str, entry: Entry, array: pa.Array, needed: str) -> None:
    hint = "; write days from the first infusion" if pa.types.is_temporal(array.type) else ""
    found.note("wrong_type", table, f"holds {array.type}, where {needed} belong{hint}", column=entry.name)


def _numbers(found: Examination, table: str, entry: Entry, array: pa.Array) -> NDArray[np.float64]:
    if pa.types.is_null(array.type):
        return np.full(len(array), np.nan)
    if _is_text(array.type):
        return _parsed(found, table, entry, array)
    if not _is_number(array.type):
        _wrong(found, table, entry, array, "numbers")
        return np.full(len(array), np.nan)
    if array.type in (pa.float16(), pa.float32()):
        return _finite(found, table, entry, _as_written(array))
    values = np.array(array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), np.float64)
    return _finite(found, table, entry, values)


def _as_written(array: pa.Array) -> NDArray[np.float64]:
    """Numbers of single precision as the decimals they were before: 0.3, and not 0.30000001192."""
    distinct, place = np.unique(array.to_numpy(zero_copy_only=False), return_inverse=True)
    return distinct.astype(np.str_).astype(np.float64)[place]


def _parsed(found: Examination, table: str, entry: Entry, array: pa.Array) -> NDArray[np.float64]:
    texts = array.cast(pa.string())
    texts = pc.if_else(pc.is_in(texts, value_set=pa.array(MISSING)), pa.scalar(None, pa.string()), texts)
    fits = pc.fill_null(pc.match_substring_regex(texts, _NUMBER), True)
    bad = ~np.asarray(fits.to_numpy(zero_copy_only=False), np.bool_)
    found.note_rows(
        "not_a_number",
        table,
        lambda row: f"{texts[row].as_py()!r} is no number{_hint(texts[row].as_py(), entry.name)}",
        column=entry.name,
        rows=bad,
    )
    good = pc.utf8_trim_whitespace(pc.if_else(fits, texts, pa.scalar(None, pa.string())))
    values = pc.cast(pc.replace_substring_regex(good, r"^\+", ""), pa.float64())
    return _finite(found, table, entry, np.array(values.to_numpy(zero_copy_only=False), np.float64))


def _hint(text: str, column: str) -> str:
    if column in _NUMBERED:
        return f"; give each {column} a whole number, the same in all tables"
    return next((f"; {hint}" for pattern, hint in _HINTS if re.match(pattern, text)), "")


def _finite(found: Examination, table: str, entry: Entry, values: NDArray[np.float64]) -> NDArray[np.float64]:
    infinite = np.isinf(values)
    if not infinite.any():
        return values
    found.note_rows("not_finite", table, "is infinite", column=entry.name, rows=infinite)
    return np.where(infinite, np.nan, values)


def _whole(found: Examination, table: str, entry: Entry, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Whole numbers checked as such; they stay float64, so that one can be missing."""
    if entry.kind == "real":
        return values
    largest = _LARGEST[entry.kind]
    wrong = ~np.isnan(values) & ((values != np.rint(values)) | (np.abs(values) > largest))
    found.note_rows(
        "not_whole",
        table,
        lambda row: f"{values[row]:.15g} is no whole number up to {largest}{_date_hint(values[row], entry)}",
        column=entry.name,
        rows=wrong,
    )
    return np.where(wrong, np.nan, values)


def _date_hint(value: float, entry: Entry) -> str:
    return f"; {_NO_DATES}" if entry.unit == "day" and _LARGEST["int16"] < value <= _LAST_DATE else ""


def _flags(found: Examination, table: str, entry: Entry, array: pa.Array) -> NDArray[np.int8]:
    if pa.types.is_null(array.type):
        return np.full(len(array), -1, np.int8)
    if pa.types.is_boolean(array.type):
        return np.asarray(array.cast(pa.int8()).fill_null(-1).to_numpy(zero_copy_only=False), np.int8)
    if _is_text(array.type):
        distinct, place = _coded(array)
        words: Column = distinct[place]
        lower = np.char.lower(distinct)
        known = np.where(np.isin(lower, _TRUE), 1, np.where(np.isin(lower, _FALSE), 0, -1)).astype(np.int8)
        strange = ((known == -1) & ~np.isin(distinct, MISSING))[place]
        answers = known[place]
    elif _is_number(array.type):
        values = np.array(array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), np.float64)
        words = values
        answers = np.where(values == 1, 1, np.where(values == 0, 0, -1)).astype(np.int8)
        strange = (answers == -1) & ~np.isnan(values)
    else:
        _wrong(found, table, entry, array, "true and false")
        return np.full(len(array), -1, np.int8)
    found.note_rows(
        "unknown_category",
        table,
        lambda row: f"{str(words[row])!r} is neither true nor false; leave a missing value empty",
        column=entry.name,
        rows=strange,
    )
    return answers


def _coded(array: pa.Array) -> tuple[NDArray[np.str_], NDArray[np.int64]]:
    """The different texts of a column, "" the first of them, and each row's place among them; missing is 0."""
    coded = array if pa.types.is_dictionary(array.type) else pc.dictionary_encode(array)
    words = np.array(["", *((word or "")[:_LONGEST] for word in coded.dictionary.to_pylist())], np.str_)
    places = pc.fill_null(pc.add(coded.indices.cast(pa.int64()), 1), 0)
    return words, np.asarray(places.to_numpy(zero_copy_only=False), np.int64)


def _words(found: Examination, table: str, entry: Entry, array: pa.Array) -> NDArray[np.str_]:
    if pa.types.is_null(array.type):
        return np.zeros(len(array), dtype="<U1")
    if not _is_text(array.type):
        _wrong(found, table, entry, array, "words")
        return np.zeros(len(array), dtype="<U1")
    words, place = _coded(array)
    missing = np.isin(words, MISSING)
    if entry.kind == "level":
        strange = ~np.isin(words, entry.categories) & ~missing
        found.note_rows(
            "unknown_category",
            table,
            lambda row: _not_allowed(str(words[place[row]]), entry.categories),
            column=entry.name,
            rows=strange[place] if strange.any() else strange[:0],
        )
        missing |= strange
    return np.where(missing, "", words)[place]


def _not_allowed(text: str, allowed: tuple[str, ...]) -> str:
    return f"{text!r} is not allowed; {suggestion(text, allowed)}"


def suggestion(text: str, allowed: tuple[str, ...]) -> str:
    """The allowed word that is meant, or all of them."""
    plain = re.sub(r"[\s\-]+", "_", text.strip().lower())
    lower = {word.lower(): word for word in allowed}
    close = [plain] if plain in lower else difflib.get_close_matches(plain, list(lower), n=1)
    if not close and plain:
        close = [word for word in lower if word.startswith(plain) or plain.startswith(word)][:1]
    return f"did you mean {lower[close[0]]}?" if close else "allowed: " + ", ".join(allowed)


def _column_empty(found: Examination, table: str, entry: Entry, values: Column) -> None:
    """Measurements that endpoints read and nobody has; where another problem emptied them, that one is named."""
    if table != "visits" or entry.name not in found.read[table] or not entry.nullable or not len(values):
        return
    if _missing(values).all() and not any(
        each.table == table and each.column == entry.name for each in found.findings
    ):
        text = "has no value at any visit; what needs it is missing for everybody"
        found.note("empty_column", table, text, column=entry.name)


def _missing(values: Column) -> NDArray[np.bool_]:
    if values.dtype.kind == "U":
        return np.asarray(values == "")
    return np.asarray(values == -1 if values.dtype == np.int8 else np.isnan(values))


def _values_missing(found: Examination, table: str, entry: Entry, values: Column) -> None:
    """Missing values in a column that has none; those noted for another reason are not noted twice."""
    if entry.nullable or any(
        each.table == table and each.column == entry.name and not len(each.rows) for each in found.findings
    ):
        return
    missing = _missing(values)
    for each in found.findings:
        if each.table == table and each.column == entry.name:
            missing[each.rows] = False
    found.note_rows("missing_value", table, "no value, where every row has one", column=entry.name, rows=missing)
