"""The figures of a folder as files: each panel as SVG, drawn by a browser, and the data of each figure as CSV."""

import tempfile
from pathlib import Path
from typing import Final

from sim.core.errors import InputError
from sim.report.browser import Browser, installed, running
from sim.report.figure import Figure, csv_of
from sim.report.page import figures_of, page
from sim.report.results import read
from sim.storage.atomic import write_text

FOLDER: Final = "figures"
_WIDTH: Final = 1200


def require_browser() -> str:
    """The browser that draws the figures.

    Errors : InputError where there is none.
    """
    program = installed()
    if program is None:
        raise InputError(
            "report.formats: svg is drawn by a browser, and neither chromium nor google-chrome is installed; "
            "install one, or leave svg out: the page saves each figure as SVG, too"
        )
    return program


def write_vectors(folder: Path) -> list[Path]:
    """Write `figures/NAME.svg` (NAME-1.svg … where there are several panels) and `figures/NAME.csv`.

    Errors : InputError without a browser, or where the folder holds no results.
    """
    program, results = require_browser(), read(folder)
    figures = figures_of(results, folder)
    (folder / FOLDER).mkdir(exist_ok=True)
    made = []
    with tempfile.TemporaryDirectory() as place, running(program) as browser:
        whole = Path(place) / "report.html"
        whole.write_text(page(results, folder), encoding="utf-8")
        browser.open(whole, _WIDTH, done="document.documentElement.dataset.drawn")
        for position, figure in enumerate(figures):
            for name, text in _drawings(browser, position, figure):
                made.append(folder / FOLDER / f"{name}.svg")
                write_text(made[-1], text)
            made.append(folder / FOLDER / f"{figure.name}.csv")
            write_text(made[-1], csv_of(figure))
    return made


def _drawings(browser: Browser, position: int, figure: Figure) -> list[tuple[str, str]]:
    if figure.drawing:
        return [(figure.name, figure.drawing)]
    several = len(figure.panels) > 1
    return [
        (
            f"{figure.name}-{k + 1}" if several else figure.name,
            str(browser.evaluate(f"report.vector(report.figures[{position}], {k})")),
        )
        for k in range(len(figure.panels))
    ]
