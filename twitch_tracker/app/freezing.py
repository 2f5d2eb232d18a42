"""Keep Python's search for unused memory from holding pages up.

From time to time Python looks through everything that is in memory, and no page is
answered meanwhile: 0.1 s and more once courses of ten years are kept. What survives a
slow search is set aside and not looked through again for a while. The conventions that
bite: what is set aside is also what pages were just working with, which is thrown away
a moment later; so it is all looked through again before anything more is set aside,
else memory grows with every slow search. Who throws something large away calls
`look_again`, so that it goes at once.

Why it stays: with one course of ten years in memory a search takes 0.05 to 0.1 s, and no
time once it is set aside (`pytest -m benchmark -s tests/benchmark/test_late_parts.py`).
"""

from __future__ import annotations

import gc
import math
import time
from typing import Final

__all__ = ["freeze_objects", "look_again"]

_SLOW_S: Final = 0.02


_EVERY_S: Final = 120.0
"""What was set aside is looked through again after so long, if there is need."""


class _Watch:
    """Sets aside what survives a slow search; called by `gc` before and after each."""

    def __init__(self) -> None:
        self._began_s = 0.0
        self._set_aside_s = -math.inf
        self._whole = False

    def __call__(self, phase: str, info: dict[str, int]) -> None:
        if info["generation"] != 2:
            return
        now_s = time.perf_counter()
        if phase == "start":
            self._began_s = now_s
            self._whole = now_s - self._set_aside_s >= _EVERY_S
            if self._whole:
                gc.unfreeze()  # this very search then looks through everything
        elif self._whole and now_s - self._began_s > _SLOW_S:
            gc.freeze()
            self._set_aside_s = now_s


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
