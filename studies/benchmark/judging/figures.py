"""Every figure of every detector, from the scored recordings.

Sets are judged apart, because they answer different questions: recordings with
bursts put in (is it found?), the same videos untouched (what is invented?), real
closures and real lids held (does it know more than our own injectors?), and the
first two again with movements on purpose counted as false alarms.

Two views of our detector: with every family of truth seen in training, and with
the family of the recording left out. In the second, an untouched video is judged
by the networks of every exam; its alarms and its minutes are added up.

Note: where nothing was invented at all, the upper bound is that of Poisson's law, 3.7
events in the time watched, since resampling faces without an alarm can only give none.
A video that several networks judge was watched once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from studies.benchmark.building.films import Film
from studies.benchmark.building.plan import FAMILY, Family, VersionKind
from studies.benchmark.judging.detectors import Detector
from studies.benchmark.judging.score import Judged, Scored
from studies.benchmark.judging.weights import ALL_FAMILIES
from twitch_tracker.evaluate.figures.calibration import Calibration, calibrate
from twitch_tracker.evaluate.figures.detection import ALARMS_PER_MIN, SENSITIVITY
from twitch_tracker.evaluate.figures.estimates import FigureOfScores, Share, estimate
from twitch_tracker.evaluate.figures.held import HELD_S, held_as_one
from twitch_tracker.evaluate.figures.measures import measures
from twitch_tracker.evaluate.matching import IOU_RULE
from twitch_tracker.evaluate.recordings import RecordingScore, ScoredRecording, score
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.records.estimates import Estimate
from twitch_tracker.regions import Region

__all__ = [
    "NOTHING",
    "PUT_IN",
    "DetectorFigures",
    "Number",
    "alarms_per_min",
    "watched_min",
]

POISSON_ZERO_HIGH: Final = -math.log(0.025)
"""Upper 97.5 % bound of a Poisson count of which none was seen (Garwood 1936)."""

PUT_IN: Final = (
    VersionKind.SPASMS,
    VersionKind.SECOND,
    VersionKind.HELD,
    VersionKind.HALVES,
)
"""Kinds of recordings with bursts put in. Re-opened blinks stay apart: they are
closures of a fifth of a second as they were filmed."""

IOU: Final = "iou_"

LOWER_FACE: Final = frozenset({Region.MOUTH_CORNER, Region.CHEEK})

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


def watched_min(scores: Sequence[RecordingScore]) -> float:
    """Return minutes of different recordings; one that is judged often counts once."""
    lasts_s = {
        score.source.name if score.source else str(place): score.rate_s
        for place, score in enumerate(scores)
    }
    return sum(lasts_s.values()) / 60


class DetectorFigures:
    """The figures of one detector in one view.

    Parameters
    ----------
    detector : Detector
        Which one.
    scored : sequence of Scored
        All recordings, in all exams; those of the view are kept.
    family_unseen : bool
        Judged by networks that have not seen the recording's family of truth;
        by default, by those that have seen every family.
    films : collection of Film
        How the recordings were filmed; plainly by default. A worse film has the bursts
        of the plain one and would count them twice.
    seed, draws : int
        Of the resampling of faces.
    """

    def __init__(
        self,
        detector: Detector,
        scored: Sequence[Scored],
        *,
        family_unseen: bool = False,
        films: Collection[Film] = (Film.PLAIN,),
        seed: int = 0,
        draws: int = 2000,
    ) -> None:
        """Keep what is asked about; figures are computed when asked for."""
        self.detector = detector
        self.family_unseen = family_unseen
        self.scored = tuple(
            item
            for item in scored
            if detector.name in item.judged
            and item.version.film in films
            and _in_view(item, family_unseen)
        )
        self._sampling = {"seed": seed, "draws": draws}

    def judged(self, *kinds: VersionKind) -> list[tuple[Scored, Judged]]:
        """Return recordings of some kinds with what was logged in them."""
        name = self.detector.name
        return [(s, s.judged[name]) for s in self.scored if s.version.kind in kinds]

    def _scores(self, *kinds: VersionKind, strict: bool = False) -> Scores:
        return tuple(
            score(judged.strict if strict else judged.lenient)
            for _, judged in self.judged(*kinds)
        )

    @cached_property
    def spasms(self) -> Scores:
        """Recordings with bursts put in, of all families."""
        return self._scores(*PUT_IN)

    @cached_property
    def spasms_strict(self) -> Scores:
        """The same, movements on purpose counted as false alarms."""
        return self._scores(*PUT_IN, strict=True)

    def of_family(self, family: Family) -> Scores:
        """Return recordings with bursts put in by one family."""
        return self._scores(*(kind for kind in PUT_IN if FAMILY[kind] is family))

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

    @cached_property
    def held(self) -> Scores:
        """Recordings with real lids held closed."""
        return self._scores(VersionKind.HELD)

    @cached_property
    def one_sided(self) -> Scores:
        """All recordings with true bursts, whoever made them."""
        return (*self.spasms, *self.reopened)

    # --- single numbers -----------------------------------------------------

    def of(self, scores: Scores, name: str, tier: str = "") -> Number:
        """Return one figure of one set; of one tier when named.

        Parameters
        ----------
        scores : sequence of RecordingScore
            One of the sets.
        name : str
            As in `evaluate.figures.measures.measures`; with ``iou_`` in front under the
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
        if name == "false_alarms_per_min":
            return self._alarms(measure, chosen)
        return self._estimated(measure, chosen)

    def _estimated(
        self, measure: FigureOfScores, scores: Sequence[RecordingScore]
    ) -> Number:
        found = estimate(measure, scores, **self._sampling)
        return _number(found, measure.n(scores))

    def _alarms(
        self, measure: FigureOfScores, scores: Sequence[RecordingScore]
    ) -> Number:
        found = estimate(measure, scores, **self._sampling)
        return alarms_per_min(found, measure.n(scores), watched_min(scores))

    def held_lids(self, tier: str = "") -> Number:
        """Share of real lids held for a second or more logged as one burst each."""
        chosen = [s for s in self.held if not tier or s.activity == tier]
        least_s = min(low_s for low_s, _ in HELD_S.values())
        return self._estimated(held_as_one(least_s), chosen) if chosen else NOTHING

    def calibration(self) -> Calibration:
        """Return whether confidence means what it says, over all recordings.

        Of an untouched recording that several networks judge, one log is taken, each
        network's in turn: else its false alarms would weigh more than true bursts.
        """
        logs: dict[str, list[ScoredRecording]] = {}
        for _, judged in self.judged(*VersionKind):
            logs.setdefault(judged.lenient.name, []).append(judged.lenient)
        chosen = [some[k % len(some)] for k, some in enumerate(logs.values())]
        return calibrate([score(item) for item in chosen], **self._sampling)

    def sensitivity_where(
        self, keep: Callable[[str, Episode], bool], tier: str = ""
    ) -> Number:
        """Return sensitivity for some of the true bursts put in.

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

        return self._estimated(Share(found, true), scores)

    def f1_with_eyelid(self, tier: str = "") -> Number:
        """Return F1 where bursts of the lower face alone are neither found nor missed.

        Hemifacial spasm begins at the eyelid as a rule; how well bursts without it are
        found is asked for apart (`lower_face_only`).
        """
        scores = [s for s in self.spasms if not tier or s.activity == tier]
        if not scores:
            return NOTHING

        def found(score: RecordingScore) -> float:
            return 2.0 * sum(_has_eyelid(m.truth) for m in score.matching.found)

        def whole(score: RecordingScore) -> float:
            missed = sum(map(_has_eyelid, score.matching.missed))
            return found(score) + missed + len(score.matching.false_alarms)

        return self._estimated(Share(found, whole), scores)

    def severity(self, wanted: str, tier: str = "") -> Number:
        """Return sensitivity for bursts drawn ``mild``, ``moderate`` or ``severe``."""
        drawn = {s.version.name: s.severities for s in self.scored}

        def keep(name: str, burst: Episode) -> bool:
            return _severity_at(drawn.get(name, {}), burst.span.start_s) == wanted

        return self.sensitivity_where(keep, tier)

    def eyelid_only(self, tier: str = "") -> Number:
        """Return sensitivity for bursts of the eyelid alone."""
        only = (Region.EYELID,)
        return self.sensitivity_where(lambda _, burst: burst.regions == only, tier)

    def with_lower_face(self, tier: str = "") -> Number:
        """Return sensitivity for bursts of the eyelid and more."""

        def keep(_: str, burst: Episode) -> bool:
            return _has_eyelid(burst) and len(burst.regions) > 1

        return self.sensitivity_where(keep, tier)

    def lower_face_only(self, tier: str = "") -> Number:
        """Return sensitivity for bursts of the lower face without the eyelid."""

        def keep(_: str, burst: Episode) -> bool:
            return bool({*burst.regions} & LOWER_FACE) and not _has_eyelid(burst)

        return self.sensitivity_where(keep, tier)

    def kind(self, wanted: EpisodeKind, tier: str = "") -> Number:
        """Return sensitivity for bursts of one kind."""
        return self.sensitivity_where(lambda _, burst: burst.kind is wanted, tier)

    @property
    def blinks_logged(self) -> Number:
        """Share of real blinks of both eyes during which a burst was logged."""
        pairs = self.judged(VersionKind.UNTOUCHED)
        blinks = sum(scored.blinks for scored, _ in pairs)
        logged = sum(judged.blinks_logged for _, judged in pairs)
        filmed = {scored.version.name: scored.blinks for scored, _ in pairs}
        value = logged / blinks if blinks else math.nan
        return Number(value=value, n=sum(filmed.values()))

    @property
    def deliberate_logged(self) -> tuple[int, int]:
        """How many movements on purpose were logged, of how many; over all exams."""
        pairs = self.judged(VersionKind.UNTOUCHED)
        logged = sum(judged.deliberate_logged for _, judged in pairs)
        return logged, sum(scored.deliberate for scored, _ in pairs)

    @property
    def ms_per_frame(self) -> Number:
        """Median time for signals and decision, tracking not counted."""
        times = sorted(judged.ms_per_frame for _, judged in self.judged(*VersionKind))
        middle = times[len(times) // 2] if times else math.nan
        return Number(value=middle, n=len(times))

    def price(self, tier: str, cut_off: float) -> tuple[Number, Number]:
        """Return what a threshold of confidence gives in a tier.

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
        found = _above(_in_tier(self.judged(*PUT_IN), tier), cut_off)
        quiet = _above(_in_tier(self.judged(VersionKind.UNTOUCHED), tier), cut_off)
        return self._estimated(SENSITIVITY, found), self._alarms(ALARMS_PER_MIN, quiet)


def _has_eyelid(burst: Episode) -> bool:
    return Region.EYELID in burst.regions


def _in_view(scored: Scored, family_unseen: bool) -> bool:
    """Return whether an exam belongs to the view."""
    if not family_unseen:
        return scored.exam == ALL_FAMILIES
    family = scored.version.family
    return scored.exam == family if family else scored.exam != ALL_FAMILIES


def _above(
    recordings: Iterable[ScoredRecording], cut_off: float
) -> list[RecordingScore]:
    return [score(item, least_confidence=cut_off) for item in recordings]


def _severity_at(drawn: dict[float, str], onset_s: float) -> str:
    """Return how strong the burst at an onset was drawn; empty when not known."""
    near = [name for at_s, name in drawn.items() if abs(at_s - onset_s) < 2e-3]
    return near[0] if near else ""


def _in_tier(
    pairs: Iterable[tuple[Scored, Judged]], tier: str
) -> list[ScoredRecording]:
    return [j.lenient for s, j in pairs if s.version.video.tier.value == tier]
