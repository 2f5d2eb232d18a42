"""What is drawn depends on name, variant and seed, and on nothing else."""

from __future__ import annotations

from twitch_tracker.benchmark.faces import FaceVideo, Tier
from twitch_tracker.benchmark.plan import VersionKind, plan_versions

ONE = FaceVideo(file="rest_a.mp4", face="a", tier=Tier.REST)
OTHER = FaceVideo(file="rest_b.mp4", face="b", tier=Tier.REST)


def test_every_video_gets_all_kinds_and_names_differ():
    versions = plan_versions([ONE, OTHER], variants=3)
    assert len({version.name for version in versions}) == 2 * 5
    assert [v.kind for v in versions[:5]].count(VersionKind.SPASMS) == 3


def test_another_video_changes_nothing_and_another_seed_everything():
    alone = plan_versions([ONE], seed=4)
    assert plan_versions([OTHER, ONE], seed=4)[4:] == alone
    draws = {version.draw for version in (*alone, *plan_versions([ONE], seed=5))}
    assert len(draws) == 2 * len(alone)


def test_sides_alternate_between_variants():
    first, second = (
        version.side
        for version in plan_versions([ONE], variants=2)
        if version.kind is VersionKind.SPASMS
    )
    assert first is second.other
