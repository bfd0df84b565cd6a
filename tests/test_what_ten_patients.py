"""docs/what-ten-patients-can-show.md: no figure of its plain words is typed in, and each comes from its table."""

import re
import string
from pathlib import Path

import numpy as np
import pytest

from benchmarks.what_ten_patients import (
    QUESTIONS,
    _of_control,
    _of_ranges,
    _of_readings,
    _of_sizes,
    _of_tournament,
)
from sim.core.tables import Table

ROOT = Path(__file__).parents[1]
TEMPLATE = (ROOT / "benchmarks" / "what_ten_patients.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "what-ten-patients-can-show.md").read_text(encoding="utf-8")
CONVENTIONS = {"7.5 mg", "week 4", "week 12", "week\n24", "week 24", "95 %", "80 %"}
"""Figures of the record, and levels that are chosen."""


def test_no_figure_is_typed_in():
    plain = re.sub(r"\{\w+\}", "", TEMPLATE)
    plain = re.sub(r"\bP[123]\b", "", plain)
    for convention in CONVENTIONS:
        plain = plain.replace(convention, "")
    assert re.findall(r"\d[\d.,]*", plain) == []


def test_the_page_is_the_template_filled():
    fields = {name for _, name, _, _ in string.Formatter().parse(TEMPLATE) if name}
    pattern, seen = re.escape(TEMPLATE.strip()), set()
    for name in re.findall(r"\\\{(\w+)\\\}", pattern):
        group = rf"(?P={name})" if name in seen else rf"(?P<{name}>[^\n]+?)"
        pattern = pattern.replace(rf"\{{{name}\}}", group, 1)
        seen.add(name)
    found = re.match(pattern, PAGE)
    assert found is not None
    assert seen == fields
    tournament = PAGE.partition("experiment=endpoint_tournament")[2].splitlines()
    rows: dict[str, str] = {}
    for line in tournament:
        if re.match(r"P[123] +(all|LN|LC) +0\.\d\d ", line):
            rows.setdefault(line.split()[0], line)
    quoted = 0
    for endpoint, line in rows.items():
        figures = re.findall(r"(0\.\d{3}) ±\.\d{3}", line)
        for place, effect in enumerate(("none", "pessimistic", "neutral", "optimistic")):
            for name, figure, unit in zip(("rate", "power"), figures[2 * place :], (100.0, 1.0), strict=False):
                field = f"{endpoint}_{effect}_{name}"
                if field in fields:
                    assert abs(unit * float(figure) - float(found[field])) <= 0.0056 * unit, field
                    quoted += 1
    assert quoted == 11


def test_every_question_stands_on_the_page_with_its_command():
    for question in QUESTIONS:
        assert f"\n## {question.title}\n\n{question.before}\n\n```\n$ python -m sim " in PAGE
    assert len({question.name for question in QUESTIONS}) == len(QUESTIONS)


def table(rows):
    return Table({name: np.array([row[name] for row in rows]) for name in rows[0]})


def test_needed_responders_and_the_rate_for_the_wanted_power_are_the_tournament_s():
    rows = [
        {"endpoint": name, "effect": effect, "rate": 0.345, "power": 0.2272, "alpha": 0.05, "n": 5}
        | {"critical_value": 3.0, "needed": 0.673}
        for name in ("P1", "P2", "P3")
        for effect in ("none", "neutral", "optimistic")
    ]
    found = _of_tournament(table(rows))
    assert (found["P2_needed"], found["P2_n"], found["P2_rate80"], found["alpha"]) == ("3", "5", "67", "5")
    assert (found["P2_neutral_rate"], found["P2_neutral_power"], found["P2_neutral_fails"]) == (
        "34",
        "0.23",
        "0.77",
    )


def test_the_whole_range_is_told_with_what_beats_it_or_that_nothing_does():
    rows = [
        {"endpoint": name, "effect": effect, "n": n, "benchmark_high": high, "interval_critical_value": needed}
        | {"interval_power": 0.037 if effect == "neutral" else 0.9}
        for name, n, high, needed in (("P1", 10, 0.75, np.nan), ("P2", 5, 0.3, 4.0), ("P3", 5, 0.12, 3.0))
        for effect in ("none", "neutral")
    ]
    found = _of_ranges(table(rows))
    assert found["P1_range"] == "not even 10 of 10 are enough" and found["P1_range_high"] == "0.75"
    assert found["P2_range"] == "4 of 5 must respond (probability 0.04 under `neutral`)"


def test_sizes_and_controls():
    sizes = [
        {"endpoint": "P2", "effect": "neutral", "alpha": 0.05, "planned_split": True, "wanted_power": 0.8}
        | {"n": n, "power": power}
        for n, power in ((5, 0.2), (6, 0.81), (7, 0.79), (8, 0.8))
    ]
    assert _of_sizes(table(sizes)) == {"P2_first": "6", "P2_steady": "8"}
    controls = [
        {"kind": "concurrent control", "endpoint": "P2", "effect": effect, "power": 0.111, "n_limit": 60.0}
        | {"n_for_power": number}
        for effect, number in (("neutral", np.nan), ("optimistic", 44.0))
    ]
    assert _of_control(table(controls)) == {"P2_control": "0.11", "P2_control_n": "more than 60 patients"}


@pytest.mark.parametrize("kind", ["assumption", "world"])
def test_ranges_are_over_what_is_believed(kind, tmp_path, monkeypatch):
    """A world takes one cause away and is nobody's belief."""
    powers = {"as declared": 0.2, "strange": 0.9}
    readings = [
        {"endpoint": name, "effect": effect, "population": population, "alpha": 0.05, "power": power}
        | {"alternative": alternative, "kind": "base" if alternative == "as declared" else kind}
        for name, population in (("P1", "all"), ("P2", "LC"), ("P3", "LN"))
        for effect in ("none", "neutral")
        for alternative, power in powers.items()
    ]
    ends = {"inert_low": 0.1, "inert_high": 0.4, "inert_low_under": "as declared", "inert_high_under": "strange"}
    tables = {
        "readings": table(readings),
        "benchmark": table([{"endpoint": n, **ends} for n in ("P1", "P2", "P3")]),
    }
    monkeypatch.setattr("benchmarks.what_ten_patients.read_table", lambda path: tables[path.stem])
    found = _of_readings(tmp_path)
    assert found["P1_high"] == ("0.90" if kind == "assumption" else "0.20")
    assert found["P2_false_go_under"] == ("strange" if kind == "assumption" else "as declared")
    assert (found["P3_inert_high"], found["P3_inert_high_under"]) == ("40", "strange")
