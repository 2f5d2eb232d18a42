"""Options of how a film is read: which video of it, how fast, whom to follow.

Knows their help and what they accept; what is done with them is `video.metadata` and
`face.identity.subject`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from twitch_tracker.cli.options import flag
from twitch_tracker.language import say

if TYPE_CHECKING:
    from twitch_tracker.batch import Job

__all__ = [
    "CaptureFps",
    "Explain",
    "Stream",
    "SubjectPlace",
    "checked_place",
    "explain_files",
]

_PLACES: Final[dict[str, tuple[float, float | None]]] = {
    "left": (0.25, None),
    "right": (0.75, None),
}
"""Halves of the picture as a player shows it."""


Stream = Annotated[
    int | None,
    typer.Option(
        "--stream",
        metavar="N",
        min=0,
        help="Which video of a file with several; doctor FILE lists them.",
    ),
]
CaptureFps = Annotated[
    float | None,
    typer.Option(
        "--capture-fps",
        metavar="N",
        min=0.01,
        help="Pictures a second that were taken, of slow motion or time lapse whose "
        "file does not say so; the rate at which it plays says that it is neither.",
    ),
]
SubjectPlace = Annotated[
    str | None,
    typer.Option(
        "--subject",
        metavar="PLACE",
        help="Whom to follow where several faces are seen: left, right, or X,Y in "
        "percent of the picture's width and height from its upper left corner, as a "
        "player shows it.",
    ),
]
Explain = Annotated[
    bool,
    flag(
        "--explain",
        help="Say first what each file says about itself, as doctor FILE does.",
    ),
]


def checked_place(place: str | None) -> tuple[float, float | None] | None:
    """Read where the person is in the picture.

    Parameters
    ----------
    place : str or None
        ``left``, ``right``, or two percentages such as ``30,40``.

    Returns
    -------
    tuple or None
        Shares of the picture's width and height; no height where any will do.

    Raises
    ------
    typer.BadParameter
        It is none of these.
    """
    if place is None:
        return None
    if place.lower() in _PLACES:
        return _PLACES[place.lower()]
    try:
        across, down = (float(part) / 100 for part in place.split(","))
    except ValueError:
        across = down = math.nan
    if 0 <= across <= 1 and 0 <= down <= 1:
        return across, down
    raise typer.BadParameter(
        say(
            "--subject: expected left, right, or two percentages such as 30,40; got "
            "{place!r}.",
            place=place,
        )
    )


def explain_files(work: Sequence[Job]) -> None:
    """Say on stderr what each file says about itself.

    A file that cannot be read is reported by the work itself.
    """
    from twitch_tracker.cli.doctor import facts_text
    from twitch_tracker.errors import TwitchTrackerError
    from twitch_tracker.video.probe import look_into

    for job in work:
        try:
            look = look_into(job.video, job.options.reading)
        except TwitchTrackerError:
            continue
        print(facts_text(job.video.name, look), file=sys.stderr)
