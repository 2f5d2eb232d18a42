"""Read the recordings to be judged from files.

Knows where a log lies (a recording folder, or a table of bursts alone), how logs and
truths of two folders find each other, and the columns of a manifest. Note: recordings
are matched by the *stem* of their names, in which a trailing ``_truth`` (or ``-truth``,
``.truth``) does not count.
"""

from __future__ import annotations

import math
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from twitch_tracker.border.files import real_path
from twitch_tracker.errors import BadTruthFile
from twitch_tracker.evaluate.recordings import ScoredRecording
from twitch_tracker.exchange.coding.films import CodedFilm
from twitch_tracker.exchange.coding.fitting import (
    beyond,
    fitted,
    length_misfits,
    misfits,
    unfit,
)
from twitch_tracker.exchange.saved_summary import film_beside, open_summary
from twitch_tracker.exchange.tables import read_episodes, read_rows
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.exchange.whole import short_name
from twitch_tracker.language import say

__all__ = [
    "Pairs",
    "is_recording_folder",
    "pair_folders",
    "read_manifest",
    "read_recording",
    "stem_of_log",
]

MANIFEST_COLUMNS: Final = ("log", "truth")
"""Columns that a manifest must have; ``face``, ``activity``, ``recorded_s`` may be."""

_TRUTH_SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt", ".eaf", ".boris"})
_TRUTH_TAIL: Final = re.compile(r"[._-]truth$", re.IGNORECASE)


# --- one --------------------------------------------------------------------


def is_recording_folder(path: Path) -> bool:
    """Return whether a path is a folder that a recording left behind."""
    return (path / "episodes.csv").is_file()


def read_recording(
    log: Path,
    truth: Path,
    *,
    name: str = "",
    face: str = "",
    activity: str = "",
    force: bool = False,
) -> ScoredRecording:
    """Read a log and its truth.

    Parameters
    ----------
    log : Path
        A recording folder, or a table of bursts; ``summary.json`` beside it
        says how long was recorded and could be measured.
    truth : Path
        Anything that `read_truth` reads.
    name, face, activity : str
        Of the recording; by default the name of the folder (or of the table),
        the name again, and not known.
    force : bool
        Judge by a truth that does not seem to be of this film anyway.

    Returns
    -------
    ScoredRecording
        Without ``summary.json`` times are NaN, or what the truth states.

    Raises
    ------
    BadTruthFile
        One of the files cannot be read.
    CodingDoesNotFit
        The truth is of another film or another clock.
    """
    log, truth = Path(log), Path(truth)
    table = log / "episodes.csv" if log.is_dir() else log
    name = name or stem_of_log(log)
    film = film_beside(table)
    film = replace(film, names=tuple(dict.fromkeys((name, *film.names))))
    known = read_truth(truth, recording=name, film=film)
    logged = read_episodes(table)
    found = misfits(known, film, judged=logged)
    if math.isnan(film.length_s):  # then what the truth states is all that is known
        found += beyond(logged, known.recorded_s)
    error = unfit(truth.name, film, found)
    if error is not None and not force:
        raise error
    known = fitted(known, film)
    recording = ScoredRecording(
        name=name,
        face=face or name,
        face_known=bool(face),
        activity=activity,
        truth=known.episodes,
        others=known.others,
        logged=logged,
        recorded_s=known.recorded_s,
        misfits=found,
        notes=known.notes,
    )
    summary = table.parent / "summary.json"
    if table.name != "episodes.csv" or not summary.is_file():
        return recording
    return replace(recording, **_from_summary(summary))


def _from_summary(path: Path) -> dict[str, Any]:
    """Read how long was recorded, measured, and how long a frame was."""
    summary = open_summary(path)
    recorded_s, frames = summary.recorded_s, summary.frames_read
    return {
        "recorded_s": recorded_s,
        "analysable_s": summary.analysable_s,
        "excluded": tuple(gap.span for gap in summary.excluded),
        "frame_s": recorded_s / frames if frames else math.nan,
    }


def stem_of_log(log: Path) -> str:
    """Name a recording after its folder (its film, if that was shortened), or table."""
    resolved = real_path(log)
    if not log.is_dir() and log.name != "episodes.csv":
        return log.stem
    folder = resolved if log.is_dir() else resolved.parent
    film = Path(film_beside(folder / "episodes.csv").file_name)
    return film.stem if short_name(film.stem) == folder.name else folder.name


