"""Limits of the web channel: size, type, rate, and settings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answers import Content
from bot.channels.guard import MAX_MESSAGE
from bot.channels.web_config import load_widget_texts
from bot.channels.web_limits import Clients, Limiter
from bot.channels.web_settings import WebSettings
from bot.channels.web_tokens import LIFETIME, Tokens
from bot.errors import DataError
from bot.paths import data_dir
from tests.channels.web_server import SECRET, WebServer, serve


@pytest.fixture(scope="module")
def server(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    with serve(content, tmp_path_factory.mktemp("var")) as running:
        yield running


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{}", "text/plain", 415, "wrong_type"),
        (b"{}", "", 415, "wrong_type"),
        (b"{", "application/json", 400, "bad_request"),
        (b"[]", "application/json", 400, "bad_request"),
        (b"[" * 60_000, "application/json", 400, "bad_request"),
        (b"\xff\xfe", "application/json", 400, "bad_request"),
        (b'{"id": "message-1"}', "application/json", 400, "bad_request"),
        (b'{"id": "message-1", "text": 5}', "application/json", 400, "bad_request"),
        (b'{"id": "message-1", "text": "a", "payload": "b"}', "application/json", 400, "bad_request"),
        (b'{"id": "../etc", "text": "a"}', "application/json", 400, "bad_request"),
        (
            json.dumps({"id": "message-1", "text": "a" * (MAX_MESSAGE + 1)}).encode(),
            "application/json",
            413,
            "too_long",
        ),
        (b'{"id": "message-1", "text": "' + b"a" * 70_000 + b'"}', "application/json", 413, "too_large"),
        (b'{"id": "message-1", "text": "' + b"a" * 500_000 + b'"}', "application/json", 413, "too_large"),
    ],
)
def test_impossible_messages_get_a_dutch_error(
    server: WebServer, body: bytes, kind: str, status: int, code: str
) -> None:
    with server.client() as client:
        reply = client.post("/message", content=body, headers={"Content-Type": kind} if kind else {})
        assert (reply.status_code, reply.json()["code"]) == (status, code)
        assert reply.json()["error"] == server.channel.texts.errors[code]
        assert client.get("/history").status_code == 200


def test_chunked_body_is_limited_too(server: WebServer) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(30):
            yield b"a" * 4096

    with server.client() as client:
        reply = client.post("/message", content=chunks(), headers={"Content-Type": "application/json"})
    assert reply.status_code == 413


def test_longest_message_in_longest_escapes_fits(server: WebServer) -> None:
    body = json.dumps({"id": "message-1", "text": "😀" * MAX_MESSAGE}).encode()
    with server.client() as client:
        assert (
            client.post("/message", content=body, headers={"Content-Type": "application/json"}).status_code
            == 200
        )


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.dictionaries(
        st.sampled_from(["id", "text", "payload", "message_id", "value", "word", "x"]), _JSON
    )
)
def test_no_json_breaks_the_server(server: WebServer, body: dict[str, Any]) -> None:
    with server.client() as client:
        for path in ("/message", "/feedback", "/session"):
            reply = client.post(path, content=json.dumps(body), headers={"Content-Type": "application/json"})
            assert reply.status_code < 500
            assert reply.status_code < 300 or reply.json()["error"]


def test_lone_surrogates_and_controls_do_no_harm(server: WebServer) -> None:
    body = b'{"id": "message-1", "text": "zeg \\ud800 \\u0000 \\u001b[31m hallo"}'
    with server.client() as client:
        reply = client.post("/message", content=body, headers={"Content-Type": "application/json"})
        assert reply.status_code == 200
        assert client.get("/history").status_code == 200


def test_rate_per_session(content: Content, tmp_path: Path) -> None:
    with (
        serve(content, tmp_path, session_rate=9) as server,
        server.client() as client,
        server.client() as other,
    ):
        status = [
            client.post("/message", json={"id": f"message-{n}", "text": "a"}).status_code for n in range(6)
        ]
        refused = client.post("/message", json={"id": "message-7", "text": "a"})
        assert status == [200, 200, 200, 429, 429, 429]
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.json()["retry_after"] == int(refused.headers["retry-after"])
        assert other.post("/message", json={"id": "message-1", "text": "a"}).status_code == 200


def test_rate_per_client_counts_sessions_too(content: Content, tmp_path: Path) -> None:
    with serve(content, tmp_path, client_rate=9) as server:
        status = [httpx.post(f"{server.url}/session", json={}).status_code for _ in range(5)]
    assert status == [201, 201, 201, 429, 429]


def test_limiter_lets_go_after_a_minute() -> None:
    now = 0.0
    limiter = Limiter(6, clock=lambda: now)
    assert [limiter.wait("a") for _ in range(3)] == [0, 0, 6]  # five seconds, rounded up
    waits = []
    for second in range(0, 130, 10):
        now = 5.001 + second
        waits.append(limiter.wait("a"))
    assert waits[0] == 0
    assert any(waits)
    now = 300.0
    assert limiter.wait("a") == 0


def test_limiter_forgets_the_longest_silent() -> None:
    limiter = Limiter(3, clock=lambda: 0.0, keys=2)
    for key in "abc":
        assert limiter.wait(key) == 0
    assert len(limiter._buckets) == 2


@pytest.mark.parametrize(
    ("peer", "forwarded", "same_as"),
    [
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),  # nobody told us to believe this proxy
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.9, 198.51.100.1", "198.51.100.1"),  # the left part is the client's own claim
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("::ffff:203.0.113.5", "", "203.0.113.5"),
        ("2001:db8::1", "", "2001:db8::2"),  # one household
    ],
)
def test_client_behind_proxies(
    peer: str, forwarded: str, same_as: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STADSBOT_SECRET", SECRET)
    monkeypatch.setenv("STADSBOT_TRUSTED_PROXIES", "10.0.0.0/8")
    clients = Clients(WebSettings.from_environment().trusted_proxies)
    assert clients.key(peer, {"x-forwarded-for": forwarded}) == clients.key(same_as, {})
    assert same_as not in clients.key(same_as, {})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("STADSBOT_SECRET", "short", "at least 32"),
        ("STADSBOT_ORIGINS", "https://www.mechelen.be/pagina", "without a path"),
        ("STADSBOT_ORIGINS", "*", "is no origin"),
        ("STADSBOT_TRUSTED_PROXIES", "proxy.local", "STADSBOT_TRUSTED_PROXIES"),
        ("STADSBOT_RATE_SESSION", "0", "STADSBOT_RATE_SESSION=0"),
    ],
)
def test_wrong_settings_stop_the_start(
    name: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STADSBOT_SECRET", SECRET)
    monkeypatch.setenv(name, value)
    with pytest.raises(DataError, match=message.replace("*", r"\*")):
        WebSettings.from_environment()


def test_default_origins_are_the_demo_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STADSBOT_SECRET", SECRET)
    monkeypatch.setenv("STADSBOT_DEMO_PORT", "9000")
    assert WebSettings.from_environment().origins == {"http://127.0.0.1:9000", "http://localhost:9000"}


def test_token_expires_and_belongs_to_one_secret() -> None:
    now = 1_000_000.0
    tokens = Tokens(SECRET, clock=lambda: now)
    header = f"Bearer {tokens.issue()}"
    session = tokens.read(header)
    assert session
    assert session.sender_id.startswith("web-")
    assert len(session.sender_id) == 36
    assert Tokens(SECRET + "x", clock=lambda: now).read(header) is None
    now += LIFETIME - 1
    assert tokens.read(header) == session
    now += 1
    assert tokens.read(header) is None


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer a.b.c", "Basic YTpi", "Bearer \u00e9.\u00e9.\u00e9"]
)
def test_nonsense_is_no_token(header: str | None) -> None:
    assert Tokens(SECRET).read(header) is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("starters:", "beginners:", "exactly the keys"),
        ("{nood_112.phone}", "{nood_113.phone}", "nood_113"),
        ("  failed:", "  fout:", "failed"),
    ],
)
def test_mistakes_in_the_texts_name_the_file(
    tmp_path: Path, content: Content, old: str, new: str, message: str
) -> None:
    path = tmp_path / "widget.yml"
    path.write_text(
        (data_dir() / "widget.yml").read_text(encoding="utf-8").replace(old, new), encoding="utf-8"
    )
    with pytest.raises(DataError, match=message) as caught:
        load_widget_texts(path, content)
    assert "widget.yml" in str(caught.value)
