"""Figures of tables that other tasks write, and single figures of tables made by hand."""

import numpy as np
import pytest

from sim.core.tables import Table
from sim.report.cells import Cell, cells_of
from sim.report.figure import Figure, Panel, csv_of, specification, to_json
from sim.report.figures.accrual import accrual
from sim.report.figures.causes import causes
from sim.report.figures.power_by_effect import power_by_effect
from sim.report.figures.readings import readings
from sim.report.figures.responder_counts import responder_counts
from sim.report.figures.sample_size import sample_size
from sim.report.figures.sweep_maps import heat_map, small_multiples
from sim.report.figures.tournament import tournament
from sim.report.headlines import HEADLINES
from sim.report.numbers import needed, percent, power_text
from sim.report.results import read
from sim.storage.parquet import read_table

plotly = pytest.importorskip("plotly.graph_objects")
POWER = HEADLINES["power"]


def valid(figure):
    for panel in specification(figure)["panels"]:
        plotly.Figure({"data": panel["data"], "layout": panel["layout"]})


def sizes():
    n = np.tile(np.arange(5, 11), 2)
    same = {"endpoint": "P2", "population": "LC", "wanted_power": 0.8, "alpha": 0.05, "null_rate": 0.15}
    return Table(
        {name: np.full(12, value) for name, value in same.items()}
        | {
            "effect": np.repeat(["neutral", "optimistic"], 6),
            "n": n,
            "planned_split": np.ones(12, np.int8),
            "critical_value": np.where(n < 6, np.nan, 3.0),
            "attained_size": np.full(12, 0.03),
            "rate": np.repeat([0.3, 0.5], 6),
            "power": np.linspace(0.1, 0.9, 12),
            "power_mcse": np.full(12, 0.01),
        }
    )


def test_a_table_of_sample_sizes_is_drawn_with_its_sawtooth():
    figure = sample_size(sizes())
    valid(figure)
    lines = [trace for trace in figure.panels[0].traces if "name" in trace]
    assert [trace["name"] for trace in lines] == ["size at the benchmark", "neutral", "optimistic"]
    bands = [trace for trace in figure.panels[0].traces if trace.get("fill") == "toself"]
    assert bands[0]["y"][:6] == pytest.approx((sizes()["power"][:6] + 1.96 * 0.01).tolist())
    assert bands[0]["y"][6:] == pytest.approx((sizes()["power"][5::-1] - 1.96 * 0.01).tolist())
    assert len(figure.rows) == 12
    assert sample_size(sizes().where(np.zeros(12, np.bool_))) is None


def compared():
    """Readings of one endpoint under two effects: the base, a reading, a world."""
    names = np.array(["as declared", "X26_visits", "no_taper"] * 2)
    same = {"endpoint": "P1", "population": "all", "alpha": 0.05, "words": "a=b", "power_mcse": 0.01}
    return Table(
        {name: np.full(6, value) for name, value in same.items()}
        | {
            "alternative": names,
            "kind": np.array(["base", "reading", "world"] * 2),
            "effect": np.repeat(["none", "neutral"], 3),
            "response_rate": np.array([0.6, 0.65, 0.1, 0.7, 0.72, 0.2]),
            "power": np.array([0.1, 0.2, 0.0, 0.3, 0.35, 0.05]),
            "power_change": np.array([0.0, 0.1, -0.1, 0.0, 0.05, -0.25]),
            "rate_change": np.array([0.0, 0.05, -0.5, 0.0, 0.02, -0.5]),
        }
        | {f"{name}_mcse": np.full(6, 0.01) for name in ("response_rate", "power_change", "rate_change")}
    )


def test_readings_are_ordered_by_how_far_they_move_power():
    figure = readings(compared())
    valid(figure)
    assert figure.panels[0].traces[0]["y"] == ["no taper", "X26 visits"]
    assert figure.panels[0].traces[0]["x"] == [-0.25, 0.05]


def test_causes_compare_the_patients_without_cells_with_worlds_that_lack_one():
    figure = causes(compared())
    valid(figure)
    assert [row[2:4] for row in figure.rows] == [("as declared", 0.6), ("no_taper", 0.1)]
    assert causes(compared().where(np.array([0, 1, 3, 4]))) is None


