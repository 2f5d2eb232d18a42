"""Signals go to Parquet and come back the same."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.signals import (
    METADATA_KEY,
    read_provenance,
    read_signals,
    signal_column,
    write_signals,
)
from twitch_tracker.records import Session
from twitch_tracker.regions import REGIONS, SIDES, Region, Side


@pytest.fixture
def written(session: Session, tmp_path: Path) -> Path:
    path = tmp_path / "signals.parquet"
    write_signals(path, session)
    return path


def test_signals_come_back_bit_for_bit(session: Session, written: Path):
    back, was = read_signals(written), session.motion
    for name in ("time_s", "usable", "frame_s", "pose_deg", "interocular_px"):
        np.testing.assert_array_equal(getattr(back, name), getattr(was, name))
        assert getattr(back, name).dtype == getattr(was, name).dtype
    for name in (
        *("aperture", "aperture_mm", "patch_closure", "look", "rest_weight"),
        *("beside_mouth_io", "mouth_open_io"),
    ):
        np.testing.assert_array_equal(getattr(back, name), getattr(was, name), name)
        assert getattr(back, name).dtype == getattr(was, name).dtype
    assert back.own_open == was.own_open
    assert back.reasons == was.reasons
    assert back.mm_per_interocular == was.mm_per_interocular
    assert list(back.scores) == list(was.scores)
    for name, scores in was.scores.items():
        np.testing.assert_array_equal(back.scores[name].values, scores.values)
        assert back.scores[name].unit == scores.unit
        assert back.scores[name].history == scores.history


def test_a_file_of_an_earlier_version_is_still_read(session: Session, written: Path):
    """Its columns are there; what nobody measured then is not measured."""
    table = pq.read_table(written)
    later = [
        name
        for name in table.column_names
        if name in ("mouth_open_io", "rest_weight")
        or name.endswith(("_look", "_upper_lip_io", "_ala_io", "_place_io"))
    ]
    assert len(later) >= 8
    old = table.drop_columns(later)
    about = {**json.loads(old.schema.metadata[METADATA_KEY.encode()])}
    del about["own_open"]
    text = json.dumps(about).encode()
    pq.write_table(old.replace_schema_metadata({METADATA_KEY.encode(): text}), written)
    back = read_signals(written)
    np.testing.assert_array_equal(back.aperture, session.motion.aperture)
    assert np.isnan(back.look).all()
    assert np.isnan(back.beside_mouth_io).all()
    assert back.own_open == (True, True)
    assert "place_io" not in back.scores
    assert list(back.scores) == [n for n in session.motion.scores if n != "place_io"]


def test_a_column_holds_the_region_and_side_of_its_name(
    session: Session, written: Path
):
    table = pq.read_table(written)
    for name, scores in session.motion.scores.items():
        for region in REGIONS:
            for side in SIDES:
                got = table.column(signal_column(side, region, name)).to_numpy()
                np.testing.assert_array_equal(got, scores.of(region, side))


def test_names_carry_side_region_and_unit(written: Path):
    names = pq.read_schema(written).names
    assert "right_eyelid_position_mm" in names
    assert "left_mouth_corner_activity_mm_s" in names
    assert signal_column(Side.LEFT, Region.BROW, "one_sided") == (
        "left_brow_one_sided_sd"
    )
    assert len(names) == len(set(names)) == 22 + 6 * len(REGIONS) * len(SIDES)


def test_not_measured_is_null_and_never_zero(session: Session, written: Path):
    table = pq.read_table(written)
    always = {"time_s", "frame_s", "usable", "reasons", "rest_weight"}
    missing = int((~session.motion.usable).sum())
    assert missing == 30
    for name in table.column_names:
        nulls = table.column(name).null_count
        expected = 0 if name in always else missing
        assert nulls == expected, name


def test_metadata_say_who_made_it(session: Session, written: Path):
    about = read_provenance(written)
    assert about["software"]["version"] == session.software_version
    assert about["tracker"]["weights_sha256"] == session.tracker.weights_sha256
    assert about["video"]["sha256"] == session.video.sha256
    assert about["parameters_sha256"] == session.parameters_sha256
    field = pq.read_schema(written).field("right_eyelid_activity_mm_s")
    assert field.metadata[b"unit"] == b"mm/s"


def test_a_foreign_parquet_file_is_refused(tmp_path: Path):
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    with pytest.raises(BadTruthFile, match=r"expected a signals\.parquet"):
        read_signals(tmp_path / "other.parquet")


def test_a_truncated_file_is_refused(written: Path):
    written.write_bytes(written.read_bytes()[:-100])
    with pytest.raises(BadTruthFile, match="not a readable Parquet"):
        read_signals(written)
