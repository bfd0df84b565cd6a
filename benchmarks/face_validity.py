"""Face validity: what the simulator gives where a published or intended figure exists, as a Markdown table.

    python benchmarks/face_validity.py --patients 20000 --write docs/validation.md

Nothing is tuned here: a figure outside its interval is printed as such.
"""

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.face_validity_cohorts import (
    FORCED_INDUCTION,
    LC,
    LN,
    MONTHLY,
    NONE,
    PLATELETS_ONLY,
    STABLE,
    THREE_UPCR,
    VISITS,
    Estimate,
    Flags,
    Floats,
    Followed,
    Twin,
    documented_shares,
    endpoint_shares,
    false_filtration_falls,
    follow,
    recorded_flares,
    screened,
    twin_of_selection,
)
from benchmarks.face_validity_text import document
from sim.config.compose import load
from sim.core.tables import Table
from sim.stats.monte_carlo import proportion_mcse, ratio_mcse

UPCR_TRIALS: Final = "control arms of AURA-LV, AURORA-1, ALMS (Rovin 2019, 2021; Appel 2009)"
BLISS: Final = "placebo arms of BLISS-52/76 (Navarra 2011, Furie 2011), scaled to 24 weeks"
ITP: Final = "placebo arms at 6 weeks (Bussel 2007, NEJM 357:2237; 2009, Lancet 373:641)"
PRODUCT: Final = "product of the assumed shares"


@dataclass(frozen=True)
class Row:
    """One line of the table.

    figure    : what it stands against, and whose that is.
    low, high : accepted interval of the true value (both included); None where nobody states one.
    error     : Monte Carlo standard error; NaN for an exact figure.
    basis     : what agreement is worth, a word of face_validity_text.BASIS.
    percent   : the value is a proportion; beside : other figures of the same run.
    """

    id: str
    what: str
    figure: str
    low: float | None
    high: float | None
    value: float
    error: float
    basis: str
    percent: bool = True
    beside: str = ""

    @property
    def verdict(self) -> str:
        """In words, with a remark where two standard errors reach across a limit."""
        if self.low is None or self.high is None:
            return "no target"
        word = "inside" if self.low <= self.value <= self.high else "**outside**"
        limits = [limit for limit in (self.low, self.high) if limit > 0.0]
        near = any(abs(self.value - limit) < 2.0 * self.error for limit in limits)
        return f"{word}, within Monte Carlo error of the limit" if near else word

    @property
    def line(self) -> str:
        """The row as Markdown."""
        accepted = "–" if self.low is None or self.high is None else self._interval(self.low, self.high)
        error = "exact" if math.isnan(self.error) else self._number(self.error, 2)
        cells = (self.id, self.what, self.figure, accepted, self._number(self.value, 1), error, self.verdict)
        return f"| {' | '.join((*cells, self.basis, self.beside))} |"

    def _interval(self, low: float, high: float) -> str:
        text = f"{self._number(low, 1)} to {self._number(high, 1)}"
        return text if low > 0.0 else f"at most {self._number(high, 1)}"

    def _number(self, value: float, digits: int) -> str:
        if self.percent:
            return f"{100.0 * value:.{2 if value < 0.02 else digits}f} %"
        return f"{value:.4f}" if 0.9 < value < 1.1 or value < 0.01 else f"{value:.3g}"


def share(flags: Flags) -> Estimate:
    """Proportion of patients."""
    rate = float(flags.mean())
    return rate, proportion_mcse(rate, flags.size)


def mean(values: Floats) -> Estimate:
    """Mean of what is known."""
    known = values[~np.isnan(values)]
    return float(known.mean()), float(known.std(ddof=1) / math.sqrt(known.size))


def induction_rows(patients: int) -> list[Row]:
    """(1) Urine protein where induction therapy starts, in those measured at the visit."""
    cohort = follow(FORCED_INDUCTION, patients)
    entry, week_12, week_24 = (cohort.at("upcr", visit) for visit in ("D0", "W12", "W24"))
    quarter, half = week_12 / entry <= 0.75 + 1e-9, week_24 / entry <= 0.50 + 1e-9
    seen_12, seen_24 = ~np.isnan(week_12), ~np.isnan(week_24)
    low = week_24 <= 0.5 + 1e-9
    rows = (
        ("1a", "UPCR fallen by ≥ 25 % at week 12", "62–77 %", 0.58, 0.78, quarter[seen_12]),
        ("1b", "UPCR fallen by ≥ 50 % at week 24", "55–57 %", 0.48, 0.63, half[seen_24]),
        ("1c", "UPCR ≤ 0.5 mg/mg at week 24", "17–20 %", 0.13, 0.25, low[seen_24]),
    )
    lost = f"unmeasured {1.0 - seen_24.mean():.1%}"
    return [
        Row(name, f"LN, induction: {what}", f"{figure}, {UPCR_TRIALS}", least, most, *share(flags), "fitted",
            beside="" if name == "1a" else f"{lost}; as failures {flags.sum() / patients_of(cohort):.1%}")
        for name, what, figure, least, most, flags in rows
    ]  # fmt: skip


