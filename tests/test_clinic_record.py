"""A simulated data set holds what its own measurements say: grades, flares, low disease activity, endpoints."""

import dataclasses

import numpy as np
import pytest

from sim import clinic_record
from sim.clinic_record import flare_events
from sim.config.compose import load
from sim.config.observation import T_CELLS_ALONE
from sim.core.tables import Table
from sim.endpoints.catalogue import IDS
from sim.endpoints.dataset import DataSet
from sim.endpoints.evaluate import evaluate
from sim.instruments.bilag import DOMAINS, codes_of
from sim.instruments.flares import extrarenal_flare, nephritic_flare, proteinuric_flare
from sim.instruments.renal_events import doubling_of_creatinine
from sim.pipeline import cohort_chunk

TRIALS = range(60)
CONFIG = load(["effect=neutral", "protocol.follow_up=week_24"])
Tables = dict[str, Table]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return cohort_chunk(CONFIG, TRIALS)


@pytest.fixture(scope="module")
def held(tables: Tables) -> Table:
    visits = tables["visits"]
    return visits.where(visits["attended"])


def subject_of(table: Table) -> np.ndarray:
    return table["trial"].astype(np.int64) * 100 + table["subject"]


def recorded(tables: Tables, kind: str, detail: str = "") -> set[tuple[int, int]]:
    events = tables["events"]
    rows = (events["kind"] == kind) & ((events["detail"] == detail) | (detail == ""))
    return set(zip(subject_of(events)[rows].tolist(), events["day"][rows].tolist(), strict=True))


def marked(held: Table, marks: np.ndarray) -> set[tuple[int, int]]:
    return set(zip(subject_of(held)[marks].tolist(), held["day"][marks].astype(int).tolist(), strict=True))


def test_what_only_the_instruments_need_is_not_written(tables: Tables) -> None:
    assert [name for name in tables["visits"] if name.startswith("item_activity")] == []


def test_recorded_renal_flares_follow_from_the_recorded_samples(tables: Tables, held: Table) -> None:
    who, day, baseline = subject_of(held), held["day"].astype(float), held["visit"] == "D0"
    proteinuric = marked(held, proteinuric_flare(who, day, baseline, held["upcr"]))
    samples = (held["serum_creatinine"], held["urine_rbc"], held["cellular_casts"])
    nephritic = marked(held, nephritic_flare(who, day, *samples))
    assert proteinuric
    assert recorded(tables, "renal_flare", "proteinuric") == proteinuric
    assert recorded(tables, "renal_flare", "nephritic") == nephritic
    doubled = marked(held, doubling_of_creatinine(who, day, baseline, samples[0]))
    assert recorded(tables, "doubling_of_creatinine") <= doubled


def test_what_only_later_visits_confirm_is_recorded_at_the_next_assessment(held: Table) -> None:
    """Over five years: the flares of the 24 weeks as known then, the others as all visits show them."""
    tables = cohort_chunk(load(["effect=neutral", "protocol.follow_up=year_5"]), TRIALS)
    visits = tables["visits"]
    long = visits.where(visits["attended"] & ~np.isin(visits["visit"], T_CELLS_ALONE))

    def marks(seen: Table) -> set[tuple[int, int]]:
        who, day = subject_of(seen), seen["day"].astype(float)
        return marked(seen, proteinuric_flare(who, day, seen["visit"] == "D0", seen["upcr"]))

    early, whole = marks(held), marks(long)
    last = dict(zip(subject_of(held).tolist(), held["day"].astype(int).tolist(), strict=True))
    late = {(subject, day) for subject, day in whole if day > last[subject]}
    following: dict[int, int] = {}
    for subject, day in zip(subject_of(long).tolist(), long["day"].astype(int).tolist(), strict=True):
        if day > last[subject]:
            following.setdefault(subject, day)
    moved = {(subject, following[subject]) for subject, _ in whole - late - early}
    assert len(late) > 3 < len(early)
    assert len(moved) > 1
    assert recorded(tables, "renal_flare", "proteinuric") == early | late | moved
    events = tables["events"]
    columns = [
        events[name].tolist() for name in ("trial", "subject", "day", "kind", "severity", "domain", "detail")
    ]
    flares = [row for row in zip(*columns, strict=True) if row[3].endswith("_flare")]
    assert len(flares) == len(set(flares))


