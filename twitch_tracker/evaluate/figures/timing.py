"""How well onset, offset and length of the found bursts are measured.

Errors are logged minus true, so a positive bias is late. Frames are frames of
the recording itself, and only where their length is known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final

from twitch_tracker.evaluate.figures.estimates import FigureOfScores, Median
from twitch_tracker.evaluate.recordings import RecordingScore

__all__ = ["TIMING"]

Errors = Callable[[RecordingScore], Iterator[float]]


def _onset_s(score: RecordingScore) -> Iterator[float]:
    for match in score.matching.found:
        yield match.logged.span.start_s - match.truth.span.start_s


def _offset_s(score: RecordingScore) -> Iterator[float]:
    for match in score.matching.found:
        yield match.logged.span.end_s - match.truth.span.end_s


def _duration_ratio(score: RecordingScore) -> Iterator[float]:
    for match in score.matching.found:
        true_s = match.truth.span.duration_s
        yield match.logged.span.duration_s / true_s if true_s > 0 else math.nan


def _absolute(errors: Errors) -> Errors:
    return lambda score: map(abs, errors(score))


def _frames(errors: Errors) -> Errors:
    """Turn seconds into frames; NaN where the length of a frame is not known."""
    return lambda score: (
        error / score.frame_s if score.frame_s > 0 else math.nan
        for error in errors(score)
    )


TIMING: Final[dict[str, FigureOfScores]] = {
    "onset_error_s": Median(_absolute(_onset_s)),
    "onset_bias_s": Median(_onset_s),
    "onset_error_frames": Median(_absolute(_frames(_onset_s))),
    "onset_bias_frames": Median(_frames(_onset_s)),
    "offset_error_s": Median(_absolute(_offset_s)),
    "offset_bias_s": Median(_offset_s),
    "offset_error_frames": Median(_absolute(_frames(_offset_s))),
    "offset_bias_frames": Median(_frames(_offset_s)),
    "duration_ratio": Median(_duration_ratio),
}
"""Medians over the found bursts, by name."""
