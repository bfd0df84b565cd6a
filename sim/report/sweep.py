"""The body of a sweep's page: its cells with links to their own pages, maps, lines and paired differences."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.report.cells import Cell, cells_of, differences
from sim.report.figure import Figure
from sim.report.figure_html import figure_html
from sim.report.figures.sweep_maps import heat_map, paired_differences, small_multiples
from sim.report.html import Html, joined, table, tag
from sim.report.method import limits_html
from sim.report.numbers import label_of, percent, power_text
from sim.report.results import Results


def sweep_body(results: Results, folder: Path) -> tuple[Html, list[Figure]]:
    """The sections of the page, and the figures in them."""
    cells = cells_of(results.tables["power"])
    found = [heat_map(cells), small_multiples(cells), paired_differences(differences(cells, folder), cells[0])]
    figures = [figure for figure in found if figure is not None]
    pieces = [
        tag("h1", "How the answer moves over the sweep", id="answer"),
        tag("p", _sentence(cells), class_="answer"),
        tag("p", _accuracy(cells), class_="aside"),
        _table(cells, folder),
        *map(figure_html, figures),
        tag("h2", "Method and limits", id="method"),
        tag(
            "p",
            "Each cell is a run of its own; its page holds the method along ADEMP, every assumption with its "
            "source.",
        ),
        limits_html(),
        tag(
            "dl",
            tag("dt", "Command"),
            tag("dd", tag("code", results.said.get("command", ""))),
            tag("dt", "Results made"),
            tag("dd", results.said.get("created", "")),
        ),
    ]
    return tag("section", *pieces), figures


def _sentence(cells: Sequence[Cell]) -> str:
    """How far power ranges over cells and effects, endpoint by endpoint."""
    spans: dict[str, list[float]] = {}
    for cell in cells:
        for row in cell.rows:
            if row["effect"] != "none":
                spans.setdefault(label_of(row), []).append(row["power"])
    if not spans:
        return "Every cell asks what happens if the cells do nothing."
    parts = [f"{label} {100 * min(values):.0f} to {percent(max(values), 0)}" for label, values in spans.items()]
    start = f"Over {len(cells)} runs and the assumptions about the cells in them, power ranges so"
    return f"{start}: {', '.join(parts)}."


def _accuracy(cells: Sequence[Cell]) -> str:
    most = max(row["power_mcse"] for cell in cells for row in cell.rows)
    return (
        f"± is the Monte Carlo standard error, in points: at most {100 * most:.1f} in any cell. It is the "
        "accuracy of the simulation, not of the model."
    )


def _table(cells: Sequence[Cell], folder: Path) -> Html:
    labels = list(dict.fromkeys((label_of(row), row["effect"]) for cell in cells for row in cell.rows))
    lines: list[list[Any]] = []
    for cell in cells:
        page = f"{cell.number}/report.html"
        title = tag("a", cell.title, href=page) if (folder / page).is_file() else cell.title
        values = {(label_of(row), row["effect"]): tag("span", power_text(row)) for row in cell.rows}
        lines.append([title, *(values.get(label, "–") for label in labels)])
    head = ["Cell", *(joined([label, tag("small", effect)]) for label, effect in labels)]
    return table(
        head,
        lines,
        "Power of each cell at its first level; a link leads to the cell's own page.",
        class_="numbers",
    )
