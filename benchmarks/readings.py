"""What each alternative reading of the record does to the rate of each endpoint, as a Markdown page.

    python -m benchmarks.readings --write docs/readings.md

The alternatives are those that docs/decisions.md lists. Each is compared with the default on the same trials and
seed, so that a reading of the analysis alone is compared on the same patients.
"""

import argparse
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.compose import load
from sim.pipeline import cohort_chunk, run_chunk

Floats = NDArray[np.float64]
Counts = tuple[Floats, Floats]
"""Successes and patients of each trial."""

EFFECT: Final = "neutral"
DECIDED: Final = ("P1", "P2", "P3", "S1", "S3")
OTHERS: Final = ("S2", "S4", "S5", "S6", "S7", "S9", "S11", "S12", "S13")
SCREENED: Final = "screened"
UNMOVED: Final = "·"
_DECISIONS: Final = Path(__file__).parents[1] / "docs" / "decisions.md"
_SECTION: Final = re.compile(r"^### (X\d\d) .*\n((?:(?!#).*\n?)*)", re.MULTILINE)
_KEY: Final = re.compile(r"^Key: `([^`]+)`; default `[^`]*`; alternatives ((?:`[^`]+`(?:, )?)+)\.", re.MULTILINE)


@dataclass(frozen=True)
class Alternative:
    """One value of one key that chooses another reading."""

    reading: str
    override: str


def alternatives() -> list[Alternative]:
    """Every alternative that docs/decisions.md lists, in its order."""
    return [
        Alternative(reading, f"{key}={value}")
        for reading, body in _SECTION.findall(_DECISIONS.read_text(encoding="utf-8"))
        for key, listed in _KEY.findall(body)
        for value in re.findall(r"`([^`]+)`", listed)
    ]


def decided(trials: int, *overrides: str) -> dict[str, Counts]:
    """Responders and patients of the endpoints that task=power decides, and candidates screened, by trial."""
    table = run_chunk(load([f"effect={EFFECT}", *overrides]), range(trials))[EFFECT]
    found = {name: (table[f"{name}_responders"] * 1.0, table[f"{name}_n"] * 1.0) for name in DECIDED}
    return {SCREENED: (table["n_screened"] * 1.0, np.ones(trials)), **found}


def others(trials: int, *overrides: str) -> dict[str, Counts]:
    """Responders, or those with an event by day 168, and patients of the other endpoints, by trial."""
    table = cohort_chunk(load([f"effect={EFFECT}", *overrides]), range(trials))["endpoints"]
    found = {}
    for name in OTHERS:
        rows = table.where((table["endpoint"] == name) & table["in_population"])
        yes = (rows["responder"] == 1) | (rows["event"] == 1)
        found[name] = (
            np.bincount(rows["trial"], yes, trials),
            np.bincount(rows["trial"], minlength=trials).astype(float),
        )
    return found


def rate(counts: Counts) -> tuple[float, float]:
    """A ratio over all trials and its Monte Carlo standard error, trials being the independent units."""
    successes, patients = counts
    value = successes.sum() / patients.sum()
    return value, _error((successes - value * patients) / patients.sum())


def difference(other: Counts, default: Counts) -> tuple[float, float]:
    """Difference of two ratios over the same trials, with its Monte Carlo standard error."""
    (one, n_one), (two, n_two) = other, default
    first, second = one.sum() / n_one.sum(), two.sum() / n_two.sum()
    return first - second, _error((one - first * n_one) / n_one.sum() - (two - second * n_two) / n_two.sum())


def _error(residuals: Floats) -> float:
    trials = len(residuals)
    return float(np.sqrt(trials / (trials - 1) * np.sum(residuals**2)))


def cell(name: str, other: Counts, default: Counts) -> str:
    """A difference as text; a dot where not one trial has other counts."""
    if all(np.array_equal(mine, usual) for mine, usual in zip(other, default, strict=True)):
        return UNMOVED
    if not other[1].sum():
        return "nobody"
    value, error = difference(other, default)
    return f"{value:+.0f} ± {error:.0f}" if name == SCREENED else f"{100 * value:+.1f} ± {100 * error:.1f}"


def table(trials: int, counted: Callable[..., Mapping[str, Counts]], chosen: list[Alternative]) -> list[str]:
    """The default's rates, a row of differences for each alternative that moves a count, the others by name."""
    usual = counted(trials)
    lines = [f"| reading | value | {' | '.join(usual)} |", "|---|---" + "|--:" * len(usual) + "|"]
    levels = [_level(name, *rate(counts)) for name, counts in usual.items()]
    lines.append(f"| | default | {' | '.join(levels)} |")
    still = []
    for one in chosen:
        found = counted(trials, one.override)
        cells = [cell(name, found[name], usual[name]) for name in usual]
        if set(cells) == {UNMOVED}:
            still.append(f"{one.reading} `{one.override}`")
        else:
            lines.append(f"| {one.reading} | `{one.override}` | {' | '.join(cells)} |")
    return [*lines, "", f"Not one trial has other counts under {', '.join(still)}."] if still else lines


def _level(name: str, value: float, error: float) -> str:
    return f"{value:.0f} ± {error:.0f}" if name == SCREENED else f"{100 * value:.1f} ± {100 * error:.1f}"


def document(trials: int, data_trials: int) -> str:
    """The whole page."""
    every = alternatives()
    analysis = [one for one in every if one.override.startswith("analysis.")]
    lines = [
        *(_HEAD, "", "## Endpoints that are decided, and candidates screened for a trial"),
        *(f"{trials} trials of ten places asked and done, none failed.", ""),
        *table(trials, decided, every),
        *("", "## Other endpoints", f"{data_trials} trials asked and done, none failed. {_OTHERS}", ""),
        *table(data_trials, others, analysis),
    ]
    return "\n".join(lines) + "\n"


_HEAD: Final = f"""\
# What the readings do

Written by `python -m benchmarks.readings --write docs/readings.md`. Synthetic: virtual patients only, under
`effect={EFFECT}`. The first row has rates in percent (candidates: a number), the others differences from it in
percentage points, each ± one Monte Carlo standard error over trials. A dot: not one trial has other counts.
Default and alternative have the same seed, so that under a reading of the analysis they are the same patients.
[decisions.md](decisions.md) explains each reading."""
_OTHERS: Final = (
    "S2, S4 to S6: responders; the others: those with an event by day 168 (S12: remission before anything that "
    "competes). Readings of the analysis alone."
)


def main() -> None:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=300)
    parser.add_argument("--data-trials", type=int, default=40)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    text = document(given.trials, given.data_trials)
    if given.write:
        given.write.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
