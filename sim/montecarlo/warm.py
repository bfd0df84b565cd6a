"""The first run of a version compiles the model: said in a word, and done in one process, not in each worker."""

import sys
from collections.abc import Callable

from sim.core.compiled import is_cold


def compile_once(work: Callable[[range], object]) -> None:
    """Run one trial here if nothing has been compiled yet; what goes wrong in it comes again in the run itself."""
    if not is_cold():
        return
    print("Compiling the model, once for this version: a minute or two …", file=sys.stderr, flush=True)
    try:
        work(range(1))
    except Exception as error:
        print(f"(the trial compiled with failed: {type(error).__name__}: {error})", file=sys.stderr)
