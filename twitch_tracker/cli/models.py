"""The commands ``models list`` and ``models install``: landmark weights.

Knows how to find which trackers can be used here, and to fetch the one file of
weights that is not inside a package. This is the only command that uses the
network, and only when it is asked to.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import typer

from twitch_tracker.cli.options import AsJsonLines, Quiet
from twitch_tracker.cli.watch import make_watcher
from twitch_tracker.language import say

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ModelState", "app", "model_states"]

app = typer.Typer(
    no_args_is_help=True,
    help="Show or fetch landmark weights (only `install` uses the network).",
    epilog="Example: twitch-tracker models list",
)


@dataclass(frozen=True, kw_only=True)
class ModelState:
    """Whether one landmark tracker can be used here.

    Attributes
    ----------
    name : str
        Name for ``--tracker``.
    ready : bool
        Whether it can be used.
    where : str
        Where its weights are or would be.
    advice : str
        What to do when it is not ready; else empty.
    """

    name: str
    ready: bool
    where: str
    advice: str = ""


def model_states() -> list[ModelState]:
    """Look up every landmark tracker.

    Returns
    -------
    list of ModelState
        The default one first.
    """
    return [_attention_mesh(), _face_landmarker()]


def _attention_mesh() -> ModelState:
    """Look up the tracker whose weights are inside mediapipe."""
    from twitch_tracker.face.trackers.mesh import attention_mesh_available

    ready = attention_mesh_available()
    advice = "" if ready else say("Needs mediapipe 0.10.21, so Python 3.11 or 3.12.")
    return ModelState(
        name="attention-mesh",
        ready=ready,
        where=say("inside the mediapipe package"),
        advice=advice,
    )


def _face_landmarker() -> ModelState:
    """Look up the tracker whose weights have to be fetched."""
    from twitch_tracker.errors import AssetError
    from twitch_tracker.face.trackers.weights import find_landmarker
    from twitch_tracker.settings import weights_folder

    try:
        where, advice = find_landmarker(None), ""
    except AssetError as error:
        where, advice = weights_folder(), str(error)
    return ModelState(
        name="face-landmarker", ready=not advice, where=str(where), advice=advice
    )


@app.command("list", epilog="Example: twitch-tracker models list --json")
def list_models(
    as_json: AsJsonLines = False,
) -> None:
    """Show which landmark trackers can be used on this computer."""
    states = model_states()
    if as_json:
        print(json.dumps([asdict(state) for state in states], indent=2))
        return
    for state in states:
        word = say("ready") if state.ready else say("missing")
        print(f"{state.name:16} {word:8} {state.where}")
        if state.advice:
            print(f"{'':16} {state.advice}")


@app.command("install", epilog="Example: twitch-tracker models install")
def install_models(
    quiet: Quiet = False,
) -> None:
    """Fetch the face landmarker's weights (3.8 MB, once) and check their hash.

    Not needed for the default tracker. Nothing about you is sent: the file is
    fetched from its official address like any web page.
    """
    print(say("Ready: {file}", file=_install(quiet=quiet)))


def _install(*, quiet: bool) -> Path:
    """Fetch the weights under a progress bar."""
    from twitch_tracker.face.trackers.weights import install_landmarker

    watcher = make_watcher(1, quiet=quiet)
    try:
        return install_landmarker(watcher.on_progress)
    finally:
        watcher.close()
