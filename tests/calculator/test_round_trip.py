"""A simulated data set, read back and scored again, gives its own endpoints: from Parquet, and from CSV."""

import numpy as np
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from sim.calculator.needed import INPUTS
from sim.cli import main
from sim.config.compose import load
from sim.core.tables import Table
from sim.endpoints.survival import Tally
from sim.storage.parquet import read_provenance, read_table, write_table
from tests.calculator.clinic import examined

FILES = (
    *("endpoints.parquet", "endpoints.csv", "explain.parquet", "estimands.parquet"),
    *("survival.parquet", "restricted_mean.parquet", "tipping.parquet", "summary.txt"),
)
SAID = {"synthetic": "true", "software": "lupus-cell-trial-simulator"}


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    """Thirty trials of ten patients, as task=cohort writes them."""
    from sim.pipeline import cohort_chunk

    folder = tmp_path_factory.mktemp("cohort")
    for name, table in cohort_chunk(load(["task=cohort", "effect=neutral"]), range(30)).items():
        write_table(folder / f"{name}.parquet", name, table, SAID)
    return folder


@pytest.fixture(scope="module")
def as_text(cohort, tmp_path_factory):
    """The same as CSV files, the lists of criteria left out."""
    folder = tmp_path_factory.mktemp("text")
    for name in INPUTS:
        table = pq.read_table(cohort / f"{name}.parquet")
        kept = [column for column in table.column_names if column != "failed"]
        pacsv.write_csv(table.select(kept), folder / f"{name}.csv")
    return folder


def same(left: Table, right: Table):
    assert list(left) == list(right)
    for name in left:
        assert left[name].dtype.kind == right[name].dtype.kind, name
        np.testing.assert_array_equal(left[name], right[name], err_msg=name)


