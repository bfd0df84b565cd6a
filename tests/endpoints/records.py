"""Small data sets written by hand: a patient who responds to everything, and changes to him."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
from omegaconf import OmegaConf

from sim.config.analysis import Analysis
from sim.config.build import build
from sim.core.tables import Table, concatenate
from sim.endpoints.dataset import DataSet
from sim.endpoints.evaluate import evaluate
from sim.instruments.bilag import DOMAINS
from sim.instruments.sledai import LABORATORY, NAMES

NOMINAL = {"SCR": -7, "D0": 0, "D3": 3, "W1": 7, "W4": 28, "W8": 56, "W12": 84}
NOMINAL |= {"W12D3": 87, "W13": 91, "W16": 112, "W20": 140, "W24": 168}
WITHOUT_SEROLOGY = ("D3", "W1", "W12D3", "W13")
CLINICAL = [name for name in NAMES if name not in LABORATORY]
SICK = {
    "upcr": 2.0,
    "serum_creatinine": 110.0,
    "urine_rbc": 20.0,
    "urine_wbc": 3.0,
    "cellular_casts": 0,
    "hemoglobin": 9.0,
    "reticulocytes": 3.0,
    "neutrophils": 2.0,
    "lymphocytes": 0.9,
    "wbc": 3.5,
    "platelets": 60.0,
    "c3": 70.0,
    "c4": 8.0,
    "anti_dsdna": 40.0,
    "pga": 1.5,
    "sdi": 1.0,
    "treg": 2.0,
    "th17": 1.9,
}
WELL = SICK | {
    "upcr": 0.3,
    "serum_creatinine": 80.0,
    "urine_rbc": 2.0,
    "hemoglobin": 12.0,
    "platelets": 150.0,
    "c3": 110.0,
    "c4": 20.0,
    "anti_dsdna": 5.0,
    "pga": 0.5,
    "treg": 4.0,
    "th17": 1.0,
}
GRADES_SICK = dict.fromkeys(DOMAINS, "D") | {"musculoskeletal": "B", "renal": "A", "haematological": "C"}
GRADES_WELL = dict.fromkeys(DOMAINS, "D") | {"gastrointestinal": "E"}
TEXTS = {"visit": "<U5", "reason": "<U20", "kind": "<U24", "severity": "<U8", "detail": "<U24", "domain": "<U20"}


def analysis(**changes: Any) -> Analysis:
    """The shipped analysis with some keys changed."""
    path = Path(__file__).parents[2] / "conf" / "analysis" / "default.yaml"
    shipped = build(Analysis, OmegaConf.to_container(OmegaConf.load(path)))
    return dataclasses.replace(shipped, **changes)


def visits_of_responder() -> dict[str, dict[str, float]]:
    """Every scheduled visit: sick up to day 0, well after it; arthritis at baseline."""
    visits = {}
    for name, day in NOMINAL.items():
        visits[name] = {"day": day, "attended": 1, **(SICK if day <= 0 else WELL), "arthritis": int(day <= 0)}
        if name in WITHOUT_SEROLOGY:
            visits[name] |= {"c3": np.nan, "c4": np.nan, "anti_dsdna": np.nan, "bilag": dict.fromkeys(DOMAINS, "")}
    return visits


def patient(subgroup: str = "LN", **changes: Any) -> dict[str, Any]:
    """A patient who meets every endpoint; `visits` replaces measurements by visit name (None: missed)."""
    person = {
        "trial": 0,
        "subject": 0,
        "subgroup": subgroup,
        "age": 35.0,
        "sex": "F",
        "weight": 56.0,
        "I5_1E": 1 if subgroup == "LC" else -1,
        "I5_1N": 0 if subgroup == "LC" else -1,
        "I5_1L": 0 if subgroup == "LC" else -1,
        "I5_1P": 1 if subgroup == "LC" else -1,
        "infused": True,
        "dosing": [
            (0, 6, 20.0, "baseline"),
            (7, 27, 10.0, "taper"),
            (28, 83, 7.5, "taper"),
            (84, 168, 5.0, "taper"),
        ],
        "events": [],
    }
    visits = visits_of_responder()
    for name, change in changes.pop("visits", {}).items():
        if change is None:
            visits[name] = {"attended": 0}
        else:
            visits[name] = {**visits.get(name, {"attended": 1, **WELL}), **change}
    return {**person, "visits": visits, **changes}


def data_set(*patients: dict[str, Any]) -> DataSet:
    """Tables of these patients, in this order."""
    people = [person for person in patients if person is not None]
    names = ("trial", "subject", "subgroup", "age", "sex", "weight", "I5_1E", "I5_1N", "I5_1L", "I5_1P")
    candidates = Table({name: np.array([person[name] for person in people]) for name in names})
    candidates = candidates.adding({name: candidates[name].astype(np.int8) for name in names[6:]})
    rows = [(person, name, visit) for person in people for name, visit in person["visits"].items()]
    visits: dict[str, Any] = {
        "trial": [person["trial"] for person, _, _ in rows],
        "subject": [person["subject"] for person, _, _ in rows],
        "visit": np.array([name for _, name, _ in rows], dtype=TEXTS["visit"]),
        "attended": np.array([visit["attended"] for _, _, visit in rows], dtype=np.int8),
        "day": [float(visit.get("day", np.nan)) for _, _, visit in rows],
    }
    for column in SICK:
        if column != "cellular_casts":
            visits[column] = [float(visit.get(column, np.nan)) for _, _, visit in rows]
    visits["cellular_casts"] = np.array([visit.get("cellular_casts", -1) for _, _, visit in rows], dtype=np.int8)
    for name in CLINICAL:
        visits[f"sledai_{name}"] = np.array([visit.get(name, 0) for _, _, visit in rows], dtype=np.int8)
    for name, usual in (("new_activity", 0), ("immunosuppressant_stable", 1)):
        visits[name] = np.array([visit.get(name, usual) for _, _, visit in rows], dtype=np.int8)
    for name in DOMAINS:
        visits[f"bilag_{name}"] = np.array([grades_of(visit).get(name, "") for _, _, visit in rows], dtype="<U1")
    infusions = Table(
        {
            "trial": [person["trial"] for person in people],
            "subject": [person["subject"] for person in people],
            "infusion": np.ones(len(people), dtype=np.int64),
            "day": [0.0 if person["infused"] else np.nan for person in people],
        }
    )
    return DataSet(
        candidates,
        Table(visits),
        _rows(people, "dosing", ("start_day", "end_day", "dose", "reason")),
        infusions,
        _events(people),
    )


def grades_of(visit: dict[str, Any]) -> dict[str, str]:
    """BILAG grades of a visit: as at baseline up to day 0, quiet after it, those of `bilag` instead."""
    usual = GRADES_SICK if visit.get("day", 0) <= 0 else GRADES_WELL
    return {**usual, **visit.get("bilag", {})}


def _rows(people: list[dict[str, Any]], table: str, names: tuple[str, ...]) -> Table:
    entries = [(person["trial"], person["subject"], *entry) for person in people for entry in person[table]]
    columns = {}
    for place, name in enumerate(("trial", "subject", *names)):
        values = [entry[place] for entry in entries]
        columns[name] = np.array(values, dtype=TEXTS.get(name, np.float64 if name == "dose" else np.int64))
    return Table(columns)


def _events(people: list[dict[str, Any]]) -> Table:
    """Events are (day, kind, detail) or (day, kind, detail, severity)."""
    whole = [{**person, "events": [(*event, "")[:4] for event in person["events"]]} for person in people]
    return _rows(whole, "events", ("day", "kind", "detail", "severity"))


def together(*sets: DataSet) -> DataSet:
    """Data sets one below the other."""
    fields = [field.name for field in dataclasses.fields(DataSet) if field.name != "doses"]
    return DataSet(*(concatenate([getattr(item, name) for item in sets]) for name in fields))


def outcome(endpoint: str, person: dict[str, Any], **readings: Any) -> tuple[int, str]:
    """Responder (1, 0, -1) and reason of one endpoint for one patient."""
    result = evaluate(data_set(person), analysis(**readings), (endpoint,))
    row = int(np.flatnonzero(result["endpoint"] == endpoint)[0])
    return int(result["responder"][row]), str(result["reason"][row])


def time_to(endpoint: str, person: dict[str, Any], **readings: Any) -> tuple[float, int, str]:
    """Time, event (1, 0, -1) and reason of one time to event of one patient."""
    result = evaluate(data_set(person), analysis(**readings), (endpoint,))
    return float(result["time"][0]), int(result["event"][0]), str(result["reason"][0])


def change(endpoint: str, variable: str, visit: str, person: dict[str, Any], **readings: Any) -> float:
    """Value of one variable at one visit of one patient."""
    result = evaluate(data_set(person), analysis(**readings), (endpoint,))
    return float(result["value"][(result["variable"] == variable) & (result["visit"] == visit)][0])
