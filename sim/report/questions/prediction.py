"""task=predict: where a running trial will end."""

import math
from typing import Any, Final

from sim.core.tables import Row, rows_of
from sim.report.answer import about
from sim.report.html import Html, joined, table, tag
from sim.report.numbers import listed, primary, span_text, with_error
from sim.report.question import Question, screen
from sim.report.results import Results
from sim.words.rows import chosen_effect, label_of

BETA_BINOMIAL: Final = "beta-binomial"


def bases(rows: list[Row]) -> list[str]:
    """What predictions rest on: assumptions about the cells, and the patients alone."""
    return list(dict.fromkeys(row["basis"] for row in rows))


def one_each(rows: list[Row]) -> dict[tuple[str, str], Row]:
    """A row of each endpoint and basis; what it says of success is the same in all."""
    return {(row["endpoint"], row["basis"]): row for row in rows}


_BASES: Final = (
    "From the patients so far: the pending ones by virtual patients like them, the open places by the rate of "
    "all. Beside it, from the responders alone: beta-binomial. "
)


def _screen(results: Results) -> Html:
    rows = list(rows_of(results.main))
    effect = chosen_effect([name for name in bases(rows) if name != BETA_BINOMIAL])
    return screen(
        "Where will the running trial end?",
        about(results.configuration),
        _sentence(rows, effect),
        [_BASES, f"{rows[0]['n_trials']:,} virtual trials stand behind each assumption."],
        [_table(rows)],
        results,
    )


def _sentence(rows: list[Row], effect: str) -> Any:
    found = one_each(rows)
    chosen = primary([row for (_, basis), row in found.items() if basis == effect])
    parts = []
    for row in chosen:
        values = [each["predictive_probability"] for (name, _), each in found.items() if name == row["endpoint"]]
        words = (
            f" on {label_of(row)} ({span_text(values)}; {row['responders']} of {row['read_out']} respond so far)"
        )
        parts.append(joined([tag("b", _chance(row)), words]))
    start = f"Under “{effect}” the trial will succeed with a predictive probability of "
    return joined([start, listed(parts), ". In brackets: the range over the assumptions and the beta-binomial."])


def _chance(row: Row) -> str:
    """Predictive probability with its Monte Carlo error; exact ones, and those of older tables, have none."""
    error = row.get("predictive_probability_mcse", math.nan)
    return with_error(row["predictive_probability"], error if error > 0.0 else math.nan)


def _cell(row: Row) -> Html:
    trials = row.get("effective_trials", math.nan)
    return joined([_chance(row), "" if math.isnan(trials) else tag("small", f"as of {trials:,.0f} trials")])


def _table(rows: list[Row]) -> Html:
    found, names = one_each(rows), bases(rows)
    lines = []
    for endpoint in dict.fromkeys(row["endpoint"] for row in rows):
        row = found[endpoint, names[0]]
        critical = row["critical_value"]
        need = "none" if math.isnan(critical) else f"{critical:.0f} of {row['n']:.0f}"
        stand = [f"{row['responders']} of {row['read_out']}", str(row["pending"]), str(row["to_enrol"])]
        chances = [_cell(found[endpoint, name]) for name in names]
        lines.append([label_of(row), need, *stand, *chances])
    head = ["Endpoint", "Needed", "Responders of read out", "Pending", "Open places", *names]
    caption = (
        "Right: predictive probability of success by what it rests on, ± Monte Carlo standard error, and how many "
        "virtual trials that match these patients would have the same. Each patient's chance: patients.parquet."
    )
    return table(head, lines, caption, class_="numbers")


def _method(results: Results) -> str:
    settings = results.configuration["prediction"]
    return (
        "A patient whose outcome is known counts as it is. The chance of a pending one is the share of "
        "responders among the virtual patients most like it at its last visit; open places have the rate of "
        "all virtual patients. The final number is exact at these chances. The beta-binomial knows the "
        f"responders alone, prior Beta({settings['prior_a']:g}, {settings['prior_b']:g})."
    )


PREDICTION: Final = Question(
    "prediction",
    _screen,
    "To say where a running trial will end, from the patients there are so far.",
    _method,
    "Monte Carlo errors are those of the virtual patients behind each chance, by the delta method; who is like "
    "several patients counts for all of them. The error of each patient's chance stands in patients.parquet.",
)
