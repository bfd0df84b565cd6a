"""Every marginal against its closed form, every prevalence and correlation against its configured value.

Kolmogorov-Smirnov: sqrt(n)·D exceeds 2.2 with probability 1.3e-4 under the stated distribution; a shift of a
fifth of a standard deviation at n = 20,000 gives 11. Proportions: 4.5 standard errors, exceeded with probability
7e-6; a shift of .02 is found at n = 20,000.
"""

import math

import numpy as np
import pytest
from scipy import stats

from sim.population.history import BIOPSY_CLASSES, REGIMEN_DRUGS
from sim.population.person import Activity, Primary

LOGNORMAL = stats.lognorm


def distance(values, cdf):
    """sqrt(n) times the Kolmogorov distance."""
    ordered = np.sort(cdf(np.asarray(values)))
    n = len(ordered)
    ranks = np.arange(n)
    return math.sqrt(n) * max(np.max((ranks + 1) / n - ordered), np.max(ordered - ranks / n))


def assert_share(flags, expected):
    n = len(flags)
    assert abs(np.mean(flags) - expected) <= 4.5 * math.sqrt(expected * (1.0 - expected) / n) + 1e-12


NEPHRITIS = {
    "creatinine": LOGNORMAL(0.38, scale=85.0),
    "upcr": LOGNORMAL(0.75, scale=2.3),
    "urine_rbc": LOGNORMAL(1.0, scale=15.0),
    "platelets": LOGNORMAL(0.35, scale=215.0),
    "neutrophils": LOGNORMAL(0.40, scale=4.5),
    "lymphocytes": LOGNORMAL(0.45, scale=1.1),
    "hemoglobin": stats.norm(11.2, 1.4),
    "c3": LOGNORMAL(0.30, scale=62.0),
    "c4": LOGNORMAL(0.50, scale=9.5),
    "anti_dsdna": LOGNORMAL(1.1, scale=35.0),
    "urine_wbc": LOGNORMAL(1.0, scale=2.0),
    "age": stats.truncnorm((15 - 36) / 11, (78 - 36) / 11, loc=36, scale=11),
    "treg_offset": stats.norm(0.0, 0.4),
    "th17_offset": stats.norm(0.0, 0.4),
}


@pytest.mark.parametrize("name", NEPHRITIS)
def test_marginals_of_the_nephritis_stream(nephritis, name):
    assert distance(nephritis[0][name], NEPHRITIS[name].cdf) < 2.2


def _truncated(frozen, low, high=math.inf):
    below, above = frozen.cdf(low), frozen.cdf(high)
    return lambda x: (frozen.cdf(x) - below) / (above - below)


CYTOPENIA = [
    ("platelets", Primary.PLATELETS, _truncated(LOGNORMAL(0.55, scale=48.0), 5.0, 97.0)),
    ("hemoglobin", Primary.HEMOLYSIS, _truncated(stats.norm(8.6, 0.9), 5.5, 10.0)),
    ("neutrophils", Primary.NEUTROPHILS, _truncated(LOGNORMAL(0.25, scale=0.72), 0.2, 0.99)),
    ("platelets", Primary.LYMPHOCYTES, _truncated(LOGNORMAL(0.35, scale=215.0), 100.0)),
    ("neutrophils", Primary.PLATELETS, _truncated(LOGNORMAL(0.30, scale=3.4), 1.0)),
    ("hemoglobin", Primary.PLATELETS, _truncated(stats.norm(11.7, 1.2), 10.0)),
    ("lymphocytes", Primary.PLATELETS, LOGNORMAL(0.40, scale=0.75).cdf),
    ("lymphocytes", Primary.LYMPHOCYTES, LOGNORMAL(0.40, scale=0.75).cdf),
]


@pytest.mark.parametrize(("name", "primary", "cdf"), CYTOPENIA)
def test_blood_values_of_the_cytopenia_stream_by_primary_type(cytopenia, name, primary, cdf):
    persons = cytopenia[0]
    assert distance(persons[name][persons["primary_type"] == primary], cdf) < 2.2


def test_primary_types_have_their_shares(cytopenia):
    for primary, share in zip(Primary, (0.55, 0.15, 0.12, 0.18), strict=True):
        assert_share(cytopenia[0]["primary_type"] == primary, share)
    assert np.array_equal(cytopenia[0]["hemolytic"] == 1, cytopenia[0]["primary_type"] == Primary.HEMOLYSIS)


