"""What a reader must know before using the numbers, in plain words."""

from __future__ import annotations

from twitch_tracker.language import say

__all__ = ["limits_in_words", "method_in_words"]


def limits_in_words() -> tuple[str, ...]:
    """Return what the numbers do not mean, one sentence group each."""
    return (
        say(
            "This is a measurement and not a diagnosis. One-sided bursts have many "
            "causes, and only a physician can tell which. Show this report to yours."
        ),
        say(
            "The method was checked mainly on simulated movements put into ordinary "
            "videos. How well it agrees with physicians on recordings of patients is "
            "not known yet."
        ),
        say(
            "Bursts can be missed: small ones, ones during speech or a turn of the "
            "head, and all of those in time that could not be measured."
        ),
        say(
            "Ordinary movements can be taken for bursts: a wink, a lopsided smile or "
            "a grimace made on purpose. Look at the pictures or at the recording "
            "before you rely on a single burst."
        ),
        say(
            "Confidence says how clearly one side moved alone. It is not the chance "
            "of having an illness."
        ),
        say(
            "One recording is a snapshot. Bursts come and go with sleep, stress and "
            "talking; a few minutes say little about a whole day."
        ),
        say(
            "A short recording gives an uncertain rate. Two recordings differ only "
            "when their intervals are clearly apart."
        ),
        say(
            "Compare like with like: the same camera, place, light, time of day and "
            "task, the same version of the program and the same face tracker."
        ),
        say(
            "Millimetres are estimates: they come from the width of the iris, which "
            "is not the same in all people, and from a picture without depth."
        ),
    )


def method_in_words() -> str:
    """Return the method in one paragraph."""
    return say(
        "The program follows points on the face from picture to picture, takes away "
        "the movement of the head, and compares each part of the face with its own "
        "quiet position and with the other side. Movements of one side that the other "
        "side and the head do not explain are logged as bursts. All times are counted "
        "from the first picture, and every rate is divided by measurable time only. "
        "A rate's interval is the exact 95 % interval of a Poisson count."
    )
