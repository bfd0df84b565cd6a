"""Power of changes and times from a bank, against closed forms, the errors against the spread over many banks.

Tolerance: 4.5 standard errors, which a right program exceeds once in 150,000 comparisons.
"""

import numpy as np
import pytest
from scipy import stats

from sim.config.measures import MEASURES
from sim.core.errors import InputError
from sim.core.tables import Table
from sim.design.changes import changes_table
from sim.design.samples import DRAWN, OWN, Asked, drawn_trials, own_trials, refuse_coupled_values, values_in
from sim.design.times import times_table
from sim.stats import binomial
from sim.words.changes import changes_text
from sim.words.times import times_text
from tests.design.virtual_trials import design

ALL = next(each for each in MEASURES if each.variable == "treg")
LN = next(each for each in MEASURES if each.variable == "egfr")
SHIFT = 0.8


def bank(generator, trials, n=10, shift=SHIFT, unknown=0.0, skewed=False):
    """Changes of mean 2 without the cells and `shift` more with them, on the same draws."""
    size = trials * n
    noise = generator.exponential(1.0, size) - 1.0 if skewed else generator.standard_normal(size)
    noise[generator.random(size) < unknown] = np.nan
    who = {
        "trial": np.repeat(np.arange(trials), n),
        "subgroup": np.tile(np.arange(n) % 2, trials).astype(np.int8),
        "infused": np.ones(size, np.int8),
    }
    same = who["subgroup"] == 0
    tables = {}
    for effect, more in (("none", 0.0), ("neutral", shift)):
        value = 2.0 + more + noise
        tables[effect] = Table({**who, "treg": value, "egfr": np.where(same, value, np.nan)})
    return tables


def asked(sizes=(), drawn=0, trials=1):
    return Asked(sizes, drawn, 7, trials, 0)


def rows(table):
    return [
        dict(zip(table, values, strict=True))
        for values in zip(*(table[name].tolist() for name in table), strict=True)
    ]


def one(table, **keys):
    (found,) = [row for row in rows(table) if all(row[name] == value for name, value in keys.items())]
    return found


