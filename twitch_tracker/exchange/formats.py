"""The formats for other programs, and what writes them.

Light, as ``--help`` needs it: a writer loads its module when it writes. What each is
called stands in `wording.export_formats`; the app's list and the command's help follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from twitch_tracker.exchange.coding.recording import Coding

__all__ = ["CODED", "CODING_WRITERS", "SEVERAL_FILES", "Detail", "FileFormat"]


class FileFormat(StrEnum):
    """What can be written, in the order in which it is offered."""

    CSV = "csv"
    BORIS = "boris"
    BORIS_TABLE = "boris-table"
    BORIS_EVENTS = "boris-events"
    ELAN = "elan"
    ELAN_TAB = "elan-tab"
    FHIR = "fhir"
    DICTIONARY = "dictionary"


def _boris(name: str, codings: Sequence[Coding]) -> dict[str, str]:
    from twitch_tracker.exchange.coding import boris_write

    return {f"{_safe(name)}.boris": boris_write.project(name, codings)}


def _boris_table(name: str, codings: Sequence[Coding]) -> dict[str, str]:
    from twitch_tracker.exchange.coding import boris_write

    return {f"{_safe(name)}_aggregated.csv": boris_write.aggregated_events(codings)}


def _boris_events(name: str, codings: Sequence[Coding]) -> dict[str, str]:
    from twitch_tracker.exchange.coding import boris_write

    return {f"{_safe(name)}_tabular.csv": boris_write.tabular_events(codings)}


def _elan(_name: str, codings: Sequence[Coding]) -> dict[str, str]:
    from twitch_tracker.exchange.coding import elan_write

    return {f"{_safe(one.name)}.eaf": elan_write.eaf(one) for one in codings}


def _elan_tab(_name: str, codings: Sequence[Coding]) -> dict[str, str]:
    from twitch_tracker.exchange.coding import elan_write

    return {f"{_safe(one.name)}_elan.txt": elan_write.tabbed(one) for one in codings}


def _safe(name: str) -> str:
    from twitch_tracker.exchange.whole import file_name

    return file_name(name)


CODING_WRITERS: Final[
    Mapping[FileFormat, Callable[[str, Sequence[Coding]], dict[str, str]]]
] = {
    FileFormat.BORIS: _boris,
    FileFormat.BORIS_TABLE: _boris_table,
    FileFormat.BORIS_EVENTS: _boris_events,
    FileFormat.ELAN: _elan,
    FileFormat.ELAN_TAB: _elan_tab,
}
"""By format of codings: what makes texts by file name, of a name and recordings."""

CODED: Final = frozenset(CODING_WRITERS)
"""The formats of codings; FHIR and CSV are about people."""

SEVERAL_FILES: Final = frozenset({FileFormat.CSV, FileFormat.ELAN, FileFormat.ELAN_TAB})
"""The formats of several files, usually."""


class Detail(StrEnum):
    """How much of each recording goes out.

    `HEADLINE` is one observation of both sides: bursts, their rate, the share of time
    in them, minutes measured, task. `FULL` has every measure of each side.
    """

    HEADLINE = "headline"
    FULL = "full"
