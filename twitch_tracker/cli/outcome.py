"""The result of a command: exit code, table, JSON.

Knows the exit codes of the contract and how results read in plain words; knows
nothing of how they were made. The program itself writes only ASCII, so that every
console can show it; file names are shown as they are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from twitch_tracker import units
from twitch_tracker.errors import (
    BadFile,
    FaceError,
    ParameterError,
    RecordingError,
    TwitchTrackerError,
)
from twitch_tracker.language import say

if TYPE_CHECKING:
    from twitch_tracker.batch import JobResult

__all__ = ["ExitCode", "code_of", "exit_code", "json_document", "result_text"]

JSON_VERSION: Final = 1
"""Version of the layout of ``analyze --json``."""


class ExitCode(IntEnum):
    """What the shell is given."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    UNREADABLE = 3
    NO_FACE = 4
    STOPPED = 130


_CODE_OF_STATUS: Final = {
    "done": ExitCode.DONE,
    "failed": ExitCode.FAILED,
    "bad_parameter": ExitCode.USAGE,
    "unreadable": ExitCode.UNREADABLE,
    "no_analysable_face": ExitCode.NO_FACE,
}


def exit_code(rows: Sequence[JobResult]) -> ExitCode:
    """Choose one exit code for several recordings.

    Returns
    -------
    ExitCode
        The smallest code that is not 0 (so 1 before 2 before 3 before 4);
        0 when every recording is done.
    """
    codes = {_CODE_OF_STATUS[row.status] for row in rows} - {ExitCode.DONE}
    return min(codes, default=ExitCode.DONE)


# --- for machines -----------------------------------------------------------


def json_document(rows: Sequence[JobResult]) -> dict[str, Any]:
    """Build the document of ``analyze --json``.

    Parameters
    ----------
    rows : sequence of JobResult
        What became of each recording, in the order of the command line.

    Returns
    -------
    dict
        JSON-ready.
    """
    return {
        "schema_version": JSON_VERSION,
        "exit_code": int(exit_code(rows)),
        "recordings": [_json_row(row) for row in rows],
    }


def _json_row(row: JobResult) -> dict[str, Any]:
    """Describe one recording."""
    done = row.status == "done"
    return {
        "file": str(row.job.video),
        "status": row.status.value,
        "folder": str(row.job.folder) if done else None,
        "error_kind": row.error_kind or None,
        "error": row.error or None,
        "elapsed_s": round(row.elapsed_s, 3),
        "summary": row.summary,
    }


# --- for people -------------------------------------------------------------


def result_text(row: JobResult) -> str:
    """Say in a few lines what was found in one recording.

    Returns
    -------
    str
        Headline, one line per side, blinks, and where the report is.
    """
    summary = row.summary or {}
    headline = say(
        "{name}: {recorded} recorded, {measurable} of it measurable",
        name=row.job.video.name,
        recorded=_time(summary["recorded_s"]),
        measurable=_time(summary["analysable_s"]),
    )
    return "\n".join(
        (
            headline,
            *_film_lines(summary),
            _header(),
            *(_side_line(side, summary["sides"][side]) for side in ("left", "right")),
            _blink_line(summary),
            *_partly_seen_lines(summary),
            say("  report: {path}", path=row.job.folder / "report.html"),
        )
    )


def _film_lines(summary: Mapping[str, Any]) -> tuple[str, ...]:
    """Warn, before any number, of what was lost and of how the file was read."""
    from twitch_tracker.exchange.saved_summary import SavedSummary
    from twitch_tracker.wording.film.said import (
        damage_in_words,
        said_in_words,
        subjects_in_words,
        unseen_in_words,
    )

    saved = SavedSummary(summary)
    fields = saved.parsed
    said = (
        *said_in_words(saved.said),
        *unseen_in_words(
            fields.excluded_s or {},
            fields.pictures_hz,
            fields.unchanged_share,
            fields.quantiser,
        ),
        *subjects_in_words(saved.subject_events),
    )
    return (
        *(say("  warning: {it}", it=it) for it in damage_in_words(saved.damage)),
        *(say("  note: {note}", note=note) for note in said),
    )


def _partly_seen_lines(summary: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what was cut off, when an eye was hardly open, and what stood for it."""
    count = sum(numbers.get("cut_off", 0) for numbers in summary["sides"].values())
    unseen_s = summary.get("regions_unseen_s", {})
    parts = (summary.get("hardly_open"), summary.get("known_face"), unseen_s)
    if not count and not any(parts):
        return ()
    from twitch_tracker.exchange.saved_summary import SavedSummary
    from twitch_tracker.regions import Region
    from twitch_tracker.wording.partly_seen import (
        cut_off_note,
        hardly_open_in_words,
        known_face_in_words,
        regions_unseen_in_words,
    )

    saved = SavedSummary(summary)
    notes = (
        cut_off_note(count),
        *hardly_open_in_words(saved.hardly_open or ()),
        *known_face_in_words(saved.known_face),
        regions_unseen_in_words({Region(name): s for name, s in unseen_s.items()}),
    )
    return tuple(say("  note: {note}", note=note) for note in notes if note)


def _header() -> str:
    side, bursts, rate = say("side"), say("bursts"), say("new/min")
    interval, share, longest = say("95 % interval"), say("in bursts"), say("longest")
    return f"  {side:6} {bursts:>6} {rate:>9} {interval:>15} {share:>9} {longest:>8}"


def _blink_line(summary: Mapping[str, Any]) -> str:
    blinks = say("blinks")
    return (
        f"  {blinks:6} {summary['blinks']:>6} {_number(summary['blinks_per_min']):>9}"
    )


def _side_line(side: str, numbers: Mapping[str, Any]) -> str:
    """Write the numbers of one side under the header."""
    name = "onsets_per_free_min"
    low, high = numbers.get(f"{name}_low"), numbers.get(f"{name}_high")
    interval = units.interval(_number(low), _number(high))
    named = say(side)
    fraction = numbers["spasm_fraction"]
    share = "-" if fraction is None else units.percent(fraction)
    longest = numbers["longest_duration_s"]
    return (
        f"  {named:6} {numbers['episodes']:>6} "
        f"{_number(numbers.get(name)):>9} {interval:>15} "
        f"{share:>9} {_time(longest):>8}"
    )


def _number(value: float | None) -> str:
    """Write a rate; a dash when it was not measured."""
    return "-" if value is None else units.rate(value)


def _time(seconds: float | None) -> str:
    """Write a length of time the way people say it."""
    if seconds is None or not math.isfinite(seconds):
        return "-"
    return units.duration(seconds)


def code_of(error: TwitchTrackerError) -> ExitCode:
    """Choose the exit code of an error."""
    if isinstance(error, ParameterError):
        return ExitCode.USAGE
    if isinstance(error, RecordingError | BadFile):
        return ExitCode.UNREADABLE
    return ExitCode.NO_FACE if isinstance(error, FaceError) else ExitCode.FAILED
