"""Every value of a run is listed with what conf/ says of it."""

from sim.config.compose import load
from sim.config.sources import assumptions, basis
from tests.config.test_sources import FILES, kind_of, leaves


def listed(*overrides):
    return {each.key: each for each in assumptions(load(list(overrides)))}


def test_every_value_has_a_source_and_none_is_listed_twice():
    found = assumptions(load())
    assert all(each.source and each.unit and each.value for each in found)
    assert len({each.key for each in found}) == len(found) > 600
    assert {each.basis for each in found} == {"assumed", "fitted", "published"}


def test_a_value_carries_the_words_of_its_line():
    found = listed("taper=t24", "effect=pessimistic")
    assert found["effect.p_responder"][1:4] == ("0.35", "probability of a biological responder", "assumed")
    assert found["effect.duration_scale"].value == "150"
    assert found["effect.lag_mean"].source.startswith("assumed; T-cell changes")
    assert found["design.n"][1:] == ("10", "patients", "published", "registry NCT04835883, planned enrolment")
    assert "design.name" not in found


def test_what_the_user_sets_is_said_to_be_so_with_what_it_replaces():
    found = listed("design.n=12", "effect.scenarios.neutral.p_responder=0.5")
    assert found["design.n"][3:] == ("set by the user", "in place of 10 (registry NCT04835883, planned enrolment)")
    assert found["effect.scenarios.neutral.p_responder"].basis == "set by the user"
    assert found["effect.scenarios.optimistic.p_responder"].basis == "assumed"


def test_the_basis_is_counted_as_in_the_model_document():
    words = {"published or registry": "published", "fitted or tuned": "fitted", "assumed": "assumed"}
    for path in FILES:
        for leaf in leaves(path):
            assert basis(leaf.source) == words[kind_of(leaf.source)], leaf