def test_disease_duration_is_gamma_cut_to_age_minus_ten(nephritis):
    persons = nephritis[0]
    gamma = stats.gamma(1.9, scale=7.5 / 1.9)
    position = gamma.cdf(persons["disease_duration"]) / gamma.cdf(persons["age"] - 10.0)
    assert np.all(persons["disease_duration"] <= persons["age"] - 10.0)
    assert distance(position, lambda u: np.clip(u, 0.0, 1.0)) < 2.2


@pytest.mark.parametrize(("female", "median"), [(1, 56.0), (0, 69.0)])
def test_weight_by_sex(nephritis, female, median):
    persons = nephritis[0][nephritis[0]["female"] == female]
    assert distance(persons["weight"], LOGNORMAL(0.15, scale=median).cdf) < 2.2


def test_prednisone_doses_have_their_shares(nephritis, population):
    for dose, share in population.shared.prednisone_dose.items():
        assert_share(nephritis[0]["prednisone_dose"] == float(dose), share)


def test_activity_at_enrolment(nephritis, cytopenia):
    ln, lc = nephritis[0]["log_activity"], cytopenia[0]["log_activity"]
    for activity in (Activity.RENAL, Activity.SEROLOGICAL, Activity.T_CELLS):
        assert np.all(ln[:, activity] == 0.0)
    for activity in (Activity.SEROLOGICAL, Activity.T_CELLS, Activity.PLATELETS, Activity.HEMOLYSIS):
        assert np.all(lc[:, activity] == 0.0)
    assert np.all(ln[:, Activity.PLATELETS :] == ln[:, [Activity.PLATELETS]])
    assert distance(ln[:, Activity.PLATELETS], stats.norm(math.log(0.25), 0.5).cdf) < 2.2
    for stream in (ln, lc):
        assert distance(stream[:, Activity.EXTRARENAL], stats.norm(math.log(0.5), 0.6).cdf) < 2.2
    quiet = lc[:, Activity.RENAL] == math.log(0.03)
    assert_share(quiet, 0.80)
    assert distance(lc[~quiet, Activity.RENAL], stats.norm(math.log(0.3), 0.4).cdf) < 2.2


def test_values_without_lupus_are_at_least_three_percent_higher(nephritis, cytopenia):
    for persons in (nephritis[0], cytopenia[0]):
        for name in ("platelets", "neutrophils", "lymphocytes", "hemoglobin"):
            assert np.all(persons[f"{name}_normal"] >= 1.03 * persons[name] * (1.0 - 1e-12))


def test_fixed_proteinuria_is_at_most_half_of_the_ratio_at_entry(nephritis, cytopenia):
    assert np.all(nephritis[0]["fixed_proteinuria"] <= 0.5 * nephritis[0]["upcr"])
    assert np.all(np.isnan(cytopenia[0]["upcr"]))
    assert distance(cytopenia[0]["fixed_proteinuria"], LOGNORMAL(0.5, scale=0.18).cdf) < 2.2


LOG_CORRELATIONS = [("creatinine", "upcr", 0.25), ("creatinine", "urine_rbc", 0.15), ("upcr", "urine_rbc", 0.25)]


@pytest.mark.parametrize(("first", "second", "expected"), LOG_CORRELATIONS)
def test_correlations_of_the_logarithms(nephritis, first, second, expected):
    found = np.corrcoef(np.log(nephritis[0][first]), np.log(nephritis[0][second]))[0, 1]
    assert abs(math.atanh(found) - math.atanh(expected)) < 4.5 / math.sqrt(len(nephritis[0]) - 3)


RANK_CORRELATIONS = [
    ("c3", "c4", 0.7),
    ("c3", "anti_dsdna", -0.4),
    ("c3", "upcr", -0.25),
    ("platelets", "lymphocytes", 0.1),
    ("c4", "anti_dsdna", 0.0),
    ("creatinine", "c3", 0.0),
]


