"""A encrypted file is a file like any other to who has the key, and noise to all others."""

from __future__ import annotations

import io
import os
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("cryptography")

from twitch_tracker.encrypted import files, keys
from twitch_tracker.encrypted.files import BLOCK_BYTES


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "home"
    (home / "app").mkdir(parents=True)
    keys.unlock_home(home, keys.new_key())
    yield home
    keys.forget_home(home)


def written(path: Path, content: bytes) -> Path:
    files.write_all(path, content)
    return path


@pytest.mark.parametrize(
    "size", [0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES + 7]
)
def test_what_is_written_is_read(home: Path, size: int):
    content = os.urandom(size)
    path = written(home / "app" / "film", content)
    assert files.is_encrypted(path)
    assert files.read_whole(path) == content
    assert files.content_size(path) == size
    with files.open_to_read(path) as file:
        assert file.seek(0, os.SEEK_END) == size


def test_nothing_of_the_content_is_on_the_disk(home: Path):
    path = written(home / "app" / "film", b"a face " * 40_000)
    assert b"face" not in path.read_bytes()
    again = written(home / "app" / "again", b"a face " * 40_000)
    assert again.read_bytes()[100:] != path.read_bytes()[100:], "no two are alike"


def test_reading_and_writing_anywhere_is_as_in_a_file_in_memory(home: Path):
    rng = random.Random(4)  # noqa: S311
    path, plain = home / "app" / "film", io.BytesIO()
    with files.open_to_write(path) as file:
        for _ in range(400):
            place = rng.randrange(5 * BLOCK_BYTES)
            what = rng.choice(("read", "write", "write", "cut", "flush"))
            for one in (file, plain):
                one.seek(place)
            if what == "write":
                content = rng.randbytes(rng.choice((1, 100, BLOCK_BYTES, 100_000)))
                assert file.write(content) == plain.write(content)
            elif what == "read":
                assert file.read(70_000) == plain.read(70_000)
            elif what == "cut" and place < len(plain.getvalue()):
                file.truncate(place)
                plain.truncate(place)
            elif what == "flush":
                file.flush()
    assert files.read_whole(path) == plain.getvalue()


def test_other_libraries_read_and_write_it(home: Path):
    path = home / "app" / "packed.zip"
    with files.open_to_write(path) as file, zipfile.ZipFile(file, "w") as packed:
        packed.writestr("notes", b"n" * 200_000)
    with files.open_to_read(path) as file, zipfile.ZipFile(file) as packed:
        assert packed.read("notes") == b"n" * 200_000


def test_every_flipped_byte_is_told(home: Path):
    path = written(home / "app" / "film", b"some seconds of film")
    stored = path.read_bytes()
    for place in range(len(stored)):
        path.write_bytes(
            stored[:place] + bytes([stored[place] ^ 4]) + stored[place + 1 :]
        )
        if place < 16:  # no encrypted file any more
            assert not files.is_encrypted(path)
            continue
        with pytest.raises(OSError, match="encrypted"):
            files.read_whole(path)


def test_a_file_that_was_cut_off_or_put_together_otherwise_is_told(home: Path):
    path = written(home / "app" / "film", os.urandom(4 * BLOCK_BYTES))
    stored = path.read_bytes()
    block = BLOCK_BYTES + 28
    head, blocks = stored[: files.HEADER_BYTES], stored[files.HEADER_BYTES :]
    for wrong in (
        stored[:-1],
        stored[:-block],
        stored[:50],
        head + blocks[block : 2 * block] + blocks[:block] + blocks[2 * block :],
    ):
        path.write_bytes(wrong)
        with pytest.raises(OSError, match=r"encrypted|missing"):
            files.read_whole(path)


def test_without_the_key_nothing_is_read(home: Path):
    path = written(home / "app" / "film", b"x")
    key = keys.key_of_home(home)
    assert key is not None
    keys.forget_home(home)
    with pytest.raises(PermissionError, match="locked"):
        files.open_to_read(path)
    keys.unlock_home(home, keys.new_key())
    with pytest.raises(PermissionError, match="locked"):
        files.open_to_read(path)
    keys.unlock_home(home, key)
    assert files.read_whole(path) == b"x"
    assert "secret" not in repr(key)


def test_only_what_is_kept_of_people_is_encrypted(home: Path, tmp_path: Path):
    (home / "app" / "clips" / "1").mkdir(parents=True)
    for place, encrypted in {
        home / "app" / "clips" / "1" / "film.webm": True,
        home / "app" / "clips" / "1" / ".owner-12": False,
        home / "app" / "name.txt": False,
        home / "app" / ".lock": False,
        home / "notes.txt": False,
        tmp_path / "elsewhere.mp4": False,
        tmp_path / "home2.mp4": False,
    }.items():
        written(place, b"x")
        assert files.is_encrypted(place) == encrypted, place
        assert files.read_whole(place) == b"x"


def test_another_process_takes_the_keys_over(home: Path):
    path = written(home / "app" / "film", b"x")
    told = keys.handed_over()
    keys.forget_home(home)
    keys.take_over(told)
    assert files.read_whole(path) == b"x"
