"""Chunks of trials on one process or many: the same outcomes in the same order, whatever runs them."""

import contextlib
import os
import signal
import threading
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from multiprocessing import active_children, connection, parent_process
from typing import Any, Final, Generic, TypeVar

from sim.config.run import Run
from sim.core.errors import InputError
from sim.montecarlo.memory import own_memory
from sim.montecarlo.starting import begin_imports, start_context

T = TypeVar("T")
_AHEAD: Final = 2
"""Chunks that may be finished or running beyond the next one to hand on, for each worker."""
_DEATHS: Final = 3
"""How often a chunk may lose its process before it counts as failed."""


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What became of a chunk.

    value  : the result, None if it failed. error : one line, "" if it succeeded. trace : where it went wrong.
    memory : bytes that the process took at most so far, where it is not this one; else 0.
    """

    trials: range
    value: T | None
    error: str
    trace: str
    memory: float = field(default=0.0, compare=False)


def chunks(trials: range, size: int) -> list[range]:
    """Consecutive trial numbers in pieces of `size`, the last one perhaps shorter."""
    return [range(start, min(start + size, trials.stop)) for start in range(trials.start, trials.stop, size)]


def piece_size(trials: int, run: Run) -> int:
    """Trials in a chunk of a run: as configured, or fewer where processes that are kept would else be idle."""
    if _KEPT.get() is None or run.executor != "processes":
        return run.chunk
    return min(run.chunk, -(-trials // worker_count(run.workers, trials)))


def worker_count(wanted: int | None, pieces: int) -> int:
    """Processes to start: as many as wanted or as the machine has cores, never more than there are pieces."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(wanted or cores, pieces))


