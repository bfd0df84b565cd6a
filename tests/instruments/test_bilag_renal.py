"""The renal domain of BILAG-2004 at its thresholds; 100 mg/mmol are 0.884 mg/mg."""

import dataclasses

import numpy as np
import pytest

from sim.instruments import bilag_renal as r
from sim.instruments.bilag import letters_of

NAN = np.nan
PER_MMOL = 1.0 / 113.12
HEALTHY = {
    "upcr": 0.1,
    "serum_creatinine": 70.0,
    "egfr": 100.0,
    "systolic_bp": 120.0,
    "diastolic_bp": 75.0,
}
QUIET = {
    "urine_rbc": 1.0,
    "urine_wbc": 1.0,
    "cellular_casts": 0,
    "retinopathy": 0,
    "days_since_biopsy": NAN,
    "albumin": 43.0,
    "edema": 0,
}
FLAG_NAMES = ("cellular_casts", "retinopathy", "edema")


def measured(**changes: float) -> r.RenalMeasurements:
    return r.renal_measurements(1, **{name: np.array([value]) for name, value in (HEALTHY | changes).items()})


def signs(**changes: float) -> r.RenalSigns:
    values = QUIET | changes
    return r.RenalSigns(
        **{name: np.array([v], dtype=np.int8 if name in FLAG_NAMES else np.float64) for name, v in values.items()}
    )


NONE = r.renal_measurements(1)


def grade(now: r.RenalMeasurements, previous: r.RenalMeasurements, seen: r.RenalSigns, ever: int = 1) -> str:
    return str(letters_of(r.renal_grade(now, previous, seen, np.array([ever], dtype=np.int8)))[0])


@pytest.mark.parametrize(
    ("value", "previous", "expected"),
    [(1.0, NAN, 1), (0.76, 1.0, 1), (0.75, 1.0, 0), (0.74, 1.0, 0), (1.2, 1.0, 1), (0.5, 0.0, 1), (NAN, 1.0, -1)],
)
def test_not_improved_by_a_quarter(value: float, previous: float, expected: int) -> None:
    assert r.not_improved(np.array([value]), np.array([previous])).tolist() == [expected]


@pytest.mark.parametrize(
    ("now", "previous", "expected"),
    [
        ({"upcr": 100.0 * PER_MMOL}, {"upcr": NAN}, 0),
        ({"upcr": 0.89}, {"upcr": NAN}, 1),
        ({"upcr": 0.88}, {"upcr": NAN}, 0),
        ({"upcr": 1.5}, {"upcr": 2.0}, 0),  # a quarter less
        ({"upcr": 1.51}, {"upcr": 2.0}, 1),
        ({"upcr": NAN}, {"upcr": 2.0}, -1),
        ({"upcr": NAN, "proteinuria_24h": 1.0}, {}, 0),
        ({"upcr": NAN, "proteinuria_24h": 1.01}, {}, 1),
        ({"upcr": NAN, "albumin_creatinine": 101.0}, {}, 1),
        ({"upcr": 0.1, "proteinuria_24h": 1.2}, {}, 1),  # one quantity is enough
        ({"upcr": NAN, "dipstick": 3.0}, {"dipstick": 1.0}, 1),
        ({"upcr": NAN, "dipstick": 3.0}, {"dipstick": 2.0}, 0),
        ({"upcr": NAN, "dipstick": 3.0}, {"dipstick": NAN}, 0),
        ({"upcr": 0.1, "dipstick": 3.0}, {"dipstick": 0.0}, 0),  # quantities go before the dipstick
    ],
)
def test_severe_proteinuria(now: dict[str, float], previous: dict[str, float], expected: int) -> None:
    assert r.severe_proteinuria(measured(**now), measured(**previous)).tolist() == [expected]


@pytest.mark.parametrize(
    ("systolic", "diastolic", "retinopathy", "expected"),
    [(171, 111, 1, 1), (170, 111, 1, 0), (171, 110, 1, 0), (171, 111, 0, 0), (NAN, 111, 1, -1), (NAN, 111, 0, 0)],
)
def test_accelerated_hypertension(systolic: float, diastolic: float, retinopathy: int, expected: int) -> None:
    now = measured(systolic_bp=systolic, diastolic_bp=diastolic)
    assert r.accelerated_hypertension(now, np.array([retinopathy], dtype=np.int8)).tolist() == [expected]


