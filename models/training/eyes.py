"""The eye network, which says how far an eye is closed, compared with itself open.

Two copies of one small convolutional network code the picture of an eye and that
person's own open eye; a second one compares the codes. The closure asked for is
what really happened: the natural closure of both eyes together (a real blink, from
the mesh, where it sees both eyes alike), and on top of it what was put in on one side.
So real blinks teach it what lids look like, and bursts that one of them may move
alone. A third, smaller part says from one code alone how closed an eye looks: it
finds the open eye of a person whom nobody has seen open yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from material import Recording
from numpy.typing import NDArray
from torch import Tensor, nn

from studies.benchmark.building.plan import Family, VersionKind
from twitch_tracker.motion.eyepatch import CODE_LENGTH, FAINTEST, PATCH_SHAPE
from twitch_tracker.networks import EYE_CLOSURE, EYE_CODE, EYE_LOOK
from twitch_tracker.regions import SIDES

Floats = NDArray[np.float64]

WIDTH: Final = 12
ALIKE: Final = 0.3
"""Natural closure is believed where the mesh's two eyes differ by less."""

CLOSING: Final = 0.15
"""Half of what is shown has at least this closure."""

OPEN: Final = 0.12
"""Frames with less closure show the open eye."""

FEWEST_OPEN: Final = 5

BORROWED_SHARE: Final = 0.1
"""So often an eye is compared with the other eye open, as where it is hardly ever open
itself."""

REOPENED_MARGIN_S: Final = 0.1
"""Around a re-opened blink the picture is a mixture: not learned from."""


