"""The lazy verdict agrees with the full matrix, and a rule means the same on columns and compiled."""

from dataclasses import replace

import numba
import numpy as np
import pytest

from sim.population.history import HISTORY
from sim.population.person import LC, LN, PERSON
from sim.screening.ahead import look_ahead
from sim.screening.candidates import candidate_columns
from sim.screening.case import AHEAD
from sim.screening.catalogue import CRITERIA
from sim.screening.clinic import ARRIVAL, COUNTS, Clinic, screen
from sim.screening.matrix import criterion_matrix


def verdicts(clinic, arrivals):
    """Of each candidate the lazy verdict and that of the full matrix."""
    room, person, history = clinic.room(), np.zeros(1, PERSON), np.zeros(1, HISTORY)
    lazy = [
        screen(room, person, history, 0, each["subgroup"], each["trial"], each["candidate"]) for each in arrivals
    ]
    return np.array(lazy), criterion_matrix(candidate_columns(arrivals, clinic), clinic.rules)["eligible"]


def _some(generator, *choices):
    return choices[generator.integers(len(choices))]


def _anything(config, generator):
    """A configuration in which most of what screening reads is something else."""
    g, protocol, population = generator, config.protocol, config.population
    days = np.sort(g.choice(np.arange(-48, 0), 3, replace=False))
    protocol = replace(
        protocol,
        ln_lab_rule=_some(g, "ALL3", "ANY2", "PROT_ANY"),
        casts_scope=_some(g, "sediment", "everything"),
        ln_lab_samples=_some(g, 1, 3),
        ln_labs_and_biopsy=_some(g, "both", "either"),
        subgroup_assignment=_some(g, "stream", "stream", "both"),
        serology_rule=_some(g, "or", "and"),
        refractory_rule=_some(g, "or", "and"),
        creatinine_above=g.uniform(40.0, 110.0),
        creatinine_excluded_above=g.uniform(110.0, 300.0),
        upcr_above=_some(g, 0.5, 1.0, g.uniform(0.2, 2.0)),
        urine_rbc_above=_some(g, 0.0, 5.0, g.uniform(0.0, 20.0)),
        biopsy_max_age_days=int(g.integers(0, 900)),
        age_max=g.uniform(40.0, 80.0),
        steroid_dependent_dose=g.uniform(5.0, 30.0),
        sample_days_LN=tuple(float(day) for day in days),
        sample_day_LC=int(g.integers(-48, 0)),
        screening_days=60,
    )
    some_exclusions = {
        name: g.uniform(0.0, 0.4)
        for name in ("refuses", "menses_at_sample", "urinary_infection_at_sample", "severe_cns", "biologic")
    }
    population = replace(
        population,
        exclusions=replace(population.exclusions, **some_exclusions, pregnant_or_lactating=g.uniform(0.0, 0.5)),
        donor=replace(population.donor, found_under_40=g.uniform(0.2, 1.0), too_old=g.uniform(0.01, 0.5)),
        nephritis=replace(
            population.nephritis,
            creatinine_log_sd=g.uniform(0.01, 1.0),
            upcr_median=g.uniform(0.5, 3.0),
            casts_owned=g.uniform(0.0, 1.0),
        ),
        correlations=replace(
            population.correlations, creatinine_upcr=g.uniform(-0.5, 0.5), dose_upcr=g.uniform(-0.4, 0.4)
        ),
        features=replace(population.features, ana_positive=g.uniform(0.3, 1.0)),
    )
    noise = replace(
        config.observation.creatinine,
        slow_sd=_some(g, 0.0, 0.05, 0.8),
        slow_days=g.uniform(0.2, 100.0),
        fast_sd=_some(g, 0.0, 0.02, 0.5),
    )
    red_cells = replace(config.observation.urine_rbc, slow_sd=_some(g, 0.0, 0.25), fast_sd=_some(g, 0.0, 1.0))
    return replace(
        config,
        protocol=protocol,
        population=population,
        observation=replace(config.observation, creatinine=noise, urine_rbc=red_cells),
        disease=replace(config.disease, activity_cap=_some(g, 0.5, 1.0, config.disease.activity_cap)),
    )


def looked_ahead(clinic, trial, n):
    """The first arrivals of a trial that enrols nobody, and which of them a look ahead finds promising."""
    arrivals, promising = np.zeros(n, ARRIVAL), np.zeros(n, bool)
    room, counts = clinic.room(), np.zeros(1, COUNTS)
    arrivals["trial"], arrivals["candidate"] = trial, np.arange(n)
    for first in range(0, n, AHEAD):
        counts["arrived"] = first
        look_ahead(room, counts, trial)
        seen = room.ahead[: n - first]
        arrivals["subgroup"][first : first + AHEAD] = seen["subgroup"]
        promising[first : first + AHEAD] = seen["promising"]
    return arrivals, promising


