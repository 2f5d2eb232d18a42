"""Every figure of every detector, from the scored recordings.

Five sets are judged apart, because they answer different questions: recordings
with bursts put in (is it found?), the same videos untouched (what is invented?),
real closures (does it know more than our own warp?), and the first two again
with movements on purpose counted as false alarms. The convention that bites:
where nothing was invented at all, the upper bound is that of Poisson's law, 3.7
events in the time watched, since resampling faces without an alarm can only
give none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from twitch_tracker.benchmark.detectors import Detector
from twitch_tracker.benchmark.plan import VersionKind
from twitch_tracker.benchmark.score import Judged, Scored
from twitch_tracker.evaluate.calibration import Calibration, calibrate
from twitch_tracker.evaluate.detection import ALARMS_PER_MIN, SENSITIVITY
from twitch_tracker.evaluate.estimates import Estimate, Share, estimate
from twitch_tracker.evaluate.matching import IOU_RULE
from twitch_tracker.evaluate.measures import measures
from twitch_tracker.evaluate.recordings import RecordingScore, ScoredRecording, score
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import Region

__all__ = ["NOTHING", "DetectorFigures", "Number", "alarms_per_min"]

POISSON_ZERO_HIGH: Final = -math.log(0.025)
"""Upper 97.5 % bound of a Poisson count of which none was seen (Garwood 1936)."""


IOU: Final = "iou_"

Scores = tuple[RecordingScore, ...]


@dataclass(frozen=True, kw_only=True)
class Number:
    """A figure with its interval and what it is made from.

    Attributes
    ----------
    value, low, high : float
        NaN where not defined.
    n : int
        Bursts, alarms or recordings behind it.
    """

    value: float
    low: float = math.nan
    high: float = math.nan
    n: int = 0


NOTHING: Final = Number(value=math.nan)


def _number(found: Estimate, n: int) -> Number:
    return Number(value=found.value, low=found.low, high=found.high, n=n)


def alarms_per_min(found: Estimate, n: int, minutes: float) -> Number:
    """Give a rate of false alarms its interval, also when there was none."""
    if n == 0 and minutes > 0:
        return Number(value=0.0, low=0.0, high=POISSON_ZERO_HIGH / minutes, n=0)
    return _number(found, n)


class DetectorFigures:
    """The figures of one detector.

    Parameters
    ----------
    detector : Detector
        Which one.
    scored : sequence of Scored
        All recordings.
    seed, draws : int
        Of the resampling of faces.
    """

    def __init__(
        self,
        detector: Detector,
        scored: Sequence[Scored],
        *,
        seed: int = 0,
        draws: int = 2000,
    ) -> None:
        """Keep what is asked about; figures are computed when asked for."""
        self.detector = detector
        self.scored = tuple(scored)
        self._sampling = {"seed": seed, "draws": draws}

    def _of(self, *kinds: VersionKind) -> list[tuple[Scored, Judged]]:
        name = self.detector.name
        return [(s, s.judged[name]) for s in self.scored if s.version.kind in kinds]

    def _scores(self, *kinds: VersionKind, strict: bool = False) -> Scores:
        return tuple(
            score(judged.strict if strict else judged.lenient)
            for _, judged in self._of(*kinds)
        )

    @cached_property
    def spasms(self) -> Scores:
        """Recordings with bursts put in."""
        return self._scores(VersionKind.SPASMS)

    @cached_property
    def spasms_strict(self) -> Scores:
        """The same, movements on purpose counted as false alarms."""
        return self._scores(VersionKind.SPASMS, strict=True)

    @cached_property
    def untouched(self) -> Scores:
        """Untouched recordings."""
        return self._scores(VersionKind.UNTOUCHED)

    @cached_property
    def untouched_strict(self) -> Scores:
        """The same, movements on purpose counted as false alarms."""
        return self._scores(VersionKind.UNTOUCHED, strict=True)

    @cached_property
    def reopened(self) -> Scores:
        """Recordings with real one-sided closures."""
        return self._scores(VersionKind.REOPENED)

    # --- single numbers -----------------------------------------------------

    def of(self, scores: Scores, name: str, tier: str = "") -> Number:
        """Return one figure of one set; of one tier when named.

        Parameters
        ----------
        scores : sequence of RecordingScore
            One of the sets.
        name : str
            As in `evaluate.measures.measures`; with ``iou_`` in front under the
            secondary rule.
        tier : str
            Only in recordings of this tier; all when empty.
        """
        chosen = tuple(s for s in scores if not tier or s.activity == tier)
        if not chosen:
            return NOTHING
        if name.startswith(IOU):
            name = name.removeprefix(IOU)
            chosen = tuple(score(s.source, IOU_RULE) for s in chosen if s.source)
        measure = measures()[name]
        found = estimate(measure, chosen, **self._sampling)
        if name == "false_alarms_per_min":
            minutes = sum(s.rate_s for s in chosen) / 60
            return alarms_per_min(found, measure.n(chosen), minutes)
        return _number(found, measure.n(chosen))

    def calibration(self) -> Calibration:
        """Whether confidence means what it says, over all recordings."""
        return calibrate(self._scores(*VersionKind), **self._sampling)

    def sensitivity_where(
        self, keep: Callable[[str, Episode], bool], tier: str = ""
    ) -> Number:
        """Sensitivity for some of the true bursts put in.

        Parameters
        ----------
        keep : callable
            Takes the name of a recording and a true burst.
        tier : str
            Only in recordings of this tier; all when empty.
        """
        scores = [s for s in self.spasms if not tier or s.activity == tier]
        if not scores:
            return NOTHING

        def found(score: RecordingScore) -> float:
            name = score.source.name if score.source else ""
            return sum(keep(name, match.truth) for match in score.matching.found)

        def true(score: RecordingScore) -> float:
            name = score.source.name if score.source else ""
            missed = sum(keep(name, burst) for burst in score.matching.missed)
            return found(score) + missed

        share = Share(found, true)
        return _number(estimate(share, scores, **self._sampling), share.n(scores))

    def severity(self, wanted: str, tier: str = "") -> Number:
        """Sensitivity for bursts drawn ``mild``, ``moderate`` or ``severe``."""
        drawn = {s.version.name: s.severities for s in self.scored}

        def keep(name: str, burst: Episode) -> bool:
            return _severity_at(drawn.get(name, {}), burst.span.start_s) == wanted

        return self.sensitivity_where(keep, tier)

    def eyelid_only(self, tier: str = "") -> Number:
        """Sensitivity for bursts of the eyelid alone."""
        only = (Region.EYELID,)
        return self.sensitivity_where(lambda _, burst: burst.regions == only, tier)

    def with_lower_face(self, tier: str = "") -> Number:
        """Sensitivity for bursts that take in more than the eyelid."""
        return self.sensitivity_where(lambda _, burst: len(burst.regions) > 1, tier)

    def kind(self, wanted: EpisodeKind, tier: str = "") -> Number:
        """Sensitivity for bursts of one kind."""
        return self.sensitivity_where(lambda _, burst: burst.kind is wanted, tier)

    @property
    def blinks_logged(self) -> Number:
        """Share of real blinks of both eyes during which a burst was logged."""
        pairs = self._of(VersionKind.UNTOUCHED)
        blinks = sum(scored.blinks for scored, _ in pairs)
        logged = sum(judged.blinks_logged for _, judged in pairs)
        return Number(value=logged / blinks if blinks else math.nan, n=blinks)

    @property
    def deliberate_logged(self) -> tuple[int, int]:
        """How many movements on purpose were logged, of how many."""
        pairs = self._of(VersionKind.UNTOUCHED)
        logged = sum(judged.deliberate_logged for _, judged in pairs)
        return logged, sum(scored.deliberate for scored, _ in pairs)

    @property
    def ms_per_frame(self) -> Number:
        """Median time for signals and decision, tracking not counted."""
        times = sorted(judged.ms_per_frame for _, judged in self._of(*VersionKind))
        middle = times[len(times) // 2] if times else math.nan
        return Number(value=middle, n=len(times))

    def price(self, tier: str, cut_off: float) -> tuple[Number, Number]:
        """What a threshold of confidence gives in a tier.

        Parameters
        ----------
        tier : str
            Which one.
        cut_off : float
            Bursts of less confidence are left out.

        Returns
        -------
        tuple of Number
            Sensitivity with bursts put in, false alarms a minute untouched.
        """
        found = _above(_in_tier(self._of(VersionKind.SPASMS), tier), cut_off)
        quiet = _above(_in_tier(self._of(VersionKind.UNTOUCHED), tier), cut_off)
        hits = estimate(SENSITIVITY, found, **self._sampling)
        alarms = estimate(ALARMS_PER_MIN, quiet, **self._sampling)
        minutes = sum(item.rate_s for item in quiet) / 60
        return (
            _number(hits, SENSITIVITY.n(found)),
            alarms_per_min(alarms, ALARMS_PER_MIN.n(quiet), minutes),
        )


def _above(
    recordings: Iterable[ScoredRecording], cut_off: float
) -> list[RecordingScore]:
    return [score(item, least_confidence=cut_off) for item in recordings]


def _severity_at(drawn: dict[float, str], onset_s: float) -> str:
    """How strong the burst at an onset was drawn; empty when not known."""
    near = [name for at_s, name in drawn.items() if abs(at_s - onset_s) < 2e-3]
    return near[0] if near else ""


def _in_tier(
    pairs: Iterable[tuple[Scored, Judged]], tier: str
) -> list[ScoredRecording]:
    return [j.lenient for s, j in pairs if s.version.video.tier.value == tier]
