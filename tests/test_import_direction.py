"""Imports run downwards only: each room of the architecture may import the rooms below it, and no other."""

import ast
from pathlib import Path

import pytest

SIM = Path(__file__).resolve().parents[1] / "sim"
CLINICAL = {"core", "config", "instruments"}
ALLOWED = {
    "core": set(),
    "config": {"core"},
    "stats": set(),
    "instruments": {"core"},
    "observations": {"core", "config"},
    "population": {"core", "config", "stats", "instruments"},
    "screening": CLINICAL | {"observations", "population"},
    "disease": CLINICAL | {"observations"},
    "trial": {"core", "config", "disease", "observations", "population", "screening"},
    "endpoints": CLINICAL | {"stats"},
    "design": {"core", "config", "stats"},
    "words": {"core", "config", "design", "stats"},
    "storage": {"core"},
    "calculator": CLINICAL | {"endpoints", "stats", "storage"},
    "report": {"core", "storage", "words"},
    "assembly": {"core", "instruments", "observations", "screening", "trial"},
    "clinic_record": CLINICAL,
    "fused": CLINICAL | {"disease", "endpoints", "observations", "population", "screening", "trial"},
    "data_set": CLINICAL
    | {"assembly", "clinic_record", "endpoints", "observations", "population", "screening", "trial"},
    "pipeline": CLINICAL
    | {"assembly", "data_set", "design", "endpoints", "fused", "observations", "screening", "trial"},
    "rehearsal": {"config", "disease", "fused", "observations", "population", "screening", "trial"},
    "outlook": {"core", "config", "design", "endpoints"},
    "montecarlo": {"core", "config", "design", "stats", "pipeline", "rehearsal"},
    "cli": {
        *CLINICAL, "calculator", "design", "endpoints", "montecarlo", "observations", "outlook", "pipeline",
        "report", "screening", "storage", "words",
    },
    "__main__": {"cli"},
}  # fmt: skip
"""What each room may import beside itself. `sim` itself holds the version, which anyone may read."""
FILES = sorted(SIM.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(SIM).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Rooms that a file imports, at its head or inside a function."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "sim":
            names |= {f"sim.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    rooms = {SIM.joinpath(*name.split(".")[1:2]) for name in names if name.startswith("sim.")}
    return {room.name for room in rooms if room.is_dir() or room.with_suffix(".py").is_file()}


def test_every_room_is_in_the_table():
    assert {room_of(path) for path in FILES} - {"__init__"} == set(ALLOWED)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SIM).as_posix())
def test_imports_run_downwards(path):
    room = room_of(path)
    if room != "__init__":
        assert imported(path) <= ALLOWED[room] | {room}


def test_only_the_simpy_engine_imports_simpy():
    users = [path for path in FILES if "import simpy" in path.read_text(encoding="utf-8")]
    assert users == [SIM / "trial" / "engines" / "simpy_engine.py"]
