"""The command ``import``: hand coding as a review of a recording in the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from twitch_tracker.cli.journal.coding_notes import print_film_notes, say_overridden
from twitch_tracker.cli.journal.place import By, Home, JournalUrl, open_for
from twitch_tracker.cli.options import flag
from twitch_tracker.language import say
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import Region

if TYPE_CHECKING:
    from twitch_tracker.errors import Misfit
    from twitch_tracker.exchange.coding.coded import Truth
    from twitch_tracker.exchange.coding.films import CodedFilm
    from twitch_tracker.journal.entries import Act
    from twitch_tracker.records import Episode

__all__ = ["EPILOG", "HELP", "import_"]

HELP: Final = """Take hand coding over as the review of a recording.

CODED is what a person coded in BORIS (tabular or aggregated events, or the project) or
ELAN (.eaf or tab-delimited text). Each coded burst is about the detected burst of the
same side that it overlaps most: it confirms or changes it. A detected burst that nobody
coded is rejected, a coded one that was not detected is added. The detections themselves
stay as they are. With several recordings in CODED, the one named like --recording or
like its film is taken; of a clock that runs through several films, the part that is
this film. Coding that does not fit is refused: of another film by its name or length,
with events beyond the film's end, of a part of the film only, or agreeing with what was
detected only when it is shifted or on the other side.

Exit codes: 0 done; 1 something else went wrong; 2 wrong usage; 3 CODED could not be
read; 130 stopped by Ctrl-C.
"""

EPILOG: Final = (
    "Example: twitch-tracker import coded.boris --recording ID --rater kim --blind"
)


Coded = Annotated[
    Path, typer.Argument(metavar="CODED", dir_okay=False, help="The hand coding.")
]
Recording = Annotated[
    str, typer.Option("--recording", metavar="ID", help="Of which recording.")
]
RaterOption = Annotated[
    str, typer.Option("--rater", metavar="NAME", help="Who coded it.")
]
Blind = Annotated[
    bool, flag("--blind", help="The rater had not seen what was detected.")
]
Unfinished = Annotated[
    bool,
    flag(
        "--unfinished",
        help="The rater has not seen the whole recording: keep, but do not count it.",
    ),
]
Force = Annotated[
    bool,
    flag(
        "--force",
        help="Take coding that does not fit the film; what does not is said and kept.",
    ),
]
DefaultRegion = Annotated[
    Region | None,
    typer.Option("--region", help="For added bursts of which no region was coded."),
]
DefaultKind = Annotated[
    EpisodeKind | None,
    typer.Option("--kind", help="For added bursts of which no kind was coded."),
]


def import_(
    coded: Coded,
    recording: Recording,
    rater: RaterOption,
    blind: Blind = False,
    unfinished: Unfinished = False,
    force: Force = False,
    region: DefaultRegion = None,
    kind: DefaultKind = None,
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Take hand coding over; the help is `HELP`."""
    from twitch_tracker.exchange.coding.films import CodedFilm
    from twitch_tracker.journal.entries import Act, ReviewAction, Way
    from twitch_tracker.review.hand_coding import Defaults, acts

    with open_for(home, url, by) as journal:
        entry = journal.recording(recording)
        analysis = journal.analysis(recording)
        film = CodedFilm(
            file_name=entry.file_name, names=(recording,), length_s=entry.recorded_s
        )
        logged = [burst.episode for burst in analysis.bursts]
        truth, overridden = _read(coded, film, logged, force)
        defaults = Defaults(region=region, kind=kind)
        judged = acts(truth.episodes, analysis.bursts, defaults)
        # Without an act a note says that it was coded unseen.
        if overridden or (blind and not judged):
            judged = (*judged, Act(action=ReviewAction.NOTE, misfits=overridden))
        journal.review_many(
            recording,
            rater,
            judged,
            way=Way.BLIND if blind else Way.OPEN,
            coded_unseen=blind,
            revision=analysis.revision,
            finish=not unfinished,
            first=True,
        )
        print(_done_in_words(recording, rater, judged))


def _done_in_words(recording: str, rater: str, judged: Sequence[Act]) -> str:
    """Say how many acts there were of each kind."""
    actions = Counter(act.action.value for act in judged)
    return say(
        "{recording}: {confirmed} confirmed, {changed} changed, {rejected} rejected, "
        "{added} added by {rater}.",
        recording=recording,
        confirmed=actions["confirm"],
        changed=actions["change"],
        rejected=actions["reject"],
        added=actions["add"],
        rater=rater,
    )


def _read(
    coded: Path, film: CodedFilm, logged: Sequence[Episode], force: bool
) -> tuple[Truth, tuple[Misfit, ...]]:
    """Read hand coding of a film; refuse what does not fit, or say that it was forced."""
    from twitch_tracker.exchange.coding.fitting import fitted, misfits, unfit
    from twitch_tracker.exchange.truth import read_truth

    truth = read_truth(coded, recording=film.names[0], film=film)
    found = misfits(truth, film, logged)
    error = unfit(coded.name, film, found)
    if error is not None and not force:
        raise error
    say_overridden(coded.name, found)
    print_film_notes(coded.name, truth.notes)
    return fitted(truth, film), found
