"""Every rule of the door and the guard, attacked."""

from __future__ import annotations

import http.client
import json
import re
import sys
import time
from datetime import UTC, datetime

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from twitch_tracker.app.door import SESSION_S, Door
from twitch_tracker.app.locking import locked
from twitch_tracker.app.server import bind, server_config
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.errors import BadParameter, OutputNotWritable
from twitch_tracker.history import Task


def test_the_link_opens_once(served):
    key = served.parts.door.make_key()
    with served.stranger() as first, served.stranger() as second:
        assert first.get(f"/open?key={key}").headers["location"] == "/"
        assert first.get("/").status_code == 200
        refused = second.get(f"/open?key={key}")
        assert refused.status_code == 401
        assert "already been used" in refused.text
        assert second.get("/").status_code == 401


def test_a_preview_of_the_link_does_not_use_it_up(served):
    key = served.parts.door.make_key()
    with served.stranger() as client:
        preview = {"Sec-Purpose": "prefetch;prerender"}
        assert client.get(f"/open?key={key}", headers=preview).status_code == 401
        assert client.get(f"/open?key={key}").status_code == 303


@pytest.mark.parametrize("key", ["", "x", "../../etc/passwd", "é" * 40])
def test_a_guessed_key_opens_nothing(served, key):
    served.parts.door.make_key()
    with served.stranger() as client:
        assert client.get("/open", params={"key": key}).status_code == 401
        assert not client.cookies


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(served):
    with served.stranger() as client:
        answer = client.get(f"/open?key={served.parts.door.make_key()}")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"twitch_tracker_{served.settings.port}=")
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "domain" not in cookie.lower()


@pytest.mark.parametrize(
    "path", ["/", "/people/~anna", "/api/clips/" + "0" * 32, "/nowhere", "/live"]
)
def test_without_a_session_nothing_is_shown(served, path):
    with served.stranger() as client:
        answer = client.get(path)
        assert answer.status_code == 401
        assert "Open the link" in answer.text


def test_a_made_up_session_is_none(served):
    with served.stranger() as client:
        name = f"twitch_tracker_{served.settings.port}"
        assert client.get("/", headers={"Cookie": f"{name}=abc"}).status_code == 401
        assert client.get("/", headers={"Cookie": '=;"\x01'}).status_code == 401


@pytest.fixture
def clocks():
    """Return what two clocks show: the one that can be set, and the steady one."""
    return {"now": 1e9, "steady": 50.0}


@pytest.fixture
def door(clocks):
    return Door(now=lambda: clocks["now"], steady=lambda: clocks["steady"])


def test_a_session_ends_with_the_day(door, clocks):
    session = door.admit(door.make_key())
    assert session is not None
    clocks["now"] += SESSION_S - 1
    clocks["steady"] += SESSION_S - 1
    assert door.knows(session)
    clocks["now"] += 2
    clocks["steady"] += 2
    assert not door.knows(session)


def test_a_clock_that_is_set_back_lengthens_no_session(door, clocks):
    session = door.admit(door.make_key())
    clocks["now"] -= 10 * SESSION_S
    clocks["steady"] += SESSION_S + 1
    assert not door.knows(session)


@pytest.mark.skipif(sys.platform != "linux", reason="others know no such clock")
def test_neither_does_one_that_slept_and_whose_clock_was_set_back(monkeypatch):
    """The clock that nobody can set must go on while the computer sleeps."""
    told = {time.CLOCK_BOOTTIME: 100.0, time.CLOCK_MONOTONIC: 100.0}
    monkeypatch.setattr(time, "clock_gettime", lambda clock: told[clock])
    monkeypatch.setattr(time, "monotonic", lambda: told[time.CLOCK_MONOTONIC])
    door = Door(now=lambda: 0.0)
    session = door.admit(door.make_key())
    told[time.CLOCK_BOOTTIME] += SESSION_S + 1
    assert not door.knows(session)


def test_a_computer_that_slept_lengthens_no_session(door, clocks):
    """The steady clock stands still meanwhile."""
    session = door.admit(door.make_key())
    clocks["now"] += SESSION_S + 1
    assert not door.knows(session)


def test_sessions_end_with_the_process(serve):
    first = serve()
    browser = first.browser()
    assert browser.get("/").status_code == 200
    cookie = browser.cookies[f"twitch_tracker_{first.settings.port}"]
    browser.close()
    serve.stop()
    again = serve()
    name = f"twitch_tracker_{again.settings.port}"
    with again.stranger() as client:
        answer = client.get("/", headers={"Cookie": f"{name}={cookie}"})
        assert answer.status_code == 401
    kept = [p for p in first.settings.home.rglob("*") if p.is_file()]
    assert not any(cookie.encode() in path.read_bytes() for path in kept)


