"""`import` and `evaluate` of coding that counts along another film or another clock.

The film is the example; "detected" is its truth, so that every right value is known.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from twitch_tracker.cli.app import app
from twitch_tracker.evaluate.evaluation import evaluate_set
from twitch_tracker.evaluate.reading import read_manifest, read_recording
from twitch_tracker.evaluate.recordings import score
from twitch_tracker.exchange.coding.boris_write import (
    aggregated_events,
    project,
    tabular_events,
)
from twitch_tracker.exchange.coding.elan_write import eaf
from twitch_tracker.exchange.coding.recording import Coding
from twitch_tracker.exchange.tables import write_episodes
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.history import Method
from twitch_tracker.journal.entries import Analysis, ReviewAction
from twitch_tracker.journal.open import open_journal
from twitch_tracker.records import Episode, Origin
from twitch_tracker.timebase import Interval

ROOT = Path(__file__).parents[4]
CASES = ROOT.parent / "shared" / "cases"
BURSTS = tuple(
    replace(e, origin=Origin.DETECTED)
    for e in read_truth(ROOT / "examples" / "simulated_spasm_truth.csv").episodes
)
FILM, LENGTH_S = "simulated_spasm.mp4", 45.0
METHOD = Method(
    tracker="attention-mesh",
    tracker_weights_sha256="ab" * 32,
    detector="learned",
    networks_sha256="",
    parameters_sha256="ef" * 32,
    software_version="0.2.0",
)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def case(name: str) -> Path:
    path = CASES / name
    if not path.exists():
        pytest.skip("no cases beside the repository (../shared)")
    return path


class Journal:
    """A journal with the film in it, and what a review made of it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        analysis = Analysis(
            content_sha256="0" * 64,
            started_at=datetime(2026, 3, 1, 8, tzinfo=UTC),
            file_name=FILM,
            method=METHOD,
            recorded_s=LENGTH_S,
            analysable_s=44.0,
            episodes=BURSTS,
        )
        with open_journal(home) as journal:
            journal.add_patient("anna")
            self.name = journal.log("anna", analysis).recording_id

    def take(self, coded: Path, *words: str) -> Result:
        given = ("--rater", "kim", "--home", self.home, "--kind", "tonic", *words)
        return run("import", coded, "--recording", self.name, *given)

    @property
    def reviewed(self) -> list[Episode] | None:
        """The bursts as reviewed; None where nothing was stored."""
        with open_journal(self.home) as journal:
            if not journal.reviews(self.name):
                return None
            return [b.episode for b in journal.reviewed_bursts(self.name)]

    @property
    def notes(self) -> list[str]:
        with open_journal(self.home) as journal:
            reviews = journal.reviews(self.name)
        return [r.text for r in reviews if r.action is ReviewAction.NOTE]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "home")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The folder of the film, as far as `evaluate` needs it."""
    folder = tmp_path / "out" / "simulated_spasm"
    folder.mkdir(parents=True)
    write_episodes(folder / "episodes.csv", BURSTS)
    summary = {"recorded_s": LENGTH_S, "analysable_s": 44.0, "video": {"name": FILM}}
    damage = {
        "damage": {"frames_read": 1350},
        "schema_version": 1,
        "excluded_spans": [],
    }
    (folder / "summary.json").write_text(json.dumps({**summary, **damage}))
    return folder


def onsets(bursts: list[Episode]) -> list[float]:
    return [b.span.start_s for b in bursts]


TRUE_ONSETS = onsets(list(BURSTS))


def all_found(log: Path, truth: Path) -> bool:
    """Return whether `evaluate` finds each burst of the log in this truth."""
    judged = score(read_recording(log, truth)).matching
    return len(judged.found) == len(BURSTS) and not judged.missed


# --- the cases as they were found -------------------------------------------


@pytest.mark.parametrize("file", ["two_media.boris", "two_media.csv"])
def test_a_clock_through_two_films_is_put_on_this_one(
    journal: Journal, log: Path, file: str
):
    """The file tells that 60 s of another film come first."""
    path = case("boris_two_media") / file
    done = journal.take(path)
    assert done.exit_code == 0, done.output
    assert " 0 rejected, 0 added" in done.stdout
    assert "the film begins at 60 s" in done.stderr
    assert onsets(journal.reviewed or []) == pytest.approx(TRUE_ONSETS, abs=0.05)
    assert all_found(log, path)


@pytest.mark.parametrize("file", ["other_film.csv", "beyond.csv"])
def test_coding_of_another_film_is_refused(journal: Journal, log: Path, file: str):
    path = case("coding_of_another_film") / file
    for refused in (journal.take(path), run("evaluate", log, path)):
        assert refused.exit_code == 3
        said = " ".join(refused.stderr.split())
        if file == "beyond.csv":
            assert "1 of 1 events lie beyond the end of the film" in said
        else:
            assert "of the film C:\\video\\other_person_2024.mp4" in said
            assert "lasts 600.0 s, this one 45.0 s" in said
    assert journal.reviewed is None


@pytest.mark.parametrize("file", ["first_offset.eaf", "second_offset.eaf"])
def test_the_offset_of_this_linked_film_counts(journal: Journal, log: Path, file: str):
    path = case("elan_second_media_offset") / file
    done = journal.take(path)
    assert done.exit_code == 0, done.output
    assert onsets(journal.reviewed or []) == pytest.approx(TRUE_ONSETS, abs=0.05)
    assert all_found(log, path)


# --- the same kind, otherwise ------------------------------------------------


def moved(by_s: float) -> tuple[Episode, ...]:
    return tuple(
        replace(
            b,
            span=Interval(
                start_s=round(b.span.start_s + by_s, 3),
                end_s=round(b.span.end_s + by_s, 3),
            ),
        )
        for b in BURSTS
    )


def coding(**given: object) -> Coding:
    known = {"name": "obs", "media": FILM, "recorded_s": LENGTH_S, "episodes": BURSTS}
    return Coding(**{**known, **given})  # type: ignore[arg-type]


def boris_text(made: Coding, change: Callable[[dict], object]) -> str:
    document = json.loads(project("p", [made]))
    change(document["observations"][made.name])
    return json.dumps(document)


def queue(*films: tuple[str, float]) -> Callable[[dict], object]:
    def change(observation: dict) -> None:
        observation["file"]["1"] = [name for name, _ in films]
        observation["media_info"]["length"] = dict(films)

    return change


def test_three_films_of_which_it_is_the_middle_one(journal: Journal, tmp_path: Path):
    """What lies on the first or the third is left out, and that is said."""
    more = replace(BURSTS[0], span=Interval(start_s=3.0, end_s=4.0))
    last = replace(BURSTS[0], span=Interval(start_s=99.0, end_s=100.0))
    made = coding(episodes=(more, *moved(31.5), last), recorded_s=150.0)
    films = (("D:\\a.mov", 31.5), (f"D:\\films\\{FILM}", 45.0), ("c.mov", 60.0))
    path = tmp_path / "three.boris"
    path.write_text(boris_text(made, queue(*films)))
    done = journal.take(path)
    assert done.exit_code == 0, done.output
    assert f"{len(BURSTS)} confirmed, 0 changed, 0 rejected, 0 added" in done.stdout
    assert "2 events of other films are left out" in done.stderr


def test_a_burst_across_two_films_is_cut_off_where_this_one_begins(tmp_path: Path):
    across = replace(BURSTS[0], span=Interval(start_s=29.0, end_s=32.0))
    made = coding(episodes=(across,), recorded_s=75.0)
    path = tmp_path / "across.boris"
    path.write_text(boris_text(made, queue(("a.mp4", 30.0), (FILM, 45.0))))
    from twitch_tracker.exchange.coding.films import CodedFilm

    (burst,) = read_truth(path, film=CodedFilm(file_name=FILM, length_s=45.0)).episodes
    assert (burst.span.start_s, burst.span.end_s) == (0, 2)
    assert (burst.onset_cut, burst.offset_cut) == (True, False)


@pytest.mark.parametrize(
    ("films", "why"),
    [
        ((("a.mp4", 60.0), ("b.mp4", 60.0)), "does not say where"),
        (((FILM, 45.0), (f"copy/{FILM}", 45.0)), "does not say where"),
    ],
)
def test_several_films_of_which_none_or_two_are_this_one(
    journal: Journal, tmp_path: Path, films: tuple[tuple[str, float], ...], why: str
):
    path = tmp_path / "none.boris"
    path.write_text(boris_text(coding(), queue(*films)))
    refused = journal.take(path, "--force")  # there is no clock to force
    assert refused.exit_code == 3
    assert why in " ".join(refused.stderr.split())
    assert journal.reviewed is None


@pytest.mark.parametrize("write", [aggregated_events, tabular_events])
@pytest.mark.parametrize("with_source", [True, False])
def test_tables_tell_the_films_too(
    journal: Journal, tmp_path: Path, write: Callable, with_source: bool
):
    """With or without BORIS's column of all films; a table without lengths is refused."""
    first = replace(BURSTS[0], span=Interval(start_s=3.0, end_s=4.0))
    made = coding(episodes=(first, *moved(20.0)), recorded_s=65.0)
    rows = list(csv.DictReader(write([made]).splitlines()))
    time = "Start (s)" if "Start (s)" in rows[0] else "Time"
    for row in rows:
        row["Source"] = f"player #1:a.mp4;{FILM}" if with_source else ""
        row["Media duration (s)"] = "20.000;45.000"
        row["Media file name"] = FILM if float(row[time]) >= 20 else "a.mp4"
    path = tmp_path / "two.csv"

    def save() -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, list(rows[0]))
            table.writeheader()
            table.writerows(rows)

    for row in rows:
        row["Media duration (s)"] = ""
    save()
    assert journal.take(path).exit_code == 3
    for row in rows:
        row["Media duration (s)"] = "20.000;45.000"
    save()
    done = journal.take(path)
    assert done.exit_code == 0, done.output
    assert " 0 rejected, 0 added" in done.stdout


