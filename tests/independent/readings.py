"""The readings of the record that the twin knows, each with its default first: OPTIONS of P1, P2, P3, S1 and S3,
OTHERS of the other endpoints. How a clinic records flares (X36) stands in flare_readings.py.
"""

from dataclasses import dataclass, fields

OPTIONS = {
    "X01": ("per_cubic_millimeter", "billions_per_liter"),
    "X02": ("any", "all", "any_lineage"),
    "X03": ("at_week_24", "sustained_8_weeks", "any_time"),
    "X04": ("above_day_0", "any_flare_increase"),
    "X05": ("non_responder", "excluded", "alc_doubling"),
    "X22": ("baseline_4", "all"),
    "X23": ("egfr_or_no_decrease", "as_written"),
    "X24": ("confirmed", "single"),
    "X25": ("TOTAL7", "CONSEC7", "AURORA"),
    "X26": ("daily", "visits", "grace3"),
    "X27": ("daily", "visits"),
    "X28": ("counted", "excluded"),
    "X29": ("1.0", "0.8", "1.2"),
    "egfr_equation": ("ckd_epi_2021", "ckd_epi_2009", "mdrd"),
}
OTHERS = {
    "X21": ("sri_4", "sri_5"),
    "X30": ("cells_and_casts", "red_cells"),
    "X30_seen": ("once", "confirmed"),
    "X37": ("recorded", "flare"),
}


@dataclass(frozen=True)
class Readings:
    """One reading of each passage that can be read in several ways."""

    X01: str = "per_cubic_millimeter"
    X02: str = "any"
    X03: str = "at_week_24"
    X04: str = "above_day_0"
    X05: str = "non_responder"
    X21: str = "sri_4"
    X22: str = "baseline_4"
    X23: str = "egfr_or_no_decrease"
    X24: str = "confirmed"
    X25: str = "TOTAL7"
    X26: str = "daily"
    X27: str = "daily"
    X28: str = "counted"
    X29: str = "1.0"
    X30: str = "cells_and_casts"
    X30_seen: str = "once"
    X37: str = "recorded"
    egfr_equation: str = "ckd_epi_2021"

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            allowed = (OPTIONS | OTHERS)[item.name]
            if value not in allowed:
                raise ValueError(f"{item.name}={value!r}: one of {', '.join(allowed)}")
