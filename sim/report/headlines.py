"""The figure of each task that a sweep compares over its cells: one number for each line and each assumption."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from sim.core.tables import Row, Table, rows_of
from sim.report.numbers import (
    different,
    first_level,
    headline_rows_of,
    picked,
    power_text,
    with_error,
)
from sim.report.questions import (
    alternatives,
    changes,
    composition,
    decisions,
    estimation,
    family,
    sample_size,
    value_readings,
)
from sim.words.rows import chosen_effect, headline_rows, label_of

Configuration = Mapping[str, Any]


@dataclass(frozen=True)
class Headline:
    """What is compared.

    name   : the number, in a word or two. words : what it is, in a sentence.
    rows   : from the table of one cell and its configuration to rows as `headline_rows` gives them of a power
             table: `endpoint` is the panel, `effect` what stands side by side in it, `power` the number, with its
             error and limits.
    paired : whether a cell keeps its trials, so that two cells can be compared trial by trial.
    unit   : of the number, "" for a probability.
    """

    name: str
    words: str
    rows: Callable[[Table, Configuration], list[Row]]
    paired: bool = False
    unit: str = ""

    def text(self, row: Row) -> str:
        """The number as a reader meets it."""
        if self.unit:
            return f"none up to {row['limit']:.0f}" if np.isnan(row["power"]) else f"{row['power']:.0f}"
        return power_text(row) if "critical_value" in row else with_error(row["power"], row["power_mcse"])

    def short(self, row: Row) -> str:
        """The number as a map shows it."""
        if np.isnan(row["power"]):
            return f"> {row['limit']:.0f}" if self.unit else "–"
        return f"{row['power']:.0f}" if self.unit else f"{100 * row['power']:.0f}"


def _line(panel: str, beside: str, value: float, error: float, **more: Any) -> Row:
    """A row with 95 % limits of the simulation, within 0 and 1."""
    low, high = (float(np.clip(value + side * 1.96 * np.nan_to_num(error), 0.0, 1.0)) for side in (-1.0, 1.0))
    whole: Row = {"endpoint": panel, "population": "all", "effect": beside, "power": value, "power_mcse": error}
    return whole | {"power_low": low, "power_high": high} | more


def _power(found: Table, _: Configuration) -> list[Row]:
    return headline_rows(found)


def _success(label: Callable[[Row], str], **values: Any) -> Callable[[Table, Configuration], list[Row]]:
    """Power of each row of the first level that has some values."""

    def rows(found: Table, _: Configuration) -> list[Row]:
        chosen = rows_of(picked(first_level(found), **values))
        return [_line(label(row), row["effect"], row["power"], row["power_mcse"]) for row in chosen]

    return rows


def _as_declared(found: Table, _: Configuration) -> list[Row]:
    return [
        _line(value_readings.shown_label(row), row["effect"], row["power"], row["power_mcse"])
        for row in value_readings.base_rows(list(rows_of(first_level(found))))
    ]


def _assurance(found: Table, _: Configuration) -> list[Row]:
    return [
        _line(label_of(row), "averaged", row["assurance"], row["assurance_mcse"])
        for row in headline_rows_of(found)
    ]


def _alternatives(found: Table, _: Configuration) -> list[Row]:
    """The single arm and the first concurrent control, under the assumption that a sentence is about."""
    rows = list(rows_of(picked(first_level(found), effect=chosen_effect(different(found, "effect")))))
    lines = []
    for row in rows:
        if row["kind"] == alternatives.SINGLE:
            beside = [(alternatives.SINGLE, row), (alternatives.CONTROLLED, alternatives.control_of(rows, row))]
            lines += [_line(label_of(row), name, one["power"], one["power_mcse"]) for name, one in beside if one]
    return lines


def _composition(found: Table, _: Configuration) -> list[Row]:
    """The lowest and the highest power over all mixtures, under the assumption that a sentence is about."""
    rows = picked(first_level(found), effect=chosen_effect(different(found, "effect")))
    rows = rows.where(~np.isnan(rows["power"]))
    lines = []
    for name in different(rows, "endpoint"):
        low, high = composition.ends(list(rows_of(picked(rows, endpoint=name))))
        lines += [
            _line(label_of(row), f"{which} over the mixtures", row["power"], row["power_mcse"])
            for which, row in (("lowest", low), ("highest", high))
        ]
    return lines


def _decisions(found: Table, configuration: Configuration) -> list[Row]:
    rule = decisions.rule_shown(configuration)
    return [
        _line(label_of(group[0]), effect, *decisions.chance_of_go(group, rule))
        for (_, effect), group in decisions.outcomes(list(rows_of(found))).items()
    ]


def _family(found: Table, _: Configuration) -> list[Row]:
    def name(row: Row) -> str:
        return family.PROCEDURES.get(str(row["procedure"]), str(row["procedure"]))

    return _success(name, claim="any")(found, {})


def _estimation(found: Table, _: Configuration) -> list[Row]:
    """Of all planned patients together."""
    largest = picked(estimation.interval_rows(found), n=found["n"].max())
    return [
        _line(estimation.METHODS.get(str(row["method"]), str(row["method"])), "all planned", row["width"], np.nan)
        for row in rows_of(largest.where(np.isclose(largest["rate"], 0.5)))
    ]


def _sizes(found: Table, _: Configuration) -> list[Row]:
    return list(_enough(found))


def _enough(found: Table) -> Iterator[Row]:
    wanted, limit = float(found["wanted_power"][0]), float(found["n"].max())
    for endpoint in different(found, "endpoint"):
        for effect in different(found, "effect"):
            rows = sample_size.planned(found, endpoint, effect)
            if rows:
                first = sample_size.enough(rows, wanted).first
                n = np.nan if first is None else float(first["n"])
                yield _line(label_of(rows[0]), effect, n, np.nan) | {
                    "power_low": n,
                    "power_high": n,
                    "limit": limit,
                }


_TRIALS: Final = "the share of trials that succeed"
_EXACT: Final = "the probability of success"
HEADLINES: Final[Mapping[str, Headline]] = MappingProxyType(
    {
        "power": Headline("power", _TRIALS, _power, paired=True),
        "tournament": Headline("power", _EXACT, _success(label_of, kind="yes/no", circular=0)),
        "sample_size": Headline("patients", "the fewest patients with the wanted power", _sizes, unit="patients"),
        "assurance": Headline("assurance", "success averaged over what is believed", _assurance),
        "alternatives": Headline("power", _EXACT, _alternatives),
        "composition": Headline("power", _EXACT, _composition),
        "decisions": Headline("go", "the probability of go by the rule of the design", _decisions),
        "family": Headline("at least one claim", "the share of trials with at least one claim", _family),
        "estimation": Headline(
            "width", "the expected width of the 95 % interval of a rate of one half", _estimation
        ),
        "changes": Headline(
            "power",
            "the share of trials that show the change by the signed-rank test",
            _success(changes.change_label, origin="simulated", rule="signed_rank"),
        ),
        "times": Headline("power", _TRIALS, _success(label_of, origin="simulated")),
        "value_readings": Headline("power", f"{_TRIALS}, as declared", _as_declared),
    }
)
"""For each leading table whose sweep is combined the number that is compared."""
