"""No sentence of the app escapes the catalogue, whatever there is to show."""

from __future__ import annotations

import copy
import getpass
import gettext
import re
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from twitch_tracker import language
from twitch_tracker.app.entrance.language_pages import LANGUAGE_COOKIE
from twitch_tracker.app.exports.request import EXPORT_KINDS
from twitch_tracker.app.recording.analyses import Analyses
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.recording.live.feed import LiveFeed
from twitch_tracker.app.recording.steps import READING
from twitch_tracker.app.recording.store import Store
from twitch_tracker.app.recording.trouble.failures import failure_in_words
from twitch_tracker.app.review.copies import Copies, CopyState
from twitch_tracker.batch import Job
from twitch_tracker.demo.course import demo_patient
from twitch_tracker.demo.into_journal import NOTE, write_patient
from twitch_tracker.demo.plan import CoursePlan
from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.history import Method, Task, TreatmentKind
from twitch_tracker.journal.entries import ReviewAction
from twitch_tracker.journal.files.folder import log_folder
from twitch_tracker.journal.files.tables import DIARY_COLUMNS, TREATMENT_COLUMNS
from twitch_tracker.language import catalogue, speaking

PATIENT, FILMED = "P-1", "P-2"
"""One with years of simulated recordings, and one with a film that two have judged."""

RATERS = ("Dr 1", "Dr 2")

DATA = frozenset(
    {
        *(PATIENT, FILMED, *RATERS, "Dr", "camera.mp4", "rest.webm", "file.mp4"),
        *(NOTE, "simulated", "other-tracker", "simulated-demo", "none"),
        *("attention-mesh", "simulated patient", "II", getpass.getuser()),
        *("Deutsch", "English", "Espa\u00f1ol"),
        *("twitch_tracker", "BORIS", "ELAN", "FHIR", "PDF", "CSV", "HTML", "ZIP"),
        ", ".join(DIARY_COLUMNS),
    }
)
"""What is no sentence: names that people gave, names of formats and of columns."""

NAMES = frozenset(
    {
        *("JPEG", "PNG", "pseudonym", "span", "regions", "treatments.csv", "diary.csv"),
        *(*DIARY_COLUMNS, *TREATMENT_COLUMNS, *TreatmentKind, *EXPORT_KINDS, "what"),
    }
)
"""What errors call things by: columns, parameters and their values."""

OF_FFMPEG = frozenset({"Invalid data found when processing input"})
"""What a library says is in its own language."""

MADE = re.compile(r"\b[0-9a-f]{64}\b|\bP-1-\d{4}-\w+\.mp4|http://[\d.:]+")
"""Hashes, files of simulated recordings, and the app's address."""

UNSEEN = frozenset(
    {"task", "home", "language", "side", "kind", "verdict", "key", "patient_id"}
    | {"regions", "ask", "url", "state", "way"}
)
"""Keys of facts for scripts whose values are never shown."""


def finished_clip(served) -> str:
    """A finished recording whose result page can be read, judged by two."""
    store = served.parts.store
    clip = store.add(
        patient_id=FILMED,
        task=Task.REST,
        started_at=datetime.now(UTC),
        file_name="rest.webm",
        sent_name="camera.mp4",
        mirrored=True,
    )
    store.video(clip).write_bytes(b"film")
    job = Job(video=store.video(clip), folder=store.result(clip))
    served.work(job, lambda _step: None, None)
    with served.parts.journal() as journal:
        journal.add_patient(FILMED)
        logged = log_folder(journal, job.folder, FILMED, started_at=clip.started_at)
        for rater, verdicts in zip(RATERS, ("cc", "cr"), strict=True):
            for key, verdict in zip(("d1", "d2"), verdicts, strict=True):
                confirm, reject = ReviewAction.CONFIRM, ReviewAction.REJECT
                act = confirm if verdict == "c" else reject
                journal.review(logged.recording_id, rater, act, key)
            journal.finish_review(logged.recording_id, rater)
    store.change(clip.clip_id, state=ClipState.DONE, recording_id=logged.recording_id)
    return clip.clip_id


