"""The command line in this process: what it prints, writes, and answers when something goes wrong."""

import errno
import re
import shlex

import pyarrow.parquet as pq
import pytest

from sim.cli import main
from sim.config.compose import load
from sim.config.config import digest, parts
from sim.core.columns import COHORT_TABLES
from sim.core.errors import InputError, LimitError
from sim.storage.parquet import read_provenance, read_table

PAGED = ["run.trials=40", "run.workers=1"]
QUICK = [*PAGED, "report.formats=[]"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_main_job_prints_words_a_table_and_the_files_and_writes_them(coins, tmp_path, capsys):
    assert main([*PAGED, "effect=neutral"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Synthetic: virtual patients only. 40 trials of n = 10 (5 LN, 5 LC)")
    assert "\nIn short: " in text
    assert text.index("P1 at alpha") < text.index("false go inert")
    named = re.findall(r"^  (outputs/\S+)$", text, re.M)
    assert text.rstrip().splitlines()[-len(named) :] == [f"  {name}" for name in named]
    assert [name.rsplit("/", 1)[1] for name in named] == [
        "power.parquet",
        "power.csv",
        "summary.txt",
        "report.html",
    ]
    for name in named:
        assert (tmp_path / name).stat().st_size > 0


def test_every_effect_has_its_rows(coins, capsys):
    assert main([*QUICK, "hydra.run.dir=A"]) == 0
    assert list(dict.fromkeys(read_table_of("A")["effect"].tolist())) == [
        "none",
        "pessimistic",
        "neutral",
        "optimistic",
    ]


def read_table_of(folder):
    from pathlib import Path

    return read_table(Path(folder) / "power.parquet")


def test_a_result_says_how_to_make_it_again(coins, tmp_path, capsys):
    words = [*QUICK, "effect=neutral", "hydra.run.dir=A"]
    assert main(words) == 0
    said = read_provenance(tmp_path / "A" / "power.parquet")
    assert said["command"] == f"python -m sim {shlex.join(words)}"
    assert said["configuration_sha256"] == digest(parts(load(words)))
    assert said["configuration"] == (tmp_path / "A" / ".hydra" / "config.yaml").read_text()
    assert said["synthetic"] == "true"
    assert said["seed"] == "20260101"
    assert said["engine"] == "batch"


def test_two_runs_of_one_second_do_not_meet(coins, tmp_path, capsys):
    for _ in range(2):
        assert main([*QUICK, "effect=none"]) == 0
    assert len(list((tmp_path / "outputs").glob("*/*/power.parquet"))) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["design.n=0"], "design.n: 0 is not allowed; it must be a whole number from 1"),
        (["effect=foo"], "effect=foo: no such choice; available: every, neutral"),
        (["task=feasibility"], "task=feasibility: not built yet; available: power, cohort, endpoints, protocol"),
        (["task=endpoints"], "data: null is not allowed with task=endpoints; name the folder"),
        (["task=endpoints", "data=DIR"], "data: DIR is no folder; name one that holds candidates, visits"),
        (["task=endpoints", "data=7"], "data: 7 is no folder; name one that holds candidates"),
        (
            ["task=endpoints", "data=DIR", "analysis.flare_index=original"],
            "analysis.flare_index: is not read by task=endpoints, which counts the events",
        ),
        (["task=endpoints", "data=DIR", "analysis.upcr_nadir=single"], "analysis.upcr_nadir: is not read by"),
        (["data=DIR"], "data: 'DIR' is not read by task=power; leave it out, or ask for task=endpoints"),
        (
            ["analysis.missing.P3=mi"],
            "analysis.missing.P3: 'mi' is not allowed with task=power: imputation",
        ),
        (
            ["analysis.missing.S6=mi"],  # not among the endpoints that are decided, and still without a meaning
            "analysis.missing.S6: 'mi' is not allowed with task=power",
        ),
        (
            ["analysis.missing.P3=mii"],
            "analysis.missing.P3: 'mii' is not allowed; it must be one of nri, obs",
        ),
        (["run.trals=3"], "run.trals: unknown key; did you mean run.trials?"),
        (["+a=1"], "a: unknown key"),
        (["run.trials"], "run.trials: not understood"),
        (["--frobnicate"], "command line: unrecognized arguments: --frobnicate"),
        (
            ["--trials=9"],
            "command line: unrecognized arguments: --trials=9; settings are written KEY=VALUE, without",
        ),
        (["--config-dir", "nowhere"], "--config-dir: nowhere is no folder; name one"),
        (["hydra.run.dir="], "hydra.run.dir: '' is not allowed; name a folder"),
        (["hydra.sweep.dir=S"], "hydra.sweep.dir: is read only with -m"),
        (
            ["endpoint=P2"],
            "endpoint: is not read by task=power; leave it out, or name what is decided with 'analysis",
        ),
        (["power=0.9"], "power: is not read by task=power; leave it out, or ask experiment=sample_size"),
        (["experiment=family", "endpoint=P2"], "endpoint: is not read by task=family; leave it out"),
        (["--cfg", "everything"], "command line: argument -c/--cfg"),
        (["-m", "design.n=0,-1"], "design.n: 0 is not allowed"),
        (
            ["-m", "design.n=10,20", "hydra.run.dir=S"],
            "hydra.run.dir: is not read with -m; name the folder of a sweep",
        ),
        (["-m", "effect=foo,bar"], "effect=foo: no such choice"),
        (["-m", "design.n=[1"], "design.n=[1: not understood"),
        (["task=protocol", "hydra.run.dir=/dev/null/x"], "hydra.run.dir: cannot write in /dev/null/x"),
        (["hydra.run.dir=/dev/null/x"], "hydra.run.dir: cannot write in /dev/null/x"),
        (["-m", "design.n=5,6", "hydra.sweep.dir=/dev/null/x"], "hydra.sweep.dir: cannot write in /dev/null/x"),
    ],
)
def test_bad_input_is_one_message_status_2_and_nothing_left_behind(coins, tmp_path, capsys, words, said):
    assert main(words) == 2
    shown = capsys.readouterr()
    assert shown.err.startswith(said)
    assert "Traceback" not in shown.err
    assert shown.out == ""
    assert list(tmp_path.iterdir()) == []


