"""Hand coding made with BORIS becomes truth, and what is unclear is refused.

The samples are written by hand after the layouts that BORIS documents.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.coding.coded import noted
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.records import EpisodeKind, Origin
from twitch_tracker.regions import Region, Side

TABULAR = """\
Observation id,Observation date,Description,Observation duration,Observation type,Source,Time offset (s),Media duration (s),FPS,Subject,Behavior,Behavioral category,Modifier #1,Modifier #2,Behavior type,Time,Media file name,Image index,Image file path,Comment
visit1,2024-05-01,,60,Media file(s),player #1:visit1.mp4,0,60.000,30.000,,spasm,,left,eyelid,START,2.5,visit1.mp4,75,NA,
visit1,2024-05-01,,60,Media file(s),player #1:visit1.mp4,0,60.000,30.000,,blink,,None,None,POINT,2.8,visit1.mp4,84,NA,
visit1,2024-05-01,,60,Media file(s),player #1:visit1.mp4,0,60.000,30.000,,spasm,,left,eyelid,STOP,3.25,visit1.mp4,97,NA,
visit1,2024-05-01,,60,Media file(s),player #1:visit1.mp4,0,60.000,30.000,,spasm,,right,cheek,START,10,visit1.mp4,300,NA,
visit1,2024-05-01,,60,Media file(s),player #1:visit1.mp4,0,60.000,30.000,,smile,,None,None,START,11,visit1.mp4,330,NA,
visit1,2024-05-01,,60,Media file(s),player #1:visit1.mp4,0,60.000,30.000,,spasm,,right,cheek,STOP,12,visit1.mp4,360,NA,
visit1,2024-05-01,,60,Media file(s),player #1:visit1.mp4,0,60.000,30.000,,smile,,None,None,STOP,14,visit1.mp4,420,NA,
"""

AGGREGATED = """\
Observation id,Time offset (s),Media duration (s),Subject,Behavior,Behavioral category,Modifier #1,Behavior type,Start (s),Stop (s),Duration (s)
visit1,0.0,60.0,Left,Tonic spasm,,mouth corner,STATE,1.0,4.5,3.5
visit1,0.0,60.0,No focal subject,Blink,,,POINT,6.0,NA,NA
"""


def write(folder: Path, text: str, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def project(**changes: object) -> dict[str, object]:
    observation = {
        "type": "MEDIA",
        "time offset": 0.0,
        "file": {"1": ["films/visit1.mp4"]},
        "media_info": {"length": {"films/visit1.mp4": 60.0}},
        "events": [
            [2.5, "", "spasm", "left|eyelid", "", 75],
            [2.8, "", "blink", "", "", 84],
            [3.25, "", "spasm", "left|eyelid", "", 97],
        ],
        **changes,
    }
    return {
        "behaviors_conf": {
            "0": {"code": "spasm", "type": "State event"},
            "1": {"code": "blink", "type": "Point event"},
        },
        "observations": {"visit1": observation},
    }


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("heading", ["", "Some preamble\n\n"])
def test_tabular_events(tmp_path: Path, delimiter: str, heading: str):
    text = heading + TABULAR.replace(",", delimiter)
    truth = read_truth(write(tmp_path, text))
    left, right = truth.episodes
    assert (left.span.start_s, left.span.end_s) == (2.5, 3.25)
    assert (left.side, left.regions) == (Side.LEFT, (Region.EYELID,))
    assert (right.side, right.regions) == (Side.RIGHT, (Region.CHEEK,))
    assert (right.span.start_s, right.span.end_s) == (10, 12)
    assert [o.event for o in truth.others] == ["blink", "smile"]
    assert truth.others[1].span.duration_s == 3
    assert truth.recorded_s == 60


def test_columns_are_found_by_name_in_any_order_and_case(tmp_path: Path):
    text = "TIME,behavior TYPE,Subject,BEHAVIOR\n1,START,R,spasm\n2,STOP,R,spasm\n"
    (burst,) = read_truth(write(tmp_path, text)).episodes
    assert burst.side is Side.RIGHT
    assert burst.origin is Origin.HUMAN


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_aggregated_events(tmp_path: Path, delimiter: str):
    truth = read_truth(write(tmp_path, AGGREGATED.replace(",", delimiter)))
    (burst,) = truth.episodes
    assert (burst.span.start_s, burst.span.end_s) == (1.0, 4.5)
    assert (burst.side, burst.kind) == (Side.LEFT, EpisodeKind.TONIC)
    assert burst.regions == (Region.MOUTH_CORNER,)
    assert [(o.event, o.span.start_s) for o in truth.others] == [("blink", 6.0)]


def test_what_was_not_coded_is_not_noted(tmp_path: Path):
    (burst,) = read_truth(write(tmp_path, AGGREGATED)).episodes
    assert noted(burst, "kind")
    assert noted(burst, "regions")
    assert not noted(burst, "contractions")
    bare = AGGREGATED.replace("Tonic spasm", "spasm").replace("mouth corner", "")
    (burst,) = read_truth(write(tmp_path, bare)).episodes
    assert not any(noted(burst, what) for what in ("kind", "regions", "lead_region"))


def test_a_project(tmp_path: Path):
    path = write(tmp_path, json.dumps(project()), "study.boris")
    truth = read_truth(path)
    (burst,) = truth.episodes
    assert (burst.span.start_s, burst.span.end_s) == (2.5, 3.25)
    assert (burst.side, burst.regions) == (Side.LEFT, (Region.EYELID,))
    assert [o.event for o in truth.others] == ["blink"]
    assert truth.recorded_s == 60


def test_the_observation_with_the_name_of_the_recording_is_chosen(tmp_path: Path):
    two = project()
    other = {**two["observations"]["visit1"], "events": [], "file": {"1": ["b.mp4"]}}
    two["observations"]["second"] = other
    path = write(tmp_path, json.dumps(two), "study.boris")
    assert len(read_truth(path, "visit1").episodes) == 1
    assert len(read_truth(path, "b").episodes) == 0
    with pytest.raises(BadTruthFile, match=r"one recording, got 2 \(visit1, second\)"):
        read_truth(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",left,eyelid", ",None,eyelid", "line 2: expected one side .* got no side"),
        (",left,eyelid", ",left or right,eyelid", "expected one side .* both sides"),
        (",left,eyelid,START", ",left,eyelid,GO", "START, STOP or POINT, got 'GO'"),
        ("START,2.5", "START,soon", "line 2: expected a time, got 'soon'"),
        (",0,60.000", ",5,60.000", "expected a time offset of 0, got 5"),
        ("spasm,,left", "quiver,,left", "names a side, but not whether it is a burst"),
    ],
)
def test_what_is_unclear_is_refused(tmp_path: Path, old: str, new: str, message: str):
    with pytest.raises(BadTruthFile, match=message):
        read_truth(write(tmp_path, TABULAR.replace(old, new)))


def test_a_start_without_a_stop_is_refused_and_the_other_way_round(tmp_path: Path):
    lines = TABULAR.splitlines(keepends=True)
    with pytest.raises(BadTruthFile, match=r"START at 2\.5 s but no STOP"):
        read_truth(write(tmp_path, "".join([*lines[:3], *lines[4:]])))
    with pytest.raises(BadTruthFile, match=r"STOP at 3\.25 s without a START"):
        read_truth(write(tmp_path, "".join([lines[0], *lines[2:]])))
    odd = project(events=[[2.5, "", "spasm", "left", "", 75]])
    with pytest.raises(BadTruthFile, match=r"START at 2\.5 s but no STOP"):
        read_truth(write(tmp_path, json.dumps(odd), "study.boris"))


def test_a_burst_coded_as_a_point_has_no_length_and_is_refused(tmp_path: Path):
    with pytest.raises(BadTruthFile, match="got a point in time"):
        read_truth(write(tmp_path, "Behavior,Behavior type,Time\nleft spasm,POINT,3\n"))


def test_bursts_of_both_sides_at_once_are_not_mixed_up(tmp_path: Path):
    text = (
        "Subject,Behavior,Modifier #1,Behavior type,Time\n"
        "p1,spasm,left,START,1\np1,spasm,right,START,1.5\n"
        "p1,spasm,left,STOP,2\np1,spasm,right,STOP,4\n"
    )
    ends = {e.side: e.span.end_s for e in read_truth(write(tmp_path, text)).episodes}
    assert ends == {Side.LEFT: 2.0, Side.RIGHT: 4.0}


def test_an_initial_of_a_name_is_no_side(tmp_path: Path):
    text = "Subject,Behavior,Behavior type,Time\nR. Smith,spasm,START,1\n"
    text += "R. Smith,spasm,STOP,2\n"
    with pytest.raises(BadTruthFile, match="got no side"):
        read_truth(write(tmp_path, text))


def test_a_file_of_which_no_code_is_understood_is_not_an_empty_truth(tmp_path: Path):
    text = "Behavior,Behavior type,Start (s),Stop (s)\nZuckung,STATE,1,2\n"
    with pytest.raises(BadTruthFile, match="No code could be understood: zuckung"):
        read_truth(write(tmp_path, text))


def test_a_broken_project_is_named(tmp_path: Path):
    for text in ("{broken", "{}", json.dumps(project(events=[[1]]))):
        with pytest.raises(BadTruthFile, match=r"study\.boris"):
            read_truth(write(tmp_path, text, "study.boris"))


def test_an_unknown_length_is_nan(tmp_path: Path):
    text = "Behavior,Behavior type,Start (s),Stop (s)\nleft spasm,STATE,1,2\n"
    assert math.isnan(read_truth(write(tmp_path, text)).recorded_s)
