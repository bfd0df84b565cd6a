"""SLICC 2012 and ACR 1997: the limbs, and one source for columns and compiled scalars."""

import inspect

import numba
import numpy as np
import pytest

from sim.instruments import classification as c

RNG = np.random.default_rng(20120801)


def clinical(*names: str) -> int:
    arguments = inspect.signature(c.slicc_2012_clinical_count).parameters
    return int(c.slicc_2012_clinical_count(*(name in names for name in arguments)))


def test_discoid_is_chronic_cutaneous_and_counts_once() -> None:
    assert clinical("ever_discoid") == clinical("ever_chronic_cutaneous") == 1
    assert clinical("ever_discoid", "ever_chronic_cutaneous") == 1
    assert clinical(*inspect.signature(c.slicc_2012_clinical_count).parameters) == 11


def test_coombs_counts_only_without_hemolytic_anemia() -> None:
    nothing = (0.0, False, False, False, False)
    assert c.slicc_2012_immunologic_count(*nothing, True, False) == 1
    assert c.slicc_2012_immunologic_count(*nothing, True, True) == 0
    assert c.slicc_2012_immunologic_count(*nothing, False, False) == 0


@pytest.mark.parametrize(("titer", "count"), [(0.0, 0), (79.0, 0), (80.0, 1), (640.0, 1), (np.nan, 0)])
def test_antinuclear_titer(titer: float, count: int) -> None:
    assert c.slicc_2012_immunologic_count(titer, *([False] * 6)) == count


@pytest.mark.parametrize(
    ("clinical_count", "immunologic_count", "met"),
    [(3, 1, True), (1, 3, True), (4, 0, False), (0, 4, False), (2, 1, False), (1, 2, False), (11, 6, True)],
)
def test_slicc_needs_four_with_one_of_each_kind(clinical_count: int, immunologic_count: int, met: bool) -> None:
    assert c.slicc_2012(clinical_count, immunologic_count) == met


def test_acr_items_count_once_each() -> None:
    arguments = list(inspect.signature(c.acr_1997_count).parameters)[:-2]

    def count(*names: str, titer: float = 0.0) -> int:
        return int(c.acr_1997_count(*(name in names for name in arguments), titer))

    assert count(*arguments, titer=80.0) == 11
    assert count("ever_hemolytic_anemia", "ever_leukopenia", "ever_thrombocytopenia") == 1
    assert count("ever_anti_dsdna", "ever_anti_sm", "ever_antiphospholipid") == 1
    assert c.acr_1997(count("ever_photosensitivity", "ever_oral_ulcers", "ever_synovitis", titer=160.0))
    assert not c.acr_1997(count("ever_photosensitivity", "ever_oral_ulcers", "ever_synovitis"))


def test_biopsy_limb_needs_an_antibody() -> None:
    assert c.slicc_2012_biopsy(True, 80.0, False)
    assert c.slicc_2012_biopsy(True, 0.0, True)
    assert not c.slicc_2012_biopsy(True, 0.0, False)
    assert not c.slicc_2012_biopsy(False, 80.0, True)


@pytest.mark.parametrize(
    "function",
    [c.slicc_2012_clinical_count, c.slicc_2012_immunologic_count, c.slicc_2012_biopsy, c.acr_1997_count],
)
def test_columns_scalars_and_compiled_scalars_agree(function) -> None:
    names = [name for name in inspect.signature(function).parameters if name != "titer"]
    columns = [
        RNG.choice([0.0, 79.0, 80.0, 320.0], 200) if name == "ana_titer" else RNG.random(200) < 0.4
        for name in names
    ]
    by_column = function(*columns)
    compiled = numba.njit(function)
    for place in range(200):
        row = [column[place].item() for column in columns]
        assert function(*row) == compiled(*row) == by_column[place]


def test_catalogues_cover_every_argument() -> None:
    for items, functions in (
        (c.SLICC_CLINICAL, [c.slicc_2012_clinical_count]),
        (c.SLICC_IMMUNOLOGIC, [c.slicc_2012_immunologic_count]),
        (c.ACR_1997, [c.acr_1997_count]),
    ):
        read = {column for item in items for column in item.reads}
        arguments = {name for function in functions for name in inspect.signature(function).parameters}
        assert read == arguments - {"titer"}
        assert [item.number for item in items] == list(range(1, len(items) + 1))
