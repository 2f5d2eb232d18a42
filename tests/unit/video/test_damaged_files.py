"""Damaged recordings are read as far as they go; what is none is refused."""

from __future__ import annotations

import av
import numpy as np
import pytest

from twitch_tracker.errors import VideoUnreadable
from twitch_tracker.video.files import open_video

# --- damage ------------------------------------------------------------------


def test_a_truncated_file_is_read_as_far_as_it_goes_and_counted(tmp_path, clips):
    whole = clips.write(
        tmp_path / "whole.mp4",
        clips.STEADY,
        mux_options={"movflags": "faststart"},
        with_sound=True,
    )
    cut = tmp_path / "cut.mp4"
    data = whole.read_bytes()
    cut.write_bytes(data[: len(data) * 7 // 10])
    _, damage, shown = clips.read(cut)
    assert 5 < len(shown) < 60
    assert clips.times(shown) == pytest.approx([i * 0.040 for i in range(len(shown))])
    assert damage.damaged_packets >= 1


def test_a_cut_off_matroska_is_noticed_by_its_claimed_length(tmp_path, clips):
    whole = clips.write(tmp_path / "whole.mkv", clips.STEADY)
    cut = tmp_path / "cut.mkv"
    data = whole.read_bytes()
    cut.write_bytes(data[: len(data) // 2])
    _, damage, shown = clips.read(cut)
    assert 5 < len(shown) < 40
    assert damage.damaged_packets == 1


def _spoil_every_tenth(clean):
    """Return a restamp hook that overwrites the body of every tenth packet."""
    count = 0
    rng = np.random.default_rng(4)

    def spoil(packet):
        nonlocal count
        count += 1
        if count % 10:
            return packet
        data = bytearray(bytes(packet))
        data[clean:] = rng.bytes(max(len(data) - clean, 0))
        bad = av.Packet(bytes(data))
        bad.pts, bad.dts, bad.duration = packet.pts, packet.dts, packet.duration
        bad.time_base, bad.stream = packet.time_base, packet.stream
        bad.is_keyframe = packet.is_keyframe
        return bad

    return spoil


def test_damaged_packets_are_counted_once_and_decoding_goes_on(tmp_path, clips):
    path = clips.write(
        tmp_path / "bad.mov",
        clips.STEADY,
        codec="mjpeg",
        pix_fmt="yuvj420p",
        restamp=_spoil_every_tenth(0),
    )
    _, damage, shown = clips.read(path)
    assert clips.numbers(shown) == [i for i in range(60) if i % 10 != 9]
    assert clips.times(shown) == pytest.approx(
        [i * 0.040 for i in clips.numbers(shown)]
    )
    assert damage.damaged_packets == 6


def test_damaged_h264_is_read_to_the_end(tmp_path, clips):
    path = clips.write(
        tmp_path / "bad.mp4",
        clips.STEADY[:55],
        options={"bf": "0"},
        restamp=_spoil_every_tenth(6),
    )
    _, damage, shown = clips.read(path)
    assert shown[-1][0] == pytest.approx(54 * 0.040)
    assert damage.damaged_packets >= 5


def test_sound_beside_the_picture_changes_nothing(tmp_path, clips):
    path = clips.write(tmp_path / "talk.mp4", clips.STEADY, with_sound=True)
    _, damage, shown = clips.read(path)
    assert clips.numbers(shown) == list(range(60))
    assert not damage.any


# --- what is no recording ----------------------------------------------------


def _no_such(tmp_path, clips):
    return tmp_path / "nothing.mp4"


def _folder(tmp_path, clips):
    return tmp_path


def _empty(tmp_path, clips):
    path = tmp_path / "empty.mp4"
    path.touch()
    return path


def _noise(tmp_path, clips):
    path = tmp_path / "noise.mp4"
    path.write_bytes(np.random.default_rng(1).bytes(30_000))
    return path


def _letter(tmp_path, clips):
    path = tmp_path / "letter.txt"
    path.write_text("Dear doctor,\n" * 400, encoding="utf-8")
    return path


def _sound(tmp_path, clips):
    return clips.write_sound(tmp_path / "voice.m4a")


def _picture(tmp_path, clips):
    return clips.write(
        tmp_path / "face.png", [0], codec="png", pix_fmt="rgb24", fmt="image2"
    )


def _cover(tmp_path, clips):
    return clips.write_sound(tmp_path / "song.m4a", cover=True)


def _without_index(tmp_path, clips):
    whole = clips.write(tmp_path / "whole.mp4", clips.STEADY).read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) // 2])
    return path


def _all_spoiled(tmp_path, clips):
    path = clips.write(
        tmp_path / "bad.mov", clips.STEADY[:5], codec="mjpeg", pix_fmt="yuvj420p"
    )
    data = bytearray(path.read_bytes())
    begin, end = data.index(b"mdat") + 4, data.index(b"moov") - 4
    data[begin:end] = bytes(end - begin)
    path.write_bytes(data)
    return path


def _playlist(tmp_path, clips):
    clips.write(tmp_path / "a.ts", clips.STEADY)
    path = tmp_path / "list.m3u8"
    path.write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:2.4,\na.ts\n#EXT-X-ENDLIST\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_no_such, "no such file"),
        (_folder, "folder"),
        (_empty, r"empty \(0 bytes\)"),
        (_noise, "not a readable video"),
        (_letter, "not a video"),
        (_sound, "only sound"),
        (_picture, "single picture"),
        (_cover, "no video|cover"),
        (_without_index, "cut off before its index"),
        (_all_spoiled, "no picture in it can be decoded"),
        (_playlist, "not a"),
    ],
)
def test_what_is_no_recording_is_refused_in_plain_words(tmp_path, clips, make, words):
    path = make(tmp_path, clips)
    with pytest.raises(VideoUnreadable, match=words) as caught:
        open_video(path)
    assert str(path) in str(caught.value)


def test_nothing_of_ffmpegs_chatter_reaches_the_terminal(tmp_path, clips, capfd):
    path = clips.write(
        tmp_path / "bad.mp4", clips.STEADY, restamp=_spoil_every_tenth(24)
    )  # fmt: skip
    capfd.readouterr()
    clips.read(path)
    assert capfd.readouterr() == ("", "")
