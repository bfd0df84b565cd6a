"""The store of a run: where it is, what it says, and how to go on after an interruption."""

import contextlib
import errno
import os
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from sim.cli.command import RunFailedError, complain
from sim.config.config import Config, canonical_yaml, parts, specification
from sim.core.errors import InputError
from sim.core.source import model_digest
from sim.storage.chunks import ChunkStore, differences
from sim.storage.claim import claimed
from sim.storage.data_sets import DataSetStore

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
_LINES: Final = 3
STORES: Final = {"power": ChunkStore, "decisions": ChunkStore, "family": ChunkStore, "cohort": DataSetStore}
"""Tasks whose finished trials are kept, and how."""


def store_of(config: Config, folder: Path) -> ChunkStore:
    """The store of a run whose results go into a folder."""
    root = folder / "chunks" if config.run.store is None else Path(config.run.store)
    kind = STORES.get(config.task, ChunkStore)
    return kind(root, canonical_yaml({"model_sha256": model_digest(), **specification(parts(config))}))


@contextlib.contextmanager
def opened_store(config: Config, folder: Path) -> Iterator[ChunkStore]:
    """The store of a run, while it runs; says what is in it that is of use, and what is not.

    Errors : InputError where nothing can be written there.
    """
    store = store_of(config, folder)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(claimed(store.root))
            stack.enter_context(claimed(store.folder))
        except OSError as error:
            raise InputError(
                f"run.store: cannot write in {store.root} ({error.strerror or error}); choose another folder with "
                "run.store=FOLDER"
            ) from None
        _say_what_is_there(store, config)
        yield store
    for path in store.damaged:
        complain(f"{path}: was damaged; its trials were computed again")


def _say_what_is_there(store: ChunkStore, config: Config) -> None:
    """On stderr: trials that need not be computed again, and why those of other specifications are of no use."""
    if count := store.count(config.run.trials):
        complain(f"{count:,} of {config.run.trials:,} trials are in {store.root} already")
    elif config.run.store is None and (others := store.others()):
        told = "; ".join(differences(others[-1], store.specification, _LINES)) or "fewer keys"
        complain(
            f"{store.root}: the trials there were made from another specification ({told}), so they are not used"
        )


def how_to_go_on(config: Config, folder: Path, overrides: Sequence[str], config_folder: str | None) -> str:
    """What an interrupted run keeps, and the command that goes on with it."""
    count = store_of(config, folder).count(config.run.trials) if config.task in STORES else 0
    if not count:
        return "nothing half-written is left"
    kept = f"{count:,} of {config.run.trials:,} trials are kept; go on with"
    return f"{kept}\n  {with_folder(overrides, config_folder, 'hydra.run.dir', folder)}"


def with_folder(
    overrides: Sequence[str], config_folder: str | None, key: str, folder: Path, *, sweep: bool = False
) -> str:
    """The command line of these overrides with results in a folder."""
    rest = [text for text in overrides if text.partition("=")[0].lstrip("+") != key]
    further = ["--config-dir", config_folder] if config_folder else []
    return shlex.join(["python", "-m", "sim", *(["-m"] if sweep else []), *further, *rest, f"{key}={folder}"])


def is_full(error: OSError) -> bool:
    """Whether a disk, a quota or a limit of file size has no room left, or the disk may only be read."""
    return error.errno in _FULL


def told_if_full(error: OSError, going_on: str) -> RunFailedError:
    """The message for a disk without room; any other error of the system is raised again."""
    if not is_full(error):
        raise error
    reason = os.strerror(error.errno or 0)
    remedy = "make it writable" if error.errno == errno.EROFS else "make room"
    return RunFailedError(f"cannot write ({reason}); {remedy}, or choose another folder; {going_on}")
