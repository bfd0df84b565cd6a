"""Looking ahead: what the first draws say of many arrivals at once.

Nine of ten candidates fail at one of few questions. Asked of one arrival after the other, each question waits for
its block of the generator, and the processor guesses the answer wrong; asked of many, the blocks overlap. Whoever
is given up here fails the verdict (sim.screening.clinic.screen); whoever is promising is screened.
"""

import math
from typing import Any, Final

from sim.core.decisions import Decision
from sim.core.draws import uniforms
from sim.core.uncounted import compiled
from sim.population.person import LC, LN
from sim.population.variables import Arrival, Variable
from sim.screening.case import Room
from sim.screening.clinic import arrival, stream_open
from sim.screening.early import plainly_unfit, refuses
from sim.screening.kidney import all_three_asked, first_sample, labs_decide, near_creatinine, near_level
from sim.screening.nearly import near_normal
from sim.screening.samples import sample_day

_CLOSE: Final = 1e-9
"""A draw this close to the limit of a biopsy's age is left to the verdict; rounding errors are far smaller."""


@compiled
def look_ahead(room: Room, counts: Any, trial: int) -> None:
    """Fill room.ahead with the next arrivals; of a stream that is closed now nobody is promising."""
    first = counts[0].arrived
    waiting = _fit(room, first, trial, _coming(room, counts, first, trial))
    waiting = _kidneys(room, first, trial, waiting)
    for place in range(waiting):
        room.ahead[room.ahead[place].waiting].promising = True


@compiled
def _coming(room: Room, counts: Any, first: int, trial: int) -> int:
    """Gap and stream of the next arrivals; how many consent and have a biopsy that is not too old."""
    p, plan, ahead = room.population[0], room.plan[0], room.ahead
    nephritis_open, cytopenia_open = stream_open(counts[0], plan, LN), stream_open(counts[0], plan, LC)
    latest = 2.0
    if labs_decide(room.rules[0], LN):
        latest = _CLOSE - math.expm1(-math.floor(room.rules[0].biopsy_max_age_days + 0.5) / p.biopsy_mean_days)
    waiting = 0
    for i in range(ahead.size):
        gap, stream, consent, biopsy = uniforms(room.seed, trial, first + i, Decision.BASELINE, Arrival.GAP)
        each = ahead[i]
        each.gap, each.subgroup = arrival(plan, gap, stream)
        each.promising = False
        nephritis = each.subgroup == LN
        wanted = (nephritis & nephritis_open & (biopsy <= latest)) | ((not nephritis) & cytopenia_open)
        ahead[waiting].waiting = i
        waiting += wanted & (not refuses(p, consent))
    return waiting


@compiled
def _fit(room: Room, first: int, trial: int, waiting: int) -> int:
    """Those of the first `waiting` who have a donor and no plain exclusion; where they stand in room.ahead."""
    p, ahead = room.population[0], room.ahead
    left = 0
    for place in range(waiting):
        i = ahead[place].waiting
        creatinine, found, infection, liver = uniforms(
            room.seed, trial, first + i, Decision.BASELINE, Variable.CREATININE
        )
        ahead[left].waiting = i
        ahead[i].creatinine = creatinine
        left += not plainly_unfit(p, found, infection, liver)
    return left


@compiled
def _kidneys(room: Room, first: int, trial: int, waiting: int) -> int:
    """Those whose first sample may show a raised creatinine, where nobody in the nephritis stream does without."""
    p, o, rules, ahead = room.population[0], room.observation[0], room.rules[0], room.ahead
    if not (labs_decide(rules, LN) and all_three_asked(rules)):
        return waiting
    day, left = sample_day(rules, LN, first_sample(rules)), 0
    for place in range(waiting):
        i = ahead[place].waiting
        ahead[left].waiting = i
        raised = 0
        if ahead[i].subgroup == LN:
            level = near_level(p, near_normal(ahead[i].creatinine))
            raised = near_creatinine(p, o, level, day, rules.creatinine_least, room.seed, trial, first + i)
        left += raised >= 0
    return left
