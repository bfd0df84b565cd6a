"""P2: who is judged, by what, when, and what spoils it."""

import dataclasses

import numpy as np
import pytest

from sim.endpoints.evaluate import evaluate
from tests.endpoints.records import analysis, data_set, outcome, patient

NAN = np.nan
LEVEL = [(0, 168, 10.0, "baseline")]


def cytopenia(qualifies: str = "P", **changes) -> dict:
    """An LC patient who qualified by the lineages named, on a constant dose."""
    flags = {f"I5_1{lineage}": int(lineage in qualifies) for lineage in "ENLP"}
    return patient("LC", **({"dosing": LEVEL} | flags | changes))


def week_24(**values: float) -> dict:
    return {"W24": values}


def test_responder_and_population() -> None:
    assert outcome("P2", cytopenia()) == (1, "")
    assert outcome("P2", patient("LN")) == (-1, "")


@pytest.mark.parametrize(
    ("qualifies", "values", "reading", "responder"),
    [
        ("P", {"platelets": 90.0, "hemoglobin": 9.0}, "any_qualifying", 1),
        ("P", {"platelets": 89.0, "hemoglobin": 12.0}, "any_qualifying", 0),
        ("EP", {"platelets": 89.0, "hemoglobin": 12.0}, "any_qualifying", 1),
        ("EP", {"platelets": 89.0, "hemoglobin": 12.0}, "all_qualifying", 0),
        ("EP", {"platelets": 90.0, "hemoglobin": 10.5}, "all_qualifying", 1),
        ("P", {"platelets": 89.0, "hemoglobin": 10.5}, "any", 1),
        ("P", {"platelets": 89.0, "hemoglobin": 10.4}, "any", 0),
    ],
)
def test_lineages(qualifies: str, values: dict[str, float], reading: str, responder: int) -> None:
    person = cytopenia(qualifies, visits=week_24(**values))
    expected = (responder, "" if responder else "hematologic_response")
    assert outcome("P2", person, lineages=reading) == expected


def test_pretreatment_is_the_mean_of_screening_and_baseline() -> None:
    visits = {"SCR": {"platelets": 40.0}, "D0": {"platelets": 60.0}, "W24": {"platelets": 80.0}}
    assert outcome("P2", cytopenia(visits=visits)) == (1, "")
    assert outcome("P2", cytopenia(visits=visits | {"SCR": {"platelets": NAN}}))[0] == 0
    assert outcome("P2", cytopenia(visits=visits | {"D0": {"platelets": NAN}}))[0] == 1
    both = visits | {"SCR": {"platelets": NAN}, "D0": {"platelets": NAN}}
    assert outcome("P2", cytopenia(visits=both)) == (0, "missing")


@pytest.mark.parametrize(
    ("kind", "detail", "days"),
    [("transfusion", "platelets", 7), ("rescue", "ivig", 28)],
)
def test_values_soon_after_treatment_are_not_pretreatment_values(kind: str, detail: str, days: int) -> None:
    visits = {
        "SCR": None,
        "D0": {"platelets": 130.0},
        "W24": {"platelets": 150.0},
        "U1": {"day": -30, "platelets": 1},
    }
    for offset in (0, days, days + 1):
        spoiled = 0 <= offset <= days
        person = cytopenia(visits=visits, events=[(-offset, kind, detail)])
        assert outcome("P2", person)[1] == ("missing" if spoiled else "hematologic_response")
    other = cytopenia(visits=visits, events=[(0, "transfusion", "red_cells")])
    assert outcome("P2", other)[1] == "hematologic_response", "another lineage's transfusion spoils nothing"


def test_gcsf_spoils_neutrophils_for_two_weeks() -> None:
    visits = {"SCR": {"day": -15, "neutrophils": 0.4}, "D0": {"neutrophils": 3.0}, "W24": {"neutrophils": 1.0}}
    assert outcome("P2", cytopenia("N", visits=visits)) == (0, "hematologic_response")
    for day, responder in ((-14, 1), (-15, 0), (0, 1)):
        person = cytopenia("N", visits=visits, events=[(day, "gcsf", "")])
        # On day -15 it is the screening value that is spoiled, and the baseline of 3.0 stays.
        assert outcome("P2", person)[0] == responder


