"""The virtual patients of the face-validity table: who is simulated, and what is kept of them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import multivariate_normal, norm

from sim import assembly, clinic_record
from sim.config.compose import load
from sim.config.config import Config
from sim.config.observation import SCHEDULED, Noise
from sim.core.clock import MINUTES_PER_DAY
from sim.core.tables import Table
from sim.disease.state import Happening
from sim.instruments.score import score
from sim.observations.parameters import parameters as observation_parameters
from sim.observations.tabulate import Selection, tabulate
from sim.pipeline import cohort_chunk, run_chunk
from sim.population.person import LN as LN_STREAM
from sim.screening.candidates import candidate_columns
from sim.screening.clinic import ARRIVAL, Clinic
from sim.screening.fill import Enrolled, fill
from sim.screening.matrix import criterion_matrix
from sim.stats.monte_carlo import proportion_mcse
from sim.trial.courses import Courses
from sim.trial.engines import batch_engine
from sim.trial.tables import entries

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Estimate = tuple[float, float]
"""A figure and its Monte Carlo standard error."""

PATIENTS_PER_TRIAL: Final = 10
_TRIALS_AT_A_TIME: Final = 200
NONE: Final = "effect=none"
LN: Final = ("design.n_LN=10", "design.n_LC=0", "design.p_LN=1.0")
LC: Final = ("design.n_LN=0", "design.n_LC=10", "design.p_LN=0.0")
FORCED_INDUCTION: Final = (NONE, *LN, "disease=induction", "taper.forced=true")
STABLE: Final = (
    NONE,
    *(f"disease.background.{key}=0.0" for key in ("p_improver_LN", "p_improver_LC", "shared_sd", "other_log_sd")),
    "disease.background.other_median=1.0",
    *(
        f"disease.flares.rate.{domain}.{severity}=0.0"
        for domain in ("renal", "hematologic", "extrarenal")
        for severity in ("severe", "mild")
    ),
    *(
        f"disease.clocks.{clock}=0.0"
        for clock in (
            "serious_infection", "mild_infection", "adverse_event", "death", "dropout", "pregnancy",
            "renal_damage", "damage_index",
        )
    ),
    "disease.week12.p_worse=0.0",
    "disease.week12.p_insufficient=0.0",
    "taper.hold=1.0",
    "taper.skip=1.0",
)  # fmt: skip
"""Nothing changes: no trend, flares, infections or other events, no rescue at week 12, no step of the taper."""
THREE_UPCR: Final = ("population.nephritis.upcr_median=3.0", "population.nephritis.upcr_log_sd=0.001")
PLATELETS_ONLY: Final = (
    "population.cytopenia.primary.platelets=1.0",
    *(f"population.cytopenia.primary.{name}=0.0" for name in ("hemolysis", "neutrophils", "lymphocytes")),
)
VISITS: Final = ("SCR", *SCHEDULED)
MONTHLY: Final = tuple(VISITS.index(name) for name in ("D0", "W4", "W8", "W12", "W16", "W20", "W24"))
"""The scheduled visits with serology of their own."""
VALUES: Final = ("upcr", "serum_creatinine", "egfr", "sledai2k")
NO_EVENTS: Final = Table({"row": np.zeros(0, int), "day": np.zeros(0, int), "kind": np.zeros(0, "<U1")})
"""A new nephritis makes a flare severe only where an order for one is small, which no row here looks at."""
_LAST_MINUTE: Final = 169 * MINUTES_PER_DAY - 1


@dataclass(frozen=True)
class Followed:
    """Patients of one configuration under effect `none`.

    values : for each of VALUES (patients, VISITS), NaN where a visit was missed or did not measure it.
    flags  : for each kind of happening within 24 weeks (patients,).
    """

    values: dict[str, Floats]
    flags: dict[str, Flags]

    def at(self, name: str, visit: str) -> Floats:
        return self.values[name][:, VISITS.index(visit)]


def chunks(patients: int) -> Iterator[range]:
    """Numbers of trials that hold at least so many patients, a few at a time."""
    trials = math.ceil(patients / PATIENTS_PER_TRIAL)
    for first in range(0, trials, _TRIALS_AT_A_TIME):
        yield range(first, min(first + _TRIALS_AT_A_TIME, trials))


def follow(overrides: Sequence[str], patients: int) -> Followed:
    """Simulate patients over the 24 weeks and keep what the rows look at."""
    config = load((*overrides, "protocol.follow_up=week_24"))
    parts = []
    for trials in chunks(patients):
        enrolled, courses = batch_engine.run(trials, config, config.effects)
        parts.append(_kept(config, enrolled, courses[config.effects[0].name]))
    return Followed(
        {name: np.concatenate([part.values[name] for part in parts]) for name in parts[0].values},
        {name: np.concatenate([part.flags[name] for part in parts]) for name in parts[0].flags},
    )


def _kept(config: Config, enrolled: Enrolled, course: Courses) -> Followed:
    visits = _scored(config, enrolled, course)
    patients = len(enrolled.trial)
    number = {name: place for place, name in enumerate(VISITS)}
    place = np.array([number.get(name, -1) for name in visits["visit"]])
    scheduled = place >= 0
    values = {}
    for name in VALUES:
        values[name] = np.full((patients, len(VISITS)), np.nan)
        values[name][visits["row"][scheduled], place[scheduled]] = visits[name][scheduled]
    index = clinic_record.flare_index(config.analysis)
    recorded = assembly.flares(course, visits, enrolled.person["weight"], NO_EVENTS, index)
    severe = (recorded["severity"] == "severe") & (recorded["day"] <= 168)
    flags = {
        "recognised": _happened(course, (Happening.RECOGNISED,)),
        "recognised severe": _happened(course, (Happening.RECOGNISED,), severe=True),
        "latent": _happened(course, (Happening.FLARE,)),
        "latent severe": _happened(course, (Happening.FLARE,), severe=True),
        "recorded severe": np.isin(np.arange(patients), recorded["row"][severe]),
        "rescue": _happened(course, (Happening.IVIG, Happening.TRANSFUSION, Happening.GCSF)),
    }
    return Followed(values, flags)


def _scored(config: Config, enrolled: Enrolled, course: Courses) -> Table:
    """Every attended visit measured and scored, as the pipeline does it."""
    person, analysis = enrolled.person, config.analysis
    measured = tabulate(
        person,
        course.visits,
        course.states["rows"],
        enrolled.addresses,
        config.run.seed,
        observation_parameters(config.observation, config.disease.activity_cap),
        Selection(),
    )
    measured = measured.where(measured["attended"])
    row = measured["row"]
    return score(
        measured.adding({"age": person["age"][row], "sex": np.array(["M", "F"])[person["female"][row]]}),
        row,
        equation=analysis.egfr_equation,
        c3_limit=analysis.c3_lower_limit,
        c4_limit=analysis.c4_lower_limit,
        anti_dsdna_limit=analysis.anti_dsdna_upper_limit,
        serology_days=(analysis.serology_days_before, analysis.serology_days_after),
    )


def _happened(course: Courses, kinds: Sequence[Happening], *, severe: bool = False) -> Flags:
    """Patients with an entry of the log within 24 weeks; severe : of the severe flare clocks (even numbers)."""
    patient, log = entries(course, kinds)
    kept = log["minute"] <= _LAST_MINUTE
    if severe:
        kept &= log["a"] % 2 == 0
    found = np.zeros(len(course.states), bool)
    found[patient[kept]] = True
    return found


def endpoint_shares(
    overrides: Sequence[str], patients: int, endpoints: Sequence[str]
) -> dict[str, dict[str, Estimate]]:
    """Response rates by endpoint and effect, through the whole pipeline; `none` is always among the effects."""
    config = load((*overrides, f"analysis.endpoints=[{','.join(endpoints)}]"))
    decided = [run_chunk(config, trials) for trials in chunks(patients)]
    found: dict[str, dict[str, Estimate]] = {}
    for endpoint in endpoints:
        found[endpoint] = {}
        for effect in decided[0]:
            responders = np.concatenate([table[effect][f"{endpoint}_responders"] for table in decided])
            n = np.concatenate([table[effect][f"{endpoint}_n"] for table in decided])
            rate = float(responders.sum() / n.sum())
            found[endpoint][effect] = (rate, proportion_mcse(rate, int(n.sum())))
    return found


def recorded_flares(overrides: Sequence[str], patients: int, kinds: Sequence[str]) -> dict[str, Estimate]:
    """Share of patients in whom the clinic records a flare of a kind within 24 weeks, under effect `none`."""
    config = load((*overrides, "protocol.follow_up=week_24"))
    found, followed = dict.fromkeys(kinds, 0), 0
    for trials in chunks(patients):
        events = cohort_chunk(config, trials)["events"]
        followed += PATIENTS_PER_TRIAL * len(trials)
        for kind in kinds:
            rows = events.where((events["kind"] == kind) & (events["day"] <= 168))
            found[kind] += len({*zip(rows["trial"].tolist(), rows["subject"].tolist(), strict=True)})
    rates = {kind: count / followed for kind, count in found.items()}
    return {kind: (rate, proportion_mcse(rate, followed)) for kind, rate in rates.items()}


def screened(overrides: Sequence[str], patients: int) -> Table:
    """One row a trial of the registry's size: who was screened and enrolled, and how long it took."""
    config = load(overrides)
    tables = [fill(trials, config).trials for trials in chunks(patients)]
    return Table({name: np.concatenate([table[name] for table in tables]) for name in tables[0]})


