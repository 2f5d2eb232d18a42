"""Check JSON from elsewhere against one schema; an error says where it fails.

Knows no format; a schema is a pydantic type. What pydantic finds becomes an error of
this program that says the place in the document, what was expected and what was found.
Note: a number is a number, never text that looks like one, and finite; null is "not
measured" (NaN) where the schema says `Measured`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    WrapValidator,
)
from pydantic_core import ErrorDetails, from_json, to_json

from twitch_tracker.border.limits import MOST_COUNT, MOST_DOCUMENT_BYTES
from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.language import mark, say

__all__ = [
    "Count",
    "Document",
    "Finite",
    "Measured",
    "Sha256",
    "checked",
    "parsed",
    "refuse_large",
]

_Value = TypeVar("_Value")


class Document(BaseModel):
    """An object of a document: the keys that are read, each with its type."""

    model_config = ConfigDict(frozen=True, protected_namespaces=())


def _or_nan(value: Any, check: Callable[[Any], float]) -> float:
    return math.nan if value is None else check(value)


Finite = Annotated[float, Field(allow_inf_nan=False)]
"""A number."""

Measured = Annotated[float, Field(allow_inf_nan=False), WrapValidator(_or_nan)]
"""A number, or null, which becomes NaN."""

Count = Annotated[int, Field(ge=0, le=MOST_COUNT)]
"""How many there are of something."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""A hash, as hexadecimal digits; nothing else is ever part of a path."""

_EXPECTED: Final = {
    "missing": mark("a value of that name"),
    "float_type": mark("a number"),
    "float_parsing": mark("a number"),
    "finite_number": mark("a finite number"),
    "int_type": mark("a whole number"),
    "int_from_float": mark("a whole number"),
    "bool_type": mark("true or false"),
    "string_type": mark("text"),
    "string_pattern_mismatch": mark("a hash of 64 hexadecimal digits"),
    "enum": mark("one of {expected}"),
    "literal_error": mark("one of {expected}"),
    "greater_than_equal": mark("a number from {ge:g}"),
    "less_than_equal": mark("a number up to {le:g}"),
    "list_type": mark("a list"),
    "tuple_type": mark("a list"),
    "too_short": mark("a list of at least {min_length}"),
    "too_long": mark("a list of at most {max_length}"),
    "dict_type": mark("an object with names"),
    "model_type": mark("an object with names"),
    "dataclass_type": mark("an object with names"),
    "unexpected_keyword_argument": mark("no such name"),
}
"""By the types of pydantic's errors."""

_LONGEST_SHOWN: Final = 60


def parsed(text: str | bytes, name: str, error: type[TwitchTrackerError]) -> Any:
    """Read JSON.

    Parameters
    ----------
    text : str or bytes
        The document, no larger than its limit.
    name : str
        Of the file, for messages.
    error : type of TwitchTrackerError
        What is raised.

    Returns
    -------
    object
        What it holds; not yet checked.

    Raises
    ------
    TwitchTrackerError
        Of the given type: it is no JSON, too large, nested deeper than 200, or has a
        number of more than 4,300 digits.
    """
    refuse_large(text, name, error)
    try:
        return from_json(text)
    except ValueError as cause:
        raise error(
            say("{name}: expected JSON. {error}.", name=name, error=cause)
        ) from cause


def refuse_large(text: str | bytes, name: str, error: type[TwitchTrackerError]) -> None:
    """Refuse a document that would fill the memory when it is parsed.

    Raises
    ------
    TwitchTrackerError
        Of the given type.
    """
    if len(text) > MOST_DOCUMENT_BYTES:
        raise error(
            say(
                "{name}: expected a document of at most {most:.0f} MB, got {size:.0f} "
                "MB. Split it.",
                name=name,
                most=MOST_DOCUMENT_BYTES / 2**20,
                size=len(text) / 2**20,
            )
        )


def checked(
    schema: TypeAdapter[_Value],
    document: Any,
    name: str,
    error: type[TwitchTrackerError],
    *,
    known_only: bool = False,
) -> _Value:
    """Turn a document, or a part of one, into what a schema says it is.

    Parameters
    ----------
    schema : TypeAdapter
        What it must be.
    document : object
        From `parsed`.
    name : str
        File and place, for messages.
    error : type of TwitchTrackerError
        What is raised.
    known_only : bool
        Refuse names that the schema does not know.

    Raises
    ------
    TwitchTrackerError
        Of the given type: something is not what it must be; the message names the
        first place.
    """
    text = to_json(document, inf_nan_mode="constants")
    extra: Literal["forbid", "ignore"] = "forbid" if known_only else "ignore"
    try:
        return schema.validate_json(text, strict=True, extra=extra)
    except ValidationError as cause:
        found = cause.errors(include_url=False)[0]
        raise _complaint(name, found, error) from cause


def _complaint(
    name: str, found: ErrorDetails, error: type[TwitchTrackerError]
) -> TwitchTrackerError:
    """Say what is wrong with one value."""
    path = ".".join(map(str, found["loc"]))
    context = dict(found.get("ctx", {}))
    inner = context.pop("error", None)
    if isinstance(inner, TwitchTrackerError):
        return error(", ".join(filter(None, (name, path, str(inner)))))
    expected = _EXPECTED.get(found["type"])
    return error(
        say(
            "{where}: expected {expected}, got {got}.",
            where=", ".join(filter(None, (name, path))),
            expected=say(expected, **context) if expected else found["msg"],
            got=_short(found),
        )
    )


def _short(found: ErrorDetails) -> str:
    """Show what came, or as much of it as fits in a sentence."""
    if found["type"] == "missing":
        return "-"
    text = to_json(found["input"], inf_nan_mode="constants").decode()
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
