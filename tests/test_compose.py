"""The compose file and its papers: complete, consistent, and every variable explained."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
MANUAL = (ROOT / "docs" / "production.md").read_text()
READ = re.compile(r"""(?:env\.\w+|_secret|os\.environ\.get|environ)[(\[]\s*"([A-Z][A-Z_]+)\"""")
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}


def test_the_set_is_complete():
    assert set(SERVICES) == {"postgres", "redis", "migrate", "web", "worker", "beat", "nginx"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_says_what_it_runs_and_how_it_is(name):
    service = SERVICES[name]
    assert "image" in service
    if name == "migrate":
        assert service["restart"] == "no", "migrations run once"
        return
    assert service["restart"] == "unless-stopped"
    check = service["healthcheck"]
    assert check["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries"} <= set(check)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_what_a_service_waits_for_exists_and_can_be_waited_for(name):
    for other, how in SERVICES[name].get("depends_on", {}).items():
        assert how["condition"] in CONDITIONS
        if how["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[other]


def test_named_volumes_are_declared_and_used():
    used = {
        volume.partition(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if not volume.startswith((".", "/"))
    }
    assert used == set(COMPOSE["volumes"])


def test_files_that_are_mounted_or_run_exist():
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            if volume.startswith("./"):
                assert (ROOT / volume.partition(":")[0]).is_file()
        words = [*service.get("command", []), *service.get("healthcheck", {}).get("test", [])]
        for word in words:
            if word.startswith("deploy/"):
                assert (ROOT / word).is_file(), word


def test_only_the_proxy_can_be_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]


def test_web_worker_and_beat_share_one_environment():
    assert SERVICES["web"]["environment"] == SERVICES["worker"]["environment"] == SERVICES["beat"]["environment"]


def test_no_secret_stands_in_the_file():
    for name, value in SERVICES["web"]["environment"].items():
        if re.search("SECRET|PASSWORD|EMAIL_URL", name):
            assert str(value).startswith("${"), name


@pytest.mark.parametrize(
    "name",
    sorted(
        set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text())) | set(COMPOSE["x-app"]["environment"])
    ),
)
def test_a_variable_of_the_compose_file_is_explained(name):
    assert f"`{name}`" in MANUAL


def _read_variables() -> set[str]:
    from ml4rs.accounts.providers import SIGN_IN_KEYS

    files = [ROOT / "ml4rs" / "settings.py", *(ROOT / "deploy").glob("*.py")]
    return {name for file in files for name in READ.findall(file.read_text())} | set(SIGN_IN_KEYS)


@pytest.mark.parametrize("name", sorted(_read_variables()))
def test_a_variable_that_the_code_reads_is_explained(name):
    assert f"`{name}`" in MANUAL


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not installed")
def test_the_file_is_valid_by_the_compose_specification():
    required = dict.fromkeys(
        ("SITE_URL", "SECRET_KEY", "POSTGRES_PASSWORD", "EMAIL_URL", "DEFAULT_FROM_EMAIL"), "given"
    )
    done = subprocess.run(
        ["docker-compose", "config", "--quiet"], cwd=ROOT, env=required, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
