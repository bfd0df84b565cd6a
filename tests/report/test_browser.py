"""Pages in a real browser: drawn without an error or the network, at two widths, and what a reader does."""

import contextlib
import json
from xml.etree import ElementTree

import pytest

from sim.report.figure import csv_of
from sim.report.page import figures_of
from sim.report.results import read
from tests.report.conftest import QUESTIONS

ASKED = (*QUESTIONS, "prediction")
CAUGHT = """
window.saved = {};
const blobs = new Map(), make = URL.createObjectURL;
URL.createObjectURL = blob => { const url = make.call(URL, blob); blobs.set(url, blob); return url; };
HTMLAnchorElement.prototype.click = function () {
  const name = this.download;
  blobs.get(this.href).text().then(text => { saved[name] = text; });
};
"""
"""What the page would save goes into `saved` instead."""
DRAWN = "document.documentElement.dataset.drawn"
AS_WIDE_AS_ITS_PLACE = """
new Promise(go => {
  const wide = part => Math.round(part.getBoundingClientRect().width), until = performance.now() + 10000;
  const look = () => Array.from(document.querySelectorAll('.chart')).every(
    place => Math.abs(wide(place.querySelector('.main-svg')) - wide(place)) < 2
  ) || performance.now() > until ? setTimeout(go, 50) : setTimeout(look, 20);
  look();
})
"""
"""Waits until every figure has followed the width of the page; what has not by then is left to the test."""
PANELS = """
Array.from(document.querySelectorAll('.chart'), place => ({
  id: place.id,
  seen: Array.from(place.querySelectorAll('.main-svg')).some(svg => svg.getBoundingClientRect().width > 100),
  inside: place.getBoundingClientRect().right <= document.documentElement.clientWidth + 1,
  marks: place.querySelectorAll('.trace path, .point, .bars path, .heatmaplayer image, .textpoint').length,
  wanted: place.data.filter(trace => trace.visible && (trace.x || trace.z || []).length).length
}))
"""


@pytest.fixture(scope="module")
def opened(browser):
    """Shows the page of a folder at a width, drawn; a page that is open already is made so wide."""
    shown = []

    def show(folder, width=1200):
        if shown[-1:] != [folder]:
            browser.open(folder / "report.html", width, done=DRAWN)
            shown.append(folder)
        browser.resize(width)
        browser.evaluate(AS_WIDE_AS_ITS_PLACE)
        assert troubles(browser) == []

    return show


def troubles(browser):
    """Errors and warnings of the console, uncaught errors, requests for anything but the page and its own data."""
    found = []
    for event in browser.events:
        what = event.get("params", {})
        if event["method"] == "Runtime.exceptionThrown":
            found.append(json.dumps(what["exceptionDetails"])[:500])
        elif event["method"] == "Log.entryAdded" and what["entry"]["level"] in ("error", "warning"):
            found.append(what["entry"]["text"])
        elif event["method"] == "Runtime.consoleAPICalled" and what["type"] in ("error", "warning", "assert"):
            found.append(json.dumps(what["args"])[:500])
        elif event["method"] == "Network.requestWillBeSent":
            url = what["request"]["url"]
            if not url.endswith("/report.html") and not url.startswith(("data:", "blob:")):
                found.append(url)
    return found


def figures(folder):
    return figures_of(read(folder), folder)


@pytest.mark.parametrize(
    ("name", "width"),
    [
        ("hopeless", 1200),
        ("hopeless", 380),
        ("sweep", 1200),
        ("sweep", 380),
        ("hostile", 1200),
        ("run", 1200),
        ("run", 380),
    ],
)
def test_every_figure_is_drawn_inside_the_page_without_error_or_network(opened, browser, request, name, width):
    folder = request.getfixturevalue(name)
    opened(folder, width)
    panels = {panel["id"]: panel for panel in browser.evaluate(PANELS)}
    expected = {f"chart-{figure.name}-{k}" for figure in figures(folder) for k in range(len(figure.panels))}
    assert set(panels) == expected
    for panel in panels.values():
        assert panel["seen"] and panel["inside"], panel
        assert panel["marks"] > 0 or panel["wanted"] == 0, panel
    assert browser.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert browser.evaluate("document.querySelectorAll('.flow svg').length") == sum(
        bool(figure.drawing) for figure in figures(folder)
    )


@pytest.mark.parametrize("name", ASKED)
def test_every_figure_of_a_question_is_drawn_inside_its_page(opened, browser, answered, name):
    folder, _ = answered(name)
    expected = {f"chart-{each.name}-{k}" for each in figures(folder) for k in range(len(each.panels))}
    for width in (1280, 420):
        opened(folder, width)
        panels = {panel["id"]: panel for panel in browser.evaluate(PANELS)}
        assert set(panels) == expected
        for panel in panels.values():
            assert panel["seen"] and panel["inside"], panel
            assert panel["marks"] > 0 or panel["wanted"] == 0, panel
        assert browser.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("name", ["decisions", "sweep", "run"])