def test_the_t_test_has_the_power_of_the_noncentral_t():
    plan = design(alpha=[0.05])
    trials = 6000
    found = changes_table(
        bank(np.random.default_rng(1), trials),
        [ALL, LN],
        "W24",
        plan,
        ["none", "neutral"],
        asked((15,), trials, trials),
    )
    for origin, n in ((OWN, 10), (DRAWN, 15)):
        for variable, places in (("treg", n), ("egfr", (n + 1) // 2)):
            row = one(found, origin=origin, variable=variable, rule="t_test", effect="neutral")
            limit = stats.t.ppf(0.95, places - 1)
            expected = stats.nct.sf(limit, places - 1, SHIFT * np.sqrt(places))
            assert row["places"] == places
            assert abs(row["power"] - expected) < 4.5 * row["power_mcse"]
            assert abs(row["false_go_inert"] - 0.05) < 4.5 * row["false_go_inert_mcse"]
            ranks = one(found, origin=origin, variable=variable, rule="signed_rank", effect="neutral")
            assert abs(ranks["false_go_inert"] - ranks["attained_size"]) < 4.5 * ranks["false_go_inert_mcse"]
            assert ranks["smallest_p"] == 0.5**places
            for said in (row, ranks):
                assert said["circular"] and said["reference"] == pytest.approx(2.0, abs=0.06)
                assert said["difference"] == pytest.approx(SHIFT) and said["difference_mcse"] < 1e-12


def test_the_errors_are_the_spread_over_many_banks():
    """The estimates of 250 small banks scatter as each of them says, the estimated reference included."""
    plan, found = design(alpha=[0.05]), {}
    for seed in range(250):
        tables = bank(np.random.default_rng([seed, 3]), 60)
        table = changes_table(tables, [ALL], "W24", plan, ["none", "neutral"], Asked((10,), 300, seed, 60, 0))
        for row in rows(table):
            found.setdefault((row["origin"], row["rule"], row["effect"]), []).append(row)
    assert len(found) == 8
    for place, each in found.items():
        for name in ("power", "power_change"):
            power = np.array([row[name] for row in each])
            said = np.sqrt(np.mean([row[f"{name}_mcse"] ** 2 for row in each]))
            if (place[2], name) == ("none", "power_change"):
                assert said == 0.0 and not power.any()
            else:  # 4.5 standard errors of a spread of 250 are 0.2
                assert 0.8 < said / power.std(ddof=1) < 1.25, (place, name)


def test_skewed_changes_break_the_level_of_the_ranks_and_it_is_said():
    plan = design(alpha=[0.05])
    tables = bank(np.random.default_rng(4), 4000, skewed=True)
    table = changes_table(tables, [ALL], "W24", plan, ["none", "neutral"], asked((), 0, 4000))
    inert = {rule: one(table, rule=rule, effect="none") for rule in ("signed_rank", "t_test")}
    assert inert["t_test"]["power"] < 0.05
    assert inert["signed_rank"]["power"] == inert["signed_rank"]["false_go_inert"]
    lifted = {name: Table({**each, "treg": -each["treg"]}) for name, each in tables.items()}
    table = changes_table(lifted, [ALL], "W24", plan, ["neutral"], asked((), 0, 4000))
    row = one(table, rule="t_test", effect="neutral")
    assert row["false_go_inert"] > 0.05 + 3 * row["false_go_inert_mcse"]
    assert "treg by the t test succeeds in" in changes_text(table) and "not normal" in changes_text(table)


def test_what_is_not_known_is_counted_and_too_few_values_decide_nothing():
    plan = design(alpha=[0.05])
    tables = bank(np.random.default_rng(5), 3000, unknown=0.3)
    row = one(changes_table(tables, [LN], "W24", plan, ["neutral"], asked()), rule="t_test")
    assert abs(row["missing"] - 0.3) < 4.5 * row["missing_mcse"]
    chance = stats.binom.cdf(plan.min_n - 1, 5, 0.7)
    assert abs(row["undecided"] - chance) < 4.5 * row["undecided_mcse"]
    expected = sum(
        stats.binom.pmf(k, 5, 0.7) * stats.nct.sf(stats.t.ppf(0.95, k - 1), k - 1, SHIFT * np.sqrt(k))
        for k in (4, 5)
    )
    assert abs(row["power"] - expected) < 4.5 * row["power_mcse"]


def test_so_few_patients_cannot_reject_by_ranks_and_it_is_said():
    tables = bank(np.random.default_rng(6), 50)
    table = changes_table(tables, [LN], "W24", design(n=8, alpha=[0.05]), ["neutral"], asked())
    said = changes_text(table)
    assert (
        "4 patients: the smallest one-sided signed-rank p is 0.0625, so no outcome rejects at alpha 0.05." in said
    )
    assert "Fewer than 5 known changes never reject" in said
    assert "Larger trials" not in said


def clocks(generator, trials, n=10, free=(0.5, 0.8), lost=0.0):
    """Times with these shares free of the event, on the same draws; whoever is lost is lost at day 90."""
    size = trials * n
    draw, gone = generator.random(size), generator.random(size) < lost
    tables = {}
    for effect, share in zip(("none", "neutral"), free, strict=True):
        has = (draw > share) & ~gone
        day = np.where(gone, 90.0, np.where(has, 100.0, 165.0))
        who = {
            "trial": np.repeat(np.arange(trials), n),
            "subgroup": np.tile(np.arange(n) % 2, trials).astype(np.int8),
        }
        who["infused"] = np.ones(size, np.int8)
        tables[effect] = Table({**who, "S7_day": day, "S7_event": has.astype(float)})
    return tables


def test_times_without_loss_have_the_power_of_the_binomial_test():
    plan, trials = design(alpha=[0.05]), 5000
    tables = clocks(np.random.default_rng(8), trials)
    table = times_table(tables, ["S7"], 0.45, plan, ["none", "neutral"], asked((20,), trials, trials), 7)
    for origin, n in ((OWN, 10), (DRAWN, 20)):
        critical = binomial.critical_value(n, 0.45, 0.05)
        for effect, rate in (("none", 0.5), ("neutral", 0.8)):
            row = one(table, origin=origin, effect=effect)
            assert (row["critical_value"], row["places"], row["missing"]) == (critical, n, 0.0)
            assert not row["circular"] and row["reference_mcse"] == 0.0
            assert abs(row["power"] - binomial.power(n, critical, rate)) < 4.5 * row["power_mcse"]
            assert abs(row["free"] - rate) < 4.5 * row["free_mcse"]
            assert row["attained_size"] == pytest.approx(binomial.power(n, critical, 0.45))


def test_what_the_cells_add_is_told_in_pairs_of_trials():
    """On shared draws every trial that succeeds without the cells succeeds with them: the pairs are 0 or 1."""
    trials, tables = 4000, clocks(np.random.default_rng(13), 4000)
    table = times_table(
        tables, ["S7"], 0.45, design(alpha=[0.05]), ["none", "neutral"], asked((20,), trials, trials), 7
    )
    for origin, n in ((OWN, 10), (DRAWN, 20)):
        row, nothing = (one(table, origin=origin, effect=effect) for effect in ("neutral", "none"))
        critical = binomial.critical_value(n, 0.45, 0.05)
        truth = binomial.power(n, critical, 0.8) - binomial.power(n, critical, 0.5)
        assert abs(row["power_change"] - truth) < 4.5 * row["power_change_mcse"]
        assert row["power_change"] == pytest.approx(row["power"] - row["false_go_inert"], abs=1e-12)
        alone = np.hypot(row["power_mcse"], row["false_go_inert_mcse"])
        assert 0.5 * alone < row["power_change_mcse"] < alone
        assert (nothing["power_change"], nothing["power_change_mcse"]) == (0.0, 0.0)
    own = one(table, origin=OWN, effect="neutral")
    change = own["power_change"]
    assert own["power_change_mcse"] == pytest.approx(np.sqrt(change * (1 - change) / trials))
    said = times_text(table)
    assert "gain" in said and f"{change:+.3f} ±{own['power_change_mcse']:.3f}".replace("±0", "±") in said


def test_who_came_in_the_window_of_week_24_was_followed_to_it():
    tables = clocks(np.random.default_rng(9), 400, lost=0.1)
    for window, lost in ((7, 0.1), (2, 1.0)):
        row = one(times_table(tables, ["S7"], 0.45, design(alpha=[0.05]), ["none"], asked(), window))
        free = tables["none"]["S7_event"] == 0
        missing = float((free & (tables["none"]["S7_day"] < 168 - window)).mean())
        assert row["missing"] == missing
        assert (missing < 0.2) == (lost < 1.0)


def test_a_reference_from_the_model_is_circular_and_one_that_nothing_beats_is_said():
    tables = clocks(np.random.default_rng(10), 2000, free=(0.8, 0.9))
    table = times_table(tables, ["S7"], None, design(alpha=[0.05]), ["neutral"], asked(), 7)
    row = one(table)
    assert row["circular"] and row["reference"] == pytest.approx(0.8, abs=0.02)
    assert np.isnan(row["critical_value"]) and row["power"] == row["attained_size"] == 0.0
    said = times_text(table)
    assert "S7: no outcome can pass. Even 10 of 10 without the event reject only rates up to 0.741" in said
    assert "no trial of so few patients shows freedom" in said and "circular" in said


def test_drawn_trials_are_addressed_and_of_the_right_kinds():
    people = bank(np.random.default_rng(11), 30)["none"]
    small, large = (drawn_trials(people, sizes, 50, 3, by_subgroup=True) for sizes in ((2, 3), (6, 4)))
    assert np.array_equal(small[:, :2], large[:, :2]) and np.array_equal(small[:, 2:], large[:, 6:9])
    assert set(people["subgroup"][large[:, :6]].ravel().tolist()) == {0}
    assert set(people["subgroup"][large[:, 6:]].ravel().tolist()) == {1}
    assert not np.array_equal(small, drawn_trials(people, (2, 3), 50, 4, by_subgroup=True))
    with pytest.raises(ValueError, match="no LC patient"):
        drawn_trials(people.where(people["subgroup"] == 0), (2, 3), 50, 3, by_subgroup=True)
    ragged = people.where(np.arange(people.length) > 3)
    rows_of = own_trials(ragged)
    assert rows_of.shape == (30, 10) and (rows_of[0, 6:] == -1).all()
    assert np.isnan(values_in(ragged["treg"], rows_of)[0, 6:]).all()


def test_trials_are_not_drawn_from_patients_who_depend_on_each_other():
    generator = np.random.default_rng(12)
    people = bank(generator, 400)["none"]
    refuse_coupled_values(people)
    shared = np.repeat(generator.standard_normal(400), 10)
    with pytest.raises(InputError, match="treg: the patients of one trial agree more often"):
        refuse_coupled_values(people.adding({"treg": people["treg"] + shared}))
