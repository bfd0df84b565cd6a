"""What is believed about uncertain assumptions: a distribution for each, over which power is averaged."""

from dataclasses import dataclass

from sim.config.fields import integer, number, text


@dataclass(frozen=True)
class Prior:
    """A triangular distribution of one value of the configuration.

    key : where the value stands, such as effect.p_responder.
    """

    key: str = text()
    low: float = number()
    mode: float = number()
    high: float = number()

    def check(self) -> list[str]:
        """The limits are in order."""
        if self.low <= self.mode <= self.high and self.low < self.high:
            return []
        return [f"mode: {self.mode:g} must lie from low {self.low:g} to high {self.high:g}, and low below high"]


@dataclass(frozen=True, kw_only=True)
class Priors:
    """Independent priors by name, and how many draws of all of them together are followed."""

    draws: int = integer(2, 100_000)
    parameters: dict[str, Prior]
