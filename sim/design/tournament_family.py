"""At least one, or all, of the primary endpoints succeed, each by itself, on the patients of a bank."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.design import Design
from sim.core.tables import Table, concatenate
from sim.design.bank import laws_of, sizes_of
from sim.design.bank_algebra import joint_power
from sim.design.bank_rules import BankRule, rule_of
from sim.design.decision import decide
from sim.design.populations import SUBGROUPS
from sim.stats.monte_carlo import proportion_mcse

PRIMARY: Final = ("P1", "P2", "P3")
FAMILIES: Final = ("any", "all")


def family_power(bank: Table, family: str, design: Design) -> tuple[float, float]:
    """Probability that any, or all, of the primary endpoints succeed, and its standard error.

    bank : of one effect. A rule that counts is enumerated on the patients' joint answers; one with planned numbers
           decides the trials of the bank, those that filled, one by one.
    """
    rules = [rule_of(name, design, design.alpha[0]) for name in PRIMARY]
    if not rules[0].planned:
        return _enumerated(bank, family, design, rules)
    made = _of_family(family, _own_trials(bank, design))
    share = float(made.mean()) if made.size else float("nan")
    return share, proportion_mcse(share, made.size)


def _of_family(family: str, success: NDArray[Any]) -> NDArray[np.bool_]:
    """(rows,) from (rows, endpoints)."""
    return np.asarray(success.any(axis=1) if family == "any" else success.all(axis=1), dtype=np.bool_)


def _enumerated(bank: Table, family: str, design: Design, rules: list[BankRule]) -> tuple[float, float]:
    table = np.array([[_critical(rule, n) for n in range(design.n + 1)] for rule in rules])

    def wins(evaluated: NDArray[Any], responders: NDArray[Any]) -> NDArray[np.bool_]:
        return _of_family(family, responders >= table[np.arange(len(PRIMARY)), evaluated])

    laws = laws_of(bank, PRIMARY, design)
    return joint_power(laws, sizes_of(design, design.n)[: len(laws)], wins)


def _critical(rule: BankRule, n: int) -> int:
    """Fewest responders of n evaluated that succeed; more than n where no number does."""
    critical = rule.threshold(n)
    return n + 1 if critical is None else critical


def _own_trials(bank: Table, design: Design) -> NDArray[np.bool_]:
    """(trials, endpoints) whether each filled trial of the bank succeeds."""
    subgroup = np.array(SUBGROUPS)[bank["subgroup"]]
    outcomes = concatenate(
        [
            Table(
                {
                    "trial": bank["trial"],
                    "subject": bank["subject"],
                    "subgroup": subgroup,
                    "endpoint": np.full(bank.length, name),
                    "in_population": bank[name] >= 0,
                    "responder": bank[name],
                }
            )
            for name in PRIMARY
        ]
    )
    trial, enrolled = np.unique(bank["trial"], return_counts=True)
    decided = decide(outcomes, Table({"trial": trial, "n_enrolled": enrolled}), design, PRIMARY)
    success = np.stack([decided[f"{design.rule}_{name}_success"] for name in PRIMARY], axis=1)
    return np.asarray(success[decided["filled"]], dtype=np.bool_)