@pytest.fixture(scope="module")
def rich(served):
    """A person with two years of recordings, injections, an operation and a diary."""
    today = datetime.now(UTC).date()
    plan = CoursePlan(
        patient_id=PATIENT,
        start=today - timedelta(days=805),
        days=800,
        pace=0.15,
        injections=(90.0, 181.0, 272.0),
        operation_day=420.0,
        mouth_day=100.0,
        cheek_day=200.0,
    )
    drawn = demo_patient(plan, 3)
    first, *others = drawn.history.recordings
    other = Method(**{**vars_of(first.method), "tracker": "other-tracker"})
    history = replace(drawn.history, recordings=(replace(first, method=other), *others))
    with served.parts.journal() as journal:
        write_patient(journal, replace(drawn, history=history), seed=3)
    clip_id = finished_clip(served)
    recording = served.parts.store.clip(clip_id).recording_id
    with served.parts.journal() as journal:
        entries = journal.recordings(PATIENT)
        treatment = journal.treatments(PATIENT)[0].treatment_id
    return {
        "clip": clip_id,
        "recording": recording,
        "old": entries[len(entries) // 2].recording_id,
        "treatment": treatment,
        "day": journal_day(entries),
    }


def vars_of(method: Method) -> dict[str, str]:
    return {name: getattr(method, name) for name in method.__dataclass_fields__}


def journal_day(entries) -> date:
    return entries[0].started_at.date()


OF_A_PERSON = (
    *("", "/record", "/add", "/diary", "/recordings", "/compare", "/treatments"),
    *("/progress", "/progress/body", "/progress/body?basis=reviewed"),
    *("/days", "/changes", "/export", "/review", "/agreement"),
)
PATHS = [
    "/",
    *(f"/people/~{who}{page}" for who in (PATIENT, FILMED) for page in OF_A_PERSON),
    "/people/~P-1/treatments/{treatment}",
    "/clips/{clip}",
    "/review/{recording}",
    "/review/{recording}?who=1",
    "/review/{recording}/agreement",
    "/review/{old}",
    "/guided/none",
    "/people/~nobody",
    "/people/~nobody/progress",
    "/clips/none",
    "/review/none",
    "/nowhere",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_sentence_escapes_the_catalogue(served, browser, rich, speaks_pseudo, path):
    browser.post(f"/review/{rich['recording']}/rater", data={"name": RATERS[0]})
    browser.headers["Accept-Language"] = speaks_pseudo.code
    answer = browser.get(path.format(**rich), follow_redirects=True)
    if "<html" in answer.text:
        assert '<html lang="xx"' in answer.text
    nothing_escaped(speaks_pseudo, answer.text)
    assert len(CYRILLIC.findall(answer.text)) > 5


TRANSLATED = [
    *PATHS,
    "/help",
    "/people/~P-1/settings",
    "/people/~P-1/all",
    "/people/~P-1/visit",
    "/people/~P-1/phone",
    "/people/~P-1/inbox",
    "/people/~P-1/record?form=short",
    "/people/~P-1/glance",
    "/clips/{clip}/change",
    "/clips/{clip}/report.html",
    "/recordings/{old}/change",
    "/recordings/{old}/remove",
    "/people/~P-1/treatments/{treatment}/remove",
    "/people/~P-1/now",
]
"""What people at home and reviewers see, and what may go wrong on it."""


class Missing(gettext.NullTranslations):
    """Asked when a catalogue has no translation; remembers what for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def gettext(self, message: str) -> str:
        self.asked.append(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.asked.append(msgid1)
        return msgid1


@pytest.fixture(params=["de", "es", "zh_Hans"])
def tongue(request, monkeypatch):
    """A language that comes with the program, and what it has no words for."""
    missing = Missing()
    with speaking(request.param):
        found = copy.copy(catalogue())
    found._fallback = missing
    monkeypatch.setattr(language, "_sentences_of", lambda _code: found)
    return request.param, missing


@pytest.mark.parametrize("path", TRANSLATED)
def test_who_chose_a_language_reads_no_english(served, browser, rich, tongue, path):
    code, missing = tongue
    browser.post(f"/review/{rich['recording']}/rater", data={"name": RATERS[0]})
    missing.asked.clear()
    browser.cookies.set(LANGUAGE_COOKIE, code)
    page = browser.get(path.format(**rich), follow_redirects=True).text
    browser.cookies.delete(LANGUAGE_COOKIE)
    assert missing.asked == []
    if "<html" in page:
        assert f'<html lang="{code.replace("_", "-")}"' in page


@pytest.fixture(scope="module")
def papers() -> dict[str, bytes]:
    """The papers for a visit that were made before, by their language."""
    return {}


def paper_in(code: str, browser, papers: dict[str, bytes]) -> bytes:
    if code not in papers:
        browser.cookies.set(LANGUAGE_COOKIE, code)
        papers[code] = browser.get(f"/people/~{PATIENT}/visit/paper").content
        browser.cookies.delete(LANGUAGE_COOKIE)
    return papers[code]


def test_the_paper_for_a_visit_has_no_english(served, browser, rich, tongue, papers):
    """Chinese has letters that the paper's font lacks: it is in English there."""
    code, missing = tongue
    if code == "zh_Hans":
        pytest.skip("a paper without letters for a language is in English")
    assert code not in papers, "it is made while words are watched"
    assert paper_in(code, browser, papers).startswith(b"%PDF")
    browser.cookies.set(LANGUAGE_COOKIE, code)
    answer = browser.get(f"/people/~{PATIENT}/export/file?what=pdf")
    assert answer.content.startswith(b"%PDF")
    browser.cookies.delete(LANGUAGE_COOKIE)
    assert missing.asked == []


def test_a_chosen_language_is_remembered_and_leads_back(served, browser):
    browser.headers["Accept-Language"] = "es"
    assert '<html lang="es"' in browser.get("/help").text
    came = {"Referer": f"{served.settings.address}/people/~x?said=1"}
    answer = browser.post("/language", data={"code": "de"}, headers=came)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/people/~x?said=1"
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert '<html lang="de"' in browser.get("/help").text
    browser.cookies.delete(LANGUAGE_COOKIE)
    assert '<html lang="es"' in browser.get("/help").text


@pytest.mark.parametrize(
    "came", ["https://evil.example/x", "nonsense", "", "//evil.example//x"]
)
def test_the_way_back_is_never_to_another_place(served, browser, came):
    answer = browser.post("/language", data={"code": "en"}, headers={"Referer": came})
    browser.cookies.delete(LANGUAGE_COOKIE)
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("code", ["tlh", "../../etc", "de/../en"])
def test_a_language_that_is_not_there_is_refused(served, browser, code):
    answer = browser.post("/language", data={"code": code})
    assert answer.status_code in range(400, 500)
    assert LANGUAGE_COOKIE not in answer.headers.get("set-cookie", "")


def test_a_paper_without_letters_for_a_language_is_in_english(
    served, browser, rich, papers
):
    from pypdfium2 import PdfDocument

    told = {}
    for code in ("de", "zh_Hans"):
        paper = paper_in(code, browser, papers)
        told[code] = PdfDocument(paper)[0].get_textpage().get_text_bounded()
    assert "Zuckungen" in told["de"]
    assert "bursts" in told["zh_Hans"]


CLINICS = re.compile(r"/review/|/people/~[^/]+/(review|agreement|export|visit)")
WORDS = re.compile(r"\b(?:burst|twitch)(?:es|s)?\b", re.IGNORECASE)


@pytest.mark.parametrize("path", [path for path in PATHS if "no" not in path])
def test_a_page_has_one_word_for_a_burst_that_of_its_readers(
    served, browser, rich, path
):
    browser.post(f"/review/{rich['recording']}/rater", data={"name": RATERS[0]})
    page = browser.get(path.format(**rich), follow_redirects=True).text
    shown = re.sub(r"<style.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)
    said = {word.rstrip("es").lower() for word in WORDS.findall(shown)}
    assert said <= {"burst" if CLINICS.match(path) else "twitch"}


CYRILLIC = re.compile(r"[\u0430-\u044f]{2,}")


def nothing_escaped(pseudo, page: str, known: Iterable[str] = DATA) -> None:
    left = pseudo.escaped_page(MADE.sub(" ", page), known, UNSEEN)
    assert not left, "\n".join(sorted(set(left)))


# --- refusals -----------------------------------------------------------------

INJECTION = {"kind": "botulinum_toxin", "on": "2025-01-01", "side": "left"}
FILE = {
    "patient_id": PATIENT,
    "name": "camera.mp4",
    "size": 9,
    "media_type": "video/mp4",
    "task": "rest",
    "mirrored": False,
    "started_at": "2025-03-01T10:00:00+01:00",
}
ACT = {
    "rater": RATERS[0],
    "way": "open",
    "revision": 1,
    "action": "confirm",
    "key": "d1",
}


def table(*lines: str) -> dict[str, object]:
    return {"files": {"table": ("table.csv", "\n".join(lines).encode(), "text/csv")}}


def data(**fields: str) -> dict[str, object]:
    return {"data": fields}


REFUSED = [
    ("/people", data(pseudonym="a/b")),
    ("/people", data(pseudonym="-a")),
    ("/people", data(pseudonym=PATIENT)),
    ("/people", data(pseudonym="")),
    ("/people/~nobody/diary", data(on="2025-01-01", stress="1")),
    ("/people/~P-1/diary", data(on="1.1.2025", stress="99", sleep_hours="7 h")),
    ("/people/~P-1/diary", data(on="2999-01-01", stress="1")),
    ("/people/~P-1/treatments", data(**INJECTION, units="-1")),
    ("/people/~P-1/treatments", data(**{**INJECTION, "on": "2999-01-01"})),
    ("/people/~P-1/treatments", data(**{**INJECTION, "kind": "7"})),
    ("/people/~P-1/treatments/{treatment}", data(**INJECTION, units="7 u")),
    ("/people/~P-1/treatments/none", data(**INJECTION)),
    ("/people/~P-1/treatments.csv", table("7;8")),
    ("/people/~P-1/treatments.csv", table("date,kind,side", "2025-01-01,7,7")),
    ("/people/~P-1/treatments.csv", table("date,kind", "2025-01-01,other,7")),
    ("/people/~P-1/diary.csv", table("date,stress", "1.1.2025,7")),
    ("/people/~P-1/diary.csv", table("date,stress", "2025-01-01,99")),
    ("/people/~P-1/diary.csv", table("date", "2025-01-01", "2025-01-01")),
    ("/api/files", {"json": {**FILE, "size": 10**12}}),
    ("/api/files", {"json": {**FILE, "size": 0}}),
    ("/api/files", {"json": {**FILE, "started_at": "2999-01-01T10:00:00+01:00"}}),
    ("/api/files", {"json": {**FILE, "patient_id": "nobody"}}),
    ("/api/files", {"json": {}}),
    ("/api/guided", {"json": {"patient_id": "nobody"}}),
    ("/review/{recording}/rater", data(name=" ")),
    ("/review/none/rater", data(name="Dr 1")),
    ("/api/review/{old}/acts", {"json": {**ACT, "action": "undo", "key": ""}}),
    ("/api/review/{recording}/acts", {"json": {**ACT, "key": "d9"}}),
    ("/api/review/{recording}/acts", {"json": {**ACT, "rater": "Dr 2"}}),
    (
        "/api/review/{recording}/acts",
        {"json": {**ACT, "action": "change", "start": 9.0, "end": 1.0}},
    ),
    (
        "/api/review/{recording}/acts",
        {"json": {**ACT, "action": "change", "regions": []}},
    ),
    ("/nowhere", {}),
]
ASKED_WRONGLY = [
    "/people/~P-1/progress?first=31.5.&kind=7&basis=7",
    "/people/~P-1/progress/body?first=31.5.&kind=7&basis=7",
    "/people/~P-1/progress/body?first=2999-01-01",
    "/people/~P-1/compare?earlier=7&later=8",
    "/people/~P-1/export/file?what=7",
    "/people/~P-1/days?edit=7",
    "/clips/{clip}/cut/5/1",
    "/clips/{clip}/cut/0/9000000",
    "/api/clips/none",
    "/api/review/{recording}/mesh/999999",
    "/api/review/{old}/video",
]


@pytest.mark.parametrize(
    ("path", "sent"),
    REFUSED,
    ids=[f"{n}-{path}" for n, (path, _) in enumerate(REFUSED)],
)
def test_refusals_are_in_the_language_of_the_page(
    served, browser, rich, speaks_pseudo, path, sent
):
    for one in ("recording", "old"):
        browser.post(f"/review/{rich[one]}/rater", data={"name": RATERS[0]})
    browser.headers["Accept-Language"] = speaks_pseudo.code
    answer = browser.post(path.format(**rich), **sent)
    assert answer.status_code in range(400, 500)
    refused(speaks_pseudo, answer)


@pytest.mark.parametrize("path", ASKED_WRONGLY)
def test_what_is_asked_wrongly_is_answered_in_its_language(
    served, browser, rich, speaks_pseudo, path
):
    browser.headers["Accept-Language"] = speaks_pseudo.code
    refused(speaks_pseudo, browser.get(path.format(**rich)))


def refused(pseudo, answer) -> None:
    if answer.headers["content-type"].startswith("application/json"):
        words = MADE.sub(" ", answer.json()["error"])
        assert CYRILLIC.search(words)
        assert pseudo.escaped(words, DATA | NAMES) == [], words
    else:
        assert CYRILLIC.search(answer.text)
        nothing_escaped(pseudo, answer.text, DATA | NAMES)


def test_strangers_are_refused_in_their_language(served, speaks_pseudo):
    with served.stranger() as stranger:
        stranger.headers["Accept-Language"] = speaks_pseudo.code
        refused(speaks_pseudo, stranger.get("/"))
        refused(speaks_pseudo, stranger.get("/api/clips/none"))
        refused(speaks_pseudo, stranger.get("/open?key=7"))
        refused(speaks_pseudo, stranger.get("/", headers={"Host": "evil.example"}))


def test_a_file_that_is_no_film_is_refused_in_the_language_of_its_page(
    served, browser, rich, speaks_pseudo
):
    browser.headers["Accept-Language"] = speaks_pseudo.code
    clip_id = browser.post("/api/files", json=FILE).json()["clip_id"]
    refused(
        speaks_pseudo, browser.put(f"/api/clips/{clip_id}/file", content=b"no film..")
    )


# --- in other threads and processes -----------------------------------------------


def test_a_failed_analysis_speaks_the_language_of_the_one_who_reads(
    speaks_pseudo, tmp_path
):
    """Whoever asked spoke another; from its own process comes no text but a code."""
    store = Store(tmp_path / "app")
    clip = store.add(patient_id=PATIENT, task=Task.REST, started_at=datetime.now(UTC))
    clip = store.change(clip.clip_id, state=ClipState.STORED, file_name="rest.webm")
    analyses = Analyses(store, lambda *_: "7")
    with speaking("de"):
        analyses.submit(clip.clip_id)
    while not clip_ended(store, clip):
        time.sleep(0.05)
    analyses.close()
    kept = store.clip(clip.clip_id).error
    assert kept == "missing"
    with speaking(speaks_pseudo.code):
        words = failure_in_words(kept)
    assert CYRILLIC.search(words)
    assert speaks_pseudo.escaped(words, DATA) == [], words


def clip_ended(store, clip) -> bool:
    return store.clip(clip.clip_id).state is ClipState.FAILED


def test_a_live_picture_is_refused_in_the_language_of_its_page(speaks_pseudo):
    feed = LiveFeed(begin=lambda: pytest.fail("there is no picture"))
    with speaking(speaks_pseudo.code), pytest.raises(TwitchTrackerError) as error:
        feed.look(bytes(8) + b"no picture")
    feed.close()
    assert speaks_pseudo.escaped(str(error.value), {"JPEG", "PNG"}) == []


def test_the_test_itself_notices_a_sentence(pseudo):
    page = '<p>\u0431\u0443 P-1 {field}</p><p aria-label="Hidden words">P-1 seen</p>'
    assert pseudo.escaped_page(page, {"P-1"}) == ["Hidden words", "P-1 seen"]
    block = '<script type="application/json">{"a": ["plain"], "key": "k-ey"}</script>'
    assert pseudo.escaped_page(block, (), {"key"}) == ["plain"]


def test_the_reading_text_is_a_sentence_like_others(pseudo):
    assert READING in pseudo.messages


def test_a_review_copy_speaks_the_language_of_the_one_who_asked(
    speaks_pseudo, tmp_path
):
    """It is made in its own process, too."""
    source = tmp_path / "rest.webm"
    source.write_bytes(b"no film")
    copies, name = Copies(tmp_path / "copies"), "a" * 64
    with speaking(speaks_pseudo.code):
        copies.make(name, source, mirrored=False)
    while copies.how_far(name).state is CopyState.MAKING:
        time.sleep(0.05)
    copies.close()
    words = copies.how_far(name).error
    assert CYRILLIC.search(words)
    assert speaks_pseudo.escaped(words, DATA | NAMES | OF_FFMPEG) == [], words
