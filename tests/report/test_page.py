"""The page as a file: the numbers of the power table, the same bytes again, nothing from outside."""

import html
import math
import re

import numpy as np
import pytest

from sim.cli import main
from sim.report.figure import csv_of, specification
from sim.report.numbers import power_text, span_text, with_error
from sim.report.page import figures_of
from sim.report.results import read
from sim.storage.parquet import read_table
from sim.words.rows import headline_rows

SPAN = re.compile(r'<span data-power="([^"]+)" data-value="([^"]+)">([^<]+)</span>')


def text_of(folder):
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["run", "sweep"])
def test_the_report_task_makes_the_same_bytes_of_the_folder_alone(request, name, capsys):
    folder = request.getfixturevalue(name)
    before = (folder / "report.html").read_bytes()
    (folder / "report.html").unlink()
    assert main(["task=report", f"source={folder}"]) == 0
    assert (folder / "report.html").read_bytes() == before
    assert str(folder / "report.html") in capsys.readouterr().out


def test_the_numbers_of_the_first_table_are_those_of_the_power_table(run):
    power = read_table(run / "power.parquet", "power")
    shown = {
        html.unescape(key): (float(value), html.unescape(words))
        for key, value, words in SPAN.findall(text_of(run))
    }
    rows = headline_rows(power)
    assert len(rows) == 5 * 4
    for row in rows:
        value, words = shown[f"{row['endpoint']}/{row['effect']}"]
        assert value == row["power"]
        assert words == power_text(row)
        assert float(words.split("\u202f")[0]) == pytest.approx(100 * row["power"], abs=0.05001)


def test_the_first_table_says_what_beats_the_whole_range(run):
    rows = headline_rows(read_table(run / "power.parquet", "power"))
    text = html.unescape(text_of(run))
    for endpoint in dict.fromkeys(row["endpoint"] for row in rows):
        own = [row for row in rows if row["endpoint"] == endpoint]
        line = text[text.index(f'data-power="{endpoint}/') :]
        line = line[: line.index("</tr>")]
        before = text[: text.index(f'data-power="{endpoint}/')]
        critical, n = own[0]["interval_critical_value"], own[0]["n"]
        needed = f"none of {n:.0f}" if math.isnan(critical) else f"{critical:.0f} of {n:.0f}"
        assert before[before.rindex("<tr>") :].count(f"range: {needed}<") == 1
        said = re.findall(r">range ([^<]+)<", line)
        power = [with_error(row["interval_power"], row["interval_power_mcse"]) for row in own]
        assert said == (["0 %"] * 4 if math.isnan(critical) else power), endpoint
    assert {math.isnan(row["interval_critical_value"]) for row in rows} == {True, False}


def test_the_numbers_of_the_figures_are_those_of_the_tables(run):
    tables = read(run).tables
    power = {(row["endpoint"], row["effect"]): row for row in headline_rows(tables["power"])}
    figures = {figure.name: figure for figure in figures_of(read(run), run)}
    for endpoint, _, alpha, effect, value, *_ in figures["power_by_effect"].rows:
        if alpha == 0.05:
            assert value == power[endpoint, effect]["power"]
    for endpoint, _, effect, responders, share in figures["responder_counts"].rows:
        row = power[endpoint, effect]
        counts = tables["responders"]
        chosen = (
            (counts["endpoint"] == endpoint) & (counts["effect"] == effect) & (counts["responders"] == responders)
        )
        chosen &= counts["population"] == row["population"]
        assert share == pytest.approx(counts["trials"][chosen].sum() / row["n_trials"])


def test_the_share_of_trials_at_or_above_the_critical_value_is_the_power(run):
    tables = read(run).tables
    counts = tables["responders"]
    for row in headline_rows(tables["power"]):
        if row["n_min"] == row["n_max"] == row["n"]:
            chosen = (counts["endpoint"] == row["endpoint"]) & (counts["effect"] == row["effect"])
            chosen &= (counts["population"] == row["population"]) & (counts["responders"] >= row["critical_value"])
            assert counts["trials"][chosen].sum() / row["n_trials"] == row["power"]


def test_at_the_assumed_benchmark_the_moved_one_gives_the_power(run):
    tables = read(run).tables
    moved = tables["moving_benchmark"]
    for row in headline_rows(tables["power"]):
        at = (moved["endpoint"] == row["endpoint"]) & (moved["effect"] == row["effect"])
        at &= abs(moved["null_rate"] - row["null_rate"]) < 1e-9
        assert moved["success"][at].tolist() == [row["power"]]
        assert moved["success_mcse"][at].tolist() == [row["power_mcse"]]


