"""The phone's door, attacked: route by route, code by code, address by address."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import re
import socket
import ssl
import time
from dataclasses import replace
from hashlib import sha256
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest
from phones import PhoneSide
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from twitch_tracker.app import server as server_module
from twitch_tracker.app.phone import guard, listening, routes
from twitch_tracker.app.phone.doorman import MOST_OF_ONE
from twitch_tracker.app.phone.guard import ALLOWED
from twitch_tracker.app.phone.listening import PhoneDoor
from twitch_tracker.app.phone.networks import named_place
from twitch_tracker.app.phone.pairing import IDLE_S
from twitch_tracker.app.phone.said import device_in_words
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.errors import NetworkUnusable
from twitch_tracker.history import Task

EXAMPLE = Path(__file__).parents[3] / "examples" / "simulated_spasm.mp4"
HERE = "127.0.0.1"
ID = "0" * 32


@pytest.fixture(scope="module")
def side(serve_all):
    """One app for this module, whose door is open on this computer."""
    served = serve_all(phone_address=HERE, phone_port=0, step_s=1.0)
    with served.parts.journal() as journal:
        for name in ("anna", "bert"):
            journal.add_patient(name)
    return PhoneSide(served)


@pytest.fixture
def phone(side):
    with side.phone() as client:
        yield client


@pytest.fixture
def stranger(side):
    with side.stranger() as client:
        yield client


@pytest.fixture(autouse=True)
def strangers_may_ask(monkeypatch):
    """What strangers ask in one test is not held against those of the next."""
    monkeypatch.setattr(guard, "MOST_A_MINUTE", 100_000)


# --- the list -----------------------------------------------------------------


def filled(path: str, **known: str) -> str:
    """Fill the fields of a route's path."""
    usual = {"patient_id": "anna", "clip_id": ID, "session_id": ID}
    return re.sub(
        r"\{(\w+)(?::\w+)?\}", lambda m: {**usual, **known}.get(m[1], "1"), path
    )


def of(router):
    """Every method and path of a router; a WebSocket is a method, too."""
    for route in router.routes:
        methods = getattr(route, "methods", None) or {"SOCKET"}
        for method in sorted(methods - {"HEAD"}):
            yield method, route.path


def is_allowed(method: str, path: str) -> bool:
    return any(one.method == method and re.fullmatch(one.path, path) for one in ALLOWED)


OF_THE_PHONE = sorted(of(routes.router))
OF_THE_COMPUTER = sorted({one for r in server_module.ROUTERS for one in of(r)})


def test_every_route_of_the_phone_is_in_the_list():
    assert OF_THE_PHONE
    left_out = [one for one in OF_THE_PHONE if not is_allowed(one[0], filled(one[1]))]
    assert left_out == []


def test_the_list_holds_nothing_else():
    made = {(method, filled(path)) for method, path in OF_THE_PHONE}
    for one in ALLOWED:
        if one.path.startswith("/static"):
            continue
        matching = {
            m for m in made if m[0] == one.method and re.fullmatch(one.path, m[1])
        }
        assert len(matching) == 1, one


def test_no_route_of_the_computer_is_served_to_a_phone(phone, stranger):
    """Neither to a phone that is connected nor to anybody else."""
    routes = [(method, filled(path)) for method, path in OF_THE_COMPUTER]
    asked = [one for one in routes if one[0] != "SOCKET" and not is_allowed(*one)]
    assert len(asked) > 80
    served = []
    for client in (phone, stranger):
        for method, path in asked:
            answer = client.request(method, path)
            if answer.status_code != 404 or "bert" in answer.text:
                served.append((method, path, answer.status_code))
    assert served == []
    assert phone.get("/record").status_code == 200, "it is connected to the end"