def test_a_tournament_is_drawn_best_on_top():
    rows = sizes().where(np.array([0, 1, 6, 7]))
    table = rows.adding(
        {
            "endpoint": np.array(["P2", "ITP_response"] * 2),
            "kind": np.full(4, "yes/no"),
            "null_rate": np.full(4, 0.15),
            "circular": np.array([0, 1, 0, 1], np.int8),
            "rate": np.full(4, 0.3),
            "missing": np.zeros(4),
            "power": np.array([0.2, np.nan, 0.5, 0.6]),
        }
    )
    figure = tournament(table)
    valid(figure)
    assert figure.panels[0].layout["yaxis"]["categoryarray"] == ["ITP response (LC) *", "P2 (LC)"]


def test_one_level_of_the_test_is_drawn_as_two_are(run):
    power = read_table(run / "power.parquet", "power")
    figure = power_by_effect(power.where(power["alpha"] == 0.05))
    panel = specification(figure)["panels"][0]
    assert [trace["visible"] for trace in panel["data"]] == [True] * 5


def test_no_line_of_success_stands_where_a_rule_decides_on_the_first_patients(run):
    tables = read(run).tables
    power, responders = tables["power"], tables["responders"]
    p1 = next(panel for panel in responder_counts(power, responders).panels if panel.title.startswith("P1"))
    assert len(p1.layout["shapes"]) == 1
    staged = power.adding({"n": np.where(power["endpoint"] == "P1", 8.0, power["n"])})
    p1 = next(panel for panel in responder_counts(staged, responders).panels if panel.title.startswith("P1"))
    assert p1.layout["shapes"] == []


def test_a_run_of_one_effect_shows_its_inert_twin_beside(hopeless):
    power = read_table(hopeless / "power.parquet", "power")
    figure = power_by_effect(power)
    assert list(dict.fromkeys(row[3] for row in figure.rows)) == ["none", "neutral"]


def test_the_median_time_to_an_enrolment_is_that_of_the_trials():
    roles = Table({"trial": np.arange(3), "role": np.array(["drawn"] * 3), "responders": np.zeros(3, np.int32)})
    candidates = Table(
        {
            "trial": np.array([0, 0, 1, 1, 2, 2]),
            "enrolled_trial_day": np.array([30.44, 60.88, 91.32, 121.76, 152.2, np.nan]),
        }
    )
    figure = accrual(roles, candidates)
    valid(figure)
    assert [row[2] for row in figure.rows] == pytest.approx([3.0, 4.0])
    assert figure.rows[1][3] == np.inf
    assert csv_of(figure).splitlines()[2].endswith(",4.0,")


def test_a_cell_of_a_spreadsheet_cannot_begin_a_formula():
    figure = Figure(
        "a", "b", "c", "d", [Panel("", [], {"height": 1})], ("x",), [("=1+1",), ("plain",), (float("nan"),)]
    )
    assert csv_of(figure) == 'x\n\'=1+1\nplain\n""\n'


def test_json_for_a_script_element_cannot_leave_it():
    assert to_json({"a": "</script>&\u2028", "b": [float("nan"), 0.123456789]}) == (
        '{"a":"\\u003c/script\\u003e\\u0026\\u2028","b":[null,0.123457]}'
    )


def test_numbers_in_words():
    nan = float("nan")
    row = {
        "n": 10.0,
        "critical_value": 9.0,
        "power": 0.0,
        "power_mcse": 0.0,
        "power_low": 0.0,
        "power_high": 0.004,
    }
    assert needed(row) == "9 of 10"
    assert needed(row | {"critical_value": nan}) == "none of 10"
    assert needed(row | {"n": nan, "critical_value": nan}) == "by trial"
    assert power_text(row) == "0.0\u202f% (0.0\u202f% to 0.4\u202f%)"
    assert power_text(row | {"critical_value": nan}) == "0.0\u202f%\u00a0±\u00a00.0"
    assert percent(nan) == "–"


