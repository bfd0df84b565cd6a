"""The body of a sweep's page: its cells with links to their own pages, maps, lines and paired differences."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.report.cells import Cell, cells_of, differences
from sim.report.figure import Figure
from sim.report.figure_html import figure_html
from sim.report.figures.sweep_differences import paired_differences
from sim.report.figures.sweep_maps import heat_map, small_multiples
from sim.report.headlines import HEADLINES, Headline
from sim.report.html import Html, table, tag
from sim.report.method import limits_html
from sim.report.numbers import span_text
from sim.report.questions.catalogue import QUESTIONS
from sim.report.results import Results
from sim.words.rows import label_of

_UNPAIRED: Final = (
    "Differences between cells are not drawn: this task keeps no trials that could be compared one by one. Cells "
    "of "
    "one seed share their patients, so the error of a difference is not that of two independent runs."
)


def sweep_body(results: Results, folder: Path) -> tuple[Html, list[Figure]]:
    """The sections of the page, and the figures in them."""
    cells, headline, question = cells_of(results), HEADLINES[results.lead], QUESTIONS[results.lead]
    found = [heat_map(cells, headline), small_multiples(cells, headline)]
    if headline.paired:
        found.append(paired_differences(differences(cells, folder), cells[0]))
    figures = [figure for figure in found if figure is not None]
    pieces = [
        tag("h1", "How the answer moves over the sweep", id="answer"),
        tag("p", question.aim, class_="lead"),
        tag("p", _sentence(cells, headline), class_="answer"),
        tag("p", _accuracy(cells, headline), class_="aside"),
        _table(cells, folder, headline),
        *map(figure_html, figures),
        *([] if headline.paired or not question.simulated else [tag("p", _UNPAIRED, class_="aside")]),
        tag("h2", "Method and limits", id="method"),
        tag("p", "Each cell is a run of its own; its page holds the method along ADEMP, every "
            "assumption with its source."),
        limits_html(*([question.limits] if question.limits else [])),
        tag(
            "dl",
            tag("dt", "Command"),
            tag("dd", tag("code", results.said.get("command", ""))),
            tag("dt", "Results made"),
            tag("dd", results.said.get("created", "")),
        ),
    ]  # fmt: skip
    return tag("section", *pieces), figures


def sweep_lines(results: Results) -> list[list[str]]:
    """The table of the page as lines of words: a head, and a line for each cell."""
    return _lines(cells_of(results), HEADLINES[results.lead])


def _sentence(cells: Sequence[Cell], headline: Headline) -> str:
    """How far the number ranges over cells and effects, line by line."""
    spans: dict[str, list[float]] = {}
    for cell in cells:
        for row in cell.rows:
            if row["effect"] != "none":
                spans.setdefault(label_of(row), []).append(row["power"])
    if not spans:
        return "Every cell asks what happens if the cells do nothing."
    limit = max(row.get("limit", 0.0) for cell in cells for row in cell.rows)
    parts = [f"{label} {_span(values, headline, limit)}" for label, values in spans.items()]
    start = f"Over {len(cells)} runs and the assumptions about the cells in them, {headline.words} ranges so"
    return f"{start}: {'; '.join(parts)}."


def _span(values: Sequence[float], headline: Headline, limit: float) -> str:
    known, unit = [value for value in values if not np.isnan(value)], headline.unit and f" {headline.unit}"
    if len(known) < len(values):
        start = f"{min(known):.0f} to " if known else ""
        return f"{start}more than {limit:.0f}{unit}"
    if not headline.unit:
        return span_text(known)
    low, high = f"{min(known):.0f}", f"{max(known):.0f}"
    return f"{low}{unit}" if low == high else f"{low} to {high}{unit}"


def _accuracy(cells: Sequence[Cell], headline: Headline) -> str:
    errors = np.array([row["power_mcse"] for cell in cells for row in cell.rows])
    if np.all(np.isnan(errors)):
        return "" if not headline.unit else "How sure each number is says the page of its cell."
    return (
        f"± is the Monte Carlo standard error, in points: at most {100 * np.nanmax(errors):.1f} in any cell. It "
        "is the accuracy of the simulation, not of the model."
    )


def _lines(cells: Sequence[Cell], headline: Headline) -> list[list[str]]:
    """A head, and for each cell a line for each effect: the cell, the effect, and the number of each endpoint."""
    labels = list(dict.fromkeys(label_of(row) for cell in cells for row in cell.rows))
    lines = [["cell", "", *labels]]
    for cell in cells:
        for effect in dict.fromkeys(row["effect"] for row in cell.rows):
            values = {label_of(row): headline.text(row) for row in cell.rows if row["effect"] == effect}
            lines.append([cell.title, str(effect), *(values.get(label, "–") for label in labels)])
    return lines


def _table(cells: Sequence[Cell], folder: Path, headline: Headline) -> Html:
    """The same with a link to each cell, at its first line."""
    head, *rest = _lines(cells, headline)
    numbers = [cell.number for cell in cells for _ in dict.fromkeys(row["effect"] for row in cell.rows)]
    lines: list[list[Any]] = []
    for k, (number, (title, effect, *values)) in enumerate(zip(numbers, rest, strict=True)):
        page = f"{number}/report.html"
        name: Any = tag("a", title, href=page) if (folder / page).is_file() else title
        first = k == 0 or numbers[k - 1] != number
        lines.append([name if first else "", effect, *(tag("span", value) for value in values)])
    words = f"{headline.words[0].upper()}{headline.words[1:]}, at the first level of each cell"
    return table(
        ["Cell", "", *head[2:]], lines, f"{words}; a link leads to the cell's own page.", class_="numbers"
    )
