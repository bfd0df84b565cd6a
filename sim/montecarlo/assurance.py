"""Draws of the uncertain assumptions, each followed by trials of its own."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import triang

from sim.config.config import INERT, Config, configure, parts
from sim.config.priors import Priors
from sim.core.errors import InputError
from sim.design.tally import Tally, tallied
from sim.montecarlo.executors import Outcome, computed
from sim.montecarlo.progress import Progress
from sim.montecarlo.warm import compile_once

_STREAM = 1 << 40
"""Second word of the key of the priors' generator; trials of a simulation never come near it."""


def drawn(priors: Priors, seed: int) -> dict[str, NDArray[np.float64]]:
    """Values of each parameter, (draws,); a draw keeps its values whatever the number of draws."""
    uniforms = np.array(
        [
            np.random.Generator(np.random.Philox(key=[seed, _STREAM + draw])).random(len(priors.parameters))
            for draw in range(priors.draws)
        ]
    )
    return {
        name: np.asarray(
            triang.ppf(
                uniforms[:, column],
                (prior.mode - prior.low) / (prior.high - prior.low),
                prior.low,
                prior.high - prior.low,
            )
        )
        for column, (name, prior) in enumerate(priors.parameters.items())
    }


def configured(config: Config, values: Mapping[str, NDArray[np.float64]]) -> list[Config]:
    """The configuration of each draw.

    Errors : InputError, naming the prior, where a key does not exist or a drawn value is not allowed.
    """
    answer = []
    for draw in range(config.priors.draws):
        plain = parts(config)
        for name, prior in config.priors.parameters.items():
            _set(plain, prior.key, float(values[name][draw]), f"priors.parameters.{name}.key")
        try:
            answer.append(configure(plain))
        except InputError as error:
            raise InputError([f"priors: draw {draw}: {problem}" for problem in error.problems]) from None
    return answer


def _set(values: dict[str, Any], key: str, value: float, place: str) -> None:
    *path, last = key.split(".")
    inner: Any = values
    for name in path:
        inner = inner.get(name) if isinstance(inner, dict) else None
    if not isinstance(inner, dict) or not isinstance(inner.get(last), float):
        raise InputError(
            f"{place}: {key!r} is no number of the configuration; `python -m sim --cfg job` prints all"
        )
    inner[last] = value


def follow(configs: Sequence[Config]) -> list[Outcome[dict[str, Tally]]]:
    """What the trials of each draw decided: draw k has the k-th part of the trials.

    Errors : InputError where the trials cannot be shared out evenly.
    """
    run, draws = configs[0].run, len(configs)
    if run.trials % draws:
        raise InputError(
            f"run.trials: {run.trials} is not allowed with priors.draws={draws}; it must be a multiple of it"
        )
    each = run.trials // draws
    pieces = [range(draw * each, (draw + 1) * each) for draw in range(draws)]
    work = partial(_draw, list(configs), each)
    compile_once(configs[0])
    outcomes = []
    with Progress(run.trials, shown=run.progress) as progress:
        for outcome in computed(work, pieces, run):
            outcomes.append(outcome)
            progress.advance(len(outcome.trials))
    return outcomes


def _draw(configs: Sequence[Config], each: int, trials: range) -> dict[str, Tally]:
    from sim import pipeline

    config = configs[trials.start // each]
    decided = pipeline.run_chunk(config, trials)
    return {name: tallied(decided[name]) for name in (INERT, config.effects[0].name)}