def documented_shares(rules: Sequence[str], patients: int) -> dict[str, Flags]:
    """Whether each of many referred for nephritis meets the laboratory part of inclusion 5-2, under each rule."""
    arrivals = np.zeros(patients, ARRIVAL)
    arrivals["candidate"] = np.arange(patients)
    arrivals["subgroup"] = LN_STREAM
    clinics = {rule: Clinic.of(load((NONE, f"protocol.ln_lab_rule={rule}"))) for rule in rules}
    pool = candidate_columns(arrivals, clinics[rules[0]])
    return {rule: criterion_matrix(pool, clinic.rules)["I5_2a"] == 1 for rule, clinic in clinics.items()}


def false_filtration_falls(creatinine: Noise, *, exponent: float = 1.2, days: float = 28.0) -> Estimate:
    """P(eGFR more than 20 % below one baseline sample) of a stable patient: once, and also `days` earlier.

    exponent : of creatinine in CKD-EPI 2021 above the knee (Inker 2021). Log creatinine is normal; both follow-up
    samples share the noise of a baseline long before, and what is left of their own slow noise after `days`.
    """
    variance = creatinine.slow_sd**2 + creatinine.fast_sd**2
    limit = -math.log(0.8) / exponent / math.sqrt(2.0 * variance)
    shared = variance + creatinine.slow_sd**2 * math.exp(-days / creatinine.slow_days)
    correlation = shared / (2.0 * variance)
    both = multivariate_normal.cdf([-limit, -limit], cov=[[1.0, correlation], [correlation, 1.0]])
    return float(norm.sf(limit)), float(both)


