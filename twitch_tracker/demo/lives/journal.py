"""Write a simulated life into a journal, burst by burst.

Note: the journal computes totals itself and must come to those of `drawn`; the content
hash is made up of pseudonym and seed, so that the same life written twice is the same
recordings.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from twitch_tracker.demo.into_journal import spread_blinks, write_history
from twitch_tracker.demo.lives.drawn import Drawn, DrawnFilm
from twitch_tracker.demo.lives.person import Life
from twitch_tracker.journal.entries import Analysis, Logged
from twitch_tracker.journal.journal import Journal
from twitch_tracker.records.face_numbers import FaceNumbers

__all__ = ["analysis_of_film", "ended_by", "write_life"]


def ended_by(life: Life, last: date) -> Life:
    """Return the same life, moved so that it ends by a day if it would not."""
    return replace(life, start=min(life.start, last - timedelta(days=life.days)))


def write_life(journal: Journal, drawn: Drawn, seed: int) -> tuple[Logged, ...]:
    """Write a simulated life with recordings, diary and treatments.

    Parameters
    ----------
    journal : Journal
        Open.
    drawn : Drawn
        Whose pseudonym must be free.
    seed : int
        With which it was drawn; goes into the made-up content hashes.

    Returns
    -------
    tuple of Logged
        One a recording.

    Raises
    ------
    BadParameter
        The pseudonym is taken or not allowed, or something lies in the future.
    """
    analyses = (
        analysis_of_film(film, number, seed) for number, film in enumerate(drawn.films)
    )
    return write_history(journal, drawn.history, analyses)


def analysis_of_film(film: DrawnFilm, number: int, seed: int) -> Analysis:
    """Return one recording as an analysis that can be logged.

    Parameters
    ----------
    film : DrawnFilm
        The recording.
    number, seed : int
        Place in the course and seed, for the times of blinks.

    Returns
    -------
    Analysis
        Sides as they were logged: a mirror that nobody noticed is not stated.
    """
    logged = film.logged
    rng = np.random.default_rng([seed, number])
    name = f"{logged.recording_id}-{seed}"
    return Analysis(
        content_sha256=hashlib.sha256(name.encode()).hexdigest(),
        started_at=logged.started_at,
        task=logged.task,
        device=logged.device,
        file_name=f"{logged.recording_id}.mp4",
        method=logged.method,
        recorded_s=logged.recorded_s,
        analysable_s=logged.analysable_s,
        rest_asymmetry=logged.rest_asymmetry,
        summary=_summary(logged.face),
        episodes=film.episodes,
        blinks=spread_blinks(rng, logged),
        excluded=film.excluded,
        hardly_open=film.hardly_open,
        analysed_at=datetime.combine(logged.started_at.date(), time(23, 30), UTC),
    )


def _summary(face: FaceNumbers) -> dict[str, object]:
    """Return the part of a summary that says how far a face came; empty when not asked to."""
    known = {name: x for name, x in asdict(face).items() if math.isfinite(x)}
    return {"face": known} if known else {}
