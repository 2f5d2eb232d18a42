"""The public names: all there, lazily, and typed."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

import twitch_tracker


@pytest.mark.parametrize("name", twitch_tracker.__all__)
def test_every_public_name_exists(name: str):
    assert getattr(twitch_tracker, name) is not None


@pytest.mark.parametrize("name", sorted(set(twitch_tracker.__all__) - {"__version__"}))
def test_a_public_name_is_the_thing_of_its_own_room(name: str):
    """Also `__all__` of that room has it, so that it is meant to be public there."""
    home = importlib.import_module(f"twitch_tracker.{twitch_tracker._HOME[name]}")
    assert getattr(twitch_tracker, name) is getattr(home, name)
    assert name in home.__all__


def test_the_lists_of_names_agree():
    """Names for people, for the loader and for the type checker."""
    tree = ast.parse(Path(twitch_tracker.__file__).read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    typed = {
        alias.name
        for node in guarded.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    public = set(twitch_tracker.__all__) - {"__version__"}
    assert typed == set(twitch_tracker._HOME) == public
    assert sorted(twitch_tracker.__all__) == dir(twitch_tracker)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'diagnose'"):
        twitch_tracker.diagnose  # noqa: B018


def test_the_package_says_that_it_is_typed():
    assert (Path(twitch_tracker.__file__).parent / "py.typed").is_file()
