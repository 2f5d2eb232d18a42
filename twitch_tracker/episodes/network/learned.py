"""The learned detector: bursts where a network is sure enough.

The network was taught on bursts of several families of truth (`models/README.md`).
It gives every frame and side a chance; the likeliest course of rest and burst
(`decode`) makes candidates of them; a candidate is logged when its confidence as a
whole reaches what the chosen sensitivity asks for. No threshold depends on what else
the recording holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes import reasons
from twitch_tracker.episodes.blinks import blink_mask, closure, detect_blinks
from twitch_tracker.episodes.description.attributes import describe
from twitch_tracker.episodes.description.claims import confidence_needed
from twitch_tracker.episodes.detector import Detection
from twitch_tracker.episodes.evidence import combined_evidence
from twitch_tracker.episodes.hardly_open import hardly_open
from twitch_tracker.episodes.network.burstnet import burst_verdict
from twitch_tracker.episodes.network.certainty import Certainty, traits
from twitch_tracker.episodes.network.conjugate import MIRRORED_MOST, mirrored_share
from twitch_tracker.episodes.network.decode import DecodeParams, in_burst
from twitch_tracker.episodes.network.features import paced
from twitch_tracker.episodes.network.sensitivity import Sensitivity
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.episodes.pulls import (
    MOST_BUSY,
    MOST_BUSY_DOWN,
    PULL_TRAITS,
    PULLS,
    frames_of,
    pull_parameters,
    pulls,
    seen_closely,
)
from twitch_tracker.episodes.rules import Candidate, near_miss
from twitch_tracker.episodes.spans import find_spans
from twitch_tracker.motion.drawn_down import drawn_down
from twitch_tracker.networks import networks_sha256, shipped_folder
from twitch_tracker.records import Episode, MotionSignals, NearMiss
from twitch_tracker.regions import SIDES, Region, Side

__all__ = ["LearnedDetector", "LearnedParams", "candidates"]

Floats = NDArray[np.float64]


LEAST_CONFIDENCE: Final = {
    Sensitivity.LOW: 0.8,
    Sensitivity.STANDARD: 0.7,
    Sensitivity.HIGH: 0.4,
}
"""A burst needs this much confidence."""

PIECE_SHARE: Final = 0.8
"""A burst of which this much lies within a pull may be a piece of it (the share that the
benchmark asks of one burst, `evaluate.figures.held`)."""

_NEAR_MISS_SHARE: Final = 0.4
"""Candidates with this share of the confidence needed are kept as near misses."""


@dataclass(frozen=True, kw_only=True)
class LearnedParams:
    """Parameters of `LearnedDetector`.

    Attributes
    ----------
    sensitivity : Sensitivity
        How sure a burst must be.
    decode : DecodeParams
        What changing between rest and burst costs.
    merge_gap_s : float
        Pieces closer than this are one burst (scoring rule of the design).
    episodes : EpisodeParams
        Blinks and what is measured of a burst; its thresholds of
        evidence belong to the geometric detector.
    """

    sensitivity: Sensitivity = Sensitivity.STANDARD
    decode: DecodeParams = field(default_factory=DecodeParams)
    merge_gap_s: float = 0.3
    episodes: EpisodeParams = field(default_factory=EpisodeParams)


class LearnedDetector:
    """Bursts by the network's chance and the confidence of whole candidates.

    Parameters
    ----------
    params : LearnedParams, optional
        Thresholds.
    networks : Path, optional
        Folder of the networks; the shipped ones by default.
    """

    name = "learned"

    def __init__(
        self, params: LearnedParams | None = None, networks: Path | None = None
    ) -> None:
        """Read the weights of confidence."""
        self.params = params or LearnedParams()
        self.networks = networks or shipped_folder()
        self._certainty = Certainty.load(self.networks)
        self._of_pulls = Certainty.load(self.networks, PULLS, PULL_TRAITS)

    def parameters(self) -> dict[str, object]:
        """Return everything the result depends on, for the log and its hash."""
        chosen = asdict(self.params)
        episodes, decode = chosen.pop("episodes"), chosen.pop("decode")
        return {
            "detector": self.name,
            **episodes,
            **decode,
            **chosen,
            "mirrored_most": MIRRORED_MOST,
            "least_confidence": LEAST_CONFIDENCE[self.params.sensitivity],
            "pulls": pull_parameters(),
            "networks_sha256": networks_sha256(self.networks),
        }

    def score(self, motion: MotionSignals) -> Floats:
        """Return log-odds of a one-sided burst, shape (n, sides)."""
        return burst_verdict(motion, self.networks).log_odds

    def detect(self, motion: MotionSignals) -> Detection:
        """Decide which moments are bursts.

        Parameters
        ----------
        motion : MotionSignals
            The signals of a recording.

        Returns
        -------
        Detection
            Bursts and refused candidates in order of onset.
        """
        usual = LEAST_CONFIDENCE[self.params.sensitivity]
        needed = confidence_needed(usual, motion)
        kept, refused = self._of_network(motion, needed)
        pulled, unsure = self._pulls(motion, kept, needed)
        whole = [burst for burst in kept if not _is_piece(burst, pulled)]
        logged = whole + pulled
        missed = [m for m in refused if not _meets(m, _of_side(pulled, m.side))]
        for miss in unsure:
            if not _meets(miss, [*logged, *missed]):
                missed.append(miss)
        return Detection(
            episodes=tuple(sorted(logged, key=lambda e: (e.span, e.side))),
            blinks=detect_blinks(motion, self.params.episodes),
            near_misses=tuple(sorted(missed, key=lambda m: (m.span, m.side))),
            hardly_open=hardly_open(motion),
        )

    def _of_network(
        self, motion: MotionSignals, needed: float
    ) -> tuple[list[Episode], list[NearMiss]]:
        """Return bursts and refused candidates of the network.

        Releases what it kept of the frames: more than all signals of the recording.
        """
        verdict = burst_verdict(motion, self.networks)
        closed = closure(motion)
        kept: list[Episode] = []
        refused: list[NearMiss] = []
        for candidate in candidates(motion, verdict.log_odds, self.params):
            measured = traits(candidate, verdict)
            confidence = self._certainty.confidence(measured)
            if mirrored_share(candidate, verdict) > MIRRORED_MOST:
                if confidence >= needed:
                    refused.append(near_miss(candidate, reasons.MIRRORED))
            elif confidence >= needed:
                burst = describe(candidate, motion, closed, self.params.episodes)
                kept.append(replace(burst, confidence=confidence))
            elif confidence >= _NEAR_MISS_SHARE * needed:
                refused.append(
                    near_miss(candidate, reasons.not_sure_enough(confidence, needed))
                )
        return kept, refused

    def _pulls(
        self, motion: MotionSignals, kept: list[Episode], needed: float
    ) -> tuple[list[Episode], list[NearMiss]]:
        """Return bursts of the lower face alone that the network missed or split.

        And the pulls that are not sure enough. Mouth corners are followed up and down;
        of what both directions show at one time the surer one counts.
        """
        upwards, unsure = self._pulls_along(motion, MOST_BUSY, kept, needed)
        down = drawn_down(motion)
        if down is None:
            return upwards, unsure
        downwards, more = self._pulls_along(down, MOST_BUSY_DOWN, kept, needed)
        surer = [burst for burst in upwards if not _outdone(burst, downwards)]
        downwards = [burst for burst in downwards if not _meets(burst, surer)]
        return surer + downwards, unsure + more

    def _pulls_along(
        self,
        motion: MotionSignals,
        most_busy: float,
        kept: list[Episode],
        needed: float,
    ) -> tuple[list[Episode], list[NearMiss]]:
        """Return pulls along the direction in which mouth corners are followed."""
        closed = closure(motion)
        score = combined_evidence(motion, self.params.episodes)
        found: list[Episode] = []
        unsure: list[NearMiss] = []
        for pull in pulls(paced(motion), most_busy):
            confidence = self._of_pulls.confidence(pull.traits)
            frames = frames_of(pull.span, motion)
            if frames is None or confidence < _NEAR_MISS_SHARE * needed:
                continue
            if not seen_closely(pull.span, motion):
                continue
            own = score[:, SIDES.index(pull.side)]
            candidate = Candidate(side=pull.side, frames=frames, score=own)
            if confidence < needed:
                why = reasons.not_sure_enough(confidence, needed)
                unsure.append(near_miss(candidate, why))
                continue
            burst = describe(candidate, motion, closed, self.params.episodes)
            burst = replace(burst, confidence=confidence)
            if _is_of_lids(burst):
                unsure.append(near_miss(candidate, reasons.UNEQUAL_BLINK))
            elif not _meets(burst, [e for e in kept if not _is_piece(e, [burst])]):
                found.append(burst)
        return found, unsure


def _is_piece(burst: Episode, pulls: list[Episode]) -> bool:
    """Return whether a burst is a piece of a surer pull: inside it, and without the eyelid.

    The network sees a few seconds: of a mouth corner that is held for a minute it may
    find the first ones.
    """
    return Region.EYELID not in burst.regions and any(
        pull.side is burst.side
        and pull.confidence > burst.confidence
        and pull.span.overlap_s(burst.span) >= PIECE_SHARE * burst.span.duration_s
        for pull in pulls
    )


def _is_of_lids(burst: Episode) -> bool:
    """Return whether a pull is none: only lids moved, and the mesh drew the mouth along.

    Both eyes then closed, or the network would have found it.
    """
    took_part = burst.regions
    return Region.EYELID in took_part and Region.MOUTH_CORNER not in took_part


def _of_side(bursts: list[Episode], side: Side) -> list[Episode]:
    return [burst for burst in bursts if burst.side is side]


def _outdone(burst: Episode, others: list[Episode]) -> bool:
    """Return whether a surer one of the others is at the same time."""
    return _meets(burst, [o for o in others if o.confidence > burst.confidence])


def _meets(burst: Episode | NearMiss, others: Sequence[Episode | NearMiss]) -> bool:
    """Return whether any of the others is at the same time."""
    return any(other.span.overlap_s(burst.span) > 0 for other in others)


def candidates(
    motion: MotionSignals, log_odds: Floats, params: LearnedParams
) -> list[Candidate]:
    """Find every stretch that might be a burst, on either side.

    Parameters
    ----------
    motion : MotionSignals
        The signals of a recording.
    log_odds : Floats
        From `burstnet.burst_verdict`, shape (n, sides).
    params : LearnedParams
        Thresholds.

    Returns
    -------
    list of Candidate
        Left before right, each in order of onset.
    """
    evidence = combined_evidence(motion, params.episodes)
    # While both eyes close together nothing speaks against a contraction of one side.
    blinking = blink_mask(motion, params.episodes)
    log_odds = np.where(blinking[:, None], np.fmax(log_odds, 0.0), log_odds)
    log_odds[~motion.usable] = np.nan
    return [
        Candidate(side=side, frames=found, score=evidence[:, place])
        for place, side in enumerate(SIDES)
        for found in find_spans(
            in_burst(
                log_odds[:, place],
                motion.time_s,
                motion.frame_s,
                params.decode,
                motion.joins_s,
            ).astype(np.float64),
            motion.time_s,
            motion.frame_s,
            enter=0.5,
            leave=0.5,
            merge_gap_s=params.merge_gap_s,
            shortest_s=params.episodes.shortest_s,
        )
    ]
