"""How much is computed, and on what."""

from dataclasses import dataclass

from sim.config.fields import choice, flag, integer


@dataclass(frozen=True)
class Run:
    """Settings of a run; results depend on `trials` and `seed` alone.

    trials   : virtual trials, numbered from 0.
    seed     : key of every random number (sim/core/draws.py).
    workers  : processes; None is one for each processor core.
    engine   : which clock drives the patients; auto takes batch wherever it can run the configuration.
    chunk    : trials that one process holds at a time, hence the memory.
    progress : whether a terminal shows a progress bar.
    """

    trials: int = integer(1, 2**31 - 1)
    seed: int = integer(0, 2**63 - 1)
    workers: int | None = integer(1, 4096, optional=True)
    engine: str = choice("auto", "batch", "simpy")
    chunk: int = integer(1, 1_000_000)
    progress: bool = flag()
