"""What the channel makes of a homeserver's refusals; the server here is a real one that says no."""

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.channels.matrix_api import MAX_WAIT, Homeserver
from bot.channels.matrix_settings import MatrixSettings
from bot.channels.messaging import TryLater, Undeliverable

ROOM = "!kamer/met?tekens:matrix.test"


@pytest.fixture
def refusing():
    """Starts a server that answers everything with a status, a body and headers; returns its address and what it was asked."""
    servers = []

    def start(status, body=b"", headers=()):
        asked = []

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self):
                length = int(self.headers.get("Content-Length") or 0)
                asked.append(
                    (self.command, self.path, self.rfile.read(length), self.headers["Authorization"])
                )
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_PUT = do_POST = handle_any

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}", asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


async def call(url, what):
    homeserver = Homeserver(MatrixSettings(url, "@inclusie:matrix.test", "a" * 32, "h" * 32))
    try:
        return await what(homeserver)
    finally:
        await homeserver.close()


def send(homeserver):
    return homeserver.send(ROOM, "key", {"body": "Hallo"})


def refusal(code, **more):
    return json.dumps({"errcode": code, **more}).encode()


@pytest.mark.parametrize(
    ("status", "body", "headers", "after"),
    [
        (429, refusal("M_LIMIT_EXCEEDED", retry_after_ms=2500), (), 2.5),
        (429, refusal("M_LIMIT_EXCEEDED"), (("Retry-After", "7"),), 7.0),
        (429, refusal("M_LIMIT_EXCEEDED", retry_after_ms=10**9), (), MAX_WAIT),
        (429, refusal("M_LIMIT_EXCEEDED", retry_after_ms="soon"), (), None),
        (429, b"", (), None),
        (500, refusal("M_UNKNOWN"), (), None),
        (502, b"<html>Bad gateway</html>", (), None),
        (503, b"[]", (), None),
        (401, refusal("M_UNKNOWN_TOKEN"), (), None),
    ],
)
async def test_later(refusing, status, body, headers, after):
    url, _ = refusing(status, body, headers)
    with pytest.raises(TryLater) as refused:
        await call(url, send)
    assert refused.value.after == after


@pytest.mark.parametrize("status", [400, 403, 404, 413])
async def test_never(refusing, status):
    url, _ = refusing(status, refusal("M_FORBIDDEN"))
    with pytest.raises(Undeliverable, match="M_FORBIDDEN"):
        await call(url, send)


async def test_nobody_there_and_the_room_is_not_named(free_port):
    with pytest.raises(TryLater) as refused:
        await call(f"http://127.0.0.1:{free_port}", send)
    assert "kamer" not in str(refused.value) and refused.value.__suppress_context__


async def test_a_room_is_quoted_and_the_token_goes_in_the_header(refusing):
    url, asked = refusing(200, b"{}")
    await call(url, send)
    [(method, path, body, authorization)] = asked
    assert (method, json.loads(body), authorization) == ("PUT", {"body": "Hallo"}, f"Bearer {'a' * 32}")
    assert path.endswith("/rooms/%21kamer%2Fmet%3Ftekens%3Amatrix.test/send/m.room.message/key")


async def test_courtesies_never_fail_and_keep_their_order(refusing):
    url, asked = refusing(500)

    async def show(homeserver):
        homeserver.show_reading(ROOM, "$een")
        homeserver.show_done(ROOM)
        await asyncio.sleep(0)

    await call(url, show)
    assert [json.loads(body).get("typing") for _, path, body, _ in asked if "/typing/" in path] == [
        True,
        False,
    ]


async def test_an_account_that_exists_is_not_made_again(refusing):
    url, asked = refusing(400, refusal("M_USER_IN_USE"))
    with pytest.raises(Undeliverable):  # this server refuses the profile too
        await call(url, lambda homeserver: homeserver.make_account("Assistent"))
    assert [method for method, *_ in asked] == ["POST", "GET", "PUT"]


async def test_a_name_that_is_shown_already_is_not_set_again(refusing):
    url, asked = refusing(200, b'{"displayname": "Assistent"}')
    await call(url, lambda homeserver: homeserver.make_account("Assistent"))
    assert [method for method, *_ in asked] == ["POST", "GET"]