def begin_early(run: Run) -> None:
    """Begin what processes need before they are needed; nothing where one process will compute all."""
    pieces = -(-run.trials // run.chunk)
    if run.executor == "processes" and worker_count(run.workers, pieces) > 1:
        begin_imports()


def computed(
    function: Callable[[range], T], pieces: Sequence[range], run: Run
) -> Generator[Outcome[T], None, None]:
    """The outcomes of `function` in the order of the pieces, computed by whoever the settings of a run name."""
    workers = worker_count(run.workers, len(pieces))
    if run.executor == "dask":
        from sim.montecarlo.cluster import cluster_outcomes

        return cluster_outcomes(function, pieces, workers, run.scheduler)
    return outcomes(function, pieces, workers)


def outcomes(
    function: Callable[[range], T], pieces: Sequence[range], workers: int
) -> Generator[Outcome[T], None, None]:
    """The outcome of `function` for each piece, in the order of the pieces.

    function : picklable where workers > 1. workers : 1 runs in this process.
    At most a few results for each worker are held at a time. A worker that dies costs its chunks another try;
    an exception of the function is an outcome. InputError, being the user's, is raised at once.
    """
    if workers == 1:
        for trials in pieces:
            yield attempt(function, trials)
        return
    with contextlib.closing(_Pool(function, _workers(workers))) as pool:
        yield from pool.run(pieces)


@contextlib.contextmanager
def kept_workers() -> Iterator[None]:
    """Processes that were started within are kept for the next run within, which saves their start and imports.

    What is computed does not depend on it. All of them end with the block.
    """
    kept: dict[int, _Workers] = {}
    token = _KEPT.set(kept)
    try:
        yield
    finally:
        _KEPT.reset(token)
        for workers in kept.values():
            workers.stop()


def attempt(function: Callable[[range], T], trials: range) -> Outcome[T]:
    """Call the function; an exception of it is an outcome, but InputError, being the user's, is raised."""
    try:
        return Outcome(trials, function(trials), "", "")
    except InputError:
        raise
    except Exception as error:
        return Outcome(trials, None, f"{type(error).__name__}: {error}", traceback.format_exc())


def _attempt_here(function: Callable[[range], T], trials: range) -> Outcome[T]:
    """`attempt` in a worker, which says what it takes."""
    return replace(attempt(function, trials), memory=own_memory())


def _prepare_worker() -> None:
    """Ctrl-C reaches the whole group of processes: workers end without a word, the parent reports.

    A worker also ends when its parent is gone without having said so, killed for example.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


class _Workers:
    """Worker processes, started when first asked for work and again after one of them died.

    kept : whether another run will use them.
    """

    def __init__(self, number: int, *, kept: bool) -> None:
        self.number, self.kept = number, kept
        self._others = set(active_children())
        self._executor: ProcessPoolExecutor | None = None

    def submit(self, function: Callable[..., Outcome[T]], *arguments: Any) -> Future[Outcome[T]]:
        """Give one piece of work to whoever is free.

        Errors : BrokenProcessPool after one of them died, until `restart`.
        """
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                self.number, mp_context=start_context(), initializer=_prepare_worker
            )
        return self._executor.submit(function, *arguments)

    def restart(self) -> None:
        """Forget the processes that there are; new ones start with the next work."""
        if self._executor is not None:
            self._executor.shutdown(wait=True)
        self._executor = None

    def stop(self, *, at_once: bool = False) -> None:
        """End the processes; `at_once` what they are still at is not wanted any more."""
        if self._executor is not None and at_once:
            self._executor.shutdown(wait=False, cancel_futures=True)
            for process in set(active_children()) - self._others:
                process.terminate()
                process.join()
        self.restart()


_KEPT: ContextVar[dict[int, _Workers] | None] = ContextVar("kept workers", default=None)


def _workers(number: int) -> _Workers:
    """Processes for a run: those kept from an earlier one where somebody keeps them."""
    kept = _KEPT.get()
    return _Workers(number, kept=False) if kept is None else kept.setdefault(number, _Workers(number, kept=True))


class _Pool(Generic[T]):
    """Worker processes that are replaced when one of them dies."""

    def __init__(self, function: Callable[[range], T], workers: _Workers) -> None:
        self._function, self._workers = function, workers
        self._running: dict[Future[Outcome[T]], int] = {}
        self._deaths: dict[int, int] = {}

    def run(self, pieces: Sequence[range]) -> Iterator[Outcome[T]]:
        """Outcomes in the order of the pieces."""
        done: dict[int, Outcome[T]] = {}
        waiting = list(range(len(pieces) - 1, -1, -1))
        for wanted in range(len(pieces)):
            while wanted not in done:
                self._submit(pieces, waiting, wanted)
                finished, _ = wait(self._running, return_when=FIRST_COMPLETED)
                self._gather(finished, pieces, waiting, done)
            yield done.pop(wanted)

    def close(self) -> None:
        """Stop the workers, or leave them to who keeps them; what they are still at is not wanted any more."""
        if self._running or not self._workers.kept:
            self._workers.stop(at_once=bool(self._running))

    def _submit(self, pieces: Sequence[range], waiting: list[int], wanted: int) -> None:
        """Submit what comes next; a piece that lost its process before runs alone, to find out which one kills."""
        running = self._running
        while waiting and waiting[-1] < wanted + _AHEAD * self._workers.number:
            alone = waiting[-1] in self._deaths or any(piece in self._deaths for piece in running.values())
            if alone and running:
                return
            piece = waiting.pop()
            try:
                running[self._workers.submit(_attempt_here, self._function, pieces[piece])] = piece
            except BrokenProcessPool:
                waiting.append(piece)
                if running:
                    return
                self._workers.restart()

    def _gather(
        self,
        finished: set[Future[Outcome[T]]],
        pieces: Sequence[range],
        waiting: list[int],
        done: dict[int, Outcome[T]],
    ) -> None:
        """Take what is finished; after a death everything that was running is unfinished again."""
        broken = False
        for future in finished:
            piece = self._running.pop(future)
            try:
                done[piece] = future.result()
            except BrokenProcessPool:
                broken = True
                self._mourn(piece, pieces, waiting, done)
        if broken:
            for future, piece in self._running.items():
                with contextlib.suppress(BrokenProcessPool):
                    done[piece] = future.result()
                    continue
                self._mourn(piece, pieces, waiting, done)
            self._running.clear()
            waiting.sort(reverse=True)
            self._workers.restart()

    def _mourn(self, piece: int, pieces: Sequence[range], waiting: list[int], done: dict[int, Any]) -> None:
        self._deaths[piece] = self._deaths.get(piece, 0) + 1
        if self._deaths[piece] < _DEATHS:
            waiting.append(piece)
            return
        error = f"its process died {_DEATHS} times (out of memory, or killed from outside)"
        done[piece] = Outcome(pieces[piece], None, error, "")
