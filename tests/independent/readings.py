"""The readings of the record that the twin knows, each with its default first."""

from dataclasses import dataclass, fields

OPTIONS = {
    "X02": ("any", "all", "any_lineage"),
    "X03": ("at_week_24", "sustained_8_weeks"),
    "X04": ("above_day_0", "any_flare_increase"),
    "X05": ("non_responder", "excluded", "alc_doubling"),
    "X22": ("baseline_4", "all"),
    "X24": ("confirmed", "single"),
    "X25": ("TOTAL7", "CONSEC7", "AURORA"),
    "X26": ("daily", "visits", "grace3"),
    "X28": ("counted", "excluded"),
    "egfr_equation": ("ckd_epi_2021", "ckd_epi_2009", "mdrd"),
}


@dataclass(frozen=True)
class Readings:
    """One reading of each passage that can be read in several ways."""

    X02: str = "any"
    X03: str = "at_week_24"
    X04: str = "above_day_0"
    X05: str = "non_responder"
    X22: str = "baseline_4"
    X24: str = "confirmed"
    X25: str = "TOTAL7"
    X26: str = "daily"
    X28: str = "counted"
    egfr_equation: str = "ckd_epi_2021"

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if value not in OPTIONS[item.name]:
                raise ValueError(f"{item.name}={value!r}: one of {', '.join(OPTIONS[item.name])}")
