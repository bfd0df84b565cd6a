"""Secondary endpoints on patients written by hand: thresholds, windows, competing events, missing values."""

from typing import Any

import numpy as np
import pytest

from tests.endpoints.records import change, outcome, patient, time_to

LN, LC = "LN", "LC"


def week_24(**measurements: Any) -> dict[str, Any]:
    return {"visits": {"W24": measurements}}


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, (1, "")),
        (week_24(pga=1.0), (1, "")),
        (week_24(pga=1.1), (0, "pga")),
        (week_24(pga=np.nan, day=168), (1, "")),  # W20 stands for it
        (week_24(new_activity=1), (0, "new_activity")),
        (week_24(immunosuppressant_stable=0), (0, "immunosuppressant")),
        (week_24(fever=1), (0, "major_organ")),
        (week_24(rash=1, alopecia=1), (1, "")),
        (week_24(rash=1, alopecia=1, c3=80.0), (0, "sledai")),
        (week_24(bilag={"gastrointestinal": "C"}), (0, "major_organ")),
        (week_24(hemoglobin=10.0, reticulocytes=2.6), (0, "major_organ")),
        ({"dosing": [(0, 161, 7.5, "taper"), (162, 168, 7.6, "flare")]}, (0, "dose")),
        ({"dosing": [(0, 161, 7.5, "taper"), (162, 167, 7.0, "taper"), (168, 168, 10.5, "flare")]}, (1, "")),
        ({"events": [(168, "rescue", "steroid")]}, (0, "rescue")),
        ({"events": [(100, "withdrawal", "other")]}, (0, "withdrawal")),
        ({"visits": {"W20": None, "W24": None}}, (0, "missing")),
    ],
)
def test_low_disease_activity(changes: dict[str, Any], answer: tuple[int, str]) -> None:
    assert outcome("S2", patient(LN, **changes)) == answer


def test_new_activity_can_be_read_from_flares_or_derived() -> None:
    flared = patient(LN, events=[(150, "flare", "renal", "moderate")])
    assert outcome("S2", flared) == (1, "")
    assert outcome("S2", flared, lldas_new_activity="flare") == (0, "new_activity")


@pytest.mark.parametrize(
    ("endpoint", "changes", "answer"),
    [
        ("S4", {}, (1, "")),
        ("S6", {}, (1, "")),
        ("S4", week_24(pga=1.7), (1, "")),
        ("S4", week_24(pga=1.8), (0, "pga")),
        ("S4", week_24(bilag={"renal": "A"}), (1, "")),  # it was A before
        ("S4", week_24(bilag={"ophthalmic": "A"}), (0, "bilag")),
        ("S4", week_24(bilag={"ophthalmic": "B"}), (1, "")),
        ("S4", week_24(bilag={"ophthalmic": "B", "haematological": "B"}), (0, "bilag")),
        ("S4", {"visits": {"D0": {"pga": np.nan}}}, (0, "missing")),
        ("S4", {"visits": {"D0": {"bilag": {"ophthalmic": ""}}}}, (0, "missing")),  # though it could not be new
        ("S4", {"visits": {"D0": {"urine_wbc": np.nan}}}, (-1, "")),
        ("S4", {"visits": {"W24": {"bilag": {"renal": ""}}}}, (1, "")),  # W20 stands for it
        ("S5", {"events": [(1, "rescue", "ivig")]}, (0, "rescue")),
        ("S5", {"events": [(0, "rescue", "ivig")]}, (1, "")),
    ],
)
def test_responder_indices(endpoint: str, changes: dict[str, Any], answer: tuple[int, str]) -> None:
    assert outcome(endpoint, patient(LN, **changes)) == answer


QUIET = {"c3": 110.0, "c4": 20.0, "anti_dsdna": 5.0, "platelets": 150.0, "urine_rbc": 2.0, "upcr": 0.3}


@pytest.mark.parametrize(
    ("more", "answers"),
    [
        ({}, [(1, ""), (-1, ""), (-1, "")]),  # arthritis alone: 4 points, all lost
        ({"fever": 1}, [(1, ""), (1, ""), (-1, "")]),
        ({"rash": 1}, [(1, ""), (1, ""), (1, "")]),
        ({"arthritis": 0, "rash": 1, "fever": 1}, [(-1, ""), (-1, ""), (-1, "")]),
    ],
)
def test_each_index_is_for_those_with_as_many_points(more: dict[str, int], answers: list[tuple[int, str]]) -> None:
    person = patient(LN, visits={"D0": QUIET | {"arthritis": 1} | more})
    assert [outcome(endpoint, person) for endpoint in ("S4", "S5", "S6")] == answers


def test_the_other_reading_of_s4_asks_for_five_points() -> None:
    person = patient(LN, visits={"D0": QUIET})
    assert outcome("S4", person) == (1, "")
    assert outcome("S4", person, lowest_responder_index="sri_5") == (0, "sledai")


