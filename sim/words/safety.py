"""Stopping for serious events as text: what the boundary is, what it does, what it costs in power."""

from collections.abc import Iterator
from typing import Final

from sim.core.tables import Row, Table, rows_of
from sim.words.layout import aligned, number, with_error
from sim.words.rows import label_of

_LEGEND: Final = (
    "patients: share with a serious event or death by week 24, nothing stopped; stops: share of trials that stop;",
    "one by one: the same exactly, at that share, were each patient known before the next is treated;",
    "week: since the opening of the site; treated: infused on average, in trials that stop / in all trials;",
    "of each endpoint: power with the boundary (without it), at the first alpha. A stopped trial is no success.",
)


def safety_text(table: Table) -> str:
    """Lines for a person: one for each effect.

    table : of `safety_stop`, the rows of an effect one below the other.
    """
    by_effect: dict[str, list[Row]] = {}
    for row in rows_of(table):
        by_effect.setdefault(row["effect"], []).append(row)
    first = next(iter(by_effect.values()))
    head = ["effect", "patients", "stops", "one by one", "week", "treated", *(label_of(row) for row in first)]
    return "\n".join(
        [
            "Stopping for serious events (assumed; the record has no boundary). At each patient's first one the",
            f"trial stops if P(share of patients above {first[0]['tolerated']:g}) is at least "
            f"{first[0]['certainty']:g} (D116).",
            "",
            *aligned([head, *(list(_cells(rows)) for rows in by_effect.values())]),
            "",
            *_LEGEND,
        ]
    )


def _cells(rows: list[Row]) -> Iterator[str]:
    row = rows[0]
    yield row["effect"]
    yield with_error(row["p_serious"], row["p_serious_mcse"])
    yield with_error(row["p_stop"], row["p_stop_mcse"])
    yield number(row["p_stop_one_by_one"])
    yield number(row["week_of_stop"], 0)
    yield f"{number(row['treated_at_stop'], 1)} / {number(row['treated'], 2)}"
    for each in rows:
        yield f"{each['power']:.3f} ({each['power_without_stop']:.3f})"
