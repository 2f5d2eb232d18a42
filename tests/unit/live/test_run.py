"""From the first frame to the finished folder, and what may happen in between."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from twitch_tracker.errors import (
    CameraUnavailable,
    NoAnalysableFace,
    OutputNotWritable,
    VideoUnreadable,
)
from twitch_tracker.exchange.summary import read_summary
from twitch_tracker.exchange.tables import read_episodes
from twitch_tracker.live import finish as live_finish
from twitch_tracker.live import run as live_run
from twitch_tracker.live.event_log import EVENTS, read_events
from twitch_tracker.live.finish import (
    RECORDING,
    SIGNALS,
    find_unfinished,
    finish_folder,
)
from twitch_tracker.live.run import Command, Ending, LiveRun, make_folder
from twitch_tracker.video.files import open_video

NOW = datetime(2026, 5, 1, 9, 30, 5, tzinfo=UTC)
FILES = {"episodes.csv", "blinks.csv", "signals.parquet", "summary.json", "report.html"}


class Commands:
    """Wants things at moments; remembers what was shown."""

    def __init__(self, **at: Command) -> None:
        self.wanted = {float(name.removeprefix("at_")): w for name, w in at.items()}
        self.shown = []

    def show(self, frame, state, *, paused):
        self.shown.append((frame.time_s, state, paused))
        due = [at for at in self.wanted if at <= frame.time_s]
        return self.wanted.pop(due[0]) if due else Command.GO_ON


@pytest.fixture(autouse=True)
def plain_report(monkeypatch):
    """The true report takes a second to draw and has tests of its own."""

    def write(path, analysis, pictures_from):
        path.write_text(f"{analysis.session.video.name} {pictures_from}")

    monkeypatch.setattr(live_finish, "_write_report", write)


@pytest.fixture
def prepare(tmp_path):
    """Make a run over a scene."""

    def make(scene, camera=None, **how) -> LiveRun:
        return LiveRun(
            source=camera or scene.camera(),
            tracker=scene.tracker(),
            options=scene.options,
            folder=make_folder(tmp_path / "out", NOW),
            started_at=NOW,
            background=False,
            **how,
        )

    return make


def names(folder):
    return {entry.name for entry in folder.iterdir()}


def test_the_folder_holds_the_files_of_analyze_and_the_events(prepare, make_scene):
    """Long enough for both to be told while it films."""
    run = prepare(make_scene(14, bursts_s=[2.5], blinks_s=[7.0]))
    told = []
    session, ending = run.work(Commands(), told.append)
    assert ending is Ending.END_OF_FILE
    assert names(run.folder) == FILES | {EVENTS}
    (burst,) = read_episodes(run.folder / "episodes.csv")
    assert burst.span.start_s == pytest.approx(2.5, abs=0.15)
    assert read_events(run.folder / EVENTS) == told
    kinds = [event["event"] for event in told]
    assert kinds == ["started", "subject", "burst", "blink", "finished"]
    assert told[-1]["blinks"] == 1
    assert told[-1]["bursts"] == {"left": 0, "right": 1}
    assert told[0]["started_at"] == "2026-05-01T09:30:05.000+00:00"
    assert session.summary.recorded_s == pytest.approx(14.0)
    for line in (run.folder / EVENTS).read_text().splitlines():
        json.loads(line, parse_constant=pytest.fail)  # no NaN: unknown is null


def test_two_recordings_are_never_taken_for_one(prepare, make_scene):
    """Without a stored video the hash is that of the signals."""
    hashes = set()
    for burst_s in (2.0, 3.0):
        run = prepare(make_scene(5, bursts_s=[burst_s]))
        run.work(Commands())
        hashes.add(read_summary(run.folder / "summary.json")["video"]["sha256"])
    assert len(hashes) == 2
    assert "" not in hashes


def test_folders_are_named_after_the_moment_and_never_shared(tmp_path):
    first, second = make_folder(tmp_path, NOW), make_folder(tmp_path, NOW)
    assert first.name == "live-20260501-093005"
    assert second.name == "live-20260501-093005-2"


def test_what_a_killed_recording_had_half_written_goes_with_the_next(tmp_path):
    killed = make_folder(tmp_path, NOW)
    half = tmp_path / f".{killed.name}.partial-1234"
    half.mkdir()
    (half / ".lock").touch()
    (half / "episodes.csv").write_text("half")
    (killed / "signals.part").write_text("what it is finished from")
    make_folder(tmp_path, NOW + timedelta(minutes=1))
    assert not half.exists()
    assert (killed / "signals.part").exists()


def test_who_wants_to_stop_is_heeded(prepare, short_scene):
    session, ending = prepare(short_scene).work(Commands(at_5=Command.STOP))
    assert ending is Ending.STOPPED
    assert session.summary.recorded_s == pytest.approx(5.0, abs=0.1)


def test_ctrl_c_is_heeded_before_the_next_frame(prepare, short_scene):
    asked = iter([False] * 75 + [True])
    session, ending = prepare(short_scene).work(Commands(), stopped=lambda: next(asked))
    assert ending is Ending.STOPPED
    assert session.summary.recorded_s == pytest.approx(5.0, abs=0.1)


def test_it_stops_after_the_seconds_asked_for(prepare, short_scene):
    session, ending = prepare(short_scene, seconds=4.0).work(Commands())
    assert ending is Ending.TIME_UP
    assert session.summary.recorded_s == pytest.approx(4.0, abs=0.1)


def test_a_pause_is_nobodys_time(prepare, short_scene):
    display = Commands(at_5=Command.PAUSE, at_8=Command.PAUSE)
    run = prepare(short_scene)
    session, _ = run.work(display)
    assert session.summary.recorded_s == pytest.approx(7.0, abs=0.2)
    assert len(session.blinks) == 0
    assert {paused for at, _, paused in display.shown if 5.1 < at < 7.9} == {True}
    kinds = [event["event"] for event in read_events(run.folder / EVENTS)]
    assert kinds.index("paused") < kinds.index("resumed")


def test_a_camera_that_is_unplugged_leaves_what_was_recorded(prepare, short_scene):
    run = prepare(short_scene, short_scene.camera(8, lost_at_end=True))
    session, ending = run.work(Commands())
    assert ending is Ending.CAMERA_LOST
    assert names(run.folder) >= FILES
    assert len(session.episodes) == 1
    events = read_events(run.folder / EVENTS)
    assert [e["event"] for e in events[-2:]] == ["camera_lost", "finished"]


def test_a_camera_that_never_gave_a_picture_is_an_error(prepare, short_scene):
    with pytest.raises(CameraUnavailable):
        prepare(short_scene, short_scene.camera(0, lost_at_end=True)).work(Commands())


def test_without_a_face_the_events_stay_and_say_so(prepare, make_scene):
    run = prepare(make_scene(3, away_s=(0, 9)))
    with pytest.raises(NoAnalysableFace):
        run.work(Commands())
    assert names(run.folder) == {EVENTS}
    assert read_events(run.folder / EVENTS)[-1]["status"] == "no_analysable_face"


# --- the stored video -----------------------------------------------------------


def test_the_video_is_stored_with_the_times_of_the_camera(prepare, short_scene):
    """A camera of uneven pace: every fourth frame is missing."""
    camera = short_scene.camera()
    camera.numbers = [n for n in camera.numbers if n % 4 and n < 90]
    run = prepare(short_scene, camera, record=True)
    session, _ = run.work(Commands())
    assert names(run.folder) == FILES | {EVENTS, RECORDING}
    with open_video(run.folder / RECORDING) as source:
        assert source.info.sha256 == session.video.sha256
        assert not source.info.mirrored
        times = [frame.time_s for frame in source]
    expected = [short_scene.time_s[n] for n in camera.numbers]
    expected = [t - expected[0] for t in expected]
    assert times == pytest.approx(expected, abs=1e-4)


def test_a_full_disk_ends_the_video_and_not_the_recording(
    prepare, make_scene, monkeypatch
):
    written = []

    class Full:
        def __init__(self, *_, **__) -> None: ...

        def write(self, image, time_s):
            written.append(time_s)
            if time_s > 2:
                raise OutputNotWritable("no space left")

        def close(self) -> None: ...

    monkeypatch.setattr(live_run, "VideoWriter", Full)
    run = prepare(make_scene(4), record=True)
    session, _ = run.work(Commands())
    assert session.summary.recorded_s == pytest.approx(4.0)
    assert max(written) < 2.2
    assert "video_lost" in {e["event"] for e in read_events(run.folder / EVENTS)}


# --- after a crash --------------------------------------------------------------


class Killed(BaseException):
    """Stands for a program that is gone."""


def crash(run, at_s):
    """Work until a moment, then leave everything as it lies."""

    class Kills(Commands):
        def show(self, frame, state, *, paused):
            if frame.time_s >= at_s:
                raise Killed
            return super().show(frame, state, paused=paused)

    with pytest.raises(Killed):
        run.work(Kills())


def test_a_crash_leaves_the_events_the_signals_and_how_to_finish(prepare, short_scene):
    run = prepare(short_scene)
    crash(run, 4)
    assert names(run.folder) == {EVENTS, SIGNALS}
    events = read_events(run.folder / EVENTS)
    assert [e["event"] for e in events] == ["started", "subject"]
    assert "--finish" in events[0]["if_cut_off"]
    assert str(run.folder) in events[0]["if_cut_off"]


def test_what_was_cut_off_is_finished_to_its_last_second(prepare, short_scene):
    whole = prepare(short_scene, short_scene.camera(5.0))
    expected, _ = whole.work(Commands())
    cut = prepare(short_scene)
    crash(cut, 5.9)
    session = finish_folder(cut.folder)
    assert names(cut.folder) == FILES | {EVENTS}
    lost_s = 5.9 - session.summary.recorded_s
    assert 0 <= lost_s < 1.2
    (burst,), (same,) = session.episodes, expected.episodes
    assert burst.span.start_s == pytest.approx(same.span.start_s, abs=0.02)
    assert session.subject_events == expected.subject_events
    assert session.parameters == expected.parameters
    assert session.tracker == expected.tracker
    assert session.video.sha256
    assert read_events(cut.folder / EVENTS)[-1]["how"] == "recovered"


def test_finishing_gives_the_same_numbers_as_not_having_crashed(
    prepare, short_scene, monkeypatch
):
    """The same signals, once from memory and once from the disk."""
    camera = short_scene.camera(8)
    run = prepare(short_scene, camera)

    def refuse(*_, **__):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(live_run, "write_results", refuse)
        with pytest.raises(Killed):
            run.work(Commands())
    recovered = finish_folder(run.folder)
    expected, _ = prepare(short_scene, short_scene.camera(8)).work(Commands())
    assert len(expected.episodes) == len(expected.blinks) == 1
    assert repr(recovered.summary) == repr(expected.summary)
    assert repr(recovered.episodes) == repr(expected.episodes)


def test_the_video_of_a_killed_program_is_rescued(prepare, short_scene, monkeypatch):
    run = prepare(short_scene, record=True)
    monkeypatch.setattr(live_run._Store, "close", lambda self: None)
    crash(run, 6.5)
    assert RECORDING not in names(run.folder)
    session = finish_folder(run.folder)
    assert RECORDING in names(run.folder)
    with open_video(run.folder / RECORDING) as source:
        last_s = max(frame.time_s for frame in source)
    assert last_s > 3.9
    assert session.video.name == RECORDING


def test_a_finished_folder_is_not_finished_twice(prepare, make_scene):
    run = prepare(make_scene(4))
    run.work(Commands())
    with pytest.raises(VideoUnreadable, match="finished already"):
        finish_folder(run.folder)


def test_what_is_no_recording_cannot_be_finished(tmp_path):
    with pytest.raises(VideoUnreadable, match="live recording"):
        finish_folder(tmp_path)


def test_cut_off_recordings_are_found_but_not_those_still_running(
    prepare, make_scene, tmp_path
):
    run = prepare(make_scene(4))
    crash(run, 3)
    out = tmp_path / "out"
    assert find_unfinished(out) == []
    long_ago = time.time() - 60
    os.utime(run.folder / SIGNALS, (long_ago, long_ago))
    assert find_unfinished(out) == [run.folder]
    finish_folder(run.folder)
    assert find_unfinished(out) == []
    assert find_unfinished(tmp_path / "nowhere") == []
