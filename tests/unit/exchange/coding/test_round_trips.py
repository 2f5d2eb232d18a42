"""What is written for BORIS and ELAN is read back as the same bursts.

Both keep milliseconds and have a comment, so nothing of a burst is lost; the made-up
bursts have the places that tables keep. Compared as text, in which NaN equals NaN.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from twitch_tracker.errors import BadTable, BadTruthFile
from twitch_tracker.exchange.coding.boris_write import (
    AGGREGATED_COLUMNS,
    TABULAR_COLUMNS,
    aggregated_events,
    project,
    tabular_events,
)
from twitch_tracker.exchange.coding.coded import CodedBurst
from twitch_tracker.exchange.coding.details import DETAILS, read_details
from twitch_tracker.exchange.coding.elan_write import TAB_COLUMNS, eaf, tabbed
from twitch_tracker.exchange.coding.recording import Coding, from_folder
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.exchange.tables import EPISODE_COLUMNS
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.records import Episode, EpisodeKind, Origin, Session
from twitch_tracker.regions import REGIONS, SIDES, Region, Side
from twitch_tracker.timebase import Interval

MakeCoding = Callable[..., Coding]

WRITERS: dict[str, Callable[[Coding], str]] = {
    "study.boris": lambda coding: project("study", [coding]),
    "aggregated.csv": lambda coding: aggregated_events([coding]),
    "tabular.csv": lambda coding: tabular_events([coding]),
    "visit 1.eaf": eaf,
    "visit 1.txt": tabbed,
}


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def in_order(bursts: Iterable[Episode]) -> list[str]:
    """Bursts as text, by time and, where that is equal, by side."""
    return [str(b) for b in sorted(bursts, key=lambda b: (b.span, b.side))]


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("seed", range(5))
def test_the_same_bursts_come_back(
    tmp_path: Path, make_coding: MakeCoding, name: str, seed: int
):
    coding = make_coding(seed)
    truth = read_truth(write(tmp_path, name, WRITERS[name](coding)))
    assert len(truth.episodes) == 80
    assert in_order(truth.episodes) == in_order(coding.episodes)
    assert [other.span for other in truth.others] == [b.span for b in coding.blinks]
    assert {other.event for other in truth.others} == {"blink"}


@pytest.mark.parametrize("name", [n for n in WRITERS if not n.endswith(".txt")])
def test_the_length_is_kept_where_there_is_a_place_for_it(
    tmp_path: Path, make_coding: MakeCoding, name: str
):
    coding = make_coding()
    assert read_truth(write(tmp_path, name, WRITERS[name](coding))).recorded_s == 300


@pytest.mark.parametrize("name", WRITERS)
def test_times_are_rounded_to_the_millisecond(
    tmp_path: Path, make_coding: MakeCoding, name: str
):
    coding = make_coding()
    span = Interval(start_s=1.23456, end_s=2.71828)
    one = replace(coding, episodes=(replace(coding.episodes[0], span=span),), blinks=())
    (burst,) = read_truth(write(tmp_path, name, WRITERS[name](one))).episodes
    assert (burst.span.start_s, burst.span.end_s) == (1.235, 2.718)


@pytest.mark.parametrize("name", WRITERS)
def test_what_was_not_coded_stays_unknown(
    tmp_path: Path, make_coding: MakeCoding, name: str
):
    """A person's burst without kind, regions and count is not given any."""
    bare = CodedBurst(
        span=Interval(start_s=1.0, end_s=2.0),
        side=Side.LEFT,
        regions=(),
        lead_region=Region.EYELID,
        kind=EpisodeKind.MIXED,
        origin=Origin.HUMAN,
        noted=frozenset(),
    )
    partly = replace(
        bare,
        span=Interval(start_s=3.0, end_s=4.0),
        regions=(Region.EYELID, Region.CHEEK),
        noted=frozenset({"regions"}),
    )
    coding = make_coding(episodes=(bare, partly), blinks=())
    read = read_truth(write(tmp_path, name, WRITERS[name](coding))).episodes
    assert str(read) == str((bare, partly))


