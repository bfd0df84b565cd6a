"""task=estimation: what estimates from so few patients are worth. Exact; no patient is simulated."""

from typing import Any, Final

import numpy as np

from sim.core.tables import Row, Table, rows_of
from sim.report.html import Html, joined, table, tag
from sim.report.numbers import percent
from sim.report.question import Question, screen
from sim.report.results import Results

METHODS: Final = {"clopper_pearson": "Clopper–Pearson", "wilson": "Wilson", "jeffreys": "Jeffreys"}
"""Intervals, as a reader meets them."""
_RATES: Final = (0.1, 0.3, 0.5, 0.7, 0.9)
_SHOWN: Final = 0.05


def _screen(results: Results) -> Html:
    sizes = sorted(set(results.main["n"].tolist()))
    return screen(
        f"What can {' or '.join(map(str, sizes))} patients estimate?",
        "Exact figures; no patient is simulated, so there is no Monte Carlo error and no model behind them.",
        _sentence(results, sizes[-1]),
        [],
        [_intervals(results.main, sizes), *_events(results)],
        results,
    )


def interval_rows(found: Table) -> Table:
    """One row for each method, size and rate; those of further values to exceed are left out."""
    return found.where(found["above"] == found["above"][0])


def _at(found: Table, method: str, n: int, rate: float) -> Row:
    chosen = (found["method"] == method) & (found["n"] == n) & np.isclose(found["rate"], rate)
    return next(rows_of(interval_rows(found.where(chosen))))


def _sentence(results: Results, n: int) -> Any:
    half = _at(results.main, "clopper_pearson", n, 0.5)
    parts = [
        f"With {n} patient{'' if n == 1 else 's'} the 95 % interval of a response rate of one half is on average ",
        tag("b", f"{100 * half['width']:.0f} points wide"),
    ]
    event = _event(results, n)
    if event is not None:
        parts += [
            f"; a side effect that befalls {100 * event['rate']:.0f} % of patients stays unseen with a "
            "probability of ",
            tag("b", percent(1.0 - event["p_at_least_one"])),
            f", and none seen leaves a share of up to {percent(event['upper_none'])} possible",
        ]
    return joined([*parts, "."])


def _event(results: Results, n: int) -> Row | None:
    found = results.tables.get("rare_events")
    if found is None:
        return None
    chosen = found.where((found["n"] == n) & np.isclose(found["rate"], _SHOWN))
    return next(rows_of(chosen), None)


def _intervals(found: Table, sizes: list[int]) -> Html:
    lines = []
    for n in sizes:
        for method in dict.fromkeys(found["method"].tolist()):
            own = interval_rows(found.where((found["method"] == method) & (found["n"] == n)))
            worst = int(np.argmin(own["coverage"]))
            cells = [f"{100 * _at(found, method, n, rate)['width']:.0f}" for rate in _RATES]
            least = f"{percent(own['coverage'][worst])} at {own['rate'][worst]:.2f}"
            lines.append([f"n = {n}, {METHODS.get(method, method)}", *cells, least])
    caption = (
        "Exact expected width of 95 % intervals, in points, by the true response rate, and the least coverage "
        "over true rates of 0.01 to 0.99: an interval is honest where it stays at 95 % or above."
    )
    return table(
        ["Interval", *(f"rate {rate:g}" for rate in _RATES), "Least coverage"], lines, caption, class_="numbers"
    )


def _events(results: Results) -> list[Html]:
    found = results.tables.get("rare_events")
    if found is None:
        return []
    rates = sorted(set(found["rate"].tolist()))
    lines = []
    for n in sorted(set(found["n"].tolist())):
        own = sorted(rows_of(found.where(found["n"] == n)), key=lambda row: row["rate"])
        lines.append(
            [f"n = {n}", *(percent(row["p_at_least_one"], 0) for row in own), percent(own[0]["upper_none"], 0)]
        )
    head = ["Adverse event", *(percent(rate, 0) for rate in rates), "possible after none"]
    caption = (
        "Exact probability to see an adverse event at least once, by its true share of patients, and the "
        "one-sided 95 % upper limit of the share after none was seen."
    )
    return [table(head, lines, caption, class_="numbers")]


def _method(results: Results) -> str:
    del results
    return (
        "Each figure adds up the binomial probabilities of all numbers of responders; nothing is drawn at random."
    )


ESTIMATION: Final = Question(
    "estimation",
    _screen,
    "To say how wide, how honest and how blind estimates from so few patients are, whatever the cells do.",
    _method,
    "Width and coverage are exact expectations.",
    simulated=False,
    limits=(
        "Patients are taken to respond independently and with one common rate; where subgroups differ, numbers of "
        "responders vary a little less.",
        "Nothing here depends on the model of the patients, and nothing says whether the cells work.",
        "An honest interval of a rate is no evidence of an effect: without a control group the rate to compare "
        "with is assumed.",
    ),
)
