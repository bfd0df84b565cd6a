"""S3: the fall of four points, its population, and the recomputed score."""

import numpy as np
import pytest

from sim.endpoints.sledai_endpoints import sledai_at_visits
from tests.endpoints.records import WELL, analysis, data_set, outcome, patient

NAN = np.nan
CALM = {"arthritis": 0, **WELL}


def test_scores_are_recomputed_from_measurements() -> None:
    data = data_set(patient())
    score = sledai_at_visits(data, analysis())
    # arthritis 4, hematuria 4, proteinuria 4, low complement 2, anti-dsDNA 2, platelets below 100 1
    assert score[data.at("D0")[0]] == 17
    assert score[data.at("W24")[0]] == 0
    assert score[data.at("W1")[0]] == 4, "serology of day 0 stands for week 1"
    assert np.isfinite(score).all()


@pytest.mark.parametrize(
    ("at_baseline", "at_week_24", "result"),
    [
        ({"arthritis": 1}, {}, (1, "")),
        ({"arthritis": 1, "rash": 1}, {"rash": 1}, (1, "")),
        ({"arthritis": 1, "rash": 1}, {"rash": 1, "fever": 1}, (0, "sledai")),
        ({"rash": 1, "alopecia": 1}, {}, (1, "")),
        ({"rash": 1, "fever": 1}, {}, (-1, "")),
        ({}, {}, (-1, "")),
    ],
)
def test_four_points(at_baseline: dict[str, int], at_week_24: dict[str, int], result: tuple[int, str]) -> None:
    person = patient(visits={"D0": CALM | at_baseline, "W24": CALM | at_week_24})
    assert outcome("S3", person) == result


def test_everybody_with_a_baseline_under_the_other_reading() -> None:
    person = patient(visits={"D0": CALM | {"rash": 1}})
    assert outcome("S3", person, sledai_population="all") == (0, "sledai")
    unknown = patient(visits={"D0": {"urine_rbc": NAN}})
    for reading in ("all", "baseline_at_least_4"):
        assert outcome("S3", unknown, sledai_population=reading) == (-1, "")


def test_serology_of_baseline_may_come_from_screening() -> None:
    without = {"c3": NAN, "c4": NAN, "anti_dsdna": NAN}
    assert outcome("S3", patient(visits={"D0": without})) == (1, "")
    assert outcome("S3", patient(visits={"D0": without, "SCR": {"day": -11}})) == (-1, "")
    assert outcome("S3", patient(visits={"D0": without}), serology_days_before=6) == (-1, "")


def test_limits_of_the_laboratory_are_settings() -> None:
    person = patient(visits={"D0": CALM | {"anti_dsdna": 20.0, "c3": 85.0}})
    assert outcome("S3", person) == (1, "")
    assert outcome("S3", person, anti_dsdna_upper_limit=25.0) == (-1, "")
    assert outcome("S3", person, c3_lower_limit=80.0) == (-1, "")
    assert (
        outcome("S3", patient(visits={"D0": CALM | {"anti_dsdna": 20.0, "c4": 9.0}}), c4_lower_limit=8.0)[0] == -1
    )


def test_rescue_leaving_and_missing() -> None:
    assert outcome("S3", patient("LC", events=[(10, "rescue", "ivig")])) == (0, "rescue")
    assert outcome("S3", patient(events=[(10, "lost_to_follow_up", "")])) == (0, "lost_to_follow_up")
    assert outcome("S3", patient(events=[(10, "transfusion", "platelets")])) == (1, "")
    assert outcome("S3", patient(visits={"W24": None, "W20": {"wbc": NAN}})) == (0, "missing")
    assert outcome("S3", patient(visits={"W24": {"rash": -1}})) == (1, ""), "week 20 stands in"
