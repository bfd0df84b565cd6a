"""The algebra of a patient bank against closed forms and against enumeration by hand."""

import itertools

import numpy as np
import pytest

from sim.design import bank_algebra as algebra
from sim.design.bank_algebra import EMPTY, Stratum, delta_method, joint_law, joint_power, mean_rate
from sim.design.closed_form import exact_power
from sim.design.rules import exact_binomial_threshold
from sim.stats import binomial
from tests.design.one_trial import power_of

LN, LC = Stratum(1000, 1000, 640), Stratum(800, 800, 200)


def threshold(n):
    return exact_binomial_threshold(n, 0.3, 0.05, 4)


def by_hand(strata, sizes, rule):
    """Every patient is outside, no responder or a responder: all combinations, one by one."""
    kinds = [((0, 0), 1.0 - s.share) for s in strata]
    total = 0.0
    lists = []
    for stratum, size in zip(strata, sizes, strict=True):
        kinds = [
            ((0, 0), 1.0 - stratum.share),
            ((1, 0), stratum.share * (1.0 - stratum.rate)),
            ((1, 1), stratum.share * stratum.rate),
        ]
        lists += [kinds] * size
    for combination in itertools.product(*lists):
        evaluated = sum(kind[0] for kind, _ in combination)
        responders = sum(kind[1] for kind, _ in combination)
        critical = rule(evaluated)
        if critical is not None and responders >= critical:
            total += float(np.prod([probability for _, probability in combination]))
    return total


@pytest.mark.parametrize("sizes", [(5, 5), (0, 9), (12, 3), (7, 0)])
def test_with_everybody_in_the_population_it_is_the_poisson_binomial(sizes):
    rates = np.repeat([LN.rate, LC.rate], sizes)
    expected = binomial.power_poisson_binomial(rates, threshold(sum(sizes)))
    assert power_of((LN, LC), sizes, threshold)[0] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("sizes", [(5, 5), (8, 2)])
def test_power_and_error_are_those_of_the_closed_form(sizes):
    rates = np.array([LN.rate, LC.rate])
    errors = np.array([np.sqrt(LN.variances[1]), np.sqrt(LC.variances[1])])
    expected = exact_power(np.array([sizes]), rates, errors, threshold)
    assert power_of((LN, LC), sizes, threshold) == pytest.approx(expected, rel=1e-9)


def test_a_single_pooled_stratum_is_the_binomial():
    pooled = Stratum(900, 900, 500)
    grid, _ = algebra.power_grid((pooled, EMPTY), 30, threshold)
    for n in range(31):
        assert grid[n, 0] == pytest.approx(binomial.power(n, threshold(n), pooled.rate), abs=1e-12)


@pytest.mark.parametrize("sizes", [(3, 3), (4, 2)])
def test_patients_outside_the_population_are_enumerated(sizes):
    strata = (Stratum(100, 80, 56), Stratum(90, 45, 30))
    assert power_of(strata, sizes, threshold)[0] == pytest.approx(by_hand(strata, sizes, threshold), abs=1e-12)


def test_the_grid_holds_nothing_beyond_its_size():
    power, error = algebra.power_grid((LN, LC), 12, threshold)
    inside = np.add.outer(np.arange(13), np.arange(13)) <= 12
    assert np.isfinite(power[inside]).all() and np.isfinite(error[inside]).all()
    assert np.isnan(power[~inside]).all() and np.isnan(error[~inside]).all()


def test_the_error_of_the_grid_is_the_spread_of_banks():
    generator = np.random.default_rng(5)
    truth = (Stratum(400, 320, 192), Stratum(500, 450, 90))

    def drawn(stratum):
        inside = generator.binomial(stratum.patients, stratum.share)
        return Stratum(stratum.patients, inside, generator.binomial(inside, stratum.rate))

    powers = [power_of((drawn(truth[0]), drawn(truth[1])), (6, 6), threshold)[0] for _ in range(400)]
    error = power_of(truth, (6, 6), threshold)[1]
    # The relative error of a standard deviation from 400 draws is about 1/sqrt(800); five of them.
    assert np.std(powers, ddof=1) == pytest.approx(error, rel=5.0 / np.sqrt(800))


def test_the_joint_law_of_one_endpoint_is_the_grid():
    strata = (Stratum(50, 40, 24), Stratum(60, 60, 15))
    columns = [
        np.repeat([-1, 0, 1], [s.patients - s.inside, s.inside - s.responders, s.responders]) for s in strata
    ]
    laws = [joint_law([column]) for column in columns]

    def succeeds(evaluated, responders):
        critical = [threshold(int(n)) for n in evaluated[:, 0]]
        return np.array([c is not None and x >= c for c, x in zip(critical, responders[:, 0], strict=True)])

    assert joint_power(laws, (4, 5), succeeds) == pytest.approx(power_of(strata, (4, 5), threshold), rel=1e-9)


def test_endpoints_that_always_agree_and_that_never_do():
    one = np.repeat([1, 0], [30, 70])
    both = joint_power([joint_law([one, one])], [4], lambda _, x: (x[:, 0] >= 2) & (x[:, 1] >= 2))
    either = joint_power([joint_law([one, 1 - one])], [4], lambda _, x: (x[:, 0] >= 3) & (x[:, 1] >= 3))
    assert both[0] == pytest.approx(binomial.power(4, 2, 0.3), abs=1e-12)
    assert either[0] == pytest.approx(0.0, abs=1e-12)


def test_a_stratum_that_the_bank_lacks_is_refused():
    law = joint_law([np.array([1, 0])])
    nobody = algebra.JointLaw(np.zeros((1, 1), np.int64), np.zeros(1, np.int64))
    with pytest.raises(ValueError, match="no patient"):
        joint_power([law, nobody], [2, 1], lambda _, x: x[:, 0] >= 1)


def test_the_delta_method_of_a_product():
    covariance = np.array([[4e-4, 1e-4], [1e-4, 9e-4]])
    value, error = delta_method(lambda v: float(v[0] * v[1]), np.array([0.4, 0.5]), covariance)
    slopes = np.array([0.5, 0.4])
    assert value == pytest.approx(0.2)
    assert error == pytest.approx(np.sqrt(slopes @ covariance @ slopes), rel=1e-6)


def test_the_mean_rate_weighs_by_those_in_the_population():
    strata = (Stratum(100, 50, 40), Stratum(100, 100, 20))
    rate, error = mean_rate(strata, (4, 6))
    assert rate == pytest.approx((2 * 0.8 + 6 * 0.2) / 8)

    def rate_of(v):
        return (4 * v[0] * v[1] + 6 * v[2] * v[3]) / (4 * v[0] + 6 * v[2])

    covariance = np.diag([*strata[0].variances, *strata[1].variances])
    assert error == pytest.approx(delta_method(rate_of, np.array([0.5, 0.8, 1.0, 0.2]), covariance)[1], rel=1e-6)
    assert np.isnan(mean_rate(strata, (0, 0))[0])
