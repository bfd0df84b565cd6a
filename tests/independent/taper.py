"""The corticosteroid taper of one patient: what is due when, and what becomes of an attempt."""

from __future__ import annotations

import math

from sim.core.decisions import Decision
from tests.independent.latent import TINY, Parameters, Uniform

WEEK = 7


def reduction(dose: float) -> float:
    """One reduction step, without a floor."""
    if dose > 20.0 + TINY:
        return max(20.0, dose - 10.0)
    if dose > 10.0 + TINY:
        return max(10.0, dose - 5.0)
    return max(0.0, dose - 2.5)


class Taper:
    """Phases: schedule (steps, then the last step alone), high, reduce. `due` is a study day or None."""

    def __init__(self, setting: Parameters, entry_dose: float, uniform: Uniform) -> None:
        self.setting, self.entry_dose, self.uniform = setting, entry_dose, uniform
        self.phase = "schedule"
        self.done_steps = 0
        self.paused_until: int | None = None
        self.only_last = entry_dose <= setting["floor"] + TINY
        self.due: int | None = setting["last_day"] if self.only_last else setting["first_day"]

    def flare_ordered(self, day: int, hold_days: int) -> None:
        self.phase, self.due = "high", day + hold_days

    def infection(self, onset_day: int, days: int) -> None:
        """Move what is due by the days that this pause adds to the running one."""
        started = onset_day if self.paused_until is None else max(onset_day, self.paused_until)
        self.paused_until = onset_day + days
        if self.due is not None:
            self.due += max(0, self.paused_until - started)

    def attempt(self, day: int, dose: float, assessments: list[float], baseline: float) -> tuple[str, float]:
        """Carry out what is due today: ("step", "held", "skipped" or "over", dose afterwards)."""
        if self.phase != "schedule":
            return "step", self._reduce(day, dose)
        if day > self.setting["final_day"]:
            self.due = None
            return "over", dose
        refused = self._refused(day, assessments, baseline)
        if refused:
            self.due = day + self.setting["retry"]
            return refused, dose
        lower = self._scheduled(dose)
        if self.setting["catch_up"]:
            lower = min(lower, self.calendar(day))
        self.done_steps += 1
        if self.only_last:
            self.due = None
        elif lower <= self.setting["floor"] + TINY:
            self._leave_last(day)
        else:
            self.due = day + self.setting["interval"]
        return "step", lower

    def gate(self, assessments: list[float], baseline: float) -> bool:
        """PGA above its baseline at the last two assessments, or further above at the last."""
        above = [value - baseline + TINY for value in assessments]
        twice = len(above) >= 2 and min(above[-2:]) >= self.setting["gate_two"]
        return twice or (bool(above) and above[-1] >= self.setting["gate_one"])

    def calendar(self, day: int) -> float:
        """Dose that the schedule would have on a day without holds, skips, flares and infections."""
        undisturbed = Taper(self.setting | {"forced": True, "catch_up": False}, self.entry_dose, self.uniform)
        dose = self.entry_dose
        while undisturbed.due is not None and undisturbed.due <= day:
            dose = undisturbed.attempt(undisturbed.due, dose, [], 0.0)[1]
        return dose

    def _refused(self, day: int, assessments: list[float], baseline: float) -> str:
        if self.setting["forced"]:
            return ""
        held = self.uniform(Decision.TAPER_HOLD, day + 64) < self.setting["hold"]
        if self.gate(assessments, baseline) and held:
            return "held"
        return "skipped" if self.uniform(Decision.TAPER_SKIP, day + 64) < self.setting["skip"] else ""

    def _scheduled(self, dose: float) -> float:
        if self.only_last:
            return min(dose, self.setting["last_dose"], self.entry_dose)
        floor = self.setting["floor"]
        if self.setting["rule"] == "steps":
            return max(floor, reduction(dose))
        share = self.setting["remaining"][self.done_steps]
        target = floor + share * (self.entry_dose - floor)
        return min(dose, 2.5 * math.ceil(target / 2.5 - TINY))

    def _reduce(self, day: int, dose: float) -> float:
        low = min(self.setting["floor"], self.entry_dose)
        lower = min(dose, max(low, reduction(dose)))
        self.phase, self.due = "reduce", day + WEEK
        if lower <= low + TINY:
            self.phase = "schedule"
            self._leave_last(day)
        return lower

    def _leave_last(self, day: int) -> None:
        self.only_last = True
        self.due = max(self.setting["last_day"], day + self.setting["last_delay"])