@pytest.mark.parametrize(("first", "second", "expected"), RANK_CORRELATIONS)
def test_correlations_of_the_ranks(nephritis, first, second, expected):
    found = stats.spearmanr(nephritis[0][first], nephritis[0][second]).statistic
    error = math.sqrt((1.0 + expected**2 / 2.0) / (len(nephritis[0]) - 3))
    assert abs(math.atanh(found) - math.atanh(expected)) < 4.5 * error


@pytest.mark.parametrize("name", ["extrarenal", "upcr"])
def test_dose_rises_with_activity_and_proteinuria(nephritis, name):
    # The copula has rank correlation .3; a dose of nine levels loses a few per cent of it.
    persons = nephritis[0]
    other = persons["upcr"] if name == "upcr" else persons["log_activity"][:, Activity.EXTRARENAL]
    assert 0.26 < stats.spearmanr(persons["prednisone_dose"], other).statistic < 0.315


def test_damage_rises_with_duration(nephritis):
    # Ties at four levels of damage take about a sixth of .35.
    persons = nephritis[0]
    assert 0.25 < stats.spearmanr(persons["sdi"], persons["disease_duration"]).statistic < 0.37


def test_items_are_owned_with_nine_tenths_of_their_prevalence(nephritis):
    prevalence = (0.35, 0.30, 0.20, 0.10, 0.05, 0.04, 0.03, 0.03, 0.02)
    for item, expected in enumerate(prevalence):
        assert_share(nephritis[0]["item_owned"][:, item] == 1, 0.9 * expected)
        owned = nephritis[0]["item_owned"][:, item] == 1
        thresholds = nephritis[0]["item_threshold"][:, item]
        assert distance(thresholds[owned], LOGNORMAL(0.5, scale=0.28).cdf) < 2.2
        assert np.all(thresholds[~owned] == np.inf)


def test_cns_items_are_rare_and_even(nephritis, cytopenia):
    items = np.concatenate([nephritis[0]["cns_item"], cytopenia[0]["cns_item"]])
    assert_share(nephritis[0]["cns_item"] >= 0, 0.02)
    assert set(np.unique(items)) == {-1, 0, 1, 2, 3, 4}


PREVALENCES = {
    "consent": 0.75,
    "history_cancer": 0.02,
    "history_allergy": 0.25,
    "history_anaphylaxis": 0.03,
    "history_substance_abuse": 0.01,
    "active_peptic_ulcer": 0.02,
    "heart_failure": 0.02,
    "liver_disease": 0.06,
    "coagulation_disorder": 0.04,
    "major_infection": 0.08,
    "other_cause_hemoglobin": 0.03,
    "other_cause_neutrophils": 0.03,
    "other_cause_platelets": 0.03,
    "lymphopenia_unexplained": 0.20,
    "ever_anti_dsdna": 0.70,
    "ever_anti_sm": 0.38,
    "ever_antiphospholipid": 0.30,
    "ever_low_complement": 0.80,
    "ever_acute_cutaneous": 0.45,
    "ever_chronic_cutaneous": 0.08,
    "ever_photosensitivity": 0.30,
    "ever_discoid": 0.08,
    "ever_oral_ulcers": 0.30,
    "ever_alopecia": 0.30,
    "ever_synovitis": 0.65,
    "ever_serositis": 0.20,
    "ever_neurologic": 0.08,
}
BY_STREAM = {
    "ever_hemolytic_anemia": (0.10, 0.25 + 0.75 * 0.15),
    "ever_leukopenia": (0.80, 0.95),
    "ever_thrombocytopenia": (0.20, 0.60 + 0.40 * 0.55),
    "ever_renal": (1.0, 0.31),
    "ever_direct_coombs": (0.15, 0.15 + 0.85 * 0.15),
}


@pytest.mark.parametrize("name", PREVALENCES)
def test_prevalence_in_both_streams(nephritis, cytopenia, name):
    for _, histories in (nephritis, cytopenia):
        assert_share(histories[name], PREVALENCES[name])


@pytest.mark.parametrize("name", BY_STREAM)
def test_prevalence_by_stream(nephritis, cytopenia, name):
    for (_, histories), expected in zip((nephritis, cytopenia), BY_STREAM[name], strict=True):
        assert_share(histories[name], expected)


