"""What a simulation put into a face, for the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from twitch_tracker.language import say, say_n
from twitch_tracker.regions import Side

__all__ = ["simulation_lines"]


def simulation_lines(
    file: str, bursts: Mapping[Side, int], others: Mapping[str, int], hidden: int
) -> str:
    """Write what a simulation put into a face.

    Parameters
    ----------
    file : str
        The film.
    bursts : mapping of Side to int
        How many on each side.
    others : mapping of str to int
        How many of other events, by their names in the truth table.
    hidden : int
        How many of all of these no picture shows.
    """
    rest = ", ".join(f"{number} {event}" for event, number in sorted(others.items()))
    left, right = bursts[Side.LEFT], bursts[Side.RIGHT]
    text = say(
        "{file}: bursts: {left} on the left, {right} on the right",
        file=file,
        left=left,
        right=right,
    )
    lines = [text + (say("; also {events}", events=rest) if rest else "")]
    if hidden:
        lines.append(
            say_n(
                "  {n} of these falls on pictures without a face (see `reasons`)",
                "  {n} of these fall on pictures without a face (see `reasons`)",
                hidden,
            )
        )
    return "\n".join(lines)
