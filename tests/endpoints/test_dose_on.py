"""The dose of any day, looked up in the periods, is that of the matrix of days."""

import numpy as np

from sim.config.compose import load
from sim.endpoints.dataset import DataSet
from sim.pipeline import cohort_chunk


def test_looking_a_dose_up_gives_the_dose_of_the_day():
    tables = cohort_chunk(load(["task=cohort", "effect=neutral", "protocol.follow_up=year_5"]), range(3))
    names = ("candidates", "visits", "dosing", "infusions", "events")
    data = DataSet(**{name: tables[name] for name in names})
    days = data.daily.shape[1]
    row, day = np.repeat(np.arange(data.size), days), np.tile(np.arange(days, dtype=float), data.size)
    np.testing.assert_array_equal(data.dose_on(row, day).reshape(data.size, days), data.daily)
    assert np.isnan(data.dose_on(row[:1], np.array([-1.0]))).all()
    last = {
        int(row): float(dose) for row, dose in zip(data.rows_of(data.dosing), data.dosing["dose"], strict=True)
    }
    far = data.dose_on(np.arange(data.size), np.full(data.size, 1999.0))
    assert far.tolist() == [last[row] for row in range(data.size)]