@pytest.mark.parametrize(
    ("endpoint", "subgroup", "events", "answer"),
    [
        ("S7", LC, [(30, "flare", "renal", "moderate"), (60, "flare", "renal", "severe")], (60, 1, "")),
        ("S7", LC, [(0, "flare", "renal", "severe"), (169, "flare", "renal", "severe")], (168, 0, "")),
        ("S7", LC, [(100, "withdrawal", "other")], (100, 0, "")),
        ("S9", LC, [(1, "hematologic_flare", "platelets")], (1, 1, "")),
        ("S9", LN, [(1, "hematologic_flare", "platelets")], (np.nan, -1, "")),
        ("S11", LN, [(50, "rescue", "ivig"), (40, "renal_flare", "nephritic")], (40, 1, "")),
        ("S11", LN, [(40, "rescue", "ivig"), (40, "renal_flare", "nephritic")], (40, 1, "")),
        ("S11", LN, [(0, "death", "infection"), (0, "rescue", "ivig")], (0, 1, "")),
        ("S11a", LN, [(168, "death", "infection")], (168, 1, "")),
        ("S11b", LN, [(90, "esrd", ""), (90, "death", "infection")], (90, 1, "")),
        ("S11c", LN, [(84, "doubling_of_creatinine", "")], (84, 1, "")),
        ("S11d", LN, [(84, "rescue", "ivig")], (168, 0, "")),
        ("S11e", LN, [(70, "extrarenal_flare", "renal")], (70, 1, "")),
        ("S11f", LN, [(70, "rescue", "ivig"), (60, "rescue", "pulse")], (60, 1, "")),
        ("S13", LN, [(120, "renal_flare", "proteinuric")], (120, 1, "")),
        ("S13", LN, [(20, "lost_to_follow_up", "")], (20, 0, "")),
    ],
)
def test_times_to_recorded_events(
    endpoint: str, subgroup: str, events: list[Any], answer: tuple[float, int, str]
) -> None:
    found = time_to(endpoint, patient(subgroup, events=events))
    np.testing.assert_equal(found, answer)


def test_a_time_without_event_ends_at_the_last_attended_visit_and_an_event_counts_after_it() -> None:
    missed = dict.fromkeys(("W16", "W20", "W24"))
    assert time_to("S13", patient(LN, visits=missed)) == (91, 0, "")
    flared = patient(LN, visits=missed, events=[(150, "renal_flare", "nephritic")])
    assert time_to("S13", flared) == (150, 1, "")
    late = patient(LN, visits={"W24": {"day": 175}})
    assert time_to("S13", late) == (168, 0, "")


REMISSION = {"upcr": 0.29, "serum_creatinine": 105.0, "urine_rbc": 5.0, "urine_wbc": 5.0}


@pytest.mark.parametrize(
    ("visits", "events", "answer"),
    [
        ({"W16": REMISSION}, [], (112, 1, "")),
        ({"W16": REMISSION | {"upcr": 0.3}}, [], (168, 0, "")),
        ({"W16": REMISSION | {"serum_creatinine": 106.0}}, [], (168, 0, "")),
        ({"W16": REMISSION | {"urine_rbc": 6.0}}, [], (168, 0, "")),
        ({"W16": REMISSION | {"cellular_casts": 1}}, [], (168, 0, "")),
        ({"D0": REMISSION}, [], (168, 0, "")),
        ({"W24": REMISSION | {"day": 170}}, [], (168, 0, "")),
        ({"U1": REMISSION | {"day": 60, "attended": 1}}, [], (60, 1, "")),
        ({"W16": REMISSION}, [(112, "rescue", "ivig")], (112, 1, "")),
        ({"W16": REMISSION}, [(111, "rescue", "ivig")], (111, 0, "rescue")),
        ({"W16": REMISSION}, [(111, "renal_flare", "nephritic")], (112, 1, "")),
        ({}, [(90, "esrd", ""), (80, "rescue", "ivig")], (80, 0, "rescue")),
        ({}, [(90, "withdrawal", "other")], (90, 0, "")),
    ],
)
def test_complete_remission_and_what_competes_with_it(
    visits: dict[str, Any], events: list[Any], answer: tuple[float, int, str]
) -> None:
    assert time_to("S12", patient(LN, visits=visits, events=events)) == answer


def test_the_readings_of_remission() -> None:
    leukocyturia = patient(LN, visits={"W16": REMISSION | {"urine_wbc": 9.0}})
    assert time_to("S12", leukocyturia) == (168, 0, "")
    assert time_to("S12", leukocyturia, urine_sediment="red_cells") == (112, 1, "")
    once = patient(LN, visits={"W8": REMISSION, "W16": REMISSION, "W20": REMISSION})
    assert time_to("S12", once) == (56, 1, "")
    assert time_to("S12", once, remission="confirmed") == (112, 1, "")


