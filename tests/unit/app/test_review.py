"""The review by its routes: every act in the journal, nothing of others, one video."""

from __future__ import annotations

import http.client
import math
import struct
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import httpx
import numpy as np
import pytest

from twitch_tracker.app.course.films import source_of
from twitch_tracker.errors import Misfit
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.history import Basis, Task
from twitch_tracker.journal.entries import Act, ReviewAction
from twitch_tracker.journal.files.folder import log_folder, read_folder
from twitch_tracker.records import HardlyOpen
from twitch_tracker.regions import Side
from twitch_tracker.timebase import Interval

AT = datetime(2026, 5, 1, 18, 30, tzinfo=UTC)


def until(true: Callable[[], bool]) -> None:
    """Wait up to two minutes for a process of its own, on a busy computer."""
    for _ in range(2400):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it never became true")


def burst(answer: httpx.Response, key: str) -> dict:
    assert answer.status_code == 200, answer.text
    return next(b for b in answer.json()["bursts"] if b["key"] == key)


# --- who reviews ------------------------------------------------------------


def test_who_reviews_is_asked_before_anything_is_shown(bench, served):
    stranger = served.browser()
    asked = stranger.get(f"/review/{bench.recording}").text
    assert "Who reviews?" in asked
    assert "Bursts" not in asked
    wrong = stranger.post(f"/review/{bench.recording}/rater", data={"name": "  "})
    assert wrong.status_code == 400
    assert "1 to 80 characters" in wrong.text
    page = bench.browser.get(f"/review/{bench.recording}").text
    assert "You review as Dr A." in page
    stranger.close()


def test_an_act_under_another_name_is_refused_and_nothing_stored(bench):
    answer = bench.act("confirm", "d1", rater="Dr B")
    assert answer.status_code == 409
    assert "Dr A now reviews" in answer.json()["error"]
    with bench.journal() as journal:
        assert journal.reviews(bench.recording) == ()


# --- acts -------------------------------------------------------------------


def test_a_whole_review_goes_into_the_journal_and_into_the_history(bench):
    """Confirm one, reject the other, trim, add, note, undo the note; finish: what is
    counted then is what the rater says."""
    bench.act("confirm", "d1")
    bench.act("reject", "d2")
    trimmed = burst(bench.act("change", "d1", end=1.5), "d1")
    assert (trimmed["end"], trimmed["verdict"]) == (1.5, "confirmed")
    assert trimmed["verdict_words"] == "changed and confirmed"
    answer = bench.act("add", start=7.0, end=7.5, side="left")
    assert answer.json()["key"] == "a1"
    assert burst(answer, "a1")["verdict_words"] == "added by you"
    noted = bench.act("note", "d2", text=" a yawn ")
    assert burst(noted, "d2")["notes"][0].endswith(": a yawn")
    undone = bench.act("undo")
    assert undone.json()["said"].startswith("Undone: note")
    assert burst(undone, "d2")["notes"] == []
    done = bench.finish().json()
    assert (done["finished"], done["left"]) == (True, 0)
    with bench.journal() as journal:
        (recording,) = journal.history(bench.patient, Basis.REVIEWED).recordings
        acts = [act.action for act in journal.reviews(bench.recording)]
        detected = journal.history(bench.patient, Basis.DETECTED).recordings[0]
    assert recording.sides[Side.RIGHT].durations_s == pytest.approx(
        [1.5 - 1.0333333], abs=1e-3
    )
    assert recording.sides[Side.LEFT].durations_s == pytest.approx([0.5])
    assert detected.sides[Side.RIGHT].episodes == 2, "a detection is never overwritten"
    assert acts == [
        ReviewAction.CONFIRM,
        ReviewAction.REJECT,
        ReviewAction.CHANGE,
        ReviewAction.ADD,
        ReviewAction.NOTE,
        ReviewAction.UNDO,
    ]
    listed = bench.browser.get(f"/people/~{bench.patient}/review").text
    assert "<td>Dr A</td>" in listed


def test_what_is_begun_and_not_finished_is_seen_in_the_list(bench):
    page = f"/people/~{bench.patient}/review"
    assert "nobody yet" in bench.browser.get(page).text
    bench.act("confirm", "d1")
    assert "begun: 1 of 2 judged" in bench.browser.get(page).text
    bench.act("undo")
    assert "begun: 0 of 2 judged" in bench.browser.get(page).text


