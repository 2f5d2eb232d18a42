"""Paths that lead nowhere are recordings that cannot be read, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from twitch_tracker.border.files import real_path
from twitch_tracker.cli.films.recordings import find_recordings, read_list
from twitch_tracker.errors import VideoUnreadable
from twitch_tracker.video.files import hash_file, open_video


@pytest.fixture
def listed(tmp_path: Path) -> list[Path]:
    """What a list names: links that lead round in a circle, and no path at all."""
    (tmp_path / "round.mp4").symlink_to(tmp_path / "circle.mp4")
    (tmp_path / "circle.mp4").symlink_to(tmp_path / "round.mp4")
    (tmp_path / "films.txt").write_text("round.mp4\na\0b.mp4\n", encoding="utf-8")
    return read_list([tmp_path / "films.txt"])


def test_each_is_found_and_cannot_be_read(listed: list[Path]):
    found = find_recordings(listed)
    assert found == listed
    for path in found:
        for read in (open_video, hash_file):
            with pytest.raises(VideoUnreadable):
                read(real_path(path))


def test_what_leads_somewhere_is_followed(tmp_path: Path):
    (tmp_path / "film.mp4").write_bytes(b"film")
    (tmp_path / "link.mp4").symlink_to("film.mp4")
    both = [tmp_path / "link.mp4", tmp_path / "film.mp4"]
    assert find_recordings(both) == both[:1]
    assert real_path(both[0]) == real_path(both[1])
