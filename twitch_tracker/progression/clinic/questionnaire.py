"""The HFS-7 questionnaire against the least change that matters to a person.

Source: least important change of the HFS-7 total -2.63 (95 % interval -3.33 to -1.92, 112
people).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from math import isfinite
from typing import Final

from twitch_tracker.history import DiaryEntry, Treatment
from twitch_tracker.progression.results import QuestionnaireChange

__all__ = ["LEAST_CHANGE", "LEAST_INTERVAL", "hfs7_change"]

LEAST_CHANGE: Final = 2.63
LEAST_INTERVAL: Final = (1.92, 3.33)
"""Of the least change, 95 %."""
_BEFORE_DAYS: Final = 42


def hfs7_change(
    diary: Sequence[DiaryEntry], treatments: Sequence[Treatment]
) -> QuestionnaireChange | None:
    """Compare the latest total with that before the last treatment.

    Parameters
    ----------
    diary : sequence of DiaryEntry
        All of it.
    treatments : sequence of Treatment
        All of the person.

    Returns
    -------
    QuestionnaireChange or None
        Against the last total of the six weeks up to the last treatment before the latest
        one; without, against the first total. None with fewer than two totals.
    """
    totals = sorted(
        (entry for entry in diary if isfinite(entry.hfs7_total)), key=lambda e: e.on
    )
    if len(totals) < 2:
        return None
    last = totals[-1]
    before = totals[0]
    since = None
    for treatment in sorted(treatments, key=lambda one: one.on):
        earliest = treatment.on - timedelta(days=_BEFORE_DAYS)
        own = [entry for entry in totals if earliest <= entry.on <= treatment.on]
        if own and treatment.on < last.on:
            before, since = own[-1], treatment
    change = last.hfs7_total - before.hfs7_total
    return QuestionnaireChange(
        before_on=before.on,
        before=before.hfs7_total,
        last_on=last.on,
        last=last.hfs7_total,
        change=change,
        least=LEAST_CHANGE,
        matters=abs(change) >= LEAST_CHANGE,
        treatment=since,
    )
