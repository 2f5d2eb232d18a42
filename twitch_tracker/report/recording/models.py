"""Bokeh's models, written down as its JavaScript reads them.

A chart is a document of models: named objects with attributes. Bokeh's Python
package writes such documents too, but loading it takes more processor time than
analysing several seconds of a film, and a page needs its JavaScript alone. Only
attributes that differ from Bokeh's own are given. That every name and value is one
that Bokeh knows is for a test to say: it lets Bokeh's Python read a chart back.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

__all__ = ["Model", "document", "field", "mapping", "value"]


class Model:
    """One of Bokeh's models: the name of its kind, and its attributes.

    It is itself and no other with the same attributes: where it comes again in a
    document, the same thing is meant.
    """

    __slots__ = ("attributes", "kind")

    def __init__(self, kind: str, /, **attributes: Any) -> None:
        self.kind = kind
        self.attributes = attributes


def field(column: str) -> dict[str, str]:
    """Let a property of a glyph come from a column of its source."""
    return {"type": "field", "field": column}


def value(one: object) -> dict[str, object]:
    """Give a property of a glyph the same value everywhere."""
    return {"type": "value", "value": one}


def mapping(pairs: Mapping[Any, object]) -> dict[str, object]:
    """Write a mapping; columns of a source are one."""
    return {"type": "map", "entries": [list(pair) for pair in pairs.items()]}


def document(root: Model, target: str) -> dict[str, object]:
    """Return what ``Bokeh.embed.embed_item`` draws.

    Parameters
    ----------
    root : Model
        The outermost model.
    target : str
        Identifier of the element that will hold it.

    Returns
    -------
    dict
        Ready for `json.dumps`.
    """
    written = _Writer().written(root)
    bokeh = version("bokeh")
    return {
        "target_id": target,
        "root_id": written["id"],
        "doc": {"version": bokeh, "title": "", "roots": [written]},
        "version": bokeh,
    }


class _Writer:
    """Writes a tree of models; a model that comes again is only named."""

    def __init__(self) -> None:
        self._names: dict[Model, str] = {}

    def written(self, thing: Any) -> Any:
        """Return models, columns and numbers as JSON has them."""
        match thing:
            case Model():
                return self._model(thing)
            case dict():
                return {name: self.written(one) for name, one in thing.items()}
            case np.ndarray():
                return _numbers(thing)
            case str():
                return thing
            case Sequence():
                return [self.written(one) for one in thing]
        return thing

    def _model(self, model: Model) -> dict[str, object]:
        if model in self._names:
            return {"id": self._names[model]}
        name = self._names[model] = f"m{len(self._names)}"
        return {
            "type": "object",
            "name": model.kind,
            "id": name,
            "attributes": self.written(model.attributes),
        }


def _numbers(column: np.ndarray[Any, Any]) -> list[object]:
    """Return a column as numbers; JSON has none for what was not measured."""
    return [
        {"type": "number", "value": "nan"} if math.isnan(number) else number
        for number in column.tolist()
    ]
