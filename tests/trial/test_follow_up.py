"""Five years of follow-up: the first 24 weeks stay as they were, and what comes later is complete."""

from dataclasses import replace

import numpy as np
import pytest

from sim import pipeline
from sim.config.compose import load
from sim.core.errors import InputError
from sim.endpoints.catalogue import ENDPOINTS, YES_OR_NO
from tests.trial.test_both_clocks import same
from tests.trial.test_property_counterfactual import TABLES, assert_same

TRIALS = range(40, 52)
OPTIONS = (
    "disease.frailty_variance=1", "disease.drift=0.1", "disease.orders.pulse.p_severe=0.5",
    "disease.flares.rate.extrarenal.severe=0.6",
)  # fmt: skip
LATER = [f"Y{year}" for year in ("0.5", "1", "1.5", "2", "3", "5")]


def cohort(*overrides, trials=TRIALS):
    return pipeline.cohort_chunk(load(["task=cohort", "effect=optimistic", *overrides]), trials)


@pytest.fixture(scope="module", params=[(), OPTIONS], ids=["plain", "options"])
def both(request):
    """The same trials over 24 weeks and over five years, everything shipped, and with every option on."""
    return [cohort(*request.param, f"protocol.follow_up={length}") for length in ("week_24", "year_5")]


def keys(table):
    return table["trial"].astype(np.int64) * 1000 + table["subject"].astype(np.int64)


def closing_days(visits):
    """Key of each subject -> day on which W24 was held; 168 where it was missed."""
    rows = visits["visit"] == "W24"
    day = np.where(visits["attended"][rows], visits["day"][rows], 168.0)
    return dict(zip(keys(visits)[rows].tolist(), day.tolist(), strict=True))


def test_every_visit_up_to_week_24_is_the_same_to_the_bit(both):
    short, long = (each["visits"] for each in both)
    last = closing_days(short)
    early = np.array([not name.startswith("Y") for name in long["visit"]])
    early &= ~(long["day"] > np.array([last[key] for key in keys(long).tolist()]))
    kept, whole = (
        long.where(early),
        short.where(~(short["day"] > np.array([last[k] for k in keys(short).tolist()]))),
    )
    assert kept.length == whole.length > 1000
    for column in whole:
        np.testing.assert_array_equal(kept[column], whole[column], err_msg=column)


def test_every_dose_up_to_week_24_is_the_same(both):
    short, long = both
    last = closing_days(short["visits"])

    def doses(tables):
        table = tables["dosing"]
        return {
            (key, day): (dose, reason)
            for key, start, end, dose, reason in zip(
                keys(table).tolist(), *(table[n].tolist() for n in ("start_day", "end_day", "dose", "reason")),
                strict=True,
            )
            for day in range(start, min(end, int(last[key])) + 1)
        }  # fmt: skip

    assert doses(short) == doses(long)


def test_every_event_before_week_24_is_the_same_and_that_day_none_is_lost(both):
    short, long = both
    last = closing_days(short["visits"])

    def events(tables, on):
        table = tables["events"]
        columns = [table[name].tolist() for name in ("day", "kind", "severity", "domain", "detail")]
        rows = zip(keys(table).tolist(), *columns, strict=True)
        return [row for row in rows if on(row[1], int(last[row[0]]))]

    assert events(short, lambda day, end: day < end) == events(long, lambda day, end: day < end)
    that_day = [events(each, lambda day, end: day == end) for each in both]
    assert set(that_day[0]) <= set(that_day[1])


