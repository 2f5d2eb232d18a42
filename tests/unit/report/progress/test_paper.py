"""What the paper keeps where room is short, and in which language it is drawn."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest

from twitch_tracker.history import Treatment, TreatmentKind
from twitch_tracker.language import current_language, speaking
from twitch_tracker.progression.results import (
    Estimate,
    OperationCourse,
    OperationMark,
    Progression,
)
from twitch_tracker.regions import Side
from twitch_tracker.report.progress import files as progress_files
from twitch_tracker.report.progress.files import write_progress
from twitch_tracker.report.progress.page import render_progress
from twitch_tracker.report.progress.paper.pdf import progress_pdf

GREY = "Grey: when an injection"
SOLID = "Solid line: operation"


def paper(progression: Progression) -> str:
    document = pdfium.PdfDocument(io.BytesIO(progress_pdf(progression)))
    told = " ".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(told.split())


def followed(course: OperationCourse, on: date, rate: float) -> OperationCourse:
    """Make a course of six marks whose rates are rate, rate + 0.1 and so on."""
    marks = tuple(
        OperationMark(
            day=day,
            rate=Estimate(value=rate + 0.1 * n, low=0.0, high=99.0),
            over_before=Estimate(value=0.5, low=0.3, high=0.8),
            analysable_min=9.0,
        )
        for n, day in enumerate((7, 30, 91, 183, 274, 365))
    )
    return replace(course, treatment=replace(course.treatment, on=on), marks=marks)


def test_the_paper_keeps_the_newest_marks_of_operations(progression: Progression):
    """And says how many are left out."""
    last = progression.treatments[-1]
    days = last.on - timedelta(days=900), last.on - timedelta(days=400)
    (course,) = progression.operations
    found = replace(
        progression,
        operations=(followed(course, days[0], 70.0), followed(course, days[1], 50.0)),
        treatments=tuple(replace(last, on=day) for day in days),
        injections=(),
        diary=(),
    )
    told = paper(found)
    assert all(f"{50 + 0.1 * n:.1f} (0.0 to 99.0)" in told for n in range(6))
    assert not any(f"{70 + 0.1 * n:.1f} (0.0 to 99.0)" in told for n in range(6))
    assert "6 earlier rows are in progress.html and in the app." in told


@pytest.mark.parametrize(
    ("kinds", "said", "unsaid"),
    [
        ({TreatmentKind.OTHER}, ["Dotted line: treatment."], ["injection", SOLID]),
        (
            {TreatmentKind.OTHER, TreatmentKind.BOTULINUM_TOXIN},
            ["Dotted line: injection or another treatment.", GREY],
            [SOLID],
        ),
        ({TreatmentKind.BOTULINUM_TOXIN}, ["Dotted line: injection.", GREY], [SOLID]),
        (
            {TreatmentKind.MICROVASCULAR_DECOMPRESSION},
            [SOLID],
            ["Dotted line", GREY],
        ),
    ],
)
def test_the_paper_explains_only_the_lines_that_are_there(
    progression: Progression,
    kinds: set[TreatmentKind],
    said: list[str],
    unsaid: list[str],
):
    given = tuple(
        Treatment(kind=kind, on=progression.treatments[-1].on, side=Side.RIGHT)
        for kind in kinds
    )
    told = paper(replace(progression, treatments=given, injections=(), operations=()))
    legend = told[told.index("Vertical bars") : told.index("Rest and triggering")]
    assert all(words in legend for words in said)
    assert not any(words in legend for words in unsaid)


def test_the_line_of_a_change_at_once_is_explained(progression: Progression):
    assert "two levels where a change came at once" in paper(progression)


@pytest.mark.parametrize(("language", "drawn"), [("zh_Hans", "en"), ("de", "de")])
def test_pictures_are_drawn_in_a_language_that_their_font_can_write(
    progression: Progression,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    drawn: str,
):
    """The font that comes along has no Chinese letters: it would print boxes."""
    spoken = []
    draw = progress_files.draw_charts

    def noticed(*args: Any, **kwargs: Any) -> Any:
        spoken.append(current_language())
        return draw(*args, **kwargs)

    monkeypatch.setattr(progress_files, "draw_charts", noticed)
    one = replace(progression, series=progression.series[:1], treatments=())
    with speaking(language):
        write_progress(one, tmp_path / "anna")
    assert spoken == [drawn]


def test_a_page_says_that_its_paper_is_in_english(progression: Progression):
    with speaking("zh_Hans"):
        assert "PDF 和图片" in render_progress(progression)
    for language in ("en", "de", "es"):
        with speaking(language):
            assert "PDF " not in render_progress(progression)
