"""The full matrix of criteria for a table of candidates, with every failure and the first of them."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import InputError
from sim.core.tables import Column, Table
from sim.population.history import BIOPSY_CLASSES, BIOPSY_LESIONS, REGIMEN_DRUGS, RESPONSES
from sim.population.person import SUBGROUPS
from sim.screening.catalogue import CRITERIA, EVALUATION_ORDER, Criterion

_CODES: Final = {
    "subgroup": SUBGROUPS,
    "regimen_drug": REGIMEN_DRUGS,
    "regimen_response": RESPONSES,
    "biopsy_class": BIOPSY_CLASSES,
    "biopsy_lesions": BIOPSY_LESIONS,
}
"""Columns of words and what their codes stand for."""
_ID_NAMES: Final = frozenset(criterion.id for criterion in CRITERIA)
KINDS: Final = {criterion.id: criterion.kind for criterion in CRITERIA}


def criterion_matrix(candidates: Table, rules: NDArray[np.void]) -> Table:
    """Every criterion for every candidate.

    candidates : the columns that the criteria read (sim.screening.catalogue), words and nullable flags as tables
                 hold them in memory; a missing value meets no inclusion and does not exclude
                 (but consent must be there).
    rules      : one record of RULES, in an array.
    Result     : one int8 column for each id (1, 0, or -1 where the criterion is not for the subgroup), `eligible`,
                 `failed` (ids in the order of evaluation, joined by commas) and `first_failure` ("" if eligible).
    Errors     : InputError for a word that is no code.
    """
    columns = _encoded(candidates)
    for criterion in CRITERIA:
        arguments = [columns[name] for name in criterion.reads]
        settings = [rules[0][name] for name in criterion.settings]
        columns[criterion.id] = np.asarray(criterion.function(*arguments, *settings), dtype=np.bool_)
    applies = {criterion.id: _applies(criterion, columns["subgroup"], rules) for criterion in CRITERIA}
    flags = {name: np.where(mask, columns[name], -1).astype(np.int8) for name, mask in applies.items()}
    return Table({**flags, **_verdict(columns, applies)})


def _encoded(candidates: Table) -> dict[str, Column]:
    """Columns that the rules can read: codes for words, flags with missing as False."""
    needed = {name for criterion in CRITERIA for name in criterion.reads} - _ID_NAMES
    columns: dict[str, Column] = {}
    for name in needed:
        if name == "female":
            columns[name] = (candidates["sex"] == "F").astype(np.int64)
        elif name in _CODES:
            columns[name] = _codes(name, candidates[name], _CODES[name])
        elif candidates[name].dtype == np.int8:
            columns[name] = candidates[name] == 1
        else:
            columns[name] = candidates[name]
    return columns


def _codes(name: str, texts: Column, allowed: Sequence[str]) -> NDArray[np.int64]:
    codes = np.full(len(texts), allowed.index("") if "" in allowed else -1, np.int64)
    known = texts == ""
    for code, word in enumerate(allowed):
        rows = texts == word
        codes[rows] = code
        known |= rows
    if not known.all():
        wrong = str(texts[~known][0])
        raise InputError(
            f"candidates.{name}: {wrong!r} is not allowed; allowed: {', '.join(filter(None, allowed))}"
        )
    return codes


def _applies(criterion: Criterion, subgroup: NDArray[np.int64], rules: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether the criterion is for the candidate, by the referral stream.

    Reading : X17 `both`: inclusion 5 is for everyone; the limit of creatinine stays with the nephritis stream.
    """
    everyone = criterion.subgroup == "" or (criterion.id.startswith("I5") and rules[0]["subgroup_assignment"] == 1)
    if everyone:
        return np.ones(len(subgroup), np.bool_)
    return np.asarray(subgroup == SUBGROUPS.index(criterion.subgroup), dtype=np.bool_)


def _verdict(columns: Mapping[str, Column], applies: Mapping[str, Column]) -> dict[str, Column]:
    """Whether every top-level criterion holds, the ids of those that do not, and the first of them."""
    n = len(columns["subgroup"])
    failed = np.zeros(n, "<U64")
    first = np.zeros(n, "<U2")
    for name in EVALUATION_ORDER:
        fails = applies[name] & (columns[name] if KINDS[name] == "exclusion" else ~columns[name])
        first = np.where(fails & (failed == ""), name, first)
        separator = np.where(failed == "", "", ",")
        failed = np.where(fails, np.char.add(np.char.add(failed, separator), name), failed)
    return {"eligible": failed == "", "failed": failed.astype("<U64"), "first_failure": first.astype("<U2")}
