"""Details of events: words that decide something where they are written as the rules know them."""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calculator.cells import suggestion
from sim.calculator.findings import Examination
from sim.endpoints.estimand import FAILED_BY
from sim.endpoints.low_disease_activity import STRONG
from sim.endpoints.safety import says_serious

_CLOSED: Final = {
    "withdrawal": (*FAILED_BY, "other", "pregnancy"),
    "transfusion": ("red_cells", "platelets"),
}
"""Kinds with a fixed list of details (data model): why somebody left, and which count a transfusion changes."""
_RESCUE: Final = ("ivig", *STRONG)
"""Rescues of which a rule asks more than whether there was one; any other word is as good as another."""
_UNTOWARD: Final = ("adverse_event", "infection", "infusion_reaction")
_DENIED: Final = re.compile(r"\bno[nt][\s-]*serious")


def check_details(found: Examination) -> None:
    """Note details that look like a word of the rules and are not, or stand where only such words do."""
    if not found.has("events", "kind", "detail"):
        return
    events = found.tables["events"]
    kind, detail = events["kind"], events["detail"]
    for name, allowed in _CLOSED.items():
        _note(found, kind == name, partial(_not_among, allowed), allowed)
    _note(found, (kind == "rescue") & (detail != ""), _nearly_a_rescue, _RESCUE)
    _note(found, np.isin(kind, _UNTOWARD) & (detail != ""), _nearly_serious, ("serious",))


def _note(
    found: Examination, asked: NDArray[np.bool_], wrong: Callable[[str], bool], words: tuple[str, ...]
) -> None:
    """Each row whose detail is wrong, judged once for each different detail."""
    detail = found.tables["events"]["detail"]
    strange = [text for text in np.unique(detail[asked]).tolist() if wrong(text)]
    found.note_rows(
        "unknown_detail",
        "events",
        lambda row: _said(str(detail[row]), words),
        column="detail",
        rows=asked & np.isin(detail, np.array(strange, np.str_)) if strange else asked[:0],
    )


def _said(text: str, words: tuple[str, ...]) -> str:
    inside = [word for word in words if word in text.lower()]
    if not text:
        return f"no detail; {suggestion(text, words)}"
    return f"{text!r} is no word of the rules; " + (
        f"did you mean {inside[0]}?" if inside else suggestion(text, words)
    )


def _not_among(allowed: tuple[str, ...], text: str) -> bool:
    return text not in allowed


def _nearly_a_rescue(text: str) -> bool:
    """Names a rescue that the rules look for, but in other letters or with more words."""
    return text not in _RESCUE and any(word in text.lower() for word in _RESCUE)


def _nearly_serious(text: str) -> bool:
    """Says serious, does not deny it, and is not counted, because other words come first."""
    return "serious" in _DENIED.sub("", text.lower()) and not says_serious(text)
