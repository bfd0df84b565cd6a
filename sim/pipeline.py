"""The program on one page: from a configuration and a range of trials to what each trial decided.

    conf/ -> Config -> population, screening -> trial -> observations -> instruments -> endpoints -> design

Stages exchange tables of equal-length columns and never import each other; they meet here. A row is a patient of
some trial: the trial's number is a column, not a loop.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from sim import assembly
from sim.config.config import INERT, Config
from sim.config.effect import Effect
from sim.config.measures import LATE_VISITS
from sim.config.protocol import FOLLOW_UPS
from sim.core.columns import documented
from sim.core.tables import Column, Table, concatenate
from sim.data_set import data_set, selection_for
from sim.design.decision import counts_suffice, decide, decide_counted
from sim.design.safety_stop import calendar_stops
from sim.endpoints.answers import LOG_UPCR, answers, endpoints_read_for
from sim.endpoints.catalogue import ENDPOINTS, IDS, YES_OR_NO
from sim.endpoints.evaluate import evaluate
from sim.endpoints.values import values
from sim.fused.chunk import counted, judged
from sim.fused.readings import covers
from sim.observations.tabulate import Selection
from sim.screening.candidates import candidates_table, enrolled_table
from sim.screening.fill import Enrolled, fill
from sim.trial import tables
from sim.trial.courses import Courses
from sim.trial.engines import batch_engine, simpy_engine
from sim.trial.narrative import narrative


def engine_of(config: Config) -> str:
    """Which clock runs: batch wherever it can, unless the configuration names one."""
    return "batch" if config.run.engine == "auto" else config.run.engine


def run_chunk(config: Config, trials: Sequence[int]) -> dict[str, Table]:
    """For each effect, and for `none` on the same draws: one row a trial, with what it decided.

    A patient on whom the cells do nothing lives the same life under every effect, so under the others only the
    responders are looked at again. Nobody is followed longer than an endpoint that is decided reads. Where one
    compiled pass covers what is asked (sim.fused), no tables are made.
    """
    config = until_decided(config)
    if engine_of(config) == "batch" and covers(config) and counts_suffice(config.design):
        return _fused_chunk(config, trials)
    return _decided(config, *_simulate(config, trials, _with_inert(config)))


def compared_chunk(
    configs: Sequence[Config], trials: Sequence[int], screened: Config | None = None
) -> list[dict[str, Table]]:
    """`run_chunk` under several analyses of the same courses: one answer for each configuration.

    configs  : alike in everything but `analysis`.
    screened : whose clinic enrolls the patients, where that is not the clinic that follows them.
    """
    if len(configs) == 1 and screened is None:
        return [run_chunk(configs[0], trials)]
    followed = max((until_decided(config).protocol.follow_up for config in configs), key=FOLLOW_UPS.index)
    configs = [_until(config, followed) for config in configs]
    enrolled, courses = _simulate(configs[0], trials, _with_inert(configs[0]), screened)
    return [_decided(config, enrolled, courses) for config in configs]


def _decided(config: Config, enrolled: Enrolled, courses: Mapping[str, Courses]) -> dict[str, Table]:
    subjects, selection = enrolled_table(enrolled, config), selection_for(config)
    inert = _outcomes(config, enrolled, subjects, courses[INERT], selection)
    end_day, serious_day = courses[INERT].states["end_day"], tables.first_serious_day(courses[INERT])
    infused = courses[INERT].states["infusions"] > 0
    decided = {}
    for effect, course in courses.items():
        changed = course.where(course.states["responder"] == 1)
        outcomes, ends, serious = inert, end_day.copy(), serious_day.copy()
        if len(changed.patients):
            outcomes = assembly.replacing(inert, _outcomes(config, enrolled, subjects, changed, selection))
            ends[changed.patients] = changed.states["end_day"]
            serious[changed.patients] = tables.first_serious_day(changed)
        watched = _watched(config, enrolled, infused, serious, _trials(enrolled, ends))
        decided[effect] = decide(outcomes, watched, config.design, config.analysis.endpoints)
    return decided


def _fused_chunk(config: Config, trials: Sequence[int]) -> dict[str, Table]:
    _in_order(trials)
    enrolled = fill(trials, config)
    found = judged(config, enrolled, _with_inert(config))
    endpoints = config.analysis.endpoints
    return {
        effect: decide_counted(
            counted(enrolled, each.answers, endpoints), _trials(enrolled, each.end_day), config.design
        )
        for effect, each in found.items()
    }


def cohort_chunk(config: Config, trials: Sequence[int]) -> dict[str, Table]:
    """All tables of the data sets of some trials under the one effect of the configuration."""
    enrolled, courses = _simulate(config, trials, config.effects)
    course = courses[config.effects[0].name]
    data = data_set(config, enrolled, enrolled_table(enrolled, config), course, Selection())
    outcomes = evaluate(data, config.analysis, IDS, seed=config.run.seed)
    infused, serious_day = course.states["infusions"] > 0, tables.first_serious_day(course)
    watched = _watched(config, enrolled, infused, serious_day, _trials(enrolled, course.states["end_day"]))
    decided = decide(outcomes, watched, config.design, YES_OR_NO)
    tables_made = {
        "candidates": candidates_table(trials, config),
        "visits": data.visits,
        "dosing": data.dosing,
        "infusions": data.infusions,
        "events": data.events,
        "endpoints": Table({name: column for name, column in outcomes.items() if name != "subgroup"}),
        "trials": decided,
    }
    return {name: table.only(documented(name, table)) for name, table in tables_made.items()}


def bank_chunk(config: Config, names: Sequence[str], trials: Sequence[int]) -> dict[str, Table]:
    """For each effect, and for `none` on the same draws: one row an enrolled patient, with what he answers.

    names  : answers of sim/endpoints/answers.py.
    Result : trial, subject; subgroup (0 LN, 1 LC), infused, lymphopenia_only as int8; the columns of `answers`,
             -1 and NaN for whoever was never infused. Rows are the same patients under every effect.
    """
    read = endpoints_read_for(names)
    config = until_decided(replace(config, analysis=replace(config.analysis, endpoints=read)))
    enrolled, courses = _simulate(config, trials, _with_inert(config))
    subjects, selection = enrolled_table(enrolled, config), selection_for(config)
    people = assembly.people(enrolled, subjects, courses[INERT].states["infusions"] > 0)
    bank: dict[str, Table] = {}
    for effect, course in courses.items():
        changed = course if effect == INERT else course.where(course.states["responder"] == 1)
        before = bank[INERT] if effect != INERT else assembly.unanswered(people, names, LOG_UPCR)
        if len(changed.patients):
            found = answers(data_set(config, enrolled, subjects, changed, selection), config.analysis, names)
            before = assembly.answered(before, found)
        bank[effect] = before
    return bank


def values_chunk(config: Config, endpoints: Sequence[str], trials: Sequence[int]) -> dict[str, Table]:
    """For each effect, and for `none` on the same draws: one row an enrolled patient, with what he shows.

    endpoints : changes and times; changes are those of the visit that the configuration asks about.
    Result    : as bank_chunk, with the columns of sim/endpoints/values.py, NaN for whoever was never infused.
    """
    return compared_values([config], endpoints, trials)[0]


def compared_values(
    configs: Sequence[Config], endpoints: Sequence[str], trials: Sequence[int], screened: Config | None = None
) -> list[dict[str, Table]]:
    """`values_chunk` under several analyses of the same courses; arguments as for compared_chunk."""
    visit = configs[0].question.visit
    configs = [
        until_decided(replace(each, analysis=replace(each.analysis, endpoints=tuple(endpoints))))
        for each in configs
    ]
    if visit not in LATE_VISITS:
        configs = [_until(each, FOLLOW_UPS[0]) for each in configs]
    enrolled, courses = _simulate(configs[0], trials, _with_inert(configs[0]), screened)
    return [_shown(each, endpoints, visit, enrolled, courses) for each in configs]


def _shown(
    config: Config, endpoints: Sequence[str], visit: str, enrolled: Enrolled, courses: Mapping[str, Courses]
) -> dict[str, Table]:
    subjects, selection = enrolled_table(enrolled, config), selection_for(config)
    people = assembly.people(enrolled, subjects, courses[INERT].states["infusions"] > 0)
    bank: dict[str, Table] = {}
    for effect, course in courses.items():
        changed = course if effect == INERT else course.where(course.states["responder"] == 1)
        found = values(data_set(config, enrolled, subjects, changed, selection), config.analysis, endpoints, visit)
        before = bank[INERT] if effect != INERT else assembly.unmeasured(people, found)
        bank[effect] = assembly.answered(before, found)
    return bank


def course_log(config: Config, trials: Sequence[int]) -> Table:
    """Everything that happened to the patients of some trials under each effect, latent things included."""
    parts = []
    for effect in config.effects:
        enrolled, courses = _simulate(config, trials, (effect,))
        log = narrative(courses[effect.name])
        keyed = assembly.with_keys(log, enrolled.trial, enrolled.subject)
        parts.append(keyed.adding({"effect": np.full(log.length, effect.name)}))
    return concatenate(parts).only(("trial", "effect", "subject", "day", "minute", "kind", "words"))


def until_decided(config: Config) -> Config:
    """The configuration with a follow-up that ends where no endpoint of `analysis.endpoints` reads later days."""
    needed = [FOLLOW_UPS.index(each.follow_up) for each in ENDPOINTS if each.id in config.analysis.endpoints]
    shortest = min(FOLLOW_UPS.index(config.protocol.follow_up), max(needed))
    return _until(config, FOLLOW_UPS[shortest])


def _until(config: Config, follow_up: str) -> Config:
    return replace(config, protocol=replace(config.protocol, follow_up=follow_up))


def _with_inert(config: Config) -> tuple[Effect, ...]:
    """`none` first (the first effect without responders if it is not among them), then the effects asked for."""
    acting = tuple(effect for effect in config.effects if effect.name != INERT)
    given = [effect for effect in config.effects if effect.name == INERT]
    inert = given[0] if given else replace(acting[0], name=INERT, p_responder=0.0)
    return (inert, *acting)


def _simulate(
    config: Config, trials: Sequence[int], effects: Sequence[Effect], screened: Config | None = None
) -> tuple[Enrolled, dict[str, Courses]]:
    """Candidates arrive until the quotas are full; doctors see only measurements."""
    _in_order(trials)
    if screened is not None:
        return batch_engine.run(trials, config, effects, screened)
    run = simpy_engine.run if engine_of(config) == "simpy" else batch_engine.run
    return run(trials, config, effects)


def _in_order(trials: Sequence[int]) -> None:
    """Rows are found by bisection in the numbers of the trials, which must therefore ascend.

    Errors : ValueError where they do not.
    """
    if any(later <= earlier for earlier, later in pairwise(trials)):
        raise ValueError("trials: their numbers must ascend, each once")


def _outcomes(config: Config, enrolled: Enrolled, subjects: Table, course: Courses, selection: Selection) -> Table:
    return evaluate(data_set(config, enrolled, subjects, course, selection), config.analysis)


def _trials(enrolled: Enrolled, end_day: Column) -> Table:
    """The trials with their duration: from the opening of the site to the end of the last patient."""
    trials = enrolled.trials
    place = np.searchsorted(trials["trial"], enrolled.trial)
    end = trials["accrual_days"].astype(np.int64)
    np.maximum.at(end, place, enrolled.enrolled_day + end_day)
    return trials.adding({"duration_days": end.astype(np.int32)})


def _watched(config: Config, enrolled: Enrolled, infused: Column, serious_day: Column, trials: Table) -> Table:
    """The trials with where serious events stop them, if the design watches for these.

    infused, serious_day : (patients,); study day of the first serious event, inf without one.
    """
    if not config.design.safety_stop:
        return trials
    start = np.where(infused, enrolled.enrolled_day, np.inf)
    row = np.searchsorted(trials["trial"], enrolled.trial)
    settings = config.design.settings
    return trials.adding(calendar_stops(row, trials.length, start, start + serious_day, settings))
