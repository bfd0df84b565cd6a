"""task=assurance: success averaged over what is believed about the assumptions."""

from pathlib import Path

from sim.cli.run import Prepared
from sim.cli.task import Result, heading, nothing_done, provenance_of, report_failures
from sim.config.config import INERT
from sim.core.dictionary.entry import real
from sim.core.errors import InputError
from sim.montecarlo.assurance import configured, drawn, follow
from sim.montecarlo.failures import failures_of
from sim.storage.atomic import write_text
from sim.storage.parquet import write_table
from sim.storage.text import write_csv


def perform(prepared: Prepared, folder: Path) -> Result:
    """Follow the draws and write assurance.parquet, assurance.csv and draws.parquet."""
    from sim.design.assurance import assurance_table, draws_table
    from sim.words.assurance import assurance_text

    config = prepared.config
    if len(config.effects) > 1 or config.effects[0].name == INERT:
        names = ", ".join(effect.name for effect in config.effects)
        raise InputError(
            f"effect: {names} is not allowed with task=assurance, which draws the values of one acting effect; "
            "use effect=neutral"
        )
    values = drawn(config.priors, config.run.seed)
    configs = configured(config, values)
    outcomes = follow(configs)
    failures = failures_of(outcomes)
    report_failures(failures, config)
    decided = {draw: outcome.value for draw, outcome in enumerate(outcomes) if outcome.value is not None}
    if not decided:
        raise nothing_done(failures)
    failed = sum(len(each.trials) for each in failures)
    effect = config.effects[0].name
    draws = draws_table(decided, values, [each.design for each in configs], effect, INERT)
    table = assurance_table(draws, config.run.trials, failed)
    priors = [
        (name, prior.key, prior.low, prior.mode, prior.high) for name, prior in config.priors.parameters.items()
    ]
    text = "\n".join([heading(config, "batch"), "", assurance_text(table, priors)])
    files = tuple(folder / name for name in ("summary.txt", "assurance.csv", "draws.parquet", "assurance.parquet"))
    said = provenance_of(prepared, "batch")
    write_text(files[0], text + "\n")
    write_csv(files[1], table)
    beside = {
        f"prior_{name}": real(f"prior_{name}", "the parameter's own", f"Drawn {key}") for name, key, *_ in priors
    }
    write_table(files[2], "draws", draws, said, beside)
    write_table(files[3], "assurance", table, said)
    return Result(text, files, "batch")
