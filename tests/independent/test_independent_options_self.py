"""The plain-Python options (frailty, drift, pulses) against formulas and lives worked out by hand."""

import itertools
import math
import random

import pytest

from sim.core.decisions import Clock, Decision
from tests.independent import latent, orders
from tests.independent.course import clinic
from tests.independent.drift import Drift
from tests.independent.frailty import frailty, gamma_probability, gamma_quantile
from tests.independent.latent import TRACKED, normal
from tests.independent.plain_person import DISEASE, Quiet, changes, days, life, plain_person
from tests.independent.random_person import Addressed, merged, random_person, stressed

ONSET = 3 * 1440 + 720  # day 3, noon
HALF_TIMES = (45, 21, 60, 14, 12, 7, 24, 21)
PULSED = merged(DISEASE, {"orders": {"pulse": {"p_severe": 0.4}}})
DRIFTING = merged(DISEASE, {"drift": 0.1})


def severe_renal(*rates_and_minutes: tuple[float, float]) -> float:
    """Uniform of a budget that is spent by constant rates per year over some minutes, half a minute early."""
    budget = sum(rate * minutes for rate, minutes in rates_and_minutes) / latent.MINUTES_PER_YEAR
    return -math.expm1(-budget)


def flare_at_onset(factor: float = 1.0) -> dict[tuple[int, int], float]:
    """A severe renal flare (0.25 a year at activity 1, 20 mg/day) on day 3 at noon, recognised on day 6."""
    return {(Decision.WAITING, 0): severe_renal((factor * 0.25 * math.sqrt(15 / 25), ONSET - 0.5))}


# --- frailty


@pytest.mark.parametrize("u", [1e-9, 0.001, 0.2, 0.5, 0.9, 0.999, 1 - 1e-9])
def test_gamma_quantiles_with_a_closed_form(u: float):
    assert gamma_quantile(1.0, u) == pytest.approx(-math.log1p(-u), rel=1e-7 if u > 0.9999 else 1e-12)
    assert gamma_quantile(0.5, u) == pytest.approx(normal((1 + u) / 2) ** 2 / 2, rel=1e-6)  # half a chi-square
    x = gamma_quantile(2.0, u)
    assert 1 - (1 + x) * math.exp(-x) == pytest.approx(u, rel=1e-7)


@pytest.mark.parametrize("shape", [0.2, 0.5, 1.0, 10 / 3, 20.0])
def test_gamma_quantile_inverts_its_probability(shape: float):
    for u in (0.01, 0.3, 0.5, 0.77, 0.99):
        assert gamma_probability(shape, gamma_quantile(shape, u)) == pytest.approx(u, rel=1e-13)


@pytest.mark.parametrize("variance", [0.05, 0.3, 1.0, 3.0])
def test_frailty_has_mean_one_and_its_variance(variance: float):
    n = 1000
    values = [frailty(variance, Quiet({(Decision.FRAILTY, 0): (i + 0.5) / n})) for i in range(n)]
    mean = math.fsum(values) / n
    assert mean == pytest.approx(1, rel=5e-3)
    assert math.fsum((value - mean) ** 2 for value in values) / n == pytest.approx(variance, rel=0.04)


def test_no_variance_is_no_frailty_whatever_is_drawn():
    assert frailty(0.0, Quiet({(Decision.FRAILTY, 0): 0.999})) == 1.0


def test_frailty_multiplies_flare_rates_and_no_other():
    frail = merged(DISEASE, {"frailty_variance": 1.0})
    given = {(Decision.FRAILTY, 0): -math.expm1(-2.5)}  # Z = 2.5
    infected = {(Decision.WAITING, Clock.MILD_INFECTION): severe_renal((1.2 * math.exp(0.1), 2 * 1440 - 0.5))}
    log = life(plain_person(0), Quiet(given | infected | flare_at_onset(2.5)), frail)["log"]
    assert [(minute, kind) for minute, kind, *_ in log if kind in {"flare", "mild_infection"}] == [
        (2 * 1440, "mild_infection"),
        (ONSET, "flare"),
    ]


# --- drift


class Weights:
    """Records which normals a drift uses; `one` of them is 1, the others 0."""

    def __init__(self, one: tuple[int, int] | None = None) -> None:
        self.one, self.asked = one, set[tuple[int, int]]()

    def __call__(self, decision: int, index: int) -> float:
        self.asked.add((decision, index))
        return latent.STANDARD.cdf(1.0) if (decision, index) == self.one else 0.5


