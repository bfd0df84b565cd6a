"""Patients of the sample: which are averaged, and their values at a visit in both worlds."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.core.tables import Table

Floats = NDArray[np.float64]
LAST_DAY: Final = 168
LAST_VISIT: Final = "W24"
FIRST_VISIT: Final = "D0"
_MANY: Final = 1_000


def drawn_trials(roles: Table) -> NDArray[Any]:
    """Numbers of the trials that were taken by number."""
    return np.unique(roles["trial"][roles["role"] == "drawn"])


def trial_of(roles: Table, role: str) -> int:
    """The number of the trial that stands for something."""
    return int(roles["trial"][roles["role"] == role][0])


def of_trials(table: Table, trials: NDArray[Any]) -> Table:
    """The rows of some trials."""
    return table.where(np.isin(table["trial"], trials))


def key_of(table: Table) -> NDArray[np.int64]:
    """One number for each patient: the trial's times a thousand, and the subject's."""
    return table["trial"].astype(np.int64) * _MANY + table["subject"].astype(np.int64)


def effects_in(table: Table) -> list[str]:
    """The effects of a sample, `none` first."""
    return sorted(dict.fromkeys(table["effect"].tolist()), key=lambda name: name != "none")


def at_visit(visits: Table, effect: str, visit: str, column: str, keys: NDArray[np.int64]) -> Floats:
    """Value of a column at a named visit for each patient of `keys`; NaN where it was missed or not measured."""
    rows = visits.where((visits["effect"] == effect) & (visits["visit"] == visit))
    values = np.full(len(keys), np.nan)
    place = {key: k for k, key in enumerate(keys.tolist())}
    for key, value in zip(key_of(rows).tolist(), rows[column].astype(np.float64).tolist(), strict=True):
        if key in place:
            values[place[key]] = value
    return values


def responses(endpoints: Table, effect: str, endpoint: str) -> dict[int, bool]:
    """Response of each patient of an endpoint's population."""
    rows = endpoints.where((endpoints["effect"] == effect) & (endpoints["endpoint"] == endpoint))
    rows = rows.where(rows["responder"] >= 0)
    return dict(zip(key_of(rows).tolist(), (rows["responder"] == 1).tolist(), strict=True))


def quartiles(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Median and quartiles of each column of (patients, times) among those known; NaN where nobody is."""
    found = [values[:, k][~np.isnan(values[:, k])] for k in range(values.shape[1])]
    low, middle, high = (
        np.array([np.quantile(each, share) if len(each) else np.nan for each in found])
        for share in (0.25, 0.5, 0.75)
    )
    return low, middle, high


def dose_steps(dosing: Table, key: int) -> tuple[list[float], list[float]]:
    """Days and doses of one patient as a step line from day 0 on."""
    rows = dosing.where((key_of(dosing) == key) & (dosing["start_day"] <= LAST_DAY))
    days, doses = rows["start_day"].astype(float).tolist(), rows["dose"].tolist()
    if not days:
        return [], []
    return [*days, min(float(rows["end_day"][-1]), LAST_DAY)], [*doses, doses[-1]]


def daily_doses(dosing: Table, keys: NDArray[np.int64]) -> Floats:
    """(patients, days 0 … 168) daily dose; NaN after the end of participation."""
    doses = np.full((len(keys), LAST_DAY + 1), np.nan)
    place = {key: k for k, key in enumerate(keys.tolist())}
    columns = (
        key_of(dosing).tolist(),
        dosing["start_day"].tolist(),
        dosing["end_day"].tolist(),
        dosing["dose"].tolist(),
    )
    for key, start, end, dose in zip(*columns, strict=True):
        if key in place and start <= LAST_DAY:
            doses[place[key], int(start) : int(min(end, LAST_DAY)) + 1] = dose
    return doses
