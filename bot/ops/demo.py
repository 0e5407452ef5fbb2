"""Serves the demo page with the widget, as a city would: own files only, a strict content security policy."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import cached_property
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from bot.answers import Content, load_content
from bot.channels.web_config import load_widget_texts
from bot.paths import ROOT, data_dir

WIDGET = ROOT / "widget"
_FILES = {
    "/demo.css": (WIDGET / "demo" / "demo.css", "text/css"),
    "/demo.js": (WIDGET / "demo" / "demo.js", "text/javascript"),
    "/stadsbot.js": (WIDGET / "dist" / "stadsbot.js", "text/javascript"),
}


class DemoServer(ThreadingHTTPServer):
    """``rasa_port`` is where the assistant answers, on the host name by which the page itself was asked for."""

    daemon_threads = True

    def __init__(self, host: str, port: int, rasa_port: int) -> None:
        """Bind; serving starts with ``serve_forever``."""
        self.rasa_port = rasa_port
        super().__init__((host, port), _Handler)

    @cached_property
    def content(self) -> Content:
        """The city's values and the contacts of the page."""
        return load_content(data_dir())

    def page(self, server: str) -> str:
        """Return the page, with the contacts that are there without JavaScript too."""
        texts = load_widget_texts(data_dir() / "widget.yml", self.content).public
        values = {
            "stad": escape(self.content.value("stad", "naam_voluit")),
            "server": escape(server),
            "bewaartermijn": escape(self.content.value("privacy", "bewaartermijn")),
            "logtermijn": escape(self.content.value("privacy", "logtermijn")),
            "contact": _contacts(texts["contact"]),
            "emergency": _contacts(texts["emergency"]),
        }
        page = (WIDGET / "demo" / "index.html").read_text(encoding="utf-8")
        for name, value in values.items():
            page = page.replace("{{" + name + "}}", value)
        return page


class _Handler(BaseHTTPRequestHandler):
    server: DemoServer
    server_version = "demo"
    sys_version = ""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        assistant = f"http://{self._host()}:{self.server.rasa_port}"
        if path == "/":
            self._send(200, "text/html", self.server.page(assistant).encode(), assistant)
        elif path in _FILES and _FILES[path][0].exists():
            file, kind = _FILES[path]
            self._send(200, kind, file.read_bytes(), assistant)
        else:
            self._send(404, "text/plain", b"Niet gevonden", assistant)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the terminal for what matters."""

    def _host(self) -> str:
        asked = self.headers.get("Host", "").rsplit(":", 1)[0]
        return asked if asked in {"localhost", "127.0.0.1"} else str(self.server.server_address[0])

    def _send(self, status: int, kind: str, body: bytes, assistant: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers(assistant).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def headers(assistant: str) -> dict[str, str]:
    """Return the security headers; ``assistant`` is the only other origin that the page may talk to."""
    policy = [
        "default-src 'self'",
        f"connect-src 'self' {assistant}",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types lit-html",
    ]
    return {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-cache",
    }


def _contacts(cards: list[dict[str, str]]) -> str:
    items = []
    for card in cards:
        extra = f" – {escape(card['hours'])}" if card.get("hours") else ""
        items.append(
            f"<li><strong>{escape(card['name'])}</strong><br>"
            f'<a href="{escape(card["tel"])}">Bel {escape(card["phone"])}</a>{extra}</li>'
        )
    return f'<ul class="contacts">{"".join(items)}</ul>'


def main(argv: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.ops.demo", description="The demo page of the widget."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--rasa-port", type=int, default=5005)
    arguments = parser.parse_args(argv)
    with DemoServer(arguments.host, arguments.port, arguments.rasa_port) as server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
