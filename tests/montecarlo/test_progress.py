"""Progress is for a terminal: elsewhere, and where the run asks for silence, there is none."""

import io
import sys

import pytest

from sim.montecarlo.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("shown", "stream", "expected"), [(True, Terminal, True), (False, Terminal, False), (True, io.StringIO, False)]
)
def test_where_progress_is_shown(monkeypatch, shown, stream, expected):
    errors = stream()
    monkeypatch.setattr(sys, "stderr", errors)
    with Progress(10, shown=shown) as progress:
        progress.advance(10)
    assert ("/10 " in errors.getvalue()) is expected
