"""Check whether every row is as it was written, read as the program reads it.

First whether it can be read at all (`checking_cells`, `checking_readable`); then whether
the hashes are still those of what they were taken of (`revisions.digest`, `seals`), and
the lines of ``changes`` lead to what the tables hold now. Repairs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Table,
    select,
)

from twitch_tracker.border.plain import plain
from twitch_tracker.episodes.description.bilateral import mark_bilateral
from twitch_tracker.journal.entries import Finding, FindingKind
from twitch_tracker.journal.histories import METHOD_COLUMNS, read_method
from twitch_tracker.journal.logging_in import BLINK_COLUMNS
from twitch_tracker.journal.reading import bursts_of
from twitch_tracker.journal.store.line_counts import lines_counted
from twitch_tracker.journal.store.packing import (
    EPISODE_COLUMNS,
    DatabaseRow,
)
from twitch_tracker.journal.store.schema import (
    blinks,
    change_counts,
    changes,
    diary,
    episodes,
    methods,
    patients,
    recordings,
    review_marks,
    reviews,
    revisions,
    treatments,
)
from twitch_tracker.journal.store.seals import (
    EARLY_COLUMNS,
    SEALS,
    SUM,
    digest_again,
    digest_of,
    seal_of,
    sum_of,
)
from twitch_tracker.journal.upkeep.checking_cells import check_cells, finding
from twitch_tracker.journal.upkeep.checking_readable import check_readable
from twitch_tracker.records import Episode
from twitch_tracker.records.face_numbers import FACE_NUMBERS

__all__ = ["UNREADABLE", "check_rows", "digest_of_revision"]

UNREADABLE: Final = frozenset(
    {
        FindingKind.DATABASE_DAMAGED,
        FindingKind.CELL_WRONG,
        FindingKind.TABLE_UNREADABLE,
        FindingKind.ROW_UNREADABLE,
    }
)
"""After these nothing may be read any more as if it were sound."""


def check_rows(connection: Connection, *, sqlite: bool) -> Iterator[Finding]:
    """Look at every row.

    Parameters
    ----------
    connection : Connection
        For reading.
    sqlite : bool
        Whether a cell may hold anything, whatever its column says.

    Yields
    ------
    Finding
        What is not as it was written. When a table cannot be read, nothing more is
        asked of what depends on it.
    """
    if sqlite:
        wrong = list(check_cells(connection))
        yield from wrong
        if wrong:
            return
    unreadable = list(check_readable(connection))
    yield from unreadable
    if unreadable:
        return
    yield from _of_digests(connection)
    yield from _of_changes(connection)


# --- hashes -----------------------------------------------------------------


def _of_digests(connection: Connection) -> Iterator[Finding]:
    """Check that each analysis is still the one whose hash was stored."""
    wanted = select(revisions, *METHOD_COLUMNS).join(
        methods, methods.c.id == revisions.c.method_id
    )
    for row in connection.execute(wanted.order_by(revisions.c.id)).mappings().all():
        bursts = _cells(connection, episodes, EPISODE_COLUMNS, row["id"])
        closures = _cells(connection, blinks, BLINK_COLUMNS, row["id"])
        digests = {_digest(row, bursts, closures)}
        if row["hardly_open"] is None and _only_derived(connection, row["id"]):
            digests.add(
                _digest(row, [each[:EARLY_COLUMNS] for each in bursts], closures)
            )
        digests |= {digest_again(each, row["number"] - 1) for each in digests}
        numbered = all(_is_numbered(connection, of, row["id"]) for of in _NUMBERED)
        if row["digest"] not in digests or not numbered:
            yield finding(
                FindingKind.ANALYSIS_CHANGED,
                recording=row["recording_id"],
                revision=row["number"],
            )


_NUMBERED: Final = (episodes, blinks)


def _is_numbered(connection: Connection, table: Table, revision: int) -> bool:
    """Return whether rows are numbered from 1: reviews call a burst by its number."""
    wanted = select(table.c.number).where(table.c.revision_id == revision)
    numbers = sorted(connection.execute(wanted).scalars())
    return numbers == [*range(1, len(numbers) + 1)]


def _digest(row: DatabaseRow, bursts: Sequence[Any], closures: Sequence[Any]) -> str:
    return digest_of(
        method=read_method(row),
        parameters=row["parameters"],
        numbers=(
            row["recorded_s"],
            row["analysable_s"],
            _nan_for_null(row["rest_asymmetry"]),
        ),
        excluded=row["excluded"],
        bursts=bursts,
        blinks=closures,
        hardly_open=row["hardly_open"],
        face={name: row[name] for name in FACE_NUMBERS},
    )


def _only_derived(connection: Connection, revision: int) -> bool:
    """Return whether of what came later there is only what follows from the times.

    The first version did not know it, and neither does the hash that it stored.
    """
    found = [burst.episode for burst in bursts_of(connection, revision)]
    bare = [
        replace(one, onset_cut=False, offset_cut=False, bilateral=False)
        for one in found
    ]
    derived = list(mark_bilateral(bare))
    return list(map(_later, derived)) == list(map(_later, found))


def _later(burst: Episode) -> tuple[bool, bool, bool]:
    """Return what the first version did not know.

    Whole bursts must not be compared: from Python 3.13 on a burst with a NaN in it does
    not equal its own copy.
    """
    return burst.onset_cut, burst.offset_cut, burst.bilateral


def digest_of_revision(connection: Connection, row: DatabaseRow) -> str:
    """Hash an analysis as it is in the journal.

    Parameters
    ----------
    connection : Connection
        To the journal.
    row : Mapping
        The columns of ``revisions`` with those of its method.

    Returns
    -------
    str
        What its ``digest`` should be.
    """
    bursts = _cells(connection, episodes, EPISODE_COLUMNS, row["id"])
    closures = _cells(connection, blinks, BLINK_COLUMNS, row["id"])
    return _digest(row, bursts, closures)


def _nan_for_null(value: float | None) -> float:
    return float("nan") if value is None else value


def _cells(
    connection: Connection, table: Table, columns: tuple[str, ...], revision: int
) -> list[Any]:
    """Read rows in their order."""
    wanted = (
        select(*(table.c[name] for name in columns))
        .where(table.c.revision_id == revision)
        .order_by(table.c.number)
    )
    return list(connection.execute(wanted))


def _of_changes(connection: Connection) -> Iterator[Finding]:
    """Check that each line of the changes is whole, and leads to what there is now."""
    seals: dict[str, str] = {}
    state = _State()
    lines = connection.execute(select(changes).order_by(changes.c.id)).mappings().all()
    for line in lines:
        after = None if line["after"] is None else json.loads(line["after"])
        strange = (after or {}).keys() - _KEYS.get(line["kind"], frozenset())
        if strange or (after and SUM in after and sum_of(line, after) != after[SUM]):
            yield finding(FindingKind.CHANGE_DAMAGED, line=line["id"])
            return
        seals.update((after or {}).get(SEALS, {}))
        state.take(line, after)
    yield from _of_counts(connection)
    yield from _of_sealed(connection, lines)
    yield from _of_seals(connection, seals)
    yield from state.differences(connection)


def _of_counts(connection: Connection) -> Iterator[Finding]:
    """Check that the list of changes has the lines that were written in it."""
    there = lines_counted(connection)
    written = {
        row["patient_id"]: (row["lines"], row["digest"])
        for row in connection.execute(select(change_counts)).mappings()
    }
    for number in sorted(there.keys() | written.keys()):
        if there.get(number) != written.get(number):
            yield finding(
                FindingKind.CHANGES_MISCOUNTED,
                person=number,
                expected=written.get(number, (0, ""))[0],
                got=there.get(number, (0, ""))[0],
            )


_KEYS: Final = {
    "patient": frozenset({*patients.c.keys(), SEALS, SUM}),
    "diary": frozenset({*diary.c.keys(), SEALS, SUM}),
    "treatment": frozenset({*treatments.c.keys(), SEALS, SUM}),
    "recording": frozenset({*recordings.c.keys(), "revision", SEALS, SUM}),
    "review": frozenset({"rater", "revision", "way", "blind", SEALS, SUM}),
}
"""What a line of each kind can say; anything else was not written by any version."""


_SEALED: Final = (recordings, revisions, methods, reviews, review_marks)
"""Tables whose rows lines of the changes seal."""


def _of_seals(connection: Connection, seals: Mapping[str, str]) -> Iterator[Finding]:
    """Check that rows are as they were sealed last; removed ones do not count."""
    for table in _SEALED:
        for row in connection.execute(select(table)).mappings():
            name = f"{table.name}:{row['id']}"
            if name in seals and seal_of(row) != seals[name]:
                yield finding(
                    FindingKind.ROW_CHANGED, table=table.name, row=str(row["id"])
                )


def _of_sealed(
    connection: Connection, lines: Sequence[DatabaseRow]
) -> Iterator[Finding]:
    """Check that each row that a line seals is there, and no other act of a review."""
    recording_of: dict[tuple[str, int], str] = {}
    oldest: int | None = None
    for line in lines:
        if (line["kind"], line["action"]) == ("recording", "remove"):
            gone = line["name"]
            recording_of = {k: one for k, one in recording_of.items() if one != gone}
        elif line["after"]:
            for of, key in _sealed_in(json.loads(line["after"])):
                recording_of[of, key] = line["name"]
                if of == reviews.name:
                    oldest = key if oldest is None else min(oldest, key)
    for table in _SEALED:
        there = set(connection.execute(select(table.c.id)).scalars())
        known = {key for name, key in recording_of if name == table.name}
        wrong = known - there
        if table is reviews and oldest is not None:
            wrong |= {act for act in there - known if act > oldest}
        for key in sorted(wrong):
            yield finding(FindingKind.ROW_CHANGED, table=table.name, row=str(key))


def _sealed_in(after: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield the rows that a line of the changes seals."""
    for name in after.get(SEALS, {}):
        table, _, key = name.partition(":")
        if key.isdecimal():
            yield table, int(key)


