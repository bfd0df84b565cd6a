"""The method section along ADEMP, with every assumption and its source, what was asked and done, and the limits.

Source : ADEMP of Morris, White, Crowther, Statistics in Medicine 2019;38:2074–2102; planning along OCTAVE of
Lee and others, Statistics in Medicine 2026, doi 10.1002/sim.70449.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.core.tables import Row, Table, rows_of
from sim.report.html import Html, joined, table, tag
from sim.report.numbers import percent
from sim.report.question import Question
from sim.report.results import Results
from sim.report.validation import validation_html

_LIBRARIES: Final = ("python", "numpy", "scipy", "numba", "simpy", "pyarrow")
_LIMITS: Final = (
    "Every patient is invented by a model. The page shows what follows from its assumptions; it is no evidence "
    "about the cells.",
    "The size and duration of the cells' effect rest on uncontrolled series and one small randomised trial "
    "without benefit; the assumptions are scenarios, not estimates.",
    "The registry states no hypothesis, no benchmark and no multiplicity rule. Test, level and benchmarks are "
    "assumed, and with ten patients they decide as much as the cells do.",
    "Without a control group, success can come from regression to the mean, the natural course, the mandated "
    "taper or a benchmark set too low: "
    "see success under “none”. That figure belongs to benchmark and model together and is not a type I error.",
    "The Monte Carlo error tells how exact the simulation is. It says nothing of whether the model is right; the "
    "spread over assumptions and readings is usually far larger.",
    "Power alone does not decide: what a false go or a missed effect costs, safety, and what ten patients can "
    "teach about dose and feasibility stand outside this page.",
    "Endpoints are tested one by one; several at once raise the chance that at least one succeeds without any "
    "effect.",
)


def method_html(results: Results, question: Question, *figures: Html) -> Html:
    """Limits, aims, mechanisms, estimands, methods, performance measures, validation, reproduction.

    figures : those of the validation.
    """
    simulated = [*_mechanisms(results), *_estimands(results)] if question.simulated else []
    return joined(
        [
            tag("h2", "Method and limits", id="method"),
            tag("p", "Described along ADEMP (Morris 2019), planned along OCTAVE (Lee 2026).", class_="lead"),
            limits_html(question.limits or _LIMITS),
            tag("h3", "Aims"),
            tag("p", question.aim),
            *simulated,
            tag("h3", "Methods"),
            tag("p", question.method(results)),
            *_measures(results, question),
            *(validation_html(results, *figures) if question.simulated else []),
            *_reproduction(results.said),
        ]
    )


def limits_html(limits: Sequence[str] = _LIMITS) -> Html:
    """What the numbers cannot say."""
    return joined([tag("h3", "Limits, in plain words"), tag("ul", *(tag("li", text) for text in limits))])


def _mechanisms(results: Results) -> list[Html]:
    """How the data come about, and what they rest on."""
    words = tag(
        "p",
        "Candidates arrive, are screened against every criterion of the record and fill the places. Each "
        "enrolled patient is a state machine in "
        "continuous time: latent activity in five domains, flares, infections, drop-out, orders of the "
        "physician, corticosteroid taper and two infusions. "
        "Visits measure it with noise, rounding, missed and late visits; physicians and endpoints see "
        "measurements only. Under every assumption about the cells "
        "the same patients have the same random numbers, so that differences are paired.",
    )
    pieces = [tag("h3", "Data-generating mechanisms"), words]
    found = results.tables.get("assumptions")
    return [*pieces, *_assumptions(found)] if found is not None else pieces


def _assumptions(found: Table) -> list[Html]:
    counts = Counter(found["basis"].tolist())
    names = {
        "assumed": "assumed",
        "published": "published or from the registry",
        "fitted": "fitted or tuned",
        "set by the user": "set by the user",
    }
    summary = ", ".join(f"{counts[key]} {words}" for key, words in names.items() if counts[key])
    pieces = [
        tag(
            "p",
            f"Of {found.length} values {summary}. Most values are assumed: that is the honest state of knowledge.",
        )
    ]
    groups: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows_of(found):
        line = (tag("code", row["key"]), row["value"], row["unit"], row["basis"], row["source"])
        groups.setdefault(row["key"].split(".")[0], []).append(line)
    for group, rows in groups.items():
        listed = table(("key", "value", "unit", "basis", "source"), rows, f"Values of {group}", class_="long")
        pieces.append(tag("details", tag("summary", f"{group}: {len(rows)} values with unit and source"), listed))
    return pieces


def _estimands(results: Results) -> list[Html]:
    found = results.tables.get("catalogue")
    if found is None:
        return []
    people = {"all": "everybody infused", "LN": "infused, lupus nephritis", "LC": "infused, lupus cytopenia"}
    rows = [
        (
            row["endpoint"],
            people[row["population"]],
            joined([row["title"], tag("small", row["rule"])]),
            row["time_frame"],
            row["intercurrent"],
            row["readings"] or "–",
        )
        for row in rows_of(found)
    ]
    head = ("Endpoint", "Population", "Variable", "When", "Intercurrent events and missing values", "Readings")
    caption = (
        "The summary of each is the share of responders. Readings are explained in docs/decisions.md, each with "
        "its alternatives and the key that chooses."
    )
    return [tag("h3", "Estimands"), table(head, rows, caption)]


def _measures(results: Results, question: Question) -> list[Html]:
    """What was asked and done, and the performance measures with their Monte Carlo error."""
    pieces = [tag("h3", "Performance measures"), tag("p", f"{_done(results.main)}{question.measures}")]
    return [*pieces, _all_rows(results.main)] if results.lead == "power" else pieces


def _done(found: Table) -> str:
    if "n_requested" not in found:
        return ""
    asked, done, failed = (int(found[name].max()) for name in ("n_requested", "n_trials", "n_failed"))
    return f"Requested {asked:,} trials, completed {done:,}, failed {failed:,}. "


def _all_rows(power: Table) -> Html:
    """The power table as a reader needs it, for every population and level."""
    rows = list(rows_of(power))
    head = (
        "Endpoint",
        "Population",
        "Effect",
        "Level",
        "Needed",
        "Rate ± MCSE",
        "Power ± MCSE",
        "Wilson 95 %",
        "Exact power",
        "False go, inert",
        "Filled",
    )
    listed = table(
        head,
        [_measure(row) for row in rows],
        "All numbers of power.parquet that a reader needs; the file has more.",
        class_="long",
    )
    return tag("details", tag("summary", f"All {len(rows)} rows"), listed)


def _measure(row: Row) -> tuple[Any, ...]:
    needed = (
        "–" if row["critical_value"] != row["critical_value"] else f"{row['critical_value']:.0f}/{row['n']:.0f}"
    )
    return (
        row["endpoint"], row["population"], row["effect"], f"{row['alpha']:g}", needed,
        f"{percent(row['response_rate'])} ± {percent(row['response_rate_mcse'], 2)}",
        f"{percent(row['power'])} ± {percent(row['power_mcse'], 2)}",
        f"{percent(row['power_low'])} to {percent(row['power_high'])}",
        percent(row["exact_power"]), percent(row["false_go_inert"]), percent(row["p_filled"]),
    )  # fmt: skip


def _reproduction(said: Mapping[str, str]) -> list[Html]:
    versions = ", ".join(f"{name} {said[name]}" for name in _LIBRARIES if name in said)
    pairs = [
        ("Command", tag("code", said.get("command", ""))),
        ("Seed", said.get("seed", "")),
        ("Clock", said.get("engine", "")),
        (
            "Software",
            f"{said.get('software', '')} {said.get('version', '')}, source "
            f"{said.get('source_revision', 'unknown')}",
        ),
        ("Libraries", versions),
        ("Digest of the configuration", tag("code", said.get("configuration_sha256", ""))),
        ("Digest of the model", tag("code", said.get("model_sha256", ""))),
        ("Results made", said.get("created", "")),
        ("This page again", tag("code", "python -m sim task=report source=FOLDER")),
    ]
    listed = tag("dl", *(piece for name, value in pairs for piece in (tag("dt", name), tag("dd", value))))
    whole = tag("details", tag("summary", "The whole configuration"), tag("pre", said.get("configuration", "")))
    return [tag("h3", "Reproduction"), listed, whole]
