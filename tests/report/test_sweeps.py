"""Sweeps of the tasks that ask a question: one page for all cells, with the numbers of the cells."""

import html
import re

import numpy as np
import pytest

from sim.cli import main
from sim.cli.combined import combined_table
from sim.config.config import canonical_yaml
from sim.report.cells import cells_of
from sim.report.headlines import HEADLINES
from sim.report.leads import LEADS
from sim.report.page import figures_of, write_page
from sim.report.results import read
from sim.report.sweep import sweep_lines
from sim.storage.parquet import read_table, write_table
from sim.words.rows import chosen_effect
from tests.report.conftest import QUESTIONS
from tests.report.test_browser import DRAWN, PANELS, troubles
from tests.report.test_figures import valid

pytest.importorskip("plotly.graph_objects")
SWEPT = tuple(name for name in QUESTIONS if name != "readings")


@pytest.fixture
def swept(answered, tmp_path):
    """A folder as a sweep over two keys leaves it, made of one question asked once."""

    def make(name, keys=({"taper": "mandated", "design.n": "10"}, {"taper": "t24", "design.n": "12"})):
        folder, _ = answered(name)
        table, one = read_table(folder / f"{name}.parquet"), read(folder)
        rows = [{"cell": str(number), **own} for number, own in enumerate(keys)]
        whole, entries = combined_table(rows, [table] * len(rows))
        cells = [
            {"cell": number, "overrides": [f"{key}={value}" for key, value in own.items()],
             "configuration": dict(one.configuration)}
            for number, own in enumerate(keys)
        ]  # fmt: skip
        said = dict(one.said) | {"configuration": canonical_yaml({"cells": cells})}
        write_table(tmp_path / f"{name}.parquet", name, whole, said, entries)
        (tmp_path / "0").mkdir()
        (tmp_path / "0" / "report.html").touch()
        write_page(tmp_path)
        return tmp_path, table

    return make


def test_every_task_that_can_be_swept_has_its_number():
    assert set(HEADLINES) == set(LEADS) - {"prediction"}


@pytest.mark.parametrize("name", SWEPT)
def test_a_sweep_of_a_question_has_a_page_with_maps_and_a_link_to_each_cell(swept, name):
    folder, _ = swept(name)
    figures = {figure.name: figure for figure in figures_of(read(folder), folder)}
    assert set(figures) == {"heat_map", "small_multiples"}
    for figure in figures.values():
        valid(figure)
    text = (folder / "report.html").read_text(encoding="utf-8")
    own = html.unescape(re.sub(r"<[^>]+>", " ", text[: text.index("<script>")]))
    assert '<a href="0/report.html">taper=mandated, design.n=10</a>' in text
    assert "taper=t24, design.n=12" in text and "1/report.html" not in text
    for line in sweep_lines(read(folder))[1:]:
        assert all(cell in own for cell in line)
    assert ("Differences between cells are not drawn" in own) == (name != "estimation")
    assert "Synthetic" in own


PLAIN = ("tournament", "changes", "times", "value_readings", "family", "alternatives", "assurance")


@pytest.mark.parametrize("name", PLAIN)
def test_numbers_of_a_sweep_are_rows_of_the_table(answered, name):
    folder, _ = answered(name)
    table, value = read_table(folder / f"{name}.parquet"), "assurance" if name == "assurance" else "power"
    pairs = set(zip(table[value].tolist(), table[f"{value}_mcse"].tolist(), strict=True))
    found = HEADLINES[name].rows(table, read(folder).configuration)
    assert len({(row["endpoint"], row["effect"]) for row in found}) == len(found) > 0
    assert all((row["power"], row["power_mcse"]) in pairs for row in found)
    for row in found:
        assert 0.0 <= row["power_low"] <= row["power"] <= row["power_high"] <= 1.0


def test_a_decision_is_compared_by_the_probability_of_go(answered):
    folder, _ = answered("decisions")
    table = read_table(folder / "decisions.parquet")
    for row in HEADLINES["decisions"].rows(table, read(folder).configuration):
        own = (table["endpoint"] == row["endpoint"][:2]) & (table["effect"] == row["effect"])
        go = own & (table["exact_binomial"] == "go")
        assert row["power"] == pytest.approx(table["probability"][go].sum())