@pytest.mark.parametrize("name", ["run", "hopeless", "hostile", "sweep"])
def test_the_page_is_one_small_file_that_says_synthetic_and_needs_nothing_else(request, name):
    folder = request.getfixturevalue(name)
    text = text_of(folder)
    assert len(text.encode()) < 6_000_000
    assert text.count("Synthetic: virtual patients only") >= 2
    own = text[: text.index("<script>")] + text[text.index('id="figures"') :]
    assert not re.search(r'(?:src|href)="(?!#|\d+/report\.html)', own)
    assert "default-src 'none'" in text


def test_free_text_is_escaped(hostile):
    text = text_of(hostile)
    own = text[: text.index("<script>")] + text[text.index('id="figures"') :]
    assert "<script>alert" not in own
    assert "<img" not in own
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in own


def test_an_endpoint_that_cannot_succeed_is_said_to_be_so(hopeless):
    power = read_table(hopeless / "power.parquet", "power")
    assert power["p_filled"].max() == 0.0
    assert power["power"].max() == 0.0
    text = text_of(hopeless)
    assert "No number of responders can succeed at the planned n for P1" in text
    assert "did not fill their places" in text


def test_every_assumption_stands_on_the_page_with_its_source(run):
    found = read(run).tables["assumptions"]
    text = html.unescape(text_of(run))
    assert found.length > 600
    for key, source in zip(found["key"].tolist(), found["source"].tolist(), strict=True):
        assert f"<code>{key}</code>" in text
        assert source in text


def test_numbers_of_the_configuration_of_the_page_say_how_to_make_it_again(run):
    said = read(run).said
    text = html.unescape(text_of(run))
    for key in ("command", "configuration_sha256", "model_sha256", "seed", "created"):
        assert said[key] in text
    assert "Requested 24 trials, completed 24, failed 0" in text


def test_without_a_sample_the_figures_of_patients_are_left_out(folder):
    path = folder("effect=none", "run.sample=0")
    names = {figure.name for figure in figures_of(read(path), path)}
    assert {"without_cells", "power_by_effect", "moving_benchmark"} <= names
    assert not {"twins", "flow", "stories", "steroid"} & names
    assert not (path / "sample").exists()


def test_tables_of_another_run_are_not_mixed_in(folder, tmp_path):
    import shutil

    shutil.copytree(folder("effect=none", "run.sample=0"), tmp_path / "A")
    shutil.copy(folder() / "responders.parquet", tmp_path / "A" / "responders.parquet")
    assert "responders" not in read(tmp_path / "A").tables


def test_no_report_where_none_is_asked_for(folder):
    path = folder("effect=none", "run.sample=0", "report.formats=[]")
    assert (path / "power.parquet").exists()
    assert not (path / "report.html").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["task=report"], "source: is missing; name the folder of a run with source=FOLDER"),
        (["task=report", "source=nowhere"], "source: nowhere holds no table that a page can be about (power, "),
        (["task=report", "source=x", "run.seed=1"], "run.seed: a report takes this from its source"),
        (["task=report", "source=x", "report.formats=[]"], "report.formats: [] is no report"),
        (["task=report", "source=x", "report.formats=[pdf]"], "report.formats: ['pdf'] is not allowed; it must"),
    ],
)  # fmt: skip
def test_bad_input_is_one_message_and_status_2(words, said, capsys):
    assert main(words) == 2
    assert capsys.readouterr().err.startswith(said)


