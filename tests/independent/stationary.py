"""A unit stationary Ornstein-Uhlenbeck process, read on any day, laid out on anchors some days apart."""

import math
from collections.abc import Callable


class Stationary:
    """`anchor(number)` and `between(day)` give the fresh standard normals; `step` is a power of 2."""

    def __init__(
        self,
        rate: float,
        first_day: int,
        step: int,
        anchor: Callable[[int], float],
        between: Callable[[int], float],
    ) -> None:
        self.rate, self.first_day, self.step, self.anchor, self.between = rate, first_day, step, anchor, between
        self.anchors: list[float] = []

    def kept(self, days: int) -> float:
        """Autocorrelation over some days."""
        return math.exp(-self.rate * days)

    def at(self, day: int) -> float:
        number, after = divmod(day - self.first_day, self.step)
        left = self.anchored(number)
        return left if after == 0 else self.halved(day, day - after, left, self.anchored(number + 1))

    def anchored(self, number: int) -> float:
        """Value on an anchor: one exact step from the anchor before."""
        while len(self.anchors) <= number:
            fresh = self.anchor(len(self.anchors))
            if self.anchors:
                fresh = self.kept(self.step) * self.anchors[-1] + math.sqrt(1 - self.kept(2 * self.step)) * fresh
            self.anchors.append(fresh)
        return self.anchors[number]

    def halved(self, day: int, start: int, left: float, right: float) -> float:
        """Value between two anchors, the earlier of them on `start`: midway, and midway again."""
        half = self.step // 2
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
