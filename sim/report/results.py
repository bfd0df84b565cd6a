"""What stands in a result folder: the tables a report is made of, and what they say of their making."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from sim.core.errors import InputError
from sim.core.tables import Table
from sim.report.leads import BACKGROUND, LEADS, leading
from sim.storage.parquet import read_provenance, read_table

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
_WORDS: Final = {"decisions": "decisions.md", "family": "family.txt", "estimation": "estimation.txt"}


@dataclass(frozen=True)
class Results:
    """A result folder.

    lead   : the table that its page is about. said : provenance of that table. words : what the terminal said.
    tables : the leading table and what stands beside it, by name; those of the sample of patients are named
             `sample/…`.
    """

    lead: str
    said: Mapping[str, str]
    tables: Mapping[str, Table]
    words: str = ""

    @cached_property
    def configuration(self) -> Mapping[str, Any]:
        """The configuration that the tables were made from, as plain values."""
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        values = yaml.load(self.said["configuration"], Loader=loader)
        return values if isinstance(values, dict) else {}

    @property
    def is_sweep(self) -> bool:
        """Whether the leading table combines the cells of a sweep."""
        return "cells" in self.configuration

    @property
    def main(self) -> Table:
        """The leading table."""
        return self.tables[self.lead]


def read(folder: Path) -> Results:
    """Read the tables of a folder; those that another run left there are passed over.

    Where several tasks wrote into one folder, the page is about the one that came last.
    Errors : InputError without a leading table that says how it was made, or with a damaged table.
    """
    leads = leading(folder.glob("*.parquet"))
    if not leads:
        raise InputError(
            f"source: {folder} holds no table that a page can be about ({', '.join(LEADS)}); name the folder of a "
            "finished run or sweep"
        )
    try:
        made = {name: read_provenance(folder / f"{name}.parquet") for name in leads}
        own = [name for name in leads if "configuration" in made[name]]
        if not own:
            raise InputError(
                f"source: {folder / leads[0]}.parquet does not say how it was made, so no report can be made of it"
            )
        lead = max(own, key=lambda name: (made[name].get("created", ""), -leads.index(name)))
        tables = {lead: read_table(folder / f"{lead}.parquet", lead)} | _beside(folder, lead, made[lead])
        words = folder / _WORDS.get(lead, "summary.txt")
        results = Results(lead, made[lead], tables, words.read_text(encoding="utf-8") if words.is_file() else "")
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"source: {folder} cannot be read ({error}); run it again") from None
    return results


def _beside(folder: Path, lead: str, said: Mapping[str, str]) -> dict[str, Table]:
    own = {name: folder / f"{name}.parquet" for name in (*LEADS[lead], *BACKGROUND)}
    if lead == "power":
        own |= {f"sample/{name}": folder / "sample" / f"{name}.parquet" for name in _SAMPLE}
    found = {key: path for key, path in own.items() if path.is_file() and _same_run(path, said)}
    return {key: read_table(path) for key, path in found.items()}


def _same_run(path: Path, said: Mapping[str, str]) -> bool:
    there = read_provenance(path)
    return all(there.get(key) == said.get(key) for key in ("configuration_sha256", "model_sha256"))