def patients_of(cohort: Followed) -> int:
    """Number of patients followed."""
    return len(cohort.flags["rescue"])


def flare_rows(patients: int) -> list[Row]:
    """(2) Recognised flares on unchanged background therapy and a proportional taper."""
    flags = follow((NONE, *LN, "taper=t24"), patients).flags
    rate = {name: share(found)[0] for name, found in flags.items()}
    severe = f"latent {rate['latent severe']:.1%}; severe by the modified SFI {rate['recorded severe']:.1%}"
    return [
        Row("2a", "LN: severe flare recognised in 24 weeks", f"15–19 %, {BLISS}", 0.12, 0.24,
            *share(flags["recognised severe"]), "fitted", beside=severe),
        Row("2b", "LN: any flare recognised in 24 weeks", f"about 42 %, {BLISS}", 0.34, 0.50,
            *share(flags["recognised"]), "fitted", beside=f"latent {rate['latent']:.1%}"),
    ]  # fmt: skip


def noise_rows(patients: int, nephritis: Followed, cytopenia: Followed) -> list[Row]:
    """(3) to (6) What measurement alone makes of patients in whom nothing changes."""
    urine = np.log(follow((*STABLE, *LN, *THREE_UPCR), patients).at("upcr", "W24"))
    urine = urine[~np.isnan(urine)]
    spread = float(urine.std(ddof=1))
    return [
        Row("3", "stable LN: SD of ln UPCR at 3 mg/mg", "0.18, Naresh 2013, Am J Kidney Dis", 0.15, 0.22, spread,
            spread / math.sqrt(2.0 * urine.size), "input", percent=False),
        _score_spread("4a", "LN", nephritis, 1.3),
        _score_spread("4b", "LC", cytopenia, 1.5),
        _false_fall(nephritis),
        Row("5b", "stable LC: false immediate rescue in 24 weeks", "at most 5 %, assumed bound", 0.0, 0.05,
            *share(cytopenia.flags["rescue"]), "chosen"),
        *_false_flares(patients),
        Row("6a", "LN: mean SLEDAI-2K at day 0", "12–13, Liang 2010 (12.2), Gu 2014 (13.1)", 11.0, 15.0,
            *mean(nephritis.at("sledai2k", "D0")), "chosen", percent=False),
        Row("6b", "LC: mean SLEDAI-2K at day 0", "6–10, assumed: below nephritis", 6.0, 10.0,
            *mean(cytopenia.at("sledai2k", "D0")), "chosen", percent=False),
    ]  # fmt: skip


def _score_spread(name: str, subgroup: str, cohort: Followed, limit: float) -> Row:
    """Mean over patients of the SD over their visits from day 0 to week 24."""

    def spread(places: Sequence[int]) -> Floats:
        totals = cohort.values["sledai2k"][:, places]
        return np.nanstd(totals[(~np.isnan(totals)).sum(axis=1) > 1], axis=1, ddof=1)

    every = spread(range(1, len(VISITS))).mean()
    what = f"stable {subgroup}: SD of SLEDAI-2K within a patient"
    beside = f"visits with serology; all visits {every:.2f}"
    return Row(name, what, "about 1, assumed", 0.0, limit, *mean(spread(MONTHLY)), "chosen", False, beside)


def _false_fall(cohort: Followed) -> Row:
    before, after = cohort.at("sledai2k", "D0"), cohort.at("sledai2k", "W24")
    known = (before >= 4.0) & ~np.isnan(after)
    change = (after - before)[known]
    what = "stable LN: SLEDAI-2K falsely ≥ 4 points lower at week 24"
    beside = f"falsely ≥ 4 points higher {(change >= 4.0).mean():.1%}"
    return Row(
        "5a", what, "at most 10 %, assumed bound", 0.0, 0.10, *share(change <= -4.0), "chosen", beside=beside
    )


