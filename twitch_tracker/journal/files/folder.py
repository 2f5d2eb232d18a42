"""Log a recording folder, as ``analyze`` leaves it, in the journal.

Knows which of its files say what. Note: when a recording was made comes from the user,
or its container, or the date of the video file, in this order, and the journal says
which; a folder's own date is never taken for it. What was chosen for one recording
alone (mirrored, first and last second, what was known of the face) is not part of the
method, because it does not change how anything is measured.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from twitch_tracker.border.days import moment_of_file
from twitch_tracker.errors import BadParameter, BadTruthFile, VideoUnreadable
from twitch_tracker.exchange.saved_signals import read_provenance, read_signals
from twitch_tracker.exchange.saved_summary import SavedSummary, open_summary
from twitch_tracker.exchange.tables import read_blinks, read_episodes
from twitch_tracker.history import Method, Task
from twitch_tracker.journal.entries import Analysis, Logged, TimeKnown
from twitch_tracker.journal.journal import Journal
from twitch_tracker.language import say

__all__ = ["log_folder", "method_of", "read_folder", "recorded_at"]

_OF_ONE_RECORDING: Final = frozenset(
    {
        *("mirrored", "start_s", "end_s", "tracker", "known_face"),
        *("stream", "capture_fps", "subject", "unseen"),
    }
)
"""Parameters that are no part of the method; the tracker has its own fields. What was
known of the face stands for something that this recording does not show, and changes
nothing in how all else is measured. What decides about time that nobody saw does not
either: no recording without such time is counted otherwise."""


def log_folder(
    journal: Journal,
    folder: Path,
    patient_id: str,
    *,
    started_at: datetime | None = None,
    task: Task = Task.OTHER,
    device: str = "",
    note: str = "",
    video: Path | None = None,
    time_known: TimeKnown | None = None,
    allow_other_patient: bool = False,
) -> Logged:
    """Log what ``analyze`` left in a folder.

    Parameters
    ----------
    journal : Journal
        Where to.
    folder : Path
        With episodes.csv, blinks.csv, signals.parquet and summary.json.
    patient_id : str
        Whose recording it is.
    started_at : datetime, optional
        When it was recorded; aware.
    task : Task
        What the person was asked to do.
    device, note : str
        With what it was filmed; free text.
    video : Path, optional
        The recording itself, for its date when `started_at` is not given.
    time_known : TimeKnown, optional
        From where `started_at` is known; stated by the user by default.
    allow_other_patient : bool
        Log it although it is another person's as well.

    Returns
    -------
    Logged
        What changed.

    Raises
    ------
    BadTruthFile
        A file of the folder is missing, damaged, or belongs to another analysis.
    BadParameter
        Nobody says when it was recorded, and as `Journal.log` raises.
    UnknownPatient
        No such person.
    """
    at, known = _known_already(journal, folder, patient_id, started_at, video)
    analysis = read_folder(
        folder,
        started_at=at,
        task=task,
        device=device,
        note=note,
        video=video,
    )
    known = known or (time_known if started_at is not None else None)
    if known is not None:
        analysis = replace(analysis, time_known=known)
    return journal.log(patient_id, analysis, allow_other_patient=allow_other_patient)


def _known_already(
    journal: Journal,
    folder: Path,
    patient_id: str,
    stated: datetime | None,
    video: Path | None,
) -> tuple[datetime | None, TimeKnown | None]:
    """Take the time of a recording that is in the journal, if nobody gives another."""
    if stated is not None or video is not None:
        return stated, None
    content = open_summary(folder / "summary.json").content_sha256
    for entry in journal.recordings(patient_id):
        if entry.content_sha256 == content:
            return entry.started_at, entry.time_known
    return None, None


def read_folder(
    folder: Path,
    *,
    started_at: datetime | None = None,
    task: Task = Task.OTHER,
    device: str = "",
    note: str = "",
    video: Path | None = None,
) -> Analysis:
    """Read a recording folder; parameters and errors as of `log_folder`.

    Returns
    -------
    Analysis
        Ready to be logged; `Analysis.signals` is the file in the folder.
    """
    summary_path, signals = folder / "summary.json", folder / "signals.parquet"
    summary = open_summary(summary_path)
    at, known = recorded_at(folder, started_at, video)
    analysis = Analysis(
        content_sha256=summary.content_sha256,
        started_at=at,
        time_known=known,
        task=task,
        device=device,
        note=note,
        file_name=summary.video_name,
        mirrored=summary.mirrored,
        method=method_of(summary),
        parameters=summary.parameters,
        recorded_s=summary.recorded_s,
        analysable_s=summary.analysable_s,
        rest_asymmetry=summary.rest_asymmetry,
        episodes=read_episodes(folder / "episodes.csv"),
        blinks=read_blinks(folder / "blinks.csv"),
        excluded=summary.excluded,
        hardly_open=summary.hardly_open,
        summary=summary.document,
        signals=signals,
        analysed_at=moment_of_file(summary_path.stat().st_mtime),
    )
    _refuse_mixed(folder, analysis, summary.bursts, summary.blinks)
    return analysis


def method_of(summary: SavedSummary) -> Method:
    """Return with what a recording was measured.

    Returns
    -------
    Method
        Its `parameters_sha256` leaves out what was chosen for one recording alone.
    """
    parameters = summary.parameters
    measuring = {k: v for k, v in parameters.items() if k not in _OF_ONE_RECORDING}
    text = json.dumps(measuring, sort_keys=True)
    tracker, weights_sha256 = summary.tracker
    return Method(
        tracker=tracker,
        tracker_weights_sha256=weights_sha256,
        detector=str(parameters.get("detector", "")),
        networks_sha256=str(parameters.get("networks_sha256") or ""),
        parameters_sha256=hashlib.sha256(text.encode()).hexdigest(),
        software_version=summary.software[1],
    )


def recorded_at(
    folder: Path, stated: datetime | None, video: Path | None
) -> tuple[datetime, TimeKnown]:
    """Find out when a recording was made.

    Returns
    -------
    at : datetime
        Aware; in the zone that the camera wrote, else in this computer's.
    known : TimeKnown
        How it is known.

    Raises
    ------
    BadParameter
        Nothing says it.
    """
    if stated is not None:
        return stated, TimeKnown.STATED
    if video is not None and video.is_file():
        created = _filmed_at(video)
        if created is not None:
            return created, TimeKnown.FROM_FILE
        changed = moment_of_file(video.stat().st_mtime)
        if changed is not None:
            return changed.astimezone(), TimeKnown.FILE_DATE
        raise _no_time(
            say("{video}, dated in a year that cannot be right", video=video)
        )
    raise _no_time(say("only the folder {folder}", folder=folder))


def _no_time(got: str) -> BadParameter:
    return BadParameter(
        "when",
        say("the time of the recording"),
        got,
        say("Give --when 2026-05-01T18:30, or the video with --video."),
    )


def _filmed_at(video: Path) -> datetime | None:
    """Read the time that a camera wrote into the container.

    Returns
    -------
    datetime or None
        Aware; None where the file says none, or cannot be read.
    """
    from twitch_tracker.video.metadata import created_at
    from twitch_tracker.video.opening import open_container

    try:
        with closing(open_container(video)) as container:
            created, _ = created_at(container.metadata)
    except VideoUnreadable:
        return None
    return created


def _refuse_mixed(folder: Path, analysis: Analysis, episodes: int, blinks: int) -> None:
    """Refuse a folder whose files do not belong together."""
    advice = say("The folder was changed by hand; analyse the recording again.")
    for name, found, counted in (
        ("episodes.csv", len(analysis.episodes), episodes),
        ("blinks.csv", len(analysis.blinks), blinks),
    ):
        if found != counted:
            raise BadTruthFile(
                say(
                    "{path}: expected {counted} rows, as summary.json counts, got "
                    "{found}. {advice}",
                    path=folder / name,
                    counted=counted,
                    found=found,
                    advice=advice,
                )
            )
    read_signals(folder / "signals.parquet")  # raises where it is damaged
    provenance = read_provenance(folder / "signals.parquet")
    if provenance["video"]["sha256"] != analysis.content_sha256:
        raise BadTruthFile(
            say(
                "{path} and summary.json are of different recordings. {advice}",
                path=folder / "signals.parquet",
                advice=advice,
            )
        )
