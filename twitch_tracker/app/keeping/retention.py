"""Films that are kept, kept for some days, or never kept, as their person wishes.

What an analysis measured stays: numbers, signals, the report without its pictures.
Conventions that bite: a film goes only when its analysis is in the journal, so that no
wish loses a recording; and days are counted from when the film came here, by the clock
of the disk, never from when it was recorded.
"""

from __future__ import annotations

import logging
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from twitch_tracker.app.recording.clips import Clip, ClipState
from twitch_tracker.app.recording.store import Store
from twitch_tracker.encrypted.files import read_whole
from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.journal.journal import Journal

__all__ = ["let_films_go", "without_pictures"]

_log = logging.getLogger(__name__)

_PICTURE: Final = re.compile(r"data:image/(?:jpeg|png|webp);base64,[A-Za-z0-9+/=]+")
_NOTHING: Final = "data:,"
_WITH_FACE: Final = ("overlay.mp4",)


def let_films_go(
    journal: Journal, store: Store, *, now: datetime | None = None
) -> tuple[str, ...]:
    """Remove every film whose time is over.

    Parameters
    ----------
    journal : Journal
        Knows what each person wishes.
    store : Store
        The app's recordings.
    now : datetime, optional
        The time; aware.

    Returns
    -------
    tuple of str
        The clips whose film was removed.
    """
    now = now or datetime.now(UTC)
    days = {p.patient_id: p.films_kept_days for p in journal.patients()}
    gone = []
    for clip in store.clips():
        kept_days = days.get(clip.patient_id)
        if kept_days is None or not _is_over(store, clip, kept_days, now):
            continue
        try:
            entry = journal.recording(clip.recording_id)
            _remove_film(store, clip, entry.content_sha256)
            gone.append(clip.clip_id)
        except (OSError, TwitchTrackerError) as error:
            _log.warning("the film of clip %s could not go: %s", clip.clip_id, error)
    return tuple(gone)


def without_pictures(report: str) -> str:
    """Take every picture out of a report; charts and numbers stay."""
    return _PICTURE.sub(_NOTHING, report)


def _is_over(store: Store, clip: Clip, kept_days: int, now: datetime) -> bool:
    """Return whether the time of a film is over; not before its analysis is logged."""
    if clip.state is not ClipState.DONE or not clip.recording_id or clip.film_removed:
        return False
    film = store.video(clip)
    came = film.stat().st_mtime if film.is_file() else 0.0
    return now - datetime.fromtimestamp(came, UTC) >= timedelta(days=kept_days)


def _remove_film(store: Store, clip: Clip, content_sha256: str) -> None:
    """Remove all that shows the face, and note that when it is done."""
    for folder in (store.chunks(clip), store.home_of_app / "review" / content_sha256):
        if folder.is_dir():
            shutil.rmtree(folder)
    result = store.result(clip)
    for name in _WITH_FACE:
        (result / name).unlink(missing_ok=True)
    _take_pictures_out(result / "report.html")
    store.video(clip).unlink(missing_ok=True)
    store.change(clip.clip_id, film_removed=True)


def _take_pictures_out(report: Path) -> None:
    if report.is_file():
        text = read_whole(report).decode()
        plain = without_pictures(text)
        if plain != text:
            write_whole(report, plain)