def test_several_bursts_are_judged_in_one_go(bench):
    answer = bench.act("confirm", keys=["d1", "d2"])
    assert answer.json()["said"] == "2 bursts: confirmed"
    assert answer.json()["left"] == 0
    with bench.journal() as journal:
        assert [a.key for a in journal.reviews(bench.recording)] == ["d1", "d2"]


def test_several_are_judged_all_or_none(bench):
    assert bench.act("confirm", keys=["d1", "d9"]).status_code == 404
    assert bench.act("change", keys=["d1", "d2"], end=2.0).status_code == 400
    with bench.journal() as journal:
        assert journal.reviews(bench.recording) == ()


def test_a_review_with_something_left_cannot_be_finished(bench):
    bench.act("confirm", "d1")
    answer = bench.finish()
    assert answer.status_code == 409
    assert answer.json()["error"].startswith("1 burst is not judged yet")


def test_two_tabs_that_change_different_things_lose_nothing(bench):
    """Each tab sends only its own change, and each was made from the same old page."""
    other = bench.served.browser()
    other.cookies.update(bench.browser.cookies)
    body = {**bench.whose(), "action": "change", "key": "d1"}
    other.post(f"{bench.path}/acts", json={**body, "side": "left"})
    both = burst(bench.act("change", "d1", start=1.1, regions=["cheek"]), "d1")
    assert (both["side"], both["start"], both["regions"]) == ("left", 1.1, ["cheek"])
    now = burst(bench.browser.get(bench.path), "d1")
    assert now == both, "a reload shows the same"
    other.close()


def test_nothing_to_take_back_is_said(bench):
    answer = bench.act("undo")
    assert answer.status_code == 409
    assert answer.json()["error"] == "There is nothing to undo."


@pytest.mark.parametrize(
    ("action", "key", "more", "status"),
    [
        ("confirm", "d9", {}, 404),
        ("change", "d9", {"side": "left"}, 404),
        ("confirm", "../d1", {}, 400),
        ("confirm", "", {}, 400),
        ("burn", "d1", {}, 400),
        ("change", "d1", {"start": 5.0}, 400),
        ("change", "d1", {"end": 1e9}, 400),
        ("change", "d1", {"regions": []}, 400),
        ("change", "d1", {"regions": ["ear"]}, 400),
        ("change", "d1", {"start": "NaN"}, 400),
        ("add", "", {"start": 1.0}, 400),
        ("note", "d1", {"text": "  "}, 400),
        ("confirm", "d1", {"revision": 7}, 404),
    ],
)
def test_what_makes_no_sense_is_refused(bench, action, key, more, status):
    answer = bench.act(action, key, **more)
    assert answer.status_code == status, answer.text
    assert "error" in answer.json()
    with bench.journal() as journal:
        assert journal.reviews(bench.recording) == ()


# --- ids and origins --------------------------------------------------------

READ = ("", "/signals", "/copy", "/video", "/mesh/0", "/mesh/0/lines")


@pytest.mark.parametrize("bad", ["999999", "0", "x", "1e3", "..%2f1", "9" * 30])
def test_recordings_that_are_not_there_are_not_found(bench, bad):
    for rest in READ:
        answer = bench.browser.get(f"/api/review/{bad}{rest}")
        assert answer.status_code == 404, rest
    assert bench.browser.get(f"/review/{bad}").status_code == 404
    assert bench.browser.get(f"/review/{bad}/agreement").status_code == 404
    assert bench.browser.get("/people/~nobody/review").status_code == 404
    assert bench.browser.get("/people/~nobody/agreement").status_code == 404


def test_another_site_can_neither_act_nor_read(bench):
    headers = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    body = {**bench.whose(), "action": "confirm", "key": "d1"}
    send = bench.browser
    tries = [
        send.post(f"{bench.path}/acts", json=body, headers=headers),
        send.post(f"{bench.path}/finish", json=body, headers=headers),
        send.post(f"{bench.path}/copy", headers=headers),
        send.put(f"{bench.path}/video", content=b"x", headers=headers),
        send.post(
            f"/review/{bench.recording}/rater", data={"name": "E"}, headers=headers
        ),
        send.get(f"{bench.path}/video", headers=headers),
    ]
    assert [answer.status_code for answer in tries] == [403] * len(tries)
    stranger = bench.served.stranger()
    for rest in READ:
        assert stranger.get(bench.path + rest).status_code == 401
    stranger.close()
    with bench.journal() as journal:
        assert journal.reviews(bench.recording) == ()