def test_svg_without_a_browser_is_refused_before_anything_is_computed(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sim.report.vector.installed", lambda: None)
    assert main(["report.formats=[svg]", "run.trials=2", f"hydra.run.dir={tmp_path / 'A'}"]) == 2
    assert capsys.readouterr().err.startswith("report.formats: svg is drawn by a browser")
    assert not (tmp_path / "A").exists()


@pytest.mark.parametrize("name", ["run", "hopeless", "hostile", "sweep"])
def test_every_figure_is_valid_for_the_plotting_library_and_has_its_data(request, name):
    from plotly.graph_objects import Figure

    folder = request.getfixturevalue(name)
    for figure in figures_of(read(folder), folder):
        assert figure.drawing or figure.panels, figure.name
        for panel in specification(figure)["panels"]:
            Figure({"data": panel["data"], "layout": panel["layout"]})
        lines = csv_of(figure).splitlines()
        assert lines[0].split(",")[0] == figure.columns[0]
        assert len(lines) == len(figure.rows) + 1
        assert (
            len({trace.get("view") for panel in figure.panels for trace in panel.traces} - {None, *figure.views})
            == 0
        )


def test_the_numbers_of_the_page_are_those_of_the_terminal(run):
    """Every row of the table under performance measures stands in the summary with the same power and rate."""
    text, said = text_of(run), (run / "summary.txt").read_text(encoding="utf-8")
    lines = [line.split() for line in said.splitlines() if re.match(r"[PS]\d +(?:all|LN|LC) ", line)]
    told = {tuple(words[:4]): " ".join(words) for words in lines}
    listed = text[text.index("Performance measures") : text.index("Validation</h3>")]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", listed)[1:]]
    assert len(rows) == len(told) == read_table(run / "power.parquet").length
    for cells in rows:
        words = told[tuple(cells[:4])]
        for cell in cells[5:7]:
            value, error = (float(number) for number in re.findall(r"[\d.]+", cell))
            near = re.findall(r"(\d\.\d{3}) ± (\d\.\d{4})", words)
            assert any(
                abs(float(a) - value / 100) < 6e-4 and abs(float(b) - error / 100) < 6e-5 + 5e-5 for a, b in near
            )


def test_the_answer_names_each_primary_endpoint_with_its_error_and_its_range(run):
    power = read_table(run / "power.parquet", "power")
    rows = {(row["endpoint"], row["effect"]): row for row in headline_rows(power)}
    found = re.search(r'<p class="answer">(.*?)</p>', text_of(run), re.DOTALL)[1]
    for endpoint in ("P1", "P2", "P3"):
        assert power_text(rows[endpoint, "neutral"]) in html.unescape(found)
        acting = [rows[endpoint, effect]["power"] for effect in ("pessimistic", "neutral", "optimistic")]
        assert f"({span_text(acting)})" in html.unescape(found)
        assert power_text(rows[endpoint, "none"]) in html.unescape(found).split("did nothing")[1]
    assert "S1" not in found


def test_power_over_the_number_of_patients_is_that_of_a_bank_of_the_same_trials(folder):
    path = folder("run.trials=40", "run.sample=0")
    bank = read_table(folder("run.trials=40", "task=sample_size", "question.n_high=30") / "sample_size.parquet")
    over, wanted = read(path).tables["power_over_n"], bank.where(bank["planned_split"] == 1)
    assert over.length == wanted.length == 5 * 4 * 2 * 26
    assert not any(over["remark"].tolist())
    for name in wanted:
        np.testing.assert_array_equal(over[name], wanted[name], err_msg=name)
    figure = next(each for each in figures_of(read(path), path) if each.name == "sample_size")
    assert [panel.title[:2] for panel in figure.panels] == ["P1", "P2", "P3", "S1", "S3"]
    planned = [panel.layout["shapes"][1] for panel in figure.panels]
    assert [(shape["x0"], shape["x1"]) for shape in planned] == [(n, n) for n in (10, 5, 5, 10, 10)]
    assert "exact at the response rates of this run" in text_of(path)


def test_where_the_patients_do_not_say_other_sizes_a_sentence_says_so(hopeless):
    assert "power_over_n" in read(hopeless).tables
    assert "sample_size" not in {figure.name for figure in figures_of(read(hopeless), hopeless)}
    assert "Left out is P1: too few simulated patients" in text_of(hopeless)


def test_an_endpoint_whose_patients_are_too_few_is_left_out_of_power_over_n_by_name(run):
    figure = next(each for each in figures_of(read(run), run) if each.name == "sample_size")
    assert [panel.title[:2] for panel in figure.panels] == ["P1", "S1", "S3"]
    assert "Not drawn: P2, too few simulated patients for trials of 30: raise run.trials." in figure.caption


def test_a_rule_that_plans_its_numbers_has_a_sentence_in_the_place_of_other_sizes(folder):
    path = folder("design=simon_minimax", "effect=neutral", "run.sample=0")
    assert not (path / "power_over_n.parquet").exists()
    assert "sample_size" not in {figure.name for figure in figures_of(read(path), path)}
    assert "Power over the number of patients is not shown: under a rule that plans" in text_of(path)
