"""Truth tables hold bursts and what else happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.tables import read_episodes, write_episodes
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.records import Origin, Session
from twitch_tracker.regions import Side

COLUMNS = "onset_s,offset_s,side,regions,lead_region,kind,event,origin\n"
SPASM = "2,3,right,eyelid;mouth_corner,eyelid,clonic,spasm,simulated\n"
BLINK = "5,5.2,both,eyelid,,,blink,simulated\n"


def test_blinks_and_smiles_are_no_bursts(tmp_path: Path):
    (tmp_path / "t.csv").write_text(COLUMNS + SPASM + BLINK)
    truth = read_truth(tmp_path / "t.csv")
    (burst,) = truth.episodes
    assert burst.side is Side.RIGHT
    assert burst.origin is Origin.SIMULATED
    (other,) = truth.others
    assert (other.event, other.span.start_s, other.span.end_s) == ("blink", 5.0, 5.2)


def test_a_burst_on_both_sides_at_once_has_to_be_two_rows(tmp_path: Path):
    (tmp_path / "t.csv").write_text(COLUMNS + SPASM.replace("right", "both"))
    with pytest.raises(BadTruthFile, match="expected one of left, right, got 'both'"):
        read_truth(tmp_path / "t.csv")


def test_a_log_of_this_program_is_a_truth_without_other_events(
    session: Session, tmp_path: Path
):
    write_episodes(tmp_path / "e.csv", session.episodes)
    truth = read_truth(tmp_path / "e.csv")
    assert [e.span for e in truth.episodes] == [
        e.span for e in read_episodes(tmp_path / "e.csv")
    ]
    assert truth.others == ()
