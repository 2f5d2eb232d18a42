"""Where this package keeps its own files, and nothing else about them.

Knows the user's folders (by `platformdirs`) and the two environment variables
that move folders or show tracebacks. Nothing is created here: a folder is made when
something is first stored in it.

>>> import os
>>> os.environ["TWITCH_TRACKER_HOME"] = "/somewhere"  # doctest: +SKIP
>>> weights_folder()  # doctest: +SKIP
PosixPath('/somewhere/weights')
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

__all__ = [
    "DEBUG_VARIABLE",
    "HOME_VARIABLE",
    "data_folder",
    "debug_wanted",
    "weights_folder",
]

HOME_VARIABLE: Final = "TWITCH_TRACKER_HOME"
"""Environment variable that moves everything below one folder."""

DEBUG_VARIABLE: Final = "TWITCH_TRACKER_DEBUG"
"""Environment variable that, set to 1, shows tracebacks and native messages."""


def data_folder() -> Path:
    """Return the folder for this user's own data.

    Returns
    -------
    Path
        ``$TWITCH_TRACKER_HOME`` when set, else the platform's own place for
        application data. It may not exist yet.
    """
    chosen = os.environ.get(HOME_VARIABLE, "").strip()
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_data_path

    return user_data_path("twitch-tracker", appauthor=False)


def weights_folder() -> Path:
    """Return the folder for fetched landmark weights.

    Returns
    -------
    Path
        ``$TWITCH_TRACKER_HOME/weights`` when that is set, else a folder in the
        platform's cache, as the weights can be fetched again. It may not exist.
    """
    chosen = os.environ.get(HOME_VARIABLE, "").strip()
    if chosen:
        return Path(chosen).expanduser() / "weights"
    from platformdirs import user_cache_path

    return user_cache_path("twitch-tracker", appauthor=False) / "weights"


def debug_wanted() -> bool:
    """Return whether tracebacks and native library messages should be shown."""
    return os.environ.get(DEBUG_VARIABLE, "").strip() not in {"", "0"}
