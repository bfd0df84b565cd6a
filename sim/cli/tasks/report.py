"""task=report: the page of a result folder made again, from the folder alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sim.config.compose import checked, compose
from sim.config.config import Config
from sim.core.errors import InputError

KEYS: Final = ("task", "source", "report.formats")
"""What task=report takes."""


def make_report(folder: Path, formats: Sequence[str]) -> tuple[Path, ...]:
    """Write the page and the figures that are asked for; the files made."""
    if "html" in formats:
        from sim.report.page import write_page

        write_page(folder)
    if "svg" in formats:
        from sim.report.vector import write_vectors

        write_vectors(folder)
    return tuple(folder / page_of(name) for name in ("html", "svg") if name in formats)


def page_of(format_name: str) -> str:
    """Where a format of the report stands in its folder."""
    return {"html": "report.html", "svg": "figures"}[format_name]


def check_formats(formats: Sequence[str]) -> None:
    """Refuse, before anything is computed, what this machine cannot draw.

    Errors : InputError.
    """
    if "svg" in formats:
        from sim.report.vector import require_browser

        require_browser()


def remake(overrides: Sequence[str], config_folder: str | None) -> int:
    """Make the report of `source` again, print its files; the status is 0.

    overrides : source (the folder of a run or sweep, or a file of it) and, if wanted, report.formats.
    Errors    : InputError for anything else, and for a source that does not say how it was made.
    """
    words = dict(text.partition("=")[::2] for text in overrides)
    if strange := [key for key in words if key not in KEYS]:
        raise InputError(
            [
                f"{key}: a report takes this from its source; allowed with task=report: {', '.join(KEYS[1:])}"
                for key in strange
            ]
        )
    if not words.get("source"):
        raise InputError("source: is missing; name the folder of a run with source=FOLDER")
    config = _composed([text for text in overrides if text.startswith("report.formats=")], config_folder)
    if not config.report.formats:
        raise InputError(
            "report.formats: [] is no report; name html, svg or both, such as report.formats=[html,svg]"
        )
    source = Path(words["source"])
    files = make_report(source.parent if source.is_file() else source, config.report.formats)
    print("\n".join(["Synthetic data, shown in", *(f"  {path}" for path in files)]))
    return 0


def _composed(overrides: Sequence[str], config_folder: str | None) -> Config:
    return checked(compose(overrides, config_folder))
