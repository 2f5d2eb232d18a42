"""A recording folder becomes an analysis, or an error says what is wrong with it."""

from __future__ import annotations

import json
import math
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import av
import numpy as np
import pytest

from twitch_tracker.border.days import moment_of_file
from twitch_tracker.errors import BadParameter, BadTruthFile
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.history import Task
from twitch_tracker.journal.entries import LogOutcome, TimeKnown
from twitch_tracker.journal.files import folder as folders
from twitch_tracker.journal.files.folder import log_folder, read_folder, recorded_at
from twitch_tracker.journal.open import open_journal
from twitch_tracker.records import HardlyOpen
from twitch_tracker.regions import Side
from twitch_tracker.timebase import Interval

WHEN = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def folder(session, tmp_path):
    """Make the folder of the made-up session of tests/conftest.py."""
    path = tmp_path / "out" / "face"
    path.mkdir(parents=True)
    write_tables(path, session)
    return path


@pytest.fixture
def journal(tmp_path):
    with open_journal(tmp_path / "home") as opened:
        opened.add_patient("anna")
        yield opened


def test_a_folder_says_what_the_session_said(folder, session):
    found = read_folder(folder, started_at=WHEN, task=Task.SMILING, device="phone")
    assert found.content_sha256 == session.video.sha256
    assert found.file_name == "face.mp4"
    assert (found.task, found.device, found.mirrored) == (Task.SMILING, "phone", False)
    assert (found.started_at, found.time_known) == (WHEN, TimeKnown.STATED)
    assert len(found.episodes) == 2
    assert len(found.blinks) == 1
    assert found.excluded == session.excluded
    assert found.analysable_s == pytest.approx(9.0)
    assert math.isnan(found.rest_asymmetry)
    assert found.method.tracker == "attention-mesh"
    assert found.method.tracker_weights_sha256 == "cd" * 32
    assert found.signals == folder / "signals.parquet"


def test_a_folder_can_be_logged_again_without_telling_the_time_again(journal, folder):
    first = log_folder(journal, folder, "anna", started_at=WHEN)
    again = log_folder(journal, folder, "anna")
    assert again.outcome is LogOutcome.NOTHING_NEW
    assert again.recording_id == first.recording_id
    (entry,) = journal.recordings("anna")
    assert (entry.started_at, entry.time_known) == (WHEN, TimeKnown.STATED)
    assert journal.check() == ()


def test_what_was_chosen_for_one_recording_is_no_part_of_the_method(
    tmp_path, made_session
):
    """A clip, a mirrored one, a known face: measured alike; another threshold is not."""
    found = []
    clip = {"mirrored": True, "start_s": 3.0, "end_s": 9.0}
    known = {
        "known_face": {"left": {"ratio": 0.6, "recordings": ["1", "2", "3"]}},
        "stream": 1,
        "capture_fps": 240.0,
        "subject": [0.25, None],
        "unseen": {"least_pictures_hz": 9.5},
    }
    for number, changed in enumerate(({}, clip, known, {"enter": 3.5})):
        session = made_session()
        session = replace(session, parameters={**session.parameters, **changed})
        path = tmp_path / str(number)
        path.mkdir()
        write_tables(path, session)
        found.append(read_folder(path, started_at=WHEN).method)
    plain, clip, known, other = found
    assert plain.key == clip.key == known.key
    assert plain.key != other.key


def test_what_pictures_were_too_slow_for_is_logged_as_not_known(
    journal, tmp_path, made_session
):
    session = made_session()
    first, second = session.episodes
    open_ = replace(
        first, kind=None, contractions=None, reasons=("too_slow_for_kind(10.0,14)",)
    )
    path = tmp_path / "slow"
    path.mkdir()
    write_tables(path, replace(session, episodes=(open_, second)))
    logged = log_folder(journal, path, "anna", started_at=WHEN)
    found = [b.episode for b in journal.analysis(logged.recording_id).bursts]
    assert (found[0].kind, found[0].contractions) == (None, None)
    assert found[1].kind is second.kind
    assert found[1].contractions == second.contractions
    assert journal.check() == ()


@pytest.mark.parametrize(
    "name", ["episodes.csv", "blinks.csv", "signals.parquet", "summary.json"]
)
def test_a_missing_file_is_named(folder, journal, name):
    (folder / name).unlink()
    with pytest.raises(BadTruthFile, match=name):
        log_folder(journal, folder, "anna", started_at=WHEN)
    assert journal.recordings("anna") == ()


@pytest.mark.parametrize("name", ["signals.parquet", "summary.json"])
def test_a_damaged_file_is_named(folder, journal, name):
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadTruthFile, match=name):
        log_folder(journal, folder, "anna", started_at=WHEN)
    assert journal.recordings("anna") == ()
    assert journal.check() == ()


