"""The log of one patient: what happened, latent and observed, in order."""

from sim.core.errors import LimitError
from sim.core.uncounted import compiled
from sim.observations.visit import Record


@compiled
def note(state: Record, log: Record, kind: int, a: int, b: int, value: float) -> None:
    """Append an entry at the state's minute."""
    if state.entries >= log.size:
        raise LimitError("more things happened to one patient than the log has room for")
    entry = log[state.entries]
    entry.minute = state.minute
    entry.kind = kind
    entry.a = a
    entry.b = b
    entry.value = value
    state.entries += 1
