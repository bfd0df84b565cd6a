"""The corticosteroid taper: the record names a 24-week regimen and publishes none, so it is a configuration."""

from dataclasses import dataclass

from sim.config.fields import choice, flag, integer, non_negative, numbers, probability, text


@dataclass(frozen=True, kw_only=True)
class Taper:
    """A schedule of reduction steps, and what a physician does with it.

    rule          : `steps`, weekly or slower reduction steps to the floor; `proportional`, fixed shares of the
                    way from the entry dose to the floor.
    remaining     : for `proportional`, the share of (entry dose - floor) left after each step.
    catch_up      : after a hold or skip the next attempt goes to the dose the calendar has by then.
    """

    name: str = text()
    rule: str = choice("steps", "proportional")
    first_day: int = integer(1, 168, unit="study day")
    interval: int = integer(1, 168, unit="day")
    retry: int = integer(1, 168, unit="day")
    floor: float = non_negative(unit="mg/day prednisone equivalent")
    last_dose: float = non_negative(unit="mg/day prednisone equivalent")
    last_day: int = integer(1, 168, unit="study day")
    last_delay: int = integer(0, 168, unit="day")
    final_day: int = integer(1, 210, unit="study day")
    remaining: tuple[float, ...] = numbers(low=0.0, high=1.0)
    hold: float = probability()
    skip: float = probability()
    forced: bool = flag()
    catch_up: bool = flag()
    gate_two: float = non_negative(unit="PGA points")
    gate_one: float = non_negative(unit="PGA points")

    def check(self) -> list[str]:
        """A taper does not rise, and its last step comes after its first."""
        problems = []
        if self.last_dose > self.floor:
            problems.append(
                f"last_dose: {self.last_dose:g} is above the floor {self.floor:g}; a taper does not rise: "
                "give a last_dose of at most the floor"
            )
        if any(later > earlier for earlier, later in zip(self.remaining, self.remaining[1:], strict=False)):
            problems.append(
                f"remaining: {list(self.remaining)} rises; a taper does not rise: give shares in falling order"
            )
        if self.rule == "proportional" and (not self.remaining or self.remaining[-1] != 0.0):
            problems.append(f"remaining: {list(self.remaining)} must end in 0, where the floor is reached")
        if self.last_day < self.first_day:
            problems.append(f"last_day: {self.last_day} comes before first_day {self.first_day}; give a later day")
        return problems
