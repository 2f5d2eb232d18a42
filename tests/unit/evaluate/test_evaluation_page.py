"""The page of an evaluation says what was found, and what to be careful with."""

from __future__ import annotations

import json
import math
import os
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from twitch_tracker.evaluate.evaluation import evaluate_set
from twitch_tracker.evaluate.figures.measures import measures
from twitch_tracker.records import Origin
from twitch_tracker.report.evaluation.page import (
    render_evaluation,
    write_evaluation,
)
from twitch_tracker.report.evaluation.plots import price_plot, reliability_plot
from twitch_tracker.report.evaluation.view import build_evaluation_view
from twitch_tracker.wording.evaluation import spelling


@pytest.fixture(scope="module")
def html(evaluation) -> str:
    return render_evaluation(evaluation)


def view_of(*films, draws=20):
    return build_evaluation_view(evaluate_set(films, draws=draws))


def test_the_first_sentence_counts_what_was_found(evaluation, html: str):
    whole = [score.matching for score in evaluation.scores]
    true = sum(len(m.found) + len(m.missed) for m in whole)
    found = sum(len(m.found) for m in whole)
    false = sum(len(m.false_alarms) for m in whole)
    sentence = f"Of {true} true bursts, {found} were found. "
    assert sentence + f"The log has {false} false alarms besides." in html


@pytest.mark.parametrize(
    ("true", "logged", "words"),
    [
        (0, 2, "There was no true burst to find. The log has 2 false alarms."),
        (1, 0, "The only true burst was missed. The log has 0 false alarms besides."),
        (1, 1, "The only true burst was found. The log has 0 false alarms besides."),
    ],
)
def test_few_bursts_are_said_in_plain_words(made_up, burst, true, logged, words):
    truth = tuple(burst(9 * k, 9 * k + 1) for k in range(true))
    said = tuple(burst(9 * k, 9 * k + 1) for k in range(logged))
    film = replace(made_up(1), truth=truth, logged=said)
    assert view_of(film).headline == words


def test_every_figure_has_a_name_and_is_shown(evaluation, html: str):
    for name in evaluation.figures:
        assert spelling(name).label in html
    assert {"sensitivity", *measures()} <= set(evaluation.figures)


def test_every_miss_and_false_alarm_is_listed(evaluation, html: str):
    mistakes = [
        burst
        for score in evaluation.scores
        for burst in (*score.matching.missed, *score.matching.false_alarms)
    ]
    assert html.count("<td>Missed</td>") + html.count("<td>False alarm</td>") == len(
        mistakes
    )


def test_cautions_say_where_the_numbers_are_weak(made_up):
    film = made_up(1)
    one = " ".join(view_of(film).cautions)
    assert "The truth is simulated" in one
    assert "only one face" in one
    untold = [replace(made_up(k), face=str(k), face_known=False) for k in range(3)]
    assert "not stated which recordings" in " ".join(view_of(*untold).cautions)
    rest = replace(film, analysable_s=math.nan)
    assert "Of 1 recording only the recorded minutes" in " ".join(
        view_of(rest).cautions
    )
    blind = replace(rest, recorded_s=math.nan)
    assert "The length of 1 recording is not known" in " ".join(view_of(blind).cautions)
    machine = tuple(replace(b, origin=Origin.DETECTED) for b in film.truth)
    said = " ".join(view_of(replace(film, truth=machine)).cautions)
    assert "made by a program" in said
    assert "simulated" not in said


def test_bursts_that_could_not_be_seen_are_told_apart(made_up, burst):
    film = replace(made_up(1), truth=(burst(175, 177), burst(5, 6)), logged=())
    view = view_of(film)
    assert any("1 missed burst lies in time that could" in s for s in view.sentences)
    (mistakes,) = view.films
    assert [row[-1] for row in mistakes.table.rows] == ["-", "could not be measured"]


def test_names_are_escaped(made_up):
    evil = replace(made_up(1), name="<script>alert(1)</script>", activity="<b>x")
    text = render_evaluation(evaluate_set([evil], draws=10))
    assert "<script" not in text
    assert "<b>x" not in text
    assert "&lt;script&gt;" in text


def test_the_page_needs_nothing_else_and_forbids_every_script(html: str):
    assert not re.search(r"\b(?:src|href)=\"(?!#|data:)", html)
    assert "http" not in html.replace("http-equiv", "")
    assert "default-src &#39;none&#39;" in html
    assert "nan" not in re.sub(r"<[^>]+>", " ", html).lower().split()


def test_the_reliability_plot_puts_honest_dots_on_the_line(evaluation):
    plot = reliability_plot(evaluation.calibration)
    assert plot is not None
    for dot, item in zip(plot.dots, evaluation.calibration.bins, strict=True):
        share_x = (dot.x - plot.left) / (plot.right - plot.left)
        share_y = (plot.bottom - dot.y) / (plot.bottom - plot.top)
        assert share_x == pytest.approx(item.mean_confidence, abs=1e-3)
        assert share_y == pytest.approx(item.share_true.value, abs=1e-3)


def test_the_price_plot_stays_inside_its_frame(evaluation):
    plot = price_plot(evaluation.prices)
    assert plot is not None
    assert len(plot.dots) == len(evaluation.prices)
    for dot in plot.dots:
        assert plot.left <= dot.x <= plot.right
        assert plot.top <= dot.y <= plot.bottom
    assert price_plot(()) is None


def test_both_files_are_written_and_nothing_else_is_touched(evaluation, tmp_path: Path):
    """Also into the folder of a recording, whose own results stay."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "episodes.csv").write_text("mine")
    page = write_evaluation(evaluation, tmp_path / "out")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"episodes.csv", "evaluation.html", "evaluation.json"}
    assert (tmp_path / "out" / "episodes.csv").read_text() == "mine"
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    json.loads((tmp_path / "out" / "evaluation.json").read_text(encoding="utf-8"))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_a_recording_whose_name_is_no_text_is_written_down(made_up, tmp_path):
    film = replace(made_up(1), name=os.fsdecode(b"f\xff"))
    page = write_evaluation(evaluate_set([film], draws=20), tmp_path / "out")
    assert "f\ufffd" in page.read_text(encoding="utf-8")
