"""The tables that a page can be about, and those that the same task leaves beside each."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

LEADS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "power": ("responders", "moving_benchmark", "readings", "power_over_n"),
        "tournament": (),
        "sample_size": (),
        "assurance": ("draws",),
        "alternatives": (),
        "composition": (),
        "decisions": ("predictive", "stopping", "stopping_characteristics"),
        "family": (),
        "estimation": ("rare_events",),
        "prediction": ("patients",),
        "changes": (),
        "times": (),
        "value_readings": (),
    }
)
BACKGROUND: Final = ("assumptions", "catalogue", "validation")
"""What every answer rests on."""


def leading(files: Iterable[Path]) -> list[str]:
    """The tables among some files that a page can be about, in the order of LEADS."""
    names = {path.stem for path in files if path.suffix == ".parquet"}
    return [name for name in LEADS if name in names]
