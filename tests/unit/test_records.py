"""The value types: frozen, checked at birth, NaN for what was not measured."""

from __future__ import annotations

import dataclasses
import inspect
import math
from fractions import Fraction

import numpy as np
import pytest

from twitch_tracker import records
from twitch_tracker.errors import BadShape
from twitch_tracker.records import (
    Damage,
    Episode,
    EpisodeKind,
    Frame,
    Quality,
    QualityReason,
    RegionScores,
)
from twitch_tracker.records.episode_fields import (
    EPISODE_FIELDS,
    STORED_FIELDS,
    CellKind,
)
from twitch_tracker.regions import REGIONS, SIDES, Region, Side
from twitch_tracker.timebase import Interval, Stamp

TYPES = [
    value
    for name in records.__all__
    if dataclasses.is_dataclass(value := getattr(records, name))
]
names = pytest.mark.parametrize("kind", TYPES, ids=lambda t: t.__name__)


@names
def test_every_value_is_frozen_and_keyword_only(kind):
    assert kind.__dataclass_params__.frozen
    assert all(field.kw_only for field in dataclasses.fields(kind))


@names
def test_every_value_says_what_it_is(kind):
    assert inspect.getdoc(kind)


def scores(n=5, **how):
    values = np.zeros((n, len(REGIONS), len(SIDES)), np.float32)
    given = {"name": "position_mm", "unit": "mm", "values": values}
    return RegionScores(time_s=np.arange(n) / 30, **given | how)


def test_scores_are_asked_by_region_and_side():
    values = np.arange(5 * 8, dtype=np.float32).reshape(5, len(REGIONS), len(SIDES))
    asked = scores(values=values).of(Region.CHEEK, Side.RIGHT)
    np.testing.assert_array_equal(
        asked, values[:, REGIONS.index(Region.CHEEK), SIDES.index(Side.RIGHT)]
    )


def test_scores_of_the_wrong_shape_are_refused_with_both_shapes():
    with pytest.raises(BadShape, match=r"position_mm: .*\(5, 4, 2\).*\(4, 4, 2\)"):
        scores(values=np.zeros((4, 4, 2), np.float32))


def test_recorded_and_analysable_time_are_sums_over_frames(session):
    """Ten seconds at 30 frames a second, the last second without a face."""
    assert session.motion.recorded_s == pytest.approx(10.0)
    assert session.motion.analysable_s == pytest.approx(9.0)


def test_a_frame_is_usable_when_nothing_speaks_against_it():
    assert Quality().usable
    assert not Quality(reasons=(QualityReason.BLURRED,)).usable


def test_a_frame_knows_its_time():
    stamp = Stamp(pts=20, time_base=Fraction(1, 10), origin_pts=5)
    frame = Frame(index=3, stamp=stamp, image=np.zeros((2, 2, 3), np.uint8))
    assert frame.time_s == 1.5


@pytest.mark.parametrize(
    "what", ["damaged_packets", "duplicate_stamps", "backward_stamps", "missing_stamps"]
)
def test_any_damage_is_damage_but_frames_read_are_not(what):
    assert Damage(**{what: 1}).any
    assert not Damage(frames_read=100).any


def test_an_episode_leaves_unmeasured_numbers_undefined():
    episode = Episode(
        span=Interval(start_s=0, end_s=1),
        side=Side.LEFT,
        regions=(Region.EYELID,),
        lead_region=Region.EYELID,
        kind=EpisodeKind.TONIC,
    )
    assert episode.contractions == 1
    for number in (
        *(episode.rate_hz, episode.peak_score, episode.mean_score, episode.lag_s),
        *(episode.excursion_mm, episode.asymmetry, episode.confidence),
    ):
        assert math.isnan(number)


def test_the_table_of_fields_has_every_field_of_a_burst():
    told = [one.name for one in EPISODE_FIELDS]
    assert len(set(told)) == len(told)
    assert {"span", *told} == {item.name for item in dataclasses.fields(Episode)}
    assert sorted(one.name for one in STORED_FIELDS) == sorted(told)
    assert all(
        (one.names is not None) == (one.cell is CellKind.NAME) for one in EPISODE_FIELDS
    )
