"""Which films of bursts the app can show of a recording.

The recording that the app keeps comes first, then the review copy, which is made of a
recording that was sent to be reviewed. The journal knows only the name and hash of a
file, not in which folder it was: where the app has neither film, the page shows the
name and where the file can be given. Note: a review copy is upright and unmirrored
already; whether a recording is mirrored is as the journal states it now, and films cut
before that was corrected are not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from twitch_tracker import units
from twitch_tracker.app.course.burst_clips import cut_of, typical_burst
from twitch_tracker.app.course.compare_view import ComparedClip
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.review.copying import copy_name
from twitch_tracker.app.state import AppState
from twitch_tracker.errors import UnknownEntry
from twitch_tracker.history import Basis, LoggedRecording
from twitch_tracker.journal.entries import RecordingEntry
from twitch_tracker.journal.journal import Journal
from twitch_tracker.language import say
from twitch_tracker.records import Episode, ReadOptions
from twitch_tracker.wording.partly_seen import length_of_burst
from twitch_tracker.wording.terms import side_name

__all__ = ["CUTS", "Source", "film_of", "source_of"]

CUTS = "cuts"
"""Folder beside a video that holds what was cut out of it."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A video out of which films are cut.

    Attributes
    ----------
    video : Path
        The file.
    mirrored : bool
        Whether it is stored mirrored.
    reading : ReadOptions or None
        As what it was analysed; None for a review copy, which is so already.
    cuts : Path
        Folder for films.
    whole : str
        Address of the page about the whole recording.
    """

    video: Path
    mirrored: bool
    reading: ReadOptions | None
    cuts: Path
    whole: str


def source_of(state: AppState, entry: RecordingEntry) -> Source | None:
    """Find the video of a recording; None where the app has none."""
    if not _has_film(state, entry):
        return None
    reading = state.reading_of(entry.recording_id)
    cuts = copy_name(mirrored=entry.mirrored, reading=reading).removesuffix(".mp4")
    cuts = cuts.replace("copy", CUTS, 1)
    clip = state.store.of_recording(entry.recording_id)
    if clip is not None and clip.state is ClipState.DONE:
        video = state.store.video(clip)
        if video.is_file():
            return Source(
                video=video,
                mirrored=entry.mirrored,
                reading=reading,
                cuts=state.store.folder(clip) / cuts,
                whole=f"/clips/{clip.clip_id}",
            )
    try:
        copy = state.review.copies.path(
            entry.content_sha256, mirrored=entry.mirrored, reading=reading
        )
    except UnknownEntry:
        return None
    if not copy.is_file():
        return None
    return Source(
        video=copy,
        mirrored=False,
        reading=None,
        cuts=copy.parent / cuts,
        whole=f"/review/{entry.recording_id}",
    )


def _has_film(state: AppState, entry: RecordingEntry) -> bool:
    """Return whether there may be one, before its whole analysis is read."""
    kept = state.store.of_recording(entry.recording_id) is not None
    return kept or state.review.copies.has_any(entry.content_sha256)


def film_of(state: AppState, recordings: Sequence[LoggedRecording]) -> ComparedClip:
    """Return the film of a typical burst of some recordings, or say why not.

    Parameters
    ----------
    state : AppState
        Of the running app.
    recordings : sequence of LoggedRecording
        At least one, of one basis each.

    Returns
    -------
    ComparedClip
        The burst of median length of those whose video is there.
    """
    with state.journal() as journal:
        entries = {
            r.recording_id: journal.recording(r.recording_id) for r in recordings
        }
        sources = {
            name: source
            for name, entry in entries.items()
            if (source := source_of(state, entry)) is not None
        }
        shown = [
            (recording.recording_id, burst)
            for recording in recordings
            if recording.recording_id in sources
            for burst in _bursts(journal, recording)
        ]
    if not sources:
        return _missing(entries[recordings[0].recording_id])
    burst = typical_burst([burst for _, burst in shown])
    if burst is None:
        return ComparedClip(words=say("No burst was counted: no film."))
    name = next(name for name, one in shown if one is burst)
    wanted = cut_of(burst)
    return ComparedClip(
        address=f"/recordings/{name}/cut/{wanted.start_ms}/{wanted.end_ms}",
        words=say(
            "A burst of typical (median) length: {length}, {side} side, {at} into the "
            "recording.",
            length=length_of_burst(burst),
            side=side_name(burst.side),
            at=units.clock(burst.span.start_s),
        ),
        result=sources[name].whole,
    )


def _missing(entry: RecordingEntry) -> ComparedClip:
    """Say that there is no video, and where it can be given."""
    if not entry.file_name:
        words = say("No picture: the app does not keep this video.")
    else:
        words = say(
            "No picture: the app does not keep this video. Its name was {name}.",
            name=entry.file_name,
        )
    return ComparedClip(words=words, give=f"/review/{entry.recording_id}")


def _bursts(journal: Journal, recording: LoggedRecording) -> list[Episode]:
    """Return the bursts that were counted."""
    if recording.basis is Basis.REVIEWED:
        found = journal.reviewed_bursts(recording.recording_id)
    else:
        found = journal.analysis(recording.recording_id).bursts
    return [burst.episode for burst in found]
