"""What `tracemalloc` can say of an array that grows in place."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest


def counts_a_resize_twice() -> bool:
    """Whether old and new memory of a resized array count together, although none is copied.

    With NumPy 2.5 on Python 3.13 they do; the process needs no more than before.
    """
    tracemalloc.start()
    array = np.ones(100_000)
    array.resize(110_000, refcheck=False)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most > 1.5 * array.nbytes


needs_a_resize_to_count_once = pytest.mark.skipif(
    counts_a_resize_twice(), reason="tracemalloc counts a resized array twice here"
)
