"""The patients of a chunk on the fused path: follow and judge each of them, count the answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.config.config import Config
from sim.config.effect import Effect
from sim.core.uncounted import compiled
from sim.disease.frailty import frailties
from sim.disease.parameters import for_answers
from sim.disease.state import LOG, new_states, room
from sim.fused.judge import DAYS, OPEN, OUTSIDE, P3, judge
from sim.fused.readings import JUDGED, readings
from sim.instruments.kidney import egfr
from sim.instruments.renal_response import confirmed_decrease, egfr_decreased, egfr_preserved
from sim.observations.noise import begin, new_noise
from sim.observations.parameters import parameters as observation_parameters
from sim.observations.visit import VISIT, Record, new_visits
from sim.screening.fill import Enrolled
from sim.screening.rules import screening_rules
from sim.trial.courses import model
from sim.trial.engines.batch_engine import follow, responders


@dataclass(frozen=True)
class Judged:
    """What became of the enrolled under one effect.

    answers : (patients, endpoints of JUDGED), 1 responder, 0 not, -1 outside the population or not asked for.
    end_day : (patients,) last day on study.
    """

    answers: NDArray[np.int8]
    end_day: NDArray[np.int64]


def judged(config: Config, enrolled: Enrolled, effects: Sequence[Effect]) -> dict[str, Judged]:
    """Judge the patients of some trials under each effect on the same draws.

    effects : the first is `none`; under the others only the patients on whom the cells act live again.
    """
    everybody = np.arange(len(enrolled.trial))
    blank = Judged(np.full((len(everybody), len(JUDGED)), OUTSIDE, np.int8), np.zeros(len(everybody), np.int64))
    inert = _relived(config, effects[0], enrolled, everybody, blank)
    found = {effects[0].name: inert}
    for effect in effects[1:]:
        chosen = everybody[responders(enrolled.addresses, config.run.seed, effect.p_responder)]
        found[effect.name] = _relived(config, effect, enrolled, chosen, inert)
    return found


def counted(
    enrolled: Enrolled, answers: NDArray[np.int8], endpoints: Sequence[str]
) -> dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """For each endpoint (trials, 2) patients evaluated and responders, LN and LC."""
    counts = np.zeros((enrolled.trials.length, 2, len(JUDGED), 2), np.int64)
    row = np.repeat(np.arange(enrolled.trials.length), enrolled.trials["n_enrolled"])
    _count(row, enrolled.person, answers, counts)
    places = {name: JUDGED.index(name) for name in endpoints}
    return {name: (counts[:, :, place, 0], counts[:, :, place, 1]) for name, place in places.items()}


def _relived(
    config: Config, effect: Effect, enrolled: Enrolled, chosen: NDArray[np.int64], before: Judged
) -> Judged:
    """The lives of the chosen patients under an effect; the others as they were."""
    answers, end_day = before.answers.copy(), before.end_day.copy()
    creatinine = np.empty((len(answers), 4))
    parameters = for_answers(model(config, effect))
    most_visits, most_entries = room(parameters)
    _live(
        enrolled.person,
        enrolled.history,
        enrolled.addresses,
        chosen,
        config.run.seed,
        parameters,
        observation_parameters(config.observation, config.disease.activity_cap),
        screening_rules(config.protocol),
        readings(config.analysis),
        answers,
        creatinine,
        end_day,
        (new_states(2), np.zeros(most_visits, VISIT), np.zeros(most_entries, LOG), new_visits(1)),
        (np.empty(DAYS), np.empty(DAYS, np.int8)),
        new_noise(),
        frailties(enrolled.addresses, config.run.seed, config.disease.frailty_variance),
    )
    _close(answers, creatinine, enrolled.person, config.analysis)
    return Judged(answers, end_day)


@compiled
def _live(
    persons: Record,
    histories: Record,
    addresses: NDArray[np.int64],
    chosen: NDArray[np.int64],
    seed: int,
    parameters: Record,
    observation: Record,
    rules: Record,
    reading: Record,
    answers: NDArray[np.int8],
    creatinine: NDArray[np.float64],
    end_day: NDArray[np.int64],
    records: Any,
    days: Any,
    noises: Record,
    frailty: NDArray[np.float64],
) -> None:
    """One patient after the other in one small work space: states (the second one stays blank), visits, log."""
    states, scratch = records[0], records[3]
    visits, log, (dose, reason) = records[1], records[2], days
    state, o, noise = states[0], observation[0], noises[0]
    for k in range(chosen.size):
        i = chosen[k]
        states[0] = states[1]
        begin(noise, seed, addresses[i, 0], addresses[i, 1])
        follow(state, persons[i], parameters[0], o, visits, log, noise, frailty[i])
        judge(
            answers[i], creatinine[i], state, persons[i], histories[i], visits, log, dose, reason, scratch[0],
            rules[0], reading[0], o, noise,
        )  # fmt: skip
        end_day[i] = state.end_day


def _close(
    answers: NDArray[np.int8], creatinine: NDArray[np.float64], persons: NDArray[np.void], analysis: Analysis
) -> None:
    """Answer P3 where it was left open: a filtration rate that is preserved or has not (confirmedly) fallen."""
    rows = np.flatnonzero(answers[:, P3] == OPEN)
    age, female = persons["age"][rows], persons["female"][rows] == 1
    rate, baseline, before, after = (
        egfr(creatinine[rows, k], age, female, equation=analysis.egfr_equation) for k in range(4)
    )
    decreased = egfr_decreased(rate, baseline)
    if analysis.egfr_decrease == "confirmed":
        decreased = confirmed_decrease(
            decreased, egfr_decreased(before, baseline), egfr_decreased(after, baseline)
        )
    answers[rows, P3] = (egfr_preserved(rate) == 1) | (decreased == 0)


@compiled
def _count(row: NDArray[np.int64], persons: Record, answers: NDArray[np.int8], counts: NDArray[np.int64]) -> None:
    for i in range(row.size):
        for endpoint in range(answers.shape[1]):
            if answers[i, endpoint] >= 0:
                counts[row[i], persons[i].subgroup, endpoint, 0] += 1
                counts[row[i], persons[i].subgroup, endpoint, 1] += answers[i, endpoint]
