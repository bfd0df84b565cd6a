"""The twin of multiple imputation (D68): one outcome after the other, in plain Python.

Written from D65 to D68 and the literature: outcomes are drawn from a logistic model whose coefficients are drawn
from the normal approximation of their posterior, so that the imputation is proper (Rubin, Multiple Imputation for
Nonresponse in Surveys, 1987, chapters 4 and 5), and the rates of the completed trials are combined by his rules
(chapter 3). It shares no code with the simulator; random numbers come from whoever calls.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist, fmean, variance

from tests.independent import estimands
from tests.independent.hematologic import COLUMN, before_treatment, judged_lineages
from tests.independent.sledai import total
from tests.independent.subject import Subject

ORDER = ("P1", "P2", "P3", "S1", "S2", "S3", "S4", "S5", "S6")
"""Yes/no endpoints, whose place is part of a number's address."""
USUAL = estimands.USUAL
Vector = list[float]
Matrix = list[list[float]]
Coefficient = Callable[[int, int, int, int], float]
"""A uniform number for trial, day on which subjects were last seen, imputation and coefficient."""
Outcome = Callable[[int, int, int], float]
"""A uniform number for trial, subject and imputation."""


@dataclass
class Case:
    """A subject of the population: the outcome (None if missing), whether it is known without an assessment, and
    the measure of the disease by study day.
    """

    person: Subject
    outcome: bool | None
    certain: bool
    seen: list[tuple[int, float]]

    def last(self, day: int) -> float | None:
        """The measure when it was last known on or before a day."""
        return max((pair for pair in self.seen if pair[0] <= day), default=(0, None))[1]

    def last_day(self) -> int:
        """The last day on which the measure was known, day 0 if never after it."""
        return max([0, *(day for day, _ in self.seen)])


def case(person: Subject, endpoint: str, strategy: str) -> Case | None:
    """What is known of a subject; None outside the population."""
    answer = estimands.estimand(person, endpoint, strategy, "mi")
    if answer is None:
        return None
    record = person
    stop = estimands.first_event(person, endpoint)
    if strategy in ("hypothetical", "while_on_treatment") and stop is not None:
        record = estimands.before_event(person, stop)
    seen = [(visit["day"], measure(record, visit, endpoint)) for visit in record.visits]
    known = [(day, value) for day, value in seen if value is not None]
    return Case(person, answer[0], is_certain(person, endpoint, strategy, answer), known)


def is_certain(person: Subject, endpoint: str, strategy: str, answer: estimands.Answer) -> bool:
    """Non-response by death, an intercurrent event or a definition, and not by an assessment (D65)."""
    reasons = {"death", *estimands.CERTAIN.get(endpoint, ())}
    if strategy == "composite":
        reasons |= {"withdrawal", *estimands.EVENTS[endpoint]}
    return answer[0] is False and answer[1] in reasons


def measure(person: Subject, visit: dict[str, object], endpoint: str) -> float | None:
    """Log UPCR (P3), log of the count over the least that is improvement (P2), SLEDAI-2K (others)."""
    if endpoint == "P3":
        upcr = visit["upcr"]
        return math.log(upcr) if upcr is not None and upcr > 0 else None
    if endpoint == "P2":
        ratios = [nearness(person, visit, lineage) for lineage in judged_lineages(person, USUAL)]
        return max((ratio for ratio in ratios if ratio is not None), default=None)
    score = total(visit, person.visits)
    return None if score is None else float(score)


def nearness(person: Subject, visit: dict[str, object], lineage: str) -> float | None:
    """Log of a count over the least count that the record calls improvement."""
    value, before = visit[COLUMN[lineage]], before_treatment(person, lineage)
    if value is None or before is None or value <= 0:
        return None
    if lineage == "E":
        least = before + 1.5
    elif lineage == "N":
        least = max(2 * before, before + 0.5)
    else:
        least = before + 30 if before > 20 else max(before + 20, 2 * before)
    return math.log(value / least)


def completed(
    cases: list[Case], prior: float, imputations: int, coefficient: Coefficient, outcome: Outcome
) -> list[list[bool]]:
    """The outcomes of the subjects of one trial in each imputation."""
    observed = [each for each in cases if each.outcome is not None and not each.certain]
    models = {}
    answers = []
    for each in cases:
        if each.outcome is not None:
            answers.append([each.outcome] * imputations)
            continue
        day = each.last_day()
        if day not in models:
            models[day] = model(observed, day, prior)
        answers.append(
            [drawn(each, day, models[day], which, coefficient, outcome) for which in range(imputations)]
        )
    return answers