def test_what_the_referral_is_for_was_present(cytopenia):
    persons, histories = cytopenia
    hemolysis, platelets = persons["hemolytic"] == 1, persons["primary_type"] == Primary.PLATELETS
    assert histories["ever_hemolytic_anemia"][hemolysis].all()
    assert histories["ever_direct_coombs"][hemolysis].all()
    assert histories["ever_thrombocytopenia"][platelets].all()


def test_antinuclear_titers(nephritis):
    titers = nephritis[1]["ana_titer"]
    assert_share(titers > 0.0, 0.978)
    for titer, share in ((80, 0.05), (160, 0.15), (320, 0.25), (640, 0.25), (1280, 0.30)):
        assert_share(titers == titer, 0.978 * share)


def test_biopsies(nephritis, cytopenia):
    histories = nephritis[1]
    assert_share(histories["biopsy_age_days"] <= 365, 0.63)
    mix = {"III": 0.20, "IV-S": 0.176, "IV-G": 0.264, "III+V": 0.16, "IV+V": 0.12, "V": 0.08}
    for name, share in mix.items():
        assert_share(histories["biopsy_class"] == BIOPSY_CLASSES.index(name), share)
    proliferative = histories["biopsy_class"] != BIOPSY_CLASSES.index("V")
    for lesions, share in enumerate((0.57, 0.38, 0.05)):
        assert_share(histories["biopsy_lesions"][proliferative] == lesions, share)
    assert np.all(histories["biopsy_lesions"][~proliferative] == -1)
    assert np.all(cytopenia[1]["biopsy_class"] == -1)


def test_donors_by_age(nephritis):
    persons, histories = nephritis
    age = persons["age"]
    for rows, share in ((age < 40, 0.85), ((age >= 40) & (age < 55), 0.80), (age >= 55, 0.65)):
        assert_share(histories["donor_found"][rows], share)
    ages = histories["donor_age"][histories["donor_found"]]
    assert_share(ages >= 70.0, 0.03)
    assert distance(ages[ages < 70.0], stats.uniform(18.0, 52.0).cdf) < 2.2


def test_a_failed_qualifying_regimen_has_its_share_whatever_the_dose(nephritis, cytopenia):
    minimum = {
        "mycophenolate_mofetil": 2000,
        "azathioprine": 200,
        "tacrolimus": 3,
        "mizoribine": 150,
        "leflunomide": 20,
    }
    for persons, histories in (nephritis, cytopenia):
        least = np.array([minimum.get(drug, 0.0) for drug in REGIMEN_DRUGS])
        enough = histories["regimen_dose"] >= least[histories["regimen_drug"]]
        failed = enough & (histories["regimen_days"] >= 182) & (histories["regimen_response"] < 2)
        assert_share(failed, 0.44)
        assert_share(failed[persons["prednisone_dose"] < 15.0], 0.44)


def test_biologics_and_immunoglobulin(nephritis, cytopenia):
    assert_share(~np.isnan(nephritis[1]["biologic_days"]), 0.05)
    assert_share(~np.isnan(nephritis[1]["ivig_days"]), 0.05)
    assert_share(~np.isnan(cytopenia[1]["ivig_days"]), 0.12)
    days = cytopenia[1]["ivig_days"][~np.isnan(cytopenia[1]["ivig_days"])]
    assert days.min() >= 0.0
    assert days.max() <= 90.0
    assert_share(days <= 28.0, 29 / 91)


def test_only_women_before_menopause_are_pregnant(nephritis):
    persons, histories = nephritis
    fertile = (persons["female"] == 1) & (persons["age"] < 50.0)
    assert not histories["pregnant_or_lactating"][~fertile].any()
    assert_share(histories["pregnant_or_lactating"], 0.02)


def test_normal_scores_of_rank_correlations():
    # Spearman's rho of a bivariate normal with correlation r is (6/pi)·asin(r/2).
    from sim.config.population import Correlations
    from sim.population.parameters import correlation_matrix
    from sim.population.variables import Correlated

    zero = dict.fromkeys(Correlations.__dataclass_fields__, 0.0)
    matrix = correlation_matrix(Correlations(**{**zero, "c3_c4": 0.7}), nephritis=True)
    rank = 6.0 / math.pi * math.asin(matrix[Correlated.C3, Correlated.C4] / 2.0)
    assert rank == pytest.approx(0.7, abs=1e-12)
