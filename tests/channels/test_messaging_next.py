"""A next channel takes less than a hundred lines, and has everything."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from bot.channels.messaging import MessagingSettings
from tests.channels import messaging_server, telegram

SECRET = "a-secret-of-the-tests-with-enough-characters"


class BotApi:
    """What Telegram's side received; refuses what it says it refuses, and the first message with 429."""

    def __init__(self) -> None:
        self.sent, self.tries, self.lock = [], 0, threading.Condition()

    def take(self, path, body):
        with self.lock:
            self.tries += 1
            if self.tries == 1:
                return 429, {"ok": False, "parameters": {"retry_after": 1}}
            keyboard = body["reply_markup"]["inline_keyboard"]
            if not 1 <= len(body["text"]) <= 4096 or any(
                len(b["callback_data"].encode()) > 64 for r in keyboard for b in r
            ):
                return 400, {"ok": False}
            self.sent.append(body)
            self.lock.notify_all()
            return 200, {"ok": True}


@pytest.fixture
def bot_api():
    api = BotApi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, answer = api.take(self.path, body)
            raw = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    api.url = f"http://127.0.0.1:{server.server_address[1]}/bot123"
    yield api
    server.shutdown()
    server.server_close()


def test_it_is_less_than_a_hundred_lines():
    assert len(Path(telegram.__file__).read_text(encoding="utf-8").splitlines()) < 100


def test_telegram(bot_api, content, tmp_path):
    settings = MessagingSettings(f"sqlite:///{tmp_path / 'messaging.db'}", SECRET)
    channel = telegram.TelegramInput(bot_api.url, "shown", settings)
    with messaging_server.serve(channel, content) as served:

        def update(number, token="shown", **what):
            body = {"update_id": number, **what}
            return httpx.post(
                f"{served.url}/webhook", json=body, headers={"X-Telegram-Bot-Api-Secret-Token": token}
            )

        message = {"message_id": 1, "chat": {"id": 42}, "date": int(time.time()), "text": "waar"}
        assert update(1, token="forged", message=message).status_code == 403
        for _ in range(3):
            assert update(1, message=message).status_code == 200
        with bot_api.lock:
            assert bot_api.lock.wait_for(lambda: len(bot_api.sent) == 1, 60)
        rows = bot_api.sent[0]["reply_markup"]["inline_keyboard"]
        assert len(rows) == 14
        pressed = {"data": rows[2][0]["callback_data"], "message": message}
        assert update(2, callback_query=pressed).status_code == 200
        with bot_api.lock:
            assert bot_api.lock.wait_for(lambda: len(bot_api.sent) == 2, 60)
        assert [heard.text[:1] for heard in served.agent.heard] == ["w", "/"]
