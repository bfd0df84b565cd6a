"""Every way to damage the clinic's data set that the examination must name: what was done, where, and its name."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.calculator.clinic import Tables, event, place

Where = tuple[str, str, list[int]]
"""Table, column and rows (from 1, none for the whole column) under which the damage must be named."""


@dataclass(frozen=True)
class Damage:
    """One damage: the kind under which it must be named; `do` changes the rows and says where."""

    name: str
    kind: str
    do: Callable[[Tables], Where]
    fatal: bool = True


def setting(table: str, column: str, value: Any, **wanted: Any) -> Callable[[Tables], Where]:
    """One cell takes another value."""

    def do(tables: Tables) -> Where:
        row = place(tables[table], **wanted)
        tables[table][row][column] = value
        return table, column, [row + 1]

    return do


def scaling(table: str, column: str, factor: float) -> Callable[[Tables], Where]:
    """A whole column in another unit."""

    def do(tables: Tables) -> Where:
        for row in tables[table]:
            row[column] = None if row[column] is None else row[column] * factor
        return table, column, []

    return do


def doubling(table: str, column: str, **wanted: Any) -> Callable[[Tables], Where]:
    """A row stands twice."""

    def do(tables: Tables) -> Where:
        tables[table].append(dict(tables[table][place(tables[table], **wanted)]))
        return table, column, [len(tables[table])]

    return do


def dropping(table: str, at: Where, **wanted: Any) -> Callable[[Tables], Where]:
    """Rows of a table are lost."""

    def do(tables: Tables) -> Where:
        tables[table] = [row for row in tables[table] if any(row[key] != value for key, value in wanted.items())]
        return at

    return do


def without_column(table: str, column: str) -> Callable[[Tables], Where]:
    def do(tables: Tables) -> Where:
        for row in tables[table]:
            del row[column]
        return table, column, []

    return do


def renamed_column(tables: Tables) -> Where:
    for row in tables["visits"]:
        row["platelet"] = row.pop("platelets")
    return "visits", "platelet", []


def mixed_creatinine(tables: Tables) -> Where:
    rows = [number for number, row in enumerate(tables["visits"]) if row["subject"] == 2]
    for number in rows:
        tables["visits"][number]["serum_creatinine"] = round(
            tables["visits"][number]["serum_creatinine"] / 88.42, 2
        )
    return "visits", "serum_creatinine", [number + 1 for number in rows]


def dead_on(day: int, table: str, column: str, rows: Callable[[Tables], list[int]]) -> Callable[[Tables], Where]:
    """Subject 0 dies on a day, and everything recorded later stays."""

    def do(tables: Tables) -> Where:
        event(tables, 0, day, "death")
        return table, column, [number + 1 for number in rows(tables)]

    return do


def later(table: str, column: str, day: int) -> Callable[[Tables], list[int]]:
    return lambda tables: [
        number for number, row in enumerate(tables[table]) if row["subject"] == 0 and row[column] > day
    ]


def event_after_death(tables: Tables) -> Where:
    event(tables, 0, 168, "death")
    return "events", "day", [event(tables, 0, 170, "rescue", "steroid") + 1]


def second_end(tables: Tables) -> Where:
    event(tables, 0, 168, "withdrawal", "other")
    return "events", "kind", [event(tables, 0, 169, "death") + 1]


def missed_but_measured(tables: Tables) -> Where:
    row = place(tables["visits"], subject=1, visit="W8")
    tables["visits"][row] |= {"attended": False, "day": None}
    return "visits", "attended", [row + 1]


def missed_with_day(tables: Tables) -> Where:
    row = place(tables["visits"], subject=1, visit="W8")
    keys = ("trial", "subject", "visit", "planned_day", "day", "subgroup", "sex")
    kept = {key: value for key, value in tables["visits"][row].items() if key in keys}
    tables["visits"][row] = {**dict.fromkeys(tables["visits"][row]), **kept, "attended": False}
    return "visits", "day", [row + 1]


def unscheduled_on(visit: str) -> Callable[[Tables], Where]:
    def do(tables: Tables) -> Where:
        row = dict(tables["visits"][place(tables["visits"], subject=1, visit=visit)])
        tables["visits"].append(row | {"visit": "U1", "planned_day": None})
        return "visits", "day", [len(tables["visits"])]

    return do


def nobody(tables: Tables) -> Where:
    for row in tables["infusions"]:
        row |= {"day": None, "reason_not_given": "no cells"}
    return "infusions", "day", []


def no_lineage(tables: Tables) -> Where:
    row = place(tables["candidates"], subject=4)
    tables["candidates"][row]["I5_1P"] = False
    return "candidates", "I5_1P", [row + 1]


def wrong_sledai(tables: Tables) -> Where:
    for row in tables["visits"]:
        row["sledai2k"] = 12 if row["visit"] == "W24" else None
    return "visits", "sledai2k", []


def wrong_state(tables: Tables) -> Where:
    """Low disease activity recorded on day 0, when arthritis, proteinuria and more are there."""
    for row in tables["visits"]:
        row["lldas"] = True if row["visit"] == "D0" else None
    return "visits", "lldas", []


def wrong_grade(tables: Tables) -> Where:
    """Hemolysis with 9 g/dL on day 0 is a B."""
    for row in tables["visits"]:
        row |= {"coombs": False, "bilag_haematological": "E" if row["visit"] == "D0" else None}
    return "visits", "bilag_haematological", []


def inactive_with_arthritis(tables: Tables) -> Where:
    """With arthritis on days up to 0, C may be (improving), D and E may not."""
    rows = [number for number, row in enumerate(tables["visits"]) if row["subject"] == 1 and row["day"] <= 0]
    for row in tables["visits"]:
        row["bilag_musculoskeletal"] = "C"
    for number, grade in zip(rows, "DE", strict=True):
        tables["visits"][number]["bilag_musculoskeletal"] = grade
    return "visits", "bilag_musculoskeletal", [number + 1 for number in rows]


def unexplained(tables: Tables) -> Where:
    row = place(tables["infusions"], subject=1, infusion=2)
    tables["infusions"][row]["day"] = None
    return "infusions", "reason_not_given", [row + 1]


def subject_9(table: str) -> Callable[[Tables], Where]:
    def do(tables: Tables) -> Where:
        tables[table].append(tables[table][0] | {"subject": 9})
        return table, "subject", [len(tables[table])]

    return do


def telling(kind: str, detail: str | None) -> Callable[[Tables], Where]:
    """An event whose detail is not written as the rules know it."""
    return lambda tables: ("events", "detail", [event(tables, 1, 90, kind, detail) + 1])


def without_values(tables: Tables) -> Where:
    for row in tables["visits"]:
        row["platelets"] = None
    return "visits", "platelets", []


def calendar_days(tables: Tables) -> Where:
    """Days as software keeps dates: day 0 is 17 May 2024, the 23,513th since 1960."""
    for row in tables["visits"]:
        row["day"] += 23_513
    return "visits", "day", []


W4 = {"subject": 1, "visit": "W4"}
W24 = {"subject": 1, "visit": "W24"}
LAST_PERIOD = {"subject": 1, "start_day": 84}
DAMAGES = (
    Damage("no column that an endpoint reads", "missing_column", without_column("visits", "upcr")),
    Damage("a column under another name", "unknown_column", renamed_column, fatal=False),
    Damage("a decimal comma", "not_a_number", setting("visits", "upcr", "0,4", **W24)),
    Damage("a date as a spreadsheet keeps it", "not_whole", setting("visits", "day", 45_429, **W4)),
    Damage("a value below the limit of the assay", "not_a_number", setting("visits", "upcr", "<0.1", **W24)),
    Damage("a calendar date", "not_a_number", setting("visits", "day", "2024-05-17", **W4)),
    Damage("an infinite value", "not_finite", setting("visits", "platelets", "1e999", **W24)),
    Damage("half a day", "not_whole", setting("visits", "day", 28.5, **W4)),
    Damage("half a day of dosing", "not_whole", setting("dosing", "start_day", 83.5, **LAST_PERIOD)),
    Damage("a visit without a subject", "missing_value", setting("visits", "subject", None, **W4)),
    Damage("nobody knows whether attended", "missing_value", setting("visits", "attended", None, **W4)),
    Damage("another word for the sex", "unknown_category", setting("candidates", "sex", "Female", subject=1)),
    Damage("a subgroup in small letters", "unknown_category", setting("candidates", "subgroup", "lc", subject=4)),
    Damage("another word for an event", "unknown_category", setting("events", "kind", "infektion", subject=4)),
    Damage("a flag of 2", "unknown_category", setting("visits", "attended", 2, **W4)),
    Damage(
        "a grade that is not read", "unknown_category", setting("visits", "bilag_renal", "F", **W4), fatal=False
    ),
    Damage("a code for missing", "negative_value", setting("visits", "upcr", -99, **W24)),
    Damage("a negative dose", "negative_value", setting("dosing", "dose", -5.0, **LAST_PERIOD)),
    Damage("creatinine in mg/dL", "unit_suspected", scaling("visits", "serum_creatinine", 1 / 88.42)),
    Damage("UPCR in mg/mmol", "unit_suspected", scaling("visits", "upcr", 113.12)),
    Damage("UPCR in mg/g", "unit_suspected", scaling("visits", "upcr", 1000)),
    Damage("platelets per mm³", "unit_suspected", scaling("visits", "platelets", 1000)),
    Damage("neutrophils per mm³", "unit_suspected", scaling("visits", "neutrophils", 1000)),
    Damage("hemoglobin in g/L", "unit_suspected", scaling("visits", "hemoglobin", 10)),
    Damage("hemoglobin in mmol/L", "unit_suspected", scaling("visits", "hemoglobin", 0.5)),
    Damage("C3 in g/L", "unit_suspected", scaling("visits", "c3", 0.01)),
    Damage("C4 in g/L", "unit_suspected", scaling("visits", "c4", 0.01)),
    Damage("dose per kilogram", "unit_suspected", scaling("dosing", "dose", 1 / 56)),
    Damage("age in months", "unit_suspected", scaling("candidates", "age", 12)),
    Damage("height in m", "unit_suspected", scaling("candidates", "height", 0.01), fatal=False),
    Damage("creatinine of one subject in mg/dL", "mixed_units", mixed_creatinine),
    Damage("one impossible hemoglobin", "outlier", setting("visits", "hemoglobin", 120.0, **W24), fatal=False),
    Damage("a visit twice", "duplicate_key", doubling("visits", "visit", **W4)),
    Damage("a subject twice", "duplicate_key", doubling("candidates", "subject", subject=1)),
    Damage("an infusion twice", "duplicate_key", doubling("infusions", "infusion", subject=1, infusion=2)),
    Damage("an event twice", "duplicate_event", doubling("events", "kind", subject=1), fatal=False),
    Damage("a visit under another name", "unknown_visit", setting("visits", "visit", "Week 24", **W24)),
    Damage("a third infusion", "unknown_infusion", setting("infusions", "infusion", 3, subject=1, infusion=2)),
    *(
        Damage(f"a stranger in {table}", "unknown_subject", subject_9(table))
        for table in ("visits", "dosing", "infusions", "events")
    ),
    Damage(
        "no infusions of a subject",
        "no_infusion_row",
        dropping("infusions", ("candidates", "subject", [2]), subject=1),
    ),
    Damage("no visits of a subject", "no_visits", dropping("visits", ("candidates", "subject", [2]), subject=1)),
    Damage("no dosing of a subject", "no_dosing", dropping("dosing", ("candidates", "subject", [2]), subject=1)),
    Damage("nobody treated", "nobody_infused", nobody),
    Damage("another subgroup in visits", "person_differs", setting("visits", "subgroup", "LC", **W4)),
    Damage("another sex in visits", "person_differs", setting("visits", "sex", "M", **W4)),
    Damage(
        "a screen failure enrolled",
        "ineligible_enrolled",
        setting("candidates", "eligible", False, subject=1),
        fatal=False,
    ),
    Damage("no lineage qualifies", "no_lineage", no_lineage, fatal=False),
    Damage("no age", "person_unknown", setting("candidates", "age", None, subject=1), fatal=False),
    Damage("attended on no day", "attended_without_day", setting("visits", "day", None, **W4)),
    Damage("measured at a missed visit", "missed_with_measurements", missed_but_measured),
    Damage("a missed visit with a day", "missed_with_day", missed_with_day, fatal=False),
    Damage("W24 before D0", "visits_out_of_order", setting("visits", "day", -3, **W24)),
    Damage("W8 on the day of W4", "visits_out_of_order", setting("visits", "day", 28, subject=1, visit="W8")),
    Damage("W24 four months late", "visit_far_from_plan", setting("visits", "day", 290, **W24), fatal=False),
    Damage("another planned day", "planned_day_differs", setting("visits", "planned_day", 30, **W4), fatal=False),
    Damage("D0 after the infusion", "baseline_after_infusion", setting("visits", "day", 1, subject=1, visit="D0")),
    Damage(
        "no D0",
        "missing_baseline",
        dropping("visits", ("candidates", "subject", [2]), subject=1, visit="D0"),
        fatal=False,
    ),
    Damage("two visits on a day", "two_visits_one_day", unscheduled_on("W4"), fatal=False),
    Damage("infusion 2 before 1", "infusion_order", setting("infusions", "day", 0, subject=1, infusion=2)),
    Damage("infusion 1 on day 1", "infusion_not_day_0", setting("infusions", "day", 1, subject=1, infusion=1)),
    Damage(
        "given and not given",
        "infusion_contradicts",
        setting("infusions", "reason_not_given", "infection", subject=1, infusion=2),
    ),
    Damage("neither given nor a reason", "infusion_unexplained", unexplained, fatal=False),
    Damage("visits after death", "visit_after_end", dead_on(100, "visits", "day", later("visits", "day", 100))),
    Damage(
        "a dose after death",
        "dose_after_end",
        dead_on(60, "dosing", "start_day", later("dosing", "start_day", 60)),
    ),
    Damage(
        "a dose runs on after death",
        "dose_beyond_end",
        dead_on(167, "dosing", "end_day", later("dosing", "end_day", 167)),
        fatal=False,
    ),
    Damage("an event after death", "event_after_end", event_after_death),
    Damage(
        "an infusion after death",
        "infusion_after_end",
        dead_on(80, "infusions", "day", later("infusions", "day", 80)),
    ),
    Damage("withdrawn and dead", "several_ends", second_end, fatal=False),
    Damage(
        "withdrawn before the infusion",
        "end_before_infusion",
        lambda tables: ("events", "day", [event(tables, 0, -3, "withdrawal", "other") + 1]),
    ),
    Damage("a period backwards", "period_reversed", setting("dosing", "end_day", 80, **LAST_PERIOD)),
    Damage("a gap in dosing", "dose_gap", setting("dosing", "start_day", 90, **LAST_PERIOD)),
    Damage("two doses on a day", "dose_overlap", setting("dosing", "start_day", 80, **LAST_PERIOD)),
    Damage("no dose on day 0", "dose_starts_late", setting("dosing", "start_day", 2, subject=1, start_day=0)),
    Damage(
        "dosing ends before week 24",
        "dose_ends_early",
        setting("dosing", "end_day", 150, **LAST_PERIOD),
        fatal=False,
    ),
    Damage(
        "a reason to leave in other letters", "unknown_detail", telling("withdrawal", "Lack of efficacy"), False
    ),
    Damage("nobody knows why they left", "unknown_detail", telling("withdrawal", None), False),
    Damage("a transfusion of something", "unknown_detail", telling("transfusion", "blood"), False),
    Damage("immunoglobulins in other letters", "unknown_detail", telling("rescue", "IVIG 2 g/kg"), False),
    Damage("serious behind another word", "unknown_detail", telling("infection", "Pneumonia, SERIOUS"), False),
    Damage("nobody has a value", "empty_column", without_values, False),
    Damage("days since 1960", "unit_suspected", calendar_days),
    Damage("a date with slashes", "not_a_number", setting("visits", "day", "17/05/2024", **W4)),
    Damage("a date with a month's name", "not_a_number", setting("visits", "day", "17MAY2024", **W4)),
    Damage("a subject with letters", "not_a_number", setting("visits", "subject", "KR-01", **W4)),
    Damage("a subject in quotes", "not_a_number", setting("visits", "subject", '"1"', **W4)),
    Damage("a number with its unit", "not_a_number", setting("visits", "hemoglobin", "12.1 g/dL", **W24)),
    Damage("thousands with commas", "not_a_number", setting("visits", "anti_dsdna", "1,234.5", **W24)),
    Damage("a word for infinite", "not_a_number", setting("visits", "platelets", "-Infinity", **W24)),
    Damage("a minus that is none", "not_a_number", setting("visits", "planned_day", "−7", **W24), fatal=False),
    Damage("a subject beyond all numbers", "not_whole", setting("visits", "subject", 10**10, **W4)),
    Damage("a negative subject", "negative_value", setting("visits", "subject", -1, **W4)),
    Damage("a wrong SLEDAI-2K", "derived_differs", wrong_sledai, fatal=False),
    Damage("a wrong state", "derived_differs", wrong_state, fatal=False),
    Damage("arthritis in a domain never affected", "grade_contradicts", inactive_with_arthritis, fatal=False),
    Damage("a wrong grade", "grade_differs", wrong_grade, fatal=False),
)


def with_text(change: Callable[[str], str], encoding: str = "utf-8") -> Callable[[Path], None]:
    """The text of a file changed, or written in another encoding."""

    def do(path: Path) -> None:
        path.write_bytes(change(path.read_text(encoding="utf-8")).encode(encoding))

    return do


def with_bytes(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(change(path.read_bytes())) and None


def header_changed(change: Callable[[str], str]) -> Callable[[str], str]:
    def do(text: str) -> str:
        header, _, rest = text.partition("\n")
        return change(header) + "\n" + rest

    return do


def renamed(ending: str) -> Callable[[Path], None]:
    """The table is there under a name that is not looked for."""
    return lambda path: path.rename(path.with_name(path.stem + ending)) and None


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def as_broken_link(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("elsewhere.csv"))


def with_a_long_row(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:2], lines[2] + ",7", *lines[3:]]) + "\n", encoding="utf-8")


def with_a_column_twice(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(f"{line},{line.split(',')[0]}" for line in lines) + "\n", encoding="utf-8")


def without_rows(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")


def beside_a_second(path: Path) -> None:
    path.with_suffix(".parquet").write_bytes(b"")


FILE_DAMAGES: tuple[tuple[str, str, Callable[[Path], None]], ...] = (
    ("missing_file", "visits.csv is in", Path.unlink),
    ("missing_file", "visits.csv.gz is there: unpack or convert it", renamed(".csv.gz")),
    ("missing_file", "visits.xpt is there: unpack or convert it", renamed(".xpt")),
    ("missing_file", "visits.CSV is there: name it visits.csv", renamed(".CSV")),
    ("missing_file", "visits.csv is there and is no file", as_folder),
    ("missing_file", "visits.csv is there and is no file", as_broken_link),
    ("unreadable_file", "not separated by commas but by ';'", with_text(lambda text: text.replace(",", ";"))),
    ("unreadable_file", "not separated by commas but by tabs", with_text(lambda text: text.replace(",", "\t"))),
    ("unreadable_file", "line 74 has the byte 0xfc", with_bytes(lambda whole: whole + b"0,M\xfcller\n")),
    ("unreadable_file", "is text in UTF-16", with_text(str, "utf-16")),
    ("unreadable_file", "line 74 has a zero byte", with_bytes(lambda whole: whole + b"0,\0\n")),
    ("unreadable_file", "is a Parquet file", with_bytes(lambda whole: b"PAR1" + whole)),
    ("unreadable_file", "is compressed; unpack it", with_bytes(gzip.compress)),
    ("unreadable_file", "is a workbook or archive", with_bytes(lambda whole: b"PK\x03\x04" + whole)),
    ("unreadable_file", "is empty", with_bytes(lambda _: b"")),
    ("unreadable_file", "is empty", with_bytes(lambda _: b"\n\n")),
    ("unreadable_file", "begins with an empty line", with_bytes(lambda whole: b"\n" + whole)),
    ("unreadable_file", "begins '# exported'", with_bytes(lambda whole: b"# exported\n" + whole)),
    ("unreadable_file", "has no name of a column", with_text(lambda text: text.partition("\n")[2])),
    ("unreadable_file", "TRIAL is trial in the data model", with_text(header_changed(str.upper))),
    ("unreadable_file", "line 74 has a quote that is not closed", with_bytes(lambda whole: whole + b'0,"1,2\n')),
    ("broken_row", "line 3 has", with_a_long_row),
    ("broken_row", "line 74 has 3 fields", with_bytes(lambda whole: whole + b"0,1,2\n")),
    ("broken_row", "10 more lines: 94–103", with_bytes(lambda whole: whole + b"0,1,2\n" * 30)),
    ("duplicate_column", "stands 2 times", with_a_column_twice),
    ("empty_table", "has no rows", without_rows),
    ("two_files", "are both there", beside_a_second),
)
"""What happens to the file of visits (72 rows), its name, and what is said."""