@pytest.mark.parametrize("source", ["cohort", "as_text"])
def test_a_cohort_scored_again_has_the_endpoints_of_the_cohort(cohort, source, request, tmp_path, capsys):
    folder = request.getfixturevalue(source)
    assert main(["task=endpoints", f"data={folder}", f"hydra.run.dir={tmp_path}/B"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    same(read_table(tmp_path / "B" / "endpoints.parquet"), read_table(cohort / "endpoints.parquet"))


@pytest.mark.parametrize("source", ["cohort", "as_text"])
def test_the_data_are_read_as_they_were_in_memory(cohort, source, request):
    result = examined(request.getfixturevalue(source))
    assert result.found.findings == []
    wanted = {"egfr", "sledai2k", "sledai_pyuria", "lldas", "bilag_renal", "bilag_haematological"}
    assert {each.column for each in result.compared} >= wanted
    assert all(each.differ == 0 and each.visits > 1000 for each in result.compared)
    for name in INPUTS:
        stored = read_table(cohort / f"{name}.parquet")
        same(getattr(result.data, name), stored.only(getattr(result.data, name)))


def test_parquet_and_text_can_stand_side_by_side(cohort, as_text, tmp_path):
    for name in INPUTS:
        suffix, source = (".csv", as_text) if name in ("visits", "events") else (".parquet", cohort)
        (tmp_path / f"{name}{suffix}").write_bytes((source / f"{name}{suffix}").read_bytes())
    result = examined(tmp_path)
    assert result.found.findings == []
    assert result.synthetic == "unknown"


def test_results_say_what_the_data_say_of_themselves(cohort, as_text, tmp_path, capsys):
    for source, said in ((cohort, "true"), (as_text, "unknown")):
        folder = tmp_path / said
        assert main(["task=endpoints", f"data={source}", f"hydra.run.dir={folder}"]) == 0
        written = capsys.readouterr().out
        assert written.rstrip().splitlines()[-len(FILES) - 1 :] == [
            "Written to",
            *(f"  {folder}/{name}" for name in FILES),
        ]
        assert ("The data say that they are synthetic" in written) == (said == "true")
        assert "Safety over " in written
        assert (folder / "summary.txt").read_text(encoding="utf-8").splitlines()[0] in written
        for name in ("endpoints", "explain", "estimands", "survival", "restricted_mean"):
            provenance = read_provenance(folder / f"{name}.parquet")
            assert provenance["synthetic"] == said
            assert len(provenance["input_visits_sha256"]) == 64


def test_curves_and_estimands_are_those_of_the_endpoints(cohort, tmp_path, capsys):
    assert main(["task=endpoints", f"data={cohort}", f"hydra.run.dir={tmp_path}/B"]) == 0
    outcomes, tally = read_table(cohort / "endpoints.parquet"), Tally()
    tally.add(outcomes)
    same(read_table(tmp_path / "B" / "survival.parquet"), tally.curves())
    same(read_table(tmp_path / "B" / "restricted_mean.parquet"), tally.means())
    rates = read_table(tmp_path / "B" / "estimands.parquet")
    assert rates.length == 171
    for name, rate, n in zip(
        *(rates[each][rates["chosen"]].tolist() for each in ("endpoint", "rate", "n")), strict=True
    ):
        judged = (outcomes["endpoint"] == name) & (outcomes["responder"] >= 0)
        assert (n, rate) == (judged.sum(), (outcomes["responder"][judged] == 1).mean())


def test_an_imputed_endpoint_is_summarized_by_its_rate(tmp_path, capsys):
    from sim.pipeline import cohort_chunk

    words = ["effect=neutral", "design.n=80"]
    for name, table in cohort_chunk(load(["task=cohort", *words]), range(1)).items():
        write_table(tmp_path / f"{name}.parquet", name, table, SAID)
    chosen = ["analysis.missing.S3=mi", "analysis.intercurrent.S3=treatment_policy"]
    assert main(["task=endpoints", f"data={tmp_path}", f"hydra.run.dir={tmp_path}/B", *chosen]) == 0
    rates = read_table(tmp_path / "B" / "estimands.parquet")
    row = {name: column[rates["chosen"] & (rates["endpoint"] == "S3")][0] for name, column in rates.items()}
    assert (row["intercurrent"], row["missing"]) == ("treatment_policy", "mi")
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("S3"))
    assert line.split()[:5] == ["S3", "all", str(row["n"]), "–", f"{row['rate']:.3f}"]
    assert line.endswith(f"{row['n_missing']} missing, imputed; interval by Rubin's rules")
    outcomes = read_table(tmp_path / "B" / "endpoints.parquet")
    asked = (outcomes["endpoint"] == "S3") & outcomes["in_population"]
    assert outcomes["response_probability"][asked].mean() == pytest.approx(row["rate"])


def test_every_verdict_has_its_explanation(cohort, tmp_path, capsys):
    assert main(["task=endpoints", f"data={cohort}", f"hydra.run.dir={tmp_path}/B"]) == 0
    outcomes, parts = (read_table(tmp_path / "B" / f"{name}.parquet") for name in ("endpoints", "explain"))
    judged = outcomes.where(outcomes["in_population"] & (outcomes["responder"] != -1))
    keys = {name: np.unique(judged[name]).tolist() for name in ("endpoint",)}
    assert np.unique(parts["endpoint"]).tolist() == keys["endpoint"]
    deciding = parts.where(parts["decides"])
    met: dict[tuple[int, int, str], bool] = {}
    for trial, subject, endpoint, answer in zip(
        *(deciding[name].tolist() for name in ("trial", "subject", "endpoint", "met")), strict=True
    ):
        key = (trial, subject, endpoint)
        met[key] = met.get(key, True) and answer == 1
    said = zip(*(judged[name].tolist() for name in ("trial", "subject", "endpoint", "responder")), strict=True)
    assert met == {(trial, subject, endpoint): answer == 1 for trial, subject, endpoint, answer in said}


@pytest.mark.parametrize("task", ["endpoints", "predict"])
def test_the_data_set_itself_is_no_place_for_results(cohort, capsys, task):
    before = sorted(path.name for path in cohort.iterdir())
    assert main([f"task={task}", f"data={cohort}", f"hydra.run.dir={cohort}"]) == 2
    assert "is the data set itself; choose another folder" in capsys.readouterr().err
    assert sorted(path.name for path in cohort.iterdir()) == before
