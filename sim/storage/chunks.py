"""Finished trials on disk, under the digest of what determines them: a run goes on where it was, and can grow.

    STORE/<digest>/specification.yaml          what determines the numbers
    STORE/<digest>/trials-<first>-<last>.parquet   what these trials decided, under every effect

The ranges of the files are those in which a run happened to finish trials. They may overlap (two runs at once) and
leave gaps; which trials are there is all that counts.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from sim.core.dictionary.entry import Entry
from sim.core.errors import InputError
from sim.core.tables import Table, concatenate
from sim.storage.atomic import write_text
from sim.storage.parquet import read_provenance, read_table, write_table

_EFFECT: Final = {"effect": Entry("effect", "word", "", "Assumption about the cells", nullable=False)}
_NAME: Final = re.compile(r"trials-(\d+)-(\d+)\.parquet")
_DIGITS: Final = 16

Decided = Mapping[str, Table]
"""For each effect: one row a trial."""


class ChunkStore:
    """The finished trials of one specification.

    folder        : of the store. specification : what determines each trial, the program's digest included.
    damaged       : files that could not be read back; they are removed, and their trials are computed again.
    """

    def __init__(self, folder: Path, specification: str) -> None:
        self.root = folder
        self.specification = specification
        self.digest = hashlib.sha256(specification.encode()).hexdigest()
        self.folder = folder / self.digest[:_DIGITS]
        self.damaged: list[Path] = []

    def others(self) -> list[str]:
        """The specifications of other runs in this store."""
        found = self.root.glob("*/specification.yaml")
        return [path.read_text(encoding="utf-8") for path in sorted(found) if path.parent != self.folder]

    def held(self, trials: range) -> Iterator[tuple[range, Decided]]:
        """What is there of these consecutive trials, file by file, in order and each once; page checksums are
        verified.

        Errors : InputError where a file was made from another specification.
        """
        covered = trials.start
        for first, stop, path in self._files():
            wanted = range(max(first, covered), min(stop, trials.stop))
            if not wanted:
                continue
            decided = self._read(path, range(first, stop), wanted)
            if decided is None:
                self.damaged.append(path)
                path.unlink(missing_ok=True)
                continue
            covered = wanted.stop
            yield wanted, decided

    def count(self, trials: int) -> int:
        """How many of trials 0 … trials - 1 are there by the names of the files."""
        covered = found = 0
        for first, stop, _ in self._files():
            found += len(range(max(first, covered), min(stop, trials)))
            covered = max(covered, stop)
        return found

    def trial(self, number: int) -> Decided | None:
        """What one trial decided, if it is there."""
        for first, stop, path in self._files():
            if first <= number < stop:
                return self._read(path, range(first, stop), range(number, number + 1))
        return None

    def keep(self, trials: range, decided: Decided) -> None:
        """Write finished trials, as a whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        described = self.folder / "specification.yaml"
        if not described.exists():
            write_text(described, self.specification)
        rows = [Table({"effect": np.full(len(trials), name), **table}) for name, table in decided.items()]
        path = self.folder / f"trials-{trials.start:09d}-{trials.stop - 1:09d}.parquet"
        write_table(path, "trials", concatenate(rows), {"specification_sha256": self.digest}, _EFFECT)

    def _files(self) -> list[tuple[int, int, Path]]:
        """First trial, end and file, in the order of reading; of two with one start the longer first."""
        found = ((_NAME.fullmatch(path.name), path) for path in self.folder.glob("trials-*.parquet"))
        files = [(int(name[1]), int(name[2]) + 1, path) for name, path in found if name]
        return sorted(files, key=lambda file: (file[0], -file[1]))

    def _read(self, path: Path, all_of: range, wanted: range) -> Decided | None:
        """The wanted trials of a file; None if it is damaged."""
        try:
            said = read_provenance(path).get("specification_sha256", "none")
            if said == self.digest:
                decided = _by_effect(read_table(path, "trials"), all_of)
        except (OSError, ValueError, KeyError):
            return None
        if said != self.digest:
            raise InputError(
                f"{path}: these trials were made from another specification ({said[:_DIGITS]}, not "
                f"{self.digest[:_DIGITS]}), so they are not used; remove the file"
            )
        rows = slice(wanted.start - all_of.start, wanted.stop - all_of.start)
        return {name: Table({key: column[rows] for key, column in each.items()}) for name, each in decided.items()}


def _by_effect(table: Table, trials: range) -> dict[str, Table]:
    """A file's rows by effect; ValueError where they are not these trials in their order."""
    names = list(dict.fromkeys(table["effect"].tolist()))
    expected = np.tile(np.arange(trials.start, trials.stop), len(names))
    if not names or not np.array_equal(table["trial"], expected):
        raise ValueError("other trials than the file's name says")
    columns = [name for name in table if name != "effect"]
    return {
        name: Table({key: table[key][k * len(trials) : (k + 1) * len(trials)] for key in columns})
        for k, name in enumerate(names)
    }


def differences(left: str, right: str, most: int) -> Sequence[str]:
    """Lines of one specification that the other has not, at most so many; for a message."""
    there = set(right.splitlines())
    return [line.strip() for line in left.splitlines() if line not in there][:most]
