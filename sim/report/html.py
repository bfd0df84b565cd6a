"""Pieces of HTML from plain values: what is not a piece already is escaped, so no free text becomes markup."""

import html
from collections.abc import Iterable, Sequence
from typing import Any, Final

_EMPTY: Final = ("br", "img", "col", "meta", "hr")


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def text(value: Any) -> Html:
    """A value as text of a page; a piece of HTML is taken as it is."""
    return value if isinstance(value, Html) else Html(html.escape(str(value), quote=True))


def tag(name: str, *children: Any, **attributes: Any) -> Html:
    """An element; `class_` loses its underscore, other underscores become hyphens, None is left out."""
    words = [name]
    for key, value in attributes.items():
        if value is not None:
            words.append(f'{key.rstrip("_").replace("_", "-")}="{html.escape(str(value), quote=True)}"')
    opening = Html(f"<{' '.join(words)}>")
    return opening if name in _EMPTY else Html(f"{opening}{joined(children)}</{name}>")


def joined(pieces: Iterable[Any], between: str = "") -> Html:
    """Pieces one after the other."""
    return Html(between.join(text(piece) for piece in pieces))


def table(head: Sequence[Any], rows: Iterable[Sequence[Any]], caption: str, **attributes: Any) -> Html:
    """A table and the words below it; the first cell of a row is its heading. It scrolls on a narrow page."""
    lines = [
        tag("tr", *(tag("th", cell, scope="row") if not k else tag("td", cell) for k, cell in enumerate(row)))
        for row in rows
    ]
    header = tag("thead", tag("tr", *(tag("th", cell, scope="col") for cell in head)))
    whole = tag("table", header, tag("tbody", *lines), aria_label=caption, **attributes)
    return joined([tag("div", whole, class_="scroll", tabindex="0"), tag("p", caption, class_="note")])