BY_THE_FILE = {
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}
"""What a browser says that was led here by a file of this computer."""


def test_the_file_with_the_link_leads_in(served):
    """No redirect: a browser would leave the new cookie out of what follows one."""
    key = served.parts.door.make_key()
    with served.stranger() as client:
        answer = client.get(f"/open?key={key}", headers=BY_THE_FILE)
        assert answer.status_code == 200
        assert 'content="0; url=/"' in answer.text
        assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/open?key=guess", {}),
        ("/", {}),
        ("/people/~anna", {}),
        ("/open?key={key}", {"Origin": "https://evil.example"}),
        ("/open?key={key}", {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}),
        ("/open?key={key}", {"Sec-Fetch-Dest": "iframe"}),
    ],
)
def test_only_the_link_may_come_from_elsewhere(served, path, more):
    key = served.parts.door.make_key()
    with served.stranger() as client:
        answer = client.get(path.format(key=key), headers={**BY_THE_FILE, **more})
        assert answer.status_code in {401, 403}
        assert not client.cookies
        assert client.get(f"/open?key={key}").status_code == 303, "it is not used up"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", ""]
)
def test_other_names_for_this_computer_are_refused(served, browser, host):
    """DNS rebinding: a hostile name that resolves to 127.0.0.1."""
    answer = browser.get("/", headers={"Host": host})
    assert answer.status_code in {400, 421}
    assert "Who is to be recorded" not in answer.text


def test_localhost_is_the_same_computer(served, browser):
    port = served.settings.port
    cookie = f"twitch_tracker_{port}={browser.cookies[f'twitch_tracker_{port}']}"
    headers = {
        "Host": f"localhost:{port}",
        "Cookie": cookie,
        "Origin": f"http://localhost:{port}",
    }
    assert browser.get("/", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_other_pages_can_neither_change_nor_read(browser, headers, method):
    answer = browser.request(method, "/people", headers=headers)
    assert answer.status_code == 403
    assert "another page" in answer.text


def test_a_change_must_say_where_it_comes_from(browser):
    for name in ("Origin", "Sec-Fetch-Site"):
        del browser.headers[name]
    answer = browser.post("/people", data={"pseudonym": "eve"})
    assert answer.status_code == 403
    assert ">eve<" not in browser.get("/").text


@pytest.mark.parametrize("method", ["PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_unknown_methods_are_refused(served, browser, method):
    assert browser.request(method, "/").status_code in {403, 405}


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/..%2f..%2fsettings.py",
        "/static/%2e%2e/%2e%2e/settings.py",
        "/static//etc/passwd",
        "/clips/..%2f..%2f..%2fetc%2fpasswd",
        "/clips/..%2f/report.html",
        "/guided/..%2fx",
        "/api/clips/..%2f..%2fjournal.sqlite3",
        "/people/~..%2f..%2fetc",
        "/people/~%00",
    ],
)
def test_no_path_leads_out_of_the_app(served, browser, path):
    """Sent raw: httpx would tidy the dots away."""
    port = served.settings.port
    raw = http.client.HTTPConnection("127.0.0.1", port)
    name = f"twitch_tracker_{port}"
    raw.request("GET", path, headers={"Cookie": f"{name}={browser.cookies[name]}"})
    answer = raw.getresponse()
    body = answer.read()
    raw.close()
    assert answer.status in {400, 404}, body
    assert b"import" not in body
    assert b"root:" not in body


def test_a_pseudonym_of_dots_has_a_page(browser):
    for name in ("..", ".", "a?b#c%2f", "<b>x", "ä 'ö\""):
        made = browser.post("/people", data={"pseudonym": name})
        assert made.status_code == 303, name
        answer = browser.get(made.headers["location"])
        assert answer.status_code == 200, name
        assert "<b>x" not in answer.text


def test_forms_and_messages_have_a_size(browser):
    answer = browser.post("/people", data={"pseudonym": "x" * 300_000})
    assert answer.status_code == 413
    assert "too large" in answer.text

    def endless():
        for _ in range(40):
            yield b"x" * 10_000

    streamed = browser.post("/api/guided", content=endless())
    assert streamed.status_code == 413


def test_a_length_that_is_no_number_is_refused(served, browser):
    raw = http.client.HTTPConnection("127.0.0.1", served.settings.port)
    raw.putrequest("POST", "/people", skip_accept_encoding=True)
    raw.putheader("Content-Length", "-1")
    raw.endheaders()
    assert raw.getresponse().status == 400
    raw.close()


def test_every_answer_forbids_other_hosts_and_frames(served, anna):
    for path in ("/", "/nowhere", "/static/app.css", "/people/~anna/record"):
        headers = anna.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        sources = re.findall(r"(?:https?|wss?)://[^\s;]+", policy)
        assert sources == [f"ws://127.0.0.1:{served.settings.port}"]
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["cross-origin-resource-policy"] == "same-origin"


def test_no_page_has_an_inline_script_style_or_handler(anna):
    """What the policy forbids must not be there, or the page would be broken."""
    for path in (
        "/",
        *("/people/~anna" + end for end in ("", "/record", "/add", "/diary")),
    ):
        text = anna.get(path).text
        scripts = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", text)
        assert all('type="application/json"' in attributes for attributes in scripts)
        assert not re.search(r"<style|\sstyle=|\son\w+=", text)
        links = re.findall(r'(?:src|href|action)="([^"]+)"', text)
        assert links
        assert all(re.match(r"(/(?!/)|#|\?)", link) for link in links), links


def test_words_for_scripts_cannot_break_out(browser):
    browser.post("/people", data={"pseudonym": "<script>alert(1)<script>"})
    text = browser.get("/people/~%3Cscript%3Ealert(1)%3Cscript%3E/record").text
    assert "<script>alert" not in text
    facts = re.search(
        r'<script type="application/json" id="facts">(.*?)</script>', text
    )
    assert facts is not None
    assert json.loads(facts[1])["patient_id"] == "<script>alert(1)<script>"


# --- WebSockets -------------------------------------------------------------


def test_a_socket_needs_session_and_own_origin(served, browser):
    port = served.settings.port
    url = f"ws://127.0.0.1:{port}/live"
    name = f"twitch_tracker_{port}"
    cookie = {"Cookie": f"{name}={browser.cookies[name]}"}
    own = served.settings.address
    for origin, headers in (
        (own, {}),
        ("http://evil.example", cookie),
        ("http://127.0.0.1:1", cookie),
        (None, cookie),
    ):
        with pytest.raises(InvalidStatus):
            connect(url, origin=origin, additional_headers=headers, proxy=None)
    with connect(url, origin=own, additional_headers=cookie, proxy=None) as socket:
        socket.send("anew")


# --- the address ------------------------------------------------------------


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])  # noqa: S104
def test_only_this_computer_is_served(host):
    with pytest.raises(BadParameter, match="never serves a network"):
        bind(host, 0)


