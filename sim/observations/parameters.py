"""The observation model's configuration as one record for compiled code."""

import math
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.observation import SCHEDULED, Noise, Observation
from sim.core.decisions import Analyte
from sim.core.draws import FARTHEST

N_ANALYTES: Final = len(Analyte)
WIDEST: Final = 60
"""Half-width in days of the widest window that a visit can have (sim.config.observation)."""
HALVINGS: Final = 6
"""How often the 64 days between two anchors of slow noise can be halved."""

OBSERVATION: Final = np.dtype(
    [
        ("cap", "f8"),
        ("slow_sd", "f8", (N_ANALYTES,)),
        ("fast_sd", "f8", (N_ANALYTES,)),
        ("anchor_keep", "f8", (N_ANALYTES,)),
        ("anchor_spread", "f8", (N_ANALYTES,)),
        ("bridge_weight", "f8", (N_ANALYTES, HALVINGS)),
        ("bridge_spread", "f8", (N_ANALYTES, HALVINGS)),
        ("bridge_reach", "f8", (N_ANALYTES, HALVINGS)),  # how far bridges from a level on can lead away at most
    ]
    + [
        (name, "f8")
        for name in (
            "cv_at_2", "cv_exponent", "cv_low", "cv_high", "upcr_slow", "upcr_fast", "upcr_cytopenia",
            "creatinine_renal", "rbc_cytopenia",
            "neutrophils_rise", "neutrophils_d50", "lymphocytes_rise", "lymphocytes_d50", "other_white_cells",
            "reticulocytes_normal", "reticulocytes_hemolysis",
            "c3_exponent", "c3_cap", "c4_exponent", "c4_cap", "dsdna_exponent",
            "treg_healthy", "treg_slope", "th17_healthy", "th17_slope",
            "pga_steepness", "pga_renal", "pga_platelets", "pga_extrarenal", "pga_sd", "pga_bias",
            "albumin", "albumin_slope", "albumin_sd", "systolic", "systolic_slope", "systolic_sd",
            "diastolic", "diastolic_slope", "diastolic_sd", "edema_albumin", "edema_upcr",
            "ivig_platelets", "ivig_delay", "ivig_half_time", "transfusion_hemoglobin", "transfusion_half_time",
            "gcsf_factor", "gcsf_days", "p_missed", "look_back", "first_only",
        )
    ]
    + [("window", "f8", (len(SCHEDULED),))]
    + [("further", "f8", (len(SCHEDULED), WIDEST))],  # probability of more days than this before the planned one
    align=True,
)  # fmt: skip