@pytest.mark.parametrize("name", WRITERS)
def test_a_recording_without_events(tmp_path: Path, make_coding: MakeCoding, name: str):
    nothing = make_coding(episodes=(), blinks=())
    text = WRITERS[name](nothing)
    if name == "visit 1.txt":
        assert text.splitlines() == ["\t".join(TAB_COLUMNS)]
    assert read_truth(write(tmp_path, name, text)).episodes == ()


def test_every_attribute_of_a_burst_has_a_place():
    """Whoever adds an attribute to `Episode` must think of these formats too."""
    own = {"span", "side", "regions", "lead_region", "kind"}
    assert own | set(DETAILS) == {item.name for item in fields(Episode)}
    spans = {"onset_s", "offset_s", "duration_s"}
    assert (own - {"span"}) | spans | set(DETAILS) == set(EPISODE_COLUMNS)


def test_other_comments_are_left_alone_and_broken_ones_are_named():
    assert read_details("she laughed; not sure", "row 2") == {}
    assert read_details("", "row 2") == {}
    told = read_details("contractions=3; reasons=a; confidence=0.5 was said", "row 2")
    assert told["reasons"] == ("a", "confidence=0.5 was said")
    assert "confidence" not in told
    with pytest.raises(BadTruthFile, match=r"row 2, confidence .* got 'high'"):
        read_details("confidence=high", "row 2")


# --- BORIS ------------------------------------------------------------------


def test_the_columns_of_boris(make_coding: MakeCoding):
    """As BORIS 8.27 and 10.0 name them; `test_real_boris` compares with BORIS."""
    header = aggregated_events([make_coding()]).splitlines()[0]
    assert tuple(header.split(",")) == AGGREGATED_COLUMNS
    assert header.startswith("Observation id,Observation date,Description,")
    assert ",Start (s),Stop (s),Duration (s),Media file name," in header
    header = tabular_events([make_coding()]).splitlines()[0]
    assert tuple(header.split(",")) == TABULAR_COLUMNS


def test_a_project_is_coherent(make_coding: MakeCoding):
    """Codes, subjects and modifiers that are used are defined; film has its length."""
    document = json.loads(project("study", [make_coding()]))
    behaviors = {b["code"]: b for b in document["behaviors_conf"].values()}
    subjects = {s["name"] for s in document["subjects_conf"].values()} | {""}
    observation = document["observations"]["visit 1"]
    times = [event[0] for event in observation["events"]]
    assert times == sorted(times)
    for _, subject, code, modifier, *_ in observation["events"]:
        assert subject in subjects
        sets = behaviors[code]["modifiers"]
        chosen = modifier.split("|") if modifier else []
        assert len(chosen) == len(sets)
        for place, word in enumerate(chosen):
            assert set(word.split(",")) <= {*sets[str(place)]["values"], "None"}
    (film,) = observation["file"]["1"]
    assert film == "Übung 1.mp4"
    assert observation["media_info"]["length"][film] == 300
    assert project("study", [make_coding()]).isascii()


def test_several_recordings_in_one_file(tmp_path: Path, make_coding: MakeCoding):
    two = [make_coding(1), make_coding(2, name="visit 2", media="b.mp4")]
    for name, text in (
        ("study.boris", project("study", two)),
        ("a.csv", aggregated_events(two)),
        ("t.csv", tabular_events(two)),
    ):
        path = write(tmp_path, name, text)
        for coding in two:
            read = read_truth(path, recording=coding.name).episodes
            assert in_order(read) == in_order(coding.episodes)


def test_names_must_differ_and_be_names(make_coding: MakeCoding):
    for bad in (
        [make_coding(), make_coding()],
        [make_coding(name="")],
        [make_coding(name=" visit")],
    ):
        with pytest.raises(BadTable, match="a name of its own"):
            project("study", bad)


