"""task=predict: where a running trial will end, from the patients there are so far."""

import math
from pathlib import Path
from typing import Any

import numpy as np

from sim.cli.command import complain
from sim.cli.run import Prepared, record
from sim.cli.task import Result, counting_rule, nothing_done, provenance_of, report_failures
from sim.config.config import Config
from sim.core.errors import InputError
from sim.core.tables import Table
from sim.design.populations import SUBGROUPS, populations_of
from sim.design.prediction import Law, Stratum, by_beta_binomial, by_model, effective_trials, shares_of
from sim.design.rules import needed, question
from sim.endpoints.dataset import DataSet
from sim.montecarlo.prediction import virtual_patients
from sim.outlook import Pending, Virtual, outlook
from sim.storage.atomic import write_text
from sim.storage.parquet import write_table
from sim.storage.text import write_csv
from sim.words.prediction import prediction_text

_BETA_BINOMIAL = "beta-binomial"


def perform(prepared: Prepared, folder: Path) -> Result:
    """Predict the final number of responders of each decided endpoint; writes prediction and patients tables."""
    from sim.calculator.dataset import examine

    config = prepared.config
    counting_rule(config)
    source = Path(config.data or "")
    examined = examine(source, config.analysis)
    warnings = examined.found.lines(fatal=False)
    if examined.data is None:
        raise InputError([*examined.found.lines(fatal=True), *warnings])
    for line in warnings:
        complain(line)
    data = examined.data
    _check(data, config)
    endpoints = (config.endpoint,) if config.endpoint else config.analysis.endpoints
    rows: list[dict[str, Any]] = []
    people: list[Table] = []
    for effect in config.effects:
        virtual, failures = virtual_patients(config, effect)
        report_failures(failures, config)
        if not virtual:
            raise nothing_done(failures)
        patients = DataSet(
            virtual["candidates"], virtual["visits"], virtual["dosing"], virtual["infusions"], virtual["events"]
        )
        found, became = outlook(data, patients, config, endpoints)
        failed = sum(len(each.trials) for each in failures)
        for endpoint, pending in found.items():
            people.append(_people(data, endpoint, effect.name, pending))
            judged = [_stratum(data, config, pending, name, became[endpoint]) for name in SUBGROUPS]
            strata = [each for each in judged if each is not None]
            counts = {"n_trials": config.run.trials - failed, "n_requested": config.run.trials, "n_failed": failed}
            rows += _rows(config, endpoint, effect.name, by_model(strata), strata, counts)
            if effect is config.effects[0]:
                law = by_beta_binomial(strata, config.prediction.prior_a, config.prediction.prior_b)
                rows += _rows(config, endpoint, _BETA_BINOMIAL, law, strata, dict.fromkeys(counts, 0))
    table = Table({name: np.array([row[name] for row in rows]) for name in rows[0]})
    return _written(prepared, folder, table, people, examined.synthetic)


def _check(data: DataSet, config: Config) -> None:
    """One trial, with no more patients than the design has places."""
    trials = np.unique(data.subjects["trial"])
    if len(trials) != 1:
        raise InputError(
            f"data: {config.data} holds {len(trials)} trials; task=predict reads one running trial: "
            "leave the rows of one in each table"
        )
    enrolled = {name: int((data.subjects["subgroup"] == name).sum()) for name in SUBGROUPS}
    if config.design.composition != "quota":
        raise InputError("design.composition: 'random' is not allowed with task=predict; give quotas")
    for name, places in zip(SUBGROUPS, config.design.quotas, strict=True):
        if enrolled[name] > places:
            raise InputError(
                f"design.n_{name}: {places} places, but {config.data} has {enrolled[name]} {name} patients; "
                f"give the planned numbers with design.n=… design.n_LN=…"
            )


def _stratum(data: DataSet, config: Config, pending: Pending, name: str, virtual: Virtual) -> Stratum | None:
    """One subgroup; None where the endpoint is not for it. Who is like no virtual patient has the rate of all."""
    everybody = virtual.of[name]
    if not len(everybody):
        return None
    own = pending.in_population & (data.subjects["subgroup"] == name)
    places = config.design.quotas[SUBGROUPS.index(name)]
    enrolled = int((data.subjects["subgroup"] == name).sum())
    waiting = np.flatnonzero(own & ~pending.read_out)
    groups = [pending.alike[one] if len(pending.alike[one]) else everybody for one in waiting]
    shares, covariance = shares_of([*groups, everybody], virtual.responder)
    return Stratum(
        responders=int((own & pending.responder).sum()),
        read_out=int((own & pending.read_out).sum()),
        pending=shares[:-1],
        to_enrol=places - enrolled,
        rate=float(shares[-1]),
        covariance=covariance,
    )


def _rows(
    config: Config, endpoint: str, basis: str, law: Law, strata: list[Stratum], counts: dict[str, int]
) -> list[dict[str, Any]]:
    """One row for each possible final number of responders."""
    benchmark = config.design.benchmarks.of(endpoint)
    n, alpha = len(law.probability) - 1, config.design.alpha[0]
    population = populations_of(endpoint)[0]
    critical = None
    if benchmark is not None:
        critical = needed(config.design.rule, n, question(config.design, endpoint, population, alpha))
    standing = {
        "responders": sum(each.responders for each in strata),
        "read_out": sum(each.read_out for each in strata),
        "pending": sum(len(each.pending) for each in strata),
        "to_enrol": sum(each.to_enrol for each in strata),
    }
    chance, error = law.success(critical)
    told = {
        "critical_value": math.nan if critical is None else float(critical),
        "predictive_probability": chance,
        "predictive_probability_mcse": error,
        "effective_trials": effective_trials(chance, error),
        "n": float(n),
        "alpha": alpha,
    }
    return [
        {"endpoint": endpoint, "population": population, "basis": basis, "final_responders": k}
        | {"probability": float(law.probability[k]), "probability_mcse": float(law.errors[k])}
        | told
        | standing
        | counts
        for k in range(n + 1)
    ]


def _people(data: DataSet, endpoint: str, effect: str, pending: Pending) -> Table:
    """Where each subject stands for one endpoint, and its chance if it is not read out."""
    size = data.size
    return Table(
        {
            "trial": data.subjects["trial"].astype(np.int32),
            "subject": data.subjects["subject"].astype(np.int32),
            "subgroup": data.subjects["subgroup"],
            "endpoint": np.full(size, endpoint),
            "effect": np.full(size, effect),
            "in_population": pending.in_population,
            "read_out": pending.read_out,
            "responder": np.where(pending.read_out, pending.responder, -1).astype(np.int8),
            "probability": pending.probability,
            "probability_mcse": pending.error,
        }
    )


def _written(prepared: Prepared, folder: Path, table: Table, people: list[Table], synthetic: str) -> Result:
    from sim.core.tables import concatenate

    config = prepared.config
    text = prediction_text(table, str(config.data), config.prediction.prior_a, config.prediction.prior_b)
    files = tuple(
        folder / name for name in ("prediction.parquet", "prediction.csv", "patients.parquet", "summary.txt")
    )
    said = provenance_of(prepared, "batch") | {"data_synthetic": synthetic}
    record(folder, prepared)
    write_table(files[0], "prediction", table, said)
    write_csv(files[1], table)
    write_table(files[2], "patients", concatenate(people), said)
    write_text(files[3], text + "\n")
    return Result(text, files, "batch", heading="Predictions from virtual patients, written to")
