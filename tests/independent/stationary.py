"""A unit stationary Ornstein-Uhlenbeck process, read on any day, laid out on anchors every eight days."""

import math
from collections.abc import Callable

STEP = 8


class Stationary:
    """`anchor(number)` and `between(day)` give the fresh standard normals; `rate` is per day."""

    def __init__(
        self, rate: float, first_day: int, anchor: Callable[[int], float], between: Callable[[int], float]
    ) -> None:
        self.rate, self.first_day, self.anchor, self.between = rate, first_day, anchor, between
        self.anchors: list[float] = []

    def kept(self, days: int) -> float:
        """Autocorrelation over some days."""
        return math.exp(-self.rate * days)

    def at(self, day: int) -> float:
        number, after = divmod(day - self.first_day, STEP)
        left = self.anchored(number)
        return left if after == 0 else self.halved(day, day - after, left, self.anchored(number + 1))

    def anchored(self, number: int) -> float:
        """Value on an anchor: one exact step from the anchor before."""
        while len(self.anchors) <= number:
            fresh = self.anchor(len(self.anchors))
            if self.anchors:
                fresh = self.kept(STEP) * self.anchors[-1] + math.sqrt(1 - self.kept(2 * STEP)) * fresh
            self.anchors.append(fresh)
        return self.anchors[number]

    def halved(self, day: int, start: int, left: float, right: float) -> float:
        """Value between two anchors, the earlier of them on `start`: midway, and midway again."""
        half = STEP // 2
        while True:
            middle = start + half
            spread = math.sqrt((1 - self.kept(2 * half)) / (1 + self.kept(2 * half)))
            value = self.kept(half) / (1 + self.kept(2 * half)) * (left + right) + spread * self.between(middle)
            if middle == day:
                return value
            if day < middle:
                right = value
            else:
                start, left = middle, value
            half //= 2
