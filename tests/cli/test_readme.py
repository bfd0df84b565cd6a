"""Every command of README.md and of the pages in docs/ is one that the program takes."""

import re
import shlex
from pathlib import Path

import pytest

from sim.cli.overrides import as_meant
from sim.cli.run import prepare
from sim.cli.tasks import report, rerun
from sim.config.compose import sweep_cells

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
COMMANDS = sorted(
    {
        command.strip()
        for page in PAGES
        for command in re.findall(r"python -m sim\b([^`#|\n]*)", page.read_text(encoding="utf-8"))
    }
)
OF_A_SOURCE = {"task=rerun": rerun.KEYS, "task=report": report.KEYS}


def test_commands_were_found():
    assert len(COMMANDS) > 30
    assert any(command.startswith("-m ") for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_documentation_is_taken(command):
    words = shlex.split(command)
    if words == ["--help"]:
        return
    sweep = words[:1] == ["-m"]
    overrides = as_meant(words[sweep:], sweep=sweep)
    if keys := OF_A_SOURCE.get(overrides[0] if overrides else ""):
        assert {text.partition("=")[0] for text in overrides} <= set(keys)
        return
    for cell in sweep_cells(overrides) if sweep else [overrides]:
        prepare(cell, None)
