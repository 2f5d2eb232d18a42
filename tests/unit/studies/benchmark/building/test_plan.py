"""What is drawn depends on name, variant and seed, and on nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from studies.benchmark.building import content
from studies.benchmark.building.faces import FaceVideo, Tier
from studies.benchmark.building.films import Film
from studies.benchmark.building.plan import (
    FAMILY,
    Family,
    Version,
    VersionKind,
    plan_versions,
)
from studies.truth.courses import Stage
from twitch_tracker.regions import Side
from twitch_tracker.simulate.real.real_blinks import RealBlink
from twitch_tracker.simulate.real.reopen import RealClosure
from twitch_tracker.timebase import Interval

ONE = FaceVideo(file="rest_a.mp4", face="a", tier=Tier.REST)
OTHER = FaceVideo(file="rest_b.mp4", face="b", tier=Tier.REST)


def test_every_video_gets_all_kinds_and_names_differ():
    versions = plan_versions([ONE, OTHER], variants=3)
    assert len({version.name for version in versions}) == len(versions)
    early = [v for v in versions if v.video is ONE and v.stage is Stage.EARLY]
    kinds = Counter(version.kind for version in early)
    assert kinds[VersionKind.SPASMS] == kinds[VersionKind.SECOND] == 3
    once = (VersionKind.UNTOUCHED, VersionKind.REOPENED, VersionKind.HALVES)
    assert all(kinds[kind] == 1 for kind in once)


def test_every_family_makes_bursts_and_only_the_untouched_has_none():
    families = {v.family for v in plan_versions([ONE]) if v.family}
    assert families == set(Family)
    assert set(VersionKind) - set(FAMILY) == {VersionKind.UNTOUCHED}


def test_one_video_of_about_every_second_face_is_made_late():
    faces = [FaceVideo(file=f"{k}.mp4", face=str(k), tier=Tier.REST) for k in range(60)]
    again = [replace(video, file=f"again_{video.file}") for video in faces]
    late = [v for v in plan_versions([*faces, *again]) if v.stage is Stage.LATE]
    of = {version.video.file for version in late}
    assert 20 <= len(of) <= 40
    assert not any(file.startswith("again") for file in of)
    assert {VersionKind.SPASMS, VersionKind.SECOND, VersionKind.HELD} == {
        version.kind for version in late
    }


def test_another_video_changes_nothing_and_another_seed_everything():
    alone = plan_versions([ONE], seed=4)
    both = plan_versions([OTHER, ONE], seed=4)
    assert tuple(v for v in both if v.video is ONE) == alone
    draws = {version.draw for version in (*alone, *plan_versions([ONE], seed=5))}
    assert len(draws) == 2 * len(alone)


def test_sides_alternate_between_variants():
    first, second = (
        version.side
        for version in plan_versions([ONE], variants=2)
        if version.kind is VersionKind.SPASMS and version.stage is Stage.EARLY
    )
    assert first is second.other


def test_closures_that_follow_each_other_too_soon_stay_blinks():
    def closure(at_s: float) -> RealClosure:
        span = Interval(start_s=at_s, end_s=at_s + 0.2)
        blink = RealBlink(
            spans=(span, span),
            closure=(0.9, 0.9),
            aperture_mm_drop=(8.0, 8.0),
            before=round(at_s * 30) - 2,
            after=round(at_s * 30) + 8,
            steady=True,
        )
        return RealClosure(blink=blink, side=Side.LEFT)

    given = [closure(at_s) for at_s in (1.0, 1.5, 2.3, 3.0, 4.0)]
    kept = content.apart(given)
    assert [c.blink.span(Side.LEFT).start_s for c in kept] == [1.0, 2.3, 4.0]


def test_every_face_is_made_late_or_filmed_worse_with_the_same_bursts():
    videos = [
        FaceVideo(file=f"{name}.mp4", face=name, tier=Tier.REST)
        for name in "abcdefghij"
    ]
    by_face: dict[str, list[Version]] = {}
    for version in plan_versions(videos):
        by_face.setdefault(version.video.face, []).append(version)
    films = set()
    for versions in by_face.values():
        late = any(v.stage is Stage.LATE for v in versions)
        worse = [v for v in versions if v.film is not Film.PLAIN]
        assert late is not bool(worse)
        films |= {v.film for v in worse}
        for version in worse:
            (plain,) = [
                v for v in versions if (v.kind, v.film) == (version.kind, Film.PLAIN)
            ]
            assert (version.draw, version.side) == (plain.draw, plain.side)
            assert version.name == f"{plain.name}_{version.film.value}"
    assert films == {Film.DIM, Film.COMPRESSED, Film.SMALL}