@dataclass(frozen=True)
class Twin:
    """Selection on three noisy samples, programmed a second time in plain NumPy from the configuration's figures.

    all3, any2       : share of candidates whose three samples meet the rule.
    creatinine, upcr : mean at day 0 over mean on day -7 of those who meet ALL3.
    """

    all3: float
    any2: float
    creatinine: float
    upcr: float


def twin_of_selection(size: int, seed: int = 7) -> Twin:
    """Draw true values, measure them on days -21, -14, -7 and 0, and select as the criteria do."""
    config = load((NONE,))
    rules = config.protocol
    creatinine, upcr, active = _four_samples(config, size, np.random.default_rng(seed))
    raised, proteinuria = creatinine > rules.creatinine_above, upcr > rules.upcr_above + 1e-9
    signs = (raised.astype(int) + proteinuria + active)[:3]
    chosen = (signs == 3).all(axis=0) & (creatinine[2] <= rules.creatinine_excluded_above)
    creatinine_ratio, upcr_ratio = (
        values[3, chosen].mean() / values[2, chosen].mean() for values in (creatinine, upcr)
    )
    all3, any2 = ((signs >= least).all(axis=0).mean() for least in (3, 2))
    return Twin(float(all3), float(any2), float(creatinine_ratio), float(upcr_ratio))


def _four_samples(config: Config, size: int, rng: np.random.Generator) -> tuple[Floats, Floats, Flags]:
    """Creatinine, UPCR and active sediment of nephritis candidates: (4, size), seven days apart."""
    pool, seen, together = config.population.nephritis, config.observation, config.population.correlations
    a, b, c = together.creatinine_upcr, together.creatinine_urine_rbc, together.upcr_urine_rbc
    z = rng.multivariate_normal(np.zeros(3), [[1.0, a, b], [a, 1.0, c], [b, c, 1.0]], size).T

    def noise(of: Noise) -> Floats:
        keep = math.exp(-7.0 / of.slow_days)
        slow = [rng.standard_normal(size)]
        for _ in range(3):
            slow.append(keep * slow[-1] + math.sqrt(1.0 - keep * keep) * rng.standard_normal(size))
        return of.slow_sd * np.array(slow) + of.fast_sd * rng.standard_normal((4, size))

    urine = seen.urine_protein
    mixed = noise(Noise(slow_sd=urine.slow_share, slow_days=urine.slow_days, fast_sd=urine.fast_share))
    upcr = pool.upcr_median * np.exp(pool.upcr_log_sd * z[1])
    cv = np.clip(urine.cv_at_2 * (upcr / 2.0) ** urine.cv_exponent, urine.cv_low, urine.cv_high)
    creatinine = pool.creatinine_median * np.exp(pool.creatinine_log_sd * z[0] + noise(seen.creatinine))
    level = np.maximum(pool.urine_rbc_median * np.exp(pool.urine_rbc_log_sd * z[2]), 1.0)
    red_cells = np.floor(level * np.exp(noise(seen.urine_rbc)) + 0.5) > config.protocol.urine_rbc_above
    other, body = config.population.exclusions, config.population.body
    menstruates = rng.random(size) < body.female * norm.cdf((other.menopause_age - body.age_mean) / body.age_sd)
    spoiled = rng.random((4, size)) < other.urinary_infection_at_sample
    spoiled |= menstruates & (rng.random((4, size)) < other.menses_at_sample)
    threshold = pool.casts_threshold_median * np.exp(pool.casts_threshold_log_sd * rng.standard_normal(size))
    casts = (np.exp(noise(seen.casts)) > threshold) & (rng.random(size) < pool.casts_owned)
    rounded = np.floor(100.0 * upcr * np.exp(cv * mixed) + 0.5) / 100.0
    return np.floor(creatinine + 0.5), rounded, (red_cells & ~spoiled) | casts
