"""The HTTP edge of the web channel: origins, body limits, errors that the widget can show."""

from __future__ import annotations

import json
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import structlog
from sanic import Request, response
from sanic.exceptions import PayloadTooLarge
from sanic.response import HTTPResponse

log = structlog.get_logger(__name__)
Handler = Callable[[Request], Awaitable[HTTPResponse]]
MAX_BODY = 64 * 1024  # bytes: 4,000 characters in JSON's longest escape are 48,000
_MAX_DRAIN = 1024 * 1024  # read and thrown away, so that a slightly too long message gets its answer
_METHODS = "GET, POST, DELETE, OPTIONS"


@dataclass
class Problem(Exception):
    """Ends a request with ``status`` and the text of ``data/widget.yml`` for ``code``."""

    status: int
    code: str
    retry_after: int = 0


@dataclass(frozen=True)
class Edge:
    """Wraps handlers; ``texts`` are the Dutch error texts by code."""

    origins: frozenset[str]
    texts: dict[str, str]

    def guard(self, handler: Handler) -> Handler:
        """Return the handler behind the origin check, with every failure turned into JSON."""

        @wraps(handler)
        async def guarded(request: Request) -> HTTPResponse:
            try:
                origin = request.headers.get("origin")
                if origin is not None and origin not in self.origins:
                    raise Problem(403, "forbidden_origin")
                return await handler(request)
            except Problem as problem:
                return self.refuse(problem)
            except Exception as error:
                log.error("web.request.failed", path=request.path, **failure(error))
                return self.refuse(Problem(500, "failed"))

        return guarded

    def refuse(self, problem: Problem) -> HTTPResponse:
        """Return the problem as JSON."""
        headers = {"Retry-After": str(problem.retry_after)} if problem.retry_after else {}
        if problem.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        body = {"code": problem.code, "error": self.texts[problem.code]}
        if problem.retry_after:
            body["retry_after"] = problem.retry_after  # type: ignore[assignment]
        return response.json(body, status=problem.status, headers=headers)

    async def finish(self, request: Request, reply: HTTPResponse) -> None:
        """Set the headers of every answer. Rasa's own ``--cors`` has no say here: it would allow credentials."""
        request.ctx._sanic_cors_e = "1"  # sanic_cors: "headers have been evaluated"
        for name in [name for name in reply.headers if name.lower().startswith("access-control-")]:
            reply.headers.pop(name, None)
        reply.headers["Vary"] = "Origin"
        reply.headers["X-Content-Type-Options"] = "nosniff"
        reply.headers.setdefault("Cache-Control", "no-store")
        origin = request.headers.get("origin")
        if origin not in self.origins:
            return
        reply.headers["Access-Control-Allow-Origin"] = origin
        reply.headers["Access-Control-Expose-Headers"] = "Retry-After"
        if request.method == "OPTIONS":
            reply.headers["Access-Control-Allow-Methods"] = _METHODS
            reply.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
            reply.headers["Access-Control-Max-Age"] = "7200"


def failure(error: BaseException) -> dict[str, str]:
    """Return what a log may say of an error: its kind and place. A traceback could show what the citizen wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": type(error).__name__,
        "at": " < ".join(f"{f.filename}:{f.lineno}" for f in reversed(frames[-4:])),
    }


async def read_json(request: Request) -> dict[str, Any]:
    """Read a JSON object of limited size.

    Raises:
        Problem: 415 for another content type, 413 for too much, 400 for anything that is no JSON object.
    """
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Problem(415, "wrong_type")
    raw = await _read(request)
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "bad_request") from error
    if not isinstance(body, dict):
        raise Problem(400, "bad_request")
    return body


async def _read(request: Request) -> bytes:
    parts: list[bytes] = []
    size = 0
    request.stream.request_max_size = _MAX_DRAIN
    try:
        while (chunk := await request.stream.read()) is not None:
            size += len(chunk)
            if size <= MAX_BODY:
                parts.append(chunk)
    except PayloadTooLarge:
        size = _MAX_DRAIN
    if size > MAX_BODY:
        raise Problem(413, "too_large")
    return b"".join(parts)
