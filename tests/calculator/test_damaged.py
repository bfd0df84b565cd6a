"""A damaged copy of a data set: every damage is named with its file, row and column, and all of them at once."""

import datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.calculator.findings import SHOWN, ranges
from sim.calculator.kinds import COLUMN, ERROR, KINDS
from sim.calculator.needed import INPUTS
from sim.cli import main
from tests.calculator.clinic import clinic, event, examined, place, write_csv
from tests.calculator.damages import DAMAGES, FILE_DAMAGES, LAST_PERIOD, W4, W24

PARQUET_KINDS = {"wrong_type"}


def test_the_undamaged_copy_is_without_a_remark(tmp_path):
    result = examined(write_csv(tmp_path, clinic()))
    assert result.found.findings == []
    assert result.data is not None


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_each_damage_is_named_with_file_row_and_column(tmp_path, damage):
    tables = clinic()
    table, column, rows = damage.do(tables)
    result = examined(write_csv(tmp_path, tables))
    named = [
        each
        for each in result.found.findings
        if (each.kind, each.table, each.column) == (damage.kind, table, column)
    ]
    assert len(named) == 1, result.found.lines(fatal=True) + result.found.lines(fatal=False)
    assert (named[0].rows + 1).tolist() == rows
    assert named[0].fatal is damage.fatal
    lines = [line for line in result.found.lines(fatal=damage.fatal) if line.endswith(f"[{damage.kind}]")]
    assert all(f"{table}.csv" in line for line in lines)
    for row in rows[:SHOWN]:
        assert any(f"{table}.csv, row {row} (" in line and f"column {column}:" in line for line in lines)
    if damage.fatal:
        assert result.data is None


@pytest.mark.parametrize(("kind", "said", "do"), FILE_DAMAGES, ids=[said for _, said, _ in FILE_DAMAGES])
def test_each_damage_to_a_file_is_named(tmp_path, kind, said, do):
    folder = write_csv(tmp_path, clinic())
    do(folder / "visits.csv")
    result = examined(folder)
    lines = [line for line in result.found.lines(fatal=True) if line.endswith(f"[{kind}]")]
    assert any(line.startswith("error: visits") and said in line for line in lines), lines
    assert result.data is None


def test_every_table_is_looked_for(tmp_path):
    lines = examined(tmp_path).found.lines(fatal=True)
    assert [line.split(":")[1].strip() for line in lines] == [*INPUTS]
    write_csv(tmp_path, clinic(), only=("visits",))
    lines = examined(tmp_path).found.lines(fatal=True)
    assert [line.split(":")[1].strip() for line in lines] == [name for name in INPUTS if name != "visits"]


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("day", [datetime.date(2024, 5, 17)] * 72, "days from the first infusion"),
        ("visit", list(range(72)), "where words belong"),
        ("hemoglobin", [True] * 72, "where numbers belong"),
        ("attended", [datetime.date(2024, 5, 17)] * 72, "true and false"),
    ],
)
def test_a_column_of_another_type_is_named(tmp_path, column, values, said):
    folder = write_csv(tmp_path, clinic())
    visits = pa.Table.from_pylist(clinic()["visits"])
    visits = visits.set_column(visits.column_names.index(column), column, pa.array(values))
    (folder / "visits.csv").unlink()
    pq.write_table(visits, folder / "visits.parquet")
    result = examined(folder)
    lines = [line for line in result.found.lines(fatal=True) if line.endswith("[wrong_type]")]
    assert len(lines) == 1
    assert lines[0].startswith(f"error: visits.parquet, column {column}:")
    assert said in lines[0]


@pytest.mark.parametrize("kind", [pa.int64(), pa.float64()], ids=str)
def test_answers_may_be_written_as_one_and_zero(tmp_path, kind):
    """Of 72 visits the fourth was missed, the fifth is not known, and the sixth has an answer that is none."""
    folder = write_csv(tmp_path, clinic())
    answers = [1, 1, 1, 0, None, 2, *[1] * 66]
    visits = pa.Table.from_pylist(clinic()["visits"])
    visits = visits.set_column(visits.column_names.index("attended"), "attended", pa.array(answers, kind))
    (folder / "visits.csv").unlink()
    pq.write_table(visits, folder / "visits.parquet")
    found = examined(folder).found
    assert found.tables["visits"]["attended"].tolist() == [1, 1, 1, 0, -1, -1, *[1] * 66]
    (strange,) = [each for each in found.findings if each.column == "attended" and each.kind == "unknown_category"]
    assert (strange.rows + 1).tolist() == [6]


