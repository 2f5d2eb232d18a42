"""Parse the form of a treatment, field by field.

Knows no page and no journal. Note: a number that was not entered is NaN, never 0; what
does not fit is shown beside its field and nothing is guessed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict

from twitch_tracker.app.notes.form_reading import number_or_none, read_day
from twitch_tracker.errors import BadParameter
from twitch_tracker.history import SideEffect, Treatment, TreatmentKind
from twitch_tracker.journal.files.tables import muscles_from_text, muscles_to_text
from twitch_tracker.language import capitalised, mark, say
from twitch_tracker.regions import Side
from twitch_tracker.wording.terms import side_effect_name, side_name

__all__ = ["MOST_UNITS", "TreatmentForm", "kind_choices", "side_choices", "typed"]

MOST_UNITS: Final = 10_000

_KINDS: Final = {
    TreatmentKind.BOTULINUM_TOXIN: mark("Injection of botulinum toxin"),
    TreatmentKind.MICROVASCULAR_DECOMPRESSION: mark(
        "Operation (microvascular decompression)"
    ),
    TreatmentKind.OTHER: mark("Something else"),
}


NO_SIDE_EFFECTS: Final = "none"


class TreatmentForm(BaseModel):
    """What was typed, as it was typed."""

    model_config = ConfigDict(frozen=True)

    on: str = ""
    kind: str = ""
    side: str = ""
    product: str = ""
    units: str = ""
    muscles: str = ""
    notes: str = ""
    side_effects: tuple[str, ...] = ()

    def read(self, today: date) -> tuple[Treatment | None, Mapping[str, str]]:
        """Parse the form.

        Parameters
        ----------
        today : date
            Later days are refused.

        Returns
        -------
        Treatment or None
            None when something does not fit.
        problems : mapping of str to str
            What does not fit, by field, in words, in the order of the form.
        """
        problems: dict[str, str] = {}
        day = read_day(self.on, today, problems)
        kind = next((k for k in TreatmentKind if k.value == self.kind), None)
        if kind is None:
            problems["kind"] = say("Choose what was done.")
        side = next((s for s in Side if s.value == self.side), None)
        if self.side and side is None:
            problems["side"] = say('Choose a side, or "not stated".')
        units = _units(self.units, problems)
        muscles = _muscles(self.muscles, problems)
        if problems or day is None or kind is None:
            return None, problems
        found = Treatment(
            kind=kind,
            on=day,
            side=side,
            product=self.product.strip(),
            units=units,
            muscles=muscles,
            notes=self.notes.strip(),
            side_effects=self._noticed(),
        )
        return found, problems

    def _noticed(self) -> tuple[SideEffect, ...] | None:
        """Return what was ticked; None when nothing was."""
        noticed = tuple(one for one in SideEffect if one.value in self.side_effects)
        return noticed if noticed or NO_SIDE_EFFECTS in self.side_effects else None


def typed(given: Treatment) -> TreatmentForm:
    """Return what a form shows of a treatment that is there already."""
    return TreatmentForm(
        on=given.on.isoformat(),
        kind=given.kind.value,
        side=given.side.value if given.side else "",
        product=given.product,
        units=f"{given.units:g}" if math.isfinite(given.units) else "",
        muscles=muscles_to_text(given.muscles).replace("; ", "\n"),
        notes=given.notes,
        side_effects=()
        if given.side_effects is None
        else tuple(one.value for one in given.side_effects) or (NO_SIDE_EFFECTS,),
    )


def _units(text: str, problems: dict[str, str]) -> float:
    if not text.strip():
        return math.nan
    found = number_or_none(text)
    if found is None:
        problems["units"] = say("Enter the units as a number, such as 25 or 12.5.")
    elif found < 0:
        problems["units"] = say("Units cannot be negative.")
    elif found > MOST_UNITS:
        problems["units"] = say(
            "More than {most} units cannot be right. Check the number.", most=MOST_UNITS
        )
    else:
        return found
    return math.nan


def _muscles(text: str, problems: dict[str, str]) -> dict[str, float]:
    """Read one muscle a line (or between semicolons), with or without units."""
    lines = ";".join(text.splitlines())
    try:
        found = muscles_from_text(lines)
    except BadParameter:
        problems["muscles"] = say(
            "Enter one muscle per line, each once, with = and its units: orbicularis "
            "oculi = 12.5"
        )
        return {}
    if any(units < 0 or units > MOST_UNITS for units in found.values()):
        problems["muscles"] = say(
            "Enter the units of a muscle as a number from 0 to {most}.", most=MOST_UNITS
        )
    return found


def side_effect_choices() -> tuple[tuple[str, str], ...]:
    """Return what may have been noticed, with names; last that it was none of these."""
    named = [(one.value, capitalised(side_effect_name(one))) for one in SideEffect]
    return (*named, (NO_SIDE_EFFECTS, say("None of these")))


def kind_choices() -> tuple[tuple[str, str], ...]:
    """Return what can be done, with names."""
    return tuple((kind.value, say(name)) for kind, name in _KINDS.items())


def side_choices() -> tuple[tuple[str, str], ...]:
    """Return the sides, the right one first, and that it is not known."""
    sides = ((s.value, side_name(s)) for s in (Side.RIGHT, Side.LEFT))
    return (*sides, ("", say("not stated")))
