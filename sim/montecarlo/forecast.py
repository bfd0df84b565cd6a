"""What a long run will cost, said as soon as its first chunks show it."""

import time
from collections.abc import Callable
from typing import Any, Final

from sim.montecarlo.executors import Outcome
from sim.montecarlo.memory import own_memory

_WATCHED: Final = 2.0
"""Seconds of results before a rate is believed."""
_LONG: Final = 20.0
"""Seconds still to go from which a run is long."""
COPIES: Final = 1.5
"""Results that are kept stand in memory once, and while they are put together one effect's of them once more."""
_END: Final = 180 * 2**20
"""Bytes for what follows the trials, however many there are: tables, the patients of the sample, the page."""
_MUCH: Final = 100 * 2**20
"""Bytes from which it is said before a run begins what it will keep."""


class Forecast:
    """Watches the outcomes of a run of so many trials.

    workers : processes that compute. size : bytes of an outcome's value that stay in memory until the end.
    """

    def __init__(
        self,
        trials: int,
        workers: int,
        *,
        size: Callable[[Any], int] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._trials, self._workers, self._size, self._clock = trials, workers, size, clock
        self._begun: float | None = None
        self._done = self._finished = self._bytes = 0
        self._worker = 0.0
        self._said = self._long = False

    def after(self, outcome: Outcome[Any]) -> str:
        """Note an outcome; one line the first time that enough is known and much is to come, else "".

        The rate is taken from the second outcome on, so that starting processes is not counted.
        """
        now = self._clock()
        self._finished += len(outcome.trials)
        self._worker = max(self._worker, outcome.memory)
        if self._begun is None:
            self._begun = now
            return ""
        self._done += len(outcome.trials)
        if self._size is not None and outcome.value is not None:
            self._bytes += self._size(outcome.value)
        elapsed = now - self._begun
        if self._said or elapsed < _WATCHED:
            return ""
        self._said = True
        left = (self._trials - self._finished) * elapsed / self._done
        results = COPIES * self._bytes / self._done * self._trials
        memory = own_memory() + max(self._workers * self._worker, results + _END)
        self._long = left >= _LONG
        if not self._long:
            return ""
        return f"{self._trials:,} trials: about {duration(left)} to go, {memory / 2**20:,.0f} MiB in all"

    def looking_back(self) -> str:
        """One line on a long run that is over, else ""."""
        if not self._long or self._begun is None:
            return ""
        elapsed = self._clock() - self._begun
        beside = f" and {self._worker / 2**20:,.0f} in each of {self._workers} workers" if self._worker else ""
        return (
            f"{self._finished:,} trials in {duration(elapsed)}: {self._done / elapsed:,.0f} trials/s, "
            f"{own_memory() / 2**20:,.0f} MiB at the peak in this process{beside}"
        )


def duration(seconds: float) -> str:
    """A time in the unit that suits it: 45 s, 4 min, 2.5 h."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def memory_words(trials: int, what: str, wanted: float, bound: str = "") -> str:
    """What a run will keep and the bytes that takes, to be said before it begins; "" where they are few."""
    if wanted < _MUCH:
        return ""
    return f"{trials:,} trials: {what} is kept, which takes {bound}{wanted / 2**20:,.0f} MiB of memory"
