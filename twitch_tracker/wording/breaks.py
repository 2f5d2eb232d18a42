"""Sentences on where a course was recorded in another way."""

from __future__ import annotations

from twitch_tracker import units
from twitch_tracker.language import say
from twitch_tracker.progression.recordings.broken import Break, Broken
from twitch_tracker.units import day_text

__all__ = ["break_text"]


def break_text(found: Break) -> str:
    """Say what changed in how it was recorded, and what that means for the page."""
    day = day_text(found.on)
    if found.until is not None:
        return _followed_by_another(found, day)
    if found.what is Broken.SIDE:
        return say(
            "From {day} on the bursts are on the other side of the face. A mirrored "
            "picture would look like this: compare recordings from before and after "
            "that day. Changes are reported only from that day on.",
            day=day,
        )
    if found.what is Broken.BOTH_SIDES:
        return say(
            "From {day} on the number of bursts is different on both sides at once. "
            "New glasses, another lamp or another place would look like this: look "
            "at some of these bursts. Changes are reported only from that day on.",
            day=day,
        )
    if found.what is Broken.DEVICE:
        return say(
            "Recorded with another device since {day} ({device}): a jump at that "
            "point is not reported as a change.",
            day=day,
            device=found.device,
        )
    if found.what is Broken.DAYTIME:
        return say(
            "Recordings have moved to another time of day: about {before} → about {after}. "
            "Bursts differ over a day. Trends allow for that as far as numbers can; to be "
            "sure, record at the same time of day.",
            before=units.hour_text(found.before),
            after=units.hour_text(found.after),
        )
    return _drift(found)


def _followed_by_another(found: Break, day: str) -> str:
    """Say what changed on a day since when there was another such change."""
    if found.what is Broken.SIDE:
        return say(
            "On {day} the bursts changed to the other side of the face. A mirrored "
            "picture would look like this.",
            day=day,
        )
    return say(
        "On {day} the number of bursts changed on both sides at once. New glasses, "
        "another lamp or another place would look like this.",
        day=day,
    )


def _drift(found: Break) -> str:
    """Say that recordings have other lengths, or can be measured in another share."""
    if found.what is Broken.LENGTH:
        before, after = (units.duration(60 * m) for m in (found.before, found.after))
        if found.after < found.before:
            return say(
                "Recordings have become shorter: {before} → {after}.",
                before=before,
                after=after,
            )
        return say(
            "Recordings have become longer: {before} → {after}.",
            before=before,
            after=after,
        )
    before, after = (units.percent(share) for share in (found.before, found.after))
    return say(
        "Another part of the recordings can be measured: {before} → {after}. Light, "
        "distance or what covers the face may have changed.",
        before=before,
        after=after,
    )