def test_recorded_extrarenal_flares_follow_from_the_recorded_grades(tables: Tables, held: Table) -> None:
    grades = {name: codes_of(held[f"bilag_{name}"]) for name in DOMAINS}
    marks = extrarenal_flare(subject_of(held), held["day"].astype(float), grades) & (held["day"] >= 1)
    assert marks.any()
    assert recorded(tables, "extrarenal_flare") == marked(held, marks)


def test_hematologic_flares_are_confirmed_and_of_their_lineage(tables: Tables, held: Table) -> None:
    events = tables["events"]
    flares = events.where(events["kind"] == "hematologic_flare")
    assert flares.length
    who = subject_of(held)
    for subject, day, lineage in zip(subject_of(flares), flares["day"], flares["detail"], strict=True):
        value = held[lineage][(who == subject) & (held["day"] == day)][0]
        *earlier, last = held[lineage][(who == subject) & (held["day"] < day)].tolist()
        assert max(value, last) < max(earlier)


def test_the_flags_of_low_disease_activity_fit_their_components(held: Table) -> None:
    state = held["lldas"] == 1
    assert state.any()
    assert (held["sledai2k"][state] <= 4).all()
    assert (held["pga"][state] <= 1.0 + 1e-9).all()
    assert (held["new_activity"][state] == 0).all()
    assert (held["immunosuppressant_stable"][state] == 1).all()
    assert np.isin(held["bilag_gastrointestinal"][state], ("D", "E")).all()
    assert (held["lldas"][held["sledai2k"] > 4] == 0).all()


def test_bilag_is_assessed_at_four_weekly_and_unscheduled_visits_alone(tables: Tables, held: Table) -> None:
    without = np.isin(held["visit"], ("D3", "W1", "W12D3", "W13"))
    for name in DOMAINS:
        assert (held[f"bilag_{name}"][without] == "").all()
        assert (held[f"bilag_{name}"][~without] != "").all()
    missed = ~tables["visits"]["attended"]
    assert (tables["visits"]["bilag_renal"][missed] == "").all()
    assert (tables["visits"]["lldas"][missed] == -1).all()


def test_an_affected_domain_is_never_again_unaffected(held: Table) -> None:
    who = subject_of(held)
    same = who[1:] == who[:-1]
    for name in DOMAINS:
        known = held[f"bilag_{name}"] != ""
        grade, subject = held[f"bilag_{name}"][known], who[known]
        same = subject[1:] == subject[:-1]
        assert not (same & (grade[:-1] != "E") & (grade[1:] == "E")).any()
    nephritis = (held["subgroup"] == "LN") & (held["bilag_renal"] != "")
    assert (held["bilag_renal"][nephritis] != "E").all()


def test_protein_of_a_day_is_the_ratio(held: Table) -> None:
    np.testing.assert_array_equal(held["proteinuria_24h"], held["upcr"])


def test_the_endpoints_written_are_those_of_the_tables_written(tables: Tables) -> None:
    names = ("candidates", "visits", "dosing", "infusions", "events")
    again = evaluate(DataSet(**{name: tables[name] for name in names}), CONFIG.analysis, IDS)
    for name, column in tables["endpoints"].items():
        np.testing.assert_array_equal(column, again[name], err_msg=name)
    assert set(tables["endpoints"]["endpoint"]) == set(IDS)


def test_a_power_run_can_decide_the_responder_indices() -> None:
    from sim.pipeline import run_chunk

    config = load(["effect=neutral", "analysis.endpoints=[P1,S2,S4]", "protocol.follow_up=week_24"])
    decided = run_chunk(config, range(4))["neutral"]
    cohort = cohort_chunk(config, range(4))["trials"]
    for name in ("P1_responders", "S2_responders", "S4_responders", "S4_n"):
        np.testing.assert_array_equal(decided[name], cohort[name])


