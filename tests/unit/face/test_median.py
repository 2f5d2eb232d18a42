"""The quick median is numpy's, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.face.median import median


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(1,), (2,), (25,), (388,), (2, 144), (3, 4, 9)])
def test_it_is_that_of_numpy(dtype, shape):
    values = np.random.default_rng(5).normal(size=shape).astype(dtype)
    found, expected = median(values), np.median(values, axis=-1)
    assert np.asarray(found).tobytes() == np.asarray(expected).tobytes()
    assert found.dtype == dtype


def test_what_is_missing_somewhere_has_no_median():
    values = np.array([[1.0, np.nan, 3.0], [1.0, 2.0, 3.0]])
    np.testing.assert_array_equal(median(values), [np.nan, 2.0])
