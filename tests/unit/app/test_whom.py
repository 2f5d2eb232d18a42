"""Several faces in a file: they are shown with numbers before anything is measured."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from twitch_tracker.app.recording.clips import CLIP, ClipState, plain_clip
from twitch_tracker.app.recording.whom.faces import FaceBox, FaceSearch, FacesSeen

EXAMPLE = Path(__file__).parents[3] / "examples" / "simulated_spasm.mp4"

LEFT = FaceBox(left=0.1, top=0.3, width=0.2, height=0.3)
RIGHT = FaceBox(left=0.6, top=0.2, width=0.3, height=0.4)


@pytest.fixture
def served(serve):
    """An app of this test's own."""
    return serve()


def send(client: httpx.Client, **more) -> str:
    film = EXAMPLE.read_bytes()
    told = {
        "patient_id": "anna",
        "name": "two.mp4",
        "size": len(film),
        "media_type": "video/mp4",
        "task": "rest",
        "mirrored": False,
        "started_at": "2025-03-01T10:00:00+01:00",
        **more,
    }
    clip_id = client.post("/api/files", json=told).json()["clip_id"]
    sent = client.put(f"/api/clips/{clip_id}/file", content=film)
    assert sent.json() == {"url": f"/clips/{clip_id}"}
    return str(clip_id)


@pytest.fixture
def asked(serve, served, anna):
    """A file with two faces that was sent and waits for an answer."""
    serve.look.faces = (LEFT, RIGHT)
    clip_id = send(anna)
    store = served.parts.store
    served.until(lambda: store.clip(clip_id).asks_whom)
    return clip_id


def test_nothing_is_measured_before_somebody_chose(served, anna, asked):
    assert served.work.jobs == []
    page = anna.get(f"/clips/{asked}").text
    assert "Nothing is measured until you choose" in page
    assert "Face 1, on the left of the picture" in page
    assert "Face 2, on the right of the picture" in page
    assert page.count('type="radio"') == 2
    assert " style=" not in page, "the policy of the page lets none through"
    assert anna.get(f"/clips/{asked}/faces.jpg").content == b"a picture"


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_chosen_face_is_followed(serve, served, anna, mirrored):
    serve.look.faces = (LEFT, RIGHT)
    clip_id = send(anna, mirrored=mirrored)
    store = served.parts.store
    served.until(lambda: store.clip(clip_id).asks_whom)
    chosen = anna.post(f"/api/clips/{clip_id}/whom", json={"x": 0.2, "y": 0.45})
    assert chosen.json() == {"url": f"/clips/{clip_id}"}
    served.until(lambda: store.clip(clip_id).state is ClipState.DONE)
    (job,) = served.work.jobs
    assert job.options.subject == (0.2, 0.45)
    across, _ = job.options.subject_place
    assert across == pytest.approx(0.8 if mirrored else 0.2)
    assert len(serve.look.asked) == 1, "looked at once"


def test_the_answer_outlives_a_restart(serve, served, anna, asked):
    served.parts.store.change(asked, subject=(0.75, 0.4))
    clip = served.parts.store.clip(asked)
    assert CLIP.validate_json(json.dumps(plain_clip(clip)), strict=True) == clip
    page = anna.get(f"/clips/{asked}/whom").text
    assert page.count(" checked>") == 1
    assert page.index(" checked>") > page.index("Face 1")


def test_nobody_is_asked_twice(served, anna, asked):
    """Who just presses on gets the largest face, and is told so."""
    anna.post(f"/api/clips/{asked}/analyse")
    served.until(lambda: served.parts.store.clip(asked).state is ClipState.DONE)
    assert served.work.jobs[0].options.subject is None


@pytest.mark.parametrize("faces", [(), (LEFT,)])
def test_a_face_alone_is_analysed_unasked(serve, served, anna, faces):
    serve.look.faces = faces
    clip_id = send(anna)
    served.until(lambda: served.parts.store.clip(clip_id).state is ClipState.DONE)
    assert not served.parts.store.clip(clip_id).asks_whom


@pytest.mark.parametrize("place", [{"x": 1.2, "y": 0.5}, {"x": 0.5}, {}])
def test_a_place_outside_the_picture_is_refused(served, anna, asked, place):
    assert anna.post(f"/api/clips/{asked}/whom", json=place).status_code == 400
    assert served.parts.store.clip(asked).asks_whom


def test_a_film_that_is_gone_cannot_be_looked_at(served, anna, asked):
    served.parts.store.change(asked, film_removed=True)
    for path in ("whom", "faces.jpg"):
        assert anna.get(f"/clips/{asked}/{path}").status_code == 409
    refused = anna.post(f"/api/clips/{asked}/whom", json={"x": 0.5, "y": 0.5})
    assert refused.status_code == 409
    assert "removed" in refused.json()["error"]


def test_what_was_seen_is_forgotten_with_the_film(tmp_path):
    seen = FacesSeen(picture=b"x", faces=(LEFT,))
    looks: list[Path] = []

    def look(video: Path, _: object) -> FacesSeen:
        looks.append(video)
        return seen

    whom = FaceSearch(look)
    film, other = tmp_path / "a.mp4", tmp_path / "b.mp4"
    film.touch()
    other.touch()
    assert whom.faces(film) is whom.faces(film) is seen
    assert looks == [film]
    film.unlink()
    whom.faces(other)
    film.touch()
    whom.faces(film)
    assert looks == [film, other, film]
