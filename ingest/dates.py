"""Dates as people write them."""

from datetime import date


def in_words(iso: str) -> str:
    """ "2025-05-20" as "20 May 2025"."""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B} {day.year}"
