"""How the results of a run are shown."""

from dataclasses import dataclass

from sim.config.fields import some_of

FORMATS = ("html", "svg")


@dataclass(frozen=True)
class Report:
    """The report of a run; it moves no number.

    formats : html is one page, report.html; svg is each figure with its data in `figures/`; none is no report.
    """

    formats: tuple[str, ...] = some_of(*FORMATS)