@dataclass
class Model:
    """The posterior of the coefficients, and what standardizes the two predictors."""

    mode: Vector
    root: Matrix
    means: Vector
    spreads: Vector


def model(observed: list[Case], day: int, prior: float) -> Model:
    """Log odds of response on the measure of day 0 and of a later day, both standardized among the observed."""
    rows = [[each.last(0), each.last(day)] for each in observed]
    means, spreads = [], []
    for column in range(2):
        values = [row[column] for row in rows if row[column] is not None]
        means.append(fmean(values) if values else 0.0)
        spreads.append(math.sqrt(fmean((value - means[-1]) ** 2 for value in values)) if values else 0.0)
    designs = [design(row, means, spreads) for row in rows]
    mode, information = fitted(designs, [float(each.outcome or 0) for each in observed], prior)
    return Model(mode, cholesky(inverse(information)), means, spreads)


def design(row: list[float | None], means: Vector, spreads: Vector) -> Vector:
    """1 and the two standardized predictors; an unknown one, or one that never varies, is 0."""
    scaled = [
        0.0 if value is None or spread < 1e-12 else (value - mean) / spread
        for value, mean, spread in zip(row, means, spreads, strict=True)
    ]
    return [1.0, *scaled]


def fitted(designs: list[Vector], responses: Vector, prior: float) -> tuple[Vector, Matrix]:
    """Mode of the posterior, minus its second derivatives there; the prior of the intercept is four times wide."""
    weights = [1 / (4 * prior) ** 2, 1 / prior**2, 1 / prior**2]
    beta = [0.0, 0.0, 0.0]
    for _ in range(500):
        chances = [expit(dot(row, beta)) for row in designs]
        slope = [
            sum((y - p) * row[i] for y, p, row in zip(responses, chances, designs, strict=True))
            - weights[i] * beta[i]
            for i in range(3)
        ]
        curved = [
            [sum(p * (1 - p) * row[i] * row[j] for p, row in zip(chances, designs, strict=True)) for j in range(3)]
            for i in range(3)
        ]
        for i in range(3):
            curved[i][i] += weights[i]
        if max(map(abs, slope)) < 1e-11:
            return beta, curved
        turned = inverse(curved)
        step = [dot(turned[i], slope) for i in range(3)]
        # Shorter steps far from the mode: no coefficient moves by more than one at once.
        longest = max(1.0, *map(abs, step))
        beta = [b + s / longest for b, s in zip(beta, step, strict=True)]
    raise AssertionError("the mode was not found")


def drawn(each: Case, day: int, found: Model, which: int, coefficient: Coefficient, outcome: Outcome) -> bool:
    """Coefficients from their posterior, then the outcome from its probability."""
    trial, number = each.person.trial, each.person.number
    normal = [NormalDist().inv_cdf(coefficient(trial, day, which, place)) for place in range(3)]
    beta = [mode + dot(row, normal) for mode, row in zip(found.mode, found.root, strict=True)]
    row = design([each.last(0), each.last(day)], found.means, found.spreads)
    return outcome(trial, number, which) < expit(dot(row, beta))


def pooled(responses: list[list[bool]]) -> tuple[float, float, float]:
    """Rate, its standard error and the degrees of freedom by Rubin's rules; responses by subject."""
    size, imputations = len(responses), len(responses[0])
    rates = [fmean(row[which] for row in responses) for which in range(imputations)]
    within = fmean(rate * (1 - rate) / size for rate in rates)
    between = variance(rates)
    spread = within + between + between / imputations
    relative = (1 + 1 / imputations) * between / within
    return fmean(rates), math.sqrt(spread), (imputations - 1) * (1 + 1 / relative) ** 2


def expit(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def dot(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def inverse(m: Matrix) -> Matrix:
    """Of a 3×3 matrix, by cofactors."""

    def cofactor(i: int, j: int) -> float:
        a, b, c, d = (m[(i + p) % 3][(j + q) % 3] for p, q in ((1, 1), (2, 2), (1, 2), (2, 1)))
        return a * b - c * d

    determinant = sum(m[0][j] * cofactor(0, j) for j in range(3))
    return [[cofactor(j, i) / determinant for j in range(3)] for i in range(3)]


def cholesky(m: Matrix) -> Matrix:
    """The lower triangle L with L Lᵀ = m."""
    root = [[0.0] * 3 for _ in range(3)]
    for i in range(3):
        for j in range(i + 1):
            rest = m[i][j] - sum(root[i][k] * root[j][k] for k in range(j))
            root[i][j] = math.sqrt(rest) if i == j else rest / root[j][j]
    return root
