"""Make the example recording of this folder: a known face with known spasms.

Renders ``simulated_spasm.mp4``, its truth ``simulated_spasm_truth.csv`` and its
plan ``simulated_spasm_scenario.json`` into the folder of this script (or into
the one given). The portrait is NASA's public-domain picture of Eileen Collins
that comes with scikit-image; every movement in the recording is simulated.

    python examples/render_example.py [FOLDER]

Needs scikit-image (``pip install scikit-image``). Takes a few minutes. The
pictures are the same on every run; the bytes of the file also depend on the
version of the H.264 encoder.
"""

from __future__ import annotations

import sys
from pathlib import Path

from skimage import data

from twitch_tracker.face.trackers.mesh import AttentionMeshTracker
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.simulate.plan.events import BilateralBlink, Smile, Spasm
from twitch_tracker.simulate.plan.scenario import Scenario
from twitch_tracker.simulate.portrait import Portrait, crop_to_face
from twitch_tracker.simulate.render import render

EYE = (Region.EYELID,)
HALF_FACE = (Region.EYELID, Region.MOUTH_CORNER, Region.CHEEK)
WITH_BROW = (*HALF_FACE, Region.BROW)

SCENARIO = Scenario(
    duration_s=45.0,
    fps=30.0,
    seed=20,
    events=(
        BilateralBlink(onset_s=2.6, duration_s=0.28),
        Spasm(
            onset_s=6.2,
            offset_s=7.9,
            side=Side.RIGHT,
            regions=HALF_FACE,
            kind=EpisodeKind.CLONIC,
            closure=0.75,
            excursion_mm=3.5,
            rate_hz=4.0,
            contraction_s=0.14,
            lag_s=0.005,
        ),
        BilateralBlink(onset_s=9.6, duration_s=0.26, inequality=0.02),
        Spasm(
            onset_s=11.8,
            offset_s=12.9,
            side=Side.RIGHT,
            regions=EYE,
            kind=EpisodeKind.CLONIC,
            closure=0.55,
            rate_hz=5.0,
            contraction_s=0.12,
        ),
        BilateralBlink(onset_s=14.7, duration_s=0.3),
        Smile(onset_s=16.2, offset_s=18.9, amount_mm=3.5, inequality=0.04),
        BilateralBlink(onset_s=20.4, duration_s=0.22, depth=0.55, inequality=0.04),
        Spasm(
            onset_s=22.0,
            offset_s=26.0,
            side=Side.RIGHT,
            regions=WITH_BROW,
            kind=EpisodeKind.TONIC,
            closure=0.9,
            excursion_mm=4.5,
            lag_s=0.006,
        ),
        BilateralBlink(onset_s=27.7, duration_s=0.28, inequality=-0.02),
        Spasm(
            onset_s=29.3,
            offset_s=30.6,
            side=Side.RIGHT,
            regions=HALF_FACE,
            kind=EpisodeKind.CLONIC,
            closure=0.6,
            excursion_mm=2.5,
            rate_hz=6.0,
            contraction_s=0.1,
            lag_s=0.004,
        ),
        BilateralBlink(onset_s=32.3, duration_s=0.3),
        Spasm(
            onset_s=34.0,
            offset_s=36.4,
            side=Side.RIGHT,
            regions=HALF_FACE,
            kind=EpisodeKind.MIXED,
            closure=0.85,
            excursion_mm=4.0,
            rate_hz=3.0,
            contraction_s=0.15,
            lag_s=0.005,
        ),
        BilateralBlink(onset_s=37.6, duration_s=0.27),
        Spasm(
            onset_s=38.8,
            offset_s=39.6,
            side=Side.RIGHT,
            regions=HALF_FACE,
            kind=EpisodeKind.CLONIC,
            closure=0.7,
            excursion_mm=3.0,
            rate_hz=4.5,
            contraction_s=0.12,
            lag_s=0.005,
        ),
        BilateralBlink(onset_s=41.9, duration_s=0.28, inequality=0.01),
    ),
)


def main(folder: Path) -> None:
    """Render the example into a folder."""
    with AttentionMeshTracker() as tracker:
        still = crop_to_face(
            data.astronaut(), tracker, size_px=640, interocular_px=150.0
        )
        portrait = Portrait.from_still(still, tracker)
    target = folder / "simulated_spasm.mp4"
    rows = render(SCENARIO, portrait, target, crf=18)
    for row in rows:
        print(f"{row.onset_s:7.2f} s  {row.duration_s:5.2f} s  {row.event} {row.side}")
    print(f"{target}: {target.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
