"""The files of deploy/: valid, without a secret, and telling of no variable that nobody reads. No Docker engine runs them here."""

import re
import shutil
import subprocess

import pytest
import yaml

from bot.paths import ROOT

DEPLOY = ROOT / "deploy"
TOOLS = ROOT / ".tools" / "deploy" / "bin"
# PyYAML: Rasa changes ruamel.yaml for the whole process, so that it fills in variables of the environment.
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text())


def _tool(name):
    if not (TOOLS / name).exists():
        pytest.skip(f"{name} is not installed (scripts/test-tools)")
    return str(TOOLS / name)


def test_the_compose_file_follows_the_specification():
    command = [
        _tool("check-jsonschema"),
        "--builtin-schema",
        "vendor.compose-spec",
        str(DEPLOY / "compose.yml"),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["Dockerfile", "Dockerfile.review"])
def test_the_dockerfiles_are_sound(name):
    done = subprocess.run([_tool("hadolint"), str(DEPLOY / name)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_shell_syntax():
    subprocess.run(["sh", "-n", str(DEPLOY / "rasa.sh")], check=True)


@pytest.mark.parametrize("name", ["Dockerfile", "Dockerfile.review"])
def test_what_is_copied_exists_and_is_sent_to_the_builder(name):
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DEPLOY / name).read_text(), re.MULTILINE)
    for path in " ".join(copied).split():
        assert (ROOT / path).exists(), path
        assert any(path == a or path.startswith(f"{a}/") for a in allowed), f"{path} is not sent"


def test_only_the_proxy_has_ports_and_the_database_is_inside():
    services = COMPOSE["services"]
    assert {name for name, service in services.items() if service.get("ports")} == {"proxy"}
    assert {name for name, service in services.items() if "outside" in service["networks"]} == {
        "proxy",
        "rasa",
    }
    assert COMPOSE["networks"]["inside"]["internal"] is True
    proxy = services["proxy"]["networks"]["inside"]["ipv4_address"]
    assert services["rasa"]["environment"]["STADSBOT_TRUSTED_PROXIES"] == proxy


def test_every_service_starts_again_and_has_no_rights_to_spare():
    for name, service in COMPOSE["services"].items():
        assert service["restart"] == "unless-stopped", name
        assert "no-new-privileges:true" in service["security_opt"], name


def test_rasas_api_is_off():
    assert "--enable-api" not in (DEPLOY / "rasa.sh").read_text()


def test_every_variable_is_in_the_example_and_no_secret_is():
    text = (DEPLOY / "compose.yml").read_text()
    needed = set(re.findall(r"\$\{([A-Z_]+):\?", text))
    example = dict(
        line.split("=", 1)
        for line in (DEPLOY / "env.example").read_text().splitlines()
        if re.match("[A-Z]", line)
    )
    assert needed <= set(example)
    assert example["STADSBOT_SECRET"] == example["POSTGRES_PASSWORD"] == ""
    documented = (
        (ROOT / "docs" / "operations.md").read_text() + (ROOT / "docs" / "review.md").read_text()
        if (ROOT / "docs" / "review.md").exists()
        else (ROOT / "docs" / "operations.md").read_text()
    )
    code = "".join(
        path.read_text()
        for folder in ("bot", "review")
        for path in (ROOT / folder).rglob("*.py")
        if ".venv" not in path.parts
    )
    for name in example:
        if name.startswith("STADSBOT_"):
            read = name in code or name.removeprefix("STADSBOT_").lower() in code
            assert read, f"nobody reads {name}"
            assert name in documented or "REVIEW" in name, f"{name} is not explained"


def test_the_named_programs_exist():
    for path in (
        "deploy/rasa.sh",
        "review/manage.py",
        "bot/privacy/purge_daemon.py",
        "review/conversations/management/commands/ingest.py",
    ):
        assert (ROOT / path).exists(), path
    assert shutil.which("sh")
