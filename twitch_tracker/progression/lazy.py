"""Parts of a progression that are made when somebody looks at them.

Ten years of daily recordings make 70,000 dots of single recordings, and 40 injections
are followed 80 times; most views show few of either. Note: such parts are a sequence
that equals the tuple of the same parts; each is made once, and they are pickled as that
tuple.

Why it stays: of ten years (1,789 recordings) making these parts takes nearly as long as all
the rest (0.5 and 0.9 s beside 0.5 and 1.1 s of processor time in two runs on a busy
computer, `pytest -m benchmark -s tests/benchmark/test_late_parts.py`).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from typing import Any, TypeVar, overload

from twitch_tracker.progression.results import ChartPoint, InjectionCourse

__all__ = ["LazyCourses", "LazyDots"]

T = TypeVar("T")


class _Lazy(Sequence[T]):
    """What equals a tuple, and becomes one when it is shown, hashed or pickled."""

    @property
    @abstractmethod
    def _all(self) -> tuple[T, ...]:
        """Everything, made now."""

    def __eq__(self, other: object) -> bool:
        """Compare what is in it, also with a plain tuple."""
        return self._all == (other._all if isinstance(other, _Lazy) else other)

    def __hash__(self) -> int:
        """Return the hash of the tuple."""
        return hash(self._all)

    def __repr__(self) -> str:
        """Show the tuple."""
        return repr(self._all)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle and copy as the tuple."""
        return tuple, (self._all,)


class LazyDots(_Lazy[ChartPoint]):
    """A tuple of dots, made together at the first look.

    Parameters
    ----------
    make : callable
        Makes them, always the same.
    """

    def __init__(self, make: Callable[[], tuple[ChartPoint, ...]]) -> None:
        self._make = make

    @cached_property
    def _all(self) -> tuple[ChartPoint, ...]:
        return self._make()

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._all)

    @overload
    def __getitem__(self, place: int) -> ChartPoint: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[ChartPoint, ...]: ...
    def __getitem__(self, place: int | slice) -> ChartPoint | tuple[ChartPoint, ...]:
        """Return a dot, or some of them."""
        return self._all[place]


class LazyCourses(_Lazy[InjectionCourse]):
    """A tuple of injections' courses, each made at the first look at it.

    Parameters
    ----------
    makers : iterable of callable
        One for each course; makes always the same.
    """

    def __init__(self, makers: Iterable[Callable[[], InjectionCourse]]) -> None:
        self._makers = tuple(cache(make) for make in makers)

    @property
    def _all(self) -> tuple[InjectionCourse, ...]:
        return self[:]

    def __len__(self) -> int:
        """Return how many there are; makes none."""
        return len(self._makers)

    @overload
    def __getitem__(self, place: int) -> InjectionCourse: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[InjectionCourse, ...]: ...
    def __getitem__(
        self, place: int | slice
    ) -> InjectionCourse | tuple[InjectionCourse, ...]:
        """Return a course, or some of them."""
        if isinstance(place, slice):
            return tuple(make() for make in self._makers[place])
        return self._makers[place]()
