"""The folder of a run: new, writable, and gone if nothing came of it."""

import pytest

from sim.core.errors import InputError
from sim.storage.folder import run_folder


def test_two_runs_of_one_second_have_their_own_folders(tmp_path):
    folders = []
    for _ in range(3):
        with run_folder(tmp_path / "outputs" / "now", "hydra.run.dir", fresh=True) as folder:
            (folder / "result").write_text("x")
        folders.append(folder.name)
    assert folders == ["now", "now-2", "now-3"]


def test_a_folder_asked_for_by_name_is_used_again(tmp_path):
    for _ in range(2):
        with run_folder(tmp_path / "mine", "hydra.run.dir", fresh=False) as folder:
            assert folder == tmp_path / "mine"
    assert list(tmp_path.iterdir()) == [tmp_path / "mine"]


@pytest.mark.parametrize("trouble", [InputError("x"), KeyboardInterrupt(), RuntimeError("x")])
def test_a_run_that_fails_leaves_no_folder_behind(tmp_path, trouble):
    with (
        pytest.raises(type(trouble)),
        run_folder(tmp_path / "a" / "b" / "c", "hydra.run.dir", fresh=True) as folder,
    ):
        (folder / ".hydra").mkdir()
        (folder / ".hydra" / "config.yaml").write_text("x")
        raise trouble
    assert list(tmp_path.iterdir()) == []


def test_what_stood_there_before_stays_when_a_run_fails(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "older").write_text("x")
    with pytest.raises(RuntimeError), run_folder(tmp_path / "a", "hydra.run.dir", fresh=False):
        raise RuntimeError
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["older"]


def test_finished_results_stay_when_a_later_step_fails(tmp_path):
    with pytest.raises(RuntimeError), run_folder(tmp_path / "a", "hydra.run.dir", fresh=True) as folder:
        (folder / "0").mkdir()
        raise RuntimeError
    assert (tmp_path / "a" / "0").is_dir()


@pytest.mark.parametrize("below", ["", "deeper", "deeper/still"])
@pytest.mark.parametrize("fresh", [True, False])
def test_a_place_where_nothing_can_be_written_is_named(tmp_path, below, fresh):
    (tmp_path / "file").write_text("x")
    target = tmp_path / "file" / below if below else tmp_path / "file"
    with pytest.raises(InputError, match=r"hydra\.run\.dir: cannot write in .*hydra\.run\.dir=FOLDER"):  # noqa: SIM117
        with run_folder(target, "hydra.run.dir", fresh=fresh):
            pytest.fail("the block must not run")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
