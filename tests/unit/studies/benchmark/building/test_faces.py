"""Who is in which video: tables, names, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from studies.benchmark.building.faces import (
    Tier,
    read_deliberate,
    read_faces,
    select,
    tier_of_name,
)
from twitch_tracker.errors import BadParameter, BadTruthFile
from twitch_tracker.regions import Side

ROOT = Path(__file__).parents[5]
TABLES = ROOT / "models" / "training"
DEVELOPMENT = ROOT.parent / "shared" / "faces" / "video"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("rest_a.mp4", "talk_b.mov", "wild.webm", "notes.txt"):
        (tmp_path / name).touch()
    return tmp_path


def test_without_a_table_the_name_says_the_tier_and_every_file_is_a_face(folder: Path):
    videos = {video.file: video for video in read_faces(folder)}
    assert set(videos) == {"rest_a.mp4", "talk_b.mov", "wild.webm"}
    assert videos["rest_a.mp4"].tier is Tier.REST
    assert videos["talk_b.mov"].tier is Tier.TALK
    assert videos["wild.webm"].tier is Tier.EXPRESSIVE
    assert len({video.face for video in videos.values()}) == 3
    assert tier_of_name("restless.mp4") is Tier.EXPRESSIVE


def test_a_table_in_the_folder_is_found_and_obeyed(folder: Path):
    rows = (
        "file,face,tier,use,note\nwild.webm,ann,rest,yes,\nrest_a.mp4,ann,,no,blurred\n"
    )
    (folder / "faces.csv").write_text(rows)
    wild, rest, unlisted = read_faces(folder)
    assert (wild.face, wild.tier, wild.use) == ("ann", Tier.REST, True)
    assert (rest.tier, rest.use, rest.note) == (Tier.REST, False, "blurred")
    assert unlisted.file == "talk_b.mov"
    assert not unlisted.use
    assert "not in the table" in unlisted.note
    assert select([wild, rest, unlisted]) == (wild,)


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ("file,tier\nrest_a.mp4,sleeping\n", BadTruthFile),
        ("file,use\nrest_a.mp4,perhaps\n", BadTruthFile),
        ("name\nrest_a.mp4\n", BadTruthFile),
        ("file\ngone.mp4\n", BadParameter),
        ("file\nrest_a.mp4\nrest_a.mp4\n", BadParameter),
    ],
)
def test_a_wrong_table_is_refused(folder: Path, rows: str, error: type[Exception]):
    table = folder / "table.csv"
    table.write_text(rows)
    with pytest.raises(error):
        read_faces(folder, table)


def test_an_unused_video_need_not_be_there(folder: Path):
    table = folder / "table.csv"
    table.write_text("file,use\ngone.mp4,no\nrest_a.mp4,yes\n")
    assert [v.file for v in select(read_faces(folder, table))] == ["rest_a.mp4"]


def test_patterns_choose_by_name_and_an_idle_one_is_refused(folder: Path):
    videos = read_faces(folder)
    assert [v.file for v in select(videos, ["rest_*"])] == ["rest_a.mp4"]
    assert len(select(videos, ["wild", "talk_*"])) == 2
    with pytest.raises(BadParameter, match="--only"):
        select(videos, ["nobody*"])


def test_an_empty_folder_is_refused(tmp_path: Path):
    with pytest.raises(BadParameter, match="FACES"):
        read_faces(tmp_path)


def test_deliberate_movements_have_a_span_and_a_side(tmp_path: Path):
    table = tmp_path / "deliberate.csv"
    table.write_text(
        "file,onset_s,offset_s,side,what\nrest_a.mp4,1,2.5,left,wink; twice\n"
    )
    (movement,) = read_deliberate(table)
    assert movement.side is Side.LEFT
    assert movement.span.duration_s == 1.5
    assert read_deliberate(tmp_path / "none.csv") == ()
    table.write_text("file,onset_s,offset_s,side\nrest_a.mp4,1,2.5,both\n")
    with pytest.raises(BadTruthFile, match="side"):
        read_deliberate(table)


def test_the_committed_tables_fit_the_development_videos():
    if not DEVELOPMENT.is_dir():
        pytest.skip("the development videos are not on this computer")
    videos = {
        video.file: video for video in read_faces(DEVELOPMENT, TABLES / "faces.csv")
    }
    assert all(video.note for video in videos.values() if not video.use)
    assert "not in the table of faces" not in {v.note for v in videos.values()}
    address = {v.face for name, v in videos.items() if name.startswith("talk_address")}
    assert address == {"address"}
    for movement in read_deliberate(TABLES / "deliberate.csv"):
        assert videos[movement.file].use
        assert movement.what
