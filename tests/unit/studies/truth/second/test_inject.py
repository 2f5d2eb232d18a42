"""The second injector on a portrait: what moves, what does not, and the truth."""

from __future__ import annotations

import numpy as np
import pytest

from studies.truth.courses import draw_course
from studies.truth.second.inject import SecondInjector, SecondPlan
from twitch_tracker.errors import BadParameter, BadShape
from twitch_tracker.regions import ORAL_COMMISSURE, Region, Side
from twitch_tracker.simulate.plan.events import Spasm
from twitch_tracker.simulate.portrait import Portrait

EVERYWHERE = (Region.EYELID, Region.CHEEK, Region.MOUTH_CORNER)
LOWER_FACE = (Region.MOUTH_CORNER, Region.CHEEK)


def held(side: Side, regions=EVERYWHERE, **how) -> Spasm:
    return Spasm(
        onset_s=1.0, offset_s=3.0, side=side, regions=regions, kind="tonic", **how
    )


def injector_of(*bursts: Spasm, seed: int = 3) -> SecondInjector:
    return SecondInjector(SecondPlan(bursts=bursts, seed=seed))


def peak_s(injector: SecondInjector) -> float:
    return float(injector.curves[0].peaks_s[0])


@pytest.fixture(scope="module")
def shown(portrait: Portrait):
    """Return a maker of the frame at a burst's peak."""

    def make(*bursts: Spasm, seed: int = 3):
        injector = injector_of(*bursts, seed=seed)
        mesh = portrait.face.mesh_px
        return injector.frame(portrait.image, mesh, peak_s(injector))

    return make


@pytest.mark.parametrize("side", Side)
def test_the_eye_of_the_side_closes_and_the_other_does_not(
    portrait: Portrait, tracker, shown, eye_aspect_ratio, side: Side
):
    before = tracker.follow(portrait.image, None)
    after = tracker.follow(shown(held(side, closure=0.8)), before)
    opening = {
        s: eye_aspect_ratio(after, s) / eye_aspect_ratio(before, s) for s in Side
    }
    assert opening[side] < 0.6
    assert opening[side.other] > 0.88


@pytest.mark.parametrize("side", Side)
def test_the_lower_face_alone_pulls_the_mouth_and_leaves_the_eyes(
    portrait: Portrait, tracker, shown, eye_aspect_ratio, side: Side
):
    before = tracker.follow(portrait.image, None)
    after = tracker.follow(shown(held(side, LOWER_FACE, excursion_mm=6.0)), before)
    outer = {s: ORAL_COMMISSURE[s][0] for s in Side}
    moved = {s: np.hypot(*(after - before)[outer[s], :2]) for s in Side}
    assert moved[side] > 2.0
    assert moved[side] > 2 * moved[side.other]
    for eye in Side:
        ratio = eye_aspect_ratio(after, eye) / eye_aspect_ratio(before, eye)
        assert ratio > 0.85


@pytest.mark.parametrize("side", Side)
def test_the_other_half_of_the_face_keeps_its_pixels(portrait, shown, side: Side):
    """Beyond the other eye nothing is touched, lips and philtrum go along a bit."""
    image = shown(held(side, closure=1.0, excursion_mm=6.0))
    canthus = int(portrait.face.mesh_px[263 if side is Side.RIGHT else 33, 0])
    far = np.s_[:, canthus:] if side is Side.RIGHT else np.s_[:, :canthus]
    assert np.array_equal(image[far], portrait.image[far])
    assert not np.array_equal(image, portrait.image)


def test_nothing_happens_outside_bursts_and_without_a_mesh(portrait: Portrait):
    injector = injector_of(held(Side.LEFT))
    image, mesh = portrait.image, portrait.face.mesh_px
    kept = image.copy()
    assert injector.frame(image, mesh, 0.5) is image
    assert injector.frame(image, mesh, 4.0) is image
    assert injector.frame(image, None, 2.0) is image
    injector.frame(image, mesh, 2.0)
    assert np.array_equal(image, kept)


def test_both_sides_contract_with_their_own_timing(portrait: Portrait):
    left = held(Side.LEFT, closure=0.9)
    right = Spasm(onset_s=2.0, offset_s=6.0, side=Side.RIGHT, kind="tonic")
    injector = injector_of(left, right)
    both = {side: injector.force(2.6, side).lids for side in Side}
    assert min(both.values()) > 0.2
    assert injector.force(1.5, Side.RIGHT).lids == 0.0
    assert injector.force(4.5, Side.LEFT).lids == 0.0


def test_the_same_seed_gives_the_same_frame(shown):
    burst = held(Side.LEFT)
    assert np.array_equal(shown(burst), shown(burst))
    assert not np.array_equal(shown(burst), shown(burst, seed=4))


def test_a_face_at_the_edge_of_the_picture_is_no_trouble(portrait: Portrait):
    injector = injector_of(held(Side.LEFT), held(Side.RIGHT))
    mesh = portrait.face.mesh_px
    for shift in ([190, 0, 0], [-190, 0, 0], [0, 200, 0], [0, -200, 0], [900, 0, 0]):
        shown = injector.frame(portrait.image, mesh + shift, 2.0)
        assert shown.shape == portrait.image.shape


def test_the_truth_tells_what_the_curves_do():
    burst = held(Side.RIGHT, closure=0.7, excursion_mm=4.0)
    injector = injector_of(burst)
    (row,) = injector.truth(aperture_mm=10.0)
    assert row.side == "right"
    assert row.regions == "eyelid;mouth_corner;cheek"
    assert row.lead_region == "eyelid"
    assert row.kind == "tonic"
    assert row.contractions == 1
    assert row.closure == 0.7
    assert row.excursion_mm == pytest.approx(7.0)
    assert 1.0 <= row.onset_s < 1.2
    assert 2.5 < row.offset_s < 3.15
    before, after = (
        injector.force(t, Side.RIGHT).lids / 0.7
        for t in (row.onset_s - 0.005, row.onset_s + 0.005)
    )
    assert before < 0.1 < after


def test_a_course_has_a_row_for_every_burst():
    course = draw_course(duration_s=240, seed=5, side="left", stage="late")
    rows = injector_of(*course).truth()
    assert [row.kind for row in rows] == [burst.kind.value for burst in course]
    for row, burst in zip(rows, course, strict=True):
        assert abs(row.onset_s - burst.onset_s) < 0.3
        assert row.offset_s < burst.offset_s + 0.2


def test_bad_input_is_refused(portrait: Portrait):
    with pytest.raises(BadParameter):
        SecondPlan(bursts=(), seed=-1)
    with pytest.raises(BadShape):
        injector_of(held(Side.LEFT)).frame(portrait.image, np.zeros((5, 3)), 2.0)
    with pytest.raises(BadParameter):
        injector_of(held(Side.LEFT)).frame(portrait.image, np.zeros((478, 3)), 2.0)
