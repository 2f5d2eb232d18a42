"""Minutes are those on film: a step with holes is noticed, told and never overcounted."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from hashlib import sha256

import av
import numpy as np
import pytest

from twitch_tracker.app.recording.clips import Clip, ClipState
from twitch_tracker.app.recording.trouble.filming import film_note, look_at_film
from twitch_tracker.history import Task
from twitch_tracker.motion.timing import frame_durations
from twitch_tracker.video.files import open_video


def film(path, times_s):
    """Write a film as a browser does: WebM, VP8, every picture at its own time."""
    with av.open(str(path), "w", format="webm") as container:
        stream = container.add_stream("libvpx", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = stream.time_base = Fraction(1, 1000)
        stream.options = {"deadline": "realtime", "cpu-used": "8", "threads": "1"}
        for number, time_s in enumerate(times_s):
            grey = np.full((48, 64, 3), 40 + 5 * (number % 30), np.uint8)
            picture = av.VideoFrame.from_ndarray(grey, format="rgb24")
            picture.pts, picture.time_base = round(1000 * time_s), Fraction(1, 1000)
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path


def steady(length_s, fps=30):
    return [number / fps for number in range(round(length_s * fps))]


def with_holes(length_s, holes):
    """Thirty pictures a second, none within the holes."""
    inside = lambda t: any(begin < t < end for begin, end in holes)
    return [t for t in steady(length_s) if not inside(t)]


HOLES = [(2.0, 3.5), (6.0, 8.2)]
"""3.7 s without a picture."""


@pytest.fixture
def served(serve):
    return serve()


def recorded(served, client, path, ran_s):
    """Send a film as a guided step that ran so long; return answer and clip."""
    session = client.post("/api/guided", json={"patient_id": "anna"}).json()
    body = {"task": "rest", "media_type": "video/webm;codecs=vp8"}
    url = f"/api/guided/{session['session_id']}/clips"
    clip_id = client.post(url, json=body).json()["clip_id"]
    data = path.read_bytes()
    for index, start in enumerate(range(0, len(data), 5000)):
        chunk = data[start : start + 5000]
        headers = {"X-Chunk-SHA256": sha256(chunk).hexdigest()}
        put = f"/api/clips/{clip_id}/chunks/{index}"
        assert client.put(put, content=chunk, headers=headers).status_code == 200
    told = None if ran_s is None else {"ran_s": ran_s}
    answer = client.post(f"/api/clips/{clip_id}/finish", json=told).json()
    return answer, served.parts.store.clip(clip_id)


def test_a_whole_film_needs_no_word(served, anna, tmp_path):
    path = film(tmp_path / "whole.webm", steady(12.0))
    answer, clip = recorded(served, anna, path, 12.3)
    assert answer == {"state": "stored", "note": ""}
    assert clip.filmed_s == pytest.approx(12.0, abs=0.05)
    assert clip.ran_s == 12.3
    assert clip.pictures == 360


def test_a_film_with_holes_is_noticed_told_and_marked(served, anna, tmp_path):
    """12 s of a step, 3.7 s of them in holes: the person is told at once, and whoever
    looks at the result later."""
    path = film(tmp_path / "holes.webm", with_holes(12.0, HOLES))
    answer, clip = recorded(served, anna, path, 12.0)
    assert clip.filmed_s == pytest.approx(8.3, abs=0.2)
    assert answer["note"].startswith("Of the 12.0 s of this step, 8.")
    assert "counted only in the filmed time" in answer["note"]
    assert answer["note"] in anna.get(f"/clips/{clip.clip_id}").text
    again = served.parts.store.clip(clip.clip_id)
    assert (again.ran_s, again.filmed_s) == (12.0, clip.filmed_s)


def test_the_analysis_counts_the_same_seconds(tmp_path):
    """What is told right after the step is what the rate is divided by: the seconds
    that the analysis counts as recorded."""
    path = film(tmp_path / "holes.webm", with_holes(12.0, HOLES))
    seen = look_at_film(path)
    with open_video(path) as source:
        times_s = np.array([frame.time_s for frame in source])
    assert seen is not None
    assert seen.pictures == len(times_s)
    assert seen.filmed_s == pytest.approx(frame_durations(times_s).sum())
    assert seen.filmed_s < 9.0 < times_s[-1], "holes are nobody's time"


def test_the_journal_says_how_it_was_filmed(served, anna, tmp_path):
    path = film(tmp_path / "holes.webm", with_holes(12.0, HOLES))
    answer, clip = recorded(served, anna, path, 12.0)
    anna.post(f"/api/clips/{clip.clip_id}/analyse")
    store = served.parts.store
    served.until(lambda: store.clip(clip.clip_id).state is ClipState.DONE)
    with served.parts.journal() as journal:
        (entry,) = journal.recordings("anna")
    # The journal says burst, whoever reads; the page at home says twitch.
    assert entry.note == answer["note"].replace("Twitches", "Bursts")


def test_after_a_crash_nothing_is_claimed(served, anna, tmp_path):
    """Nobody knows how long the step ran; only what is on film is known."""
    path = film(tmp_path / "short.webm", steady(4.0))
    answer, clip = recorded(served, anna, path, None)
    assert answer["note"] == ""
    assert clip.ran_s is None
    assert clip.filmed_s == pytest.approx(4.0, abs=0.05)


def test_a_page_that_tells_late_is_heard(served, anna, tmp_path):
    """The session was finished before the page could say how long the step ran."""
    path = film(tmp_path / "holes.webm", with_holes(12.0, HOLES))
    _, clip = recorded(served, anna, path, None)
    url = f"/api/clips/{clip.clip_id}/finish"
    assert anna.post(url, json={"ran_s": 12.0}).json()["note"].startswith("Of the 12")
    assert anna.post(url, json={"ran_s": 3.0}).json()["note"].startswith("Of the 12")


@pytest.mark.parametrize("ran_s", [-1, 90_000, "long", None])
def test_nonsense_about_the_length_is_refused(served, anna, ran_s):
    answer = anna.post(f"/api/clips/{'0' * 32}/finish", json={"ran_s": ran_s})
    assert answer.status_code == 400


def clip_of(**facts):
    return Clip(
        clip_id="0",
        patient_id="anna",
        task=Task.REST,
        started_at=datetime.now(UTC),
        **facts,
    )


def test_a_film_that_claims_more_than_its_step_is_not_trusted():
    """Stretched times would make a rate too small."""
    note = film_note(clip_of(ran_s=12.0, filmed_s=20.0, pictures=600))
    assert note.startswith(
        "This step took 12.0 s, but its film states a length of 20.0 s."
    )
    assert "cannot be trusted" in note


def test_few_pictures_a_second_are_told():
    note = film_note(clip_of(ran_s=12.0, filmed_s=11.8, pictures=94))
    assert note.startswith("Only about 8 pictures a second")
    assert film_note(clip_of(ran_s=12.0, filmed_s=11.8, pictures=290)) == ""


def test_few_pictures_are_told_once():
    """Beside a result, the result says what they leave open."""
    few = clip_of(ran_s=12.0, filmed_s=11.8, pictures=94)
    assert film_note(few, analysed=True) == ""
    short = clip_of(ran_s=60.0, filmed_s=50.0, pictures=350)
    assert "pictures a second" not in film_note(short, analysed=True)
    assert "50.0 s are on film" in film_note(short, analysed=True)


def test_few_pictures_are_told_also_where_a_part_is_missing():
    """7 pictures a second and 50 of 60 s on film: both matter."""
    note = film_note(clip_of(ran_s=60.0, filmed_s=50.0, pictures=350))
    assert note.startswith("Of the 1 min of this step, 50.0 s are on film")
    assert "Only about 7 pictures a second are on film instead of 30." in note
    assert "cannot be compared with other recordings" in note


def test_three_minutes_may_miss_two_hundredths():
    """A recorder that starts late loses nothing that matters."""
    assert film_note(clip_of(ran_s=180.0, filmed_s=176.5, pictures=5000)) == ""
    assert film_note(clip_of(ran_s=180.0, filmed_s=176.0, pictures=5000)) != ""


def test_a_file_from_elsewhere_has_no_step():
    assert film_note(clip_of()) == ""


def test_what_is_no_film_is_left_to_the_analysis(tmp_path):
    broken = tmp_path / "broken.webm"
    broken.write_bytes(b"zeroone")
    assert look_at_film(broken) is None
