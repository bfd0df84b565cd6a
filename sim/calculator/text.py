"""Comma-separated text before it is parsed: is it text, in UTF-8, with names of columns in its first line?"""

import csv
import re
from collections.abc import Collection
from typing import Final

_MARK: Final = b"\xef\xbb\xbf"
_OTHER_FILES: Final = (
    (b"PAR1", "is a Parquet file; let its name end in .parquet"),
    (b"\x1f\x8b", "is compressed; unpack it"),
    (b"PK\x03\x04", "is a workbook or archive; save it as comma-separated text"),
    (b"\xff\xfe", "is text in UTF-16; save it as UTF-8"),
    (b"\xfe\xff", "is text in UTF-16; save it as UTF-8"),
)


def header_of(content: bytes, known: Collection[str]) -> list[str]:
    """The names of the columns in the first line of a file.

    known  : columns of the table; at least one of them must be there.
    Errors : ValueError that says what is wrong, with the line: another kind of file, no UTF-8, no header, other
             separators, a row over several lines.
    """
    for beginning, said in _OTHER_FILES:
        if content.startswith(beginning):
            raise ValueError(said)
    lines = content.removeprefix(_MARK).splitlines()
    if not any(line.strip() for line in lines):
        raise ValueError("is empty")
    _check_bytes(content)
    first = lines[0].decode()
    if not first.strip():
        raise ValueError("begins with an empty line, where the names of the columns belong")
    open_quote = next((number for number, line in enumerate(lines, 1) if line.count(b'"') % 2), None)
    if open_quote is not None:
        raise ValueError(f"line {open_quote} has a quote that is not closed in it; write each row in one line")
    names = [name.strip() for name in next(csv.reader([first], skipinitialspace=True))]
    if not set(names) & set(known):
        raise ValueError(_no_header(first, names, known))
    return names


def _check_bytes(content: bytes) -> None:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        byte = content[error.start]
        raise ValueError(
            f"is no text in UTF-8: line {_line(content, error.start)} has the byte 0x{byte:02x}; save it as UTF-8"
        ) from None
    if b"\0" in content:
        raise ValueError(f"line {_line(content, content.index(0))} has a zero byte, which no text has")


def _line(content: bytes, place: int) -> int:
    """The line of a byte, from 1."""
    return len((content[:place] + b"x").splitlines())


def _no_header(first: str, names: list[str], known: Collection[str]) -> str:
    for sign, said in ((";", "';'"), ("\t", "tabs"), ("|", "'|'")):
        if {name.strip().strip('"') for name in first.split(sign)} & set(known):
            return f"is not separated by commas but by {said}"
    meant = {name.lower(): name for name in known}
    for name in names:
        if name.lower() in meant:
            return f"has names of columns in other letters: {name} is {meant[name.lower()]} in the data model"
    begins = re.sub(r"\s+", " ", first)[:40]
    return f"has no name of a column of the data model in its first line, which begins {begins!r}"
