"""task=readings from the command line: tables that agree, and alternatives refused by name."""

import math

import numpy as np
import pytest

from sim.cli.command import main
from sim.cli.ledger import last_table
from sim.config.compose import load
from sim.stats import binomial
from sim.storage.parquet import read_table

NO_PAGE = "report.formats=[]"
DECLARED = load().null_readings
FEW = "null_readings.{kind}={{{name}:'{words}'}}"


def only(**kinds):
    """Overrides that leave these alternatives alone."""
    texts = []
    for kind in ("readings", "assumptions", "worlds"):
        for name in getattr(DECLARED, kind):
            if name not in kinds.get(kind, ()):
                texts.append(f"~null_readings.{kind}.{name}")
    return texts


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("readings") / "run"
    chosen = only(readings=["X26_visits"], assumptions=["taper_discretionary", "noiseless"], worlds=["no_noise"])
    words = ["experiment=readings", "endpoint=P1", "run.trials=40", "run.workers=1", f"hydra.run.dir={place}"]
    assert main([*words, *chosen, NO_PAGE]) == 0
    return place


def test_every_alternative_has_its_rows(folder):
    table = read_table(folder / "readings.parquet")
    assert set(table["alternative"]) == {
        "as declared",
        "X26_visits",
        "taper_discretionary",
        "noiseless",
        "no_noise",
    }
    assert set(table["endpoint"]) == {"P1"}
    assert set(table["effect"]) == {"none", "neutral"}
    base = table["alternative"] == "as declared"
    assert not table["power_change"][base].any()
    assert not table["rate_change"][base].any()


def test_who_is_screened_and_whose_trials_differ(folder):
    table = read_table(folder / "readings.parquet")
    of = {name: table.where(table["alternative"] == name) for name in set(table["alternative"].tolist())}
    assert not of["as declared"]["n_changed"].any()
    assert not of["as declared"]["screened_change"].any()
    assert (of["taper_discretionary"]["n_changed"] > 10).all()
    for name in ("X26_visits", "taper_discretionary", "no_noise"):
        assert not of[name]["screened_change"].any()
    measured, base = of["noiseless"], of["as declared"]
    np.testing.assert_allclose(measured["screened_change"], measured["screened"] - base["screened"], atol=1e-9)
    assert (measured["screened_change"] < -2.0 * measured["screened_change_mcse"]).all()


def test_an_alternative_without_room_is_left_out_and_said(tmp_path, capsys):
    chosen = only(readings=["X40_three_LN", "X40_seven_LN"])
    words = ["experiment=readings", "endpoint=P1", "design.n=6", "run.trials=4", "run.workers=1"]
    assert main([*words, *chosen, NO_PAGE, f"hydra.run.dir={tmp_path / 'run'}"]) == 0
    said = capsys.readouterr().err
    assert "X40_seven_LN: design.n_LN: 7 is not allowed" in said
    assert "X40_seven_LN is left out: the other settings have no room for it" in said
    assert set(read_table(tmp_path / "run" / "readings.parquet")["alternative"]) == {"as declared", "X40_three_LN"}


def test_model_range_spans_the_believed_alternatives(folder):
    table, power = read_table(folder / "readings.parquet"), read_table(folder / "power.parquet")
    for row in range(power.length):
        alike = (table["effect"] == power["effect"][row]) & (table["kind"] != "world")
        alike &= (table["population"] == power["population"][row]) & (table["alpha"] == power["alpha"][row])
        values = table["power"][alike]
        assert (power["model_low"][row], power["model_high"][row]) == (values.min(), values.max())
        assert power["model_low"][row] <= power["power"][row] <= power["model_high"][row]


def test_benchmark_holds_the_range_of_the_null_rate(folder):
    table, benchmark = read_table(folder / "readings.parquet"), read_table(folder / "benchmark.parquet")
    inert = (table["effect"] == "none") & (table["population"] == "all") & (table["alpha"] == 0.05)
    believed = inert & (table["kind"] != "world")
    assert benchmark["inert_low"][0] == table["response_rate"][believed].min()
    assert benchmark["inert_low_under"][0] == "taper_discretionary"
    assert benchmark["inert_high"][0] == table["response_rate"][believed].max()
    upper = max(0.5, benchmark["inert_high"][0])
    assert benchmark["interval_null"][0] == upper
    assert benchmark["critical_value_interval"][0] == binomial.critical_value(10, upper, 0.05)


