"""What is on disk while recording, and what a crash leaves of it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.errors import OutputNotWritable, VideoUnreadable
from twitch_tracker.live.event_log import (
    EVENTS,
    EventLog,
    as_event,
    is_finished,
    read_events,
)
from twitch_tracker.live.spool import LAYOUT, SignalFile, read_signal_file
from twitch_tracker.live.state import News, NewsKind
from twitch_tracker.networks import shipped_folder
from twitch_tracker.records import QualityReason

NUMBERS = (
    *("time_s", "points_px", "skin_step_io", "eye_codes"),
    *("pose_deg", "interocular_px", "iris_px", "unseen"),
)


@pytest.fixture
def raw(face, clock, shapes):
    time_s = clock.even(15, 4)
    away = (time_s > 2) & (time_s < 3)
    from dataclasses import replace

    return replace(face.film(time_s, unseen=away), cuts_s=(float(time_s[40]),))


def part(raw, first, end):
    from dataclasses import replace

    cuts = tuple(c for c in raw.cuts_s if raw.time_s[first] <= c <= raw.time_s[end - 1])
    numbers = {name: getattr(raw, name)[first:end] for name in NUMBERS}
    for name in ("same", "lips_hidden"):
        if getattr(raw, name) is not None:
            numbers[name] = getattr(raw, name)[first:end]
    return replace(raw, **numbers, reasons=raw.reasons[first:end], cuts_s=cuts)


def written(path, raw):
    boxes = np.arange(4 * len(raw), dtype=np.float32).reshape(-1, 4)
    file = SignalFile(path)
    for first in range(0, len(raw), 15):
        file.append(part(raw, first, first + 15), boxes[first : first + 15])
    file.close()
    return boxes


def test_signals_come_back_as_they_were(tmp_path, raw):
    path = tmp_path / "signals.part"
    boxes = written(path, raw)
    back, back_boxes = read_signal_file(path, LAYOUT, shipped_folder())
    for name in NUMBERS:
        np.testing.assert_array_equal(getattr(back, name), getattr(raw, name), name)
        assert getattr(back, name).dtype == getattr(raw, name).dtype
    assert back.reasons == raw.reasons
    assert back.cuts_s == raw.cuts_s
    np.testing.assert_array_equal(back_boxes, boxes)


def test_what_nobody_saw_comes_back_too(tmp_path, raw):
    """A recording that was killed is judged as it would have been."""
    same = np.arange(len(raw)) % 3 == 0
    seen = replace(raw, same=same, lips_hidden=~same, unchanged_share=0.95)
    path = tmp_path / "signals.part"
    written(path, seen)
    back, _ = read_signal_file(path, LAYOUT, shipped_folder())
    np.testing.assert_array_equal(back.same, same)
    np.testing.assert_array_equal(back.lips_hidden, ~same)
    assert back.unchanged_share == pytest.approx(0.95)


def test_every_append_is_on_disk_at_once(tmp_path, raw):
    file = SignalFile(tmp_path / "signals.part")
    file.append(part(raw, 0, 15), np.zeros((15, 4), np.float32))
    back, _ = read_signal_file(file.path, LAYOUT, shipped_folder())
    assert len(back) == 15
    file.close()


def test_a_broken_last_record_is_ignored(tmp_path, raw):
    path = tmp_path / "signals.part"
    written(path, raw)
    path.write_bytes(path.read_bytes()[:-100])
    back, boxes = read_signal_file(path, LAYOUT, shipped_folder())
    assert len(back) == len(boxes) == len(raw) - 1


def test_signals_of_another_layout_are_refused_with_advice(tmp_path, raw):
    path = tmp_path / "signals.part"
    written(path, raw)
    with pytest.raises(VideoUnreadable, match="version of twitch-tracker that began"):
        read_signal_file(path, "0/12", shipped_folder())


def test_no_signals_are_a_named_error(tmp_path):
    with pytest.raises(VideoUnreadable, match="cannot be finished"):
        read_signal_file(tmp_path / "none", LAYOUT, shipped_folder())


# --- events -------------------------------------------------------------------


@pytest.fixture
def log(tmp_path):
    log = EventLog(tmp_path / EVENTS)
    log.write("started", schema_version=1)
    yield log
    log.close()


def test_events_are_on_disk_line_by_line_and_told_afterwards(tmp_path, make_burst):
    path, told = tmp_path / EVENTS, []
    log = EventLog(path, lambda event: told.append((event, path.read_text())))
    log.write("started", schema_version=1)
    burst = make_burst(1.23456, 2.5)
    log.write_news(News(kind=NewsKind.BURST, time_s=5.0, burst=burst))
    log.close()
    (_, first), (event, both) = told
    assert first.count("\n") == 1
    assert json.loads(both.splitlines()[1]) == event
    assert event["side"] == "right"
    assert (event["onset_s"], event["offset_s"]) == (1.2346, 2.5)
    assert event["confidence"] is None


def test_a_broken_last_line_is_skipped(log):
    log.write("quality", time_s=1.0, reason=None)
    with log.path.open("a") as file:
        file.write('{"event": "burst", "ons')
    assert [e["event"] for e in read_events(log.path)] == ["started", "quality"]


def test_finished_is_finished(log):
    assert not is_finished(read_events(log.path))
    log.write("finished", how="stopped")
    assert is_finished(read_events(log.path))


@pytest.mark.parametrize(
    "text", ["", "nonsense\n", '{"event": "started", "schema_version": 99}\n', "[1]\n"]
)
def test_what_is_no_event_log_is_refused(tmp_path, text):
    path = tmp_path / EVENTS
    path.write_text(text)
    with pytest.raises(VideoUnreadable, match="event log of layout"):
        read_events(path)


def test_every_kind_of_news_is_told(make_blink):
    blink = News(kind=NewsKind.BLINK, time_s=4.0, blink=make_blink(1, 1.2))
    assert as_event(blink)["complete"] is True
    worse = News(kind=NewsKind.QUALITY, time_s=4.0, reason=QualityReason.TOO_DARK)
    assert as_event(worse) == {"time_s": 4.0, "reason": QualityReason.TOO_DARK}


def test_a_folder_that_cannot_be_written_is_a_named_error(tmp_path):
    for make in (EventLog, SignalFile):
        with pytest.raises(OutputNotWritable, match="--out"):
            make(tmp_path / "missing" / "file")


def test_a_burst_tells_whether_it_was_seen_whole(make_burst):
    burst = replace(make_burst(1, 2), offset_cut=True, bilateral=True)
    told = as_event(News(kind=NewsKind.BURST, time_s=4.0, burst=burst))
    assert (told["onset_cut"], told["offset_cut"]) == (False, True)
    assert told["bilateral"] is True
