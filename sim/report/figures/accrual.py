"""How long it takes to find the patients."""

import numpy as np
from numpy.typing import NDArray

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace
from sim.report.patients import drawn_trials, of_trials
from sim.report.style import WITH, axis, faded, layout

_MONTH = 30.44
Numbers = NDArray[np.float64]


def accrual(roles: Table, candidates: Table) -> Figure | None:
    """Enrolment over the months since the site opened: single trials, median, 90 % band; None without any."""
    trials = drawn_trials(roles)
    enrolled = of_trials(candidates, trials)
    enrolled = enrolled.where(~np.isnan(enrolled["enrolled_trial_day"]))
    times = [np.sort(enrolled["enrolled_trial_day"][enrolled["trial"] == trial]) / _MONTH for trial in trials]
    most = max((len(each) for each in times), default=0)
    if not most:
        return None
    reached = np.array([[*each, *[np.inf] * (most - len(each))] for each in times])
    low, middle, high = (np.quantile(reached, share, axis=0, method="inverted_cdf") for share in (0.05, 0.5, 0.95))
    full = middle[-1]
    words = f"{full:.0f} months" if np.isfinite(full) else "more time than the trials have"
    return Figure(
        "accrual",
        "How long it takes to find the patients",
        f"Thin lines: {len(trials)} virtual trials at one centre; thick: the median time to each enrolment; band: "
        f"90 % of "
        f"the trials. Half of the trials need {words} for {most} patients, under the assumed number of referrals.",
        f"Enrolment over time, a fan of {len(trials)} trials; median to {most} patients {words}.",
        [_panel(times, low, middle, high)],
        ("enrolled", "months_5_percent", "months_median", "months_95_percent"),
        list(zip(range(1, most + 1), low, middle, high, strict=True)),
        across=1,
    )


def _panel(times: list[Numbers], low: Numbers, middle: Numbers, high: Numbers) -> Panel:
    """Single trials, the band between low and high, and the median; infinite where places stay open."""
    number = np.arange(1, len(middle) + 1)
    last = max(float(each[-1]) for each in times if len(each))
    inside = [np.where(np.isfinite(each), each, last) for each in (low, high)]
    band: Trace = {
        "type": "scatter",
        "mode": "lines",
        "x": [*inside[0], *inside[1][::-1]],
        "y": [*number, *number[::-1]],
        "fill": "toself",
        "fillcolor": faded(WITH, 0.15),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    lines: Trace = {
        "type": "scatter",
        "mode": "lines",
        "line": {"color": faded(WITH, 0.35), "width": 1, "shape": "hv"},
        "hoverinfo": "skip",
        "x": [value for each in times for value in (0.0, *each.tolist(), None)],
        "y": [value for each in times for value in (0, *range(1, len(each) + 1), None)],
    }
    median: Trace = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": np.where(np.isfinite(middle), middle, np.nan),
        "y": number,
        "line": {"color": WITH, "width": 3},
        "marker": {"size": 7},
        "hovertemplate": "%{y} enrolled after %{x:.0f} months (median)<extra></extra>",
    }
    x = axis("months since the site opened", range=[0, 1.06 * inside[1][-1]])
    y = axis("patients enrolled", range=[0, len(middle) + 0.5], dtick=1 if len(middle) <= 12 else None)
    return Panel("", [band, lines, median], layout(x, y, height=380))
