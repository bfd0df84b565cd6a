"""The folder of a run: made when it is needed, and gone again if nothing came of the run."""

import contextlib
import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sim.core.errors import InputError
from sim.storage.claim import claimed


@contextlib.contextmanager
def run_folder(path: Path, key: str, *, fresh: bool) -> Iterator[Path]:
    """A writable folder for results.

    path  : the folder wanted. key : the configuration key that names it, for messages.
    fresh : take a new folder (path-2, path-3, …) where this one exists; else write into it.
    Errors : InputError where nothing can be written there. If the block fails, the folders made here are removed
             again unless a finished file stands in them.
    """
    made: list[Path] = []
    try:
        folder = _make(path, made, fresh)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        _remove(made)
        raise InputError(
            f"{key}: cannot write in {path} ({error.strerror or error}); choose another folder with {key}=FOLDER"
        ) from None
    try:
        with claimed(folder):
            yield folder
    except BaseException:
        _remove(made)
        raise


def _make(path: Path, made: list[Path], fresh: bool) -> Path:
    for parent in reversed(path.parents):
        if not parent.exists():
            with contextlib.suppress(FileExistsError):
                parent.mkdir()
                made.append(parent)
    for number in itertools.count(1):
        folder = path if number == 1 else path.with_name(f"{path.name}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            if fresh and folder.is_dir():
                continue
            if not folder.is_dir():
                raise
            return folder
        made.append(folder)
        return folder
    raise AssertionError("itertools.count does not end")


def _remove(made: list[Path]) -> None:
    """Remove the folders made here, the inmost first, as long as no result is in them."""
    for folder in reversed(made):
        try:
            if all(path.name == ".hydra" for path in folder.iterdir()):
                shutil.rmtree(folder / ".hydra", ignore_errors=True)
            folder.rmdir()
        except FileNotFoundError:
            continue
        except OSError:
            return
