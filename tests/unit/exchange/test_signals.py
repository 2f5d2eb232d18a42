"""Signals go to Parquet and come back the same."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange import saved_signals
from twitch_tracker.exchange.saved_signals import read_provenance, read_signals
from twitch_tracker.exchange.signals import (
    METADATA_KEY,
    SEPARATOR,
    signal_column,
    signals_table,
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
        *("beside_mouth_io", "mouth_open_io", "face_at", "commissure_down_io"),
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
        if name in ("mouth_open_io", "rest_weight", "face_x", "face_y")
        or name.endswith(("_look", "_upper_lip_io", "_ala_io", "_place_io", "_down_io"))
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
    assert back.face_at is None
    assert back.commissure_down_io is None
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
    assert len(names) == len(set(names)) == 26 + 6 * len(REGIONS) * len(SIDES)


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


# --- from elsewhere ---------------------------------------------------------


def changed(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(change(pq.read_table(path)), path)


def about_changed(**changes: object) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        about = json.loads(table.schema.metadata[METADATA_KEY.encode()])
        text = json.dumps({**about, **changes}).encode()
        return table.replace_schema_metadata({METADATA_KEY.encode(): text})

    return change


def column_changed(name: str, made: Callable[[pa.ChunkedArray], object]) -> Any:
    def change(table: pa.Table) -> pa.Table:
        place = table.column_names.index(name)
        return table.set_column(place, name, made(table.column(name)))

    return change


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (
            about_changed(mm_per_interocular="wide"),
            "mm_per_interocular: expected a num",
        ),
        (
            about_changed(mm_per_interocular=[1]),
            "mm_per_interocular: expected a number",
        ),
        (about_changed(own_open=[True]), "own_open"),
        (about_changed(own_open=5), "own_open"),
        (about_changed(video=7), "video: expected an object"),
        (
            lambda t: t.replace_schema_metadata({METADATA_KEY.encode(): b"[" * 10**5}),
            "expected JSON",
        ),
        (
            lambda t: t.replace_schema_metadata({METADATA_KEY.encode(): b"\xff"}),
            "expected JSON",
        ),
        (lambda t: t.drop_columns(["usable"]), "column usable: expected one of type"),
        (
            lambda t: t.drop_columns(["right_cheek_one_sided_sd"]),
            "column right_cheek_one",
        ),
        (
            column_changed("yaw_deg", lambda c: pa.array([[1.0]] * len(c))),
            "column yaw_deg: expected one of type float",
        ),
        (
            column_changed("time_s", lambda c: pa.array(["now"] * len(c))),
            "column time_s: expected one of type double",
        ),
        (
            column_changed("time_s", lambda c: pa.nulls(len(c), pa.float64())),
            "column time_s: expected a value in every frame",
        ),
        (
            column_changed("time_s", lambda c: pa.array(c.to_numpy()[::-1].copy())),
            "column time_s: expected times that increase",
        ),
        (lambda t: t.slice(0, 0), "it has no frames"),
        (
            column_changed("reasons", lambda c: pa.array(["odd"] * len(c))),
            "column reasons: expected some of",
        ),
        (
            column_changed("reasons", lambda c: pa.nulls(len(c), pa.string())),
            "column reasons: expected",
        ),
    ],
)
def test_a_file_of_another_layout_is_refused_with_its_place(
    written: Path, change: Callable[[pa.Table], pa.Table], place: str
):
    changed(written, change)
    with pytest.raises(BadTruthFile, match=place):
        read_signals(written)


def test_a_footer_that_would_fill_the_memory_is_not_parsed(written: Path):
    big = pa.table({f"a{n}": [1.0] for n in range(20_000)})
    pq.write_table(big, written)
    with pytest.raises(BadTruthFile, match="describes itself in 512 kB"):
        read_provenance(written)
    with written.open("r+b") as file:
        file.seek(-8, 2)
        file.write((2**31).to_bytes(4, "little"))
    with pytest.raises(BadTruthFile, match="not a readable Parquet file"):
        read_provenance(written)


def test_more_frames_than_a_day_holds_are_not_read(written: Path, monkeypatch: Any):
    monkeypatch.setattr(saved_signals, "MOST_FRAMES", 10)
    with pytest.raises(BadTruthFile, match="expected at most 10 frames"):
        read_signals(written)


@pytest.mark.parametrize("size", [0, 1, 7, 8, 12])
def test_a_file_without_an_end_is_refused(written: Path, size: int):
    written.write_bytes(b"PAR1" * 3)
    written.write_bytes(written.read_bytes()[:size])
    with pytest.raises(BadTruthFile, match="not a readable Parquet file"):
        read_signals(written)


def test_the_table_is_what_pyarrow_would_make_itself(session: Session, written: Path):
    """Columns are made of bytes, lest pandas be loaded: they must be sound."""
    table = signals_table(session)
    table.validate(full=True)
    assert table.equals(pq.read_table(written))
    motion = session.motion
    reasons = [SEPARATOR.join(reasons) for reasons in motion.reasons]
    for name, values in {
        "time_s": motion.time_s,
        "usable": motion.usable,
        "reasons": reasons,
        "yaw_deg": np.ascontiguousarray(motion.pose_deg[:, 0]),
    }.items():
        expected = pa.array(
            values, type=table.schema.field(name).type, from_pandas=True
        )
        assert table[name].combine_chunks().equals(expected), name


def test_writing_signals_does_not_load_pandas(tmp_path: Path):
    program = """
import sys
sys.path[:0] = sys.argv[1:]
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from twitch_tracker.exchange import signals
columns = [
    signals._numbers("a", np.array([1, np.nan], np.float32), pa.float32(), {}),
    (pa.field("b", pa.bool_()), signals._flags(np.array([True, False]))),
    (pa.field("c", pa.string()), signals._texts(["", "\\u00e9t\\u00e9"])),
]
table = pa.Table.from_arrays(
    [array for _, array in columns], schema=pa.schema([field for field, _ in columns])
)
assert table.to_pydict() == {"a": [1, None], "b": [True, False], "c": ["", "\\u00e9t\\u00e9"]}
pq.write_table(table, "signals.parquet")
assert "pandas" not in sys.modules
"""
    command = [sys.executable, "-c", program, *sys.path]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