def test_every_figure_is_saved_with_its_data_by_its_buttons(opened, browser, request, answered, name):
    folder = request.getfixturevalue(name) if name in ("run", "sweep") else answered(name)[0]
    opened(folder)
    browser.evaluate(CAUGHT)
    for figure in figures(folder):
        browser.evaluate(
            f"document.querySelectorAll('#figure-{figure.name} .tools button').forEach(button => button.click())"
        )
    expected = {f"{each.name}.csv": csv_of(each) for each in figures(folder)}
    drawings = {
        f"{each.name}{f'-{k + 1}' if len(each.panels) > 1 else ''}.svg": each
        for each in figures(folder)
        for k in range(max(len(each.panels), 1))
    }
    wanted = len(expected) + len(drawings)
    browser.evaluate(
        f"new Promise(go => {{ const look = () => Object.keys(saved).length >= {wanted} ? go() : "
        "setTimeout(look, 50); look(); })"
    )
    saved = browser.evaluate("saved")
    assert set(saved) == {*expected, *drawings}
    assert {name: text for name, text in saved.items() if name.endswith(".csv")} == expected
    for file, figure in drawings.items():
        assert saved[file].startswith("<svg") and saved[file].endswith("</svg>"), file
        ElementTree.fromstring(saved[file])
        assert figure.drawing or figure.title[:20] in "".join(ElementTree.fromstring(saved[file]).itertext())
    assert troubles(browser) == []


def test_a_button_shows_another_view_of_a_figure(opened, browser, run):
    opened(run)
    seen = "document.getElementById('chart-responder_counts-0').data.map(trace => [trace.name, trace.visible])"
    assert dict(browser.evaluate(seen)) == {
        "cells do nothing": True, "pessimistic": False, "neutral": True, "optimistic": False,
    }  # fmt: skip
    browser.evaluate("document.querySelectorAll('#figure-responder_counts button[data-view-of]')[2].focus()")
    browser.ask(
        "Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r"
    )
    browser.ask("Input.dispatchKeyEvent", type="keyUp", key="Enter", code="Enter", windowsVirtualKeyCode=13)
    assert dict(browser.evaluate(seen)) == {
        "cells do nothing": True, "pessimistic": False, "neutral": False, "optimistic": True,
    }  # fmt: skip
    buttons = "document.querySelectorAll('#figure-responder_counts button[data-view-of]')"
    pressed = f"Array.from({buttons}, button => button.ariaPressed)"
    assert browser.evaluate(pressed) == ["false", "false", "true"]
    assert troubles(browser) == []


def test_the_data_behind_a_figure_can_be_read_and_saved(opened, browser, run):
    opened(run)
    browser.evaluate("document.querySelector('#figure-power_by_effect details.data').open = true")
    browser.evaluate("new Promise(go => setTimeout(go, 50))")
    cells = browser.evaluate(
        "Array.from(document.querySelectorAll('#figure-power_by_effect details.data tr'), row => row.cells.length)"
    )
    figure = next(each for each in figures(run) if each.name == "power_by_effect")
    assert cells == [len(figure.columns)] * (len(figure.rows) + 1)
    saved = browser.evaluate("report.vector(report.figures[0], 0)")
    assert saved.startswith("<svg") and figures(run)[0].title in saved
    assert troubles(browser) == []


def test_hostile_names_are_shown_as_they_are_and_do_nothing(opened, browser, hostile):
    opened(hostile)
    assert browser.evaluate("document.querySelectorAll('img').length") == 0
    assert (
        browser.evaluate("Array.from(document.scripts).filter(s => s.textContent.startsWith('alert')).length") == 0
    )
    assert "<script>alert(1)</script>" in browser.evaluate("document.querySelector('.answer').textContent")
    assert "<script>alert(1)</script>" in browser.evaluate(
        "document.getElementById('chart-without_cells-0').querySelector('.legend').textContent"
    )


def test_every_figure_has_words_for_those_who_cannot_see_it(opened, browser, run):
    opened(run)
    labels = browser.evaluate(
        "Array.from(document.querySelectorAll('.chart, .flow svg'), c => c.getAttribute('aria-label'))"
    )
    assert all(len(label) > 40 for label in labels)
    assert browser.evaluate(
        "Array.from(document.querySelectorAll('button, a, summary')).every(e => e.tabIndex >= 0)"
    )


def test_figures_are_written_as_files(run, browser, monkeypatch):
    from sim.report import vector

    few = [figure for figure in figures(run) if figure.name in ("without_cells", "responder_counts", "flow")]
    monkeypatch.setattr(vector, "figures_of", lambda *_: few)
    monkeypatch.setattr(vector, "running", lambda _: contextlib.nullcontext(_DrawnAlready(browser, few)))
    made = {path.name for path in vector.write_vectors(run)}
    assert made == {
        "without_cells.svg", "without_cells.csv", "flow.svg", "flow.csv", "responder_counts.csv",
        *(f"responder_counts-{k}.svg" for k in range(1, 6)),
    }  # fmt: skip
    for name in made:
        text = (run / "figures" / name).read_text()
        assert text.startswith("<svg" if name.endswith("svg") else few[0].columns[0] if name[0] == "w" else "")
    assert few[0].title in (run / "figures" / "without_cells.svg").read_text()


class _DrawnAlready:
    """The page of all figures, which is open, in the place of one of a few."""

    def __init__(self, browser, few):
        self._browser, self._names = browser, [figure.name for figure in few]

    def open(self, path, width, *, done):
        assert path.read_text().startswith("<!doctype html>")
        self._browser.open(path, width, done=done)

    def evaluate(self, expression):
        place = int(expression.split("figures[")[1].split("]")[0])
        named = f"report.figures.find(each => each.name === '{self._names[place]}')"
        return self._browser.evaluate(expression.replace(f"report.figures[{place}]", named))
