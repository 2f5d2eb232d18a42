"""Films in an encrypted journal: written, read, looked at in another process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("cryptography")

from twitch_tracker.border.isolated import isolated
from twitch_tracker.encrypted.files import is_encrypted, read_whole, write_all
from twitch_tracker.encrypted.keys import forget_home
from twitch_tracker.errors import VideoUnreadable
from twitch_tracker.video.files import hash_file, open_video
from twitch_tracker.video.frames_at import read_frames_at
from twitch_tracker.video.headers import find_headers
from twitch_tracker.video.probe import probe
from twitch_tracker.video.writer import VideoWriter


def filmed(path: Path, pictures: int = 40) -> Path:
    with VideoWriter(path, width_px=64, height_px=48, key_every=8) as writer:
        for k in range(pictures):
            writer.write(np.full((48, 64, 3), 5 * k, np.uint8), k / 20)
    return path


def shades(path: Path) -> list[int]:
    with open_video(path) as source:
        return [round(float(frame.image.mean())) for frame in source]


def test_a_film_is_the_same_encrypted(home: Path, tmp_path: Path):
    film = filmed(home / "app" / "film.mp4")
    assert is_encrypted(film)
    assert [p.name for p in (home / "app").iterdir()] == ["film.mp4"]
    plain = tmp_path / "plain.mp4"
    plain.write_bytes(read_whole(film))
    assert shades(film) == shades(plain)
    assert len(shades(film)) == 40
    assert hash_file(film) == hash_file(plain)


def test_any_picture_is_reached(home: Path):
    film = filmed(home / "app" / "film.mp4")
    found = [round(float(f.image.mean())) for f in read_frames_at(film, [1.5, 1.75])]
    assert found == pytest.approx([150, 175], abs=3)


def test_a_decoder_in_another_process_is_handed_the_key(home: Path):
    film = filmed(home / "app" / "film.mp4")
    told = isolated(probe, film, name=film.name, error=VideoUnreadable)
    assert (told.width_px, told.height_px) == (64, 48)


def test_without_the_key_it_is_said_that_it_may_not_be_read(home: Path):
    film = filmed(home / "app" / "film.mp4")
    forget_home(home)
    with pytest.raises(VideoUnreadable, match="its journal is locked"):
        open_video(film)


def test_a_damaged_film_is_no_crash(home: Path):
    film = filmed(home / "app" / "film.mp4")
    stored = bytearray(film.read_bytes())
    stored[len(stored) // 2] ^= 1
    film.write_bytes(stored)
    with pytest.raises(VideoUnreadable):
        shades(film)


def test_a_film_that_was_given_up_leaves_nothing(home: Path):
    writer = VideoWriter(home / "app" / "film.mp4", width_px=64, height_px=48)
    writer.write(np.zeros((48, 64, 3), np.uint8), 0.0)
    writer.abort()
    assert list((home / "app").iterdir()) == []


def test_heads_of_joined_films_are_found_in_an_encrypted_one(
    home: Path, tmp_path: Path
):
    """Also across the pieces in which it is searched."""
    head = b"FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00"
    content = head + bytes(2**20 - 5) + head + bytes(3 * 2**20) + head
    plain = tmp_path / "joined.flv"
    for path in (plain, home / "app" / "joined.flv"):
        write_all(path, content)
    found = find_headers(home / "app" / "joined.flv", "flv")
    assert found == find_headers(plain, "flv")
    assert len(found) == 2