def test_a_literal_unit_leaves_no_neutrophil_response() -> None:
    visits = {"SCR": {"neutrophils": 0.5}, "D0": {"neutrophils": 0.5}, "W24": {"neutrophils": 5.0}}
    assert outcome("P2", cytopenia("N", visits=visits)) == (1, "")
    literal = outcome("P2", cytopenia("N", visits=visits), neutrophil_increase="billions_per_liter")
    assert literal == (0, "hematologic_response")


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ((1, "rescue", "pulse"), "rescue"),
        ((168, "rescue", "immunosuppressant"), "rescue"),
        ((0, "rescue", "pulse"), ""),
        ((169, "rescue", "pulse"), ""),
        ((30, "transfusion", "red_cells"), "transfusion"),
        ((30, "gcsf", ""), "gcsf"),
        ((30, "flare", ""), ""),
        ((167, "death", ""), "death"),
        ((168, "death", ""), ""),
    ],
)
def test_intercurrent_events(event: tuple[int, str, str], reason: str) -> None:
    assert outcome("P2", cytopenia(events=[event])) == (int(reason == ""), reason)


def test_the_window_reaches_to_a_late_week_24_but_not_to_another_visit() -> None:
    late = {"W24": {"day": 190}}
    assert outcome("P2", cytopenia(visits=late, events=[(185, "rescue", "pulse")])) == (0, "rescue")
    assert outcome("P2", cytopenia(visits=late, events=[(191, "rescue", "pulse")])) == (1, "")
    other = {"W24": None, "U1": {"day": 174}}
    assert outcome("P2", cytopenia(visits=other, events=[(172, "rescue", "pulse")])) == (1, "")
    unusable = {"W24": {"day": 190, "platelets": NAN}, "U1": {"day": 174}}
    assert outcome("P2", cytopenia(visits=unusable, events=[(185, "rescue", "pulse")])) == (0, "rescue")


@pytest.mark.parametrize(
    ("period", "reason", "above", "ordered"),
    [
        ((50, 56, 12.5), "flare", 0, 0),
        ((50, 56, 12.5), "adverse_event", 0, 1),
        ((50, 56, 10.0), "flare", 1, 1),
        ((50, 56, 5.0), "flare", 1, 1),
        ((169, 175, 12.5), "flare", 1, 1),
    ],
)
def test_a_dose_above_that_of_day_0_fails(
    period: tuple[int, int, float], reason: str, above: int, ordered: int
) -> None:
    start, end, dose = period
    dosing = [(0, start - 1, 10.0, "baseline"), (start, end, dose, reason), (end + 1, 200, 10.0, "taper")]
    person = cytopenia(dosing=dosing)
    assert outcome("P2", person) == (above, "" if above else "dose")
    alternative = outcome("P2", person, ongoing_treatment="no_increase_for_flare")
    assert alternative == (ordered, "" if ordered else "dose")


def test_lymphopenia_alone_has_no_response() -> None:
    person = cytopenia("L", visits={"W24": {"lymphocytes": 2.0}})
    assert outcome("P2", person) == (0, "no_response_definition")
    assert outcome("P2", person, lymphopenia_only="excluded") == (-1, "")
    assert outcome("P2", person, lymphopenia_only="doubled") == (1, "")
    worse = cytopenia("L", visits={"W24": {"lymphocytes": 1.7}})
    assert outcome("P2", worse, lymphopenia_only="doubled") == (0, "hematologic_response")
    assert outcome("P2", person, lineages="any") == (1, "")
    assert outcome("P2", cytopenia("LP"), lymphopenia_only="excluded") == (1, "")
    assert outcome("P2", person | {"events": [(5, "rescue", "pulse")]}) == (0, "rescue")


@pytest.mark.parametrize(
    ("screening", "responder", "reason"),
    [
        ({"platelets": 99.0}, 1, ""),
        ({"platelets": 100.0, "hemoglobin": 10.1}, 0, "no_response_definition"),
        ({"platelets": 100.0, "hemoglobin": 10.0, "reticulocytes": 2.6}, 1, ""),
        ({"platelets": 100.0, "hemoglobin": 10.0, "reticulocytes": 2.5}, 0, "no_response_definition"),
    ],
)
def test_unrecorded_lineages_are_derived_from_screening(
    screening: dict[str, float], responder: int, reason: str
) -> None:
    unknown = {f"I5_1{lineage}": -1 for lineage in "ENLP"}
    person = cytopenia(visits={"SCR": screening}, **unknown)
    assert outcome("P2", person) == (responder, reason)


