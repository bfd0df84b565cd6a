"""Laws of the table of endpoints: order of rows, company, columns read, thresholds."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.config.analysis import Analysis
from sim.core.errors import InputError
from sim.core.tables import Table
from sim.endpoints.catalogue import ENDPOINTS, IDS, YES_OR_NO
from sim.endpoints.dataset import DataSet
from sim.endpoints.evaluate import evaluate as evaluate_some
from sim.endpoints.intercurrent import REASONS
from sim.instruments.bilag import DOMAINS
from sim.instruments.conversions import (
    cells_per_liter,
    complement_mg_dl,
    creatinine_mg_dl,
    creatinine_umol_l,
    upcr_mg_mg,
    upcr_mg_mmol,
)
from tests.endpoints.records import NOMINAL, WELL, WITHOUT_SEROLOGY, analysis, data_set, outcome, patient

READINGS: dict[str, tuple[Any, ...]] = {
    "steroid_days": ("every_day", "visits"),
    "steroid_grace_days": (0, 3),
    "low_dose_at_baseline": ("included", "excluded"),
    "lineages": ("any_qualifying", "all_qualifying", "any"),
    "hematologic_duration": ("week_24", "eight_weeks", "any_time"),
    "ongoing_treatment": ("no_dose_above_day_0", "no_increase_for_flare"),
    "lymphopenia_only": ("non_responder", "excluded", "doubled"),
    "renal_precedence": ("egfr_or_no_decrease", "as_written"),
    "egfr_decrease": ("confirmed", "single"),
    "steroid_excess": ("total_7", "consecutive_7", "aurora"),
    "sledai_population": ("baseline_at_least_4", "all"),
    "lldas_new_activity": ("recorded", "flare"),
    "lowest_responder_index": ("sri_4", "sri_5"),
    "urine_sediment": ("cells_and_casts", "red_cells"),
    "remission": ("once", "confirmed"),
}


SEVERITIES = ("", "moderate", "severe")
LEVELS = {
    "upcr": (0.1, 0.4, 0.4, 1.0),
    "serum_creatinine": (80.0, 110.0, 145.0, 145.0),
    "platelets": (30.0, 70.0, 90.0, 120.0),
    "hemoglobin": (8.0, 9.0, 11.0),
    "neutrophils": (0.4, 0.9, 2.0),
    "lymphocytes": (0.4, 2.0),
    "c3": (70.0, 120.0),
    "wbc": (2.0, 6.0),
    "urine_wbc": (1.0, 8.0),
    "pga": (0.5, 0.5, 1.2, 2.0),
}
KINDS = (
    *("rescue", "transfusion", "gcsf", "death", "withdrawal", "flare", "flare", "renal_flare", "extrarenal_flare"),
    *("hematologic_flare", "doubling_of_creatinine", "esrd", "infection"),
)


def random_patient(generator: np.random.Generator, number: int) -> dict[str, Any]:
    """A patient with holes and events at random places."""
    visits: dict[str, Any] = {}
    calm = bool(generator.random() < 0.3)
    for name in NOMINAL:
        if generator.random() < 0.25 and name != "D0":
            visits[name] = None
        else:
            change: dict[str, float] = dict(WELL) if name == "D0" and calm else {}
            for column, levels in LEVELS.items():
                if generator.random() < 0.3:
                    change[column] = np.nan if generator.random() < 0.2 else generator.choice(levels)
            rash = int(generator.integers(-1, 2)) if generator.random() < 0.1 else 0
            visits[name] = change | {"rash": rash, "arthritis": int(name == "D0" and not calm)}
            visits[name]["new_activity"] = int(generator.integers(-1, 9) > 6)
            if generator.random() < 0.2 and name not in WITHOUT_SEROLOGY:
                domain, grade = generator.choice(DOMAINS), str(generator.choice(["A", "B", "C", ""]))
                visits[name]["bilag"] = {str(domain): grade}
    for place in range(int(generator.integers(0, 3))):
        visits[f"U{place + 1}"] = {"day": int(generator.integers(1, 200)), "attended": 1}
    count = int(generator.integers(0, 2)) * int(generator.integers(0, 3))
    events = [
        (
            int(generator.integers(-20, 200)),
            str(generator.choice(KINDS)),
            "ivig",
            str(generator.choice(SEVERITIES)),
        )
        for _ in range(count)
    ]
    first, length = int(generator.integers(7, 140)), int(generator.integers(1, 8))
    cuts = [first, first + length, first + 2 * length, first + 3 * length][: int(generator.integers(0, 5))]
    starts, ends = [0, *cuts], [cut - 1 for cut in cuts] + [168]
    usual, raised = generator.choice([5.0, 7.5, 10.0]), generator.choice([5.0, 10.0, 15.0])
    doses = [float(raised if place % 2 else usual) for place in range(len(starts))]
    reasons = [str(generator.choice(["taper", "flare"])) for _ in starts]
    flags = {f"I5_1{letter}": int(generator.integers(-1, 2)) for letter in "ENLP"}
    if generator.random() < 0.3:
        flags = {"I5_1E": 0, "I5_1N": 0, "I5_1L": 1, "I5_1P": 0}
    return patient(
        str(generator.choice(["LN", "LC"])),
        trial=number // 7,
        subject=number % 7,
        visits=visits,
        events=events,
        dosing=list(zip(starts, ends, doses, reasons, strict=True)),
        infused=bool(generator.random() < 0.9),
        **flags,
    )


def cohort(seed: int, size: int = 40) -> list[dict[str, Any]]:
    generator = np.random.default_rng(seed)
    return [random_patient(generator, number) for number in range(size)]


def evaluate(data: DataSet, settings_of: Analysis) -> Table:
    """Every endpoint of the catalogue."""
    return evaluate_some(data, settings_of, IDS)


def same(first: Table, second: Table) -> None:
    assert list(first) == list(second)
    for name in first:
        np.testing.assert_array_equal(first[name], second[name], err_msg=name)


def tables(data: DataSet) -> dict[str, Table]:
    return {
        field.name: getattr(data, field.name) for field in dataclasses.fields(DataSet) if field.name != "doses"
    }


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    data = data_set(*cohort(seed))
    generator = np.random.default_rng(seed + 100)
    shuffled = DataSet(**{name: t.where(generator.permutation(t.length)) for name, t in tables(data).items()})
    same(evaluate(data, analysis()), evaluate(shuffled, analysis()))


@pytest.mark.parametrize("key", READINGS)
def test_subjects_alone_and_together_are_scored_alike(key: str) -> None:
    people = [person for person in cohort(7, 16) if person["infused"]]
    for value in READINGS[key]:
        settings_of = analysis(**{key: value})
        whole = evaluate(data_set(*people), settings_of)
        count = whole.length // len(people)
        for place, person in enumerate(people):
            rows = np.arange(count) + place * count
            same(whole.where(rows), evaluate(data_set(person), settings_of))


@pytest.mark.parametrize("key", READINGS)
def test_every_reading_changes_somebody(key: str) -> None:
    data = data_set(*cohort(11, 500))
    results = [evaluate(data, analysis(**{key: value})) for value in READINGS[key]]
    for other in results[1:]:
        assert any((results[0][name] != other[name]).any() for name in ("responder", "event"))


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.id)
@pytest.mark.parametrize("duration", ["week_24", "eight_weeks", "any_time"])
def test_the_columns_declared_are_enough(endpoint: Any, duration: str) -> None:
    chosen = analysis(endpoints=(endpoint.id,), hematologic_duration=duration)
    data = data_set(*cohort(3, 80))
    keys = ("trial", "subject", "visit", "day", "attended")
    reduced = dataclasses.replace(data, visits=data.visits.only((*keys, *endpoint.reads)))
    same(evaluate_some(data, chosen), evaluate_some(reduced, chosen))


def test_values_reported_in_other_units_are_scored_alike() -> None:
    data = data_set(*cohort(9, 80))
    visits = data.visits
    round_trip = {
        "serum_creatinine": creatinine_umol_l(creatinine_mg_dl(visits["serum_creatinine"])),
        "upcr": upcr_mg_mg(upcr_mg_mmol(visits["upcr"])),
        "neutrophils": cells_per_liter(visits["neutrophils"] * 1000.0),
        "platelets": cells_per_liter(visits["platelets"] * 1000.0),
        "c3": complement_mg_dl(visits["c3"] / 100.0),
    }
    other = dataclasses.replace(data, visits=visits.adding(round_trip))
    first, second = evaluate(data, analysis()), evaluate(other, analysis())
    for name in set(first) - {"value"}:
        np.testing.assert_array_equal(first[name], second[name], err_msg=name)
    np.testing.assert_allclose(first["value"], second["value"], rtol=1e-9, atol=1e-9)


def test_the_table_is_complete_and_sorted() -> None:
    data = data_set(*reversed(cohort(5)))
    result = evaluate_some(data, analysis(endpoints=YES_OR_NO))
    infused = sum(person["infused"] for person in cohort(5))
    count = len(YES_OR_NO)
    assert result.length == count * infused
    assert tuple(result["endpoint"][:count]) == YES_OR_NO
    order = np.lexsort((np.tile(np.arange(count), infused), result["subject"], result["trial"]))
    assert (order == np.arange(result.length)).all()
    outside, responder, reason = ~result["in_population"], result["responder"], result["reason"]
    assert (responder[outside] == -1).all()
    assert ((reason == "") == (responder != 0)).all()
    assert set(reason) <= set(REASONS)
    assert set(responder[~outside]) == {0, 1}


def test_every_subject_has_the_same_rows_in_protocol_order() -> None:
    result = evaluate(data_set(*cohort(5)), analysis())
    infused = sum(person["infused"] for person in cohort(5))
    count = result.length // infused
    keys = [tuple(result[name][:count]) for name in ("endpoint", "variable", "visit")]
    rows = list(zip(*keys, strict=True))
    assert tuple(dict.fromkeys(endpoint for endpoint, _, _ in rows)) == IDS
    assert len(set(rows)) == count
    for name in ("endpoint", "variable", "visit"):
        assert (result[name].reshape(infused, count) == result[name][:count]).all()
    for endpoint in IDS:
        members = result["in_population"][result["endpoint"] == endpoint].reshape(infused, -1)
        assert (members == members[:, :1]).all()


def test_an_answer_is_a_response_a_time_or_a_value() -> None:
    result = evaluate(data_set(*cohort(5, 200)), analysis())
    response, time, value = result["responder"] >= 0, ~np.isnan(result["time"]), ~np.isnan(result["value"])
    assert (response.astype(int) + time + value <= 1).all()
    assert ((result["event"] >= 0) == time).all()
    assert not (response | time | value)[~result["in_population"]].any()
    assert (response == np.isin(result["endpoint"], YES_OR_NO))[result["in_population"]].all()
    assert ((result["time"] >= 0) & (result["time"] <= 168))[time].all()


def test_no_subject_at_all_gives_an_empty_table() -> None:
    assert evaluate(data_set(patient(infused=False)), analysis()).length == 0


def test_an_infused_subject_without_a_candidate_is_refused() -> None:
    data = data_set(patient(), patient(subject=1))
    with pytest.raises(InputError, match=r"trial 0, subject 1 .* 0 rows"):
        evaluate(dataclasses.replace(data, candidates=data.candidates.where(np.array([0]))), analysis())
    with pytest.raises(InputError, match="2 rows"):
        evaluate(dataclasses.replace(data, candidates=data.candidates.where(np.array([0, 0, 1]))), analysis())


def test_screen_failures_and_missed_visits_are_not_read() -> None:
    data = data_set(patient())
    failed = data.candidates.adding({"subject": np.array([np.nan])})
    both = Table(
        {name: np.append(data.candidates[name].astype(failed[name].dtype), failed[name]) for name in failed}
    )
    same(evaluate(data, analysis()), evaluate(dataclasses.replace(data, candidates=both), analysis()))
    unattended = data.visits.adding({"attended": np.where(data.visits["visit"] == "W24", 0, 1).astype(bool)})
    result = evaluate(dataclasses.replace(data, visits=unattended.where(data.visits["day"] > 141)), analysis())
    assert set(result["reason"]) == {"", "missing"}


@settings(max_examples=40, deadline=None)
@given(st.floats(0.01, 3.0), st.floats(0.0, 2.0))
def test_less_proteinuria_never_loses_the_renal_response(upcr: float, more: float) -> None:
    lower, higher = (outcome("P3", patient(visits={"W24": {"upcr": value}}))[0] for value in (upcr, upcr + more))
    assert lower >= higher


@settings(max_examples=40, deadline=None)
@given(st.floats(5.0, 200.0), st.floats(0.0, 200.0))
def test_more_platelets_never_lose_the_improvement(platelets: float, more: float) -> None:
    flags = {"I5_1E": 0, "I5_1P": 1}
    fewer, greater = (
        outcome("P2", patient("LC", visits={"W24": {"platelets": value}}, **flags))[0]
        for value in (platelets, platelets + more)
    )
    assert greater >= fewer
