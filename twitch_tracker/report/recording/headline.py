"""The top of a report: the result in one sentence, and what to keep in mind.

It says "one-sided bursts" and never names an illness, and it never says that
nothing is wrong: only that nothing was found in so many minutes.
"""

from __future__ import annotations

import math

from twitch_tracker import units
from twitch_tracker.language import say
from twitch_tracker.records import Session, SessionSummary
from twitch_tracker.regions import SIDES, Side
from twitch_tracker.wording.film.said import (
    damage_in_words,
    said_in_words,
    subjects_in_words,
    unseen_in_words,
)
from twitch_tracker.wording.partly_seen import (
    hardly_open_in_words,
    known_face_in_words,
    regions_unseen_in_words,
)

__all__ = [
    "SHORT_RECORDING_S",
    "SHOWN_SIDES",
    "cautions",
    "headline",
    "measurable",
    "nothing_measured",
    "recorded_as",
    "summary_cautions",
]

SHORT_RECORDING_S = 60.0
"""Below this analysable time a rate is called uncertain (choice of this report)."""

SHOWN_SIDES = (Side.RIGHT, Side.LEFT)
"""Right first, as in a clinical note."""


def nothing_measured(summary: SessionSummary) -> bool:
    """Return whether no moment of the recording could be measured."""
    return summary.analysable_s <= 0


def headline(summary: SessionSummary) -> str:
    """Return the result in one sentence."""
    minutes = units.duration(summary.analysable_s)
    if nothing_measured(summary):
        return say(
            "Nothing could be measured in this recording. The reasons, and what "
            "helps, are below."
        )
    counts = [summary.sides[side].episodes for side in SHOWN_SIDES]
    if not any(counts):
        return say(
            "No one-sided bursts were found in {minutes} of measurable video.",
            minutes=minutes,
        )
    return say(
        "One-sided bursts in {minutes} of measurable video: "
        "{right} on the right side, {left} on the left side.",
        minutes=minutes,
        right=counts[0],
        left=counts[1],
    )


def measurable(summary: SessionSummary) -> str:
    """Return how much of the recording could be measured."""
    return say(
        "{analysable} of {recorded} could be measured.",
        analysable=units.duration(summary.analysable_s),
        recorded=units.duration(summary.recorded_s),
    )


def recorded_as(session: Session) -> str:
    """Return size, number of pictures, and whether it was a mirror image."""
    video = session.video
    shape = say(
        "{width} by {height} pixels, {frames} pictures, about {fps} a second",
        width=video.width_px,
        height=video.height_px,
        frames=len(session.motion.time_s),
        fps=units.decimal(_pictures_a_second(session), 0),
    )
    mirrored = (
        say("stored as a mirror image; it was turned back before measuring")
        if video.mirrored
        else say("not a mirror image")
    )
    return f"{shape}; {mirrored}."


def _pictures_a_second(session: Session) -> float:
    recorded_s = session.summary.recorded_s
    return len(session.motion.time_s) / recorded_s if recorded_s > 0 else math.nan


MISSING_TAIL_S = 1.0
"""A file that ends this much before its claimed end is called incomplete: half a
second may be rounding of the container (choice of this report)."""


def is_cut_short(session: Session) -> bool:
    """Return whether clearly less was read than the file says it holds."""
    motion = session.motion
    if not len(motion.time_s) or math.isnan(session.video.duration_s):
        return False
    wanted_end_s = session.parameters.get("end_s")
    end_s = session.video.duration_s
    if isinstance(wanted_end_s, int | float):
        end_s = min(end_s, wanted_end_s)
    return end_s - float(motion.time_s[-1]) > MISSING_TAIL_S


def cautions(session: Session) -> tuple[str, ...]:
    """Return what a reader must know before the numbers."""
    notes = []
    if is_cut_short(session):
        notes.append(
            say(
                "The file should last {claimed}, but only {read} of it could be "
                "read. It may be incomplete; missing parts are in no number here.",
                claimed=units.duration(session.video.duration_s),
                read=units.duration(session.summary.recorded_s),
            )
        )
    notes.extend(damage_in_words(session.damage))
    notes.extend(said_in_words(session.video.said, on_page=True))
    summary = session.summary
    measured = (summary.excluded_s, summary.pictures_hz)
    pressed = (summary.unchanged_share, summary.quantiser)
    notes.extend(unseen_in_words(*measured, *pressed))
    notes.extend(subjects_in_words(session.subject_events, on_page=True))
    notes.extend(summary_cautions(session.summary))
    notes.extend(hardly_open_in_words(session.hardly_open))
    known = zip(SIDES, session.motion.known_eyes or (), strict=False)
    notes.extend(known_face_in_words(dict(known)))
    if unseen := regions_unseen_in_words(session.summary.regions_unseen_s):
        notes.append(unseen)
    if session.video.mirrored:
        notes.append(
            say(
                "The recording was marked as a mirror image. If that is wrong, "
                "right and left are exchanged in this report."
            )
        )
    return tuple(notes)


def summary_cautions(summary: SessionSummary) -> tuple[str, ...]:
    """Return what a reader must know of how much was measured."""
    analysable_s = summary.analysable_s
    notes = []
    if 0 < analysable_s < SHORT_RECORDING_S:
        notes.append(
            say(
                "Only {length} could be measured. The number of bursts per minute is "
                "therefore very uncertain; three minutes or more are better.",
                length=units.duration(analysable_s),
            )
        )
    if 0 < analysable_s < summary.recorded_s / 2:
        notes.append(
            say(
                "More than half of the recording could not be measured. "
                "Bursts in that time are missing from the numbers."
            )
        )
    if not any(side.episodes for side in summary.sides.values()) and analysable_s > 0:
        notes.append(
            say(
                "This does not mean that there are none at other times, "
                "and small ones can be missed."
            )
        )
    return tuple(notes)
