"""Remove films after the time for which their person wants them kept.

What an analysis measured stays: numbers, signals, the report without its pictures.
Note: a film is removed only when its analysis is in the journal, so that no recording is
lost; and days are counted from when the film came here, by the clock of the disk, never
from when it was recorded.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from unicodedata import normalize

from twitch_tracker.app.recording.clips import Clip, ClipState
from twitch_tracker.app.recording.store import REVIEW, Store
from twitch_tracker.encrypted.files import read_whole
from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.journal.journal import Journal

__all__ = ["remove_expired_films", "without_pictures"]

_log = logging.getLogger(__name__)

_PICTURE: Final = re.compile(r"data:image/(?:jpeg|png|webp);base64,[A-Za-z0-9+/=]+")
_NOTHING: Final = "data:,"
_DAY_S: Final = 86_400.0
_CLOCK_ERROR_S: Final = 300.0
_WITH_FACE: Final = ("overlay.mp4",)


def remove_expired_films(
    journal: Journal, store: Store, *, now: datetime | None = None
) -> tuple[str, ...]:
    """Remove every film whose time is over.

    Parameters
    ----------
    journal : Journal
        Has the setting of each person.
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
    days = {
        normalize("NFC", p.patient_id): p.films_kept_days for p in journal.patients()
    }
    gone = []
    for clip in store.clips():
        kept_days = days.get(normalize("NFC", clip.patient_id))
        if kept_days is None or not _is_over(store, clip, kept_days, now):
            continue
        try:
            entry = journal.recording(clip.recording_id)
            _remove_film(store, clip, entry.content_sha256)
            gone.append(clip.clip_id)
        except (OSError, TwitchTrackerError) as error:
            _log.warning("the film of clip %s could not go: %s", clip.clip_id, error)
    _remove_expired_copies(journal, store, now)
    return tuple(gone)


def _remove_expired_copies(journal: Journal, store: Store, now: datetime) -> None:
    """Remove review copies whose time is over: also of films that were sent for it only.

    One that was sent stays for a day at least, or nobody could review it.
    """
    ages: dict[Path, float] = {}
    for place in store.review_folders():
        with contextlib.suppress(OSError):  # e.g. removed meanwhile
            ages[place] = min(
                _age_days(path, now) for path in (place, *place.iterdir())
            )
    limits_days = {
        person.patient_id: float(max(person.films_kept_days, 1))
        for person in journal.patients()
        if person.films_kept_days is not None
    }
    if not any(
        age >= limit_days
        for age in ages.values()
        for limit_days in limits_days.values()
    ):
        return
    kept_for: dict[str, float] = {}
    for person in journal.patients():
        limit_days = limits_days.get(person.patient_id, math.inf)
        for entry in journal.recordings(person.patient_id):
            known = kept_for.get(entry.content_sha256, 0.0)
            kept_for[entry.content_sha256] = max(known, limit_days)
    for place, age in ages.items():
        if age >= kept_for.get(place.name, math.inf):
            shutil.rmtree(place, ignore_errors=True)  # tried again in a minute


def _age_days(path: Path, now: datetime) -> float:
    """Return for how long something has been here, by the clock of the disk.

    What came while the clock was ahead is counted from now on; else it would wait
    for that day.
    """
    age_s = now.timestamp() - path.stat().st_mtime
    if age_s < -_CLOCK_ERROR_S:
        os.utime(path, (now.timestamp(), now.timestamp()))
        return 0.0
    return age_s / _DAY_S


def without_pictures(report: str) -> str:
    """Take every picture out of a report; charts and numbers stay."""
    return _PICTURE.sub(_NOTHING, report)


def _is_over(store: Store, clip: Clip, kept_days: int, now: datetime) -> bool:
    """Return whether the time of a film is over; not before its analysis is logged."""
    if clip.state is not ClipState.DONE or not clip.recording_id:
        return False
    films = store.films(clip)
    if clip.film_removed:
        return bool(films)
    film = store.video(clip)
    return not film.is_file() or _age_days(film, now) >= kept_days


def _remove_film(store: Store, clip: Clip, content_sha256: str) -> None:
    """Remove all that shows the face, and note that when it is done; the film last."""
    result, video = store.result(clip), store.video(clip)
    _remove(store.home_of_app / REVIEW / content_sha256)
    for name in _WITH_FACE:
        (result / name).unlink(missing_ok=True)
    _take_pictures_out(result / "report.html")
    for place in sorted(store.films(clip), key=lambda place: place == video):
        _remove(place)
    store.change(clip.clip_id, film_removed=True)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _take_pictures_out(report: Path) -> None:
    if report.is_file():
        text = read_whole(report).decode()
        plain = without_pictures(text)
        if plain != text:
            write_whole(report, plain)
