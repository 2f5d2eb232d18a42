"""Three pictures of the last burst that was filmed, for the paper of a visit.

They are only made on request. Note: pictures are upright and unmirrored, so the
person's right side is on the left.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.app.course.films import source_of
from twitch_tracker.app.home.view import BurstFilm
from twitch_tracker.app.state import AppState
from twitch_tracker.errors import UnknownEntry
from twitch_tracker.language import say
from twitch_tracker.report.progress.paper.faces import Faces
from twitch_tracker.video.files import open_video

__all__ = ["faces_of"]

_AWAY_S: Final = 0.4
"""So long before the onset and after the offset."""

_MOST_SIDE_PX: Final = 480


def faces_of(state: AppState, film: BurstFilm | None) -> Faces:
    """Take a picture before, within and after a burst.

    Returns
    -------
    Faces
        Three pictures of RGB, shape (height, width, 3).

    Raises
    ------
    UnknownEntry
        There is no film here.
    RecordingError
        The film cannot be read.
    """
    if film is None:
        raise UnknownEntry(_no_film())
    with state.journal() as journal:
        source = source_of(state, journal.recording(film.recording_id))
    if source is None:
        raise UnknownEntry(_no_film())
    span = film.burst.span
    wanted = (
        span.start_s - _AWAY_S,
        (span.start_s + span.end_s) / 2,
        span.end_s + _AWAY_S,
    )
    nearest: list[tuple[float, NDArray[np.uint8] | None]] = [(np.inf, None)] * 3
    with open_video(
        source.video,
        mirrored=source.mirrored,
        start_s=max(wanted[0] - 0.1, 0.0),
        end_s=wanted[2] + 0.1,
        max_side_px=_MOST_SIDE_PX,
        reading=source.reading,
    ) as frames:
        for frame in frames:
            for place, time_s in enumerate(wanted):
                away = abs(frame.time_s - time_s)
                if away < nearest[place][0]:
                    nearest[place] = (away, frame.image)
    pictures = [picture for _, picture in nearest if picture is not None]
    if not pictures:
        raise UnknownEntry(_no_film())
    return Faces(
        pictures=tuple(pictures),
        titles=(say("before it"), say("within"), say("after it")),
        words=film.words,
    )


def _no_film() -> str:
    return say(
        "No film of a burst is stored here, so there is no picture. Create the PDF "
        "without them."
    )
