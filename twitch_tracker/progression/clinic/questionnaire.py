"""Totals of questionnaires against the least change that matters to a person.

Source: least important changes of HFS-30, -4.46 (95 % interval -5.41 to -3.65), and of
HFS-7, -2.63 (-3.33 to -1.92), of 112 people between a visit for an injection and the
first day on which they felt a little better (Saengphatrachai et al. 2025, Clin Park
Relat Disord 12:100295; intervals in the congress abstract of the same study). Note:
they are of totals, 0 to 120 and 0 to 28.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import isfinite
from typing import Final

from twitch_tracker.history import DiaryEntry, Treatment
from twitch_tracker.progression.results import QuestionnaireChange

__all__ = ["LEAST_CHANGES", "questionnaire_change"]

LEAST_CHANGES: Final[Mapping[str, tuple[float, float, float]]] = {
    "hfs7_total": (2.63, 1.92, 3.33),
    "hfs30_total": (4.46, 3.65, 5.41),
}
"""Least change and its 95 % interval, by number of the diary."""

_BEFORE_DAYS: Final = 42


def questionnaire_change(
    factor: str, diary: Sequence[DiaryEntry], treatments: Sequence[Treatment]
) -> QuestionnaireChange | None:
    """Compare the latest total with that before the last treatment.

    Parameters
    ----------
    factor : str
        Which number of the diary, one of `LEAST_CHANGES`.
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
    noted = ((entry.on, getattr(entry, factor)) for entry in diary)
    totals = sorted((on, total) for on, total in noted if isfinite(total))
    if len(totals) < 2:
        return None
    before, last = totals[0], totals[-1]
    since = None
    for treatment in sorted(treatments, key=lambda one: one.on):
        earliest = treatment.on - timedelta(days=_BEFORE_DAYS)
        own = [one for one in totals if earliest <= one[0] <= treatment.on]
        if own and treatment.on < last[0]:
            before, since = own[-1], treatment
    change = last[1] - before[1]
    least, low, high = LEAST_CHANGES[factor]
    return QuestionnaireChange(
        factor=factor,
        before_on=before[0],
        before=before[1],
        last_on=last[0],
        last=last[1],
        change=change,
        least=least,
        least_low=low,
        least_high=high,
        matters=abs(change) >= least,
        treatment=since,
    )
