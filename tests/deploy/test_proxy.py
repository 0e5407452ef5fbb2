"""The configuration of the proxy in a real nginx: what the outside reaches, what it does not, and what is written down."""

import http.client
import http.server
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time

import pytest

from bot.paths import ROOT

TEMPLATE = ROOT / "deploy" / "proxy" / "stadsbot.conf.template"
HOST, CONSOLE = "assistent.test", "leesconsole.test"


def _port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class _Upstream(http.server.BaseHTTPRequestHandler):
    """Says who it is and which address it was told."""

    def do_GET(self):
        body = f"{self.server.name} {self.path} {self.headers['X-Forwarded-For']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def _upstream(name):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Upstream)
    server.name = name
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None or shutil.which("openssl") is None:
        pytest.skip("no nginx or openssl here (scripts/test-tools)")
    folder = tmp_path_factory.mktemp("proxy")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
         "-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    (folder / "static").mkdir()
    (folder / "static" / "stadsbot.js").write_text("the widget")
    rasa, console = _upstream("rasa"), _upstream("console")
    plain, secure = _port(), _port()
    conf = TEMPLATE.read_text()
    for old, new in (
        ("${ASSISTANT_HOST}", HOST), ("${CONSOLE_HOST}", CONSOLE), ("listen 80", f"listen 127.0.0.1:{plain}"),
        ("listen 443", f"listen 127.0.0.1:{secure}"), ("rasa:5005", f"127.0.0.1:{rasa.server_port}"),
        ("console:8081", f"127.0.0.1:{console.server_port}"), ("/etc/nginx/tls", str(folder)),
        ("/usr/share/stadsbot", str(folder / "static")), ("/dev/stdout", str(folder / "access.log")),
        ("/dev/stderr", str(folder / "error.log")),
    ):  # fmt: skip
        assert old in conf
        conf = conf.replace(old, new)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root; " if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off; pid {folder}/pid; worker_processes 1; error_log {folder}/start.log;\n"
        f"events {{}}\nhttp {{ {temporary}\n{conf}\n}}\n"
    )
    command = [nginx, "-p", str(folder), "-e", str(folder / "start.log"), "-c", str(folder / "nginx.conf")]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr
    process = subprocess.Popen(command)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", secure)) == 0:
                break
        time.sleep(0.05)
    yield plain, secure, folder
    process.send_signal(signal.SIGTERM)
    process.wait(10)
    for server in (rasa, console):
        server.shutdown()
        server.server_close()


def _get(proxy, path, host=HOST, secure=True):
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    if secure:
        connection = http.client.HTTPSConnection("127.0.0.1", proxy[1], timeout=10, context=trusting)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", proxy[0], timeout=10)
    try:
        connection.request("GET", path, headers={"Host": host, "X-Forwarded-For": "10.9.8.7"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers
    finally:
        connection.close()


@pytest.mark.parametrize(
    "path",
    [
        "/webhooks/web/config",
        "/webhooks/whatsapp/webhook",
        "/webhooks/matrix/transactions/1",
        "/webhooks/web",
    ],
)
def test_webhooks_are_reached_and_a_forged_address_is_replaced(proxy, path):
    status, body, _ = _get(proxy, path)
    assert (status, body) == (200, f"rasa {path} 127.0.0.1")


@pytest.mark.parametrize(
    "path",
    ["/", "/status", "/model/parse", "/conversations/x/tracker", "/domain", "/webhooks/rest/webhook", "/webhooks/", "/webhooks/website",
     "/webhooks/web/../rest/webhook", "/webhooks/web%2f..%2frest/webhook", "//model", "/aanmelden/"],
)  # fmt: skip
def test_nothing_else_of_rasa_is(proxy, path):
    status, body, _ = _get(proxy, path)
    assert status == 404 or body.startswith(
        "rasa /webhooks/web%2f..%2f"
    )  # passed on as it is: no path of Rasa's
    assert "rasa /webhooks/rest" not in body


def test_the_widget_is_served(proxy):
    status, body, headers = _get(proxy, "/stadsbot.js")
    assert (status, body) == (200, "the widget")
    assert headers["Access-Control-Allow-Origin"] == "*"


def test_the_console_has_a_host_of_its_own(proxy):
    assert _get(proxy, "/aanmelden/", host=CONSOLE)[1].startswith("console /aanmelden/")
    assert _get(proxy, "/webhooks/web/config", host=CONSOLE)[1].startswith("console ")


def test_other_names_get_no_answer(proxy):
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        _get(proxy, "/webhooks/web/config", host="other.test")


def test_plain_http_leads_to_https_without_the_query(proxy):
    status, _, headers = _get(proxy, "/webhooks/web/config?a=geheim", secure=False)
    assert (status, headers["Location"]) == (301, f"https://{HOST}/webhooks/web/config")


def test_no_address_and_no_query_is_written_down(proxy):
    _get(proxy, "/webhooks/web/config?naam=zwartjoekel")
    _get(proxy, "/nergens?naam=zwartjoekel")
    log = "".join(path.read_text() for path in proxy[2].glob("*.log"))
    assert "/webhooks/web/config 200" in log
    assert not re.search(r"127\.0\.0\.1|10\.9\.8\.7|zwartjoekel", log)
