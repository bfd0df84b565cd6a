"""A data set from outside, without the columns that are optional, in the ways that other software writes it."""

import random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.calculator.summary import summary_text
from sim.cli import main
from sim.endpoints.catalogue import IDS
from sim.endpoints.evaluate import evaluate
from sim.endpoints.every_estimand import every_estimand
from sim.endpoints.survival import Tally
from tests.calculator.clinic import clinic, examined, place, write_csv
from tests.endpoints.records import analysis

OPTIONAL = {
    "candidates": ("candidate", "weight", "height", "eligible", "I5_1E", "I5_1N", "I5_1L", "I5_1P"),
    "visits": ("planned_day", "subgroup", "sex", "prednisone_dose", "pga", "sdi", "bilag_renal"),
    "dosing": ("reason",),
    "infusions": ("planned_day", "cells_per_kg", "reason_not_given"),
    "events": ("severity",),
}


def bare():
    tables = clinic()
    return {
        name: [{key: value for key, value in row.items() if key not in OPTIONAL[name]} for row in rows]
        for name, rows in tables.items()
    }


def verdicts(folder):
    result = examined(folder)
    assert result.data is not None, result.found.lines(fatal=True)
    outcomes = evaluate(result.data, analysis())
    names = ("subject", "endpoint", "responder", "reason")
    return list(zip(*(outcomes[name].tolist() for name in names), strict=True))


def test_optional_columns_may_be_missing(tmp_path):
    everything = verdicts(write_csv(tmp_path / "whole", clinic()))
    folder = write_csv(tmp_path / "bare", bare())
    assert examined(folder).found.findings == []
    assert verdicts(folder) == everything
    assert {(endpoint, answer) for _, endpoint, answer, _ in everything if answer != -1} == {
        (endpoint, 1) for endpoint in ("P1", "P2", "P3", "S1", "S3")
    }


def test_a_table_of_events_may_be_empty(tmp_path):
    tables = clinic()
    folder = write_csv(tmp_path, tables)
    (folder / "events.csv").write_text("trial,subject,day,kind,detail\n", encoding="utf-8")
    assert examined(folder).found.findings == []
    assert len(verdicts(folder)) == 30


def test_a_trial_of_nephritis_needs_no_blood_counts(tmp_path):
    tables = clinic()
    for name in tables:
        tables[name] = [row for row in tables[name] if row["subject"] in (0, 1, 2)]
    for row in tables["visits"]:
        for column in ("platelets", "neutrophils", "lymphocytes", "hemoglobin", "reticulocytes"):
            row.pop(column)
    result = examined(write_csv(tmp_path, tables), endpoints=("P1", "P2", "P3"))
    assert result.found.lines(fatal=True) == []


def test_a_missing_column_names_the_endpoints_that_read_it(tmp_path):
    tables = clinic()
    for row in tables["visits"]:
        row.pop("upcr")
    lines = examined(write_csv(tmp_path, tables)).found.lines(fatal=True)
    assert lines == [
        "error: visits.csv, column upcr: is missing; P3, S3 read it: add it, or leave them out of "
        "analysis.endpoints [missing_column]"
    ]
    assert examined(tmp_path, endpoints=("P1", "P2", "S1")).found.fatal is False


def test_the_lineages_are_derived_where_candidates_does_not_name_them(tmp_path):
    tables = bare()
    tables["visits"][place(tables["visits"], subject=3, visit="SCR")]["platelets"] = 130.0
    tables["visits"][place(tables["visits"], subject=3, visit="SCR")]["lymphocytes"] = 2.0
    tables["visits"][place(tables["visits"], subject=3, visit="SCR")]["hemoglobin"] = 12.0
    found = {(subject, endpoint): reason for subject, endpoint, _, reason in verdicts(write_csv(tmp_path, tables))}
    assert found[3, "P2"] == "no_response_definition"
    assert found[4, "P2"] == ""


@pytest.mark.parametrize(
    ("yes", "no"),
    [("TRUE", "FALSE"), ("1", "0"), ("yes", "no"), ("True", "False"), ("Y", "N"), ("T", "F"), ("1.0", "0.0")],
)
def test_flags_are_understood_as_software_writes_them(tmp_path, yes, no):
    tables = clinic()
    for row in tables["visits"]:
        row["attended"] = yes if row["attended"] else no
    expected = verdicts(write_csv(tmp_path / "usual", clinic()))
    assert verdicts(write_csv(tmp_path / "other", tables)) == expected


def test_texts_for_missing_are_understood(tmp_path):
    tables = clinic()
    for row, text in zip(tables["visits"], ("", "NA", "N/A", "NaN", "null", "."), strict=False):
        row["urine_rbc"] = text
    assert examined(write_csv(tmp_path, tables)).found.findings == []


def test_a_byte_order_mark_and_quotes_do_no_harm(tmp_path):
    folder = write_csv(tmp_path, clinic())
    lines = (folder / "events.csv").read_text(encoding="utf-8").splitlines()
    header = ",".join(f'"{name}"' for name in lines[0].split(","))
    (folder / "events.csv").write_text("\n".join([header, *lines[1:]]), encoding="utf-8-sig")
    assert examined(folder).found.findings == []


