"""Which program and libraries make the numbers: results of another model are never mixed with this one's."""

import functools
import hashlib
import importlib.metadata
import platform
from pathlib import Path
from typing import Final

_SHELL: Final = ("__main__.py", "cli", "montecarlo", "rehearsal.py", "report", "storage", "words")
"""Rooms that move and show numbers but do not make them."""
_LIBRARIES: Final = ("numpy", "numba", "scipy")


@functools.cache
def model_digest() -> str:
    """SHA-256 (hexadecimal) of the source that makes a virtual trial, the libraries and the kind of machine.

    Files of the shell (command line, Monte Carlo driver, storage) are left out; a new room counts until it is
    named there. Exponentials may differ by a last digit between kinds of machine, so the kind counts.
    """
    package = Path(__file__).resolve().parents[1]
    said = [f"{library} {importlib.metadata.version(library)}" for library in _LIBRARIES]
    digest = hashlib.sha256("\n".join([*said, platform.system(), platform.machine()]).encode())
    for path in sorted(package.rglob("*.py")):
        place = path.relative_to(package)
        if place.parts[0] not in _SHELL:
            digest.update(f"\n{place.as_posix()}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