def test_mixtures_are_compared_by_the_ends_of_their_power(answered):
    folder, _ = answered("composition")
    table = read_table(folder / "composition.parquet")
    rows = HEADLINES["composition"].rows(table, {})
    effect = chosen_effect(table["effect"].tolist())
    own = (table["effect"] == effect) & (table["endpoint"] == "P1") & (table["alpha"] == table["alpha"][0])
    assert [row["power"] for row in rows[:2]] == [np.nanmin(table["power"][own]), np.nanmax(table["power"][own])]


def test_numbers_of_patients_are_those_of_the_terminal_and_their_axis_is_no_share(answered, swept):
    folder, table = swept("sample_size")
    _, said = answered("sample_size")
    rows = {row["effect"]: row for row in HEADLINES["sample_size"].rows(table, {})}
    for effect, row in rows.items():
        told = re.search(rf"  {effect}: (.*)", said)[1]
        number = re.search(r"n = (\d+)", told)
        assert np.isnan(row["power"]) if "no n up to" in told else row["power"] == int(number[1])
    figure = next(each for each in figures_of(read(folder), folder) if each.name == "heat_map")
    assert figure.views[0] == "neutral"
    trace = figure.panels[0].traces[figure.views.index("optimistic")]
    assert trace["text"][0][0] == f"{rows['optimistic']['power']:.0f}"
    assert trace["zmax"] == 20  # not reached under none: more than the largest number that was looked at
    assert figure.panels[0].traces[figure.views.index("none")]["text"][0][0] == "&gt; 20"


def test_a_map_of_several_keys_and_effects_has_a_view_for_each_effect(swept):
    folder, table = swept(
        "family", [{"taper": taper, "design.n": n} for taper in ("mandated", "t24") for n in ("8", "10")]
    )
    figure = next(each for each in figures_of(read(folder), folder) if each.name == "heat_map")
    assert figure.views == ["neutral", "none", "pessimistic", "optimistic"]
    separate = next(panel for panel in figure.panels if panel.title == "each by itself")
    own = (table["procedure"] == "separate") & (table["claim"] == "any") & (table["alpha"] == 0.05)
    for trace in separate.traces:
        power = table["power"][own & (table["effect"] == trace["view"])][0]
        assert trace["x"] == ["8", "10"] and trace["y"] == ["taper=mandated", "taper=t24"]
        assert trace["z"] == [[power, power], [power, power]]


def test_the_command_line_makes_the_page_of_a_swept_question_and_tells_its_table(tmp_path, capsys):
    words = ["-m", "experiment=estimation", "design.n=5,10", f"hydra.sweep.dir={tmp_path / 'S'}"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert str(tmp_path / "S" / "report.html") in said
    for n in (5, 10):
        table = read_table(tmp_path / "S" / str({5: 0, 10: 1}[n]) / "estimation.parquet")
        row = (table["method"] == "wilson") & (table["n"] == n) & np.isclose(table["rate"], 0.5)
        width = f"{100 * table['width'][row][0]:.1f}"
        line = next(line for line in said.splitlines() if line.startswith(f"design.n={n} "))
        assert width in line
    before = (tmp_path / "S" / "report.html").read_bytes()
    assert main(["task=report", f"source={tmp_path / 'S'}"]) == 0
    assert (tmp_path / "S" / "report.html").read_bytes() == before


@pytest.mark.parametrize("name", ["sample_size", "estimation", "family"])
def test_every_figure_of_a_swept_question_is_drawn_inside_its_page(swept, browser, name):
    folder, _ = swept(name)
    for width in (1280, 420):
        browser.open(folder / "report.html", width, done=DRAWN)
        panels = browser.evaluate(PANELS)
        assert {panel["id"] for panel in panels} == {
            f"chart-{each.name}-{k}" for each in figures_of(read(folder), folder) for k in range(len(each.panels))
        }
        for panel in panels:
            assert panel["seen"] and panel["inside"], panel
            assert panel["marks"] > 0 or panel["wanted"] == 0, panel
        assert troubles(browser) == []


@pytest.mark.parametrize(("name", "told"), [("family", False), ("composition", True)])
def test_an_assumption_that_the_rows_do_not_say_tells_the_cells_apart(swept, name, told):
    folder, _ = swept(name, [{"effect": effect, "taper": "t24"} for effect in ("none", "neutral")])
    found = [cell.swept for cell in cells_of(read(folder))]
    assert found == ([{"effect": "none"}, {"effect": "neutral"}] if told else [{}, {}])