@pytest.mark.parametrize(
    ("now", "previous", "expected"),
    [
        ({"serum_creatinine": 131.0}, {"serum_creatinine": 100.0}, 1),
        ({"serum_creatinine": 130.0}, {"serum_creatinine": 70.0}, 0),
        ({"serum_creatinine": 143.0}, {"serum_creatinine": 110.0}, 0),  # exactly 130 %
        ({"serum_creatinine": 144.0}, {"serum_creatinine": 110.0}, 1),
        ({"serum_creatinine": 300.0}, {"serum_creatinine": NAN}, 0),  # nothing to compare with
        ({"egfr": 66.9}, {"egfr": 100.0}, 1),
        ({"egfr": 67.0}, {"egfr": 100.0}, 0),
        ({"egfr": 80.0}, {"egfr": 140.0}, 0),
        ({"egfr": 79.9}, {"egfr": 140.0}, 1),
        ({"egfr": 49.9}, {"egfr": 50.0}, 0),
        ({"egfr": 49.9}, {"egfr": 50.1}, 1),
        ({"egfr": 49.9}, {"egfr": NAN}, 0),
        ({"egfr": NAN, "serum_creatinine": NAN}, {}, -1),
    ],
)
def test_deteriorating_function(now: dict[str, float], previous: dict[str, float], expected: int) -> None:
    assert r.deteriorating_function(measured(**now), measured(**previous)).tolist() == [expected]


def test_a_first_low_rate_counts_by_option() -> None:
    now = measured(egfr=49.9)
    assert r.deteriorating_function(now, NONE).tolist() == [0]
    assert r.deteriorating_function(now, NONE, first_low_rate_counts=True).tolist() == [1]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"urine_wbc": 5.0, "urine_rbc": 5.0}, 0),
        ({"urine_wbc": 6.0}, 1),
        ({"urine_rbc": 6.0}, 1),
        ({"cellular_casts": 1}, 1),
        ({"urine_rbc": NAN}, -1),
        ({"urine_rbc": NAN, "cellular_casts": 1}, 1),
    ],
)
def test_active_sediment(changes: dict[str, float], expected: int) -> None:
    assert r.active_sediment(signs(**changes)).tolist() == [expected]


def test_biopsy_counts_for_three_months() -> None:
    assert r.active_biopsy(np.array([0.0, 91.0, 92.0, -1.0, NAN])).tolist() == [1, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("upcr", "albumin", "edema", "expected"),
    [
        (3.10, 29.9, 1, 1),
        (3.09, 29.9, 1, 0),
        (350.0 * PER_MMOL, 29.9, 1, 1),
        (3.10, 30.0, 1, 0),
        (3.10, 29.9, 0, 0),
        (3.10, NAN, 1, -1),
        (NAN, 29.9, 1, -1),
    ],
)
def test_nephrotic_syndrome(upcr: float, albumin: float, edema: int, expected: int) -> None:
    assert r.nephrotic_syndrome(measured(upcr=upcr), signs(albumin=albumin, edema=edema)).tolist() == [expected]


def test_a_faint_dipstick_excludes_nephrotic_syndrome() -> None:
    seen = signs(albumin=20.0, edema=1)
    assert r.nephrotic_syndrome(measured(upcr=NAN, dipstick=1.0), seen).tolist() == [0]
    assert r.nephrotic_syndrome(measured(upcr=NAN, dipstick=4.0), seen).tolist() == [-1]


R1, R3 = {"upcr": 1.5}, {"egfr": 60.0}
R4, R5 = {"urine_rbc": 20.0}, {"days_since_biopsy": 30.0}


