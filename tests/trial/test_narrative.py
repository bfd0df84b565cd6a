"""Every kind of entry has words, with the numbers in the places that sim/disease/state.py says."""

import numpy as np
import pytest

from sim.core.decisions import Clock
from sim.disease.state import LOG, Happening
from sim.trial.narrative import narrate


def entry(kind, a=0, b=0, value=0.0):
    found = np.zeros(1, LOG)
    found[0] = (0, int(kind), a, b, value)
    return found[0]


@pytest.mark.parametrize("kind", Happening, ids=lambda kind: kind.name)
def test_every_kind_has_words(kind):
    text = narrate(entry(kind))
    assert text
    assert "{" not in text


@pytest.mark.parametrize(
    ("kind", "a", "b", "value", "words"),
    [
        (
            Happening.FLARE,
            Clock.RENAL_MILD,
            1,
            0.5,
            "flare begins: renal mild, number 2, log activity up by 0.5; latent",
        ),
        (Happening.ORDER_DOSE, 1, 0, 40.0, "order for a severe flare: 40 mg/day of prednisone"),
        (Happening.STEP, 0, 0, 7.5, "taper step to 7.5 mg/day"),
        (Happening.STEP, 1, 0, 7.5, "reduction after a flare to 7.5 mg/day"),
        (Happening.STEP, 2, 0, 2.5, "long-term reduction to 2.5 mg/day"),
        (Happening.PULSE, 3, 0, 625.0, "intravenous methylprednisolone, 625 mg/day of prednisone for 3 days"),
        (Happening.REACTION, 1, 2, 85.0, "severe reaction to infusion 2, recorded on day 85"),
        (Happening.MILD_INFECTION, 0, 1, 0.0, "moderate infection, number 1"),
        (Happening.IMMUNOSUPPRESSANT, 1, 0, 0.0, "first immunosuppressant"),
        (Happening.INFUSION_CANCELLED, 1, 0, 0.0, "second infusion cancelled because of an infection"),
        (Happening.INFUSION_CANCELLED, 1, 2, 0.0, "second infusion cancelled because of a flare"),
        (Happening.DEATH, 1, 0, 0.0, "death of infection"),
        (Happening.DROPOUT, 2, 0, 0.0, "withdrawal for another reason"),
        (Happening.MISSED, 10, 0, 0.0, "visit W24 (planned for day 168) missed"),
    ],
)
def test_numbers_stand_where_they_belong(kind, a, b, value, words):
    assert narrate(entry(kind, a, b, value)) == words
