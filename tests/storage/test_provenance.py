"""What a file says of its making is enough to make it again."""

import datetime
import hashlib
import subprocess

import sim
from sim.config.compose import load
from sim.config.config import canonical_yaml, configure, digest, parts
from sim.storage import provenance


def of(config):
    values = parts(config)
    return provenance.provenance(
        configuration=canonical_yaml(values),
        configuration_sha256=digest(values),
        seed=config.run.seed,
        engine="batch",
        command="python -m sim",
    )


def test_every_promised_item_is_there():
    said = of(load())
    wanted = (
        "software",
        "version",
        "configuration",
        "configuration_sha256",
        "model_sha256",
        "seed",
        "engine",
        "command",
        "python",
    )
    libraries = ("numpy", "scipy", "numba", "simpy", "pyarrow")
    assert set(said) - {"source_revision"} == {*wanted, *libraries, "created", "synthetic"}
    assert all(said.values())
    assert said["synthetic"] == "true"
    created = datetime.datetime.fromisoformat(said["created"])
    assert created.utcoffset() == datetime.timedelta(0)
    assert len(said["configuration_sha256"]) == len(hashlib.sha256().hexdigest())


def test_the_configuration_in_a_file_is_the_configuration_that_ran():
    from omegaconf import OmegaConf

    config = load(["effect=neutral", "design.n=12"])
    values = OmegaConf.to_container(OmegaConf.create(of(config)["configuration"]))
    assert configure(values) == config
    assert digest(parts(configure(values))) == of(config)["configuration_sha256"]


def repository(path, monkeypatch):
    (path / "sim").mkdir()
    (path / "sim" / "__init__.py").write_text("")
    monkeypatch.setattr(sim, "__file__", str(path / "sim" / "__init__.py"))


def test_outside_a_checkout_there_is_no_revision(tmp_path, monkeypatch):
    repository(tmp_path, monkeypatch)
    assert provenance.source_revision() is None


def test_a_changed_checkout_says_so(tmp_path, monkeypatch):
    repository(tmp_path, monkeypatch)

    def git(*words):
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    git("add", "sim")
    git("commit", "-q", "-m", "x")
    clean = provenance.source_revision()
    assert clean is not None
    assert len(clean) == 40
    (tmp_path / "sim" / "__init__.py").write_text("changed = 1\n")
    assert provenance.source_revision() == f"{clean}-dirty"
