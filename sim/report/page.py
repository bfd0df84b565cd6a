"""The page: one self-contained HTML file of a result folder, the same bytes for the same folder."""

from importlib import resources
from pathlib import Path
from string import Template
from typing import Final

from sim.report.catalogue import ANSWER, CONDUCT, COURSE, DECISION, METHOD, STORIES, drawn
from sim.report.figure import Figure, specification, to_json
from sim.report.figure_html import figure_html
from sim.report.html import Html, joined, tag, text
from sim.report.method import method_html
from sim.report.questions.catalogue import QUESTIONS
from sim.report.results import Results, read
from sim.report.sweep import sweep_body
from sim.storage.atomic import write_text

NAME: Final = "report.html"
_SECTIONS: Final = (
    (DECISION, "What decides", "How often the rule of the trial is met, and what the rule asks for."),
    (
        COURSE,
        "With and without the cells",
        "The same virtual patients live twice, with the same luck; only the cells differ.",
    ),
    (CONDUCT, "How the trial runs", "Who is screened, who is found, and how long it takes."),
    (
        STORIES,
        "Three trials, three patients",
        "A typical, a lucky and an unlucky trial, chosen by their number of responders.",
    ),
)
_PICTURES: Final = (
    (DECISION, "In pictures", "Point at a figure for its values; each can be saved with its data."),
)


def write_page(folder: Path) -> Path:
    """Make `report.html` of what stands in a folder.

    Errors : InputError where the folder holds no results that say how they were made.
    """
    path = folder / NAME
    write_text(path, page(read(folder), folder))
    return path


def page(results: Results, folder: Path) -> str:
    """The page as text; `folder` is where the cells of a sweep are looked for."""
    if results.is_sweep:
        body, figures = sweep_body(results, folder)
        title, links = "Simulated trials: a sweep", [("answer", "Answer"), ("method", "Method and limits")]
    else:
        body, figures, links = _run_body(results)
        title = f"Simulated trial: {results.configuration['design']['name']}"
    return _filled(
        title=text(title),
        banner=text(_banner(results)),
        generator=text(f"{results.said.get('software', '')} {results.said.get('version', '')}"),
        navigation=_navigation(links),
        body=body,
        footer=_footer(results),
        figures=Html(to_json([specification(figure) for figure in figures])),
    )


def figures_of(results: Results, folder: Path) -> list[Figure]:
    """The figures of the page, in its order."""
    if results.is_sweep:
        return sweep_body(results, folder)[1]
    return [figure for _, figure in drawn(results)]


def _run_body(results: Results) -> tuple[Html, list[Figure], list[tuple[str, str]]]:
    """Answer, sections and method of one run, its figures, and the links to the sections."""
    figures, question = drawn(results), QUESTIONS[results.lead]
    body = [tag("section", question.first_screen(results), *_of(ANSWER, figures), aria_label="The answer")]
    links = [("answer", "Answer")]
    for name, title, lead in _SECTIONS if results.lead == "power" else _PICTURES:
        pieces = _of(name, figures)
        if pieces:
            body.append(tag("section", tag("h2", title, id=name), tag("p", lead, class_="lead"), *pieces))
            links.append((name, title))
    body.append(tag("section", method_html(results, question, *_of(METHOD, figures))))
    links.append(("method", "Method and limits"))
    return joined(body, "\n"), [figure for _, figure in figures], links


def _of(section: str, figures: list[tuple[str, Figure]]) -> list[Html]:
    return [figure_html(figure) for name, figure in figures if name == section]


def _filled(**pieces: Html) -> str:
    """The template with its pieces; the plotting library stands in it once."""
    from plotly.offline import get_plotlyjs

    folder = resources.files("sim.report") / "template"
    read_text = {name: (folder / f"page.{name}").read_text(encoding="utf-8") for name in ("html", "css", "js")}
    library = f"<script>{get_plotlyjs()}</script>"
    return Template(read_text["html"]).substitute(
        pieces, style=read_text["css"], program=read_text["js"], library=library
    )


def _banner(results: Results) -> str:
    """What nobody may mistake the page for."""
    if not QUESTIONS[results.lead].simulated:
        return "Synthetic: exact figures of formulas. Nothing on this page was observed in a person."
    if results.lead != "prediction":
        return "Synthetic: virtual patients only. Nothing on this page was observed in a person."
    if results.said.get("data_synthetic") == "true":
        return "Synthetic: virtual patients only, those of the running trial included."
    return "Synthetic: predictions by virtual patients, from a data set that does not say it is synthetic."


def _navigation(links: list[tuple[str, str]]) -> Html:
    items = [tag("li", tag("a", title, href=f"#{name}")) for name, title in links]
    return tag("nav", tag("ul", *items), aria_label="Sections")


def _footer(results: Results) -> Html:
    said = results.said
    return tag(
        "p",
        f"Synthetic. Made by {said.get('software')} {said.get('version')} from results of {said.get('created')}.",
    )