def test_a_taken_port_is_told(tmp_path):
    with bind("127.0.0.1", 0) as first:
        first.listen()
        with pytest.raises(BadParameter, match="free port"):
            bind("127.0.0.1", first.getsockname()[1])


def test_who_asks_says_the_connection_alone(served):
    """Else another user of this computer could pass as somebody from elsewhere."""
    assert not server_config(served.app).proxy_headers


def test_one_server_for_one_folder(tmp_path):
    told = pytest.raises(OutputNotWritable, match="already running there")
    with locked(tmp_path / "l"), told, locked(tmp_path / "l"):
        pass
    with locked(tmp_path / "l"):
        pass


def test_the_address_allow_list():
    settings = AppSettings(home=None, port=5)  # type: ignore[arg-type]
    assert settings.hosts == ("127.0.0.1:5", "localhost:5")
    named = AppSettings(home=None, port=5, name="tt-1.localhost")  # type: ignore[arg-type]
    assert named.hosts == ("tt-1.localhost:5", "127.0.0.1:5", "localhost:5")
    assert named.address == "http://tt-1.localhost:5"


def test_the_report_is_served_apart_from_the_app(served, anna):
    """Its scripts may not use our cookie: sandboxed, of another origin, no network."""
    assert anna.get("/clips/" + "0" * 32 + "/report.html").status_code == 404
    store = served.parts.store
    clip = store.add(
        patient_id="anna", task=Task.REST, started_at=datetime.now(UTC), file_name="a"
    )
    store.result(clip).mkdir()
    (store.result(clip) / "report.html").write_text("<h1>hello</h1>")
    answer = anna.get(f"/clips/{clip.clip_id}/report.html")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in policy
    assert "connect-src" not in policy
    assert "default-src 'none'" in policy


def test_errors_are_told_in_words(served, anna):
    missing = anna.get("/people/~nobody")
    assert missing.status_code == 404
    assert "<h1>Not found</h1>" in missing.text
    assert "Traceback" not in missing.text
    said = anna.get("/api/clips/" + "f" * 32)
    assert said.status_code == 404
    assert said.json() == {"error": "This recording is not available here."}
    wrong = anna.post("/api/guided", json={"who": 1})
    assert wrong.status_code == 400
    assert "not understood" in wrong.json()["error"]


def test_an_unforeseen_error_is_told_in_words(served, anna, monkeypatch, caplog):
    def broken(_self):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(type(served.parts), "journal", broken)
    answer = anna.get("/")
    assert answer.status_code == 500
    assert "unexpected" in answer.text
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
