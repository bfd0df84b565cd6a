"""The dose of each day from a log written by hand."""

import numpy as np

from sim.core.clock import MINUTES_PER_DAY
from sim.disease.state import LOG, Happening, Reason, new_states
from sim.observations.visit import VISIT
from sim.trial.courses import Courses
from sim.trial.doses import daily, lay


def laid(*entries):
    """Dose and reason of thirty days, from 20 mg; entries : day, kind, days of a pulse, mg."""
    log = np.zeros(len(entries), LOG)
    for place, (day, kind, days, dose) in enumerate(entries):
        log[place] = (day * MINUTES_PER_DAY + 540, int(kind), days, 0, dose)
    dose, reason = np.full(30, -1.0), np.full(30, -1, np.int8)
    lay(log, 20.0, dose, reason)
    return dose.tolist(), [Reason(why) for why in reason.tolist()]


def test_an_order_and_a_step_last_until_the_next_change():
    order, step = Happening.ORDER_DOSE, Happening.STEP
    dose, reason = laid(
        (3, order, 0, 35.0), (5, order, 0, 35.0), (10, step, 0, 15.0), (12, Happening.VISIT, 0, 1.0)
    )
    assert dose == [20.0] * 3 + [35.0] * 7 + [15.0] * 20
    assert reason == [Reason.BASELINE] * 3 + [Reason.FLARE] * 7 + [Reason.TAPER] * 20


def test_pulses_are_added_on_their_days_and_days_of_two_count_once():
    """Three days from day 4, three from day 5: days 4 to 7; the last one runs beyond the end."""
    pulse = Happening.PULSE
    dose, reason = laid((4, pulse, 3, 500.0), (5, pulse, 3, 500.0), (12, pulse, 2, 250.0), (29, pulse, 3, 100.0))
    assert dose == [20.0] * 4 + [520.0] * 4 + [20.0] * 4 + [270.0] * 2 + [20.0] * 15 + [120.0]
    assert [day for day, why in enumerate(reason) if why == Reason.RESCUE] == [4, 5, 6, 7, 12, 13, 29]
    assert {why for day, why in enumerate(reason) if dose[day] == 20.0} == {Reason.BASELINE}


def test_days_go_to_211_or_to_the_day_after_the_last_end():
    for last, days in ((0, 212), (210, 212), (211, 213), (400, 402)):
        states = new_states(2)
        states["end_day"], states["entry_dose"] = (last, 7), (20.0, 10.0)
        dose, reason = daily(Courses(np.arange(2), states, np.zeros(0, VISIT), np.zeros(0, LOG)))
        assert dose.shape == reason.shape == (2, days)
        assert (dose == [[20.0], [10.0]]).all()
