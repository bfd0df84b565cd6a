"""Which runs take the fused path, and the analysis as one record of plain numbers."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.config.config import Config
from sim.config.protocol import FOLLOW_UPS
from sim.endpoints.dataset import COURSE_END
from sim.endpoints.estimand import is_primary
from sim.endpoints.intercurrent import WEEK_24

JUDGED: Final = ("P1", "P2", "P3", "S1", "S3")
"""Endpoints that the fused path can judge, in the order of its answers."""
_LAST_WITHOUT_SEROLOGY: Final = 119
"""Nominal day of W13, the last visit without serology, after the latest second infusion (day 112)."""

READINGS: Final = np.dtype(
    [
        ("judged", "i8", (len(JUDGED),)),
        ("window_days", "i8"),
        ("carry_days", "i8"),
        ("steroid_step", "i8"),  # days between the doses that P1 looks at
        ("steroid_grace_days", "i8"),
        ("maintained_step", "i8"),  # and S1
        ("low_dose_excluded", "i8"),
        ("neutrophil_increase", "f8"),
        ("any_lineage", "i8"),
        ("all_lineages", "i8"),
        ("lymphopenia_excluded", "i8"),
        ("lymphopenia_doubled", "i8"),
        ("excess_total", "i8"),  # days above the limit, in all and in a row, that are too many
        ("excess_run", "i8"),
        ("sledai_everybody", "i8"),
        ("c3_limit", "f8"),
        ("c4_limit", "f8"),
        ("dsdna_limit", "f8"),
        ("excretion", "f8"),  # g of creatinine a day
    ],
    align=True,
)
_NEVER: Final = COURSE_END + 1000
_EXCESS: Final = {"total_7": (7, _NEVER), "consecutive_7": (_NEVER, 7), "aurora": (7, 3)}
_ONLY: Final[Mapping[str, object]] = {
    "hematologic_duration": "week_24",
    "ongoing_treatment": "no_dose_above_day_0",
    "renal_precedence": "egfr_or_no_decrease",
}
"""Readings of which one alternative is judged here; the others look at more than one visit, or at reasons."""
_ANY: Final = frozenset(
    {
        "endpoints", "steroid_days", "steroid_grace_days", "maintained_days", "low_dose_at_baseline",
        "neutrophil_increase", "lineages", "creatinine_excretion", "lymphopenia_only", "egfr_decrease",
        "steroid_excess", "egfr_equation", "sledai_population",
        "c3_lower_limit", "c4_lower_limit", "anti_dsdna_upper_limit", "visit_window_days", "carry_days",
    }
)  # fmt: skip
"""Readings that the record holds, or that `chunk` hands on."""
_OF_OTHERS: Final = frozenset(
    {
        "serology_days_before", "serology_days_after", "lldas_new_activity", "lowest_responder_index",
        "urine_sediment", "remission", "proteinuric_flare", "upcr_nadir", "renal_flare_date",
        "extrarenal_flare_new_b", "hematologic_best", "hematologic_fall_needed", "hematologic_flare_confirmed",
        "flare_index", "sfi_requires_recognition", "sfi_use_medication", "sustained_renal_event",
        "missing", "intercurrent", "imputations", "imputation_prior",
    }
)  # fmt: skip
"""Readings of endpoints that are not judged here, of visits without serology, and those that `is_primary` sees."""


def covers(config: Config) -> bool:
    """Whether the fused path answers as the tables do; elsewhere the tables are taken.

    Not covered: endpoints that read every visit (S2, S4 to S6); estimands beside the primary one; the other
    alternatives of `_ONLY`, and any reading that this file does not know; weeks 24 that may be carried forward
    from visits without serology; courses that go on after week 24.
    """
    analysis, window = config.analysis, config.observation.visits.window
    values = vars(analysis)
    return (
        config.protocol.follow_up == FOLLOW_UPS[0]
        and set(analysis.endpoints) <= set(JUDGED)
        and all(is_primary(name, analysis) for name in analysis.endpoints)
        and values.keys() <= _ANY | _OF_OTHERS | _ONLY.keys()
        and all(values[name] == value for name, value in _ONLY.items())
        and first_day(analysis) > _LAST_WITHOUT_SEROLOGY + window["W13"]
    )


def first_day(analysis: Analysis) -> int:
    """First day of a visit that may stand for week 24."""
    return WEEK_24 - max(analysis.carry_days, analysis.visit_window_days)


def readings(analysis: Analysis) -> NDArray[np.void]:
    """One record of READINGS, in an array of length 1."""
    records = np.zeros(1, READINGS)
    r = records[0]
    r["judged"] = [name in analysis.endpoints for name in JUDGED]
    r["window_days"], r["carry_days"] = analysis.visit_window_days, analysis.carry_days
    r["steroid_step"] = 1 if analysis.steroid_days == "every_day" else 28
    r["maintained_step"] = 1 if analysis.maintained_days == "every_day" else 28
    r["excretion"] = analysis.creatinine_excretion
    r["steroid_grace_days"] = analysis.steroid_grace_days
    r["low_dose_excluded"] = analysis.low_dose_at_baseline == "excluded"
    r["neutrophil_increase"] = 500.0 if analysis.neutrophil_increase == "billions_per_liter" else 0.5
    r["any_lineage"], r["all_lineages"] = analysis.lineages == "any", analysis.lineages == "all_qualifying"
    r["lymphopenia_excluded"] = analysis.lymphopenia_only == "excluded"
    r["lymphopenia_doubled"] = analysis.lymphopenia_only == "doubled"
    r["excess_total"], r["excess_run"] = _EXCESS[analysis.steroid_excess]
    r["sledai_everybody"] = analysis.sledai_population == "all"
    r["c3_limit"], r["c4_limit"] = analysis.c3_lower_limit, analysis.c4_lower_limit
    r["dsdna_limit"] = analysis.anti_dsdna_upper_limit
    return records
