"""task=sample_size: power over the number of patients."""

from pathlib import Path

from sim.cli.run import Prepared
from sim.cli.task import Result
from sim.cli.tasks.bank import asked_endpoints, banked, opening, unfilled, written


def perform(prepared: Prepared, folder: Path) -> Result:
    """Simulate a bank, look up every size and split in it, write and tell sample_size.parquet."""
    from sim.design.bank import doubts, require_enough, strata_of
    from sim.design.populations import population_of
    from sim.design.sample_size import null_rate_of, planned_split, size_table
    from sim.design.tournament import Counts, planned_sizes
    from sim.words.sample_size import sample_size_text

    config, design, question = prepared.config, prepared.config.design, prepared.config.question
    endpoints = asked_endpoints(config)
    sizes = range(question.n_low, question.n_high + 1)
    for endpoint in endpoints:
        null_rate_of(endpoint, design)
    run = banked(config, endpoints)
    effects = [effect.name for effect in config.effects]
    warnings = unfilled(run, config)
    for endpoint in endpoints:
        largest = planned_split(endpoint, design, sizes[-1])
        for effect in effects:
            strata = strata_of(run.patients[effect], endpoint, design, population_of(endpoint))
            require_enough(strata, largest, f"question.n_high = {sizes[-1]}")
            warnings += doubts(strata, largest, f"{endpoint} under {effect}")
    counts = Counts(config.run.trials, run.n_failed)
    table = size_table(run.patients, endpoints, design, effects, sizes, config.power, counts)
    shown = {name: sorted({sum(planned_sizes(design, name)), *question.n_shown}) for name in endpoints}
    warnings += [
        f"{name}: n = {n} is not shown, because question.n_low to n_high are {sizes[0]} to {sizes[-1]}"
        for name, numbers in shown.items()
        for n in numbers
        if n not in sizes
    ]
    words = sample_size_text(table, design.alpha[0], shown, random=design.composition == "random")
    text = f"{opening(config, run.engine)}\n\n{words}"
    return written(prepared, folder, "sample_size", table, text, warnings, run.engine)
