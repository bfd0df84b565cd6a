"""The figures of a page, in its order: which tables each needs, and the section it stands in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sim.report.figure import Figure
from sim.report.figures.accrual import accrual
from sim.report.figures.alternatives import alternatives
from sim.report.figures.beliefs import beliefs, power_of_draws
from sim.report.figures.causes import causes
from sim.report.figures.changes import changes
from sim.report.figures.composition import composition
from sim.report.figures.estimation import intervals, rare_events
from sim.report.figures.family import family
from sim.report.figures.flow import flow
from sim.report.figures.measured import changes_shown, free_of_event, larger_trials
from sim.report.figures.movers import movers
from sim.report.figures.moving_benchmark import moving_benchmark
from sim.report.figures.outcomes import outcomes
from sim.report.figures.outlook import predictive, stopping
from sim.report.figures.power_by_effect import power_by_effect
from sim.report.figures.prediction import open_patients, prediction
from sim.report.figures.readings import readings, value_readings
from sim.report.figures.responder_counts import responder_counts
from sim.report.figures.sample_size import power_over_n, sample_size
from sim.report.figures.size_and_effect import size_and_effect
from sim.report.figures.steroid import steroid
from sim.report.figures.stories import stories
from sim.report.figures.swimmers import swimmers
from sim.report.figures.times_to_event import times_to_event
from sim.report.figures.tournament import paired, tournament
from sim.report.figures.trajectories import trajectories
from sim.report.figures.twins import twins
from sim.report.figures.validation import validation
from sim.report.figures.without_cells import without_cells
from sim.report.results import Results

ANSWER: Final = "answer"
DECISION: Final = "decision"
COURSE: Final = "course"
CONDUCT: Final = "conduct"
STORIES: Final = "stories"
METHOD: Final = "method"


@dataclass(frozen=True)
class Picture:
    """A figure of the page: its section, the tables it is made of, and the function that makes it of them."""

    section: str
    tables: tuple[str, ...]
    draw: Callable[..., Figure | None]


def _of_sample(*names: str) -> tuple[str, ...]:
    return tuple(f"sample/{name}" for name in ("roles", *names))


PICTURES: Final = (
    Picture(ANSWER, ("power", "responders"), without_cells),
    Picture(ANSWER, ("power", "moving_benchmark"), movers),
    Picture(ANSWER, ("readings",), causes),
    Picture(ANSWER, ("readings",), readings),
    Picture(DECISION, ("power",), power_by_effect),
    Picture(DECISION, ("power", "responders"), responder_counts),
    Picture(DECISION, ("power", "moving_benchmark"), moving_benchmark),
    Picture(DECISION, ("power", "power_over_n"), power_over_n),
    Picture(DECISION, ("power_over_n",), size_and_effect),
    Picture(DECISION, ("sample_size",), sample_size),
    Picture(DECISION, ("sample_size",), size_and_effect),
    Picture(DECISION, ("tournament",), tournament),
    Picture(DECISION, ("tournament",), paired),
    Picture(DECISION, ("assurance", "draws"), power_of_draws),
    Picture(DECISION, ("assurance", "draws"), beliefs),
    Picture(DECISION, ("alternatives",), alternatives),
    Picture(DECISION, ("composition",), composition),
    Picture(DECISION, ("decisions",), outcomes),
    Picture(DECISION, ("predictive",), predictive),
    Picture(DECISION, ("stopping", "stopping_characteristics"), stopping),
    Picture(DECISION, ("family",), family),
    Picture(DECISION, ("estimation",), intervals),
    Picture(DECISION, ("rare_events",), rare_events),
    Picture(DECISION, ("prediction",), prediction),
    Picture(DECISION, ("patients",), open_patients),
    Picture(DECISION, ("changes",), changes_shown),
    Picture(DECISION, ("changes",), larger_trials),
    Picture(DECISION, ("times",), free_of_event),
    Picture(DECISION, ("times",), larger_trials),
    Picture(DECISION, ("value_readings",), value_readings),
    Picture(COURSE, _of_sample("visits", "endpoints"), twins),
    Picture(COURSE, _of_sample("visits"), trajectories),
    Picture(COURSE, _of_sample("dosing"), steroid),
    Picture(COURSE, _of_sample("visits", "endpoints"), changes),
    Picture(COURSE, ("sample/curves",), times_to_event),
    Picture(CONDUCT, _of_sample("candidates", "infusions", "events", "visits", "trials"), flow),
    Picture(CONDUCT, _of_sample("candidates"), accrual),
    Picture(STORIES, _of_sample("visits", "dosing", "infusions", "events", "endpoints"), swimmers),
    Picture(STORIES, _of_sample("candidates", "visits", "dosing", "infusions", "events", "endpoints"), stories),
    Picture(METHOD, ("validation",), validation),
)


def drawn(results: Results) -> list[tuple[str, Figure]]:
    """The figures whose tables are in the folder, each with its section."""
    found = []
    for picture in PICTURES:
        if all(name in results.tables for name in picture.tables):
            figure = picture.draw(*(results.tables[name] for name in picture.tables))
            if figure is not None:
                found.append((picture.section, figure))
    return found