def test_what_is_read_up_to_week_24_gives_the_same_endpoints(both):
    """In those who came on day 168 or later, so that nothing of the 24 weeks lies beyond the shorter course."""
    short, long = both
    late = {key for key, day in closing_days(short["visits"]).items() if day >= 168}
    held = set(
        keys(short["visits"].where((short["visits"]["visit"] == "W24") & short["visits"]["attended"])).tolist()
    )
    chosen = np.isin(keys(short["endpoints"]), list(late & held))
    early = [each.id for each in ENDPOINTS if each.follow_up == "week_24"]
    chosen &= np.isin(short["endpoints"]["endpoint"], early)
    assert chosen.sum() > 1000
    for column in short["endpoints"]:
        np.testing.assert_array_equal(
            short["endpoints"][column][chosen], long["endpoints"][column][chosen], err_msg=column
        )


def test_candidates_and_infusions_are_the_same(both):
    assert_same(*both, tables=("candidates", "infusions"))


def test_dosing_runs_to_the_end_of_participation(both):
    _, long = both
    dosing, events, visits = (long[name] for name in ("dosing", "events", "visits"))
    end = {}
    for key, day in zip(keys(dosing).tolist(), dosing["end_day"].tolist(), strict=True):
        end[key] = max(end.get(key, 0), day)
    stopped = np.isin(events["kind"], ("death", "withdrawal"))
    left = dict(zip(keys(events)[stopped].tolist(), events["day"][stopped].tolist(), strict=True))
    held = (visits["visit"] == "Y5") & visits["attended"]
    came = dict(zip(keys(visits)[held].tolist(), visits["day"][held].tolist(), strict=True))
    assert len(came) > 20 < len(left)
    assert {key: end[key] for key in left} == left
    assert {key: end[key] for key in came} == came
    assert all(1796 <= end[key] <= 1856 for key in end if key not in left)


def test_t_cells_to_three_years_and_safety_to_five(both):
    for follow_up, tables in zip(("week_24", "year_5"), both, strict=True):
        outcomes, visits = tables["endpoints"], tables["visits"]
        there = {name: visits["attended"][visits["visit"] == name].sum() for name in ("Y0.5", "Y1", "Y2", "Y3")}
        for name, attended in there.items():
            values = outcomes["value"][(outcomes["endpoint"] == "O2") & (outcomes["visit"] == name)]
            assert (~np.isnan(values)).sum() >= 2 * attended
            assert (attended > 30) == (follow_up == "year_5")
        saf = outcomes["endpoint"] == "SAF"
        years = outcomes["value"][saf & (outcomes["variable"] == "person_years")]
        deaths = outcomes["value"][saf & (outcomes["variable"] == "death")].sum()
        assert deaths == (tables["events"]["kind"] == "death").sum()
        assert years.max() == pytest.approx(1826 / 365.25) if follow_up == "year_5" else years.max() < 0.6
    longer = both[1]["trials"]["duration_days"] - both[0]["trials"]["duration_days"]
    # A trial whose last patient left early, long after the others came, is hardly longer.
    assert longer.min() >= 0
    assert np.median(longer) > 1000
    assert 1600 < longer.max() < 1826


def test_visits_for_t_cells_alone_have_nothing_else(both):
    visits = both[1]["visits"]
    alone = np.isin(visits["visit"], ("Y0.5", "Y1.5", "Y2")) & visits["attended"]
    full = np.isin(visits["visit"], ("Y1", "Y3", "Y5")) & visits["attended"]
    assert alone.sum() > 100 < full.sum()
    for column in ("upcr", "egfr", "pga", "sdi", "sledai2k", "c3", "hemoglobin"):
        assert np.isnan(visits[column][alone].astype(float)).all(), column
        assert not np.isnan(visits[column][full].astype(float)).any(), column
    for column in ("lldas", "sledai_fever", "sledai_proteinuria", "coombs", "edema", "new_activity"):
        assert (visits[column][alone] == -1).all(), column
    assert (visits["bilag_renal"][alone] == "").all()
    assert (visits["bilag_renal"][full] != "").all()
    assert (visits["sledai_fever"][full] != -1).all()
    assert not np.isnan(visits["treg"][alone]).any()
    assert np.isnan(visits["treg"][visits["visit"] == "Y5"]).all()


