"""The tournament as text: what each endpoint needs and does, and what the cells change in the same patients."""

import math
from collections.abc import Sequence

from sim.core.tables import Row, Table, rows_of
from sim.words.layout import aligned, number, with_error
from sim.words.rules import needed_words

_LEGEND = (
    "benchmark: assumed, or the rate of the same patients without the cells (circular: nobody knows it before the",
    "trial, and its false go says nothing); needed: fewest responders / planned n (r1/n1 r/n: stop with at most",
    "r1 of n1, success above r of n); for 80 %: true rate, or mean change, with the wanted power at the",
    "planned n; missing: lost to missing data; ± is the Monte Carlo error. Power is exact at the patients' rates,",
    "for trials that fill; log_upcr: t test in each simulated trial, whatever the rule.",
)
_PAIRS_LEGEND = (
    "difference: of rates, or mean change, effect minus none in the same patients, ± standard error of the pairs;",
    "benefit, harm: who responds only with, only without the effect when both lives share their luck; benefit",
    "minus harm is the difference. No trial can see them: the limits are all that the two rates say (Fréchet).",
)


def tournament_text(table: Table) -> str:
    """Three parts: rates and power under each effect, paired differences, and who comes first."""
    groups: dict[str, list[Row]] = {}
    for row in rows_of(table):
        groups.setdefault(row["endpoint"], []).append(row)
    effects = [row["effect"] for row in next(iter(groups.values()))]
    lines = [["endpoint", "for", "benchmark", "needed", "size", f"for {_percent(table)}", "missing"]]
    lines[0] += [f"{effect}: rate, power" for effect in effects]
    lines += [_line(rows) for rows in groups.values()]
    acting = [effect for effect in effects if effect != "none"]
    text = [*aligned(lines), "", *_LEGEND]
    if acting:
        text += ["", *aligned(_pair_lines(groups, acting)), "", *_PAIRS_LEGEND, ""]
        text += [_first(groups, effect) for effect in acting]
    return "\n".join(text)


def _percent(table: Table) -> str:
    return f"{100 * table['wanted_power'][0]:.0f} %"


def _line(rows: Sequence[Row]) -> list[str]:
    row = rows[0]
    reference = row["reference"] if row["kind"] == "change" else row["null_rate"]
    circular = " circular" if row["circular"] else ""
    needed = needed_words(row)
    if row["kind"] == "yes/no" and math.isnan(row["attained_size"]):
        needed = "by trial"
    return [
        row["endpoint"],
        row["population"],
        f"{number(reference, 2)}{circular}",
        needed,
        number(row["attained_size"]),
        number(row["needed"], 2),
        number(row["missing"]),
        *(_rate_and_power(each) for each in rows),
    ]


def _rate_and_power(row: Row) -> str:
    power = with_error(row["power"], row["power_mcse"])
    if row["kind"] == "family":
        return power
    name = "mean" if row["kind"] == "change" else "rate"
    return f"{with_error(row[name], row[f'{name}_mcse'])}  {power}"


def _pair_lines(groups: dict[str, list[Row]], acting: Sequence[str]) -> list[list[str]]:
    lines = [["endpoint", *(f"{effect}: difference, benefit [limits], harm" for effect in acting)]]
    for name, rows in groups.items():
        if rows[0]["kind"] != "family":
            lines.append([name, *(_pair(row) for row in rows if row["effect"] in acting)])
    return lines


def _pair(row: Row) -> str:
    difference = with_error(row["difference"], row["difference_mcse"])
    if row["kind"] == "change" or math.isnan(row["benefit"]):
        return difference
    limits = f"[{row['benefit_low']:.3f}–{row['benefit_high']:.3f}]"
    return f"{difference}  {row['benefit']:.3f} {limits}  {row['harm']:.3f}"


def _first(groups: dict[str, list[Row]], effect: str) -> str:
    """The endpoints of the highest power under an effect, with what they give when the cells do nothing."""
    rows = [
        row for found in groups.values() for row in found if row["effect"] == effect and row["kind"] != "family"
    ]
    sound = sorted((row for row in rows if not row["circular"]), key=lambda row: -row["power"])[:3]
    said = "; ".join(
        f"{row['endpoint']} {row['power']:.2f} (without {row['false_go_inert']:.2f})" for row in sound
    )
    return f"Highest power under {effect}, benchmarks not from the model: {said}."
