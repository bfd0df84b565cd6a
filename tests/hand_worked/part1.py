"""All hand-worked cases of P1, P2, P3, S1 and S3."""

from tests.hand_worked import hematologic, other_readings, renal, sledai, steroid
from tests.hand_worked.patients import Case

CASES: list[Case] = steroid.CASES + hematologic.CASES + renal.CASES + sledai.CASES + other_readings.PRIMARY
