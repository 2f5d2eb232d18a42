"""`export` and `import`: from a folder, from the journal, and back as a review."""

from __future__ import annotations

import base64
import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import Result
from commands import run
from methods import METHOD

from twitch_tracker.errors import JournalUnavailable
from twitch_tracker.exchange.coding.boris_write import project
from twitch_tracker.exchange.coding.recording import Coding
from twitch_tracker.exchange.dictionary import columns
from twitch_tracker.exchange.formats import CODED, FileFormat
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.history import (
    Basis,
    DiaryEntry,
    Task,
    Treatment,
    TreatmentKind,
)
from twitch_tracker.journal.entries import Analysis, ReviewAction
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.reviewed.ratings import coded_unseen
from twitch_tracker.journal.reviewed.reviews import Reviews
from twitch_tracker.records import Episode, EpisodeKind, HardlyOpen, Session
from twitch_tracker.regions import Region, Side
from twitch_tracker.review.agreement import PROGRAM, Party, verdicts_of
from twitch_tracker.timebase import Interval
from twitch_tracker.wording.export_formats import EXPORT_FORMATS


@pytest.fixture
def folder(tmp_path: Path, session: Session) -> Path:
    """What `analyze` leaves behind, as far as `export` needs it."""
    place = tmp_path / "out" / "monday"
    place.mkdir(parents=True)
    write_tables(place, session)
    return place


@pytest.fixture
def home(tmp_path: Path, session: Session) -> Path:
    """A journal with one person, two recordings, a treatment and a diary."""
    place = tmp_path / "home"
    with open_journal(place) as journal:
        journal.add_patient("anna", notes="lives in town")
        for number, task in enumerate((Task.REST, Task.PURSING)):
            shift = float(number)
            analysis = Analysis(
                content_sha256=f"{number:064x}",
                started_at=datetime(2026, 3, 1 + number, 8, tzinfo=UTC),
                task=task,
                file_name=f"film{number}.mp4",
                method=METHOD,
                recorded_s=20.0,
                analysable_s=18.0,
                episodes=tuple(moved(e, shift) for e in session.episodes),
                blinks=session.blinks,
            )
            journal.log("anna", analysis)
        journal.write_diary("anna", [DiaryEntry(on=date(2026, 3, 1), stress=4.0)])
        given = Treatment(kind=TreatmentKind.OTHER, on=date(2026, 3, 2), side=Side.LEFT)
        journal.add_treatments("anna", [given])
    return place


def moved(burst: Episode, by_s: float) -> Episode:
    start_s, end_s = (
        round(t + by_s, 3) for t in (burst.span.start_s, burst.span.end_s)
    )
    return replace(burst, span=Interval(start_s=start_s, end_s=end_s))


def first_recording(home: Path) -> str:
    with open_journal(home) as journal:
        return journal.recordings("anna")[0].recording_id


FROM_FOLDER = {
    "boris": "monday.boris",
    "boris-table": "monday_aggregated.csv",
    "boris-events": "monday_tabular.csv",
    "elan": "monday.eaf",
    "elan-tab": "monday_elan.txt",
}


@pytest.mark.parametrize("kind", FROM_FOLDER)
def test_from_a_folder(folder: Path, session: Session, kind: str):
    done = run("export", folder, "--format", kind)
    assert done.exit_code == 0, done.output
    path = folder / FROM_FOLDER[kind]
    assert done.stdout.strip() == str(path)
    bursts = read_truth(path).episodes
    assert [b.side for b in bursts] == [e.side for e in session.episodes]
    assert bursts[0].confidence == session.episodes[0].confidence


@pytest.mark.parametrize("kind", FileFormat)
def test_every_format_is_in_the_help_and_can_be_written(
    folder: Path, home: Path, tmp_path: Path, kind: FileFormat
):
    """No list of its own: whoever adds a format has its words and its files here."""
    shown = " ".join(run("export", "--help").stdout.split())
    name, about = EXPORT_FORMATS[kind]
    assert f"- {kind}: {name}. {about}." in shown
    ways = [("--patient", "anna", "--home", home)]
    ways += [(folder,)] if kind in CODED else []
    for number, way in enumerate(ways):
        out = tmp_path / f"{number}"
        done = run("export", *way, "-f", kind, "-o", out)
        assert done.exit_code == 0, done.output
        written = [Path(line) for line in done.stdout.splitlines()]
        assert written
        assert sorted(written) == sorted(out.iterdir())
        assert all(path.stat().st_size for path in written)


