"""The first lines of a course: what was counted, or what to do first.

Shared by terminal, page and paper. No chart library is loaded here, so that the
terminal answers quickly.
"""

from __future__ import annotations

from typing import Final

from twitch_tracker import units
from twitch_tracker.history import Basis
from twitch_tracker.language import say
from twitch_tracker.progression.results import Progression
from twitch_tracker.units import period_text
from twitch_tracker.wording.terms import basis_in_words

__all__ = ["MOST_READINGS", "basis_text", "counted_text", "what_to_do_first"]

MOST_READINGS: Final = 6
"""Readings that are shown at once; the others unfold, or are counted."""


def counted_text(progression: Progression) -> str:
    """Return from when to when, how many recordings, and how long they are."""
    first, last = progression.first_on, progression.last_on
    if first is None or last is None or not progression.recordings:
        return say("No recording is counted yet.")
    return say(
        "{when}: {n}, {minutes} measurable",
        when=period_text(first, last),
        n=units.recordings(progression.recordings),
        minutes=units.duration(60 * progression.analysable_min),
    )


def basis_text(progression: Progression) -> str:
    """Say whose bursts count, and of how many recordings."""
    return basis_in_words(
        progression.basis,
        reviewed=progression.reviewed,
        of=progression.recordings,
    )


def what_to_do_first(progression: Progression) -> str:
    """Return what somebody without any counted recording should do."""
    if progression.left_out:
        return say(
            "There are recordings, but none can be counted. The reasons are below "
            'under "What is left out".'
        )
    if progression.basis is Basis.REVIEWED:
        return say(
            "No recording has been checked by a person yet. Finish a review, or ask "
            "for the bursts that the program found with --basis detected."
        )
    return say(
        "Film the face for about three minutes at rest, then enter the recording: "
        "twitch-tracker analyze FILM --patient {patient}. After some weeks of "
        "recordings this page can show the course over time.",
        patient=progression.patient.patient_id,
    )