@pytest.mark.parametrize(
    "one", [one for one in ALLOWED if one.method != "SOCKET"], ids=lambda o: o.path
)
def test_who_is_not_connected_gets_the_first_page_alone(side, stranger, one):
    path = one.path.replace("[0-9a-f]{32}", ID).replace(r"\d{1,6}", "0")
    if path.startswith("/static"):
        path = "/static/app.css"
    answer = stranger.request(one.method, path)
    if one.to_all:
        assert answer.status_code in {200, 400}
        assert "anna" not in answer.text
    else:
        assert answer.status_code == 401
        assert "not connected" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/static/review.css",
        "/static/js/review.js",
        "/static/../phone/routes.py",
        "/static/js/../../settings.py",
        "/static/..%2f..%2fsettings.py",
        "/static/%2e%2e/%2e%2e/settings.py",
        "/api/clips/..%2f..%2fjournal.sqlite3/file",
        "/api/guided/..%2f..",
        "//etc/passwd",
        "/record%00",
        "/RECORD",
        "/record/",
        "/openapi.json",
        "/docs",
    ],
)
def test_no_path_leads_out_of_the_list(side, phone, path):
    """Sent raw: httpx would tidy the dots away."""
    raw = http.client.HTTPSConnection(HERE, side.port, context=side.trust())
    cookie = f"{side.cookie}={phone.cookies[side.cookie]}"
    raw.request("GET", path, headers={"Cookie": cookie})
    answer = raw.getresponse()
    body = answer.read()
    raw.close()
    assert answer.status == 404, body
    assert b"import" not in body
    assert b"root:" not in body


@pytest.mark.parametrize("method", ["PATCH", "OPTIONS", "TRACE", "HEAD"])
def test_other_methods_are_refused(phone, method):
    assert phone.request(method, "/record").status_code in {404, 405}


# --- the code -----------------------------------------------------------------


def test_a_code_connects_one_phone(side, stranger):
    code = side.code()
    answer = stranger.post("/api/pair", json={"code": code})
    assert answer.status_code == 200
    assert "This phone is the camera" in stranger.get("/").text
    cookie = answer.headers["set-cookie"]
    for told in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert told in cookie
    assert "Domain" not in cookie
    assert cookie.startswith("__Host-")
    assert side.door.desk.paired.device == "Android, Chrome"
    with side.stranger() as second:
        refused = second.post("/api/pair", json={"code": code})
        assert refused.status_code == 409
        assert "already been used" in refused.json()["error"]
        assert second.get("/record").status_code == 401
    assert stranger.get("/record").status_code == 200, "the first one stays"


def test_a_secret_is_worth_nothing_after_disconnecting(side, phone):
    stolen = phone.cookies[side.cookie]
    assert phone.post("/leave").status_code == 303
    for path in ("/record", "/add", "/done"):
        with side.stranger() as thief:
            headers = {"Cookie": f"{side.cookie}={stolen}"}
            assert thief.get(path, headers=headers).status_code == 401


def test_the_computer_lets_a_phone_go(side, phone):
    with side.browser() as browser:
        assert phone.get("/record").status_code == 200
        browser.post("/people/~anna/phone/disconnect")
    assert phone.get("/record").status_code == 401
    assert phone.post("/api/guided", json={}).status_code == 401


def test_a_phone_that_is_not_used_is_let_go(side, phone):
    desk = side.door.desk
    now, steady = desk._clocks
    try:
        desk._clocks = (lambda: now() + IDLE_S, steady)
        assert phone.get("/record").status_code == 401
    finally:
        desk._clocks = (now, steady)


@pytest.mark.parametrize("code", ["", "x", "é" * 10, "A" * 100])
def test_a_guessed_code_connects_nobody(side, stranger, code):
    side.code()
    answer = stranger.post("/api/pair", json={"code": code})
    assert answer.status_code == 409
    assert not stranger.cookies


def test_who_asks_says_the_connection_alone(side, stranger):
    """A header that names another address counts for nothing."""
    said = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "http"}
    answer = stranger.post("/api/pair", json={"code": side.code()}, headers=said)
    assert answer.status_code == 200
    assert side.door.desk.paired.address == HERE


