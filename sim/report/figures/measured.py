"""What trials of changes and of times show: success beside that of inert cells, and in larger trials."""

import numpy as np

from sim.core.tables import Row, Table, rows_of
from sim.report.figure import Figure, Panel, Trace, rows_of_columns
from sim.report.figures.bands import band, line
from sim.report.figures.dots import dot_layout, dots, key_of, success_and_false_go, views_of
from sim.report.numbers import different, first_level, picked, view_of
from sim.report.questions.changes import TESTS, change_label
from sim.report.style import INK, MUTED, WITHOUT, axis, effect_colours, layout, line_at, plain, probability
from sim.words.rows import label_of

_CHANGES = (
    "origin", "endpoint", "variable", "population", "n", "effect", "rule", "reference", "mean", "difference",
    "difference_mcse", "power", "power_mcse", "false_go_inert", "false_go_inert_mcse", "undecided", "missing",
)  # fmt: skip
_TIMES = (
    "origin", "endpoint", "population", "n", "effect", "reference", "highest_reference", "critical_value", "free",
    "free_low", "free_high", "power", "power_mcse", "false_go_inert", "false_go_inert_mcse", "missing",
)  # fmt: skip


def changes_shown(found: Table) -> Figure | None:
    """A panel for each test: how often each change is shown with the cells, beside inert ones; None if empty."""
    rows = picked(first_level(found), origin="simulated")
    views, colours = views_of(rows)
    if not views:
        return None
    level = float(rows["alpha"][0])
    return Figure(
        "changes_shown",
        "How often each change is shown",
        "Filled: share of trials that show it under the assumption that is shown; open, grey: the same if the "
        "cells "
        f"do nothing. Dotted: the level, {level:g}; a grey point clearly right of it is a test that breaks its "
        "promise, because the changes are not symmetric (ranks) or not normal (t). Lines: 95 % limits of the "
        "simulation.",
        f"Dot plots of success by change under {views[0]}. "
        + "; ".join(
            f"{_label(row)} by the {TESTS[row['rule']]} {100 * row['power']:.0f} %"
            for row in rows_of(picked(rows, effect=views[0]))
        ),
        [_shown(picked(rows, rule=rule), TESTS[rule], views, colours, level) for rule in TESTS],
        _CHANGES,
        rows_of_columns(rows, _CHANGES),
        views=[view_of(name) for name in views],
        key=key_of(views, colours),
        across=2,
    )


def free_of_event(found: Table) -> Figure | None:
    """Who stays free of each event, and what so few patients could show at best; None if empty."""
    rows = picked(first_level(found), origin="simulated")
    views, colours = views_of(rows)
    if not views:
        return None
    traces = [trace for effect in views for trace in _free(rows, effect, colours[effect])]
    return Figure(
        "free_of_event",
        "Who stays free of each event, and what so few patients could show",
        "Filled: share free of the event at week 24 under the assumption that is shown, open, grey: without the "
        "cells, the share to beat; lines: 95 % limits over all simulated patients. Upright mark: the highest "
        "share "
        "that a trial can beat if nobody in it has the event. Where the grey point lies right of the mark, no "
        "outcome of the trial is a success.",
        "Dot plot of event-free shares. "
        + "; ".join(
            f"{_label(row)} {100 * row['reference']:.0f} % to beat, at best {100 * row['highest_reference']:.0f} %"
            for row in rows_of(picked(rows, effect=views[0]))
        ),
        [Panel("", traces, dot_layout("free of the event at week 24", len(different(rows, "endpoint"))))],
        _TIMES,
        rows_of_columns(rows, _TIMES),
        views=[view_of(name) for name in views],
        key=[*key_of(views, colours), ("highest share that can be beaten", INK)],
        across=1,
    )


