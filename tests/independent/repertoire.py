"""Extrarenal SLEDAI items that a patient owns, and what flares add to them."""

import math

from sim.core.decisions import Decision
from tests.independent.latent import MINUTES_PER_DAY, Parameters, Uniform, category, normal
from tests.independent.measurement import CNS_ITEMS, ITEMS

PREVALENCE = (0.35, 0.30, 0.20, 0.10, 0.05, 0.04, 0.03, 0.03, 0.02)
THRESHOLD_MEDIAN, THRESHOLD_LOG_SD = 0.28, 0.5
LOOK_BACK_DAYS = 30


class Repertoire:
    """Owned items with their thresholds, the central nervous item of the moment, and items new by a flare."""

    def __init__(self, person: Parameters, flares: Parameters, uniform: Uniform) -> None:
        self.owned, self.threshold = list(person["item_owned"]), list(person["item_threshold"])
        self.flares, self.uniform = flares, uniform
        self.cns_item, self.cns_until = -1, 0
        self.awaiting: list[str] = []  # items of flares that nobody has recognised
        self.recognised: list[tuple[str, int]] = []  # (item, day)

    def flare(self, severity: str, place: int, minute: int) -> None:
        kind = self.uniform(Decision.FLARE_ITEM, 4 * place)
        which = self.uniform(Decision.FLARE_ITEM, 4 * place + 1)
        if severity == "severe":
            self._severe(kind, which, place, minute)
        elif kind < self.flares["p_new_item_mild"] and not all(self.owned):
            free = [j for j, owned in enumerate(self.owned) if not owned]
            total = math.fsum(PREVALENCE[j] for j in free)
            self._own(free[category(which, [PREVALENCE[j] / total for j in free])], place)

    def _severe(self, kind: float, which: float, place: int, minute: int) -> None:
        names = ("cns", "vasculitis", "myositis", "serositis")
        found = (*names, "nothing")[category(kind, [*(self.flares["severe_items"][name] for name in names), 1.0])]
        if found == "cns":
            self.cns_item = int(5 * which)
            self.cns_until = minute + self.flares["cns_days"] * MINUTES_PER_DAY
            self.awaiting.append(CNS_ITEMS[self.cns_item])
        elif found == "serositis":
            self._own(ITEMS.index("pleurisy" if which < 0.5 else "pericarditis"), place)
        elif found != "nothing":
            self._own(ITEMS.index(found), place)

    def _own(self, item: int, place: int) -> None:
        if self.owned[item]:
            return
        z = normal(self.uniform(Decision.FLARE_ITEM, 4 * place + 2))
        self.owned[item] = 1
        self.threshold[item] = math.exp(math.log(THRESHOLD_MEDIAN) + THRESHOLD_LOG_SD * z)
        self.awaiting.append(ITEMS[item])

    def recognise(self, day: int) -> None:
        self.recognised += [(item, day) for item in self.awaiting]
        self.awaiting = []

    def recent(self, day: int) -> set[str]:
        """Items new by a flare recognised on a day or at most 30 days before."""
        return {item for item, recognised in self.recognised if day - recognised <= LOOK_BACK_DAYS}

    def cns_at(self, minute: int) -> int:
        return self.cns_item if minute < self.cns_until else -1
