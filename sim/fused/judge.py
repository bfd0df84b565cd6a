"""One patient's endpoints, compiled: cheap parts first, and no measurement that does not decide.

The rules are those of sim.endpoints, which reads tables; a test compares both on many patients and readings.
An answer is 1 (responder), 0, or -1 (not in the population). P3 may be OPEN: everything but the filtration rate
holds, and the caller looks at the creatinine that `judge` leaves behind.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.observation import SCHEDULED
from sim.core.clock import MINUTES_PER_DAY
from sim.core.uncounted import compiled
from sim.disease.state import LAST_DAY, Happening
from sim.endpoints.intercurrent import WEEK_12, WEEK_24
from sim.endpoints.renal import REPEAT_WITHIN
from sim.endpoints.sledai_endpoints import POINTS
from sim.endpoints.steroid_endpoints import LIMIT, WEEK_4
from sim.fused.blood import HEMOGLOBIN, NEUTROPHILS, PLATELETS, blood_improved
from sim.fused.sledai import MORE_THAN_ALL, points
from sim.observations import measure
from sim.observations.visit import Record
from sim.population.person import LN
from sim.trial.doses import lay
from sim.trial.tables import EARLY_ENDS, RESCUES

P1: Final = 0
P2: Final = 1
P3: Final = 2
S1: Final = 3
S3: Final = 4
OUTSIDE: Final = -1
OPEN: Final = 2
DAYS: Final = LAST_DAY + 2

_W24: Final = SCHEDULED.index("W24")
_IVIG: Final = int(Happening.IVIG)
_TRANSFUSION: Final = int(Happening.TRANSFUSION)
_GCSF: Final = int(Happening.GCSF)
_ENDS: Final = tuple(int(kind) for kind in EARLY_ENDS)
_RESCUES: Final = tuple(int(kind) for kind in RESCUES)
_NEVER: Final = 1 << 40
_TOLERANCE: Final = 1e-9
_ABOVE: Final = LIMIT + _TOLERANCE
_UPCR_LIMIT: Final = 0.5
_FALL: Final = POINTS
_AFTER: Final = 3


@compiled
def judge(
    answer: NDArray[np.int8],
    creatinine: NDArray[np.float64],
    state: Record,
    person: Record,
    history: Record,
    visits: Record,
    log: Record,
    dose: NDArray[np.float64],
    reason: NDArray[np.int8],
    scratch: Record,
    rules: Record,
    r: Record,
    o: Record,
    noise: Record,
) -> None:
    """Judge a patient whose course is over.

    answer     : (5,), filled; creatinine : (4,), filled where P3 is OPEN: at the assessment, on D0, at the visits
                 before and after the assessment (NaN: none that counts), µmol/L.
    visits, log : records of the patient, those in use counted by the state; scratch : a visit to work in.
    dose, reason : (212,) to work in. noise : the patient's noise.
    """
    answer[:] = OUTSIDE
    if state.infusions == 0:
        return
    left, rescued, spoiled = _happened(state, log)
    lay(log[: state.entries], person.prednisone_dose, dose, reason)
    if r.judged[P1]:
        answer[P1] = _kept_low(dose, WEEK_4, WEEK_12, r.steroid_step, r.steroid_grace_days, left)
        if r.low_dose_excluded == 1 and dose[0] <= _ABOVE:
            answer[P1] = OUTSIDE
    if r.judged[S1]:
        answer[S1] = _kept_low(dose, WEEK_12, WEEK_24, r.maintained_step, 0, left)
    chosen, day_0 = _week_24(state, visits, r), _day_0(visits)
    day = visits[chosen].day if chosen >= 0 else 0
    out = chosen < 0 or left < WEEK_24 or rescued <= max(day, WEEK_24)
    if r.judged[P2] and person.subgroup != LN:
        last = WEEK_24
        if chosen >= 0 and visits[chosen].number == _W24:
            last = max(day, WEEK_24)
        failed = chosen < 0 or left < WEEK_24 or rescued <= last or _raised(dose, last)
        answer[P2] = blood_improved(
            failed, person, history, visits[0], visits[day_0], visits[chosen], spoiled, scratch, rules, r, o,
            noise,
        )  # fmt: skip
    if r.judged[P3] and person.subgroup == LN:
        answer[P3] = 0
        if not out and not _excess(dose, max(day, WEEK_24), r):
            answer[P3] = _renal(creatinine, state, person, visits, day_0, chosen, o, noise)
    if r.judged[S3]:
        answer[S3] = _sledai_fallen(out, person, visits[day_0], visits[chosen], r, o, noise)


@compiled
def _happened(state: Record, log: Record) -> tuple[int, int, int]:
    """Day of an early end; day of the first rescue from day 1 on; bits of what spoils blood counts of day 0."""
    left, rescued, spoiled = _NEVER, _NEVER, 0
    for k in range(state.entries):
        kind = log[k].kind
        if kind in _ENDS:
            left = min(left, log[k].minute // MINUTES_PER_DAY)
        elif kind in _RESCUES:
            day = log[k].minute // MINUTES_PER_DAY
            if day >= 1:
                rescued = min(rescued, day)
            elif kind == _TRANSFUSION:
                spoiled |= HEMOGLOBIN
            elif kind == _GCSF:
                spoiled |= NEUTROPHILS
            elif kind == _IVIG:
                spoiled |= PLATELETS
    return left, rescued, spoiled


@compiled
def _kept_low(dose: NDArray[np.float64], first: int, last: int, step: int, grace: int, left: int) -> int:
    """P1 and S1: at most the limit from the first to the last day, and on study on the last."""
    if left < last:
        return 0
    above = 0
    for day in range(first, last + 1, step):
        if dose[day] > _ABOVE:
            above += 1
    return 1 if above <= grace else 0


@compiled
def _week_24(state: Record, visits: Record, r: Record) -> int:
    """The visit that stands for week 24 (see endpoints.analysis_visit); -1 if there is none."""
    nearest, carried, least = -1, -1, _NEVER
    for j in range(state.rows):
        if visits[j].attended == 0:
            continue
        if visits[j].number == _W24:
            return j
        day = visits[j].day
        distance = 2 * abs(day - WEEK_24) + (1 if day < WEEK_24 else 0)
        if abs(day - WEEK_24) <= r.window_days and distance <= least:
            least = distance
            nearest = j
        if WEEK_24 - r.carry_days <= day < WEEK_24:
            carried = j
    return nearest if nearest >= 0 else carried


@compiled
def _raised(dose: NDArray[np.float64], last: int) -> bool:
    raised, limit = False, dose[0] + _TOLERANCE
    for day in range(1, min(last, DAYS - 1) + 1):
        raised |= dose[day] > limit
    return raised


@compiled
def _excess(dose: NDArray[np.float64], end: int, r: Record) -> bool:
    """Steroid excess from day 84 to the day before `end`."""
    total, run, longest = 0, 0, 0
    for day in range(WEEK_12, min(end, DAYS)):
        run = run + 1 if dose[day] > _ABOVE else 0
        total += 1 if run > 0 else 0
        longest = max(longest, run)
    return bool(total >= r.excess_total or longest >= r.excess_run)


@compiled
def _renal(
    creatinine: NDArray[np.float64], state: Record, person: Record, visits: Record, day_0: int, chosen: int,
    o: Record, noise: Record,
) -> int:  # fmt: skip
    """UPCR at most 0.5, else 0; then the creatinine that tells the rest."""
    if measure.upcr(o, person, visits[chosen], noise) > _UPCR_LIMIT + _TOLERANCE:
        return 0
    places = (chosen, day_0, _attended(state, visits, chosen, -1), _attended(state, visits, chosen, 1))
    for k in range(4):
        creatinine[k] = math.nan
        late = k == _AFTER and visits[places[k]].day > visits[chosen].day + REPEAT_WITHIN
        if places[k] >= 0 and not late:
            creatinine[k] = measure.serum_creatinine(o, person, visits[places[k]], noise)
    return OPEN


@compiled
def _attended(state: Record, visits: Record, place: int, step: int) -> int:
    """The next attended visit before (step -1) or after (step 1) a place; -1 if there is none."""
    place += step
    while 0 <= place < state.rows:
        if visits[place].attended == 1:
            return place
        place += step
    return -1


@compiled
def _day_0(visits: Record) -> int:
    """The visit of day 0, which everybody who was infused has attended."""
    place = 0
    while visits[place].number != 0:
        place += 1
    return place


@compiled
def _sledai_fallen(
    failed: bool, person: Record, day_0: Record, week_24: Record, r: Record, o: Record,
    noise: Record,
) -> int:  # fmt: skip
    """S3; failed : something else has failed already, so that only the population is asked for."""
    if failed and r.sledai_everybody == 1:
        return 0
    enough = _FALL if failed else MORE_THAN_ALL
    baseline = points(person, day_0, r, o, enough, noise)
    if baseline < _FALL:
        return OUTSIDE if r.sledai_everybody == 0 else 0
    if failed:
        return 0
    too_many = baseline - _FALL + 1.0
    return 1 if points(person, week_24, r, o, too_many, noise) < too_many else 0
