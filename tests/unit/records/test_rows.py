"""Rows grow, and are handed over without a copy."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from traced_memory import needs_a_resize_to_count_once

from twitch_tracker.records.rows import Rows

MANY = 5000


@pytest.fixture
def filled():
    """Return many rows, taken one by one and a few at a time, and what they hold."""
    values = np.random.default_rng(3).normal(size=(MANY, 2, 3)).astype(np.float32)
    rows = Rows((2, 3), np.float32)
    for row in values[:1000]:
        rows.append(row)
    for first in range(1000, MANY, 7):
        rows.extend(values[first : first + 7])
    return rows, values


def test_rows_come_back_in_order_and_as_what_they_are(filled):
    rows, values = filled
    assert len(rows) == MANY
    np.testing.assert_array_equal(rows.last, values[-1])
    np.testing.assert_array_equal(rows.copy(4990), values[4990:])
    taken = rows.take()
    np.testing.assert_array_equal(taken, values)
    assert taken.dtype == np.float32


def test_a_copy_stays_as_it_was_while_the_rows_grow(filled):
    rows, values = filled
    copied, last = rows.copy(), rows.last
    rows.extend(values + 1)
    rows.take()[:] = 0
    np.testing.assert_array_equal(copied, values)
    np.testing.assert_array_equal(last, values[-1])


def test_one_value_fills_a_row():
    rows = Rows((2, 3), np.float32)
    rows.append(np.nan)
    assert np.isnan(rows.take()).all()


def test_what_was_taken_is_gone_and_new_rows_begin(filled):
    rows, values = filled
    taken = rows.take()
    assert len(rows) == 0
    assert rows.copy().shape == rows.take().shape == (0, 2, 3)
    rows.append(values[7])
    np.testing.assert_array_equal(rows.take(), values[7:8])
    np.testing.assert_array_equal(taken, values)


@needs_a_resize_to_count_once
def test_rows_hold_hardly_more_than_what_is_in_them(filled):
    _, values = filled
    tracemalloc.start()
    rows = Rows((2, 3), np.float32)
    for row in values:
        rows.append(row)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    taken = rows.take()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 1.1 * values.nbytes
    assert most - held < 0.1 * taken.nbytes
