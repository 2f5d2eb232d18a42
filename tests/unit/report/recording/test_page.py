"""The page says what the session says, swaps nothing, hides nothing, loads nothing."""

from __future__ import annotations

import base64
import gzip
import hashlib
import itertools
import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from twitch_tracker.errors import OutputNotWritable
from twitch_tracker.records import (
    EpisodeKind,
    NearMiss,
    QualityReason,
    Session,
    SessionSummary,
    SideSummary,
    SubjectEvent,
)
from twitch_tracker.regions import Region, Side
from twitch_tracker.report.recording import page as page_module
from twitch_tracker.report.recording.cards import Fact
from twitch_tracker.report.recording.page import render_report, write_report
from twitch_tracker.report.recording.pictures import EpisodePicture, EpisodePictures
from twitch_tracker.report.recording.view import build_page_view, side_column

HOSTILE = "<script>alert(1)</script>\"'{{7*7}}{name}<img src=x onerror=alert(2)>"
LONGEST_PAGE_BYTES = 2_000_000


class Page(HTMLParser):
    """A page as a list of tags and the text a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.executed = 0
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._silent += tag in {"script", "style"}
        self.executed += tag == "script" and "type" not in dict(attrs)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def part(html: str, start: str, end: str) -> str:
    begin = html.index(start)
    return Page(html[begin : html.index(end, begin)]).text


def side_text(html: str, side: str) -> str:
    return part(html, f'<section class="side {side}"', "</section>")


@pytest.fixture(scope="module")
def html(session: Session) -> str:
    return render_report(session)


@pytest.fixture
def words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the chart out, which takes a second: these tests look at the words."""
    monkeypatch.setattr(page_module, "chart_json", lambda *_: "{}")


def strips(session: Session) -> list[EpisodePictures]:
    labels = ("Before", "Onset", "Peak", "After")
    return [
        EpisodePictures(
            episode_index=index,
            pictures=tuple(
                EpisodePicture(
                    label=label, time_s=episode.span.start_s, jpeg=b"\xff\xd8 made up"
                )
                for label in labels
            ),
        )
        for index, episode in enumerate(session.episodes)
    ]


def test_each_side_shows_its_own_numbers(html: str) -> None:
    right, left = side_text(html, "right"), side_text(html, "left")
    for expected in (
        "5 bursts",
        "New bursts per minute 4.0",
        "from 1.3 to 9.4",
        "Time in bursts 8.50 s 10 %",
        "Longest burst 3.40 s",
        "length 1.10 s",
        "pause 12.8 s",
        "3 of 5 (60 %)",
        "eyelid, mouth corner, cheek",
    ):
        assert expected in right
        assert expected not in left
    for expected in (
        "1 burst ",
        "New bursts per minute 0.73",
        "from 0.02 to 4.1",
        "Time in bursts 0.90 s 1.1 %",
        "0 of 1 (0 %)",
    ):
        assert expected in left
        assert expected not in right


def test_exchanging_the_sides_of_the_session_exchanges_the_page(
    session: Session, html: str, words_alone: None
) -> None:
    sides = session.summary.sides
    swapped = replace(
        session,
        summary=replace(
            session.summary,
            sides={Side.LEFT: sides[Side.RIGHT], Side.RIGHT: sides[Side.LEFT]},
        ),
    )
    other = render_report(swapped)
    assert side_text(other, "left")[6:] == side_text(html, "right")[7:].replace(
        "Right", "Left"
    )


def test_the_headline_counts_both_sides(html: str) -> None:
    assert (
        "One-sided bursts in 1 min 23 s of measurable video: "
        "5 on the right side, 1 on the left side." in Page(html).text
    )
    assert "1 min 23 s of 1 min 30 s could be measured." in Page(html).text


def test_a_narrower_right_eye_is_called_right(html: str) -> None:
    assert "the right eye was 4.2 % narrower" in Page(html).text


