"""A rule with planned numbers on the patients of a bank: every order and answer enumerated, and trials drawn."""

import itertools

import numpy as np
import pytest

from sim.core.errors import InputError
from sim.core.tables import Table
from sim.design.bank_algebra import EMPTY, Stratum
from sim.design.bank_rules import grid_of, rule_of
from sim.design.bank_stages import Order, one_kind, order_of, staged_grid
from sim.design.rules import Plan
from sim.design.verdicts import chances_at
from tests.design.virtual_trials import design, shipped_values

TWO = Plan(4, 3, 2, 2, 0)
ONE = Plan(4, 3, 2)
VALUES = (0.8, 0.7, 0.6, 0.2, 0.3)


def orders(sizes, share):
    """Every order in which the places are filled, with its probability."""
    if not any(sizes):
        return [((), 1.0)]
    found = []
    for kind, chance in ((0, share), (1, 1.0 - share)):
        if sizes[kind]:
            fewer = tuple(size - (place == kind) for place, size in enumerate(sizes))
            weight = chance if all(sizes) else 1.0
            found += [((kind, *rest), weight * p) for rest, p in orders(fewer, share)]
    return found


def decides(answers, plan, min_n):
    """One trial, patient by patient: -1 not evaluated, 0 none, 1 response."""
    evaluated = [answer for answer in answers if answer >= 0]
    if len(evaluated) < min_n:
        return False
    if plan.interim and sum(evaluated[: plan.interim]) <= plan.futility:
        return False
    return sum(evaluated[: plan.n]) >= plan.needed


def by_hand(values, sizes, plan, min_n):
    total = 0.0
    for order, weight in orders(sizes, values[4]):
        for answers in itertools.product((-1, 0, 1), repeat=len(order)):
            if decides(answers, plan, min_n):
                chance = weight
                for kind, answer in zip(order, answers, strict=True):
                    share, rate = values[2 * kind : 2 * kind + 2]
                    chance *= (1.0 - share, share * (1.0 - rate), share * rate)[answer + 1]
                total += chance
    return total


@pytest.mark.parametrize("plan", [TWO, ONE, Plan(5, 2, 1, 3, 1), Plan(2, 3, 2)])
@pytest.mark.parametrize("min_n", [1, 2])
def test_every_number_of_both_kinds_is_the_enumeration_of_all_orders_and_answers(plan, min_n):
    grid = staged_grid(VALUES, 6, plan, min_n)
    for sizes in itertools.product(range(7), range(7)):
        if sum(sizes) <= 6:
            assert grid[sizes] == pytest.approx(by_hand(VALUES, sizes, plan, min_n), abs=1e-12), sizes


def test_with_everybody_evaluated_one_kind_is_the_published_design():
    plan = Plan(25, 17, 16, 11, 6)
    for rate in (0.5, 0.75):
        power = one_kind(1.0, rate, 30, plan, 4)
        assert power[25:] == pytest.approx(chances_at(plan, rate)["go"], abs=1e-12)
        assert (np.diff(power[17:26]) > 0.0).all()
    # Simon 1989: 0.5 against 0.75 at 5 % and 80 %; docs of the rule give 0.046 and 0.801.
    assert one_kind(1.0, 0.5, 25, plan, 4)[25] == pytest.approx(0.046, abs=5e-4)


def test_no_plan_succeeds_never():
    assert not staged_grid(VALUES, 5, None, 1).any()
    assert not one_kind(1.0, 0.9, 5, None, 1).any()


def test_more_states_than_can_be_enumerated_are_refused():
    with pytest.raises(InputError, match=r"design.rule: the order of LN and LC has 3,910,841,121 states"):
        staged_grid(VALUES, 400, Plan(200, 120, 119), 4)


def filled(generator, trials, sizes, share):
    """Trials that fill their places one patient after the other; rows in no order."""
    subgroup = []
    for _ in range(trials):
        left = list(sizes)
        while any(left):
            kind = int(generator.random() >= share) if all(left) else int(left[0] == 0)
            left[kind] -= 1
            subgroup.append(kind)
    rows = generator.permutation(len(subgroup))
    n = sum(sizes)
    table = {"trial": np.arange(len(rows)) // n, "subject": np.arange(len(rows)) % n}
    return Table(table | {"subgroup": np.array(subgroup, np.int8)}).where(rows)


def test_the_order_of_enrolment_is_found_again():
    table = filled(np.random.default_rng(3), 4000, (5, 5), 0.2)
    order = order_of(table, design())
    # Nobody is enrolled with a choice once one kind has its five.
    assert 4000 * 5 <= order.enrolled < 4000 * 9
    assert abs(order.share - 0.2) < 4.5 * np.sqrt(order.variance)
    assert order_of(table, design(n_LN=10)).enrolled == 0


def test_power_of_drawn_trials_and_the_error_of_drawn_banks():
    """Banks of 150 trials: the mean of their powers is that at the truth, their spread the error they say."""
    generator = np.random.default_rng(11)
    settings = {**shipped_values()["settings"], "boundaries": {"P1": [1, 4, 5, 8]}}
    rule = rule_of("P1", design(rule="two_stage", settings=settings, alpha=[0.05]), 0.05)
    values, powers = np.array([0.9, 0.75, 0.95, 0.55, 0.25]), []
    strata = (Stratum(600, 540, 405), Stratum(600, 570, 314))
    truth, error = (each[5, 5] for each in grid_of(rule, strata, Order(0.25, 900), 10))
    for _ in range(400):
        inside = generator.binomial(600, values[[0, 2]])
        rates = generator.binomial(inside, values[[1, 3]]) / inside
        drawn = (inside[0] / 600, rates[0], inside[1] / 600, rates[1], generator.binomial(900, 0.25) / 900)
        powers.append(staged_grid(tuple(map(float, drawn)), 10, rule.plan(10), 4)[5, 5])
    assert abs(np.mean(powers) - truth) < 4.5 * error / np.sqrt(400) + 0.001
    # The relative error of a standard deviation from 400 draws is 1/28; five of them.
    assert np.std(powers, ddof=1) == pytest.approx(error, rel=0.18)


def test_each_number_has_the_plan_that_has_room():
    chosen = design(rule="simon_optimal", n=40, alpha=[0.05])
    rule, kind = rule_of("P2", chosen, 0.05), Stratum(1000, 1000, 500)
    power, error = grid_of(rule, (EMPTY, kind), Order(0.5, 0), 30)
    assert np.isnan(power[1, 1])
    for n in range(31):
        plan = rule.plan(n)
        expected = 0.0 if plan is None else one_kind(1.0, 0.5, n, plan, 4)[n]
        assert power[0, n] == pytest.approx(expected, abs=1e-12)
        assert (error[0, n] > 0.0) == (plan is not None)
    assert rule.plan(9) is None
    assert len({rule.plan(n) for n in range(10, 31)}) > 1
