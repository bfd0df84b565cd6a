"""How worker processes begin: as copies of one process that has imported the model, where the system can.

Copies are made by a server process without threads of its own (`forkserver`), so that a worker is there in
milliseconds and shares the memory of what was imported. Where there is none (Windows) each worker is a fresh
process.
"""

from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from typing import Final

_IMPORTED: Final = "sim.pipeline"


def start_context() -> BaseContext:
    """The context that workers are started in."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([_IMPORTED])
    return context


def begin_imports() -> None:
    """Let the server process import the model while this one goes on; again nothing, once it runs."""
    if start_context().get_start_method() == "forkserver":
        from multiprocessing.forkserver import ensure_running

        ensure_running()
