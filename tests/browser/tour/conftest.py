"""Every page in every state: a world with people in it, and who looks at the pages.

One server in this process, one window and one tab for the whole tour. The analysis has a
stand-in: it copies the example's result, fails, or never ends, as the file's name says.
With TWITCH_TRACKER_SCREENSHOTS=FOLDER every state leaves pictures there instead of
being examined; with TWITCH_TRACKER_THOROUGH=1 axe-core looks at both widths in both
schemes.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is missing")

EXAMPLE = Path(__file__).parents[3] / "examples" / "simulated_spasm.mp4"
AT = datetime(2026, 5, 1, 18, 30, tzinfo=UTC)
NO_FACE = "nothing_measured(too_dark=45)"
WIDTHS = (320, 390, 720, 768, 1440)
"""320 is a desk at 400 % (WCAG 1.4.10), 720 a desk at 200 % (1.4.4)."""

THOROUGH = bool(os.environ.get("TWITCH_TRACKER_THOROUGH"))
AXE_AT = (
    (("light", 390), ("dark", 390), ("light", 1440), ("dark", 1440))
    if THOROUGH
    else (("light", 390), ("dark", 1440))
)
"""Layout follows the width and colours the scheme, so two of the four nearly do."""

PICTURES_AT = tuple((s, w) for s in ("light", "dark") for w in (390, 768, 1440))

ROOM = {390: 844, 768: 1024, 1440: 900}


@dataclass
class StandIn:
    """Analyses as the name of the video says; counts new ones as recordings anew."""

    analysed: Path
    over: threading.Event = field(default_factory=threading.Event)
    done: int = 0

    def __call__(self, job: Any, on_progress: Any, cancelled: Any) -> Any:
        from twitch_tracker.batch import JobResult, Status
        from twitch_tracker.records import Progress

        on_progress(Progress(stage="reading", done=1.0, total=2.0))
        while "endless" in job.video.name and not cancelled.wait(0.1):
            if self.over.is_set():
                return None
        if cancelled.is_set():
            return None
        self.done += 1
        shutil.copytree(self.analysed, job.folder)
        make_another(job.folder, f"new {self.done}")
        return JobResult(job=job, status=Status.DONE, summary={})


def make_another(folder: Path, name: str) -> None:
    """Make another recording of the example's result: the same, by another hash."""
    import pyarrow.parquet as pq

    digest = sha256(name.encode()).hexdigest()
    summary = folder / "summary.json"
    told = json.loads(summary.read_text(encoding="utf-8"))
    told["video"]["sha256"] = digest
    summary.write_text(json.dumps(told), encoding="utf-8")
    signals = pq.read_table(folder / "signals.parquet")
    about = json.loads(signals.schema.metadata[b"twitch_tracker"])
    about["video"]["sha256"] = digest
    noted = {**signals.schema.metadata, b"twitch_tracker": json.dumps(about).encode()}
    pq.write_table(signals.replace_schema_metadata(noted), folder / "signals.parquet")


@pytest.fixture(scope="session")
def another() -> Callable[[Path, str], None]:
    """Makes another recording of a copied result."""
    return make_another


def no_bursts(told: dict[str, Any]) -> None:
    """Let a summary say that nothing happened."""
    told["sides"]["right"] = told["sides"]["left"]


def hardly_seen(told: dict[str, Any]) -> None:
    """Let a summary say that the face was hardly to be seen."""
    no_bursts(told)
    told["analysable_s"] = 4.0
    told["blinks"] = told["complete_blinks"] = 0
    told["blinks_per_min"] = None
    told["rest_asymmetry"] = None
    told["excluded_s"] = {"too_dark": 30.0, "turned_away": 11.0}


@dataclass
class World:
    """Who and what there is; names of clips by what they show."""

    home: Path
    clips: dict[str, str] = field(default_factory=dict)
    recordings: dict[str, str] = field(default_factory=dict)
    session: str = ""