def test_wrong_codes_are_counted(side, stranger):
    code = side.code()
    for _ in range(10):
        assert stranger.post("/api/pair", json={"code": "wrong"}).status_code == 409
    answer = stranger.post("/api/pair", json={"code": code})
    assert answer.status_code == 409
    assert "Too many" in answer.json()["error"]
    with side.browser() as browser:
        assert "Too many wrong codes" in browser.get("/people/~anna/phone").text


def test_who_asks_too_often_waits(side, phone, stranger, monkeypatch):
    """The phone that is connected is not held back by others."""
    monkeypatch.setattr(guard, "MOST_A_MINUTE", 0)
    answer = stranger.get("/")
    assert answer.status_code == 429
    assert "wait a minute" in answer.text
    assert phone.get("/record").status_code == 200


def test_each_address_is_counted_by_itself(monkeypatch):
    monkeypatch.setattr(guard, "MOST_A_MINUTE", 3)
    seconds = [0.0]
    monkeypatch.setattr(guard.time, "monotonic", lambda: seconds[0])
    made = guard.PhoneGuard(
        None, settings=None, refuse=None, desk=None, host="h:1", port=1
    )

    def asks(address):
        return made._asks_too_often({"client": (address, 1)})

    assert [asks("192.168.1.9") for _ in range(4)] == [False, False, False, True]
    assert not asks("192.168.1.8")
    seconds[0] = 61.0
    assert not asks("192.168.1.9")
    for number in range(3_000):
        asks(f"10.0.{number // 250}.{number % 250}")
    assert len(made._asked) <= 1_000


def test_a_made_up_secret_is_none(side, stranger):
    with side.phone():
        pass
    for cookie in (f"{side.cookie}=abc", f"{side.cookie}=", '=;"\x01'):
        answer = stranger.get("/record", headers={"Cookie": cookie})
        assert answer.status_code == 401


def test_the_session_of_the_computer_is_worth_nothing_here(side, stranger):
    """And the phone's secret nothing there."""
    with side.browser() as browser:
        name = f"twitch_tracker_{side.served.settings.port}"
        theirs = browser.cookies[name]
    for cookie in (name, side.cookie):
        answer = stranger.get("/record", headers={"Cookie": f"{cookie}={theirs}"})
        assert answer.status_code == 401
    with side.phone() as phone, side.served.stranger() as other:
        secret = phone.cookies[side.cookie]
        answer = other.get("/", headers={"Cookie": f"{name}={secret}"})
        assert answer.status_code == 401


# --- whose films ----------------------------------------------------------------


def begin(client, **body):
    return client.post("/api/guided", json=body).json()["session_id"]


def begin_clip(client, session):
    body = {"task": "rest", "media_type": "video/webm", "device": "camera2"}
    return client.post(f"/api/guided/{session}/clips", json=body).json()["clip_id"]


def send(client, clip_id, index, data):
    headers = {"X-Chunk-SHA256": sha256(data).hexdigest()}
    return client.put(
        f"/api/clips/{clip_id}/chunks/{index}", content=data, headers=headers
    )


FILE = {
    "name": "IMG_1.MOV",
    "size": 9,
    "media_type": "video/quicktime",
    "task": "rest",
    "mirrored": False,
    "started_at": "2025-03-01T10:00:00+01:00",
}


def test_a_session_is_filmed_for_the_person_of_the_code(side, phone):
    """Whatever the phone says: bert is asked for, anna is filmed."""
    session = begin(phone, patient_id="bert")
    clip = begin_clip(phone, session)
    assert send(phone, clip, 0, b"zero").json() == {"next": 1}
    assert phone.get(f"/api/guided/{session}").json()["clips"][0]["next"] == 1
    assert phone.post(f"/api/clips/{clip}/finish", json={"ran_s": 1}).status_code == 200
    answer = phone.post(f"/api/guided/{session}/finish")
    assert answer.json() == {"url": "/done"}
    store = side.served.parts.store
    assert store.clip(clip).patient_id == "anna"
    assert store.session(session).by_phone
    side.served.until(lambda: store.clip(clip).state is ClipState.DONE)
    with side.browser() as browser:
        page = browser.get("/people/~anna/phone").text
        assert "Films from the phone: 1" in page
        assert f"/guided/{session}" in page


