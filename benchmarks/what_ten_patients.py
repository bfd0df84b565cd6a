"""docs/what-ten-patients-can-show.md: the commands that a designer would give, their tables, and what they say.

PYTHONPATH=. python benchmarks/what_ten_patients.py --trials 2000 --write docs/what-ten-patients-can-show.md
"""

import argparse
import contextlib
import io
import math
import shlex
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.cli.command import main
from sim.core.tables import Row, Table, rows_of
from sim.design.benchmark import RANGE_KINDS
from sim.design.populations import populations_of
from sim.design.sample_size import found as enough
from sim.design.tournament_family import PRIMARY
from sim.storage.atomic import write_text
from sim.storage.parquet import read_table

_HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class Question:
    """What is asked, in words and as a command, and how much of the answer the page shows.

    name  : of the folder that the answer goes into. before : a sentence or two in front of the answer.
    lines : the most lines of the answer; the command gives the whole.
    """

    name: str
    title: str
    before: str
    words: tuple[str, ...]
    lines: int = 200


QUESTIONS: Final = (
    Question(
        "decisions",
        "What must happen for a success?",
        "Ten patients leave few outcomes. Each is listed with what it would mean and how likely it is.",
        ("task=decisions", "endpoint=P1"),
        60,
    ),
    Question(
        "tournament",
        "Which endpoint can show anything?",
        "Every endpoint on the same virtual patients, with and without the cells.",
        ("experiment=endpoint_tournament",),
        60,
    ),
    Question(
        "readings",
        "How far do readings and assumptions move the answer?",
        "The primary endpoints under every declared reading and assumption, and where their rates come from.",
        ("experiment=readings", "analysis.endpoints=[P1,P2,P3]"),
    ),
    Question(
        "assurance",
        "How likely is success, all beliefs averaged?",
        "Power at one assumed effect is not the probability of success; the average over what is believed is.",
        ("experiment=assurance",),
    ),
    Question(
        "simon",
        "Would a two-stage rule be kinder?",
        "A rule of Simon stops early when nothing happens; an outcome at week 24 makes the pause long. Here the "
        "trial has places for 40 patients, because no such design fits into ten.",
        ("design=simon_minimax", "effect=neutral"),
        60,
    ),
    Question(
        "family",
        "Three primary endpoints at once",
        "Whoever claims success for any of three endpoints has three chances to be wrong, and whoever corrects "
        "for that has less power.",
        ("experiment=family",),
        60,
    ),
    Question(
        "sample_size",
        "How many patients would be enough?",
        "One endpoint, one wanted power, every number of patients; the benchmark is taken for known.",
        ("experiment=sample_size", "endpoint=P2", "power=0.8"),
        60,
    ),
    Question(
        "alternatives",
        "What would a control group, another taper or other eligibility change?",
        "Trials of the same total number. Only the controls, drawn by lot, make the benchmark unnecessary.",
        ("experiment=randomised_alternative",),
        80,
    ),
    Question(
        "estimation",
        "What do ten patients estimate?",
        "Exact figures; no patient is simulated.",
        ("experiment=estimation",),
        60,
    ),
)


def page(trials: int, folder: Path) -> str:
    """The whole page; every run goes into a folder of its own."""
    answers = {question: _answer(question, trials, folder / question.name) for question in QUESTIONS}
    plain = (_HERE / "what_ten_patients.md").read_text(encoding="utf-8").rstrip()
    parts = [plain.format(trials=f"{trials:,}", **facts(folder))]
    for question, answer in answers.items():
        command = shlex.join(("python", "-m", "sim", *question.words))
        parts += [f"## {question.title}", question.before, f"```\n$ {command}\n{answer}\n```"]
    return "\n\n".join(parts) + "\n"


def _answer(question: Question, trials: int, folder: Path) -> str:
    """What the command says, without the names of its files."""
    out = io.StringIO()
    words = [*question.words, f"hydra.run.dir={folder}", f"run.trials={trials}", "run.progress=false"]
    print(" ".join(question.words), file=sys.stderr, flush=True)
    with contextlib.redirect_stdout(out):
        status = main(words)
    if status:
        raise SystemExit(f"{' '.join(words)} ended with {status}")
    said = out.getvalue().split("\nSynthetic data, written to")[0].strip().splitlines()
    left = len(said) - question.lines
    kept = [line.rstrip() for line in said[: question.lines]]
    return "\n".join([*kept, f"… {left} lines more"] if left > 0 else kept)


def facts(folder: Path) -> dict[str, str]:
    """The figures and names that the plain words of the page quote, from the tables of the runs.

    folder : one folder for each question, by its name.
    """
    return {
        **_of_tournament(read_table(folder / "tournament" / "tournament.parquet")),
        **_of_readings(folder / "readings"),
        **_of_ranges(read_table(folder / "readings" / "power.parquet")),
        **_of_assurance(read_table(folder / "assurance" / "assurance.parquet")),
        **_of_sizes(read_table(folder / "sample_size" / "sample_size.parquet")),
        **_of_control(read_table(folder / "alternatives" / "alternatives.parquet")),
        **_of_events(read_table(folder / "estimation" / "rare_events.parquet")),
    }