def test_both_clocks_agree_over_five_years_with_every_option_on():
    tables = [cohort(*OPTIONS, f"run.engine={engine}", trials=range(6)) for engine in ("batch", "simpy")]
    assert (tables[0]["events"]["detail"] == "pulse").any()
    assert set(LATER) <= set(tables[0]["visits"]["visit"])
    same(*tables)


def test_cells_that_do_nothing_change_nothing_with_every_option_on():
    none = pipeline.cohort_chunk(load(["task=cohort", "effect=none", *OPTIONS]), TRIALS)
    assert_same(none, cohort(*OPTIONS, "effect.p_responder=0"), (*TABLES, "candidates"))


def test_a_pulse_stands_in_dosing_and_among_the_rescues():
    tables = cohort(*OPTIONS, "disease.orders.pulse.p_severe=1", trials=range(6))
    events, dosing = tables["events"], tables["dosing"]
    given = events.where(events["detail"] == "pulse")
    assert given.length > 5
    days = {
        (key, day + k)
        for key, day in zip(keys(given).tolist(), given["day"].tolist(), strict=True)
        for k in range(3)
    }
    high = dosing.where(dosing["dose"] >= 625.0)
    shown = {
        (key, day)
        for key, start, end in zip(
            keys(high).tolist(), high["start_day"].tolist(), high["end_day"].tolist(), strict=True
        )
        for day in range(start, end + 1)
    }
    assert shown <= days
    ends = {key: int(day) for key, day in zip(keys(dosing).tolist(), dosing["end_day"].tolist(), strict=True)}
    assert {(key, day) for key, day in days if day <= ends[key]} == shown
    assert (high["reason"] == "rescue").all()
    assert (high["dose"] < 725.0).all()


def test_a_run_of_power_goes_no_further_than_its_endpoints_read():
    assert {each.follow_up for each in ENDPOINTS if each.id in YES_OR_NO} == {"week_24"}
    assert {each.id for each in ENDPOINTS if each.follow_up == "year_5"} == {"O2", "SAF"}
    config = load([])
    assert config.protocol.follow_up == "year_5"
    assert pipeline.until_decided(config).protocol.follow_up == "week_24"
    decided = [
        pipeline.run_chunk(load(["effect=neutral", f"protocol.follow_up={length}"]), range(5))["neutral"]
        for length in ("week_24", "year_5")
    ]
    for column in decided[0]:
        np.testing.assert_array_equal(decided[0][column], decided[1][column], err_msg=column)


def test_an_endpoint_that_reads_later_days_lengthens_the_follow_up(monkeypatch):
    late = tuple(replace(each, follow_up="year_5") if each.id == "S1" else each for each in ENDPOINTS)
    monkeypatch.setattr(pipeline, "ENDPOINTS", late)
    assert pipeline.until_decided(load([])).protocol.follow_up == "year_5"
    assert pipeline.until_decided(load(["protocol.follow_up=week_24"])).protocol.follow_up == "week_24"
    durations = pipeline.run_chunk(load(["effect=neutral"]), range(3))["neutral"]["duration_days"]
    assert (durations > 1500).any()


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("protocol.follow_up=year_2", "year_2.*week_24, year_5"),
        ("disease.frailty_variance=-1", "frailty_variance.*from 0 to 100"),
        ("disease.frailty_variance=1e-9", "frailty_variance.*0, which is no frailty"),
        ("disease.drift=-0.1", "drift.*from 0 to 10"),
        ("disease.orders.pulse.p_severe=2", "p_severe.*from 0 to 1"),
        ("disease.orders.pulse.days=0", "days.*from 1 to 14"),
        ("disease.long_term.interval=30", "interval.*from 43 to 730"),
        ("observation.visits.window.W24=20", "window.W24: 20 is not allowed; it must be a number from 0 to 14"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(setting, words):
    with pytest.raises(InputError, match=words):
        load([setting])
