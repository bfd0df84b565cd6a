"""Finished trials on disk: whole, verified, of one specification, in whatever pieces they came."""

import numpy as np
import pytest

from sim.core.errors import InputError
from sim.core.tables import concatenate
from sim.storage.chunks import ChunkStore, differences
from tests.montecarlo.chunk_functions import decided


def effects(trials):
    return {"none": decided(trials, 1), "neutral": decided(trials, 2)}


def store(folder, specification="seed: 1\n"):
    return ChunkStore(folder / "chunks", specification)


def same(found, trials):
    assert [trial for piece, _ in found for trial in piece] == list(trials)
    for name, whole in effects(trials).items():
        read = concatenate([each[name] for _, each in found])
        assert list(read) == list(whole)
        for column in whole:
            np.testing.assert_array_equal(read[column], whole[column])


def test_what_is_kept_comes_back(tmp_path):
    store(tmp_path).keep(range(3, 8), effects(range(3, 8)))
    found = list(store(tmp_path).held(range(100)))
    assert [piece for piece, _ in found] == [range(3, 8)]
    assert list(found[0][1]) == ["none", "neutral"]
    same(found, range(3, 8))
    assert store(tmp_path).count(100) == 5


@pytest.mark.parametrize(
    "pieces", [[(0, 4), (4, 9)], [(0, 6), (2, 9)], [(0, 9), (3, 5)], [(0, 4), (0, 9)], [(0, 2), (1, 4), (3, 9)]]
)
def test_pieces_that_overlap_give_each_trial_once(tmp_path, pieces):
    for first, stop in pieces:
        store(tmp_path).keep(range(first, stop), effects(range(first, stop)))
    same(list(store(tmp_path).held(range(9))), range(9))
    assert store(tmp_path).count(9) == 9


def test_no_more_trials_than_are_wanted(tmp_path):
    store(tmp_path).keep(range(10), effects(range(10)))
    same(list(store(tmp_path).held(range(4))), range(4))
    assert store(tmp_path).count(4) == 4


def test_trials_of_another_specification_are_not_seen(tmp_path):
    store(tmp_path, "seed: 1\n").keep(range(3), effects(range(3)))
    other = store(tmp_path, "seed: 2\n")
    assert list(other.held(range(3))) == []
    assert other.count(3) == 0
    assert other.others() == ["seed: 1\n"]
    assert differences(other.others()[0], other.specification, 3) == ["seed: 1"]


def test_a_file_put_among_those_of_another_specification_is_refused(tmp_path):
    theirs, ours = store(tmp_path, "seed: 1\n"), store(tmp_path, "seed: 2\n")
    for each in (theirs, ours):
        each.keep(range(3), effects(range(3)))
    file = next(theirs.folder.glob("trials-*"))
    (ours.folder / file.name).write_bytes(file.read_bytes())
    with pytest.raises(InputError, match=r"another specification .* remove the file"):
        list(ours.held(range(3)))


@pytest.mark.parametrize("damage", ["half", "empty", "flipped", "renamed"])
def test_a_damaged_file_is_removed_and_named_and_the_others_stay(tmp_path, damage):
    kept = store(tmp_path)
    for trials in (range(400), range(400, 800)):
        kept.keep(trials, effects(trials))
    file = sorted(kept.folder.glob("trials-*"))[0]
    content = bytearray(file.read_bytes())
    if damage == "flipped":
        content[200] ^= 255
    file.write_bytes(content[: {"half": len(content) // 2, "empty": 0}.get(damage, len(content))])
    if damage == "renamed":
        file = file.rename(kept.folder / "trials-000000000-000000300.parquet")
    same(list(kept.held(range(800))), range(400, 800))
    assert kept.damaged == [file]
    assert not file.exists()


def test_rows_of_the_wrong_trials_are_not_taken(tmp_path):
    kept = store(tmp_path)
    kept.keep(range(3), effects(range(1, 4)))
    assert list(kept.held(range(3))) == []
    assert len(kept.damaged) == 1