@pytest.mark.parametrize("number", range(24))
def test_lazy_verdict_equals_the_full_matrix_whatever_is_configured(configured, number):
    generator = np.random.default_rng(number)
    clinic = Clinic.of(_anything(configured(), generator))
    arrivals, promising = looked_ahead(clinic, number, 1_500)
    lazy, full = verdicts(clinic, arrivals)
    assert np.array_equal(lazy, full)
    assert not np.any(full & ~promising)
    assert 0 < full.sum() < promising.sum() < len(full)


def test_a_look_ahead_gives_up_what_its_questions_rule_out(configured):
    # 0.75 consent, 0.63 of the biopsies are recent, 0.85 · 0.92 · 0.94 have a donor and neither exclusion, 0.28 of
    # the creatinines are raised: 0.10 of the nephritis stream, 0.55 of the other; standard errors 0.003 and 0.005.
    arrivals, promising = looked_ahead(Clinic.of(configured()), 0, 20_000)
    for stream, share, error in ((LN, 0.097, 0.003), (LC, 0.551, 0.005)):
        assert abs(promising[arrivals["subgroup"] == stream].mean() - share) < 4.0 * error


def test_a_look_ahead_leaves_a_closed_stream_alone(configured):
    clinic = Clinic.of(configured())
    room, counts = clinic.room(), np.zeros(1, COUNTS)
    counts["enrolled"][0, LC] = clinic.plan["places"][0, LC]
    look_ahead(room, counts, 0)
    assert not np.any(room.ahead["promising"] & (room.ahead["subgroup"] == LC))
    assert np.any(room.ahead["subgroup"] == LC)


READINGS = [
    (20_000, ()),
    (6_000, ("protocol.ln_lab_rule=ANY2",)),
    (3_000, ("protocol.ln_lab_rule=ANY2", "protocol.casts_scope=everything", "protocol.biologic_rule=any")),
    (3_000, ("protocol.ln_lab_rule=PROT_ANY", "protocol.ln_lab_samples=1", "protocol.ivig_rule=current")),
    (3_000, ("protocol.casts_scope=everything", "protocol.allergy_rule=any")),
    (3_000, ("protocol.ln_labs_and_biopsy=either", "protocol.refractory_rule=and")),
    (3_000, ("protocol.subgroup_assignment=both", "protocol.lymphopenia_counts=with_attribution")),
    (3_000, ("protocol.serology_rule=and", "protocol.require_non_lymphopenia=true")),
    (3_000, ("protocol.lineage_rule=white_both", "protocol.slicc_standalone=true")),
]


@pytest.mark.parametrize(("n", "readings"), READINGS)
def test_lazy_verdict_equals_the_full_matrix(configured, n, readings):
    clinic = Clinic.of(configured(*readings))
    arrivals = np.zeros(n, ARRIVAL)
    arrivals["candidate"] = np.arange(n)
    arrivals["subgroup"] = np.where(np.arange(n) % 4 == 0, LC, LN)
    lazy, full = verdicts(clinic, arrivals)
    assert np.array_equal(lazy, full)
    for stream in (LN, LC):
        assert 0 < lazy[arrivals["subgroup"] == stream].sum() < np.sum(arrivals["subgroup"] == stream)


_FLAG_STARTS = ("ever_", "other_cause", "history_", "consent", "donor_found", "I", "E", "cellular", "menses")
_CODES = {"subgroup": 2, "female": 2, "regimen_drug": 11, "biopsy_class": 9}


def _random_column(name, generator, n):
    if name in ("regimen_response", "biopsy_lesions"):
        return generator.integers(-1, 3, n)
    if name in _CODES:
        return generator.integers(0, _CODES[name], n)
    flags = (
        *_FLAG_STARTS,
        "urinary",
        "active",
        "heart",
        "liver",
        "coag",
        "preg",
        "major",
        "biologic_inv",
        "lymphopenia",
    )
    if name.startswith(flags):
        return generator.random(n) < 0.5
    values = generator.choice([np.nan, 0.0, 1.0, 2.5, 10.0, 15.0, 18.0, 70.0, 80.0, 100.0, 106.0, 182.0, 365.0], n)
    return values + generator.choice([0.0, 0.5, -0.5, 1e-10], n)


UNIQUE = {criterion.function: criterion for criterion in CRITERIA}.values()


@pytest.mark.parametrize("criterion", UNIQUE, ids=[criterion.id for criterion in UNIQUE])
def test_rule_on_columns_equals_compiled_scalars(rules, criterion):
    generator = np.random.default_rng(11)
    columns = [_random_column(name, generator, 200) for name in criterion.reads]
    scalar = numba.njit(criterion.function)
    for reading in ((), ("ln_lab_rule=ANY2", "serology_rule=and", "biologic_rule=any", "lymphopenia_counts=no")):
        quoted = [text.replace("=no", "='no'") for text in reading]
        settings = [rules(*quoted)[0][name] for name in criterion.settings]
        on_columns = criterion.function(*columns, *settings)
        one_by_one = [scalar(*(column[row] for column in columns), *settings) for row in range(200)]
        assert np.array_equal(np.asarray(on_columns, dtype=bool), np.array(one_by_one, dtype=bool))
