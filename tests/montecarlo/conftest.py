import pytest

from tests.montecarlo import coin_pipeline


@pytest.fixture
def coins(monkeypatch):
    """The coin-tossing pipeline in the place of the real one."""
    return coin_pipeline.install(monkeypatch)
