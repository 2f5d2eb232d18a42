"""What the terminal says of one recording beside its table."""

from __future__ import annotations

from dataclasses import replace

from twitch_tracker.batch import Job, JobResult, Status
from twitch_tracker.cli.outcome import result_text
from twitch_tracker.exchange.summary import summary_document
from twitch_tracker.records import HardlyOpen
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval


def test_the_terminal_says_what_was_only_partly_seen(session, tmp_path):
    shut = HardlyOpen(span=Interval(start_s=10.0, end_s=100.0), side=Side.LEFT)
    document = summary_document(replace(session, hardly_open=(shut,)))
    job = Job(video=tmp_path / "rest.mp4", folder=tmp_path)

    def notes():
        row = JobResult(job=job, status=Status.DONE, summary=document)
        return [n for n in result_text(row).splitlines() if n.startswith("  note: ")]

    (told,) = notes()
    assert told.startswith("  note: The left eye was hardly ever open (0:10 to 1:40).")
    document["sides"]["right"]["cut_off"] = 2
    assert notes()[0].startswith("  note: 2 bursts were cut off")
    del document["hardly_open"], document["sides"]["right"]["cut_off"]
    assert notes() == [], "an older version did not look"


def test_the_terminal_says_which_regions_were_outside_the_picture(session, tmp_path):
    unseen_s = {Region.MOUTH_CORNER: 12.0}
    whole = replace(
        session, summary=replace(session.summary, regions_unseen_s=unseen_s)
    )
    job = Job(video=tmp_path / "rest.mp4", folder=tmp_path)
    row = JobResult(job=job, status=Status.DONE, summary=summary_document(whole))
    assert "mouth corner for 12.0 s" in result_text(row)
