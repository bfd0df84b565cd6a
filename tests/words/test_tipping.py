"""Every number of a tipping point stands in its column."""

from math import nan

from sim.core.tables import table_of
from sim.words.tipping import tipping_text


def rows(endpoint, population, missing, first, **more):
    """One row for each number of the missing who would have responded; success from `first` on."""
    own = {"trial": 0, "endpoint": endpoint, "population": population, "alpha": 0.025, "responders": 6, "n": 8}
    own |= {"missing": missing, "critical_value": 9.0} | more
    return [own | {"assumed": k, "success": first is not None and k >= first} for k in range(missing + 1)]


def test_each_endpoint_is_told_with_its_own_numbers():
    """At least three of four: 4 + 1 of 16 ways; at least 1 of 20: 2^20 - 1 of 2^20, too many to be written out."""
    table = [*rows("P1", "all", 4, 3), *rows("P2", "LC", 20, 1), *rows("P3", "LN", 2, None, critical_value=nan)]
    table += [*rows("S1", "all", 3, 0), *rows("S2", "all", 0, 0)]
    lines = [" ".join(line.split()) for line in tipping_text(table_of(table))]
    assert [lines[0], *lines[3:]] == [
        "Tipping points at alpha 0.025: every outcome that the missing could have had",
        "P1 6/8 4 9 success if at least 3 of 4 respond (5 of 16 ways)",
        "P2 (LC) 6/8 20 9 success if at least 1 of 20 respond (1.05e+6 of 1.05e+6 ways)",
        "P3 (LN) 6/8 2 – no success, however they turn out",
        "S1 6/8 3 9 success, however they turn out",
        "S2 6/8 0 9 success",
    ]


def test_more_trials_than_asked_for_have_no_words():
    two = [row | {"trial": trial} for trial in (0, 1) for row in rows("P1", "all", 4, 3)]
    assert tipping_text(table_of(two)) == [] and len(tipping_text(table_of(two), 2)) == 4
