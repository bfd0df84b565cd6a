"""Flares: latent at onset, recognised at a visit, never known to a physician before."""

import math
from typing import Final

from sim.core.clock import CLINIC_OPENS, MINUTES_PER_DAY, clinic_minute
from sim.core.decisions import SLOTS, Clock, Decision
from sim.core.draws import exponential_quantile, normal, normal_quantile, uniforms
from sim.core.exponential import exp
from sim.core.uncounted import compiled
from sim.disease.activity import jump
from sim.disease.log import note
from sim.disease.state import Event, Happening
from sim.observations.visit import CNS_ITEMS, ITEMS, Record

_SIZE: Final = int(Decision.FLARE_SIZE)
_RECOGNITION: Final = int(Decision.RECOGNITION)
_ITEM: Final = int(Decision.FLARE_ITEM)
_FLARE: Final = int(Happening.FLARE)
_UNSCHEDULED: Final = int(Event.UNSCHEDULED)
_EXTRARENAL_SEVERE: Final = int(Clock.EXTRARENAL_SEVERE)
_EXTRARENAL_MILD: Final = int(Clock.EXTRARENAL_MILD)
_PLEURISY: Final = ITEMS.index("pleurisy")
_PERICARDITIS: Final = ITEMS.index("pericarditis")
_VASCULITIS: Final = ITEMS.index("vasculitis")
_MYOSITIS: Final = ITEMS.index("myositis")
_N_ITEMS: Final = len(ITEMS)
_N_CNS: Final = len(CNS_ITEMS)

_clinic_minute = compiled(clinic_minute)


@compiled
def flare(state: Record, p: Record, log: Record, clock: int) -> None:
    """A latent flare: activity jumps, recognition is planned, new manifestations appear.

    clock : 2 x domain (R, H, X) + (0 severe, 1 mild); its count is still that of the earlier rings.
    """
    index = SLOTS * clock + state.count[clock]
    z = normal(state.seed, state.trial, state.candidate, _SIZE, index)
    size = exp(p.jump_log[clock] + p.jump_sd[clock] * z)
    jump(state, p, clock >> 1, size, state.minute)
    note(state, log, _FLARE, clock, state.count[clock], size)
    state.pending[clock] += 1
    _plan_recognition(state, p, clock, index)
    if clock == _EXTRARENAL_MILD:
        _mild_item(state, p, index)
    elif clock == _EXTRARENAL_SEVERE:
        _severe_item(state, p, index)


@compiled
def _plan_recognition(state: Record, p: Record, clock: int, index: int) -> None:
    """An unscheduled visit on the first morning not before the delay is over, or the next attended visit."""
    whether, first, second, _ = uniforms(state.seed, state.trial, state.candidate, _RECOGNITION, 4 * index)
    if whether >= p.p_unscheduled[clock]:
        return
    delay = p.delay[clock] / 2.0 * (exponential_quantile(first) + exponential_quantile(second))
    ready = state.minute + math.ceil(delay * MINUTES_PER_DAY)
    day = -((CLINIC_OPENS - ready) // MINUTES_PER_DAY)
    state.due[_UNSCHEDULED] = min(state.due[_UNSCHEDULED], _clinic_minute(day))


@compiled
def _own(state: Record, p: Record, item: int, uniform: float) -> None:
    """A manifestation that the patient did not have joins the repertoire."""
    if state.item_threshold[item] == math.inf:
        state.item_threshold[item] = exp(p.item_log_median + p.item_log_sd * normal_quantile(uniform))
        state.pending_items |= 1 << item


@compiled
def _mild_item(state: Record, p: Record, index: int) -> None:
    """With some probability one absent item, in proportion to its prevalence."""
    whether, which, threshold, _ = uniforms(state.seed, state.trial, state.candidate, _ITEM, 4 * index)
    if whether >= p.p_new_item:
        return
    total = 0.0
    for item in range(_N_ITEMS):
        if state.item_threshold[item] == math.inf:
            total += p.item_prevalence[item]
    reached, chosen = 0.0, -1
    for item in range(_N_ITEMS):
        if state.item_threshold[item] == math.inf and p.item_prevalence[item] > 0.0:
            reached += p.item_prevalence[item]
            chosen = item
            if which * total < reached:
                break
    if chosen >= 0:
        _own(state, p, chosen, threshold)


@compiled
def _severe_item(state: Record, p: Record, index: int) -> None:
    """A central nervous manifestation, vasculitis, myositis, serositis, or nothing new."""
    kind, which, threshold, _ = uniforms(state.seed, state.trial, state.candidate, _ITEM, 4 * index)
    if kind < p.cns:
        state.cns_item = int(_N_CNS * which)
        state.cns_until = state.minute + p.cns_days * MINUTES_PER_DAY
        state.pending_cns |= 1 << state.cns_item
    elif kind < p.cns + p.vasculitis:
        _own(state, p, _VASCULITIS, threshold)
    elif kind < p.cns + p.vasculitis + p.myositis:
        _own(state, p, _MYOSITIS, threshold)
    elif kind < p.cns + p.vasculitis + p.myositis + p.serositis:
        _own(state, p, _PLEURISY if which < 0.5 else _PERICARDITIS, threshold)
