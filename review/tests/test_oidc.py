"""Single sign-on against a real OpenID Connect provider (npm's oidc-provider) and a really started console."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
import requests
from django.core.exceptions import SuspiciousOperation
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from accounts import oidc
from accounts.access import Role
from console.config import OidcConfig
from tests.conftest import PASSWORD
from tests.running import console, free_port, manage, until_it_answers

FOLDER = Path(__file__).parent / "oidc"
GROUPS = "Inclusie lezen=lezer,Inclusie beheer=beheerder"
ACCOUNTS = {
    "s-eva": {
        "preferred_username": "eva",
        "email": "eva@stad.example",
        "groups": ["Inclusie lezen", "Iedereen"],
    },
    "s-bob": {"preferred_username": "bob", "groups": ["Iedereen"]},
    "s-ann": {"preferred_username": "ann", "groups": ["Inclusie lezen", "Inclusie beheer"]},
    "s-weg": {"preferred_username": "weg", "groups": ["Inclusie lezen"]},
}


class City:
    """A provider and a console that trusts it; ``accounts`` may be changed while they run."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url

    def write(self, accounts, client=None) -> None:
        path = self.folder / "provider.json"
        known = client or json.loads(path.read_text())["client"]
        path.write_text(json.dumps({"client": known, "accounts": accounts}))

    def sign_in(self, account: str, session: requests.Session | None = None) -> requests.Response:
        """Walk through the provider's pages as a person does; returns the page where that ends."""
        session = session or requests.Session()
        page = session.get(f"{self.url}/aanmelden/stadsaccount/?next=/account/", timeout=60)
        while "/interaction/" in page.url:
            action = re.search(r'action="([^"]+)"', page.text).group(1)
            form = dict(re.findall(r'name="(prompt)" value="(\w+)"', page.text))
            page = session.post(action, data={**form, "login": account, "password": "x"}, timeout=60)
        return page

    def rows(self, query: str) -> list[tuple]:
        with sqlite3.connect(self.folder / "review.db") as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module", params=["client_secret_post", "client_secret_basic"])
def city(request, tmp_path_factory):
    if shutil.which("node") is None or not (FOLDER / "node_modules").exists():
        pytest.skip("no npm packages of tests/oidc here (npm ci --prefix review/tests/oidc)")
    folder, provider_port, port = tmp_path_factory.mktemp("city"), free_port(), free_port()
    client = {
        "client_id": "leesconsole",
        "client_secret": "only for tests",
        "redirect_uris": [f"http://127.0.0.1:{port}/aanmelden/terug/"],
        "token_endpoint_auth_method": request.param,
    }
    found = City(folder, f"http://127.0.0.1:{port}")
    found.write(ACCOUNTS, client)
    issuer, log = f"http://127.0.0.1:{provider_port}", folder / "provider.log"
    command = ["node", str(FOLDER / "server.mjs"), str(provider_port), str(folder / "provider.json")]
    environment = {
        "STADSBOT_OIDC_ISSUER": issuer,
        "STADSBOT_OIDC_CLIENT_ID": "leesconsole",
        "STADSBOT_OIDC_CLIENT_SECRET": "only for tests",
        "STADSBOT_OIDC_GROUPS": GROUPS,
        "STADSBOT_REVIEW_TOTP": "1",  # whoever comes from single sign-on has shown a second factor there
    }
    manage(folder, "migrate", "-v0")
    assert (
        manage(folder, "admin", "eva", text=PASSWORD + "\n").returncode == 0
    )  # the name of somebody at the provider
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
        ready = until_it_answers(process, f"{issuer}/.well-known/openid-configuration", log)
        with ready, console(folder, port, **environment):
            yield found


def test_groups_become_a_role(city):
    page = city.sign_in("s-ann")
    assert (page.status_code, page.url) == (200, f"{city.url}/account/")
    assert "beheerder" in page.text and "stadsaccount" in page.text
    city.write({**ACCOUNTS, "s-ann": {**ACCOUNTS["s-ann"], "groups": ["Inclusie lezen"]}})
    session = requests.Session()
    assert "lezer" in city.sign_in("s-ann", session).text
    assert session.get(f"{city.url}/gebruikers/", timeout=60).status_code == 403
    assert session.get(f"{city.url}/wachtrij/", timeout=60).status_code == 200
    assert city.rows("SELECT count(*) FROM auth_user WHERE username = 'ann'") == [(1,)]
    entries = city.rows("SELECT action, detail FROM accounts_auditentry WHERE detail LIKE '%SSO%'")
    assert ("gebruiker.rol", "ann: lezer (SSO)") in entries
    assert ("aanmelding.gelukt", "SSO") in entries


