"""Imputation where the truth is known: outcomes missing at random given what was seen before."""

import dataclasses

import numpy as np
import pytest
from scipy import special

from sim.endpoints.catalogue import ENDPOINTS
from sim.endpoints.estimand import standing
from sim.endpoints.imputation import completed, rate
from tests.endpoints.records import analysis, data_set, patient

SIZE = 600
RULE = {endpoint.id: endpoint.function for endpoint in ENDPOINTS}["P3"]


def trial(seed):
    """Log UPCR at week 20 is normal about log 0.5; week 24 follows it; who is high at week 20 tends to leave.

    Returns the patients with their true responses, as if nobody had left.
    """
    generator = np.random.default_rng(seed)
    before = np.log(0.5) + 0.6 * generator.normal(size=SIZE)
    after = before + 0.3 * generator.normal(size=SIZE)
    left = generator.random(SIZE) < special.expit(3.0 * (before - np.log(0.5)))
    earlier = {name: {"upcr": 1.0} for name in ("D3", "W1", "W4", "W8", "W12", "W12D3", "W13", "W16")}
    people = []
    for number in range(SIZE):
        visits = {**earlier, "W20": {"upcr": float(np.exp(before[number]))}}
        visits["W24"] = None if left[number] else {"upcr": float(np.exp(after[number]))}
        people.append(patient(subject=number, visits=visits))
    return people, after <= np.log(0.5), left


@pytest.fixture(scope="module")
def made():
    people, truth, left = trial(5)
    found = standing("P3", RULE, data_set(*people), analysis(), "composite", "mi")
    return found, truth, left


def test_the_design_is_biased_where_the_missing_are_left_out(made):
    found, truth, left = made
    assert (found.missing != 0).tolist() == left.tolist()
    observed = (found.failed[~left] == 0).mean()
    # The standard error of a share of 300 is below 0.029.
    assert observed > truth.mean() + 5 * 0.029


def test_imputation_finds_the_rate_that_would_have_been_seen(made):
    found, truth, left = made
    result = rate(completed("P3", found, analysis(), 1))
    share = truth.mean()
    complete = np.sqrt(share * (1 - share) / SIZE)
    assert complete < result.standard_error < 2 * complete
    # Given those who stayed, the difference comes from the missing alone; four standard errors of what was lost.
    lost = np.sqrt(result.standard_error**2 - complete**2) + np.sqrt(left.sum() * 0.25) / SIZE
    assert abs(result.estimate - share) < 4 * lost < 0.16
    assert result.low < share < result.high


def test_a_subject_seen_low_is_likelier_to_respond(made):
    found, _, left = made
    chance = completed("P3", found, analysis(), 1).mean(axis=1)
    last = np.array([found.data.visits["upcr"][found.data.visits["visit"] == "W20"]]).ravel()
    low, high = left & (last < 0.4), left & (last > 1.0)
    assert low.sum() > 20 and high.sum() > 20
    assert chance[low].min() > chance[high].max()


def test_a_tight_prior_draws_as_if_nothing_were_known(made):
    found, _, left = made
    flat = completed("P3", found, dataclasses.replace(analysis(), imputation_prior=1e-3), 1)[left]
    # One half for everybody: 100 imputations of some 300 subjects, standard error below 0.003.
    assert abs(flat.mean() - 0.5) < 5 * 0.003
    chance = completed("P3", found, analysis(), 1)[left].mean(axis=1)
    assert chance.std() > 5 * flat.mean(axis=1).std()
