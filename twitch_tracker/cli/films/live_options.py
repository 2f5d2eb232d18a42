"""The options of ``live`` and their help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twitch_tracker.cli.films.analyze import TrackerName
from twitch_tracker.cli.options import flag
from twitch_tracker.episodes.network.sensitivity import Sensitivity

__all__ = [
    "AsJson",
    "CameraName",
    "Fast",
    "Finish",
    "Headless",
    "MirrorView",
    "Mirrored",
    "Model",
    "Person",
    "Rate",
    "Record",
    "SecondsOption",
    "SensitivityOption",
    "StandIn",
    "Tracker",
]

CameraName = Annotated[
    str,
    typer.Option(
        "--camera", "-c", metavar="N", help="Number or device name of the camera."
    ),
]
StandIn = Annotated[
    Path | None,
    typer.Option(
        "--file",
        metavar="VIDEO",
        exists=True,
        dir_okay=False,
        help="A video that stands in for the camera, at its own pace.",
    ),
]
Fast = Annotated[
    bool, flag("--fast", help="Play the file as fast as it can be measured.")
]
Person = Annotated[
    str | None,
    typer.Option(
        "--patient", metavar="ID", help="Log the recording in the journal of ID."
    ),
]
Headless = Annotated[bool, flag("--headless", help="Show no window.")]
MirrorView = Annotated[
    bool,
    flag(
        "--mirror-view",
        help="Show the face as in a mirror. Nothing that is stored changes.",
    ),
]
Mirrored = Annotated[
    bool,
    flag("--mirrored", help="The camera delivers a mirror image: swap the sides back."),
]
SecondsOption = Annotated[
    float | None,
    typer.Option("--seconds", metavar="S", min=1, help="Stop after S seconds."),
]
Record = Annotated[
    bool, flag("--record", help="Also store the video, recording.mp4, unmirrored.")
]
Rate = Annotated[
    float, typer.Option("--fps", metavar="N", min=1, help="Frame rate to ask for.")
]
AsJson = Annotated[bool, flag("--json", help="Print one JSON document per event.")]
Tracker = Annotated[
    TrackerName, typer.Option("--tracker", metavar="NAME", help="As for analyze.")
]
Model = Annotated[
    Path | None,
    typer.Option(
        "--model", metavar="PATH", exists=True, dir_okay=False, help="As for analyze."
    ),
]
SensitivityOption = Annotated[
    Sensitivity,
    typer.Option("--sensitivity", metavar="NAME", help="As for analyze."),
]
Finish = Annotated[
    Path | None,
    typer.Option(
        "--finish",
        metavar="DIR",
        file_okay=False,
        help="Record nothing: finish a recording that was cut off.",
    ),
]
