"""What a phone may ask for, attacked: every route, every path, and where it comes from."""

from __future__ import annotations

import asyncio
import http.client
import re

import pytest
from phones import is_allowed
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from twitch_tracker.app import server as server_module
from twitch_tracker.app.phone import routes
from twitch_tracker.app.phone.guard import ALLOWED

HERE = "127.0.0.1"
ID = "0" * 32


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


def test_messages_have_a_size(phone):
    answer = phone.post("/api/guided", content=b"x" * 300_000)
    assert answer.status_code == 413
