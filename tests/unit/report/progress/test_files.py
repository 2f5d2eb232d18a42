"""What ``progress --out`` leaves behind: all of it, or nothing."""

from __future__ import annotations

import csv
import io
import math
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pypdfium2 as pdfium
import pytest
from PIL import Image

from twitch_tracker.errors import OutputNotWritable
from twitch_tracker.progression.results import Measure, Progression
from twitch_tracker.regions import SIDES
from twitch_tracker.report.progress import files as progress_files
from twitch_tracker.report.progress.charts import build_groups
from twitch_tracker.report.progress.document import progress_document
from twitch_tracker.report.progress.files import PROGRESS_FILES, write_progress
from twitch_tracker.report.progress.paper.figures import draw_charts
from twitch_tracker.report.progress.paper.pdf import progress_pdf
from twitch_tracker.report.progress.paper.sheet import Sheet
from twitch_tracker.report.progress.series import COLUMNS, UNITS, write_series
from twitch_tracker.wording.progression import reading_texts

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def folder(progression: Progression, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_progress(progression, tmp_path_factory.mktemp("out") / "anna").parent


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_a_folder_whose_name_is_no_text_gets_its_tables(progression, tmp_path):
    folder = tmp_path / os.fsdecode(b"anna\xff")
    folder.mkdir()
    write_series(progression, folder)
    written = {path.name for path in folder.iterdir()}
    assert written == {"series.csv", "series.parquet"}


def test_the_files_are_there_and_nothing_else(folder: Path):
    names = {path.name for path in folder.iterdir()}
    unrecorded = {"progress_after_provocation.png", "progress_other.png"}
    assert names == set(PROGRESS_FILES) - unrecorded
    assert list(folder.parent.iterdir()) == [folder]


def test_csv_and_parquet_hold_the_same_rows(folder: Path):
    with (folder / "series.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = pyarrow.parquet.read_table(folder / "series.parquet")
    assert tuple(rows[0]) == tuple(table.column_names) == COLUMNS
    assert len(rows) == table.num_rows
    values = table.column("value").to_pylist()
    assert [float(row["value"]) for row in rows] == pytest.approx(values)


def test_every_recording_of_every_series_is_a_row(
    folder: Path, progression: Progression
):
    table = pyarrow.parquet.read_table(folder / "series.parquet")
    rows = table.to_pylist()
    assert len(rows) == sum(len(series.recordings) for series in progression.series)
    first, point = rows[0], progression.series[0].recordings[0]
    assert first["at"] == point.at
    assert first["value"] == point.estimate.value
    assert first["side"] == "right"
    assert first["recording_ids"] == point.recordings[0]


def test_pooled_periods_are_told_apart(
    make_progression: Callable[..., Progression], tmp_path: Path
):
    found = make_progression(recordings=80, days=300)
    found = replace(found, series=found.series[:1])
    write_progress(found, tmp_path)
    grains = (
        pyarrow.parquet.read_table(tmp_path / "series.parquet")
        .column("grain")
        .to_pylist()
    )
    assert grains.count("recording") == 80
    assert grains.count("month") == len(found.series[0].periods)


def test_what_is_not_measured_is_empty_not_zero(
    progression: Progression, tmp_path: Path
):
    series = progression.series[0]
    point = series.recordings[0]
    gone = replace(point, estimate=replace(point.estimate, low=math.nan))
    one = replace(series, recordings=(gone, *series.recordings[1:]))
    write_progress(replace(progression, series=(one,)), tmp_path)
    rows = pyarrow.parquet.read_table(tmp_path / "series.parquet").to_pylist()
    assert rows[0]["low"] is None


def test_every_measure_has_a_unit():
    assert set(UNITS) == set(Measure)


@pytest.mark.parametrize(("recordings", "days"), [(1, 60), (3650, 3650)])
def test_the_paper_never_has_a_third_page(
    make_progression: Callable[..., Progression], recordings: int, days: int
):
    name = "Zoë Łukasz Иван Ωmega " * 20
    found = make_progression(recordings=recordings, days=days, patient=name)
    found = replace(
        found,
        readings=(*found.injections, *found.operations, *found.series),
        injections=tuple(found.injections) * 6,
        operations=found.operations * 10,
        associations=found.associations * 9,
        closest=found.closest * 9,
        left_out=found.left_out * 20,
        regions=found.regions * 8,
    )
    document = pdfium.PdfDocument(io.BytesIO(progress_pdf(found)))
    assert len(document) == 2
    texts = [page.get_textpage().get_text_range() for page in document]
    assert "more lines did not fit here" in texts[1], "what is missing is counted"
    short = f"{name[:39]}…"
    assert "…" not in "".join(texts).replace(short, ""), "nothing is cut off"


def test_a_long_cell_of_the_paper_takes_more_lines_and_loses_no_word():
    """A dose in many muscles, in a column of a tenth of the width."""
    doses = [f"muscle{number}" for number in range(12)]
    sheet = Sheet(title="a", foot="b")
    sheet.table(("dose", "rest"), [(", ".join(doses), "one")], (0.1, 0.9))
    sheet.text("after it " * 3)
    document = pdfium.PdfDocument(io.BytesIO(sheet.as_bytes()))
    told = document[0].get_textpage().get_text_range()
    assert all(dose in told for dose in doses)
    assert "…" not in told
    assert sheet.left_out == 0


def test_rows_without_room_are_counted():
    sheet = Sheet(title="a", foot="b")
    rows = [(f"row {number}", "x") for number in range(200)]
    sheet.table(("what", "that"), rows, (0.5, 0.5), size=9)
    document = pdfium.PdfDocument(io.BytesIO(sheet.as_bytes("the rest")))
    told = document[0].get_textpage().get_text_range()
    assert told.count("row ") + sheet.left_out == 200 > sheet.left_out > 0
    assert "the rest" in told


def test_the_paper_says_who_and_what(progression: Progression):
    name = "Zoë Łukasz Иван"
    found = replace(progression, patient=replace(progression.patient, patient_id=name))
    document = pdfium.PdfDocument(io.BytesIO(progress_pdf(found)))
    texts = [page.get_textpage().get_text_range() for page in document]
    assert all(name in text for text in texts)
    assert reading_texts(progression)[0] in " ".join(texts[0].split())
    assert "not a diagnosis" in texts[0]
    for words in (
        "Treatments",
        "Parts of the face",
        "closest to frequency 3",
        "Left out",
    ):
        assert words in texts[1]


def test_charts_have_as_many_dots_as_a_printer_shows(
    progression: Progression, tmp_path: Path, monkeypatch, coarse_prints
):
    coarse_prints(monkeypatch)
    one = replace(progression, series=progression.series[:1], treatments=())
    folder = write_progress(one, tmp_path / "anna").parent
    with Image.open(folder / "progress_rest.png") as picture:
        assert picture.info["dpi"] == pytest.approx((150, 150), abs=0.1)
    paper = pdfium.PdfDocument(folder / "progress.pdf")
    pictures = [
        thing.get_metadata()
        for thing in paper[0].get_objects()
        if thing.type == pdfium.raw.FPDF_PAGEOBJ_IMAGE
    ]
    assert pictures
    assert all(one.horizontal_dpi > 200 for one in pictures)
    paper.close()


def test_the_paper_of_a_person_without_recordings(nothing_yet: Progression):
    assert progress_pdf(nothing_yet).startswith(b"%PDF")


def test_left_and_right_differ_in_a_black_and_white_print(progression: Progression):
    """The same numbers drawn for either side: the prints differ in their shapes."""
    prints = []
    for side in SIDES:
        series = replace(progression.series[0], side=side)
        found = replace(progression, series=(series,), treatments=())
        (group,) = build_groups(found)
        figure = draw_charts(found, group.charts, columns=1, width_mm=80, row_mm=50)
        data = io.BytesIO()
        figure.savefig(data, format="png", dpi=100)
        chart = Image.open(data).convert("L")
        high = int(0.8 * chart.height)
        prints.append(np.asarray(chart)[:high] < 160)
    assert (prints[0] != prints[1]).sum() > 500


def test_a_failure_leaves_the_older_files(
    progression: Progression, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    target = tmp_path / "anna"
    target.mkdir()
    (target / "progress.html").write_text("older")
    (target / "mine.txt").write_text("mine")

    def break_down(_: Progression) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(progress_files, "progress_pdf", break_down)
    with pytest.raises(KeyboardInterrupt):
        write_progress(replace(progression, series=progression.series[:1]), target)
    assert (target / "progress.html").read_text() == "older"
    assert {path.name for path in target.iterdir()} == {"progress.html", "mine.txt"}
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_cannot_be_written_is_said(
    progression: Progression, tmp_path: Path
):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputNotWritable, match="Choose another folder with --out"):
        write_progress(progression, tmp_path / "file" / "anna")


def test_without_recordings_there_is_a_page_and_no_picture(
    nothing_yet: Progression, tmp_path: Path
):
    write_progress(nothing_yet, tmp_path / "anna")
    names = {path.name for path in (tmp_path / "anna").iterdir()}
    assert names == {"series.csv", "series.parquet", "progress.pdf", "progress.html"}


def test_columns_keys_and_files_are_documented(progression: Progression):
    page = (ROOT / "docs" / "progress_files.md").read_text(encoding="utf-8")
    for name in (*COLUMNS, *progress_document(progression)):
        assert f"| `{name}` |" in page, name
    for name in PROGRESS_FILES:
        assert f"`{name}`" in page, name
    for unit in UNITS.values():
        assert f"`{unit}`" in page, unit
