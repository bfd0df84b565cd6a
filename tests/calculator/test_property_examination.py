"""Whatever is wrong with a data set, its examination ends in a list and not in a failure of the program."""

import random

import pytest

from tests.calculator.clinic import clinic, examined, write_csv
from tests.calculator.damages import DAMAGES

COLUMNS = [(table, column) for table, rows in clinic().items() for column in rows[0]]
JUNK = ("x", -1, 3.5, None, "1e5", "LN", "W4", True)


def ends_in_a_list(folder, tables):
    found = examined(write_csv(folder, tables)).found
    lines = found.lines(fatal=True) + found.lines(fatal=False)
    assert lines
    assert all(line.startswith(("error: ", "warning: ")) and line.endswith("]") for line in lines)


@pytest.mark.parametrize("seed", range(3))
def test_columns_of_junk_end_in_a_list(tmp_path, seed):
    chance = random.Random(seed)
    for number, (table, column) in enumerate(chance.sample(COLUMNS, 10)):
        tables = clinic()
        for row in tables[table]:
            row[column] = chance.choice(JUNK)
        ends_in_a_list(tmp_path / str(number), tables)


@pytest.mark.parametrize("seed", range(3))
def test_several_damages_end_in_a_list(tmp_path, seed):
    chance = random.Random(seed)
    for number in range(8):
        tables = clinic()
        for damage in chance.sample([damage for damage in DAMAGES if damage.kind != "missing_column"], 4):
            try:
                damage.do(tables)
            except (KeyError, StopIteration, TypeError):  # another damage has taken away what this one changes
                continue
        ends_in_a_list(tmp_path / str(number), tables)


def test_empty_columns_end_in_a_list_or_in_nothing(tmp_path):
    for number, (table, column) in enumerate(COLUMNS[::6]):
        tables = clinic()
        for row in tables[table]:
            row[column] = None
        found = examined(write_csv(tmp_path / str(number), tables)).found
        assert found.fatal == any(each.fatal for each in found.findings)
        assert (examined(tmp_path / str(number)).data is None) == found.fatal