def doublings(held: Table, tables: Tables, rule: str) -> int:
    """How many subjects have doubled creatinine recorded if every second visit shows thrice the value of D0."""
    who = np.unique(subject_of(held), return_inverse=True)[1]
    baseline = np.zeros(who.max() + 1)
    baseline[who[held["visit"] == "D0"]] = held["serum_creatinine"][held["visit"] == "D0"]
    turn = np.arange(held.length) - np.flatnonzero(np.r_[True, who[1:] != who[:-1]])[who]
    swinging = np.where((held["day"] > 0) & (turn % 2 == 0), 3.0, 1.0) * baseline[who]
    visits = held.adding({"row": who, "serum_creatinine": swinging})
    grades = {name: codes_of(held[f"bilag_{name}"]) for name in DOMAINS}
    candidates = tables["candidates"]
    subjects = candidates.where(~np.isnan(candidates["subject"].astype(float)))
    nothing = Table(
        {
            "row": np.zeros(0, int),
            "day": np.zeros(0, int),
            "kind": np.zeros(0, "<U8"),
            "detail": np.zeros(0, "<U8"),
        }
    )
    analysis = dataclasses.replace(CONFIG.analysis, sustained_renal_event=rule)
    found = flare_events(visits, grades, subjects, nothing, analysis)
    return int((found["kind"] == "doubling_of_creatinine").sum())


def test_a_doubling_that_comes_and_goes_is_sustained_under_one_reading_alone(tables: Tables, held: Table) -> None:
    assert doublings(held, tables, "uninterrupted") == 0
    assert doublings(held, tables, "any_later") > 300


def flares_of(*readings: str) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Subject and day of every flare, and of the severe ones, in 20 trials under some readings."""
    events = cohort_chunk(load(["effect=neutral", *readings]), range(20))["events"]
    flares = events.where(events["kind"] == "flare")
    pairs = list(zip(subject_of(flares).tolist(), flares["day"].tolist(), strict=True))
    severe = {pair for pair, word in zip(pairs, flares["severity"], strict=True) if word == "severe"}
    return set(pairs), severe


def test_each_reading_of_the_flare_index_moves_the_flares_that_a_data_set_holds() -> None:
    usual, severe = flares_of()
    original, more_severe = flares_of("analysis.flare_index=original")
    assert usual == original
    assert severe < more_severe
    without, fewer_severe = flares_of("analysis.sfi_use_medication=false")
    assert usual == without
    assert fewer_severe < severe
    written, severe_as_written = flares_of("analysis.sfi_requires_recognition=false")
    assert usual < written
    assert severe < severe_as_written


@pytest.mark.parametrize("domain", [name for name in DOMAINS if name != "renal"])
def test_a_flare_of_any_domain_is_recorded_under_its_name(tables: Tables, domain: str) -> None:
    visits = tables["visits"].where((tables["visits"]["trial"] == 0) & (tables["visits"]["subject"] == 0))
    visits = visits.adding({"row": np.zeros(visits.length, dtype=np.int64)})
    grades = {name: np.full(visits.length, 4, dtype=np.int8) for name in DOMAINS}
    grades[domain][visits["visit"] == "W8"] = 0
    people = tables["candidates"].where(tables["candidates"]["subject"] == 0).where([0])
    nothing = {"row": np.zeros(0, np.int64), "day": np.zeros(0, np.int64)}
    events = Table(nothing | {name: np.zeros(0, "<U1") for name in ("kind", "detail")})
    found = clinic_record.flare_events(visits, grades, people, events, CONFIG.analysis)
    extrarenal = found.where(found["kind"] == "extrarenal_flare")
    assert extrarenal["domain"].tolist() == extrarenal["detail"].tolist() == [domain]
