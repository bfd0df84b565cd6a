"""How a data set is scored: the readings of the record's ambiguous sentences, the windows and the equations.

Each reading carries the id under which docs/decisions.md explains it; values are in conf/analysis.
"""

from dataclasses import dataclass

from sim.config.estimands import Intercurrent, Missing, contradictions
from sim.config.fields import choice, flag, integer, number, positive, words

ENDPOINTS = ("P1", "P2", "P3", "S1", "S2", "S3", "S4", "S5", "S6")
"""The yes/no endpoints, in protocol order; the others (changes, times to event) belong to a data set alone."""


@dataclass(frozen=True)
class Analysis:
    """Readings and windows of the endpoints; the endpoint functions get nothing else."""

    missing: Missing
    intercurrent: Intercurrent
    endpoints: tuple[str, ...] = words(*ENDPOINTS)
    """Those that task=power decides. A data set has every endpoint."""

    # Corticosteroid endpoints P1 and S1.
    steroid_days: str = choice("every_day", "visits")
    """X26 (P1 alone): `visits` looks at the four-weekly nominal days only."""
    steroid_grace_days: int = integer(0, 28, unit="day")
    """X26 (P1 alone): how many days above the limit are forgiven."""
    maintained_days: str = choice("every_day", "visits")
    """X27 (S1): `visits` looks at days 84, 112, 140 and 168 only."""
    low_dose_at_baseline: str = choice("included", "excluded")
    """X28 (P1 alone): those at or below the limit on day 0."""

    # Hematologic improvement P2.
    neutrophil_increase: str = choice("per_cubic_millimeter", "billions_per_liter")
    """X01: the unit of "500"; 0.5 or (impossible) 500 × 10⁹/L."""
    lineages: str = choice("any_qualifying", "all_qualifying", "any")
    """X02: which lineages must improve."""
    hematologic_duration: str = choice("week_24", "eight_weeks", "any_time")
    """X03: when the improvement must be seen."""
    ongoing_treatment: str = choice("no_dose_above_day_0", "no_increase_for_flare")
    """X04: which corticosteroid fails, beside rescue, transfusion and G-CSF."""
    lymphopenia_only: str = choice("non_responder", "excluded", "doubled")
    """X05: entrants who qualified by lymphocytes alone."""

    # Renal response P3.
    renal_precedence: str = choice("egfr_or_no_decrease", "as_written")
    """X23: where the parentheses stand."""
    egfr_decrease: str = choice("confirmed", "single")
    """X24: how many samples make a decrease."""
    steroid_excess: str = choice("total_7", "consecutive_7", "aurora")
    """X25: which days above the limit are an excess."""
    egfr_equation: str = choice("ckd_epi_2021", "ckd_epi_2009", "mdrd")

    # SLEDAI-2K reduction S3.
    sledai_population: str = choice("baseline_at_least_4", "all")
    """X22: who can fall by four points."""
    c3_lower_limit: float = number(0.0, open_low=True, unit="mg/dL")
    c4_lower_limit: float = number(0.0, open_low=True, unit="mg/dL")
    anti_dsdna_upper_limit: float = number(0.0, open_low=True, unit="IU/mL")
    serology_days_before: int = integer(0, 60, unit="day")
    serology_days_after: int = integer(0, 60, unit="day")

    creatinine_excretion: float = number(0.2, 4.0, unit="g/day")
    """X29: what a ratio is multiplied by where a rule is written for proteinuria of 24 hours (SLEDAI-2K, S12)."""

    # Low disease activity S2 and the responder indices S4 to S6.
    lldas_new_activity: str = choice("recorded", "flare")
    """X37: new activity as recorded (from descriptors where it is not), or a flare since the earlier visit."""
    lowest_responder_index: str = choice("sri_4", "sri_5")
    """X21: which index S4 is."""

    # The flare index, S7.
    flare_index: str = choice("modified", "original")
    """X35: `original` makes a rise of SLEDAI to more than 12 points severe by itself."""
    sfi_requires_recognition: bool = flag()
    """X35: false scores every attended visit by the index as written."""
    sfi_use_medication: bool = flag()
    """X35: doses and drugs count as criteria."""

    # Renal endpoints S12 and the flares that the clinic records (S9, S11, S13).
    urine_sediment: str = choice("cells_and_casts", "red_cells")
    """X30: what is normal in complete remission."""
    remission: str = choice("once", "confirmed")
    """Complete remission at one visit, or also at the next one."""
    proteinuric_flare: str = choice("response", "multiples", "response_only")
    """X36, as the next seven."""
    sustained_renal_event: str = choice("uninterrupted", "any_later")
    """Doubled creatinine and end-stage disease: no sample in between speaks against it, or one later is enough."""
    upcr_nadir: str = choice("mean_of_two", "single")
    renal_flare_date: str = choice("first", "confirmation")
    extrarenal_flare_new_b: int = integer(1, 8, unit="domains")
    hematologic_best: str = choice("mean_of_two", "single")
    hematologic_fall_needed: bool = flag()
    hematologic_flare_confirmed: bool = flag()

    # Which assessment stands for week 24.
    visit_window_days: int = integer(0, 27, unit="day")
    carry_days: int = integer(0, 168, unit="day")

    # Estimands: multiple imputation.
    imputations: int = integer(2, 10_000)
    imputation_prior: float = positive()
    """Standard deviation of the prior of a log odds ratio for one standard deviation of a predictor."""

    def check(self) -> list[str]:
        """Problems between fields: a window longer than what may be carried, an endpoint named twice."""
        problems = contradictions(self.missing, self.intercurrent, self.hematologic_duration)
        if self.carry_days < self.visit_window_days:
            problems.append(
                f"carry_days: {self.carry_days} is not allowed; it must be at least visit_window_days "
                f"({self.visit_window_days})"
            )
        repeated = sorted({name for name in self.endpoints if self.endpoints.count(name) > 1})
        if repeated:
            problems.append(f"endpoints: {', '.join(repeated)} named more than once; name each endpoint once")
        return problems
