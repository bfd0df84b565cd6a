"""What a configuration value may be: each field of a configuration dataclass says so beside its type.

Defaults live in conf/ alone; a dataclass here has none, so a key that is missing from conf/ is reported.
"""

import math
from collections.abc import Callable
from dataclasses import field
from typing import Any

Check = Callable[[Any], str | None]
"""Given a value of the right type: None, or what is allowed instead (without the value)."""


def _field(kind: Any, check: Check | None, *, unit: str = "", optional: bool = False) -> Any:
    return field(metadata={"kind": kind, "check": check, "unit": unit, "optional": optional})


def _range_text(low: float, high: float, open_low: bool) -> str:
    if math.isinf(high):
        return f"a number {'above' if open_low else 'of at least'} {low:g}"
    return f"a number {'above' if open_low else 'from'} {low:g} {'and at most' if open_low else 'to'} {high:g}"


def number(
    low: float = -math.inf,
    high: float = math.inf,
    *,
    open_low: bool = False,
    unit: str = "",
    optional: bool = False,
) -> Any:
    """A finite float in [low, high], or (low, high] with open_low."""

    def check(value: float) -> str | None:
        if math.isfinite(value) and low <= value <= high and not (open_low and value == low):
            return None
        return "a finite number" if math.isinf(low) and math.isinf(high) else _range_text(low, high, open_low)

    return _field(float, check, unit=unit, optional=optional)


def probability() -> Any:
    """A float from 0 to 1."""
    return number(0.0, 1.0)


def positive(unit: str = "") -> Any:
    """A finite float above 0."""
    return number(0.0, open_low=True, unit=unit)


def non_negative(unit: str = "") -> Any:
    """A finite float of at least 0."""
    return number(0.0, unit=unit)


def integer(low: int, high: int = 2**53, *, unit: str = "", optional: bool = False) -> Any:
    """A whole number in [low, high]."""

    def check(value: int) -> str | None:
        return None if low <= value <= high else f"a whole number from {low} to {high}"

    return _field(int, check, unit=unit, optional=optional)


def flag() -> Any:
    """True or false."""
    return _field(bool, None)


def text(*, optional: bool = False) -> Any:
    """Any text that is not empty."""
    return _field(str, lambda value: None if value.strip() else "a text that is not empty", optional=optional)


def choice(*allowed: str, why: str = "") -> Any:
    """One of a few words; why: said where another word is refused."""

    def check(value: str) -> str | None:
        reason = f": {why}" if why else ""
        return None if value in allowed else "one of " + ", ".join(allowed) + reason

    return _field(str, check)


def numbers(length: int | None = None, low: float = -math.inf, high: float = math.inf, unit: str = "") -> Any:
    """A tuple of finite floats, of a fixed length if one is given, each in [low, high]."""

    def check(value: tuple[float, ...]) -> str | None:
        fits = all(math.isfinite(x) and low <= x <= high for x in value)
        if fits and (length is None or len(value) == length):
            return None
        count = "" if length is None else f"{length} "
        return f"a list of {count}numbers" + ("" if math.isinf(low) else f" from {low:g} to {high:g}")

    return _field((tuple, float), check, unit=unit)


def integers(low: int, high: int, unit: str = "") -> Any:
    """A tuple of whole numbers, each in [low, high]."""

    def check(value: tuple[int, ...]) -> str | None:
        return None if all(low <= x <= high for x in value) else f"a list of whole numbers from {low} to {high}"

    return _field((tuple, int), check, unit=unit)


def words(*allowed: str) -> Any:
    """A tuple of texts, each one of a few words if any are given."""

    def check(value: tuple[str, ...]) -> str | None:
        if value and all(not allowed or word in allowed for word in value):
            return None
        return "a list of " + (", ".join(allowed) if allowed else "texts")

    return _field((tuple, str), check)


def some_of(*allowed: str) -> Any:
    """A tuple of texts, each one of a few words and none twice; it may be empty."""

    def check(value: tuple[str, ...]) -> str | None:
        if all(word in allowed for word in value) and len(set(value)) == len(value):
            return None
        return f"a list of some of {', '.join(allowed)}, or [] for none"

    return _field((tuple, str), check)


def shares() -> Any:
    """A mapping from names to probabilities that add up to 1: the levels of a categorical variable."""

    def check(value: dict[str, float]) -> str | None:
        total = math.fsum(value.values()) if value else 0.0
        if value and all(0.0 <= x <= 1.0 for x in value.values()) and abs(total - 1.0) <= 1e-9:
            return None
        return "a mapping of names to probabilities that add up to 1"

    return _field((dict, float), check)


def table(low: float = -math.inf, high: float = math.inf, unit: str = "") -> Any:
    """A mapping from names to floats, each in [low, high]."""

    def check(value: dict[str, float]) -> str | None:
        if value and all(math.isfinite(x) and low <= x <= high for x in value.values()):
            return None
        return "a mapping of names to numbers" + ("" if math.isinf(low) else f" from {low:g} to {high:g}")

    return _field((dict, float), check, unit=unit)


def texts() -> Any:
    """A mapping from names to texts that are not empty."""

    def check(value: dict[str, str]) -> str | None:
        fits = all(text.strip() for text in value.values())
        return None if fits else "a mapping of names to texts that are not empty"

    return _field((dict, str), check)


def mapping_of_lists(length: int) -> Any:
    """A mapping from names to lists of so many whole numbers, or null."""

    def check(value: dict[str, tuple[int, ...]]) -> str | None:
        if value and all(len(each) == length for each in value.values()):
            return None
        return f"null, or a mapping of names to lists of {length} whole numbers"

    return _field((dict, (tuple, int)), check, optional=True)
