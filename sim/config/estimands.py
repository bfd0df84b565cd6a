"""Estimands: for each endpoint, what stands for a missing outcome and what an intercurrent event means.

Two ways to write it were sketched: one text for each endpoint (`P3: composite/nri`), and one key for each question
(`missing.P3: nri`, `intercurrent.P3: composite`). The second is built: each question has its own list of answers,
is refused with its own reason, and can be changed alone.
"""

from dataclasses import dataclass, fields
from typing import Any, Final

from sim.config.fields import choice

POLICIES: Final = ("nri", "obs", "locf", "best", "worst", "mi")
"""Non-response; observed outcomes only; last observation carried; counted as response; as none; imputation."""
STRATEGIES: Final = ("composite", "treatment_policy", "hypothetical", "while_on_treatment")
"""An event is non-response; ignored; did not happen; ends the time that counts (ICH E9(R1))."""
FEWEST: Final = 30
"""Subjects in the population of a trial from which on outcomes are imputed."""

_DOSE: Final = "the dose is the endpoint itself, and an event shows in it alone"
_ORDERED: Final = "doses are ordered and not measured, so that no model can draw them"
_TIMES: Final = "follow-up that ends at the event is hypothetical: the time is censored there"
_CHANGES: Final = "a change has no value that stands for failure"


def _policy(*refused: str, why: str = "") -> Any:
    return choice(*(each for each in POLICIES if each not in refused), why=why)


def _strategy(*allowed: str, why: str = "") -> Any:
    return choice(*(allowed or STRATEGIES), why=why)


@dataclass(frozen=True)
class Missing:
    """What stands for the outcome of a yes/no endpoint where nobody observed it."""

    P1: str = _policy("mi", why=_ORDERED)
    P2: str = _policy()
    P3: str = _policy()
    S1: str = _policy("mi", why=_ORDERED)
    S2: str = _policy()
    S3: str = _policy()
    S4: str = _policy()
    S5: str = _policy()
    S6: str = _policy()


@dataclass(frozen=True)
class Intercurrent:
    """What rescue and other intercurrent events mean for an endpoint."""

    P1: str = _strategy("composite", why=_DOSE)
    P2: str = _strategy()
    P3: str = _strategy()
    S1: str = _strategy("composite", why=_DOSE)
    S2: str = _strategy()
    S3: str = _strategy()
    S4: str = _strategy()
    S5: str = _strategy()
    S6: str = _strategy()
    S7: str = _strategy("treatment_policy", "composite", "hypothetical", why=_TIMES)
    S8: str = _strategy("treatment_policy", "hypothetical", why=_CHANGES)
    S9: str = _strategy("treatment_policy", "composite", "hypothetical", why=_TIMES)
    S10: str = _strategy("treatment_policy", "hypothetical", why=_CHANGES)
    S11: str = _strategy("composite", why="rescue is one of the events that it waits for")
    S12: str = _strategy("while_on_treatment", why="rescue competes with remission")
    S13: str = _strategy("treatment_policy", "composite", "hypothetical", why=_TIMES)
    O1: str = _strategy("treatment_policy", "hypothetical", why=_CHANGES)
    O2: str = _strategy("treatment_policy", "hypothetical", why=_CHANGES)


def contradictions(missing: Missing, intercurrent: Intercurrent, hematologic_duration: str) -> list[str]:
    """Pairs of answers that make no sense together, each with key, value and remedy."""
    problems = []
    for item in fields(Missing):
        policy, strategy = getattr(missing, item.name), getattr(intercurrent, item.name)
        if why := contradiction(item.name, strategy, policy, hematologic_duration):
            problems.append(why)
    return problems


def contradiction(name: str, strategy: str, policy: str, hematologic_duration: str) -> str:
    """Why a strategy and a policy make no sense together for an endpoint; "" if they do."""
    if strategy == "hypothetical" and policy == "nri":
        return (
            f"intercurrent.{name}: 'hypothetical' is not allowed with missing.{name}='nri': counting what was not "
            "observed after the event as non-response is the composite strategy; choose "
            f"missing.{name}=obs, locf, best, worst or mi, or intercurrent.{name}=composite"
        )
    if name == "P2" and hematologic_duration == "any_time":
        return _any_time(strategy, policy)
    return ""


def _any_time(strategy: str, policy: str) -> str:
    because = (
        "hematologic_duration='any_time': improvement at any visit is asked for, so that no visit is missing; "
        "choose hematologic_duration=week_24 or eight_weeks"
    )
    if strategy in ("hypothetical", "while_on_treatment"):
        return f"intercurrent.P2: {strategy!r} is not allowed with {because}, or intercurrent.P2=composite"
    if policy != "nri":
        return f"missing.P2: {policy!r} is not allowed with {because}, or missing.P2=nri"
    return ""