# --- two folders ------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Logs and truths that found each other, and those that did not.

    Attributes
    ----------
    recordings : tuple of ScoredRecording
        Pairs.
    alone : tuple of str
        Names of logs without truth and truths without log.
    """

    recordings: tuple[ScoredRecording, ...]
    alone: tuple[str, ...] = ()


def pair_folders(logs: Path, truths: Path, *, force: bool = False) -> Pairs:
    """Match the recordings of a folder to the truths of another by name.

    Parameters
    ----------
    logs : Path
        Holds recording folders, or tables of bursts.
    truths : Path
        Holds truth files.
    force : bool
        As for `read_recording`.

    Returns
    -------
    Pairs
        In order of name.

    Raises
    ------
    BadTruthFile
        Nothing matches, two truths have the same name, or a file cannot be
        read.
    """
    said = {stem_of_log(log): log for log in _logs(logs)}
    known: dict[str, Path] = {}
    for path in _truths(truths):
        stem = _TRUTH_TAIL.sub("", path.stem)
        if stem in known:
            raise BadTruthFile(
                say(
                    "{truths}: two truths of {stem!r}: {first} and {second}. Keep one of "
                    "them there.",
                    truths=truths,
                    stem=stem,
                    first=known[stem].name,
                    second=path.name,
                )
            )
        known[stem] = path
    both = sorted(said.keys() & known.keys())
    if not both:
        raise BadTruthFile(
            say(
                "No recording of {logs} ({found}) has the name of a truth in {truths} "
                "({known}). Name the truth of recording NAME like NAME_truth.csv.",
                logs=logs,
                found=_few(said),
                truths=truths,
                known=_few(known),
            )
        )
    return Pairs(
        recordings=tuple(
            read_recording(said[s], known[s], name=s, force=force) for s in both
        ),
        alone=tuple(sorted(said.keys() ^ known.keys())),
    )


def _logs(folder: Path) -> list[Path]:
    inside = sorted(folder.iterdir())
    folders = [path for path in inside if is_recording_folder(path)]
    return folders or [path for path in inside if path.suffix.lower() == ".csv"]


def _truths(folder: Path) -> list[Path]:
    return sorted(
        path for path in folder.iterdir() if path.suffix.lower() in _TRUTH_SUFFIXES
    )


def _few(names: Iterable[str]) -> str:
    """Name at most three."""
    listed = sorted(names)
    return ", ".join([*listed[:3], *(["..."] if len(listed) > 3 else [])]) or "none"


# --- a manifest -------------------------------------------------------------


def read_manifest(
    path: Path, face_column: str = "face", *, force: bool = False
) -> Pairs:
    """Read a table that lists logs and their truths.

    Parameters
    ----------
    path : Path
        CSV with the columns ``log`` and ``truth`` (paths, relative ones from
        the manifest's folder) and, if wanted, ``name``, ``activity``,
        ``recorded_s`` and the column of faces.
    face_column : str
        Which column says whose face it is.
    force : bool
        As for `read_recording`.

    Returns
    -------
    Pairs
        In the order of the rows, none of them alone.

    Raises
    ------
    BadTruthFile
        It is no such table, or a file that it names cannot be read.
    """
    required = (*MANIFEST_COLUMNS, *([] if face_column == "face" else [face_column]))
    recordings: list[ScoredRecording] = []
    for place, row in read_rows(path, required):
        log, truth = (path.parent / row[column] for column in MANIFEST_COLUMNS)
        for column, file in zip(MANIFEST_COLUMNS, (log, truth), strict=True):
            if not row[column] or not os.path.exists(file):  # noqa: PTH110 - any name
                raise place.bad_cell(
                    column, say("a file or folder that exists"), row[column]
                )
        recording = read_recording(
            log,
            truth,
            name=row.get("name", "") or stem_of_log(log),
            face=row.get(face_column, ""),
            activity=row.get("activity", "").lower(),
            force=force,
        )
        recordings.append(_with_length(path, recording, row, force=force))
    names = [recording.name for recording in recordings]
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice or not names:
        raise BadTruthFile(
            say(
                "{name}: expected at least one row, and each recording once; got "
                "{names} more than once. Give them different names in a column "
                "'name'.",
                name=path.name,
                names=_few(twice),
            )
        )
    return Pairs(recordings=tuple(recordings))


def _with_length(
    path: Path, recording: ScoredRecording, row: Mapping[str, str], *, force: bool
) -> ScoredRecording:
    """Take the length from the manifest where nothing else states it; else compare."""
    text = row.get("recorded_s", "")
    if not text:
        return recording
    try:
        stated_s = float(text)
    except ValueError:
        raise BadTruthFile(
            say(
                "{name}: recorded_s: expected a number of seconds, got {text!r}.",
                name=recording.name,
                text=text,
            )
        ) from None
    if math.isfinite(recording.recorded_s):
        found = length_misfits(stated_s, recording.recorded_s)
    else:
        recording = replace(recording, recorded_s=stated_s)
        found = beyond((*recording.truth, *recording.logged), stated_s)
    error = unfit(path.name, CodedFilm(file_name=recording.name), found)
    if error is not None and not force:
        raise error
    return replace(recording, misfits=(*recording.misfits, *found))
