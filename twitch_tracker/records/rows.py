"""An array that grows by one row for each frame.

A list of small arrays needs half as much memory again as its content, and joining it at
the end needs all of it twice. Here rows are written in place.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = ["Rows"]

_FEWEST: Final = 256
_GROWTH: Final = 16
"""Room is made for a sixteenth more than there is: what is made and not used stays small,
and a long array moves a few dozen times in all (on Linux by its pages, uncopied)."""


class Rows:
    """Rows of one shape and type, one after another.

    Parameters
    ----------
    shape : tuple of int
        Of one row; empty for a single number.
    dtype : DTypeLike
        What a row is kept as.
    """

    def __init__(self, shape: tuple[int, ...], dtype: DTypeLike) -> None:
        """Start empty."""
        self._kept: NDArray[Any] = np.empty((0, *shape), dtype)
        self._count = 0

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._count

    @property
    def last(self) -> Any:
        """The last row."""
        return self._kept[self._count - 1].copy()

    def append(self, row: ArrayLike) -> None:
        """Take one row."""
        self._make_room(1)
        self._kept[self._count] = row
        self._count += 1

    def extend(self, rows: NDArray[Any]) -> None:
        """Take several rows, shape (rows, *shape)."""
        self._make_room(len(rows))
        self._kept[self._count : self._count + len(rows)] = rows
        self._count += len(rows)

    def copy(self, first: int = 0) -> NDArray[Any]:
        """Return the rows from `first` on; the array belongs to the caller."""
        return self._kept[first : self._count].copy()

    def take(self) -> NDArray[Any]:
        """Return all rows without copying them, and be empty."""
        taken = self._kept
        self._kept = np.empty((0, *taken.shape[1:]), taken.dtype)
        # Safe without a reference check: no view of the array is ever returned.
        taken.resize((self._count, *taken.shape[1:]), refcheck=False)
        self._count = 0
        return taken

    def _make_room(self, rows: int) -> None:
        """Make the array longer if `rows` more do not fit."""
        needed = self._count + rows
        if needed > len(self._kept):
            longer = needed + max(needed // _GROWTH, _FEWEST)
            self._kept.resize((longer, *self._kept.shape[1:]), refcheck=False)
