"""Which pages readers ask for, in the tests of how quick the app answers."""

from __future__ import annotations

__all__ = ["PAGES"]

PERSON = "/people/~vera"
PAGES = (
    "/",
    PERSON,
    f"{PERSON}/diary",
    f"{PERSON}/days",
    f"{PERSON}/treatments",
    f"{PERSON}/progress",
    f"{PERSON}/progress/body",
    f"{PERSON}/review",
    f"{PERSON}/compare",
    f"{PERSON}/changes",
    "/review/1",
    "/api/review/1/signals",
    "/help",
)
