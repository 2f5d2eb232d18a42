"""A folder of recordings, several at a time, and one table of all of them.

    python examples/folder_to_table.py FOLDER OUT [PROCESSES]

OUT gets a folder for each recording, as `twitch-tracker analyze` leaves it, and
``all.csv`` with one row per recording and side. A recording that cannot be read is
named and left out; the others go on.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from twitch_tracker.batch import Job, Status
from twitch_tracker.exchange.recording_folder import plan_folders
from twitch_tracker.processes import run_in_processes

COLUMNS = ("recording", "side", "analysable_s", "episodes", "episodes_per_min")


def main(folder: Path, out: Path, processes: int) -> None:
    """Analyse every video of a folder."""
    videos = sorted(folder.glob("*.mp4"))
    places = plan_folders(videos, out)
    jobs = [
        Job(video=video, folder=place)
        for video, place in zip(videos, places, strict=True)
    ]
    rows: list[tuple[object, ...]] = []
    for result in run_in_processes(jobs, processes, quiet=True):
        name = result.job.video.name
        if result.status is not Status.DONE or result.summary is None:
            print(f"{name}: {result.error}", file=sys.stderr)
            continue
        seconds = result.summary["analysable_s"]
        rows += [
            (name, side, seconds, found["episodes"], found["episodes_per_min"])
            for side, found in result.summary["sides"].items()
        ]
    with (out / "all.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(sorted(rows))
    print(f"{out / 'all.csv'}: {len(rows)} rows")


# Processes are spawned: what they are to do must stand below this line.
if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int((*sys.argv, "2")[3]))