def test_the_dose_recorded_with_a_visit_is_compared(tmp_path):
    tables = clinic()
    tables["visits"][place(tables["visits"], **W4)]["prednisone_dose"] = 40.0
    found = examined(write_csv(tmp_path, tables)).found
    assert [each.kind for each in found.findings] == ["dose_differs"]
    assert "differs in 1 of 66 visits" in found.lines(fatal=False)[0]


@pytest.mark.parametrize("subject", [0, 5])
def test_the_dose_of_a_visit_is_compared_where_there_is_dosing(tmp_path, subject):
    """One subject alone has periods of dosing: its eleven visits from day 0 on can be compared."""
    tables = clinic()
    tables["dosing"] = [row for row in tables["dosing"] if row["subject"] == subject]
    (dose,) = [each for each in examined(write_csv(tmp_path, tables)).compared if each.column == "prednisone_dose"]
    assert (dose.visits, dose.differ) == (11, 0)


def test_subjects_of_several_trials_may_have_the_same_numbers(tmp_path):
    tables = {
        name: [row | {"trial": trial} for trial in (0, 1, 2) for row in rows] for name, rows in clinic().items()
    }
    assert examined(write_csv(tmp_path, tables)).found.findings == []


def test_every_kind_of_problem_has_a_damage():
    tried = (
        {damage.kind for damage in DAMAGES}
        | {kind for kind, _, _ in FILE_DAMAGES}
        | PARQUET_KINDS
        | {"dose_differs"}
    )
    assert tried == set(KINDS)


def test_a_kind_is_an_error_exactly_where_it_says_so():
    for damage in DAMAGES:
        severity = KINDS[damage.kind][0]
        assert severity == COLUMN or damage.fatal == (severity == ERROR), damage.name


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("creatinine in mg/dL", "is it mg/dL or mmol/L?"),
        ("UPCR in mg/mmol", "is it mg/mmol or mg/g?"),
        ("platelets per mm³", "is it per mm³?"),
        ("hemoglobin in g/L", "is it g/L?"),
        ("hemoglobin in mmol/L", "is it mmol/L?"),
        ("C3 in g/L", "is it g/L?"),
        ("dose per kilogram", "is it mg/kg/day?"),
        ("age in months", "is it months?"),
        ("days since 1960", "is it a calendar date (write days from the first infusion)?"),
        ("a date as a spreadsheet keeps it", "write days from the first infusion, not calendar dates"),
        ("a date with slashes", "write days from the first infusion, not calendar dates"),
        ("a date with a month's name", "write days from the first infusion, not calendar dates"),
        ("a subject with letters", "give each subject a whole number, the same in all tables"),
        ("a number with its unit", "write the number alone, in the unit of the data model"),
        ("thousands with commas", "write thousands without separators"),
        ("a word for infinite", "leave a value that was not measured empty"),
        ("a subject beyond all numbers", "10000000000 is no whole number up to 2147483647"),
    ],
)
def test_the_likely_unit_or_remedy_is_named(tmp_path, name, unit):
    tables = clinic()
    next(damage for damage in DAMAGES if damage.name == name).do(tables)
    lines = examined(write_csv(tmp_path, tables)).found.lines(fatal=True)
    assert any(unit in line for line in lines), lines


@pytest.mark.parametrize(
    ("table", "column", "value", "wanted", "meant"),
    [
        ("candidates", "sex", "Female", {"subject": 1}, "did you mean F?"),
        ("candidates", "subgroup", "lc ", {"subject": 4}, "did you mean LC?"),
        ("events", "kind", "infections", {"subject": 4}, "did you mean infection?"),
        ("events", "kind", "Lost to follow-up", {"subject": 4}, "did you mean lost_to_follow_up?"),
        ("visits", "visit", "Week 24", W24, "did you mean W24?"),
        ("visits", "visit", "baseline", W4, "allowed: SCR, D0"),
    ],
)
def test_the_word_that_is_meant_is_suggested(tmp_path, table, column, value, wanted, meant):
    tables = clinic()
    tables[table][place(tables[table], **wanted)][column] = value
    lines = examined(write_csv(tmp_path, tables)).found.lines(fatal=True)
    assert any(meant in line for line in lines), lines


