"""The validation table on a page: simulated figures against published or intended ones, and whether they agree."""

from collections import Counter
from typing import Final

from sim.core.tables import Row, rows_of
from sim.report.html import Html, table, tag
from sim.report.results import Results

_BASIS: Final = {
    "fitted": "parameters were set so that the figure comes out",
    "chosen": "the assumption was chosen with the figure in view",
    "input": "the figure is an input, read back at the far end",
    "same inputs": "another calculation from the same assumptions",
    "judgement": "the target itself is an opinion",
}
_TWICE: Final = (
    "Criteria, endpoints and the patient's course were programmed a second time by somebody who had not seen the "
    "code; the tests compare both."
)


def validation_html(results: Results, *figures: Html) -> list[Html]:
    """Words, figures and the table as far as the folder holds it."""
    heading = tag("h3", "Validation")
    found = results.tables.get("validation")
    if found is None:
        return [heading, tag("p", f"docs/validation.md sets simulated figures against published ones. {_TWICE}")]
    rows = list(rows_of(found))
    aimed = [row for row in rows if row["low"] == row["low"]]
    inside = sum(row["verdict"].startswith("inside") for row in aimed)
    words = (
        f"{inside} of {len(aimed)} figures with a target lie in the interval that was accepted beforehand, "
        "under the configuration of docs/validation.md, not of this run. No line is an independent "
        f"validation: {_counted(aimed)}. {_TWICE}"
    )
    listed = table(
        ("", "Simulated", "Target", "Accepted", "Result", "Verdict", "Basis"),
        [_line(row) for row in rows],
        "Result ± Monte Carlo standard error. Basis: " + "; ".join(f"{k}: {v}" for k, v in _BASIS.items()) + ".",
        class_="long",
    )
    whole = tag("details", tag("summary", f"All {len(rows)} lines: target, simulated, inside or not"), listed)
    return [heading, tag("p", words), *figures, whole]


def _counted(rows: list[Row]) -> str:
    counts = Counter(row["basis"] for row in rows)
    return ", ".join(f"{counts[name]} {name}" for name in _BASIS if counts[name])


def _line(row: Row) -> tuple[str, ...]:
    error = row["error"] if row["error"] == "exact" else f"± {row['error']}"
    result = f"{row['simulated']} {error}" + (f" ({row['beside']})" if row["beside"] else "")
    return (row["id"], row["what"], row["figure"], row["accepted"], result, row["verdict"], row["basis"])
