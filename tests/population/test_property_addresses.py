"""What addressed draws promise: nothing depends on who else is drawn, or on when."""

import numpy as np
import pytest

from sim.config.population import EVER
from sim.population.generate import (
    draw_baseline,
    generate_identity,
    generate_labs,
    generate_rest,
    prednisone_dose,
    severe_cns,
)
from sim.population.generate_history import generate_history
from sim.population.history import HISTORY
from sim.population.person import ITEMS, LC, LN, PERSON
from sim.population.variables import BASELINE_END, EARLY_END, Arrival, HistoryVariable, Variable


@pytest.mark.parametrize("subgroup", [LN, LC])
def test_one_more_candidate_changes_nobody(generate, subgroup):
    few, more = generate(50, subgroup), generate(51, subgroup)
    for short, long in zip(few, more, strict=True):
        assert short.tobytes() == long[:50].tobytes()


def test_another_trial_or_seed_is_another_candidate(generate):
    base = generate(5, LN)[0]["creatinine"]
    assert not np.any(base == generate(5, LN, trial=1)[0]["creatinine"])
    assert not np.any(base == generate(5, LN, seed=3)[0]["creatinine"])


@pytest.mark.parametrize("subgroup", [LN, LC])
def test_lazily_filled_equals_filled_at_once(generate, parameters, subgroup):
    persons, histories = generate(200, subgroup)
    for candidate in (0, 17, 199):
        person, history = np.zeros(1, PERSON)[0], np.zeros(1, HISTORY)[0]
        draws = np.full(BASELINE_END, np.nan)
        draw_baseline(draws, 20260101, 0, candidate, 0, EARLY_END)
        generate_labs(person, parameters, draws, subgroup)
        generate_identity(person, parameters, draws)
        draw_baseline(draws, 20260101, 0, candidate, EARLY_END, BASELINE_END)
        generate_history(history, person, parameters, draws)
        generate_labs(person, parameters, draws, subgroup)
        generate_rest(person, parameters, draws, 20260101, 0, candidate)
        assert person.tobytes() == persons[candidate].tobytes()
        assert history.tobytes() == histories[candidate].tobytes()


@pytest.mark.parametrize("subgroup", [LN, LC])
def test_parts_that_are_asked_alone_are_those_of_the_whole_person(generate, parameters, subgroup):
    persons, draws = generate(2_000, subgroup)[0], np.full(BASELINE_END, np.nan)
    for candidate in range(2_000):
        draw_baseline(draws, 20260101, 0, candidate, 0, EARLY_END)
        assert prednisone_dose(parameters, draws, subgroup) == persons["prednisone_dose"][candidate]
        assert severe_cns(parameters, draws) == (persons["cns_item"][candidate] >= 0)
    assert 0 < np.sum(persons["cns_item"] >= 0) < 2_000


def test_no_two_quantities_share_an_address():
    items = [Variable.ITEM_OWNED + k for k in range(ITEMS)] + [Variable.ITEM_THRESHOLD + k for k in range(ITEMS)]
    ever = [HistoryVariable.EVER + k for k in range(len(EVER))]
    scalars = [v for v in Variable if v not in (Variable.ITEM_OWNED, Variable.ITEM_THRESHOLD)]
    history = [v for v in HistoryVariable if v != HistoryVariable.EVER]
    addresses = [int(v) for v in [*Arrival, *scalars, *items, *history, *ever]]
    assert len(addresses) == len(set(addresses))
    thresholds = {int(Variable.ITEM_THRESHOLD + k) for k in range(ITEMS)}
    assert max(set(addresses) - thresholds) == BASELINE_END - 1 < min(thresholds)


def test_every_field_of_a_person_is_filled(generate):
    # Records start at zero; all names but these differ from zero in somebody.
    zero_in_nephritis = {"subgroup", "hemolytic"}
    persons = generate(2000, LN)[0]
    for name in PERSON.names:
        assert np.any(persons[name] != 0) or name in zero_in_nephritis


def test_streams_share_no_kidney_values(generate):
    assert np.all(np.isnan(generate(20, LC)[0]["upcr"]))
    assert np.all(generate(20, LC)[0]["casts_owned"] == 0)
