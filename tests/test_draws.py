"""The generator against NumPy's, the quantiles against SciPy's, and what an address promises."""

import numpy as np
import pytest
from scipy import special

from sim.core import draws


@pytest.mark.parametrize("key", [(0, 0), (7, 3), (2**63 - 1, 10**9)])
@pytest.mark.parametrize("counter", [(0, 0, 0, 0), (5, 3, 211, 0), (2**40, 21, 399, 0)])
def test_block_equals_numpy_philox_bit_for_bit(key, counter):
    # NumPy increments the counter before it generates, so start one below.
    start = (sum(word << (64 * k) for k, word in enumerate(counter)) - 1) % 2**256
    generator = np.random.Philox(counter=start, key=key[0] + (key[1] << 64))
    assert [int(word) for word in draws.block(*key, *counter)] == [int(w) for w in generator.random_raw(4)]


def test_unit_stays_strictly_inside_zero_and_one():
    assert draws.unit(np.uint64(0)) == 2.0**-53
    assert draws.unit(np.uint64(2**64 - 1)) == 1.0 - 2.0**-53


def test_uniform_is_a_lane_of_its_block():
    four = draws.uniforms(7, 1, 2, 3, 8)
    assert [draws.uniform(7, 1, 2, 3, 8 + lane) for lane in range(4)] == list(four)


def test_analytic_normal_quantile_equals_scipy():
    p = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 20001), 10.0 ** -np.arange(2.0, 16.0)])
    ours = np.array([draws.normal_quantile(x) for x in p])
    np.testing.assert_allclose(ours, special.ndtri(p), rtol=1e-13, atol=1e-15)


def test_analytic_uniforms_are_uniform_over_candidates():
    values = np.sort([draws.uniform(11, 0, candidate, 1, 0) for candidate in range(20_000)])
    distance = np.max(np.abs(values - (np.arange(20_000) + 0.5) / 20_000))
    assert distance < 2.2 / np.sqrt(20_000)  # Kolmogorov: exceeded with probability 1e-4