def weights(k: int, day: int) -> dict[tuple[int, int], float]:
    recorder = Weights()
    Drift(DRIFTING, recorder).at(k, day)
    return {one: Drift(DRIFTING, Weights(one)).at(k, day) for one in recorder.asked}


@pytest.mark.parametrize("k", range(8))
def test_drift_has_the_covariance_of_the_exact_transition_from_zero(k: int):
    rate = math.log(2) / HALF_TIMES[k]
    asked = {day: weights(k, day) for day in (0, 1, 3, 8, 12, 31, 168)}
    for first, second in itertools.combinations_with_replacement(asked, 2):
        covariance = sum(weight * asked[second].get(one, 0.0) for one, weight in asked[first].items())
        variance = 0.01 * -math.expm1(-2 * rate * first) / (2 * rate)
        assert covariance == pytest.approx(variance * math.exp(-rate * (second - first)), abs=1e-12)


def test_drifts_of_two_activities_share_no_number_over_five_years():
    asked = []
    for k in range(8):
        recorder = Weights()
        drift = Drift(DRIFTING, recorder)
        for day in range(1857):
            drift.at(k, day)
        asked.append(recorder.asked)
    assert sum(map(len, asked)) == len(set.union(*asked)) == 8 * 1857


def test_without_sigma_or_before_day_zero_there_is_no_drift():
    assert Drift(DISEASE, Addressed(1)).at(0, 30) == 0.0
    assert Drift(DRIFTING, Addressed(1)).at(0, -7) == 0.0
    assert Drift(DRIFTING, Addressed(1)).at(0, 0) == 0.0


def test_drift_of_one_anchor_is_seen_by_all_visits_and_leaves_what_relaxes_alone():
    given = {(Decision.DRIFT_ANCHOR, 512 * 0 + 7): latent.STANDARD.cdf(-2.0)}  # renal activity, day 56
    still, moved = (life(plain_person(0), Quiet(given), disease)["visits"] for disease in (DISEASE, DRIFTING))
    rate = math.log(2) / 45
    fresh = 0.1 / math.sqrt(2 * rate) * -2 * math.sqrt(-math.expm1(-16 * rate))
    for before, after in zip(still, moved, strict=True):
        shift = [math.log(b / a) for a, b in zip(before["activity"], after["activity"], strict=True)]
        assert shift[1:] == pytest.approx([0.0] * 7, abs=1e-12)
        expected = fresh * math.exp(-rate * (after["day"] - 56)) if after["day"] >= 56 else 0.0
        assert shift[0] == pytest.approx(expected, abs=1e-12)
    assert [a["upcr"] < b["upcr"] for a, b in zip(moved, still, strict=True)] == [False] * 4 + [True] * 7


def test_what_a_flare_raised_relaxes_and_drift_comes_on_top():
    drifted = {(Decision.DRIFT_ANCHOR, number): 0.01 for number in range(30)}
    given = drifted | {(Decision.WAITING, 0): 1e-12}  # rings in the first minute of day 0, where no drift is
    result = life(plain_person(0), Quiet(given), DRIFTING)
    rate, trend = math.log(2) / 45, math.log(0.95)
    order = math.log((1 - 0.55 * 35 / 40) / (1 - 0.55 * 20 / 25)) - 0.7  # dose and immunosuppressant, day 0, 09:00
    raised = math.log(math.exp(trend * -math.expm1(-rate / 1440)) + 0.9)  # minute 1, where no drift is
    at_clinic = trend + (raised - trend) * math.exp(-rate * 539 / 1440)
    relaxed = trend + order + (at_clinic - trend - order) * math.exp(-rate * 3)
    drift = Drift(DRIFTING, Quiet(given)).at(0, 3)
    assert abs(drift) > 0.1
    assert math.log(result["visits"][1]["activity"][0]) == pytest.approx(relaxed + drift, abs=1e-9)


def test_a_flare_under_drift_adds_its_jump_to_the_activity_that_is_seen():
    given = {(Decision.DRIFT_ANCHOR, number): 0.02 for number in range(3)}
    flare = ringing_at(Clock.RENAL_SEVERE, clinic(7) - 2, given, DRIFTING)
    seen = [life(plain_person(0), Quiet(drawn), DRIFTING)["visits"][2] for drawn in (given, given | flare)]
    assert [visit["day"] for visit in seen] == [7, 7]
    assert abs(Drift(DRIFTING, Quiet(given)).at(0, 7)) > 0.1
    assert seen[1]["activity"][0] - seen[0]["activity"][0] == pytest.approx(0.9, abs=1e-4)


