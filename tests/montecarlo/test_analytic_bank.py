"""A bank of real patients against the trials they are from, and against other trials simulated one by one."""

import re
from dataclasses import replace

import numpy as np
import pytest

from sim import pipeline
from sim.cli import main
from sim.config.compose import load
from sim.config.config import INERT
from sim.core.tables import Table
from sim.design import controls
from sim.design.alternatives import SINGLE_ARM, alternatives_table
from sim.design.bank import sizes_of, strata_of
from sim.design.bank_rules import grid_of, rule_of
from sim.design.bank_stages import order_of
from sim.design.tournament import Counts, tournament_table
from sim.endpoints.answers import ANSWERS
from sim.montecarlo.bank import BankRun, run_bank
from sim.montecarlo.forecast import COPIES
from sim.montecarlo.power import run_power
from sim.pipeline import bank_chunk, cohort_chunk, run_chunk
from sim.storage.parquet import read_table

SILENT = ("run.progress=false", "run.workers=1", "effect=optimistic")


def silent(*words):
    return load([*SILENT, *words])


@pytest.fixture(scope="module")
def config():
    return silent("run.trials=300")


@pytest.fixture(scope="module")
def bank(config):
    return run_bank(config, ANSWERS)


def test_a_bank_counts_what_the_trials_count(config, bank):
    decided = run_chunk(config, range(300))
    for effect, table in bank.patients.items():
        for name in config.analysis.endpoints:
            assert (table[name] >= 0).sum() == decided[effect][f"{name}_n"].sum()
            for code, subgroup in enumerate(("LN", "LC")):
                trial = table["trial"][(table[name] == 1) & (table["subgroup"] == code)]
                expected = decided[effect][f"{name}_{subgroup}_responders"]
                np.testing.assert_array_equal(np.bincount(trial, minlength=300), expected)


def test_what_a_bank_takes_is_said_before_it_begins_where_it_is_much(config, bank, capsys, monkeypatch):
    who = bank.patients[INERT].only(("trial", "subject", "subgroup", "infused", "lymphopenia_only"))
    tables = [who, *(table.only(set(table) - set(who)) for table in bank.patients.values())]
    taken = sum(column.nbytes for table in tables for column in table.values())
    assert all(np.shares_memory(who[name], table[name]) for table in bank.patients.values() for name in who)
    many = replace(config, run=replace(config.run, trials=10**6, progress=True))
    monkeypatch.setattr("sim.montecarlo.bank.computed", lambda *_: (each for each in ()))
    run_bank(many, ANSWERS)
    said = re.fullmatch(
        r"1,000,000 trials: every patient is kept, .* takes ([\d,]+) MiB.*\n", capsys.readouterr().err
    )
    assert float(said[1].replace(",", "")) == pytest.approx(COPIES * taken / 300 * 10**6 / 2**20, rel=0.1)
    run_bank(replace(many, run=replace(many.run, trials=300)), ANSWERS)
    assert capsys.readouterr().err == ""


def test_chunks_and_workers_leave_no_trace(bank):
    for words in (("run.chunk=7",), ("run.chunk=25", "run.workers=2")):
        other = run_bank(silent("run.trials=50", *words), ("P1", "P2", "log_upcr"))
        for effect, table in other.patients.items():
            for name in table:
                np.testing.assert_array_equal(
                    table[name], bank.patients[effect][name][: table.length], err_msg=name
                )


@pytest.mark.parametrize("words", [(), ("analysis.missing.P3=obs", "analysis.intercurrent.S3=treatment_policy")])
def test_a_bank_says_what_the_data_set_says(words):
    words = ("run.trials=12", *words)
    table = bank_chunk(silent(*words), ANSWERS, range(12))["optimistic"]
    rows = cohort_chunk(silent("task=cohort", *words), range(12))["endpoints"]
    for name in ANSWERS[:9]:
        chosen = rows["endpoint"] == name
        infused = table["infused"] == 1
        np.testing.assert_array_equal(rows["responder"][chosen], table[name][infused], err_msg=name)
        missing = rows["reason"][chosen] == "missing"
        np.testing.assert_array_equal(missing, table[f"{name}_missing"][infused] == 1, err_msg=name)
    chosen = (rows["endpoint"] == "S10") & (rows["variable"] == "log_upcr") & (rows["visit"] == "W24")
    np.testing.assert_array_equal(rows["value"][chosen], table["log_upcr"][infused])


def test_nobody_of_a_bank_is_followed_longer_than_an_answer_needs(monkeypatch):
    followed, whole = [], pipeline._simulate

    def watched(config, trials, effects):
        followed.append(config.protocol.follow_up)
        return whole(config, trials, effects)

    monkeypatch.setattr(pipeline, "_simulate", watched)
    bank_chunk(silent(), ANSWERS, range(1))
    assert followed == ["week_24"]


