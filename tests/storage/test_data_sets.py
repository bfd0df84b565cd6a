"""Data sets of finished trials on disk: every table comes back as it was, a piece whole or not at all."""

import numpy as np
import pytest

from sim.config.compose import load
from sim.core.columns import COHORT_TABLES
from sim.core.tables import concatenate
from sim.pipeline import cohort_chunk
from sim.storage import data_sets
from sim.storage.chunks import ChunkStore
from sim.storage.data_sets import DataSetStore

CONFIG = load(["effect=neutral", "protocol.follow_up=week_24"])


@pytest.fixture(scope="module")
def tables():
    """Real data sets of trials 0 to 4."""
    return cohort_chunk(CONFIG, range(5))


def of(tables, trials):
    return {name: table.where(np.isin(table["trial"], list(trials))) for name, table in tables.items()}


def store(folder, kind=DataSetStore):
    return kind(folder / "chunks", "seed: 1\n")


def same(found, tables, trials):
    assert [trial for piece, _ in found for trial in piece] == list(trials)
    for name, whole in of(tables, trials).items():
        read = concatenate([each[name] for _, each in found])
        assert list(read) == list(whole), name
        for column in whole:
            np.testing.assert_array_equal(read[column], whole[column], err_msg=f"{name}.{column}")


def test_every_table_comes_back_as_it_was(tmp_path, tables):
    store(tmp_path).keep(range(5), tables)
    same(list(store(tmp_path).held(range(100))), tables, range(5))
    assert store(tmp_path).count(100) == 5
    same(list(store(tmp_path).held(range(1, 4))), tables, range(1, 4))


def test_pieces_that_overlap_give_each_trial_once(tmp_path, tables):
    for trials in (range(3), range(1, 5)):
        store(tmp_path).keep(trials, of(tables, trials))
    same(list(store(tmp_path).held(range(5))), tables, range(5))


@pytest.mark.parametrize("name", COHORT_TABLES)
@pytest.mark.parametrize("how", ["gone", "half", "others"])
def test_a_piece_with_a_bad_file_is_computed_again(tmp_path, tables, name, how):
    kept = store(tmp_path)
    for trials in (range(2), range(2, 5)):
        kept.keep(trials, of(tables, trials))
    file = kept.folder / f"cohort-000000000-000000001-{name}.parquet"
    other = kept.folder / f"cohort-000000002-000000004-{name}.parquet"
    content = other.read_bytes() if how == "others" else file.read_bytes()
    file.write_bytes(content[: len(content) // 2] if how == "half" else content)
    if how == "gone":
        file.unlink()
    same(list(kept.held(range(5))), tables, range(2, 5))
    kept.keep(range(2), of(tables, range(2)))
    same(list(kept.held(range(5))), tables, range(5))


def test_data_sets_and_decided_trials_do_not_see_each_other(tmp_path, tables):
    store(tmp_path).keep(range(5), tables)
    assert list(store(tmp_path, ChunkStore).held(range(5))) == []
    assert store(tmp_path, ChunkStore).count(5) == 0


def test_a_piece_that_was_not_written_to_the_end_does_not_count(tmp_path, tables, monkeypatch):
    whole = data_sets.write_table

    def full(path, name, *rest):
        if name == "endpoints":
            raise OSError("no room")
        whole(path, name, *rest)

    monkeypatch.setattr(data_sets, "write_table", full)
    with pytest.raises(OSError, match="no room"):
        store(tmp_path).keep(range(5), tables)
    assert list((tmp_path / "chunks").glob("*/cohort-*-visits.parquet"))
    assert store(tmp_path).count(5) == 0
    assert list(store(tmp_path).held(range(5))) == []