def _of_tournament(table: Table) -> dict[str, str]:
    found = {"alpha": f"{100 * table['alpha'][0]:g}"}
    for endpoint in PRIMARY:
        for effect in ("none", "neutral", "optimistic"):
            row = _row(table, endpoint=endpoint, effect=effect)
            found[f"{endpoint}_{effect}_rate"] = _percent(row["rate"])
            found[f"{endpoint}_{effect}_power"] = f"{row['power']:.2f}"
        found[f"{endpoint}_needed"], found[f"{endpoint}_n"] = f"{row['critical_value']:.0f}", f"{row['n']}"
        found[f"{endpoint}_rate80"] = _percent(row["needed"])
    fails = 1.0 - _row(table, endpoint="P2", effect="neutral")["power"]
    return found | {"P2_neutral_fails": f"{fails:.2f}"}


def _of_readings(folder: Path) -> dict[str, str]:
    """The range of the rate without the cells, of the power under neutral, and of the false go of P2."""
    readings, benchmark = (read_table(folder / f"{name}.parquet") for name in ("readings", "benchmark"))
    found = {}
    for endpoint in PRIMARY:
        row = _row(benchmark, endpoint=endpoint)
        for end in ("low", "high"):
            found[f"{endpoint}_inert_{end}"] = _percent(row[f"inert_{end}"])
            found[f"{endpoint}_inert_{end}_under"] = row[f"inert_{end}_under"]
    for endpoint, effect, name, end in (
        ("P1", "neutral", "P1_low", min),
        ("P1", "neutral", "P1_high", max),
        ("P2", "none", "P2_false_go", max),
    ):
        population = populations_of(endpoint)[0]
        rows = _rows(readings, endpoint=endpoint, effect=effect, population=population)
        believed = [row for row in rows if row["kind"] in RANGE_KINDS and row["alpha"] == rows[0]["alpha"]]
        row = end(believed, key=lambda each: each["power"])
        found |= {name: f"{row['power']:.2f}", f"{name}_under": row["alternative"]}
    return found


def _of_ranges(table: Table) -> dict[str, str]:
    """What it takes to beat every benchmark that is plausible, and how often it happens under neutral."""
    found = {}
    for endpoint in PRIMARY:
        row = _row(table, endpoint=endpoint, effect="neutral")
        needed, n = row["interval_critical_value"], row["n"]
        often = f"{needed:.0f} of {n:.0f} must respond (probability {row['interval_power']:.2f} under `neutral`)"
        found[f"{endpoint}_range"] = f"not even {n:.0f} of {n:.0f} are enough" if math.isnan(needed) else often
        found[f"{endpoint}_range_high"] = f"{row['benchmark_high']:.2f}"
    return found


def _of_assurance(table: Table) -> dict[str, str]:
    rows = {endpoint: _row(table, endpoint=endpoint) for endpoint in PRIMARY}
    return {f"{endpoint}_assurance": f"{row['assurance']:.2f}" for endpoint, row in rows.items()}


def _of_sizes(table: Table) -> dict[str, str]:
    rows = _rows(table, endpoint="P2", effect="neutral", alpha=table["alpha"][0], planned_split=True)
    answer = enough([row["n"] for row in rows], [row["power"] for row in rows], rows[0]["wanted_power"])
    return {"P2_first": f"{answer.first}", "P2_steady": f"{answer.steady}"}


def _of_control(table: Table) -> dict[str, str]:
    kind = "concurrent control"
    power = _row(table, kind=kind, endpoint="P2", effect="optimistic")["power"]
    row = _row(table, kind=kind, endpoint="P2", effect="neutral")
    most = f"more than {row['n_limit']:.0f} patients"
    number = most if math.isnan(row["n_for_power"]) else f"{row['n_for_power']:.0f} patients"
    return {"P2_control": f"{power:.2f}", "P2_control_n": number}


def _of_events(table: Table) -> dict[str, str]:
    row = _row(table, n=int(table["n"].max()), rate=0.2)
    return {
        "upper_none": _percent(row["upper_none"]),
        "seen_rate": _percent(row["rate"]),
        "seen": f"{row['p_at_least_one']:.2f}",
    }


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def _rows(table: Table, **values: object) -> list[Row]:
    return [row for row in rows_of(table) if all(row[name] == value for name, value in values.items())]


def _row(table: Table, **values: object) -> Row:
    """The first row with these values."""
    return _rows(table, **values)[0]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=2000)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        text = page(given.trials, Path(place))
    if given.write:
        write_text(given.write, text)
    else:
        print(text)