def test_why_coding_does_not_fit_is_written_in_words(bench):
    note = Act(action=ReviewAction.NOTE, misfits=(Misfit("film_length", (50.0, 45.0)),))
    with bench.journal() as journal:
        journal.review_many(bench.recording, "Dr A", [note])
    (said,) = bench.browser.get(bench.path).json()["notes"]
    assert "does not fit its film, and was imported anyway" in said
    assert "its film lasts 50.0 s, this one 45.0 s" in said


# --- blind ------------------------------------------------------------------


def test_a_blind_rater_is_told_neither_certainty_nor_what_others_said(bench):
    bench.act("reject", "d1")
    bench.act("confirm", "d2")
    bench.finish()
    seen = bench.browser.get(bench.path).json()["bursts"][0]
    assert seen["sure"] == 0.9
    assert any(fact.startswith("Confidence: 0.90") for fact in seen["facts"])
    bench.name("Dr B", "blind")
    state = bench.browser.get(bench.path).json()
    for one in state["bursts"]:
        assert (one["sure"], one["facts"], one["others"]) == (None, [], [])
        assert one["verdict"] == "unreviewed"
    page = bench.browser.get(f"/review/{bench.recording}").text
    assert "Confidence" not in page
    assert "rejected" not in page
    packed = bench.browser.get(f"{bench.path}/signals").content
    assert math.isnan(struct.unpack_from("<f", packed, 8 * 300)[0])
    for path in (f"/review/{bench.recording}", f"/people/~{bench.patient}"):
        refused = bench.browser.get(f"{path}/agreement")
        assert refused.status_code == 409
        assert "You review blind" in refused.text
    bench.act("confirm", "d1")
    bench.act("confirm", "d2")
    bench.finish()
    with bench.journal() as journal:
        blind = [act.blind for act in journal.reviews(bench.recording)]
    assert blind == [False, False, True, True]
    shown = bench.browser.get(f"/review/{bench.recording}/agreement").text
    assert "Dr A and Dr B" in shown
    assert "Of 2 bursts, both marked 1; only Dr A marked 0, only Dr B 1." in shown
    bench.name("Dr C")
    others = burst(bench.browser.get(bench.path), "d1")["others"]
    assert others == ["Dr A: rejected", "Dr B: confirmed"]


def test_agreement_of_a_person_tells_who_is_not_done(bench):
    bench.act("confirm", "d1")
    bench.act("confirm", "d2")
    bench.finish()
    bench.name("Dr B").act("confirm", "d1")
    page = bench.browser.get(f"/people/~{bench.patient}/agreement").text
    assert "not finished yet: Dr B." in page
    assert "The program and Dr A" in page
    assert "<dd>1.00" in page


# --- signals and video ------------------------------------------------------


def test_the_signals_are_times_and_evidence_of_every_picture(bench):
    packed = bench.browser.get(f"{bench.path}/signals?revision=1").content
    assert len(packed) == 300 * 16
    times = np.frombuffer(packed, "<f8", 300)
    right = np.frombuffer(packed, "<f4", 300, 8 * 300)
    assert times == pytest.approx(np.arange(300) / 30)
    assert np.isfinite(right[:270]).all()
    assert np.isnan(right[270:]).all(), "not measured is not zero"


def test_a_video_that_the_app_lacks_is_sent_and_must_be_the_one(bench, tmp_path, film):
    """Another file is refused; the right one becomes a copy, and is not kept."""
    start = bench.browser.post(f"{bench.path}/copy").json()
    assert start["state"] == "none"
    assert bench.browser.get(f"{bench.path}/video").status_code == 404
    wrong = bench.browser.put(f"{bench.path}/video", content=film.read_bytes())
    assert wrong.status_code == 409
    assert "This is another video" in wrong.json()["error"]
    assert "film.mp4" in wrong.json()["error"]
    right = (tmp_path / "film.mp4").read_bytes()
    sent = bench.browser.put(f"{bench.path}/video", content=right)
    assert sent.json()["state"] in {"making", "ready"}
    until(lambda: bench.browser.get(f"{bench.path}/copy").json()["state"] != "making")
    assert bench.browser.get(f"{bench.path}/copy").json()["state"] == "ready"
    kept = bench.served.settings.folder / "review" / sha256(right).hexdigest()
    until(lambda: {path.name for path in kept.iterdir()} == {"copy.mp4", "copy.times"})
    assert bench.browser.get(f"{bench.path}/video").status_code == 200


