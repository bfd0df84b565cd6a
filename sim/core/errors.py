"""What can go wrong, and whose doing it is."""

from collections.abc import Sequence


class InputError(Exception):
    """Something the user gave cannot be used: exit status 2, one message, no traceback.

    problems : one sentence each, naming the place, the value, what is allowed and the remedy.
    """

    def __init__(self, problems: str | Sequence[str]) -> None:
        self.problems: tuple[str, ...] = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))

    def __reduce__(self) -> tuple[type["InputError"], tuple[tuple[str, ...]]]:
        return (type(self), (self.problems,))


class LimitError(Exception):
    """A fixed number of slots was exceeded; the run stops rather than read another decision's draws."""
