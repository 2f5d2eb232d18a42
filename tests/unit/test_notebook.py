"""An analysis as tables, drawing, report and in a notebook."""

from __future__ import annotations

import html.parser
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import twitch_tracker
from twitch_tracker import notebook, pipeline, records
from twitch_tracker.exchange.signals import write_signals
from twitch_tracker.exchange.tables import (
    BLINK_COLUMNS,
    EPISODE_COLUMNS,
    write_blinks,
    write_episodes,
)
from twitch_tracker.notebook import Session
from twitch_tracker.regions import Region, Side


@pytest.fixture
def shown(session: records.Session) -> Session:
    """The session with the views."""
    return Session.of(session)


def test_analyze_gives_these_views(
    monkeypatch: pytest.MonkeyPatch, session: records.Session
):
    monkeypatch.setattr(pipeline, "analyze", lambda *_, **__: session)
    found = twitch_tracker.analyze("x.mp4")
    assert isinstance(found, twitch_tracker.Session)
    assert isinstance(found, records.Session)
    assert found.motion is session.motion


def test_repr_is_one_short_line(session: records.Session, shown: Session):
    """It was 71,000 characters for 45 seconds: an accident in every notebook."""
    for what in (session, shown, shown.motion, *shown.motion.scores.values()):
        assert len(repr(what)) < 300
        assert "\n" not in repr(what)
    assert "2 right" in repr(shown)


def test_tables_hold_what_the_files_hold(shown: Session, tmp_path: Path):
    tables = shown.to_pandas()
    write_episodes(tmp_path / "e.csv", shown.episodes)
    write_blinks(tmp_path / "b.csv", shown.blinks)
    write_signals(tmp_path / "s.parquet", shown)
    assert tuple(tables.episodes) == EPISODE_COLUMNS
    assert tuple(tables.blinks) == BLINK_COLUMNS
    written = pd.read_csv(tmp_path / "e.csv")
    for name in ("side", "regions", "lead_region", "kind", "contractions", "origin"):
        assert list(tables.episodes[name]) == list(written[name]), name
    for name in ("onset_s", "duration_s", "confidence", "lag_s", "peak_score"):
        np.testing.assert_allclose(tables.episodes[name], written[name], atol=0.006)
    assert tables.episodes["brow_lift"].dtype == bool
    assert tables.episodes["lag_s"].dtype == float
    pd.testing.assert_frame_equal(
        tables.signals, pd.read_parquet(tmp_path / "s.parquet")
    )


def test_tables_without_a_burst_keep_their_columns(shown: Session):
    tables = Session.of(replace(shown, episodes=(), blinks=())).to_pandas()
    assert tuple(tables.episodes) == EPISODE_COLUMNS
    assert len(tables.episodes) == len(tables.blinks) == 0


@pytest.mark.parametrize("region", [Region.EYELID, Region.CHEEK])
def test_a_drawing_has_the_right_side_upward(shown: Session, region: Region):
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    assert shown.plot(region, axes=axes) is axes
    right, left = axes.lines[:2]
    scores = shown.motion.scores["position_mm"]
    np.testing.assert_array_equal(right.get_ydata(), scores.of(region, Side.RIGHT))
    np.testing.assert_array_equal(left.get_ydata(), -scores.of(region, Side.LEFT))
    shades = [patch.get_window_extent() for patch in axes.patches]
    assert len(shades) == len(shown.episodes) + len(shown.excluded)
    middle = axes.get_window_extent().height / 2 + axes.get_window_extent().y0
    bursts = shades[: len(shown.episodes)]
    assert all(box.y0 >= middle - 1 for box in bursts), "right bursts, upper half"


def test_a_drawing_of_its_own_can_be_shown(shown: Session):
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    axes = shown.plot()
    try:
        assert axes.figure.number in plt.get_fignums()
    finally:
        plt.close("all")


class _Balanced(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag


def test_a_notebook_shows_headline_numbers_and_runs_no_name(shown: Session):
    video = replace(shown.video, name="<script>alert(1)</script>.mp4")
    page = Session.of(replace(shown, video=video))._repr_html_()
    _Balanced().feed(page)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert page.count("<tr>") == 3


def test_the_report_is_written(shown: Session, tmp_path: Path):
    path = shown.write_report(tmp_path / "report.html")
    assert shown.video.name in path.read_text(encoding="utf-8")


def test_the_look_is_the_notebooks_own():
    assert twitch_tracker.Session is notebook.Session
