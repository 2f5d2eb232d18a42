"""What goes out tells the movement, and neither who nor when."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from twitch_tracker.exchange.deidentified import (
    TABLES,
    draw_shift,
    write_deidentified,
)
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.exchange.saved_signals import read_signals
from twitch_tracker.exchange.saved_summary import open_summary
from twitch_tracker.exchange.tables import read_blinks, read_episodes
from twitch_tracker.records import Session

SECRETS = ("Anna Muster", "ab" * 32, "1990-02-03", "her doctor said")


@pytest.fixture
def folders(session: Session, tmp_path: Path) -> tuple[Path, Path]:
    """A recording that says who it is in every place that it can, and an empty one."""
    video = replace(session.video, name=f"{SECRETS[0]} {SECRETS[2]}.mp4")
    reasons = ("not_sure_enough(0.57,0.60)", SECRETS[3])
    episodes = tuple(replace(one, reasons=reasons) for one in session.episodes)
    parameters = {**session.parameters, "known_face": {"left": [SECRETS[0]]}}
    told = replace(session, video=video, episodes=episodes, parameters=parameters)
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    write_tables(source, told)
    return source, target


def test_nothing_tells_who_it_is(folders: tuple[Path, Path]):
    source, target = folders
    before = b"".join((source / name).read_bytes() for name in TABLES)
    write_deidentified(source, target)
    after = b"".join((target / name).read_bytes() for name in TABLES)
    for secret in SECRETS:
        assert secret.encode() in before
        assert secret.encode() not in after
    assert sorted(path.name for path in target.iterdir()) == sorted(TABLES)


def test_what_this_program_does_not_know_goes_too(folders: tuple[Path, Path]):
    """Another program, or a person, may have written anything there."""
    source, target = folders
    document = json.loads((source / TABLES[3]).read_text(encoding="utf-8"))
    document["patient"] = "musterfrau"
    document["video"]["made_at"] = "1990-02-03"
    document["video"]["said"] = ["one_of_films(2,3)", "Film of Anna"]
    document["tracker"]["name"] = "Anna's own tracker"
    document["parameters"]["comment"] = "for Dr. Muster"
    document["parameters"]["filmed"] = "1990-02-03"
    document["parameters"]["of"] = {"whom": ["musterfrau"]}
    document["software"]["version"] = "1990-02-03"
    document["sides"]["left"]["Muster says"] = "worse"
    (source / TABLES[3]).write_text(json.dumps(document), encoding="utf-8")
    write_deidentified(source, target)
    told = (target / TABLES[3]).read_text(encoding="utf-8")
    for secret in ("musterfrau", "1990", "Anna", "Muster"):
        assert secret not in told
    assert json.loads(told)["video"]["said"] == ["one_of_films(2,3)", ""]


def test_what_was_added_to_the_signals_goes_too(folders: tuple[Path, Path]):
    source, target = folders
    table = pq.read_table(source / TABLES[2])
    about = {"unit": "s", "whose": "Anna Muster"}
    named = table.schema.field("time_s").with_metadata(about)
    table = table.set_column(0, named, table.column("time_s"))
    names = pa.array(["Anna Muster"] * len(table))
    table = table.append_column("whose", names)
    born = pa.array([19900203.0] * len(table))
    table = table.append_column("Born, Muster", born)
    pq.write_table(table, source / TABLES[2])
    write_deidentified(source, target)
    told = pq.read_schema(target / TABLES[2])
    assert b"Muster" not in (target / TABLES[2]).read_bytes()
    assert told.names == table.schema.names[:-2]
    assert told.field("time_s").metadata == {b"unit": b"s"}


def test_every_number_of_the_movement_stays(folders: tuple[Path, Path]):
    source, target = folders
    write_deidentified(source, target)
    was, now = read_signals(source / TABLES[2]), read_signals(target / TABLES[2])
    for name in ("time_s", "usable", "aperture", "aperture_mm", "pose_deg", "look"):
        np.testing.assert_array_equal(getattr(now, name), getattr(was, name))
    for name, scores in was.scores.items():
        np.testing.assert_array_equal(now.scores[name].values, scores.values)
    assert now.mm_per_interocular == was.mm_per_interocular
    bursts = zip(
        read_episodes(source / TABLES[0]),
        read_episodes(target / TABLES[0]),
        strict=True,
    )
    for before, after in bursts:
        assert repr(replace(before, reasons=after.reasons)) == repr(after)
        assert after.reasons == ("not_sure_enough(0.57,0.60)",)
    blinks = read_blinks(source / TABLES[1]), read_blinks(target / TABLES[1])
    assert repr(blinks[0]) == repr(blinks[1]), "from 3.13 on a NaN is not itself"
    numbers = (open_summary(folder / TABLES[3]).numbers for folder in (source, target))
    assert len({repr(one) for one in numbers}) == 1


def test_the_date_is_shifted_and_the_shift_is_not_told(folders: tuple[Path, Path]):
    source, target = folders
    write_deidentified(
        source, target, recorded_on=date(2026, 5, 1), shift_days=-40, about={"a": 1}
    )
    told = json.loads((target / TABLES[3]).read_text(encoding="utf-8"))
    assert told["recorded_on_shifted"] == "2026-03-22"
    assert told["a"] == 1
    assert "-40" not in json.dumps(told)
    assert "2026-05-01" not in json.dumps(told)
    assert all(-366 < draw_shift() < 0 for _ in range(50))
