"""Endpoints of the record: from a data set to each patient's answer, and how it came about."""