@pytest.fixture(scope="session")
def world(analysed: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A home with four people: much recorded, a course of months, one, nothing."""
    from twitch_tracker.app.recording.store import Store
    from twitch_tracker.demo.course import demo_patient, demo_plan
    from twitch_tracker.demo.into_journal import ended_by, write_patient
    from twitch_tracker.journal.open import open_journal

    world = World(home=tmp_path_factory.mktemp("world"))
    (world.home / "app").mkdir()
    store = Store(world.home / "app")
    plan = ended_by(demo_plan(years=0.8, patient_id="P-017"), date(2026, 4, 30))
    with open_journal(world.home) as journal:
        write_patient(journal, demo_patient(plan, 1), 1)
        for name in ("anna", "bert", "nobody yet"):
            journal.add_patient(
                name, "Right side, since 2023." if name == "anna" else ""
            )
        fill_clips(world, store, journal, analysed)
    return world


def fill_clips(world: World, store: Any, journal: Any, analysed: Path) -> None:
    """Give anna recordings in every state, and bert the example alone."""
    from twitch_tracker.app.recording.clips import ClipState

    kinds: dict[str, tuple[str, Any, Callable[..., None] | None]] = {
        "right": ("anna", ClipState.DONE, None),
        "none": ("anna", ClipState.DONE, no_bursts),
        "dark": ("anna", ClipState.DONE, hardly_seen),
        "alone": ("bert", ClipState.DONE, None),
        "failed": ("anna", ClipState.FAILED, None),
        "endless": ("anna", ClipState.WAITING, None),
    }
    for number, (name, (person, state, change)) in enumerate(kinds.items()):
        add_clip(world, store, journal, analysed, (number, name, person, state, change))
    session = store.start_session("anna", AT + timedelta(days=9))
    unfinished = store.add(
        patient_id="anna",
        task=store.clip(world.clips["right"]).task,
        started_at=AT + timedelta(days=9),
        session_id=session.session_id,
    )
    store.change(unfinished.clip_id, state=ClipState.STORED)
    world.session = session.session_id


def add_clip(
    world: World, store: Any, journal: Any, analysed: Path, kind: tuple[Any, ...]
) -> None:
    """Keep one clip, and log it when it is analysed."""
    from twitch_tracker.app.recording.clips import ClipState
    from twitch_tracker.history import Task
    from twitch_tracker.journal.files.folder import log_folder

    number, name, person, state, change = kind
    clip = store.add(
        patient_id=person,
        task=Task.REST,
        started_at=AT + timedelta(days=number),
        file_name="endless.mp4" if name == "endless" else "rest.mp4",
        sent_name="IMG_2041.MOV" if name == "failed" else "",
        device="" if name == "failed" else "Integrated Camera",
    )
    world.clips[name] = clip.clip_id
    shutil.copy(EXAMPLE, store.video(clip))
    store.change(clip.clip_id, state=state, error=NO_FACE if name == "failed" else "")
    if state is not ClipState.DONE:
        return
    shutil.copytree(analysed, store.result(clip))
    if name != "alone":
        make_another(store.result(clip), name)
    logged = log_folder(
        journal, store.result(clip), person, started_at=clip.started_at, task=clip.task
    )
    if change is not None:
        path = store.result(clip) / "summary.json"
        told = json.loads(path.read_text(encoding="utf-8"))
        change(told)
        path.write_text(json.dumps(told), encoding="utf-8")
    store.change(clip.clip_id, recording_id=logged.recording_id)
    world.recordings[name] = logged.recording_id


# --- servers in this process ----------------------------------------------------


@pytest.fixture(scope="session")
def serve_here() -> Iterator[Callable[..., Any]]:
    """Serve a home from this process; gives its parts."""
    import uvicorn

    from twitch_tracker.app.server import bind, create_app
    from twitch_tracker.app.settings import AppSettings

    running: list[tuple[Any, threading.Thread, Any]] = []

    def serve(home: Path, work: Any, step_s: float | None = None) -> Any:
        bound = bind("127.0.0.1", 0)
        port = bound.getsockname()[1]
        settings = AppSettings(home=home, port=port, step_s=step_s, spare_bytes=0)
        app = create_app(settings, work=work, look=lambda *_: None)
        config = uvicorn.Config(app, log_level="critical", ws="websockets-sansio")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        running.append((server, thread, bound))
        while not server.started:  # bound is not yet listening
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.05)
        return app.state.parts

    yield serve
    for server, thread, bound in running:
        server.should_exit = True
        thread.join()
        bound.close()


@pytest.fixture(scope="session")
def parts(
    world: World, analysed: Path, serve_here: Callable[..., Any]
) -> Iterator[Any]:
    """The app of the world; a guided step lasts a minute, so that it can be looked at."""
    work = StandIn(analysed)
    yield serve_here(world.home, work, 60.0)
    work.over.set()


@pytest.fixture(scope="session")
def empty(
    analysed: Path,
    serve_here: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Any:
    """The app of a computer where nobody was entered yet."""
    return serve_here(tmp_path_factory.mktemp("empty"), StandIn(analysed))


@pytest.fixture(scope="session")
def quick(
    analysed: Path,
    serve_here: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Any:
    """The app of a computer on which a guided step lasts a second; carl uses it."""
    parts = serve_here(tmp_path_factory.mktemp("quick"), StandIn(analysed), 1.0)
    with parts.journal() as journal:
        journal.add_patient("carl", "")
    return parts


# --- who looks --------------------------------------------------------------------

OPENED = """() => {
    const parts = [...document.querySelectorAll("details")];
    const of_charts = parts.filter((part) => part.closest("figure.chart"));
    for (const part of parts) part.open = !of_charts.slice(1).includes(part);
}"""
"""Every detail open; of the tables of charts, which are alike, the first."""

FOCUS = """() => {
    const able = "a[href], button, input, select, textarea, summary, video[controls], [tabindex]";
    const shown = (el) => el.tabIndex >= 0 && !el.disabled && el.checkVisibility({
        visibilityProperty: true }) && el.getBoundingClientRect().width > 0;
    const wrong = [];
    // Where the page glides to what has the focus, it may still be on its way.
    document.documentElement.style.scrollBehavior = "auto";
    // Of hundreds of links in a list every tenth or so is as good as all.
    const all = [...document.querySelectorAll(able)].filter(shown);
    const every = Math.ceil(all.length / 60);
    for (const el of all.filter((_, n) => n % every === 0)) {
        el.focus();
        if (document.activeElement !== el) continue;
        const style = getComputedStyle(el);
        const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        if (!ring) wrong.push("no ring: " + el.outerHTML.slice(0, 120));
        const box = el.getBoundingClientRect();
        const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
        const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
        const points = [.1, .3, .5, .7, .9].flatMap((x) => [.1, .5, .9].map((y) =>
            [left + x * (right - left), top + y * (bottom - top)]));
        const mine = (at) => at && (el.contains(at) || at.contains(el) && at.matches("label")
            || [...(el.labels ?? [])].some((label) => label.contains(at)));
        if (!points.some(([x, y]) => mine(document.elementFromPoint(x, y))))
            wrong.push("hidden: " + el.outerHTML.slice(0, 120));
    }
    scrollTo(0, 0);
    document.documentElement.style.scrollBehavior = "";
    return wrong;
}"""

WIDE = "document.documentElement.scrollWidth"

BEYOND = """() => [...document.querySelectorAll("body *")]
    .filter((el) => el.getBoundingClientRect().right > innerWidth)
    .map((el) => el.outerHTML.slice(0, 120)).slice(-5)"""
"""What reaches beyond the right edge, the innermost last."""

BONES = """() => ({
    lang: document.documentElement.lang,
    h1: document.querySelectorAll("h1").length,
    levels: [...document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6)")]
        .filter((h) => h.checkVisibility()).map((h) => Number(h.tagName[1])),
    landmarks: ["nav", "main", "footer"].filter((n) => document.querySelector(`body > ${n}, .bar > ${n}`)),
    pictures: [...document.querySelectorAll("svg, canvas, video")].filter((p) =>
        p.checkVisibility() && !p.closest("[aria-hidden=true]") && !p.parentElement.closest("svg") && !p.getAttribute("aria-label")
        && !p.getAttribute("aria-labelledby")).map((p) => p.outerHTML.slice(0, 160)),
    main: [...document.querySelectorAll("main :is(.main)")].filter((b) => b.checkVisibility()).length,
    moving: document.getAnimations().length,
})"""


@dataclass
class Looker:
    """Looks at a page in every way and notes what is wrong, state by state."""

    page: Any
    barriers: Callable[..., list[Any]]
    pictures: Path | None
    titles: dict[str, set[str]] = field(default_factory=dict)
    wrong: list[tuple[Any, ...]] = field(default_factory=list)

    def look(self, state: str) -> None:
        """Look at the state that the tab is in now, once its page has arrived."""
        self.page.wait_for_load_state()
        if self.pictures is not None:
            self.take_pictures(self.pictures, state)
            return
        page = self.page
        page.evaluate(OPENED)
        self.bones(state)
        for width in WIDTHS:
            self.wear("light", width)
            if page.evaluate(WIDE) != width:
                page.wait_for_timeout(500)  # what is still arriving may settle
                if (wide := page.evaluate(WIDE)) != width:
                    beyond = page.evaluate(BEYOND)
                    self.wrong.append((state, width, f"is {wide} wide", beyond))
        for scheme, width in AXE_AT:
            self.wear(scheme, width)
            self.wrong += [(state, scheme, width, b) for b in self.barriers(page)]
        self.wear("light", 390)
        page.keyboard.press("Tab")
        self.wrong += [(state, "focus", w) for w in page.evaluate(FOCUS)]

    def bones(self, state: str) -> None:
        """Title, language, landmarks, headings in order, names of pictures."""
        bones = self.page.evaluate(BONES)
        self.titles.setdefault(self.page.title(), set()).add(state)
        steps = zip(bones["levels"], bones["levels"][1:], strict=False)
        rules = {
            "a language": bones["lang"] == "en",
            "one h1": bones["h1"] == 1,
            "headings in order": bones["levels"][:1] == [1]
            and all(after <= before + 1 for before, after in steps),
            "landmarks": bones["landmarks"] == ["nav", "main", "footer"],
            "names of pictures": bones["pictures"] == [],
            "nothing that moves": bones["moving"] == 0,
            "at most one main action": bones["main"] <= 1,
        }
        self.wrong += [(state, rule, bones) for rule, held in rules.items() if not held]

    def wear(self, scheme: str, width: int) -> None:
        """Put on colours and a width."""
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        self.page.set_viewport_size({"width": width, "height": ROOM.get(width, 900)})

    def take_pictures(self, folder: Path, state: str) -> None:
        """Leave pictures for people to look at."""
        for scheme, width in PICTURES_AT:
            self.wear(scheme, width)
            self.page.wait_for_timeout(100)
            name = f"{state}.{scheme}.{width}.png"
            self.page.screenshot(path=folder / name, full_page=True)


@pytest.fixture(scope="session")
def tab(browser: sync_api.Browser, parts: Any) -> Iterator[sync_api.Page]:
    """The one tab of the tour, which came in by the link."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{parts.settings.address}/open?key={parts.door.make_key()}")
    yield page
    context.close()


@pytest.fixture(scope="session")
def looker(tab: sync_api.Page, barriers: Callable[..., list[Any]]) -> Looker:
    """Who looks at the tab's pages."""
    place = os.environ.get("TWITCH_TRACKER_SCREENSHOTS")
    if place:
        Path(place).mkdir(parents=True, exist_ok=True)
    return Looker(tab, barriers, Path(place) if place else None)
