"""What each declared reading and assumption does to the rate of each endpoint, as a Markdown page.

    python -m benchmarks.readings --write docs/readings.md

The alternatives are those of conf/null_readings. The first tables are those of experiment=readings; the last shows
the endpoints that no trial is decided on, from data sets under the readings of the analysis, compared likewise.
"""

import argparse
import contextlib
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.cli.command import main as run
from sim.config.compose import load
from sim.core.tables import Row, Table, rows_of
from sim.design.paired import rate_change
from sim.montecarlo.readings import BASE
from sim.pipeline import cohort_chunk
from sim.stats.monte_carlo import ratio_mcse
from sim.storage.parquet import read_table

EFFECT: Final = "neutral"
OTHERS: Final = ("S2", "S4", "S5", "S6", "S7", "S9", "S11", "S12", "S13")
UNMOVED: Final = "·"
KINDS: Final = {"reading": "Readings", "assumption": "Assumptions", "world": "Worlds without one cause"}


def decided(trials: int, *words: str) -> list[Row]:
    """Rows of experiment=readings under the effect: headline population and first alpha of each endpoint."""
    with tempfile.TemporaryDirectory() as place, contextlib.redirect_stdout(io.StringIO()):
        given = [f"run.trials={trials}", f"hydra.run.dir={place}/run", "run.progress=false", "report.formats=[]"]
        if status := run(["experiment=readings", f"effect={EFFECT}", *given, *words]):
            raise SystemExit(f"experiment=readings ended with {status}")
        table = read_table(Path(place) / "run" / "readings.parquet")
    first: dict[str, tuple[str, float]] = {}
    rows = [row for row in rows_of(table) if row["effect"] == EFFECT]
    return [
        row
        for row in rows
        if first.setdefault(row["endpoint"], (row["population"], row["alpha"]))
        == (row["population"], row["alpha"])
    ]


def decided_tables(rows: Sequence[Row]) -> list[str]:
    """A table for each kind of alternative: the rates as declared, and what each alternative changes."""
    endpoints = list(dict.fromkeys(row["endpoint"] for row in rows))
    of: dict[str, list[Row]] = {}
    for row in rows:
        of.setdefault(row["alternative"], []).append(row)
    levels = [f"{of[BASE][0]['screened']:.0f} ± {of[BASE][0]['screened_mcse']:.0f}"]
    levels += [percent(row["response_rate"], row["response_rate_mcse"]) for row in of[BASE]]
    lines = []
    for kind, title in KINDS.items():
        lines += ["", f"### {title}", "", *_head(["screened", *endpoints]), _line("", BASE, levels)]
        named = [(name, own) for name, own in of.items() if own[0]["kind"] == kind]
        cells = {name: [_screened(own[0]), *(_change(row) for row in own)] for name, own in named}
        lines += [_line(name, f"`{own[0]['words']}`", cells[name]) for name, own in named if _moves(cells[name])]
        lines += _still([name for name, own in named if not _moves(cells[name])])
    return lines


def others(trials: int, *words: str) -> Table:
    """Counts by trial of the endpoints that nothing is decided on: responders, or events by day 168."""
    table = cohort_chunk(load([f"effect={EFFECT}", *words]), range(trials))["endpoints"]
    columns: dict[str, Any] = {}
    for name in OTHERS:
        rows = table.where((table["endpoint"] == name) & table["in_population"])
        yes = (rows["responder"] == 1) | (rows["event"] == 1)
        columns[f"{name}_n"] = np.bincount(rows["trial"], minlength=trials)
        columns[f"{name}_responders"] = np.bincount(rows["trial"][yes], minlength=trials)
    return Table(columns)


def others_table(trials: int) -> list[str]:
    """The rates of these endpoints as declared, and what each reading of the analysis changes."""
    usual = others(trials)
    counts = [(usual[f"{name}_responders"], usual[f"{name}_n"]) for name in OTHERS]
    levels = [percent(yes.sum() / n.sum(), ratio_mcse(yes, n)) for yes, n in counts]
    lines, still = [*_head(OTHERS), _line("", BASE, levels)], []
    for alternative, words in load().null_readings.readings.items():
        if words.startswith("analysis."):
            found = others(trials, words)
            cells = [other_change(usual, found, name) for name in OTHERS]
            if _moves(cells):
                lines.append(_line(alternative, f"`{words}`", cells))
            else:
                still.append(alternative)
    return [*lines, *_still(still)]


def other_change(usual: Table, found: Table, name: str) -> str:
    """A difference as text; a dot where not one trial has other counts."""
    if all(np.array_equal(usual[f"{name}_{ending}"], found[f"{name}_{ending}"]) for ending in ("n", "responders")):
        return UNMOVED
    return percent(*rate_change(usual, found, name, "all"), sign="+")


def percent(value: float, error: float, sign: str = "") -> str:
    """A share and its error in percent; a word where nobody is in the population."""
    return f"{100 * value:{sign}.1f} ± {100 * error:.1f}" if np.isfinite(value) else "nobody"


def _change(row: Row) -> str:
    return percent(row["rate_change"], row["rate_change_mcse"], "+") if row["n_changed"] else UNMOVED


def _screened(row: Row) -> str:
    change, error = row["screened_change"], row["screened_change_mcse"]
    return f"{change:+.0f} ± {error:.0f}" if change or error else UNMOVED


def _moves(cells: Sequence[str]) -> bool:
    return set(cells) != {UNMOVED}


def _head(columns: Sequence[str]) -> list[str]:
    return [f"| | words | {' | '.join(columns)} |", "|---|---" + "|--:" * len(columns) + "|"]


def _line(name: str, words: str, cells: Sequence[str]) -> str:
    return f"| {name} | {words} | {' | '.join(cells)} |"


def _still(names: Sequence[str]) -> list[str]:
    return ["", f"Not one trial has other counts under {', '.join(names)}."] if names else []


def document(trials: int, data_trials: int) -> str:
    """The whole page."""
    rows = decided(trials)
    done = f"{rows[0]['n_requested']} trials of ten places asked, {rows[0]['n_trials']} done, "
    lines = [
        *(_HEAD, "", "## Endpoints that are decided, and candidates screened for a trial", ""),
        f"{done}{rows[0]['n_failed']} failed.",
        *decided_tables(rows),
        *("", "## Other endpoints", "", f"{data_trials} trials asked and done, none failed. {_OTHERS}", ""),
        *others_table(data_trials),
    ]
    return "\n".join(lines) + "\n"


_HEAD: Final = f"""\
# What readings and assumptions do

Written by `python -m benchmarks.readings --write docs/readings.md` from the table of
`python -m sim experiment=readings`. Synthetic: virtual patients only, under `effect={EFFECT}`. Of each table the
first row has rates in percent (candidates: a number), the others differences from it in percentage points, each
± one Monte Carlo standard error over trials, paired. A dot: not one trial has other counts. All have the same
seed, so that under a reading of the analysis they are the same patients. [decisions.md](decisions.md) explains
each reading by its id; conf/null_readings declares all, and what each assumption is."""
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
