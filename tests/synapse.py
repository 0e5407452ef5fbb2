"""A real Matrix server (Synapse) for tests: own folder, free loopback port, no federation, stopped by its own process id."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from bot.paths import ROOT
from tests.assistant import free_ports
from tests.matrix_client import MatrixClient

PYTHON = ROOT / ".tools" / "synapse" / "bin" / "python"
SERVER_NAME = "matrix.test"
START_LIMIT = 180.0  # seconds
_SHARED_SECRET = "registers-users-of-the-tests"
_NO_LIMIT = {"per_second": 100_000, "burst_count": 100_000}
_LIMITED = ("rc_message", "rc_registration", "rc_joins_per_room", "rc_admin_redaction", "rc_room_creation")


@dataclass
class Synapse:
    """``registration``: the file that tells the server of the assistant. ``url`` is its client API."""

    folder: Path
    registration: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    clients: list[MatrixClient] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it answers; its log shows when it does not."""
        key = self.folder / "signing.key"
        if not key.exists():
            seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
            key.write_text(f"ed25519 a_test {seed}\n", encoding="utf-8")
        config = self.folder / "homeserver.yaml"
        config.write_text(json.dumps(self._config()), encoding="utf-8")  # JSON is YAML
        command = [str(PYTHON), "-m", "synapse.app.homeserver", "--config-path", str(config)]
        with (self.folder / "output.log").open("ab") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, cwd=self.folder)
        deadline = time.monotonic() + START_LIMIT
        while not self._healthy():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                pytest.fail(f"Synapse did not start\n{self.log()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop, so that nothing is left running whatever happened."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def log(self) -> str:
        """The last lines that it wrote."""
        return (self.folder / "output.log").read_text(encoding="utf-8", errors="replace")[-3000:]

    def register(self, name: str, *, admin: bool = False) -> MatrixClient:
        """Make a user through the shared-secret API and log in as that user with a password."""
        api = f"{self.url}/_synapse/admin/v1/register"
        nonce = httpx.get(api).json()["nonce"]
        password = f"password-of-{name}"
        parts = (nonce, name, password, "admin" if admin else "notadmin")
        mac = hmac.new(_SHARED_SECRET.encode(), "\0".join(parts).encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": password, "admin": admin, "mac": mac}
        httpx.post(api, json=body).raise_for_status()
        client = MatrixClient.log_in(self.url, f"@{name}:{SERVER_NAME}", password)
        self.clients.append(client)
        return client

    def _healthy(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def _config(self) -> dict[str, object]:
        return {
            "server_name": SERVER_NAME,
            "pid_file": str(self.folder / "homeserver.pid"),
            "listeners": [
                {
                    "port": self.port,
                    "bind_addresses": ["127.0.0.1"],
                    "type": "http",
                    "tls": False,
                    "resources": [{"names": ["client"]}],
                }
            ],
            "database": {"name": "sqlite3", "args": {"database": str(self.folder / "homeserver.db")}},
            "signing_key_path": str(self.folder / "signing.key"),
            "media_store_path": str(self.folder / "media"),
            "registration_shared_secret": _SHARED_SECRET,
            "macaroon_secret_key": _SHARED_SECRET,
            "form_secret": _SHARED_SECRET,
            "app_service_config_files": [str(self.registration)],
            "trusted_key_servers": [],
            "federation_domain_whitelist": [],
            "report_stats": False,
            "presence": {"enabled": False},
            **dict.fromkeys(_LIMITED, _NO_LIMIT),
            "rc_login": dict.fromkeys(("address", "account", "failed_attempts"), _NO_LIMIT),
            "rc_joins": dict.fromkeys(("local", "remote"), _NO_LIMIT),
            "rc_invites": dict.fromkeys(("per_room", "per_user", "per_issuer"), _NO_LIMIT),
        }


@contextmanager
def running(folder: Path, registration: Path) -> Iterator[Synapse]:
    """Run a server of the test's own; skip where Synapse is not installed."""
    if not PYTHON.exists():
        pytest.skip("no Synapse here (scripts/test-tools installs it from PyPI)")
    folder.mkdir(parents=True, exist_ok=True)
    server = Synapse(folder, registration, free_ports(1)[0])
    server.start()
    try:
        yield server
    finally:
        for client in server.clients:
            client.close()
        server.stop()
