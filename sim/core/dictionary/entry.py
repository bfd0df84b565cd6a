"""One column: its kind, unit, label and plausible range."""

import math
from dataclasses import dataclass
from typing import Literal

Kind = Literal["real", "int16", "int32", "flag", "level", "word", "text", "words"]
"""What a column holds.

real : float64. int16, int32 : whole numbers. flag : yes or no. level : one of a few fixed words.
word : a repeated word. text : any text. words : a list of words, in memory joined by commas.
"""


@dataclass(frozen=True)
class Entry:
    """A column of a table.

    nullable   : whether a value can be missing; decides how whole numbers and flags are held in memory
                 (sim/core/tables.py).
    low, high  : plausible range of a number, both inclusive; a value outside is suspicious, not forbidden.
    categories : the words of a level, in their order.
    """

    name: str
    kind: Kind
    unit: str
    label: str
    nullable: bool
    low: float = -math.inf
    high: float = math.inf
    categories: tuple[str, ...] = ()


def real(name: str, unit: str, label: str, low: float = -math.inf, high: float = math.inf) -> Entry:
    """A measured or computed number; it can be missing."""
    return Entry(name, "real", unit, label, nullable=True, low=low, high=high)


def count(name: str, label: str, *, unit: str = "1", high: float = math.inf) -> Entry:
    """A whole number of at least 0 that is always there."""
    return Entry(name, "int32", unit, label, nullable=False, low=0, high=high)


def day(name: str, label: str, low: float, high: float, *, nullable: bool = False) -> Entry:
    """A study day."""
    return Entry(name, "int16", "day", label, nullable=nullable, low=low, high=high)


def flag(name: str, label: str, *, nullable: bool = True) -> Entry:
    """Yes or no."""
    return Entry(name, "flag", "", label, nullable=nullable)


def level(name: str, label: str, *categories: str, nullable: bool = False) -> Entry:
    """One of a few fixed words."""
    return Entry(name, "level", "", label, nullable=nullable, categories=categories)


def word(name: str, label: str) -> Entry:
    """A word that many rows share."""
    return Entry(name, "word", "", label, nullable=True)


TRIAL = count("trial", "Virtual trial, from 0")
SUBJECT = count("subject", "Subject, from 0 within a trial, in order of enrolment")
SUBGROUP = level("subgroup", "Lupus nephritis or lupus cytopenia", "LN", "LC")