def test_nobody_comes_in_without_a_group(city):
    page = city.sign_in("s-bob")
    assert page.url == f"{city.url}/aanmelden/"
    assert "niet gelukt" in page.text
    assert city.rows("SELECT 1 FROM auth_user WHERE username = 'bob'") == []


def test_a_name_is_not_enough_to_be_somebody(city):
    assert "eva@sso" in city.sign_in("s-eva").text
    roles = dict(
        city.rows(
            "SELECT username, name FROM auth_user u JOIN auth_user_groups g ON u.id = g.user_id JOIN auth_group a ON a.id = g.group_id"
        )
    )
    assert (roles["eva"], roles["eva@sso"]) == ("beheerder", "lezer")


def test_who_left_is_out_at_once(city):
    session = requests.Session()
    city.sign_in("s-weg", session)
    assert session.get(f"{city.url}/wachtrij/", timeout=60).status_code == 200
    with sqlite3.connect(city.folder / "review.db", timeout=15) as connection:
        connection.execute("UPDATE auth_user SET is_active = 0 WHERE username = 'weg'")
    assert "/aanmelden/" in session.get(f"{city.url}/wachtrij/", timeout=60).url
    assert "niet gelukt" in city.sign_in("s-weg").text


def test_an_answer_that_nobody_asked_for_is_refused(city):
    for query in ("?code=x&state=y", "?error=access_denied", ""):
        page = requests.get(f"{city.url}/aanmelden/terug/{query}", timeout=60)
        assert (page.status_code, page.url) == (200, f"{city.url}/aanmelden/"), query
    session = requests.Session()
    session.get(f"{city.url}/aanmelden/stadsaccount/", timeout=60, allow_redirects=False)
    assert "niet gelukt" in session.get(f"{city.url}/aanmelden/terug/?code=x&state=y", timeout=60).text


def test_many_failures_lock_nobody_out(city):
    for _ in range(7):
        assert "niet gelukt" in city.sign_in("s-bob").text
    assert city.sign_in("s-ann").url == f"{city.url}/account/"


@pytest.fixture
def configured(settings):
    """Single sign-on whose provider is away."""
    away = OidcConfig(
        f"http://127.0.0.1:{free_port()}", "leesconsole", "x", {"Team": "redacteur"}, claim="realm.roles"
    )
    settings.CONFIG = dataclasses.replace(settings.CONFIG, oidc=away)
    return away


def test_without_the_provider_passwords_still_work(configured, person, client):
    assert "niet gelukt" in client.get("/aanmelden/stadsaccount/", follow=True).content.decode()
    assert "stadsaccount" in client.get("/aanmelden/").content.decode()
    person(Role.READER, "lea")
    assert client.post("/aanmelden/", {"username": "lea", "password": PASSWORD})["Location"] == "/wachtrij/"


def test_without_single_sign_on_there_is_no_trace_of_it(db_all, client):
    assert client.get("/aanmelden/stadsaccount/").status_code == 404
    assert client.get("/aanmelden/terug/").status_code == 404
    assert "stadsaccount" not in client.get("/aanmelden/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"iss": "https://elders.example"}, {"aud": "andere-app"}, {"aud": ["andere-app"]}, {"exp": None}],
)
def test_a_token_of_or_for_somebody_else_is_refused(configured, monkeypatch, wrong):
    right = {"iss": configured.issuer, "aud": configured.client_id, "exp": 1, "sub": "s"}
    payload = {name: value for name, value in {**right, **wrong}.items() if value is not None}
    monkeypatch.setattr(OIDCAuthenticationBackend, "verify_token", lambda self, token, **kwargs: payload)
    with pytest.raises(SuspiciousOperation):
        oidc.SsoBackend().verify_token("token")
    payload.update(right)
    assert oidc.SsoBackend().verify_token("token") == right


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"realm": {"roles": ["Team", "x"]}}, Role.EDITOR),
        ({"realm": {"roles": ["x"]}}, None),
        ({"realm": {"roles": "Team"}}, None),
        ({"realm": None}, None),
        ({}, None),
    ],
)
def test_where_the_groups_stand(configured, claims, role):
    assert oidc.role_of(claims) == role


def test_a_role_that_does_not_exist_stops_the_start(tmp_path):
    environment = {
        "STADSBOT_OIDC_ISSUER": "https://x",
        "STADSBOT_OIDC_CLIENT_ID": "x",
        "STADSBOT_OIDC_CLIENT_SECRET": "x",
    }
    done = manage(tmp_path, "check", **environment, STADSBOT_OIDC_GROUPS="team=baas")
    assert done.returncode != 0
    assert "STADSBOT_OIDC_GROUPS names baas" in done.stderr