def test_both_clocks_make_the_same_bank():
    batch, simpy = (bank_chunk(silent(f"run.engine={clock}"), ANSWERS, range(3)) for clock in ("batch", "simpy"))
    for effect, table in batch.items():
        for name in table:
            np.testing.assert_array_equal(table[name], simpy[effect][name], err_msg=name)


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        ("P1", ("design.n=6",)),
        ("S3", ("design.n=14", "design.n_LN=4")),
        ("P2", ("design.n=9", "design.n_LN=0", "design.n_LC=9")),
        ("S1", ("design.n=12", "design.composition=random")),
        ("P1", ("design=bayes", "design.n=13")),
        ("P2", ("design=go_consider_stop", "design.n=8", "design.n_LN=0")),
        ("S3", ("design.rule=lower_limit", "design.settings.limit_above=0.2")),
        ("S1", ("design=go_consider_stop", "design.n=12", "design.composition=random")),
        ("P1", ("design=simon_minimax", "design.n=26", "design.n_LN=7")),
        ("S3", ("design=simon_optimal", "design.n=26", "design.min_n=20")),
        ("P2", ("design=simon_optimal", "design.n=18", "design.n_LN=0")),
        ("P1", ("design=ahern", "design.n=25", "design.n_LN=20")),
        (
            "P1",
            (
                "design.rule=two_stage",
                "design.n=14",
                "design.alpha=[0.05]",
                "design.settings.boundaries={P1:[3,5,8,11]}",
            ),
        ),
    ],
)
def test_algebra_on_a_bank_agrees_with_trials_simulated_one_by_one(bank, config, endpoint, words):
    """The bank has trials of 5 + 5; the trials it speaks of have other seeds, sizes and splits."""
    other = silent("run.trials=400", "run.seed=99", f"analysis.endpoints=[{endpoint}]", *words)
    design = other.design
    banked = bank
    if design.composition == "random":
        banked = run_bank(silent("run.trials=300", "design.composition=random"), (endpoint,))
    population = "LC" if endpoint == "P2" else "all"
    strata = strata_of(banked.patients["optimistic"], endpoint, design, population)
    alpha = design.alpha[-1]
    sizes = design.quotas if design.composition == "quota" else sizes_of(design, design.n)
    order = order_of(banked.patients["optimistic"], (config if banked is bank else other).design)
    power, error = (each[sizes] for each in grid_of(rule_of(endpoint, design, alpha), strata, order, design.n))
    table = run_power(other).power
    row = np.flatnonzero((table["population"] == population) & (table["alpha"] == alpha))[0]
    assert table["p_filled"][row] == 1.0
    assert 0.02 < power < 0.98
    assert abs(power - table["power"][row]) < 4.5 * np.hypot(error, table["power_mcse"][row])


def arm(words, effect, sizes):
    """Responders of each trial among the first patients of each subgroup, simulated for this arm alone."""
    config = silent("run.trials=400", f"design.n={sum(sizes)}", f"design.n_LN={sizes[0]}", *words)
    return run_chunk(config, range(400))[effect]["S3_responders"]


@pytest.mark.parametrize(("ratio", "test"), [(1.0, "boschloo"), (2.0, "fisher")])
def test_a_concurrent_control_agrees_with_arms_simulated_one_by_one(bank, ratio, test):
    """Both arms have patients and luck of their own; the bank has twins."""
    design = silent("design.n=36", "design.n_LN=14", "design.alpha=[0.1]").design
    asked = replace(silent().question, control_ratios=(ratio,), control_test=test, drift=(), n_high=36)
    effects, counts = ["optimistic"], {SINGLE_ARM: Counts(300, 0)}
    rows = alternatives_table({SINGLE_ARM: bank.patients}, ["S3"], design, asked, effects, 0.8, counts)
    row = np.flatnonzero(rows["alternative"] == f"control {ratio:g}:1, {test}")[0]
    treated, control = controls.allocated((14, 22), ratio)
    region = controls.rejection_region(sum(treated), sum(control), 0.1, test)
    responders = [
        arm(["run.seed=31"], "optimistic", treated),
        arm(["run.seed=32"], INERT, control),
    ]
    seen = region[responders[0], responders[1]].mean()
    error = np.hypot(rows["power_mcse"][row], np.sqrt(seen * (1.0 - seen) / 400))
    assert 0.1 < seen < 0.9
    assert abs(rows["power"][row] - seen) < 4.5 * error


