"""task=assurance from the command line."""

import numpy as np

from sim.cli.command import main
from sim.storage.parquet import read_table


def test_assurance_writes_its_tables(tmp_path, capsys):
    folder = tmp_path / "run"
    words = ["experiment=assurance", "run.trials=8", "priors.draws=4", "run.workers=1", f"hydra.run.dir={folder}"]
    assert main([*words, "report.formats=[]"]) == 0
    said = capsys.readouterr().out
    assert "Synthetic" in said
    assert "effect.p_responder" in said
    table, draws = read_table(folder / "assurance.parquet"), read_table(folder / "draws.parquet")
    assert set(table["draws"].tolist()) == {4}
    assert set(draws["draw"].tolist()) == {0, 1, 2, 3}
    for row in range(table.length):
        own = draws["power"][
            (draws["endpoint"] == table["endpoint"][row])
            & (draws["population"] == table["population"][row])
            & (draws["alpha"] == table["alpha"][row])
        ]
        assert np.isclose(own.mean(), table["assurance"][row])


def test_one_acting_effect_is_asked_for(tmp_path, capsys):
    folder = tmp_path / "run"
    assert main(["experiment=assurance", "effect=every", f"hydra.run.dir={folder}"]) == 2
    assert "use effect=neutral" in capsys.readouterr().err
    assert not folder.exists()