def test_into_another_folder(folder: Path, tmp_path: Path):
    assert run("export", folder, "-f", "elan", "-o", tmp_path / "x").exit_code == 0
    assert (tmp_path / "x" / "monday.eaf").is_file()
    assert not (folder / "monday.eaf").exists()


def test_a_folder_that_is_none(tmp_path: Path):
    done = run("export", tmp_path, "--format", "boris")
    assert done.exit_code == 3
    assert "summary.json" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--format", "boris"], "Give either FOLDER or --patient"),
        (["FOLDER", "--patient", "anna", "--format", "boris"], "either FOLDER or"),
        (["FOLDER", "--format", "fhir"], "give --patient ID instead of FOLDER"),
        (["FOLDER", "--format", "elan", "--recording", "1"], "needs --patient"),
        (["FOLDER", "--format", "praat"], "praat"),
    ],
)
def test_wrong_usage(folder: Path, words: list[str], message: str):
    done = run("export", *(folder if word == "FOLDER" else word for word in words))
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.replace("│", " ").split())


def test_an_unknown_person_or_recording(home: Path, tmp_path: Path):
    given = ("--home", home, "-o", tmp_path / "x")
    assert run("export", "--patient", "bert", "-f", "csv", *given).exit_code == 2
    for kind in ("csv", "boris", "fhir"):
        words = ("--patient", "anna", "--recording", "no", "-f", kind)
        done = run("export", *words, *given)
        assert done.exit_code == 2, kind
        assert "'no'" in done.stderr
    assert not (tmp_path / "x").exists()


def test_a_person_as_a_project(home: Path, tmp_path: Path):
    words = ("export", "--patient", "anna", "-f", "boris", "--home", home)
    assert run(*words, "-o", tmp_path).exit_code == 0
    document = json.loads((tmp_path / "anna.boris").read_text(encoding="utf-8"))
    assert len(document["observations"]) == 2
    films = [o["file"]["1"] for o in document["observations"].values()]
    assert films == [["film0.mp4"], ["film1.mp4"]]
    name = first_recording(home)
    read = read_truth(tmp_path / "anna.boris", recording=name).episodes
    assert [b.span.start_s for b in read] == [1.033, 4.0]


def test_a_document_for_each_recording(home: Path, tmp_path: Path):
    words = ("export", "--patient", "anna", "-f", "elan", "--home", home)
    assert run(*words, "-o", tmp_path / "eaf").exit_code == 0
    assert len(list((tmp_path / "eaf").glob("*.eaf"))) == 2


def test_a_bundle(home: Path, tmp_path: Path):
    words = ("export", "--patient", "anna", "-f", "fhir", "--home", home)
    assert run(*words, "-o", tmp_path).exit_code == 0
    text = (tmp_path / "anna_fhir.json").read_text(encoding="utf-8")
    resources = [e["resource"] for e in json.loads(text)["entry"]]
    kinds = [resource["resourceType"] for resource in resources]
    assert kinds.count("Observation") == 2 + 1
    assert kinds.count("Procedure") == 1
    assert "lives in town" not in text
    report = resources[kinds.index("DiagnosticReport")]
    paper = base64.b64decode(report["presentedForm"][0]["data"])
    assert paper.startswith(b"%PDF-")
    assert run(*words, "-o", tmp_path, "--detail", "full", "--no-pdf").exit_code == 0
    text = (tmp_path / "anna_fhir.json").read_text(encoding="utf-8")
    assert text.count('"resourceType":"Observation"') == 2 * 3 + 1
    assert "presentedForm" not in text


def test_tables_with_their_dictionary(home: Path, tmp_path: Path):
    """Every table has exactly the columns that the dictionary names."""
    words = ("export", "--patient", "anna", "-f", "csv", "--home", home)
    assert run(*words, "-o", tmp_path / "t").exit_code == 0
    tables = {}
    for path in (tmp_path / "t").iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.name] = list(csv.DictReader(file))
    assert set(tables) == {
        *("recordings.csv", "bursts.csv", "all_blinks.csv"),
        *("diary.csv", "treatments.csv", "data_dictionary.csv"),
    }
    lengths = {name: len(rows) for name, rows in tables.items()}
    assert lengths["recordings.csv"] == 2
    assert lengths["bursts.csv"] == 4
    for name in set(tables) - {"data_dictionary.csv"}:
        known = {column.column: column for column in columns(name)}
        assert list(tables[name][0]) == list(known)
        for row in tables[name]:
            assert not {n for n, c in row.items() if not c and not known[n].missing}
    assert tables["recordings.csv"][0]["bursts_right"] == "2"


