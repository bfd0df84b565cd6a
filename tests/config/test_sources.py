"""Each number in conf/ says its unit and where it comes from, and docs/model.md counts what is assumed.

`counts_table` writes the table that docs/model.md quotes; where they differ, the message of the test is the table.
"""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from sim.config.location import conf_folder

GROUPS = ("population", "disease", "effect", "observation", "taper", "protocol", "analysis", "design")
FILES = sorted(path for group in GROUPS for path in (conf_folder() / group).glob("*.yaml"))
DOCUMENT = Path(__file__).parents[2] / "docs" / "model.md"
COMMENT = re.compile(r" {2}# (?P<unit>[^|#]*[^|#\s]) \| (?P<source>\S.*)$")
KINDS = ("published or registry", "fitted or tuned", "assumed")
LABEL = "a label for reports"
REFERENCE = re.compile(
    r"NCT\d{8}|KCT\d{7}|PMC\d+|PMID \d+|doi 10\.|\b(?:19|20)\d\d\b"  # registries, papers
    r"|EFLM|KNHANES|SELENA-SLEDAI"  # surveys and an index that have no year
)


class Leaf(NamedTuple):
    """One value of a configuration file: where it stands, and the line that says it."""

    file: str
    number: int
    key: str
    line: str

    @property
    def source(self):
        """What stands after the bar of its comment; "" where there is none."""
        found = COMMENT.search(self.line)
        return found["source"] if found else ""


@cache
def leaves(path):
    """Every value of a file that is no block of keys; the list of other files to compose is left out."""
    found = []
    text = path.read_text(encoding="utf-8")
    lines, root = text.splitlines(), yaml.compose(text)
    entries = [(key.value, key, value) for key, value in root.value if key.value != "defaults"]
    while entries:
        name, key, value = entries.pop(0)
        if isinstance(value, yaml.MappingNode) and not value.flow_style:
            entries = [(f"{name}.{inner.value}", inner, below) for inner, below in value.value] + entries
        else:
            number = key.start_mark.line + 1
            found.append(Leaf(path.relative_to(conf_folder()).as_posix(), number, name, lines[number - 1]))
    return tuple(found)


def kind_of(source):
    """What a source is: assumed as soon as it says so, else fitted or tuned, else somebody's figure or text."""
    if re.search(r"\bassumed\b", source):
        return "assumed"
    if re.search(r"\b(?:fitted|tuned|chosen|numerical)\b", source):
        return "fitted or tuned"
    return "published or registry"


def counts_table():
    """The Markdown table of docs/model.md: values by group of conf/ and kind of source; labels are no values."""
    rows = []
    for group in GROUPS:
        found = [leaf.source for path in FILES if path.parent.name == group for leaf in leaves(path)]
        rows.append((group, Counter(kind_of(source) for source in found if source != LABEL)))
    rows.append(("all", sum((counter for _, counter in rows), Counter())))
    head = ["| group | values | " + " | ".join(KINDS) + " |", "|---|--:" + "|--:" * len(KINDS) + "|"]
    body = [
        f"| {group} | {counter.total()} | " + " | ".join(str(counter[kind]) for kind in KINDS) + " |"
        for group, counter in rows
    ]
    return "\n".join([*head, *body])


def named(path):
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_leaf_ends_in_unit_and_source(path):
    bare = [f"{leaf.file}:{leaf.number} {leaf.key}" for leaf in leaves(path) if not leaf.source]
    assert not bare, "write `  # unit | source` after:\n" + "\n".join(bare)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_what_is_neither_assumed_nor_fitted_names_a_registry_paper_or_survey(path):
    vague = [
        f"{leaf.file}:{leaf.number} {leaf.key}: {leaf.source}"
        for leaf in leaves(path)
        if kind_of(leaf.source) == KINDS[0] and leaf.source != LABEL and not REFERENCE.search(leaf.source)
    ]
    assert not vague, "name the source, or say that it is assumed:\n" + "\n".join(vague)


def test_only_names_are_labels():
    labels = {leaf.key for path in FILES for leaf in leaves(path) if leaf.source == LABEL}
    assert labels == {"name"}


def test_no_two_values_share_a_line():
    for path in FILES:
        numbers = [leaf.number for leaf in leaves(path)]
        assert len(numbers) == len(set(numbers)), path.name


def test_the_counts_of_the_model_document_are_current():
    table = counts_table()
    assert table in DOCUMENT.read_text(encoding="utf-8"), f"docs/model.md must hold this table:\n{table}"


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("NCT04835883", "published or registry"),
        ("Koh 2020 70.1 %; ever", "published or registry"),
        ("fitted to the same", "fitted or tuned"),
        ("assumed; tuned to P1", "assumed"),
        ("reading X28: included or excluded; assumed, such patients may enter", "assumed"),
    ],
)
def test_the_kind_of_a_source_is_the_weakest_word_in_it(source, kind):
    assert kind_of(source) == kind


@pytest.mark.parametrize(
    "comment", ["", "  # -", "  # day |", "  # | assumed", " # day | assumed", "  # day|assumed"]
)
def test_a_comment_without_unit_or_source_is_refused(comment):
    assert COMMENT.search("a: 1" + comment) is None
