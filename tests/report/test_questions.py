"""The pages of the tasks that ask a question: the numbers of the table and of the terminal, and nothing else."""

import html
import re

import numpy as np
import pytest
from scipy.stats import spearmanr

from sim.cli import main
from sim.core.columns import TABLES
from sim.design.sample_size import found
from sim.report.catalogue import PICTURES
from sim.report.figure import specification
from sim.report.figures.beliefs import rank_correlation
from sim.report.leads import LEADS
from sim.report.numbers import percent, with_error
from sim.report.page import figures_of
from sim.report.questions.catalogue import QUESTIONS as PAGES
from sim.report.questions.sample_size import enough
from sim.report.results import read
from sim.storage.parquet import read_provenance, read_table, write_table
from tests.report.conftest import FEW, HOSTILE, QUESTIONS

graph = pytest.importorskip("plotly.graph_objects")
ASKED = (*QUESTIONS, "prediction")
FIGURES = {
    "tournament": {"tournament", "paired"},
    "sample_size": {"sample_size", "size_and_effect"},
    "alternatives": {"alternatives"},
    "composition": {"composition"},
    "assurance": {"power_of_draws", "beliefs"},
    "decisions": {"outcomes", "predictive", "stopping"},
    "family": {"family"},
    "estimation": {"intervals", "rare_events"},
    "prediction": {"prediction"},
    "changes": {"changes_shown", "larger_trials"},
    "times": {"free_of_event"},
    "readings": {"readings", "causes", "power_by_effect"},
    "value_readings": {"readings"},
}


def own(text):
    """The page without the plotting library."""
    return text[: text.index("<script>")] + text[text.index('id="figures"') :]