@pytest.mark.parametrize(
    ("now", "seen", "expected"),
    [
        (R1, R4, "A"),
        (R1 | R3, {}, "A"),
        ({}, R4 | R5, "A"),
        (R3, {"albumin": 20.0, "edema": 1}, "B"),
        ({"upcr": 3.5} | R3, {"albumin": 20.0, "edema": 1}, "A"),
        (R1, {}, "B"),
        (R3, {}, "B"),
        ({}, R4, "B"),
        ({}, R5, "B"),
        ({"upcr": 0.45}, {}, "B"),
        ({"upcr": 0.44}, {}, "C"),
        ({"upcr": 0.23}, {}, "C"),
        ({"upcr": 0.22}, {}, "D"),
        ({"upcr": NAN}, {}, ""),
        ({"upcr": NAN}, R4 | R5, "A"),
        ({"upcr": NAN, "dipstick": 2.0}, {}, "C"),
        ({"upcr": NAN, "dipstick": 0.0}, {}, "D"),
        ({"systolic_bp": 150.0, "diastolic_bp": 91.0}, {}, "C"),
        ({"systolic_bp": 149.0, "diastolic_bp": 91.0}, {}, "D"),
        ({"systolic_bp": 150.0, "diastolic_bp": 90.0}, {}, "D"),
        ({"systolic_bp": NAN}, {}, "D"),  # the diastolic pressure alone rules it out
        ({"systolic_bp": NAN, "diastolic_bp": NAN}, {}, ""),
    ],
)
def test_grade(now: dict[str, float], seen: dict[str, float], expected: str) -> None:
    assert grade(measured(**now), measured(), signs(**seen)) == expected


def test_two_criteria_without_proteinuria_sediment_or_biopsy_are_not_severe() -> None:
    now = measured(upcr=3.2, egfr=60.0)
    previous = measured(upcr=10.0)  # heavy proteinuria, improved
    assert grade(now, previous, signs(albumin=20.0, edema=1)) == "B"


@pytest.mark.parametrize(
    ("creatinine", "before", "expected"),
    [(150.0, 131.0, "D"), (150.65, 131.0, "B"), (130.0, 113.0, "D"), (131.0, 113.0, "B"), (131.0, 114.0, "D")],
)
def test_rise_of_creatinine_by_15_percent(creatinine: float, before: float, expected: str) -> None:
    now, previous = measured(serum_creatinine=creatinine), measured(serum_creatinine=before)
    assert grade(now, previous, signs()) == expected


def test_moderate_proteinuria_that_improved_is_mild() -> None:
    assert grade(measured(upcr=0.6), measured(upcr=0.8), signs()) == "C"
    assert grade(measured(upcr=0.61), measured(upcr=0.8), signs()) == "B"


@pytest.mark.parametrize(("ever", "expected"), [(1, "D"), (0, "E"), (-1, "")])
def test_inactive(ever: int, expected: str) -> None:
    assert grade(measured(), measured(), signs(), ever) == expected


def test_rows_are_graded_alone_or_together() -> None:
    random = np.random.default_rng(2004)
    size = 500

    def draws(names: list[str], scale: float) -> dict[str, np.ndarray]:
        columns = {}
        for name in names:
            values = HEALTHY[name] * np.exp(random.normal(0.0, scale, size))
            columns[name] = np.where(random.random(size) < 0.1, NAN, values)
        return columns

    now, previous = (r.renal_measurements(size, **draws(list(HEALTHY), 1.0)) for _ in range(2))
    seen = r.RenalSigns(
        urine_rbc=random.integers(0, 12, size).astype(np.float64),
        urine_wbc=random.integers(0, 12, size).astype(np.float64),
        cellular_casts=random.integers(-1, 2, size).astype(np.int8),
        retinopathy=random.integers(0, 2, size).astype(np.int8),
        days_since_biopsy=random.uniform(0.0, 200.0, size),
        albumin=random.uniform(15.0, 45.0, size),
        edema=random.integers(-1, 2, size).astype(np.int8),
    )
    ever = random.integers(-1, 2, size).astype(np.int8)
    together = r.renal_grade(now, previous, seen, ever)
    assert set(together.tolist()) == {-1, 0, 1, 2, 3, 4}

    def row(table: object, i: int) -> object:
        return dataclasses.replace(table, **{k: v[i : i + 1] for k, v in vars(table).items()})

    alone = [
        int(r.renal_grade(row(now, i), row(previous, i), row(seen, i), ever[i : i + 1])[0]) for i in range(size)
    ]
    assert together.tolist() == alone
