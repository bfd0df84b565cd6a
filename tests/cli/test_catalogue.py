"""Which kinds of test look at a criterion or endpoint is read from the test files themselves."""

from sim.cli.catalogue import kinds_of_test, words_of_tests


def test_a_kind_is_listed_where_a_file_of_that_kind_names_the_id_or_the_function(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "test_independent_criteria.py").write_text("check('I5_1E')\n")
    (tmp_path / "test_property_age.py").write_text("age_within_limits(18)\n")
    (tmp_path / "test_age.py").write_text("I0a\n")
    (tmp_path / "cli").mkdir()
    (tmp_path / "cli" / "test_golden_listing.py").write_text("I0a\n")
    (tmp_path / "notes.py").write_text("I9\n")
    tests = words_of_tests(tmp_path)
    assert kinds_of_test(["I5_1E"], tests) == ["independent"]
    assert kinds_of_test(["I0a", "age_within_limits"], tests) == ["property", "unit"]
    assert kinds_of_test(["I5_1", "I9"], tests) == []


def test_the_files_of_the_twin_and_of_the_cases_worked_by_hand_are_evidence_of_their_kind(tmp_path):
    for folder, name in (("independent", "criteria.py"), ("hand_worked", "test_independent_cases.py")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text("I5_1E\n")
    (tmp_path / "endpoints").mkdir()
    (tmp_path / "endpoints" / "records.py").write_text("I5_1N\n")
    tests = words_of_tests(tmp_path)
    assert kinds_of_test(["I5_1E"], tests) == ["independent", "hand_worked"]
    assert kinds_of_test(["I5_1N"], tests) == []
    assert kinds_of_test([], tests) == []


def test_without_the_source_tree_there_are_no_tests_to_read():
    assert words_of_tests(None) == {}
