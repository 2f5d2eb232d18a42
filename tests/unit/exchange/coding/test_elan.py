"""Hand coding made with ELAN becomes truth, and what is unclear is refused.

The samples are written by hand after the layouts that ELAN documents.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import Region, Side

EAF = """\
<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" FORMAT="3.0" VERSION="3.0">
  <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
    <MEDIA_DESCRIPTOR MEDIA_URL="file:///visit1.mp4" MIME_TYPE="video/mp4"/>
  </HEADER>
  <TIME_ORDER>
    <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="2500"/>
    <TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="3250"/>
    <TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="10000"/>
    <TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="12000"/>
    <TIME_SLOT TIME_SLOT_ID="ts5"/>
  </TIME_ORDER>
  <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="Left_eyelid">
    <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2"><ANNOTATION_VALUE>clonic</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
  </TIER>
  <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="bursts">
    <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts3" TIME_SLOT_REF2="ts4"><ANNOTATION_VALUE>spasm</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
  </TIER>
  <TIER LINGUISTIC_TYPE_REF="sub" PARENT_REF="bursts" TIER_ID="where">
    <ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a3" ANNOTATION_REF="a2"><ANNOTATION_VALUE>right mouth corner</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
  </TIER>
  <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="other">
    <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a4" TIME_SLOT_REF1="ts2" TIME_SLOT_REF2="ts3"><ANNOTATION_VALUE>Smiling</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
  </TIER>
  <LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="default-lt"/>
</ANNOTATION_DOCUMENT>
"""

FORMATS = {
    "hh:mm:ss.ms": ("00:00:02.500", "00:00:03.250"),
    "ss.msec": ("2.5", "3.25"),
    "msec": ("2500", "3250"),
}


def write(folder: Path, text: str, name: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_document(tmp_path: Path):
    truth = read_truth(write(tmp_path, EAF, "visit1.eaf"))
    left, right = truth.episodes
    assert (left.span.start_s, left.span.end_s) == (2.5, 3.25)
    assert (left.side, left.regions) == (Side.LEFT, (Region.EYELID,))
    assert left.kind is EpisodeKind.CLONIC
    assert (right.span.start_s, right.span.end_s) == (10, 12)
    assert (right.side, right.regions) == (Side.RIGHT, (Region.MOUTH_CORNER,))
    assert [(o.event, o.span.start_s) for o in truth.others] == [("smile", 3.25)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Left_eyelid", "eyelid", "tier eyelid, annotation a1: expected one side"),
        ('REF1="ts1"', 'REF1="ts5"', "annotation a1: expected a begin and an end"),
        ('MIME_TYPE="video/mp4"', 'TIME_ORIGIN="4.5"', "whole number of milliseconds"),
        (
            'MIME_TYPE="video/mp4"',
            f'TIME_ORIGIN="1{"0" * 400}"',
            "whole number of milliseconds",
        ),
        ("milliseconds", "NTSC-frames", "expected times in milliseconds"),
        ("</TIME_ORDER>", "", "broken XML"),
        ("ANNOTATION_DOCUMENT", "SOMETHING", "got XML <SOMETHING>"),
        ("<ANNOTATION_DOC", "<!DOCTYPE a []><ANNOTATION_DOC", "declares no entities"),
    ],
)
def test_what_is_unclear_is_refused(tmp_path: Path, old: str, new: str, message: str):
    with pytest.raises(BadTruthFile, match=message):
        read_truth(write(tmp_path, EAF.replace(old, new), "visit1.eaf"))


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize("end", ["End Time", "Duration"])
def test_an_export_with_a_header(tmp_path: Path, style: str, end: str):
    begin, stop = FORMATS[style]
    length = {"hh:mm:ss.ms": "00:00:00.750", "ss.msec": "0.75", "msec": "750"}[style]
    text = f"Annotation\t{end} - {style}\tTier\tBegin Time - {style}\n"
    text += f"spasm\t{stop if end == 'End Time' else length}\tright eye\t{begin}\n"
    (burst,) = read_truth(write(tmp_path, text, "t.txt")).episodes
    assert (burst.span.start_s, burst.span.end_s) == pytest.approx((2.5, 3.25))
    assert (burst.side, burst.regions) == (Side.RIGHT, (Region.EYELID,))


def test_tiers_may_be_columns(tmp_path: Path):
    text = (
        "Begin Time - ss.msec\tEnd Time - ss.msec\tleft cheek\tright brow\tnotes\n"
        "1.0\t2.0\tspasm\tspasm\t\n3.0\t3.2\t\t\tblink\n"
    )
    truth = read_truth(write(tmp_path, text, "t.txt"))
    found = {(e.side, e.regions, e.span.end_s) for e in truth.episodes}
    assert found == {
        (Side.LEFT, (Region.CHEEK,), 2.0),
        (Side.RIGHT, (Region.BROW,), 2.0),
    }
    assert [o.event for o in truth.others] == ["blink"]


@pytest.mark.parametrize("style", FORMATS)
def test_an_export_without_a_header(tmp_path: Path, style: str):
    begin, stop = FORMATS[style]
    text = f"spasm L\t\t{begin}\t{stop}\tclonic\nother\t\t{stop}\t{stop}\tblink\n"
    truth = read_truth(write(tmp_path, text, "t.txt"))
    (burst,) = truth.episodes
    assert (burst.span.start_s, burst.span.end_s) == pytest.approx((2.5, 3.25))
    assert (burst.side, burst.kind) == (Side.LEFT, EpisodeKind.CLONIC)
    assert [o.event for o in truth.others] == ["blink"]


def test_all_time_formats_side_by_side_without_a_header(tmp_path: Path):
    """begin, end and duration, each in every format, as ELAN can write them."""
    times = "00:00:02.500\t2.500\t00:00:03.250\t3.250\t00:00:00.750\t0.750"
    path = write(tmp_path, f"left eyelid\t\t{times}\tspasm\n", "t.txt")
    (burst,) = read_truth(path).episodes
    assert (burst.span.start_s, burst.span.end_s) == pytest.approx((2.5, 3.25))


def test_a_duration_is_not_taken_for_an_end(tmp_path: Path):
    text = "left eye\t2.500\t0.750\tspasm\nleft eye\t9.000\t0.500\tspasm\n"
    with pytest.raises(BadTruthFile, match="is it a duration"):
        read_truth(write(tmp_path, text, "t.txt"))


@pytest.mark.parametrize("text", ["", "hello\n", "a,b\n1,2\n", "\x89PNG"])
def test_anything_else_is_refused_and_what_is_readable_is_said(
    tmp_path: Path, text: str
):
    with pytest.raises(
        BadTruthFile, match=r"Readable: .*BORIS .*ELAN document \(\.eaf"
    ):
        read_truth(write(tmp_path, text, "t.csv"))


def test_a_missing_file_and_one_that_is_no_text_are_named(tmp_path: Path):
    with pytest.raises(BadTruthFile, match=r"no\.csv: cannot be read"):
        read_truth(tmp_path / "no.csv")
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(BadTruthFile, match=r"b\.csv: expected UTF-8"):
        read_truth(tmp_path / "b.csv")
