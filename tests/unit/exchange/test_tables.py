"""Bursts and blinks go to CSV and come back the same."""

from __future__ import annotations

import csv
import dataclasses
import math
from pathlib import Path

import pytest

from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.tables import (
    BLINK_COLUMNS,
    EPISODE_COLUMNS,
    read_blinks,
    read_episodes,
    write_blinks,
    write_episodes,
)
from twitch_tracker.records import Episode, EpisodeKind, Origin, Session
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval

CONTRACT = [
    "onset_s",
    "offset_s",
    "duration_s",
    "side",
    "regions",
    "lead_region",
    "kind",
    "contractions",
    "rate_hz",
    "peak_score",
    "excursion_mm",
    "asymmetry",
    "lag_s",
    "confidence",
    "reasons",
]

GOOD = {
    "onset_s": "1.0",
    "offset_s": "2.0",
    "side": "left",
    "regions": "eyelid",
    "lead_region": "eyelid",
    "kind": "tonic",
}


def same(one: object, two: object) -> bool:
    """Compare two records, NaN being equal to NaN, times to the millisecond."""
    for field in dataclasses.fields(one):  # type: ignore[arg-type]
        a, b = getattr(one, field.name), getattr(two, field.name)
        if field.name == "span":
            if abs(a.start_s - b.start_s) > 5e-4 or abs(a.end_s - b.end_s) > 5e-4:
                return False
        elif isinstance(a, float) and math.isnan(a):
            if not math.isnan(b):
                return False
        elif a != b:
            return False
    return True


@pytest.fixture
def table(tmp_path: Path):
    """Write a table of one row, changed as asked, and return its path."""

    def write(**changes: str | None) -> Path:
        row = {**GOOD, **changes}
        row = {name: cell for name, cell in row.items() if cell is not None}
        path = tmp_path / "truth.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(row))
            writer.writeheader()
            writer.writerow(row)
        return path

    return write


def test_the_columns_of_the_contract_come_first_and_in_order():
    assert list(EPISODE_COLUMNS[: len(CONTRACT)]) == CONTRACT


def test_bursts_come_back_as_they_were(session: Session, tmp_path: Path):
    write_episodes(tmp_path / "e.csv", session.episodes)
    back = read_episodes(tmp_path / "e.csv")
    assert len(back) == 2
    assert all(same(a, b) for a, b in zip(session.episodes, back, strict=True))


def test_blinks_come_back_as_they_were(session: Session, tmp_path: Path):
    write_blinks(tmp_path / "b.csv", session.blinks)
    back = read_blinks(tmp_path / "b.csv")
    assert len(back) == 1
    assert all(same(a, b) for a, b in zip(session.blinks, back, strict=True))


def test_no_bursts_is_a_table_with_a_header_only(tmp_path: Path):
    write_episodes(tmp_path / "e.csv", ())
    write_blinks(tmp_path / "b.csv", ())
    assert (tmp_path / "e.csv").read_text().splitlines() == [",".join(EPISODE_COLUMNS)]
    assert (tmp_path / "b.csv").read_text().splitlines() == [",".join(BLINK_COLUMNS)]
    assert read_episodes(tmp_path / "e.csv") == ()


def test_cells_read_as_documented(session: Session, tmp_path: Path):
    """Times to the millisecond, lists by semicolon, not measured is empty."""
    write_episodes(tmp_path / "e.csv", session.episodes)
    with (tmp_path / "e.csv").open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert first["onset_s"] == "1.033"
    assert first["duration_s"] == "0.767"
    assert first["regions"] == "eyelid;mouth_corner"
    assert first["brow_lift"] == "yes"
    assert second["rate_hz"] == second["excursion_mm"] == second["lag_s"] == ""
    assert second["reasons"] == ""


def test_a_negative_lag_keeps_its_sign_and_minus_zero_loses_it(
    session: Session, tmp_path: Path
):
    made = [
        dataclasses.replace(session.episodes[0], lag_s=lag) for lag in (-0.1, -1e-6)
    ]
    write_episodes(tmp_path / "e.csv", made)
    with (tmp_path / "e.csv").open(encoding="utf-8", newline="") as file:
        assert [row["lag_s"] for row in csv.DictReader(file)] == ["-0.100", "0.000"]


def test_a_separator_or_line_end_inside_a_reason_does_not_split_it(
    session: Session, tmp_path: Path
):
    said = ("lid; and mouth,\ncorner", 'they said "twitch"', "größer als üblich")
    made = dataclasses.replace(session.episodes[0], reasons=said)
    write_episodes(tmp_path / "e.csv", [made])
    assert read_episodes(tmp_path / "e.csv")[0].reasons == (
        "lid, and mouth, corner",
        'they said "twitch"',
        "größer als üblich",
    )


def test_a_truth_table_needs_only_the_required_columns(table):
    (burst,) = read_episodes(table())
    assert burst.side is Side.LEFT
    assert burst.regions == (Region.EYELID,)
    assert math.isnan(burst.peak_score)
    assert burst.origin is Origin.DETECTED