def test_a_missing_count_moves_to_another_visit_or_is_missing() -> None:
    assert outcome("P2", cytopenia(visits={"W24": {"platelets": NAN}})) == (1, "")
    gone = {"W24": {"platelets": NAN}, "W20": {"platelets": NAN}}
    assert outcome("P2", cytopenia(visits=gone)) == (0, "missing")
    assert outcome("P2", cytopenia("E", visits=gone)) == (1, ""), "only what qualified is needed"
    assert outcome("P2", cytopenia(visits={"W24": None, "W20": None})) == (0, "missing")


def test_durations() -> None:
    dip = {"W20": {"platelets": 70.0}}
    assert outcome("P2", cytopenia(visits=dip)) == (1, "")
    assert outcome("P2", cytopenia(visits=dip), hematologic_duration="eight_weeks") == (0, "hematologic_response")
    assert outcome("P2", cytopenia(), hematologic_duration="eight_weeks") == (1, "")
    relapse = {"W24": {"platelets": 50.0}}
    assert outcome("P2", cytopenia(visits=relapse)) == (0, "hematologic_response")
    assert outcome("P2", cytopenia(visits=relapse), hematologic_duration="any_time") == (1, "")


def test_eight_weeks_are_those_of_one_lineage() -> None:
    low_hemoglobin, low_platelets = {"hemoglobin": 9.0}, {"platelets": 60.0}
    swapped = {"W16": low_platelets, "W20": low_platelets, "W24": low_hemoglobin}
    assert outcome("P2", cytopenia("EP", visits=swapped)) == (1, "")
    assert outcome("P2", cytopenia("EP", visits=swapped), hematologic_duration="eight_weeks")[0] == 0


@pytest.mark.parametrize(
    ("strategy", "policy", "answer"),
    [
        ("composite", "nri", (0, "dose")),
        ("treatment_policy", "nri", (0, "hematologic_response")),
        ("while_on_treatment", "nri", (1, "")),
        ("hypothetical", "locf", (1, "")),
        ("hypothetical", "obs", (-1, "missing")),
    ],
)
def test_a_dose_raised_for_a_flare_is_the_event_under_the_other_reading(strategy, policy, answer) -> None:
    """X04, `no_increase_for_flare`: 10 to 15 mg on day 100, below the 20 mg of day 0; well until then (D67)."""
    dosing = [(0, 6, 20.0, "baseline"), (7, 99, 10.0, "taper"), (100, 168, 15.0, "flare")]
    later = {name: {"platelets": 60.0, "hemoglobin": 9.0} for name in ("W16", "W20", "W24")}
    person = cytopenia("P", dosing=dosing, visits=later)
    usual = analysis()
    chosen = {
        "ongoing_treatment": "no_increase_for_flare",
        "intercurrent": dataclasses.replace(usual.intercurrent, P2=strategy),
        "missing": dataclasses.replace(usual.missing, P2=policy),
    }
    assert outcome("P2", person, **chosen) == answer
    steps = [(0, 6, 20.0, "baseline"), (7, 99, 10.0, "flare"), (100, 168, 15.0, "taper")]
    assert outcome("P2", person | {"dosing": steps}, **chosen) == (0, "hematologic_response")


@pytest.mark.parametrize("gone", ["ENLP", "P", ""])
def test_a_data_set_without_the_columns_of_a_lineage_takes_the_screening_sample(gone: str) -> None:
    """Missing or null, they are derived from SCR: platelets below 100 qualified, and rose by 90."""
    person = cytopenia("E" if gone == "P" else "P", visits=week_24(hemoglobin=9.0, platelets=150.0))
    data = data_set(person)
    kept = [name for name in data.candidates if name not in {f"I5_1{lineage}" for lineage in gone}]
    found = evaluate(dataclasses.replace(data, candidates=data.candidates.only(kept)), analysis(), ("P2",))
    assert found["responder"].tolist() == [1]


@pytest.mark.parametrize(("start", "answer"), [(167, (0, "dose")), (168, (0, "dose")), (169, (1, ""))])
def test_an_increase_for_a_flare_counts_up_to_the_last_day_of_the_window(start, answer) -> None:
    dosing = [(0, start - 1, 10.0, "baseline"), (start, 200, 12.5, "flare")]
    assert outcome("P2", cytopenia(dosing=dosing), ongoing_treatment="no_increase_for_flare") == answer
