"""The patient's state, the kinds of events in their order, and the log of what happened."""

from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.observation import SCHEDULED
from sim.core.clock import NEVER
from sim.core.decisions import Clock

LAST_DAY: Final = 210
"""The 24 weeks end here at the latest, whatever delayed the second infusion."""
DOSES: Final = 32
"""Doses in force one after another that the state keeps: more than one a day in the widest window, 28 days."""
N_CLOCKS: Final = len(Clock)
ROOM_FOR_VISITS: Final = -(-len(SCHEDULED) // 4) * 4
"""Scheduled visits, rounded up to whole blocks of random numbers."""
WEEK_24: Final = SCHEDULED.index("W24")
"""Number of the visit that closes the 24 weeks."""


class Event(IntEnum):
    """What can happen next; the value is the order within one minute.

    The clocks come first (what happened in the night is known in the morning), then the cells, the refresh of the
    hazards, and the clinic's own order: assess and give orders, take the taper step, infuse.
    """

    CLOCK = 0  # and the 13 after it: sim.core.decisions.Clock
    CELLS_ON_1 = 14
    CELLS_ON_2 = 15
    CELLS_OFF_1 = 16
    CELLS_OFF_2 = 17
    PULSE_OFF = 18
    TICK = 19
    VISIT = 20
    UNSCHEDULED = 21
    TAPER = 22
    LONG_TERM_STEP = 23
    INFUSION = 24
    END = 25


N_EVENTS: Final = len(Event) - 1 + N_CLOCKS


class Phase(IntEnum):
    """Where the corticosteroid stands."""

    STEPS = 0  # on the way to the floor
    LAST = 1  # only the last step is left
    HIGH = 2  # a flare's dose, held
    REDUCE = 3  # on the way back
    OVER = 4


class Reason(IntEnum):
    """Why a dose is what it is (dosing.reason)."""

    BASELINE = 0
    TAPER = 1
    FLARE = 2
    RESCUE = 3


class Happening(IntEnum):
    """Entries of the log; the comment gives a, b and value."""

    FLARE = 0  # clock, count, jump
    RECOGNISED = 1  # clock, 1 if today's order is severe or second
    ORDER_DOSE = 2  # 0 mild, 1 severe, 2 second; dose after
    IMMUNOSUPPRESSANT = 3  # 1 if the first
    STEROID_RESCUE = 4  # -, -, dose after
    IVIG = 5
    TRANSFUSION = 6
    GCSF = 7
    STEP = 8  # 0 schedule, 1 reduction, 2 long-term reduction; dose after
    HELD = 9
    SKIPPED = 10
    INFUSION = 11  # 0 or 1
    INFUSION_CANCELLED = 12
    REACTION = 13  # infusion, severity; day
    CELLS_ON = 14  # infusion
    CELLS_OFF = 15  # infusion
    SERIOUS_INFECTION = 16  # count
    MILD_INFECTION = 17  # count, 1 if moderate
    ADVERSE_EVENT = 18  # count
    RENAL_DAMAGE = 19
    DAMAGE_INDEX = 20
    DEATH = 21  # 1 of infection
    DROPOUT = 22  # 0 lack of efficacy, 1 adverse event, 2 other
    PREGNANCY = 23
    VISIT = 24  # number
    MISSED = 25  # number
    UNSCHEDULED = 26  # how many so far
    END = 27
    PULSE = 28  # days, -, dose a day
    PULSE_OFF = 29


LOG: Final = np.dtype([("minute", "i8"), ("kind", "i8"), ("a", "i8"), ("b", "i8"), ("value", "f8")], align=True)

STATE: Final = np.dtype(
    [
        ("seed", "i8"),
        ("trial", "i8"),
        ("candidate", "i8"),
        ("minute", "i8"),
        ("done", "i8"),
        ("due", "i8", (N_EVENTS,)),
        ("first_ring", "i8"),  # of the clocks, the earliest of what is due
        # latent activity: log activity at `since`, relaxing to the set-point
        ("since", "i8"),
        ("log_activity", "f8", (8,)),
        ("set_point", "f8", (8,)),
        ("relaxed", "f8", (8,)),  # log activity when it was last looked at, and the same with the drift
        ("seen", "f8", (8,)),
        ("trend", "f8", (5,)),
        ("responder", "i8"),
        ("depth", "f8"),
        ("lag", "i8", (2,)),  # minutes
        ("duration", "i8", (2,)),  # minutes, from the infusion to the end of its effect
        ("cells", "i8"),  # infusions whose cells act
        ("immunosuppressed", "i8"),
        ("rescued", "i8"),
        # random drift of what is seen of log activity: its value on `drift_day`, and what it is made of
        ("drift", "f8", (8,)),
        ("drift_day", "i8"),
        ("drift_anchor", "i8"),
        ("drift_origin", "f8", (8,)),
        ("drift_left", "f8", (8,)),
        ("drift_right", "f8", (8,)),
        # clocks
        ("frailty", "f8"),
        ("refreshed", "i8"),
        ("budget", "f8", (N_CLOCKS,)),
        ("rate", "f8", (N_CLOCKS,)),  # per day
        ("count", "i8", (N_CLOCKS,)),
        ("silent", "i8", (N_CLOCKS,)),  # will not ring, whatever happens
        # what `rated_dose` does to the rates of flares and of serious infections
        ("rated_dose", "f8"),
        ("dose_cover", "f8"),
        ("dose_serious", "f8"),
        # corticosteroid
        ("dose", "f8"),  # oral
        ("entry_dose", "f8"),
        ("doses", "i8"),  # changes so far; the last doses in force and the day each came, at number modulo 32
        ("dose_of", "f8", (DOSES,)),
        ("dose_from", "i8", (DOSES,)),
        ("pulse", "f8"),  # intravenous, while it runs
        ("phase", "i8"),
        ("step", "i8"),
        ("pause_until", "i8"),  # day
        # assessments
        ("assessments", "i8"),
        ("assessed", "i8"),  # rows of the last visit with an assessment, and of the one before it
        ("assessed_before", "i8"),
        # flares waiting to be recognised, and items
        ("pending", "i8", (6,)),
        ("pending_items", "i8"),
        ("pending_cns", "i8"),
        ("mild_recognised", "i8"),  # day
        ("flare_recognised", "i8"),  # day of the last one, of any severity
        ("item_threshold", "f8", (9,)),
        ("cns_item", "i8"),
        ("cns_until", "i8"),  # minute
        ("item_recognised", "i8", (9,)),  # day
        ("cns_recognised", "i8", (5,)),  # day
        # visits and infusions
        ("next_visit", "i8"),
        ("missed", "i8", (ROOM_FOR_VISITS,)),
        ("jitter", "i8", (ROOM_FOR_VISITS,)),  # days
        ("rows", "i8"),
        ("unscheduled", "i8"),
        ("infusions", "i8"),
        ("infusion_day", "i8", (2,)),
        ("cancelled", "i8"),
        ("infection_day", "i8"),  # of the last serious infection
        # immediate rescue of cytopenia
        ("ivig_day", "i8"),
        ("ivig_before", "f8"),
        ("transfusion_day", "i8"),
        ("transfusion_amount", "f8"),
        ("gcsf_day", "i8"),
        ("damage", "f8"),
        ("sdi", "i8"),
        ("end_day", "i8"),
        ("entries", "i8"),
    ],
    align=True,
)

LONG_AGO: Final = -100_000

_ROOM: Final = ((48, 320), (192, 2048))
"""Visits and entries of the log of one patient: over the 24 weeks, and over five years."""


def room(parameters: NDArray[np.void]) -> tuple[int, int]:
    """How many visits and log entries one patient can have; more is a LimitError."""
    return _ROOM[int(parameters[0]["visits"] > WEEK_24 + 1)]


def new_states(size: int) -> NDArray[np.void]:
    """States that nothing has happened to; `course.start` fills them."""
    states = np.zeros(size, STATE)
    states["due"] = NEVER
    states["rated_dose"] = np.nan
    return states
