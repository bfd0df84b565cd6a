"""Exact algebra of a rule with planned numbers on patients who were simulated once: who is enrolled after whom.

Such a rule looks at the first evaluated patients in order of enrolment, so that for all patients the order of LN
and LC counts. Candidates come one after the other, independently: while both kinds have places, the next enrolled
is LN with one probability, and afterwards all are of the kind that still has places. Patients of one kind are
exchangeable. From these follow the states (evaluated, responders) after every number of LN and LC, forwards as
long as both kinds come, and backwards for the rest of one kind.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.design import Design
from sim.core.errors import InputError
from sim.core.tables import Table
from sim.design.rules import Plan

Floats = NDArray[np.float64]

_STATES: Final = 50_000_000


@dataclass(frozen=True)
class Order:
    """Share of LN among those who were enrolled while LN and LC both had places, and how many these are."""

    share: float
    enrolled: int

    @property
    def variance(self) -> float:
        """Of the estimated share; 0 where nobody was enrolled with a choice, for then no order matters."""
        return self.share * (1.0 - self.share) / self.enrolled if self.enrolled else 0.0


def order_of(bank: Table, design: Design) -> Order:
    """The order of enrolment in the trials of a bank.

    bank : `trial`, `subject` (the order of enrolment) and `subgroup` (0 LN, 1 LC), of one effect, in any order.
    """
    rows = np.lexsort((bank["subject"], bank["trial"]))
    is_lc = bank["subgroup"][rows] == 1
    _, begins, lengths = np.unique(bank["trial"][rows], return_index=True, return_counts=True)
    before = [_before(chosen, begins, lengths) for chosen in (~is_lc, is_lc)]
    places = design.quotas
    both = (before[0] < places[0]) & (before[1] < places[1])
    enrolled = int(both.sum())
    return Order(float((~is_lc[both]).mean()) if enrolled else 0.5, enrolled)


def _before(chosen: NDArray[np.bool_], begins: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of the chosen stand before each row within its trial."""
    so_far: NDArray[np.int64] = np.cumsum(chosen) - chosen
    return so_far - np.repeat(so_far[begins], lengths)


def one_kind(share: float, rate: float, largest: int, plan: Plan | None, min_n: int) -> Floats:
    """(largest + 1,): probability of success by the number of patients, all of one kind: no order matters."""
    if plan is None:
        return np.zeros(largest + 1)
    return _rest(_Step(plan, share, rate), plan, min_n, largest)[:, 0]


@lru_cache(maxsize=512)
def staged_grid(values: tuple[float, ...], largest: int, plan: Plan | None, min_n: int) -> Floats:
    """(largest + 1, largest + 1): probability of success for every number of places for LN and LC, at most
    `largest` in all; NaN where they are more.

    values : share in the population and rate there of LN, the same of LC, and the share of LN in the order.
    plan   : None succeeds never. Fewer than min_n evaluated are no success, and whoever is missing of the planned
             number is no responder (decisions D86).
    Errors : InputError where there are more states than are enumerated.
    """
    if plan is None:
        return np.zeros((largest + 1, largest + 1))
    _refuse_too_many((largest + 1) ** 2 * int(np.prod(_shape(plan))))
    share, steps = float(np.clip(values[4], 0.0, 1.0)), (_Step(plan, *values[:2]), _Step(plan, *values[2:4]))
    rest = [_rest(step, plan, min_n, largest) for step in steps]
    last_ln, last_lc = _arrivals(steps, plan, share, largest)
    number = np.arange(largest + 1)
    grid = np.where(np.add.outer(number, number) <= largest, 0.0, np.nan)
    grid[:, 0], grid[0, :] = rest[0][:, 0], rest[1][:, 0]
    for full in range(1, largest):
        most = largest - full
        grid[full, 1 : most + 1] += _then(last_ln[full], rest[1], most)
        grid[1 : most + 1, full] += _then(last_lc[:, full], rest[0], most)
    return np.clip(grid, 0.0, 1.0)


