"""What a person's earlier recordings show of the open eyes.

Reads what `analyze` left in the summaries of logged recordings; nothing else is kept
for it, so that removing a recording or a person removes this, too. Note: only
recordings that were made before the one in question are asked, so that the same
recording is analysed the same way later on.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Final

from twitch_tracker.exchange.open_eyes import read_face
from twitch_tracker.journal.journal import Journal
from twitch_tracker.motion.known_face import lends
from twitch_tracker.records import FaceSeen

__all__ = ["NEWEST", "faces_before"]

NEWEST: Final = 9
"""So many recordings of one method are asked, the newest that show both eyes open:
faces change over years, and more than these hardly move a median."""

MOST_LOOKED_AT: Final = 400
"""No more recordings than these are opened to find them: a year of daily ones."""


def faces_before(
    journal: Journal, patient_id: str, before: datetime
) -> tuple[FaceSeen, ...] | None:
    """Collect what a person's earlier recordings show of the open eyes.

    Parameters
    ----------
    journal : Journal
        Where the recordings are.
    patient_id : str
        Whose.
    before : datetime
        Only recordings made before this; aware.

    Returns
    -------
    tuple of FaceSeen or None
        Newest first, at most `NEWEST` of one method; only those in which both eyes
        were open for long. None when the person does not want it.

    Raises
    ------
    UnknownPatient
        No such person.
    """
    if journal.patient(patient_id).no_known_face:
        return None
    earlier = [
        brief for brief in journal.overview(patient_id) if brief.started_at < before
    ]
    found: list[FaceSeen] = []
    counts: Counter[str] = Counter()
    for brief in earlier[: -MOST_LOOKED_AT - 1 : -1]:
        summary = journal.analysis(brief.recording_id).summary
        face = read_face(summary, brief.recording_id)
        if face is None or not lends(face) or counts[face.measured_with] == NEWEST:
            continue
        counts[face.measured_with] += 1
        found.append(face)
    return tuple(found)
