"""Find the studies of how good the program is, or say how to get them.

They come with a checkout of the source code and are no part of the installed program.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from twitch_tracker import __version__
from twitch_tracker.errors import StudiesMissing
from twitch_tracker.language import say

__all__ = ["need_studies"]

_FOLDER: Final = "studies"


def need_studies() -> None:
    """Make the studies importable from a checkout; refuse elsewhere.

    Raises
    ------
    StudiesMissing
        If the program was installed without its source code.
    """
    beside = Path(__file__).parents[2] / _FOLDER / "__init__.py"
    if not beside.is_file():
        raise StudiesMissing(
            say(
                "This needs the folder {folder}, which comes with the source code and "
                "not with the installed program. Get the source code of version "
                "{version} (the repository, or the .tar.gz beside the wheel), and in "
                "its folder: pip install -e .",
                folder=_FOLDER,
                version=__version__,
            )
        )
