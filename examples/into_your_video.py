"""Put known bursts into a video of your own face, and see whether they are found.

    python examples/into_your_video.py [VIDEO [OUT]]

OUT gets ``simulated.mp4``, ``truth.csv`` and ``scenario.json``. Film yourself for half a
minute, calm, from the front; what is put in is on your left side only.
"""

from __future__ import annotations

import sys
from pathlib import Path

from twitch_tracker import EpisodeKind, Region, Side, analyze
from twitch_tracker.simulate.job import VIDEO_FILE, Request, film
from twitch_tracker.simulate.plan.events import Spasm
from twitch_tracker.simulate.plan.scenario import Scenario

EXAMPLE = Path(__file__).with_name("simulated_spasm.mp4")
EYE_AND_MOUTH = (Region.EYELID, Region.MOUTH_CORNER)

PLAN = Scenario(
    duration_s=12.0,
    fps=30.0,
    events=(
        Spasm(onset_s=3.2, offset_s=4.4, side=Side.LEFT, closure=0.8),
        Spasm(
            onset_s=8.6,
            offset_s=11.0,
            side=Side.LEFT,
            regions=EYE_AND_MOUTH,
            kind=EpisodeKind.TONIC,
            closure=0.9,
        ),
    ),
)


def main(video: Path, out: Path) -> None:
    """Simulate, analyse, and print what was put in beside what was found."""
    out.mkdir(parents=True, exist_ok=True)
    for row in film(Request(face=video, plan=PLAN), out):
        print(f"put in {row.onset_s:5.2f} to {row.offset_s:5.2f} s  {row.side}")
    for burst in analyze(out / VIDEO_FILE).episodes:
        print(
            f"found  {burst.span.start_s:5.2f} to {burst.span.end_s:5.2f} s  {burst.side}"
        )


if __name__ == "__main__":
    given = [Path(word) for word in sys.argv[1:]]
    main(*(given + [EXAMPLE, Path("out/simulated")][len(given) :]))
