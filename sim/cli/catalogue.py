"""task=protocol: each sentence of the record, where it is programmed, how it is read, and which tests name it."""

import re
import shutil
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from sim.cli.record import SECTIONS, Sentence, entries, sentences
from sim.config.config import Config

_SHELL: Final = ("cli", "config", "design", "montecarlo", "storage")
"""Folders of tests that name rules only in passing."""
_NAMED: Final = ("independent", "analytic", "golden", "property")
"""Kinds of evidence in the names of test files."""
_WHOLE: Final = ("independent", "hand_worked")
"""Folders all of whose files are evidence of that kind: the twin and the cases worked by hand."""
KINDS: Final = ("independent", "hand_worked", "property", "analytic", "golden", "unit")
_WIDTHS: Final = (96, 140)
_USUAL_WIDTH: Final = 118
_ID, _GAP = 24, 2
PAGE: Final = "protocol.md"


def catalogue_text(config: Config, width: int | None = None) -> str:
    """The sentences in three columns for a terminal: id, what the record says, and what the program does.

    width : of the lines; None takes that of the terminal, within reason.
    A kind of test is listed where a file of that kind names the entry, a function or a key; that says that it is
    looked at, not how well. Without the source tree there are no tests to read, and the text says so.
    """
    tests = words_of_tests(_tests_folder())
    width = width or min(max(shutil.get_terminal_size((_USUAL_WIDTH, 0)).columns, _WIDTHS[0]), _WIDTHS[1])
    says = (width - _ID - 2 * _GAP) * 2 // 5
    columns = (_ID, says, width - _ID - says - 2 * _GAP)
    lines = [
        "NCT04835883, sentence by sentence, as programmed. Readings X.. are explained in docs/decisions.md.",
        *textwrap.wrap(
            f"Decided by task=power: {', '.join(config.analysis.endpoints)} (analysis.endpoints).", width
        ),
    ]
    section = ""
    for sentence in sentences(config):
        if sentence.section != section:
            section = sentence.section
            lines += ["", SECTIONS[section].upper(), "-" * width]
        lines += _side_by_side((sentence.id, sentence.says, _done_by(sentence, tests)), columns)
    return "\n".join(lines)


def page_text(config: Config) -> str:
    """docs/protocol.md: the same rows as Markdown tables, and the criteria and endpoints as programmed."""
    tests = words_of_tests(_tests_folder())
    lines = [_HEAD]
    for section, title in SECTIONS.items():
        lines += ["", f"## {title}", "", *_table_head(_SENTENCE)]
        chosen = [each for each in sentences(config) if each.section == section]
        lines += [_page_row(each, tests) for each in chosen]
    lines += ["", "## Criteria and endpoints as programmed", "", *_table_head(_ENTRY)]
    lines += [
        _cells(entry.id, entry.text, _link(entry.place), _columns(entry.reads), ", ".join(entry.readings))
        for entry in entries().values()
    ]
    return "\n".join(lines) + "\n"


_HEAD: Final = """\
# The record, sentence by sentence

Written by `python -m sim task=protocol hydra.run.dir=docs`; a test compares. Each sentence of registry record
NCT04835883 on eligibility, outcome measures and intervention stands here in few words under an id of its own, a
clause that is programmed by itself in a row of its own. Readings X.. are explained, with their alternatives, in
[decisions.md](decisions.md); beside each stands the key that chooses and its value. A link opens the file in which
the last word is a function. Kinds of test: `independent` (a second implementation), `hand_worked`, `property`,
`analytic` (theory), `golden`, `unit`. A kind is listed where a file of that kind names the entry, a function or a
key; that says that it is looked at, not how well. `grep -rlw I5_1P tests` lists the files of an entry. What a
criterion reads are columns of `candidates`, or its parts; what an endpoint reads are columns of `visits`, to which
`dosing`, `infusions` and `events` come."""
_SENTENCE: Final = ("id", "the record says", "entries", "in the code", "readings and keys", "tests")
_ENTRY: Final = ("id", "in our words", "in the code", "reads", "readings")


