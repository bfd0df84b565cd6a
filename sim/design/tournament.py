"""Every endpoint on the same patients: what each needs, how likely it succeeds, what the cells change in pairs.

Power comes from the bank by exact algebra at the design's own size. A rule without a benchmark of its own is
tested against the rate of the same patients without the cells: that is circular, and said so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sim.config.config import INERT
from sim.config.design import Design
from sim.core.tables import Table, table_of
from sim.design.bank import numbers_of, sizes_of, strata_of
from sim.design.bank_algebra import mean_rate
from sim.design.bank_rules import BankRule, Strata, grid_of, rule_of
from sim.design.bank_stages import Order, order_of
from sim.design.change import change_columns
from sim.design.populations import population_of
from sim.design.tournament_family import FAMILIES, PRIMARY, family_power
from sim.stats.monte_carlo import proportion_mcse

Bank = Mapping[str, Table]

_NAN: Final = float("nan")
CHANGE: Final = "log_upcr"
_EMPTY: Final = dict.fromkeys(
    (
        *("null_rate", "n_final", "interim", "futility", "critical_value", "attained_size"),
        *("reference", "rate", "rate_mcse", "mean", "mean_mcse"),
        *("needed", "missing", "missing_mcse", "difference", "difference_mcse"),
        *("benefit", "harm", "benefit_low", "benefit_high"),
    ),
    _NAN,
)


@dataclass(frozen=True)
class Counts:
    """Trials asked for, computed and failed."""

    requested: int
    failed: int

    @property
    def columns(self) -> dict[str, int]:
        """As columns of a table."""
        return {
            "n_trials": self.requested - self.failed,
            "n_requested": self.requested,
            "n_failed": self.failed,
        }


def planned_sizes(design: Design, name: str, n: int | None = None) -> tuple[int, int]:
    """Patients of each stratum who are planned for an answer; under a random composition all are of the first.

    n : of the whole trial, split as the design is; None is the design's own.
    """
    sizes, population = sizes_of(design, design.n if n is None else n), population_of(name)
    if design.composition == "random" or population == "all":
        return sizes
    return (sizes[0], 0) if population == "LN" else (0, sizes[1])


def null_rate_of(bank: Bank, name: str, design: Design) -> tuple[float, bool]:
    """Benchmark of a yes/no answer, and whether it is the model's own rate without the cells (circular)."""
    benchmark = design.benchmarks.of(name)
    if benchmark is not None:
        return benchmark.rate(population_of(name)), design.benchmarks.circular(name)
    strata = strata_of(bank[INERT], name, design, population_of(name))
    return mean_rate(strata, planned_sizes(design, name))[0], True


def tournament_table(
    bank: Bank, names: Sequence[str], design: Design, effects: Sequence[str], wanted: float, counts: Counts
) -> Table:
    """One row for each answer and effect, and for the families `any` and `all` of the primary endpoints.

    bank : by effect, `none` included. wanted : power for the needed rate. Decided at the first alpha.
    """
    rows = []
    for name in names:
        make = _change_row if name == CHANGE else _yes_no_row
        rows += [make(bank, name, design, effect, wanted) for effect in effects]
    if set(PRIMARY) <= set(names):
        rows += [_family_row(bank, family, design, effect) for family in FAMILIES for effect in effects]
    made = {"wanted_power": wanted, "alpha": design.alpha[0], **counts.columns}
    return table_of([{**row, **made} for row in rows])


def _yes_no_row(bank: Bank, name: str, design: Design, effect: str, wanted: float) -> dict[str, Any]:
    null_rate, circular = null_rate_of(bank, name, design)
    population, sizes = population_of(name), planned_sizes(design, name)
    rule = rule_of(name, design, design.alpha[0], null_rate) if 0.0 < null_rate < 1.0 else None
    strata = {key: strata_of(bank[key], name, design, population) for key in (effect, INERT)}
    power, inert = (_power(rule, strata[key], order_of(bank[key], design), sizes) for key in (effect, INERT))
    rate, rate_error = mean_rate(strata[effect], sizes)
    by_chance = design.composition == "random" and population != "all"
    n = None if by_chance else sum(sizes)
    missing = _missing(bank[effect], name)
    return {
        **_head(name, population, effect, "yes/no", sizes),
        **numbers_of(design, sizes),
        **_EMPTY,
        "null_rate": null_rate,
        "circular": circular,
        **(rule.test_of(n) if rule else {}),
        "rate": rate,
        "rate_mcse": rate_error,
        **_success(power, inert),
        "needed": rule.rate_for_power(n, wanted) if rule and n is not None else _NAN,
        **missing,
        **_pairs(bank, name, design, effect, sizes),
        "n_patients": sum(stratum.inside for stratum in strata[effect]),
    }


