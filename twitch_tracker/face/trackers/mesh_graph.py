"""The graph that runs the attention mesh, and how its answer is read.

MediaPipe's own interface to a graph makes a new type for every answer and an object for
each landmark. Here its packets are passed and read as bytes, which gives the same
numbers and saves half a millisecond a picture.

Note: the graph holds no state from one picture to the next; its clock only has to run
forward.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.regions import MESH_POINTS

__all__ = ["open_graph", "read_coordinates"]

_STEP_US: Final = 33333
"""Between pictures on the graph's clock; any step will do."""

_LEAST_PRESENCE: Final = 0.5
"""Of a face, 0 to 1, which the network must report; the default of MediaPipe."""

_POINT: Final = np.dtype(
    {
        "names": ["head", "x", "y_tag", "y", "z_tag", "z"],
        "formats": ["S3", "<f4", "u1", "<f4", "u1", "<f4"],
    }
)
"""How protobuf writes a landmark that has just x, y and z: each number behind the
tag of its field, all behind the tag and the length of the message."""

_TAGS: Final = {"head": b"\x0a\x0f\x0d", "y_tag": 0x15, "z_tag": 0x1D}


def read_coordinates(written: bytes) -> NDArray[np.float32]:
    """Read what the mesh network found.

    All at once from the bytes of the message: asking each landmark for each number
    takes ten times as long. A message of another form is read number by number.

    Parameters
    ----------
    written : bytes
        MediaPipe's message, a NormalizedLandmarkList.

    Returns
    -------
    NDArray[np.float32]
        x, y and z of every landmark, shape (478, 3).
    """
    if len(written) == MESH_POINTS * _POINT.itemsize:
        points = np.frombuffer(written, _POINT)
        if all((points[name] == tag).all() for name, tag in _TAGS.items()):
            return np.stack([points["x"], points["y"], points["z"]], axis=1)
    from mediapipe.framework.formats.landmark_pb2 import NormalizedLandmarkList

    found = NormalizedLandmarkList.FromString(written)
    numbers = [(point.x, point.y, point.z) for point in found.landmark]
    return np.array(numbers, np.float32).reshape(MESH_POINTS, 3)


def open_graph() -> Any:
    """Build a graph of the mesh network alone.

    Returns
    -------
    object
        Has ``find(image, rect)``, which gives what `read_coordinates` does or None where
        no face is, and ``close()``.
    """
    from mediapipe.framework import calculator_pb2
    from mediapipe.python import packet_creator, packet_getter
    from mediapipe.python._framework_bindings.image_frame import ImageFormat
    from mediapipe.python.solution_base import SolutionBase

    config = calculator_pb2.CalculatorGraphConfig(
        input_stream=["image", "roi"],
        input_side_packet=["with_attention"],
        output_stream=["landmarks"],
    )
    config.node.add(
        calculator="FaceLandmarkCpu",
        input_stream=["IMAGE:image", "ROI:roi"],
        input_side_packet=["WITH_ATTENTION:with_attention"],
        output_stream=["LANDMARKS:landmarks"],
    )

    class Graph(SolutionBase):  # type: ignore[misc]
        def find(self, image: NDArray[np.uint8], rect: Any) -> Any:
            self._graph_outputs.clear()
            self._simulated_timestamp += _STEP_US
            picture = packet_creator.create_image_frame(
                data=image, image_format=ImageFormat.SRGB
            )
            place = packet_creator.create_proto(rect)
            for stream, packet in (("image", picture), ("roi", place)):
                self._graph.add_packet_to_input_stream(
                    stream=stream, packet=packet.at(self._simulated_timestamp)
                )
            self._graph.wait_until_idle()
            found = self._graph_outputs.get("landmarks")
            if found is None or found.is_empty():
                return None
            read = packet_getter._packet_getter._get_serialized_proto
            return read_coordinates(read(found))

    threshold = {"facelandmarkcpu__ThresholdingCalculator.threshold": _LEAST_PRESENCE}
    return Graph(
        graph_config=config,
        side_inputs={"with_attention": True},
        calculator_params=threshold,
        outputs=["landmarks"],
    )