def _false_flares(patients: int) -> list[Row]:
    """Flares that the clinic records by the endpoints' own rules although nothing has changed."""
    nephritis = recorded_flares((*STABLE, *LN), patients, ("renal_flare", "extrarenal_flare"))
    cytopenia = recorded_flares((*STABLE, *LC), patients, ("hematologic_flare",))
    what = "false {} flare recorded in 24 weeks"
    return [
        Row("5c", f"stable LN: {what.format('renal')}", "at most 5 %, assumed bound", 0.0, 0.05,
            *nephritis["renal_flare"], "chosen", beside=f"extrarenal {nephritis['extrarenal_flare'][0]:.1%}"),
        Row("5d", f"stable LC: {what.format('hematologic')}", "at most 10 %, assumed bound", 0.0, 0.10,
            *cytopenia["hematologic_flare"], "chosen"),
    ]  # fmt: skip


def platelet_rows(patients: int) -> list[Row]:
    """(7) Hematologic improvement without cells."""
    everybody = endpoint_shares((NONE, *LC), patients, ("P2",))["P2"]["none"]
    referred = endpoint_shares((NONE, *LC, *PLATELETS_ONLY), patients, ("P2",))["P2"]["none"]
    return [
        Row("7a", "LC: P2 without cells", f"11–16 %, {ITP}", 0.08, 0.20, *everybody, "chosen"),
        Row("7b", "LC, all referred for platelets: P2 without cells", f"11–16 %, {ITP}", 0.08, 0.20, *referred,
            "chosen"),
    ]  # fmt: skip


def filtration_rows(cohort: Followed) -> list[Row]:
    """(8) From the variation of creatinine alone; the simulated shares beside."""
    single, confirmed = false_filtration_falls(load((NONE,)).observation.creatinine)
    egfr = cohort.values["egfr"]
    last, before = VISITS.index("W24"), VISITS.index("W20")
    known = ~np.isnan(egfr[:, [before, last]]).any(axis=1)
    fallen = egfr[known] < 0.8 * egfr[known][:, [VISITS.index("D0")]] - 1e-9
    rows = (
        ("8a", "one sample", "0.8 %", 0.02, single, fallen[:, last]),
        (
            "8b",
            "two samples 28 days apart",
            "below 0.1 %",
            0.003,
            confirmed,
            fallen[:, [before, last]].all(axis=1),
        ),
    )
    source = "CV 5.4 %, doi 10.3389/fmed.2022.1009358"
    return [
        Row(name, f"stable: eGFR falsely > 20 % lower, {what}", f"{figure}, {source}", 0.0, limit, value, math.nan,
            "input", beside=f"analytic; simulated LN {seen.mean():.2%}")
        for name, what, figure, limit, value, seen in rows
    ]  # fmt: skip


def taper_rows(patients: int) -> list[Row]:
    """(9) The corticosteroid endpoints under the three tapers, without cells and with the middle effect."""
    aims = {
        ("mandated", "P1", "none"): (0.60, 0.70, "0.60–0.70, aim of the model"),
        ("discretionary", "P1", "none"): (
            0.20,
            0.35,
            "about 32 %, placebo arms of TULIP (Furie 2019, Morand 2020)",
        ),
    }
    rows = []
    for taper in ("mandated", "t24", "discretionary"):
        shares = endpoint_shares(("effect=neutral", f"taper={taper}"), patients, ("P1", "S1"))
        for endpoint in ("P1", "S1"):
            for effect in ("none", "neutral"):
                low, high, figure = aims.get((taper, endpoint, effect), (None, None, "–"))
                name = f"9{chr(ord('a') + len(rows))}"
                what = f"5 LN and 5 LC: {endpoint}, taper `{taper}`, effect `{effect}`"
                rows.append(
                    Row(name, what, figure, low, high, *shares[endpoint][effect], "fitted" if low else "–")
                )
    return rows


def enrolment_rows(patients: int) -> list[Row]:
    """(10) How many candidates a place costs, and how many years a trial."""
    literal, lenient = (screened((NONE, f"protocol.ln_lab_rule={rule}"), patients) for rule in ("ALL3", "ANY2"))
    short = f"trials that stay short {1.0 - literal['filled'].mean():.1%}"
    beside = f"{short}; under ANY2 {lenient['accrual_days'].mean() / 365.25:.1f} years"
    return [
        *_candidates(("10a", "10b"), "LN, ALL3", literal, "LN", 39.0, "97 %"),
        *_candidates(("10c", "10d"), "LN, ANY2", lenient, "LN", 9.0, "89 %"),
        *_candidates(("10e", "10f"), "LC", literal, "LC", 4.0, "77 %", _lymphopenia(patients)),
        Row("10g", "years to enroll 5 LN and 5 LC, ALL3", f"7–8, {PRODUCT}", 5.6, 9.6,
            *mean(literal["accrual_days"] / 365.25), "same inputs", percent=False, beside=beside),
    ]  # fmt: skip


