"""A folder that several runs may write into at once, and the litter of runs that were killed."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

_UNFINISHED: Final = (".*.partial", ".hydra/.*.partial")
"""What whole_file calls a file until it is whole, in the folder and beside the configuration in it."""


@contextlib.contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Use a folder together with others; whoever comes while nobody else is there removes unfinished files first.

    A folder that does not exist is made, and removed again if nothing is in it at the end.
    The claim is a lock of the folder itself, which the system takes back however the process ends. Where folders
    cannot be locked (Windows, some network disks) nothing is removed.
    """
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    handle = _opened(folder)
    try:
        if handle is not None:
            _claim(handle, folder)
        yield
    finally:
        if handle is not None:
            os.close(handle)
        if made:
            with contextlib.suppress(OSError):
                folder.rmdir()


def _opened(folder: Path) -> int | None:
    try:
        return os.open(folder, os.O_RDONLY)
    except OSError:
        return None


def _claim(handle: int, folder: Path) -> None:
    fcntl = _locks()
    if fcntl is None:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pass
    except OSError:
        return
    else:
        for pattern in _UNFINISHED:
            for path in folder.glob(pattern):
                path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_SH)


def _locks() -> Any:
    try:
        import fcntl
    except ImportError:
        return None
    return fcntl
