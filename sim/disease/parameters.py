"""Disease, effect and taper configuration as one record for compiled code."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.disease import SECOND_INFUSIONS, ByDomain, Clocks, Disease, Flares
from sim.config.effect import Effect
from sim.config.observation import LONG_TERM, SCHEDULED
from sim.config.taper import Taper
from sim.core.clock import DAYS_PER_YEAR, MINUTES_PER_DAY
from sim.core.exponential import exp
from sim.core.uncounted import compiled
from sim.disease.dose_effects import DOSE_ROWS, tabulate_doses
from sim.disease.state import LAST_DAY
from sim.observations.visit import Record

MAX_STEPS: Final = 16
NOMINAL_CELLS: Final = 2.0e6
"""Cells per kg at which the effect is the configured one (NCT04835883)."""

DOMAIN_OF: Final = (0, 2, 3, 4, 1, 1, 1, 1)
"""Domain (R, H, X, S, T) of each tracked activity (R, X, S, T, H_P, H_N, H_L, H_E)."""

DECAY_STEP: Final = 180
"""Minutes between the rows of the table of exponentials: a divisor of the day and of the hour of the clinic."""
_LAST_DAY_OF_YEARS: Final = 1900
"""No visit is later: the last one is planned for day 1826, and no window is wider than 60 days."""
DECAY_ROWS: Final = (LAST_DAY + 1) * MINUTES_PER_DAY // DECAY_STEP

_SCALARS: Final = (
    "d50", "induction", "improver_LN", "improver_LC", "shared_sd", "improver_log", "improver_sd",
    "other_log", "other_sd", "induction_mean", "induction_sd", "induction_cap", "immunosuppressant_effect",
    "activity_exponent", "dose_exponent", "dose_offset", "flare_reference", "taper_effect",
    "p_new_item", "cns", "vasculitis", "myositis", "serositis",
    "serious_rate", "serious_dose", "serious_lymphopenia", "lymphopenia_below", "serious_immunosuppressant",
    "fatality", "mild_rate", "mild_dose", "mild_moderate", "adverse_rate", "death_rate", "death_activity",
    "dropout_rate", "dropout_after_rescue", "pregnancy_rate", "pregnancy_age", "damage_rate", "damage_factor",
    "sdi_rate", "reaction", "clock_reference",
    "mild_factor", "mild_limit", "severe_per_kg", "p_is_severe", "p_is_second", "rescue_per_kg",
    "w12_upcr_rise", "w12_creatinine_rise", "w12_upcr_fall", "w12_p_worse", "w12_p_insufficient",
    "lc_platelets", "lc_platelets_fall", "lc_bleeding", "lc_hemoglobin", "lc_hemoglobin_fall", "lc_neutrophils",
    "p_responder", "depth_log", "depth_sd", "lag_mean", "duration", "both", "cell_factor", "p_sensitised",
    "sensitised",
    "floor", "last_dose", "hold", "skip", "gate_two", "gate_one",
    "frailty_variance", "drift", "p_pulse", "pulse_dose", "long_step", "long_floor", "long_pga",
    "log_cap", "most_serious", "most_death", "most_damage",
)  # fmt: skip
_WHOLE: Final = (
    "tick", "window", "cns_days", "pause", "hold_days", "second_days", "lc_interval",
    "proportional", "first_day", "interval", "retry", "last_day", "last_delay", "final_day", "n_steps", "catch_up",
    "pulse_days", "long_interval", "visits", "withheld", "told", "screening_day_LN", "screening_day_LC",
)  # fmt: skip
_ARRAYS: Final = (
    ("kappa", (8,)), ("sensitivity", (5,)), ("weight", (5,)),
    ("flare_rate", (6,)), ("jump_log", (6,)), ("jump_sd", (6,)), ("p_unscheduled", (6,)), ("delay", (6,)),
    ("dropout_reasons", (3,)), ("reaction_severity", (3,)), ("item_prevalence", (9,)), ("remaining", (MAX_STEPS,)),
    ("drift_scale", (8,)), ("drift_keep", (8,)), ("drift_spread", (8,)),
    ("drift_weight", (8, 3)), ("drift_bridge", (8, 3)),
)  # fmt: skip

PARAMETERS: Final = np.dtype(
    [(name, "f8") for name in _SCALARS]
    + [(name, "i8") for name in _WHOLE]
    + [(name, "f8", shape) for name, shape in _ARRAYS]
    + [("item_log_median", "f8"), ("item_log_sd", "f8"), ("decay", "f8", (DECAY_ROWS, 8))]
    + [
        ("log_left", "f8", (DOSE_ROWS, 5)),
        ("flare_cover", "f8", (DOSE_ROWS,)),
        ("serious_infections", "f8", (DOSE_ROWS,)),
    ],
    align=True,
)


def parameters(
    disease: Disease,
    effect: Effect,
    taper: Taper,
    item_prevalence: tuple[float, ...],
    item_threshold: tuple[float, float],
    cells_per_kg: float,
    follow_up: str,
    screening_days: tuple[int, int],
) -> NDArray[np.void]:
    """One record (in an array of length 1) from the configuration.

    item_prevalence : of the nine items of observations.visit.ITEMS, for what a flare brings.
    item_threshold  : median and log-SD of a new item's threshold.
    follow_up       : week_24 or year_5.
    screening_days  : study day of the last sample of screening in nephritis and in cytopenia: the visit SCR.
    The patient's whole life is told (`told`); who wants only the answers of week 24 takes `for_answers`.
    """
    records = np.zeros(1, PARAMETERS)
    records["told"] = 1
    values = _values(disease) | _clock_values(disease.clocks) | _flare_values(disease.flares)
    values |= _effect_values(effect, cells_per_kg) | _taper_values(taper) | _order_values(disease)
    values |= _drift_values(disease.drift, np.array(values["kappa"])) | _long_term_values(disease, follow_up)
    values["item_prevalence"] = item_prevalence
    values["item_log_median"], values["item_log_sd"] = math.log(item_threshold[0]), item_threshold[1]
    values |= _most_hazards(disease, follow_up)
    values["screening_day_LN"], values["screening_day_LC"] = screening_days
    for name, value in values.items():
        records[0][name] = value
    _tabulate_decay(records)
    tabulate_doses(records)
    return records


def for_answers(parameters: NDArray[np.void]) -> NDArray[np.void]:
    """The same without what no endpoint of week 24 and no physician reads (decision D100).

    Not drawn are mild infections, adverse events, damage of the index, reactions, the times of cells that do
    nothing, and global assessments that no physician asks for.
    """
    records = parameters.copy()
    records["told"] = 0
    return records


@compiled
def _tabulate_decay(records: Record) -> None:
    """exp(-kappa t) of each activity at multiples of `DECAY_STEP`."""
    p = records[0]
    for row in range(DECAY_ROWS):
        for k in range(8):
            p.decay[row, k] = exp(-p.kappa[k] * (row * DECAY_STEP / MINUTES_PER_DAY))


def _most_hazards(disease: Disease, follow_up: str) -> dict[str, object]:
    """The most that three clocks can spend of their budgets: the highest rates, to the end of the longest course.

    most_serious : without what the dose does.
    """
    clocks, cap = disease.clocks, max(disease.activity_cap, 1.0)
    years = (_LAST_DAY_OF_YEARS if follow_up == "year_5" else LAST_DAY + 1) / DAYS_PER_YEAR
    serious = max(clocks.serious_infection_lymphopenia, 1.0) * max(clocks.serious_infection_immunosuppressant, 1.0)
    return {
        "most_serious": clocks.serious_infection * serious * years,
        "most_death": clocks.death * cap**clocks.death_activity * years,
        "most_damage": clocks.renal_damage * cap * years,
    }


def _domains(values: ByDomain) -> tuple[float, ...]:
    return (values.renal, values.hematologic, values.extrarenal, values.serologic, values.t_cell)


def _values(disease: Disease) -> dict[str, object]:
    half, background = disease.half_time, disease.background
    half_times = (
        half.renal, half.extrarenal, half.serologic, half.t_cell,
        half.platelets, half.neutrophils, half.lymphocytes, half.hemoglobin,
    )  # fmt: skip
    return {
        "log_cap": math.log(disease.activity_cap),
        "kappa": [math.log(2.0) / days for days in half_times],
        "d50": disease.steroid.half_maximal_dose,
        "sensitivity": _domains(disease.steroid.sensitivity),
        "induction": float(background.kind == "induction"),
        "improver_LN": background.p_improver_LN,
        "improver_LC": background.p_improver_LC,
        "shared_sd": background.shared_sd,
        "improver_log": math.log(background.improver_median),
        "improver_sd": background.improver_log_sd,
        "other_log": math.log(background.other_median),
        "other_sd": background.other_log_sd,
        "induction_mean": background.induction_mean,
        "induction_sd": background.induction_sd,
        "induction_cap": background.induction_cap,
        "immunosuppressant_effect": disease.immunosuppressant_effect,
        "tick": disease.tick_days,
        "frailty_variance": disease.frailty_variance,
    }


def _drift_values(sigma: float, kappa: NDArray[np.float64]) -> dict[str, object]:
    """The drift as a unit Ornstein-Uhlenbeck process: exact steps of 8 days, exact bridges over 4, 2 and 1."""
    keep = np.exp(-8.0 * kappa)
    rho = np.exp(-np.outer(kappa, [4.0, 2.0, 1.0]))
    return {
        "drift": sigma,
        "drift_scale": sigma / np.sqrt(2.0 * kappa),
        "drift_keep": keep,
        "drift_spread": np.sqrt(1.0 - keep * keep),
        "drift_weight": rho / (1.0 + rho * rho),
        "drift_bridge": np.sqrt((1.0 - rho * rho) / (1.0 + rho * rho)),
    }


def _long_term_values(disease: Disease, follow_up: str) -> dict[str, object]:
    later = disease.long_term
    return {
        "long_interval": later.interval,
        "long_step": later.step,
        "long_floor": later.floor,
        "long_pga": later.pga_max,
        "visits": len(SCHEDULED) - (0 if follow_up == "year_5" else len(LONG_TERM)),
    }


def _flare_values(flares: Flares) -> dict[str, object]:
    domains = (flares.rate.renal, flares.rate.hematologic, flares.rate.extrarenal)
    items = flares.severe_items
    return {
        "flare_rate": [rate for domain in domains for rate in (domain.severe, domain.mild)],
        "jump_log": [math.log(flares.jump_median.severe), math.log(flares.jump_median.mild)] * 3,
        "jump_sd": [flares.jump_log_sd.severe, flares.jump_log_sd.mild] * 3,
        "p_unscheduled": [flares.p_unscheduled.severe, flares.p_unscheduled.mild] * 3,
        "delay": [flares.delay_mean.severe, flares.delay_mean.mild] * 3,
        "activity_exponent": flares.activity_exponent,
        "dose_exponent": flares.dose_exponent,
        "dose_offset": flares.dose_offset,
        "flare_reference": flares.reference_dose,
        "taper_effect": flares.taper_effect,
        "window": flares.taper_window,
        "p_new_item": flares.p_new_item_mild,
        "cns": items.cns,
        "vasculitis": items.vasculitis,
        "myositis": items.myositis,
        "serositis": items.serositis,
        "cns_days": flares.cns_days,
    }


def _clock_values(clocks: Clocks) -> dict[str, object]:
    return {
        "serious_rate": clocks.serious_infection,
        "serious_dose": clocks.serious_infection_dose,
        "serious_lymphopenia": clocks.serious_infection_lymphopenia,
        "lymphopenia_below": clocks.lymphopenia_below,
        "serious_immunosuppressant": clocks.serious_infection_immunosuppressant,
        "fatality": clocks.serious_infection_fatality,
        "pause": clocks.serious_infection_pause,
        "mild_rate": clocks.mild_infection,
        "mild_dose": clocks.mild_infection_dose,
        "mild_moderate": clocks.mild_infection_moderate,
        "adverse_rate": clocks.adverse_event,
        "death_rate": clocks.death,
        "death_activity": clocks.death_activity,
        "dropout_rate": clocks.dropout,
        "dropout_after_rescue": clocks.dropout_after_rescue,
        "dropout_reasons": clocks.dropout_reasons,
        "pregnancy_rate": clocks.pregnancy,
        "pregnancy_age": clocks.pregnancy_max_age,
        "damage_rate": clocks.renal_damage,
        "damage_factor": clocks.renal_damage_factor,
        "sdi_rate": clocks.damage_index,
        "reaction": clocks.infusion_reaction,
        "reaction_severity": clocks.infusion_reaction_severity,
        "clock_reference": clocks.reference_dose,
    }


def _order_values(disease: Disease) -> dict[str, object]:
    orders, week12, cytopenia = disease.orders, disease.week12, disease.cytopenia
    return {
        "mild_factor": orders.mild_factor,
        "mild_limit": orders.mild_limit,
        "severe_per_kg": orders.severe_dose_per_kg,
        "hold_days": orders.hold_days,
        "second_days": orders.second_mild_days,
        "p_is_severe": orders.p_immunosuppressant_severe,
        "p_is_second": orders.p_immunosuppressant_second_mild,
        "rescue_per_kg": orders.rescue_above_per_kg,
        "p_pulse": orders.pulse.p_severe,
        "pulse_dose": orders.pulse.dose,
        "pulse_days": orders.pulse.days,
        "withheld": SECOND_INFUSIONS.index(orders.second_infusion),
        "w12_upcr_rise": week12.upcr_rise,
        "w12_creatinine_rise": week12.creatinine_rise,
        "w12_upcr_fall": week12.upcr_fall,
        "w12_p_worse": week12.p_worse,
        "w12_p_insufficient": week12.p_insufficient,
        "lc_platelets": cytopenia.platelets,
        "lc_platelets_fall": cytopenia.platelets_fall,
        "lc_bleeding": cytopenia.p_bleeding,
        "lc_hemoglobin": cytopenia.hemoglobin,
        "lc_hemoglobin_fall": cytopenia.hemoglobin_fall,
        "lc_neutrophils": cytopenia.neutrophils,
        "lc_interval": cytopenia.interval,
    }


def _effect_values(effect: Effect, cells_per_kg: float) -> dict[str, object]:
    weights = effect.domains
    return {
        "p_responder": effect.p_responder,
        "depth_log": math.log(effect.depth_median),
        "depth_sd": effect.depth_log_sd,
        "lag_mean": effect.lag_mean,
        "duration": effect.duration_scale,
        "both": effect.both_active,
        "cell_factor": min(1.0, cells_per_kg / NOMINAL_CELLS) ** effect.dose_exponent,
        "p_sensitised": effect.p_sensitised,
        "sensitised": effect.sensitised_duration,
        "weight": (weights.renal, weights.hematologic, weights.extrarenal, weights.serologic, weights.t_cell),
    }


def _taper_values(taper: Taper) -> dict[str, object]:
    remaining = np.zeros(MAX_STEPS)
    remaining[: len(taper.remaining)] = taper.remaining
    return {
        "floor": taper.floor,
        "last_dose": taper.last_dose,
        "hold": 0.0 if taper.forced else taper.hold,
        "skip": 0.0 if taper.forced else taper.skip,
        "gate_two": taper.gate_two,
        "gate_one": taper.gate_one,
        "proportional": taper.rule == "proportional",
        "first_day": taper.first_day,
        "interval": taper.interval,
        "retry": taper.retry,
        "last_day": taper.last_day,
        "last_delay": taper.last_delay,
        "final_day": taper.final_day,
        "n_steps": len(taper.remaining),
        "remaining": remaining,
        "catch_up": taper.catch_up,
    }
