"""The command ``simulate``: a face in, a recording with known bursts out.

Knows the options and their help; checks what can be checked before anything
heavy is loaded; leaves the work to `simulate.job`.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from twitch_tracker.cli.films.analyze import Model, Tracker, TrackerName
from twitch_tracker.cli.options import Out, Quiet, flag
from twitch_tracker.cli.outcome import code_of
from twitch_tracker.cli.watch import make_watcher
from twitch_tracker.errors import (
    BadFile,
    TwitchTrackerError,
)
from twitch_tracker.language import say

if TYPE_CHECKING:
    from twitch_tracker.simulate.plan.events import Event
    from twitch_tracker.simulate.plan.scenario import Camera, Scenario
    from twitch_tracker.simulate.truth import TruthRow

__all__ = ["EPILOG", "HELP", "simulate"]

HELP: Final = """Put known one-sided bursts into a face, to test the program with.

FACE is a still portrait (jpg, png) or a video. OUT gets simulated.mp4, truth.csv
(what happens when) and scenario.json (the plan). What happens is either the plan
of --scenario, or drawn from --random SEED, or, with --closures SEED, real blinks
of a video of which one eye is kept open. The same seed and face give the same
pictures. Sides are the subject's own left and right.

Exit codes: 0 done; 1 something else went wrong (say, the disk is full);
2 wrong usage; 3 FACE could not be read; 4 no face in it; 130 stopped by Ctrl-C.
"""

EPILOG: Final = (
    "Example: twitch-tracker simulate portrait.jpg --random 1 --out simulated"
)

_STILL_S: Final = 20.0

FaceArgument = Annotated[
    Path,
    typer.Argument(metavar="FACE", help="A portrait or a video of one face."),
]
ScenarioPath = Annotated[
    Path | None,
    typer.Option(
        "--scenario",
        metavar="PLAN",
        exists=True,
        dir_okay=False,
        help="Plan to play, a scenario.json.",
    ),
]
Random = Annotated[
    int | None,
    typer.Option("--random", metavar="SEED", min=0, help="Draw bursts from this seed."),
]
Closures = Annotated[
    int | None,
    typer.Option(
        "--closures",
        metavar="SEED",
        min=0,
        help="Make the video's own blinks one-sided; sides drawn from this seed.",
    ),
]
SecondsOption = Annotated[
    float | None,
    typer.Option(
        "--seconds",
        metavar="S",
        min=0.5,
        help="Length; 20 for a still, the whole of a video.",
    ),
]
SideName = Annotated[
    str | None,
    typer.Option(
        "--side", metavar="SIDE", help="left or right; drawn from the seed otherwise."
    ),
]
Gentle = Annotated[bool, flag("--gentle", help="With --random: mild bursts only.")]
Distractors = Annotated[
    bool,
    flag(
        "--distractors",
        help="With --random: also blinks (on a still), smiles, speech, winks, gaze, "
        "yawns, hands, absences.",
    ),
]
NoBurstsOption = Annotated[
    bool, flag("--no-bursts", help="With --random: no bursts, for false alarms.")
]
Fps = Annotated[
    float | None,
    typer.Option(
        "--fps", metavar="N", min=1, max=240, help="Frames per second; 30 for a still."
    ),
]
Jitter = Annotated[
    float | None,
    typer.Option(
        "--jitter",
        metavar="MS",
        min=0,
        help="Frame steps differ by up to MS milliseconds; a browser's by 10.",
    ),
]
Noise = Annotated[
    float | None,
    typer.Option("--noise", metavar="N", min=0, help="Sensor noise, of 255 levels."),
]
Drift = Annotated[
    float | None,
    typer.Option("--drift", metavar="N", min=0, help="Exposure drift, as a fraction."),
]
Blur = Annotated[
    float | None, typer.Option("--blur", metavar="PX", min=0, help="Defocus.")
]
Shake = Annotated[
    float | None, typer.Option("--shake", metavar="PX", min=0, help="Movement blur.")
]
Distance = Annotated[
    float | None,
    typer.Option(
        "--distance",
        metavar="N",
        min=0.1,
        max=4,
        help="Size of the face against how it was: 0.5 is twice as far away.",
    ),
]
Crf = Annotated[
    int | None,
    typer.Option(
        "--crf",
        metavar="N",
        min=0,
        max=51,
        help="Compression of H.264: 0 lossless, 51 worst.",
    ),
]
Mirrored = Annotated[
    bool,
    flag(
        "--mirrored",
        help="Store the recording as a mirror image, as some selfie cameras do.",
    ),
]


def simulate(
    face: FaceArgument,
    out: Out = Path("simulated"),
    scenario: ScenarioPath = None,
    random: Random = None,
    closures: Closures = None,
    seconds: SecondsOption = None,
    side: SideName = None,
    gentle: Gentle = False,
    distractors: Distractors = False,
    no_bursts: NoBurstsOption = False,
    fps: Fps = None,
    jitter: Jitter = None,
    noise: Noise = None,
    drift: Drift = None,
    blur: Blur = None,
    shake: Shake = None,
    distance: Distance = None,
    crf: Crf = None,
    mirrored: Mirrored = False,
    tracker: Tracker = TrackerName.AUTO,
    model: Model = None,
    quiet: Quiet = False,
) -> None:
    """Simulate a recording; the help is `HELP`."""
    given = {
        "noise": noise,
        "drift": drift,
        "blur_px": blur,
        "shake_px": shake,
        "distance": distance,
        "crf": crf,
        "mirrored": mirrored or None,
        "jitter_s": None if jitter is None else jitter / 1000,
    }
    options = _Options(
        face=face,
        scenario=scenario,
        seed=random if closures is None else closures,
        closures=closures is not None,
        seconds=seconds,
        side=side,
        gentle=gentle,
        distractors=distractors,
        bursts=not no_bursts,
        fps=fps,
        camera={name: value for name, value in given.items() if value is not None},
    )
    _check_usage(options, drawn=random is not None)
    try:
        rows = _work(options, out, tracker.value, model, quiet=quiet)
    except TwitchTrackerError as error:
        print(say("Error: {error}", error=error), file=sys.stderr)
        raise typer.Exit(code_of(error)) from None
    print(_put_in_text(rows, out))


def _check_usage(options: _Options, *, drawn: bool) -> None:
    """Refuse options that do not go together."""
    if sum((options.scenario is not None, drawn, options.closures)) != 1:
        raise typer.BadParameter(
            say(
                "Choose what happens: --scenario PLAN, --random SEED or --closures "
                "SEED."
            )
        )
    if options.side not in (None, "left", "right"):
        raise typer.BadParameter(
            say("--side is left or right, not {side}.", side=options.side)
        )
    if not drawn and (options.gentle or options.distractors or not options.bursts):
        raise typer.BadParameter(
            say("--gentle, --distractors and --no-bursts need --random.")
        )
    if options.scenario is not None and options.side is not None:
        raise typer.BadParameter(
            say("--side cannot be used with --scenario: PLAN states it.")
        )


@dataclass(frozen=True, kw_only=True)
class _Options:
    """The command line, checked."""

    face: Path
    scenario: Path | None
    seed: int | None
    closures: bool
    seconds: float | None
    side: str | None
    gentle: bool
    distractors: bool
    bursts: bool
    fps: float | None
    camera: dict[str, Any]


# --- what shall happen ------------------------------------------------------


def _plan(options: _Options, *, still: bool) -> Scenario:
    """Read or draw the plan, and the camera with it."""
    from twitch_tracker.border.files import read_text
    from twitch_tracker.border.limits import MOST_TEXT_BYTES
    from twitch_tracker.simulate.plan.scenario import Scenario

    if options.scenario is not None:
        saved = read_text(options.scenario, MOST_TEXT_BYTES, BadFile)
        plan = Scenario.from_json(saved, options.scenario.name)
        if options.seconds is not None:
            plan = replace(plan, duration_s=options.seconds)
        own_camera = "camera" in json.loads(saved)
    else:
        plan = _drawn(options, _length_s(options, still=still), still=still)
        own_camera = still
    camera = _camera(options, plan, keep=still or own_camera, still=still)
    fps = options.fps if still and options.fps is not None else plan.fps
    return replace(plan, camera=camera, fps=fps)


def _length_s(options: _Options, *, still: bool) -> float:
    """Return how long the recording shall be."""
    from twitch_tracker.simulate.job import shown_s

    if still:
        return _STILL_S if options.seconds is None else options.seconds
    shown = shown_s(options.face)
    return shown if options.seconds is None else min(options.seconds, shown)


def _drawn(options: _Options, duration_s: float, *, still: bool) -> Scenario:
    """Draw what happens."""
    from twitch_tracker.simulate.plan.distract import draw_distractors
    from twitch_tracker.simulate.plan.draw import draw_scenario, draw_side
    from twitch_tracker.simulate.plan.scenario import Scenario

    seed = options.seed or 0
    if options.closures:
        return Scenario(duration_s=duration_s, seed=seed)
    side = options.side or draw_side(seed)
    plan = draw_scenario(
        duration_s=duration_s, seed=seed, side=side, gentle=options.gentle
    )
    bursts = plan.events if options.bursts else ()
    others: tuple[Event, ...] = ()
    if options.distractors:
        others = draw_distractors(
            duration_s=duration_s,
            seed=seed,
            blinks=still,
            on_portrait=still,
            avoid=bursts,
        )
    return replace(plan, events=(*bursts, *others))


def _camera(options: _Options, plan: Scenario, *, keep: bool, still: bool) -> Camera:
    """Change the plan's camera as the options say.

    A real video has been filmed: nothing is added to it unasked.
    """
    from twitch_tracker.simulate.plan.scenario import Camera

    camera = replace(plan.camera if keep else Camera.perfect(), **options.camera)
    if still:
        return camera
    fps = options.fps
    if fps is None and camera.fps is None and camera.jitter_s > 0:
        fps = _own_fps(options.face)
    return camera if fps is None else replace(camera, fps=fps)


def _own_fps(video: Path) -> float:
    """Frame rate that a video claims, 30 where it claims none."""
    from twitch_tracker.video.files import open_video

    with open_video(video) as source:
        claimed = source.info.nominal_fps
    return claimed if math.isfinite(claimed) and claimed > 0 else 30.0


# --- the work ---------------------------------------------------------------


def _work(
    options: _Options, out: Path, tracker: str, model: Path | None, *, quiet: bool
) -> tuple[TruthRow, ...]:
    """Write the recording, all of it or nothing."""
    from twitch_tracker.exchange.staging import no_empty_folders, staged_folder
    from twitch_tracker.simulate import job
    from twitch_tracker.simulate.picture.stills import is_still

    plan = _plan(options, still=is_still(options.face))
    request = job.Request(
        face=options.face, plan=plan, tracker=tracker, model_path=model
    )
    files = (job.VIDEO_FILE, job.SCENARIO_FILE, job.TRUTH_FILE)
    watcher = make_watcher(1, quiet=quiet)
    try:
        watcher.begin(options.face.name)
        with no_empty_folders(out), staged_folder(out, own_files=files) as stage:
            if options.closures:
                return job.film_closures(
                    request, stage, options.side, watcher.on_progress
                )
            return job.film(request, stage, watcher.on_progress)
    finally:
        watcher.close()


def _put_in_text(rows: tuple[TruthRow, ...], out: Path) -> str:
    """Count what was put in, and write it."""
    from twitch_tracker.regions import SIDES
    from twitch_tracker.simulate.job import VIDEO_FILE
    from twitch_tracker.wording.film.simulated import simulation_lines

    bursts = {
        side: sum(row.event == "spasm" and row.side == side for row in rows)
        for side in SIDES
    }
    others = Counter(row.event for row in rows if row.event != "spasm")
    hidden = sum(bool(row.reasons == "face not seen") for row in rows)
    return simulation_lines(str(out / VIDEO_FILE), bursts, others, hidden)