def test_a_video_that_the_app_keeps_needs_no_sending(bench, tmp_path):
    store = bench.served.parts.store
    clip = store.add(
        patient_id=bench.patient,
        task=Task.REST,
        started_at=AT,
        file_name="rest.mp4",
        recording_id=bench.recording,
    )
    store.video(clip).write_bytes((tmp_path / "film.mp4").read_bytes())
    assert bench.browser.post(f"{bench.path}/copy").json()["state"] == "making"
    until(lambda: bench.browser.get(f"{bench.path}/copy").json()["state"] != "making")
    assert bench.browser.get(f"{bench.path}/copy").json()["state"] == "ready"
    assert store.video(clip).is_file(), "the recording itself stays"


def test_what_cannot_be_made_into_a_copy_is_told_and_not_kept(
    bench, made_session, tmp_path
):
    """The content is the one that was logged, but it is no video."""
    content = f"no video of {bench.patient}".encode()
    digest = sha256(content).hexdigest()
    folder = tmp_path / "other"
    folder.mkdir()
    write_tables(folder, made_session("odd.mp4", digest))
    with bench.journal() as journal:
        logged = log_folder(journal, folder, bench.patient, started_at=AT)
    path = f"/api/review/{logged.recording_id}"
    bench.browser.put(f"{path}/video", content=content)

    def state() -> dict:
        return bench.browser.get(f"{path}/copy").json()

    until(lambda: state()["state"] == "failed")
    assert "source.video" in state()["error"]
    assert str(tmp_path.parent.parent) not in state()["error"], "no folder is shown"
    kept = bench.served.settings.folder / "review" / digest
    until(lambda: not list(kept.iterdir()))
    assert bench.browser.get(f"{path}/video").status_code == 404


def test_a_video_larger_than_allowed_is_refused_before_it_is_sent(bench):
    settings = bench.served.settings
    line = http.client.HTTPConnection("127.0.0.1", settings.port, timeout=20)
    line.putrequest("PUT", f"{bench.path}/video")
    line.putheader("Content-Length", str(settings.max_upload_bytes + 1))
    line.putheader("Origin", settings.address)
    cookies = (f"{c.name}={c.value}" for c in bench.browser.cookies.jar)
    line.putheader("Cookie", "; ".join(cookies))
    line.endheaders()
    assert line.getresponse().status == 413
    line.close()


def test_parts_of_the_video_are_sent_as_asked_for(bench, copied):
    def part(asked: str) -> httpx.Response:
        return bench.browser.get(f"{bench.path}/video", headers={"Range": asked})

    whole = bench.browser.get(f"{bench.path}/video")
    assert (whole.status_code, whole.content) == (200, copied)
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-type"] == "video/mp4"
    middle = part("bytes=100-199")
    assert (middle.status_code, middle.content) == (206, copied[100:200])
    assert middle.headers["content-range"] == f"bytes 100-199/{len(copied)}"
    assert part("bytes=-50").content == copied[-50:]
    assert part(f"bytes={len(copied)}-").status_code == 416
    assert part("bytes=oops").status_code == 400


def test_where_no_face_is_the_mesh_says_so(bench, copied, a_tracker):
    """The film shows no face at all."""
    found = bench.browser.get(f"{bench.path}/mesh/0")
    meshes = np.frombuffer(found.content, "<u2")
    assert meshes.size == 24 * 478 * 2
    assert (meshes == 65535).all()
    assert bench.browser.get(f"{bench.path}/mesh/0/lines").json() == []
    assert bench.browser.get(f"{bench.path}/mesh/13").status_code == 404
    assert bench.browser.get(f"{bench.path}/mesh/-1").status_code == 404


def test_copies_of_what_the_journal_forgot_are_removed(bench, copied):
    copies = bench.served.parts.review.copies
    with bench.journal() as journal:
        digest = journal.recording(bench.recording).content_sha256
    copies.tidy({digest})
    assert copies.path(digest).is_file()
    copies.tidy(set())
    assert not copies.path(digest).parent.exists()


