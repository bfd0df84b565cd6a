"""The log of one patient: what happened, latent and observed, in order."""

from sim.core.compiled import compiled
from sim.core.errors import LimitError
from sim.disease.state import MAX_LOG
from sim.observations.visit import Record


@compiled
def note(state: Record, log: Record, kind: int, a: int, b: int, value: float) -> None:
    """Append an entry at the state's minute."""
    if state.entries >= MAX_LOG:
        raise LimitError("more than 320 things happened to one patient")
    entry = log[state.entries]
    entry.minute = state.minute
    entry.kind = kind
    entry.a = a
    entry.b = b
    entry.value = value
    state.entries += 1
