"""Subjects scored alone or together, and a plain loop for the proteinuric flare."""

import numpy as np
import pytest

from sim.instruments import damage_index, flares, hematologic_flares, renal_events
from sim.instruments.bilag import DOMAINS, bilag_flare

SUBJECTS, VISITS = 400, 11
NOMINAL = np.array([-7, 0, 3, 7, 28, 56, 84, 87, 112, 140, 168], dtype=np.float64)


@pytest.fixture(scope="module")
def visits() -> dict[str, np.ndarray]:
    """Noisy courses in which every kind of event happens, with missed visits and missing values."""
    random = np.random.default_rng(8)
    held = random.random((SUBJECTS, VISITS)) > 0.1
    held[:, 1] = random.random(SUBJECTS) > 0.02
    subject = np.repeat(np.arange(SUBJECTS), VISITS)[held.ravel()]
    day = np.tile(NOMINAL, SUBJECTS)[held.ravel()]
    rows = len(day)

    def noisy(median: float, spread: float) -> np.ndarray:
        walk = random.normal(0.0, spread, (SUBJECTS, VISITS)).cumsum(axis=1)[held]
        return np.where(random.random(rows) < 0.05, np.nan, median * np.exp(walk))

    columns = {
        "upcr": np.round(noisy(0.8, 0.6), 2),
        "serum_creatinine": np.round(noisy(95.0, 0.3)),
        "urine_rbc": np.round(noisy(8.0, 0.8)),
        "platelets": np.round(noisy(80.0, 0.5)),
        "egfr": noisy(25.0, 0.5),
        "cellular_casts": random.integers(-1, 2, rows).astype(np.int8),
        "pretreatment": np.repeat(random.uniform(20.0, 90.0, SUBJECTS), VISITS)[held.ravel()],
    }
    grades = {f"bilag_{name}": random.integers(-1, 5, rows).astype(np.int8) for name in DOMAINS}
    return {"subject": subject, "day": day, "baseline": day == 0.0} | columns | grades


def every_mark(v: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    who, when, baseline = v["subject"], v["day"], v["baseline"]
    course = hematologic_flares.HematologicCourse(
        value=v["platelets"],
        pretreatment=v["pretreatment"],
        qualifying=np.ones(len(who), dtype=np.bool_),
        grade=v["bilag_haematological"],
        hemolysis=np.zeros(len(who), dtype=np.int8),
        transfused=np.zeros(len(who), dtype=np.bool_),
    )
    marks = {
        rule: flares.proteinuric_flare(who, when, baseline, v["upcr"], rule=rule)
        for rule in flares.PROTEINURIC_RULES
    }
    return marks | {
        "nephritic": flares.nephritic_flare(who, when, v["serum_creatinine"], v["urine_rbc"], v["cellular_casts"]),
        "platelets": hematologic_flares.hematologic_flare(
            hematologic_flares.LINEAGES[2], who, when, baseline, course
        ),
        "bilag": bilag_flare(who, when, {name: v[f"bilag_{name}"] for name in DOMAINS}),
        "doubling": renal_events.doubling_of_creatinine(who, when, baseline, v["serum_creatinine"]),
        "end_stage": renal_events.end_stage_by_filtration(who, when, v["egfr"]),
        "persistent": damage_index.persistent(who, when, v["cellular_casts"], days=100.0),
    }


def test_subjects_are_scored_alone_or_together(visits: dict[str, np.ndarray]) -> None:
    together = every_mark(visits)
    alone: dict[str, list[np.ndarray]] = {name: [] for name in together}
    for subject in range(SUBJECTS):
        rows = visits["subject"] == subject
        for name, marks in every_mark({key: column[rows] for key, column in visits.items()}).items():
            alone[name].append(marks)
    for name, marks in together.items():
        assert 0 < marks.sum() < len(marks), name
        np.testing.assert_array_equal(marks, np.concatenate(alone[name]), err_msg=name)


def plain_proteinuric_flare(day: list[float], upcr: list[float]) -> list[float]:
    """The default rule read aloud: one subject, one sample after another."""
    samples = [(d, u) for d, u in zip(day, upcr, strict=True) if d >= 0 and not np.isnan(u)]
    at_baseline = next((u for d, u in samples if d == 0), None)
    dated, flaring = [], False
    for i, (now, value) in enumerate(samples):
        pairs = [(samples[k][1], samples[k + 1][1]) for k in range(i - 1)]
        was, flaring = flaring, False
        confirming = next((u for d, u in samples[i + 1 :] if d >= now + 7), None)
        if not pairs or confirming is None:
            continue
        nadir = min(float(np.sqrt(a * b)) for a, b in pairs)
        if any(a <= 0.7 and b <= 0.7 for a, b in pairs):
            limit = 1.0 if nadir < 0.2 - 1e-9 else 2.0
            flaring = value > limit + 1e-9 and confirming > limit + 1e-9
        elif at_baseline is not None:
            limit = max(2.0 * nadir, 1.5 * at_baseline) - 1e-9
            flaring = value >= limit and confirming >= limit
        if flaring and not was:
            dated.append(now)
    return dated


def test_default_proteinuric_rule_against_a_plain_loop(visits: dict[str, np.ndarray]) -> None:
    marks = flares.proteinuric_flare(visits["subject"], visits["day"], visits["baseline"], visits["upcr"])
    for subject in range(SUBJECTS):
        rows = visits["subject"] == subject
        expected = plain_proteinuric_flare(visits["day"][rows].tolist(), visits["upcr"][rows].tolist())
        assert visits["day"][rows & marks].tolist() == expected


def test_samples_before_day_0_make_no_proteinuric_flare(visits: dict[str, np.ndarray]) -> None:
    after = visits["day"] >= 0
    every = every_mark(visits)["response"]
    later_only = every_mark({key: column[after] for key, column in visits.items()})["response"]
    np.testing.assert_array_equal(every[after], later_only)
    assert not every[~after].any()
