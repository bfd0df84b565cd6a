"""What stands in a result folder: the tables a report is made of, and what they say of their making."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from sim.core.errors import InputError
from sim.core.tables import Table
from sim.storage.parquet import read_provenance, read_table

_OWN: Final = ("responders", "moving_benchmark", "assumptions", "catalogue", "readings")
_SAMPLE: Final = (
    "roles",
    "curves",
    "candidates",
    "visits",
    "dosing",
    "infusions",
    "events",
    "endpoints",
    "trials",
)
_BESIDE: Final = ("tournament", "sample_size")
"""Tables of other tasks, shown where somebody put them into the folder."""


@dataclass(frozen=True)
class Results:
    """A result folder.

    said   : provenance of power.parquet. tables : `power` and what stands beside it, by name; those of the sample
    of patients are named `sample/…`.
    """

    said: Mapping[str, str]
    tables: Mapping[str, Table]

    @cached_property
    def configuration(self) -> Mapping[str, Any]:
        """The configuration that the tables were made from, as plain values."""
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        values = yaml.load(self.said["configuration"], Loader=loader)
        return values if isinstance(values, dict) else {}

    @property
    def is_sweep(self) -> bool:
        """Whether the power table combines the cells of a sweep."""
        return "cells" in self.configuration


def read(folder: Path) -> Results:
    """Read the tables of a folder; those that another run left there are passed over.

    Errors : InputError without a power table that says how it was made, or with a damaged table.
    """
    path = folder / "power.parquet"
    if not path.is_file():
        raise InputError(
            f"source: {folder} has no power.parquet; name the folder of a finished task=power or sweep"
        )
    try:
        said = read_provenance(path)
        tables = {"power": read_table(path, "power")} | _beside(folder, said)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"source: {folder} cannot be read ({error}); run it again") from None
    if "configuration" not in said:
        raise InputError(f"source: {path} does not say how it was made, so no report can be made of it")
    return Results(said, tables)


def _beside(folder: Path, said: Mapping[str, str]) -> dict[str, Table]:
    own = {name: folder / f"{name}.parquet" for name in _OWN}
    own |= {f"sample/{name}": folder / "sample" / f"{name}.parquet" for name in _SAMPLE}
    found = {key: path for key, path in own.items() if path.is_file() and _same_run(path, said)}
    found |= {name: path for name in _BESIDE if (path := folder / f"{name}.parquet").is_file()}
    return {key: read_table(path) for key, path in found.items()}


def _same_run(path: Path, said: Mapping[str, str]) -> bool:
    there = read_provenance(path)
    return all(there.get(key) == said.get(key) for key in ("configuration_sha256", "model_sha256"))
