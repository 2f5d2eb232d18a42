"""How the numbers of a report were made: program, tracker, file, clock, settings."""

from __future__ import annotations

import math

import numpy as np

from twitch_tracker import units
from twitch_tracker.language import say
from twitch_tracker.records import Session
from twitch_tracker.report.recording.cards import Fact

__all__ = ["method_facts", "parameter_facts"]


def method_facts(session: Session) -> tuple[Fact, ...]:
    """Return program, tracker, hashes, scale, timing and damage, ready to show."""
    video, tracker = session.video, session.tracker
    rows = (
        (say("Program"), f"twitch_tracker {session.software_version}"),
        (say("Face tracker"), f"{tracker.name} {tracker.version}"),
        (say("Tracker weights (SHA-256)"), tracker.weights_sha256),
        (say("Settings (SHA-256)"), session.parameters_sha256),
        (say("Recording (SHA-256)"), video.sha256 or say("none (camera)")),
        (say("Video format"), video.codec),
        (
            say("Rotation applied"),
            say("{deg} degrees clockwise", deg=video.rotation_deg),
        ),
        (say("Scale"), _scale_in_words(session)),
        (say("Times of the pictures"), _timing_in_words(session)),
        (say("Damage in the file"), _damage_in_words(session)),
    )
    return tuple(Fact(label=label, value=value) for label, value in rows)


def _scale_in_words(session: Session) -> str:
    mm = session.motion.mm_per_interocular
    if not math.isfinite(mm):
        return say("not measured: the iris was not seen well enough")
    return say(
        "{mm} mm between the outer eye corners, from the width of the iris "
        "(taken as 11.7 mm; about 4 % uncertain between people)",
        mm=units.decimal(mm, 0),
    )


def _timing_in_words(session: Session) -> str:
    steps_s = np.diff(session.motion.time_s)
    if not len(steps_s):
        return units.not_measured()
    tenth, middle, ninetieth = np.percentile(steps_s, (10, 50, 90))
    even = ninetieth - tenth <= 0.1 * middle
    return say(
        "{even}; steps of {middle} (shortest {low}, longest {high})",
        even=say("even") if even else say("variable frame rate"),
        middle=units.milliseconds(middle),
        low=units.milliseconds(steps_s.min()),
        high=units.milliseconds(steps_s.max()),
    )


def _damage_in_words(session: Session) -> str:
    damage = session.damage
    if not damage.any:
        return say("none found")
    counts = (
        (damage.damaged_packets, say("damaged packets")),
        (damage.duplicate_stamps, say("repeated time stamps")),
        (damage.backward_stamps, say("backward time stamps")),
        (damage.missing_stamps, say("missing time stamps")),
        (damage.joins, say("places at which another recording begins")),
        (damage.unread_recordings, say("recordings behind it that were not read")),
    )
    return ", ".join(f"{what}: {count}" for count, what in counts if count)


def parameter_facts(session: Session) -> tuple[Fact, ...]:
    """Return every parameter of the analysis in alphabetical order."""
    return tuple(
        Fact(label=str(name), value=str(value))
        for name, value in sorted(session.parameters.items())
    )