def test_all_damages_are_reported_at_once_and_nothing_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    tables = clinic()
    wanted = [
        "creatinine in mg/dL",
        "a visit twice",
        "a gap in dosing",
        "an event after death",
        "infusion 2 before 1",
    ]
    for name in wanted:
        next(damage for damage in DAMAGES if damage.name == name).do(tables)
    write_csv(tmp_path / "A", tables)
    (tmp_path / "B").mkdir()
    assert main(["task=endpoints", "data=A", "hydra.run.dir=B"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    for kind in ("unit_suspected", "duplicate_key", "dose_gap", "event_after_end", "infusion_order"):
        assert f"[{kind}]" in shown.err
    assert "kinds of problem make a result wrong; nothing was scored" in shown.err
    assert list((tmp_path / "B").iterdir()) == []


def test_warnings_do_not_stop_the_scoring(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    tables = clinic()
    tables["dosing"][place(tables["dosing"], **LAST_PERIOD)]["end_day"] = 150
    write_csv(tmp_path / "A", tables)
    assert main(["task=endpoints", "data=A", "hydra.run.dir=B"]) == 0
    shown = capsys.readouterr()
    assert "warning: dosing.csv, row 8 (trial 0, subject 1), column end_day" in shown.err
    assert "Warnings about the data: 1." in shown.out


def test_death_after_withdrawal_is_no_contradiction(tmp_path):
    tables = clinic()
    event(tables, 0, 168, "withdrawal", "other")
    event(tables, 0, 300, "death")
    result = examined(write_csv(tmp_path, tables))
    assert {each.kind for each in result.found.findings} == {"several_ends"}


def test_a_long_list_of_rows_is_kept_whole(tmp_path):
    tables = clinic()
    for row in tables["visits"]:
        row["upcr"] = "?"
    lines = examined(write_csv(tmp_path, tables)).found.lines(fatal=True)
    lines = [line for line in lines if "[not_a_number]" in line]
    assert len(lines) == SHOWN + 1
    assert lines[-1] == "error: visits.csv, 52 more rows, column upcr: 21–72 [not_a_number]"


def test_ranges_join_neighbours():
    assert ranges(np.array([3, 5, 6, 7, 12])) == "3, 5–7, 12"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("a reason to leave in other letters", "did you mean lack_of_efficacy?"),
        ("nobody knows why they left", "no detail; allowed: lack_of_efficacy, adverse_event, other, pregnancy"),
        ("immunoglobulins in other letters", "did you mean ivig?"),
        ("serious behind another word", "did you mean serious?"),
    ],
)
def test_the_detail_that_is_meant_is_suggested(tmp_path, name, meant):
    tables = clinic()
    next(damage for damage in DAMAGES if damage.name == name).do(tables)
    lines = examined(write_csv(tmp_path, tables)).found.lines(fatal=False)
    assert any(meant in line for line in lines), lines


def test_details_that_the_rules_know_or_do_not_ask_for_are_no_problem(tmp_path):
    tables = clinic()
    for kind, detail in (
        ("withdrawal", "other"),
        ("transfusion", "red_cells"),
        ("rescue", "ivig"),
        ("rescue", "rituximab"),
        ("rescue", None),
        ("infection", "serious: pneumonia"),
        ("infection", "Serious: pneumonia"),
        ("infection", "not serious"),
        ("adverse_event", "grade 2, non-serious"),
        ("flare", "Serious"),
    ):
        event(tables, 1, 168, kind, detail)
    assert examined(write_csv(tmp_path, tables)).found.findings == []


def test_a_cell_that_cannot_be_read_is_not_called_missing_as_well(tmp_path):
    tables = clinic()
    tables["visits"][place(tables["visits"], **W4)]["day"] = "17/05/2024"
    tables["visits"][place(tables["visits"], subject=2, visit="W4")]["day"] = None
    found = examined(write_csv(tmp_path, tables)).found
    named = {each.kind: (each.rows + 1).tolist() for each in found.findings}
    assert named == {"not_a_number": [17], "attended_without_day": [29]}


def test_the_tail_of_a_column_is_no_other_unit(tmp_path):
    """Ratios of 51 to 80 are outliers; of 57 to 565, as 0.5 to 5 mg/mg are in mg/mmol, another unit."""
    for name, values in (("tail", (51, 55, 60, 80)), ("unit", (57, 113, 283, 565))):
        tables = clinic()
        rows = [row for row in tables["visits"] if row["subject"] == 1][: len(values)]
        for row, value in zip(rows, values, strict=True):
            row["upcr"] = value
        found = examined(write_csv(tmp_path / name, tables)).found
        kinds = {each.kind for each in found.findings if each.column == "upcr"}
        assert kinds == {"outlier" if name == "tail" else "mixed_units"}
