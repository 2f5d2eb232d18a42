"""Every recording gets a folder of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from twitch_tracker.errors import OutputNotWritable
from twitch_tracker.exchange.recording_folder import plan_folders, write_tables
from twitch_tracker.exchange.staging import staged_folder
from twitch_tracker.exchange.summary import write_summary
from twitch_tracker.exchange.whole import file_name, write_whole
from twitch_tracker.records import Session

MakeSession = Callable[..., Session]


def video(path: Path, content: bytes = b"film") -> Path:
    """Put a file there and return it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def hash_of(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


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


long_paths = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows takes no paths of more than 260 letters"
)
LONG = [
    ("y" * 245, 120),  # the longest that a disk takes, with its ending
    ("ü" * 122, 119),  # 244 bytes; a letter is never cut
    ("表情" * 40, 120),
]


@long_paths
@pytest.mark.parametrize(("name", "most"), LONG, ids=["letters", "umlauts", "chinese"])
def test_a_name_too_long_for_a_folder_is_shortened(
    made_session: MakeSession, tmp_path: Path, name: str, most: int
):
    """Two of them that differ at the end only do not share a folder, today or later."""
    given = [video(tmp_path / f"{name}.mp4"), video(tmp_path / f"{name[:-1]}z.mp4")]
    first, second = plan_folders(given, tmp_path / "out")
    assert first != second
    assert first.name.startswith(name[:30])
    assert len(first.name.encode()) <= most
    with staged_folder(first) as stage:
        write_summary(stage / "summary.json", made_session(digest=hash_of(given[0])))
    assert (first / "summary.json").is_file()
    assert plan_folders(given, tmp_path / "out") == [first, second]
    another = video(tmp_path / "elsewhere" / given[0].name, b"another film")
    assert plan_folders([another], tmp_path / "out")[0].name == f"{first.name}-2"


@long_paths
def test_the_folder_that_an_older_version_gave_a_long_name_is_kept(
    made_session: MakeSession, tmp_path: Path
):
    name = "n" * 150
    given = video(tmp_path / f"{name}.mp4")
    analysed(made_session, tmp_path / "out" / name, b"film")
    assert plan_folders([given], tmp_path / "out") == [tmp_path / "out" / name]


@long_paths
def test_a_file_with_the_longest_name_is_written(tmp_path: Path):
    path = tmp_path / f"{'y' * 250}.csv"
    assert write_whole(path, "a,b\n").read_text() == "a,b\n"
    assert len(file_name("y" * 250)) <= 120


@long_paths
def test_a_path_that_is_too_long_gets_advice_that_helps(tmp_path: Path):
    with (
        pytest.raises(OutputNotWritable, match="shorter name or path"),
        staged_folder(tmp_path / ("d" * 300)),
    ):
        pass