def test_regions_come_in_the_order_of_the_face_and_once(table):
    (burst,) = read_episodes(table(regions="cheek; eyelid;cheek"))
    assert burst.regions == (Region.EYELID, Region.CHEEK)


def test_a_byte_order_mark_from_a_spreadsheet_is_read(table):
    path = table()
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_episodes(path)) == 1


@pytest.mark.parametrize("column", GOOD)
def test_a_missing_column_is_named(table, column: str):
    with pytest.raises(BadTruthFile, match=f"missing {column}"):
        read_episodes(table(**{column: None}))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"side": "port"}, "line 2, column side: expected one of left, right"),
        ({"regions": "eyelid;nose"}, "column regions: expected one of eyelid"),
        ({"regions": ""}, "column regions"),
        ({"lead_region": "nose"}, "column lead_region"),
        ({"kind": "jerky"}, "expected one of clonic, tonic, mixed, got 'jerky'"),
        ({"onset_s": ""}, "column onset_s: expected a number"),
        ({"onset_s": "1,5"}, "column onset_s: expected a number"),
        ({"onset_s": "nan"}, "column onset_s: expected a finite number"),
        ({"offset_s": "0.5"}, "column offset_s: expected a time not before onset_s"),
        ({"contractions": "0"}, "column contractions"),
        ({"contractions": "2.5"}, "column contractions"),
        ({"brow_lift": "maybe"}, "column brow_lift: expected yes or no"),
        ({"origin": "guessed"}, "column origin"),
        ({"review": "perhaps"}, "column review"),
        ({"rate_hz": "inf"}, "column rate_hz"),
    ],
)
def test_a_bad_cell_is_named(table, changes: dict[str, str], words: str):
    with pytest.raises(BadTruthFile, match=words):
        read_episodes(table(**changes))


def test_semicolons_between_columns_are_recognised(tmp_path: Path):
    path = tmp_path / "e.csv"
    path.write_text("onset_s;offset_s;side\n1;2;left\n")
    with pytest.raises(BadTruthFile, match="commas, not semicolons"):
        read_episodes(path)


def test_a_row_with_too_many_cells_is_refused(table):
    path = table()
    path.write_text(path.read_text().rstrip() + ",surplus\n")
    with pytest.raises(BadTruthFile, match="surplus"):
        read_episodes(path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00garbage"])
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "e.csv").write_bytes(content)
    with pytest.raises(BadTruthFile):
        read_episodes(tmp_path / "e.csv")


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(BadTruthFile, match=r"nowhere\.csv"):
        read_episodes(tmp_path / "nowhere.csv")


def test_cut_off_and_bilateral_survive(session: Session, tmp_path: Path):
    first, second = session.episodes
    made = (
        dataclasses.replace(first, onset_cut=True, bilateral=True),
        dataclasses.replace(second, offset_cut=True),
    )
    write_episodes(tmp_path / "e.csv", made)
    assert all(map(same, made, read_episodes(tmp_path / "e.csv")))


@pytest.mark.parametrize("cell", [None, ""])
def test_where_nobody_says_that_it_was_cut_off_it_was_not(table, cell):
    names = ("onset_cut", "offset_cut", "bilateral")
    (burst,) = read_episodes(table(**dict.fromkeys(names, cell)))
    assert not any(getattr(burst, name) for name in names)


# --- what pictures were too slow for ------------------------------------------

TOO_SLOW = [
    (None, None, "too_slow_for_kind(10.0,14)"),
    (EpisodeKind.CLONIC, None, "too_slow_for_contractions(15.0,22)"),
    (EpisodeKind.TONIC, 1, ""),
]


@pytest.mark.parametrize(("kind", "contractions", "why"), TOO_SLOW)
def test_what_was_left_open_is_empty_and_comes_back_open(
    tmp_path, kind, contractions, why
):
    burst = Episode(
        span=Interval(start_s=1.0, end_s=2.0),
        side=Side.RIGHT,
        regions=(Region.EYELID,),
        lead_region=Region.EYELID,
        kind=kind,
        contractions=contractions,
        reasons=("moved(right,eyelid)", *([why] if why else [])),
    )
    path = tmp_path / "episodes.csv"
    write_episodes(path, [burst])
    assert "None" not in path.read_text(encoding="utf-8")
    (back,) = read_episodes(path)
    assert (back.kind, back.contractions) == (kind, contractions)
    assert back.reasons == burst.reasons


def test_a_coder_who_counted_nothing_still_means_one(tmp_path):
    path = tmp_path / "truth.csv"
    path.write_text(
        "onset_s,offset_s,side,regions,lead_region,kind,contractions\n"
        "1,2,left,eyelid,eyelid,clonic,\n",
        encoding="utf-8",
    )
    assert read_episodes(path)[0].contractions == 1
    path.write_text(
        "onset_s,offset_s,side,regions,lead_region,kind\n1,2,left,eyelid,eyelid,\n",
        encoding="utf-8",
    )
    with pytest.raises(BadTruthFile, match="kind"):
        read_episodes(path)