def test_a_compressed_project_is_read(tmp_path: Path, make_coding: MakeCoding):
    path = tmp_path / "study.boris.gz"
    path.write_bytes(gzip.compress(project("study", [make_coding()]).encode()))
    assert len(read_truth(path).episodes) == 80
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(BadTruthFile, match=r"study\.boris\.gz"):
        read_truth(path)


# --- overlaps ---------------------------------------------------------------


def overlapping(make_coding: MakeCoding) -> Coding:
    burst = make_coding().episodes[0]
    spans = (Interval(start_s=1.0, end_s=3.0), Interval(start_s=2.0, end_s=4.0))
    return make_coding(episodes=tuple(replace(burst, span=s) for s in spans))


@pytest.mark.parametrize("name", ["study.boris", "tabular.csv", "visit 1.eaf"])
def test_overlapping_bursts_are_refused_where_they_would_be_mixed_up(
    make_coding: MakeCoding, name: str
):
    with pytest.raises(BadTable, match=r"2\.000 to 4\.000 s that begins before"):
        WRITERS[name](overlapping(make_coding))


@pytest.mark.parametrize("name", ["aggregated.csv", "visit 1.txt"])
def test_tables_of_spans_can_hold_overlaps(
    tmp_path: Path, make_coding: MakeCoding, name: str
):
    coding = overlapping(make_coding)
    read = read_truth(write(tmp_path, name, WRITERS[name](coding))).episodes
    assert str(read) == str(coding.episodes)


@pytest.mark.parametrize("name", WRITERS)
def test_overlapping_blinks_are_all_kept(
    tmp_path: Path, make_coding: MakeCoding, name: str
):
    blink = make_coding().blinks[0]
    spans = [(1.0, 2.0), (1.5, 1.75), (1.6, 2.5), (2.0, 2.1)]
    blinks = tuple(replace(blink, span=Interval(start_s=a, end_s=b)) for a, b in spans)
    coding = make_coding(blinks=blinks)
    others = read_truth(write(tmp_path, name, WRITERS[name](coding))).others
    assert {other.event for other in others} == {"blink"}
    found = sorted((other.span.start_s, other.span.end_s) for other in others)
    assert found == spans


def test_a_burst_of_no_length_is_refused(make_coding: MakeCoding):
    burst = make_coding().episodes[0]
    short = replace(burst, span=Interval(start_s=1.0, end_s=1.0001))
    with pytest.raises(BadTable, match="at least 1 ms"):
        eaf(make_coding(episodes=(short,)))


# --- ELAN -------------------------------------------------------------------

ORDER = ["HEADER", "TIME_ORDER", "TIER", "LINGUISTIC_TYPE", "CONSTRAINT"]
"""Order of elements in EAF 3.0, of those that are written."""


def test_the_structure_of_a_document(make_coding: MakeCoding):
    """What the EAF 3.0 schema demands: order, unique names, references that resolve."""
    when = datetime(2026, 3, 2, tzinfo=UTC)
    root = ET.fromstring(eaf(make_coding(), when))  # noqa: S314 - our own
    assert root.tag == "ANNOTATION_DOCUMENT"
    assert root.attrib["FORMAT"] == root.attrib["VERSION"] == "3.0"
    assert root.attrib["DATE"] == "2026-03-02T00:00:00+00:00"
    places = [ORDER.index(child.tag) for child in root]
    assert places == sorted(places)
    slots = {s.attrib["TIME_SLOT_ID"]: s for s in root.iter("TIME_SLOT")}
    assert len(slots) == len(list(root.iter("TIME_SLOT")))
    times = [int(s.attrib["TIME_VALUE"]) for s in slots.values()]
    assert times == sorted(times)
    types = {t.attrib["LINGUISTIC_TYPE_ID"]: t for t in root.iter("LINGUISTIC_TYPE")}
    stereotypes = {c.attrib["STEREOTYPE"] for c in root.iter("CONSTRAINT")}
    constraints = {t.get("CONSTRAINTS") for t in types.values()} - {None}
    assert constraints == stereotypes
    tiers = {t.attrib["TIER_ID"]: t for t in root.iter("TIER")}
    assert len(tiers) == len(list(root.iter("TIER")))
    for tier in tiers.values():
        assert tier.attrib["LINGUISTIC_TYPE_REF"] in types
        kind = types[tier.attrib["LINGUISTIC_TYPE_REF"]]
        assert (tier.get("PARENT_REF") in tiers) == ("CONSTRAINTS" in kind.attrib)


