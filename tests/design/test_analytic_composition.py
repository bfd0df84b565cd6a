"""Mixtures of patients: against the binomial, against drawn patients, and against the bank's own algebra."""

import numpy as np
import pytest

from sim.config.compose import load
from sim.core.tables import Table
from sim.design.bank import strata_of
from sim.design.bank_rules import rule_of
from sim.design.bank_stages import Order
from sim.design.composition_risk import Mixture, composition_table, estimates, kinds_of, mixed_power
from sim.design.tournament import Counts
from sim.stats import binomial
from sim.words.composition import composition_text
from tests.design.one_trial import power_of
from tests.design.virtual_trials import design

QUESTION = load().question


def bank(rate_ln=0.7, rate_alone=0.1, rate_other=0.5, size=1000, infused=1.0):
    """LN, LC by lymphocytes alone (a tenth of LC) and other LC patients with exact rates of P1 and P2."""
    kinds = np.repeat([0, 1, 2], [size, size // 10, size - size // 10])
    rate = np.array([rate_ln, rate_alone, rate_other])[kinds]
    place = np.concatenate([np.arange((kinds == kind).sum()) / (kinds == kind).sum() for kind in range(3)])
    got_cells = np.tile(np.arange(10), len(kinds) // 10) < 10 * infused
    answer = np.where(got_cells, place < rate - 1e-9, -1).astype(np.int8)
    return Table(
        {
            "trial": np.arange(len(kinds)) // 10,
            "subject": np.arange(len(kinds)) % 10,
            "subgroup": (kinds > 0).astype(np.int8),
            "infused": got_cells.astype(np.int8),
            "lymphopenia_only": (kinds == 1).astype(np.int8),
            "P1": answer,
            "P2": np.where(kinds > 0, answer, -1).astype(np.int8),
        }
    )


def table(banks=None, endpoints=("P1", "P2"), **changes):
    banks = banks or {"none": bank(0.5, 0.0, 0.2), "neutral": bank()}
    return composition_table(banks, endpoints, design(**changes), QUESTION, ["none", "neutral"], Counts(200, 0))


def row(rows, **keys):
    chosen = np.logical_and.reduce([rows[name] == value for name, value in keys.items()])
    assert chosen.sum() == 1
    return {name: column[chosen][0].item() for name, column in rows.items()}


def test_every_split_is_the_bank_s_own_algebra():
    rows, patients = table(), bank()
    for endpoint, population in (("P1", "all"), ("P2", "LC")):
        threshold = rule_of(endpoint, design(), 0.05).threshold
        strata = strata_of(patients, endpoint, design(), population)
        for first in range(11):
            found = row(rows, risk="split", level=first / 10, endpoint=endpoint, effect="neutral")
            assert found["power"] == pytest.approx(power_of(strata, (first, 10 - first), threshold)[0], abs=1e-9)


def test_chance_in_the_numbers_is_the_binomial_of_the_mixed_rate():
    found = row(table(), risk="random composition", level=0.3, endpoint="P1", effect="neutral")
    rate = 0.3 * 0.7 + 0.7 * (0.1 * 0.1 + 0.9 * 0.5)
    assert found["rate"] == pytest.approx(rate)
    critical = binomial.critical_value(10, 0.5, 0.05)
    assert found["power"] == pytest.approx(binomial.power(10, critical, rate), abs=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5])
def test_lymphopenia_alone_dilutes_the_rate(share):
    found = row(table(), risk="lymphopenia only", level=share, endpoint="P2", effect="neutral")
    rate = share * 0.1 + (1.0 - share) * 0.5
    critical = binomial.critical_value(5, 0.15, 0.05)
    assert found["rate"] == pytest.approx(rate)
    assert found["power"] == pytest.approx(binomial.power(5, critical, rate), abs=1e-12)


def test_those_never_infused_are_not_evaluated():
    found = row(table(), risk="never infused", level=0.2, endpoint="P2", effect="neutral")
    rate, expected = 0.1 * 0.1 + 0.9 * 0.5, 0.0
    for evaluated in range(4, 6):
        chance = binomial.poisson_binomial([0.8] * 5)[evaluated]
        expected += chance * binomial.power(evaluated, binomial.critical_value(evaluated, 0.15, 0.05), rate)
    assert found["power"] == pytest.approx(expected, abs=1e-12)
    assert found["rate"] == pytest.approx(rate)


def test_a_bank_with_patients_never_infused_is_mixed_from_the_infused():
    patients = bank(infused=0.9)
    assert estimates(patients, "P1", Order(0.5, 0))[0][6:8] == pytest.approx((0.1, 0.9))
    assert [kind.patients for kind in kinds_of(patients, "P1")] == [900, 90, 810]
    rows = table({"none": patients, "neutral": patients}, ("P2",))
    whole = table({"none": bank(), "neutral": bank()}, ("P2",))
    keys = {"risk": "never infused", "level": 0.3, "endpoint": "P2", "effect": "neutral"}
    assert row(rows, **keys)["power"] == pytest.approx(row(whole, **keys)["power"], abs=2e-2)


@pytest.mark.parametrize(
    "mixture",
    [
        Mixture("lymphopenia only", 0.5, 10, (5, 5), lymphopenia_only=0.5),
        Mixture("split", 0.1, 10, (1, 9)),
        Mixture("random composition", 0.3, 10, None),
    ],
)
def test_the_error_is_that_of_banks_drawn_again(mixture):
    generator = np.random.default_rng(8)
    rule = rule_of("P1", design(), 0.05)
    powers = []
    for _ in range(800):
        alone = generator.binomial(1000, 0.1)
        kinds = ((1000, 0.7), (alone, 0.1), (1000 - alone, 0.5))
        rates = [generator.binomial(size, p) / size for size, p in kinds]
        values = np.array([1.0, rates[0], 1.0, rates[1], 1.0, rates[2], alone / 1000, 1.0, 0.5])
        powers.append(mixed_power(values, mixture, rule, 10))
    said = row(table(endpoints=("P1",)), risk=mixture.risk, level=mixture.level, endpoint="P1", effect="neutral")
    # The relative error of a standard deviation from 800 draws is 1/40; five of them.
    assert np.std(powers, ddof=1) == pytest.approx(said["power_mcse"], rel=0.125)


def test_the_text_has_a_line_for_each_mixture():
    text = composition_text(table())
    assert "split               5 + 5" in text
    assert "never infused       30 %" in text
    assert text.count("random composition  50 %") == 2
