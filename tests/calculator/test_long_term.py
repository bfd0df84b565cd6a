"""Visits after week 24 in a data set from outside: their days are examined like the others'."""

import pytest

from tests.calculator.clinic import clinic, examined, place, write_csv

PLANNED = {"Y0.5": 182, "Y1": 365, "Y1.5": 548, "Y2": 731, "Y3": 1096, "Y5": 1826}


def followed():
    """The small clinic with all visits of five years of subject 1."""
    tables = clinic()
    last = tables["visits"][place(tables["visits"], subject=1, visit="W24")]
    for name, day in PLANNED.items():
        tables["visits"].append(last | {"visit": name, "planned_day": day, "day": day, "prednisone_dose": None})
    return tables


def named(tables, folder):
    return [finding.kind for finding in examined(write_csv(folder, tables)).found.findings]


def with_day(name, **changes):
    tables = followed()
    row = place(tables["visits"], subject=1, visit=name)
    tables["visits"][row] |= changes
    return tables, row


def test_five_years_of_visits_are_no_problem(tmp_path):
    result = examined(write_csv(tmp_path, followed()))
    assert result.found.findings == []
    assert result.data is not None


@pytest.mark.parametrize(
    ("name", "changes", "kind"),
    [
        ("Y1", {"day": 168}, "visits_out_of_order"),
        ("Y2", {"day": 540}, "visits_out_of_order"),
        ("Y2", {"day": 767}, "visit_far_from_plan"),
        ("Y5", {"planned_day": 1825}, "planned_day_differs"),
        ("Y3", {"visit": "Y4"}, "unknown_visit"),
    ],
)
def test_a_long_term_visit_on_an_impossible_day_is_named(tmp_path, name, changes, kind):
    tables, row = with_day(name, **changes)
    findings = [each for each in examined(write_csv(tmp_path, tables)).found.findings if each.kind == kind]
    assert len(findings) == 1
    assert findings[0].rows.tolist() == [row]


@pytest.mark.parametrize(("name", "named_so"), [("Y1.5", False), ("Y1", True)])
def test_an_unscheduled_visit_may_share_the_day_of_a_sample_of_t_cells_alone(tmp_path, name, named_so):
    tables, row = with_day(name)
    visit = tables["visits"][row] | {"visit": "U1", "planned_day": None}
    tables["visits"].append(visit)
    assert ("two_visits_one_day" in named(tables, tmp_path)) == named_so
