"""What a course over months does not mean, in sentences for page and paper."""

from __future__ import annotations

from twitch_tracker.language import say

__all__ = ["limits_of_progress", "short_limit"]


def limits_of_progress() -> tuple[str, ...]:
    """Return the limits, the most important first."""
    return (
        say(
            "These are measurements of one-sided movements on film. They are not a "
            "diagnosis and not a grade, and they do not replace an examination."
        ),
        say(
            "Recordings are short samples of the day. If the camera is switched on "
            "only on bad days, the chart shows bad days. Record at fixed times."
        ),
        say(
            "The bars are 95 % intervals: they say how far chance alone can move a "
            "number. Light, fatigue, place of the camera and mood add to that."
        ),
        say(
            '"Uncertain" does not mean that nothing changed. It means that these '
            "recordings cannot say."
        ),
        say(
            "What changed after a treatment was not necessarily caused by it. Shaded "
            "bands show when an injection is usually expected to work, not when it "
            "worked here."
        ),
        say(
            "Botulinum toxin also weakens blinks and the wanted movement of the face: "
            "smaller movements are not only fewer bursts."
        ),
        say(
            "An association with diary entries is not a cause. Both may follow from "
            "something that nobody wrote down."
        ),
        say(
            "Trends are those of the bursts that the program finds. It misses some "
            "and finds some by mistake, so that the face itself may change more than "
            "the line does: by more than half as much again where three of four "
            "bursts are found and half a burst a minute is a mistake. Where the "
            "other side shows how many are mistakes, the change without them is "
            "stated beside it."
        ),
        say(
            "Recordings that were measured with other software are never put into the "
            "same chart, because a jump could then come from the software."
        ),
    )


def short_limit() -> str:
    """Return the one sentence that must be on every paper."""
    return say(
        "Measurements of one-sided movements on film; not a diagnosis and not a "
        "grade. What changed after a treatment was not necessarily caused by it. "
        "Intervals (95 %) cover chance only."
    )
