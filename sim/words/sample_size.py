"""Power over the number of patients as text: the sawtooth drawn, sizes asked for in lines, the answer in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from sim.config.config import INERT
from sim.core.tables import Table, rows_of
from sim.design.sample_size import Found, found
from sim.words.layout import aligned, number, with_error
from sim.words.rows import chosen_effect
from sim.words.rules import needed_words

_HEIGHT: Final = 10
_LEGEND: Final = (
    "o: power at that number of patients; =: the power that is wanted. It goes down where the next responder is",
    "needed and up until then: the sawtooth of an exact test. Every value and every split: sample_size.parquet.",
    "needed: fewest responders / n; r1/n1 r/n: stop with at most r1 of the first n1, success above r of n.",
    "Where the split varies the benchmark stays that of all patients, which favours whoever responds more often.",
)


def sample_size_text(table: Table, alpha: float, shown: Mapping[str, Sequence[int]], *, random: bool) -> str:
    """For each endpoint at one level: an answer for each effect, one drawing, and lines for the sizes shown.

    shown : numbers of patients, by endpoint. random : the design leaves to chance who is LN and who LC.
    """
    parts = []
    for endpoint in dict.fromkeys(table["endpoint"].tolist()):
        rows = table.where((table["endpoint"] == endpoint) & (table["alpha"] == alpha))
        parts.append("\n".join(_endpoint_lines(rows, shown[endpoint], random)))
    return "\n\n".join([*parts, "\n".join(_LEGEND)])


def _endpoint_lines(rows: Table, shown: Sequence[int], random: bool) -> Iterator[str]:
    population, split = rows["population"][0], bool((~rows["planned_split"]).any())
    who = "patients, split as the design has it" if split else f"{population} patients"
    if random:
        who = "patients of the trial, LN and LC as they come"
    yield (
        f"{rows['endpoint'][0]}: n is {who}; benchmark {rows['null_rate'][0]:.2f} at alpha {rows['alpha'][0]:g}, "
        f"wanted power {rows['wanted_power'][0]:g}"
    )
    for effect in dict.fromkeys(rows["effect"].tolist()):
        yield f"  {_answer(rows.where(rows['effect'] == effect), effect, split)}"
    yield ""
    effect = chosen_effect(rows["effect"].tolist())
    planned = rows.where((rows["effect"] == effect) & rows["planned_split"])
    numbers, power = planned["n"].tolist(), planned["power"].tolist()
    yield from (f"  {line}" for line in drawing(numbers, power, float(rows["wanted_power"][0]), effect))
    yield ""
    yield from aligned(_size_lines(rows, shown))


def _answer(rows: Table, effect: str, split: bool) -> str:
    """Which number of patients is enough under one effect, at the design's split and at the best one."""
    planned = rows.where(rows["planned_split"])
    wanted = float(rows["wanted_power"][0])
    answer = found(planned["n"].tolist(), planned["power"].tolist(), wanted)
    said = f"{effect}: {_numbers(answer, planned, wanted)}"
    if effect == INERT and answer.first is not None:
        rate, null_rate = planned["rate"][-1], planned["null_rate"][0]
        said += (
            f". The cells do nothing here: {rate:.2f} respond without them and the benchmark is {null_rate:.2f}; "
            "more patients make a false go certain, not the trial better"
        )
    if not split or effect == INERT:
        return said + "."
    best = _best_splits(rows)
    of_best = found(best["n"].tolist(), best["power"].tolist(), wanted)
    if of_best.first is None:
        return f"{said}; no split does."
    row = int(np.flatnonzero(best["n"] == of_best.first)[0])
    numbers = f"{best['n_LN'][row]:.0f} LN, {best['n_LC'][row]:.0f} LC"
    numbers += f"; {with_error(float(best['power'][row]), float(best['power_mcse'][row]))}"
    return f"{said}; by the best split first at n = {of_best.first} ({numbers})."


def _numbers(answer: Found, planned: Table, wanted: float) -> str:
    numbers, power, error = (planned[name] for name in ("n", "power", "power_mcse"))

    def at(n: int) -> str:
        row = int(np.flatnonzero(numbers == n)[0])
        return f"n = {n} ({with_error(float(power[row]), float(error[row]))})"

    if answer.first is None:
        return f"no n up to {numbers[-1]} reaches {wanted:g}; the highest is {at(answer.best)}"
    if answer.steady is None:
        return f"first at {at(answer.first)}, but it falls below {wanted:g} again before n = {numbers[-1]}"
    if answer.steady == answer.first:
        return f"from {at(answer.first)} on"
    return f"first at {at(answer.first)}, and stays from {at(answer.steady)} on"


def _best_splits(rows: Table) -> Table:
    """For each number of patients the split of the highest power."""
    order = np.lexsort((-rows["power"], rows["n"]))
    _, first = np.unique(rows["n"][order], return_index=True)
    return rows.where(order[first])


def drawing(sizes: Sequence[int], power: Sequence[float], wanted: float, title: str) -> list[str]:
    """Power by size as characters: one column for each size, one row for each tenth."""
    level = [round(_HEIGHT * value) for value in power]
    target = round(_HEIGHT * wanted)
    lines = [f"power, {title}"]
    for row in range(_HEIGHT, -1, -1):
        marks = ["o" if place == row else "=" if row == target else " " for place in level]
        lines.append(f"{row / _HEIGHT:.1f} |{''.join(marks)}".rstrip())
    axis = [" "] * (len(level) + 2)
    for place, size in enumerate(sizes):
        if size % 5 == 0:
            for offset, digit in enumerate(str(size)):
                axis[place + offset] = digit
    return [*lines, f"  n  {''.join(axis)}".rstrip()]


def _size_lines(rows: Table, shown: Sequence[int]) -> list[list[str]]:
    """A line for each size asked for: what must respond, and power under each effect."""
    effects = list(dict.fromkeys(rows["effect"].tolist()))
    lines = [["n", "LN, LC", "needed", "size", *(f"{effect}: power" for effect in effects)]]
    for n in shown:
        at = rows.where((rows["n"] == n) & rows["planned_split"])
        if not at.length:
            continue
        lines.append(
            [
                str(n),
                f"{number(at['n_LN'][0], 0)}, {number(at['n_LC'][0], 0)}",
                needed_words(next(rows_of(at))),
                number(float(at["attained_size"][0])),
                *(with_error(float(p), float(e)) for p, e in zip(at["power"], at["power_mcse"], strict=True)),
            ]
        )
    return lines
