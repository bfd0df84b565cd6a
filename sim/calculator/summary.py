"""The result of a scored data set in words: rates with exact intervals, reasons, and remarks on the data."""

from typing import Final

import numpy as np

from sim.calculator.dataset import Examined
from sim.calculator.estimands_text import estimands_text
from sim.core.tables import Table
from sim.endpoints.catalogue import YES_OR_NO
from sim.endpoints.safety_rates import lines as safety_lines
from sim.endpoints.safety_rates import totals
from sim.endpoints.survival import survival_text
from sim.stats.intervals import clopper_pearson

_POPULATIONS: Final = ("all", "LN", "LC")


def summary_text(examined: Examined, outcomes: Table, estimands: Table, means: Table, source: str) -> str:
    """What was scored, each endpoint's rate with its Clopper–Pearson 95 % interval, and the reasons against it.

    outcomes : what `evaluate` gave. estimands : what `every_estimand` gave. means : restricted means of the times
    to event. source : the folder, as the user named it.
    """
    subjects = len(np.unique(np.stack([outcomes["trial"], outcomes["subject"]]), axis=1).T)
    names = ", ".join(examined.found.files.values())
    lines = [
        f"Endpoints of {subjects:,} subjects who received the first infusion, from {names} in {source}.",
        _synthetic(examined.synthetic),
        "",
        f"{'endpoint':9}{'population':>11}{'n':>9}{'responders':>12}{'rate':>8}   95 % interval   "
        "reasons of non-response",
    ]
    for endpoint in YES_OR_NO:
        lines += _imputed(estimands, endpoint) or _rows(outcomes, endpoint)
    lines += ["", *survival_text(means), "Changes by visit and safety counts: endpoints.parquet."]
    lines += ["", *safety_lines(totals(outcomes))]
    lines += ["", *estimands_text(estimands), "", *_derived(examined)]
    warnings = sum(not finding.fatal for finding in examined.found.findings)
    lines.append(f"Warnings about the data: {warnings}." if warnings else "No warnings about the data.")
    return "\n".join(lines)


def _synthetic(said: str) -> str:
    return {
        "true": "The data say that they are synthetic: virtual patients only.",
        "false": "The data say that they are not synthetic.",
    }.get(said, "The data do not say whether they are synthetic.")


def _rows(outcomes: Table, endpoint: str) -> list[str]:
    """One line for each population in which somebody was judged."""
    judged = (outcomes["endpoint"] == endpoint) & (outcomes["responder"] != -1)
    lines: list[str] = []
    for population in _POPULATIONS:
        counted = judged if population == "all" else judged & (outcomes["subgroup"] == population)
        n, responders = int(counted.sum()), int((outcomes["responder"][counted] == 1).sum())
        if not n or (population != "all" and n == judged.sum() and lines):
            continue
        low, high = clopper_pearson(responders, n)
        interval = f"{float(low):.3f} to {float(high):.3f}"
        reasons = _reasons(outcomes["reason"][counted & (outcomes["responder"] == 0)].tolist())
        lines.append(
            f"{endpoint:9}{population:>11}{n:9,}{responders:12,}{responders / n:8.3f}   {interval}  {reasons}"
        )
    if not lines:
        lines.append(f"{endpoint:9}{'all':>11}{0:9,}   nobody in the population")
    return lines


def _imputed(estimands: Table, endpoint: str) -> list[str]:
    """The line of an endpoint whose missing outcomes are imputed; none where they are not."""
    row = np.flatnonzero(
        (estimands["endpoint"] == endpoint) & estimands["chosen"] & (estimands["missing"] == "mi")
    )
    if not len(row):
        return []
    here = {name: column[row[0]] for name, column in estimands.items()}
    interval = f"{here['low']:.3f} to {here['high']:.3f}"
    said = f"{here['n_missing']:,} missing, imputed; interval by Rubin's rules"
    return [f"{endpoint:9}{'all':>11}{here['n']:9,}{'–':>12}{here['rate']:8.3f}   {interval}  {said}"]


def _reasons(reasons: list[str]) -> str:
    distinct = sorted(set(reasons), key=lambda name: (-reasons.count(name), name))
    return ", ".join(f"{name} {reasons.count(name):,}" for name in distinct) or "–"


def _derived(examined: Examined) -> list[str]:
    if not examined.compared:
        return ["No derived columns are recorded; all were computed."]
    return [
        "Derived columns, and what they are if worked out again:",
        *(f"  {each}" for each in examined.compared),
    ]