def _then(arrived: Floats, rest: Floats, most: int) -> Floats:
    """(most,): success with 1 … most patients of the other kind, of whom any number but all had come by then.

    arrived : by how many had come; rest : by how many still come. No matrix product, whose last bits would depend
              on the threads of the machine.
    """
    pairs = np.einsum("js,bs->jb", arrived[:most], rest[1 : most + 1])
    total = np.zeros(2 * most - 1)
    np.add.at(total, np.add.outer(np.arange(most), np.arange(most)), pairs)
    return total[:most]


class _Step:
    """What one more patient of a kind does to the states: (…, evaluated 0 … n, responders 0 … needed).

    More responders than are needed are counted as the needed; a trial that stops early leaves the states.
    """

    def __init__(self, plan: Plan, share: float, rate: float) -> None:
        share, rate = (float(np.clip(value, 0.0, 1.0)) for value in (share, rate))
        self.plan, self.out = plan, 1.0 - share
        self.fails, self.responds = share * (1.0 - rate), share * rate

    def forwards(self, states: Floats) -> Floats:
        """The probabilities of the states after the patient."""
        grown = states * self.out
        grown[..., -1, :] = states[..., -1, :]
        counted = states[..., :-1, :]
        grown[..., 1:, :] += counted * self.fails
        grown[..., 1:, 1:] += counted[..., :-1] * self.responds
        grown[..., 1:, -1] += counted[..., -1] * self.responds
        grown[..., self.plan.interim, : self.plan.futility + 1] = 0.0
        return np.asarray(grown, dtype=np.float64)

    def backwards(self, success: Floats) -> Floats:
        """The probability of success in each state before the patient, from that after."""
        after = success.copy()
        after[self.plan.interim, : self.plan.futility + 1] = 0.0
        before = after * self.out
        before[-1] = after[-1]
        before[:-1] += after[1:] * self.fails
        before[:-1, :-1] += after[1:, 1:] * self.responds
        before[:-1, -1] += after[1:, -1] * self.responds
        return before


def _shape(plan: Plan) -> tuple[int, int]:
    return plan.n + 1, plan.needed + 1


def _rest(step: _Step, plan: Plan, min_n: int, largest: int) -> Floats:
    """(largest + 1, states): probability of success from each state if so many of one kind still come."""
    success = np.zeros(_shape(plan))
    success[min_n:, plan.needed :] = 1.0
    found = [success]
    for _ in range(largest):
        found.append(step.backwards(found[-1]))
    return np.stack(found).reshape(largest + 1, -1)


def _arrivals(steps: tuple[_Step, _Step], plan: Plan, share: float, largest: int) -> tuple[Floats, Floats]:
    """The states if both kinds had places until now and the last enrolled was LN, and the same for LC.

    Result : (largest + 1, largest + 1, states) twice, by LN and LC enrolled, at most `largest` in all.
    """
    shape = (largest + 1, largest + 1, *_shape(plan))
    last_ln, last_lc = np.zeros(shape), np.zeros(shape)
    states = np.zeros((1, *_shape(plan)))
    states[0, 0, 0] = 1.0
    for enrolled in range(1, largest + 1):
        first, now = np.arange(enrolled), np.arange(enrolled + 1)
        last_ln[first + 1, enrolled - 1 - first] = share * steps[0].forwards(states)
        last_lc[first, enrolled - first] = (1.0 - share) * steps[1].forwards(states)
        states = last_ln[now, enrolled - now] + last_lc[now, enrolled - now]
    flat = (largest + 1, largest + 1, -1)
    return last_ln.reshape(flat), last_lc.reshape(flat)


def _refuse_too_many(states: int) -> None:
    if states > _STATES:
        raise InputError(
            f"design.rule: the order of LN and LC has {states:,} states, more than the {_STATES:,} that are "
            "enumerated; lower design.n and question.n_high, or ask about an endpoint of one subgroup"
        )
