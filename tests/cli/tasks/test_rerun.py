"""One trial of a run again, from its files alone."""

import numpy as np
import pytest

from sim.cli import main
from sim.cli.tasks.rerun import rerun
from sim.core.columns import COHORT_TABLES
from sim.core.errors import InputError
from sim.disease.state import Happening
from sim.storage.parquet import read_provenance, read_table, write_table

RUN = ["run.trials=12", "run.workers=1", "run.chunk=5", "taper=t24", "run.seed=5"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A power run under every effect, a cohort run, and trial 9 of both again; real patients."""
    place = tmp_path_factory.mktemp("rerun")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        assert main([*RUN, "effect=every", "hydra.run.dir=power"]) == 0
        cohort = ["task=cohort", "protocol.follow_up=week_24", "hydra.run.dir=cohort"]
        assert main([*RUN, "effect=neutral", *cohort]) == 0
        for source in ("power", "cohort"):
            words = [f"source={source}", "rerun.trial=9", f"hydra.run.dir=again_{source}"]
            assert main(["task=rerun", *words]) == 0
    return place


def only(table, column, value):
    return table.where(table[column] == value)


def test_the_log_is_complete(folder):
    log = read_table(folder / "again_power" / "log.parquet")
    assert set(log["trial"].tolist()) == {9}
    assert set(log["effect"].tolist()) == {"none", "pessimistic", "neutral", "optimistic"}
    names = {happening.name.lower() for happening in Happening}
    assert set(log["kind"].tolist()) <= names
    np.testing.assert_array_equal(log["day"], log["minute"] // 1440)
    trials = read_table(folder / "again_power" / "trials.parquet")
    for effect in set(log["effect"].tolist()):
        mine = only(log, "effect", effect)
        enrolled = only(trials, "effect", effect)["n_enrolled"][0]
        assert (mine["kind"] == "infusion").sum() >= enrolled - 1
        assert len(set(mine["subject"].tolist())) == enrolled
        for subject in set(mine["subject"].tolist()):
            assert (np.diff(only(mine, "subject", subject)["minute"]) >= 0).all()


def test_the_tables_are_those_of_the_data_set(folder):
    for name in COHORT_TABLES:
        whole = only(read_table(folder / "cohort" / f"{name}.parquet"), "trial", 9)
        again = only(read_table(folder / "again_power" / f"{name}.parquet"), "effect", "neutral")
        assert set(again) == {*whole, "effect"}
        for column in whole:
            np.testing.assert_array_equal(again[column], whole[column], err_msg=f"{name}.{column}")


def test_both_sources_give_the_same_log(folder):
    one, other = (read_table(folder / name / "log.parquet") for name in ("again_power", "again_cohort"))
    one = only(one, "effect", "neutral")
    assert one.length == other.length > 0
    for column in one:
        np.testing.assert_array_equal(one[column], other[column])


def test_a_cohort_of_five_years_is_made_again_over_five_years(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    assert main([*RUN, "effect=neutral", "task=cohort", "run.trials=2", "hydra.run.dir=five"]) == 0
    assert "\nSafety over " in capsys.readouterr().out
    assert main(["task=rerun", "source=five", "rerun.trial=1", "hydra.run.dir=again_five"]) == 0
    for name in COHORT_TABLES:
        whole = only(read_table(folder / "five" / f"{name}.parquet"), "trial", 1)
        again = read_table(folder / "again_five" / f"{name}.parquet")
        for column in whole:
            np.testing.assert_array_equal(again[column], whole[column], err_msg=f"{name}.{column}")
    assert "visit Y5 (planned for day 1826)" in capsys.readouterr().out


def test_it_says_whether_it_is_what_the_run_recorded(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    assert main(["task=rerun", "source=power", "rerun.trial=3", "hydra.run.dir=third", "run.engine=simpy"]) == 0
    shown = capsys.readouterr().out
    assert "It is what the run recorded." in shown
    assert "\neffect none, subject 0\n  day    0 09:00  visit D0 (planned for day 0)\n" in shown
    assert read_provenance(folder / "third" / "log.parquet")["command"].startswith(
        "python -m sim task=rerun source="
    )


def test_a_cohort_is_compared_with_its_record_and_without_one_says_so(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    words = ["task=rerun", "source=cohort", "rerun.trial=4"]
    assert main([*words, "hydra.run.dir=sixth"]) == 0
    assert "It is what the run recorded." in capsys.readouterr().out
    (folder / "cohort" / "chunks").rename(folder / "elsewhere")
    try:
        assert main([*words, "hydra.run.dir=seventh"]) == 0
    finally:
        (folder / "elsewhere").rename(folder / "cohort" / "chunks")
    assert "The run kept no record of single trials" in capsys.readouterr().out


@pytest.mark.parametrize("source", ["power", "cohort"])
def test_a_record_that_says_something_else_is_an_error(source, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    from sim.storage.chunks import ChunkStore

    whole = ChunkStore.trial

    def other(self, number):
        return {
            name: table.adding({"n_screened": table["n_screened"] + 1}) if "n_screened" in table else table
            for name, table in whole(self, number).items()
        }

    monkeypatch.setattr(ChunkStore, "trial", other)
    assert main(["task=rerun", f"source={source}", "rerun.trial=3", "hydra.run.dir=fourth"]) == 1
    assert "n_screened is" in capsys.readouterr().err
    assert not (folder / "fourth").exists()


def test_another_version_of_the_model_is_told(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sim.cli.tasks.rerun.model_digest", lambda: "another")
    assert main(["task=rerun", "source=power/power.parquet", "rerun.trial=3", "hydra.run.dir=fifth"]) == 0
    assert "another version of the model" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rerun.trial=1"], "source: is missing"),
        (["source=nowhere", "rerun.trial=1"], "source: nowhere has neither power.parquet nor trials.parquet"),
        (["source=power"], "rerun.trial: is missing; name a trial from 0 to 11 with rerun.trial=NUMBER"),
        (["source=power", "rerun.trial=12"], "rerun.trial: 12 is not allowed"),
        (["source=power", "rerun.trial=-1"], "rerun.trial: -1 is not allowed"),
        (["source=power", "rerun.trial=1", "design.n=20"], "design.n: a rerun takes this from its source"),
        (["source=power", "rerun.trial=1", "run.engine=fast"], "run.engine: 'fast' is not allowed"),
        (["source=bare.parquet", "rerun.trial=1"], "source: bare.parquet does not say how it was made"),
        (["source=sweep.parquet", "rerun.trial=1"], "source: sweep.parquet combines the cells of a sweep"),
        (["source=forged.parquet", "rerun.trial=1"], "source: the configuration in forged.parquet is not the one"),
        (["source=text", "rerun.trial=1"], "source: text cannot be read"),
    ],
)
def test_what_cannot_be_made_again_is_refused(folder, monkeypatch, words, said):
    monkeypatch.chdir(folder)
    table, made = (
        read_table(folder / "power" / "power.parquet"),
        read_provenance(folder / "power" / "power.parquet"),
    )
    (folder / "text").write_text("x")
    write_table(folder / "bare.parquet", "power", table, {})
    write_table(folder / "sweep.parquet", "power", table, {"configuration": "cells: []"})
    forged = made["configuration"].replace("seed: 5", "seed: 6")
    write_table(folder / "forged.parquet", "power", table, {**made, "configuration": forged})
    with pytest.raises(InputError) as refusal:
        rerun(["task=rerun", *words], None)
    assert refusal.value.problems[0].startswith(said)