def _power(rule: BankRule | None, strata: Strata, order: Order, sizes: tuple[int, int]) -> tuple[float, float]:
    """Power at one size and its error; 0 where the benchmark leaves nothing to beat."""
    if rule is None:
        return 0.0, 0.0
    power, error = grid_of(rule, strata, order, sum(sizes))
    return float(power[sizes]), float(error[sizes])


def _head(name: str, population: str, effect: str, kind: str, sizes: tuple[int, int]) -> dict[str, Any]:
    return {
        "endpoint": name,
        "population": population,
        "effect": effect,
        "kind": kind,
        "n": sum(sizes),
        "circular": False,
    }


def _success(power: tuple[float, float], inert: tuple[float, float]) -> dict[str, float]:
    return {
        "power": power[0],
        "power_mcse": power[1],
        "false_go_inert": inert[0],
        "false_go_inert_mcse": inert[1],
    }


def _missing(table: Table, name: str) -> dict[str, float]:
    missing = table[f"{name}_missing"] == 1
    n, lost = int(((table[name] >= 0) | missing).sum()), int(missing.sum())
    share = lost / n if n else _NAN
    return {"missing": share, "missing_mcse": proportion_mcse(share, n)}


def _pairs(bank: Bank, name: str, design: Design, effect: str, sizes: tuple[int, int]) -> dict[str, float]:
    """Effect minus none in the same patients; strata weigh as they do in a trial.

    Benefit and harm are those of the coupling by common draws, which no trial can see; the Fréchet limits are
    all that the two rates of each stratum say about the benefit.
    """
    first, second = bank[effect], bank[INERT]
    of_stratum, variance = [], []
    for code, size in enumerate(sizes):
        chosen = (first[name] >= 0) & (second[name] >= 0)
        if design.composition == "quota":
            chosen &= first["subgroup"] == code
        treated, inert = first[name][chosen] == 1, second[name][chosen] == 1
        if not size or not chosen.any():
            continue
        enrolled = first.length if design.composition == "random" else int((first["subgroup"] == code).sum())
        benefit, harm = float(np.mean(treated & ~inert)), float(np.mean(inert & ~treated))
        p1, p0 = float(treated.mean()), float(inert.mean())
        of_stratum.append(
            (
                size * int(chosen.sum()) / enrolled,
                benefit - harm,
                benefit,
                harm,
                max(0.0, p1 - p0),
                min(p1, 1.0 - p0),
            )
        )
        variance.append((benefit + harm - (benefit - harm) ** 2) / int(chosen.sum()))
    if not of_stratum:
        return {}
    parts = np.array(of_stratum)
    weight = parts[:, 0] / parts[:, 0].sum()
    error = float(np.sqrt(weight**2 @ np.array(variance)))
    named = ("difference", "benefit", "harm", "benefit_low", "benefit_high")
    return {**dict(zip(named, (weight @ parts[:, 1:]).tolist(), strict=True)), "difference_mcse": error}


def _change_row(bank: Bank, name: str, design: Design, effect: str, wanted: float) -> dict[str, Any]:
    """The change of log-UPCR: a fall below that of the same patients without the cells."""
    sizes = planned_sizes(design, name)
    said = change_columns(
        bank[effect],
        bank[INERT],
        name,
        n=sizes[0],
        alpha=design.alpha[0],
        min_n=design.min_n,
        wanted=wanted,
    )
    head = _head(name, population_of(name), effect, "change", sizes)
    return {**head, **numbers_of(design, sizes), **_EMPTY, **said}


def _family_row(bank: Bank, family: str, design: Design, effect: str) -> dict[str, Any]:
    """At least one, or all, of the primary endpoints succeed, each tested by itself."""
    sizes = sizes_of(design, design.n)
    power, inert = (family_power(bank[key], family, design) for key in (effect, INERT))
    return {
        **_head(f"{family} of {', '.join(PRIMARY)}", "all", effect, "family", sizes),
        **numbers_of(design, sizes),
        **_EMPTY,
        **_success(power, inert),
        "n_patients": bank[effect].length,
    }
