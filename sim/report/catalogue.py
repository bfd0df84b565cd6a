"""The figures of a page, in its order: which tables each needs, and the section it stands in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sim.report.figure import Figure
from sim.report.figures.moving_benchmark import moving_benchmark
from sim.report.figures.power_by_effect import power_by_effect
from sim.report.figures.responder_counts import responder_counts
from sim.report.figures.without_cells import without_cells
from sim.report.results import Results

ANSWER: Final = "answer"
DECISION: Final = "decision"
COURSE: Final = "course"
CONDUCT: Final = "conduct"
STORIES: Final = "stories"


@dataclass(frozen=True)
class Picture:
    """A figure of the page: its section, the tables it is made of, and the function that makes it of them."""

    section: str
    tables: tuple[str, ...]
    draw: Callable[..., Figure | None]


PICTURES: Final = (
    Picture(ANSWER, ("power", "responders"), without_cells),
    Picture(DECISION, ("power",), power_by_effect),
    Picture(DECISION, ("power", "responders"), responder_counts),
    Picture(DECISION, ("power", "benchmarks"), moving_benchmark),
)


def drawn(results: Results) -> list[tuple[str, Figure]]:
    """The figures whose tables are in the folder, each with its section."""
    found = []
    for picture in PICTURES:
        if all(name in results.tables for name in picture.tables):
            figure = picture.draw(*(results.tables[name] for name in picture.tables))
            if figure is not None:
                found.append((picture.section, figure))
    return found