def test_files_are_sent_for_the_person_of_the_code(side, phone):
    film = EXAMPLE.read_bytes()
    body = {**FILE, "size": len(film), "patient_id": "bert"}
    for _ in range(2):
        clip = phone.post("/api/files", json=body).json()["clip_id"]
        answer = phone.put(f"/api/clips/{clip}/file", content=film)
        assert answer.json() == {"url": "/done"}
        assert side.served.parts.store.clip(clip).patient_id == "anna"


def test_what_is_no_film_is_refused_in_words(phone):
    clip = phone.post("/api/files", json=FILE).json()["clip_id"]
    answer = phone.put(f"/api/clips/{clip}/file", content=b"no film..")
    assert answer.status_code == 415
    assert "not a readable video" in answer.json()["error"]


@pytest.fixture
def others(side):
    """Names of what is not this phone's: of bert, and of anna at the computer."""
    store = side.served.parts.store
    found = []
    with side.browser() as browser:
        for person in ("bert", "anna"):
            session = begin(browser, patient_id=person)
            found.append((session, begin_clip(browser, session)))
        clip = browser.post("/api/files", json={**FILE, "patient_id": "anna"})
        found.append((ID, clip.json()["clip_id"]))
    with side.phone("bert") as other:
        session = begin(other)
        found.append((session, begin_clip(other, session)))
    yield found
    for _, clip_id in found:
        store.remove(clip_id)


def test_what_is_not_the_phones_is_not_there(side, others):
    """As if it had never been: the same words as for a made-up name."""
    with side.phone("anna") as phone:
        for session, clip in others:
            for method, path, body in (
                ("GET", f"/api/guided/{session}", None),
                ("POST", f"/api/guided/{session}/finish", {}),
                (
                    "POST",
                    f"/api/guided/{session}/clips",
                    {"task": "rest", "media_type": ""},
                ),
                ("DELETE", f"/api/clips/{clip}", None),
                ("POST", f"/api/clips/{clip}/finish", None),
                ("PUT", f"/api/clips/{clip}/file", None),
                ("GET", f"/record?session={session}", None),
            ):
                answer = phone.request(method, path, json=body)
                assert answer.status_code == 404, (method, path, answer.text)
                assert "not available" in answer.text
            assert send(phone, clip, 0, b"zero").status_code == 404
    store = side.served.parts.store
    assert all(store.clip(clip).state is ClipState.RECORDING for _, clip in others)


def test_a_phone_that_comes_again_goes_on(side):
    """Its code was used up; a new one is for the same person and the same session."""
    with side.phone() as phone:
        session = begin(phone)
        clip = begin_clip(phone, session)
        send(phone, clip, 0, b"zero")
    with side.phone() as again:
        assert again.get(f"/record?session={session}").status_code == 200
        assert f"/record?session={session}" in again.get("/").text
        assert send(again, clip, 1, b"one").json() == {"next": 2}
        assert again.post(f"/api/guided/{session}/finish").status_code == 200


def test_a_step_is_done_again_until_the_session_is_over(side, phone):
    session = begin(phone)
    clip = begin_clip(phone, session)
    send(phone, clip, 0, b"zero")
    assert phone.delete(f"/api/clips/{clip}").status_code == 200
    clip = begin_clip(phone, session)
    send(phone, clip, 0, b"zero")
    phone.post(f"/api/guided/{session}/finish")
    store = side.served.parts.store
    side.served.until(lambda: store.clip(clip).state is ClipState.DONE)
    store.change(clip, recording_id="")
    assert phone.delete(f"/api/clips/{clip}").status_code == 409
    assert store.clip(clip)


