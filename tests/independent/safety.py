"""SAF: what each subject suffered up to five years, the years it was watched, and rates from both.

Infections and infusion reactions are adverse events, too (D59). The detail of an event begins with "serious" or
"not serious"; its words say whether it was a malignancy (D125).
"""

import math
import re
from collections.abc import Callable, Iterable

from tests.independent.endpoints import endpoint_row
from tests.independent.rows import Data, Row
from tests.independent.subject import ENDS, Subject, infused_subjects

YEAR_5 = 1826
DAYS_OF_A_YEAR = 365.25
HARM = ("adverse_event", "infection", "infusion_reaction")


def serious(event: Row) -> bool:
    """Is the first word of the detail "serious"?"""
    words = re.findall(r"[a-z]+", (event["detail"] or "").lower())
    return bool(words) and words[0] == "serious"


def malignant(event: Row) -> bool:
    return "malignan" in (event["detail"] or "").lower()


def counted(subject: Subject) -> list[Row]:
    """Recorded events from the first infusion to year 5, both days inclusive."""
    return [row for row in subject.events if 0 <= row["day"] <= YEAR_5]


def last_day(subject: Subject) -> int:
    """The day on which participation ended; of somebody who stayed the last day that anything is known of."""
    ends = [row["day"] for row in subject.events if row["kind"] in ENDS]
    if ends:
        return max(0, min(*ends, YEAR_5))
    seen = [row["day"] for row in subject.visits] + [row["day"] for row in subject.events if row["kind"] in HARM]
    return max(0, min(YEAR_5, max(seen, default=0)))


def safety(subject: Subject) -> dict[str, float]:
    """Events by kind, and years from the first infusion to the last day of observation."""
    events = counted(subject)
    harm = [row for row in events if row["kind"] in HARM]
    infections = [row for row in harm if row["kind"] == "infection"]
    return {
        "adverse_event": len(harm),
        "serious_adverse_event": sum(map(serious, harm)),
        "infection": len(infections),
        "serious_infection": sum(map(serious, infections)),
        "infusion_reaction": sum(row["kind"] == "infusion_reaction" for row in harm),
        "malignancy": sum(map(malignant, harm)),
        "death": int(any(row["kind"] == "death" for row in events)),
        "person_years": last_day(subject) / DAYS_OF_A_YEAR,
    }


def evaluate_safety(data: Data) -> list[Row]:
    """The rows of SAF of every infused subject, one for each variable."""
    return [
        endpoint_row(subject, "SAF", variable=variable, value=value)
        for subject in infused_subjects(data)
        for variable, value in safety(subject).items()
    ]


def poisson_at_most(events: int, mean: float) -> float:
    """Probability of at most so many events."""
    return math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(events + 1))


def root(decreasing: Callable[[float], float], high: float) -> float:
    """Where a falling function of a positive number is zero."""
    low = 1e-12
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if decreasing(middle) > 0 else (low, middle)
    return (low + high) / 2


def rate(events: int, years: float) -> tuple[float, float, float]:
    """Events per 100 patient-years with the exact limits of 95 % (Garwood 1936, Biometrika 28:437)."""
    ceiling = 10.0 * events + 50.0
    lower = root(lambda mean: poisson_at_most(events - 1, mean) - 0.975, ceiling) if events else 0.0
    upper = root(lambda mean: poisson_at_most(events, mean) - 0.025, ceiling)
    return 100 * events / years, 100 * lower / years, 100 * upper / years


def totals(people: Iterable[dict[str, float]]) -> dict[str, float]:
    """The sums over subjects."""
    found: dict[str, float] = {}
    for person in people:
        for variable, value in person.items():
            found[variable] = found.get(variable, 0.0) + value
    return found
