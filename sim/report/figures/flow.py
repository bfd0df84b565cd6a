"""The flow of participants in the manner of CONSORT, as an SVG: screened, excluded, enrolled, treated.

Source : boxes after Schulz, Altman, Moher, CONSORT 2010, BMJ 2010;340:c332; numbers are averages over trials.
"""

import html
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from sim.core.columns import entry
from sim.core.tables import Table
from sim.report.figure import Figure
from sim.report.patients import LAST_DAY, LAST_VISIT, drawn_trials, effects_in, of_trials

_LEFT: Final = (10, 330)
_RIGHT: Final = (410, 480)
"""Left edge and width of the boxes of the main line and of those beside it."""
_LINE: Final = 19
_PAD: Final = 10
_GAP: Final = 26
_LISTED: Final = 9

Box = tuple[str, Sequence[str]]


def flow(
    roles: Table, candidates: Table, infusions: Table, events: Table, visits: Table, trials: Table
) -> Figure | None:
    """Averages over the drawn trials under the acting effect; None without a candidate."""
    numbers = drawn_trials(roles)
    effect = effects_in(visits)[-1]
    people = of_trials(candidates, numbers)
    if not people.length:
        return None
    own = [
        of_trials(table.where(table["effect"] == effect), numbers) for table in (infusions, events, visits, trials)
    ]
    count = len(numbers)
    steps = [
        _screening(people, own[3], count),
        _enrolment(people, own[0], count),
        _treatment(own[0], own[1], count),
        _end(own[2], count),
    ]
    rows = [
        (place, title.split(":")[0], line)
        for main, aside in steps
        for place, box in (("main line", main), ("beside", aside))
        if box
        for title in [box[0]]
        for line in [title, *box[1]]
    ]
    words = "; ".join(main[0] for main, _ in steps)
    return Figure(
        "flow",
        "From referral to week 24",
        f"Averages of {count} virtual trials{'' if effect == 'none' else f' ({effect})'}. A candidate who fails "
        f"several criteria is counted at the first in the order of evaluation.",
        f"Flow of participants, averages of {count} trials: {words}.",
        [],
        ("place", "step", "text"),
        rows,
        drawing=_svg(steps, f"Flow of participants, averages of {count} trials"),
    )


def _mean(total: float, trials: int) -> str:
    value = total / trials
    return f"{value:.0f}" if value >= 20 else f"{value:.1f}"


def _screening(people: Table, trials: Table, count: int) -> tuple[Box, Box]:
    failed = people["first_failure"][people["first_failure"] != ""]
    names, times = np.unique(failed, return_counts=True)
    order = np.argsort(-times, kind="stable")
    lines = [f"{_mean(times[k], count)}\t{_criterion(str(names[k]))}" for k in order[:_LISTED]]
    if len(order) > _LISTED:
        lines.append(f"{_mean(times[order[_LISTED:]].sum(), count)}\t{len(order) - _LISTED} further criteria")
    kinds = [
        f"{_mean((people['subgroup'] == kind).sum(), count)}\tfor {words}"
        for kind, words in (("LN", "nephritis"), ("LC", "cytopenia"))
    ]
    away = f"{_mean(trials['n_turned_away'].sum(), count)}\tturned away unscreened, no place left"
    screened = (f"Screened: {_mean(people.length, count)}", [*kinds, away])
    return screened, (f"Screen failures: {_mean(len(failed), count)}", lines)


def _criterion(name: str) -> str:
    label = entry("candidates", name).label
    return f"{name} {label[0].lower()}{label[1:]}" + ("" if name.startswith("E") else ": not met")


def _enrolment(people: Table, infusions: Table, count: int) -> tuple[Box, Box | None]:
    enrolled = people.where(~np.isnan(people["subject"]))
    kinds = ", ".join(f"{_mean((enrolled['subgroup'] == kind).sum(), count)} {kind}" for kind in ("LN", "LC"))
    never = _not_given(infusions, 1)
    beside = (f"Never infused: {_mean(len(never), count)}", _reasons(never, count)) if len(never) else None
    return (f"Enrolled: {_mean(enrolled.length, count)}", [kinds]), beside


