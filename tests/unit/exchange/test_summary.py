"""The summary is valid JSON and says everything it must."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.saved_summary import SavedSummary
from twitch_tracker.exchange.summary import (
    SCHEMA_VERSION,
    plain,
    read_summary,
    summary_document,
    write_summary,
)
from twitch_tracker.records import HardlyOpen, ReadOptions, Session
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval


def refuse(constant: str) -> Any:
    """Fail on NaN and Infinity, which Python's JSON would let through."""
    raise AssertionError(f"{constant} is not valid JSON")


@pytest.fixture
def document(session: Session, tmp_path: Path) -> dict[str, Any]:
    write_summary(tmp_path / "summary.json", session)
    text = (tmp_path / "summary.json").read_text(encoding="utf-8")
    return json.loads(text, parse_constant=refuse)


def test_not_measured_and_no_limit_are_null(document: dict[str, Any]):
    assert document["rest_asymmetry"] is None
    assert document["sides"]["left"]["longest_duration_s"] is None
    assert document["video"]["nominal_fps"] is None
    assert document["parameters"]["end_s"] is None


def test_it_says_who_made_it_from_what(session: Session, document: dict[str, Any]):
    assert document["schema_version"] == SCHEMA_VERSION
    assert document["software"] == {"name": "twitch_tracker", "version": "0.1.0"}
    assert document["video"]["sha256"] == session.video.sha256
    assert document["video"]["time_base"] == "1/15360"
    assert document["tracker"]["weights_sha256"] == "cd" * 32
    assert document["parameters_sha256"] == "ef" * 32
    assert document["damage"]["damaged_packets"] == 2


def test_it_says_what_was_refused_and_what_was_left_out(document: dict[str, Any]):
    assert document["near_misses"] == [
        {
            "start_s": 7.0,
            "end_s": 7.4,
            "side": "left",
            "peak_score": 3.5,
            "reason": "both sides moved alike: a smile",
        }
    ]
    assert document["excluded_spans"] == [
        {"start_s": 9.0, "end_s": 10.0, "reasons": ["no_face", "too_dark"]}
    ]
    assert document["excluded_s"] == {"no_face": 1.0, "too_dark": 1.0}
    assert [event["kind"] for event in document["subject_events"]] == ["chosen", "lost"]


def test_both_sides_are_there_each_with_its_own_numbers(document: dict[str, Any]):
    assert list(document["sides"]) == ["left", "right"]
    assert document["sides"]["left"]["episodes"] == 0
    assert document["sides"]["right"]["episodes"] == 2
    assert document["sides"]["right"]["regions"] == ["eyelid", "mouth_corner", "cheek"]


def test_it_comes_back_as_it_was(session: Session, tmp_path: Path):
    write_summary(tmp_path / "s.json", session)
    assert read_summary(tmp_path / "s.json") == summary_document(session)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"schema_version": 99}', '{"schema_version": "1"}']
)
def test_what_is_no_summary_is_refused(tmp_path: Path, text: str):
    (tmp_path / "s.json").write_text(text)
    with pytest.raises(BadTruthFile):
        read_summary(tmp_path / "s.json")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float32("nan"), None),
        (float("-inf"), None),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.array([1.0, np.nan]), [1.0, None]),
        (Path("a") / "b", str(Path("a") / "b")),
        ({Region.CHEEK: (1, 2.0)}, {"cheek": [1, 2.0]}),
        (frozenset({"b", "a"}), ["a", "b"]),
        (None, None),
    ],
)
def test_values_become_plain(value: object, expected: object):
    got = plain(value)
    assert got == expected
    assert type(got) is type(expected)
    json.dumps(got, allow_nan=False)


def test_it_says_when_an_eye_was_hardly_ever_open(session: Session, tmp_path: Path):
    shut = (
        HardlyOpen(span=Interval(start_s=1.0, end_s=4.5), side=Side.LEFT),
        HardlyOpen(span=Interval(start_s=6.0, end_s=7.0), side=Side.RIGHT),
    )
    write_summary(tmp_path / "summary.json", replace(session, hardly_open=shut))
    found = read_summary(tmp_path / "summary.json")
    assert found["hardly_open"][0] == {"side": "left", "onset_s": 1.0, "offset_s": 4.5}
    assert SavedSummary(found).hardly_open == shut


def test_an_older_summary_did_not_look_for_that(document: dict[str, Any]):
    assert SavedSummary(document).hardly_open == ()
    del document["hardly_open"]
    assert SavedSummary(document).hardly_open is None


def test_what_came_later_comes_back_and_may_be_missing(
    session: Session, tmp_path: Path
):
    path = tmp_path / "summary.json"
    write_summary(path, session)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["video"] |= {"stream": 2, "slowed": 8.0, "said": ["one_of_films(3)"]}
    saved = SavedSummary(document)
    assert saved.reading == ReadOptions(stream=2, slowed=8.0)
    assert saved.damage == session.damage
    assert saved.subject_events == tuple(session.subject_events)
    for name in ("face", "pictures_hz", "unchanged_share", "subject_events"):
        del document[name]
    for name in ("stream", "slowed", "said"):
        del document["video"][name]
    older = SavedSummary(document)
    assert older.reading == ReadOptions(stream=None, slowed=1.0)
    assert older.said == older.subject_events == ()
    assert math.isnan(older.numbers.pictures_hz)
    assert math.isnan(older.numbers.face.long_closures)