def test_no_page_of_the_phone_names_anybody_else(side, phone):
    for path in ("/", "/record", "/record?form=short", "/add", "/done", "/nowhere"):
        text = phone.get(path).text
        assert "bert" not in text
        links = re.findall(r'(?:src|href|action)="(/[^"#?]*)', text)
        assert links
        for link in links:
            assert is_allowed("GET", link) or is_allowed("POST", link), (path, link)


def test_who_is_renamed_or_removed_takes_the_phone_along(side):
    with side.browser() as browser:
        browser.post("/people", data={"pseudonym": "cora"})
        with side.phone("cora") as phone:
            begin(phone)
            browser.post("/people/~cora/settings/name", data={"name": "dora"})
            assert phone.get("/record").status_code == 401
        with side.phone("dora") as phone:
            browser.post("/people/~dora/settings/remove", data={"name": "dora"})
            assert phone.get("/record").status_code == 401


# --- where a request comes from -------------------------------------------------


@pytest.mark.parametrize(
    "host", ["evil.example", HERE, "localhost:{port}", f"{HERE}:1", "[::1]:{port}", ""]
)
def test_other_names_are_refused(side, phone, host):
    answer = phone.get("/", headers={"Host": host.format(port=side.port)})
    assert answer.status_code in {400, 421}
    assert "camera" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://{host}"},
        {"Origin": "https://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/pair"), ("POST", "/leave"), ("GET", "/record")]
)
def test_other_pages_can_neither_change_nor_read(side, phone, headers, method, path):
    told = {name: value.format(host=side.host) for name, value in headers.items()}
    assert phone.request(method, path, headers=told).status_code == 403


def test_a_change_must_say_where_it_comes_from(phone):
    for name in ("Origin", "Sec-Fetch-Site"):
        del phone.headers[name]
    assert phone.post("/api/guided", json={}).status_code == 403


def test_the_first_page_may_be_opened_from_elsewhere(stranger):
    """By the camera of the phone, which is another program."""
    del stranger.headers["Origin"]
    scanned = {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
    }
    assert stranger.get("/", headers=scanned).status_code == 200
    assert stranger.get("/record", headers=scanned).status_code == 403


async def _open_the_socket(side, origin, headers, *words):
    """Open the phone's WebSocket, and say something.

    In one thread: the other client reads and writes one encrypted connection in two
    at once, which Python's ssl does not bear (one opening in a thousand never ended).
    """
    async with connect(
        f"wss://{side.host}/live",
        origin=origin,
        additional_headers=headers,
        ssl=side.trust(),
        proxy=None,
    ) as socket_:
        for word in words:
            await socket_.send(word)


def test_a_socket_needs_the_phone_and_its_own_origin(side, phone):
    cookie = {"Cookie": f"{side.cookie}={phone.cookies[side.cookie]}"}
    for origin, headers in (
        (side.address, {}),
        ("https://evil.example", cookie),
        (None, cookie),
    ):
        with pytest.raises(InvalidStatus):
            asyncio.run(_open_the_socket(side, origin, headers))
    asyncio.run(_open_the_socket(side, side.address, cookie, "anew"))


def test_every_answer_forbids_other_hosts_and_frames(side, phone):
    for path in ("/", "/record", "/nowhere", "/static/app.css"):
        headers = phone.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        sources = re.findall(r"(?:https?|wss?)://[^\s;]+", policy)
        assert sources == [f"wss://{side.host}"]
        assert "frame-ancestors 'none'" in policy
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("size", [10**12, 10**10])
def test_a_file_that_is_too_large_is_refused_before_it_is_sent(phone, size):
    answer = phone.post("/api/files", json={**FILE, "size": size})
    assert answer.status_code == 413


