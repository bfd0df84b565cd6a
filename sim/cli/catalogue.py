"""task=protocol: the criteria and endpoints as programmed, and which kinds of test name them."""

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from sim.config.config import Config

_SHELL: Final = ("cli", "config", "montecarlo", "storage")
"""Folders of tests that name rules only in passing."""
_KINDS: Final = ("independent", "analytic", "golden", "property")
_WIDTH: Final = 100


def catalogue_text(config: Config) -> str:
    """Every criterion and endpoint in protocol order: id, text, function, readings, kinds of test.

    A kind of test is listed where a test file of that kind names the id or the function; that says that it is
    looked at, not how well. Without the source tree there are no tests to read, and the text says so.
    """
    from sim.endpoints.catalogue import ENDPOINTS
    from sim.screening.catalogue import CRITERIA

    tests = texts_of_tests(_tests_folder())
    lines = ["NCT04835883 as programmed. Readings X.. are explained in docs/decisions.md.", "", "CRITERIA"]
    for criterion in CRITERIA:
        lines += _item(criterion.id, criterion.text, criterion.function, criterion.readings, tests)
    lines += ["", "ENDPOINTS"]
    for endpoint in ENDPOINTS:
        left_out = "" if endpoint.id in config.analysis.endpoints else " (not decided: analysis.endpoints)"
        text = (
            f"{endpoint.title}{left_out}. {endpoint.text} Population {endpoint.population}; {endpoint.time_frame}."
        )
        lines += _item(endpoint.id, text, endpoint.function, endpoint.readings, tests)
    return "\n".join(lines)


def texts_of_tests(folder: Path | None) -> dict[str, str]:
    """All test code of rules by kind of evidence, from the names of the files; empty without a folder."""
    texts: dict[str, str] = {}
    for path in sorted(folder.rglob("test_*.py")) if folder else ():
        if path.parent.name in _SHELL:
            continue
        word = path.stem.split("_")[1]
        kind = word if word in _KINDS else "unit"
        texts[kind] = texts.get(kind, "") + path.read_text(encoding="utf-8")
    return texts


def kinds_of_test(names: Iterable[str], tests: Mapping[str, str]) -> list[str]:
    """Kinds of test in whose files one of the names stands as a word."""
    wanted = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in names))
    return [kind for kind in (*_KINDS, "unit") if wanted.search(tests.get(kind, ""))]


def _tests_folder() -> Path | None:
    folder = Path(__file__).resolve().parents[2] / "tests"
    return folder if folder.is_dir() else None


def _item(
    name: str, text: str, function: Callable[..., Any], readings: Iterable[str], tests: Mapping[str, str]
) -> list[str]:
    place = f"{function.__module__}.{function.__name__}"
    # A function of one everyday word would be found where something else is meant.
    names = [name, function.__name__] if "_" in function.__name__ else [name]
    kinds = kinds_of_test(names, tests)
    covered = ", ".join(kinds) or ("none" if tests else "not installed with the program")
    wrapped = textwrap.wrap(text, _WIDTH, initial_indent=f"{name:<6} ", subsequent_indent=" " * 7)
    return [
        *wrapped,
        f"       function {place}; readings {', '.join(readings) or 'none'}; tests: {covered}",
    ]
