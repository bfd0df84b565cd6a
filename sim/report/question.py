"""What a page answers: the first screen of a task, and the words of its method section."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.report.html import Html, joined, tag
from sim.report.results import Results


@dataclass(frozen=True)
class Question:
    """The page of one leading table.

    first_screen : question, answer and table. aim, method, measures : paragraphs of the method section.
    simulated    : whether patients were simulated at all.
    limits       : what the numbers cannot say, where it is not what every page says.
    """

    lead: str
    first_screen: Callable[[Results], Html]
    aim: str
    method: Callable[[Results], str]
    measures: str
    simulated: bool = True
    limits: Sequence[str] = ()


def screen(
    asked: str, about: str, sentence: Any, asides: Sequence[Any], tables: Sequence[Html], results: Results
) -> Html:
    """A first screen: the question, what it is about, the answer in a sentence, its accuracy, tables, warnings."""
    return joined(
        [
            tag("h1", asked, id="answer"),
            tag("p", about, class_="lead"),
            tag("p", sentence, class_="answer"),
            *(tag("p", *words, class_="aside") for words in [asides] if words),
            *tables,
            *(tag("p", words, class_="warning") for words in warnings_of(results)),
            *_terminal(results.words),
        ]
    )


def warnings_of(results: Results) -> list[str]:
    """Trials that failed, and what the task warned of on the terminal."""
    found = _together([line[9:] for line in results.words.splitlines() if line.startswith("Warning: ")])
    table = results.main
    if "n_failed" in table and table.length and (failed := int(table["n_failed"].max())):
        asked = int(table["n_requested"].max())
        found.append(f"{failed} of {asked} requested trials failed and are left out of every number.")
    return found


def _together(warnings: Sequence[str]) -> list[str]:
    """Warnings that say the same of several things as one."""
    about: dict[str, list[str]] = {}
    for words in warnings:
        what, colon, said = words.partition(": ")
        about.setdefault(said if colon else words, []).extend([what] if colon else [])
    return [f"{', '.join(things)}: {said}" if things else said for said, things in about.items()]


def _terminal(words: str) -> list[Html]:
    if not words:
        return []
    return [
        tag("details", tag("summary", "The same in the words of the terminal"), tag("pre", words, class_="plain"))
    ]