def _lymphopenia(patients: int) -> str:
    """Screen failures of LC where lymphopenia alone always qualifies, or never does (reading X05)."""
    found = []
    for reading in ("yes", "no"):
        trials = screened((NONE, *LC, f"protocol.lymphopenia_counts='{reading}'"), patients)
        failed = 1.0 - trials["n_enrolled_LC"].sum() / trials["n_screened_LC"].sum()
        found.append(f"`lymphopenia_counts={reading}` {failed:.1%}")
    return "; ".join(found)


def _candidates(
    names: tuple[str, str], who: str, trials: Table, subgroup: str, aim: float, failures: str, beside: str = ""
) -> list[Row]:
    """Candidates for one enrolled, and the same as a share of failures; a fifth of the aim is accepted."""
    seen = trials[f"n_screened_{subgroup}"].astype(np.float64)
    enrolled = trials[f"n_enrolled_{subgroup}"].astype(np.float64)
    ratio, error = float(seen.sum() / enrolled.sum()), ratio_mcse(seen, enrolled)
    low, high = 0.8 * aim, 1.2 * aim
    return [
        Row(names[0], f"{who}: candidates for one enrolled", f"{aim:g}, {PRODUCT}", low, high, ratio, error,
            "same inputs", percent=False),
        Row(names[1], f"{who}: screen failures", f"{failures}, {PRODUCT}", 1.0 - 1.0 / low, 1.0 - 1.0 / high,
            1.0 - 1.0 / ratio, error / ratio**2, "same inputs", beside=beside),
    ]  # fmt: skip


def pool_rows(patients: int, twin: Twin) -> list[Row]:
    """(11) The laboratory part of the nephritis criterion in everybody referred for nephritis."""
    met = documented_shares(("ALL3", "ANY2"), patients)
    return [
        Row(name, f"LN candidates whose samples meet {rule}", f"{aim:.0%}, earlier run", 0.8 * aim, 1.2 * aim,
            *share(met[rule]), "same inputs", beside=f"second program {getattr(twin, rule.lower()):.1%}")
        for name, rule, aim in (("11a", "ALL3", 0.15), ("11b", "ANY2", 0.60))
    ]  # fmt: skip


def renal_rows(patients: int) -> list[Row]:
    """(12) Renal response of patients whom standard therapy has failed."""
    rate = endpoint_shares((NONE, *LN), patients, ("P3",))["P3"]["none"]
    return [Row("12", "LN, ALL3: P3 without cells", "5 %, assumed", 0.02, 0.12, *rate, "judgement")]


def regression_rows(patients: int, twin: Twin) -> list[Row]:
    """(13) After selection on noisy samples the mean falls although no patient has changed."""
    cohort = follow((NONE, *LN), patients)
    rows = []
    for name, column, what, unit in (
        ("13a", "serum_creatinine", "creatinine", "µmol/L"),
        ("13b", "upcr", "UPCR", "mg/mg"),
    ):
        before, after = cohort.at(column, "SCR"), cohort.at(column, "D0")
        came = ~np.isnan(after)  # one in some thousands leaves on day 0 before the visit
        before, after = before[came], after[came]
        ratio, expected = float(after.mean() / before.mean()), getattr(twin, what.lower())
        error = float((after - ratio * before).std(ddof=1) / before.mean() / math.sqrt(before.size))
        full = f"enrolled LN: mean {what} at day 0 over that at screening"
        figure, beside = f"{expected:.4f}, second program", f"{before.mean():.4g} to {after.mean():.4g} {unit}"
        low, high = expected - 0.01, min(expected + 0.01, 1.0)
        rows.append(Row(name, full, figure, low, high, ratio, error, "same inputs", percent=False, beside=beside))
    return rows


def all_rows(patients: int) -> list[Row]:
    """The whole table; patients : simulated for each row (or referred, in 11), at least."""
    nephritis, cytopenia = follow((*STABLE, *LN), patients), follow((*STABLE, *LC), patients)
    twin = twin_of_selection(20 * patients)
    return [
        *induction_rows(patients),
        *flare_rows(patients),
        *noise_rows(patients, nephritis, cytopenia),
        *platelet_rows(patients),
        *filtration_rows(nephritis),
        *taper_rows(patients),
        *enrolment_rows(patients),
        *pool_rows(patients, twin),
        *renal_rows(patients),
        *regression_rows(patients, twin),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, or write the page that holds it."""
    parser = argparse.ArgumentParser(description="Compare the simulator with published and intended figures.")
    parser.add_argument("--patients", type=int, default=20_000, help="virtual patients for each row")
    parser.add_argument("--write", type=Path, help="file for the page (default: print it)")
    options = parser.parse_args(arguments)
    page = document([row.line for row in all_rows(options.patients)], options.patients, STABLE)
    if options.write is None:
        print(page, end="")
    else:
        options.write.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
