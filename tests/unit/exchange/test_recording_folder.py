"""Every recording gets a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from twitch_tracker.exchange.recording_folder import plan_folders, write_tables
from twitch_tracker.exchange.summary import write_summary
from twitch_tracker.records import Session

MakeSession = Callable[..., Session]


def video(path: Path, content: bytes = b"film") -> Path:
    """Put a file there and return it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def analysed(made_session: MakeSession, folder: Path, content: bytes) -> None:
    """Leave behind what an analysis of that content would."""
    folder.mkdir(parents=True)
    session = made_session(digest=sha256(content).hexdigest())
    write_summary(folder / "summary.json", session)


def test_the_folder_has_the_name_of_the_video(tmp_path: Path):
    given = [video(tmp_path / "mon day.mp4"), video(tmp_path / "Übung.2.mov")]
    folders = plan_folders(given, tmp_path / "out")
    assert folders == [tmp_path / "out" / "mon day", tmp_path / "out" / "Übung.2"]


def test_two_videos_of_one_name_do_not_share_a_folder(tmp_path: Path):
    """Nor do names that differ in case only: some disks see one name there."""
    given = [
        video(tmp_path / "a" / "clip.mp4"),
        video(tmp_path / "b" / "clip.mov"),
        video(tmp_path / "b" / "CLIP.mp4"),
        video(tmp_path / "b" / "clip-2.mp4"),
    ]
    folders = plan_folders(given, tmp_path / "out")
    assert [folder.name for folder in folders] == [
        "clip",
        "clip-2",
        "CLIP-3",
        "clip-2-2",
    ]


def test_the_same_recording_gets_its_own_folder_again(
    made_session: MakeSession, tmp_path: Path
):
    analysed(made_session, tmp_path / "out" / "clip", b"film")
    given = [video(tmp_path / "clip.mp4", b"film")]
    assert plan_folders(given, tmp_path / "out") == [tmp_path / "out" / "clip"]


def test_results_of_another_recording_are_not_overwritten(
    made_session: MakeSession, tmp_path: Path
):
    analysed(made_session, tmp_path / "out" / "clip", b"film")
    given = [video(tmp_path / "clip.mp4", b"another film")]
    assert plan_folders(given, tmp_path / "out") == [tmp_path / "out" / "clip-2"]


def test_a_video_without_suffix_beside_its_results_is_safe(tmp_path: Path):
    given = [video(tmp_path / "clip")]
    assert plan_folders(given, tmp_path) == [tmp_path / "clip-2"]


def test_an_overlay_can_be_analysed_without_being_overwritten(tmp_path: Path):
    given = [video(tmp_path / "overlay" / "overlay.mp4")]
    assert plan_folders(given, tmp_path) == [tmp_path / "overlay-2"]


def test_a_name_that_no_folder_can_have_becomes_another(tmp_path: Path):
    given = [tmp_path / "clip .mp4", tmp_path / "   .mp4"]
    folders = plan_folders(given, tmp_path / "out")
    assert [folder.name for folder in folders] == ["clip", "recording"]


def test_the_tables_of_the_contract_are_written(session: Session, tmp_path: Path):
    write_tables(tmp_path, session)
    assert {entry.name for entry in tmp_path.iterdir()} == {
        "episodes.csv",
        "blinks.csv",
        "signals.parquet",
        "summary.json",
    }
