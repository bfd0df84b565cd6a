"""Multiple imputation against its twin in plain Python: every completed trial exactly equal."""

import dataclasses
import random
from statistics import fmean

import numpy as np
import pytest

from sim.core.decisions import Decision
from sim.core.draws import uniform
from sim.endpoints.catalogue import ENDPOINTS
from sim.endpoints.estimand import standing
from sim.endpoints.evaluate import evaluate
from sim.endpoints.imputation import completed, rate
from tests.endpoints.records import analysis
from tests.endpoints.row_tables import data_set
from tests.independent import imputation as twin
from tests.independent.random_secondary import random_secondary_data_set
from tests.independent.subject import infused_subjects

RULES = {endpoint.id: endpoint.function for endpoint in ENDPOINTS}
SEED, TRIALS, IMPUTATIONS = 11, 2, 10
DETAILS = ("other", "pregnancy", "lack_of_efficacy", "adverse_event")
NAMES = ("P2", "P3", "S2", "S3", "S4")
SETTINGS = analysis(imputations=IMPUTATIONS)


def in_few_trials(data):
    """The same subjects, numbered anew in a few trials."""
    for rows in data.values():
        for row in rows:
            if row["subject"] is not None:
                group, row["trial"] = divmod(row["trial"], TRIALS)
                row["subject"] += 10 * group
    return data


@pytest.fixture(scope="module", params=range(2))
def both(request):
    rng = random.Random(100 + request.param)
    data = in_few_trials(random_secondary_data_set(rng, 240))
    for row in data["events"]:
        if row["kind"] == "withdrawal":
            row["detail"] = rng.choice(DETAILS)
    return infused_subjects(data), data_set(data)


def numbers(name):
    """Uniform numbers of the simulator's addresses."""
    place = twin.ORDER.index(name)

    def coefficient(trial, day, which, number):
        return uniform(np.uint64(SEED), trial, day, Decision.IMPUTATION_MODEL, 4 * (64 * which + place) + number)

    def outcome(trial, subject, which):
        return uniform(np.uint64(SEED), trial, subject, Decision.IMPUTATION, 64 * which + place)

    return coefficient, outcome


def twins_answer(people, name, strategy):
    """Completed outcomes by (trial, subject), and how many are missing."""
    cases = [case for person in people if (case := twin.case(person, name, strategy))]
    answers = {}
    for trial in range(TRIALS):
        members = [case for case in cases if case.person.trial == trial]
        rows = twin.completed(members, SETTINGS.imputation_prior, IMPUTATIONS, *numbers(name))
        answers |= {(trial, case.person.number): row for case, row in zip(members, rows, strict=True)}
    return answers, sum(case.outcome is None for case in cases)


@pytest.mark.parametrize("strategy", ["composite", "treatment_policy", "hypothetical"])
@pytest.mark.parametrize("name", NAMES)
def test_every_completed_trial_is_alike(both, name, strategy):
    people, tables = both
    theirs, missing = twins_answer(people, name, strategy)
    found = standing(name, RULES[name], tables, SETTINGS, strategy, "mi")
    assert int((found.in_population & (found.missing != 0)).sum()) == missing > 5
    responses = completed(name, found, SETTINGS, SEED)
    subjects = found.data.subjects
    mine = {
        (int(trial), int(number)): row.tolist()
        for trial, number, row, member in zip(
            subjects["trial"], subjects["subject"], responses, found.in_population, strict=True
        )
        if member
    }
    assert mine == theirs
    assert any(0 < sum(row) < IMPUTATIONS for row in theirs.values())
    estimate, error, freedom = twin.pooled(list(theirs.values()))
    together = rate(responses[found.in_population])
    assert (together.estimate, together.standard_error, together.freedom) == pytest.approx(
        (estimate, error, freedom), rel=1e-12
    )


def test_the_table_says_how_likely_each_subject_responds(both):
    people, tables = both
    chosen = dataclasses.replace(
        SETTINGS,
        missing=dataclasses.replace(SETTINGS.missing, P3="mi"),
        intercurrent=dataclasses.replace(SETTINGS.intercurrent, P3="treatment_policy"),
    )
    theirs, _ = twins_answer(people, "P3", "treatment_policy")
    table = evaluate(tables, chosen, ("P3",), seed=SEED)
    for trial, number, member, share in zip(
        *(table[name] for name in ("trial", "subject", "in_population", "response_probability")), strict=True
    ):
        if member:
            assert share == pytest.approx(fmean(theirs[int(trial), int(number)]), abs=1e-12)
        else:
            assert np.isnan(share)


def test_rows_of_other_endpoints_are_certain_or_nothing(both):
    _, tables = both
    chosen = dataclasses.replace(SETTINGS, missing=dataclasses.replace(SETTINGS.missing, P3="mi"))
    table = evaluate(tables, chosen, ("P2", "P3", "S8"), seed=SEED)
    others = table["endpoint"] != "P3"
    expected = np.where(table["responder"] == -1, np.nan, table["responder"].astype(float))[others]
    np.testing.assert_array_equal(table["response_probability"][others], expected)
    assert np.isnan(expected).any() and set(expected[~np.isnan(expected)]) == {0.0, 1.0}
