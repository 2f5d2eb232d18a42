"""The burst network, which says whether a side is in a one-sided burst now.

A temporal convolution over four seconds to either side. It is taught on recordings of
all families of truth, on untouched ones, and on the lessons of `augment`. Several
networks from different seeds vote; they are written as one.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from augment import lessons
from material import Recording
from numpy.typing import NDArray
from torch import Tensor, nn

from studies.benchmark.building.plan import Family, VersionKind
from twitch_tracker.episodes.network.features import (
    ABSOLUTES,
    CHANNELS,
    FEATURES,
    Paced,
    features,
)
from twitch_tracker.networks import BURST
from twitch_tracker.regions import SIDES, Region

Floats = NDArray[np.float64]

WIDTH: Final = 32
DILATIONS: Final = (1, 2, 4, 8, 16, 32)
SEGMENT: Final = 400
"""Samples of a training piece: thirteen seconds."""

LENGTH_POWER: Final = 0.5
SAY: Final = (0.15, 4.0)
"""A burst's samples weigh its length to minus this power, between these bounds."""

LOWER_FACE_CLEAR_MM: Final = 3.0
"""A burst of the lower face alone teaches from this excursion on. Speech and expression
move the same places more than weaker ones do: those would teach that a burst is
nothing."""

SHORT_PAUSE_S: Final = 2.0
"""Samples of shorter pauses between two bursts of a side weigh more, as those of short
bursts do: they are few, and part two bursts."""

EDGE_S: Final = 0.045
"""Onsets and offsets are known to about a frame: samples this near count less."""

ABSOLUTE_SD: Final = (0.06, 0.06, 0.12, 0.12, 0.5, 0.5)
"""Faces differ: each piece has its own offsets of look, aperture and symmetry."""

NO_LOWER_FACE: Final = 0.1
"""So often the lower face is left out, as where it is not in the picture."""

NO_ABSOLUTES: Final = 0.3
"""So often what needs no level of the person is left out: confidence is asked of the
network without it (`Verdict.movement_log_odds`)."""

LOWER_FACE: Final = [
    *(
        4 * place + view
        for place, channel in enumerate(CHANNELS)
        if channel.name not in ("lid_mesh", "lid_look", "brow", "brow_skin")
        for view in range(4)
    ),
    ABSOLUTES.stop - 2,
    ABSOLUTES.stop,
    ABSOLUTES.stop + 1,
]
"""Places among the features that are read at the lower face: channels, difference of
the mouth corners, how far the mouth is open and how fast that changes."""

GAIN_SD: Final = 0.25
"""Faces, cameras and injectors show each channel at a strength of its own."""

TURNS: Final = slice(ABSOLUTES.stop + 2, ABSOLUTES.stop + 5)
"""Places of the head's turn among the features."""


class BurstNet(nn.Module):
    """Residual dilated convolutions, (n, `FEATURES`, m) -> log-odds (n, m)."""

    def __init__(self) -> None:
        super().__init__()
        self.enter = nn.Conv1d(FEATURES, WIDTH, 1)
        self.blocks = nn.ModuleList(
            nn.ModuleList(
                nn.Conv1d(WIDTH, WIDTH, 3, padding=d, dilation=d) for _ in range(2)
            )
            for d in DILATIONS
        )
        self.drop = nn.Dropout1d(0.1)
        self.leave = nn.Conv1d(WIDTH, 1, 1)

    def forward(self, seen: Tensor) -> Tensor:
        """Return log-odds of a burst."""
        x = self.enter(seen)
        for first, second in self.blocks:
            x = x + self.drop(second(torch.relu(first(torch.relu(x)))))
        return self.leave(torch.relu(x))[:, 0]


class Vote(nn.Module):
    """Mean of several networks' log-odds."""

    def __init__(self, nets: Sequence[BurstNet]) -> None:
        super().__init__()
        self.nets = nn.ModuleList(nets)

    def forward(self, seen: Tensor) -> Tensor:
        """Return log-odds of a burst."""
        total = self.nets[0](seen)
        for net in list(self.nets)[1:]:
            total = total + net(seen)
        return total / len(self.nets)


@dataclass(frozen=True)
class View:
    """One side's view of a recording or lesson, and what is true of it."""

    face: str
    family: Family | None
    seen: NDArray[np.float32]
    burst: NDArray[np.float32]
    weight: NDArray[np.float32]


def views(
    face: str,
    family: Family | None,
    signals: Paced,
    spans: Sequence[tuple[float, float, int]],
) -> list[View]:
    """Return both sides' views."""
    seen = features(signals)
    return [
        View(face, family, seen[:, place], *_labels(signals, spans, place))
        for place in range(len(SIDES))
    ]


