"""Laws of estimands on generated patients: order of policies, nothing missing or intervening, company, seed."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from sim.config.estimands import POLICIES, STRATEGIES
from sim.core.tables import Table
from sim.endpoints.catalogue import ENDPOINTS, IDS
from sim.endpoints.dataset import DataSet
from sim.endpoints.estimand import FAILED_BY, INTERVENING, Standing, settled, standing
from sim.endpoints.evaluate import evaluate
from sim.endpoints.every_estimand import combinations, every_estimand
from sim.endpoints.explain import explain
from sim.endpoints.imputation import completed, probabilities
from sim.endpoints.intercurrent import REASONS
from tests.endpoints.records import analysis, data_set
from tests.endpoints.test_property_evaluate import random_patient, tables

RULES = {endpoint.id: endpoint.function for endpoint in ENDPOINTS}
WEEK_24 = tuple(INTERVENING)
NAMES = ("P1", "S1", *WEEK_24)
USUAL = analysis()
SIZE = 240
DETAILS = ("other", "pregnancy", *FAILED_BY)


def people(seed: int, size: int) -> list[dict[str, Any]]:
    """Random patients of one trial; a withdrawal has a reason."""
    generator = np.random.default_rng(seed)
    made = []
    for number in range(size):
        person = random_patient(generator, number) | {"trial": 0, "subject": number}
        if generator.random() < 0.2:
            person["events"] = [*person["events"], (int(generator.integers(1, 168)), "withdrawal", "", "")]
        if generator.random() < 0.2:
            kind = str(generator.choice(["rescue", "rescue", "transfusion", "gcsf"]))
            person["events"] = [
                *person["events"],
                (int(generator.integers(1, 168)), kind, "immunosuppressant", ""),
            ]
        person["events"] = [
            (day, kind, str(generator.choice(DETAILS)) if kind == "withdrawal" else detail, severity)
            for day, kind, detail, severity in person["events"]
        ]
        made.append(person)
    return made


@pytest.fixture(scope="module")
def data() -> DataSet:
    return data_set(*people(3, SIZE))


def found(data: DataSet, name: str, strategy: str, policy: str) -> Standing:
    return standing(name, RULES[name], data, USUAL, strategy, policy)


def responders(data: DataSet, name: str, strategy: str, policy: str) -> Any:
    return settled(found(data, name, strategy, policy), policy).responder


def pairs(*names: str) -> list[Any]:
    return [
        pytest.param(name, strategy, id=f"{name}-{strategy}")
        for name in names
        for strategy in dict.fromkeys(strategy for strategy, _ in combinations(name, "week_24"))
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_composite_with_non_response_is_the_rule_itself(data: DataSet, name: str) -> None:
    rule = RULES[name](data, USUAL)
    again = settled(found(data, name, "composite", "nri"), "nri")
    np.testing.assert_array_equal(again.responder, rule.responder)
    np.testing.assert_array_equal(again.reason == 0, rule.reason == 0)


@pytest.mark.parametrize(("name", "strategy"), pairs(*NAMES))
def test_best_is_no_worse_and_worst_no_better_than_any_other(data: DataSet, name: str, strategy: str) -> None:
    answers = {policy: responders(data, name, strategy, policy) for policy in ("nri", "locf", "best", "worst")}
    if strategy == "hypothetical":
        del answers["nri"]
    for answer in answers.values():
        assert (answers["best"] >= answer).all() and (answer >= answers["worst"]).all()
    assert (answers["best"] > answers["worst"]).any()


@pytest.mark.parametrize(("name", "strategy"), pairs(*NAMES))
def test_where_nothing_is_missing_all_policies_agree(data: DataSet, name: str, strategy: str) -> None:
    complete = found(data, name, strategy, "worst").missing == 0
    complete &= found(data, name, "treatment_policy" if name in WEEK_24 else "composite", "worst").missing == 0
    answers = [responders(data, name, strategy, policy)[complete] for policy in POLICIES]
    for answer in answers[1:]:
        np.testing.assert_array_equal(answer, answers[0])
    assert set(answers[0].tolist()) >= {0, 1}


@pytest.mark.parametrize("name", WEEK_24)
@pytest.mark.parametrize("policy", POLICIES)
def test_where_nothing_intervenes_all_strategies_agree(data: DataSet, name: str, policy: str) -> None:
    kinds = ("rescue", "transfusion", "gcsf", "withdrawal", "lost_to_follow_up")
    quiet = np.all([np.isnan(data.first_day(kind)) for kind in kinds], axis=0)
    codes = [REASONS.index(kind) for kind in INTERVENING[name]]
    for failure in RULES[name](data, USUAL).failures:
        quiet &= ~np.isin(failure, codes)
    assert quiet.sum() > 30
    answers = [responders(data, name, strategy, policy)[quiet] for strategy in STRATEGIES]
    for answer in answers[1:]:
        np.testing.assert_array_equal(answer, answers[0])


@pytest.mark.parametrize("name", WEEK_24)
@pytest.mark.parametrize("policy", ["nri", "obs", "best", "worst"])
def test_every_strategy_is_another(data: DataSet, name: str, policy: str) -> None:
    answers = {strategy: responders(data, name, strategy, policy).tobytes() for strategy in STRATEGIES}
    assert len(set(answers.values())) >= 3
    kept, ignored = (responders(data, name, strategy, policy) for strategy in ("composite", "treatment_policy"))
    if policy != "obs":
        assert (ignored >= kept).all()


@pytest.mark.parametrize("policy", [policy for policy in POLICIES if policy != "mi"])
def test_subjects_alone_and_together_have_the_same_estimands(policy: str) -> None:
    group = [person for person in people(5, 16) if person["infused"]]
    whole = data_set(*group)
    for name in WEEK_24:
        for strategy in STRATEGIES:
            together = settled(found(whole, name, strategy, policy), policy)
            alone = [settled(found(data_set(person), name, strategy, policy), policy) for person in group]
            assert together.responder.tolist() == [int(each.responder[0]) for each in alone]
            assert together.reason.tolist() == [int(each.reason[0]) for each in alone]


def test_the_order_of_rows_does_not_matter(data: DataSet) -> None:
    generator = np.random.default_rng(9)
    shuffled = DataSet(**{name: t.where(generator.permutation(t.length)) for name, t in tables(data).items()})
    settings = analysis(imputations=20)
    first, second = every_estimand(data, settings, 1), every_estimand(shuffled, settings, 1)
    for name in first:
        np.testing.assert_array_equal(first[name], second[name], err_msg=name)


@pytest.fixture(scope="module")
def table(data: DataSet) -> Table:
    return every_estimand(data, USUAL, 1)


def test_the_table_has_every_pair_once_and_rates_inside_their_limits(data: DataSet, table: Table) -> None:
    keys = list(zip(*(table[name].tolist() for name in ("endpoint", "intercurrent", "missing")), strict=True))
    assert len(keys) == len(set(keys)) == 2 * 5 + 7 * 23
    assert table["chosen"].sum() == 9
    assert (table["low"] <= table["rate"]).all() and (table["rate"] <= table["high"]).all()
    counted = table["missing"] != "mi"
    np.testing.assert_allclose((table["responders"] / table["n"])[counted], table["rate"][counted])
    imputed = ~counted & (table["n_missing"] > 0)
    assert np.isnan(table["responders"][imputed]).all() and imputed.sum() > 20
    primary = evaluate(data, USUAL, NAMES)
    for name in NAMES:
        rows = (primary["endpoint"] == name) & (primary["responder"] >= 0)
        row = (table["endpoint"] == name) & table["chosen"]
        assert table["rate"][row] == [primary["responder"][rows].mean()]


def test_an_imputed_rate_lies_between_the_worst_and_the_best(table: Table) -> None:
    for name in WEEK_24:
        for strategy in STRATEGIES:
            here = table.where((table["endpoint"] == name) & (table["intercurrent"] == strategy))
            rate = dict(zip(here["missing"].tolist(), here["rate"].tolist(), strict=True))
            assert rate["worst"] <= rate["mi"] <= rate["best"]


@pytest.mark.parametrize("name", WEEK_24)
def test_only_what_is_missing_is_imputed_and_the_seed_decides(data: DataSet, name: str) -> None:
    here = found(data, name, "composite", "mi")
    settings = analysis(missing=dataclasses.replace(USUAL.missing, **{name: "mi"}), imputations=40)
    share = probabilities(name, RULES[name], data, settings, 1)
    known = here.in_population & (here.missing == 0)
    np.testing.assert_array_equal(share[known], (settled(here, "worst").responder == 1)[known])
    lost = here.in_population & (here.missing != 0)
    assert ((share[lost] > 0) & (share[lost] < 1)).any()
    np.testing.assert_array_equal(share, probabilities(name, RULES[name], data, settings, 1))
    assert (share != probabilities(name, RULES[name], data, settings, 2))[lost].any()


def test_more_imputations_and_other_trials_leave_the_first_draws_as_they_were(data: DataSet) -> None:
    few = completed("S3", found(data, "S3", "composite", "mi"), analysis(imputations=5), 1)
    many = completed("S3", found(data, "S3", "composite", "mi"), analysis(imputations=9), 1)
    np.testing.assert_array_equal(many[:, :5], few)
    others = [person | {"trial": 1} for person in people(4, 80)]
    two = data_set(*people(3, SIZE), *others)
    more = completed("S3", found(two, "S3", "composite", "mi"), analysis(imputations=5), 1)
    np.testing.assert_array_equal(more[: data.size], few)


def test_imputed_endpoints_have_a_probability_and_stay_open(data: DataSet) -> None:
    settings = analysis(missing=dataclasses.replace(USUAL.missing, P3="mi"), imputations=10)
    usual, imputed = evaluate(data, USUAL, IDS), evaluate(data, settings, IDS, seed=1)
    assert list(imputed) == [*usual, "response_probability"]
    other = usual["endpoint"] != "P3"
    for name in usual:
        np.testing.assert_array_equal(imputed[name][other], usual[name][other], err_msg=name)
    judged = imputed["responder"] >= 0
    np.testing.assert_array_equal(imputed["response_probability"][judged], imputed["responder"][judged])
    open_ones = ~other & imputed["in_population"] & ~judged
    assert open_ones.sum() > 5
    assert not np.isnan(imputed["response_probability"][open_ones]).any()
    with pytest.raises(ValueError, match="P3 are imputed, which needs a seed"):
        evaluate(data, settings, ("P3",))


@pytest.mark.parametrize("policy", ["obs", "best"])
def test_an_explanation_agrees_with_the_estimand_chosen(data: DataSet, policy: str) -> None:
    settings = analysis(
        missing=dataclasses.replace(USUAL.missing, P3=policy),
        intercurrent=dataclasses.replace(USUAL.intercurrent, P3="treatment_policy"),
    )
    outcomes = evaluate(data, settings, ("P3",))
    (parts,) = explain(data, settings, outcomes)
    judged = outcomes.where(outcomes["responder"] >= 0)
    assert parts["subject"].tolist() == judged["subject"].tolist()
    assert parts["met"].tolist() == judged["responder"].tolist()
    assert parts["decides"].all()
