"""The first run of a version compiles the model: said in words, in two processes at once, and never twice."""

import contextlib
import sys
import threading
from collections.abc import Iterator
from functools import partial
from typing import Final

from sim.config.config import Config
from sim.core.compiled import alone, how_many_compiled, is_cold, now_warm, unwritable_cache
from sim.montecarlo.executors import outcomes, worker_count
from sim.montecarlo.progress import Progress

_EVERY: Final = 0.5
"""Seconds between two looks at how much is compiled."""


def compile_once(config: Config) -> None:
    """Compile everything for a run if that has not been done yet; a failure comes again in the run itself."""
    if not is_cold():
        return
    with alone(lambda: _say("Another command is compiling the model; this one waits for it …", config)):
        if is_cold():
            _compile(config)


def _compile(config: Config) -> None:
    from sim.rehearsal import PARTS, rehearse

    _say("Compiling the model, once for this version: about a minute on two cores …", config)
    if folder := unwritable_cache():
        _say(f"Every run will do so: {folder} cannot be written; name a folder with XDG_CACHE_HOME=FOLDER", config)
    work, apart = partial(rehearse, config), [range(1), range(1, 2)]
    with _watched(config):
        try:
            if (workers := worker_count(config.run.workers, len(apart))) > 1:
                for _ in outcomes(work, apart, workers):
                    pass
            work(range(len(PARTS)))
        except Exception as error:
            _say(f"(compiling failed: {type(error).__name__}: {error})", config)
            return
    now_warm()


@contextlib.contextmanager
def _watched(config: Config) -> Iterator[None]:
    """While something is compiled, by whichever process, say how much is."""
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(ended, config.run.progress), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


def _watch(ended: threading.Event, shown: bool) -> None:
    said, whole = how_many_compiled()
    with Progress(whole - said, shown=shown, title="functions compiled", unit="functions") as progress:
        while not ended.wait(_EVERY):
            done, _ = how_many_compiled()
            progress.advance(done - said)
            said = done


def _say(words: str, config: Config) -> None:
    if config.run.progress:
        print(words, file=sys.stderr, flush=True)