def words_of_tests(folder: Path | None) -> dict[str, set[str]]:
    """Words of the test code by kind of evidence, from names of files and folders; empty without a folder."""
    words: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*.py")) if folder else ():
        whole = path.parent.name if path.parent.name in _WHOLE else ""
        if path.parent.name in _SHELL or not (whole or path.name.startswith("test_")):
            continue
        kind = whole or _kind_of(path)
        words.setdefault(kind, set()).update(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    return words


def kinds_of_test(names: Iterable[str], tests: Mapping[str, set[str]]) -> list[str]:
    """Kinds of test in whose files one of the names stands as a word."""
    return [kind for kind in KINDS if not tests.get(kind, set()).isdisjoint(names)]


def _kind_of(path: Path) -> str:
    word = path.stem.split("_")[1]
    return word if word in _NAMED else "unit"


def _tests_folder() -> Path | None:
    folder = Path(__file__).resolve().parents[2] / "tests"
    return folder if folder.is_dir() else None


def _covered(names: Sequence[str], tests: Mapping[str, set[str]]) -> str:
    return ", ".join(kinds_of_test(names, tests)) or ("none" if tests else "not installed with the program")


def _done_by(sentence: Sentence, tests: Mapping[str, set[str]]) -> list[str]:
    done = [f"entries: {', '.join(sentence.entries)}"] if sentence.entries else []
    done += sentence.places
    done += [f"{x}  {'; '.join(keys)}" if keys else f"{x}  (no key)" for x, keys in sentence.readings]
    done += ["; ".join(sentence.keys)] if sentence.keys else []
    done += [f"not simulated: {sentence.not_simulated}"] if sentence.not_simulated else []
    return done + ([f"tests: {_covered(sentence.names, tests)}"] if sentence.places else [])


def _side_by_side(cells: tuple[str, str, list[str]], widths: tuple[int, int, int]) -> list[str]:
    left = textwrap.wrap(cells[0], widths[0])
    middle = textwrap.wrap(cells[1], widths[1])
    right = [
        line
        for part in cells[2]
        for line in textwrap.wrap(part, widths[2], subsequent_indent="  ", break_long_words=False)
    ]
    height = max(len(left), len(middle), len(right))
    columns = [column + [""] * (height - len(column)) for column in (left, middle, right)]
    return [
        (" " * _GAP).join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in zip(*columns, strict=True)
    ]


def _page_row(sentence: Sentence, tests: Mapping[str, set[str]]) -> str:
    places = [_link(place) for place in sentence.places]
    places += [f"*not simulated, because {sentence.not_simulated}*"] if sentence.not_simulated else []
    chosen = [" ".join([x, *(f"`{key}`" for key in keys)]) for x, keys in sentence.readings]
    chosen += [f"`{key}`" for key in sentence.keys]
    covered = _covered(sentence.names, tests) if sentence.places else ""
    return _cells(
        sentence.id, sentence.says, ", ".join(sentence.entries), "<br>".join(places), "<br>".join(chosen), covered
    )


def _link(place: str) -> str:
    """A function, with the file that it stands in."""
    return f"[`{place}`](../{place.rpartition('.')[0].replace('.', '/')}.py)"


def _columns(reads: Sequence[str]) -> str:
    """Names of columns; those of an instrument's descriptors and domains as one."""
    short = [re.sub(r"^(sledai|bilag)_.*", r"\1_…", name) for name in reads]
    alone = dict.fromkeys(each if short.count(each) > 1 else name for each, name in zip(short, reads, strict=True))
    return " ".join(f"`{name}`" for name in alone)


def _table_head(titles: Sequence[str]) -> list[str]:
    return [_cells(*titles), "|---" * len(titles) + "|"]


def _cells(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
