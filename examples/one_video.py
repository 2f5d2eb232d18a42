"""One recording: its bursts, its rates with intervals, what could not be measured.

python examples/one_video.py [VIDEO]
"""

from __future__ import annotations

import sys
from pathlib import Path

from twitch_tracker import AnalysisOptions, Session, analyze

EXAMPLE = Path(__file__).with_name("simulated_spasm.mp4")


def show(session: Session) -> None:
    """Print what a recording shows."""
    for burst in session.episodes:
        regions = ", ".join(burst.regions)
        print(
            f"{burst.span.start_s:7.2f} s  {burst.side:5}  {burst.span.duration_s:5.2f} s  "
            f"{burst.kind}  {regions}  confidence {burst.confidence:.2f}"
        )
    summary = session.summary
    print(f"{summary.analysable_s:.1f} of {summary.recorded_s:.1f} s could be measured")
    for reason, lasted_s in summary.excluded_s.items():
        print(f"  {lasted_s:.1f} s not, because of {reason}")
    for side, numbers in summary.sides.items():
        print(
            f"{side}: {numbers.episodes_per_min:.1f} bursts a minute "
            f"(95 % interval {numbers.episodes_per_min_low:.1f} to "
            f"{numbers.episodes_per_min_high:.1f})"
        )


if __name__ == "__main__":
    video = Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLE
    show(analyze(video, AnalysisOptions(end_s=30)))
