"""The whole configuration of a run, from the composed mapping to one frozen object."""

import dataclasses
import difflib
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sim.config.analysis import ENDPOINTS, Analysis
from sim.config.build import build
from sim.config.design import Design
from sim.config.disease import Disease
from sim.config.effect import Effect
from sim.config.measures import CHANGES, KNOWN, TIMES, VALUED, rules_from, unfit
from sim.config.null_readings import NullReadings
from sim.config.observation import Observation
from sim.config.own_rules import own_rule_problems
from sim.config.population import Population
from sim.config.prediction import Prediction
from sim.config.priors import Priors
from sim.config.protocol import Protocol
from sim.config.question import Question
from sim.config.report import Report
from sim.config.run import Run
from sim.config.taper import Taper
from sim.core.errors import InputError

TASKS: Final = (
    *("power", "cohort", "endpoints", "protocol", "rerun"),
    *("readings", "assurance", "predict"),
    *("tournament", "sample_size", "alternatives", "composition"),
    *("decisions", "family", "estimation", "changes", "times", "report"),
)
NOT_TESTED: Final = {
    "S7": "it is a time to event, and ten patients without a severe flare reject only a reference below 0.741 "
    "free of it (one-sided 0.05), against a higher one no outcome can pass; task=times shows what that leaves",
}
"""Endpoints that no question can be asked about, with the reason."""
SINGLE_EFFECT: Final = "neutral"
"""The assumption about the cells that a cohort follows where several were composed."""
_NUMBER_LIKE: Final = re.compile(r"[-+]?[\d._]+([eE][-+]?\d+)?|[-+]?\.?(inf|nan)", re.IGNORECASE)
INERT: Final = "none"
"""The effect under which the cells do nothing; every power run simulates it on the same draws."""

_GROUPS: Final[tuple[tuple[str, type], ...]] = (
    ("design", Design),
    ("protocol", Protocol),
    ("taper", Taper),
    ("population", Population),
    ("disease", Disease),
    ("observation", Observation),
    ("analysis", Analysis),
    ("null_readings", NullReadings),
    ("priors", Priors),
    ("prediction", Prediction),
    ("question", Question),
    ("run", Run),
    ("report", Report),
)
_KEYS: Final = ("task", "data", "endpoint", "power", "effect", *(name for name, _ in _GROUPS))
_SHOWN: Final = ("data", "report")
"""Where a task reads, and how its results are shown; neither moves a number."""
_QUESTION: Final = ("data", "endpoint", "power", "null_readings", "priors", "prediction", "question")
"""What a task asks of its trials; it moves none of them."""
_WITHOUT_COUNTS: Final = ("cohort", "endpoints", "protocol", "rerun")
"""Tasks that decide no endpoint on a count of responders."""
_WITH_CALENDAR: Final = ("power", "cohort")
"""Tasks whose trials have a calendar in which serious events can stop them."""
_NO_INFLUENCE: Final = ("workers", "engine", "chunk", "progress", "store", "executor", "scheduler", "sample")


@dataclass(frozen=True)
class Config:
    """One run: what is asked, of which trial, in which world, and how much of it is computed.

    data     : the folder of a data set to score; None for a task that makes its own.
    endpoint : the endpoint that a question is about; None for all of them.
    power    : the power that a sample size is sought for.
    """

    task: str
    data: str | None
    endpoint: str | None
    power: float
    design: Design
    protocol: Protocol
    taper: Taper
    population: Population
    disease: Disease
    effects: tuple[Effect, ...]
    observation: Observation
    analysis: Analysis
    null_readings: NullReadings
    priors: Priors
    prediction: Prediction
    question: Question
    run: Run
    report: Report


def configure(mapping: Mapping[str, Any]) -> Config:
    """The frozen configuration from plain values as conf/ and the command line give them.

    mapping : one key for each group; `effect` holds the values of one assumption, or `scenarios` with several
              by name.
    Errors  : InputError with every problem of every group at once.
    """
    problems = _unknown(mapping)
    parts: dict[str, Any] = {}
    for name, kind in _GROUPS:
        parts[name] = _collect(problems, kind, mapping.get(name, {}), name)
    effects = tuple(
        _collect(problems, Effect, values, place) for place, values in _scenarios(mapping.get("effect", {}))
    )
    if mapping.get("task") not in TASKS:
        problems.append(f"task: {mapping.get('task')!r} is not allowed; it must be one of {', '.join(TASKS)}")
    data = mapping.get("data")
    if data is not None and (not isinstance(data, str) or not data.strip()):
        problems.append(f"data: {data!r} is not allowed; it must be the name of a folder")
    endpoint, power = mapping.get("endpoint"), mapping.get("power")
    problems.extend(_question(mapping.get("task"), endpoint, power))
    if not problems:
        problems.extend(_effect_names(effects))
        problems.extend(_imputed(mapping["task"], parts["analysis"]))
        problems.extend(_watched(mapping["task"], parts["design"]))
        problems.extend(
            own_rule_problems(rules_from(mapping["task"], endpoint), endpoint, parts["design"], parts["question"])
        )
    if problems:
        raise InputError(problems)
    return Config(
        task=mapping["task"], data=data, endpoint=endpoint, power=mapping["power"], effects=effects, **parts
    )


