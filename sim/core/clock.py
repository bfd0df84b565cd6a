"""The clock is an integer: whole minutes from 00:00 of study day 0.

Float times drift by an ulp and reorder simultaneous events; minutes do not. Days appear where a table is
written, and nowhere else.
"""

from typing import Final

MINUTES_PER_DAY: Final = 1440
CLINIC_OPENS: Final = 540
"""Assessments, orders, taper steps and infusions happen at 09:00 of their day."""
DAYS_PER_YEAR: Final = 365.25
NEVER: Final = 1 << 60
"""A due time that is never reached."""


def clinic_minute(day: int) -> int:
    """Minute of 09:00 on a study day (negative before day 0)."""
    return day * MINUTES_PER_DAY + CLINIC_OPENS


def day_of(minute: int) -> int:
    """Study day that contains a minute; floor, so minute -1 lies in day -1."""
    return minute // MINUTES_PER_DAY
