"""How well the power of one endpoint is known so far, for whoever waits."""

from sim.config.config import INERT, Config
from sim.montecarlo.resume import Decided
from sim.stats.monte_carlo import proportion_mcse


class Watch:
    """The first decided endpoint under the first acting effect, at the first level."""

    def __init__(self, config: Config) -> None:
        self._effect = next((each.name for each in config.effects if each.name != INERT), INERT)
        tested = [name for name in config.design.benchmarks.endpoints if name in config.analysis.endpoints]
        self._endpoint = tested[0] if tested else ""
        self._column = f"{config.design.rule}_{self._endpoint}_success"
        self._trials = self._successes = 0

    def add(self, decided: Decided) -> None:
        """Trials more; none where there is nothing of this effect or endpoint."""
        table = decided.get(self._effect)
        if table is not None and self._column in table:
            self._trials += len(table[self._column])
            self._successes += int(table[self._column].sum())

    def words(self) -> str:
        """Power so far with its Monte Carlo standard error; "" without a trial."""
        if not self._trials:
            return ""
        power = self._successes / self._trials
        error = proportion_mcse(power, self._trials)
        return f"power of {self._endpoint} under {self._effect} {power:.3f} ± {error:.4f}"
