"""What a terminal shows while trials are computed."""

import sys
from typing import Any


class Progress:
    """A bar on stderr with rate and time left; silent where stderr is no terminal or the run asks for silence."""

    def __init__(self, trials: int, *, shown: bool, title: str = "trials") -> None:
        from tqdm import tqdm

        self._shown = shown
        self._bar: Any = tqdm(
            total=trials, desc=title, unit=" trials", disable=None if shown else True, smoothing=0.1, leave=False
        )

    def advance(self, trials: int) -> None:
        """So many trials more are finished."""
        self._bar.update(trials)

    def say(self, words: str) -> None:
        """A line on stderr, above the bar, unless the run asks for silence."""
        if self._shown:
            self._bar.write(words, file=sys.stderr)

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_reason: object) -> None:
        self._bar.close()