def test_a_summary_that_lacks_something_is_named(folder):
    document = json.loads((folder / "summary.json").read_text())
    del document["excluded_spans"]
    (folder / "summary.json").write_text(json.dumps(document))
    with pytest.raises(BadTruthFile, match="excluded_spans"):
        read_folder(folder, started_at=WHEN)


def test_rows_that_were_added_or_removed_by_hand_are_noticed(folder):
    path = folder / "episodes.csv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    with pytest.raises(BadTruthFile, match=r"expected 2 rows.*got 1"):
        read_folder(folder, started_at=WHEN)


def test_signals_of_another_recording_are_noticed(folder, made_session, tmp_path):
    write_tables(tmp_path, made_session(digest="12" * 32))
    (tmp_path / "signals.parquet").replace(folder / "signals.parquet")
    with pytest.raises(BadTruthFile, match="different recordings"):
        read_folder(folder, started_at=WHEN)


# --- when -------------------------------------------------------------------


def film(path, created=None, **tags):
    """Write a tiny film, with or without the time of its making."""
    options = {"movflags": "use_metadata_tags"} if tags else {}
    with av.open(str(path), "w", container_options=options) as container:
        container.metadata.update(tags)
        if created is not None:
            container.metadata["creation_time"] = created
        stream = container.add_stream("mpeg4", rate=Fraction(30))
        stream.width = stream.height = 32
        picture = np.zeros((32, 32, 3), np.uint8)
        for _ in range(3):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    os.utime(path, (WHEN.timestamp(), WHEN.timestamp()))
    return path


def test_what_is_told_beats_the_file(tmp_path):
    video = film(tmp_path / "a.mp4", "2026-04-01T10:00:00Z")
    assert recorded_at(tmp_path, WHEN, video) == (WHEN, TimeKnown.STATED)


@pytest.mark.parametrize("suffix", ["mp4", "mov"])
def test_the_date_that_a_phone_wrote_when_filming_beats_that_of_an_export(
    tmp_path, suffix
):
    tags = {"com.apple.quicktime.creationdate": "2026-02-15T21:29:00-0700"}
    video = film(tmp_path / f"a.{suffix}", "2026-04-01T10:00:00Z", **tags)
    at, known = recorded_at(tmp_path, None, video)
    assert at.isoformat() == "2026-02-15T21:29:00-07:00"
    assert known is TimeKnown.FROM_FILE


def test_the_recordings_own_clock_beats_the_date_of_the_file(tmp_path):
    video = film(tmp_path / "a.mp4", "2026-04-01T10:00:00Z")
    expected = datetime(2026, 4, 1, 10, tzinfo=UTC)
    assert recorded_at(tmp_path, None, video) == (expected, TimeKnown.FROM_FILE)


@pytest.mark.parametrize("created", [None, "1970-01-01T00:00:00Z"])
def test_without_a_credible_clock_the_date_of_the_file_counts(tmp_path, created):
    video = film(tmp_path / "a.mp4", created)
    at, known = recorded_at(tmp_path, None, video)
    assert known is TimeKnown.FILE_DATE
    assert abs(at - WHEN) < timedelta(seconds=2)


def test_a_file_of_a_year_that_nobody_means_has_no_date(tmp_path, monkeypatch):
    """Some disks keep years that no calendar of a computer can count."""
    video = film(tmp_path / "a.mp4", None)
    monkeypatch.setattr(
        folders, "moment_of_file", lambda _since_s: moment_of_file(1e13)
    )
    with pytest.raises(BadParameter, match="Give --when"):
        recorded_at(tmp_path, None, video)


def test_a_folders_own_date_is_never_taken(folder):
    with pytest.raises(BadParameter, match="Give --when"):
        read_folder(folder)
    with pytest.raises(BadParameter, match="Give --when"):
        read_folder(folder, video=folder / "gone.mp4")


def test_what_was_only_partly_seen_comes_along(session, tmp_path, journal):
    shut = (HardlyOpen(span=Interval(start_s=2.0, end_s=5.0), side=Side.RIGHT),)
    first, second = session.episodes
    told = (replace(first, onset_cut=True), replace(second, bilateral=True))
    path = tmp_path / "partly"
    path.mkdir()
    write_tables(path, replace(session, episodes=told, hardly_open=shut))
    name = log_folder(journal, path, "anna", started_at=WHEN).recording_id
    analysis = journal.analysis(name)
    assert [b.episode.onset_cut for b in analysis.bursts] == [True, False]
    assert [b.episode.bilateral for b in analysis.bursts] == [False, True]
    assert analysis.hardly_open == shut
    assert journal.check() == ()


def test_a_folder_of_an_older_version_did_not_look_for_it(folder, journal):
    document = json.loads((folder / "summary.json").read_text())
    del document["hardly_open"]
    (folder / "summary.json").write_text(json.dumps(document))
    name = log_folder(journal, folder, "anna", started_at=WHEN).recording_id
    assert journal.analysis(name).hardly_open is None