def test_messages_have_a_size(phone):
    answer = phone.post("/api/guided", content=b"x" * 300_000)
    assert answer.status_code == 413


# --- before any encryption ------------------------------------------------------


def raw(side) -> socket.socket:
    found = socket.create_connection((HERE, side.port), timeout=20)
    found.settimeout(20)
    return found


def test_without_encryption_only_the_right_address_is_told(side):
    with raw(side) as plain:
        plain.sendall(b"GET /record HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        answer = b""
        while piece := plain.recv(4096):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 307")
    assert f"Location: {side.address}/".encode() in head
    assert b"evil" not in answer
    assert body == b""


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_encryption_of_today_is_spoken(side, version):
    context = side.trust()
    context.minimum_version = context.maximum_version = version
    with httpx.Client(verify=context, trust_env=False) as client:
        assert client.get(side.address).status_code == 200


def test_another_certificate_is_not_ours(side):
    """A phone that was told to trust ours refuses that of somebody in between."""
    with pytest.raises(httpx.ConnectError), httpx.Client(trust_env=False) as client:
        client.get(side.address)


def test_one_address_has_only_so_many_connections(side, stranger):
    """Those who only hold connections shut nobody else out of the computer's app."""
    held = [raw(side) for _ in range(MOST_OF_ONE)]
    time.sleep(0.3)
    try:
        with raw(side) as more:
            assert more.recv(1) == b"", "it is let go of at once"
        with side.browser() as browser:
            assert browser.get("/").status_code == 200
    finally:
        for one in held:
            one.close()

    def answers() -> bool:
        try:
            return stranger.get("/").status_code == 200
        except httpx.HTTPError:
            return False

    side.served.until(answers)


# --- the door -------------------------------------------------------------------


def no_app(*_args):
    async def app(scope, receive, send):
        raise AssertionError("nobody asked")

    return app


def run(door, *steps):
    async def all_of_them():
        try:
            return [await step(door) for step in steps]
        finally:
            await door.shut()

    return asyncio.run(all_of_them())


def opened(address=HERE):
    return lambda door: door.open(address, no_app)


def test_it_is_shut_at_first(serve):
    side = PhoneSide(serve())
    assert side.door.now is None
    with side.browser() as browser:
        browser.post("/people", data={"pseudonym": "anna"})
        page = browser.get("/people/~anna/phone").text
        assert "Switch on" in page or "not connected to a network" in page
        assert browser.get("/api/phone").json()["stands"] == "off"


def test_it_is_opened_and_shut_in_the_app(serve):
    side = PhoneSide(serve(phone_port=0))
    with side.browser() as browser:
        browser.post("/people", data={"pseudonym": "anna"})
        form = {"address": HERE}
        assert browser.post("/people/~anna/phone/on", data=form).status_code == 303
        page = browser.get("/people/~anna/phone").text
        code = side.door.desk.offered.code
        assert f"{code[:5]} {code[5:]}" in page
        assert "data:image/svg+xml" in page
        for line in range(0, 95, 24):
            part = side.door.now.identity.fingerprint[line : line + 23]
            assert part.replace(":", " ") in page
        with side.stranger() as phone:
            phone.post("/api/pair", json={"code": code})
            assert phone.get("/record").status_code == 200
            address = side.address
            browser.post("/people/~anna/phone/off")
            with pytest.raises(httpx.HTTPError):
                phone.get(f"{address}/record")
        assert side.door.desk.is_idle


@pytest.mark.parametrize(
    "address",
    ["192.0.2.250", "0.0.0.0", "::", "", "8.8.8.8", "router", "127.0.0.1/8"],  # noqa: S104
)
def test_only_an_address_of_this_computer_is_served(serve, address):
    side = PhoneSide(serve())
    with side.browser() as browser:
        browser.post("/people", data={"pseudonym": "anna"})
        answer = browser.post("/people/~anna/phone/on", data={"address": address})
        assert answer.status_code == 409
        assert (
            "not an address" in answer.text
            or "not connected to a network" in answer.text
        )
    assert side.door.now is None


def test_without_a_network_it_says_so(tmp_path):
    door = PhoneDoor(tmp_path, known_places=tuple)
    with pytest.raises(NetworkUnusable, match="not connected to a network"):
        run(door, opened("192.168.1.20"))


def test_it_may_be_forbidden(serve):
    side = PhoneSide(serve(phone_allowed=False))
    with side.browser() as browser:
        browser.post("/people", data={"pseudonym": "anna"})
        assert "--no-phone" in browser.get("/people/~anna/phone").text
        answer = browser.post("/people/~anna/phone/on", data={"address": HERE})
        assert answer.status_code == 409
    assert side.door.now is None


def test_a_taken_port_is_told_or_another_one_is_taken(tmp_path, monkeypatch):
    with socket.socket() as taken:
        taken.bind((HERE, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(NetworkUnusable, match="--phone-port"):
            run(PhoneDoor(tmp_path, port=port), opened())
        monkeypatch.setattr(listening, "DEFAULT_PORT", port)
        (found,) = run(PhoneDoor(tmp_path), opened())
        assert found.port != port


def test_an_address_that_went_is_told(tmp_path):
    """The laptop went elsewhere between the page and the button."""
    gone = replace(named_place(HERE, ()), address="192.0.2.250")
    door = PhoneDoor(tmp_path, known_places=lambda: (gone,))
    with pytest.raises(NetworkUnusable, match="any more"):
        run(door, opened("192.0.2.250"))


def test_a_door_that_leads_to_nobody_is_shut(tmp_path):
    async def shut_by_itself():
        door = PhoneDoor(tmp_path, port=0)
        door.idle_s = 0.05
        await door.open(HERE, no_app)
        for _ in range(400):
            if door.now is None:
                return
            await asyncio.sleep(0.05)
        raise AssertionError("it stayed open")

    asyncio.run(shut_by_itself())


def test_who_is_of_another_network_is_let_go_of_at_once(tmp_path):
    """Before any encryption, and without a word."""
    place = replace(named_place(HERE, ()), network=ip_network("10.0.0.0/8"))

    async def come():
        door = PhoneDoor(tmp_path, port=0)
        door._open = None
        bound = listening._bind(place, 0)
        identity = listening.identity_for(tmp_path, HERE)
        await door._begin(place, bound, identity, no_app)
        reader, writer = await asyncio.open_connection(*bound.getsockname())
        writer.write(b"\x16\x03\x01")
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
        writer.close()
        await door.shut()

    asyncio.run(come())


@pytest.mark.skipif(not socket.has_ipv6, reason="this computer knows no IPv6")
def test_six_is_served_too(serve):
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this computer has no IPv6")
    side = PhoneSide(serve(phone_address="::1", phone_port=0))
    with side.served.parts.journal() as journal:
        journal.add_patient("anna")
    assert side.address == f"https://[::1]:{side.port}"
    with side.phone() as phone:
        assert phone.get("/record").status_code == 200


# --- words ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Version/17.5 Safari/604.1", "iPhone, Safari"),
        ("Mozilla/5.0 (Linux; Android 14) SamsungBrowser/25.0 Chrome/121.0", "Android, Samsung Internet"),
        ("Mozilla/5.0 (Android 14; Mobile; rv:126.0) Firefox/126.0", "Android, Firefox"),
        ("<script>alert(1)</script>", "an unknown device"),
        ("", "an unknown device"),
    ],
)  # fmt: skip
def test_a_device_is_told_in_words_of_ours(agent, words):
    assert device_in_words(agent) == words


def test_the_journal_task_of_a_phones_film_is_the_steps(side, phone):
    clip = begin_clip(phone, begin(phone))
    assert side.served.parts.store.clip(clip).task is Task.REST
