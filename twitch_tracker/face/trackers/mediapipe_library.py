"""Loading MediaPipe without what its drawing functions need.

Its package imports pyplot for a function that nobody calls here, which takes longer than
all the rest of it. While it is loaded a placeholder stands for pyplot, which loads the
real one as soon as anybody asks it for something; afterwards ``import
matplotlib.pyplot`` finds the real one.
"""

from __future__ import annotations

import importlib
import sys
import threading
import types
from typing import Any, Final

__all__ = ["load_mediapipe"]

_PYPLOT: Final = "matplotlib.pyplot"
_one_at_a_time: Final = threading.Lock()


def load_mediapipe() -> Any:
    """Import mediapipe.

    Raises
    ------
    ImportError
        If it is not installed.
    """
    with _one_at_a_time:
        if "mediapipe" in sys.modules or _PYPLOT in sys.modules:
            return importlib.import_module("mediapipe")
        later = _Later(_PYPLOT)
        sys.modules[_PYPLOT] = later
        try:
            return importlib.import_module("mediapipe")
        finally:
            later.make_room()


class _Later(types.ModuleType):
    """Stands for a module that is loaded once something of it is wanted."""

    def make_room(self) -> None:
        """Let the next import find the real module."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self.make_room()
        return getattr(importlib.import_module(self.__name__), name)
