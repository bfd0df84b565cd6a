"""task=composition: what the mixture of patients does to each endpoint."""

from pathlib import Path

from sim.cli.run import Prepared
from sim.cli.task import Result
from sim.cli.tasks.bank import asked_endpoints, banked, opening, unfilled, written
from sim.config.config import Config
from sim.core.errors import InputError


def perform(prepared: Prepared, folder: Path) -> Result:
    """Simulate a bank, mix its patients anew, write and tell composition.parquet."""
    from sim.design.bank import REFUSED
    from sim.design.composition_risk import composition_table, kinds_of
    from sim.design.sample_size import null_rate_of
    from sim.design.tournament import Counts
    from sim.words.composition import composition_text

    config, design = prepared.config, prepared.config.design
    _check(config)
    endpoints = asked_endpoints(config)
    for endpoint in endpoints:
        null_rate_of(endpoint, design)
    run = banked(config, endpoints)
    warnings = unfilled(run, config)
    for stratum, who in zip(
        kinds_of(next(iter(run.patients.values())), endpoints[0]),
        ("LN patients", "LC patients with lymphopenia alone", "other LC patients"),
        strict=True,
    ):
        if stratum.patients < REFUSED * design.n:
            warnings.append(
                f"the bank has {stratum.patients} {who}, fewer than {REFUSED} for each of n = {design.n}; lines "
                "that rest on them are rough, and 0 ± 0 where there is none: raise run.trials"
            )
    effects = [effect.name for effect in config.effects]
    counts = Counts(config.run.trials, run.n_failed)
    table = composition_table(run.patients, endpoints, design, config.question, effects, counts)
    text = f"{opening(config, run.engine)}\n\n{composition_text(table)}"
    return written(prepared, folder, "composition", table, text, warnings, run.engine)


def _check(config: Config) -> None:
    """The bank needs both subgroups; what their numbers do is what is asked."""
    design = config.design
    if design.composition == "random" or 0 in design.quotas:
        raise InputError(
            f"design.composition: {design.composition} with n_LN, n_LC = {design.quotas} is not allowed with "
            "task=composition, which varies the numbers itself and needs patients of both kinds; use quota, and "
            "leave n_LN and n_LC null"
        )