def test_the_dictionary_alone(tmp_path: Path):
    assert run("export", "-f", "dictionary", "-o", tmp_path).exit_code == 0
    assert (tmp_path / "data_dictionary.csv").is_file()


def reviewed(home: Path, tmp_path: Path, make: Callable[[Coding], Coding]) -> Result:
    """Export the first recording, code on it by hand, take it over."""
    name = first_recording(home)
    with open_journal(home) as journal:
        bursts = tuple(b.episode for b in journal.analysis(name).bursts)
    coded = tmp_path / "coded.boris"
    coding = make(Coding(name=name, media="x.mp4", recorded_s=20.0, episodes=bursts))
    coded.write_text(project("coded", [coding]), encoding="utf-8")
    return run(
        *("import", coded, "--recording", name, "--rater", "kim", "--home", home)
    )


def test_hand_coding_becomes_a_review(home: Path, tmp_path: Path):
    """One burst left out, one made longer, one added; the detections stay."""

    def code(coding: Coding) -> Coding:
        first, second = coding.episodes
        longer = replace(second, span=Interval(start_s=4.0, end_s=7.5))
        new = replace(first, side=Side.LEFT, span=Interval(start_s=9.0, end_s=9.5))
        return replace(coding, episodes=(longer, new))

    done = reviewed(home, tmp_path, code)
    assert done.exit_code == 0, done.output
    assert "0 confirmed, 1 changed, 1 rejected, 1 added by kim" in done.stdout
    name = first_recording(home)
    with open_journal(home) as journal:
        assert len(journal.analysis(name).bursts) == 2
        now = [b.episode for b in journal.reviewed_bursts(name)]
        (logged,) = journal.history("anna", Basis.REVIEWED).recordings
    assert [(b.side, b.span.start_s, b.span.end_s) for b in now] == [
        (Side.RIGHT, 4.0, 7.5),
        (Side.LEFT, 9.0, 9.5),
    ]
    assert logged.recording_id == name
    words = ("export", "--patient", "anna", "--basis", "reviewed", "--home", home)
    assert run(*words, "-f", "boris-table", "-o", tmp_path).exit_code == 0
    read = read_truth(tmp_path / "anna_aggregated.csv").episodes
    assert [b.span.end_s for b in read] == [7.5, 9.5]
    assert (
        run(*words[:4], "both", *words[5:], "-f", "csv", "-o", tmp_path).exit_code == 0
    )
    with (tmp_path / "recordings.csv").open(encoding="utf-8") as file:
        bases = [row["basis"] for row in csv.DictReader(file)]
    assert bases == ["reviewed", "detected"]


def test_coding_that_changes_nothing_confirms(home: Path, tmp_path: Path):
    done = reviewed(home, tmp_path, lambda coding: coding)
    assert "2 confirmed, 0 changed, 0 rejected, 0 added" in done.stdout
    name = first_recording(home)
    with open_journal(home) as journal:
        acts = [review.action for review in journal.reviews(name)]
    assert acts == [ReviewAction.CONFIRM] * 2


def test_a_second_import_of_the_same_rater_is_refused(home: Path, tmp_path: Path):
    assert reviewed(home, tmp_path, lambda coding: coding).exit_code == 0
    again = reviewed(home, tmp_path, lambda coding: coding)
    assert again.exit_code == 2
    assert "kim" in again.stderr