def change_of(**what: object) -> Callable[[dict], object]:
    return lambda observation: observation.update(what)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (change_of(type="LIVE", file={}, media_info={}), "coded live"),
        (
            change_of(**{"observation time interval": [10, 20]}),
            "only 10.0 to 20.0 s of the film was coded",
        ),
        (
            change_of(media_info={"length": {FILM: 47.5}}),
            "its film lasts 47.5 s, this one 45.0 s",
        ),
        (
            change_of(media_info={"length": {FILM: 45.0}, "offset": {"1": 3.5}}),
            "an offset of 3.5",
        ),
        (change_of(media_creation_date_as_offset=True), "the date in the film"),
    ],
    ids=["live", "part", "length", "player", "date"],
)
def test_what_a_project_says_of_its_clock(
    journal: Journal, tmp_path: Path, change: Callable[[dict], object], why: str
):
    path = tmp_path / "c.boris"
    path.write_text(boris_text(coding(), change))
    refused = journal.take(path)
    assert refused.exit_code == 3
    assert why in " ".join(refused.stderr.split())
    assert journal.reviewed is None


@pytest.mark.parametrize(
    ("media", "taken"),
    [
        ("C:\\Users\\Kim\\SIMULATED_SPASM.MOV", True),
        ("/home/kim/simulated_spasm.mp4", True),
        ("simulated_spasm_2.mp4", False),
        ("", True),  # it does not say
    ],
)
def test_a_film_may_be_moved_and_converted_but_not_be_another(
    journal: Journal, tmp_path: Path, media: str, taken: bool
):
    path = tmp_path / "c.boris"
    path.write_text(project("p", [coding(media=media)]))
    assert (journal.take(path).exit_code == 0) is taken


