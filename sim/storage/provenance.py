"""What a file says of its making: enough to run it again."""

import datetime
import importlib.metadata
import platform
import subprocess
from pathlib import Path
from typing import Final

import sim
from sim.core.source import model_digest

SOFTWARE: Final = "lupus-cell-trial-simulator"
_LIBRARIES: Final = ("numpy", "scipy", "numba", "simpy", "pyarrow")


def provenance(
    *, configuration: str, configuration_sha256: str, seed: int | str, engine: str, command: str
) -> dict[str, str]:
    """Schema metadata of a file.

    configuration : the resolved configuration as YAML; configuration_sha256 : of what in it moves numbers.
    model_sha256 is of the program and libraries that make the numbers (sim/core/source.py).
    engine        : the clock that ran. command : what gives this configuration again.
    seed          : several, joined by commas, where the file combines several runs.
    Time is UTC; `source_revision` is there only where the source is a git checkout.
    """
    said = {
        "software": SOFTWARE,
        "version": sim.__version__,
        "configuration": configuration,
        "configuration_sha256": configuration_sha256,
        "model_sha256": model_digest(),
        "seed": str(seed),
        "engine": engine,
        "command": command,
        "python": platform.python_version(),
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "synthetic": "true",
    }
    said |= {library: importlib.metadata.version(library) for library in _LIBRARIES}
    revision = source_revision()
    return said if revision is None else {**said, "source_revision": revision}


def source_revision() -> str | None:
    """Commit of the checkout this code runs from, with `-dirty` where files were changed; else None."""
    root = Path(sim.__file__).resolve().parents[1]
    if not (root / ".git").exists():
        return None
    words = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None
