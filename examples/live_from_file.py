"""Live, with a file in place of the camera: counts while it runs, the log in the end.

    python examples/live_from_file.py [OUT [VIDEO]]

With a camera: `open_camera(0)` of `twitch_tracker.video.camera` as the source.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from twitch_tracker import AnalysisOptions, Frame
from twitch_tracker.face.trackers.catalogue import open_tracker
from twitch_tracker.live.run import Command, LiveRun, make_folder
from twitch_tracker.live.state import LiveState
from twitch_tracker.video.files import open_video

EXAMPLE = Path(__file__).with_name("simulated_spasm.mp4")


class Counter:
    """Prints whenever a burst was counted; a window would draw here."""

    bursts = 0

    def show(self, frame: Frame, state: LiveState | None, *, paused: bool) -> Command:
        """Take the state after every frame, and return whether to go on."""
        found = sum(state.counts.bursts.values()) if state and not paused else 0
        if found > self.bursts:
            self.bursts = found
            print(f"{frame.time_s:6.2f} s: {found} bursts so far")
        return Command.GO_ON


def main(out: Path, video: Path) -> None:
    """Watch a file as if it were filmed now."""
    began = datetime.now(UTC)
    with open_video(video, end_s=25) as source, open_tracker("auto") as tracker:
        run = LiveRun(
            source=source,
            tracker=tracker,
            options=AnalysisOptions(),
            folder=make_folder(out, began),
            started_at=began,
            background=False,  # a file can wait while bursts are looked for
        )
        session, ending = run.work(Counter())
    print(f"{ending}: {len(session.episodes)} bursts in {run.folder}")


if __name__ == "__main__":
    given = [Path(word) for word in sys.argv[1:]]
    main(*(given + [Path("out"), EXAMPLE][len(given) :]))
