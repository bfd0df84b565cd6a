"""Every kind of problem that the examination of a data set can name, and whether it makes a result wrong."""

from types import MappingProxyType
from typing import Final

ERROR, WARNING, COLUMN = "error", "warning", "column"
"""A kind is an error (nothing is scored), a warning, or an error exactly where the calculator reads the column."""

_FILES: Final = (
    ("missing_file", ERROR, "a table has neither a .parquet nor a .csv file"),
    ("two_files", ERROR, "a table has both, and nothing says which one counts"),
    (
        "unreadable_file",
        ERROR,
        "the file is empty, damaged, no text in UTF-8, not separated by commas, has no names of columns in its "
        "first line, or has a row that runs over several lines",
    ),
    ("broken_row", ERROR, "a line of a CSV file has more or fewer fields than its header"),
    ("empty_table", ERROR, "a table that cannot be empty has no rows"),
    ("missing_column", ERROR, "a column is not there that an endpoint reads"),
    ("duplicate_column", ERROR, "two columns have one name"),
    ("unknown_column", WARNING, "a column that the data model does not know; it is not read"),
)
_CELLS: Final = (
    ("wrong_type", COLUMN, "a column holds another kind of values, such as words for numbers"),
    ("not_a_number", COLUMN, "a text that is no number, such as 7,5 or <0.1 or a calendar date"),
    ("not_finite", COLUMN, "an infinite number"),
    ("not_whole", COLUMN, "a day or count that is no whole number, or is beyond what the column can hold"),
    ("missing_value", COLUMN, "no value in a column that has one in every row"),
    ("empty_column", WARNING, "no visit has a value in a column that endpoints read"),
    ("unknown_category", COLUMN, "a word that is not one of the column's categories"),
    ("negative_value", COLUMN, "a number below zero where none can be"),
    ("unit_suspected", COLUMN, "the median of a column lies outside what patients have: another unit"),
    ("mixed_units", COLUMN, "a part of a column lies outside what patients have and fits another unit"),
    ("outlier", WARNING, "a single value outside the plausible range"),
)
_KEYS: Final = (
    ("duplicate_key", ERROR, "two rows for one candidate, subject, visit or infusion"),
    ("duplicate_event", WARNING, "two rows of events that are alike in everything"),
    (
        "unknown_detail",
        WARNING,
        "a detail that no rule knows, where another word would decide: of a withdrawal, transfusion, rescue or "
        "serious event",
    ),
    ("unknown_visit", ERROR, "a name of a visit that the data model does not have"),
    ("unknown_infusion", ERROR, "an infusion that is neither the first nor the second"),
    ("unknown_subject", ERROR, "a subject that candidates does not have"),
    ("no_infusion_row", ERROR, "a subject without a row in infusions, so nobody knows whether it was treated"),
    ("no_visits", ERROR, "a treated subject without a row in visits"),
    ("no_dosing", ERROR, "a treated subject without a row in dosing"),
    ("nobody_infused", ERROR, "no subject received the first infusion"),
    ("person_differs", ERROR, "subgroup or sex of a subject is not the same in visits and candidates"),
    ("ineligible_enrolled", WARNING, "a candidate who is not eligible has a subject number"),
    ("no_lineage", WARNING, "a subject with cytopenia for whom no lineage qualifies"),
    ("person_unknown", WARNING, "age is missing for a treated subject, so the filtration rate is unknown"),
)
_DAYS: Final = (
    ("attended_without_day", ERROR, "a visit was attended and has no day"),
    ("missed_with_measurements", ERROR, "a visit was not attended and has measurements"),
    ("missed_with_day", WARNING, "a visit was not attended and has a day"),
    ("visits_out_of_order", ERROR, "a scheduled visit was held before or on the day of an earlier one"),
    ("visit_far_from_plan", WARNING, "a visit was held more than five weeks from its planned day"),
    ("planned_day_differs", WARNING, "the planned day is not that of the protocol"),
    ("baseline_after_infusion", ERROR, "screening or D0 stands on a day after the first infusion"),
    ("missing_baseline", WARNING, "a treated subject without an attended D0"),
    ("two_visits_one_day", WARNING, "two attended visits of a subject on one day"),
    ("infusion_order", ERROR, "the second infusion was given before or on the day of the first, or without it"),
    ("infusion_not_day_0", ERROR, "the first infusion is not on study day 0, from which all days count"),
    ("infusion_contradicts", ERROR, "an infusion has a day and a reason why it was not given"),
    ("infusion_unexplained", WARNING, "an infusion has neither a day nor a reason why it was not given"),
    ("visit_after_end", ERROR, "an attended visit after death, withdrawal or loss"),
    ("dose_after_end", ERROR, "a period of dosing begins after death, withdrawal or loss"),
    ("dose_beyond_end", WARNING, "a period of dosing runs on after death, withdrawal or loss"),
    ("event_after_end", ERROR, "an event after death, or other than death after withdrawal or loss"),
    ("infusion_after_end", ERROR, "an infusion after death, withdrawal or loss"),
    ("several_ends", WARNING, "more than one end of participation; the earliest counts"),
    ("end_before_infusion", ERROR, "participation ended before the day of the first infusion"),
)
_DOSING: Final = (
    ("period_reversed", ERROR, "a period of dosing ends before it begins"),
    ("dose_gap", ERROR, "days without a dose between two periods"),
    ("dose_overlap", ERROR, "two periods of dosing share days"),
    ("dose_starts_late", ERROR, "no dose on day 0"),
    (
        "dose_ends_early",
        WARNING,
        "dosing ends before day 168 and participation does not; the last dose is carried",
    ),
)
_DERIVED: Final = (
    ("derived_differs", WARNING, "a derived column disagrees with its recomputation, which is used"),
    ("grade_differs", WARNING, "a BILAG grade disagrees with the one that its measurements give; as recorded"),
    ("grade_contradicts", WARNING, "a BILAG domain is inactive where SLEDAI-2K has a manifestation of it"),
    ("dose_differs", WARNING, "the dose recorded with a visit is not that of dosing, which is used"),
)

KINDS: Final = MappingProxyType(
    {
        name: (severity, meaning)
        for name, severity, meaning in (*_FILES, *_CELLS, *_KEYS, *_DAYS, *_DOSING, *_DERIVED)
    }
)
"""Severity and meaning by name, in the order of the examination."""
UNREAD: Final = frozenset({"wrong_type", "not_a_number", "not_finite", "not_whole", "unknown_category"})
"""Kinds after which a cell, or a whole column, is taken for missing."""
