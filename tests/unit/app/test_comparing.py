"""Two days of a person side by side, and the films of their bursts."""

from __future__ import annotations

import re
from datetime import date, timedelta

import numpy as np
import pytest

from twitch_tracker.app.course.burst_clips import Cut, cut, cut_of, typical_burst
from twitch_tracker.app.course.compare_view import ratio_words
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.review.copying import make_copy
from twitch_tracker.errors import BadParameter
from twitch_tracker.history import (
    Task,
    TaskKind,
)
from twitch_tracker.progression.comparing import (
    common_tasks,
    day_of,
    nearest_days,
    obstacles,
    side_by_side,
)
from twitch_tracker.progression.results import Estimate, Measure
from twitch_tracker.regions import Side
from twitch_tracker.video.files import open_video
from twitch_tracker.video.writer import VideoWriter

# --- comparing -------------------------------------------------------------------


def test_two_days_are_compared_with_their_intervals(history, start):
    early = day_of(history, TaskKind.REST, start.date())
    late = day_of(history, TaskKind.REST, (start + timedelta(weeks=11)).date())
    assert early is not None
    assert late is not None
    assert obstacles(early, late) == ()
    found = side_by_side(history, TaskKind.REST, early, late)
    rates = {r.side: r for r in found.rows if r.measure is Measure.EPISODES_PER_MIN}
    right = rates[Side.RIGHT]
    assert right.earlier.estimate.value == pytest.approx(8 * 60 / 165.6)
    assert right.later.estimate.value == pytest.approx(4 * 60 / 167.8)
    ratio = found.ratios[Side.RIGHT]
    assert ratio.value == pytest.approx(0.5, rel=0.25)
    alone = right.later.estimate.high / right.earlier.estimate.low
    assert ratio.low < 0.5 < ratio.high
    assert ratio.high > 1, "two short recordings cannot tell half from chance"
    assert alone > ratio.value
    assert np.isnan(found.ratios[Side.LEFT].value), "nothing there to compare"


@pytest.mark.parametrize(
    ("rates", "day"), [((0.0, 0.35), "later"), ((0.35, 0.0), "earlier")]
)
def test_of_a_day_without_bursts_no_multiple_is_stated(rates, day):
    """One burst against none is not "3.89 times" as many."""
    wide = Estimate(value=3.89, low=0.12, high=123.0)
    words = ratio_words(Side.LEFT, wide, rates)
    assert words.startswith(f"Left: bursts on the {day} day only.")
    assert "times" not in words
    assert "can explain this" in words


def test_other_methods_and_tasks_are_never_compared_silently(history, start):
    day = (start + timedelta(weeks=3)).date()
    mixed = day_of(history, TaskKind.REST, day)
    assert mixed is not None
    assert len(mixed.left_out) == 1
    other = day_of(history, TaskKind.REST, day, mixed.left_out[0].recording_id)
    early = day_of(history, TaskKind.REST, start.date())
    assert {o.key for o in obstacles(early, mixed)} | {
        o.key for o in obstacles(early, other)
    } == {"method"}
    smile = day_of(history, TaskKind.PROVOKED, start.date())
    purse = day_of(history, TaskKind.PROVOKED, (start + timedelta(weeks=11)).date())
    assert [o.key for o in obstacles(smile, purse)] == ["task"]
    assert common_tasks(smile, purse) == (smile, purse)
    found = side_by_side(history, TaskKind.PROVOKED, smile, purse)
    assert np.isnan(found.ratios[Side.RIGHT].value)


def test_nearest_days():
    days = [date(2025, 1, d) for d in (1, 5, 9)]
    assert nearest_days(days, date(2025, 1, 6)) == (days[1], days[2])
    assert nearest_days(days, date(2024, 1, 1)) == (days[0],)
    assert nearest_days([], date(2024, 1, 1)) == ()


def test_the_comparison_page(browser, vera):
    page = browser.get("/people/~vera/compare").text
    assert "Earlier: 6 Jan 2025" in page
    assert "Later: 24 Mar 2025" in page
    assert "on the later day 0." in page
    assert "95 % interval" in page
    assert "the app does not keep this video" in page
    turned = browser.get("/people/~vera/compare?first=2025-03-24&second=2025-01-06")
    assert "Earlier: 6 Jan 2025" in turned.text, "the earlier day comes first"
    tasks = browser.get("/people/~vera/compare?kind=provoked").text
    assert "Different tasks were done" in tasks
    assert "on the later day" not in tasks


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("first=nonsense", "2026-05-31"),
        ("first=2025-01-07", "nothing of this kind was recorded"),
        ("first=2025-01-06&second=2025-01-06", "two different"),
        ("kind=other", "Nothing of this kind"),
    ],
)
def test_what_cannot_be_compared_is_said_beside_its_field(browser, vera, query, words):
    answer = browser.get(f"/people/~vera/compare?{query}")
    assert answer.status_code == 400
    assert words in answer.text
    assert "on the later day" not in answer.text
    if "01-07" in query:
        assert "first=2025-01-06" in answer.text, "the nearest day is offered"


