"""Check whether a step is on film as long as it lasted, and say so when it is not.

A browser on a busy computer leaves pictures out; the times of those that it keeps stay
true. So the film of a step may have gaps, which are not analysable: the rate of bursts
is counted in the minutes that are on film (`motion.timing`, the rule of the analysis).
Here the same rule is applied right after the step, so that the person learns of it
while it can be done again. Note: how long a step ran is known only when its page could
report it; after a crash nothing is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from twitch_tracker import units
from twitch_tracker.app.recording.clips import Clip
from twitch_tracker.errors import VideoUnreadable
from twitch_tracker.language import say
from twitch_tracker.motion.timing import frame_durations
from twitch_tracker.video.timing import read_times_s
from twitch_tracker.wording.film.said import few_pictures_in_words

__all__ = ["OnFilm", "film_note", "look_at_film"]

SLACK_S: Final = 1.0
"""A step and its film may differ by so much: a recorder takes a moment to start."""

SLACK_SHARE: Final = 0.02
"""... and by this share of the step, when that is more."""


@dataclass(frozen=True, kw_only=True)
class OnFilm:
    """What is on film.

    Attributes
    ----------
    filmed_s : float
        Seconds on film, holes left out.
    pictures : int
        How many pictures.
    """

    filmed_s: float
    pictures: int


def look_at_film(path: Path) -> OnFilm | None:
    """Look how much is on film, without decoding it.

    Returns
    -------
    OnFilm or None
        None when it cannot be read; its analysis will say why.
    """
    try:
        time_s = read_times_s(path)
    except VideoUnreadable:
        return None
    filmed_s = float(frame_durations(time_s).sum())
    return OnFilm(filmed_s=filmed_s, pictures=len(time_s))


def film_note(clip: Clip, *, analysed: bool = False) -> str:
    """Say what a reader must know of how a step was filmed; empty when all is well.

    Parameters
    ----------
    clip : Clip
        Filmed in the app.
    analysed : bool
        Whether its result is beside it, which says what too few pictures leave open.

    Returns
    -------
    str
        In the language that is spoken now.
    """
    rate_note = "" if analysed else _rate_note(clip)
    return " ".join(filter(None, (_length_note(clip), rate_note)))


def _length_note(clip: Clip) -> str:
    """Say when less or more is on film than the step lasted."""
    if clip.filmed_s is not None and clip.ran_s is not None:
        slack_s = max(SLACK_S, SLACK_SHARE * clip.ran_s)
        if clip.filmed_s < clip.ran_s - slack_s:
            return say(
                "Of the {ran} of this step, {filmed} are on film; the computer was "
                "too busy for the rest. Bursts are counted only in the filmed time. "
                "Close other programs, and repeat the step if you can.",
                ran=units.duration(clip.ran_s),
                filmed=units.duration(clip.filmed_s),
            )
        if clip.filmed_s > clip.ran_s + slack_s:
            return say(
                "This step took {ran}, but its film states a length of {filmed}. Its "
                "times and its bursts per minute cannot be trusted. Repeat the step.",
                ran=units.duration(clip.ran_s),
                filmed=units.duration(clip.filmed_s),
            )
    return ""


def _rate_note(clip: Clip) -> str:
    """Say when too few pictures a second are on film; the length says nothing of it."""
    if not clip.filmed_s:
        return ""
    return few_pictures_in_words(clip.pictures, clip.filmed_s)
