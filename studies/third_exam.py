"""An exam by a third injector: what is found in bursts that nothing ever learned from.

``python -m studies.third_exam VIDEOS... --landmarker FILE --out DIR`` puts bursts of
`studies.truth.third` into videos of faces without any, analyses these films and the
untouched ones as users do, and prints a table: what is found, by what the person does
(the name of the file says it: `tier_of_name`, after ``b_`` if it begins so) and by
severity, and what is made up. ``--long`` adds films with bursts of up to half a
minute, ``--closures`` films in which both eyes close. Films and truth stay
in DIR, and the table of the videos that are done (``table.md``).
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from studies.benchmark.building.faces import Tier, tier_of_name
from studies.truth.third.draw import draw_closures, draw_plan
from studies.truth.third.film import Source, load, write_film
from studies.truth.third.plan import FilmPlan, Severity
from twitch_tracker.evaluate.figures.held import COVERED
from twitch_tracker.evaluate.matching import Matching, match_bursts
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.pipeline import analyze
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import Region
from twitch_tracker.simulate.render import truth_path
from twitch_tracker.timebase import Interval

__all__ = ["Judged", "examined", "main", "table", "tier_of"]

_UNTOUCHED_S: Final = (20.0, 40.0)
"""Least and largest length of an untouched film."""
_CLOSURES_S: Final = 24.0
_HELD_S: Final = 3.0
"""A longer held burst should be logged as one that covers most of it (`COVERED`)."""
_NEAR_S: Final = 0.3
"""A burst so near a closure of both eyes belongs to it."""

_Films = tuple[tuple[str, FilmPlan], ...]


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What is true of one film, and what was logged of it.

    Attributes
    ----------
    tier : Tier
        What the person does.
    minutes : float
        Its analysable time.
    truth : tuple of Episode
        True bursts, their severity among their `reasons`; none in untouched films.
    closures : tuple of Interval
        When both eyes close.
    logged : tuple of Episode
        Bursts that were logged.
    """

    tier: Tier
    minutes: float
    truth: tuple[Episode, ...] = ()
    closures: tuple[Interval, ...] = ()
    logged: tuple[Episode, ...] = ()

    @property
    def untouched(self) -> bool:
        """Whether nothing was put into it."""
        return not self.truth and not self.closures


@dataclass(frozen=True, kw_only=True)
class _Task:
    """One video, and what to make of it."""

    video: Path
    weights: Path
    out: Path
    seed: int
    seconds: float
    long: bool
    closures: bool


def tier_of(video: Path) -> Tier:
    """Return what the person does, as the name of a file says it."""
    return tier_of_name(video.name.removeprefix("b_"))


def examined(task: _Task) -> tuple[Judged, ...]:
    """Make the films of one video and analyse each."""
    source = load(task.video, task.weights)
    task.out.mkdir(parents=True, exist_ok=True)
    judged = []
    for name, plan in _films(task, source):
        path = task.out / f"{task.video.stem}_{name}.mp4"
        write_film(path, source, plan)
        session = analyze(path)
        truth = read_truth(truth_path(path))
        judged.append(
            Judged(
                tier=tier_of(task.video),
                minutes=session.summary.analysable_s / 60,
                truth=tuple(truth.episodes),
                closures=tuple(other.span for other in truth.others),
                logged=session.episodes,
            )
        )
    return tuple(judged)


def _films(task: _Task, source: Source) -> _Films:
    """Draw which films to make of a video."""
    seed, name = task.seed, task.video.stem
    bursts = draw_plan(seed=seed, name=name, seconds=task.seconds)
    once_s = min(max(source.duration_s, _UNTOUCHED_S[0]), _UNTOUCHED_S[1])
    untouched = FilmPlan(seconds=once_s, seed=bursts.seed, side=bursts.side)
    films = [("untouched", untouched), ("bursts", bursts)]
    if task.long:
        long = draw_plan(seed=seed, name=name, seconds=task.seconds, long=True)
        films.append(("long", long))
    if task.closures:
        closures = draw_closures(seed=seed, name=name, seconds=_CLOSURES_S)
        films.append(("closures", closures))
    return tuple(films)


def table(films: Sequence[Judged]) -> str:
    """Return a Markdown table of what was found and made up, a column for each tier.

    Parameters
    ----------
    films : sequence of Judged
        All films.
    """
    columns = [[f for f in films if f.tier == tier] for tier in Tier]
    columns.append(list(films))
    rows = [
        f"| {name} | {' | '.join(count(column) for column in columns)} |"
        for name, count in _COUNTS.items()
    ]
    header = f"| | {' | '.join(Tier)} | all |"
    return "\n".join([header, "|---|---:|---:|---:|---:|", *rows])


_Column = Sequence[Judged]


