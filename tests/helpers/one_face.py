"""What the program measures of many faces at once, of one."""

from __future__ import annotations

from twitch_tracker.face.likeness import View, compute_views
from twitch_tracker.face.occlusion import measure_foreignnesses
from twitch_tracker.face.pose import fit_head_pose
from twitch_tracker.face.quality import QualityLimits, judge, measure_sharpnesses
from twitch_tracker.records import Quality


def view_of(image, mesh) -> View:
    return compute_views([image], mesh[None], [fit_head_pose(mesh)])[0]


def foreignness(view: View, known: View) -> float:
    return float(measure_foreignnesses([view], [known])[0])


def quality_of(image, mesh, known: View | None = None) -> Quality:
    view, pose = view_of(image, mesh), fit_head_pose(mesh)
    return judge(
        mesh,
        image.shape,
        pose,
        view,
        sharpness=measure_sharpnesses([image], mesh[None], [pose])[0],
        foreignness=-1.0 if known is None else foreignness(view, known),
        limits=QualityLimits(),
    )