def test_the_name_in_the_journal_is_enough(journal: Journal, tmp_path: Path):
    """Our own export names the observation so, whatever the film was called then."""
    path = tmp_path / "c.boris"
    path.write_text(project("p", [coding(name=journal.name, media="renamed.mp4")]))
    assert journal.take(path).exit_code == 0


def test_force_names_what_it_overrides_and_keeps_it(journal: Journal, tmp_path: Path):
    path = tmp_path / "c.boris"
    path.write_text(project("p", [coding(media="b.mp4", recorded_s=50.0)]))
    done = journal.take(path, "--force")
    assert done.exit_code == 0, done.output
    said = " ".join(done.stderr.split())
    assert "warning: c.boris: it is of the film b.mp4; imported anyway" in said
    assert "its film lasts 50.0 s, this one 45.0 s; imported" in said
    assert journal.notes == ["film_name(b.mp4); film_length(50,45)"]


def test_evaluate_forced_says_so_on_terminal_and_in_its_files(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    quick = partial(evaluate_set, draws=10)
    monkeypatch.setattr("twitch_tracker.evaluate.evaluation.evaluate_set", quick)
    path = tmp_path / "c.boris"
    path.write_text(project("p", [coding(media="b.mp4")]))
    assert run("evaluate", log, path).exit_code == 3
    done = run("evaluate", log, path, "--force", "--json", "-o", tmp_path / "judged")
    assert done.exit_code == 0, done.output
    assert "it is of the film b.mp4; imported anyway" in done.stderr
    written = json.loads((tmp_path / "judged" / "evaluation.json").read_text())
    assert written["each"][0]["overridden"] == ["film_name(b.mp4)"]
    page = (tmp_path / "judged" / "evaluation.html").read_text(encoding="utf-8")
    assert "it is of the film b.mp4" in page


def test_an_event_that_a_player_ended_with_the_sound_is_ended_with_the_pictures(
    journal: Journal, tmp_path: Path
):
    long = replace(BURSTS[-1], span=Interval(start_s=44.0, end_s=45.4))
    path = tmp_path / "c.boris"
    path.write_text(project("p", [coding(episodes=(*BURSTS, long), recorded_s=45.4)]))
    assert journal.take(path).exit_code == 0
    last = (journal.reviewed or [])[-1]
    assert (last.span.start_s, last.span.end_s, last.offset_cut) == (44, 45, True)


# --- nothing is told, but the bursts themselves tell --------------------------

BARE = "Behavior,Behavior type,Start (s),Stop (s)\n"


def bare(path: Path, bursts: tuple[Episode, ...], turned: bool = False) -> Path:
    """A table that says nothing of its film."""
    rows = (
        f"{b.side.other if turned else b.side} spasm eyelid,STATE,"
        f"{b.span.start_s},{b.span.end_s}\n"
        for b in bursts
    )
    path.write_text(BARE + "".join(rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("by_s", [-3.0, 2.0, 5.4])
def test_times_that_agree_only_after_a_shift_are_refused(
    journal: Journal, tmp_path: Path, by_s: float
):
    refused = journal.take(bare(tmp_path / "c.csv", moved(by_s)))
    assert refused.exit_code == 3
    assert f"when they are moved by {-by_s:+.1f} s" in " ".join(refused.stderr.split())
    assert journal.reviewed is None


def scaled(by: float) -> tuple[Episode, ...]:
    """The bursts with all times multiplied, as far as that stays within the film."""
    spans = [(by * b.span.start_s, by * b.span.end_s) for b in BURSTS]
    return tuple(
        replace(b, span=Interval(start_s=start_s, end_s=end_s))
        for b, (start_s, end_s) in zip(BURSTS, spans, strict=True)
        if end_s <= LENGTH_S
    )


@pytest.mark.parametrize(
    ("by", "factor"), [(1 / 60, "60"), (0.5, "2"), (0.8, "1.25"), (25 / 30, "1.2")]
)
def test_times_in_another_unit_or_at_another_speed_are_refused(
    journal: Journal, tmp_path: Path, by: float, factor: str
):
    """Minutes for seconds; a film that was played faster, or counted at another rate."""
    refused = journal.take(bare(tmp_path / "c.csv", scaled(by)))
    assert refused.exit_code == 3
    said = " ".join(refused.stderr.split())
    assert f"when their times are multiplied by {factor}:" in said
    assert journal.reviewed is None


def own_table(path: Path, bursts: tuple[Episode, ...]) -> Path:
    """Our own table of bursts, with nothing beside it."""
    write_episodes(path, bursts)  # rounds to milliseconds
    return path


def elan_text(path: Path, bursts: tuple[Episode, ...]) -> Path:
    """What ELAN exports, of one tier for each side."""
    head = "Tier\tBegin Time - ss.msec\tEnd Time - ss.msec\tAnnotation\n"
    path.write_text(
        head
        + "".join(
            f"{b.side} bursts\t{b.span.start_s:.5f}\t{b.span.end_s:.5f}\ttonic\n"
            for b in bursts
        ),
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("write", "by", "why"),
    [
        (bare, 1 / 60, "multiplied by 60:"),
        (own_table, 1 / 60, "multiplied by 60:"),
        (elan_text, 1 / 60, "multiplied by 60:"),
        (bare, 1 / 3600, "multiplied by 3600:"),
        (bare, 0.5, "multiplied by 2:"),
        (elan_text, 0.5, "multiplied by 2:"),
    ],
)
def test_truth_in_another_unit_judges_no_log(
    log: Path, tmp_path: Path, write: Callable, by: float, why: str
):
    """Minutes, hours, a film played twice as fast; `evaluate` found nothing, in silence."""
    path = write(tmp_path / "c.csv", scaled(by))
    refused = run("evaluate", log, path)
    assert refused.exit_code == 3
    assert why in " ".join(refused.stderr.split())


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("write", [bare, own_table, elan_text])
def test_minutes_are_noticed_without_anything_to_compare_with(
    journal: Journal, log: Path, tmp_path: Path, write: Callable, count: int
):
    path = write(tmp_path / "c.csv", scaled(1 / 60)[:count])
    for refused in (run("evaluate", log, path), journal.take(path)):
        assert refused.exit_code == 3
        said = " ".join(refused.stderr.split())
        assert f"{count} of {count} bursts last less than two pictures" in said
    assert journal.reviewed is None


@pytest.mark.parametrize("by_s", [-3.0, 2.5])
def test_truth_that_agrees_only_after_a_shift_judges_no_log(
    log: Path, tmp_path: Path, by_s: float
):
    path = bare(tmp_path / "c.csv", moved(by_s))
    refused = run("evaluate", log, path)
    assert refused.exit_code == 3
    assert f"when they are moved by {-by_s:+.1f} s" in " ".join(refused.stderr.split())
    assert read_recording(log, path, force=True).misfits[0].code == "shifted"


@pytest.mark.parametrize("wrong", ["side", "nothing", "elsewhere", "few"])
def test_a_detector_may_be_wrong_in_everything_but_the_clock(
    log: Path, tmp_path: Path, wrong: str
):
    """What it did not find, found where nothing was, or took for the other side counts."""
    gaps = [0.3, 9.0, 15.2, 18.1, 27.0, 36.9]
    logged = {
        "side": tuple(replace(b, side=b.side.other) for b in BURSTS),
        "nothing": (),
        "elsewhere": tuple(
            replace(b, span=Interval(start_s=at, end_s=at + 0.4))
            for b, at in zip(BURSTS, gaps, strict=True)
        ),
        "few": moved(3.0)[:2],
    }[wrong]
    write_episodes(log / "episodes.csv", logged)
    assert read_recording(log, bare(tmp_path / "c.csv", BURSTS)).misfits == ()


def test_long_lists_are_compared_at_once():
    """Ten hours of bursts, in minutes; pairs are not gone through one by one."""
    from twitch_tracker.exchange.coding.coded import Truth
    from twitch_tracker.exchange.coding.films import CodedFilm
    from twitch_tracker.exchange.coding.fitting import misfits

    starts = [12.0 * k + (k * k) % 7 for k in range(1500)]
    logged = [
        replace(BURSTS[0], span=Interval(start_s=at, end_s=at + 6.0)) for at in starts
    ]
    coded = tuple(
        replace(b, span=Interval(start_s=at / 60, end_s=(at + 6) / 60))
        for b, at in zip(logged, starts, strict=True)
    )
    film = CodedFilm(file_name=FILM, length_s=36_000.0)
    found, *_ = misfits(Truth(episodes=coded, others=()), film, judged=logged)
    assert (found.code, found.values[2]) == ("scaled", 60.0)


def test_coding_of_nothing_rejects_nothing_unasked(journal: Journal, tmp_path: Path):
    """A table without a row may be one that nobody has coded yet."""
    empty = bare(tmp_path / "c.csv", ())
    refused = journal.take(empty)
    assert refused.exit_code == 3
    assert "no burst was coded, and 6 were detected" in " ".join(refused.stderr.split())
    assert journal.reviewed is None
    assert journal.take(empty, "--force").exit_code == 0
    assert journal.reviewed == []


def test_sides_as_seen_by_the_viewer_are_refused(journal: Journal, tmp_path: Path):
    refused = journal.take(bare(tmp_path / "c.csv", BURSTS, turned=True))
    assert refused.exit_code == 3
    assert "on the other side of the face" in " ".join(refused.stderr.split())
    assert journal.reviewed is None


def test_times_that_have_nothing_to_do_with_the_film_are_refused(
    journal: Journal, tmp_path: Path
):
    gaps = [(0.1, 0.5), (9.0, 9.4), (18.0, 18.3)]
    others = tuple(
        replace(BURSTS[0], span=Interval(start_s=a, end_s=b)) for a, b in gaps
    )
    refused = journal.take(bare(tmp_path / "c.csv", others))
    assert refused.exit_code == 3
    assert "none of 3 coded bursts overlaps one of 6" in " ".join(
        refused.stderr.split()
    )


def test_a_coder_may_disagree_with_the_program(journal: Journal, tmp_path: Path):
    """Two of six rejected, one added, edges moved by tenths: nothing to refuse."""
    kept = [
        replace(b, span=Interval(start_s=b.span.start_s + 0.2, end_s=b.span.end_s))
        for b in BURSTS[:4]
    ]
    new = replace(BURSTS[0], span=Interval(start_s=1.0, end_s=1.5))
    done = journal.take(bare(tmp_path / "c.csv", (*kept, new)))
    assert done.exit_code == 0, done.output


# --- ELAN and our own tables ---------------------------------------------------


def linked(text: str, *films: str) -> str:
    """Replace the linked film of an ELAN document."""
    start = text.index("<MEDIA_DESCRIPTOR")
    end = text.index("/>", start) + 2
    return text[:start] + "".join(films) + text[end:]


def descriptor(url: str, origin_ms: int = 0, kind: str = "video/mp4") -> str:
    shift = f' TIME_ORIGIN="{origin_ms}"' if origin_ms else ""
    return f'<MEDIA_DESCRIPTOR MEDIA_URL="{url}" MIME_TYPE="{kind}"{shift}/>'


VIDEO = "file:///D:/films/Simulated_Spasm.mp4"


@pytest.mark.parametrize(
    ("films", "by_s"),
    [
        ([descriptor(VIDEO, 1500)], -1.5),
        ([descriptor("x/side%20view.mp4", 700), descriptor(VIDEO)], 0.0),
        (
            [
                descriptor("simulated_spasm.wav", 900, "audio/x-wav"),
                descriptor(VIDEO, 400),
            ],
            -0.4,
        ),
    ],
    ids=["only", "second", "sound-of-the-same-name"],
)
def test_each_linked_film_has_its_own_start(
    journal: Journal, tmp_path: Path, films: list[str], by_s: float
):
    path = tmp_path / "c.eaf"
    path.write_text(linked(eaf(coding(episodes=moved(by_s))), *films))
    done = journal.take(path)
    assert done.exit_code == 0, done.output
    assert "6 confirmed" in done.stdout


def test_linked_films_with_different_starts_and_other_names(
    journal: Journal, tmp_path: Path
):
    films = [descriptor("a.mp4"), descriptor("b.mp4", 300)]
    path = tmp_path / "c.eaf"
    path.write_text(linked(eaf(coding()), *films))
    assert journal.take(path).exit_code == 3
    path.write_text(linked(eaf(coding()), descriptor("a.mp4"), descriptor("b.mp4")))
    refused = journal.take(path)
    assert "it is of the film a.mp4, b.mp4" in " ".join(refused.stderr.split())


def test_a_log_of_another_film_is_no_truth_of_this_one(log: Path, tmp_path: Path):
    """Two folders of `analyze`: the summary beside the table says of which film."""
    other = tmp_path / "other"
    other.mkdir()
    write_episodes(other / "episodes.csv", BURSTS)
    summary = {"recorded_s": 45.0, "analysable_s": 40.0, "video": {"name": "b.mp4"}}
    (other / "summary.json").write_text(json.dumps({"schema_version": 1, **summary}))
    refused = run("evaluate", log, other / "episodes.csv")
    assert refused.exit_code == 3
    assert "of the film b.mp4" in " ".join(refused.stderr.split())


def test_lengths_of_a_manifest_are_compared(log: Path, tmp_path: Path):
    truth = bare(tmp_path / "c.csv", BURSTS)
    table = tmp_path / "set.csv"
    table.write_text(f"log,truth,recorded_s\n{log},{truth},90\n")
    refused = run("evaluate", "--set", table)
    assert refused.exit_code == 3
    assert "lasts 90.0 s, this one 45.0 s" in " ".join(refused.stderr.split())
    (kept,) = read_manifest(table, force=True).recordings
    assert [str(m) for m in kept.misfits] == ["film_length(90,45)"]
    (log / "summary.json").unlink()
    table.write_text(f"log,truth,recorded_s\n{log},{truth},30\n")
    refused = run("evaluate", "--set", table)
    assert "beyond the end" in " ".join(refused.stderr.split())


# --- many recordings in one table ------------------------------------------------


def of_many(path: Path, films: dict[str, tuple[Episode, ...]]) -> Path:
    """A table as `batch` writes it of all recordings: one folder and film each."""
    folder = path.parent / "one"
    folder.mkdir(exist_ok=True)
    lines: list[str] = []
    for name, bursts in films.items():
        write_episodes(folder / "e.csv", bursts)
        head, *rows = (folder / "e.csv").read_text().splitlines()
        lines = lines or [f"recording,file,{head}"]
        lines += [f"{Path(name).stem},{name},{row}" for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_only_the_bursts_of_this_recording_are_taken_from_a_table_of_many(
    journal: Journal, log: Path, tmp_path: Path
):
    """Those of all would be as many false alarms, or bursts, too many."""
    both = {"b.mp4": moved(-1.0), FILM: BURSTS}
    path = of_many(tmp_path / "all_bursts.csv", both)
    assert all_found(log, path)
    done = journal.take(path)
    assert done.exit_code == 0, done.output
    assert "6 confirmed, 0 changed, 0 rejected, 0 added" in done.stdout


@pytest.mark.parametrize("names", [("a.mp4", "b.mp4"), ("b.mp4",)])
def test_a_table_without_this_recording_is_refused(
    journal: Journal, tmp_path: Path, names: tuple[str, ...]
):
    path = of_many(tmp_path / "all.csv", dict.fromkeys(names, BURSTS))
    assert journal.take(path).exit_code == 3
    assert journal.reviewed is None


def test_elan_exports_of_several_documents_are_parted(journal: Journal, tmp_path: Path):
    rows = [
        f"right bursts\t{b.span.start_s}\t{b.span.end_s}\ttonic\t{name}\n"
        for name, bursts in (("b.eaf", moved(-1.0)), ("simulated_spasm.eaf", BURSTS))
        for b in bursts
    ]
    head = "Tier\tBegin Time - ss.msec\tEnd Time - ss.msec\tAnnotation\tFile Name\n"
    path = tmp_path / "all.txt"
    path.write_text(head + "".join(rows))
    done = journal.take(path, "--region", "eyelid")
    assert done.exit_code == 0, done.output
    assert " 0 rejected, 0 added" in done.stdout
    path.write_text(head + "".join(row.replace("simulated", "x") for row in rows))
    assert journal.take(path, "--region", "eyelid").exit_code == 3