def test_annotations_lie_where_their_tier_lets_them(make_coding: MakeCoding):
    root = ET.fromstring(eaf(make_coding()))  # noqa: S314 - our own
    slots = {s.get("TIME_SLOT_ID"): int(s.get("TIME_VALUE", "")) for s in root[1]}
    tiers = {t.attrib["TIER_ID"]: t for t in root.iter("TIER")}
    spans = {
        name: [
            (slots[a.get("TIME_SLOT_REF1")], slots[a.get("TIME_SLOT_REF2")])
            for a in tier.iter("ALIGNABLE_ANNOTATION")
        ]
        for name, tier in tiers.items()
    }
    used = [
        a.get(f"TIME_SLOT_REF{end}")
        for a in root.iter("ALIGNABLE_ANNOTATION")
        for end in (1, 2)
    ]
    assert sorted(used) == sorted(slots)
    for name, found in spans.items():
        assert all(end <= start for (_, end), (start, _) in pairwise(found)), name
        above = tiers[name].get("PARENT_REF")
        if above:
            assert set(found) <= set(spans[above])
    names = [a.get("ANNOTATION_ID") for kind in NOTES for a in root.iter(kind)]
    assert len(names) == len(set(names))
    for note in root.iter("REF_ANNOTATION"):
        assert note.get("ANNOTATION_REF") in names


NOTES = ("ALIGNABLE_ANNOTATION", "REF_ANNOTATION")


def test_one_tier_for_each_side_and_region_and_for_the_kind(make_coding: MakeCoding):
    """They are there without events too, so that a person can code on them."""
    root = ET.fromstring(eaf(make_coding(episodes=(), blinks=())))  # noqa: S314 - our own
    names = {tier.attrib["TIER_ID"] for tier in root.iter("TIER")}
    for side in SIDES:
        assert {f"{side} bursts", f"{side} details"} <= names
        assert {f"{side} {r.replace('_', ' ')}" for r in REGIONS} <= names


def test_control_characters_do_not_break_the_document(
    tmp_path: Path, make_coding: MakeCoding
):
    coding = make_coding(media="a\x07<&b.mp4", name="a\x00b", description='"\x1b"')
    path = write(tmp_path, "v.eaf", eaf(coding))
    assert len(read_truth(path).episodes) == 80


def test_what_a_person_adds_in_elan_counts(tmp_path: Path, make_coding: MakeCoding):
    """A burst drawn on the tier of a region alone is a burst; a moved one is read."""
    burst = replace(make_coding().episodes[0], side=Side.LEFT)
    burst = replace(burst, span=Interval(start_s=1.0, end_s=2.0))
    text = tabbed(make_coding(episodes=(burst,), blinks=()))
    text += "left cheek\t5.000\t6.000\t1.000\tburst\n"
    text += "right bursts\t7.000\t8.000\t1.000\ttonic\n"
    read = read_truth(write(tmp_path, "t.txt", text)).episodes
    assert str(read[0]) == str(burst)
    assert (read[1].side, read[1].regions) == (Side.LEFT, (Region.CHEEK,))
    assert (read[2].side, read[2].kind) == (Side.RIGHT, EpisodeKind.TONIC)
    assert read[2].origin is Origin.HUMAN


