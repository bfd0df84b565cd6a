"""Chunks of trials on the workers of a Dask cluster: an existing one (SLURM, PBS, Kubernetes) or one started here.

Dask gives the trials of a lost worker to another one; what is computed does not depend on who computes it.
"""

import contextlib
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from functools import partial
from typing import Any, Final, TypeVar

from sim.core.errors import InputError
from sim.montecarlo.executors import Outcome, attempt

T = TypeVar("T")
_AHEAD: Final = 3
"""Chunks that may be finished or running beyond the next one to hand on, for each worker."""
_RETRIES: Final = 2
_SECONDS: Final = 30


def cluster_outcomes(
    function: Callable[[range], T], pieces: Sequence[range], workers: int, scheduler: str | None
) -> Generator[Outcome[T], None, None]:
    """The outcome of `function` for each piece, in the order of the pieces.

    function  : picklable. scheduler : address or scheduler file; None starts `workers` processes on this machine.
    Errors    : InputError where Dask is not installed or the cluster does not answer.
    """
    with contextlib.ExitStack() as stack:
        client = _client(stack, workers, scheduler)
        size = max(workers, len(client.scheduler_info(n_workers=-1)["workers"]))
        # Not through Dask's Executor: a result whose worker is lost just then comes out of it as a TypeError.
        submit = partial(client.submit, partial(attempt, function), pure=False, retries=_RETRIES)
        yield from in_order(submit, pieces, _AHEAD * size)


def in_order(submit: Callable[[range], Any], pieces: Sequence[range], ahead: int) -> Iterator[Outcome[T]]:
    """Outcomes in the order of the pieces; at most `ahead` are begun beyond the next one to hand on.

    submit : begins a piece, and gives something that has `result` and `cancel`.
    """
    running: dict[int, Any] = {}
    try:
        for wanted in range(len(pieces)):
            for piece in range(wanted, min(wanted + ahead, len(pieces))):
                if piece not in running:
                    running[piece] = submit(pieces[piece])
            yield _result(running[wanted], pieces[wanted])
            del running[wanted]
    finally:
        for future in running.values():
            future.cancel()


def _result(future: Any, trials: range) -> Outcome[T]:
    try:
        outcome: Outcome[T] = future.result()
    except InputError:
        raise
    except (Exception, CancelledError) as error:
        return Outcome(trials, None, f"lost by the cluster: {type(error).__name__}: {error}", "")
    return outcome


def _client(stack: contextlib.ExitStack, workers: int, scheduler: str | None) -> Any:
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise InputError(
            "run.executor: dask is not installed; install the extra [cluster], or choose run.executor=processes"
        ) from None
    if scheduler is None:
        local = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
        return stack.enter_context(Client(stack.enter_context(local)))
    place = {"address": scheduler} if "://" in scheduler else {"scheduler_file": scheduler}
    try:
        return stack.enter_context(Client(timeout=_SECONDS, **place))
    except OSError as error:
        raise InputError(f"run.scheduler: {scheduler} does not answer ({error})") from None