def parameters(observation: Observation, activity_cap: float) -> NDArray[np.void]:
    """One record (in an array of length 1) from the configuration."""
    records = np.zeros(1, OBSERVATION)
    o = records[0]
    o["cap"] = activity_cap
    for analyte, noise in _noises(observation).items():
        _set_noise(o, analyte, noise)
    urine, globe, cells = observation.urine_protein, observation.pga, observation.t_cells
    body, rescue = observation.body, observation.rescue
    values: dict[str, float] = {
        "cv_at_2": urine.cv_at_2, "cv_exponent": urine.cv_exponent, "cv_low": urine.cv_low,
        "cv_high": urine.cv_high,
        "upcr_slow": urine.slow_share, "upcr_fast": urine.fast_share, "upcr_cytopenia": urine.cytopenia_slope,
        "creatinine_renal": observation.creatinine_renal, "rbc_cytopenia": observation.urine_rbc_cytopenia,
        "neutrophils_rise": observation.neutrophils_steroid[0],
        "neutrophils_d50": observation.neutrophils_steroid[1],
        "lymphocytes_rise": observation.lymphocytes_steroid[0],
        "lymphocytes_d50": observation.lymphocytes_steroid[1],
        "other_white_cells": observation.other_white_cells,
        "reticulocytes_normal": observation.reticulocytes_normal,
        "reticulocytes_hemolysis": observation.reticulocytes_hemolysis,
        "c3_exponent": observation.c3_exponent, "c3_cap": observation.c3_cap,
        "c4_exponent": observation.c4_exponent, "c4_cap": observation.c4_cap,
        "dsdna_exponent": observation.anti_dsdna_exponent,
        "treg_healthy": cells.treg_healthy, "treg_slope": cells.treg_slope,
        "th17_healthy": cells.th17_healthy, "th17_slope": cells.th17_slope,
        "pga_steepness": globe.steepness, "pga_renal": globe.renal, "pga_platelets": globe.platelets,
        "pga_extrarenal": globe.extrarenal, "pga_sd": globe.sd, "pga_bias": globe.bias,
        "albumin": body.albumin, "albumin_slope": body.albumin_slope, "albumin_sd": body.albumin_sd,
        "systolic": body.systolic, "systolic_slope": body.systolic_slope, "systolic_sd": body.systolic_sd,
        "diastolic": body.diastolic, "diastolic_slope": body.diastolic_slope, "diastolic_sd": body.diastolic_sd,
        "edema_albumin": body.edema_albumin, "edema_upcr": body.edema_upcr,
        "ivig_platelets": rescue.ivig_platelets, "ivig_delay": rescue.ivig_delay,
        "ivig_half_time": rescue.ivig_half_time,
        "transfusion_hemoglobin": rescue.transfusion_hemoglobin,
        "transfusion_half_time": rescue.transfusion_half_time,
        "gcsf_factor": rescue.gcsf_factor, "gcsf_days": rescue.gcsf_days,
        "p_missed": observation.visits.p_missed, "look_back": observation.visits.look_back,
        "first_only": float(observation.visits.counted_from == "first_infusion"),
    }  # fmt: skip
    for name, value in values.items():
        o[name] = value
    o["window"] = [observation.visits.window[name] for name in SCHEDULED]
    for number, width in enumerate(o["window"]):
        for days in range(math.floor(width)):
            o["further"][number, days] = NormalDist().cdf(-(2 * days + 1) / width)
    return records


def _noises(observation: Observation) -> dict[Analyte, Noise]:
    urine = observation.urine_protein
    named = {
        Analyte.UPCR: Noise(slow_sd=urine.slow_share, slow_days=urine.slow_days, fast_sd=urine.fast_share),
        Analyte.CREATININE: observation.creatinine,
        Analyte.URINE_RBC: observation.urine_rbc,
        Analyte.URINE_WBC: observation.urine_wbc,
        Analyte.CASTS: observation.casts,
        Analyte.PLATELETS: observation.platelets,
        Analyte.NEUTROPHILS: observation.neutrophils,
        Analyte.LYMPHOCYTES: observation.lymphocytes,
        Analyte.HEMOGLOBIN: observation.hemoglobin,
        Analyte.RETICULOCYTES: observation.reticulocytes,
        Analyte.C3: observation.c3,
        Analyte.C4: observation.c4,
        Analyte.ANTI_DSDNA: observation.anti_dsdna,
        Analyte.TREG: observation.t_cell_noise,
        Analyte.TH17: observation.t_cell_noise,
    }
    items = range(Analyte.ARTHRITIS, Analyte.MYOSITIS + 1)
    return named | {Analyte(item): observation.items for item in items}


def _set_noise(o: np.void, analyte: Analyte, noise: Noise) -> None:
    """Exact transition over 64 days, and exact bridges over distances of 32, 16, … 1 days."""
    o["slow_sd"][analyte] = noise.slow_sd
    o["fast_sd"][analyte] = noise.fast_sd
    keep = math.exp(-(2.0**HALVINGS) / noise.slow_days)
    o["anchor_keep"][analyte] = keep
    o["anchor_spread"][analyte] = math.sqrt(1.0 - keep * keep)
    for level in range(HALVINGS):
        rho = math.exp(-(2.0 ** (HALVINGS - 1 - level)) / noise.slow_days)
        o["bridge_weight"][analyte, level] = rho / (1.0 + rho * rho)
        o["bridge_spread"][analyte, level] = math.sqrt((1.0 - rho * rho) / (1.0 + rho * rho))
    o["bridge_reach"][analyte] = FARTHEST * np.cumsum(o["bridge_spread"][analyte][::-1])[::-1]