def test_every_burst_is_a_card_with_its_own_facts(html: str) -> None:
    third = part(html, 'id="burst-3"', "</article>")
    for expected in (
        "Burst 3: right side",
        "0:33.0 to 0:35.6, 2.60 s long",
        "eyelid (first), mouth corner, cheek",
        "one held contraction (tonic)",
        "1, held",
        "3.5 mm",
        "moved together, within one picture",
        "0.97 (high)",
        "The right eyebrow rose while the right eye closed",
    ):
        assert expected in third
    fourth = part(html, 'id="burst-4"', "</article>")
    assert "Burst 4: left side" in fourth
    assert "3, at 3.3 per second" in fourth
    assert "repeated short contractions (clonic)" in fourth
    assert "eyebrow rose" not in fourth
    first = part(html, 'id="burst-1"', "</article>")
    assert "mouth corner 33 ms after the eyelid" in first
    sixth = part(html, 'id="burst-6"', "</article>")
    assert "mouth corner 33 ms before the eyelid" in sixth


def test_a_single_short_contraction_is_not_called_repeated(session: Session) -> None:
    one = replace(session.episodes[0], contractions=1, rate_hz=math.nan)
    view = build_page_view(replace(session, episodes=(one,)), ())
    facts = {fact.label: fact.value for fact in view.cards[0].facts}
    assert facts["Kind"] == "one short contraction (clonic)"
    assert facts["Contractions"] == "1"


@pytest.mark.parametrize(
    ("confidence", "told"), [(0.9982, "over 0.99 (high)"), (0.9849, "0.98 (high)")]
)
def test_confidence_never_claims_to_be_certain(
    session: Session, confidence: float, told: str
) -> None:
    one = replace(session.episodes[0], confidence=confidence)
    view = build_page_view(replace(session, episodes=(one,)), ())
    facts = {fact.label: fact.value for fact in view.cards[0].facts}
    assert facts["Confidence"] == told


def test_what_was_not_measured_is_never_zero(
    session: Session, words_alone: None
) -> None:
    nan = math.nan
    bare = replace(
        session.episodes[0],
        kind=EpisodeKind.MIXED,
        rate_hz=nan,
        excursion_mm=nan,
        asymmetry=nan,
        confidence=nan,
        lag_s=nan,
        regions=(Region.EYELID, Region.MOUTH_CORNER),
    )
    html = render_report(replace(session, episodes=(bare,)))
    card = part(html, 'id="burst-1"', "</article>")
    for label in ("Largest movement", "One-sidedness", "Eye and mouth", "Confidence"):
        assert f"{label} not measured" in card
    assert "nan" not in Page(html).text.lower().split()
    assert "pause not measured" in side_text(html, "left")


def test_a_blind_recording_claims_no_zero(blind_session: Session) -> None:
    html = render_report(blind_session)
    text = Page(html).text
    assert "Nothing could be measured in this recording." in text
    for side in ("right", "left"):
        assert "not measured" in side_text(html, side)
        assert not re.search(r"\d", side_text(html, side))
    assert "Blinks of both eyes not measured" in text
    assert "No one-sided bursts were found" not in text
    assert "The face was too dark 1 min 30 s 100 %" in text


def test_no_bursts_is_not_called_healthy(quiet_session: Session) -> None:
    html = render_report(quiet_session)
    text = Page(html).text
    assert "No one-sided bursts were found in 1 min 30 s of measurable video." in text
    assert "This does not mean that there are none at other times" in text
    assert "0 bursts" in side_text(html, "right")
    assert "from 0.0 to 2.6" in side_text(html, "right")
    assert "healthy" not in text.lower()


def test_the_page_never_names_an_illness(html: str) -> None:
    assert "hemifacial" not in Page(html).text.lower()


def test_a_short_recording_is_called_uncertain(
    session: Session, words_alone: None
) -> None:
    short = replace(session.summary, analysable_s=41.0, recorded_s=43.0)
    text = Page(render_report(replace(session, summary=short))).text
    assert "Only 41.0 s could be measured" in text
    assert "very uncertain" in text
    assert "very uncertain" not in Page(render_report(session)).text


def test_a_mirrored_recording_says_so(session: Session, words_alone: None) -> None:
    video = replace(session.video, mirrored=True)
    text = Page(render_report(replace(session, video=video))).text
    assert "stored as a mirror image" in text
    assert "right and left are exchanged" in text