def ringing_at(
    clock: int, minute: int, given: dict[tuple[int, int], float], disease: latent.Parameters
) -> dict[tuple[int, int], float]:
    """A first budget with which a flare clock rings in a minute, found by trying."""
    low, high = 0.0, 1.0
    for _ in range(60):
        budget = {(Decision.WAITING, clock): (low + high) / 2}
        log = life(plain_person(0), Quiet(given | budget), disease)["log"]
        onset = next((when for when, kind, a, *_ in log if (kind, a) == ("flare", clock)), math.inf)
        if onset == minute:
            return budget
        low, high = ((low + high) / 2, high) if onset < minute else (low, (low + high) / 2)
    raise AssertionError("no budget rings in that minute")


# --- pulses


def test_a_severe_flare_brings_a_pulse_of_three_days_on_top_of_the_oral_dose():
    given = flare_at_onset() | {(Decision.ORDER_PULSE, 6 + 64): 0.39}
    result = life(plain_person(0), Quiet(given), PULSED)
    assert [entry for entry in result["log"] if entry[0] == clinic(6)][3:] == [
        (clinic(6), "immunosuppressant", 1, 0, 0.0),
        (clinic(6), "steroid_rescue", 0, 0, 35.0),
        (clinic(6), "pulse", 3, 0, 625.0),
    ]
    assert [entry for entry in result["log"] if entry[1] == "pulse_off"] == [(clinic(9), "pulse_off", 0, 0, 0.0)]
    assert changes(result["daily_dose"])[:3] == [(6, 660.0), (9, 35.0), (20, 25.0)]


def test_no_pulse_at_its_chance_nor_for_a_second_mild_flare():
    assert not days(
        life(plain_person(0), Quiet(flare_at_onset() | {(Decision.ORDER_PULSE, 70): 0.4}), PULSED), "pulse"
    )
    given = {(Decision.WAITING, clock): 1e-9 for clock in (Clock.RENAL_MILD, Clock.HEMATOLOGIC_MILD)}
    result = life(plain_person(0), Quiet(given | {(Decision.ORDER_PULSE, 64): 0.0001}), PULSED)
    assert [entry[2] for entry in result["log"] if entry[1] == "order_dose"] == [orders.SECOND]
    assert not days(result, "pulse")


def test_set_points_see_the_pulse_for_three_days_and_hazards_do_not():
    given = flare_at_onset() | {(Decision.ORDER_PULSE, 6 + 64): 0.1}
    with_pulse, without = (life(plain_person(0), Quiet(given), disease)["visits"] for disease in (PULSED, DISEASE))

    def term(dose: float) -> float:
        return math.log(1 - 0.55 * dose / (dose + 5))

    rate = math.log(2) / 45
    gain = (term(660) - term(35)) * -math.expm1(-3 * rate)  # on day 9 at 09:00
    for a, b in zip(with_pulse, without, strict=True):
        expected = 0.0
        if 6 < a["day"] <= 9:
            expected = (term(660) - term(35)) * -math.expm1(-rate * (a["day"] - 6))
        elif a["day"] > 9:
            expected = gain * math.exp(-rate * (a["day"] - 9))
        assert math.log(a["activity"][0] / b["activity"][0]) == pytest.approx(expected, abs=1e-12)
        assert a["neutrophils"] == pytest.approx(b["neutrophils"], abs=0.05)  # 35 mg and not 660
    assert {visit["day"]: visit["dose"] for visit in with_pulse}[7] == 35.0


def test_pulses_that_overlap_end_with_the_last_and_do_not_add_up():
    given = flare_at_onset() | {(Decision.ORDER_PULSE, day + 64): 0.1 for day in range(30)}
    second = ringing_at(Clock.EXTRARENAL_SEVERE, 6 * 1440 + 720, given, PULSED)  # recognised at W1
    result = life(plain_person(0), Quiet(given | second), PULSED)
    assert (days(result, "pulse"), days(result, "pulse_off")) == ([6, 7], [10])
    assert changes(result["daily_dose"])[:2] == [(6, 660.0), (10, 35.0)]


def test_options_that_are_off_ask_for_no_number_of_theirs():
    uniform = Addressed(12)
    result = life(random_person(random.Random(4)), uniform, stressed(DISEASE, 8))
    assert "order_dose" in {entry[1] for entry in result["log"]}
    asked = {decision for decision, _ in uniform.asked}
    assert not asked & {Decision.FRAILTY, Decision.DRIFT_ANCHOR, Decision.DRIFT_BRIDGE, Decision.NOISE_LATER}


def test_half_times_of_this_page_are_those_of_the_configuration():
    assert tuple(DISEASE["half_time"][name] for name in TRACKED) == HALF_TIMES