def _treatment(infusions: Table, events: Table, count: int) -> tuple[Box, Box]:
    given = [_mean(((infusions["infusion"] == k) & ~np.isnan(infusions["day"])).sum(), count) for k in (1, 2)]
    missed = _not_given(infusions, 2)
    ends = events.where(
        np.isin(events["kind"], ("withdrawal", "lost_to_follow_up", "death")) & (events["day"] <= LAST_DAY)
    )
    left = [
        f"{kind} {detail}".replace("_", " ").strip()
        for kind, detail in zip(ends["kind"], ends["detail"], strict=True)
    ]
    lines = [
        f"{_mean(len(missed), count)}\tsecond infusion not given",
        f"{_mean(ends.length, count)}\tleft before week 24",
    ]
    lines += [f"    {line}" for line in _reasons(np.array(left, np.str_), count)]
    return (f"First infusion: {given[0]}", [f"second infusion: {given[1]}"]), (
        "Treatment incomplete, or left",
        lines,
    )


def _not_given(infusions: Table, number: int) -> Any:
    return infusions["reason_not_given"][(infusions["infusion"] == number) & np.isnan(infusions["day"])]


def _reasons(words: Any, count: int) -> list[str]:
    names, times = np.unique(words, return_counts=True)
    order = np.argsort(-times, kind="stable")
    return [
        f"{_mean(times[k], count)}\t{str(names[k]).replace('_', ' ') or 'no reason recorded'}" for k in order[:4]
    ]


def _end(visits: Table, count: int) -> tuple[Box, None]:
    seen = visits.where((visits["visit"] == LAST_VISIT) & visits["attended"])
    return (
        f"Seen at week 24: {_mean(seen.length, count)}",
        ["those who were infused are all analysed;", "who is missing is a non-responder"],
    ), None


def _svg(steps: Sequence[tuple[Box, Box | None]], title: str) -> str:
    """Boxes below each other with arrows, and the losses beside."""
    parts, y = [], 10.0
    for position, (main, aside) in enumerate(steps):
        tall, beside = _height(main), _height(aside) if aside else 0.0
        row = max(tall, beside)
        middle = _LEFT[0] + _LEFT[1] / 2
        parts.append(_box(_LEFT, y, tall, main))
        if aside:
            parts.append(_box(_RIGHT, y, beside, aside))
            parts.append(_arrow(_LEFT[0] + _LEFT[1], y + tall / 2, _RIGHT[0] - 4, y + tall / 2))
        if position + 1 < len(steps):
            parts.append(_arrow(middle, y + tall, middle, y + row + _GAP - 4))
        y += row + _GAP
    size = f'viewBox="0 0 900 {y - _GAP + 12:g}"'
    marker = (
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0 0 8 4 0 8z" fill="#1b1b1b"/></marker></defs>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{html.escape(title)}" '
        'font-family="system-ui, Liberation Sans, Arial, sans-serif" font-size="14" fill="#1b1b1b">'
        f"<title>{html.escape(title)}</title>"
        f"{marker}{''.join(parts)}</svg>"
    )


def _height(box: Box) -> float:
    return 2 * _PAD + _LINE * (1 + len(box[1]))


def _box(place: tuple[int, int], y: float, height: float, box: Box) -> str:
    left, width = place
    lines = [f'<text x="{left + 12}" y="{y + _PAD + 14:g}" font-weight="600">{html.escape(box[0])}</text>']
    for k, words in enumerate(box[1]):
        number, mark, rest = words.strip().rpartition("	")
        at, inset = f'y="{y + _PAD + 14 + _LINE * (k + 1):g}" font-size="13"', 12 if not mark else 54
        inset += 16 if words.startswith("    ") else 0
        if mark:
            lines.append(f'<text x="{left + inset - 8}" {at} text-anchor="end">{html.escape(number)}</text>')
        lines.append(f'<text x="{left + inset}" {at}>{html.escape(rest)}</text>')
    frame = (
        f'<rect x="{left}" y="{y:g}" width="{width}" height="{height:g}" rx="4" fill="#ffffff" '
        'stroke="#1b1b1b" stroke-width="1.2"/>'
    )
    return frame + "".join(lines)


def _arrow(x0: float, y0: float, x1: float, y1: float) -> str:
    ends = f'x1="{x0:g}" y1="{y0:g}" x2="{x1:g}" y2="{y1:g}"'
    return f'<line {ends} stroke="#1b1b1b" stroke-width="1.2" marker-end="url(#tip)"/>'