def test_untrusted_text_stays_text(session: Session) -> None:
    hostile = replace(
        session,
        video=replace(session.video, name=HOSTILE, codec=HOSTILE),
        episodes=(replace(session.episodes[0], reasons=(HOSTILE,)),),
        near_misses=(
            NearMiss(
                span=session.episodes[0].span,
                side=Side.LEFT,
                peak_score=1.0,
                reason=HOSTILE,
            ),
        ),
        subject_events=(SubjectEvent(time_s=1.0, kind=HOSTILE, detail=HOSTILE),),
        parameters={HOSTILE: HOSTILE},
    )
    html = render_report(hostile, strips(hostile))
    page = Page(html)
    assert "<script>alert" not in html
    assert page.executed == 1
    assert len(page.all("img")) == 4
    assert not [
        name for _, attrs in page.tags for name in attrs if name.startswith("on")
    ]
    assert page.text.count(" ".join(HOSTILE.split())) >= 7


def test_nothing_is_loaded_from_anywhere(session: Session) -> None:
    html = render_report(session, strips(session))
    page = Page(html)
    for tag, attrs in page.tags:
        assert tag not in {"link", "iframe", "object", "embed", "base", "form"}
        for name in ("src", "href", "srcset", "action", "poster", "data", "xlink:href"):
            address = attrs.get(name)
            assert address is None or address.startswith(("#", "data:image/jpeg"))
    assert "url(" not in html
    assert "@import" not in html
    assert not re.search(r"(?i)https?://", html)


