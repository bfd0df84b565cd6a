"""What the questions about changes and times have in common: trials that decide on values, larger ones drawn."""

from typing import Final

from sim.core.tables import Row, Table
from sim.report.questions.bank import at_first_level

LARGER: Final = "Larger trials are drawn with replacement from the patients of the simulated ones."
MEASURES: Final = (
    "Power is the share of all trials that succeed; its standard error carries that of the reference and, in "
    "drawn trials, that of the patients they are drawn from."
)


def simulated_rows(found: Table) -> list[Row]:
    """The rows of the simulated trials at the first level of the test."""
    return [row for row in at_first_level(found) if row["origin"] == "simulated"]
