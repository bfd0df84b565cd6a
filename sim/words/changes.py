"""Changes from baseline in words: what so few patients can show, and how often they do."""

import math
from collections.abc import Iterator
from typing import Final

from sim.config.config import INERT
from sim.core.tables import Row, Table, rows_of
from sim.design.samples import DRAWN, OWN
from sim.words.layout import aligned, gain, number, with_error
from sim.words.rows import too_often

_LEGEND: Final = (
    "without: mean change of the same patients without the cells, the reference of both tests; mean: under the",
    "effect; difference: in pairs; signed-rank, t: share of all trials that succeed, ± Monte Carlo standard",
    "error, in brackets when the cells do nothing; gain: the difference of the two in the same trials. The",
    "reference comes from the model (circular: nobody knows it before the trial), so what stands in brackets is",
    "the size of the test, which leaves alpha where changes are not symmetric (ranks) or not normal (t).",
    "unknown: share of patients without the change, who are left out.",
)


def changes_text(table: Table) -> str:
    """The answer, what cannot be shown, the table at the first alpha, and larger trials drawn from the same."""
    rows = [row for row in rows_of(table) if row["alpha"] == table["alpha"][0]]
    own = [row for row in rows if row["origin"] == OWN]
    drawn = [row for row in rows if row["origin"] == DRAWN]
    lines = [*_in_short(own), *_limits(own), *_inflated(own), "", *_table(own), "", *_LEGEND]
    return "\n".join([*lines, *(["", *_larger(drawn)] if drawn else [])])


def _in_short(rows: list[Row]) -> Iterator[str]:
    """The most powerful test of those that hold their level."""
    sound = [row for row in rows if not too_often(row)]
    if not sound:
        return
    best = max(sound, key=lambda row: (row["effect"] != INERT, row["power"]))
    if best["power"] == 0.0:
        yield f"In short: no trial of so few patients shows a change at {best['visit']} (alpha {best['alpha']:g})."
        return
    where = f"{best['variable']} ({best['endpoint']})"
    yield (
        f"In short: of the changes at {best['visit']}, {where} succeeds most often, in "
        f"{100 * best['power']:.0f} % of the trials under {best['effect']} by {_NAMES[best['rule']]} at alpha "
        f"{best['alpha']:g}; without the cells in {100 * best['false_go_inert']:.0f} %."
    )


def _inflated(rows: list[Row]) -> Iterator[str]:
    """Tests that succeed without the cells more often than their level allows."""
    for row in {(row["variable"], row["rule"]): row for row in rows if too_often(row)}.values():
        yield (
            f"{row['variable']} by {_NAMES[row['rule']]} succeeds in {100 * row['false_go_inert']:.0f} % of the "
            f"trials without the cells, although alpha is {row['alpha']:g}: its changes are not "
            f"{_ASSUMED[row['rule']]} around their mean, so a success means less than alpha says."
        )


_ASSUMED: Final = {"signed_rank": "symmetric", "t_test": "normal"}
_NAMES: Final = {"signed_rank": "the signed-rank test", "t_test": "the t test"}


def _limits(rows: list[Row]) -> Iterator[str]:
    """What the exact test can never show with so few patients."""
    alpha = rows[0]["alpha"]
    fewest = math.ceil(-math.log2(alpha) - 1e-12)
    for row in {row["places"]: row for row in rows if row["rule"] == "signed_rank"}.values():
        if math.isnan(row["places"]):
            continue
        smallest = f"{row['places']:.0f} patients: the smallest one-sided signed-rank p is {row['smallest_p']:.3g}"
        if row["attained_size"] == 0.0:
            yield f"{smallest}, so no outcome rejects at alpha {alpha:g}."
        else:
            yield f"{smallest}; exact size {row['attained_size']:.3f} if changes are symmetric."
    yield f"Fewer than {fewest} known changes never reject at alpha {alpha:g} by ranks."


def _table(rows: list[Row]) -> list[str]:
    head = ["endpoint", "variable", "n", "effect", "without", "mean", "difference", "signed-rank", "gain"]
    head += ["t", "gain", "unknown"]
    lines = [head]
    for row in rows:
        if row["rule"] == "signed_rank":
            other = _twin_row(rows, row)
            lines.append(
                [
                    row["endpoint"],
                    row["variable"],
                    number(row["places"], 0),
                    row["effect"],
                    with_error(row["reference"], row["reference_mcse"]),
                    number(row["mean"]),
                    with_error(row["difference"], row["difference_mcse"]),
                    _power(row),
                    gain(row),
                    _power(other),
                    gain(other),
                    number(row["missing"]),
                ]
            )
    return aligned(lines)


def _twin_row(rows: list[Row], row: Row) -> Row:
    """The same by the t test."""
    keys = ("variable", "effect", "n")
    return next(each for each in rows if each["rule"] == "t_test" and all(each[k] == row[k] for k in keys))


def _power(row: Row) -> str:
    return f"{with_error(row['power'], row['power_mcse'])} ({number(row['false_go_inert'])})"


def _larger(rows: list[Row]) -> list[str]:
    """Power over the number of patients, signed-rank / t, for the acting effects."""
    sizes = list(dict.fromkeys(row["n"] for row in rows))
    lines = [["endpoint", "variable", "effect", *(f"n = {n}" for n in sizes)]]
    ranked = [row for row in rows if row["rule"] == "signed_rank"]
    for first in (row for row in ranked if row["n"] == sizes[0] and row["effect"] != INERT):
        same = [row for row in ranked if (row["variable"], row["effect"]) == (first["variable"], first["effect"])]
        cells = [f"{row['power']:.3f} / {_twin_row(rows, row)['power']:.3f}" for row in same]
        lines.append([first["endpoint"], first["variable"], first["effect"], *cells])
    if len(lines) == 1:
        return []
    return [
        "Larger trials, drawn with replacement from the same patients: power by signed-rank / t test",
        *aligned(lines),
    ]
