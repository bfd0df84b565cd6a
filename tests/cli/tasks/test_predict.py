"""task=predict on a virtual trial that is cut at a day, as a running one would be."""

import numpy as np
import pytest

from sim.cli.command import main
from sim.storage.parquet import read_provenance, read_table, write_table


def cut(source, folder, when, trial=0):
    """The data set of one trial as it stood on a day of the site's calendar."""
    folder.mkdir()
    people = read_table(source / "candidates.parquet")
    people = people.where((people["trial"] == trial) & (people["enrolled_trial_day"] <= when))
    start = dict(zip(people["subject"].tolist(), people["enrolled_trial_day"].tolist(), strict=True))
    for name in ("candidates", "visits", "dosing", "infusions", "events"):
        table = read_table(source / f"{name}.parquet")
        table = people if name == "candidates" else table.where(table["trial"] == trial)
        if name != "candidates":
            day = {"dosing": "start_day"}.get(name, "day")
            now = np.array([when - start.get(float(subject), np.inf) for subject in table["subject"]])
            kept = np.nan_to_num(table[day].astype(float), nan=np.inf) <= now
            table, now = table.where(kept), now[kept]
            if name == "dosing":
                table = table.adding({"end_day": np.minimum(table["end_day"], now).astype(np.int16)})
        write_table(folder / f"{name}.parquet", name, table, read_provenance(source / f"{name}.parquet"))
    return folder


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cohort") / "all"
    assert main(["task=cohort", "effect=neutral", "run.trials=2", "run.workers=1", f"hydra.run.dir={folder}"]) == 0
    return folder


def predicted(data, folder, *words):
    fixed = [
        "experiment=prediction",
        "effect=neutral",
        "run.trials=12",
        "run.workers=1",
        "prediction.neighbours=20",
        "report.formats=[]",
    ]
    assert main([*fixed, f"data={data}", f"hydra.run.dir={folder}", *words]) == 0
    return read_table(folder / "prediction.parquet"), read_table(folder / "patients.parquet")


def test_a_finished_trial_is_certain(cohort, tmp_path):
    table, people = predicted(cut(cohort, tmp_path / "data", 1e6), tmp_path / "run")
    assert people["read_out"][people["in_population"]].all()
    outcomes = read_table(cohort / "endpoints.parquet")
    for endpoint in ("P1", "P2", "P3", "S1"):
        truth = (
            (outcomes["trial"] == 0) & (outcomes["endpoint"] == endpoint) & (outcomes["responder"] == 1)
        ).sum()
        for basis in ("neutral", "beta-binomial"):
            rows = (table["endpoint"] == endpoint) & (table["basis"] == basis)
            assert table["final_responders"][rows][table["probability"][rows] > 0.5].tolist() == [truth]
            assert table["probability"][rows].max() == pytest.approx(1.0)
            assert not table["predictive_probability_mcse"][rows].any()
            assert np.isnan(table["effective_trials"][rows]).all()


def test_in_the_middle_some_are_pending_and_laws_add_up(cohort, tmp_path):
    enrolled = np.sort(read_table(cohort / "candidates.parquet")["enrolled_trial_day"][:])
    trial = read_table(cohort / "candidates.parquet")
    days = np.sort(trial["enrolled_trial_day"][(trial["trial"] == 0) & ~np.isnan(trial["subject"])])
    assert len(enrolled) > len(days) == 10
    table, people = predicted(
        cut(cohort, tmp_path / "data", days[5] + 60),
        tmp_path / "run",
        "endpoint=S1",
        "design.benchmarks.S1.null_rate=0.3",
    )
    assert set(table["endpoint"]) == {"S1"}
    waiting = people["in_population"] & ~people["read_out"]
    assert waiting.any()
    assert not np.isnan(people["probability"][waiting]).any()
    assert (people["responder"][waiting] == -1).all()
    for basis in ("neutral", "beta-binomial"):
        rows = table["basis"] == basis
        assert table["probability"][rows].sum() == pytest.approx(1.0)
        total = table["read_out"][rows] + table["pending"][rows] + table["to_enrol"][rows]
        assert (total == 10).all()
    exact, simulated = table.where(table["basis"] == "beta-binomial"), table.where(table["basis"] == "neutral")
    assert not exact["probability_mcse"].any() and np.isnan(exact["effective_trials"]).all()
    chance, error = (simulated[f"predictive_probability{ending}"][0] for ending in ("", "_mcse"))
    assert 0.0 < error < 0.5 and simulated["probability_mcse"].max() > 0.0
    assert simulated["effective_trials"][0] == pytest.approx(chance * (1 - chance) / error**2)
    said = f"neutral        success {chance:.3f} ± {error:.3f} (as of "
    assert said in (tmp_path / "run" / "summary.txt").read_text(encoding="utf-8")


def test_several_trials_and_too_many_patients_are_refused(cohort, tmp_path, capsys):
    words = ["task=predict", "run.trials=2", f"hydra.run.dir={tmp_path / 'run'}"]
    assert main([*words, f"data={cohort}"]) == 2
    assert "holds 2 trials" in capsys.readouterr().err
    one = cut(cohort, tmp_path / "one", 1e6)
    assert main([*words, f"data={one}", "design.n=6"]) == 2
    assert "design.n_LN: 3 places" in capsys.readouterr().err
    assert main(words) == 2
    assert "data: null is not allowed with task=predict" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