@pytest.mark.parametrize("words", ["taper=t24", "taper.interval=14", "protocol.ln_lab_rule=ANY2"])
def test_another_world_is_the_run_the_command_line_gives(words, tmp_path):
    question = f"+question.worlds.other='{words}'"
    few = ["task=alternatives", "endpoint=P1", "run.trials=60", "question.n_high=12", "design.alpha=[0.1]"]
    dropped = [f"~question.worlds.{name}" for name in silent().question.worlds]
    assert main([*SILENT, *few, *dropped, question, f"hydra.run.dir={tmp_path / 'A'}"]) == 0
    found = read_table(tmp_path / "A" / "alternatives.parquet")
    world = np.flatnonzero(found["alternative"] == "other")[0]
    alone = run_power(silent("run.trials=60", "analysis.endpoints=[P1]", "design.alpha=[0.1]", words)).power
    headline = np.flatnonzero(alone["population"] == "all")[0]
    assert found["rate"][world] == pytest.approx(alone["response_rate"][headline], rel=1e-9)
    assert found["power"][world] == pytest.approx(alone["exact_power"][headline], rel=1e-9)


def by_trial(patients, low=INERT, high="optimistic"):
    """The same patients, with what the cells do drawn anew for each trial."""
    drawn = np.random.default_rng(5).random(300) < 0.5
    acts = drawn[patients[INERT]["trial"]]
    return Table({name: np.where(acts, patients[high][name], patients[low][name]) for name in patients[low]})


def test_parameters_drawn_for_each_trial_couple_its_patients_and_are_refused(bank, monkeypatch, tmp_path, capsys):
    """No configuration draws parameters by trial, so one is made; every task that asks a bank looks."""
    mixed = by_trial(bank.patients)
    monkeypatch.setattr(
        "sim.montecarlo.bank.run_bank", lambda *_: BankRun({INERT: mixed, "optimistic": mixed}, "batch", ())
    )
    for task in ("sample_size", "tournament", "composition", "alternatives"):
        words = [*SILENT, f"task={task}", "endpoint=P2", f"hydra.run.dir={tmp_path / task}"]
        assert main([*words, "run.trials=300"]) == 2
        assert "P2: the patients of one trial agree more often than independent ones" in capsys.readouterr().err
        assert not list(tmp_path.rglob("*.parquet"))


def test_benefit_minus_harm_is_the_difference_of_the_rates(bank, config):
    rows = tournament_table(bank.patients, ANSWERS, config.design, [INERT, "optimistic"], 0.8, Counts(300, 0))
    for name in ANSWERS[:-1]:
        none, effect = (
            np.flatnonzero((rows["endpoint"] == name) & (rows["effect"] == key))[0]
            for key in (INERT, "optimistic")
        )
        benefit, harm = rows["benefit"][effect], rows["harm"][effect]
        assert benefit - harm == pytest.approx(rows["rate"][effect] - rows["rate"][none], abs=1e-12)
        assert rows["difference"][effect] == pytest.approx(benefit - harm, abs=1e-12)
        assert rows["benefit_low"][effect] - 1e-12 <= benefit <= rows["benefit_high"][effect] + 1e-12
        assert rows["difference"][none] == rows["difference_mcse"][none] == 0.0
        unpaired = np.hypot(rows["rate_mcse"][none], rows["rate_mcse"][effect])
        assert rows["difference_mcse"][effect] < unpaired


def test_the_family_of_primary_endpoints_agrees_with_the_bank_s_own_trials(bank, config):
    decided = run_chunk(config, range(300))["optimistic"]
    wins = np.stack([decided[f"exact_binomial_{name}_success"] for name in ("P1", "P2", "P3")])
    rows = tournament_table(bank.patients, ANSWERS, config.design, ["optimistic"], 0.8, Counts(300, 0))
    for family, seen in (("any", wins.any(axis=0)), ("all", wins.all(axis=0))):
        row = np.flatnonzero(rows["endpoint"] == f"{family} of P1, P2, P3")[0]
        error = np.sqrt(max(seen.mean() * (1.0 - seen.mean()), 1.0 / 300) / 300)
        assert abs(rows["power"][row] - seen.mean()) < 4.5 * error


def test_the_tournament_s_power_is_the_closed_form_of_the_power_table(bank, config):
    table = run_power(config).power
    rows = tournament_table(bank.patients, ANSWERS, config.design, ["optimistic"], 0.8, Counts(300, 0))
    for name in ("P1", "P2", "P3", "S1"):
        headline = np.flatnonzero((table["endpoint"] == name) & (table["alpha"] == 0.05))[0]
        row = np.flatnonzero(rows["endpoint"] == name)[0]
        for left, right in (
            ("power", "exact_power"),
            ("power_mcse", "exact_power_mcse"),
            ("rate", "response_rate"),
        ):
            # One of 3,000 left before the infusion: the bank draws who is evaluated, the table knows.
            assert rows[left][row] == pytest.approx(table[right][headline], rel=1e-5), (name, left)
