"""Rules, stages and verdicts against slow loops over patients, and exact chances against all outcomes."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from sim.design.decision import decide
from sim.design.rules import CATALOGUE, RULES, Plan, plan_of, question
from sim.design.staged import order_in_trial, staged
from sim.design.verdicts import chances_at, counted_verdicts, exact_verdicts, staged_verdicts
from tests.design.virtual_trials import design, draw

PLANS = [Plan(8, 4, 3, 3, 0), Plan(8, 5, 3, 4, 1), Plan(7, 4, 3), Plan(6, 4, 1), Plan(5, 6, 5)]


def verdict_of(plan, outcomes):
    """What the plan says of patients' outcomes in order, missing ones left out: one patient after the other."""
    if plan.interim and sum(outcomes[: plan.interim]) <= plan.futility:
        return "stop_early"
    responders = sum(outcomes[: plan.n])
    if responders >= plan.needed:
        return "go"
    return "stop" if responders <= plan.stop_most else "consider"


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
def test_chances_are_those_of_all_outcomes(plan, rate):
    chances = dict.fromkeys(("go", "consider", "stop", "stop_early"), 0.0)
    for outcomes in product((0, 1), repeat=plan.n):
        weight = rate ** sum(outcomes) * (1 - rate) ** (plan.n - sum(outcomes))
        chances[verdict_of(plan, outcomes)] += weight
    chances["stop"] += chances["stop_early"]
    assert chances_at(plan, rate) == pytest.approx(chances, abs=1e-12)
    assert chances["go"] + chances["consider"] + chances["stop"] == pytest.approx(1.0)