def test_drift_is_monotone_in_the_benchmark_and_exact(folder):
    drift, readings = read_table(folder / "drift.parquet"), read_table(folder / "readings.parquet")
    assert drift.length == 99
    assert np.all(np.diff(drift["false_go_inert"]) <= 1e-12)
    half = drift["null_rate"] == 0.5
    rates = [
        readings["response_rate"][
            (readings["alternative"] == "as declared")
            & (readings["effect"] == "none")
            & (readings["population"] == subgroup)
        ][0]
        for subgroup in ("LN", "LC")
    ]
    truth = binomial.power_poisson_binomial(np.repeat(rates, 5), 9)
    assert drift["false_go_inert"][half][0] == pytest.approx(truth, abs=1e-12)
    assert math.isnan(drift["critical_value"][drift["null_rate"] == 0.99][0])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "null_readings.readings.X26_visits=analysis.steroid_dais=visits",
            "X26_visits: analysis.steroid_dais: unknown key",
        ),
        (
            "null_readings.readings.X26_visits='analysis.steroid_days=often'",
            "analysis.steroid_days: 'often' is not allowed",
        ),
        ("null_readings.assumptions.taper_t24='taper=t25'", "taper_t24: taper=t25: no such choice"),
        ("run.engine=simpy", "run.engine: 'simpy' is not allowed with task=readings"),
    ],
)
def test_bad_alternatives_are_refused_by_name(tmp_path, capsys, words, said):
    if words.startswith("null_readings.readings.X26_visits=a"):
        words = "null_readings.readings.X26_visits='analysis.steroid_dais=visits'"
    status = main(["experiment=readings", "run.trials=2", f"hydra.run.dir={tmp_path / 'run'}", words])
    assert status == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_a_time_to_an_event_has_readings_of_its_own(tmp_path, capsys):
    chosen = only(readings=["X36_no_fall", "X26_visits"], worlds=["no_taper"])
    words = ["experiment=readings", "endpoint=S9", "run.trials=12", "run.workers=1", *chosen]
    assert main([*words, NO_PAGE, f"hydra.run.dir={tmp_path / 'A'}"]) == 0
    table = read_table(tmp_path / "A" / "value_readings.parquet")
    assert set(table["alternative"]) == {"as declared", "X36_no_fall", "X26_visits", "no_taper"}
    assert set(table["effect"]) == {"none", "neutral"} and set(table["population"]) == {"LC"}
    changed = {name: table["n_changed"][table["alternative"] == name].max() for name in set(table["alternative"])}
    assert changed["X36_no_fall"] > 0 and changed["no_taper"] > 0
    assert changed["X26_visits"] == changed["as declared"] == 0
    assert "Nobody shows another value under: X26_visits." in capsys.readouterr().out
    assert [last_table("readings", name) for name in ("S9", "P1", None)] == ["value_readings", "power", "power"]
    own = ["task=times", "endpoint=S9", "effect=neutral", "run.trials=12", "run.workers=1", "question.n_shown=[]"]
    assert main([*own, NO_PAGE, "analysis.hematologic_fall_needed=false", f"hydra.run.dir={tmp_path / 'B'}"]) == 0
    alone = read_table(tmp_path / "B" / "times.parquet")
    row = (table["alternative"] == "X36_no_fall") & (table["effect"] == "neutral")
    assert set(table["estimate"][row].tolist()) == set(alone["free"].tolist())


def test_changes_have_readings_of_each_variable(tmp_path, capsys):
    words = ["experiment=readings", "endpoint=O2", "run.trials=6", "run.workers=1", *only(worlds=["no_noise"])]
    assert main([*words, NO_PAGE, f"hydra.run.dir={tmp_path / 'A'}"]) == 0
    table = read_table(tmp_path / "A" / "value_readings.parquet")
    assert set(table["variable"]) == {"treg", "th17"} and set(table["rule"]) == {"signed_rank", "t_test"}
    assert "mean change of treg" in capsys.readouterr().out


def test_a_sweep_over_changes_and_times_has_a_table_and_pages_and_is_not_done_again(tmp_path, capsys):
    words = ["-m", "experiment=readings", "endpoint=S9,O2", "run.trials=2", "run.workers=1", *only()]
    words += ["run.progress=false", f"hydra.sweep.dir={tmp_path}"]
    assert main(words) == 0
    table = read_table(tmp_path / "value_readings.parquet")
    shown = set(zip(table["cell"].tolist(), table["variable"].tolist(), strict=True))
    assert shown == {(0, ""), (1, "treg"), (1, "th17")}
    assert all((tmp_path / where / "report.html").is_file() for where in ("", "0", "1"))
    capsys.readouterr()
    assert main(words) == 0
    assert "cell 1 of 2" not in capsys.readouterr().err
    (tmp_path / "1" / "report.html").unlink()
    assert main(words) == 0
    assert (tmp_path / "1" / "report.html").is_file()
    assert "cell 2 of 2: endpoint=O2 (its page alone)" in capsys.readouterr().err