def test_whole_numbers_kept_as_decimals_and_plain_texts_in_parquet_are_understood(tmp_path):
    expected = verdicts(write_csv(tmp_path / "text", clinic()))
    folder = tmp_path / "parquet"
    folder.mkdir()
    for name, rows in clinic().items():
        table = pa.Table.from_pylist(rows)
        for column in ("subject", "day", "start_day"):
            if column in table.column_names:
                place_of = table.column_names.index(column)
                table = table.set_column(place_of, column, table.column(column).cast(pa.float64()))
        pq.write_table(table, folder / f"{name}.parquet")
    assert verdicts(folder) == expected


@pytest.mark.parametrize("kind", ["float32", "string", "large_string", "string_view", "decimal128"])
def test_numbers_of_another_kind_in_parquet_are_read_as_they_were_written(tmp_path, kind):
    """Hemoglobin from 9.1 to 10.6 g/dL is a rise by 1.5, also where single precision makes it 1.4999995."""
    tables = clinic()
    for row in tables["visits"]:
        row["hemoglobin"] = 9.1 if row["day"] <= 0 else 10.6
    expected = verdicts(write_csv(tmp_path / "text", tables))
    folder = write_csv(tmp_path / kind, tables)
    visits = pa.Table.from_pylist(tables["visits"])
    values = visits["hemoglobin"].combine_chunks()
    wanted = pa.decimal128(5, 2) if kind == "decimal128" else getattr(pa, kind)()
    values = values.cast(pa.string()).cast(wanted) if kind == "decimal128" else values.cast(wanted)
    (folder / "visits.csv").unlink()
    pq.write_table(
        visits.set_column(visits.column_names.index("hemoglobin"), "hemoglobin", values),
        folder / "visits.parquet",
        store_schema=True,
    )
    assert verdicts(folder) == expected
    read = examined(folder).data.visits["hemoglobin"]
    assert np.isin(read, (9.1, 10.6)).all()


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_and_columns_and_the_ends_of_lines_do_not_matter(tmp_path, seed):
    expected = verdicts(write_csv(tmp_path / "usual", clinic()))
    chance, tables = random.Random(seed), clinic()
    for name, rows in tables.items():
        chance.shuffle(rows)
        names = list(dict.fromkeys(key for row in rows for key in row))
        chance.shuffle(names)
        tables[name] = [{key: row.get(key) for key in names} for row in rows]
    folder = write_csv(tmp_path / "shuffled", tables)
    for path in folder.iterdir():
        end = ("\r\n", "\n", "\r")[seed]
        path.write_bytes((path.read_text(encoding="utf-8").replace("\n", end) + end * 3).encode())
    assert examined(folder).found.findings == []
    assert verdicts(folder) == expected


def test_numbers_of_subjects_may_be_any_whole_numbers(tmp_path):
    tables = clinic()
    for rows in tables.values():
        for row in rows:
            row["subject"] = None if row["subject"] is None else row["subject"] + 1_000_000_000
    expected = [
        (subject + 1_000_000_000, *rest) for subject, *rest in verdicts(write_csv(tmp_path / "a", clinic()))
    ]
    assert verdicts(write_csv(tmp_path / "b", tables)) == expected


def test_a_comma_in_quotes_separates_nothing(tmp_path):
    folder = write_csv(tmp_path, clinic())
    text = (folder / "events.csv").read_text(encoding="utf-8")
    header, *rows = text.splitlines()
    lines = ['"site, ward",' + header, *(f'"Seoul, 7",{row}' for row in rows)]
    (folder / "events.csv").write_text("\n".join(lines), encoding="utf-8")
    named = [(each.kind, each.column) for each in examined(folder).found.findings]
    assert named == [("unknown_column", "site, ward")]


def test_a_very_long_text_takes_no_more_room_than_it_must(tmp_path):
    tables = clinic()
    tables["events"][0]["detail"] = "not serious " + "x" * 1_000_000
    assert examined(write_csv(tmp_path, tables)).data.events["detail"].dtype.itemsize <= 4 * 500


def test_the_summary_counts_and_has_exact_intervals(tmp_path):
    tables = clinic()
    for subject in (0, 3):
        rows = tables["dosing"]
        rows[place(rows, subject=subject, start_day=28)]["dose"] = 10.0
    result = examined(write_csv(tmp_path, tables))
    outcomes, tally = evaluate(result.data, analysis(), IDS), Tally()
    tally.add(outcomes)
    text = summary_text(result, outcomes, every_estimand(result.data, analysis(), 1), tally.means(), "A")
    line = next(line for line in text.splitlines() if line.startswith("P1"))
    # Four of six: Clopper-Pearson 0.2228 to 0.9567.
    assert line.split()[:9] == ["P1", "all", "6", "4", "0.667", "0.223", "to", "0.957", "dose"]
    assert "The data do not say whether they are synthetic." in text
    # The same of the table of estimands: chosen, nobody missing, and imputation refused for six subjects.
    assert "P1       composite                  0   0.667*   0.667    0.667    0.667    0.667\n" in text
    assert "mi is – where refused: needs 30 subjects in each trial." in text
    assert "Times to event, pooled over 1 trial. Detection is at visits: times are interval censored" in text
    assert (
        "S9                LC        3        0   without event 1.000 (no interval)       168.0 ± 0.0 of 168"
        in text
    )


def test_a_sweep_scores_several_data_sets(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in "AB":
        write_csv(tmp_path / name, clinic())
    assert main(["-m", "task=endpoints", "data=A,B", "hydra.sweep.dir=S"]) == 0
    first, second = ((tmp_path / "S" / number / "endpoints.csv").read_bytes() for number in "01")
    assert first == second