class _State:
    """What people, diary and treatments should hold, by what was changed in them."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], dict[str, Any]] = {}

    def take(self, line: DatabaseRow, after: Mapping[str, Any] | None) -> None:
        """Take one line over."""
        if line["kind"] not in {"patient", "diary", "treatment"}:
            return
        patient = line["patient_id"]
        name = {
            "patient": str(patient),
            "diary": f"{patient} {line['name']}",
            "treatment": line["name"],
        }[line["kind"]]
        key = (line["kind"], name)
        cells = {k: v for k, v in (after or {}).items() if not k.startswith("_")}
        if cells:
            owner = {} if line["kind"] == "patient" else {"patient_id": patient}
            self._known[key] = {**self._known.get(key, {}), **cells, **owner}
        else:
            self._known.pop(key, None)

    def differences(self, connection: Connection) -> Iterator[Finding]:
        """Compare with what there is."""
        for kind, table, name_of in _REPLAYED:
            there = {
                name_of(row): row
                for row in connection.execute(select(table)).mappings()
            }
            known = {
                name: cells for (of, name), cells in self._known.items() if of == kind
            }
            for name, cells in known.items():
                row = there.get(name)
                if row is None or any(
                    plain(row[column]) != value
                    for column, value in cells.items()
                    if column in row
                ):
                    yield finding(FindingKind.ROW_CHANGED, table=table.name, row=name)
            if kind == "patient":
                yield from _of_choices(there, known)
            else:  # the list does not have people who are older than it
                for name in there.keys() - known.keys():
                    yield finding(FindingKind.ROW_CHANGED, table=table.name, row=name)


_CHOICES: Final = ("no_known_face", "films_kept_days")
"""Of a person, younger than the list: empty until a line of it says otherwise."""


def _of_choices(
    there: Mapping[str, DatabaseRow], known: Mapping[str, Mapping[str, Any]]
) -> Iterator[Finding]:
    """Check that nobody has made a choice that no line of the changes knows."""
    for name, row in there.items():
        unknown = [one for one in _CHOICES if one not in known.get(name, {})]
        if any(row[one] is not None and row[one] is not False for one in unknown):
            yield finding(FindingKind.ROW_CHANGED, table=patients.name, row=name)


_REPLAYED: Final[tuple[tuple[str, Table, Callable[[DatabaseRow], str]], ...]] = (
    ("patient", patients, lambda row: str(row["id"])),
    ("diary", diary, lambda row: f"{row['patient_id']} {row['day']}"),
    ("treatment", treatments, lambda row: str(row["id"])),
)
