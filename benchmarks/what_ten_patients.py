"""docs/what-ten-patients-can-show.md: the commands that a designer would give, their tables, and what they say.

PYTHONPATH=. python benchmarks/what_ten_patients.py --trials 2000 --write docs/what-ten-patients-can-show.md
"""

import argparse
import contextlib
import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.cli.command import main
from sim.core.tables import Table
from sim.storage.atomic import write_text
from sim.storage.parquet import read_table

_HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class Question:
    """What is asked, in words and as a command, and how much of the answer the page shows.

    lines : the most lines of the answer; the command gives the whole.
    """

    title: str
    before: str
    words: tuple[str, ...]
    lines: int = 200


QUESTIONS: Final = (
    Question(
        "What must happen for a success?",
        "Ten patients leave few outcomes. Each is listed with what it would mean and how likely it is.",
        ("task=decisions", "endpoint=P1"),
        60,
    ),
    Question(
        "Which endpoint can show anything?",
        "Every endpoint on the same virtual patients, with and without the cells.",
        ("experiment=endpoint_tournament",),
        60,
    ),
    Question(
        "How far do readings and assumptions move the answer?",
        "The first primary endpoint under every declared reading and assumption, and where its rate comes from.",
        ("experiment=readings", "endpoint=P1"),
        75,
    ),
    Question(
        "The same for hematologic improvement",
        "",
        ("experiment=readings", "endpoint=P2"),
        75,
    ),
    Question(
        "The same for renal response",
        "",
        ("experiment=readings", "endpoint=P3"),
        75,
    ),
    Question(
        "How likely is success, all beliefs averaged?",
        "Power at one assumed effect is not the probability of success; the average over what is believed is.",
        ("experiment=assurance",),
    ),
    Question(
        "Would a two-stage rule be kinder?",
        "A rule of Simon stops early when nothing happens; an outcome at week 24 makes the pause long.",
        ("design=simon_minimax", "effect=neutral"),
        60,
    ),
    Question(
        "Three primary endpoints at once",
        "",
        ("experiment=family",),
        60,
    ),
    Question(
        "How many patients would be enough?",
        "",
        ("experiment=sample_size", "endpoint=P2", "power=0.8"),
        60,
    ),
    Question(
        "What would a control group, another taper or other eligibility change?",
        "",
        ("experiment=randomised_alternative",),
        80,
    ),
    Question(
        "What do ten patients estimate?",
        "",
        ("experiment=estimation",),
        60,
    ),
)


def page(trials: int, folder: Path) -> str:
    """The whole page; every run goes into a folder of its own."""
    answers = {
        question: _answer(question, trials, folder / str(place)) for place, question in enumerate(QUESTIONS)
    }
    plain = (_HERE / "what_ten_patients.md").read_text(encoding="utf-8")
    facts = _facts(folder)
    parts = [plain.format(trials=f"{trials:,}", **facts)]
    for question, answer in answers.items():
        command = " ".join(("python -m sim", *question.words))
        parts += [f"## {question.title}", question.before, f"```\n$ {command}\n{answer}\n```"]
    return "\n\n".join(part for part in parts if part) + "\n"


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


def _facts(folder: Path) -> dict[str, str]:
    """The figures that the plain words of the page quote, from the tables of the runs."""
    tournament = read_table(folder / "1" / "tournament.parquet")
    facts = {}
    for endpoint in ("P1", "P2", "P3", "S1", "S3"):
        for effect in ("none", "neutral", "optimistic"):
            row = _row(tournament, endpoint=endpoint, effect=effect)
            facts |= {f"{endpoint}_{effect}_rate": f"{100 * tournament['rate'][row]:.0f}"}
            facts |= {f"{endpoint}_{effect}_power": f"{tournament['power'][row]:.2f}"}
    for place, endpoint in ((2, "P1"), (3, "P2"), (4, "P3")):
        readings = read_table(folder / str(place) / "power.parquet")
        row = _row(readings, endpoint=endpoint, alpha=0.05, effect="neutral")
        facts |= {f"{endpoint}_low": f"{readings['model_low'][row]:.2f}"}
        facts |= {f"{endpoint}_high": f"{readings['model_high'][row]:.2f}"}
        benchmark = read_table(folder / str(place) / "benchmark.parquet")
        facts |= {f"{endpoint}_inert_low": f"{100 * benchmark['inert_low'][0]:.0f}"}
        facts |= {f"{endpoint}_inert_high": f"{100 * benchmark['inert_high'][0]:.0f}"}
    assurance = read_table(folder / "5" / "assurance.parquet")
    for endpoint in ("P1", "P2", "P3"):
        row = _row(assurance, endpoint=endpoint, alpha=0.05)
        facts |= {f"{endpoint}_assurance": f"{assurance['assurance'][row]:.2f}"}
    return facts


def _row(table: Table, **values: object) -> int:
    """The first row with these values."""
    matching = [all(table[name][row] == value for name, value in values.items()) for row in range(table.length)]
    return matching.index(True)


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
