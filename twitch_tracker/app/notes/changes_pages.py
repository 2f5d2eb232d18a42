"""Who changed treatments and diary, when, and the values before."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from twitch_tracker.app.notes.changes_words import SHOWN_KINDS, change_rows, is_shown
from twitch_tracker.app.state import State
from twitch_tracker.app.templating import page

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_SHOWN: Final = 25
"""Changes on one page; older ones on further pages."""


@router.get("/people/~{patient_id}/changes")
def changes(state: State, patient_id: str, older: int = 0) -> Response:
    """Show the newest changes first."""
    at = min(max(older, 0), 100_000)
    with state.journal() as journal:
        found = journal.changes(
            patient_id, kinds=SHOWN_KINDS, newest=_SHOWN + 1, skip=at * _SHOWN
        )
        treatments = journal.treatments(patient_id)
    rows = change_rows([one for one in found if is_shown(one)], treatments)
    return page(
        "changes.html.j2",
        patient_id=patient_id,
        rows=rows[:_SHOWN],
        older=at + 1 if len(found) > _SHOWN else 0,
        newer=at - 1 if at else None,
    )
