"""The recording with what was measured drawn on it, picture by picture.

Every analysed frame is written once, with its own presentation time; nothing is
interpolated or resampled. Mesh and pictures are matched by presentation time and
not by frame number, so a recording that was analysed from a later start still
fits. The panel stands beside or below the picture and never covers the face.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import BadShape
from twitch_tracker.records import Progress, Session
from twitch_tracker.regions import MESH_POINTS
from twitch_tracker.report.overlay.face import draw_face, mesh_edges
from twitch_tracker.report.overlay.panel import Panel, active_at, choose_layout
from twitch_tracker.video.files import open_video
from twitch_tracker.video.writer import VideoWriter

__all__ = ["OverlayPainter", "write_overlay"]

MAX_SIDE_PX = 1920
"""Longer side of the picture in the overlay: larger ones, with the panel, exceed what
phones play (H.264 level 5.2: 36,864 macroblocks)."""

_CRF = 23
"""Constant rate factor of the encoder."""

_SAME_FRAME_S = 1e-4


class OverlayPainter:
    """Paints single pictures of the overlay.

    Parameters
    ----------
    session : Session
        The analysed recording.
    landmarks : NDArray[np.float32]
        Array or memory map of shape (n, 478, 3) in pixels of ``session.video``, one per frame of
        ``session.motion``.
    width_px, height_px : int
        Size of the pictures that will be painted on.
    """

    def __init__(
        self,
        session: Session,
        landmarks: NDArray[np.float32],
        width_px: int,
        height_px: int,
    ) -> None:
        """Choose the layout and triangulate the most frontal mesh."""
        expected = (len(session.motion.time_s), MESH_POINTS, 3)
        if tuple(landmarks.shape) != expected:
            raise BadShape("landmarks", str(expected), tuple(landmarks.shape))
        self._session, self._landmarks = session, landmarks
        self._scale = width_px / session.video.width_px
        panel_width, panel_height, self._beside = choose_layout(width_px, height_px)
        self._panel = Panel(session, panel_width, panel_height)
        self._edges = _edges_of(session, landmarks)
        self.size_px = (
            (width_px + panel_width, height_px)
            if self._beside
            else (width_px, height_px + panel_height)
        )

    def paint(self, image: NDArray[np.uint8], time_s: float) -> NDArray[np.uint8]:
        """Return the picture of one moment with mesh and panel.

        Parameters
        ----------
        image : NDArray[np.uint8]
            RGB, shape (height, width, 3), upright and unmirrored.
        time_s : float
            Its presentation time.

        Returns
        -------
        NDArray[np.uint8]
            RGB of `size_px`.
        """
        index = self._index_at(time_s)
        if index >= 0:
            mesh = np.asarray(self._landmarks[index], dtype=np.float32) * self._scale
            active = active_at(self._session, time_s)
            image = draw_face(image, mesh, self._edges, active)
        panel = self._panel.at(index, time_s)
        return np.concatenate([image, panel], axis=1 if self._beside else 0)

    def _index_at(self, time_s: float) -> int:
        """Return the analysed frame with this time, or -1."""
        times = self._session.motion.time_s
        index = int(np.searchsorted(times, time_s - _SAME_FRAME_S))
        if index < len(times) and abs(times[index] - time_s) <= _SAME_FRAME_S:
            return index
        return -1


def _edges_of(session: Session, landmarks: NDArray[np.float32]) -> NDArray[np.intp]:
    """Triangulate the mesh of the most frontal frame that has one."""
    turn = np.abs(session.motion.pose_deg[:, :2]).sum(axis=1)
    turn = np.where(session.motion.usable, turn, turn + 1000.0)
    for index in np.argsort(np.where(np.isfinite(turn), turn, np.inf), kind="stable"):
        mesh = np.asarray(landmarks[int(index)], dtype=np.float32)
        if np.isfinite(mesh[:, :2]).all():
            return mesh_edges(mesh)
    return np.empty((0, 2), dtype=np.intp)


def write_overlay(
    video_path: Path | str,
    session: Session,
    landmarks: NDArray[np.float32],
    out_path: Path | str,
    *,
    on_progress: Callable[[Progress], None] | None = None,
) -> Path:
    """Write the overlay video of one recording.

    Parameters
    ----------
    video_path : Path or str
        The recording that `session` came from.
    session : Session
        Its analysis.
    landmarks : NDArray[np.float32]
        Array or memory map of shape (n, 478, 3) in pixels of ``session.video``, NaN without a face.
    out_path : Path or str
        The MP4 file to make.
    on_progress : callable, optional
        Called after every picture.

    Returns
    -------
    Path
        `out_path`.

    Raises
    ------
    BadShape
        When `landmarks` does not fit the session.
    VideoUnreadable, TimestampsUnusable
        When the recording cannot be read again.
    OutputNotWritable
        When the video cannot be written.
    """
    times_s = session.motion.time_s
    start_s = max(float(times_s[0]) - _SAME_FRAME_S, 0.0)
    end_s = float(times_s[-1]) + _SAME_FRAME_S
    with open_video(
        video_path,
        mirrored=session.video.mirrored,
        start_s=start_s,
        end_s=end_s,
        max_side_px=MAX_SIDE_PX,
        reading=session.video.reading,
    ) as source:
        info = source.info
        painter = OverlayPainter(session, landmarks, info.width_px, info.height_px)
        width_px, height_px = painter.size_px
        with VideoWriter(
            out_path, width_px=width_px, height_px=height_px, crf=_CRF
        ) as writer:
            for frame in source:
                picture = painter.paint(frame.image, frame.time_s)
                writer.write(picture, frame.time_s - float(times_s[0]))
                if on_progress is not None:
                    on_progress(_progress(frame.time_s, end_s))
    return Path(out_path)


def _progress(done_s: float, end_s: float) -> Progress:
    return Progress(stage="overlay", done=done_s, total=end_s)