def _found(severity: Severity, *, lids: bool) -> Callable[[_Column], str]:
    """Count bursts of a severity that are found, with the eyelids or without."""

    def count(films: _Column) -> str:
        found, missed = (
            sum(
                severity in burst.reasons and (Region.EYELID in burst.regions) == lids
                for burst in bursts
            )
            for bursts in _found_and_missed(films)
        )
        return f"{found} of {found + missed}"

    return count


def _found_and_missed(films: _Column) -> tuple[list[Episode], list[Episode]]:
    matched = [_matching(film) for film in films]
    found = [match.truth for one in matched for match in one.found]
    return found, [burst for one in matched for burst in one.missed]


def _matching(film: Judged) -> Matching:
    return match_bursts(film.truth, film.logged)


def _wrong_side(films: _Column) -> str:
    """Count logged bursts of the side on which a film has none."""
    return str(
        sum(
            burst.side not in {true.side for true in film.truth}
            for film in films
            if film.truth
            for burst in film.logged
        )
    )


def _between(films: _Column) -> str:
    """Count logged bursts of the right side at a time without one."""
    return str(
        sum(
            burst.side in {true.side for true in film.truth}
            for film in films
            if film.truth
            for burst in _matching(film).false_alarms
        )
    )


def _held_whole(films: _Column) -> str:
    """Count long held bursts that one logged burst covers nearly."""
    held = [
        (burst, film)
        for film in films
        for burst in film.truth
        if burst.kind in (EpisodeKind.TONIC, EpisodeKind.MIXED)
        if burst.span.duration_s > _HELD_S
    ]
    whole = sum(_covered(burst, film) >= COVERED for burst, film in held)
    return f"{whole} of {len(held)}"


def _covered(burst: Episode, film: Judged) -> float:
    """Return the largest share of a true burst that one logged burst covers."""
    shared_s = (
        logged.span.overlap_s(burst.span)
        for logged in film.logged
        if logged.side is burst.side
    )
    return max(shared_s, default=0.0) / burst.span.duration_s


def _made_up(films: _Column) -> str:
    """Count bursts a minute of untouched films."""
    untouched = [film for film in films if film.untouched]
    minutes = sum(film.minutes for film in untouched)
    count = sum(len(film.logged) for film in untouched)
    return f"{count / minutes:.2f} ({count} in {minutes:.1f} min)" if minutes else "-"


def _time_logged(films: _Column) -> str:
    """Return how long bursts are that were logged, of those that are true."""
    shown = [film for film in films if film.truth]
    true_s = sum(_seconds(film.truth) for film in shown)
    return f"{sum(_seconds(f.logged) for f in shown) / true_s:.2f}" if true_s else "-"


def _seconds(bursts: Iterable[Episode]) -> float:
    return math.fsum(burst.span.duration_s for burst in bursts)


def _in_closures(films: _Column) -> str:
    """Count bursts logged while both eyes close."""
    count = sum(
        any(burst.span.overlap_s(one.widened(_NEAR_S)) > 0 for one in film.closures)
        for film in films
        for burst in film.logged
    )
    return f"{count} in {sum(len(film.closures) for film in films)}"


_COUNTS: Final[dict[str, Callable[[_Column], str]]] = {
    **{f"eyelid, {severity}": _found(severity, lids=True) for severity in Severity},
    **{
        f"lower face alone, {severity}": _found(severity, lids=False)
        for severity in Severity
    },
    "logged on the wrong side": _wrong_side,
    "logged between the bursts": _between,
    "held over 3 s, logged as one over 80 % of it": _held_whole,
    "logged a minute of the untouched film": _made_up,
    "logged over true time in bursts": _time_logged,
    "logged in closures of both eyes": _in_closures,
}


def main(words: list[str] | None = None) -> None:
    """Make the films, analyse them and print the table.

    Parameters
    ----------
    words : list of str, optional
        The command line; by default that of the program.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("videos", nargs="+", type=Path)
    parser.add_argument("--landmarker", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=32.0)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--closures", action="store_true")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    given = parser.parse_args(words)
    tasks = [
        _Task(
            video=video,
            weights=given.landmarker,
            out=given.out,
            seed=given.seed,
            seconds=given.seconds,
            long=given.long,
            closures=given.closures,
        )
        for video in given.videos
    ]
    films: list[Judged] = []
    with ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn")) as pool:
        for task, judged in zip(tasks, pool.map(examined, tasks), strict=True):
            sys.stderr.write(f"{task.video.name}: {len(judged)} films\n")
            films += judged
            (given.out / "table.md").write_text(f"{table(films)}\n", encoding="utf-8")
    sys.stdout.write(table(films) + "\n")


if __name__ == "__main__":
    main()