def test_the_policy_allows_exactly_the_two_scripts_inside(html: str) -> None:
    policy = next(
        attrs["content"] or ""
        for attrs in Page(html).all("meta")
        if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert "connect-src" not in rules
    own = html[html.rindex("<script>") + 8 : html.rindex("</script>")]
    packed = re.search(r'id="chart-library">([^<]+)<', html)
    assert packed is not None
    library = gzip.decompress(base64.b64decode(packed[1]))
    expected = {
        f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"
        for text in (own.encode(), library)
    }
    assert set(rules["script-src"].split()) == expected
    assert b"Bokeh Contributors" in library[:400]


def test_the_chart_on_the_page_is_the_chart_of_the_session(html: str) -> None:
    packed = re.search(r'id="chart-data">([^<]+)<', html)
    assert packed is not None
    item = json.loads(gzip.decompress(base64.b64decode(packed[1])))
    assert item["target_id"] == "timeline"
    assert 'id="timeline"' in html
    assert "CustomJS" not in json.dumps(item)


def test_without_pictures_there_is_no_image_and_the_page_says_so(html: str) -> None:
    assert "<img" not in html
    assert "data:image" not in html
    assert "Pictures were left out of this report." in Page(html).text
    assert "This page holds pictures of the face." not in Page(html).text


def test_pictures_have_time_and_text(session: Session, words_alone: None) -> None:
    html = render_report(session, strips(session))
    images = Page(html).all("img")
    assert len(images) == 4 * len(session.episodes)
    assert images[2]["alt"] == "Face at 0:08.20, peak of burst 1 on the right side"
    assert "Pictures were left out" not in html
    head = html[html.index("<header>") : html.index("</header>")]
    assert "This page holds pictures of the face." in head, "at its top"


def test_lost_time_is_listed_with_its_share_and_advice(html: str) -> None:
    text = Page(html).text
    assert "6.50 s of 1 min 30 s (7.2 %) could not be measured" in text
    assert "The face was turned away 4.00 s 4.4 % Place the camera straight" in text
    assert "No face was found 2.50 s 2.8 %" in text


def test_refused_movements_and_blinks_are_shown(html: str) -> None:
    text = Page(html).text
    assert "2 movements looked like bursts at first" in text
    assert "0:48.0 Left 0.90 s 3.7 the head turned at the same moment" in text
    assert "Blinks of both eyes 11 Blinks per minute 7.9" in text
    assert "73 % of the blinks" in text


def test_provenance_is_complete(session: Session, html: str) -> None:
    text = Page(html).text
    for expected in (
        session.tracker.weights_sha256,
        session.parameters_sha256,
        session.video.sha256,
        "attention-mesh 0.10.21",
        f"twitch_tracker {session.software_version}",
        "damaged packets: 1, repeated time stamps: 2",
        "even; steps of 33 ms",
        "90 degrees clockwise",
    ):
        assert expected in text


def test_a_variable_frame_rate_is_named(session: Session, words_alone: None) -> None:
    times = session.motion.time_s.copy()
    times[1::2] += 0.009
    motion = replace(session.motion, time_s=times)
    assert "variable frame rate" in Page(
        render_report(replace(session, motion=motion))
    ).text  # fmt: skip


def test_headings_landmarks_and_tables_are_in_order(html: str) -> None:
    page = Page(html)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    steps = itertools.pairwise(levels)
    assert all(below <= above + 1 for above, below in steps)
    for landmark in ("header", "main", "footer"):
        assert len(page.all(landmark)) == 1
    assert page.all("html")[0]["lang"] == "en"
    assert all(attrs.get("scope") in {"col", "row"} for attrs in page.all("th"))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in page.tags:
        for name in ("aria-labelledby", "aria-describedby"):
            assert attrs.get(name) is None or attrs[name] in ids


def test_every_quality_reason_has_words_and_advice(session: Session) -> None:
    for reason in QualityReason:
        summary = replace(session.summary, excluded_s={reason: 3.0})
        (row,) = build_page_view(replace(session, summary=summary), ()).excluded
        assert (row.duration, row.share) == ("3.00 s", "3.3 %")
        assert row.reason[0].isupper()
        assert row.advice.endswith(".")


def test_an_hour_with_many_bursts_stays_small(
    make_session: Callable[..., Session], make_motion: Callable[..., object]
) -> None:
    base = make_session()
    motion = make_motion(duration_s=3600.0)
    many = tuple(
        replace(
            base.episodes[0],
            span=replace(base.episodes[0].span, start_s=12.0 * n, end_s=12.0 * n + 0.9),
        )
        for n in range(300)
    )
    html = render_report(make_session(motion=motion, episodes=many))
    assert len(html.encode()) < LONGEST_PAGE_BYTES
    assert "59:48.0" in html


def test_the_file_is_written_whole(session: Session, html: str, tmp_path: Path) -> None:
    path = write_report(session, tmp_path / "report.html")
    text = path.read_text(encoding="utf-8")
    assert Page(text).text == Page(html).text
    assert text.endswith("</html>")
    assert [found.name for found in tmp_path.iterdir()] == ["report.html"]


def test_a_folder_that_is_not_there_is_a_named_error(
    session: Session, tmp_path: Path
) -> None:
    with pytest.raises(OutputNotWritable, match="could not be written"):
        write_report(session, tmp_path / "missing" / "report.html")
    assert list(tmp_path.iterdir()) == []


def test_the_rate_of_an_older_summary_is_still_told() -> None:
    """It does not say how many bursts began: the rate of all bursts is named as that."""
    older = SideSummary(
        episodes=2,
        episodes_per_min=2.0,
        episodes_per_min_low=0.2,
        episodes_per_min_high=7.2,
        spasm_fraction=1.0,
        spasm_s=60.0,
        median_duration_s=30.0,
        longest_duration_s=30.0,
        median_pause_s=float("nan"),
        share_over_1s=1.0,
        regions=(),
    )

    def rate_of(numbers: SideSummary) -> Fact:
        summary = SessionSummary(
            recorded_s=60.0,
            analysable_s=60.0,
            sides={Side.LEFT: numbers, Side.RIGHT: numbers},
            rest_asymmetry=0.0,
            blinks=0,
            complete_blinks=0,
            blinks_per_min=0.0,
            excluded_s={},
        )
        return side_column(summary, Side.LEFT).facts[0]

    assert (rate_of(older).label, rate_of(older).value) == ("Bursts per minute", "2.0")
    whole = rate_of(replace(older, free_s=0.0))
    assert whole.label == "New bursts per minute"
    assert "no moment without a burst" in whole.note
