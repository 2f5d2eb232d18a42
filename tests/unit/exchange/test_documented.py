"""The pages in docs/ say what the files really hold."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from twitch_tracker.exchange.saved_signals import read_signals
from twitch_tracker.exchange.signals import write_signals
from twitch_tracker.exchange.staging import OWN_FILES
from twitch_tracker.exchange.summary import summary_document
from twitch_tracker.exchange.tables import BLINK_COLUMNS, EPISODE_COLUMNS
from twitch_tracker.records import QualityReason, Session
from twitch_tracker.regions import REGIONS, SIDES
from twitch_tracker.report.overview_tables import RECORDING_COLUMNS

DOCS = Path(__file__).parents[3] / "docs"
FREE_FORM = {"parameters", "excluded_s", "regions_unseen_s"}


def documented(section: str) -> list[str]:
    """First cells of the table in one section of docs/files.md."""
    text = (DOCS / "files.md").read_text(encoding="utf-8")
    body = re.split(r"^## ", text, flags=re.MULTILINE)
    (part,) = [p for p in body if p.startswith(section + "\n")]
    return re.findall(r"^\| `([^`]+)`", part, flags=re.MULTILINE)


def expanded(names: list[str]) -> list[str]:
    """Put every side and region where the page writes <side> and <region>."""
    found: list[str] = []
    for name in names:
        for side, region in product(SIDES, REGIONS):
            filled = name.replace("<side>", side).replace("<region>", region)
            if filled not in found:
                found.append(filled)
    return found


def paths(document: Any, prefix: str = "") -> list[str]:
    """All keys of a document, dotted; lists and free-form objects are leaves."""
    if not isinstance(document, dict) or prefix in FREE_FORM:
        return [prefix]
    return [
        path
        for key, value in document.items()
        for path in paths(value, f"{prefix}.{key}" if prefix else key)
    ]


def test_episodes_csv():
    assert documented("episodes.csv") == list(EPISODE_COLUMNS)


def test_all_recordings():
    text = (DOCS / "files.md").read_text(encoding="utf-8")
    part = text.partition("## all_recordings and all_bursts\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    told = [name for row in rows for name in re.findall(r"`([^`]+)`", row)]
    assert set(expanded(told)) == set(RECORDING_COLUMNS)


def test_blinks_csv():
    assert documented("blinks.csv") == list(BLINK_COLUMNS)


def test_signals_parquet(session: Session, tmp_path: Path):
    import pyarrow.parquet as pq

    write_signals(tmp_path / "s.parquet", session)
    written = pq.read_schema(tmp_path / "s.parquet").names
    assert sorted(expanded(documented("signals.parquet"))) == sorted(written)
    assert read_signals(tmp_path / "s.parquet").scores.keys() == {
        "place_io",
        "skin_io",
        "position_io",
        "position_mm",
        "activity_mm_s",
        "one_sided",
    }


def test_summary_json(session: Session):
    assert sorted(expanded(documented("summary.json"))) == sorted(
        paths(summary_document(session))
    )


@pytest.mark.parametrize("key", ["near_misses", "excluded_spans", "subject_events"])
def test_what_is_in_the_lists_of_summary_json(session: Session, key: str):
    text = (DOCS / "files.md").read_text(encoding="utf-8")
    (line,) = [x for x in text.splitlines() if x.startswith(f"| `{key}`")]
    words = set(re.findall(r"`([^`]+)`", line))
    for entry in summary_document(session)[key]:
        assert set(entry) <= words


def test_every_file_has_its_place_in_the_readme():
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z]+\.[a-z0-9]+)`", readme, re.MULTILINE) == [
        "report.html",
        "episodes.csv",
        "blinks.csv",
        "signals.parquet",
        "summary.json",
        "overlay.mp4",
    ]
    for name in OWN_FILES:
        assert f"`{name}`" in readme


def test_every_reason_for_not_measuring_is_explained():
    page = (DOCS / "recording.md").read_text(encoding="utf-8")
    for reason in QualityReason:
        assert f"`{reason}`" in page


def test_every_parameter_named_in_numbers_md_exists():
    from twitch_tracker.episodes.network.decode import DecodeParams
    from twitch_tracker.episodes.network.learned import LearnedDetector
    from twitch_tracker.episodes.params import EpisodeParams

    page = (DOCS / "numbers.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z]+_[a-z_]+)`", page))
    known = set(EpisodeParams.__dataclass_fields__) | set(EPISODE_COLUMNS)
    known |= set(LearnedDetector().parameters()) | {"patch_closure", "hardly_open"}
    assert named - known - set(QualityReason) <= {"parameters"}
    assert {"enter_sd", *DecodeParams.__dataclass_fields__} <= named


def test_the_delay_and_the_constants_told_of_live_counts_are_those_of_the_program():
    from twitch_tracker.live.deciding import (
        BLINK_SETTLE_S,
        JOIN_S,
        LEAST_S,
        SETTLE_S,
        UNDER_WAY_S,
        WINDOW_S,
    )

    page = (DOCS / "live.md").read_text(encoding="utf-8").replace("\n", " ")
    assert (SETTLE_S, WINDOW_S, LEAST_S, JOIN_S) == (9.0, 40.0, 8.0, 0.3)
    assert (BLINK_SETTLE_S, UNDER_WAY_S) == (2.0, 2.0)
    assert "a blink is counted when it has ended for two seconds" in page
    assert "on the last 40 seconds" in page
    assert "from the eighth second on" in page
    assert "ended for nine seconds" in page
    assert "closer than 0.3 seconds are joined" in page


def test_the_numbers_of_the_open_eye_and_of_rest_are_those_of_the_program():
    from twitch_tracker.episodes.description.taking_part import LID_LEAST
    from twitch_tracker.episodes.network.burstnet import REACH_S
    from twitch_tracker.episodes.network.conjugate import LONGEST_S
    from twitch_tracker.motion import reference

    page = " ".join((DOCS / "numbers.md").read_text(encoding="utf-8").split())
    for told, value in (
        ("at most {} more closed than it ever does", reference.OPEN_ABOVE_FLOOR),
        ("at most {} more closed than is usual", reference.ABOVE_USUAL),
        ("never beyond {}", reference.OPEN_MOST),
        ("more open than {} was not seen open", reference.FLOOR_MOST),
        ("(c / {})^4", reference.CLOSED_SCALE),
        ("(d / {})^4", reference.UNLIKE_SCALE),
        ("least of that within {} s", reference.NEAR_S),
        ("(u / {})^2", reference.SYMMETRIC_IO),
        ("no longer than a blink ({} s)", LONGEST_S),
    ):
        assert told.format(value) in page, told
    assert reference.OPEN_QUANTILE == 0.6
    assert "60th percentile over the open frames" in page
    assert reference.ALIKE == 0.3
    assert "three tenths of the other eye's" in page
    assert "closed by 12 % or more" in page
    assert LID_LEAST == 0.12
    assert "four seconds to either side" in page
    assert abs(REACH_S - 4.2) < 0.05
