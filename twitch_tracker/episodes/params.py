"""Every number the geometric detector decides by, in one place.

Scores are in standard deviations of the quiet face. Where a number was chosen
by measurement, it was chosen on all development faces together, with simulated
bursts warped into their videos (`simulate.inject`), never on one clip.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["EpisodeParams"]


@dataclass(frozen=True, kw_only=True)
class EpisodeParams:
    """Parameters of `detector.GeometricDetector`.

    Attributes
    ----------
    enter_sd : float
        Combined evidence a burst must reach.
    leave_sd : float
        Combined evidence at which it begins and ends (hysteresis).
    mouth_share, cheek_share : float
        Weight of mouth and cheek evidence beside the eyelid's.
    helper_cap_sd : float
        Most that mouth or cheek can say for or against, before weighting.
    lead_factor : float
        Combined evidence may exceed the eyelid's own by this factor at most:
        without the eyelid nothing is logged.
    in_blink_cap_sd : float
        Most evidence an eyelid can give while both eyes close together.
    merge_gap_s : float
        Pieces closer than this are one burst (scoring rule of the design).
    shortest_s : float
        Bursts shorter than this are noise (less than two frames at 30 fps).
    abrupt_sd, abrupt_within_s : float
        A burst must gain this much evidence within this time: contractions
        start abruptly, asymmetric postures do not.
    blink_closure : float
        Closure of both eyes, as a fraction, that makes a blink.
    blink_complete : float
        Closure of both eyes that makes it complete.
    blink_longest_s : float
        Longer bilateral closures are not blinks.
    unequal_blink_longest_s, unequal_blink_closure, unequal_blink_ratio : float
        A candidate this short, during which the other eye closes by this
        fraction and by this share of the suspected eye, is an unequal blink.
    mouth_mm, cheek_mm, brow_mm : float
        Movement along with the closure, beyond what a closing eye alone shows, at
        which mouth corner, cheek and brow take part in a burst; as read, of which
        the truth is about twice (mouth, brow) to four times (cheek). A cheek that
        lifts with eyelid and mouth corner takes part with less.
    contraction_depth : float
        Share of the burst's strength by which the signal must fall between two
        contractions.
    contraction_apart_s : float
        Contractions are at least this far apart (10 a second at most).
    held_s : float
        Contractions that run together are held when the signal stays up for longer
        than this.
    held_alone_s : float
        A single contraction held longer than this is tonic; those of a train last 50
        to 400 ms (clinical facts, section 3), of which the flanks are not held.
    held_level, held_dip_s : float
        Held means above this share of the burst's strength, but for dips
        shorter than this.
    mixed_contractions, mixed_rate_hz : float
        A held burst is mixed with at least so many separate contractions, at
        least so many a second; with fewer it is tonic and counts as one.
    mixed_smooth_s : float
        ... after smoothing with this kernel, so that noise on a held closure
        does not count.
    """

    enter_sd: float = 3.5
    leave_sd: float = 0.9
    mouth_share: float = 0.6
    cheek_share: float = 0.45
    helper_cap_sd: float = 3.0
    lead_factor: float = 1.6
    in_blink_cap_sd: float = 1.8
    merge_gap_s: float = 0.30
    shortest_s: float = 0.06
    abrupt_sd: float = 3.0
    abrupt_within_s: float = 0.2
    blink_closure: float = 0.35
    blink_complete: float = 0.75
    blink_longest_s: float = 0.8
    unequal_blink_longest_s: float = 0.5
    unequal_blink_closure: float = 0.12
    unequal_blink_ratio: float = 0.25
    mouth_mm: float = 0.55
    cheek_mm: float = 0.6
    brow_mm: float = 0.45
    contraction_depth: float = 0.25
    contraction_apart_s: float = 0.08
    held_s: float = 0.6
    held_alone_s: float = 0.35
    held_level: float = 0.25
    held_dip_s: float = 0.05
    mixed_contractions: int = 3
    mixed_rate_hz: float = 1.3
    mixed_smooth_s: float = 0.03
