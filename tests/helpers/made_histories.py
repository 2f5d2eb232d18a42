"""Histories made by hand, of which every number is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from twitch_tracker.history import (
    Basis,
    LoggedRecording,
    Method,
    Patient,
    PatientHistory,
    SideTotals,
    Task,
)
from twitch_tracker.regions import Region, Side

START = datetime(2024, 1, 1, 12, tzinfo=UTC)
METHOD = Method(
    tracker="mesh",
    tracker_weights_sha256="a",
    detector="learned",
    networks_sha256="b",
    parameters_sha256="c",
    software_version="1",
)


def _totals(durations: Any = (), *, mouth: int = 0, brow: int = 0) -> SideTotals:
    lengths = np.asarray(durations, np.float32)
    n = len(lengths)
    return SideTotals(
        durations_s=lengths,
        pauses_s=np.full(max(n - 1, 0), 4.0, np.float32),
        excursions_mm=np.full(n, 2.0, np.float32),
        with_region={Region.EYELID: n, Region.MOUTH_CORNER: mouth, Region.BROW: brow},
        both_regions=mouth,
        brow_lifts=brow,
        onset_cut=np.zeros(n, bool),
        offset_cut=np.zeros(n, bool),
    )


@pytest.fixture
def totals() -> Callable[..., SideTotals]:
    """Totals of one side from the durations of its bursts."""
    return _totals


@pytest.fixture
def recording() -> Callable[..., LoggedRecording]:
    """One recording by its day, the left side's durations and the minutes."""

    def make(
        day: float,
        durations: Any = (),
        *,
        minutes: float = 3.0,
        task: Task = Task.REST,
        method: Method = METHOD,
        basis: Basis = Basis.DETECTED,
        right: Any = (),
        mouth: int = 0,
        blinks: int = 30,
        asymmetry: float = float("nan"),
    ) -> LoggedRecording:
        return LoggedRecording(
            recording_id=f"{task.value}-{day:g}-{method.tracker}",
            started_at=START + timedelta(days=day),
            task=task,
            method=method,
            recorded_s=minutes * 60 + 5,
            analysable_s=minutes * 60,
            sides={
                Side.LEFT: _totals(durations, mouth=mouth),
                Side.RIGHT: _totals(right),
            },
            blinks=blinks,
            rest_asymmetry=asymmetry,
            basis=basis,
        )

    return make


@pytest.fixture
def history() -> Callable[..., PatientHistory]:
    """Wrap recordings into a history."""

    def make(*recordings: LoggedRecording, **others: Any) -> PatientHistory:
        patient = Patient(patient_id="p", created_at=START)
        return PatientHistory(patient=patient, recordings=recordings, **others)

    return make


@pytest.fixture
def method() -> Method:
    """The method of every recording that is not told another."""
    return METHOD
