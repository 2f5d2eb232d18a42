"""Load MediaPipe without the parts that are not used here.

Its package imports matplotlib and pyplot, modules for sound, text, hands and bodies
that are not used here, and tasks that only one of our trackers needs, which takes
longer than all the rest of it. While it is loaded a placeholder stands for each, which
loads the real one when an attribute of it is used; afterwards an import finds the real
one.
"""

from __future__ import annotations

import importlib
import sys
import threading
import types
from typing import Any, Final

__all__ = ["load_mediapipe"]

_NO_TASKS: Final = sys.version_info < (3, 13)
"""Whether mediapipe does without its tasks: that of newer Pythons is made of them."""

_LATER: Final = (
    "matplotlib",
    "matplotlib.pyplot",
    "mediapipe.python.solutions.drawing_styles",
    "mediapipe.python.solutions.hands",
    "mediapipe.python.solutions.holistic",
    "mediapipe.python.solutions.objectron",
    "mediapipe.python.solutions.pose",
    "mediapipe.tasks.python.audio",
    "mediapipe.tasks.python.genai",
    "mediapipe.tasks.python.text",
    *(("mediapipe.tasks", "mediapipe.tasks.python") * _NO_TASKS),
)
"""Each behind the package that it is in."""
_one_at_a_time: Final = threading.Lock()


def load_mediapipe() -> Any:
    """Import mediapipe.

    Raises
    ------
    ImportError
        If it is not installed.
    """
    with _one_at_a_time:
        if "mediapipe" in sys.modules:
            return importlib.import_module("mediapipe")
        later = [_Later(name) for name in _LATER if name not in sys.modules]
        for module in later:
            sys.modules[module.__name__] = module
            module.stand_in_its_package()
        try:
            mediapipe = importlib.import_module("mediapipe")
        finally:
            for module in later:
                module.stand_in_its_package()
                module.make_room()
        _keep_tasks(mediapipe)
        return mediapipe


def _keep_tasks(mediapipe: Any) -> None:
    """Let ``mediapipe.tasks`` be what it is called there: a package inside another.

    Importing the outer one, which is empty, would give it that name later.
    """
    tasks = mediapipe.tasks
    importlib.import_module("mediapipe.tasks")
    mediapipe.tasks = tasks


class _Later(types.ModuleType):
    """Stands for a module that is loaded once something of it is wanted."""

    def stand_in_its_package(self) -> None:
        """Register as an attribute of the package that it belongs to."""
        package, _, name = self.__name__.rpartition(".")
        if package in sys.modules:
            vars(sys.modules[package]).setdefault(name, self)

    def make_room(self) -> None:
        """Let the next import find the real module."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self.make_room()
        return getattr(importlib.import_module(self.__name__), name)