def larger_trials(found: Table) -> Figure | None:
    """A panel for each change or event: success over the number of patients, a view for each test.

    None without drawn trials.
    """
    rows = first_level(found)
    if "resampled" not in rows["origin"]:
        return None
    what = "variable" if "variable" in found else "endpoint"
    able = [name for name in different(rows, what) if picked(rows, **{what: name})["power"].max() > 0.0]
    unable = [
        _label(next(rows_of(picked(rows, **{what: name})))) for name in different(rows, what) if name not in able
    ]
    if not able:
        return None
    effects, rules = different(rows, "effect"), different(rows, "rule")
    colours = effect_colours(effects)
    names = ("origin", what, "population", "n", "effect", "rule", "power", "power_mcse")
    views = [_test(rule) for rule in rules] if len(rules) > 1 else []
    return Figure(
        "larger_trials",
        "What larger trials of the same patients would show",
        "The first point of each line are the simulated trials, the others are drawn with replacement from "
        "their patients, so they share the luck of those; bands: 95 % limits of the simulation. Grey: the cells "
        "do nothing. Dotted: 80 %, the usual aim."
        + (f" No trial of any of these sizes succeeds on {', '.join(unable)}: not drawn." if unable else ""),
        f"Lines of success over {', '.join(str(n) for n in sorted(different(rows, 'n')))} patients for "
        f"{', '.join(able)}.",
        [_sizes(picked(rows, **{what: name}), effects, colours, bool(views)) for name in able],
        names,
        rows_of_columns(rows, names),
        views=views,
        key=key_of([name for name in effects if name != "none"], colours),
    )


def _test(rule: str) -> str:
    return TESTS.get(rule, rule.replace("_", " "))


def _label(row: Row) -> str:
    return plain(change_label(row) if "variable" in row else label_of(row))


def _shown(rows: Table, title: str, effects: list[str], colours: dict[str, str], level: float) -> Panel:
    traces: list[Trace] = []
    for effect in effects:
        own = picked(rows, effect=effect)
        traces += success_and_false_go(own, [_label(row) for row in rows_of(own)], effect, colours[effect])
    shape = line_at(level, vertical=True, colour=INK, dash="dot", above=True)
    whole = dot_layout("share of trials", len(different(rows, "variable")), shapes=[shape])
    return Panel(title, traces, whole)


def _free(rows: Table, effect: str, colour: str) -> list[Trace]:
    """The share to beat, the share under an effect and the most that can be beaten, for each event."""
    own = picked(rows, effect=effect)
    names, view = [_label(row) for row in rows_of(own)], {"view": view_of(effect)}
    open_circle = {"color": WITHOUT, "symbol": "circle-open", "line": {"width": 2}}
    found = [dots("to beat", own["reference"], names, own["reference_mcse"], open_circle, **view)]
    if effect != "none":
        limits = {
            "type": "data", "symmetric": False, "color": colour, "thickness": 1.2, "width": 3,
            "array": np.nan_to_num(own["free_high"] - own["free"]),
            "arrayminus": np.nan_to_num(own["free"] - own["free_low"]),
        }  # fmt: skip
        found.append(dots(effect, own["free"], names, own["free_mcse"], {"color": colour}, error_x=limits, **view))
    look = {"color": INK, "symbol": "line-ns-open", "size": 16, "line": {"width": 2, "color": INK}}
    found.append(
        dots("can be beaten at most", own["highest_reference"], names, np.zeros(own.length), look, **view)
    )
    return found


def _sizes(rows: Table, effects: list[str], colours: dict[str, str], by_test: bool) -> Panel:
    traces: list[Trace] = []
    for effect in effects:
        for rule in different(rows, "rule"):
            own = picked(rows, effect=effect, rule=rule)
            own = own.where(np.argsort(own["n"], kind="stable"))
            colour = colours[effect]
            look = {"line": {"color": colour, "width": 1.8}, "marker": {"color": colour, "size": 6}}
            words = f"<b>{plain(effect)}</b>, n = %{{x}}: %{{y:.1%}} ± %{{customdata:.1%}}"
            pair = (
                band(own["n"].tolist(), own["power"], own["power_mcse"], colour),
                line(effect, own["n"], own["power"], look, own["power_mcse"], words),
            )
            traces += [trace | {"view": _test(rule)} if by_test else trace for trace in pair]
    numbers = different(rows, "n")
    x = axis("patients in the trial", range=[min(numbers) - 1, max(numbers) + 1], tickvals=sorted(numbers))
    shape = line_at(0.8, vertical=False, colour=MUTED, dash="dot")
    title = _label(next(rows_of(rows)))
    y = probability("share of trials")
    return Panel(title, traces, layout(x, y, height=270, shapes=[shape]))
