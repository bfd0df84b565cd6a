"""Power over the number of patients from the trials of a power run, without another simulation.

The counts of the run are those of a patient bank: per stratum the patients enrolled, those evaluated and those who
responded. The algebra of sim/design/bank_algebra.py gives from them the power of every size, exact at the
simulated rates, and its standard error (delta method).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.config.config import INERT
from sim.config.design import Design
from sim.core.tables import Table, table_of
from sim.design.bank import RARE, REFUSED, Strata, coupling_of_counts, strata_of_counts
from sim.design.rules import RULES
from sim.design.sample_size import planned_size_rows, planned_split
from sim.design.tally import Tally
from sim.design.tournament import Counts

_NAN: Final = float("nan")
_COUPLED: Final = "patients of one trial agree more often than independent ones, so other sizes need other trials"
_FEW: Final = "too few simulated patients for trials of {n}: raise run.trials"
_SIMULATED: Final = ("rate", "rate_mcse", "power", "power_mcse", "false_go_inert", "false_go_inert_mcse")


def power_over_n(
    tallies: Mapping[str, Tally],
    design: Design,
    effects: Sequence[str],
    sizes: range,
    wanted: float,
    counts: Counts,
) -> Table | None:
    """Power of filled trials of each size at the split of the design, for each endpoint that was decided.

    tallies : by effect, `none` included. sizes : numbers of patients of the endpoint's population.
    Result  : rows of `sample_size` with `remark`: why an endpoint has no power, where its patients of one trial
              depend on each other, or are too few. None for a rule with planned numbers, for which the order of
              enrolment counts, where serious events stop trials, and where no size is asked for.
    """
    if RULES[design.rule].planned or design.safety_stop or not len(sizes):
        return None
    rows: list[dict[str, Any]] = []
    for endpoint in tallies[INERT].endpoints:
        if design.benchmarks.of(endpoint) is None:
            continue
        strata = {
            effect: strata_of_counts(tally.endpoints[endpoint], tally.totals, endpoint, design)
            for effect, tally in tallies.items()
        }
        remark = _remark(tallies, strata[INERT], endpoint, design, sizes[-1])
        found = planned_size_rows(strata, endpoint, design, effects, sizes)
        unknown = dict.fromkeys(_SIMULATED, _NAN) if remark else {}
        rows += [{**row, **unknown, "remark": remark} for row in found]
    return table_of([{**row, "wanted_power": wanted, **counts.columns} for row in rows])


def _remark(tallies: Mapping[str, Tally], strata: Strata, endpoint: str, design: Design, largest: int) -> str:
    """Why the patients of a run do not say the power of other sizes; "" where they do."""
    for stratum, size in zip(strata, planned_split(endpoint, design, largest), strict=True):
        if size and stratum.patients < REFUSED * size:
            return _FEW.format(n=largest)
    chances = (coupling_of_counts(tally.endpoints[endpoint], endpoint)[1] for tally in tallies.values())
    return _COUPLED if min(chances) < RARE else ""
