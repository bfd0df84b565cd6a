"""What is said while trials are computed: a bar on a terminal, a plain line now and then in a log, or nothing."""

import sys
import time
from collections.abc import Callable
from typing import Any, Final

from sim.montecarlo.forecast import duration

_EVERY: Final = 30.0
"""Seconds between two lines of a log."""


class Progress:
    """How many trials are done, how fast, and how long the rest will take, on stderr.

    shown : False says nothing at all. title : what is counted. unit : one of them, in a rate.
    """

    def __init__(
        self,
        trials: int,
        *,
        shown: bool,
        title: str = "trials",
        unit: str = "trials",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._trials, self._shown, self._title, self._clock = trials, shown, title, clock
        self._done = 0
        self._begun = self._said = clock()
        self._bar: Any = None
        if shown and sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=trials, desc=title, unit=f" {unit}", smoothing=0.1, leave=False)

    def advance(self, trials: int, known: str = "") -> None:
        """So many trials more are finished. known : what they say so far, in a few words."""
        self._done += trials
        if self._bar is not None:
            self._bar.set_postfix_str(known, refresh=False)
            self._bar.update(trials)
        elif self._shown and self._clock() - self._said >= _EVERY:
            self._said = self._clock()
            self.say(self._line(known))

    def say(self, words: str) -> None:
        """A line on stderr, above the bar, unless the run asks for silence."""
        if self._bar is not None:
            self._bar.write(words, file=sys.stderr)
        elif self._shown:
            print(words, file=sys.stderr, flush=True)

    def _line(self, known: str) -> str:
        line = f"{self._title}: {self._done:,} of {self._trials:,}"
        if self._done:
            seconds = self._said - self._begun
            left = duration((self._trials - self._done) * seconds / self._done)
            line += f", {_pace(self._done / seconds)}, about {left} to go"
        return f"{line}; {known}" if known else line

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_reason: object) -> None:
        if self._bar is not None:
            self._bar.close()


def _pace(rate: float) -> str:
    """So many a second, a minute or an hour: the first of which there is at least one."""
    for unit, seconds in (("second", 1), ("minute", 60)):
        if rate * seconds >= 1.0:
            return f"{rate * seconds:,.0f} a {unit}"
    return f"{rate * 3600:,.0f} an hour"
