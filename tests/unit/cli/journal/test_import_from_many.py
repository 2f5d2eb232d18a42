"""`import` and `evaluate` of one recording's bursts from a table of many recordings."""

from __future__ import annotations

from pathlib import Path

import pytest
from coded_films import BURSTS, FILM, CodedJournal, all_found, moved

from twitch_tracker.exchange.tables import write_episodes
from twitch_tracker.records import Episode


def of_many(path: Path, films: dict[str, tuple[Episode, ...]]) -> Path:
    """A table as `batch` writes it of all recordings: one folder and film each."""
    folder = path.parent / "one"
    folder.mkdir(exist_ok=True)
    lines: list[str] = []
    for name, bursts in films.items():
        write_episodes(folder / "e.csv", bursts)
        head, *rows = (folder / "e.csv").read_text().splitlines()
        lines = lines or [f"recording,file,{head}"]
        lines += [f"{Path(name).stem},{name},{row}" for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_only_the_bursts_of_this_recording_are_taken_from_a_table_of_many(
    journal: CodedJournal, log: Path, tmp_path: Path
):
    """Those of all would be as many false alarms, or bursts, too many."""
    both = {"b.mp4": moved(-1.0), FILM: BURSTS}
    path = of_many(tmp_path / "all_bursts.csv", both)
    assert all_found(log, path)
    done = journal.take(path)
    assert done.exit_code == 0, done.output
    assert "6 confirmed, 0 changed, 0 rejected, 0 added" in done.stdout


@pytest.mark.parametrize("names", [("a.mp4", "b.mp4"), ("b.mp4",)])
def test_a_table_without_this_recording_is_refused(
    journal: CodedJournal, tmp_path: Path, names: tuple[str, ...]
):
    path = of_many(tmp_path / "all.csv", dict.fromkeys(names, BURSTS))
    assert journal.take(path).exit_code == 3
    assert journal.reviewed is None


def test_elan_exports_of_several_documents_are_parted(
    journal: CodedJournal, tmp_path: Path
):
    rows = [
        f"right bursts\t{b.span.start_s}\t{b.span.end_s}\ttonic\t{name}\n"
        for name, bursts in (("b.eaf", moved(-1.0)), ("simulated_spasm.eaf", BURSTS))
        for b in bursts
    ]
    head = "Tier\tBegin Time - ss.msec\tEnd Time - ss.msec\tAnnotation\tFile Name\n"
    path = tmp_path / "all.txt"
    path.write_text(head + "".join(rows))
    done = journal.take(path, "--region", "eyelid")
    assert done.exit_code == 0, done.output
    assert " 0 rejected, 0 added" in done.stdout
    path.write_text(head + "".join(row.replace("simulated", "x") for row in rows))
    assert journal.take(path, "--region", "eyelid").exit_code == 3
