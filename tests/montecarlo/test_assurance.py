"""Draws of the priors: addressed, distributed as said, each followed as a run of its own."""

import dataclasses

import numpy as np
import pytest
from scipy.stats import kstest, triang

from sim.config.compose import load
from sim.core.errors import InputError
from sim.design.assurance import assurance_table, draws_table
from sim.design.tally import tallied
from sim.montecarlo.assurance import configured, drawn, follow
from sim.pipeline import run_chunk

CONFIG = load(["effect=neutral", "run.trials=12", "priors.draws=3", "run.workers=1", "run.progress=false"])


def test_a_draw_keeps_its_values():
    few, many = drawn(CONFIG.priors, 7), drawn(dataclasses.replace(CONFIG.priors, draws=9), 7)
    for name, values in few.items():
        assert np.array_equal(values, many[name][:3])
        assert not np.array_equal(values, drawn(CONFIG.priors, 8)[name])


def test_draws_are_triangular():
    many = drawn(dataclasses.replace(CONFIG.priors, draws=4000), 11)
    for name, prior in CONFIG.priors.parameters.items():
        width = prior.high - prior.low
        law = triang((prior.mode - prior.low) / width, prior.low, width)
        assert kstest(many[name], law.cdf).pvalue > 1e-4


def test_each_draw_is_followed_under_its_own_values():
    values = drawn(CONFIG.priors, CONFIG.run.seed)
    configs = configured(CONFIG, values)
    assert [each.effects[0].p_responder for each in configs] == values["p_responder"].tolist()
    assert [each.taper.skip for each in configs] == values["skip"].tolist()
    found = follow(configs)
    for draw, outcome in enumerate(found):
        alone = tallied(run_chunk(configs[draw], range(4 * draw, 4 * draw + 4))["neutral"])
        assert outcome.value["neutral"].totals == alone.totals
        for name, column in outcome.value["neutral"].earliest.items():
            assert np.array_equal(column, alone.earliest[name])


def test_assurance_is_the_mean_over_all_trials():
    values = drawn(CONFIG.priors, CONFIG.run.seed)
    configs = configured(CONFIG, values)
    found = follow(configs)
    decided = {draw: outcome.value for draw, outcome in enumerate(found)}
    draws = draws_table(decided, values, [each.design for each in configs], "neutral", "none")
    table = assurance_table(draws, 12, 0)
    decided = [run_chunk(configs[k], each.trials)["neutral"] for k, each in enumerate(found)]
    successes = np.concatenate([table["exact_binomial_P1_success"] for table in decided])
    first = (table["endpoint"] == "P1") & (table["population"] == "all") & (table["alpha"] == 0.05)
    assert table["assurance"][first][0] == pytest.approx(successes.mean())
    per_draw = successes.reshape(3, 4).mean(axis=1)
    assert table["assurance_mcse"][first][0] == pytest.approx(per_draw.std(ddof=1) / np.sqrt(3))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("priors.draws=5", "run.trials: 12 is not allowed with priors.draws=5"),
        ("priors.parameters.skip.key=taper.skips", "priors.parameters.skip.key: 'taper.skips' is no number"),
        ("priors.parameters.skip.high=1.8", "taper.skip"),
    ],
)
def test_what_cannot_be_drawn_is_refused(words, said):
    config = load(["effect=neutral", "run.trials=12", "run.workers=1", "priors.draws=3", words])
    if words.endswith("1.8"):
        config = dataclasses.replace(config, priors=dataclasses.replace(config.priors, draws=200))
    with pytest.raises(InputError) as refused:
        follow(configured(config, drawn(config.priors, 3)))
    assert said in "\n".join(refused.value.problems)


def test_limits_must_be_in_order():
    with pytest.raises(InputError, match=r"priors\.parameters\.skip\.mode"):
        load(["priors.parameters.skip.mode=0.9"])