def test_a_folder_holds_the_results_of_one_task(coins, tmp_path, capsys):
    assert main([*QUICK, "effect=none", "hydra.run.dir=A"]) == 0
    before = {path: path.read_bytes() for path in (tmp_path / "A").rglob("*") if path.is_file()}
    assert main([*QUICK, "task=cohort", "effect=none", "hydra.run.dir=A"]) == 2
    said = "hydra.run.dir: A holds the results of task=power; choose another folder for task=cohort"
    assert said in capsys.readouterr().err
    assert {path: path.read_bytes() for path in (tmp_path / "A").rglob("*") if path.is_file()} == before
    assert main([*QUICK, "effect=none", "run.trials=50", "hydra.run.dir=A"]) == 0


def raising(error):
    def chunk(config, trials):
        raise error

    return chunk


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (InputError("run.engine: batch cannot run this"), 2, "run.engine: batch cannot run this"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (LimitError("64 rings"), 1, "LimitError: 64 rings"),
    ],
)
@pytest.mark.parametrize("task", ["power", "cohort"])
def test_a_run_that_comes_to_nothing_says_why_and_leaves_nothing(
    coins, tmp_path, capsys, task, error, status, said
):
    coins.run_chunk = coins.cohort_chunk = raising(error)
    assert main([*QUICK, f"task={task}", "effect=neutral"]) == status
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("A/visits.csv", "A/visits.csv: cannot be read or written (Permission denied); change its permissions"),
        ("A/.report.html.x.partial", "A: cannot be read or written (Permission denied); change its permissions"),
        (".report.html.x.partial", ".: cannot be read or written (Permission denied)"),
    ],
)
def test_a_place_without_permission_is_named_in_one_line(coins, monkeypatch, capsys, name, said):
    def refused(*_):
        raise PermissionError(errno.EACCES, "Permission denied", name)

    monkeypatch.setattr("sim.cli.run.run_once", refused)
    assert main(["task=endpoints", "data=A"]) == 2
    shown = capsys.readouterr().err
    assert shown.startswith(said)
    assert len(shown.splitlines()) == 1


