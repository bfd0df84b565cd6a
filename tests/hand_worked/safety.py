"""Hand-worked subjects of SAF: what counts, when, and how long each was watched.

A case is (name, events as (day, kind, detail), days of attended visits after day 0, answer, why). The answer has
the counts that are not 0 and the day on which observation ends; years are that day over 365.25.
"""

from tests.independent.rows import Data, candidate_row, dosing_row, event_row, infusion_row, visit_row

Events = list[tuple[int, str, str | None]]
Case = tuple[str, Events, tuple[int, ...], dict[str, int], int, str]

HARM = {"adverse_event": 1}
SERIOUS = HARM | {"serious_adverse_event": 1}
INFECTION = HARM | {"infection": 1}
SEPSIS = SERIOUS | {"infection": 1, "serious_infection": 1}
FIVE = (168, 365, 1096, 1826)


def one(day: int, detail: str | None = "not serious", kind: str = "adverse_event") -> Events:
    return [(day, kind, detail)]


def ended(day: int, kind: str = "withdrawal", detail: str | None = "other") -> tuple[int, str, str | None]:
    return day, kind, detail


CASES: list[Case] = [
    ("nothing", [], FIVE, {}, 1826, "watched to the visit of year 5"),
    ("day -1", one(-1), FIVE, {}, 1826, "before the first infusion"),
    ("day 0", one(0, "serious"), FIVE, SERIOUS, 1826, "the day of the infusion counts"),
    ("reaction", one(0, None, "infusion_reaction"), FIVE, HARM | {"infusion_reaction": 1}, 1826, "harm, too"),
    ("day 1826", one(1826), FIVE, HARM, 1826, "year 5 itself counts"),
    ("day 1827", one(1827), (1850,), {}, 1826, "after year 5, though Y5 is held on day 1850"),
    ("late year 5", [], (1850,), {}, 1826, "no more than five years are counted"),
    ("early year 5", [], (1800,), {}, 1800, "watched to the last visit"),
    ("week 24 alone", [], (28, 168), {}, 168, "no visit later: observation ends there"),
    ("never seen again", [], (), {}, 0, "D0 is the last visit: no time at all"),
    ("after the last visit", one(200), (168,), HARM, 200, "an event recorded later is watched, too"),
    ("flare after the last visit", one(200, None, "flare"), (168,), {}, 168, "a flare is no event of safety"),
    ("late event, then more visits", one(200), FIVE, HARM, 1826, "the later of the two"),
    ("event after year 5, early visit", one(1830), (1800,), {}, 1826, "somebody was watched beyond year 5"),
    ("withdrawal", [ended(40)], (28,), {}, 40, "watched to the day on which participation ended"),
    ("event, withdrawal", [*one(35), ended(40)], (28,), HARM, 40, "both after the last visit, both watched"),
    ("event on the last day", [*one(40), ended(40)], (28,), HARM, 40, "the last day counts"),
    ("loss", [ended(300, "lost_to_follow_up", None)], (168,), {}, 300, "a loss ends it as a withdrawal does"),
    ("two ends", [ended(300), ended(200, "lost_to_follow_up")], (168,), {}, 200, "the earlier one"),
    ("death", [ended(100, "death", "infection")], (84,), {"death": 1}, 100, "watched until death"),
    ("death on day 0", [ended(0, "death", None)], (), {"death": 1}, 0, "counts as any other"),
    ("death on day 1826", [ended(1826, "death")], (1096,), {"death": 1}, 1826, "year 5 itself counts"),
    ("death on day 1827", [ended(1827, "death")], (1096,), {}, 1826, "dies after year 5"),
    (
        *("sepsis and death", [*one(99, "serious", "infection"), ended(100, "death", "infection")], (84,)),
        *(SEPSIS | {"death": 1}, 100, "a fatal infection is an infection and a death, and no third event"),
    ),
    (
        *("withdrawal, death", [ended(40), ended(60, "death")], (28,), {"death": 1}, 40),
        "a death that became known counts; nobody watched for it",
    ),
    ("one death twice", [ended(40, "death"), ended(41, "death")], (28,), {"death": 1}, 40, "nobody dies twice"),
    ("death of cancer", [ended(90, "death", "malignancy")], (84,), {"death": 1}, 90, "a cause is no event"),
    ("sepsis", one(10, "serious", "infection"), FIVE, SEPSIS, 1826, "serious, and an infection"),
    ("cold", one(10, "not serious", "infection"), FIVE, INFECTION, 1826, "an infection that is not serious"),
    ("with a term", one(10, "Serious; pneumonia", "infection"), FIVE, SEPSIS, 1826, "first word, any case"),
    ("non-serious", one(10, "non-serious"), FIVE, HARM, 1826, "the first word is non"),
    ("a term that says serious", one(10, "not serious; seemed serious"), FIVE, HARM, 1826, "first word: not"),
    ("seriousness unknown", one(10, "seriousness unknown"), FIVE, HARM, 1826, "another word"),
    ("no detail", one(10, None), FIVE, HARM, 1826, "nothing says that it was serious"),
    (
        *("lymphoma", one(900, "serious; Malignancy, lymphoma"), FIVE, SERIOUS | {"malignancy": 1}, 1826),
        "the word says so",
    ),
    ("mole", one(900, "not serious; malignant mole"), FIVE, HARM | {"malignancy": 1}, 1826, "need not be serious"),
    (
        *("two alike", one(10, "serious", "infection") * 2, FIVE),
        *(dict.fromkeys(SEPSIS, 2), 1826, "two rows are two events"),
    ),
    (
        *("other kinds", [(10, "flare", "serious"), (20, "rescue", "serious"), (30, "esrd", None)], FIVE),
        *({}, 1826, "disease and treatment are no events of safety"),
    ),
]


def data_of(events: Events, days: tuple[int, ...]) -> Data:
    """One treated subject with D0 and visits on these days."""
    return {
        "candidates": [candidate_row(0, 0)],
        "infusions": [infusion_row(0, 0, 1, 0)],
        "dosing": [dosing_row(0, 0, 0, 168, 7.5)],
        "visits": [
            visit_row(0, 0, "D0", 0),
            *(visit_row(0, 0, f"U{place}", day) for place, day in enumerate(days, 1)),
        ],
        "events": [event_row(0, 0, day, kind, detail=detail) for day, kind, detail in events],
    }
