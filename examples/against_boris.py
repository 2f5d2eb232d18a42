"""Judge a log by hand coding from BORIS: found, missed, invented, and by how much off.

    python examples/against_boris.py [LOG CODING]

LOG is a folder that `analyze` left, CODING what BORIS exported (tabular or aggregated
events, or the project). Without them the example recording is analysed, and the hand
coding is `simulated_spasm_boris.csv`, in which one burst was forgotten.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from twitch_tracker import analyze
from twitch_tracker.evaluate.evaluation import evaluate_set
from twitch_tracker.evaluate.reading import read_recording
from twitch_tracker.exchange.recording_folder import write_tables

HERE = Path(__file__).parent
SHOWN = ("sensitivity", "precision", "f1", "onset_median_s", "duration_bias_s")


def judge(log: Path, coding: Path) -> None:
    """Print the figures of one recording."""
    judged = evaluate_set([read_recording(log, coding, name="simulated_spasm")])
    for name, figure in judged.figures.items():
        if name in SHOWN:
            print(f"{name:18} {figure.value:6.3f}   of {figure.n}")
    (score,) = judged.scores
    for burst in score.matching.false_alarms:
        print(f"nobody coded the burst at {burst.span.start_s:.2f} s ({burst.side})")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        judge(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        with TemporaryDirectory() as folder:
            write_tables(Path(folder), analyze(HERE / "simulated_spasm.mp4"))
            judge(Path(folder), HERE / "simulated_spasm_boris.csv")
