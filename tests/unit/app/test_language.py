"""Another language needs a catalogue and nothing else; no sentence escapes it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages import catalog, extract, mofile

import twitch_tracker
from twitch_tracker.app.steps import READING
from twitch_tracker.report.language import (
    LANGUAGE_VARIABLE,
    choose_language,
    current_language,
    speaking,
)
from twitch_tracker.report.words import say, say_n
from twitch_tracker.settings import HOME_VARIABLE

PACKAGE = Path(twitch_tracker.__file__).parent
KEYWORDS = {"say": None, "_": None, "mark": None, "say_n": (1, 2), "plural": (1, 2)}
OPEN, CLOSE = "⟦", "⟧"
FIELD = re.compile(r"\{[^{}]*\}")


def messages():
    """Everything that the sources mark as a sentence: what Babel would extract."""
    ways = (("**.py", "python"), ("**.j2", "jinja2"))
    return [
        message
        for room in ("report", "app")
        for _, _, message, _, _ in extract.extract_from_dir(
            PACKAGE / room, method_map=list(ways), options_map={}, keywords=KEYWORDS
        )
    ]


def pseudo(text):
    """⟦the sentence⟧, its fields as they are."""
    return f"{OPEN}{text}{CLOSE}"


def write_catalogue(home: Path, code: str) -> None:
    made = catalog.Catalog(locale=None, domain="twitch_tracker")
    for message in messages():
        one, many = message if isinstance(message, tuple) else (message, None)
        if not one:
            continue
        if many is None:
            made.add(one, pseudo(one))
        else:
            made.add((one, many), (pseudo(one), pseudo(many)))
    folder = home / "locale" / code / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "twitch_tracker.mo").open("wb") as file:
        mofile.write_mo(file, made)


@pytest.fixture(scope="module")
def pseudo_home(tmp_path_factory):
    home = tmp_path_factory.mktemp("pseudo")
    write_catalogue(home, "xx")
    return home


@pytest.fixture
def speaks_pseudo(pseudo_home, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(pseudo_home))


# --- choosing ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("xx", "xx"),
        ("xx-YY,en;q=0.5", "xx"),
        ("en-GB,xx;q=0.9", "en"),
        ("fr,xx;q=0.2,en;q=0.1", "xx"),
        ("fr", "en"),
        ("", "en"),
        ("../../etc;q=nonsense,,;", "en"),
        ("../xx", "en"),
        ("*", "en"),
    ],
)
def test_the_browser_chooses_among_what_is_there(speaks_pseudo, accepted, chosen):
    assert choose_language(accepted) == chosen


def test_the_variable_beats_the_browser(speaks_pseudo, monkeypatch):
    monkeypatch.setenv(LANGUAGE_VARIABLE, "xx")
    assert choose_language("en") == "xx"
    assert current_language() == "xx"
    assert say("{s} s", s=3) == "⟦3 s⟧"


def test_a_language_is_spoken_within_its_block_alone(speaks_pseudo):
    with speaking("xx"):
        assert say("left") == "⟦left⟧"
        assert say_n("burst", "bursts", 2) == "⟦bursts⟧"
        assert say("not in any catalogue") == "not in any catalogue"
        assert say("") == "", "gettext keeps its header under the empty key"
    assert say("left") == "left"


# --- no sentence escapes ----------------------------------------------------


class Texts(HTMLParser):
    """Collects what a person reads or hears of a page."""

    SHOWN = frozenset({"aria-label", "title", "alt", "placeholder", "aria-valuetext"})

    def __init__(self):
        super().__init__()
        self.texts, self.inside = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in {"input", "meta", "link", "br", "img"}:
            self.inside.append(tag)
        self.texts += [value for name, value in attrs if name in self.SHOWN]

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data):
        if "style" not in self.inside:
            self.texts.append(data)


def _sentences_of(text: str) -> str:
    """Return text as it is, and the values of JSON."""
    if not text.lstrip().startswith("{"):
        return text
    values = " ".join(re.findall(r'": "((?:[^"\\]|\\.)*)"', text))
    return values.encode().decode("unicode_escape")


def _without_catalogue(text: str) -> str:
    """Take out what is in brackets, from the inside outwards."""
    outer = re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
    return text if outer == text else _without_catalogue(outer)


def escaped(page: str, data: set[str]) -> list[str]:
    """Return words on a page that came through no catalogue and are no data."""
    parser = Texts()
    parser.feed(page)
    left = []
    for text in parser.texts:
        rest = _without_catalogue(_sentences_of(text))
        for known in sorted(data, key=len, reverse=True):
            rest = rest.replace(known, " ")
        if re.search(r"[^\W\d_]{2,}", rest):
            left.append(rest.strip())
    return left


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/people/~P-1",
        "/people/~P-1/record",
        "/people/~P-1/add",
        "/people/~P-1/diary",
        "/people/~P-1/progress",
        "/people/~P-1/recordings",
        "/people/~P-1/compare",
        "/people/~P-1/treatments",
        "/people/~P-1/days",
        "/people/~P-1/changes",
        "/people/~P-1/export",
        "/clips/{clip}",
        "/people/~P-1/review",
        "/people/~P-1/agreement",
        "/review/{recording}",
        "/review/{recording}?who=1",
        "/review/{recording}/agreement",
        "/guided/none",
        "/people/~nobody",
        "/nowhere",
    ],
)
def test_no_sentence_escapes_the_catalogue(served, browser, speaks_pseudo, path):
    if browser.get("/people/~P-1").status_code == 404:
        browser.post("/people", data={"pseudonym": "P-1"})
    clip_id = done_clip(served)
    recording = served.parts.store.clip(clip_id).recording_id
    browser.post(f"/review/{recording}/rater", data={"name": "Dr A"})
    headers = {"Accept-Language": "xx"}
    address = path.replace("{clip}", clip_id).replace("{recording}", recording)
    answer = browser.get(address, headers=headers)
    assert '<html lang="xx">' in answer.text
    data = {"P-1", "Dr A", "camera.mp4", "rest.webm", "MB", *facts_of(answer.text)}
    assert escaped(answer.text, data) == []
    assert answer.text.count(OPEN) > 5


def test_the_test_itself_notices_a_sentence():
    page = '<p>⟦All ⟦2⟧ well⟧</p><p aria-label="Hidden words">P-1 seen</p>'
    assert escaped(page, {"P-1"}) == ["Hidden words", "seen"]
    assert escaped('<script>{"a": "plain"}</script>', set()) == ["plain"]


def done_clip(served) -> str:
    """Make a finished recording whose result page can be read."""
    from datetime import UTC, datetime

    from twitch_tracker.app.clips import ClipState
    from twitch_tracker.batch import Job
    from twitch_tracker.history import Task
    from twitch_tracker.journal.entries import ReviewAction
    from twitch_tracker.journal.folder import log_folder

    store = served.parts.store
    clip = store.add(
        patient_id="P-1",
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
        logged = log_folder(journal, job.folder, "P-1", started_at=clip.started_at)
        for key in ("d1", "d2"):
            act = ReviewAction.CONFIRM
            journal.review(logged.recording_id, "Dr A", act, key)
        journal.finish_review(logged.recording_id, "Dr A")
    store.change(clip.clip_id, state=ClipState.DONE, recording_id=logged.recording_id)
    return clip.clip_id


def facts_of(page: str) -> set[str]:
    """Return names in a page's facts that nobody reads: keys, tasks, addresses."""
    return {"patient_id", "session_id", "steps", *(
        word for word in re.findall(r'"(?:task|home|language|side|kind|verdict)": "([^"]*)"', page)
    )}  # fmt: skip


def test_the_reading_text_is_a_sentence_like_others():
    assert READING in messages()


def test_fields_are_named_alike_in_singular_and_plural():
    for message in messages():
        if isinstance(message, tuple):
            one, many = message[:2]
            assert set(FIELD.findall(one)) <= set(FIELD.findall(many)), message
