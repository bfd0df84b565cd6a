"""What the tasks that ask about changes and times have in common: the patients, and the trials made of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sim.cli.task import nothing_done, report_failures
from sim.config.config import Config
from sim.core.errors import InputError

if TYPE_CHECKING:
    from sim.design.samples import Asked
    from sim.montecarlo.bank import BankRun

_FEWEST: Final = 20
"""Patients of each kind in the bank for each place of a drawn trial."""


def measured(config: Config, endpoints: Sequence[str]) -> "BankRun":
    """The patients with what they show.

    Errors : RunFailedError if no trial could be computed, InputError where trials are to be drawn and the patients
             are too few, or depend on each other.
    """
    from sim.design.bank import sizes_of
    from sim.design.samples import refuse_coupled_values
    from sim.montecarlo.bank import run_values

    run = run_values(config, endpoints)
    report_failures(run.failures, config)
    if not run.patients:
        raise nothing_done(run.failures)
    largest = max(config.question.n_shown, default=0)
    people = next(iter(run.patients.values()))
    by_quota = config.design.composition == "quota"
    for code, size in enumerate(sizes_of(config.design, largest) if largest else ()):
        kind = int((people["subgroup"] == code).sum()) if by_quota else people.length
        if size and kind < _FEWEST * size:
            raise InputError(
                f"run.trials: {config.run.trials} trials give {kind} patients of a kind of which a trial of "
                f"{largest} (question.n_shown) needs {size}; {_FEWEST} for each are wanted: raise run.trials, or "
                "ask for smaller trials with question.n_shown"
            )
    for bank in run.patients.values() if largest else ():
        refuse_coupled_values(bank)
    return run


def asked_of(config: Config, run: "BankRun") -> "Asked":
    """Beside the trials as they were simulated, as many drawn ones of each size of question.n_shown."""
    from sim.design.samples import Asked

    trials = config.run.trials
    return Asked(config.question.n_shown, trials, config.run.seed, trials, run.n_failed)
