"""The recordings that a command line names: files, and folders of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer

from twitch_tracker.language import say

__all__ = ["VIDEO_SUFFIXES", "find_recordings", "read_list"]

VIDEO_SUFFIXES: Final = frozenset(
    [
        ".3gp",
        ".avi",
        ".flv",
        ".m2ts",
        ".m4v",
        ".mkv",
        ".mov",
        ".mp4",
        ".mpeg",
        ".mpg",
        ".mts",
        ".ogv",
        ".ts",
        ".webm",
        ".wmv",
    ]
)
"""What counts as a video when a folder is given."""


LIST_SUFFIX: Final = ".txt"
"""A file of this ending is a list of recordings."""


def read_list(given: Sequence[Path]) -> list[Path]:
    """Replace lists by the recordings that they list.

    Parameters
    ----------
    given : sequence of Path
        Recordings, folders, and lists: UTF-8 text, one path a line, relative ones from
        the list's folder. Empty lines and lines that begin with ``#`` do not count.

    Raises
    ------
    typer.BadParameter
        A list that cannot be read, or is empty.
    """
    from twitch_tracker.border.files import read_text
    from twitch_tracker.border.limits import MOST_TEXT_BYTES
    from twitch_tracker.errors import BadFile

    found: list[Path] = []
    for path in given:
        if path.suffix.lower() != LIST_SUFFIX or path.is_dir():
            found.append(path)
            continue
        try:
            lines = read_text(path, MOST_TEXT_BYTES, BadFile).splitlines()
        except BadFile as error:
            raise typer.BadParameter(
                say(
                    "{path}: expected a list of recordings, one path a line, as UTF-8 "
                    "text. {error}",
                    path=path,
                    error=error,
                )
            ) from error
        kept = [line.strip() for line in lines if line.strip()]
        listed = [path.parent / line for line in kept if not line.startswith("#")]
        if not listed:
            raise typer.BadParameter(
                say("{path}: the list names no recording.", path=path)
            )
        found += listed
    return found


def find_recordings(given: Sequence[Path]) -> list[Path]:
    """Turn what was given into recordings, each once.

    Parameters
    ----------
    given : sequence of Path
        Files, or folders of them (hidden files and folders below are left out).

    Returns
    -------
    list of Path
        In the order given; a folder's own in the order of their names.

    Raises
    ------
    typer.BadParameter
        A folder without any video in it.
    """
    from twitch_tracker.border.files import real_path

    found: dict[Path, Path] = {}
    for path in given:
        for video in _videos_in(path) if path.is_dir() else [path]:
            found.setdefault(real_path(video), video)
    return list(found.values())


def _videos_in(folder: Path) -> list[Path]:
    """List the videos of a folder."""
    videos = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in VIDEO_SUFFIXES
        and not path.name.startswith(".")
        and path.is_file()
    )
    if not videos:
        kinds = " ".join(sorted(VIDEO_SUFFIXES))
        raise typer.BadParameter(
            say(
                "{folder} is a folder without any video ({kinds}).",
                folder=folder,
                kinds=kinds,
            )
        )
    return videos
