"""Settings for the whole suite."""

import pytest
from hypothesis import settings

settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the model once, before the workers of pytest-xdist would all do it at the same time."""
    from sim.core.compiled import is_cold

    if not hasattr(config, "workerinput") and getattr(config.option, "numprocesses", None) and is_cold():
        from sim.config.compose import load
        from sim.montecarlo.warm import compile_once
        from sim.pipeline import cohort_chunk

        compile_once(load(["effect=neutral"]))
        cohort_chunk(load(["effect=neutral", "run.engine=simpy"]), range(1))
