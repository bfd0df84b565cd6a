"""The questions that pages answer, by the table that leads them."""

from types import MappingProxyType
from typing import Final

from sim.report.questions.alternatives import ALTERNATIVES
from sim.report.questions.assurance import ASSURANCE
from sim.report.questions.changes import CHANGES
from sim.report.questions.composition import COMPOSITION
from sim.report.questions.decisions import DECISIONS
from sim.report.questions.estimation import ESTIMATION
from sim.report.questions.family import FAMILY
from sim.report.questions.prediction import PREDICTION
from sim.report.questions.sample_size import SAMPLE_SIZE
from sim.report.questions.success import SUCCESS
from sim.report.questions.times import TIMES
from sim.report.questions.tournament import TOURNAMENT
from sim.report.questions.value_readings import VALUE_READINGS

_ALL: Final = (
    *(SUCCESS, TOURNAMENT, SAMPLE_SIZE, ASSURANCE, ALTERNATIVES),
    *(COMPOSITION, DECISIONS, FAMILY, ESTIMATION, PREDICTION, CHANGES, TIMES, VALUE_READINGS),
)
QUESTIONS: Final = MappingProxyType({question.lead: question for question in _ALL})