# --- films -----------------------------------------------------------------------


def test_the_typical_burst_is_of_median_length(make_burst):
    bursts = [make_burst(1, 0.2), make_burst(3, 5.0), make_burst(9, 0.6)]
    assert typical_burst(bursts) is bursts[2]
    assert typical_burst([]) is None
    found = cut_of(make_burst(0.2, 60.0))
    assert found == Cut(start_ms=0, end_ms=15_900)
    assert found.is_sensible


@pytest.fixture
def film(tmp_path):
    """Three seconds; the left half of the picture is bright."""
    path = tmp_path / "film.mp4"
    image = np.zeros((48, 64, 3), np.uint8)
    image[:, :32] = 255
    with VideoWriter(path, width_px=64, height_px=48) as writer:
        for n in range(90):
            writer.write(image, n / 30)
    return path


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_cut_has_its_length_and_is_never_mirrored(film, tmp_path, mirrored):
    wanted = Cut(start_ms=1000, end_ms=2000)
    made = cut(film, wanted, tmp_path / "cuts" / "a.mp4", mirrored=mirrored)
    with open_video(made) as source:
        frames = list(source)
    assert len(frames) == 30
    left = frames[10].image[:, :24].mean()
    assert (left < 50) if mirrored else (left > 200)


def test_a_cut_beyond_the_end_is_refused(film, tmp_path):
    with pytest.raises(BadParameter):
        cut(film, Cut(start_ms=9000, end_ms=9500), tmp_path / "a.mp4", mirrored=False)


def test_the_film_of_a_burst_is_shown_when_the_video_is_kept(
    served, browser, vera, film, start
):
    store = served.parts.store
    clip = store.add(
        patient_id="vera", task=Task.REST, started_at=start, file_name="rest.mp4"
    )
    store.video(clip).write_bytes(film.read_bytes())
    store.change(clip.clip_id, state=ClipState.DONE, recording_id=vera[0].recording_id)
    page = browser.get("/people/~vera/compare").text
    (address,) = re.findall(r'<video[^>]* src="([^"]+)"', page)
    path = f"/recordings/{vera[0].recording_id}/cut"
    assert address.startswith(f"{path}/")
    shown = browser.get(f"{path}/500/1500")
    assert shown.headers["content-type"] == "video/mp4"
    part = browser.get(f"{path}/500/1500", headers={"Range": "bytes=0-9"})
    assert part.status_code == 206
    for wrong in ("5/6", "0/90000", "-9/400", "a/b", "900/100"):
        answer = browser.get(f"{path}/{wrong}")
        assert answer.status_code == 400, wrong
    for nobody in ("0", "99999", "x", "..%2f.."):
        assert browser.get(f"/recordings/{nobody}/cut/0/500").status_code == 404
    assert (
        browser.get(f"/recordings/{vera[1].recording_id}/cut/0/500").status_code == 404
    )


def test_the_film_is_cut_from_a_review_copy_when_the_recording_was_not_kept(
    served, browser, vera, film
):
    """Of the last day only the copy for the review is there; of the first nothing of
    its own, and the page says how the file was called."""
    with served.parts.journal() as journal:
        last = next(
            r for r in reversed(journal.recordings("vera")) if r.task is Task.REST
        )
    copy = served.parts.review.copies.path(last.content_sha256)
    copy.parent.mkdir(parents=True)
    make_copy(film, copy, mirrored=False)
    page = browser.get("/people/~vera/compare").text
    films = re.findall(r'<video[^>]* src="([^"]+)"', page)
    assert films[-1].startswith(f"/recordings/{last.recording_id}/cut/")
    assert f'href="/review/{last.recording_id}">The whole recording' in page
    shown = browser.get(f"/recordings/{last.recording_id}/cut/500/1500")
    assert shown.status_code == 200
    made = copy.parent / "cuts" / "500-1500.mp4"
    with open_video(made) as source:
        assert next(iter(source)).image[:, :24].mean() > 200, "not mirrored"
    served.parts.review.copies.tidy(set())
    assert not made.exists(), "films go with the copy"
    gone = browser.get("/people/~vera/compare").text
    assert "does not keep this video" in gone
    assert f'<a href="/review/{last.recording_id}">Add the file' in gone
