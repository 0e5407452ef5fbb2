"""Who is kept out of the web channel: thieves of sender ids, other origins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import pytest

from bot.answers import Content
from tests.channels.web_server import ORIGIN, SECRET, WebServer, serve


@pytest.fixture(scope="module")
def server(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    with serve(content, tmp_path_factory.mktemp("var")) as running:
        yield running


def send(client: httpx.Client, text: str, number: int = 0) -> list[dict[str, Any]]:
    reply = client.post("/message", json={"id": f"message-{number}", "text": text})
    assert reply.status_code == 200, reply.text
    return list(reply.json()["messages"])


def test_knowing_the_sender_id_opens_nothing(server: WebServer) -> None:
    """Must show: a second client with a known sender id gets nothing."""
    with server.client() as victim:
        send(victim, "zeg geheim")
        sender = server.agent.heard[-1].sender_id
        forged = [
            sender,
            jwt.encode({"jti": sender, "exp": 9_999_999_999}, key="", algorithm="none"),
            jwt.encode({"jti": sender, "exp": 9_999_999_999}, SECRET, algorithm="HS256"),
            jwt.encode({"jti": sender, "exp": 9_999_999_999}, sender, algorithm="HS256"),
        ]
        for token in forged:
            with server.client(token) as thief:
                assert thief.get("/history").status_code == 401
                assert thief.post("/message", json={"id": "message-1", "text": "a"}).status_code == 401
                assert thief.delete("/session").status_code == 401
        with server.client() as thief:
            body = {"id": "message-1", "text": "zeg iets", "sender": sender, "sender_id": sender}
            thief.post("/message", json=body, params={"sender": sender})
            assert server.agent.heard[-1].sender_id != sender
            assert "geheim" not in thief.get("/history", params={"sender_id": sender}).text
        assert len(victim.get("/history").json()["messages"]) == 2


def test_another_origin_is_refused(server: WebServer) -> None:
    """Must show: another origin is refused, by the server and so also by every browser."""
    with server.client(Origin="https://elders.test") as stranger:
        for method, path in (
            ("POST", "/session"),
            ("POST", "/message"),
            ("GET", "/history"),
            ("GET", "/config"),
        ):
            reply = stranger.request(method, path, json={} if method == "POST" else None)
            assert (reply.status_code, reply.json()["code"]) == (403, "forbidden_origin")
            assert "access-control-allow-origin" not in reply.headers
        asked = {"Access-Control-Request-Method": "POST"}
        assert "access-control-allow-origin" not in stranger.options("/message", headers=asked).headers


def test_the_configured_origin_is_let_in_without_credentials(server: WebServer) -> None:
    with server.client(Origin=ORIGIN) as page:
        asked = {
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        }
        for reply in (page.options("/message", headers=asked), page.get("/history")):
            assert reply.headers.get_list("access-control-allow-origin") == [ORIGIN]
            assert "access-control-allow-credentials" not in reply.headers
            assert "set-cookie" not in reply.headers
            assert reply.headers["vary"] == "Origin"


def test_not_ready_says_so(server: WebServer) -> None:
    server.agent.ready = False
    with server.client() as client:
        reply = client.post("/message", json={"id": "message-1", "text": "a"})
    server.agent.ready = True
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "2")
