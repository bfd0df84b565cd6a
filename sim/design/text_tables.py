"""Tables of words: the same lines for a terminal (aligned) and for a document (Markdown)."""

from collections.abc import Sequence

Lines = Sequence[Sequence[str]]


def aligned(lines: Lines) -> list[str]:
    """Cells under each other, the first line as a header."""
    widths = [max(len(line[k]) for line in lines) for k in range(len(lines[0]))]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    ]
    return [text[0], "-" * len(text[0]), *text[1:]]


def markdown(lines: Lines) -> list[str]:
    """The same as a table in Markdown."""
    head, *rows = ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]
    return [head, "|" + "---|" * len(lines[0]), *rows]
