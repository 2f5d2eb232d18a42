"""What was learned: found, hashed, run, and refused when it is not there."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.errors import WeightsCorrupt, WeightsMissing
from twitch_tracker.networks import (
    BURST,
    EYE_CLOSURE,
    EYE_CODE,
    EYE_LOOK,
    Network,
    networks_sha256,
    shipped_folder,
)


@pytest.mark.parametrize("name", [BURST, EYE_CLOSURE, EYE_CODE, EYE_LOOK])
def test_every_network_ships(name):
    assert len(Network(shipped_folder() / name).sha256) == 64


def test_everything_learned_is_small():
    shipped = [*shipped_folder().glob("*.onnx"), *shipped_folder().glob("*.json")]
    assert 0 < sum(path.stat().st_size for path in shipped) < 5_000_000


def test_a_missing_network_is_named_with_what_to_do(tmp_path):
    with pytest.raises(WeightsMissing, match=r"burst\.onnx.*Install"):
        Network(tmp_path / BURST)


def test_a_damaged_network_is_named_with_what_to_do(tmp_path):
    (tmp_path / BURST).write_bytes(b"this is no network")
    with pytest.raises(WeightsCorrupt, match=r"burst\.onnx.*Install"):
        Network(tmp_path / BURST)


def test_the_same_input_gives_the_same_output():
    network = Network(shipped_folder() / EYE_CODE)
    eyes = np.random.default_rng(1).normal(size=(2, 1, 36, 48)).astype(np.float32)
    first = network(eyes)
    assert first.shape[0] == 2
    np.testing.assert_array_equal(network(eyes), first)


def test_the_hash_changes_with_any_file(tmp_path):
    for name in (BURST, EYE_CODE):
        (tmp_path / name).write_bytes(b"one")
    before = networks_sha256(tmp_path)
    (tmp_path / EYE_CODE).write_bytes(b"two")
    assert networks_sha256(tmp_path) != before