@pytest.mark.parametrize("plan", PLANS)
def test_chances_of_two_strata_are_those_of_all_outcomes(plan):
    rates, first, later = (0.3, 0.8), (plan.interim - plan.interim // 2, plan.interim // 2), None
    rest = plan.n - plan.interim
    later = (rest // 3, rest - rest // 3)
    each = np.repeat([*rates, *rates], [*first, *later])
    chances = dict.fromkeys(("go", "consider", "stop", "stop_early"), 0.0)
    for outcomes in product((0, 1), repeat=plan.n):
        weight = float(np.prod(np.where(outcomes, each, 1 - each)))
        chances[verdict_of(plan, outcomes)] += weight
    chances["stop"] += chances["stop_early"]
    found = exact_verdicts(np.array([first]), np.array([later]), np.array(rates), np.zeros(2), lambda n: plan)
    assert {name: chance for name, (chance, _) in found.items()} == pytest.approx(chances, abs=1e-12)


def test_the_error_is_the_numerical_derivative_times_the_error_of_the_rates():
    plan, errors, step = PLANS[1], np.array([0.02, 0.05]), 1e-6
    first, later, rates = np.array([[2, 2]] * 10**6), np.array([[3, 1]] * 10**6), np.array([0.6, 0.3])
    found = exact_verdicts(first, later, rates, errors, lambda n: plan)

    def at(shift, verdict):
        return exact_verdicts(first[:1], later[:1], rates + shift, np.zeros(2), lambda n: plan)[verdict][0]

    for verdict, (_, error) in found.items():
        slopes = [(at(step * unit, verdict) - at(-step * unit, verdict)) / (2 * step) for unit in np.eye(2)]
        assert error == pytest.approx(np.linalg.norm(slopes * errors), rel=1e-5)


def test_the_order_within_a_trial_by_looking():
    generator = np.random.default_rng(4)
    trial, subject = generator.integers(0, 5, 40), generator.permutation(40)
    expected = [np.sum((trial == t) & (subject < s)) for t, s in zip(trial, subject, strict=True)]
    assert order_in_trial(trial, subject).tolist() == expected
    assert order_in_trial(np.zeros(0, int), np.zeros(0, int)).size == 0


BOUNDARIES = {"P1": (2, 5, 4, 8), "P3": (0, 2, 1, 4), "S3": (1, 4, 3, 7)}
EVALUABLE = {"P2": (0.0, 1.0), "P3": (1.0, 0.0), "S3": (0.7, 0.5)}
RATES = {"P1": (0.9, 0.3), "P2": (0.0, 0.4), "P3": (0.4, 0.0), "S3": (0.6, 0.35)}


@pytest.mark.parametrize("endpoint", ["P1", "P3", "S3"])
def test_each_trial_is_decided_on_its_first_patients(endpoint):
    plan = design(rule="two_stage", alpha=[0.05], settings=settings(boundaries=BOUNDARIES))
    enrolled = np.random.default_rng(8).integers(0, 7, (300, 2))
    outcomes, trials = draw(np.random.default_rng(5), enrolled, RATES, EVALUABLE)
    decided = decide(outcomes, trials, plan, ("P1", "P3", "S3"))
    r1, n1, r, n = BOUNDARIES[endpoint]
    for trial in range(300):
        rows = [
            (s, x)
            for t, s, e, inside, x in zip(
                *(outcomes[k].tolist() for k in ("trial", "subject", "endpoint", "in_population", "responder")),
                strict=True,
            )
            if t == trial and e == endpoint and inside
        ]
        responses = [x for _, x in sorted(rows)]
        success = len(responses) >= 4 and sum(responses[:n1]) > r1 and sum(responses[:n]) > r
        assert decided[f"two_stage_{endpoint}_success"][trial] == success
    seen = staged(decided, endpoint, "LN" if endpoint == "P3" else "all")
    assert seen.first_n.sum(axis=1).max() == n1 and (seen.first_n + seen.later_n).sum(axis=1).max() <= n


def settings(**changes):
    from tests.design.virtual_trials import shipped_values

    return shipped_values()["settings"] | changes


def test_an_endpoint_without_boundaries_never_succeeds():
    plan = design(rule="two_stage", alpha=[0.05], settings=settings(boundaries={"P1": (2, 5, 4, 8)}))
    asked = question(plan, "S1", "all", 0.05)
    assert plan_of("two_stage", 0, asked) is None
    nobody = np.zeros(3, int)
    decided = decide(*draw(np.random.default_rng(5), np.full((3, 2), 5), {"S1": (1.0, 1.0)}), plan, ("S1",))
    assert not decided["two_stage_S1_success"].any()
    seen = staged(decided, "S1", "all")
    assert staged_verdicts(seen, nobody + 10, None, 4)["stop"].all()


PRIORS = [(1.0, 1.0), (0.5, 0.5)]


def slow_rule(name, x, n, asked):
    """Go, consider or stop by the definition of each rule, one outcome at a time."""
    a, b = asked.prior
    above = lambda rate: stats.beta(a + x, b + n - x).sf(rate)  # noqa: E731
    if name == "exact_binomial":
        return "go" if stats.binom.sf(x - 1, n, asked.null_rate) <= asked.alpha else "stop"
    if name == "bayes":
        return "go" if above(asked.null_rate) >= 1 - asked.alpha else "stop"
    if name == "lower_limit":
        limit = 0.0 if x == 0 else stats.beta(x, n - x + 1).ppf(asked.alpha)
        return "go" if limit > asked.null_rate else "stop"
    if above(asked.target) < asked.stop_below:
        return "stop"
    return "go" if above(asked.null_rate) >= 1 - asked.alpha else "consider"


@pytest.mark.parametrize("name", ["exact_binomial", "bayes", "lower_limit", "go_consider_stop"])
@pytest.mark.parametrize("endpoint", ["P1", "P3", "S3"])
@pytest.mark.parametrize("alpha", [0.05, 0.2])
@pytest.mark.parametrize("prior", PRIORS)
def test_counted_rules_by_their_definition(name, endpoint, alpha, prior):
    changed = settings(prior_responders=prior[0], prior_failures=prior[1])
    asked = question(design(settings=changed), endpoint, "all", alpha)
    for n in range(4, 16):
        x = np.arange(n + 1)
        found = counted_verdicts(x, np.full(n + 1, n), lambda m: plan_of(name, m, asked))
        told = [next(v for v in ("go", "consider", "stop") if found[v][k]) for k in x]
        assert told == [slow_rule(name, int(k), n, asked) for k in x]
    assert counted_verdicts(np.array([3]), np.array([3]), lambda m: plan_of(name, m, asked))["stop"].all()


def test_a_calibrated_posterior_is_the_exact_test():
    asked = question(design(settings=settings(calibrated=True)), "P2", "LC", 0.05)
    assert plan_of("bayes", 5, asked) == plan_of("exact_binomial", 5, asked) == Plan(5, 3, 2)
    uncalibrated = question(design(), "P2", "LC", 0.05)
    assert plan_of("bayes", 5, uncalibrated).needed == 2


def test_the_lower_limit_can_look_at_another_rate():
    asked = question(design(settings=settings(limit_above=0.3)), "P1", "all", 0.05)
    lowest = [x for x in range(1, 11) if stats.beta(x, 11 - x).ppf(0.05) > 0.3]
    assert plan_of("lower_limit", 10, asked).needed == lowest[0]


def test_every_rule_of_the_configuration_is_in_the_catalogue():
    from sim.config.rules import PLANNED_RULES
    from sim.config.rules import RULES as NAMES

    assert tuple(rule.name for rule in CATALOGUE) == NAMES
    assert {name for name, rule in RULES.items() if rule.planned} == set(PLANNED_RULES)
