"""task=endpoints: examine a data set, score it, and say why each subject responds or not."""

from pathlib import Path
from typing import Final

from sim.cli.command import complain
from sim.cli.run import Prepared, record
from sim.cli.task import Result, command
from sim.config.config import canonical_yaml, digest, parts
from sim.core.errors import InputError
from sim.storage.atomic import write_text
from sim.storage.parquet import table_writer, write_table
from sim.storage.provenance import provenance
from sim.storage.text import write_csv

_FILES: Final = (
    *("endpoints.parquet", "endpoints.csv", "explain.parquet", "estimands.parquet"),
    *("survival.parquet", "restricted_mean.parquet", "tipping.parquet", "summary.txt"),
)


def perform(prepared: Prepared, folder: Path) -> Result:
    """Score the data set that `data` names and write endpoints, explanations and a summary.

    Errors : InputError with every problem, warnings included, where one of them makes a result wrong; then nothing
             is written.
    """
    from sim.calculator.dataset import examine
    from sim.calculator.summary import summary_text
    from sim.design.tipping import tipping_table
    from sim.endpoints.catalogue import IDS
    from sim.endpoints.evaluate import evaluate
    from sim.endpoints.every_estimand import every_estimand
    from sim.endpoints.explain import explain
    from sim.endpoints.survival import Tally
    from sim.words.tipping import tipping_text

    analysis, seed = prepared.config.analysis, prepared.config.run.seed
    source = Path(prepared.config.data or "")
    examined = examine(source, analysis)
    warnings = examined.found.lines(fatal=False)
    if examined.data is None:
        raise InputError([*examined.found.lines(fatal=True), *warnings, _counted(examined.found.fatal_count)])
    for line in warnings:
        complain(line)
    outcomes = evaluate(examined.data, analysis, IDS, seed=seed)
    estimands = every_estimand(examined.data, analysis, seed)
    said = _provenance(prepared, examined.synthetic, examined.digests)
    table = outcomes.only(name for name in outcomes if name != "subgroup")
    files = tuple(folder / name for name in _FILES)
    record(folder, prepared)
    write_table(files[0], "endpoints", table, said)
    write_csv(files[1], table)
    with table_writer(files[2], "explain", said) as writer:
        for piece in explain(examined.data, analysis, outcomes):
            writer.append(piece)
    write_table(files[3], "estimands", estimands, said)
    tally = Tally()
    tally.add(outcomes)
    means = tally.means()
    write_table(files[4], "survival", tally.curves(), said)
    write_table(files[5], "restricted_mean", means, said)
    tipping = tipping_table(outcomes, prepared.config.design)
    write_table(files[6], "tipping", tipping, said)
    text = summary_text(examined, outcomes, estimands, means, str(source))
    if tips := tipping_text(tipping):
        text = "\n".join([text, "", *tips])
    write_text(files[7], text + "\n")
    return Result(text, files, "none", heading="Written to")


def _counted(problems: int) -> str:
    return f"{problems} kinds of problem make a result wrong; nothing was scored"


def _provenance(prepared: Prepared, synthetic: str, digests: dict[str, str]) -> dict[str, str]:
    """What the results were made from: the data by the digest of each file, and what they say of themselves."""
    values = parts(prepared.config)
    said = provenance(
        configuration=canonical_yaml(values),
        configuration_sha256=digest(values),
        seed=prepared.config.run.seed,
        engine="none",
        command=command(prepared.overrides),
    )
    inputs = {f"input_{table}_sha256": text for table, text in digests.items()}
    return said | inputs | {"synthetic": synthetic}