def test_trials_that_fail_are_counted_and_told(coins, tmp_path, capsys):
    whole = coins.run_chunk

    def limited(config, trials):
        if 11 in trials:
            raise LimitError("64 rings")
        return whole(config, trials)

    coins.run_chunk = limited
    assert main([*QUICK, "run.chunk=10", "effect=neutral", "hydra.run.dir=A"]) == 0
    assert "10 of 40 trials failed" in capsys.readouterr().err
    assert set(read_table_of("A")["n_failed"].tolist()) == {10}


def test_a_cohort_is_the_seven_tables_under_one_assumption(coins, tmp_path, capsys):
    assert main([*QUICK, "task=cohort", "run.trials=5", "run.chunk=2", "hydra.run.dir=A"]) == 0
    shown = capsys.readouterr()
    assert "effect=neutral is taken" in shown.err
    written = {path.stem for path in (tmp_path / "A").glob("*.parquet")}
    assert written == {*COHORT_TABLES, "survival", "restricted_mean"}
    for name in COHORT_TABLES:
        assert read_table(tmp_path / "A" / f"{name}.parquet")["trial"].tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    said = read_provenance(tmp_path / "A" / "visits.parquet")
    assert "name: neutral" in said["configuration"]
    curve = read_table(tmp_path / "A" / "survival.parquet")
    assert [curve[name].tolist() for name in ("trials", "time", "at_risk", "censored")] == [[5], [168], [5], [5]]
    assert "Times to event, pooled over 5 trials. Detection is at visits" in shown.out
    assert read_provenance(tmp_path / "A" / "restricted_mean.parquet")["seed"] == "20260101"


def test_a_cohort_with_a_chosen_effect_needs_no_remark(coins, capsys):
    assert main([*QUICK, "task=cohort", "effect=none", "hydra.run.dir=A"]) == 0
    assert "effect=" not in capsys.readouterr().err


def test_an_interrupted_cohort_leaves_no_half_written_file_and_goes_on(coins, tmp_path, capsys):
    whole, asked = coins.cohort_chunk, []
    assert main([*QUICK, "task=cohort", "effect=none", "hydra.run.dir=B"]) == 0

    def interrupted(config, trials):
        if 4 in trials:
            raise KeyboardInterrupt
        return whole(config, trials)

    coins.cohort_chunk = interrupted
    capsys.readouterr()
    assert main([*QUICK, "task=cohort", "run.chunk=2", "effect=none"]) == 130
    shown = capsys.readouterr().err
    assert "interrupted; 4 of 40 trials are kept; go on with" in shown
    folder = next((tmp_path / "outputs").glob("*/*"))
    assert {path.name for path in folder.iterdir()} == {".hydra", "chunks"}
    assert not list(folder.rglob("*.partial"))

    def counting(config, trials):
        asked.extend(trials)
        return whole(config, trials)

    coins.cohort_chunk = counting
    assert main([*shlex.split(shown.splitlines()[-1])[3:], "run.chunk=7"]) == 0
    assert asked == list(range(4, 40))
    for name in (*COHORT_TABLES, "survival", "restricted_mean"):
        assert pq.read_table(folder / f"{name}.parquet").equals(pq.read_table(tmp_path / "B" / f"{name}.parquet"))


def test_the_configuration_can_be_looked_at_without_a_run(tmp_path, capsys):
    assert main(["--cfg", "job", "effect=none", "run.trials=7"]) == 0
    shown = capsys.readouterr().out
    assert "trials: 7" in shown
    assert "p_responder: 0.0" in shown
    assert list(tmp_path.iterdir()) == []
