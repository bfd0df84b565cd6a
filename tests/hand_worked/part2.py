"""All hand-worked cases of the secondary endpoints and of the rules and instruments behind them.

`ROWS` are patients with the row of an endpoint that must come out; `RULES` are single rules with arguments.
"""

from tests.hand_worked import (
    bilag,
    flares,
    hematologic_flares,
    low_activity,
    other_readings,
    secondary_changes,
    secondary_responses,
    secondary_times,
)
from tests.hand_worked.patients import Case

ROWS: list[Case] = (
    secondary_responses.CASES + secondary_times.CASES + secondary_changes.CASES + other_readings.SECONDARY
)
RULES: list[Case] = bilag.CASES + flares.CASES + hematologic_flares.CASES + low_activity.CASES
