"""The complete log of some courses in words, latent things included: for looking at one trial closely."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sim.config.observation import SCHEDULED
from sim.core.clock import MINUTES_PER_DAY
from sim.core.decisions import Clock
from sim.core.tables import Table
from sim.disease.state import Happening
from sim.disease.visits import NOMINAL_DAYS
from sim.trial.courses import Courses

_WORDS: Final = {
    Happening.FLARE: "flare begins: {0.clock}, number {0.next_b}, log activity up by {0.value:.4g}; latent",
    Happening.RECOGNISED: "flare recognised: {0.clock}{0.grave}",
    Happening.ORDER_DOSE: "order for a {0.order} flare: {0.value:.4g} mg/day of prednisone",
    Happening.IMMUNOSUPPRESSANT: "{0.which} immunosuppressant",
    Happening.STEROID_RESCUE: "that dose, {0.value:.4g} mg/day, counts as rescue",
    Happening.IVIG: "intravenous immunoglobulin",
    Happening.TRANSFUSION: "transfusion of red cells",
    Happening.GCSF: "G-CSF",
    Happening.STEP: "{0.step} to {0.value:.4g} mg/day",
    Happening.HELD: "taper step put off, {0.value:.4g} mg/day kept",
    Happening.SKIPPED: "taper step forgotten, {0.value:.4g} mg/day kept",
    Happening.INFUSION: "infusion {0.next_a}",
    Happening.INFUSION_CANCELLED: "second infusion cancelled because of {0.obstacle}",
    Happening.REACTION: "{0.severity} reaction to infusion {0.next_a}, recorded on day {0.value:.0f}",
    Happening.CELLS_ON: "cells of infusion {0.next_a} begin to act; latent",
    Happening.CELLS_OFF: "cells of infusion {0.next_a} cease to act; latent",
    Happening.SERIOUS_INFECTION: "serious infection, number {0.next_a}",
    Happening.MILD_INFECTION: "{0.severity} infection, number {0.next_a}",
    Happening.ADVERSE_EVENT: "adverse event, number {0.next_a}",
    Happening.RENAL_DAMAGE: "kidney damage, factor now {0.value:.4g}; latent",
    Happening.DAMAGE_INDEX: "damage index up by 1",
    Happening.DEATH: "death{0.cause}",
    Happening.DROPOUT: "withdrawal for {0.reason}",
    Happening.PREGNANCY: "withdrawal for pregnancy",
    Happening.VISIT: "visit {0.visit}",
    Happening.MISSED: "visit {0.visit} missed",
    Happening.UNSCHEDULED: "unscheduled visit {0.a}",
    Happening.END: "end of participation",
    Happening.PULSE: "intravenous methylprednisolone, {0.value:.4g} mg/day of prednisone for {0.a} days",
    Happening.PULSE_OFF: "the pulse has been given",
}


@dataclass(frozen=True)
class _Entry:
    """The numbers of an entry; what a and b mean depends on the kind (sim/disease/state.py)."""

    a: int
    b: int
    value: float

    next_a = property(lambda self: self.a + 1)
    next_b = property(lambda self: self.b + 1)
    clock = property(lambda self: Clock(self.a).name.lower().replace("_", " "))
    grave = property(lambda self: "; today's order is for a severe or second one" if self.b else "")
    order = property(lambda self: ("mild", "severe", "second mild")[self.a])
    which = property(lambda self: "first" if self.a else "another")
    step = property(lambda self: ("taper step", "reduction after a flare", "long-term reduction")[self.a])
    severity = property(lambda self: ("mild", "moderate", "severe")[self.b])
    cause = property(lambda self: " of infection" if self.a else "")
    reason = property(lambda self: ("lack of efficacy", "an adverse event", "another reason")[self.a])
    obstacle = property(lambda self: ("an infection", "a rescue", "a flare")[self.b])
    visit = property(lambda self: f"{SCHEDULED[self.a]} (planned for day {NOMINAL_DAYS[self.a]})")


def narrate(entry: Any) -> str:
    """What one entry of the log says."""
    numbers = _Entry(int(entry["a"]), int(entry["b"]), float(entry["value"]))
    return _WORDS[Happening(int(entry["kind"]))].format(numbers)


def narrative(courses: Courses) -> Table:
    """Every entry of the log, in the order of patients and time.

    row : the patient's position. day, minute : study day, and minutes from 00:00 of study day 0.
    kind : the name of what happened. words : what it was, with its numbers.
    """
    log = courses.log
    names = np.array([happening.name.lower() for happening in Happening])
    return Table(
        {
            "row": courses.of_entry,
            "day": log["minute"] // MINUTES_PER_DAY,
            "minute": log["minute"],
            "kind": names[log["kind"]] if len(log) else np.zeros(0, "<U1"),
            "words": np.array([narrate(entry) for entry in log], np.str_),
        }
    )