@pytest.mark.parametrize(
    ("endpoint", "variable", "visit", "visits", "value"),
    [
        ("S8", "platelets", "W24", {}, 90.0),
        ("S8", "platelets", "W24", {"W24": {"platelets": np.nan}, "U1": {"day": 175, "platelets": 160.0}}, 100.0),
        ("S8", "platelets", "W24", {"W24": {"platelets": np.nan}, "U1": {"day": 176, "platelets": 160.0}}, np.nan),
        ("S8", "platelets", "D3", {"D3": None, "U1": {"day": 1, "platelets": 80.0}}, 20.0),
        ("S8", "platelets", "W1", {"W1": None, "U1": {"day": 10, "platelets": 80.0}}, np.nan),
        ("S8", "platelets", "W12", {"D0": {"platelets": np.nan}}, np.nan),
        ("O1", "sledai2k", "W24", {}, -17.0),
        ("O1", "bilag", "W12", {}, -21.0),
        ("O1", "sdi", "W24", {"W24": {"sdi": 2.0}}, 1.0),
        ("O2", "treg", "D3", {}, 2.0),
        ("O2", "th17", "Y1", {"Y1": {"day": 370, "th17": 1.4}}, -0.5),
    ],
)
def test_changes_from_baseline(
    endpoint: str, variable: str, visit: str, visits: dict[str, Any], value: float
) -> None:
    person = patient(LC, visits=visits)
    assert change(endpoint, variable, visit, person) == pytest.approx(value, nan_ok=True)


def test_of_two_equally_near_visits_the_later_stands() -> None:
    near = {"day": 165, "hemoglobin": 10.0}, {"day": 171, "hemoglobin": 11.0}
    person = patient(LC, visits={"W24": None, "U1": near[0], "U2": near[1]})
    assert change("S8", "hemoglobin", "W24", person) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("event", "variable"),
    [
        ((161, "transfusion", "red_cells"), "hemoglobin"),
        ((140, "rescue", "ivig"), "platelets"),
        ((154, "gcsf", ""), "wbc"),
    ],
)
def test_a_count_soon_after_its_treatment_is_no_change(event: tuple[int, str, str], variable: str) -> None:
    soon = patient(LC, events=[event])
    before = patient(LC, events=[(event[0] - 1, *event[1:])])
    assert np.isnan(change("S8", variable, "W24", soon))
    assert change("S8", variable, "W24", before) >= 0.0


def test_changes_of_the_kidney() -> None:
    person = patient(LN)
    assert change("S10", "serum_creatinine", "W12D3", person) == -30.0
    assert change("S10", "upcr", "W24", person) == pytest.approx(-1.7)
    assert change("S10", "log_upcr", "W24", person) == pytest.approx(np.log(0.15))
    assert change("S10", "egfr", "W8", person) > 20.0
    assert np.isnan(change("S10", "upcr", "W24", patient(LC)))


def test_safety_counts_and_years() -> None:
    events = [
        (10, "infection", "serious"),
        (20, "infection", "not serious"),
        (0, "infusion_reaction", ""),
        (30, "adverse_event", "serious; malignancy"),
        (40, "withdrawal", "other"),
    ]
    person = patient(LN, events=events)
    counts = {"adverse_event": 4, "serious_adverse_event": 2, "infection": 2, "serious_infection": 1}
    counts |= {"infusion_reaction": 1, "malignancy": 1, "death": 0}
    assert {name: change("SAF", name, "", person) for name in counts} == counts
    assert change("SAF", "person_years", "", person) == pytest.approx(40 / 365.25)


@pytest.mark.parametrize(
    ("excretion", "upcr", "seen"), [(1.0, 0.29, 1), (1.2, 0.29, 0), (1.2, 0.24, 1), (0.8, 0.37, 1)]
)
def test_proteinuria_of_24_hours_is_the_ratio_times_the_creatinine_of_a_day(
    excretion: float, upcr: float, seen: int
) -> None:
    """0.29 × 1.2 = 0.348; 0.24 × 1.2 = 0.288; 0.37 × 0.8 = 0.296, against 0.3 g (reading X29)."""
    person = patient(LN, visits={"W16": REMISSION | {"upcr": upcr}})
    assert time_to("S12", person, creatinine_excretion=excretion)[1] == seen


@pytest.mark.parametrize(("excretion", "answer"), [(1.0, (1, "")), (1.2, (1, "")), (1.7, (0, "sledai"))])
def test_the_factor_moves_the_descriptor_of_sledai_2k(excretion: float, answer: tuple[int, str]) -> None:
    """Proteinuria alone at D0 (2.0), 0.3 at W24: gone up to a factor of 0.5/0.3, still there above it (X29)."""
    person = patient(LN, visits={"D0": QUIET | {"upcr": 2.0, "arthritis": 0, "rash": 0}})
    assert outcome("S3", person, creatinine_excretion=excretion) == answer


def test_the_renal_response_reads_the_ratio_itself() -> None:
    person = patient(LN)
    assert outcome("P3", person, creatinine_excretion=3.0) == outcome("P3", person)
