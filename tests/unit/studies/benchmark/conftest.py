"""A made-up set: one animated portrait, and recordings scored by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from studies.benchmark.building.faces import FaceVideo, Tier
from studies.benchmark.building.films import Film
from studies.benchmark.building.plan import Version, VersionKind
from studies.benchmark.judging.detectors import DETECTORS, OURS
from studies.benchmark.judging.score import Judged, Scored
from studies.benchmark.judging.weights import ALL_FAMILIES
from twitch_tracker.evaluate.recordings import ScoredRecording
from twitch_tracker.face.trackers.mesh import (
    AttentionMeshTracker,
    attention_mesh_available,
)
from twitch_tracker.motion.eyepatch import CODE_LENGTH
from twitch_tracker.motion.recorder import KEPT_POINTS, RawMotion
from twitch_tracker.networks import shipped_folder
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import (
    EYE_CORNERS,
    LOWER_LID,
    REGIONS,
    SIDES,
    UPPER_LID,
    Region,
    Side,
)
from twitch_tracker.simulate.plan.events import BilateralBlink
from twitch_tracker.simulate.plan.scenario import Scenario
from twitch_tracker.simulate.portrait import Portrait, animate, crop_to_face
from twitch_tracker.timebase import Interval
from twitch_tracker.video.writer import VideoWriter


@pytest.fixture(scope="session")
def tracker() -> Iterator[AttentionMeshTracker]:
    if not attention_mesh_available():
        pytest.skip("this mediapipe does not carry the attention mesh")
    with AttentionMeshTracker() as opened:
        yield opened


@pytest.fixture(scope="session")
def blinking_video(
    tracker: AttentionMeshTracker, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """2.4 s at 15 fps of a face that blinks with both eyes at 1.2 s."""
    data = pytest.importorskip("skimage.data")
    still = crop_to_face(data.astronaut(), tracker, size_px=260, interocular_px=80)
    portrait = Portrait.from_still(still, tracker)
    blink = BilateralBlink(onset_s=1.1, duration_s=0.35)
    plan = Scenario(duration_s=2.4, fps=15, seed=5, events=(blink,))
    path = tmp_path_factory.mktemp("face") / "rest_portrait.mp4"
    with VideoWriter(path, width_px=260, height_px=260, crf=18) as writer:
        for image, time_s in animate(portrait, plan):
            writer.write(image, time_s)
    return path


@pytest.fixture(scope="session")
def eyes() -> Callable[..., RawMotion]:
    """Build raw motion from the aperture of each eye (1 open), at 30 fps."""

    def make(left: np.ndarray, right: np.ndarray) -> RawMotion:
        n = len(left)
        points = np.zeros((n, len(KEPT_POINTS), 3), np.float32)
        for place, aperture in zip(range(2), (left, right), strict=True):
            side = SIDES[place]
            at = 100.0 + 80.0 * place
            outer, inner = (KEPT_POINTS.index(p) for p in EYE_CORNERS[side])
            points[:, outer, 0], points[:, inner, 0] = at, at + 30
            for upper, lower in zip(UPPER_LID[side], LOWER_LID[side], strict=True):
                points[:, KEPT_POINTS.index(upper), 1] = -4.5 * aperture
                points[:, KEPT_POINTS.index(lower), 1] = 4.5 * aperture
        return RawMotion(
            time_s=np.arange(n) / 30,
            points_px=points,
            skin_step_io=np.zeros((n, 2, 3, 2), np.float32),
            eye_codes=np.full((n, 2, CODE_LENGTH), np.nan, np.float16),
            networks=shipped_folder(),
            eye_pictures=None,
            pose_deg=np.zeros((n, 3), np.float32),
            interocular_px=np.full(n, 100, np.float32),
            iris_px=np.full(n, 12, np.float32),
            reasons=((),) * n,
            unseen=np.zeros((n, len(REGIONS)), bool),
        )

    return make


def _burst(start_s: float, end_s: float, side: Side, **values: object) -> Episode:
    base: dict[str, object] = {
        "regions": (Region.EYELID,),
        "lead_region": Region.EYELID,
        "kind": EpisodeKind.CLONIC,
    }
    span = Interval(start_s=start_s, end_s=end_s)
    return Episode(span=span, side=side, **{**base, **values})  # type: ignore[arg-type]


@pytest.fixture
def burst() -> Callable[..., Episode]:
    """Make a burst: start, end, side, and anything else by name."""
    return _burst


@dataclass
class MadeUp:
    """Recordings scored by hand; every detector logged the same.

    As in a real run, only our detector is judged in exams that leave a family out.
    """

    def version(
        self,
        kind: VersionKind = VersionKind.SPASMS,
        *,
        face: str = "a",
        tier: Tier = Tier.REST,
        variant: int = 1,
        traits: tuple[str, ...] = (),
        film: Film = Film.PLAIN,
    ) -> Version:
        video = FaceVideo(
            file=f"{tier.value}_{face}.mp4", face=face, tier=tier, traits=traits
        )
        return Version(video=video, kind=kind, variant=variant, seed=0, film=film)

    def scored(
        self,
        version: Version,
        truth: tuple[Episode, ...],
        logged: tuple[Episode, ...],
        strict: tuple[Episode, ...] | None = None,
        exam: str = ALL_FAMILIES,
        **values: object,
    ) -> Scored:
        def recording(bursts: tuple[Episode, ...]) -> ScoredRecording:
            return ScoredRecording(
                name=version.name,
                face=version.video.face,
                activity=version.video.tier.value,
                truth=truth,
                logged=bursts,
                analysable_s=60.0,
                recorded_s=60.0,
                frame_s=1 / 30,
            )

        judged = Judged(
            lenient=recording(logged),
            strict=recording(logged if strict is None else strict),
            deliberate_logged=0,
            blinks_logged=0,
            ms_per_frame=1.0,
        )
        base: dict[str, object] = {
            "deliberate": 0,
            "blinks": 0,
            "hidden": 0,
            "unmeasured": 0,
            "severities": {},
        }
        return Scored(
            version=version,
            exam=exam,
            judged={
                detector.name: judged
                for detector in (DETECTORS if exam == ALL_FAMILIES else (OURS,))
            },
            **{**base, **values},  # type: ignore[arg-type]
        )


@pytest.fixture
def made_up() -> MadeUp:
    return MadeUp()
