"""The command ``deidentify``: a recording to be shown to others, without the face."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from twitch_tracker.cli.films.analyze import (
    End,
    Mirrored,
    Model,
    Start,
    Tracker,
    TrackerName,
)
from twitch_tracker.cli.options import Quiet
from twitch_tracker.cli.outcome import code_of
from twitch_tracker.cli.watch import make_watcher
from twitch_tracker.errors import (
    BadParameter,
    TwitchTrackerError,
)
from twitch_tracker.language import say

if TYPE_CHECKING:
    from twitch_tracker.records import Episode

__all__ = ["EPILOG", "HELP", "deidentify"]

HELP: Final = """Show the movement of a recording without the face.

VIDEO is watched once more. OUT gets mesh.mp4: the person's true movement on a made-up
face of lines and points, with no pixel of the recording and nothing of the person's
shape. With --results (what analyze left), OUT also gets its tables and signals without
the film's name and hash, without free text, with the date of --recorded-on shifted by a
number of days that is drawn and not shown. Give the same --shift-days for recordings
whose distance in time shall stay. Sides are the person's own.

How somebody moves may still reveal who they are to those who know them: ask before you
share.
"""

EPILOG: Final = (
    "Example: twitch-tracker deidentify face.mp4 --results results/face --burst 3 "
    "--out shared"
)

FILM: Final = "mesh.mp4"
_AROUND_S: Final = 2.0

Video = Annotated[Path, typer.Argument(metavar="VIDEO", help="The recording.")]
Out = Annotated[
    Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for what is shared.")
]
Results = Annotated[
    Path | None,
    typer.Option(
        "--results",
        metavar="DIR",
        exists=True,
        file_okay=False,
        help="What analyze left of VIDEO: its tables go out too.",
    ),
]
BurstOption = Annotated[
    int | None,
    typer.Option(
        "--burst",
        metavar="N",
        min=1,
        help="Film only this burst of the results (row N of episodes.csv), with 2 s "
        "before and after.",
    ),
]
RecordedOn = Annotated[
    datetime | None,
    typer.Option(
        "--recorded-on",
        metavar="DAY",
        formats=["%Y-%m-%d"],
        help="When it was recorded; goes out shifted.",
    ),
]
ShiftDays = Annotated[
    int | None,
    typer.Option(
        "--shift-days",
        metavar="N",
        min=-20_000,
        max=20_000,
        help="Shift by this many days instead of a drawn number.",
    ),
]


def deidentify(
    video: Video,
    out: Out,
    results: Results = None,
    burst: BurstOption = None,
    start: Start = 0.0,
    end: End = None,
    mirrored: Mirrored = False,
    recorded_on: RecordedOn = None,
    shift_days: ShiftDays = None,
    tracker: Tracker = TrackerName.AUTO,
    model: Model = None,
    quiet: Quiet = False,
) -> None:
    """Share without the face; the help is `HELP`."""
    if results is None and (burst is not None or recorded_on is not None):
        raise typer.BadParameter(say("--burst and --recorded-on need --results."))
    try:
        bursts: tuple[Episode, ...] = ()
        watched = {
            "tracker": tracker.value,
            "model_path": model,
            "mirrored": mirrored,
            "start_s": start,
            **({} if end is None else {"end_s": end}),
        }
        if results is not None:
            bursts = _bursts_of(video, results)
            watched |= _as_analysed(results, bursts, burst, watched)
        dates = (recorded_on and recorded_on.date(), shift_days)
        film = _write(video, out, results, bursts, watched, dates, quiet=quiet)
    except TwitchTrackerError as error:
        print(say("Error: {error}", error=error), file=sys.stderr)
        raise typer.Exit(code_of(error)) from None
    print(film)


def _bursts_of(video: Path, results: Path) -> tuple[Episode, ...]:
    """Read the bursts of the results, which must be those of this film."""
    from twitch_tracker.exchange.saved_summary import open_summary
    from twitch_tracker.exchange.tables import read_episodes
    from twitch_tracker.video.files import hash_file

    saved = open_summary(results / "summary.json")
    if saved.content_sha256 not in {"", hash_file(video)}:
        raise BadParameter(
            "--results",
            say("the results of this film"),
            say("those of another one, {name}", name=saved.video_name),
        )
    return read_episodes(results / "episodes.csv")


def _as_analysed(
    results: Path,
    bursts: tuple[Episode, ...],
    number: int | None,
    asked: dict[str, Any],
) -> dict[str, Any]:
    """Say how to watch the film as it was analysed: which part, speed, side and face."""
    from twitch_tracker.exchange.saved_signals import read_signals
    from twitch_tracker.exchange.saved_summary import open_summary

    saved = open_summary(results / "summary.json")
    watched = {
        "mirrored": asked["mirrored"] or saved.mirrored,
        "reading": saved.reading,
        "start_s": asked["start_s"],
    }
    if number is not None:
        if number > len(bursts):
            raise BadParameter(
                "--burst", say("a row of episodes.csv, 1 to {n}", n=len(bursts)), number
            )
        span = bursts[number - 1].span
        watched["start_s"] = max(0.0, span.start_s - _AROUND_S)
        watched["end_s"] = span.end_s + _AROUND_S
    motion = read_signals(results / "signals.parquet")
    place = motion.face_from(watched["start_s"]) or saved.chosen_at
    if place is not None and watched["mirrored"]:
        place = (1.0 - place[0], place[1])
    return {**watched, "subject": place}


def _write(
    video: Path,
    out: Path,
    results: Path | None,
    bursts: tuple[Episode, ...],
    watched: dict[str, Any],
    dates: tuple[Any, int | None],
    *,
    quiet: bool,
) -> Path:
    """Write everything, or nothing."""
    from twitch_tracker.exchange.deidentified import (
        TABLES,
        draw_shift,
        write_deidentified,
    )
    from twitch_tracker.exchange.staging import no_empty_folders, staged_folder
    from twitch_tracker.pipeline import AnalysisOptions, record_motion
    from twitch_tracker.report.deidentified.film import write_film
    from twitch_tracker.report.deidentified.synthetic_face import put_on_synthetic_face

    files = (FILM, *TABLES)
    watcher = make_watcher(1, quiet=quiet)
    try:
        watcher.begin(video.name)
        with no_empty_folders(out), staged_folder(out, own_files=files) as stage:
            options = AnalysisOptions(**watched)
            raw = record_motion(video, options, on_progress=watcher.on_progress)
            write_film(stage / FILM, raw.time_s, put_on_synthetic_face(raw), bursts)
            if results is not None:
                recorded_on, shift = dates
                write_deidentified(
                    results,
                    stage,
                    recorded_on=recorded_on,
                    shift_days=draw_shift() if shift is None else shift,
                    about={"film_starts_s": float(raw.time_s[0])},
                )
    finally:
        watcher.close()
    return out / FILM
