"""The text of --help; defaults are read from conf/, so that it cannot go out of date."""

import textwrap
from pathlib import Path
from typing import Any, Final

_WIDTH: Final = 118
_OVERRIDES: Final = (
    ("design.n", "patients in a trial"),
    ("design.n_LN", "of them with lupus nephritis; null is half"),
    ("design.alpha", "one-sided levels, as a list"),
    ("design.benchmarks.P1.null_rate", "the rate that P1 must beat; so for P2, P3, S1 …"),
    (
        "design",
        "how a trial is decided: nct04835883 (exact test), ahern, bayes, go_consider_stop, simon_minimax, …",
    ),
    ("analysis.endpoints", "endpoints that task=power decides, as a list"),
    ("effect", "what the cells do: none, pessimistic, neutral, optimistic; every is all four"),
    ("taper", "corticosteroid taper: mandated, discretionary, t24"),
    ("protocol.ln_lab_rule", "nephritis by laboratory: ALL3 (as written), ANY2, PROT_ANY"),
    ("run.trials", "virtual trials"),
    ("run.precision", "half-width of power's interval at which a run stops, looked at every 1,000 trials"),
    ("run.seed", "the same seed gives the same patients, whatever else changes"),
    ("run.workers", "processes; null is one for each core. Results do not depend on it"),
    (
        "run.store",
        "folder of finished trials, from which an interrupted run goes on; null is `chunks` in the run's",
    ),
    ("run.executor", "who computes: processes of this machine, or dask (run.scheduler=ADDRESS)"),
    ("run.engine", "clock: auto, batch (fast) or simpy (queues, calendars)"),
    (
        "run.progress",
        "how far a run is, on stderr: a bar on a terminal, a line every 30 s in a log; false is silence",
    ),
    ("run.sample", "trials whose patients a power run keeps in full, for its report; 0 is none"),
    (
        "report.formats",
        "how results are shown: html is report.html, svg adds each figure as a file; [] is no report",
    ),
    ("data", "folder of the data set that task=endpoints scores or task=predict goes on from"),
    ("endpoint", "the endpoint that a question is about; null is all that are decided"),
    ("power", "power that a sample size is sought for"),
    ("hydra.run.dir", "folder for the results of a run"),
    ("hydra.sweep.dir", "folder for the results of a sweep"),
)

_TEXT: Final = """\
Simulates a ten-patient trial of mesenchymal stem cells in refractory lupus (NCT04835883), patient by patient,
and says how likely each endpoint is to succeed. Everything it produces is synthetic.

usage: python -m sim [-m] [KEY=VALUE ...]

tasks
  task=power      (default) power of each endpoint under each assumption about the cells: power.parquet, a table
  task=cohort     synthetic data sets: candidates, visits, dosing, infusions, events, endpoints, trials
  task=endpoints  scores the data set in data=FOLDER (Parquet or CSV): endpoints, explain, summary
  task=protocol   the registry record sentence by sentence: where it is programmed, how it is read
  task=rerun      one trial of an earlier run with everything that happened in it: source=FOLDER rerun.trial=NUMBER
  task=readings   rate and power under other readings and assumptions, range of the benchmark (experiment=readings)
  task=assurance  success averaged over what is believed of the assumptions (experiment=assurance)
  task=predict    where the running trial in data=FOLDER will end (experiment=prediction)
  task=tournament    every endpoint on the same patients: experiment=endpoint_tournament
  task=sample_size   power over the number of patients: experiment=sample_size endpoint=P2 power=0.8
  task=alternatives  controls, tapers, eligibility at the same number: experiment=randomised_alternative
  task=composition   what the mixture of patients does to power: experiment=composition
  task=decisions  every outcome the trial can have, what it means by each rule, how likely it is: decisions.md
  task=family     several endpoints at once: claims and errors of each procedure (experiment=family)
  task=estimation width and coverage of intervals from so few patients, events never seen (experiment=estimation)
  task=changes    changes from baseline (S8, S10, O1, O2), signed-rank and t test: experiment=changes endpoint=S10
  task=times      times to an event (S7, S9, S11, S13): free of it at week 24: experiment=times endpoint=S7
  task=report        the page of a run or sweep again, from its folder alone: source=FOLDER

useful settings and their defaults
{settings}

options
  -m, --multirun      run every combination of the values given as KEY=A,B,C; one combined table at the end
  --cfg job           print the whole configuration and stop
  --config-dir DIR    a further folder of configuration files, searched after the built-in ones
  --version           print the version and stop
  -h, --help          print this and stop

GROUP=NAME takes a file of conf/ (effect=neutral), GROUP.KEY=VALUE changes one value in it; a list is [A,B]. In a
shell a value with brackets, quotes or blanks stands in quotes: 'analysis.endpoints=[P1,P2]' "data=my data"

examples
  python -m sim
  python -m sim run.trials=20000 effect=neutral run.seed=7 run.workers=2
  python -m sim experiment=quick
  python -m sim -m effect=none,pessimistic,neutral,optimistic design.n=10,20
  python -m sim task=cohort run.trials=50 effect=neutral hydra.run.dir=my_data
  python -m sim task=endpoints data=my_data hydra.run.dir=my_scores

An interrupted run or sweep goes on, and a finished one grows to more trials, when it is asked for again with its
folder as hydra.run.dir or hydra.sweep.dir.

A wrong setting is refused with its name, its value and what is allowed.
exit status: 0 done, 2 configuration or input error, 130 interrupted, 1 anything else"""


def help_text() -> str:
    """What the program does, its tasks, the useful settings with their defaults, and examples."""
    width = max(len(key) for key, _ in _OVERRIDES)
    defaults = _Defaults()
    lines = [
        line
        for key, text in _OVERRIDES
        for line in textwrap.wrap(
            f"{key.ljust(width)}  {text}; default {defaults.of(key)}",
            _WIDTH,
            initial_indent="  ",
            subsequent_indent=" " * (width + 4),
            break_on_hyphens=False,
        )
    ]
    return _TEXT.format(settings="\n".join(lines))


class _Defaults:
    """Default values as they stand in the files of conf/, without composing them."""

    def __init__(self) -> None:
        from sim.config.location import conf_folder

        self._folder = conf_folder()
        self._main = _read(self._folder / "config.yaml")
        chosen = [item for item in self._main["defaults"] if isinstance(item, dict)]
        self._choices = {key: name for item in chosen for key, name in item.items()}

    def of(self, key: str) -> str:
        """The default of a group or of a key in it."""
        group, *path = key.split(".")
        if key in self._main:
            return "null" if self._main[key] is None else str(self._main[key])
        if not path:
            return str(self._choices[group])
        value: Any = self._main.get(group)
        if value is None:
            value = _read(self._folder / group / f"{self._choices[group]}.yaml")
        for name in path:
            value = value[name]
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, list):
            return f"[{','.join(map(str, value))}]"
        return "null" if value is None else _folder_text(str(value))


def _folder_text(value: str) -> str:
    return value.replace("${now:%Y-%m-%d}/${now:%H-%M-%S}", "DATE/TIME")


def _read(path: Path) -> Any:
    from omegaconf import OmegaConf

    return OmegaConf.to_container(OmegaConf.load(path))