def test_an_import_that_breaks_off_shuts_nobody_out(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """All acts and the finish are one transaction: the same import can come again."""

    def full(*_: object) -> None:
        raise JournalUnavailable("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(Reviews, "_finish", full)
        broken = reviewed(home, tmp_path, lambda coding: coding)
    assert broken.exit_code == 1
    name = first_recording(home)
    with open_journal(home) as journal:
        assert journal.reviews(name) == ()
        assert [c for c in journal.changes("anna") if c.kind == "review"] == []
    assert reviewed(home, tmp_path, lambda coding: coding).exit_code == 0
    with open_journal(home) as journal:
        assert journal.recording(name).reviewed_by == "kim"


def test_nothing_is_guessed_of_a_burst_that_was_not_detected(
    home: Path, tmp_path: Path
):
    name = first_recording(home)
    coded = tmp_path / "c.csv"
    coded.write_text(
        "Behavior,Behavior type,Start (s),Stop (s)\n"
        "right spasm,STATE,1.1,1.7\nleft spasm,STATE,12,13\n",
        encoding="utf-8",
    )
    words = ("import", coded, "--recording", name, "--rater", "kim", "--home", home)
    refused = run(*words)
    assert refused.exit_code == 3
    assert "has no region" in refused.stderr
    with open_journal(home) as journal:
        assert journal.reviews(name) == ()
    done = run(*words, "--region", "cheek", "--kind", "tonic", "--blind")
    assert done.exit_code == 0, done.output
    with open_journal(home) as journal:
        found = {b.episode.side: b.episode for b in journal.reviewed_bursts(name)}
        reviews = journal.reviews(name)
        assert all(review.blind for review in reviews)
        assert coded_unseen(reviews), "agreement does not say it began from ours"
        (rating,) = journal.ratings("anna")
        judged = verdicts_of(journal, journal.recording(name), [rating])
    assert judged.bursts.keys() == {PROGRAM, Party("kim", from_scratch=True)}
    right, left = found[Side.RIGHT], found[Side.LEFT]
    assert (right.kind, right.contractions) == (EpisodeKind.CLONIC, 4)
    assert (right.span.start_s, right.span.end_s) == (1.1, 1.7)
    assert (left.kind, left.regions) == (EpisodeKind.TONIC, (Region.CHEEK,))


def test_unreadable_coding_changes_nothing(home: Path, tmp_path: Path):
    name = first_recording(home)
    bad = tmp_path / "bad.csv"
    bad.write_text("Behavior,Start (s),Subject\nspasm,1,left\n", encoding="utf-8")
    done = run("import", bad, "--recording", name, "--rater", "kim", "--home", home)
    assert done.exit_code == 3
    assert "bad.csv, line 1" in done.stderr
    assert "'stop (s)'" in done.stderr


def test_that_who_saw_the_film_alone_found_nothing_is_a_rating_from_scratch(
    home: Path, tmp_path: Path
):
    """The program found nothing, either: there is no burst to say it of."""
    with open_journal(home) as journal:
        name = first_recording(home)
        entry, found = journal.recording(name), journal.analysis(name)
        quiet = Analysis(
            content_sha256="0" * 64,
            file_name="quiet.mp4",
            started_at=entry.started_at,
            method=found.method,
            recorded_s=60.0,
            analysable_s=60.0,
        )
        quiet_name = journal.log("anna", quiet).recording_id
    coded = tmp_path / "none.csv"
    coded.write_text("Behavior,Behavior type,Start (s),Stop (s)\n", encoding="utf-8")
    words = ("--recording", quiet_name, "--rater", "kim", "--blind", "--home", home)
    done = run("import", coded, *words)
    assert done.exit_code == 0, done.output
    with open_journal(home) as journal:
        ratings = journal.ratings("anna")
        judged = verdicts_of(journal, journal.recording(quiet_name), ratings)
    assert judged.bursts == {PROGRAM: (), Party("kim", from_scratch=True): ()}


@pytest.mark.parametrize("kind", ["boris", "elan"])
def test_when_an_eye_was_hardly_ever_open_is_in_the_description(
    session: Session, tmp_path: Path, kind: str
):
    shut = HardlyOpen(span=Interval(start_s=1.0, end_s=4.0), side=Side.LEFT)
    folder = tmp_path / "shut"
    folder.mkdir()
    write_tables(folder, replace(session, hardly_open=(shut,)))
    assert run("export", folder, "-f", kind).exit_code == 0
    (made,) = (p for p in folder.iterdir() if p.suffix in {".boris", ".eaf"})
    words = "left eye hardly ever open from 1.000 to 4.000 s"
    assert words in made.read_text(encoding="utf-8")


def test_an_edge_that_a_coder_moved_is_cut_off_only_where_that_is_coded(
    home: Path, tmp_path: Path
):
    """The first burst keeps its coder's word; the second one only its onset."""

    def code(coding: Coding) -> Coding:
        first, second = coding.episodes
        longer = replace(second, span=Interval(start_s=4.0, end_s=7.5))
        return replace(coding, episodes=(replace(first, onset_cut=True), longer))

    done = reviewed(home, tmp_path, code)
    assert "0 confirmed, 2 changed" in done.stdout
    with open_journal(home) as journal:
        now = [b.episode for b in journal.reviewed_bursts(first_recording(home))]
    assert [(b.onset_cut, b.offset_cut) for b in now] == [(True, False), (False, False)]