def test_tabs_without_a_header_are_put_together_too(
    tmp_path: Path, make_coding: MakeCoding
):
    coding = make_coding()
    bare = "".join(tabbed(coding).splitlines(keepends=True)[1:])
    read = read_truth(write(tmp_path, "t.txt", bare)).episodes
    assert in_order(read) == in_order(coding.episodes)


# --- what cannot be read ----------------------------------------------------


@pytest.mark.parametrize(
    ("name", "column", "message"),
    [
        ("aggregated.csv", "Stop (s)", r"line 1: looks like BORIS agg.* 'stop \(s\)'"),
        ("aggregated.csv", "Behavior", "line 1: looks like BORIS .* 'behavior'"),
        ("tabular.csv", "Time", "line 1: looks like BORIS tabular .* 'time'"),
        ("tabular.csv", "Behavior type", "looks like BORIS tab.* 'behavior type'"),
        ("visit 1.txt", "End Time - ss.msec", "looks like an ELAN exp.* 'end time"),
    ],
)
def test_a_missing_column_is_named(
    tmp_path: Path, make_coding: MakeCoding, name: str, column: str, message: str
):
    delimiter = "\t" if name.endswith("txt") else ","
    table = list(
        csv.reader(WRITERS[name](make_coding()).splitlines(), delimiter=delimiter)
    )
    drop = {column} | ({"Duration - ss.msec"} if delimiter == "\t" else set())
    keep = [place for place, cell in enumerate(table[0]) if cell not in drop]
    text = "\n".join(delimiter.join(f'"{row[p]}"' for p in keep) for row in table)
    with pytest.raises(BadTruthFile, match=message):
        read_truth(write(tmp_path, name, text))


def test_a_bad_cell_is_named_with_file_and_line(
    tmp_path: Path, make_coding: MakeCoding
):
    text = aggregated_events([make_coding()])
    broken = re.sub(r"confidence=[\d.]+", "confidence=much", text, count=1)
    with pytest.raises(BadTruthFile, match=r"a\.csv, line \d+, confidence .* 'much'"):
        read_truth(write(tmp_path, "a.csv", broken))


# --- from a folder ----------------------------------------------------------


def test_the_folder_that_an_analysis_leaves(tmp_path: Path, session: Session):
    folder = tmp_path / "monday"
    folder.mkdir()
    write_tables(folder, session)
    coding = from_folder(folder)
    assert (coding.name, coding.media) == ("monday", "face.mp4")
    assert coding.recorded_s == pytest.approx(10.0)
    assert len(coding.episodes) == 2
    assert len(coding.blinks) == 1
    path = write(tmp_path, "m.boris", project("one", [coding]))
    assert str(read_truth(path).episodes) == str(coding.episodes)


@pytest.mark.parametrize("name", ["summary.json", "episodes.csv", "blinks.csv"])
def test_a_folder_that_lacks_a_file(tmp_path: Path, session: Session, name: str):
    write_tables(tmp_path, session)
    (tmp_path / name).unlink()
    with pytest.raises(BadTruthFile, match=re.escape(name)):
        from_folder(tmp_path)


@pytest.mark.parametrize("name", WRITERS)
def test_a_damaged_file_is_read_or_refused_by_name(
    tmp_path: Path, make_coding: MakeCoding, name: str
):
    """Cut anywhere, or with any characters exchanged: never another error."""
    text = WRITERS[name](make_coding(count=4))
    rng = np.random.default_rng(11)
    refused = 0
    for turn in range(60):
        place = int(rng.integers(len(text)))
        odd = "\x00,;|\"'<>{}[]=9-e\t\n\u2028é"[int(rng.integers(19))]
        broken = text[:place] if turn % 2 else text[:place] + odd + text[place + 1 :]
        try:
            read_truth(write(tmp_path, name, broken))
        except BadTruthFile:
            refused += 1
    assert refused > 0
