"""The web channel over real HTTP: sessions, messages, history, erasure."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from rasa.shared.core.domain import Domain

from bot.answers import Content
from bot.channels.guard import MAX_MESSAGE
from bot.privacy.erase import search_conversation
from bot.privacy.settings import PrivacySettings
from bot.storage.event_log import ReviewLog
from bot.storage.tracker_store import PrivateTrackerStore
from tests.channels.web_server import SECRET, WebServer, serve, sql_store


@pytest.fixture(scope="module")
def server(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    with serve(content, tmp_path_factory.mktemp("var")) as running:
        yield running


def send(client: httpx.Client, text: str, number: int = 0) -> list[dict[str, Any]]:
    reply = client.post("/message", json={"id": f"message-{number}", "text": text})
    assert reply.status_code == 200, reply.text
    return list(reply.json()["messages"])


def press(client: httpx.Client, payload: str, number: int = 0) -> httpx.Response:
    return client.post("/message", json={"id": f"message-{number}", "payload": payload})


def test_reply_carries_all_that_the_widget_shows(server: WebServer) -> None:
    with server.client() as client:
        (reply,) = send(client, "verwijs mij door")
    assert {
        "id",
        "text",
        "buttons",
        "cards",
        "channels",
        "note",
        "lang",
        "preparation",
        "answer",
        "at",
    } == set(reply)
    assert reply["answer"] == "verwijzing"
    assert reply["channels"] == [card["id"] for card in reply["cards"]]
    assert {"name", "reason", "tel"} <= set(reply["cards"][0])
    assert reply["buttons"][0].keys() == {"title", "payload"}


def test_cards_are_not_repeated_in_the_text(server: WebServer) -> None:
    with server.client() as client:
        (reply,) = send(client, "verwijs mij door")
    assert reply["cards"][0]["name"] not in reply["text"]
    assert reply["text"]


def test_paragraphs_stay_one_message(server: WebServer) -> None:
    with server.client() as client:
        assert [reply["text"] for reply in send(client, "zeg een\n\ntwee")] == ["een\n\ntwee"]


def test_config_says_computer_retention_and_112(server: WebServer) -> None:
    config = httpx.get(f"{server.url}/config").json()
    assert "een computer" in config["greeting"]
    assert "24 uur" in config["greeting"]
    assert "112" in config["greeting"]
    assert config["emergency"][0]["tel"] == "tel:112"
    assert config["contact"][0]["id"] == "stad_onthaal"
    assert config["max_length"] == MAX_MESSAGE


def test_the_same_message_twice_is_one_turn(server: WebServer) -> None:
    with server.client() as client:
        before = len(server.agent.heard)
        first, second = send(client, "zeg hallo"), send(client, "zeg hallo")
    assert first == second
    assert len(server.agent.heard) == before + 1


def test_the_same_message_twice_at_once_is_one_turn(server: WebServer) -> None:
    server.agent.gate = threading.Event()
    before = len(server.agent.heard)
    with server.client() as client, ThreadPoolExecutor(4) as pool:
        replies = [pool.submit(send, client, "zeg hallo") for _ in range(4)]
        server.agent.gate.set()
        texts = [reply.result() for reply in replies]
    server.agent.gate = None
    assert all(text == texts[0] for text in texts)
    assert len(server.agent.heard) == before + 1


def test_a_lost_connection_does_not_lose_the_answer(server: WebServer) -> None:
    server.agent.gate = threading.Event()
    with server.client() as client:
        with pytest.raises(httpx.TimeoutException):
            client.post("/message", json={"id": "message-1", "text": "zeg daar ben ik"}, timeout=0.3)
        server.agent.gate.set()
        server.agent.gate = None
        assert send(client, "zeg daar ben ik", 1)[0]["text"] == "daar ben ik"
        assert [one["text"] for one in client.get("/history").json()["messages"]] == [
            "zeg daar ben ik",
            "daar ben ik",
        ]


@pytest.mark.parametrize(
    "text", ["/restart", "//restart", " / /restart", "\u200b/restart", '/kosten{"a": "b"}']
)
def test_free_text_is_never_a_command(server: WebServer, text: str) -> None:
    with server.client() as client:
        send(client, text)
    assert not server.agent.heard[-1].text.startswith("/")


def test_a_button_that_was_not_offered_is_refused(server: WebServer) -> None:
    with server.client() as client:
        reply = press(client, "/restart")
    assert reply.status_code == 409
    assert reply.json() == {"code": "button_gone", "error": server.channel.texts.errors["button_gone"]}


def test_an_offered_button_works_also_later(server: WebServer) -> None:
    with server.client() as client:
        (reply,) = send(client, "waar")
        payload = reply["buttons"][0]["payload"]
        assert press(client, payload, 1).status_code == 200
        assert server.agent.heard[-1].text == payload
        send(client, "zeg iets", 2)
        assert press(client, payload, 3).status_code == 200


def test_a_button_of_another_session_is_refused(server: WebServer) -> None:
    with server.client() as one, server.client() as two:
        payload = send(one, "waar")[0]["buttons"][0]["payload"]
        assert press(two, payload).status_code == 409


def test_starters_are_always_offered(server: WebServer) -> None:
    starter = httpx.get(f"{server.url}/config").json()["starters"][0]
    with server.client() as client:
        assert press(client, starter["payload"]).status_code == 200


def test_a_typed_title_is_the_button(server: WebServer) -> None:
    with server.client() as client:
        button = send(client, "waar")[0]["buttons"][0]
        send(client, button["title"].lower(), 1)
    assert server.agent.heard[-1].text == button["payload"]


def test_history_replays_with_button_titles(server: WebServer) -> None:
    with server.client() as client:
        replies = send(client, "waar")
        button = replies[0]["buttons"][0]
        replies += press(client, button["payload"], 1).json()["messages"]
        shown = client.get("/history").json()["messages"]
    assert [one["role"] for one in shown] == ["user", "bot", "user", "bot"]
    assert shown[2]["text"] == button["title"]
    assert [one for one in shown if one["role"] == "bot"] == [{**reply, "role": "bot"} for reply in replies]


def test_history_hides_the_preparation(server: WebServer) -> None:
    with server.client() as client:
        send(client, "bereid voor")
        send(client, "zeg mijn buurman Jan", 1)
        (last,) = send(client, "klaar", 2)
        send(client, "zeg daarna", 3)
        shown = client.get("/history").json()["messages"]
    assert last["preparation"] == {"text": "Mijn verhaal", "form_url": "https://voorbeeld.test/"}
    texts = [one["text"] for one in shown]
    assert server.channel.texts.hidden in texts
    assert not any("Jan" in text and "zeg" in text for text in texts)
    assert not any("Mijn verhaal" in str(one) for one in shown)
    assert texts[-1] == "daarna"


def test_empty_message_gets_an_answer_without_a_turn(server: WebServer) -> None:
    before = len(server.agent.heard)
    with server.client() as client:
        assert send(client, " / ")[0]["answer"] == "leeg_bericht"
    assert len(server.agent.heard) == before


@pytest.mark.parametrize("text", ["stuk", "stil"])
def test_somebody_who_waits_always_gets_an_answer(server: WebServer, text: str) -> None:
    with server.client() as client:
        (reply,) = send(client, text)
    assert reply["answer"] == "storing"


def test_erased_is_gone_and_the_token_dead(server: WebServer) -> None:
    with server.client() as client:
        send(client, "zeg iets")
        sender = server.agent.heard[-1].sender_id
        assert client.delete("/session").status_code == 204
        assert sender not in server.agent.store.store  # type: ignore[attr-defined]
        for method, path in (("GET", "/history"), ("DELETE", "/session")):
            assert client.request(method, path).status_code == 401
        assert client.post("/message", json={"id": "message-9", "text": "nog"}).status_code == 401


def test_survives_a_restart(content: Content, tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    with serve(content, tmp_path, store=sql_store(path)) as first, first.client() as client:
        reply = send(client, "waar")
        token = client.headers["authorization"].removeprefix("Bearer ")
    with serve(content, tmp_path, store=sql_store(path)) as second, second.client(token) as client:
        assert send(client, "waar") == reply
        assert not second.agent.heard
        assert press(client, reply[0]["buttons"][0]["payload"], 1).status_code == 200
        assert client.delete("/session").status_code == 204
        with second.agent.store.engine.connect() as connection:  # type: ignore[attr-defined]
            assert connection.execute("SELECT count(*) FROM events").scalar() == 0


def test_erasing_during_a_preparation_makes_the_action_server_forget(server: WebServer) -> None:
    with server.client() as client:
        send(client, "bereid voor")
        assert client.delete("/session").status_code == 204
    assert server.agent.heard[-1].text == "Stop"
    assert server.agent.heard[-1].sender_id not in server.agent.store.store  # type: ignore[attr-defined]


def test_erased_from_the_private_store_and_the_review_log(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STADSBOT_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("STADSBOT_SECRET", SECRET)
    store = PrivateTrackerStore(Domain.empty(), ReviewLog(PrivacySettings.from_environment()))
    with serve(content, tmp_path, store=store) as running, running.client() as client:
        send(client, "zeg iets over mij")
        assert len(client.get("/history").json()["messages"]) == 2
        sender = running.agent.heard[-1].sender_id
        assert sum(search_conversation(sender, store.settings).values()) > 0
        assert client.delete("/session").status_code == 204
        assert not any(search_conversation(sender, store.settings).values())


def test_erasing_that_fails_is_not_called_done(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with server.client() as client:
        send(client, "zeg iets")
        monkeypatch.setattr(server.agent.lock_store, "lock", None)
        reply = client.delete("/session")
        monkeypatch.undo()
        assert (reply.status_code, reply.json()["code"]) == (500, "failed")
        assert client.delete("/session").status_code == 204


def test_feedback_counts_once_per_message(server: WebServer) -> None:
    with server.client() as client:
        about = send(client, "/kosten")[0]["id"]
        vote = {"message_id": about, "value": "up"}
        assert client.post("/feedback", json=vote).status_code == 204
        assert client.post("/feedback", json=vote).status_code == 204
        assert server.channel.feedback.counts()[("kosten", "up")] == 1
        assert (
            client.post("/feedback", json={**vote, "value": "down", "word": "onduidelijk"}).status_code == 204
        )
        counts = server.channel.feedback.counts()
    assert (counts[("kosten", "up")], counts[("kosten", "down")]) == (0, 1)


def test_feedback_on_somebody_elses_message_is_refused(server: WebServer) -> None:
    with server.client() as one, server.client() as two:
        about = send(one, "zeg iets")[0]["id"]
        assert two.post("/feedback", json={"message_id": about, "value": "up"}).status_code == 404
