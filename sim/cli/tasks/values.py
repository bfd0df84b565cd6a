"""What the tasks that ask about changes and times have in common: the patients, and the trials made of them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from sim.cli.task import nothing_done, report_failures
from sim.config.config import Config
from sim.core.errors import InputError

if TYPE_CHECKING:
    from sim.core.tables import Table
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
    if largest:
        _refuse_coupled(run.patients)
    return run


def _refuse_coupled(patients: "Mapping[str, Table]") -> None:
    """Trials may be drawn only from patients who do not depend on each other: by who lies above the median."""
    import numpy as np

    from sim.core.tables import Table
    from sim.design.bank import refuse_coupled

    for bank in patients.values():
        names = [name for name in bank if bank[name].dtype.kind == "f" and np.isfinite(bank[name]).any()]
        above = {name: np.where(np.isnan(bank[name]), -1, bank[name] > np.nanmedian(bank[name])) for name in names}
        codes = {name: flags.astype(np.int8) for name, flags in above.items()}
        refuse_coupled(Table({"trial": bank["trial"], "subgroup": bank["subgroup"], **codes}), names)


def asked_of(config: Config, run: "BankRun") -> "Asked":
    """Beside the trials as they were simulated, as many drawn ones of each size of question.n_shown."""
    from sim.design.samples import Asked

    trials = config.run.trials
    return Asked(config.question.n_shown, trials, config.run.seed, trials, run.n_failed)