def test_the_cells_of_a_sweep_are_told_apart_by_what_was_swept(sweep):
    cells = cells_of(read(sweep))
    assert [cell.title for cell in cells] == ["taper=mandated", "taper=t24"] * 2
    assert {row["effect"] for row in cells[0].rows} == {"none"}


def test_differences_take_the_same_trials_side_by_side(sweep):
    from sim.report.cells import differences

    cells = cells_of(read(sweep))
    found = {(each.cell.number, each.endpoint): each for each in differences(cells, sweep)}
    assert found[1, "P2"].paired
    first, second = ({row["endpoint"]: row for row in cell.rows} for cell in cells[:2])
    for endpoint in ("P1", "S1", "S3"):
        each = found[1, endpoint]
        assert each.value == pytest.approx(second[endpoint]["power"] - first[endpoint]["power"])
        assert each.error <= 1e-12 + np.sqrt(24 / 23) * (
            first[endpoint]["power_mcse"] + second[endpoint]["power_mcse"]
        )
    (sweep / "1" / "chunks").rename(sweep / "1" / "away")
    try:
        lost = {(each.cell.number, each.endpoint): each for each in differences(cells, sweep)}
    finally:
        (sweep / "1" / "away").rename(sweep / "1" / "chunks")
    assert not lost[1, "P1"].paired
    assert lost[1, "P1"].error == pytest.approx(np.hypot(first["P1"]["power_mcse"], second["P1"]["power_mcse"]))


def test_a_map_of_one_swept_key_has_its_values_down_and_the_effects_across(sweep):
    power = read(sweep).tables["power"]
    figure = heat_map(cells_of(read(sweep)), POWER)
    valid(figure)
    trace = figure.panels[0].traces[0]
    assert trace["x"] == ["none", "neutral"]
    assert trace["y"] == ["taper=mandated", "taper=t24"]
    for k, taper in enumerate(("mandated", "t24")):
        for column, effect in enumerate(trace["x"]):
            own = (power["taper"] == taper) & (power["effect"] == effect) & (power["endpoint"] == "P1")
            own &= (power["population"] == "all") & (power["alpha"] == 0.05)
            assert trace["z"][k][column] == power["power"][own][0]


def two_keys():
    """Cells of a sweep over two keys under one effect."""
    row = {"endpoint": "P1", "population": "all", "effect": "neutral", "power_mcse": 0.01}
    return [
        Cell(
            number,
            {"taper": taper, "design.n": n},
            [row | {"power": number / 10, "power_low": number / 10, "power_high": number / 10}],
        )
        for number, (taper, n) in enumerate((taper, n) for taper in ("mandated", "t24") for n in ("8", "10", "14"))
    ]


def test_a_map_of_two_swept_keys_has_one_down_and_the_other_across():
    trace = heat_map(two_keys(), POWER).panels[0].traces[0]
    assert trace["y"] == ["taper=mandated", "taper=t24"]
    assert trace["x"] == ["8", "10", "14"]
    assert trace["z"] == [[0.0, 0.1, 0.2], [0.3, 0.4, 0.5]]


def test_lines_of_a_sweep_have_a_colour_for_each_of_the_other_values():
    figure = small_multiples(two_keys(), POWER)
    valid(figure)
    assert [name for name, _ in figure.key] == ["design.n=8", "design.n=10", "design.n=14"]
    traces = figure.panels[0].traces
    assert [trace["y"] for trace in traces] == [[0.0, 0.3], [0.1, 0.4], [0.2, 0.5]]
    assert len({trace["line"]["color"] for trace in traces}) == 3


def test_the_validation_figure_puts_each_value_into_its_interval(run):
    from sim.report.figures.validation import validation

    found = read(run).tables["validation"]
    figure = validation(found)
    valid(figure)
    aimed = found.where(~np.isnan(found["low"]))
    places = [value for panel in figure.panels for value in panel.traces[1]["x"]]
    assert places == pytest.approx((aimed["value"] - aimed["low"]) / (aimed["high"] - aimed["low"]))
    assert [row[0] for row in figure.rows] == aimed["id"].tolist()
    outside = found.adding({"verdict": np.full(found.length, "outside")})
    assert "outside: 1a" in validation(outside).alt
