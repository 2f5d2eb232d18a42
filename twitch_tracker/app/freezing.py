"""Keep Python's search for unused memory from holding pages up.

From time to time Python looks through everything that is in memory, and no page is
answered meanwhile: 0.1 s and more once courses of ten years are kept. What survives a
slow search is set aside and not looked through again. The convention that bites: who
throws something large away calls `look_again`, so that nothing stays for good.
"""

from __future__ import annotations

import gc
import time
from typing import Final

__all__ = ["freeze_objects", "look_again"]

_SLOW_S: Final = 0.02


class _Watch:
    """Sets aside what survives a slow search; called by `gc` before and after each."""

    def __init__(self) -> None:
        self._began_s = 0.0

    def __call__(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._began_s = time.perf_counter()
        elif info["generation"] == 2 and time.perf_counter() - self._began_s > _SLOW_S:
            gc.freeze()


def freeze_objects() -> None:
    """Set aside what was loaded; from now on also what survives a slow search.

    For the process of a server, once.
    """
    gc.freeze()
    gc.callbacks.append(_Watch())


def look_again() -> None:
    """Look through everything now; for a moment when people wait anyway."""
    gc.unfreeze()
    gc.collect()
