"""task=assurance: success averaged over what is believed about the assumptions."""

from typing import Final

from sim.core.tables import Row
from sim.report.answer import about
from sim.report.html import Html, joined, table, tag
from sim.report.numbers import (
    headline_rows_of,
    listed,
    needed,
    percent,
    primary,
    span_text,
    with_error,
)
from sim.report.question import Question, screen
from sim.report.questions.bank import at_first_level
from sim.report.results import Results
from sim.words.rows import label_of

_CAPTION: Final = (
    "Assurance ± standard error from draw to draw: the probability of success averaged over the draws. Right "
    "of it the power of single draws: a tenth of them lie outside 5 % and 95 %. All rows, with other levels: "
    "assurance.csv."
)


_ACCURACY: Final = (
    "± is the standard error from draw to draw, in points. In brackets: power of nine in ten draws, the range "
    "that belief leaves open; another belief gives another assurance."
)


def _screen(results: Results) -> Html:
    rows = headline_rows_of(results.main)
    return screen(
        "How likely is success, averaged over what is believed?",
        about(results.configuration),
        _sentence(rows),
        [_ACCURACY],
        [_table(at_first_level(results.main)), _priors(results)],
        results,
    )


def _sentence(rows: list[Row]) -> Html:
    chosen = primary(rows)
    parts = [
        joined(
            [
                tag("b", with_error(row["assurance"], row["assurance_mcse"])),
                f" on {label_of(row)} ({span_text([row['power_p05'], row['power_p95']])})",
            ]
        )
        for row in chosen
    ]
    draws = chosen[0]["draws"]
    start = f"Averaged over {draws:,} draws of what is believed, the trial succeeds with a probability of "
    return joined([start, listed(parts), "."])


_HEAD: Final = (
    "Endpoint", "Needed", "Benchmark", "Mean rate", "Assurance", "5 % of draws below", "half below", "95 % below",
)  # fmt: skip


def _table(rows: list[Row]) -> Html:
    return table(_HEAD, [_line(row) for row in rows], _CAPTION, class_="numbers")


def _line(row: Row) -> list[str]:
    return [
        label_of(row),
        needed(row),
        f"{row['null_rate']:.2f}",
        with_error(row["response_rate"], row["response_rate_mcse"]),
        with_error(row["assurance"], row["assurance_mcse"]),
        *(percent(row[f"power_p{at}"]) for at in ("05", "50", "95")),
    ]


def _priors(results: Results) -> Html:
    """What is believed: the triangles of conf/priors."""
    priors = results.configuration["priors"]["parameters"]
    rows = [
        (name.replace("_", " "), tag("code", each["key"]), *(f"{each[at]:g}" for at in ("low", "mode", "high")))
        for name, each in priors.items()
    ]
    caption = "Triangular and independent: lowest, most likely and highest value. All are assumed."
    listed_rows = table(("Belief", "Key", "lowest", "most likely", "highest"), rows, caption, class_="long")
    return tag("details", tag("summary", f"What is believed: {len(rows)} values"), listed_rows)


def _method(results: Results) -> str:
    design = results.configuration["design"]
    return (
        "Each draw takes every uncertain value from its own triangle, simulates its share of the trials and "
        f"decides them by the rule {design['rule']} at one-sided level {design['alpha'][0]:g}. The power of "
        "one draw is the closed form at its simulated rates."
    )


ASSURANCE: Final = Question(
    "assurance",
    _screen,
    "To average success over what is believed about the cells, the course without them and the measurements, "
    "instead of choosing one scenario.",
    _method,
    "Assurance is the share of all trials of all draws that succeed; its error comes from draw to draw, so it "
    "carries what is not known, not only the luck of the simulation.",
)
