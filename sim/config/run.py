"""How much is computed, and on what."""

from dataclasses import dataclass

from sim.config.fields import choice, flag, integer, number, text


@dataclass(frozen=True)
class Run:
    """Settings of a run; results depend on `trials`, `precision` and `seed` alone.

    trials   : virtual trials, numbered from 0; the most that are computed where a precision is wanted.
    precision : half-width of every Wilson interval of power that is enough; looked at after each 1,000 trials, and
               None computes all trials.
    seed     : key of every random number (sim/core/draws.py).
    workers  : processes; None is one for each processor core.
    engine   : which clock drives the patients; auto takes batch wherever it can run the configuration.
    chunk    : trials that one process holds at a time, hence the memory.
    progress : whether stderr says how far a run is, by a bar on a terminal and by lines elsewhere.
    store    : folder of finished chunks, which several runs may share; None is `chunks` in the folder of the run.
    executor : who computes: processes of this machine (in this process where workers is 1), or the workers of a
               Dask cluster.
    scheduler : where that cluster is: an address (tcp://HOST:PORT) or a scheduler file; None starts one of
               `workers` processes on this machine.
    sample   : trials whose patients task=power writes in full into `sample/`, for the report; 0 is none.
    """

    trials: int = integer(1, 2**31 - 1)
    precision: float | None = number(0.0, 0.5, open_low=True, optional=True)
    seed: int = integer(0, 2**63 - 1)
    workers: int | None = integer(1, 4096, optional=True)
    engine: str = choice("auto", "batch", "simpy")
    chunk: int = integer(1, 1_000_000)
    progress: bool = flag()
    store: str | None = text(optional=True)
    executor: str = choice("processes", "dask")
    scheduler: str | None = text(optional=True)
    sample: int = integer(0, 1000)

    def check(self) -> list[str]:
        """A scheduler is for a cluster."""
        if self.scheduler is not None and self.executor != "dask":
            return [
                f"scheduler: {self.scheduler!r} is given, but executor is {self.executor}; add run.executor=dask"
            ]
        return []