def _labels(
    signals: Paced, spans: Sequence[tuple[float, float, int]], place: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    burst = np.zeros(len(signals.time_s), np.float32)
    weight = signals.usable.astype(np.float32)
    for onset_s, offset_s, side in spans:
        if side != place:
            continue
        inside = (signals.time_s >= onset_s - 0.01) & (signals.time_s <= offset_s)
        burst[inside] = 1
        weight[inside] *= _say(offset_s - onset_s)
        for edge_s in (onset_s, offset_s):
            weight[np.abs(signals.time_s - edge_s) < EDGE_S] *= 0.3
    for start_s, end_s in _short_pauses(spans, place):
        between = (signals.time_s > start_s) & (signals.time_s < end_s)
        weight[between] *= max(_say(end_s - start_s), 1.0)
    return burst, weight


def _short_pauses(
    spans: Sequence[tuple[float, float, int]], place: int
) -> list[tuple[float, float]]:
    """Return short pauses between bursts of one side."""
    own = sorted((on, off) for on, off, side in spans if side == place)
    pauses = [(a[1], b[0]) for a, b in itertools.pairwise(own)]
    return [(a, b) for a, b in pauses if 0 < b - a < SHORT_PAUSE_S]


def _say(length_s: float) -> float:
    """Return weight of a sample of a burst: a long one has many that say the same."""
    return float(np.clip(max(length_s, 0.05) ** -LENGTH_POWER, *SAY))


def recording_views(
    recording: Recording,
    signals: Paced,
    ignored: Sequence[tuple[float, float, int]] = (),
) -> list[View]:
    """Return views of a recording; deliberate one-sided movements teach nothing."""
    spans = [
        (b.span.start_s, b.span.end_s, SIDES.index(b.side)) for b in recording.truth
    ]
    found = views(recording.face, recording.family, signals, spans)
    for burst in recording.truth:
        unclear = not burst.excursion_mm >= LOWER_FACE_CLEAR_MM
        if Region.EYELID not in burst.regions and unclear:
            at_s, span = signals.time_s, burst.span
            inside = (at_s >= span.start_s - 0.01) & (at_s <= span.end_s)
            found[SIDES.index(burst.side)].weight[inside] = 0.0
    for onset_s, offset_s, place in ignored:
        inside = (signals.time_s >= onset_s) & (signals.time_s <= offset_s)
        found[place].weight[inside] = 0.0
    return found


def lesson_views(recording: Recording, signals: Paced, count: int) -> list[View]:
    """Return views of lessons made from an untouched recording."""
    if recording.kind is not VersionKind.UNTOUCHED:
        return []
    seed = [zlib.crc32(f"{recording.tracker} {recording.name}".encode()), count]
    return [
        view
        for made in lessons(signals, np.random.default_rng(seed), count)
        for view in views(recording.face, made.family, made.signals, made.spans)
    ]


def train_bursts(seen: Sequence[View], *, seed: int, steps: int) -> BurstNet:
    """Train one network; deterministic for a seed, a machine and a torch version."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = BurstNet().train()
    optimiser = torch.optim.AdamW(net.parameters(), 3e-3, weight_decay=3e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 5e-3, total_steps=steps)
    share = _shares(seen)
    for _ in range(steps):
        x, burst, weight = _batch(seen, share, rng)
        answers = net(x)
        each = nn.functional.binary_cross_entropy_with_logits(
            answers, burst * 0.98 + 0.01, reduction="none"
        )
        loss = (each * weight).sum() / weight.sum()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
    return net.eval()


def _shares(seen: Sequence[View]) -> Floats:
    """Return how often each view is drawn: by length, faces with many not as often."""
    lengths: dict[str, int] = {}
    for view in seen:
        lengths[view.face] = lengths.get(view.face, 0) + len(view.seen)
    share = np.array([len(v.seen) * lengths[v.face] ** -0.5 for v in seen])
    return np.asarray(share / share.sum())


def _batch(
    seen: Sequence[View], share: Floats, rng: np.random.Generator, size: int = 18
) -> tuple[Tensor, Tensor, Tensor]:
    pieces = [_piece(seen[k], rng) for k in rng.choice(len(seen), size, p=share)]
    x, burst, weight = (np.stack(part) for part in zip(*pieces, strict=True))
    return (
        torch.tensor(x.transpose(0, 2, 1)),
        torch.tensor(burst),
        torch.tensor(weight),
    )


def _piece(
    view: View, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Cut a piece out and disturb them; short views are filled with nothing."""
    start = int(rng.integers(0, max(1, len(view.seen) - SEGMENT)))
    cut = slice(start, start + SEGMENT)
    x = view.seen[cut].copy()
    known = x[:, -1:].copy()
    x *= np.exp(rng.normal(0, 0.2))
    x += rng.normal(0, 0.03, x.shape)
    offsets = rng.normal(0, ABSOLUTE_SD)
    x[:, ABSOLUTES] += offsets
    x[:, TURNS] += rng.normal(0, 0.2, 3)
    for channel in range(len(CHANNELS)):
        own = slice(4 * channel, 4 * channel + 4)
        x[:, own] *= 0.0 if rng.random() < 0.12 else np.exp(rng.normal(0, GAIN_SD))
    if rng.random() < NO_LOWER_FACE:
        x[:, LOWER_FACE] = 0.0
    if rng.random() < NO_ABSOLUTES:
        x[:, ABSOLUTES] = 0.0
    x[:, -1] = 1.0
    short = SEGMENT - len(x)
    fill = ((0, short), (0, 0))
    return (
        np.pad(x * known, fill).astype(np.float32),
        np.pad(view.burst[cut], (0, short)),
        np.pad(view.weight[cut], (0, short)),
    )


def export_bursts(nets: Sequence[BurstNet], folder: Path) -> None:
    """Write the vote of all networks as the product reads it."""
    torch.onnx.export(
        Vote(nets).eval(),
        (torch.zeros(1, FEATURES, 600),),
        str(folder / BURST),
        dynamo=False,
        opset_version=13,
        input_names=["in"],
        output_names=["out"],
        dynamic_axes={"in": {2: "m"}, "out": {1: "m"}},
    )
