"""Tables survive the way to a file and back, with units, labels and nulls."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.core.columns import TABLES, entry
from sim.core.dictionary.entry import Entry
from sim.core.tables import Table, concatenate
from sim.storage import parquet
from sim.storage.parquet import read_provenance, read_table, table_writer, write_table

SAID = {"software": "x", "seed": "7"}


def values_of(kind, rows, generator, categories, nullable):
    """Column values of a kind as they stand in memory, every third one missing where that can be."""
    gap = (np.arange(rows) % 3 == 0) & nullable
    if kind == "real":
        return np.where(gap, np.nan, generator.normal(size=rows))
    if kind in ("int16", "int32"):
        whole = generator.integers(0, 100, rows)
        return np.where(gap, np.nan, whole) if nullable else whole.astype(kind)
    if kind == "flag":
        truth = generator.integers(0, 2, rows)
        return np.where(gap, -1, truth).astype(np.int8) if nullable else truth.astype(np.bool_)
    if kind == "words":
        return np.array(["", "I5", "I5,E1", "I0,I2,E8"])[generator.integers(0, 4, rows)]
    words = np.array(categories or ["one", "two", "a longer word"])
    return np.where(gap, "", words[generator.integers(0, len(words), rows)])


def example(name, rows=20, seed=1):
    generator = np.random.default_rng(seed)
    return Table(
        {
            key: values_of(each.kind, rows, generator, each.categories, each.nullable)
            for key, each in TABLES[name].items()
        }
    )


def same(left, right):
    assert list(left) == list(right)
    for name in left:
        assert left[name].dtype.kind == right[name].dtype.kind, name
        np.testing.assert_array_equal(left[name], right[name], err_msg=name)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("rows", [0, 1, 20])
def test_every_table_comes_back_as_it_was(tmp_path, name, rows):
    table = example(name, rows)
    write_table(tmp_path / "t.parquet", name, table, SAID)
    same(read_table(tmp_path / "t.parquet"), table)


def test_missing_values_are_nulls_in_the_file_and_never_minus_one_or_empty(tmp_path):
    table = Table(
        {
            "trial": np.array([0, 0], np.int32),
            "subject": np.array([0, 1], np.int32),
            "day": np.array([np.nan, 3.0]),
            "upcr": np.array([np.nan, 0.5]),
            "cellular_casts": np.array([-1, 1], np.int8),
            "bilag_renal": np.array(["", "B"]),
        }
    )
    write_table(tmp_path / "v.parquet", "visits", table, SAID)
    rows = pq.read_table(tmp_path / "v.parquet").to_pylist()
    assert rows[0] == {
        "trial": 0,
        "subject": 0,
        "day": None,
        "upcr": None,
        "cellular_casts": None,
        "bilag_renal": None,
    }
    assert rows[1]["cellular_casts"] is True
    assert rows[1]["bilag_renal"] == "B"


def test_failed_is_a_list_and_empty_for_the_eligible(tmp_path):
    table = Table({"failed": np.array(["", "I5,E1"]), "first_failure": np.array(["", "I5"])})
    write_table(tmp_path / "c.parquet", "candidates", table, SAID)
    assert pq.read_table(tmp_path / "c.parquet").column("failed").to_pylist() == [[], ["I5", "E1"]]
    same(read_table(tmp_path / "c.parquet"), table)


def test_each_field_carries_unit_and_label_and_the_file_its_provenance(tmp_path):
    write_table(tmp_path / "v.parquet", "visits", example("visits"), SAID)
    schema = pq.read_schema(tmp_path / "v.parquet")
    for field in schema:
        assert field.metadata == {
            b"unit": entry("visits", field.name).unit.encode(),
            b"label": entry("visits", field.name).label.encode(),
        }
    assert read_provenance(tmp_path / "v.parquet")["seed"] == "7"
    assert schema.field("subgroup").type == pa.dictionary(pa.int32(), pa.string())
    assert schema.field("day").type == pa.int16()


def test_an_unknown_column_is_refused_and_leaves_no_file(tmp_path):
    with pytest.raises(KeyError, match=r"dosing\.mystery"):
        write_table(tmp_path / "d.parquet", "dosing", Table({"mystery": np.zeros(2)}), SAID)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "column", "values", "message"),
    [
        ("events", "kind", np.array(["flare", "flair"]), "kind: 'flair' is not one of flare"),
        ("events", "kind", np.array(["flare", ""]), "kind: 1 values are missing"),
        ("dosing", "start_day", np.array([1.0, np.nan]), "start_day: 1 values are missing"),
        ("dosing", "start_day", np.array([1, 40_000]), "start_day: a value is no whole number"),
        ("visits", "day", np.array([1.5, 2.0]), "day: a value is no whole number"),
        ("visits", "edema", np.array([2, 0]), "edema: a flag is 1, 0 or -1"),
    ],
)
def test_what_is_not_of_its_kind_is_refused(tmp_path, name, column, values, message):
    with pytest.raises(ValueError, match=message):
        write_table(tmp_path / "t.parquet", name, Table({column: values}), SAID)
    assert list(tmp_path.iterdir()) == []


def test_the_same_rows_give_the_same_bytes_however_they_were_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "ROWS_A_GROUP", 64)
    pieces = [example("endpoints", rows, seed) for seed, rows in enumerate([1, 100, 0, 63, 7, 200])]
    whole = concatenate(pieces)
    write_table(tmp_path / "a.parquet", "endpoints", whole, SAID)
    with table_writer(tmp_path / "b.parquet", "endpoints", SAID) as writer:
        for piece in pieces:
            writer.append(piece)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert pq.ParquetFile(tmp_path / "a.parquet").num_row_groups == -(-whole.length // 64)
    same(read_table(tmp_path / "a.parquet"), whole)


def test_a_piece_with_other_columns_is_refused(tmp_path):
    with pytest.raises(ValueError, match="follow"), table_writer(tmp_path / "t.parquet", "dosing", SAID) as writer:
        writer.append(Table({"dose": np.zeros(1)}))
        writer.append(Table({"trial": np.zeros(1, np.int32)}))
    assert list(tmp_path.iterdir()) == []


def test_columns_of_one_file_alone_are_described_beside_it(tmp_path):
    table = Table(
        {"design.n": np.array([10, 20]), "taper": np.array(["t24", ""]), "power": np.array([0.1, np.nan])}
    )
    extra = {
        "design.n": Entry("design.n", "int32", "", "Swept key", nullable=False),
        "taper": Entry("taper", "text", "", "Swept key", nullable=True),
    }
    write_table(tmp_path / "p.parquet", "power", table, SAID, extra)
    back = read_table(tmp_path / "p.parquet")
    np.testing.assert_array_equal(back["design.n"], [10.0, 20.0])
    assert back["taper"].tolist() == ["t24", ""]


def test_a_flipped_byte_is_noticed(tmp_path):
    path = tmp_path / "d.parquet"
    write_table(path, "dosing", Table({"dose": np.random.default_rng(3).normal(size=4000)}), SAID)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)
    with pytest.raises(OSError, match=r"(?i)crc|checksum|corrupt"):
        read_table(path)


def test_a_file_of_other_software_is_read_by_the_dictionary(tmp_path):
    data = pa.table(
        {"trial": pa.array([0], pa.int64()), "subject": [0], "day": [None], "attended": [True], "x": ["a"]}
    )
    pq.write_table(data, tmp_path / "visits.parquet")
    table = read_table(tmp_path / "visits.parquet")
    assert table["trial"].dtype == np.int32
    assert np.isnan(table["day"][0])
    assert table["attended"].dtype == np.bool_
    assert table["x"].tolist() == ["a"]


def test_a_key_that_is_missing_in_a_foreign_file_is_refused(tmp_path):
    pq.write_table(pa.table({"trial": pa.array([None], pa.int32())}), tmp_path / "visits.parquet")
    with pytest.raises(ValueError, match=r"visits\.trial: 1 values are missing"):
        read_table(tmp_path / "visits.parquet")