class EyeNet(nn.Module):
    """Codes eyes, and compares codes."""

    def __init__(self) -> None:
        super().__init__()
        w = WIDTH
        layers: list[nn.Module] = []
        for before, after in ((1, w), (w, 2 * w), (2 * w, 3 * w), (3 * w, 3 * w)):
            layers += [
                nn.Conv2d(before, after, 3, 2, 1),
                nn.BatchNorm2d(after),
                nn.ReLU(),
            ]
        rows, columns = (-(-side // 16) for side in PATCH_SHAPE)
        size = 3 * w * rows * columns
        self.code = nn.Sequential(
            *layers, nn.Flatten(), nn.Dropout(0.2), nn.Linear(size, CODE_LENGTH)
        )
        self.compare = nn.Sequential(
            nn.Linear(2 * CODE_LENGTH, 32), nn.ReLU(), nn.Linear(32, 1)
        )
        self.look = nn.Sequential(
            nn.Linear(CODE_LENGTH, 24), nn.ReLU(), nn.Linear(24, 1)
        )

    def forward(self, eyes: Tensor, open_eyes: Tensor) -> tuple[Tensor, Tensor]:
        """Return log-odds of being closed, by comparison and by look, (n,) each."""
        n = len(eyes)
        codes = self.code(torch.cat([eyes, open_eyes]))
        mine, reference = codes[:n], codes[n:]
        answers = self.compare(torch.cat([mine - reference, reference], 1))
        return answers[:, 0], self.look(mine)[:, 0]


@dataclass(frozen=True)
class EyeSet:
    """One eye over one recording, and what it did."""

    face: str
    family: Family | None
    pictures: NDArray[np.uint8]
    open_picture: NDArray[np.uint8]
    other_open: NDArray[np.uint8]
    closure: Floats
    still: NDArray[np.intp]
    closing: NDArray[np.intp]


def eye_sets(recordings: Sequence[Recording]) -> list[EyeSet]:
    """Collect every eye whose closure is known."""
    opened: dict[str, list[NDArray[np.uint8] | None]] = {}
    for recording in recordings:
        if recording.kind is VersionKind.UNTOUCHED:
            both = [_open_picture(recording, place) for place in range(len(SIDES))]
            opened[recording.version.video.file] = both
    found = []
    for recording in recordings:
        both = opened.get(recording.version.video.file, [None, None])
        if both[0] is not None and both[1] is not None:
            found += _eyes(recording, [both[0], both[1]])
    return found


def _eyes(recording: Recording, opened: list[NDArray[np.uint8]]) -> list[EyeSet]:
    natural = recording.natural
    both = np.clip(natural.mean(axis=1), 0.0, 1.0)
    alike = np.abs(natural[:, 0] - natural[:, 1]) < ALIKE
    known = recording.usable & alike & np.isfinite(both)
    pictures = recording.raw.eye_pictures
    assert pictures is not None
    sets = []
    for place in range(len(SIDES)):
        closure = 1.0 - (1.0 - both) * (1.0 - recording.commanded[:, place])
        usable = known & np.isfinite(closure) & ~_mixed(recording, place)
        if not usable.any():
            continue
        at = np.flatnonzero(usable)
        sets.append(
            EyeSet(
                face=recording.face,
                family=recording.family,
                pictures=pictures[:, place],
                open_picture=opened[place],
                other_open=opened[1 - place],
                closure=closure,
                still=at[closure[at] < CLOSING],
                closing=at[closure[at] >= CLOSING],
            )
        )
    return sets


def _mixed(recording: Recording, place: int) -> NDArray[np.bool_]:
    """Return frames in which this eye was re-opened: neither state as filmed."""
    mixed = np.zeros(len(recording.raw), bool)
    if recording.kind is not VersionKind.REOPENED:
        return mixed
    time_s = recording.raw.time_s
    for burst in recording.truth:
        if SIDES.index(burst.side) != place:
            mixed |= (time_s > burst.span.start_s - REOPENED_MARGIN_S) & (
                time_s < burst.span.end_s + REOPENED_MARGIN_S
            )
    return mixed


def _open_picture(recording: Recording, place: int) -> NDArray[np.uint8] | None:
    """Return median picture of the eye while it is open in the video as filmed."""
    closure = recording.natural[:, place]
    frames = np.flatnonzero(recording.usable & (np.abs(closure) < OPEN))
    if len(frames) < FEWEST_OPEN:
        return None
    few = frames[:: max(1, len(frames) // 60)]
    assert recording.raw.eye_pictures is not None
    pictures = recording.raw.eye_pictures[few, place]
    return np.median(pictures, axis=0).astype(np.uint8)


def train_eyes(sets: Sequence[EyeSet], *, seed: int, steps: int = 1500) -> EyeNet:
    """Train the network; deterministic for a seed, a machine and a torch version."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = EyeNet().train()
    optimiser = torch.optim.AdamW(net.parameters(), 3e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps)
    share = _face_shares(sets)
    for _ in range(steps):
        eyes, opened, closure = _batch(sets, share, rng)
        answers = net(_normalised(_disturbed(eyes)), _normalised(opened))
        loss = sum(
            nn.functional.binary_cross_entropy_with_logits(one, closure)
            for one in answers
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return net.eval()


def _face_shares(sets: Sequence[EyeSet]) -> Floats:
    """Return how often each set is drawn: faces with many recordings not as often."""
    counts: dict[str, int] = {}
    for one in sets:
        counts[one.face] = counts.get(one.face, 0) + 1
    share = np.array([counts[one.face] ** -0.5 for one in sets])
    return np.asarray(share / share.sum())


def _batch(
    sets: Sequence[EyeSet], share: Floats, rng: np.random.Generator, size: int = 128
) -> tuple[Tensor, Tensor, Tensor]:
    eyes, opened, closure = [], [], []
    for place in rng.choice(len(sets), size, p=share):
        one = sets[place]
        want_closing = rng.random() < 0.55 or not len(one.still)
        frames = one.closing if want_closing and len(one.closing) else one.still
        frame = frames[rng.integers(len(frames))]
        eyes.append(one.pictures[frame])
        borrowed = rng.random() < BORROWED_SHARE
        opened.append(one.other_open if borrowed else one.open_picture)
        closure.append(one.closure[frame])
    return (
        torch.tensor(np.array(eyes), dtype=torch.float32)[:, None],
        torch.tensor(np.array(opened), dtype=torch.float32)[:, None],
        torch.tensor(np.array(closure), dtype=torch.float32),
    )


def _disturbed(eyes: Tensor) -> Tensor:
    """Turn, scale, shift, brighten and roughen the pictures a little."""
    n = len(eyes)
    angle, factor = (torch.rand(n) - 0.5) * 0.24, 1 + (torch.rand(n) - 0.5) * 0.2
    turn = torch.zeros(n, 2, 3)
    turn[:, 0, 0], turn[:, 0, 1] = factor * angle.cos(), -factor * angle.sin()
    turn[:, 1, 0], turn[:, 1, 1] = factor * angle.sin(), factor * angle.cos()
    turn[:, :, 2] = (torch.rand(n, 2) - 0.5) * 0.16
    where = nn.functional.affine_grid(turn, list(eyes.shape), align_corners=False)
    moved = nn.functional.grid_sample(
        eyes, where, padding_mode="border", align_corners=False
    )
    bright = 1 + 0.2 * torch.randn(n, 1, 1, 1)
    rough = torch.randn(eyes.shape) * 4 * torch.rand(n, 1, 1, 1)
    return moved * bright + rough


def _normalised(eyes: Tensor) -> Tensor:
    """Normalise as `eyepatch.normalised` does."""
    mean = eyes.mean((2, 3), keepdim=True)
    return (eyes - mean) / (eyes.std((2, 3), keepdim=True, correction=0) + FAINTEST)


def export_eyes(net: EyeNet, folder: Path) -> None:
    """Write both parts as the product reads them."""
    net.eval()
    parts = {
        EYE_CODE: (net.code, torch.zeros(2, 1, *PATCH_SHAPE)),
        EYE_CLOSURE: (
            nn.Sequential(net.compare, nn.Sigmoid()),
            torch.zeros(2, 2 * CODE_LENGTH),
        ),
        EYE_LOOK: (
            nn.Sequential(net.look, nn.Sigmoid()),
            torch.zeros(2, CODE_LENGTH),
        ),
    }
    for name, (part, example) in parts.items():
        torch.onnx.export(
            part,
            (example,),
            str(folder / name),
            dynamo=False,
            opset_version=13,
            input_names=["in"],
            output_names=["out"],
            dynamic_axes={"in": {0: "n"}, "out": {0: "n"}},
        )