def parts(config: Config) -> dict[str, Any]:
    """The configuration as plain nested values: `configure` makes the same object of them again."""
    plain: dict[str, Any] = _plain(dataclasses.asdict(config))
    effects = plain.pop("effects")
    if len(effects) == 1:
        plain["effect"] = effects[0]
    else:
        plain["effect"] = {"scenarios": {effect["name"]: effect for effect in effects}}
    return plain


def canonical_yaml(values: Mapping[str, Any]) -> str:
    """YAML of plain values with sorted keys: equal values give equal text, and OmegaConf reads the same values."""
    import yaml

    class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
        """Quotes words that a reader could take for numbers."""

        def ignore_aliases(self, _data: object) -> bool:
            """Every value is written out where it stands."""
            return True

    Dumper.add_representer(str, _as_text)
    text: str = yaml.dump(dict(values), Dumper=Dumper, allow_unicode=True, default_flow_style=False)
    return text


def _as_text(dumper: Any, text: str) -> Any:
    style = "'" if _NUMBER_LIKE.fullmatch(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def digest(values: Mapping[str, Any]) -> str:
    """SHA-256 (hexadecimal) of everything in `parts(config)` that can move a number.

    How it is computed, kept and shown (workers, chunks, clock, progress bar, store, executor, sample, report) does
    not, and is left out; nor does the name of a folder with data, whose files have digests of their own.
    """
    return hashlib.sha256(canonical_yaml(_moving(values)).encode()).hexdigest()


def specification(values: Mapping[str, Any]) -> dict[str, Any]:
    """What in `parts(config)` determines each single trial: all that moves numbers but the count of trials."""
    kept = _moving(values)
    for count in ("trials", "precision"):
        kept["run"].pop(count)
    return {key: value for key, value in kept.items() if key not in _QUESTION}


def _moving(values: Mapping[str, Any]) -> dict[str, Any]:
    run = {key: value for key, value in values["run"].items() if key not in _NO_INFLUENCE}
    return {**{key: value for key, value in values.items() if key not in _SHOWN}, "run": run}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _unknown(mapping: Mapping[str, Any]) -> list[str]:
    found = []
    for key in mapping:
        if key not in _KEYS:
            close = difflib.get_close_matches(str(key), _KEYS, n=1)
            hint = f"did you mean {close[0]}?" if close else "allowed: " + ", ".join(sorted(_KEYS))
            found.append(f"{key}: unknown key; {hint}")
    return found


def _collect(problems: list[str], kind: type, values: Any, place: str) -> Any:
    try:
        return build(kind, values, place)
    except InputError as error:
        problems.extend(error.problems)
        return None


def _scenarios(effect: Any) -> list[tuple[str, Any]]:
    """Where each assumption about the cells stands, and its values."""
    if not isinstance(effect, Mapping) or "scenarios" not in effect:
        return [("effect", effect)]
    several = effect["scenarios"]
    if not isinstance(several, Mapping) or not several or len(effect) > 1:
        return [("effect", effect)]
    return [(f"effect.scenarios.{name}", values) for name, values in several.items()]


def _question(task: Any, endpoint: Any, power: Any) -> list[str]:
    problems = []
    own = {"changes": CHANGES, "times": tuple(TIMES), "readings": (*ENDPOINTS, *VALUED)}
    allowed = own.get(task, ENDPOINTS)
    if endpoint in NOT_TESTED and allowed is ENDPOINTS:
        problems.append(f"endpoint: {endpoint!r} is not tested: {NOT_TESTED[endpoint]}")
    elif endpoint in KNOWN and (why := unfit(task, endpoint)) is not None:
        problems.append(f"endpoint: {endpoint!r} does not fit task={task}: {why}")
    elif endpoint is not None and endpoint not in allowed:
        problems.append(f"endpoint: {endpoint!r} is not allowed; it must be null or one of {', '.join(allowed)}")
    if isinstance(power, bool) or not isinstance(power, float) or not 0.0 < power < 1.0:
        problems.append(f"power: {power!r} is not allowed; it must be a number above 0 and below 1, such as 0.8")
    return problems


def _imputed(task: str, analysis: Analysis) -> list[str]:
    """Endpoints that are imputed where a task counts responders."""
    if task in _WITHOUT_COUNTS:
        return []
    return [
        f"analysis.missing.{name}: 'mi' is not allowed with task={task}: imputation gives a rate, and no "
        "responders that a decision could count; choose nri, obs, locf, best or worst"
        for name in ENDPOINTS
        if getattr(analysis.missing, name) == "mi"
    ]


def _watched(task: str, design: Design) -> list[str]:
    """A boundary for serious events where no trial runs through a calendar."""
    if not design.safety_stop or task in _WITH_CALENDAR:
        return []
    return [
        f"design.safety_stop: true is not read by task={task}, whose trials no event can stop; leave it false, or "
        "ask task=power"
    ]


def _effect_names(effects: tuple[Effect, ...]) -> list[str]:
    names = [effect.name for effect in effects]
    problems = [
        f"effect.scenarios: the name {name!r} stands {names.count(name)} times; give each its own name"
        for name in sorted(set(names))
        if names.count(name) > 1
    ]
    problems += [
        f"effect.p_responder: {effect.p_responder:g} is not allowed in an effect named {INERT}: there the cells "
        "do nothing; it must be 0, or give the effect another name with effect.name=NAME"
        for effect in effects
        if effect.name == INERT and effect.p_responder != 0.0
    ]
    return problems
