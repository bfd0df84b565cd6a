"""Configurations of the population that must be refused, each with its key."""

import copy

import pytest

from sim.config.build import build
from sim.config.population import Population
from sim.core.errors import InputError
from sim.population.parameters import adequate_dose_share, population_parameters

REFUSED = [
    (("body", "female"), 1.2, "population.body.female"),
    (("body", "age_high"), 14.0, "population.body.age_high"),
    (("shared", "item_prevalence", "rash"), 1.5, "population.shared.item_prevalence"),
    (("shared", "prednisone_dose", "5"), 0.5, "population.shared.prednisone_dose"),
    (("cytopenia", "primary"), {"platelets": 1.0}, "population.cytopenia.primary"),
    (("biopsy", "classes"), {"VII": 1.0}, "population.biopsy.classes"),
    (("biopsy", "within_a_year"), 1.0, "population.biopsy.within_a_year"),
    (("regimen", "nephritis"), {"aspirin": 1.0}, "population.regimen.nephritis"),
    (("regimen", "response_none"), 0.9, "population.regimen.response_partial"),
    (("regimen", "long_enough"), 1.0, "population.regimen.long_enough"),
    (("features", "ana_titer"), {"high": 1.0}, "population.features.ana_titer"),
    (("donor", "age_oldest"), 60.0, "population.donor.age_limit"),
    (("exclusions", "anaphylaxis"), 0.5, "population.exclusions.anaphylaxis"),
]


def _changed(plain, place, value):
    values = copy.deepcopy(plain)
    inner = values
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return values


@pytest.mark.parametrize(("place", "value", "key"), REFUSED)
def test_an_impossible_population_is_refused_with_its_key(plain, place, value, key):
    with pytest.raises(InputError) as caught:
        build(Population, _changed(plain, place, value), "population")
    assert any(problem.startswith(key) for problem in caught.value.problems)


def test_correlations_that_contradict_each_other_are_refused(plain):
    values = _changed(plain, ("correlations", "c3_anti_dsdna"), -0.95)
    population = build(Population, values, "population")
    with pytest.raises(InputError, match=r"population.correlations.*nephritis.*eigenvalue"):
        population_parameters(population)


def test_a_share_of_failures_that_no_dose_reaches_is_refused(plain):
    population = build(Population, _changed(plain, ("regimen", "failed"), 0.9), "population")
    with pytest.raises(InputError, match=r"population.regimen.failed: 0.9 .*from 0.0"):
        population_parameters(population)


def test_analytic_share_of_adequate_doses_gives_the_configured_failures(population):
    for stream in ("nephritis", "cytopenia"):
        mix = getattr(population.regimen, stream)
        share = adequate_dose_share(population.regimen, mix, stream)
        by_dose = sum(value for drug, value in mix.items() if drug not in ("none", "cyclosporine"))
        assert (mix["cyclosporine"] + share * by_dose) * 0.80 * 0.85 == pytest.approx(0.44)


def test_every_leaf_of_the_shipped_file_has_unit_and_source(request):
    text = (request.config.rootpath / "conf" / "population" / "korean_sle.yaml").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#") and not line.rstrip().endswith(":"):
            comment = line.partition("  # ")[2]
            unit, bar, source = comment.partition(" | ")
            assert unit, line
            assert bar, line
            assert source.strip(), line