# --- the list ---------------------------------------------------------------


def test_recordings_are_listed_a_month_at_a_time(bench, made_session, tmp_path):
    with bench.journal() as journal:
        for number, days in enumerate((40, 41, 400)):
            folder = tmp_path / str(number)
            folder.mkdir()
            digest = sha256(f"{bench.patient}{number}".encode()).hexdigest()
            write_tables(folder, made_session("x.mp4", digest))
            at = AT - timedelta(days=days)
            log_folder(journal, folder, bench.patient, started_at=at)
    path = f"/people/~{bench.patient}/review"
    newest = bench.browser.get(path).text
    assert "Recordings of May 2026" in newest
    assert newest.count('<a href="/review/') == 1
    assert "Earlier month: Mar 2026" in newest
    march = bench.browser.get(f"{path}?month=2026-03").text
    assert march.count('<a href="/review/') == 2
    assert "Later month: May 2026" in march
    assert "Recordings of May 2026" in bench.browser.get(f"{path}?month=nonsense").text
    bench.act("confirm", "d1")
    bench.act("confirm", "d2")
    bench.finish()
    left = bench.browser.get(f"{path}?open_only=1").text
    assert "May 2026" not in left
    assert "Recordings of Mar 2026" in left


# --- another analysis of the same recording ---------------------------------------


def analyse_again(bench, tmp_path, **different):
    """Log a second analysis of the recording."""
    found = read_folder(tmp_path / "result", started_at=AT)
    with bench.journal() as journal:
        journal.log(bench.patient, replace(found, rest_asymmetry=0.125, **different))


def test_a_review_of_an_older_analysis_does_not_finish_the_newest(bench, tmp_path):
    """It goes on counting, but the page must not say that this one is finished."""
    for key in ("d1", "d2"):
        bench.act("confirm", key)
    assert bench.finish().json()["finished"] is True
    analyse_again(bench, tmp_path)
    now = bench.browser.get(bench.path).json()
    assert (now["revision"], now["left"], now["finished"]) == (2, 2, False)
    assert bench.browser.get(bench.path + "?revision=1").json()["finished"] is True
    with bench.journal() as journal:
        assert journal.recording(bench.recording).reviewed_by == "Dr A"


def test_a_copy_from_before_it_was_known_to_be_a_mirror_image_is_not_shown(
    bench, copied, tmp_path
):
    """Its sides are wrong."""
    copy = f"{bench.path}/copy"
    assert bench.browser.get(copy).json()["state"] == "ready"
    analyse_again(bench, tmp_path, mirrored=True)
    assert bench.browser.get(copy).json()["state"] == "none"
    assert bench.browser.get(f"{bench.path}/video").status_code == 404
    with bench.journal() as journal:
        entry = journal.recording(bench.recording)
    assert source_of(bench.served.parts, entry) is None


def test_a_video_that_is_sent_again_does_not_stay(bench, copied):
    """Up to 2 GB that nobody would ever look at."""
    copies = bench.served.parts.review.copies
    with bench.journal() as journal:
        digest = journal.recording(bench.recording).content_sha256
    copies.sent(digest).write_bytes(b"again")
    copies.make(digest, copies.sent(digest), mirrored=False)
    assert not copies.sent(digest).exists()


# --- what was only partly seen ------------------------------------------------


def test_a_cut_off_burst_and_an_eye_hardly_open_are_told(bench, tmp_path):
    """To a rater from scratch, nothing that the program found is told."""
    first, second = read_folder(tmp_path / "result", started_at=AT).episodes
    shut = HardlyOpen(span=Interval(start_s=1.0, end_s=4.0), side=Side.LEFT)
    cut = (first, replace(second, offset_cut=True))
    analyse_again(bench, tmp_path, episodes=cut, hardly_open=(shut,))
    told = "The left eye was hardly ever open (0:01 to 0:04)."
    page = bench.browser.get(f"/review/{bench.recording}").text
    assert told in page
    assert "at least 2.50 s" in page
    assert "When it ended is not known" in page
    bench.name("Dr S", "scratch")
    assert told not in bench.browser.get(f"/review/{bench.recording}").text
