"""Low disease activity, worked out again and compared: the recorded state is never read."""

from sim.calculator.derived import Compared, compare
from sim.calculator.findings import Examination
from sim.config.analysis import Analysis
from sim.endpoints.dataset import DataSet
from sim.endpoints.low_disease_activity import state_at_visits


def compare_states(found: Examination, data: DataSet, analysis: Analysis) -> list[Compared]:
    """Compare `lldas` of a data set whose BILAG grades are complete."""
    if "lldas" not in data.attended:
        return []
    again = state_at_visits(data, analysis)
    return [compare(found, "lldas", data.flags("lldas"), again, data.attended.rows, "derived_differs")]
