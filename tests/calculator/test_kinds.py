"""docs/calculator.md lists every kind of problem, as the program has them."""

from pathlib import Path

from sim.calculator.kinds import KINDS

DOCUMENT = Path(__file__).parents[2] / "docs" / "calculator.md"


def kinds_table() -> str:
    rows = [f"| `{name}` | {severity} | {meaning} |" for name, (severity, meaning) in KINDS.items()]
    return "\n".join(["| kind | severity | what is wrong |", "|---|---|---|", *rows])


def test_the_document_holds_the_table_of_kinds():
    assert kinds_table() in DOCUMENT.read_text(encoding="utf-8"), f"docs/calculator.md must hold:\n{kinds_table()}"


def test_there_are_enough_kinds():
    assert len(KINDS) >= 25
