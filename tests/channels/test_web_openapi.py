"""The description of the web channel is true: same routes, and every answer fits its schema."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema
import pytest

from bot.answers import Content
from bot.answers.load import read_yaml
from bot.paths import ROOT
from tests.channels.web_server import WebServer, serve

SPEC = ROOT / "docs" / "openapi-web.yml"


@pytest.fixture(scope="module")
def server(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    with serve(content, tmp_path_factory.mktemp("var")) as running:
        yield running


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    return _plain(read_yaml(SPEC))  # type: ignore[no-any-return]


def _plain(node: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema: ``nullable`` becomes a second type."""
    if isinstance(node, dict):
        plain = {str(key): _plain(value) for key, value in node.items()}
        if plain.pop("nullable", False) and "type" in plain:
            plain["type"] = [plain["type"], "null"]
        return plain
    return [_plain(item) for item in node] if isinstance(node, list) else node


def check(spec: dict[str, Any], reply: httpx.Response) -> None:
    """Compare an answer with what the description says of its path, method and status."""
    path = reply.request.url.path.removeprefix("/webhooks/web")
    described = spec["paths"][path][reply.request.method.lower()]["responses"][str(reply.status_code)]
    if ref := described.get("$ref"):
        described = spec["components"]["responses"][ref.rsplit("/", 1)[1]]
    if reply.status_code == 204:
        assert reply.content == b""
        return
    schema = {**described["content"]["application/json"]["schema"], "components": spec["components"]}
    jsonschema.validate(reply.json(), schema)


def test_every_route_is_described_and_every_description_is_a_route(
    server: WebServer, spec: dict[str, Any]
) -> None:
    described = {
        (path, method.upper()) for path, operations in spec["paths"].items() for method in operations
    }

    async def nothing(message: Any) -> None: ...

    routes = {
        (route.uri, method)
        for route in server.channel.blueprint(nothing)._future_routes
        for method in route.methods
        if method != "OPTIONS" and route.uri != "/"
    }
    assert routes == described


def test_answers_fit_the_description(server: WebServer, spec: dict[str, Any]) -> None:
    check(spec, httpx.post(f"{server.url}/session", json={}))
    with server.client("") as nobody:
        for method, path in (("GET", "/history"), ("DELETE", "/session")):
            check(spec, nobody.request(method, path))
        check(spec, nobody.post("/message", json={"id": "message-1", "text": "a"}))
        check(spec, nobody.get("/config"))
    with server.client() as client:
        for number, text in enumerate(
            ("verwijs", "waar", "nood", "hello", "bereid", "iets", "klaar", "stuk", " ")
        ):
            check(spec, client.post("/message", json={"id": f"message-{number}", "text": text}))
        check(spec, client.post("/message", json={"id": "message-9", "payload": "/restart"}))
        check(spec, client.post("/message", json={"id": "message-9", "text": "a" * 5000}))
        check(spec, client.post("/message", content=b"x"))
        check(spec, client.post("/message", json={}))
        history = client.get("/history")
        check(spec, history)
        about = next(one["id"] for one in history.json()["messages"] if one["role"] == "bot")
        check(spec, client.post("/feedback", json={"message_id": about, "value": "up"}))
        check(spec, client.post("/feedback", json={"message_id": "b0", "value": "up"}))
        check(spec, client.delete("/session"))


def test_fuzzed_with_schemathesis(server: WebServer) -> None:
    """Needs schemathesis, in an environment of its own.

    ``unsupported_method`` is left out: TRACE and the like are answered by Sanic itself, before the channel sees them.
    """
    command = shutil.which(str(ROOT / ".tools" / "schemathesis" / "bin" / "schemathesis")) or shutil.which(
        "schemathesis"
    )
    if command is None:
        pytest.skip(
            "schemathesis is not installed (python3 -m venv .tools/schemathesis, then pip install schemathesis==4.32.5)"
        )
    with server.client() as client:
        token = client.headers["authorization"]
    ran = subprocess.run(
        [
            command, "--config-file", str(ROOT / "tests/channels/schemathesis.toml"), "run", str(SPEC), "--url", server.url,
            "--header", f"Authorization: {token}", "--exclude-operation-id", "eraseSession", "--max-examples", "60",
            "--seed", "1", "--workers", "1", "--checks", "all", "--exclude-checks", "unsupported_method", "--no-color",
        ],
        capture_output=True, text=True, check=False, timeout=240, cwd=server.channel.settings.var_dir,
    )  # fmt: skip
    assert ran.returncode == 0, re.sub(r"\*{20,}", "***", ran.stdout)[-5000:] + ran.stderr[-500:]