def plain(text):
    """What a reader reads, without tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def own_text(folder):
    """The page of a folder without the plotting library."""
    return own((folder / "report.html").read_text(encoding="utf-8"))


def answer(folder):
    """The sentence of the first screen."""
    text = (folder / "report.html").read_text(encoding="utf-8")
    return plain(re.search(r'<p class="answer">(.*?)</p>', text, re.DOTALL)[1])


def test_every_table_that_leads_a_page_is_known_and_has_its_question():
    assert set(PAGES) == set(LEADS)
    assert set(LEADS) - {"power"} == set(ASKED) - {"readings"}
    for lead, beside in LEADS.items():
        assert {lead, *beside} <= set(TABLES)


@pytest.mark.parametrize("name", ASKED)
def test_a_question_leaves_a_page_that_is_made_again_of_the_folder_alone(answered, name, capsys):
    folder, said = answered(name)
    assert str(folder / "report.html") in said
    before = (folder / "report.html").read_bytes()
    assert len(before) < 6_000_000
    (folder / "report.html").unlink()
    assert main(["task=report", f"source={folder}"]) == 0
    assert (folder / "report.html").read_bytes() == before
    text = own(before.decode())
    assert "Synthetic: " in text and not re.search(r'(?:src|href)="(?!#)', text)
    assert {figure.name for figure in figures_of(read(folder), folder)} >= FIGURES[name]


@pytest.mark.parametrize("name", [name for name in ASKED if name != "estimation"])
def test_assumptions_estimands_and_validation_stand_on_every_page_of_patients(answered, name):
    folder, _ = answered(name)
    text = plain(own((folder / "report.html").read_text(encoding="utf-8")))
    for table, columns in (("assumptions", ("key", "source")), ("catalogue", ("title", "intercurrent"))):
        for column in columns:
            assert all(value in text for value in read_table(folder / f"{table}.parquet")[column].tolist()), column
    checked = read_table(folder / "validation.parquet")
    assert all(f"{what}" in text for what in checked["what"].tolist())
    assert all(value in text for value in checked["accepted"].tolist() if value != "–")
    inside = sum(word.startswith("inside") for word in checked["verdict"].tolist())
    assert (
        f"{inside} of {int((~np.isnan(checked['low'])).sum())} figures with a target lie in the interval" in text
    )
    assert read_provenance(folder / "validation.parquet")["configuration_sha256"] in text


def test_the_page_of_exact_figures_names_no_patients(answered):
    folder, _ = answered("estimation")
    assert not (folder / "assumptions.parquet").exists()
    text = own((folder / "report.html").read_text(encoding="utf-8"))
    assert "Data-generating mechanisms" not in text
    assert "no patient is simulated" in text
    assert "Every patient is invented by a model" not in text
    half = read_table(folder / "estimation.parquet")
    row = (half["method"] == "clopper_pearson") & (half["n"] == 10) & np.isclose(half["rate"], 0.5)
    assert f"{100 * half['width'][row][0]:.0f} points wide" in answer(folder)


def row_of(table, **wanted):
    """The first row with some values."""
    keep = np.ones(table.length, np.bool_)
    for name, value in wanted.items():
        keep &= table[name] == value
    first = np.flatnonzero(keep)[0]
    return {name: column[first].item() for name, column in table.items()}


@pytest.mark.parametrize("name", ["composition", "alternatives", "family", "assurance", "changes"])
def test_the_sentence_has_the_numbers_of_the_table_and_of_the_terminal(answered, name):
    folder, said = answered(name)
    table, sentence = read_table(folder / f"{name}.parquet"), answer(folder)
    value = {"assurance": "assurance"}.get(name, "power")
    shown = re.findall(r"(\d+\.\d)\u202f%\u00a0±\u00a0(\d+\.\d)", sentence)
    assert shown
    columns = [column for column in (value, "false_go_inert") if column in table]
    known = {
        with_error(a, b) for column in columns for a, b in zip(table[column], table[f"{column}_mcse"], strict=True)
    }
    assert {f"{a}\u202f%\u00a0±\u00a0{b}" for a, b in shown} <= known
    told = {float(number) for number in re.findall(r"(?<![\d.])[01]?\.\d{3}(?!\d)", said)}
    assert all(any(abs(100 * number - float(a)) <= 0.0501 for number in told) for a, _ in shown)


def test_the_tournament_names_the_best_endpoint_of_those_with_a_benchmark(answered):
    folder, said = answered("tournament")
    table = read_table(folder / "tournament.parquet")
    own_rows = (table["effect"] == "neutral") & (table["circular"] == 0) & (table["kind"] == "yes/no")
    best = max(np.flatnonzero(own_rows), key=lambda row: table["power"][row])
    assert f"{table['endpoint'][best]}" in answer(folder).split("succeeds most often")[0]
    assert with_error(table["power"][best], table["power_mcse"][best]) in answer(folder)
    assert f"{table['power'][best]:.3f}" in said


def test_the_sizes_of_the_page_are_those_of_the_terminal(answered):
    folder, said = answered("sample_size")
    sentence = answer(folder)
    neutral = re.search(r"  neutral: (.*)", said)[1]
    if "no n up to 20" in neutral:
        assert "P2 (LC) would need more than 20 patients" in sentence
    else:
        n = re.search(r"n = (\d+)", neutral)[1]
        assert f"P2 (LC) needs {n} patients" in sentence
    optimistic = re.search(r"  optimistic: .*?n = (\d+)", said)[1]
    assert f"{optimistic} under “optimistic”" in sentence


@pytest.mark.parametrize(
    "power", [[0.8, 0.7, 0.9, 0.9], [0.1, 0.2, 0.3, 0.2], [0.9, 0.9, 0.9, 0.9], [0.1, 0.85, 0.1, 0.1]]
)
def test_enough_patients_are_found_as_the_task_finds_them(power):
    answer_of_page = enough([{"n": n, "power": value} for n, value in enumerate(power, 5)], 0.8)
    wanted = found(range(5, 9), power, 0.8)
    numbers = [None if row is None else row["n"] for row in answer_of_page]
    assert numbers == [wanted.first, wanted.steady, wanted.best]


def test_a_decision_page_tells_from_how_many_the_trial_succeeds(answered):
    folder, _ = answered("decisions")
    table = read_table(folder / "decisions.parquet")
    for endpoint in ("P1", "P2", "P3"):
        go = table.where(
            (table["endpoint"] == endpoint) & (table["effect"] == "neutral") & (table["exact_binomial"] == "go")
        )
        assert f"from {go['responders'].min()} of {go['n'][0]}" in answer(folder)
        assert f"{100 * go['probability'].sum():.1f}\u202f%" in answer(folder)


def test_a_prediction_says_whose_patients_it_read(answered):
    folder, _ = answered("prediction")
    table = read_table(folder / "prediction.parquet")
    row = row_of(table, endpoint="P1", basis="neutral")
    chance, error = row["predictive_probability"], row["predictive_probability_mcse"]
    assert error > 0.0 and f"{with_error(chance, error)} on P1" in answer(folder)
    assert f"{row['responders']} of {row['read_out']} respond so far" in answer(folder)
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert "Synthetic: virtual patients only, those of the running trial included." in text
    law = table.where((table["endpoint"] == "P1") & (table["basis"] == "neutral"))
    panel = next(figure for figure in figures_of(read(folder), folder) if figure.name == "prediction").panels[0]
    assert panel.traces[0]["y"].tolist() == law["probability"].tolist()


def test_a_data_set_that_does_not_say_it_is_synthetic_is_not_called_so(answered, tmp_path):
    import shutil

    folder, _ = answered("prediction")
    shutil.copytree(folder, tmp_path / "A")
    said = read_provenance(folder / "prediction.parquet") | {"data_synthetic": "unknown"}
    write_table(tmp_path / "A" / "prediction.parquet", "prediction", read(folder).main, said)
    assert main(["task=report", f"source={tmp_path / 'A'}"]) == 0
    text = (tmp_path / "A" / "report.html").read_text(encoding="utf-8")
    assert "from a data set that does not say it is synthetic" in text
    assert "Nothing on this page was observed in a person" not in text


def test_the_page_of_changes_names_the_better_test_of_the_best_change_that_holds_its_level(answered):
    folder, said = answered("changes")
    table = read_table(folder / "changes.parquet")
    own = table.where(
        (table["origin"] == "simulated") & (table["effect"] == "neutral") & (table["alpha"] == table["alpha"][0])
    )
    sound = own["false_go_inert"] <= own["alpha"] + 3 * own["false_go_inert_mcse"]
    best = max(np.flatnonzero(sound), key=lambda row: own["power"][row])
    rule = {"signed_rank": "signed-rank test", "t_test": "t test"}[own["rule"][best]]
    assert f"{with_error(own['power'][best], own['power_mcse'][best])} by the {rule}" in answer(folder)
    broken = {name for name, holds in zip(own["variable"].tolist(), sound, strict=True) if not holds}
    assert broken == {"sdi"} and "sdi by the signed-rank test succeeds in" in said
    assert "damage index (O1) by the signed-rank test succeeds in" in plain(own_text(folder))
    assert read_table(folder / "catalogue.parquet")["endpoint"].tolist() == ["O1"]


def test_the_page_of_readings_of_a_time_says_what_moves_it_and_what_stays(answered):
    folder, _ = answered("value_readings")
    table = read_table(folder / "value_readings.parquet")
    text = plain(own_text(folder))
    base = row_of(table, alternative="as declared", effect="neutral", alpha=table["alpha"][0])
    chosen = (table["effect"] == "neutral") & (table["kind"] != "world")
    ends = [percent(end(table["estimate"][chosen])) for end in (min, max)]
    assert ends[0] != ends[1]
    assert (
        f"S9 (LC) {percent(base['estimate'])} as declared, over the alternatives {ends[0]} to {ends[1]}."
        in answer(folder)
    )
    moved = row_of(table, alternative="X36_no_fall", effect="neutral", alpha=table["alpha"][0])
    assert f"adds {with_error(moved['estimate_change'], moved['estimate_change_mcse'])}" in text
    assert "circular" in text and "X36 no fall" in text
    assert "X26 visits" not in text[: text.index("In pictures")]  # it moves nothing


def test_the_page_of_times_says_what_no_outcome_can_show(answered):
    folder, said = answered("times")
    row = row_of(read_table(folder / "times.parquet"), origin="simulated", endpoint="S11", effect="neutral")
    assert np.isnan(row["critical_value"]) and "S11: no outcome can pass" in said
    assert row["power"] == 0.0 and "no trial shows freedom" in answer(folder)
    assert f"even 5 of 5 without the event beat at most {100 * row['highest_reference']:.1f}" in answer(folder)
    assert f"{100 * row['reference']:.1f}\u202f% is to be beaten" in answer(folder)
    catalogue = read_table(folder / "catalogue.parquet")
    assert catalogue["endpoint"].tolist() == ["S11"]
    assert "censored" in catalogue["intercurrent"][0] and "event" in catalogue["intercurrent"][0]


def test_rank_correlation_is_that_of_spearman_with_ties():
    random = np.random.default_rng(1)
    for _ in range(20):
        first, second = random.integers(0, 6, 30).astype(float), random.normal(size=30).round(1)
        assert rank_correlation(first, second) == pytest.approx(spearmanr(first, second).statistic)
    assert np.isnan(rank_correlation(np.ones(5), np.arange(5.0)))


def test_of_several_tasks_in_one_folder_the_last_leads_the_page(answered, tmp_path):
    import shutil

    folder, _ = answered("family")
    shutil.copytree(folder, tmp_path / "A")
    other, _ = answered("composition")
    said = read_provenance(other / "composition.parquet")
    table = read_table(other / "composition.parquet")
    for created, lead in (("1999-01-01T00:00:00+00:00", "family"), ("2999-01-01T00:00:00+00:00", "composition")):
        write_table(tmp_path / "A" / "composition.parquet", "composition", table, said | {"created": created})
        results = read(tmp_path / "A")
        assert results.lead == lead
        assert ("assumptions" in results.tables) == (lead == "family")


def test_without_a_page_asked_for_a_question_leaves_its_tables_alone(tmp_path, capsys):
    words = ["experiment=estimation", "report.formats=[]", f"hydra.run.dir={tmp_path / 'A'}"]
    assert main(words) == 0
    assert (tmp_path / "A" / "estimation.parquet").exists()
    assert not (tmp_path / "A" / "report.html").exists()
    assert "report.html" not in capsys.readouterr().out


def test_a_page_warns_of_what_the_terminal_warned_of(answered):
    folder, said = answered("sample_size")
    warnings = [line.removeprefix("Warning: ") for line in said.splitlines() if line.startswith("Warning: ")]
    assert warnings
    text = (folder / "report.html").read_text(encoding="utf-8")
    shown = [plain(words) for words in re.findall(r'<p class="warning">(.*?)</p>', text)]
    for words in warnings:
        what, _, tail = words.partition(": ")
        assert any(what in box and tail in box for box in shown), words


def test_tables_without_a_row_draw_nothing(answered):
    drawn = 0
    for name in ("tournament", "composition", "family", "estimation", "decisions", "prediction", "alternatives"):
        tables = read(answered(name)[0]).tables
        empty = {key: table.where(np.zeros(table.length, np.bool_)) for key, table in tables.items()}
        for picture in PICTURES:
            if picture.tables[0] in LEADS[name] + (name,) and set(picture.tables) <= set(empty):
                assert picture.draw(*(tables[key] for key in picture.tables)) is not None or name == "prediction"
                assert picture.draw(*(empty[key] for key in picture.tables)) is None
                drawn += 1
    assert drawn == 12


def texts_of(value):
    """Every text in the traces and the layout of a figure."""
    if isinstance(value, dict):
        return [text for key, each in value.items() if key != "view" for text in texts_of(each)]
    if isinstance(value, str):
        return [value]
    return (
        [text for each in value for text in texts_of(each)] if isinstance(value, (list, tuple, np.ndarray)) else []
    )


@pytest.mark.parametrize(
    "name", ["tournament", "sample_size", "alternatives", "composition", "decisions", "family"]
)
def test_free_text_is_escaped_on_the_pages_of_questions_too(tmp_path, name):
    quoted = HOSTILE.replace("'", "\\'")
    effect = ("effect=neutral", f"effect.name='{quoted}'", f"design.name='{quoted}'", f"taper.name='{quoted}'")
    words = [word for word in QUESTIONS[name] if not word.startswith(("effect=", "run.trials"))]
    assert main([*words, *effect, "run.trials=60", f"hydra.run.dir={tmp_path / 'A'}"]) == 0
    text = own((tmp_path / "A" / "report.html").read_text(encoding="utf-8"))
    assert "<script>alert" not in text and "<img" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    for figure in figures_of(read(tmp_path / "A"), tmp_path / "A"):
        shown = [text for panel in figure.panels for text in texts_of([*panel.traces, panel.layout, panel.title])]
        assert [text for text in shown if "<script>" in text or "<img" in text] == [], figure.name


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("task=decisions", "design.n=3"),
            "No number of responders makes P1, P2 (LC) and P3 (LN) succeed by the exact",
        ),
        (
            ("task=decisions", "endpoint=S3", "design.rule=bayes"),
            "By the rule “posterior” the trial succeeds on S3",
        ),
        (
            ("experiment=endpoint_tournament", "design.n=2"),
            "no endpoint with a benchmark of its own succeeds in any",
        ),
        (("experiment=family", "effect=none"), "by Holm and "),
        (("experiment=composition", "design.n=4", "endpoint=P1"), "moves power on P1 not at all ("),
        (
            ("experiment=randomised_alternative", "endpoint=P3", "effect=none"),
            "power in a single arm against that with",
        ),
        (("experiment=estimation", "design.n=1"), "With 1 patient the 95 % interval"),
    ],
)
def test_pages_of_questions_without_a_hopeful_answer_are_made(tmp_path, words, said):
    few = [word for word in FEW if words[0] != "experiment=estimation"]
    assert main([*words, *few, f"hydra.run.dir={tmp_path / 'A'}"]) == 0
    assert said in answer(tmp_path / "A")
    for figure in figures_of(read(tmp_path / "A"), tmp_path / "A"):
        for panel in specification(figure)["panels"]:
            graph.Figure({"data": panel["data"], "layout": panel["layout"]})


def test_warnings_that_say_the_same_of_several_things_stand_once(answered):
    folder, said = answered("sample_size")
    warned = [line.removeprefix("Warning: ") for line in said.splitlines() if line.startswith("Warning: ")]
    few = [line.partition(": ") for line in warned if "patients in the bank are few" in line]
    boxes = [html.unescape(words) for words in re.findall(r'<p class="warning">(.*?)</p>', own_text(folder))]
    told = [words for words in boxes if "patients in the bank are few" in words]
    assert len(few) == 4 and len(told) == len({tail for _, _, tail in few})
    for head, _, tail in few:
        assert any(head in words and words.endswith(tail) for words in told)
