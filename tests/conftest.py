"""Settings for the whole suite."""

import copy
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

_LONG = ("tests/report/", "tests/cli/", "tests/montecarlo/", "tests/independent/")

settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the model once, before the workers of pytest-xdist would all do it at the same time."""
    from sim.core.compiled import is_cold

    _read_shipped_files_once()
    if not hasattr(config, "workerinput") and getattr(config.option, "numprocesses", None) and is_cold():
        from sim.config.compose import load
        from sim.montecarlo.warm import compile_once
        from sim.pipeline import cohort_chunk

        compile_once(load(["effect=neutral"]))
        cohort_chunk(load(["effect=neutral", "run.engine=simpy"]), range(1))


def _read_shipped_files_once() -> None:
    """Let Hydra parse each file of conf/ once in a process: half the time of a composition."""
    from omegaconf import OmegaConf

    from sim.config.location import conf_folder

    parse, shipped = OmegaConf.load, conf_folder().resolve()
    parsed_once = cache(parse)

    def load(file):
        path = Path(getattr(file, "name", file))
        return copy.deepcopy(parsed_once(path)) if path.is_relative_to(shipped) else parse(file)

    OmegaConf.load = staticmethod(load)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, so that no process is left with one at the end: those that start browsers and commands."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONG))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """The tests of a file go to one process, and those of the report, whose files ask the same runs, together."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # files with many tests first: those are the short ones
    from xdist.scheduler import LoadFileScheduling

    class ByWhatIsShared(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = super()._split_scope(nodeid)
            return "tests/report" if file.startswith("tests/report/") else file

    return ByWhatIsShared(config, log)
